"""An exam day at a prompt: the tutorial, the breaks with their clock, the notice, and every way out."""

from collections.abc import Callable, Generator
from typing import Any

import pytest
from worlds import World

from qbank.app.exam_composing import WantedDay, begin_day, propose_day
from qbank.app.exam_day import ExamDay, running_day
from qbank.app.exam_report import DayReport
from qbank.core import block
from qbank.core.exam_day import Phase
from qbank.core.mastery import Estimate
from qbank.ui.console import WAIT_SECONDS, ClockRanOut, Console
from qbank.ui.conversation import Act, Conversation, exam_day_first
from qbank.ui.exam_report import report_lines
from qbank.ui.sitting import sitting
from qbank.ui.talk import talk


class Typed(Console):
    """A learner at a terminal in a small world: types the lines, waits where told, and then goes away."""

    width = 80
    is_terminal = True

    def __init__(self, world: World, lines: tuple[str | int, ...], *, terminal: bool = True) -> None:
        super().__init__()
        self.is_terminal = terminal
        self.said = ""
        self._world = world
        self._lines = list(lines)

    def _write(self, text: str) -> None:
        self.said += text

    def _read_line(self, on_wait: Callable[[], bool] | None) -> str:
        """A number is so many seconds of waiting."""
        while self._lines and isinstance(seconds := self._lines[0], int):
            self._lines.pop(0)
            for _ in range(seconds):
                self._world.pass_time(seconds=WAIT_SECONDS)
                if on_wait and on_wait():
                    raise ClockRanOut
        if not self._lines:
            raise EOFError
        line = str(self._lines.pop(0))
        self.said += f"{line}\n"
        return line


@pytest.fixture
def day(world: World) -> ExamDay:
    """A day that has just begun."""
    return begin_day(world.workspace, propose_day(world.workspace, WantedDay(seed=1)))


def held(
    world: World, conversation: Generator[Act, Any, object], *lines: str | int, terminal: bool = True
) -> str:
    """Hold the conversation at a prompt, then Ctrl-D; gives everything that was shown."""
    console = Typed(world, lines, terminal=terminal)
    talk(_whole(conversation), console)
    return console.said


def _whole(conversation: Generator[Act, Any, object]) -> Conversation:
    yield from conversation


def sat(world: World, day: ExamDay, *lines: str | int, terminal: bool = True) -> str:
    return held(world, sitting(world.workspace, day, asks=terminal), *lines, terminal=terminal)


def taken_up(world: World, *lines: str | int) -> str:
    return held(world, exam_day_first(world.workspace, asks=True), *lines)


def test_the_tutorial_says_whose_keys_these_are(world: World, day: ExamDay) -> None:
    """It shows the keys with its time, waits for Enter, and the block begins without a break before it."""
    said = sat(world, day, "what", "")
    assert "The tutorial has 5:00" in said
    assert "These keys are ours; the test centre's software has its own." in said
    assert "Press Enter to begin the first block, or type q to leave." in said
    assert "Block 1 of 1: 6 questions, 9:00." in said
    assert "Question 1 of 6. 9:00 left in this block, 15:" in said


def test_the_tutorial_ends_with_its_time(world: World, day: ExamDay) -> None:
    """Whoever reads on for five minutes is in the break before the first block, and it begins."""
    assert "Block 1 of 1" in sat(world, day, 301)
    assert day.state.tutorial_end_ms == 300_000


def test_leaving_the_tutorial_says_that_the_clock_runs_on(world: World, day: ExamDay) -> None:
    """By q or by the end of the input; the day waits to be taken up."""
    assert "The clock of your exam day runs on; `qbank exam` takes it up." in sat(world, day, "q")
    assert "runs on" in taken_up(world, "")
    assert day.phase is Phase.TUTORIAL


def test_nothing_is_right_or_wrong_before_the_day_is_over(world: World, two_blocks: ExamDay) -> None:
    """A closed block shows neither its result nor its keys; the report counts them at the end."""
    said = sat(world, two_blocks, "", "A", "A", "A", "s", "", "A", "A", "A", "s")
    before, _, after = said.partition("Your exam day is over.")
    assert "answer is" not in before
    assert " right" not in before.partition("Question 1")[2]
    assert "right of 6 that you saw" in after
    assert running_day(world.workspace) is None


def test_a_break_tells_its_clock_by_the_minute(world: World, two_blocks: ExamDay) -> None:
    """Once a minute, with the prompt again; and when a short break is over."""
    said = sat(world, two_blocks, "", "s", "y", "s", 301, "")
    breaks = said.partition("A break before block 2 of 2.")[2]
    assert "You will be told when 5 minutes have passed." in breaks
    assert breaks.count("Your break is over, if you want to keep to it.") == 1
    assert breaks.count(" minutes of break left.") == 5
    assert breaks.count("Enter begins block 2 (? for help): ") >= 6
    assert "Block 2 of 2: 3 questions, 5:00." in breaks


def test_an_overdrawn_break_says_what_it_costs(world: World, two_blocks: ExamDay) -> None:
    """Past its budget it names what the last block loses, and the block that begins names its time."""
    said = sat(world, two_blocks, "", "s", "y", 15 * 60, "")
    assert "Your break is used up, and 1 minute of the last blocks with it." in said
    assert "4:00. It would have had 5:00; the breaks took the rest." in " ".join(said.split())


def test_a_break_ends_with_the_day(world: World, two_blocks: ExamDay) -> None:
    """Whoever sleeps through the second block reads a report on the first."""
    said = sat(world, two_blocks, "", "A", "A", "A", "s", 20 * 60)
    assert "The day's time is over." in said
    assert "3 of 6 you did not reach; they are not scored." in said


def test_a_break_explains_itself(world: World, two_blocks: ExamDay) -> None:
    """What can be typed is shown again for ?, and for a line that means nothing it is named."""
    said = sat(world, two_blocks, "", "s", "y", "?", "zz", "l", "q")
    assert said.count("  end        end the day here") == 2
    assert "Press Enter to begin the next block, or type ? to see what else you can do." in said
    assert "You will be told when" in said
    assert two_blocks.phase is Phase.BREAK


def test_ending_the_day_is_asked_twice(world: World, two_blocks: ExamDay) -> None:
    """One yes is not enough; after two the report follows."""
    said = sat(world, two_blocks, "", "s", "y", "end", "y", "n", "end", "n", "q")
    assert two_blocks.phase is Phase.BREAK
    assert said.count("End the day here?") == 2
    said = taken_up(world, "n", "y", "y")
    assert "It cannot be taken up again." in said
    assert "Your exam day is over." in said
    assert running_day(world.workspace) is None


def test_a_day_that_is_declined_waits(world: World, day: ExamDay) -> None:
    """Neither gone on with nor ended, its clock runs on."""
    world.pass_time(seconds=600)
    said = taken_up(world, "n", "n")
    assert "An exam day is under way: a break before block 1 of 1" in said
    assert "runs on" in said
    assert running_day(world.workspace) is not None


def test_a_block_that_was_left_is_taken_up_with_its_answers(world: World, day: ExamDay) -> None:
    """The letter that was chosen stands, and the time between is gone."""
    sat(world, day, "", "B", "g 1", "q")
    world.pass_time(seconds=120)
    said = taken_up(world, "", "g 1")
    assert "block 1 of 1, 7:00 left in it" in said
    assert "Your answer: B." in said


def test_the_end_of_a_block_is_announced_once(world: World, day: ExamDay) -> None:
    """Two minutes before its deadline, in words, with the prompt again; then the block closes itself."""
    said = sat(world, day, "", 9 * 60)
    notice = "Two minutes are left: 2:00 left in this block, "
    assert said.count("Two minutes are left") == said.count(notice) == 1
    assert "Your answer, A to D (? for help): " in said.partition(notice)[2]
    assert "Time is up. The block has closed itself; your answers are saved." in said
    assert "Your exam day is over." in said


def test_a_day_that_is_past_is_reported_without_a_question(world: World, day: ExamDay) -> None:
    """A day that ran out while nobody looked shows its report, once."""
    day.begin_block().do(block.Show, position=0)
    world.pass_time(hours=5)
    said = taken_up(world)
    assert "Go on with it?" not in said
    assert "1 of them left blank" in said
    assert taken_up(world) == ""


def test_nobody_is_waited_for_in_a_pipe(world: World, two_blocks: ExamDay) -> None:
    """Six lines answer a whole day; there is no tutorial and no break to wait in."""
    said = sat(world, two_blocks, *["A"] * 6, terminal=False)
    assert "A break before" not in said
    assert "right of 6 that you saw" in said


def test_a_report_says_what_it_knows_and_no_more() -> None:
    """An interval with enough answers, none without; never how likely a pass is."""
    known = DayReport(
        blocks=(), planned_blocks=2, planned=60, shown=50, answered=48, right=30, expected=28.0,
        seconds_before=81.0, seconds_last_quarter=52.0, to_wrong=1, to_right=4,
        break_used_ms=26 * 60_000, break_left_ms=60_000, systems=(), estimate=Estimate(0.6, 0.48, 0.72),
    )  # fmt: skip
    said = "\n".join(report_lines(known))
    assert "30 right of 50 that you saw, about 28.0 expected; 2 of them left blank." in said
    assert "10 of 60 you did not reach" in said
    assert "60% (48-72)" in said
    assert "It is not a chance of passing." in said
    assert "you took 52 seconds a question, before it 81." in said
    assert "4 to right, 1 from right to wrong" in said
    assert "Breaks: 26 minutes used, 1 left over." in said
