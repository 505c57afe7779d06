"""The interview on the full screen, in a small window too."""

from screens import held
from worlds import World

from qbank.app import debriefing
from qbank.ui.debriefing import interviewed


def test_the_interview_runs_on_the_full_screen(world: World) -> None:
    """Asked in dialogs, kept, and ended with the numbers to call."""
    with held(world, interviewed(world.workspace)) as seen:
        assert "five minutes" in seen.words
        seen.press("enter").types("10").types("6").types("UWorld").types("3 5").press(
            "enter", "enter", "enter"
        )
        assert "8 knowledge" in seen.words
        seen.types("1 4")
        assert "You are not alone" in seen.text
        assert "988" in seen.text
        seen.press("q")
        assert seen.ended
    kept = debriefing.interview(world.workspace)
    assert kept is not None
    assert (kept.weeks, kept.blocks, kept.suspected) == (10, (3, 5), ("pacing", "stuck"))
    assert kept.told_rates


def test_a_long_question_scrolls_above_its_line(world: World) -> None:
    """In a window of twelve rows every cause can be reached, and the line still takes what is typed."""
    with held(world, interviewed(world.workspace), size=(40, 12)) as seen:
        seen.press("enter", *["enter"] * 7)
        assert "8 knowledge" not in seen.words
        seen.press("pagedown", "pagedown", "pagedown")
        assert "Numbers, as in" in seen.words
        seen.types("8")
        seen.press("q")
        assert seen.ended
    assert debriefing.hypotheses(world.workspace) == {"knowledge"}


def test_escape_breaks_it_off_and_keeps_what_was_said(world: World) -> None:
    """As Ctrl-C does; the command then says the numbers on the terminal."""
    with held(world, interviewed(world.workspace)) as seen:
        seen.press("enter").types("10").press("escape")
        assert seen.ended
        assert isinstance(seen.app.return_value, EOFError)
    kept = debriefing.interview(world.workspace)
    assert kept is not None
    assert kept.weeks == 10
