"""Item statistics of classical test theory, from the first answers of several learners to the same questions.

In a test everybody answers everything, and an item is held against the number right on the others. In a bank each learner
met other questions, some harder than others. So a learner's score is here the mean residual: over the questions answered,
by how much each answer was better than those of the other learners to the same question. Where everybody answered
everything, that is the number right but for its scale, so that every correlation is the usual one. Where not, it takes out
how hard the questions were that somebody happened to meet, and not how able the others were who met them: a question that
only strong learners were asked makes each of them look average.
"""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec

from qbank.core.proportion import Z_95, Interval, wilson

LEAST_OTHERS = 10
"""Other questions a learner must have answered to be held against this one: fewer tell little of anybody. [judged]"""

GROUP = 0.27
"""The part of the learners in the upper and in the lower group (Kelley 1939, J Educ Psychol 30:17)."""

KEY_ANSWERS = 20
"""Learners with a score from whom on a key can look wrong. [judged, by keys planted as in the tests: of 100 sound keys two
look wrong at 20 learners and fewer than one at 50; of wrong ones four in five do]
"""

EASIEST, HARDEST = 0.95, 0.30
"""Facilities beyond which an item hardly tells people apart. [judged]"""

_SAME = 1e-9
"""Scores that differ by less are one score, summed in another order."""


class Answer(NamedTuple):
    """A learner's first answer. `choice` is an option id, None for a blank; `ms` is the time on screen."""

    learner: str
    choice: str | None
    ms: int


class Item(msgspec.Struct, frozen=True):
    """A question, the ids of its options and of its key, and one answer of each learner who met it."""

    bank: str
    question: str
    key: str
    options: tuple[str, ...]
    answers: Sequence[Answer]

    @property
    def right(self) -> int:
        return sum(answer.choice == self.key for answer in self.answers)


class Score(NamedTuple):
    """The sum of a learner's residuals, and over how many questions."""

    residuals: float
    questions: int


class OptionCount(msgspec.Struct, frozen=True):
    """How many chose an option: of all, of the upper and of the lower group. `option` is None for a blank."""

    option: str | None
    chosen: int
    upper: int
    lower: int


class Doubt(StrEnum):
    """Why an item is worth a look.

    `KEY`: the correlation is negative, or nobody was right, and the upper group chose another option more often than the
    key.
    """

    KEY = "key"
    HARD = "hard"
    EASY = "easy"


class ItemStatistics(msgspec.Struct, frozen=True):
    """What the answers say of an item.

    `facility` is the part that was right, with its 95 % Wilson interval. `scored` counts the learners with a score on other
    questions; over them goes `point_biserial`, the correlation of right and wrong with the score on the others, this one
    left out (Henrysson 1963, Psychometrika 28:211), None where it is not defined. `options` are those of the item, blanks
    last, also by the groups of `upper` and `lower` learners by that score. Ties at a group's edge belong to it; where the
    groups would meet, both are empty.
    """

    bank: str
    question: str
    key: str
    answers: int
    right: int
    facility: float
    facility_interval: Interval
    scored: int
    point_biserial: float | None
    point_biserial_interval: Interval | None
    upper: int
    lower: int
    options: tuple[OptionCount, ...]
    median_ms: float
    doubts: tuple[Doubt, ...]


def scores(items: Iterable[Item]) -> dict[str, Score]:
    """Each learner's residuals summed up. An item that one learner alone has answered tells nothing."""
    residuals: dict[str, float] = {}
    questions: dict[str, int] = {}
    for item in items:
        by_hit, told = _residuals(item), int(len(item.answers) > 1)
        for learner, choice, _ in item.answers:
            residuals[learner] = residuals.get(learner, 0.0) + by_hit[choice == item.key]
            questions[learner] = questions.get(learner, 0) + told
    return {learner: Score(residuals[learner], count) for learner, count in questions.items()}


def item_statistics(
    item: Item, scored: Mapping[str, Score], *, least_others: int = LEAST_OTHERS
) -> ItemStatistics:
    """What the answers say of an item that has some; `scored` are the scores over all items, this one among them."""
    right, count = item.right, len(item.answers)
    others = _on_others(item, scored, least_others)
    correlation = point_biserial(
        [answer.choice == item.key for _, answer in others], [score for score, _ in others]
    )
    upper, lower = _groups(others)
    facility = right / count
    options = tuple(_counted(option, item.answers, upper, lower) for option in item.options)
    blank = _counted(None, item.answers, upper, lower)
    return ItemStatistics(
        bank=item.bank,
        question=item.question,
        key=item.key,
        answers=count,
        right=right,
        facility=facility,
        facility_interval=wilson(right, count),
        scored=len(others),
        point_biserial=correlation,
        point_biserial_interval=None if correlation is None else _fisher(correlation, len(others)),
        upper=len(upper),
        lower=len(lower),
        options=(*options, blank) if blank.chosen else options,
        median_ms=statistics.median(answer.ms for answer in item.answers),
        doubts=_doubts(item.key, facility, len(others), correlation, options),
    )


def point_biserial(right: Sequence[bool], score: Sequence[float]) -> float | None:
    """Pearson's correlation of right (1) and wrong (0) with a score; None where either is the same throughout."""
    count = len(right)
    hits = sum(right)
    if hits in (0, count):
        return None
    mean = math.fsum(score) / count
    squares = math.fsum((one - mean) ** 2 for one in score)
    if squares <= 1e-18 * count:
        return None
    shared = math.fsum(one - mean for hit, one in zip(right, score, strict=True) if hit)
    found: float = shared / math.sqrt(squares * hits * (count - hits) / count)
    return max(-1.0, min(1.0, found))


def alpha(rows: Sequence[Sequence[bool]]) -> float | None:
    """KR-20, which is Cronbach's alpha of items that are right or wrong, of a row of the same items for each learner.

    Kuder & Richardson 1937, Psychometrika 2:151. None for fewer than two items or where all have the same number right.
    """
    count, items = len(rows), len(rows[0]) if rows else 0
    if items < 2:
        return None
    whole: float = statistics.pvariance([sum(row) for row in rows])
    if not whole:
        return None
    parts: list[float] = [sum(column) / count for column in zip(*rows, strict=True)]
    return items / (items - 1) * (1 - sum(part * (1 - part) for part in parts) / whole)


def _residuals(item: Item) -> tuple[float, float]:
    """By how much a wrong and a right answer are better than those of the others to the item; 0 where there are none."""
    right, others = item.right, len(item.answers) - 1
    return (-right / others, 1 - (right - 1) / others) if others else (0.0, 0.0)


def _on_others(item: Item, scored: Mapping[str, Score], least_others: int) -> list[tuple[float, Answer]]:
    """Each answer with its learner's mean residual on the other items, where those are enough."""
    by_hit, told = _residuals(item), int(len(item.answers) > 1)
    found = []
    for answer in item.answers:
        residuals, questions = scored[answer.learner]
        if questions - told >= max(1, least_others):
            others = (residuals - by_hit[answer.choice == item.key]) / (questions - told)
            found.append((others, answer))
    return found


def _groups(others: Sequence[tuple[float, Answer]]) -> tuple[list[Answer], list[Answer]]:
    size = round(GROUP * len(others))
    if not size:
        return [], []
    ranked = sorted(score for score, _ in others)
    bottom, top = ranked[size - 1], ranked[-size]
    if math.isclose(bottom, top, abs_tol=_SAME) or bottom > top:
        return [], []
    return (
        [answer for score, answer in others if score >= top - _SAME],
        [answer for score, answer in others if score <= bottom + _SAME],
    )


def _counted(
    option: str | None, answers: Sequence[Answer], upper: Sequence[Answer], lower: Sequence[Answer]
) -> OptionCount:
    chosen, of_upper, of_lower = (
        sum(answer.choice == option for answer in group) for group in (answers, upper, lower)
    )
    return OptionCount(option, chosen, of_upper, of_lower)


def _fisher(correlation: float, count: int) -> Interval | None:
    """The 95 % interval by Fisher's transformation (1921, Metron 1:3), for a score near to normal; None under 4 pairs."""
    if count < 4:
        return None
    if abs(correlation) == 1:
        return Interval(correlation, correlation)
    middle, reach = math.atanh(correlation), Z_95 / math.sqrt(count - 3)
    return Interval(math.tanh(middle - reach), math.tanh(middle + reach))


def _doubts(
    key: str, facility: float, scored: int, correlation: float | None, options: Sequence[OptionCount]
) -> tuple[Doubt, ...]:
    found = []
    chosen = next((option.upper for option in options if option.option == key), 0)
    rival = max((option.upper for option in options if option.option != key), default=0)
    against = not facility or (correlation is not None and correlation < 0)
    if scored >= KEY_ANSWERS and against and rival > chosen:
        found.append(Doubt.KEY)
    if facility < HARDEST:
        found.append(Doubt.HARD)
    if facility > EASIEST:
        found.append(Doubt.EASY)
    return tuple(found)
