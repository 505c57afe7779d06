"""Loading banks: nothing served is ever lost, and what changed is counted as what it is."""

from typing import Any

import pytest
from msgspec.structs import replace

from qbank.core.question import Kind, Objective, Option, Placing, in_reserve
from qbank.store.rows import BankKind, FileMark, LearnerRow, LoadCounts, QuestionUse
from qbank.store.store import Store

Make = Any
RESERVED = next(f"objective-{n}" for n in range(100) if in_reserve(f"objective-{n}"))


def test_a_question_comes_back_as_it_was_loaded(store: Store, make: Make) -> None:
    """Every field of a question and an objective survives."""
    question = replace(
        make.question("q1", "o1"),
        options=(Option("x", "Ä “quoted”\nnext line", False, "because\t1"), Option("y", "β", True)),
        remember="One sentence.",
        fixed_order=True,
        pinned=1,
        kind=Kind.RECALL,
    )
    objective = replace(
        make.objective("o1"), sources=("https://example.org",), task="diagnosis", likelihood="high"
    )
    with store.begin() as tx:
        tx.put_bank(make.bank())
        tx.upsert_questions("starter", [objective], [question])
        assert tx.question("starter", "q1") == question
        assert tx.question("starter", "q1", question.version) == question
        assert tx.objective("starter", "o1") == objective
        assert tx.question("starter", "q1", "0" * 32) is None
        assert tx.question("starter", "q2") is None
        assert tx.objective("starter", "o2") is None


def test_loading_again_changes_nothing(store: Store, make: Make) -> None:
    """The second load of the same questions finds them all unchanged."""
    questions = [make.question(f"q{n}", f"o{n // 2}") for n in range(6)]
    with store.begin() as tx:
        assert make.load(tx, *questions) == LoadCounts(new=6)
        assert make.load(tx, *questions) == LoadCounts(unchanged=6)
        assert tx.upsert_questions("starter", [], []) == LoadCounts()


def test_a_changed_question_is_a_new_version_and_the_old_one_stays(store: Store, make: Make) -> None:
    """An open block can show the version that it was composed of."""
    before = make.question("q1", "o1")
    after = replace(before, stem="Another case. Which?")
    with store.begin() as tx:
        make.load(tx, before)
        assert make.load(tx, after) == LoadCounts(changed=1)
        assert tx.question("starter", "q1") == after
        assert tx.question("starter", "q1", before.version) == before


def test_a_corrected_key_among_the_same_options_is_told(store: Store, make: Make) -> None:
    """Only then can old answers be marked anew; with other options they cannot."""
    before = make.question("q1", "o1")
    ids = [option.id for option in before.options]
    corrected = make.question("q1", "o1", key=2)
    replaced = replace(corrected, options=(Option("new", "new", True), *corrected.options[1:]))
    with store.begin() as tx:
        make.load(tx, before)
        assert tx.current_key("starter", "q1", ids) == ids[0]
        assert make.load(tx, corrected) == LoadCounts(changed=1, rekeyed=("q1",))
        assert tx.current_key("starter", "q1", ids[::-1]) == ids[2]
        assert make.load(tx, replaced).rekeyed == ()
        assert tx.current_key("starter", "q1", ids) is None
        assert tx.current_key("starter", "none", ids) is None


def test_a_question_that_left_its_file_is_retired_and_comes_back(store: Store, make: Make) -> None:
    """Retired questions are not served, stay readable, and live again when they are loaded again."""
    kept, gone, other = make.question("kept", "o1"), make.question("gone", "o1"), make.question("other", "o2")
    with store.begin() as tx:
        make.load(tx, kept, gone, other)
        assert tx.retire_missing("starter", keep={"kept"}, paths={"o1.md", "none.md"}) == 1
        assert tx.retire_missing("starter", keep={"kept"}, paths={"o1.md"}) == 0
        assert [row.id for row in tx.list_questions()] == ["kept", "other"]
        assert [row.id for row in tx.list_questions(retired=True)] == ["gone"]
        assert tx.question("starter", "gone") == gone
        assert tx.bank_counts().questions == 2
        assert make.load(tx, kept, gone) == LoadCounts(changed=1, unchanged=1)
        assert tx.bank_counts().questions == 3


def test_an_objective_without_live_questions_is_no_candidate(
    store: Store, make: Make, learner: LearnerRow
) -> None:
    """Retiring a bank retires its objectives; one that never had a question is still there to read about."""
    with store.begin() as tx:
        make.load(tx, make.question("q1", "o1"))
        tx.upsert_questions("starter", [make.objective("empty")], [])
        assert [row.objective for row in tx.candidates(learner.id, reserve=None)] == ["o1"]
        assert [item.id for item in tx.objectives()] == ["empty", "o1"]
        assert tx.retire_missing("starter") == 1
        assert tx.candidates(learner.id, reserve=None) == []
        assert [item.id for item in tx.objectives()] == ["empty"]


def test_a_question_can_move_to_another_objective_and_file(
    store: Store, make: Make, learner: LearnerRow
) -> None:
    """Counts follow it to where it is now."""
    first, second = make.question("q1", "o1"), make.question("q2", "o1")
    with store.begin() as tx:
        make.load(tx, first, second)
        assert make.load(tx, replace(second, objective="o2")) == LoadCounts(unchanged=1, replaced=True)
        counts = {row.objective: row.n_questions for row in tx.candidates(learner.id, reserve=None)}
        assert counts == {"o1": 1, "o2": 1}
        assert [row.path for row in tx.list_questions()] == ["o1.md", "o2.md"]


def test_a_changed_objective_is_told_though_no_question_changed(store: Store, make: Make) -> None:
    """Old answers count for another area then; what is new has no old answers."""
    question = make.question("q1", "o1")
    moved = replace(make.objective("o1"), system="respiratory-renal")
    with store.begin() as tx:
        assert not make.load(tx, question).needs_replay
        counts = tx.upsert_questions("starter", [moved, make.objective("o2")], [question])
        assert counts == LoadCounts(unchanged=1, replaced=True)
        assert counts.needs_replay
        assert not tx.upsert_questions("starter", [moved], [question]).needs_replay
        assert not tx.upsert_questions("starter", [make.objective("o3")], [question]).needs_replay


def test_a_learners_own_bank_overrides_by_id(store: Store, make: Make, learner: LearnerRow) -> None:
    """Their edit is served in place of the bundled question until they take it away again."""
    with store.begin() as tx:
        make.load(tx, make.question("q1", "o1"), make.question("q2", "o2"), make.question("q3", "o3"))
        make.load(
            tx, make.question("q1", "mine", "own"), make.question("new", "o2", "own"), kind=BankKind.OWN
        )
        live = [(row.bank, row.objective) for row in tx.candidates(learner.id, reserve=None)]
        assert live == [("own", "mine"), ("own", "o2"), ("starter", "o3")]
        make.load(tx, make.question("q4", "o2"))
        assert ("starter", "o2") not in [
            (r.bank, r.objective) for r in tx.candidates(learner.id, reserve=None)
        ]
        tx.retire_missing("own")
        assert {row.bank for row in tx.candidates(learner.id, reserve=None)} == {"starter"}
        assert len(tx.candidates(learner.id, reserve=None)) == 3


def test_a_learners_own_objectives_are_never_in_reserve(
    store: Store, make: Make, learner: LearnerRow
) -> None:
    """What was written to be practised is not withheld; the bundled one of the same id is."""
    with store.begin() as tx:
        make.load(tx, make.question("q1", RESERVED))
        assert tx.candidates(learner.id) == []
        assert len(tx.candidates(learner.id, reserve=True)) == 1
        make.load(tx, make.question("q2", RESERVED, "own"), kind=BankKind.OWN)
        assert [row.bank for row in tx.candidates(learner.id)] == ["own"]


def test_seen_questions_are_counted_among_the_live_ones(
    store: Store, make: Make, learner: LearnerRow
) -> None:
    """Retiring a seen question, or loading a bank after its log, brings the objective's counts to date."""
    use = QuestionUse(learner.id, "starter", "q1", "o1", served_count=1, last_day=make.day)
    with store.begin() as tx:
        tx.put_question_use(use)
        make.load(tx, make.question("q1", "o1"), make.question("q2", "o1"))
        row = tx.candidates(learner.id, reserve=None)[0]
        assert (row.n_questions, row.n_unseen, row.oldest_day) == (2, 1, make.day)
        tx.retire_missing("starter", keep={"q2"})
        row = tx.candidates(learner.id, reserve=None)[0]
        assert (row.n_questions, row.n_unseen, row.oldest_day) == (1, 1, None)


def test_file_marks_are_kept_by_path(store: Store, make: Make) -> None:
    """Marks are added, replaced and forgotten one by one, and sizes and times beyond 32 bits are held."""
    with store.begin() as tx:
        tx.put_bank(make.bank())
        tx.put_file_marks("starter", {"a.md": (1, 2**60, "h1"), "b.md": (2**40, 4, "h2")})
        tx.put_file_marks("starter", {"a.md": (5, 6, "h3")}, removed=["b.md"])
        assert tx.file_marks("starter") == {"a.md": FileMark(5, 6, "h3")}
        assert tx.file_marks("own") == {}


def test_banks_are_named(store: Store, make: Make) -> None:
    """What is said about a bank can change; its id stays."""
    with store.begin() as tx:
        tx.put_bank(make.bank("b"))
        tx.put_bank(make.bank("a", BankKind.IMPORTED))
        renamed = replace(make.bank("b"), name="Other")
        tx.put_bank(renamed)
        assert tx.banks() == [make.bank("a", BankKind.IMPORTED), renamed]


def test_questions_need_their_bank_and_objective(store: Store, make: Make) -> None:
    """A question of another bank, or of an objective that nobody gave, is refused with everything around it."""
    with store.begin() as tx:
        tx.put_bank(make.bank())
    with pytest.raises(ValueError, match="must be of the bank 'starter'"), store.begin() as tx:
        tx.upsert_questions("starter", [], [make.question("q1", "o1", "own")])
    with pytest.raises(ValueError, match="refused a row"), store.begin() as tx:
        tx.upsert_questions("starter", [make.objective("o2")], [make.question("q1", "o1")])
    with store.read() as tx:
        assert tx.objectives() == []


def test_a_question_that_moved_probes_its_new_objective(store: Store, make: Make) -> None:
    """Its text is the same version; the version that was served still says what it was served for."""
    before = make.question("q1", "o1")
    with store.begin() as tx:
        make.load(tx, before, make.question("q2", "o2"))
        tx.upsert_questions("starter", [], [replace(before, objective="o2")])
        assert tx.question("starter", "q1") == replace(before, objective="o2")
        assert tx.question("starter", "q1", before.version) == before


@pytest.mark.parametrize("placing", list(Placing))
def test_who_placed_an_objective_is_kept(store: Store, make: Make, placing: Placing) -> None:
    """Those that are only suggested are listed."""
    question = make.question("q1", "o1")
    objective = replace(make.objective("o1"), placing=placing, text='Ends like "placing":"suggested"}')
    with store.begin() as tx:
        tx.put_bank(make.bank())
        tx.upsert_questions("starter", [objective], [question])
        assert tx.objective("starter", "o1") == objective
        suggested = {("starter", "o1")} if placing is Placing.SUGGESTED else set()
        assert tx.suggested_objectives() == suggested
        assert tx.upsert_questions("starter", [objective], [question]) == LoadCounts(unchanged=1)


def test_an_objective_is_stored_as_before_it_could_be_suggested() -> None:
    """So that loading the same file with a newer program changes nothing."""
    stored = b'{"bank":"b","id":"o","text":"t","system":"s","section":"","disciplines":["d"],"task":"",'
    stored += b'"likelihood":"medium","sources":[],"review":"draft"}'
    assert Objective("b", "o", "t", "s", disciplines=("d",)).payload == stored


def test_objectives_without_a_system_and_answered_ones(store: Store, make: Make) -> None:
    """By bank; whoever answered."""
    with store.begin() as tx:
        make.load(tx, make.question("q1", "o1"), make.question("q2", "o2"))
        tx.upsert_questions("starter", [replace(make.objective("o2"), system="")], [])
        assert tx.unplaced_objectives(["starter"]) == {("starter", "o2")}
        assert tx.unplaced_objectives([]) == set()
        assert tx.objectives_answered("starter") == set()
        tx.put_learner(LearnerRow("l", "me"))
        tx.put_question_use(QuestionUse("l", "starter", "q1", "o1", served_count=1))
        assert tx.objectives_answered("starter") == {"o1"}
        assert tx.objectives_answered("own") == set()
