"""What was missed, why, and what was noted, in each kind of database."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from qbank.core.response import MissReason
from qbank.store.misses import Missed
from qbank.store.rows import LearnerRow, ResponseRow
from qbank.store.store import Store, Transaction

Make = Any


def wrong(row: ResponseRow, **changed: object) -> ResponseRow:
    """The response as a miss."""
    return replace(row, response=replace(row.response, correct=False, **changed))


def put(tx: Transaction, make: Make, learner: LearnerRow, rows: Iterable[ResponseRow]) -> None:
    tx.put_block(make.block("b1", learner))
    for row in rows:
        tx.put_response(row)


def test_what_was_missed_most_often_comes_first(store: Store, make: Make, learner: LearnerRow) -> None:
    """By number of misses, then the latest; right, unseen and taken-back answers do not count."""
    later = make.day + timedelta(days=1)
    with store.begin() as tx:
        make.load(tx, *(make.question(f"q{n}", f"o{n}") for n in range(5)))
        rows = [
            make.response(learner, make.question(f"q{n}", f"o{n}"), "b1", at)
            for at, n in enumerate((0, 1, 1, 2, 3, 4))
        ]
        rows = [
            wrong(rows[0]),
            wrong(rows[1]),
            wrong(rows[2]),
            wrong(rows[3], study_day=later),
            replace(wrong(rows[4]), retracted=True),
            rows[5],
        ]
        put(tx, make, learner, rows)
        assert list(tx.misses(learner.id)) == [
            Missed("starter", "o1", "q1", 2, make.day),
            Missed("starter", "o2", "q2", 1, later),
            Missed("starter", "o0", "q0", 1, make.day),
        ]
        assert list(tx.misses("nobody")) == []


def test_reasons_are_counted_as_they_stand_in_the_end(store: Store, make: Make, learner: LearnerRow) -> None:
    """The reason named after the explanation goes before the first one."""
    with store.begin() as tx:
        make.load(tx, make.question("q1", "o1"))
        rows = [make.response(learner, make.question("q1", "o1"), "b1", at) for at in range(4)]
        put(
            tx,
            make,
            learner,
            [
                wrong(rows[0], reason=MissReason.MISREAD),
                wrong(rows[1], reason=MissReason.MISREAD, reason_after=MissReason.BETWEEN_TWO),
                wrong(rows[2], reason=MissReason.BETWEEN_TWO),
                wrong(rows[3]),
            ],
        )
        assert tx.miss_reasons(learner.id) == [(MissReason.BETWEEN_TWO, 2), (MissReason.MISREAD, 1)]


def test_the_latest_notes_come_first_and_none_twice(store: Store, make: Make, learner: LearnerRow) -> None:
    """As many as are wanted, empty ones left out."""
    with store.begin() as tx:
        make.load(tx, make.question("q1", "o1"))
        rows = [make.response(learner, make.question("q1", "o1"), "b1", at) for at in range(5)]
        notes = ("first", "", "again", "again", "läst")
        put(
            tx,
            make,
            learner,
            [
                replace(row, response=replace(row.response, note=note))
                for row, note in zip(rows, notes, strict=True)
            ],
        )
        assert tx.latest_notes(learner.id, 5) == ["läst", "again", "first"]
        assert tx.latest_notes(learner.id, 1) == ["läst"]
        assert tx.latest_notes("nobody", 5) == []
