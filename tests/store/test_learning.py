"""Memory, the use of questions, and the candidates that follow from both."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.core.candidates import Candidate
from qbank.core.question import in_reserve
from qbank.core.serving import Choice
from qbank.store.rows import BankKind, LearnerRow, MemoryRow, QuestionUse
from qbank.store.store import Store

Make = Any
LUNG = "respiratory-renal"
OPEN = [name for name in (f"o{n}" for n in range(60)) if not in_reserve(name)][:6]
RESERVED = next(name for name in (f"o{n}" for n in range(60)) if in_reserve(name))
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def a_memory(learner: LearnerRow, objective: str = "o1") -> MemoryRow:
    return MemoryRow(
        learner.id,
        "starter",
        objective,
        0.1 + 0.2,
        5.5,
        date(2027, 1, 4),
        3,
        1,
        0.75,
        9.5,
        0.175,
        0.2,
        "fsrs-6",
    )


@given(stability_days=FINITE, kept=FINITE, taught_days=FINITE)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_memory_comes_back_to_the_bit(
    store: Store, learner: LearnerRow, stability_days: float, kept: float, taught_days: float
) -> None:
    """No digit of a float is lost, in either database."""
    row = replace(a_memory(learner), stability_days=stability_days, kept=kept, taught_days=taught_days)
    with store.begin() as tx:
        tx.put_memory(row)
        found = tx.memory(learner.id, "starter", "o1")
        assert found == row
        assert tx.memories(learner.id) == [row]


def test_a_memory_can_be_forgotten(store: Store, learner: LearnerRow) -> None:
    """After its only review is retracted an objective has no memory, but what was seen stays seen."""
    use = QuestionUse(learner.id, "starter", "q1", "o1", served_count=1, last_day=date(2027, 1, 4))
    with store.begin() as tx:
        assert tx.memory(learner.id, "starter", "o1") is None
        tx.put_memory(a_memory(learner))
        tx.put_question_use(use)
        tx.forget(learner.id, "starter", "o1")
        assert tx.memory(learner.id, "starter", "o1") is None
        assert tx.question_use(learner.id, "starter", "q1") == use


def test_the_use_of_a_question_comes_back(store: Store, learner: LearnerRow) -> None:
    """Every field survives, unknown ones as None."""
    full = QuestionUse(learner.id, "starter", "q1", "o1", 3, date(2027, 1, 4), False, True, True)
    bare = QuestionUse(learner.id, "starter", "q2", "o1")
    with store.begin() as tx:
        tx.put_question_use(bare)
        tx.put_question_use(replace(full, served_count=1))
        tx.put_question_use(full)
        assert tx.question_use(learner.id, "starter", "q1") == full
        assert tx.question_use(learner.id, "starter", "q2") == bare
        assert tx.question_use(learner.id, "own", "q1") is None


def test_a_candidate_has_its_blueprint_its_memory_and_what_was_seen(
    store: Store, make: Make, learner: LearnerRow
) -> None:
    """One row an objective, by (bank, id), with None where there is no memory yet."""
    first, second = OPEN[0], OPEN[1]
    day = date(2027, 1, 4)
    with store.begin() as tx:
        make.load(tx, *(make.question(f"{name}-{n}", name) for name in (first, second) for n in (1, 2)))
        tx.put_memory(a_memory(learner, first))
        tx.put_question_use(QuestionUse(learner.id, "starter", f"{first}-1", first, 2, day))
        rows = tx.candidates(learner.id)
    area = ("cardiovascular", "cardiovascular", "anatomy pathology", "", "medium")
    assert rows == [
        Candidate("starter", first, *area, 2, 1, 0.1 + 0.2, day, 0.75, 9.5, 0.175, 0.2, day),
        Candidate("starter", second, *area, 2, 2, None, None, None, None, None, None, None),
    ]
    assert type(rows[0]) is Candidate


def test_the_oldest_day_is_of_the_question_seen_longest_ago(
    store: Store, make: Make, learner: LearnerRow
) -> None:
    """It is what a repeat would be counted from; a flagged question is neither unseen nor there to repeat."""
    name, day = OPEN[0], date(2027, 1, 4)
    with store.begin() as tx:
        make.load(tx, *(make.question(f"q{n}", name) for n in (1, 2, 3)))

        def seen() -> tuple[int, date | None]:
            row = tx.candidates(learner.id)[0]
            return row.n_unseen, row.oldest_day

        first = QuestionUse(learner.id, "starter", "q1", name, 1, day)
        tx.put_question_use(first)
        tx.put_question_use(QuestionUse(learner.id, "starter", "q2", name, 1, day + timedelta(days=9)))
        assert seen() == (1, day)
        tx.put_question_use(replace(first, served_count=2, last_day=day + timedelta(days=20)))
        assert seen() == (1, day + timedelta(days=9))
        tx.put_question_use(QuestionUse(learner.id, "starter", "q3", name, flagged=True))
        assert seen() == (0, day + timedelta(days=9))
        tx.put_question_use(QuestionUse(learner.id, "starter", "q2", name, 1, day, flagged=True))
        assert seen() == (0, day + timedelta(days=20))


def test_candidates_meet_every_filter(store: Store, make: Make, learner: LearnerRow) -> None:
    """The reserve, areas and banks each narrow what is given."""
    with store.begin() as tx:
        make.load(tx, make.question("q1", OPEN[0]), make.question("q2", RESERVED))
        lung = replace(make.objective(OPEN[1]), system=LUNG, disciplines=("anatomy",), task="diagnosis")
        tx.upsert_questions("starter", [lung], [make.question("q3", OPEN[1])])
        make.load(tx, make.question("q4", OPEN[2], "other"), kind=BankKind.IMPORTED)

        def names(rows: list[Candidate]) -> set[str]:
            return {row.objective for row in rows}

        assert names(tx.candidates(learner.id)) == {OPEN[0], OPEN[1], OPEN[2]}
        assert names(tx.candidates(learner.id, reserve=None)) == {OPEN[0], OPEN[1], OPEN[2], RESERVED}
        assert names(tx.candidates(learner.id, reserve=True)) == {RESERVED}
        assert names(tx.candidates(learner.id, system=LUNG)) == {OPEN[1]}
        assert names(tx.candidates(learner.id, discipline="pathology")) == {OPEN[0], OPEN[2]}
        assert names(tx.candidates(learner.id, discipline="anatomy", system=LUNG, task="diagnosis")) == {
            OPEN[1]
        }
        assert names(tx.candidates(learner.id, banks=["other"])) == {OPEN[2]}
        assert names(tx.candidates(learner.id, banks=[])) == set()
        assert names(tx.candidates(learner.id, without_banks=["other"])) == {OPEN[0], OPEN[1]}


def test_one_learners_rows_are_not_anothers(store: Store, make: Make, learner: LearnerRow) -> None:
    """Two learners share a store and a bank, and nothing else."""
    with store.begin() as tx:
        other = make.learner(tx, "Bo")
        make.load(tx, make.question("q1", OPEN[0]))
        tx.put_memory(a_memory(learner, OPEN[0]))
        tx.put_question_use(QuestionUse(learner.id, "starter", "q1", OPEN[0], 1, make.day, True, True))
        row = tx.candidates(other.id)[0]
        assert (row.stability_days, row.n_unseen) == (None, 1)
        assert tx.question_choices(other.id, [("starter", OPEN[0])])[0].served_count == 0
        assert tx.objectives_used(other.id, marked=True) == set()
        assert tx.memories(other.id) == []


def test_choices_are_the_live_questions_of_the_picked_objectives(
    store: Store, make: Make, learner: LearnerRow
) -> None:
    """Each comes with what became of it; nothing of other objectives or banks."""
    with store.begin() as tx:
        make.load(tx, *(make.question(f"q{n}", f"o{n % 2}") for n in range(4)))
        make.load(tx, make.question("q1", "o1", "other"), kind=BankKind.IMPORTED)
        tx.put_question_use(QuestionUse(learner.id, "starter", "q1", "o1", 2, make.day, False, True, False))
        tx.retire_missing("other")
        found = tx.question_choices(learner.id, [("starter", "o1"), ("other", "o1"), ("starter", "none")])
    assert found == [
        Choice("starter", "q1", "o1", 2, make.day, False, True, False),
        Choice("starter", "q3", "o1", 0, None, None, False, False),
    ]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [({"missed": True}, {"a"}), ({"marked": True}, {"b"}), ({"flagged": True}, {"c"}), ({}, set())],
)
def test_objectives_are_found_by_what_became_of_their_questions(
    store: Store, learner: LearnerRow, wanted: dict[str, bool], expected: set[str]
) -> None:
    """`missed` goes by the last answer; several wishes must hold of one question."""
    with store.begin() as tx:
        tx.put_question_use(QuestionUse(learner.id, "starter", "qa", "a", 1, None, False))
        tx.put_question_use(QuestionUse(learner.id, "starter", "qb", "b", 1, None, True, True))
        tx.put_question_use(QuestionUse(learner.id, "starter", "qc", "c", 1, None, None, False, True))
        assert tx.objectives_used(learner.id, **wanted) == {("starter", name) for name in expected}
        assert tx.objectives_used(learner.id, missed=True, marked=True) == set()
        tx.put_question_use(QuestionUse(learner.id, "starter", "qa", "a", 2, None, False, True))
        assert tx.objectives_used(learner.id, missed=True, marked=True) == {("starter", "a")}
