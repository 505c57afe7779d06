"""What goes wrong on the full screen, and second thoughts: nothing is lost, and what happened is said."""

import functools
import sqlite3
from pathlib import Path

import pytest
from screens import begun, held, running, steps
from worlds import World

from qbank.app.practice import Practice
from qbank.core.question import Question
from qbank.core.response import Mode
from qbank.store import address
from qbank.ui.conversation import Conversation, Say
from qbank.ui.tui import app
from qbank.ui.tui.block_screen import BlockScreen


@pytest.fixture
def timed(world: World, three: list[Question]) -> Practice:
    return begun(world, three, Mode.TIMED)


@pytest.fixture
def tutor(world: World, three: list[Question]) -> Practice:
    return begun(world, three, Mode.TUTOR)


def test_a_busy_store_is_said_and_nothing_is_shown_that_is_not_kept(
    tmp_path: Path, empty_sqlite: Path, three: list[Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another program writes, a key changes nothing; the same key works afterwards."""
    monkeypatch.setattr(address, "BUSY_SECONDS", 0.05)
    world = World(tmp_path / "busy", template=empty_sqlite)
    world.load_bank()
    practice = begun(world, three, Mode.TIMED)
    with held(world, running(practice)) as seen:
        seen.press("a")
        other = sqlite3.connect(world.workspace.settings.db)
        other.execute("begin immediate")
        seen.press("b")
        assert "Another program is writing" in seen.words
        assert "[A]" in seen.text
        seen.passes(5)
        other.rollback()
        other.close()
        assert not seen.ended
        seen.press("b")
        assert "[B]" in seen.text
        assert "Another program" not in seen.text
    assert steps(world, practice) == ["show", "answer", "answer"]
    world.close()


def test_a_crash_of_the_screen_is_no_success(
    world: World, timed: Practice, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """An error in the program ends it with an exit code that says so, and with its traceback."""

    def broken(self: BlockScreen) -> None:
        raise RuntimeError("not drawn")

    monkeypatch.setattr(BlockScreen, "_draw", broken)
    monkeypatch.setattr(app.QbankApp, "run", functools.partialmethod(app.QbankApp.run, headless=True))
    with pytest.raises(SystemExit) as ended:
        app.show(running(timed), large=False, colours="auto", on_shown=lambda: None)
    assert ended.value.code == 1
    assert "not drawn" in capfd.readouterr().err
    assert steps(world, timed) == ["show"]


def test_a_crash_of_the_conversation_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no error class of ours names is raised as it is, for the traceback that it deserves."""

    def conversation() -> Conversation:
        yield Say(("Once.",))
        raise RuntimeError("not known")

    monkeypatch.setattr(app.QbankApp, "run", functools.partialmethod(app.QbankApp.run, headless=True))
    with pytest.raises(RuntimeError, match="not known"):
        app.show(conversation(), large=False, colours="auto", on_shown=lambda: None)


def test_time_that_runs_out_is_said_over_the_table(world: World, timed: Practice) -> None:
    """Until a key is pressed."""
    with held(world, running(timed)) as seen:
        seen.passes(270)
        assert seen.kind == "LookScreen"
        assert "Time is up. The block has closed itself; your answers are saved." in seen.text
        seen.press("down")
        assert "Time is up." not in seen.text


def test_leaving_says_how_to_go_on(world: World, tutor: Practice) -> None:
    """In the words of the plain face, for the terminal that comes back."""
    with held(world, running(tutor)) as seen:
        seen.press("q")
        assert seen.app.said == ["Saved. `qbank block` goes on from here."]


def test_a_number_that_was_not_sent_off_is_forgotten(world: World, timed: Practice) -> None:
    """Another key behind it means itself, and so does the next Enter."""
    with held(world, running(timed)) as seen:
        seen.press("1", "b")
        assert "Go to question" not in seen.text
        seen.press("enter")
        assert timed.state.position == 1


def test_a_raised_two_is_no_number(world: World, timed: Practice) -> None:
    """The key left of 1 on a French keyboard has no meaning here."""
    with held(world, running(timed)) as seen:
        seen.press("\N{SUPERSCRIPT TWO}")
        assert "That key does nothing here." in seen.text


def test_an_answer_that_was_only_chosen_can_be_changed_later(world: World, tutor: Practice) -> None:
    """Whoever looks at the next question first is not told on the way back that the answer is wrong."""
    with held(world, running(tutor)) as seen:
        seen.press("b", "n", "p")
        assert seen.kind == "BlockScreen"
        assert not tutor.state.items[0].revealed
        seen.press("a", "enter")
        assert "Right. The answer is A." in seen.text


def test_an_answer_stands_when_its_process_ended_before_the_key(world: World, tutor: Practice) -> None:
    """It may have been told that it is wrong, so the reason comes next, and then the key."""
    with held(world, running(tutor)) as seen:
        seen.press("b", "ctrl+c")
    again = Practice(world.workspace, tutor.plan.id)
    with held(world, running(again)) as seen:
        assert seen.kind == "ReasonDialog"
        seen.press("2")
        assert "You chose B; the answer is A." in seen.text


def test_escape_from_submitting_stays_at_the_question(world: World, timed: Practice) -> None:
    """Only no goes to the first that waits."""
    with held(world, running(timed)) as seen:
        seen.press("n", "n", "s", "escape")
        assert timed.state.position == 2
        seen.press("s", "n")
        assert timed.state.position == 0
