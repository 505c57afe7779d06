"""What the learner missed, why in their own judgement, and what they noted, over the whole record."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import msgspec
from sqlalchemy import Text, bindparam, func, select, type_coerce

from qbank.core.response import MissReason
from qbank.store.connected import Connected
from qbank.store.tables import response

_REASONS = (
    select(func.coalesce(response.c.reason_after, response.c.reason))
    .where(
        response.c.learner == bindparam("learner"),
        response.c.correct.is_(False),
        response.c.retracted.is_(False),
        func.coalesce(response.c.reason_after, response.c.reason).is_not(None),
    )
    # In this order SQLite finds the rows by the learner; grouped, it would walk everybody's.
    .order_by(response.c.at)
)
_MISSES = (
    select(
        response.c.bank,
        response.c.objective,
        func.max(response.c.question),
        func.count(),
        func.max(response.c.study_day),
    )
    .where(
        response.c.learner == bindparam("learner"),
        response.c.correct.is_(False),
        response.c.shown.is_(True),
        response.c.retracted.is_(False),
    )
    .group_by(response.c.bank, response.c.objective)
    .order_by(
        func.count().desc(), func.max(response.c.study_day).desc(), response.c.bank, response.c.objective
    )
)
_NOTES = (
    # Only those that are wanted are decoded.
    select(type_coerce(response.c.detail, Text))
    .where(response.c.learner == bindparam("learner"))
    .order_by(response.c.at.desc(), response.c.block.desc(), response.c.position.desc())
)


class Missed(NamedTuple):
    """An objective that was missed, with one of its questions, how often, and the last study day of it."""

    bank: str
    objective: str
    question: str
    misses: int
    last_day: date


class _Noted(msgspec.Struct):
    note: str = ""


class Misses(Connected):
    """Misses and notes."""

    __slots__ = ()

    def miss_reasons(self, learner_id: str) -> list[tuple[MissReason, int]]:
        """How often the learner gave each reason for a miss that counts, the most frequent first."""
        rows = self._connection.execute(_REASONS, {"learner": learner_id})
        return [(MissReason(reason), count) for reason, count in Counter(rows.scalars()).most_common()]

    def misses(self, learner_id: str) -> Iterator[Missed]:
        """The objectives missed in answers that count, most often first, then the latest."""
        return (Missed(*row) for row in self._connection.execute(_MISSES, {"learner": learner_id}))

    def latest_notes(self, learner_id: str, limit: int) -> list[str]:
        """The learner's own notes on questions, the latest first, none twice."""
        found: dict[str, None] = {}
        for row in self._connection.execute(_NOTES, {"learner": learner_id}):
            if note := msgspec.json.decode(row[0], type=_Noted).note.strip():
                found[note] = None
            if len(found) == limit:
                break
        return list(found)
