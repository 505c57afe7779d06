"""The one key after a timed block, in a real terminal, on both faces; and a diagnosis at the end of a pipe."""

import json
import re
import shutil
from pathlib import Path

import pytest
from terminals import Terminal, ran, started_home

from qbank.app.workspace import open_workspace
from qbank.settings import load

ASKED = "Was your mind elsewhere in this block?"
BLOCK = ["block", "--size", "3"]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two closed timed blocks, to copy."""
    home = started_home(tmp_path_factory.mktemp("template") / "home")
    for _ in range(2):
        assert ASKED not in ran(home, *BLOCK, stdin="A\nA\nA\n").stdout
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """The same of the test's own."""
    return Path(shutil.copytree(template, tmp_path / "home"))


def said(home: Path) -> list[bool | None]:
    """What is on record, block by block."""
    workspace = open_workspace(load({"home": str(home)}, {}))
    with workspace.store.read() as tx:
        found = [one.mind for one in tx.block_sums(workspace.learner.id)]
    workspace.close()
    return found


def answered(terminal: Terminal) -> None:
    """Three questions answered at the prompt, the block submitted, and its table left."""
    after = 0
    for _ in range(3):
        after = terminal.expect("(? for help): ", after=after)
        terminal.type("A")
    terminal.expect("s submits the block (? for help): ", after=after)
    terminal.type("s")
    terminal.expect("Due again")
    terminal.type("q")


def test_the_plain_face_asks_after_the_third_block(home: Path) -> None:
    """Once the block is closed and looked at; what was typed is on record."""
    with Terminal(home, BLOCK) as terminal:
        answered(terminal)
        terminal.expect(ASKED)
        terminal.expect("Please answer y or n", after=terminal.type("perhaps"))
        terminal.type("y")
        assert terminal.ended() == 0
    assert said(home) == [None, None, True]


def test_nobody_is_asked_in_a_pipe(home: Path) -> None:
    """The third block of a pipe ends as the first did."""
    assert ASKED not in ran(home, *BLOCK, stdin="A\nA\nA\n").stdout
    assert said(home) == [None, None, None]


def test_the_question_is_switched_off_by_a_setting(home: Path) -> None:
    """`qbank set ask-mind no`, and the block ends by itself."""
    assert "not asked any more" in ran(home, "set", "ask-mind", "no").stdout
    with Terminal(home, BLOCK) as terminal:
        answered(terminal)
        assert terminal.ended() == 0
        assert ASKED not in terminal.text


def test_the_full_screen_asks_too(home: Path) -> None:
    """In a line of its own, after the block's table."""
    with Terminal(home, BLOCK, environment={"TERM": "xterm-256color"}) as terminal:
        terminal.expect("1 of 3")
        for number in (2, 3):
            terminal.press(b"a\r")
            terminal.expect(f"{number} of 3")
        terminal.press(b"a")
        terminal.press(b"s")
        terminal.expect("Submit the block?")
        terminal.press(b"y")
        terminal.expect("Due again")
        terminal.press(b"q")
        terminal.expect("elsewhere")
        terminal.press(b"n\r")
        terminal.expect("of 3; about", after=len(terminal.text))
        terminal.press(b"q")
        assert terminal.ended() == 0
    assert said(home) == [None, None, False]


def test_a_diagnosis_in_a_pipe_is_plain_lines_and_its_json_one_value(home: Path) -> None:
    """After six answers both say what it takes, and neither asks anything."""
    told = ran(home, "diagnose").stdout
    assert re.search(
        r"From [12] timed, mixed blocks? without interruption, [36] answers", " ".join(told.split())
    )
    assert "more timed blocks" in told
    assert max(map(len, told.splitlines())) <= 80
    found = json.loads(ran(home, "diagnose", "--json").stdout)
    assert found["answers"] in (3, 6)
    assert {one["verdict"] for one in found["causes"]} == {"open"}
