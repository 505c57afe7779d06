"""What moves an objective's memory: answers here, and reviews that came from another program, in the order of the log."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import msgspec

from qbank.core.event import Event
from qbank.core.history import Answered, reviewed
from qbank.core.response import MissReason, Rating
from qbank.store.rows import ImportedReview, ResponseRow

Counted = ResponseRow | ImportedReview


def imported_from(event: Event) -> Iterator[list[ImportedReview]]:
    """The reviews that an event brought, by question, each once."""
    for history in event.data["histories"]:
        rows = {}
        for at, rating, day in msgspec.convert(history["reviews"], list[tuple[datetime, int, date]]):
            rows[at] = ImportedReview(
                learner=event.learner,
                bank=event.data["bank"],
                objective=history["objective"],
                question=history["question"],
                reviewed_at=at.astimezone(UTC),
                study_day=day,
                rating=Rating(rating),
                at=event.at,
                event=event.id,
            )
        if rows:
            yield list(rows.values())


def answers_of(rows: Sequence[Counted]) -> list[ResponseRow]:
    """Those of the rows that were answers here."""
    return [row for row in rows if isinstance(row, ResponseRow)]


def reviews(rows: Sequence[Counted]) -> list[Counted]:
    """Those of the rows, oldest first, that move memory."""
    return [rows[position] for position in reviewed([_answered(row) for row in rows])]


def order(row: Counted) -> tuple[datetime, str, int]:
    """By what rows are in the order of the log; those of one import go by their own time, in milliseconds."""
    if isinstance(row, ResponseRow):
        return row.response.at, row.event, row.response.position
    return row.at, row.event, int(row.reviewed_at.timestamp() * 1000)


def place(row: Counted) -> tuple[str, str]:
    """(bank, objective)."""
    if isinstance(row, ResponseRow):
        return row.response.item.bank, row.response.item.objective
    return row.bank, row.objective


def rating_and_day(row: Counted) -> tuple[Rating, date]:
    if isinstance(row, ResponseRow):
        assert row.rating is not None, "only what is rated says something about memory"
        return row.rating, row.response.study_day
    return row.rating, row.study_day


def _answered(row: Counted) -> Answered:
    rating, day = rating_and_day(row)
    if not isinstance(row, ResponseRow):
        return Answered(row.question, day, rating, rating is not Rating.AGAIN, misread=False)
    given = row.response
    misread = (given.reason_after or given.reason) is MissReason.MISREAD and not given.correct
    return Answered(given.item.question, day, rating, given.correct, misread)
