"""The course of a block on the full screen: its clock, its keys and reasons, and every way in which it ends."""

import pytest
from screens import begun, choice, held, running, steps
from worlds import World

from qbank.app.practice import Practice
from qbank.core import block
from qbank.core.question import Question
from qbank.core.response import MissReason, Mode
from qbank.errors import BlockTaken


def test_the_clock_can_be_hidden(world: World, timed: Practice) -> None:
    """k hides it and shows it again."""
    with held(world, running(timed)) as seen:
        assert "Block 4:30" in seen.text
        seen.press("k")
        assert "Block 4" not in seen.text
        assert "Clock hidden" in seen.text
        seen.press("k")
        assert "Block 4:30" in seen.text


@pytest.mark.parametrize("hidden", [False, True])
def test_two_minutes_before_the_end_it_is_told_once(world: World, timed: Practice, hidden: bool) -> None:
    """In words, with the clock hidden too; a key takes the notice away for good."""
    with held(world, running(timed)) as seen:
        seen.press(*["k"] * hidden)
        seen.passes(149)
        assert "Two minutes are left" not in seen.text
        seen.passes(1)
        assert "Two minutes are left in this block." in seen.text
        seen.passes(1)
        assert "Two minutes are left in this block." in seen.text
        seen.press("b")
        seen.passes(1)
        assert "Two minutes are left" not in seen.text


def test_a_block_closes_itself_when_its_time_is_over(world: World, timed: Practice) -> None:
    """The answers stand, and what follows is the table."""
    with held(world, running(timed)) as seen:
        seen.press("b", "n")
        seen.passes(270)
        assert timed.closed
        assert timed.state.closed_by is block.ClosedBy.TIME
        assert seen.kind == "LookScreen"
        assert "0 of " in seen.text


def test_a_dialog_does_not_keep_a_block_open(world: World, timed: Practice) -> None:
    """Whoever reads the help when the time runs out comes to the table with its key."""
    with held(world, running(timed)) as seen:
        seen.press("question_mark")
        seen.passes(270)
        assert timed.closed
        for _ in range(2):
            if seen.kind != "LookScreen":
                seen.press("escape")
        assert seen.kind == "LookScreen"


def test_submitting_tells_what_is_unanswered_and_marked(world: World, timed: Practice) -> None:
    """Enter goes to the first that waits; only y submits then."""
    with held(world, running(timed)) as seen:
        seen.press("b", "n", "m", "n", "s")
        assert "Not answered: 2, 3." in seen.text
        assert "Marked: 2." in seen.text
        assert "a guess costs nothing" in seen.words
        seen.press("enter")
        assert timed.state.position == 1
        assert "submit" not in steps(world, timed)
        seen.press("s", "y")
        assert timed.closed
        assert seen.kind == "LookScreen"


def test_the_last_answer_and_enter_offer_to_submit(world: World, timed: Practice) -> None:
    """With nothing unanswered Enter submits."""
    with held(world, running(timed)) as seen:
        seen.press("b", "enter", "b", "enter", "b", "enter")
        assert "Every question is answered." in seen.text
        seen.press("enter")
        assert timed.closed


def test_enter_never_skips(world: World, timed: Practice) -> None:
    """Without an answer it says what to press and stays."""
    with held(world, running(timed)) as seen:
        seen.press("enter")
        assert "Choose an option by its letter first" in seen.text
        assert timed.state.position == 0


def test_a_reason_is_asked_before_the_key(world: World, tutor: Practice) -> None:
    """After a miss the reason comes first, then verdict, explanations, the sentence to remember and when it comes back."""
    with held(world, running(tutor)) as seen:
        seen.press("b", "enter")
        assert "Before you see the key: what was the reason?" in seen.words
        assert not tutor.state.items[0].revealed
        seen.press("3")
        assert tutor.state.items[0].reason is MissReason.BETWEEN_TWO
        assert steps(world, tutor) == ["show", "answer", "reason", "reveal"]
        assert "Not this time. You chose B; the answer is A." in seen.text
        assert "Remember: Know beta well." in seen.text
        seen.press("end")
        assert "your recall of this objective falls to 90%" in seen.words


def test_a_skipped_reason_shows_the_key(world: World, tutor: Practice) -> None:
    """Enter names none."""
    with held(world, running(tutor)) as seen:
        seen.press("b", "enter", "enter")
        assert tutor.state.items[0].reason is None
        assert tutor.state.items[0].revealed
        seen.press("r", "1")
        assert tutor.state.items[0].reason_after is MissReason.NEVER_LEARNED


def test_a_right_answer_asks_for_nothing(world: World, tutor: Practice) -> None:
    """The key is shown at once, there is no reason to name, and a letter changes nothing any more."""
    with held(world, running(tutor)) as seen:
        seen.press("a", "enter")
        assert "Right. The answer is A." in seen.text
        seen.press("r", "b")
        assert seen.kind == "BlockScreen"
        assert choice(tutor) == "A"


def test_a_rating_is_taken_back_after_asking(world: World, tutor: Practice) -> None:
    """n keeps it, y takes it back, and a second time says that it is."""
    with held(world, running(tutor)) as seen:
        seen.press("a", "enter", "u")
        assert "Take back the rating" in seen.words
        seen.press("n")
        assert not tutor.is_taken_back(0)
        seen.press("u", "y")
        assert tutor.is_taken_back(0)
        assert "Taken back: this answer no longer counts" in seen.words
        seen.press("u")
        assert "is taken back already" in seen.words


def test_f_flags_a_question_with_a_reason(world: World, timed: Practice) -> None:
    """It says what follows; an empty line flags nothing."""
    with held(world, running(timed)) as seen:
        before = world.events()
        seen.press("f", "enter")
        assert world.events() == before
        seen.press("f").types("two keys")
        assert world.events() == before + 1
        assert "It will not come up in your drills" in seen.words


def test_a_tutor_block_ends_with_its_last_question(world: World, tutor: Practice) -> None:
    """Enter after each key goes on, and behind the last one the block is closed."""
    with held(world, running(tutor)) as seen:
        seen.press("a", "enter", "enter", "a", "enter", "enter", "a", "enter")
        assert "submit" not in steps(world, tutor)
        seen.press("enter")
        assert tutor.closed
        assert "3 of 3" in seen.text


def test_leaving_a_timed_block_asks(world: World, timed: Practice) -> None:
    """Enter stays; y leaves, and the block is interrupted."""
    with held(world, running(timed)) as seen:
        seen.press("q")
        assert "It then counts as interrupted" in seen.words
        seen.press("enter")
        assert "interrupt" not in steps(world, timed)
        seen.press("q", "y")
        assert seen.ended
    assert timed.state.interrupted
    assert not timed.closed


def test_a_tutor_block_is_left_at_once(world: World, tutor: Practice) -> None:
    """Nothing is owed, so nothing is asked, and it waits to be gone on with."""
    with held(world, running(tutor)) as seen:
        seen.press("b", "q")
        assert seen.ended
    assert steps(world, tutor) == ["show", "answer", "interrupt"]


@pytest.mark.parametrize("before", [[], ["t"], ["question_mark"], ["l"]])
def test_ctrl_c_saves_and_goes_at_once(world: World, timed: Practice, before: list[str]) -> None:
    """From the question and from over it; nothing is asked."""
    with held(world, running(timed)) as seen:
        seen.press("b", *before, "ctrl+c")
        assert seen.ended
        assert isinstance(seen.app.return_value, KeyboardInterrupt)
    assert choice(timed) == "B"
    assert steps(world, timed)[-1] == "interrupt"


def test_a_review_ends_with_q(world: World, three: list[Question]) -> None:
    """Stopping is finishing: nothing is asked, and the question left open counts for nothing."""
    practice = begun(world, three, Mode.REVIEW)
    with held(world, running(practice)) as seen:
        seen.press("a", "enter", "enter", "q")
        assert practice.closed
        assert seen.ended or seen.kind == "LookScreen"
    assert [row.response.position for row in world.responses() if row.response.shown] == [0]


def test_a_recall_prompt_keeps_its_back_until_turned(world: World, prompt: Question) -> None:
    """Enter shows the back, only then a letter rates, and no reason is asked."""
    practice = begun(world, [prompt], Mode.REVIEW)
    with held(world, running(practice)) as seen:
        seen.press("a")
        assert practice.state.items[0].choice is None
        assert "A beta blocker." not in seen.text
        seen.press("enter")
        assert "The back: A beta blocker." in seen.text
        assert "I did not have it" in seen.text
        seen.press("b")
        assert "You did not have it this time." in seen.text
        assert practice.state.items[0].revealed
        assert practice.state.items[0].reason is None


def test_a_paused_block_goes_on(world: World, tutor: Practice) -> None:
    """Whoever left while it stood is not asked to undo that."""
    tutor.do(block.Show, position=1)
    tutor.do(block.Pause)
    with held(world, running(tutor)) as seen:
        assert tutor.state.phase is block.Phase.OPEN
        seen.press("c")
        assert choice(tutor, tutor.state.position) == "C"


def test_a_block_that_was_left_goes_on_where_it_waits(world: World, timed: Practice) -> None:
    """The next process begins with the first question without an answer, and keeps the others."""
    with held(world, running(timed)) as seen:
        seen.press("b", "n", "q", "y")
    again = Practice(world.workspace, timed.plan.id)
    with held(world, running(again)) as seen:
        assert "Question 2 of 3" in seen.text
        seen.press("p")
        assert "[B]" in seen.text


def test_another_terminal_takes_the_block_over(world: World, timed: Practice) -> None:
    """The next key writes nothing, and the screen ends with what happened."""
    with held(world, running(timed)) as seen:
        seen.press("b")
        Practice(world.workspace, timed.plan.id, take_over=True)
        seen.press("c")
        assert seen.ended
        assert isinstance(seen.app.return_value, BlockTaken)
    assert choice(timed) == "B"


def test_the_tick_notices_that_the_block_was_taken_over(world: World, timed: Practice) -> None:
    """Without a key too, within a beat."""
    with held(world, running(timed)) as seen:
        Practice(world.workspace, timed.plan.id, take_over=True)
        seen.passes(5)
        assert isinstance(seen.app.return_value, BlockTaken)
