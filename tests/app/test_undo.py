"""An answer that is taken back leaves everything as if it had not counted, except that its question was seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from worlds import World

from qbank.app.models import model_on
from qbank.app.outside import OutsidePractice, record_outside
from qbank.app.preferences import change
from qbank.app.record import record
from qbank.app.undo import undo_last
from qbank.core import block
from qbank.core.event import EventKind
from qbank.core.learned import nothing_learned
from qbank.core.response import Confidence, MissReason
from qbank.core.trace import Trace
from qbank.errors import NothingToDo
from qbank.store.rows import AreaTotal, LearnerTotals


@pytest.fixture
def world(tmp_path: Path, empty_sqlite: Path) -> Iterator[World]:
    """A learner on a Monday evening."""
    made = World(tmp_path / "home", template=empty_sqlite)
    made.load_bank()
    made.settle()
    yield made
    assert made.digest() == made.replayed_digest()
    made.close()


def answer(
    world: World,
    question: str,
    *,
    right: bool,
    reason: MissReason | None = None,
    said: Confidence | None = None,
) -> str:
    """One question in a block of its own; gives the block's id."""
    practice = world.single("starter", question)
    world.choose(practice, right=right)
    if said is not None:
        practice.do(block.Confident, level=said)
    if reason is not None:
        practice.do(block.Reason, reason=reason)
    practice.do(block.Reveal)
    practice.do(block.Submit)
    practice.finish()
    return practice.plan.id


def traces(world: World) -> dict[str, Trace]:
    with world.workspace.store.read() as tx:
        return {row.objective: row.trace for row in tx.memories(world.workspace.learner.id)}


def totals(world: World) -> tuple[LearnerTotals, list[AreaTotal]]:
    """The sums, without the areas that are back at nothing."""
    with world.workspace.store.read() as tx:
        learner = world.workspace.learner.id
        return tx.learner_totals(learner), [area for area in tx.area_totals(learner) if area.answered]


def test_belief_memory_and_totals_are_as_before(world: World) -> None:
    """To the bit, with practice elsewhere in between; only the last answer's objective is touched."""
    answer(world, "beta-1", right=True)
    record_outside(world.workspace, OutsidePractice("elsewhere", "cardiovascular", "", 22, 40, None))
    answer(world, "iota-1", right=False)
    before = world.belief(), world.memories(), traces(world), totals(world)
    answer(world, "zeta-1", right=True)
    assert world.belief() != before[0]
    undo_last(world.workspace)
    assert (world.belief(), world.memories(), traces(world), totals(world)) == before


def test_the_next_answer_becomes_the_first(world: World) -> None:
    """When the first answer to an objective is taken back, the belief rests on the second one, at its own place."""
    first = answer(world, "delta-1", right=True)
    world.pass_time(days=1)
    answer(world, "beta-1", right=False)
    answer(world, "delta-2", right=False)
    believed = world.belief()
    record(world.workspace, EventKind.RETRACTION, {"block": first, "position": 0})
    assert world.belief() != believed
    assert world.memories()["starter", "delta"].reps == 1
    assert traces(world)["delta"].kept < 0.2


def test_nothing_is_left_of_an_answer_whose_place_another_takes(world: World) -> None:
    """A miss and a lucky hit leave the same memory, and say different things of what was known."""
    miss = answer(world, "delta-1", right=False)
    answer(world, "delta-2", right=True, said=Confidence.GUESSED)
    before, missed = world.memories(), traces(world)["delta"]
    record(world.workspace, EventKind.RETRACTION, {"block": miss, "position": 0})
    assert world.memories() == before
    left = traces(world)["delta"]
    assert left.kept > 3 * missed.kept


def test_an_answer_that_was_no_review_leaves_the_trace_alone(world: World) -> None:
    """What the first answer of a day said then is not judged again by what is believed since."""
    answer(world, "delta-1", right=True)
    before = traces(world)["delta"]
    answer(world, "beta-1", right=False)
    answer(world, "delta-2", right=True)
    undo_last(world.workspace)
    assert traces(world)["delta"] == before


def test_a_later_answer_leaves_the_belief_alone(world: World) -> None:
    """Only first answers are evidence of what was known before; settings that changed since have no say."""
    answer(world, "delta-1", right=True)
    world.pass_time(days=1)
    answer(world, "delta-2", right=True)
    before = world.belief()
    change(world.workspace, "exam-date", "2028-03-01")
    undo_last(world.workspace)
    assert world.belief() == before
    assert world.memories()["starter", "delta"].reps == 1


def test_taken_back_on_two_devices_counts_once(world: World) -> None:
    """Both took the same answer back before their records met."""
    answer(world, "beta-1", right=True)
    name = answer(world, "delta-1", right=True)
    undo_last(world.workspace)
    before = world.digest()
    record(world.workspace, EventKind.RETRACTION, {"block": name, "position": 0})
    assert world.digest() == before
    assert totals(world)[0].answered == 1


def test_everything_can_be_taken_back(world: World) -> None:
    """Until nothing is left to take back; then the belief is that of a stranger."""
    for question in ("beta-1", "delta-1", "delta-2"):
        answer(world, question, right=False, reason=MissReason.MISREAD)
    for _ in range(3):
        undo_last(world.workspace)
    with pytest.raises(NothingToDo):
        undo_last(world.workspace)
    assert world.memories() == {}
    assert totals(world) == (LearnerTotals(), [])
    believed = world.belief()
    assert believed is not None
    assert believed == nothing_learned(model_on(world.workspace.exam, world.workspace.exam_day))
