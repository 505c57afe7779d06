"""Each cause of a failed attempt as a statistic on the learner's own timed, mixed, uninterrupted blocks.

An effect is a difference of P(correct), or a share, and above its null it is harm. What was expected of each answer is taken
off first, so harder questions are no effect; what is compared lies within blocks or days, so a belief that is wrong by
a constant is none either.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby

import msgspec

from qbank.core.insight.block_sums import BINS, BlockSums, Closed, Residuals, joined
from qbank.core.insight.inference import binomial_tail, upper_tail
from qbank.core.proportion import Z_95, wilson
from qbank.core.response import Confidence

SPREAD = 0.2275
"""Variance of an answer about what was expected: .65 x .35, that of the shared items of a report's rows."""

BAD = -0.674
"""In standard deviations about the learner's own mean: a block is bad when it is among the worst quarter. [judged]"""

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
    """How a cause is tested. `sizes` are effects to tell, the largest first; `count` is in `unit`.

    `null` and `other` give the variance of one count without an effect and with one of a size, as planned until a learner
    has shown another. `rate` is how many counts a question of a timed block brings; `fresh` whether questions never seen
    bring them.
    """

    unit: str
    sizes: tuple[float, ...]
    null: Callable[[float], float]
    other: Callable[[float], float]
    rate: float = 1.0
    fresh: bool = True


class Measured(msgspec.Struct, frozen=True):
    """An effect with its 95 % interval and one-sided p.

    `spread` is the variance of the estimate times the count, None where the design's own holds whoever answers.
    """

    estimate: float
    low: float
    high: float
    p: float
    spread: float | None = None


def _constant(value: float) -> Callable[[float], float]:
    return lambda _size: value


def _share(null: float, sign: int = 1) -> tuple[Callable[[float], float], Callable[[float], float]]:
    """The variances of one yes or no, at the null and at a size beside it."""

    def other(size: float) -> float:
        return (null + sign * size) * (1 - null - sign * size)

    return _constant(null * (1 - null)), other


_QUARTER = _constant(SPREAD * (1 / 0.25 + 1 / 0.75))
_SLOPE = _constant(SPREAD * 12)
_AFTER_MISS = _constant(SPREAD * (1 / 0.4 + 1 / 0.6))
# Six of a day's seven blocks have one before them.
_AFTER_BAD = _constant(SPREAD * (1 / 0.25 + 1 / 0.75) * 7 / 6)
_CLAIMED = _constant(SPREAD)

DESIGNS: Mapping[Cause, Design] = {
    Cause.PACING: Design("answers", (0.20, 0.10), _QUARTER, _QUARTER),
    Cause.UNANSWERED: Design("questions", (0.09,), *_share(LEFT_ALONE)),
    Cause.FATIGUE: Design("answers", (0.10,), _SLOPE, _SLOPE),
    Cause.CARRY_OVER: Design("answers", (0.15, 0.10), _AFTER_MISS, _AFTER_MISS),
    Cause.STUCK: Design("answers", (0.10,), _AFTER_BAD, _AFTER_BAD),
    Cause.CHANGING: Design("changed answers", (0.20, 0.10), *_share(0.5), rate=0.05),
    Cause.OVERCONFIDENCE: Design("answers with a word of confidence", (0.15, 0.10), _CLAIMED, _CLAIMED, 0.3),
    Cause.MISREADING: Design(
        "answers to what you should know", (0.075,), *_share(ALREADY_MISSED), rate=0.05, fresh=False
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
            return _fatigue(blocks)
        case Cause.CARRY_OVER:
            return _contrast(whole.after_miss, whole.after_hit, whole.answers.n)
        case Cause.STUCK:
            after_bad, after_others = after_blocks(blocks)
            return _contrast(_answers(after_bad), _answers(after_others), whole.answers.n)
        case Cause.CHANGING:
            return _changing(whole)
        case Cause.OVERCONFIDENCE:
            return _overconfidence(whole)
        case Cause.MISREADING:
            return _misreading(whole)


def contrast(worse: Sequence[Closed], rest: Sequence[Closed]) -> Measured | None:
    """By how much the answers of some blocks fell short of the others', beside what was expected."""
    return _contrast(_answers(worse), _answers(rest), sum(one.sums.answers.n for one in (*worse, *rest)))


def after_blocks(blocks: Sequence[Closed]) -> tuple[list[Closed], list[Closed]]:
    """The blocks that followed a bad one on the same day, and those that followed another."""
    whole = _answers(blocks)
    mean = whole.residual / whole.n if whole.n else 0.0
    after_bad: list[Closed] = []
    after_others: list[Closed] = []
    for _, day in groupby(blocks, key=_study_day):
        before: Closed | None = None
        for one in day:
            if before is not None:
                (after_bad if _is_bad(before.sums.answers, mean) else after_others).append(one)
            before = one
    return after_bad, after_others


def _study_day(one: Closed) -> date:
    return one.study_day


def _is_bad(block: Residuals, mean: float) -> bool:
    return block.residual - mean * block.n < BAD * math.sqrt(block.variance)


def _place(sums: BlockSums) -> float:
    """Where in its day's work a block lies."""
    return sums.fatigue.x / sums.answers.n


def _answers(blocks: Sequence[Closed]) -> Residuals:
    whole = Residuals()
    for one in blocks:
        whole.join(one.sums.answers)
    return whole


def _contrast(worse: Residuals, rest: Residuals, answers: int) -> Measured | None:
    if not (worse.variance and rest.variance):
        return None
    estimate = rest.residual / rest.n - worse.residual / worse.n
    return _normal(estimate, worse.variance / worse.n**2 + rest.variance / rest.n**2, answers)


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
    return _contrast(whole.quarters[-1], rest, whole.answers.n)


def _unanswered(whole: BlockSums) -> Measured | None:
    of = count(Cause.UNANSWERED, whole)
    if not of:
        return None
    low, high = wilson(whole.out_of_time, of)
    return Measured(whole.out_of_time / of, low, high, binomial_tail(whole.out_of_time, of, LEFT_ALONE))


def _fatigue(blocks: Sequence[Closed]) -> Measured | None:
    """Fall over a day of 280 answers: the least-squares slope within days, so that better and worse days make none."""
    across = along = variance = 0.0
    n = 0
    for _, day in groupby(blocks, key=_study_day):
        sums = joined(one.sums for one in day)
        mean = sums.fatigue.x / sums.answers.n
        across += sums.fatigue.xx - mean * sums.fatigue.x
        along += sums.fatigue.xr - mean * sums.answers.residual
        variance += sums.answers.variance
        n += sums.answers.n
    if not (across > 0 and variance):
        return None
    return _normal(-along / across, variance / n / across, n)


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
