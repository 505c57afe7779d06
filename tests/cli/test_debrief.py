"""The interview as its user meets it: skippable, stoppable, changeable, deletable, and never without the numbers to call."""

import json
from pathlib import Path

from support import Qbank
from terminals import Terminal

WHOLE = "y\n10\n6\nUWorld\n3 5\n5.5\nshaky\nthe clock\n1 4\n"
SKIPPED = "y\n" + "\n" * 8
RATES = "ended in a fail"


def said(qbank: Qbank) -> dict[str, object]:
    """What is kept, by the command."""
    kept: dict[str, object] = json.loads(qbank("debrief", "--json").out)
    return kept


def test_a_whole_interview_is_kept(started: Qbank) -> None:
    """Numbers as numbers, words as words, ticks as causes; it is shown again by --show."""
    done = started("debrief", stdin=WHOLE)
    assert done.code == 0, done.err
    kept = said(started)
    assert (kept["weeks"], kept["hours_a_day"], kept["sleep_hours"]) == (10, 6, 5.5)
    assert (kept["ran_out"], kept["blocks"]) == (True, [3, 5])
    assert (kept["resources"], kept["anxiety"], kept["went_wrong"]) == ("UWorld", "shaky", "the clock")
    assert kept["suspected"] == ["pacing", "stuck"]
    assert kept["waiting"] == []
    shown = started("debrief", "--show").out
    assert "it ran out in blocks 3, 5" in shown
    assert "You suspect: pacing, stuck" in shown


def test_the_numbers_are_there_whatever_was_said(started: Qbank) -> None:
    """Told everything, skipped everything, stopped, declined, broken off, looked at: the same lines for everybody."""
    runs = [
        started("debrief", stdin=answers)
        for answers in ("n\n", "y\n", "y\n1\nstop\n", WHOLE[2:], SKIPPED, "\n")
    ]
    runs.append(started("debrief", "--show"))
    helps = {run.out[run.out.index("Whatever it was:") : run.out.index("their sources")] for run in runs}
    assert len(helps) == 1
    assert "call or text 988" in helps.pop()


def test_how_common_failing_is_is_told_once_with_its_source(started: Qbank) -> None:
    """At the end of the first interview, and not again."""
    first = started("debrief", stdin=SKIPPED).out
    assert RATES in first
    assert "usmle.org/performance-data" in first
    assert RATES not in started("debrief", stdin="\n").out


def test_everything_can_be_skipped(started: Qbank) -> None:
    """Enter on every question keeps nothing but that it was asked."""
    done = started("debrief", stdin=SKIPPED)
    assert done.code == 0, done.err
    kept = said(started)
    assert kept["suspected"] == []
    assert not any(kept[name] for name in ("weeks", "resources", "anxiety", "went_wrong", "blocks"))
    assert kept["waiting"] == []


def test_a_stopped_interview_goes_on_where_it_stopped(started: Qbank) -> None:
    """By the word, and by the end of the input; what was said before is kept."""
    assert started("debrief", stdin="y\n10\nstop\n").code == 0
    broken_off = started("debrief", stdin="6\n")
    assert broken_off.code == 130
    again = started("debrief", stdin="UWorld\nstop\n").out
    assert "mainly learn with" in again
    assert "how many weeks" not in again
    kept = said(started)
    assert (kept["weeks"], kept["hours_a_day"], kept["resources"]) == (10, 6, "UWorld")
    assert kept["waiting"] == ["time", "sleep", "anxiety", "went-wrong", "suspected"]


def test_what_was_said_can_be_changed_and_taken_back(started: Qbank) -> None:
    """By its number; Enter keeps, - takes back, and a number that is none is asked again."""
    started("debrief", stdin=WHOLE)
    done = started("debrief", stdin="1\n12\n4\nnone\n6\n-\n99\n8\n\n8\nstop\n")
    assert done.code == 0, done.err
    assert "Please give numbers from 1 to 8" in done.out
    kept = said(started)
    assert (kept["weeks"], kept["ran_out"], kept["blocks"], kept["anxiety"]) == (12, False, [], "")
    assert kept["suspected"] == ["pacing", "stuck"]


def test_what_cannot_be_meant_is_asked_again(started: Qbank) -> None:
    """Each with what would do."""
    answers = "y\nmany\n-3\nnan\n10\n25\n\n\n0 9\n3,5\n\n\n\n1 9\nnone\n"
    done = started("debrief", stdin=answers)
    assert done.code == 0, done.err
    assert done.out.count("Please give") == 6
    kept = said(started)
    assert (kept["weeks"], kept["blocks"], kept["suspected"]) == (10, [3, 5], [])


def test_deleting_asks_says_what_goes_and_does_it(started: Qbank, home: Path) -> None:
    """No keeps it, yes leaves no file; nothing to delete is no failure."""
    assert "nothing to delete" in started("debrief", "--delete").out
    started("debrief", stdin=WHOLE)
    kept = started("debrief", "--delete", stdin="\n")
    assert "8 answers" in kept.out
    assert "Nothing was deleted." in kept.out
    assert said(started)["weeks"] == 10
    assert "It is deleted." in started("debrief", "--delete", stdin="y\n").out
    assert not any(path.is_file() for path in (home / "debriefs").rglob("*"))
    started("debrief", stdin=WHOLE)
    assert "It is deleted." in started("debrief", "--delete", "--yes").out
    assert said(started)["weeks"] is None


def test_two_wishes_at_once_are_a_usage_error(started: Qbank) -> None:
    """Nothing is deleted on a half-meant call."""
    for wishes in (("--delete", "--show"), ("--delete", "--json"), ("--yes",)):
        assert started("debrief", *wishes).code == 2


def test_it_travels_with_an_export_only_when_asked(started: Qbank, tmp_path: Path) -> None:
    """Both commands say what became of it."""
    started("debrief", stdin=WHOLE)
    plain, whole = tmp_path / "plain.jsonl", tmp_path / "whole.jsonl"
    there = ("--home", str(tmp_path / "there"))
    assert "debrief" not in started("export", str(plain)).out
    assert "Your debrief is in it." in started("export", str(whole), "--with-debrief").out
    assert "debrief" not in started(*there, "import", str(plain)).out
    assert "A debrief came with them" in started(*there, "import", str(whole)).out
    assert "was kept" in started(*there, "import", str(whole)).out
    assert json.loads(started(*there, "debrief", "--json").out)["weeks"] == 10


def test_a_terminal_shows_it_at_eighty_columns(started: Qbank, home: Path) -> None:
    """Plain lines, wrapped, in a real terminal."""
    with Terminal(home, ["debrief"]) as terminal:
        terminal.expect("Begin now? [Y/n]")
        terminal.type("")
        terminal.expect("how many weeks")
        terminal.type("stop")
        terminal.expect("qbank debrief --show")
        assert terminal.ended() == 0
        assert max(map(len, terminal.text.splitlines())) <= 80
