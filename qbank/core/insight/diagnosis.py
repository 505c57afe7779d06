"""What went wrong, as far as the learner's own blocks can tell: a verdict on each cause, or how many blocks it takes.

No verdict below the count that tells an effect of the table's size with a power of .8 under Holm's correction over the whole
family. Each look corrects for the causes in it, not for looking again on another day. Nothing here has been shown on
people who sat the exam again.
"""

import math
from collections.abc import Collection, Sequence
from enum import StrEnum

import msgspec

from qbank.core.belief import Belief, covariances, dot
from qbank.core.exam_model import TOTAL, AreaKey, ExamModel
from qbank.core.insight.block_sums import BlockSums, Closed, joined
from qbank.core.insight.causes import (
    DESIGNS,
    Cause,
    Measured,
    after_blocks,
    contrast,
    count,
    measured,
    needed,
    told_by,
)
from qbank.core.insight.inference import ALPHA, holm
from qbank.core.mastery import Estimate, area, correct_rate, total
from qbank.core.proportion import Z_95
from qbank.core.response import MissReason

OWN_BLOCKS = 5
"""Timed blocks from which on the learner's own rates and spreads say how many more are needed. [judged]"""

SUSPECTED_AS = {Cause.UNANSWERED: Cause.PACING}
"""Causes that a learner would suspect under another's name."""


class Verdict(StrEnum):
    """`OPEN`: too few answers for a verdict. `NOT_SEEN`: enough of them, and no effect of the size that they would tell."""

    SHOWN = "shown"
    NOT_SEEN = "not seen"
    OPEN = "open"


class Finding(msgspec.Struct, frozen=True):
    """One cause. `estimate` is a share or a difference of P(correct) with its 95 % interval, above 0 for harm.

    `p` is one-sided, `p_holm` the same after Holm's correction; both None without a verdict. `count` of the `needed` `unit`
    are there to tell an effect of `size`, and `more_blocks` timed blocks would bring the rest: 0 when they are
    there, None when blocks like the learner's would never. `can_settle`: the fresh questions left are enough for them.
    `cost` is what the effect takes off P(correct) on the whole, 0 without a verdict that it is there.
    """

    cause: Cause
    suspected: bool
    verdict: Verdict
    estimate: float | None
    low: float | None
    high: float | None
    p: float | None
    p_holm: float | None
    size: float
    unit: str
    count: int
    needed: int
    more_blocks: int | None
    can_settle: bool
    cost: float


class Mind(msgspec.Struct, frozen=True):
    """What was said of where the mind was: of `asked` blocks it was elsewhere in `elsewhere`.

    `after_bad` and `after_others` are (asked, elsewhere) of the blocks that followed a bad one on the same day, and those
    that followed another. `effect` is by how much answers fell short while it was elsewhere; None without both kinds.
    """

    asked: int
    elsewhere: int
    after_bad: tuple[int, int]
    after_others: tuple[int, int]
    effect: Estimate | None


class Pace(msgspec.Struct, frozen=True):
    """Mean seconds of an answer in the last quarter of blocks and in the rest, and questions that the clock cut off."""

    last_quarter_seconds: float
    rest_seconds: float
    cut_off: int
    questions: int


class Known(msgspec.Struct, frozen=True):
    """Answers where at least .9 was expected, how many of them were missed, and how many of those were called misread."""

    answers: int
    missed: int
    misread: int


class ReasonShare(msgspec.Struct, frozen=True):
    """How often a reason was given for a miss, and its share of all reasons given."""

    reason: MissReason
    count: int
    share: float


def findings(
    closed: Sequence[Closed], *, block_size: int, fresh_left: int, suspected: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Every cause, in the order of the table.

    `block_size` is how many questions one more block has, `fresh_left` how many never-seen questions there are for them.
    """
    blocks = told_by(closed)
    whole = joined(one.sums for one in blocks)
    effects = {cause: measured(cause, blocks, whole) for cause in Cause}
    reached = {cause: _reach(cause, effects[cause], whole, len(blocks), block_size) for cause in Cause}
    ps = {cause: effect.p for cause, effect in effects.items() if effect and reached[cause].more_blocks == 0}
    corrected = holm(ps)
    found = []
    for cause in Cause:
        effect, reach, p_holm = effects[cause], reached[cause], corrected.get(cause)
        verdict = Verdict.OPEN
        if p_holm is not None:
            verdict = Verdict.SHOWN if p_holm <= ALPHA else Verdict.NOT_SEEN
        left = math.inf if reach.more_blocks is None else reach.more_blocks * block_size
        found.append(
            Finding(
                cause=cause,
                suspected=SUSPECTED_AS.get(cause, cause).value in suspected,
                verdict=verdict,
                estimate=effect.estimate if effect else None,
                low=effect.low if effect else None,
                high=effect.high if effect else None,
                p=ps.get(cause),
                p_holm=p_holm,
                size=reach.size,
                unit=DESIGNS[cause].unit,
                count=reach.count,
                needed=reach.needed,
                more_blocks=reach.more_blocks,
                can_settle=not DESIGNS[cause].fresh or left <= fresh_left,
                cost=_cost(cause, effect, whole, blocks) if effect and verdict is Verdict.SHOWN else 0.0,
            )
        )
    return tuple(found)


def family_alpha() -> float:
    """The level at which Holm's first step tests: the counts are those of the hardest case."""
    return ALPHA / len(Cause)


def mind(closed: Sequence[Closed]) -> Mind:
    """What the one key after a block has told so far."""
    blocks = told_by(closed)
    asked = [one for one in blocks if one.mind is not None]
    after_bad, after_others = after_blocks(blocks)
    effect = contrast([one for one in asked if one.mind], [one for one in asked if not one.mind])
    return Mind(
        *_elsewhere(asked),
        after_bad=_elsewhere(after_bad),
        after_others=_elsewhere(after_others),
        effect=Estimate(effect.estimate, effect.low, effect.high) if effect else None,
    )


def pace(closed: Sequence[Closed]) -> Pace:
    """How time was used in the blocks that may tell; seconds are 0 without answers."""
    whole = joined(one.sums for one in told_by(closed))
    return Pace(
        _seconds(whole.last_quarter_ms),
        _seconds(whole.rest_ms),
        whole.out_of_time,
        whole.answers.n + whole.not_shown,
    )


def known(closed: Sequence[Closed]) -> Known:
    """What became of what should be known, in the blocks that may tell."""
    return Known(*joined(one.sums for one in told_by(closed)).strong)


def reasons(closed: Sequence[Closed]) -> tuple[ReasonShare, ...]:
    """Of all closed blocks, in every mode: the reasons given for misses, the most frequent first."""
    counts = joined(one.sums for one in closed).reasons
    of = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(ReasonShare(MissReason(name), n, n / of) for name, n in ordered)


def area_gap(belief: Belief, model: ExamModel, key: AreaKey) -> Estimate | None:
    """P(correct) in an area less that on the whole exam, with the 95 % interval of the difference; None where nothing is
    believed.

    The interval is of the difference itself: the two share most of what they are unsure of.
    """
    believed = area(belief, model, key)
    if believed is None:
        return None
    _, here = correct_rate(belief, model.parts(key), model.guess, model.slip)
    _, everywhere = correct_rate(belief, model.parts(TOTAL), model.guess, model.slip)
    gradient = [one - other for one, other in zip(here, everywhere, strict=True)]
    along = covariances(belief, tuple((axis, weight) for axis, weight in enumerate(gradient) if weight))
    sd = math.sqrt(max(0.0, dot(along, gradient)))
    mean = believed.mean - total(belief, model).mean
    return Estimate(mean, mean - Z_95 * sd, mean + Z_95 * sd)


class _Reach(msgspec.Struct, frozen=True):
    size: float
    count: int
    needed: int
    more_blocks: int | None


def _reach(cause: Cause, effect: Measured | None, whole: BlockSums, blocks: int, block_size: int) -> _Reach:
    """The smallest of the cause's sizes that can be told by now, or how far it is to the largest."""
    reached = None
    for size in DESIGNS[cause].sizes:
        reach = _towards(cause, size, effect, whole, blocks, block_size)
        if reached is None or reach.more_blocks == 0:
            reached = reach
    assert reached is not None, "every design has a size"
    return reached


def _towards(
    cause: Cause, size: float, effect: Measured | None, whole: BlockSums, blocks: int, block_size: int
) -> _Reach:
    design, so_far = DESIGNS[cause], count(cause, whole)
    own = blocks >= OWN_BLOCKS
    wanted = needed(cause, size, family_alpha(), effect.spread if own and effect else None)
    if so_far >= wanted:
        return _Reach(size, so_far, wanted, 0 if effect else None)
    rate = so_far / (whole.answers.n + whole.not_shown) if own else design.rate
    more = math.ceil((wanted - so_far) / (rate * block_size)) if rate else None
    return _Reach(size, so_far, wanted, more)


def _cost(cause: Cause, effect: Measured, whole: BlockSums, blocks: Sequence[Closed]) -> float:
    """What the effect takes off P(correct) on the whole."""
    n = whole.answers.n
    match cause:
        case Cause.PACING:
            part = whole.quarters[-1].n / n
        case Cause.UNANSWERED:
            part = whole.answers.right / n
        case Cause.FATIGUE:
            part = 0.5  # the mean over a day that it falls over
        case Cause.CARRY_OVER:
            part = whole.after_miss.n / n
        case Cause.STUCK:
            part = sum(one.sums.answers.n for one in after_blocks(blocks)[0]) / n
        case Cause.CHANGING:
            part = 2 * count(cause, whole) / n
        case Cause.MISREADING:
            part = count(cause, whole) / n
        case Cause.OVERCONFIDENCE:
            part = 0.0  # it misleads study and costs no answer by itself
    return effect.estimate * part


def _elsewhere(blocks: Sequence[Closed]) -> tuple[int, int]:
    said = [one.mind for one in blocks if one.mind is not None]
    return len(said), sum(said)


def _seconds(summed: tuple[int, int]) -> float:
    answers, ms = summed
    return ms / answers / 1000 if answers else 0.0
