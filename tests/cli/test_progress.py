"""`qbank progress` as it is met: with nothing, in a pipe, by parts, and as JSON."""

import json
from pathlib import Path

from support import Qbank
from terminals import Terminal, ran, started_home


def test_an_empty_store_says_what_to_begin_with(started: Qbank) -> None:
    """It is no error, and nothing is shown that is not there."""
    done = started("progress")
    assert (done.code, done.err) == (0, "")
    assert "Next: qbank block --size 10" in done.out
    assert "System" not in done.out
    assert json.loads(started("progress", "--json").out)["answered"] == 0


def test_a_pipe_loses_nothing(started: Qbank) -> None:
    """Plain signs of at most 80 columns; the answers that were given are the ones that are told."""
    started("block", "--size", "4", stdin="A!\nB??\nC\nD\n")
    done = started("progress")
    assert (done.code, done.err) == (0, "")
    assert "In closed blocks: 4 answers" in done.out
    assert done.out.isascii()
    assert max(map(len, done.out.splitlines())) <= 80
    said = [line.split()[:2] for line in done.out.splitlines()]
    assert ["sure", "1"] in said
    assert ["guessed", "1"] in said
    assert "cardiovascular" in done.out


def test_parts_can_be_asked_for_alone_and_together(started: Qbank) -> None:
    """Each option adds its part, in one order."""
    started("block", "--size", "2", stdin="A\nB\n")
    due = started("progress", "--due").out
    assert "Believed" not in due
    both = started("progress", "--calendar", "--areas").out
    assert both.index("Believed") < both.index("Week of")
    assert "Discipline" in both
    assert started("progress", "--retention").code == started("progress", "--confidence").code == 0


def test_a_terminal_draws_unless_told_otherwise(tmp_path: Path) -> None:
    """Blocks in a terminal; with --plain as in a pipe."""
    home = started_home(tmp_path / "home")
    ran(home, "block", "--size", "1", stdin="A\n")
    shown = []
    for arguments in (["progress"], ["progress", "--plain"]):
        with Terminal(home, arguments, environment={"TERM": "xterm-256color"}) as terminal:
            assert terminal.ended() == 0
            shown.append(terminal.text)
    assert "█" in shown[0]
    assert "█" not in shown[1]
    assert "####" in shown[1]


def test_the_page_is_written_and_replaces_none_but_its_own(started: Qbank, tmp_path: Path) -> None:
    """Twice to the same file; over something else only when told to."""
    page = tmp_path / "progress.html"
    for _ in range(2):
        done = started("progress", "--html", str(page))
        assert done.code == 0, done.err
    assert "nothing was sent" in done.out
    assert page.stat().st_mode & 0o077 == 0
    for heading in ("Where you stand", "Whether you are ready", "What costs you points", "What to do next"):
        assert f">{heading}</h2>" in page.read_text()
    other = tmp_path / "mine.html"
    other.write_text("mine")
    refused = started("progress", "--html", str(other))
    assert (refused.code, other.read_text()) == (2, "mine")
    assert started("progress", "--html", str(other), "--force").code == 0
