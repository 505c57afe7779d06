"""Statistics of the questions that several learners of a store have answered, and the same as CSV. Nobody is named."""

import csv
import io
import math
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

import msgspec

from qbank.core.insight.item_statistics import (
    LEAST_OTHERS,
    Doubt,
    Item,
    ItemStatistics,
    alpha,
    item_statistics,
    scores,
)
from qbank.core.question import Question
from qbank.store.store import Store

Name = tuple[str, str]
"""Bank and id of a question."""


LEAST_SHARED = 10
"""Questions, and learners, that a reliability is told from. [judged]"""


class Order(StrEnum):
    """What comes first: the most doubtful, the hardest, the one that tells least apart, the most answered, the slowest."""

    DOUBT = "doubt"
    FACILITY = "facility"
    DISCRIMINATION = "discrimination"
    ANSWERS = "answers"
    TIME = "time"
    QUESTION = "question"


class Reliability(NamedTuple):
    """KR-20 over the questions that every learner with a score has answered."""

    alpha: float
    questions: int
    learners: int


class ItemReport(msgspec.Struct, frozen=True):
    """Items with at least `least` answers. `fewer` counts those with less, and `most` is the highest count of any item.

    `learners` and `answers` are all that count; `reliability` is None unless the learners share enough questions.
    """

    least: int
    learners: int
    answers: int
    most: int
    fewer: int
    items: tuple[ItemStatistics, ...]
    reliability: Reliability | None


def item_report(store: Store, *, least: int, order: Order = Order.DOUBT) -> ItemReport:
    """What all first answers in the store say of its questions.

    They are read question by question, so that never more than one question's are held, and a second time only where some
    question has enough of them.
    """
    found: list[ItemStatistics] = []
    shared: list[dict[str, bool]] = []
    counts: list[int] = []
    with store.read() as tx:
        scored = scores(_counted(tx.item_answers(), counts))
        regulars = {learner for learner, score in scored.items() if score.questions > LEAST_OTHERS}
        most = max(counts, default=0)
        for item in tx.item_answers() if most >= least else ():
            if len(item.answers) >= least:
                found.append(item_statistics(item, scored))
                shared += _shared(item, regulars)
    return ItemReport(
        least=least,
        learners=len(scored),
        answers=sum(counts),
        most=most,
        fewer=sum(count < least for count in counts),
        items=tuple(sorted(found, key=_ORDERS[order])),
        reliability=_reliability(shared, regulars),
    )


def _counted(items: Iterable[Item], counts: list[int]) -> Iterator[Item]:
    """The items as they come, with how many answers each has."""
    for item in items:
        counts.append(len(item.answers))
        yield item


def questions_of(store: Store, items: Iterable[ItemStatistics]) -> dict[Name, Question]:
    """The questions themselves, for their words."""
    with store.read() as tx:
        read = [tx.question(item.bank, item.question) for item in items]
    return {(question.bank, question.id): question for question in read if question is not None}


def to_csv(report: ItemReport) -> bytes:
    """A row for each option of each item, under a heading; numbers in full, nothing where there is none."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(_HEADING)
    for item in report.items:
        interval = item.point_biserial_interval or ("", "")
        whole = (
            item.bank,
            item.question,
            item.answers,
            item.right,
            item.facility,
            *item.facility_interval,
            item.scored,
            "" if item.point_biserial is None else item.point_biserial,
            *interval,
            item.median_ms / 1000,
            " ".join(item.doubts),
            item.upper,
            item.lower,
        )
        for one in item.options:
            mark = "yes" if one.option == item.key else "no"
            table.writerow((*whole, one.option or "", mark, one.chosen, one.upper, one.lower))
    return text.getvalue().encode()


def _shared(item: Item, regulars: set[str]) -> list[dict[str, bool]]:
    """Who was right, of an item that every regular has answered; [] for another."""
    right = {one.learner: one.choice == item.key for one in item.answers if one.learner in regulars}
    return [right] if right and len(right) == len(regulars) else []


def _reliability(shared: list[dict[str, bool]], regulars: set[str]) -> Reliability | None:
    if min(len(shared), len(regulars)) < LEAST_SHARED:
        return None
    rows = [[right[learner] for right in shared] for learner in sorted(regulars)]
    found = alpha(rows)
    return None if found is None else Reliability(found, len(shared), len(rows))


def _discrimination(item: ItemStatistics) -> float:
    return math.inf if item.point_biserial is None else item.point_biserial


def _gravity(item: ItemStatistics) -> int:
    return min((list(Doubt).index(doubt) for doubt in item.doubts), default=len(Doubt))


_ORDERS: dict[Order, Callable[[ItemStatistics], tuple[float | str, ...]]] = {
    Order.DOUBT: lambda item: (_gravity(item), _discrimination(item), item.bank, item.question),
    Order.FACILITY: lambda item: (item.facility, item.bank, item.question),
    Order.DISCRIMINATION: lambda item: (_discrimination(item), item.bank, item.question),
    Order.ANSWERS: lambda item: (-item.answers, item.bank, item.question),
    Order.TIME: lambda item: (-item.median_ms, item.bank, item.question),
    Order.QUESTION: lambda item: (item.bank, item.question),
}
_HEADING = (
    "bank",
    "question",
    "answers",
    "right",
    "facility",
    "facility_low",
    "facility_high",
    "scored",
    "point_biserial",
    "point_biserial_low",
    "point_biserial_high",
    "median_seconds",
    "doubts",
    "upper",
    "lower",
    "option",
    "key",
    "option_chosen",
    "option_upper",
    "option_lower",
)
