"""The queries of every answer and every block find their rows by an index, however long the log and big the bank."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from qbank.core.event import EventKind
from qbank.store.answers import AnswerFilter
from qbank.store.offers import Offered
from qbank.store.rows import LearnerRow, QuestionUse
from qbank.store.store import Store, Transaction

Make = Any
MONDAY = datetime(2027, 1, 4, tzinfo=UTC)
PAIRS = [("b", "o1"), ("b", "o2"), ("c", "o1")]
OFFERED = Offered("l", MONDAY.date(), ("x",), frozenset({("b", "o")}))
BY_OBJECTIVE = "SEARCH question USING INDEX ix_question_objective (bank=? AND objective=?)"
USE_BY_ID = (
    "SEARCH question_use USING INDEX sqlite_autoindex_question_use_1 (learner=? AND bank=? AND question=?)"
)
USE_BY_OBJECTIVE = (
    "SEARCH question_use USING INDEX ix_question_use_objective (learner=? AND bank=? AND objective=?)"
)
BY_ID = "SEARCH question USING INDEX sqlite_autoindex_question_1 (bank=? AND id=?)"
VERSION = (
    "SEARCH question_version USING INDEX sqlite_autoindex_question_version_1 "
    "(bank=? AND question=? AND version=?)"
)
ONE_PROGRESS = "SEARCH progress USING PRIMARY KEY (learner=? AND bank=? AND objective=?)"
ONE_OBJECTIVE = "SEARCH objective USING PRIMARY KEY (bank=? AND id=?)"
BY_CEILING = "SEARCH progress USING INDEX ix_progress_ceiling (learner=? AND ceiling_of=?)"
RESPONSES = "SEARCH response USING INDEX ix_response_learner_at (learner=?)"

QUERIES: dict[str, tuple[Callable[[Transaction], object], set[str]]] = {
    "block_steps": (lambda tx: tx.block_steps("b"), {"SEARCH event USING INDEX ix_event_block (block=?)"}),
    "last_event": (
        lambda tx: tx.last_event("l", [EventKind.SETTING]),
        {"SEARCH event USING INDEX ix_event_learner_kind (learner=? AND kind=?)"},
    ),
    "latest_at": (
        lambda tx: tx.latest_at("l"),
        {"SEARCH event USING COVERING INDEX ix_event_learner_at (learner=?)"},
    ),
    "responses_of_objective": (
        lambda tx: tx.responses_of_objective("l", "b", "o"),
        {"SEARCH response USING INDEX ix_response_objective (learner=? AND bank=? AND objective=?)"},
    ),
    "responses_of_block": (
        lambda tx: tx.responses_of_block("b"),
        {"SEARCH response USING INDEX sqlite_autoindex_response_1 (block=?)"},
    ),
    "met_before": (
        lambda tx: tx.met_before("b"),
        {
            "SEARCH response USING INDEX sqlite_autoindex_response_1 (block=?)",
            "SEARCH response_1 USING INDEX ix_response_objective (learner=? AND bank=? AND objective=? AND at<?)",
        },
    ),
    "last_elapsed": (lambda tx: tx.last_elapsed("l"), {RESPONSES}),
    "elapsed_before": (
        lambda tx: tx.elapsed_before("l", MONDAY, 200),
        {
            "SEARCH response USING INDEX ix_response_learner_at (learner=? AND at<?)",
            "SEARCH block USING INDEX sqlite_autoindex_block_1 (id=?)",
        },
    ),
    "latest_response": (lambda tx: tx.latest_response("l"), {RESPONSES}),
    "miss_reasons": (lambda tx: tx.miss_reasons("l"), {RESPONSES}),
    "misses": (
        lambda tx: list(tx.misses("l")),
        {"SEARCH response USING INDEX ix_response_objective (learner=?)"},
    ),
    "latest_notes": (lambda tx: tx.latest_notes("l", 5), {RESPONSES}),
    "open_block": (
        lambda tx: tx.open_block("l"),
        {"SEARCH block USING INDEX ix_block_learner_state (learner=? AND state=?)"},
    ),
    "closed_block": (
        lambda tx: tx.closed_block("l"),
        {"SEARCH block USING INDEX ix_block_learner_state (learner=? AND state=?)"},
    ),
    "blocks": (lambda tx: tx.blocks("l"), {"SEARCH block USING INDEX ix_block_learner_composed (learner=?)"}),
    "find_blocks": (
        lambda tx: tx.find_blocks("l", "b"),
        {"SEARCH block USING INDEX ix_block_learner_composed (learner=?)"},
    ),
    "memory": (lambda tx: tx.memory("l", "b", "o"), {ONE_PROGRESS}),
    "question_use": (lambda tx: tx.question_use("l", "b", "q"), {USE_BY_ID}),
    "question_choices": (
        lambda tx: tx.question_choices("l", PAIRS),
        {BY_OBJECTIVE, f"{USE_BY_ID} LEFT-JOIN"},
    ),
    "current_key": (lambda tx: tx.current_key("b", "q", []), {BY_ID, VERSION}),
    "kind_counts": (
        lambda tx: tx.kind_counts(OFFERED),
        {"SCAN objective USING COVERING INDEX ix_objective_kind", f"{ONE_PROGRESS} LEFT-JOIN"},
    ),
    "met_without_ceiling": (lambda tx: tx.met_without_ceiling(OFFERED), {BY_CEILING, ONE_OBJECTIVE}),
    "met_by_ceiling": (lambda tx: list(tx.met_by_ceiling(OFFERED, "s")), {BY_CEILING, ONE_OBJECTIVE}),
    "named": (lambda tx: tx.named(OFFERED, PAIRS), {ONE_OBJECTIVE, f"{ONE_PROGRESS} LEFT-JOIN"}),
    "met": (
        lambda tx: list(tx.met("l")),
        {"SEARCH progress USING PRIMARY KEY (learner=?)", ONE_OBJECTIVE},
    ),
    "cell_counts": (
        lambda tx: tx.cell_counts(),
        {"SCAN objective USING COVERING INDEX ix_objective_kind"},
    ),
    "candidates": (lambda tx: tx.candidates("l"), {"SCAN objective", f"{ONE_PROGRESS} LEFT-JOIN"}),
}


def plans(store: Store, work: Callable[[Transaction], object]) -> set[str]:
    """How SQLite looks for rows in each statement that `work` runs."""
    ran: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        ran.append((statement, parameters))

    with store.begin() as tx:
        event.listen(tx._connection, "before_cursor_execute", note)
        work(tx)
        event.remove(tx._connection, "before_cursor_execute", note)
        steps = [
            row[3]
            for statement, parameters in ran
            for row in tx._connection.exec_driver_sql(f"explain query plan {statement}", parameters)
        ]
    return {step for step in steps if step.startswith(("SEARCH", "SCAN")) and "VALUES" not in step}


@pytest.mark.parametrize("name", QUERIES)
def test_rows_are_found_by_an_index(sqlite_store: Store, name: str) -> None:
    """SQLite plans without statistics, so a table's second index can tempt it into walking a whole bank."""
    work, expected = QUERIES[name]
    assert plans(sqlite_store, work) == expected


def test_an_unmet_objective_is_found_among_its_kind(sqlite_store: Store) -> None:
    """A draw by rank walks one kind of one bank, not the bank."""
    found = plans(sqlite_store, lambda tx: tx.unmet_at(OFFERED, ("s", "c", "d", "l"), ["b"], []))
    of_kind = "system=? AND section=? AND disciplines=? AND likelihood=? AND bank=?"
    assert f"SEARCH objective USING INDEX ix_objective_kind ({of_kind})" in found
    assert f"{ONE_PROGRESS} LEFT-JOIN" in found
    assert not any("SCAN objective" in step for step in found)


def test_noting_a_use_reads_one_objective(sqlite_store: Store, make: Make) -> None:
    """What follows for the objective is counted over its own questions only."""
    with sqlite_store.begin() as tx:
        learner: LearnerRow = make.learner(tx, "Ada")
    use = QuestionUse(learner.id, "b", "q", "o", 1, make.day)
    assert plans(sqlite_store, lambda tx: tx.put_question_use(use)) == {USE_BY_OBJECTIVE, BY_ID}


def test_recounting_a_bank_walks_it_once(sqlite_store: Store, make: Make) -> None:
    """Each objective's questions are looked up, never the whole bank for each objective."""
    with sqlite_store.begin() as tx:
        make.load(tx, make.question("q1", "o1"))
    found = plans(sqlite_store, lambda tx: tx.retire_missing("starter"))
    assert "SEARCH other USING INDEX ix_question_objective (bank=? AND objective=?)" in found
    assert {USE_BY_OBJECTIVE, BY_ID} <= found
    assert not any("(bank=?)" in step and "other" in step for step in found)


def test_past_answers_and_blocks_are_read_along_their_index(sqlite_store: Store, make: Make) -> None:
    """The latest first without sorting, so that a page costs the same however long the log is."""
    along = {
        "SEARCH response USING INDEX ix_response_learner_at (learner=?)",
        "SEARCH objective USING PRIMARY KEY (bank=? AND id=?)",
    }
    assert plans(sqlite_store, lambda tx: list(tx.past_answers("l", AnswerFilter(), limit=51))) == along
    missed = AnswerFilter(correct=False, system="cardiovascular")
    assert plans(sqlite_store, lambda tx: list(tx.past_answers("l", missed))) == along
    assert plans(sqlite_store, lambda tx: list(tx.past_blocks("l", limit=51))) == {
        "SEARCH block USING INDEX ix_block_learner_composed (learner=?)",
        "SEARCH block_sums USING INDEX sqlite_autoindex_block_sums_1 (block=?) LEFT-JOIN",
    }
