"""What one closed block comes to, in sums that add up over blocks, so that no report ever counts answers again.

Residuals are correct less expected, where what was expected is the belief that composed the block; their variance is what
such a belief allows. So a test on sums of residuals is not fooled by harder questions.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import msgspec

from qbank.core.response import Confidence, MissReason

T = TypeVar("T", bound=tuple[Any, ...])

QUARTERS = 4
LEAST_MIXED = 3
"""Systems of a block that counts as mixed. [judged]"""
STRONG = 0.9
"""Expected P(correct) from which a miss is told as one of something known."""
BINS = 10
"""Equal bins of expected P(correct), by which forecasts are checked."""


class Residuals(msgspec.Struct, array_like=True):
    """`n` answers, how many were right, the sum of correct less expected, and the sum of its variance."""

    n: int = 0
    right: int = 0
    residual: float = 0.0
    variance: float = 0.0

    def add(self, correct: bool, expected: float) -> None:
        self.n += 1
        self.right += correct
        self.residual += correct - expected
        self.variance += expected * (1 - expected)

    def join(self, other: "Residuals") -> None:
        self.n += other.n
        self.right += other.right
        self.residual += other.residual
        self.variance += other.variance


class AreaSums(msgspec.Struct, array_like=True):
    """Answers of an area: never-seen questions and seen ones, how many were right, and their time in milliseconds."""

    fresh: int = 0
    fresh_right: int = 0
    seen: int = 0
    seen_right: int = 0
    ms: int = 0

    def join(self, other: "AreaSums") -> None:
        self.fresh += other.fresh
        self.fresh_right += other.fresh_right
        self.seen += other.seen
        self.seen_right += other.seen_right
        self.ms += other.ms


class Slope(msgspec.Struct, array_like=True):
    """Sums for the slope of residuals over the place in a day's work: of x, its square, and x times the residual."""

    x: float = 0.0
    xx: float = 0.0
    xr: float = 0.0
    """Answers before it on that study day, as a part of a whole exam's 280."""

    def join(self, other: "Slope") -> None:
        self.x += other.x
        self.xx += other.xx
        self.xr += other.xr


class Answered(msgspec.Struct, frozen=True):
    """One answer of a block as the sums see it; in the order of the block."""

    system: str
    disciplines: tuple[str, ...]
    correct: bool
    expected: float
    fresh: bool
    shown: bool
    blank: bool
    ms: int
    rapid: bool
    confidence: Confidence | None
    reason: MissReason | None
    first_right: bool | None
    """Whether the first of its changed answers was right; None when nothing was changed."""
    time_ran_out: bool = False
    retracted: bool = False


class BlockSums(msgspec.Struct, omit_defaults=True):
    """The sums of one block, or of many.

    `quarters` are by place in the block. `after_miss` and `after_hit` hold answers by what became of the one before.
    `last_quarter_ms` and `rest_ms` are (answers, milliseconds). `out_of_time` counts what the clock left without an answer,
    shown or not. `changes` counts changed answers as "right-wrong", "wrong-right" and "wrong-wrong"; `confidence` (answers,
    right) by what was said; `forecasts` (answers, right, sum of expected) in bins of what was expected of seen questions;
    `strong` (answers, missed, misread) among those expected above STRONG. `areas` are by "system/id" and "discipline/id".
    """

    blocks: int = 0
    answers: Residuals = msgspec.field(default_factory=Residuals)
    quarters: list[Residuals] = []
    after_miss: Residuals = msgspec.field(default_factory=Residuals)
    after_hit: Residuals = msgspec.field(default_factory=Residuals)
    fatigue: Slope = msgspec.field(default_factory=Slope)
    last_quarter_ms: tuple[int, int] = (0, 0)
    rest_ms: tuple[int, int] = (0, 0)
    rapid: int = 0
    blank: int = 0
    not_shown: int = 0
    out_of_time: int = 0
    changes: dict[str, int] = {}
    confidence: dict[str, tuple[int, int]] = {}
    reasons: dict[str, int] = {}
    strong: tuple[int, int, int] = (0, 0, 0)
    forecasts: dict[int, tuple[int, int, float]] = {}
    areas: dict[str, AreaSums] = {}

    def join(self, other: "BlockSums") -> None:
        """Add another's sums to these."""
        self.blocks += other.blocks
        self.answers.join(other.answers)
        while len(self.quarters) < len(other.quarters):
            self.quarters.append(Residuals())
        for mine, theirs in zip(self.quarters, other.quarters, strict=False):
            mine.join(theirs)
        self.after_miss.join(other.after_miss)
        self.after_hit.join(other.after_hit)
        self.fatigue.join(other.fatigue)
        self.last_quarter_ms = _plus(self.last_quarter_ms, other.last_quarter_ms)
        self.rest_ms = _plus(self.rest_ms, other.rest_ms)
        self.rapid += other.rapid
        self.blank += other.blank
        self.not_shown += other.not_shown
        self.out_of_time += other.out_of_time
        self.strong = _plus(self.strong, other.strong)
        _counted(self.changes, other.changes)
        _counted(self.reasons, other.reasons)
        for word, counts in other.confidence.items():
            self.confidence[word] = _plus(self.confidence.get(word, (0, 0)), counts)
        for at, sums in other.forecasts.items():
            self.forecasts[at] = _plus(self.forecasts.get(at, (0, 0, 0.0)), sums)
        for area, mine_of in other.areas.items():
            self.areas.setdefault(area, AreaSums()).join(mine_of)


class Closed(msgspec.Struct, frozen=True):
    """A closed block and its sums; `mind` is what was said of where the mind was: True for elsewhere, None when unasked."""

    block: str
    study_day: date
    timed: bool
    purpose: str
    interrupted: bool
    mixed: bool
    mind: bool | None
    sums: BlockSums


def block_sums(answers: Sequence[Answered], before_today: int) -> BlockSums:
    """The sums of one block's answers; `before_today` counts those before it on its study day.

    An answer that was taken back keeps its place, so that the others keep theirs, and counts nowhere.
    """
    found = BlockSums(blocks=1, quarters=[Residuals() for _ in range(QUARTERS)])
    previous: bool | None = None
    for at, one in enumerate(answers):
        if not one.shown or one.retracted:
            found.not_shown += not one.shown
            found.out_of_time += not one.shown and one.time_ran_out
            previous = None
            continue
        quarter = at * QUARTERS // len(answers)
        _add(found, one, quarter, previous, (before_today + at) / 280)
        previous = one.correct
    return found


def is_mixed(answers: Sequence[Answered]) -> bool:
    """Whether a block holds enough systems for what it shows not to be one topic's."""
    return len({one.system for one in answers if one.system}) >= LEAST_MIXED


def joined(sums: Iterable[BlockSums]) -> BlockSums:
    """All of them added up."""
    whole = BlockSums()
    for one in sums:
        whole.join(one)
    return whole


def _add(found: BlockSums, one: Answered, quarter: int, previous: bool | None, x: float) -> None:
    found.answers.add(one.correct, one.expected)
    found.quarters[quarter].add(one.correct, one.expected)
    if previous is not None:
        (found.after_hit if previous else found.after_miss).add(one.correct, one.expected)
    residual = one.correct - one.expected
    found.fatigue.join(Slope(x, x * x, x * residual))
    if quarter == QUARTERS - 1:
        found.last_quarter_ms = _plus(found.last_quarter_ms, (1, one.ms))
    else:
        found.rest_ms = _plus(found.rest_ms, (1, one.ms))
    found.rapid += one.rapid
    found.blank += one.blank
    found.out_of_time += one.blank and one.time_ran_out
    if one.first_right is not None:
        _count(found.changes, f"{_word(one.first_right)}-{_word(one.correct)}")
    if one.confidence is not None:
        counts = found.confidence.get(one.confidence.value, (0, 0))
        found.confidence[one.confidence.value] = _plus(counts, (1, int(one.correct)))
    if not one.correct and one.reason is not None:
        _count(found.reasons, one.reason.value)
    if one.expected >= STRONG:
        misread = not one.correct and one.reason is MissReason.MISREAD
        found.strong = _plus(found.strong, (1, int(not one.correct), int(misread)))
    if not one.fresh:
        at = min(BINS - 1, int(one.expected * BINS))
        sums = found.forecasts.get(at, (0, 0, 0.0))
        found.forecasts[at] = _plus(sums, (1, int(one.correct), one.expected))
    for area in (f"system/{one.system}", *(f"discipline/{name}" for name in one.disciplines)):
        of = AreaSums(
            int(one.fresh),
            int(one.fresh and one.correct),
            int(not one.fresh),
            int(not one.fresh and one.correct),
            one.ms,
        )
        found.areas.setdefault(area, AreaSums()).join(of)


def _word(right: bool) -> str:
    return "right" if right else "wrong"


def _count(counts: dict[str, int], name: str) -> None:
    counts[name] = counts.get(name, 0) + 1


def _counted(mine: dict[str, int], others: Mapping[str, int]) -> None:
    for name, count in others.items():
        mine[name] = mine.get(name, 0) + count


def _plus(mine: T, others: T) -> T:
    return tuple(a + b for a, b in zip(mine, others, strict=True))  # type: ignore[return-value]
