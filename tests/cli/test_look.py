"""`qbank look`: a closed block once more, in a pipe and in a real terminal."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from support import Qbank
from terminals import Terminal, ran, started_home

WAITS = "(? for help): "


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one closed block of four: an answer changed, the third marked and left blank."""
    home = started_home(tmp_path_factory.mktemp("template") / "home")
    with Terminal(home, ["block", "--plain", "--size", "4", "--seed", "3"]) as terminal:
        for line in ("A", "B", "m", "x", "A", "1", "B", "s", "y"):
            terminal.expect(WAITS if line != "y" else "[y/N] ", after=len(terminal.text) - len(WAITS))
            terminal.type(line)
        terminal.expect("one by one")
        terminal.expect(WAITS, after=terminal.text.index("one by one"))
        terminal.type("q")
        assert terminal.ended() == 0
    return home


@pytest.fixture
def practised(template: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(template, tmp_path / "practised"))


def looked(home: Path) -> dict[str, Any]:
    shape: dict[str, Any] = json.loads(ran(home, "look", "--json").stdout)
    return shape


def test_a_pipe_gets_the_table_and_the_plan(practised: Path) -> None:
    """One row a question with its key, and what was missed; nothing is asked."""
    shown = ran(practised, "look").stdout
    questions = looked(practised)["questions"]
    rows = [line.split() for line in shown.splitlines() if re.match(r"[1-4]  ", line)]
    assert [row[1] for row in rows] == [one["outcome"] for one in questions]
    assert questions[0]["changes"][0]["before"] == "A"
    assert "A>B" in rows[0]
    assert "marked" in rows[2]
    assert "No reason named yet" in shown
    assert WAITS not in shown


def test_filters_show_their_questions_only(practised: Path) -> None:
    """The same ones as text and as JSON; two filters at once are refused."""
    assert [
        one["number"] for one in json.loads(ran(practised, "look", "--marked", "--json").stdout)["questions"]
    ] == [3]
    shown = ran(practised, "look", "--changed").stdout
    assert re.findall(r"^([1-4])  ", shown, re.MULTILINE) == ["1"]
    assert "none was slow" in ran(practised, "look", "--slow").stdout
    refused = ran(practised, "look", "--missed", "--slow", code=2)
    assert refused.stderr.startswith("qbank: Choose one of --missed")


def test_a_block_is_named_by_the_beginning_of_its_id(practised: Path) -> None:
    """Its id, or as much of it as is needed; the latest closed one without."""
    block_id = looked(practised)["block"]
    assert block_id in ran(practised, "look", block_id[:12]).stdout
    assert ran(practised, "look", "zz", code=4).stderr.startswith("qbank: No block named 'zz'.")


def test_nothing_to_look_at_is_said(started: Qbank) -> None:
    """Before the first block, and for one that is still open."""
    assert started("look").code == 4
    started("block", "--size", "2", stdin="A\n")
    block_id = json.loads(started("why", "--json").out)["block"]
    refused = started("look", block_id)
    assert refused.code == 2
    assert "still open" in refused.err


def test_a_walk_in_a_terminal(practised: Path) -> None:
    """By number, by filter and with Enter; a reason and a note go on record, and the answers stand."""
    blank = next(one for one in looked(practised)["questions"] if one["outcome"] == "blank")
    number = blank["number"]
    with Terminal(practised, ["look"]) as terminal:
        terminal.expect("What was missed")
        terminal.expect(WAITS)
        shown = terminal.type(str(number))
        terminal.expect(f"You left this one blank. The answer is {blank['key']}.", after=shown)
        terminal.expect("r names the reason", after=shown)
        terminal.expect("Enter to skip: ", after=terminal.type("r"))
        terminal.expect("Never learned (1): Read the explanation", after=terminal.type("1"))
        terminal.expect("Noted.", after=terminal.type("t look it up"))
        terminal.expect("answers stand", after=terminal.type("m"))
        listed = terminal.type("l blank")
        terminal.expect("Enter shows the first", after=listed)
        again = terminal.type("")
        terminal.expect("Your reason: never learned.", after=again)
        assert f"Question {number} of 4." in terminal.text[again:]
        terminal.expect("That was the last of these.", after=terminal.type(""))
        terminal.type("q")
        assert terminal.ended() == 0
    after = next(one for one in looked(practised)["questions"] if one["number"] == number)
    assert (after["reason_after"], after["note"], after["choice"]) == ("never learned", "look it up", "")
    assert "it equals what was stored" in ran(practised, "doctor", "--rebuild").stdout


def test_the_end_of_the_input_ends_the_walk(practised: Path) -> None:
    """Ctrl-D is as good as q, and Ctrl-C leaves with its own exit code."""
    with Terminal(practised, ["look"]) as terminal:
        terminal.expect(WAITS)
        terminal.press(b"\x04")
        assert terminal.ended() == 0
    with Terminal(practised, ["look"]) as terminal:
        terminal.expect(WAITS)
        terminal.press(b"\x03")
        assert terminal.ended() == 130
