"""Where a learner stands: belief, running totals, settings and reports; and the derived rows as a whole."""

import hashlib
from collections.abc import Iterable

import msgspec
from sqlalchemy import bindparam, delete, select

from qbank.store.connected import Connected, upsert_adding
from qbank.store.rows import AreaTotal, LearnerTotals, ReportRow
from qbank.store.tables import DERIVED, NOTED, area_total, belief, learner_total, report, setting

_BELIEF = select(belief.c.payload).where(belief.c.learner == bindparam("learner"))
_AREA_TOTALS = (
    select(area_total.c.dimension, area_total.c.area, area_total.c.answered, area_total.c.correct)
    .where(area_total.c.learner == bindparam("learner"))
    .order_by(area_total.c.dimension, area_total.c.area)
)
_TOTALS = select(
    learner_total.c.answered, learner_total.c.correct, learner_total.c.hit_ms, learner_total.c.miss_ms
).where(learner_total.c.learner == bindparam("learner"))
_SETTING = select(setting.c.value).where(
    setting.c.learner == bindparam("learner"), setting.c.key == bindparam("key")
)
_SETTINGS = (
    select(setting.c.key, setting.c.value)
    .where(setting.c.learner == bindparam("learner"))
    .order_by(setting.c.key)
)
_REPORTS = (
    select(report.c.event_id, report.c.learner, report.c.added_on, report.c.payload, report.c.removed)
    .where(report.c.learner == bindparam("learner"))
    .order_by(report.c.event_id)
)
_AREA_COUNTERS = ("answered", "correct")
_COUNTERS = ("answered", "correct", "hit_ms", "miss_ms")


class Standing(Connected):
    """The belief, totals, settings and reports of learners."""

    __slots__ = ()

    def belief(self, learner_id: str) -> str | None:
        """The belief as the JSON text that was put."""
        return self._connection.execute(_BELIEF, {"learner": learner_id}).scalar()

    def put_belief(self, learner_id: str, payload: str) -> None:
        self._put(belief, {"learner": learner_id, "payload": payload})

    def add_to_totals(self, learner_id: str, areas: Iterable[AreaTotal]) -> None:
        """Add to the sums of areas; negative numbers take back. An area may be given once."""
        rows = [
            {
                "learner": learner_id,
                "dimension": area.dimension,
                "area": area.area,
                "answered": area.answered,
                "correct": area.correct,
            }
            for area in areas
        ]
        if rows:
            self._connection.execute(upsert_adding(area_total, self._dialect, _AREA_COUNTERS), rows)

    def area_totals(self, learner_id: str) -> list[AreaTotal]:
        """The sums of each area, by (dimension, area)."""
        return [AreaTotal(*row) for row in self._connection.execute(_AREA_TOTALS, {"learner": learner_id})]

    def add_to_learner_totals(self, learner_id: str, add: LearnerTotals) -> None:
        """Add to the sums over all answers; negative numbers take back."""
        values = {
            "learner": learner_id,
            "answered": add.answered,
            "correct": add.correct,
            "hit_ms": add.hit_ms,
            "miss_ms": add.miss_ms,
        }
        self._connection.execute(upsert_adding(learner_total, self._dialect, _COUNTERS), values)

    def learner_totals(self, learner_id: str) -> LearnerTotals:
        """The sums over all of a learner's answers."""
        row = self._connection.execute(_TOTALS, {"learner": learner_id}).first()
        return LearnerTotals() if row is None else LearnerTotals(*row)

    def setting(self, learner_id: str, key: str) -> object:
        """The value of a setting; None when it is not set."""
        return self._connection.execute(_SETTING, {"learner": learner_id, "key": key}).scalar()

    def settings(self, learner_id: str) -> dict[str, object]:
        """All settings of a learner, by key."""
        rows = self._connection.execute(_SETTINGS, {"learner": learner_id})
        return {row.key: row.value for row in rows}

    def put_setting(self, learner_id: str, key: str, value: object) -> None:
        """Set a setting to any JSON value."""
        self._put(setting, {"learner": learner_id, "key": key, "value": value})

    def reports(self, learner_id: str) -> list[ReportRow]:
        """A learner's reports in the order they were added, removed ones among them."""
        return [ReportRow(*row) for row in self._connection.execute(_REPORTS, {"learner": learner_id})]

    def put_report(self, row: ReportRow) -> None:
        """Add a report, or replace the one that the same event added."""
        self._put(
            report,
            {
                "event_id": row.event_id,
                "learner": row.learner,
                "added_on": row.added_on,
                "payload": row.payload,
                "removed": row.removed,
            },
        )

    def clear_derived(self, learner_id: str) -> None:
        """Throw away everything that a replay of the learner's log brings back."""
        for table in DERIVED:
            self._connection.execute(delete(table).where(table.c.learner == learner_id))

    def derived_digest(self, learner_id: str) -> str:
        """32 hexadecimal digits over everything derived for a learner; the same on every database."""
        digest = hashlib.blake2b(digest_size=16)
        for table in DERIVED:
            columns = [column for column in table.c if column.info != NOTED]
            query = select(*columns).where(table.c.learner == learner_id).order_by(*table.primary_key)
            digest.update(table.name.encode())
            for row in self._stream(query):
                digest.update(msgspec.json.encode(tuple(row)))
        return digest.hexdigest()
