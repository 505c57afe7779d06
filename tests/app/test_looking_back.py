"""A closed block looked at again: what is on record, what can still be added, and whose pace it is held against."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from worlds import World, rekeyed

from qbank.app.composing import Request, compose_block
from qbank.app.looking_back import ClosedBlock, closed_block_id, review_block
from qbank.app.practice import Practice
from qbank.app.rebuild import rebuild
from qbank.app.undo import undo_last
from qbank.core import block
from qbank.core.looking_back import PACE_LEAST, ChangeKind, LookFilter, Outcome, ReturnWhy, positions
from qbank.core.memory import due_on
from qbank.core.mending import mending
from qbank.core.response import Confidence, MissReason, Mode
from qbank.errors import IllegalStep, NotFound, UsageError


@pytest.fixture
def world(tmp_path: Path, empty_sqlite: Path) -> Iterator[World]:
    """A learner on a Monday evening; whatever is added later is what a replay gives."""
    made = World(tmp_path / "home", template=empty_sqlite)
    made.load_bank()
    made.settle()
    yield made
    assert made.digest() == made.replayed_digest()
    made.close()


def composed(world: World, size: int = 4) -> Practice:
    """A timed block."""
    block_id = compose_block(world.workspace, Request(size=size, seed=5)).block_id
    return Practice(world.workspace, block_id)


def practised(world: World) -> str:
    """A closed timed block of four: right after a change, missed, left blank, never reached; gives its id."""
    practice = composed(world)
    practice.do(block.Show, position=0)
    world.choose(practice, right=False)
    world.choose(practice, right=True)
    practice.do(block.Confident, level=Confidence.UNSURE)
    practice.do(block.Show, position=1)
    world.choose(practice, right=False)
    practice.do(block.Strike, option=practice.item(1).option_order[0])
    practice.do(block.Mark)
    practice.do(block.Show, position=2)
    world.pass_time(seconds=5)
    practice.do(block.Submit)
    practice.finish()
    return practice.plan.id


def test_a_block_is_read_back_from_the_record(world: World) -> None:
    """Outcomes, letters, times, the change and what was expected are those of the block."""
    block_id = practised(world)
    found = review_block(world.workspace, block_id)
    first, second, third, fourth = found.questions
    assert [one.outcome for one in found.questions] == [
        Outcome.RIGHT,
        Outcome.MISSED,
        Outcome.BLANK,
        Outcome.NOT_REACHED,
    ]
    assert (first.seconds, second.seconds, third.seconds, fourth.seconds) == (120, 60, 5, 0)
    assert first.change is ChangeKind.WRONG_TO_RIGHT
    assert first.confidence is Confidence.UNSURE
    assert (second.marked, second.struck) == (True, ("A",))
    assert second.title.startswith("Know ")
    assert (found.totals.right, found.totals.asked) == (1, 3)
    with world.workspace.store.read() as tx:
        row = tx.block(block_id)
    assert row is not None
    assert found.totals.expected == pytest.approx(sum(row.plan["expected"][:3]))
    memories = world.memories()
    assert second.comes_back_on == due_on(memories[second.bank, second.objective])
    assert (fourth.comes_back_on, fourth.comes_back_why) == (None, ReturnWhy.UNMET)


def test_the_time_spent_reading_is_told(world: World) -> None:
    """In a tutor block the time after the key is reading, and the time before it is the question's."""
    practice = world.single("starter", "beta-1")
    world.choose(practice, right=False)
    practice.do(block.Reveal)
    world.pass_time(seconds=40)
    practice.do(block.Submit)
    found = review_block(world.workspace, practice.plan.id).questions[0]
    assert (found.seconds, found.reading_seconds) == (60, 40)


def test_a_reason_and_a_note_still_come_to_a_closed_block(world: World) -> None:
    """They are on record as if they had come at once, change the plan, and nobody had to own the block for it."""
    closed = ClosedBlock(world.workspace, practised(world))
    closed.do(block.ReasonAfter, position=1, reason=MissReason.BETWEEN_TWO)
    closed.do(block.Note, position=2, text="look this up")
    assert closed.review.questions[1].reason is MissReason.BETWEEN_TWO
    assert closed.review.questions[2].note == "look this up"
    assert [mend.reason for mend in mending(closed.review)] == [MissReason.BETWEEN_TWO, None]
    assert [row.response.note for row in world.responses()] == ["", "", "look this up", ""]
    with world.workspace.store.read() as tx:
        assert tx.lease(closed.plan.id) is None


def test_answers_of_a_closed_block_stand(world: World) -> None:
    """Any other step is refused and leaves no trace."""
    closed = ClosedBlock(world.workspace, practised(world))
    before = world.events()
    with pytest.raises(IllegalStep):
        closed.do(block.Answer, option=closed.item(0).option_order[0])
    assert world.events() == before


def test_a_misreading_is_told_with_the_day_of_its_check(world: World) -> None:
    """While a fresh sibling is there and the two days last; afterwards the forgetting curve tells the day."""
    practice = world.single("starter", "delta-1")
    world.choose(practice, right=False)
    practice.do(block.Reason, reason=MissReason.MISREAD)
    practice.do(block.Reveal)
    practice.do(block.Submit)
    day = world.workspace.today
    due = due_on(world.memories()["starter", "delta"])
    found = review_block(world.workspace, practice.plan.id).questions[0]
    assert (found.comes_back_on, found.comes_back_why) == (day + timedelta(days=2), ReturnWhy.MISREAD)
    world.pass_time(days=3)
    found = review_block(world.workspace, practice.plan.id).questions[0]
    assert (found.comes_back_on, found.comes_back_why) == (due, ReturnWhy.FORGETTING)


def test_an_undone_answer_is_owed_nothing(world: World) -> None:
    """It is told as undone, and the plan leaves it out."""
    practice = world.single("starter", "beta-1")
    world.choose(practice, right=False)
    practice.do(block.Reveal)
    practice.do(block.Submit)
    undo_last(world.workspace)
    found = review_block(world.workspace, practice.plan.id)
    assert found.questions[0].taken_back
    assert mending(found) == ()


def test_a_corrected_key_is_the_key(world: World) -> None:
    """An answer that was marked anew is shown with the question by which it is marked."""
    practice = world.single("starter", "beta-1", Mode.TIMED)
    world.choose(practice, right=False)
    chosen = practice.state.items[0].choice
    practice.do(block.Submit)
    question = practice.question(0)
    key = next(number for number, option in enumerate(question.options) if option.id == chosen)
    with world.workspace.store.read() as tx:
        objective = tx.objective("starter", "beta")
    assert objective is not None
    corrected = rekeyed(question, key)
    with world.workspace.store.begin() as tx:
        tx.upsert_questions("starter", [objective], [corrected])
        rebuild(tx, world.workspace.exam, world.workspace.learner.id)
    closed = ClosedBlock(world.workspace, practice.plan.id)
    assert closed.question(0) == corrected
    assert closed.review.questions[0].key == closed.review.questions[0].choice
    assert closed.review.questions[0].outcome is Outcome.RIGHT


def test_the_pace_is_that_of_the_answers_before_the_block(world: World) -> None:
    """The exam's until enough were given; the block itself and later ones never move the pace it is held against."""
    looked_at = ""
    for number in range(PACE_LEAST + 2):
        practice = world.single("starter", "beta-1")
        if number == PACE_LEAST:
            looked_at = practice.plan.id
        # A minute of each is the answering itself.
        world.pass_time(seconds=0 if number < PACE_LEAST else 600)
        world.choose(practice, right=True)
        practice.do(block.Reveal)
        practice.do(block.Submit)
        practice.finish()
        pace = review_block(world.workspace, practice.plan.id).pace
        assert (pace.own, pace.answers) == (number >= PACE_LEAST, number)
    found = review_block(world.workspace, looked_at)
    assert found.pace.seconds == 60
    assert positions(found, LookFilter.SLOW) == (0,)


def test_the_exam_gives_the_pace_at_first(world: World) -> None:
    """Minutes by questions of its block, with the extra time that the learner has there."""
    block_id = practised(world)
    usual = world.workspace.exam.format_on(world.workspace.exam_day)
    assert review_block(world.workspace, block_id).pace.seconds == usual.minutes * 60 / usual.items
    world.workspace.values["extra-time"] = 1.5
    assert review_block(world.workspace, block_id).pace.seconds == 1.5 * usual.minutes * 60 / usual.items


def test_an_interrupted_block_is_told_so(world: World) -> None:
    """After a process ended in it no question is slow, and its answers are nobody's pace."""
    practice = world.single("starter", "beta-1")
    practice.leave()
    again = Practice(world.workspace, practice.plan.id)
    again.do(block.Show, position=0)
    world.pass_time(seconds=900)
    world.choose(again, right=True)
    again.do(block.Reveal)
    again.do(block.Submit)
    found = review_block(world.workspace, again.plan.id)
    assert found.interrupted
    assert positions(found, LookFilter.SLOW) == ()
    world.pass_time(seconds=1)
    later = world.single("starter", "delta-1")
    later.do(block.Submit)
    assert review_block(world.workspace, later.plan.id).pace.answers == 0


def test_which_block_is_meant(world: World) -> None:
    """The latest closed one, or that whose id begins so; an open one is to be finished first, a stranger's is not there."""
    with pytest.raises(NotFound):
        closed_block_id(world.workspace, None)
    first = practised(world)
    open_block = composed(world, size=1)
    assert closed_block_id(world.workspace, None) == first
    assert closed_block_id(world.workspace, first) == first
    with pytest.raises(UsageError, match="still open"):
        closed_block_id(world.workspace, open_block.plan.id)
    with pytest.raises(UsageError, match="still open"):
        ClosedBlock(world.workspace, open_block.plan.id)
    with pytest.raises(NotFound):
        closed_block_id(world.workspace, "nothing")
    with pytest.raises(NotFound):
        ClosedBlock(world.workspace, "nothing")


def test_a_variant_is_shown_with_the_numbers_that_were_answered(world: World) -> None:
    """Whatever its file draws now: the text of then stays, and the key alone moves."""
    with world.workspace.store.read() as tx:
        question, objective = tx.question("starter", "beta-1"), tx.objective("starter", "beta")
    assert question is not None
    assert objective is not None
    variant = replace(question, stem="A dose of {x} mg?", draws="x = 5 | 6")
    with world.workspace.store.begin() as tx:
        tx.upsert_questions("starter", [objective], [variant])
    practice = world.single("starter", "beta-1", Mode.TIMED)
    world.choose(practice, right=True)
    shown = practice.question(0).stem
    practice.do(block.Submit)
    corrected = replace(rekeyed(variant, 1), draws="x = 700 | 800")
    with world.workspace.store.begin() as tx:
        tx.upsert_questions("starter", [objective], [corrected])
        rebuild(tx, world.workspace.exam, world.workspace.learner.id)
    closed = ClosedBlock(world.workspace, practice.plan.id)
    assert closed.question(0).stem == shown
    assert closed.question(0).key.id == corrected.key.id
    assert closed.rekeyed(0)
