"""The reviews that came from other programs."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import islice

from sqlalchemy import bindparam, func, select

from qbank.core.response import Rating
from qbank.store.connected import ROWS_AT_A_TIME, AnyRow, Connected, insert_for
from qbank.store.rows import ImportedReview
from qbank.store.tables import imported_review

_OF_OBJECTIVE = (
    select(imported_review)
    .where(
        imported_review.c.learner == bindparam("learner"),
        imported_review.c.bank == bindparam("bank"),
        imported_review.c.objective == bindparam("objective"),
    )
    .order_by(imported_review.c.at, imported_review.c.event, imported_review.c.reviewed_at)
)
_LATEST = (
    select(
        imported_review.c.question,
        func.max(imported_review.c.reviewed_at),
        func.max(imported_review.c.study_day),
    )
    .where(imported_review.c.learner == bindparam("learner"), imported_review.c.bank == bindparam("bank"))
    .group_by(imported_review.c.question)
)


class Imported(Connected):
    """Reviews of a learner that were not answers here."""

    __slots__ = ()

    def put_imported_reviews(self, rows: Iterable[ImportedReview]) -> None:
        """Add reviews; those that are there already stay as they are."""
        statement = insert_for(self._dialect)(imported_review).on_conflict_do_nothing()
        values = (
            {
                "learner": row.learner,
                "bank": row.bank,
                "objective": row.objective,
                "question": row.question,
                "reviewed_at": row.reviewed_at,
                "study_day": row.study_day,
                "rating": int(row.rating),
                "at": row.at,
                "event": row.event,
            }
            for row in rows
        )
        while some := list(islice(values, ROWS_AT_A_TIME)):
            self._connection.execute(statement, some)

    def imported_reviews(self, learner_id: str, bank_id: str, objective_id: str) -> list[ImportedReview]:
        """The reviews of one objective, in the order of the log, and within an import the oldest first."""
        names = {"learner": learner_id, "bank": bank_id, "objective": objective_id}
        rows = self._connection.execute(_OF_OBJECTIVE, names)
        return [_imported_review(row) for row in rows]

    def latest_imported(self, learner_id: str, bank_id: str) -> dict[str, tuple[datetime, date]]:
        """The time and the study day of the last review elsewhere of each question of a bank that came with some."""
        names = {"learner": learner_id, "bank": bank_id}
        rows = self._connection.execute(_LATEST, names)
        return {question: (at, day) for question, at, day in rows}


def _imported_review(row: AnyRow) -> ImportedReview:
    learner, bank, objective, question, reviewed_at, day, rating, at, event = row
    return ImportedReview(learner, bank, objective, question, reviewed_at, day, Rating(rating), at, event)
