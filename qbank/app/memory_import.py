"""Reviews that a learner gave in another program, recorded as memory of the questions that its cards became.

They are no answers: neither accuracy nor pace nor the belief about an area hears of them. What they leave is the memory of
an objective, as FSRS has it, with its day of return.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

import msgspec

from qbank.app.event_checks import FIRST_YEAR
from qbank.app.record import Recorder
from qbank.app.workspace import Workspace
from qbank.core.event import EventKind
from qbank.core.memory import study_day
from qbank.core.question import Question
from qbank.exchange.foreign import PastReview
from qbank.store.store import Transaction

REVIEWS_AT_A_TIME = 2_000
"""In one event, so that a record has no line of many megabytes. [judged]"""


_NONE_BEFORE = (datetime(FIRST_YEAR, 1, 2, tzinfo=UTC), date(FIRST_YEAR, 1, 1))


class Remembered(msgspec.Struct, frozen=True):
    """How many reviews became memory, and of how many questions."""

    reviews: int = 0
    questions: int = 0

    def notes(self) -> Iterator[str]:
        """What the learner should know of it."""
        if self.reviews:
            yield (
                f"{self.reviews:,} reviews of {self.questions:,} questions became memory: the first of each study day, as "
                "yours. They count as no answers. Leave them out with --no-history."
            )


def remember(
    workspace: Workspace,
    tx: Transaction,
    questions: Sequence[Question],
    reviews: Mapping[str, Sequence[PastReview]],
    *,
    source: str,
    on_progress: Callable[[int], None] | None = None,
) -> Remembered:
    """Record the reviews of one bank's questions, by question id, that are newer than those that came before.

    Of each study day the first is kept. What is of a later day than today is left out: a clock was wrong. `on_progress` is
    told the questions.
    """
    bank = questions[0].bank if questions and reviews else ""
    latest = tx.latest_imported(workspace.learner.id, bank) if bank else {}
    time_zone, today = workspace.time_zone, workspace.today
    histories = []
    for question in questions:
        since = latest.get(question.id, _NONE_BEFORE)
        if kept := _newer(reviews.get(question.id, ()), time_zone, today, *since):
            histories.append({"question": question.id, "objective": question.objective, "reviews": kept})
    recorder = Recorder(workspace)
    for some in _batches(histories):
        data = {"source": source, "bank": bank, "histories": some}
        recorder.record_in(tx, EventKind.MEMORY_IMPORTED, data)
        if on_progress:
            on_progress(len(some))
    return Remembered(sum(len(history["reviews"]) for history in histories), len(histories))


def _newer(
    given: Sequence[PastReview], time_zone: str, today: date, since: datetime, after: date
) -> list[tuple[str, int, str]]:
    """The first review of each study day after a time and a day, as an event holds it."""
    days = ((study_day(one.at, time_zone), one) for one in given if one.at > since)
    kept = []
    for day, some in groupby(sorted(days), key=lambda each: each[0]):
        if after < day <= today:
            _, first = next(some)
            kept.append((_written(first.at), first.rating, day.isoformat()))
    return kept


def _written(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _batches(histories: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    some: list[dict[str, Any]] = []
    count = 0
    for history in histories:
        some.append(history)
        count += len(history["reviews"])
        if count >= REVIEWS_AT_A_TIME:
            yield some
            some, count = [], 0
    if some:
        yield some
