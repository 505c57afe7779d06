"""Blocks, leases and responses; belief, totals, settings and reports; and all that is derived as a whole."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from qbank.core.response import Change, Confidence, MissReason, Mode, Rating
from qbank.store.rows import (
    AreaTotal,
    BlockStatus,
    ImportedReview,
    LearnerRow,
    LearnerTotals,
    LeaseRow,
    MemoryRow,
    Purpose,
    QuestionUse,
    ReportRow,
    ResponseRow,
)
from qbank.store.store import Store, Transaction

Make = Any


def test_a_block_comes_back(store: Store, make: Make, learner: LearnerRow) -> None:
    """Every field survives, the plan to the bit; putting it again replaces it."""
    row = make.block("b1", learner)
    closed = replace(
        row,
        mode=Mode.TUTOR,
        purpose=Purpose.ASSESS,
        state=BlockStatus.CLOSED,
        plan={"expected": [0.1 + 0.2], "seed": 2**53, "why": {"é": None}},
        interrupted=True,
        elapsed_ms=2**40,
        closed_at=make.noon + timedelta(microseconds=1),
    )
    with store.begin() as tx:
        assert tx.block("b1") is None
        tx.put_block(row)
        assert tx.block("b1") == row
        tx.put_block(closed)
        assert tx.block("b1") == closed


def test_the_open_block_is_the_one_composed_last(store: Store, make: Make, learner: LearnerRow) -> None:
    """Closed blocks are not open; the list has the latest first."""
    with store.begin() as tx:
        assert tx.open_block(learner.id) is None
        rows = [make.block(f"b{n}", learner, n) for n in range(4)]
        rows[2] = replace(rows[2], state=BlockStatus.CLOSED)
        rows[3] = replace(rows[3], state=BlockStatus.CLOSED)
        for row in rows:
            tx.put_block(row)
        assert tx.open_block(learner.id) == rows[1]
        assert tx.blocks(learner.id, limit=3) == [rows[3], rows[2], rows[1]]
        assert tx.open_block("nobody") is None


def test_the_closed_block_is_the_one_composed_last(store: Store, make: Make, learner: LearnerRow) -> None:
    """Open blocks and those of others do not count; None before the first."""
    with store.begin() as tx:
        assert tx.closed_block(learner.id) is None
        rows = [make.block(f"b{n}", learner, n) for n in range(4)]
        rows[0] = replace(rows[0], state=BlockStatus.CLOSED)
        rows[2] = replace(rows[2], state=BlockStatus.CLOSED)
        other = replace(make.block("b9", make.learner(tx, "Bo"), 9), state=BlockStatus.CLOSED)
        for row in (*rows, other):
            tx.put_block(row)
        assert tx.closed_block(learner.id) == rows[2]


def test_a_block_is_found_by_the_beginning_of_its_id(store: Store, make: Make, learner: LearnerRow) -> None:
    """Capitals do not matter and wildcards are plain characters; only the learner's own blocks are found."""
    with store.begin() as tx:
        other = make.learner(tx, "Bo")
        rows = [make.block(name, learner, n) for n, name in enumerate(("ab-1", "ab-2", "a%-3"))]
        for row in (*rows, make.block("ab-4", other)):
            tx.put_block(row)
        assert tx.find_blocks(learner.id, "AB") == [rows[1], rows[0]]
        assert tx.find_blocks(learner.id, "ab", limit=1) == [rows[1]]
        assert tx.find_blocks(learner.id, "ab-1") == [rows[0]]
        assert tx.find_blocks(learner.id, "a%") == [rows[2]]
        assert tx.find_blocks(learner.id, "ab-4") == []


def test_a_block_has_one_owner(store: Store, make: Make) -> None:
    """A heartbeat holds only while nobody else took over; only the owner can give the block back."""
    now = make.noon
    with store.begin() as tx:
        assert tx.lease("b1") is None
        assert not tx.beat("b1", "first", now, 0)
        tx.take_lease("b1", "first", now, 1000)
        assert tx.beat("b1", "first", now + timedelta(seconds=4), 5000)
        assert tx.lease("b1") == LeaseRow("b1", "first", now + timedelta(seconds=4), 5000)
        tx.take_lease("b1", "second", now, 6000)
        assert not tx.beat("b1", "first", now, 9000)
        tx.release("b1", "first")
        assert tx.lease("b1") == LeaseRow("b1", "second", now, 6000)
        tx.release("b1", "second")
        assert tx.lease("b1") is None


def test_pace_is_taken_from_answers_before_a_time(answered: Store, make: Make, learner: LearnerRow) -> None:
    """The latest first and no more than asked for; blanks, later ones, others' and interrupted blocks' stay out."""
    with answered.begin() as tx:
        before = make.noon + timedelta(minutes=4)
        assert tx.elapsed_before(learner.id, before, 200) == [60_003, 60_002, 60_001, 60_000]
        assert tx.elapsed_before(learner.id, before, 2) == [60_003, 60_002]
        assert tx.elapsed_before(learner.id, make.noon, 200) == []
        later = make.noon + timedelta(hours=1)
        assert tx.elapsed_before(learner.id, later, 200)[0] == 60_004
        assert tx.elapsed_before("nobody", later, 200) == []
        tx.put_block(replace(make.block("b1", learner), interrupted=True))
        assert tx.elapsed_before(learner.id, later, 200) == []


def test_a_response_comes_back(store: Store, make: Make, learner: LearnerRow) -> None:
    """Every field survives, the served item and each change of answer among them."""
    bare = make.response(learner, make.question("q1", "o1"), "b1", 0)
    full = replace(
        bare,
        response=replace(
            bare.response,
            choice=None,
            correct=False,
            shown=False,
            time_ran_out=True,
            changes=(Change("a", "b", 5), Change("b", "c", 2**40)),
            struck=("x", "y"),
            marked=True,
            confidence=Confidence.GUESSED,
            reason=MissReason.BETWEEN_TWO,
            reason_after=MissReason.MISREAD,
            note="“so”\n\x1b",
        ),
        disciplines=(),
        rating=Rating.HARD,
        fresh=False,
        assess=True,
        rapid=True,
        retracted=True,
    )
    with store.begin() as tx:
        tx.put_block(make.block("b1", learner))
        tx.put_response(bare)
        assert tx.responses_of_block("b1") == [bare]
        tx.put_response(full)
        assert tx.responses_of_block("b1") == [full]


@pytest.fixture
def answered(store: Store, make: Make, learner: LearnerRow) -> Store:
    """Six responses in one block: the odd ones assessing, the last one left blank, the one before it retracted."""
    rows = [make.response(learner, make.question(f"q{n}", f"o{n % 2}"), "b1", n) for n in range(6)]
    rows = [replace(row, assess=bool(n % 2), fresh=n < 2) for n, row in enumerate(rows)]
    rows[4] = replace(rows[4], retracted=True)
    rows[5] = replace(rows[5], response=replace(rows[5].response, choice=None, correct=False))
    with store.begin() as tx:
        tx.put_block(make.block("b1", learner))
        for row in rows:
            tx.put_response(row)
    return store


def test_responses_meet_every_filter(answered: Store, make: Make, learner: LearnerRow) -> None:
    """Filters combine, and the order is that of time."""

    def positions(rows: Iterable[ResponseRow]) -> list[int]:
        return [row.response.position for row in rows]

    with answered.read() as tx:
        assert positions(tx.responses(learner.id)) == [0, 1, 2, 3, 4, 5]
        assert positions(tx.responses(learner.id, since=make.noon + timedelta(minutes=3))) == [3, 4, 5]
        assert positions(tx.responses(learner.id, assess=True)) == [1, 3, 5]
        assert positions(tx.responses(learner.id, fresh=True, assess=False)) == [0]
        assert positions(tx.responses(learner.id, retracted=True)) == [4]
        assert positions(tx.responses(learner.id, mode=Mode.TUTOR)) == []
        assert positions(tx.responses_of_objective(learner.id, "starter", "o1")) == [
            1,
            3,
            5,
        ]
        assert tx.responses_of_objective(learner.id, "own", "o1") == []


def test_the_latest_answers_are_told(answered: Store, learner: LearnerRow) -> None:
    """Blanks have no time to answer; a retracted response no longer counts as the latest."""
    with answered.begin() as tx:
        assert tx.last_elapsed(learner.id, limit=3) == [60_004, 60_003, 60_002]
        latest = tx.latest_response(learner.id)
        assert latest is not None
        assert latest.response.position == 5
        tx.put_response(replace(latest, retracted=True))
        earlier = tx.latest_response(learner.id)
        assert earlier is not None
        assert earlier.response.position == 3
        assert tx.latest_response("nobody") is None


def test_what_was_met_before_is_told_by_position(answered: Store, make: Make, learner: LearnerRow) -> None:
    """The first of each objective was new, the later ones not, one taken back among what came before; a shown one counts."""
    with answered.begin() as tx:
        assert tx.met_before("b1") == {2, 3, 4, 5}
        unseen = tx.responses_of_block("b1")[0]
        tx.put_response(replace(unseen, response=replace(unseen.response, shown=False)))
        assert tx.met_before("b1") == {3, 4, 5}
        assert tx.met_before("b2") == set()


def test_a_response_needs_its_block(store: Store, make: Make, learner: LearnerRow) -> None:
    """A response to a block that was never composed is refused."""
    with pytest.raises(ValueError, match="refused a row"), store.begin() as tx:
        tx.put_response(make.response(learner, make.question("q1", "o1"), "none", 0))


def test_totals_add_up_and_can_be_taken_back(store: Store, learner: LearnerRow) -> None:
    """Sums beyond 32 bits are held; adding a negative amount restores what was."""
    cardio, total = AreaTotal("system", "cardiovascular", 1, 1), LearnerTotals(1, 1, 2**40, 5)
    with store.begin() as tx:
        assert tx.learner_totals(learner.id) == LearnerTotals()
        tx.add_to_totals(learner.id, [cardio, AreaTotal("discipline", "anatomy", 1, 0)])
        tx.add_to_totals(learner.id, [cardio])
        tx.add_to_totals(learner.id, [])
        tx.add_to_learner_totals(learner.id, total)
        tx.add_to_learner_totals(learner.id, total)
        assert tx.area_totals(learner.id) == [
            AreaTotal("discipline", "anatomy", 1, 0),
            AreaTotal("system", "cardiovascular", 2, 2),
        ]
        assert tx.learner_totals(learner.id) == LearnerTotals(2, 2, 2**41, 10)
        tx.add_to_learner_totals(learner.id, LearnerTotals(-1, -1, -(2**40), -5))
        assert tx.learner_totals(learner.id) == total


def test_belief_settings_and_reports_come_back(store: Store, make: Make, learner: LearnerRow) -> None:
    """The belief is the text that was put; a setting is any JSON value, None included."""
    payload = {"kind": "score-report", "flags": [["row", "lower"]], "score": 0.1 + 0.2}
    report = ReportRow("e2", learner.id, make.day, payload)
    with store.begin() as tx:
        assert tx.belief(learner.id) is None
        tx.put_belief(learner.id, '{"mean":[0.1]}')
        tx.put_belief(learner.id, '{"mean": [0.30000000000000004]}')
        assert tx.belief(learner.id) == '{"mean": [0.30000000000000004]}'
        tx.put_setting(learner.id, "minutes", 60)
        tx.put_setting(learner.id, "minutes", 45.5)
        tx.put_setting(learner.id, "days", ["mon", "tue"])
        tx.put_setting(learner.id, "exam-date", None)
        assert tx.setting(learner.id, "minutes") == 45.5
        assert tx.setting(learner.id, "other") is None
        assert tx.settings(learner.id) == {"days": ["mon", "tue"], "exam-date": None, "minutes": 45.5}
        tx.put_report(report)
        tx.put_report(replace(report, event_id="e1"))
        tx.put_report(replace(report, removed=True))
        assert tx.reports(learner.id) == [replace(report, event_id="e1"), replace(report, removed=True)]


def fill(tx: Transaction, make: Make, learner: LearnerRow) -> None:
    """Something in every derived table."""
    tx.put_block(make.block("b1", learner))
    tx.put_response(make.response(learner, make.question("q1", "o1"), "b1", 0))
    tx.put_memory(
        MemoryRow(learner.id, "starter", "o1", 0.1 + 0.2, 5.0, make.day, 1, 0, 0.8, 9.5, 0.14, 0.2, "fsrs-6")
    )
    tx.put_question_use(QuestionUse(learner.id, "starter", "q1", "o1", 1, make.day, True))
    reviewed = (make.noon, make.day, Rating.EASY, make.noon, "e1")
    tx.put_imported_reviews([ImportedReview(learner.id, "starter", "o1", "q1", *reviewed)])
    tx.put_belief(learner.id, "{}")
    tx.add_to_totals(learner.id, [AreaTotal("system", "é", 1, 1)])
    tx.add_to_learner_totals(learner.id, LearnerTotals(1, 1, 1, 0))
    tx.put_setting(learner.id, "minutes", {"b": 1.5, "a": None})
    tx.put_report(ReportRow("e1", learner.id, make.day, {"z": 1, "a": 2}))


def test_derived_rows_can_be_thrown_away_and_made_again(
    store: Store, make: Make, learner: LearnerRow
) -> None:
    """The same rows have the same digest, a cleared learner has the digest of a new one, and others keep theirs."""
    with store.begin() as tx:
        other = make.learner(tx, "Bo")
        empty = tx.derived_digest(learner.id)
        fill(tx, make, learner)
        full = tx.derived_digest(learner.id)
        tx.put_setting(other.id, "minutes", 1)
        others = tx.derived_digest(other.id)
        assert full != empty
        tx.clear_derived(learner.id)
        assert tx.derived_digest(learner.id) == empty
        assert tx.derived_digest(other.id) == others
        fill(tx, make, learner)
        assert tx.derived_digest(learner.id) == full


def test_the_digest_is_the_same_on_every_database(store: Store, make: Make) -> None:
    """A rebuilt store can be compared with one that lives in another kind of database."""
    with store.begin() as tx:
        learner = LearnerRow("fixed-id", "Fixed")
        tx.put_learner(learner)
        fill(tx, make, learner)
        assert tx.derived_digest(learner.id) == "93bdb6dee20d1d5ea7fdd77f7fac6629"


def test_the_digest_sees_the_last_bit(store: Store, make: Make, learner: LearnerRow) -> None:
    """One unit in the last place of one float is another digest."""
    row = MemoryRow(learner.id, "starter", "o1", 0.3, 5.0, make.day, 1, 0, 0.3, 9.5, 0.49, 0.2, "fsrs-6")
    with store.begin() as tx:
        digests = set()
        for changed in (row, replace(row, kept=0.1 + 0.2), replace(row, stability_days=0.1 + 0.2)):
            tx.put_memory(changed)
            digests.add(tx.derived_digest(learner.id))
        assert len(digests) == 3
