"""Around the block on the full screen: dialogs of a conversation, the look back, and the exam day."""

import pytest
from screens import Seen, acts, begun, held, running
from worlds import World

from qbank.app.exam_day import ExamDay, running_day
from qbank.app.looking_back import ClosedBlock
from qbank.app.practice import Practice
from qbank.core import block
from qbank.core.exam_day import Phase
from qbank.core.looking_back import LookFilter
from qbank.core.question import Question
from qbank.core.response import MissReason, Mode
from qbank.errors import NothingToDo, UsageError
from qbank.ui.conversation import Ask, Confirm, Conversation, Look, Say, Wait
from qbank.ui.sitting import sitting
from qbank.ui.tui.sheet import Sheet


@pytest.mark.parametrize(("key", "came"), [("y", True), ("n", False), ("enter", True), ("escape", False)])
def test_a_question_for_yes_or_no(world: World, key: str, came: bool) -> None:
    """Enter takes the default, Escape is no; what was said before stands above it."""
    answers: list[object] = []
    with held(world, acts(Say(("A block is open.",)), Confirm("Go on?", default=True), came=answers)) as seen:
        assert "A block is open." in seen.text
        assert "Go on?" in seen.text
        seen.press(key)
        assert seen.ended
    assert answers == [None, came]


def _number(text: str) -> int:
    if not text.isdigit():
        raise UsageError("Please type a number.")
    return int(text)


def test_a_question_for_a_line_is_asked_again_until_understood(world: World) -> None:
    """What was not understood is said, the line stays to be mended, and the value is what the conversation gets."""
    answers: list[object] = []
    ask = Ask(("The exam has parts.",), "How many?", _number)
    with held(world, acts(ask, came=answers)) as seen:
        seen.types("x")
        assert "Please type a number." in seen.text
        assert "How many?" in seen.text
        seen.press("backspace").types("12")
    assert answers == [12]


def test_escape_from_a_question_for_a_line_ends_the_conversation(world: World) -> None:
    """As Ctrl-D does at a prompt."""
    with held(world, acts(Ask((), "How many?", _number))) as seen:
        seen.press("escape")
        assert isinstance(seen.app.return_value, EOFError)


def test_what_takes_a_while_says_so(world: World) -> None:
    """It is on the screen before the work begins, is gone after it, and what the work gives or raises comes back."""
    shown: list[str] = []
    came: list[object] = []

    def weigh() -> int:
        shown.append(seen.terminal)
        return 7

    def refuse() -> None:
        shown.append(seen.terminal)
        raise NothingToDo("Nothing to weigh.")

    def conversation() -> Conversation:
        yield Confirm("Shall it begin?", default=True)
        came.append((yield Wait("Weighing", weigh)))
        yield Confirm("Again?", default=True)
        try:
            yield Wait("Weighing again", refuse)
        except NothingToDo as error:
            came.append(str(error))

    with held(world, conversation()) as seen:
        seen.begins("y", lambda: "Again?" in seen.terminal)
        assert "Weighing" not in seen.terminal
        seen.begins("y", lambda: seen.ended)
    assert came == [7, "Nothing to weigh."]
    assert "Weighing..." in shown[0]
    assert "Weighing again..." in shown[1]


def test_what_a_conversation_cannot_do_comes_out_of_the_screen(world: World) -> None:
    """NothingToDo reaches whoever opened the screen, with its sentence."""

    def conversation() -> Conversation:
        yield Say(("Looking.",))
        raise NothingToDo("Nothing is due.")

    with held(world, conversation()) as seen:
        assert isinstance(seen.app.return_value, NothingToDo)
        assert str(seen.app.return_value) == "Nothing is due."


@pytest.fixture
def closed(world: World, three: list[Question]) -> Practice:
    """A timed block: missed and marked, right, left blank."""
    practice = begun(world, three, Mode.TIMED)
    practice.do(block.Show, position=0)
    practice.do(block.Mark)
    world.choose(practice, right=False)
    practice.do(block.Show, position=1)
    world.choose(practice, right=True)
    practice.do(block.Show, position=2)
    world.pass_time(seconds=30)
    practice.do(block.Submit)
    practice.finish()
    return practice


def looking(world: World, practice: Practice) -> Conversation:
    yield Look(ClosedBlock(world.workspace, practice.plan.id), LookFilter.ALL)


def rows(seen: Seen) -> list[str]:
    """The numbers of the questions that are listed."""
    words = [line.split() for line in seen.text.splitlines()]
    return [
        row[0]
        for row in words
        if len(row) > 2 and row[0].isdigit() and row[1] in ("right", "missed", "blank")
    ]


def test_a_closed_block_is_listed_by_what_became_of_it(world: World, closed: Practice) -> None:
    """Letters choose what is listed; a kind without a question says so."""
    with held(world, looking(world, closed), size=(100, 40)) as seen:
        assert rows(seen) == ["1", "2", "3"]
        found = {}
        for key in ("m", "b", "k", "a"):
            seen.press(key)
            found[key] = rows(seen)
        assert found == {"m": ["1"], "b": ["3"], "k": ["1"], "a": ["1", "2", "3"]}
        seen.press("c")
        assert "No question here: no answer was changed." in seen.words
        seen.press("enter")
        assert "There is none to show here." in seen.words


def test_a_closed_block_is_walked_through(world: World, closed: Practice) -> None:
    """Enter opens and goes on, p comes back, the ends are told, q goes back to the list and then ends."""
    with held(world, looking(world, closed)) as seen:
        seen.press("enter")
        assert "Question 1 of 3" in seen.text
        assert "You chose B; the answer is A." in seen.text
        seen.press("p")
        assert "This is the first." in seen.text
        seen.press("enter", "n")
        assert "Question 3 of 3" in seen.text
        assert "You left this one blank." in seen.text
        seen.press("enter")
        assert "That was the last of these." in seen.text
        seen.press("q")
        assert "Question 3 of 3" not in seen.text
        seen.press("q")
        assert seen.ended


def test_what_was_not_reached_stays_fresh(world: World, three: list[Question]) -> None:
    """A review that was stopped early tells no key of what it did not ask, and does not show it."""
    practice = begun(world, three, Mode.REVIEW)
    with held(world, running(practice), size=(100, 40)) as seen:
        seen.press("a", "enter", "q")
        table = [line.split() for line in seen.text.splitlines()]
        assert next(row for row in table if row[:2] == ["1", "right"])[:4] == ["1", "right", "A", "A"]
        unseen = [row for row in table if row[1:3] == ["not", "reached"]]
        assert [row[3:5] for row in unseen] == [["-", "-"], ["-", "-"]]
        seen.press("down", "enter")
        assert "it can still come fresh" in seen.words
        seen.press("up", "enter", "n")
        assert "That was the last of these." in seen.text
        assert "Question 1 of 3" in seen.text


def test_slow_questions_are_listed(world: World, three: list[Question]) -> None:
    """s lists what took long; the wheel moves through what does not fit."""
    practice = begun(world, three, Mode.TIMED, limit_ms=3_600_000)
    practice.do(block.Show, position=0)
    world.pass_time(seconds=300)
    for position in (1, 2):
        practice.do(block.Show, position=position)
        world.pass_time(seconds=30)
    practice.do(block.Submit)
    practice.finish()
    with held(world, looking(world, practice), size=(80, 12)) as seen:
        seen.press("s")
        assert rows(seen) == ["1"]
        seen.press("a")
        before = seen.text
        seen.wheels(down=True)
        assert seen.text != before
        seen.wheels(down=False)
        assert seen.text == before


def test_a_note_and_a_reason_come_to_a_closed_block(world: World, closed: Practice) -> None:
    """Both are on record; a right answer has no reason."""
    with held(world, looking(world, closed)) as seen:
        seen.press("enter", "t").types("read again")
        seen.press("r", "5", "n", "r")
        assert seen.kind == "LookScreen"
    past = ClosedBlock(world.workspace, closed.plan.id)
    assert past.state.items[0].note == "read again"
    assert past.review.questions[0].reason is MissReason.MISREAD
    assert past.review.questions[1].reason is None


def test_right_after_a_block_the_reason_comes_before_the_key(world: World, three: list[Question]) -> None:
    """Neither the table nor the question tells the key of a miss before its reason was asked."""
    practice = begun(world, three, Mode.TIMED)
    with held(world, running(practice)) as seen:
        seen.press("b", "n", "a", "n", "a", "s", "enter")
        assert seen.kind == "LookScreen"
        assert "2 of 3" in seen.text
        seen.press("enter")
        assert "Before you see the key: what was the reason?" in seen.words
        assert "Which of these helps?" in seen.terminal, "the question can be read meanwhile"
        under = seen.app.screen_stack[-2].query_one(Sheet).text
        assert "the answer is" not in under
        assert "Remember" not in under
        seen.press("3")
        assert "the answer is A." in seen.text
        assert "Your reason: between two." in seen.text


def sat(world: World, day: ExamDay) -> Conversation:
    yield from sitting(world.workspace, day, asks=True)


def test_an_exam_day_from_its_tutorial_to_its_report(world: World, two_blocks: ExamDay) -> None:
    """Block and day have their clocks, nothing is right or wrong before the end, and then it is counted."""
    with held(world, sat(world, two_blocks)) as seen:
        assert "Tutorial 1:00" in seen.text
        seen.press("enter")
        assert "Block 5:00  Day 1" in seen.text.splitlines()[0]
        seen.press("a", "n", "b", "n", "c", "s")
        seen.press("enter")
        assert seen.kind == "BreakScreen"
        seen.press("enter", "a", "s", "y")
        assert seen.kind == "ReportScreen"
        assert "1 right of 4 that you saw" in seen.words
        seen.press("q")
        assert seen.ended
    assert running_day(world.workspace) is None


def test_the_tutorial_ends_with_its_time(world: World, two_blocks: ExamDay) -> None:
    """Whoever reads on is brought to the first block."""
    with held(world, sat(world, two_blocks)) as seen:
        seen.passes(61)
        assert seen.kind == "BlockScreen"


def test_a_short_break_is_told_when_it_is_over(world: World, two_blocks: ExamDay) -> None:
    """s sets the notice, in words; the break itself goes on."""
    with held(world, sat(world, two_blocks)) as seen:
        seen.press("enter", "s", "y")
        assert "Break 14:00" in seen.text
        seen.press("s")
        assert "You will be told when 5 minutes have passed." in seen.text
        seen.passes(299)
        assert "Your break is over" not in seen.text
        seen.passes(1)
        assert "Your break is over, if you want to keep to it." in seen.text
        assert "Break 9:00" in seen.text
    assert two_blocks.phase is Phase.BREAK


def test_ending_a_day_is_asked_twice(world: World, two_blocks: ExamDay) -> None:
    """One yes is not enough."""
    with held(world, sat(world, two_blocks)) as seen:
        seen.press("enter", "s", "y", "d", "y")
        assert "It cannot be taken up again." in seen.words
        seen.press("n")
        assert seen.kind == "BreakScreen"
        assert two_blocks.phase is Phase.BREAK
        seen.press("d", "y", "y")
        assert seen.kind == "ReportScreen"


def test_an_exam_block_says_that_its_clocks_run_on(world: World, two_blocks: ExamDay) -> None:
    """Leaving asks in other words than practice does, and the block waits with its answer."""
    with held(world, sat(world, two_blocks)) as seen:
        seen.press("enter", "b", "q")
        assert "the clocks of your exam day run on" in seen.words
        seen.press("y")
        assert seen.ended
    assert two_blocks.phase is Phase.BLOCK


def test_q_leaves_the_tutorial_and_says_that_the_clock_runs_on(world: World, two_blocks: ExamDay) -> None:
    """The last words stay on the terminal."""
    with held(world, sat(world, two_blocks)) as seen:
        seen.press("q")
        assert seen.ended
        assert "runs on" in " ".join(seen.app.said)


def test_ctrl_c_in_a_break_says_that_the_clock_runs_on(world: World, two_blocks: ExamDay) -> None:
    """Nothing is stopped by it, so nobody may think so."""
    with held(world, sat(world, two_blocks)) as seen:
        seen.press("enter", "s", "y", "ctrl+c")
        assert seen.ended
        assert "runs on" in " ".join(seen.app.said)
