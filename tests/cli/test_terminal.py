"""The command in a real terminal: what is shown there, who owns a block, and terminals that go away."""

import json
import re
import shutil
import signal
from pathlib import Path

import pytest
from terminals import Terminal, ran, started_home

from qbank.app.practice import LEASE_SECONDS
from qbank.app.workspace import Workspace, open_workspace
from qbank.core.question import Objective, Option, Question
from qbank.core.response import Mode
from qbank.settings import load
from qbank.store.rows import BankKind, BankRow, BlockRow

ASKED = "(? for help): "


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after its first hour, to copy."""
    return started_home(tmp_path_factory.mktemp("template") / "home")


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """A started home of the test's own."""
    return Path(shutil.copytree(template, tmp_path / "home"))


def latest_block(home: Path) -> BlockRow:
    workspace = opened(home)
    with workspace.store.read() as tx:
        row = tx.blocks(workspace.learner.id)[0]
    workspace.close()
    return row


def opened(home: Path) -> Workspace:
    return open_workspace(load({"home": str(home)}, {}))


def test_a_terminal_that_goes_away_loses_nothing(home: Path) -> None:
    """When its window is closed a waiting block is left as by Ctrl-C, and the next start offers to go on."""
    with Terminal(home, ["block", "--size", "3"]) as terminal:
        terminal.expect(ASKED)
        terminal.expect("Question 2 of 3", after=terminal.type("A"))
        terminal.close()
        assert terminal.ended() == 130
    assert latest_block(home).interrupted
    with Terminal(home, ["block"]) as terminal:
        terminal.expect("Go on with it? [Y/n] ")
        terminal.expect("Question 2 of 3", after=terminal.type(""))


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_a_polite_end_saves_and_leaves_with_130(home: Path, number: signal.Signals) -> None:
    """Hang-up, termination and Ctrl-C say that all is saved, mark the block interrupted and end with 130."""
    with Terminal(home, ["block", "--size", "3"]) as terminal:
        terminal.expect(ASKED)
        terminal.expect("Question 2 of 3", after=terminal.type("A"))
        terminal.expect(ASKED, after=terminal.text.index("Question 2"))
        if number is signal.SIGINT:
            terminal.press(b"\x03")
        else:
            terminal.process.send_signal(number)
        assert terminal.ended() == 130
        assert "\n\nSaved. `qbank block` goes on from here." in terminal.text
        assert "Traceback" not in terminal.text
    assert latest_block(home).interrupted


def test_end_of_input_saves_and_leaves(home: Path) -> None:
    """Ctrl-D is a way to stop: saved, marked interrupted, exit code 0."""
    with Terminal(home, ["block", "--size", "3"]) as terminal:
        terminal.expect(ASKED)
        terminal.press(b"\x04")
        assert terminal.ended() == 0
        assert "Saved." in terminal.text
    assert latest_block(home).interrupted


def test_a_killed_block_goes_on_at_once(home: Path) -> None:
    """A process that was killed is no other terminal: nobody waits for its lease to run out, not even a pipe."""
    with Terminal(home, ["block", "--size", "3"]) as terminal:
        terminal.expect(ASKED)
        terminal.expect("Question 2 of 3", after=terminal.type("A"))
        terminal.kill()
    done = ran(home, "block", stdin="B\nC\n")
    assert "of 3; about" in done.stdout
    assert latest_block(home).interrupted


def test_second_terminal_takes_over_after_asking(home: Path) -> None:
    """The second terminal goes on behind the first one's answers; the first is told so in one sentence when it acts."""
    with Terminal(home, ["block", "--size", "4"]) as first:
        first.expect(ASKED)
        first.expect(ASKED, after=first.expect("Question 2 of 4", after=first.type("A")))
        with Terminal(home, ["block"]) as second:
            second.expect("[Y/n] ")
            second.expect("open in another terminal", after=second.type("y"))
            second.expect("Take it over here? [y/N] ")
            second.expect("Question 2 of 4", after=second.type("y"))
            typed = first.type("B")
            assert first.ended() == 1
            said = first.text[typed:].strip().splitlines()
            assert said[1:] == [
                "qbank: Another terminal has taken this block over. Everything you answered here is saved."
            ]
            second.expect("Question 3 of 4", after=second.type("C"))
            second.press(b"\x04")
            second.ended()
    ran(home, "block", stdin="D\nE\n")
    found = json.loads(ran(home, "doctor", "--rebuild", "--json").stdout)
    assert found["same"] is True


def test_waiting_terminal_hears_of_the_take_over(home: Path) -> None:
    """Without a key pressed, the first terminal's next beat tells it, on a line of its own."""
    with Terminal(home, ["block", "--size", "4"]) as first:
        first.expect(ASKED)
        with Terminal(home, ["block"]) as second:
            second.expect("[Y/n] ")
            second.expect("[y/N] ", after=second.type("y"))
            second.expect("Question 1 of 4", after=second.type("y"))
            assert first.ended() == 1
            assert "\nqbank: Another terminal has taken this block over." in first.text


def test_take_over_can_be_declined(home: Path) -> None:
    """Whoever declines leaves the first terminal undisturbed."""
    with Terminal(home, ["block", "--size", "4"]) as first:
        first.expect(ASKED)
        with Terminal(home, ["block"]) as second:
            second.expect("[Y/n] ")
            second.expect("[y/N] ", after=second.type("y"))
            second.type("n")
            assert second.ended() == 0
        first.expect("Question 2 of 4", after=first.type("A"))


def test_a_pipe_takes_nothing_over(home: Path) -> None:
    """Where nobody can be asked, a block that is open elsewhere is refused with a sentence and exit code 1."""
    with Terminal(home, ["block", "--size", "4"]) as first:
        first.expect(ASKED)
        refused = ran(home, "block", stdin="A\n", code=1)
        assert refused.stderr.startswith("qbank: This block is open in another terminal.")
        first.expect("Question 2 of 4", after=first.type("A"))


def test_time_that_runs_out_closes_the_waiting_block(home: Path) -> None:
    """With nothing typed the block closes itself at its limit, and the answers follow at one's own pace."""
    ran(home, "block", "--size", "2", stdin="")
    row = latest_block(home)
    workspace = opened(home)
    with workspace.store.begin() as tx:
        # As a killed process would have left it, 2 s before the end.
        long_ago = workspace.now().replace(year=2020)
        tx.take_lease(row.id, "elsewhere", long_ago, row.plan["block"]["limit_ms"] - 2000)
    workspace.close()
    with Terminal(home, ["block"]) as terminal:
        terminal.expect("[Y/n] ")
        terminal.expect("0:01 left", after=terminal.type(""))
        terminal.expect("\nTime is up. The block has closed itself; your answers are saved.")
        terminal.expect("one by one")
        asked = terminal.expect("Before you see the key: what was the reason?", after=terminal.type(""))
        assert "The answer is" not in terminal.text[:asked]
        # Longer than the steps in which a terminal waits: the closed block has no clock.
        terminal.expect("Enter to skip: ", after=asked)
        terminal.stays_quiet(2.5)
        terminal.expect("The answer is", after=terminal.type("7"))
        terminal.expect("Enter goes on")
        terminal.type("q")
        assert terminal.ended() == 0
    assert latest_block(home).closed_at is not None


HOSTILE = (
    "\x1b]52;c;cm0gLXJm\x07 \x1b[31mred\x1b[0m \x9b2J \u202eoverride\u202c \u2066isolate\u2069 \r\x08\x7f"
)
OBEYED = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]"
)


def put_hostile_question(home: Path) -> None:
    """As an older or foreign program might have left it in the store, behind every check on entry."""
    workspace = opened(home)
    objective = Objective(
        "own", "hostile", HOSTILE, system="cardiovascular", sources=(HOSTILE,), review=HOSTILE
    )
    options = (Option("a", HOSTILE, True, HOSTILE), Option("b", "b" + HOSTILE, False, HOSTILE))
    question = Question("own", "hostile-one", "hostile", HOSTILE, options, remember=HOSTILE)
    with workspace.store.begin() as tx:
        for bank in tx.banks():
            tx.retire_missing(bank.id, keep=set())
        tx.put_bank(BankRow("own", "Own", "", BankKind.OWN, workspace.exam.id))
        tx.upsert_questions("own", [objective], [question])
    workspace.close()


def test_question_text_never_commands_the_terminal(home: Path) -> None:
    """Escape sequences, clipboard writes and bidirectional overrides come out as words, wherever a text is shown."""
    put_hostile_question(home)
    with Terminal(home, ["block", "--mode", "tutor", "--size", "1"]) as terminal:
        terminal.expect(ASKED)
        terminal.expect("Noted.", after=terminal.type("t a plain note"))
        terminal.expect(ASKED, after=terminal.type("-B"))
        typed = terminal.type("B 1")
        terminal.expect("Enter goes on", after=typed)
        terminal.type("")
        assert terminal.ended() == 0
        assert "<U+001B>]52;c;cm0gLXJm<U+0007>" in terminal.text
        assert not OBEYED.search(terminal.output)
    for arguments in (
        ("why",),
        ("why", "--json"),
        ("look", "--json"),
        ("status",),
        ("bank", "list"),
        ("bank", "show", "hostile-one"),
    ):
        with Terminal(home, arguments) as terminal:
            terminal.ended()
            assert not OBEYED.search(terminal.output), arguments


@pytest.mark.parametrize(
    "arguments",
    [
        ("miss", HOSTILE),
        ("report", "add", "--file", HOSTILE),
        ("block", "--system", HOSTILE),
        ("block", "--mode", HOSTILE),
        (HOSTILE,),
    ],
    ids=lambda arguments: " ".join(a for a in arguments if a != HOSTILE) or "command",
)
def test_what_was_typed_never_commands_the_terminal(home: Path, arguments: tuple[str, ...]) -> None:
    """Text on the command line, refused or kept, is not echoed raw."""
    with Terminal(home, arguments) as terminal:
        assert terminal.ended() in (0, 1, 2, 4)
        assert terminal.output
        assert not OBEYED.search(terminal.output)
        assert "Traceback" not in terminal.text


def test_hostile_files_are_refused_by_name_and_shown_harmlessly(home: Path, tmp_path: Path) -> None:
    """An own question or a report with hidden characters is refused or made visible, never obeyed."""
    own = home / "questions"
    own.mkdir()
    (own / "bad.md").write_text(f'+++\nid = "bad"\nobjective = "{HOSTILE}"\n+++\n\n# bad-one\n\n{HOSTILE}\n')
    with Terminal(home, ["bank", "load"]) as terminal:
        assert terminal.ended() == 3
        assert "U+001B" in terminal.text
        assert not OBEYED.search(terminal.output)
    report = tmp_path / "report.txt"
    report.write_text(f"Step 1 FAIL 2026-09-14\nCardiovascular System lower {HOSTILE}\n{HOSTILE}\n")
    with Terminal(home, ["report", "add", "--yes", "--file", str(report)]) as terminal:
        terminal.ended()
        assert not OBEYED.search(terminal.output)


def test_lines_follow_the_width_of_the_window(home: Path) -> None:
    """The next question after a resize is laid out for the new width."""
    with Terminal(home, ["block", "--size", "3"], columns=80) as terminal:
        shown = terminal.expect(ASKED)
        assert 60 < max(map(len, terminal.text[:shown].splitlines())) <= 80
        terminal.resize(50, 24)
        typed = terminal.type("A")
        shown = terminal.expect(ASKED, after=typed)
        question = terminal.text[typed:shown].partition("Question 2")[2].rpartition("Your answer")[0]
        assert max(map(len, question.splitlines())) <= 50


@pytest.mark.parametrize(
    "environment",
    [{"TERM": "dumb"}, {"LANG": "C", "PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}],
    ids=["dumb", "ascii", "C"],
)
def test_simple_terminals_show_a_whole_block(home: Path, environment: dict[str, str]) -> None:
    """Without cursor movement, colour or more than ASCII a block can be worked through to its result."""
    with Terminal(home, ["block", "--size", "2"], environment=environment) as terminal:
        terminal.expect(ASKED)
        terminal.expect("Question 2", after=terminal.type("A"))
        terminal.expect("s submits", after=terminal.type("B"))
        terminal.expect("of 2; about", after=terminal.type("s"))
        terminal.expect("one by one")
        terminal.press(b"\x04")
        assert terminal.ended() == 0
        assert b"\x1b" not in terminal.output


def test_letters_outside_the_encoding_are_spelled_out(home: Path) -> None:
    """Where the terminal knows only Latin-1, a Greek letter is named instead of ending the block."""
    workspace = opened(home)
    with workspace.store.begin() as tx:
        for bank in tx.banks():
            tx.retire_missing(bank.id, keep=set())
        tx.put_bank(BankRow("own", "Own", "", BankKind.OWN, workspace.exam.id))
        options = (Option("a", "TNF-α", True), Option("b", "IL-1β", False))
        objective = Objective("own", "greek", "Greek", system="cardiovascular")
        tx.upsert_questions("own", [objective], [Question("own", "greek-one", "greek", "Which?", options)])
    workspace.close()
    environment = {"PYTHONIOENCODING": "latin-1"}
    with Terminal(
        home, ["block", "--mode", Mode.TUTOR.value, "--size", "1"], environment=environment
    ) as terminal:
        terminal.expect(ASKED)
        assert r"TNF-\N{GREEK SMALL LETTER ALPHA}" in terminal.text


def test_an_old_lease_needs_no_question(home: Path) -> None:
    """A beat older than the lease, or from a clock that has since been set back, counts as nobody."""
    ran(home, "block", "--size", "2", stdin="")
    row = latest_block(home)
    for year in (2020, 2090):
        workspace = opened(home)
        with workspace.store.begin() as tx:
            tx.take_lease(row.id, "elsewhere", workspace.now().replace(year=year), 0)
        workspace.close()
        assert "Saved." in ran(home, "block", stdin="").stdout
    assert LEASE_SECONDS < 60
