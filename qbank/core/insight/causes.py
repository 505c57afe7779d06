"""Each cause of a failed attempt as a statistic on the learner's own timed, mixed, uninterrupted blocks.

An effect is a difference of P(correct), or a share, and above its null it is harm. What was expected of each answer is taken
off first, so harder questions are no effect; what is compared lies within blocks or days, so a belief that is wrong by
a constant is none either.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby

import msgspec

from qbank.core.insight.block_sums import BINS, BlockSums, Closed, Residuals, joined
from qbank.core.insight.inference import answers_needed, binomial_tail, trials_needed, upper_tail
from qbank.core.proportion import Z_95, wilson
from qbank.core.response import Confidence

SPREAD = 0.21
"""Variance of an answer about what was expected, where P(correct) is .65 with an sd of .13 over questions. [judged]"""
SPREAD_MOVED = 0.2275
"""The same without that sd, .65 x .35: for effects that move what is compared, or how much of it there is."""
SPREAD_CLAIMED = 0.2
"""The same within a word of confidence: p (1 - p) at .1 below STATED, for two sure and two unsure a guess. [judged]"""

BAD = -0.5
"""In standard deviations from what was expected of its questions: where a block begins to be a bad one. [judged]"""

LEFT_ALONE = 0.01
"""Share of questions that the clock may leave unanswered without it being a cause. [judged]"""

STATED = {Confidence.SURE: 0.85, Confidence.UNSURE: 0.5, Confidence.GUESSED: 0.25}
"""P(correct) that a word of confidence claims: near what `mastery.SAID_KNOWING` makes of it where three in five are known.
[judged]
"""

ALREADY_MISSED = 0.075
"""Expected part of misses where at least .9 was expected: between a slip and the bound."""


class Cause(StrEnum):
    """What can be behind a failed attempt, apart from knowledge, which is told by area."""

    PACING = "pacing"
    UNANSWERED = "unanswered"
    FATIGUE = "fatigue"
    CARRY_OVER = "carry-over"
    STUCK = "stuck"
    CHANGING = "changing"
    OVERCONFIDENCE = "overconfidence"
    MISREADING = "misreading"


class Design(msgspec.Struct, frozen=True):
    """How a cause is tested. `sizes` are effects to tell, the largest first; counts are in `unit`.

    `spread` is the variance of an estimate times its count, as planned until a learner has shown another; None for a share,
    whose chance is `chance` without the cause. `rate` is how many counts a question of a timed block brings; `fresh`
    whether questions never seen bring them.
    """

    unit: str
    sizes: tuple[float, ...]
    spread: float | None = None
    chance: float = 0.0
    rate: float = 1.0
    fresh: bool = True


class Measured(msgspec.Struct, frozen=True):
    """An effect with its 95 % interval and one-sided p; `spread` as in a Design."""

    estimate: float
    low: float
    high: float
    p: float
    spread: float | None = None


def _two_parts(part: float) -> float:
    """The variance of a difference of means, in that of an answer and times all answers, where one has this part of them."""
    return 1 / part + 1 / (1 - part)


DESIGNS: Mapping[Cause, Design] = {
    Cause.PACING: Design("answers", (0.20, 0.10), SPREAD_MOVED * _two_parts(0.25)),
    Cause.UNANSWERED: Design("questions", (0.09,), chance=LEFT_ALONE),
    Cause.FATIGUE: Design("answers", (0.10,), SPREAD * 12),
    Cause.CARRY_OVER: Design("answers", (0.15, 0.10), SPREAD * _two_parts(0.4)),
    # A little more are bad by chance, but their number varies so much that it is planned for fewer; 13 of a day's 14
    # blocks have one before them.
    Cause.STUCK: Design("answers", (0.10,), SPREAD_MOVED * _two_parts(0.25) * 14 / 13),
    Cause.CHANGING: Design("changed answers", (0.20, 0.10), chance=0.5, rate=0.05),
    Cause.OVERCONFIDENCE: Design("answers with a word of confidence", (0.15, 0.10), SPREAD_CLAIMED, rate=0.3),
    Cause.MISREADING: Design(
        "answers to what you should know", (0.08,), chance=ALREADY_MISSED, rate=0.05, fresh=False
    ),
}
"""The causes by the table of their power; rates of changes, words and known questions are first guesses. [judged]"""

TABLE: Mapping[Cause, tuple[int, ...]] = {
    Cause.PACING: (160, 800),
    Cause.UNANSWERED: (40,),
    Cause.FATIGUE: (1500,),
    Cause.CARRY_OVER: (280, 560),
    Cause.STUCK: (800,),
    Cause.CHANGING: (40, 160),
    Cause.OVERCONFIDENCE: (60, 120),
    Cause.MISREADING: (100,),
}
"""Counts for a power of .8 in a single test at .05, for each of a design's sizes. [sim]"""


def needed(cause: Cause, size: float, alpha: float, spread: float | None = None) -> int:
    """Counts that tell an effect of this size with the usual power; by the design's own spread, or by another."""
    design = DESIGNS[cause]
    if design.spread is None:
        return trials_needed(design.chance, design.chance + size, alpha)
    return answers_needed(size, design.spread if spread is None else spread, alpha)


def told_by(closed: Sequence[Closed]) -> list[Closed]:
    """The blocks that may tell a cause, in the order in which they were practised."""
    fit = [one for one in closed if one.timed and one.mixed and not one.interrupted and one.sums.answers.n]
    return sorted(fit, key=lambda one: (one.study_day, _place(one.sums), one.block))


def count(cause: Cause, whole: BlockSums) -> int:
    """How many of a cause's units there are."""
    match cause:
        case Cause.UNANSWERED:
            return whole.answers.n + whole.not_shown
        case Cause.CHANGING:
            return sum(_decisive(whole))
        case Cause.OVERCONFIDENCE:
            return sum(n for n, _ in whole.confidence.values())
        case Cause.MISREADING:
            return int(whole.forecasts.get(BINS - 1, (0, 0, 0.0))[0])
        case _:
            return whole.answers.n


def measured(cause: Cause, blocks: Sequence[Closed], whole: BlockSums) -> Measured | None:
    """The cause's effect in these blocks, whose sums are `whole`; None where nothing can be compared."""
    match cause:
        case Cause.PACING:
            return _pacing(whole)
        case Cause.UNANSWERED:
            return _unanswered(whole)
        case Cause.FATIGUE:
            return _fatigue(blocks, whole)
        case Cause.CARRY_OVER:
            return _contrast(whole.after_miss, whole.after_hit, whole)
        case Cause.STUCK:
            after_bad, after_others = after_blocks(blocks)
            return _contrast(_answers(after_bad), _answers(after_others), whole)
        case Cause.CHANGING:
            return _changing(whole)
        case Cause.OVERCONFIDENCE:
            return _overconfidence(whole)
        case Cause.MISREADING:
            return _misreading(whole)


def contrast(worse: Sequence[Closed], rest: Sequence[Closed]) -> Measured | None:
    """By how much the answers of some blocks fell short of the others', beside what was expected."""
    return _contrast(_answers(worse), _answers(rest), joined(one.sums for one in (*worse, *rest)))


def after_blocks(blocks: Sequence[Closed]) -> tuple[list[Closed], list[Closed]]:
    """The blocks that followed a bad one on the same day, and those that followed another."""
    after_bad: list[Closed] = []
    after_others: list[Closed] = []
    for _, day in groupby(blocks, key=_study_day):
        before: Closed | None = None
        for one in day:
            if before is not None:
                (after_bad if _is_bad(before.sums.answers) else after_others).append(one)
            before = one
    return after_bad, after_others


def _study_day(one: Closed) -> date:
    return one.study_day


def _is_bad(block: Residuals) -> bool:
    return block.residual < BAD * math.sqrt(block.variance)


def _place(sums: BlockSums) -> float:
    """Where in its day's work a block lies."""
    return sums.fatigue.x / sums.answers.n


def _answers(blocks: Sequence[Closed]) -> Residuals:
    whole = Residuals()
    for one in blocks:
        whole.join(one.sums.answers)
    return whole


def _contrast(worse: Residuals, rest: Residuals, whole: BlockSums) -> Measured | None:
    if not (worse.variance and rest.variance):
        return None
    estimate = rest.residual / rest.n - worse.residual / worse.n
    variance = worse.variance / worse.n**2 + rest.variance / rest.n**2
    return _normal(estimate, _stretch(whole.answers) * variance, whole.answers.n)


def _stretch(answers: Residuals) -> float:
    """By how much answers vary more than was expected, because fewer or more are right than was: at least 1."""
    right = answers.right / answers.n
    expected = (answers.right - answers.residual) / answers.n
    return max(1.0, right * (1 - right) / (expected * (1 - expected)))


def _normal(estimate: float, variance: float, of: int) -> Measured:
    sd = math.sqrt(variance)
    return Measured(
        estimate, estimate - Z_95 * sd, estimate + Z_95 * sd, upper_tail(estimate / sd), variance * of
    )


def _pacing(whole: BlockSums) -> Measured | None:
    """Last quarter against the rest, both of the same blocks."""
    if not whole.quarters:
        return None
    rest = Residuals()
    for quarter in whole.quarters[:-1]:
        rest.join(quarter)
    return _contrast(whole.quarters[-1], rest, whole)


def _unanswered(whole: BlockSums) -> Measured | None:
    of = count(Cause.UNANSWERED, whole)
    if not of:
        return None
    low, high = wilson(whole.out_of_time, of)
    return Measured(whole.out_of_time / of, low, high, binomial_tail(whole.out_of_time, of, LEFT_ALONE))


def _fatigue(blocks: Sequence[Closed], whole: BlockSums) -> Measured | None:
    """Fall over a day of 280 answers: the least-squares slope within days, so that better and worse days make none."""
    across = along = 0.0
    for _, day in groupby(blocks, key=_study_day):
        sums = joined(one.sums for one in day)
        mean = sums.fatigue.x / sums.answers.n
        across += sums.fatigue.xx - mean * sums.fatigue.x
        along += sums.fatigue.xr - mean * sums.answers.residual
    if not (across > 0 and whole.answers.variance):
        return None
    each = _stretch(whole.answers) * whole.answers.variance / whole.answers.n
    return _normal(-along / across, each / across, whole.answers.n)


def _decisive(whole: BlockSums) -> tuple[int, int]:
    """Changes to a right answer, and from one."""
    return whole.changes.get("wrong-right", 0), whole.changes.get("right-wrong", 0)


def _changing(whole: BlockSums) -> Measured | None:
    """By how much the share of changes to a right answer falls short of half."""
    gained, lost = _decisive(whole)
    if not gained + lost:
        return None
    low, high = wilson(lost, gained + lost)
    return Measured(
        lost / (gained + lost) - 0.5, low - 0.5, high - 0.5, binomial_tail(lost, gained + lost, 0.5)
    )


def _overconfidence(whole: BlockSums) -> Measured | None:
    of = count(Cause.OVERCONFIDENCE, whole)
    if not of:
        return None
    claimed = right = variance = 0.0
    for word, n, hits in _words(whole):
        claimed += STATED[word] * n
        right += hits
        # One right and one wrong are added, or three right answers of three would leave no doubt (Agresti & Caffo 2000).
        part = (hits + 1) / (n + 2)
        variance += n * part * (1 - part)
    return _normal((claimed - right) / of, variance / of**2, of)


def _words(whole: BlockSums) -> Iterator[tuple[Confidence, int, int]]:
    for word in Confidence:
        n, hits = whole.confidence.get(word.value, (0, 0))
        if n:
            yield word, n, hits


def _misreading(whole: BlockSums) -> Measured | None:
    """Misses where at least .9 was expected of a question seen before, beyond those that were expected."""
    n, hits, claimed = whole.forecasts.get(BINS - 1, (0, 0, 0.0))
    if not n:
        return None
    expected = max(1e-6, 1 - claimed / n)
    low, high = wilson(n - hits, n)
    return Measured(
        (n - hits) / n - expected, low - expected, high - expected, binomial_tail(n - hits, n, expected)
    )
