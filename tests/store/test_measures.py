"""What measures a learner is found, and only that; and what is left to measure with."""

from typing import Any

import pytest
from msgspec.structs import replace

from qbank.core.insight.block_sums import BlockSums, Closed
from qbank.core.insight.measured import MeasuredAnswer
from qbank.store.rows import LearnerRow, Purpose, QuestionUse
from qbank.store.store import Store

Make = Any


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("timed", [True, False])
@pytest.mark.parametrize("interrupted", [True, False])
def test_only_timed_blocks_that_measure_and_ran_through_count(
    store: Store, make: Make, learner: LearnerRow, purpose: Purpose, timed: bool, interrupted: bool
) -> None:
    """And of them only the learner's own."""
    with store.begin() as tx:
        other = make.learner(tx, "Bo")
        make.load(tx, make.question("q1", "beta"))
        for name, who in (("b1", learner), ("b2", other)):
            tx.put_block(make.block(name, who))
            tx.put_response(make.response(who, make.question("q1", "beta"), name, 0))
            sums = Closed(name, make.day, timed, purpose.value, interrupted, True, None, BlockSums())
            tx.put_block_sums(who.id, sums)
        found = tx.measured_answers(learner.id)
    counts = purpose.measures and timed and not interrupted
    expected = [MeasuredAnswer("b1", make.day, "cardiovascular", True, True, False)] if counts else []
    assert found == expected


@pytest.mark.parametrize("fault", ["none", "retracted", "seen", "met before", "only listed before"])
def test_only_first_answers_that_stand_count(
    store: Store, make: Make, learner: LearnerRow, fault: str
) -> None:
    """Not what was taken back, seen before, or of an objective that was shown in an earlier block."""
    with store.begin() as tx:
        make.load(tx, make.question("q1", "beta"), make.question("q2", "beta"))
        tx.put_block(make.block("b1", learner))
        row = make.response(learner, make.question("q1", "beta"), "b1", 5)
        tx.put_response(replace(row, retracted=fault == "retracted", fresh=fault != "seen"))
        tx.put_block_sums(learner.id, Closed("b1", make.day, True, "assess", False, True, None, BlockSums()))
        if "before" in fault:
            tx.put_block(make.block("b0", learner))
            earlier = make.response(learner, make.question("q2", "beta"), "b0", 0)
            shown = fault == "met before"
            tx.put_response(replace(earlier, response=replace(earlier.response, shown=shown)))
        found = tx.measured_answers(learner.id)
    assert len(found) == (fault in ("none", "only listed before"))


def test_the_reserve_is_fresh_until_one_of_its_questions_is_served(
    store: Store, make: Make, learner: LearnerRow
) -> None:
    """Objectives outside of it, or without a place, are none of it."""
    names = [f"objective-{number}" for number in range(40)]
    with store.begin() as tx:
        make.load(tx, *[make.question(f"{name}-q", name) for name in names])
        held = [row.objective for row in tx.candidates(learner.id, reserve=True)]
        assert 0 < len(held) < len(names)
        assert tx.fresh_reserve(learner.id) == len(held)
        tx.put_question_use(QuestionUse(learner.id, "starter", f"{held[0]}-q", held[0], 1, make.day, True))
        assert tx.fresh_reserve(learner.id) == len(held) - 1
        assert tx.fresh_reserve("nobody") == len(held)
