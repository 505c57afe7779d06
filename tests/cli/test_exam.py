"""`qbank exam` as its user meets it: a real terminal that is killed, a pipe, and every refusal in a sentence."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from support import Qbank
from terminals import Terminal, ran, started_home

from qbank.app.exam_day import running_day
from qbank.app.workspace import open_workspace
from qbank.core.exam_day import Phase
from qbank.settings import load

ASKED = "(? for help): "


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after its first hour, to copy."""
    return started_home(tmp_path_factory.mktemp("template") / "home")


@pytest.fixture
def home_copy(template: Path, tmp_path: Path) -> Path:
    """A started home of the test's own."""
    return Path(shutil.copytree(template, tmp_path / "home"))


def test_a_killed_day_goes_on_with_everything_but_the_time(home_copy: Path) -> None:
    """kill -9 in a block: answer, strike-out, mark and note are there again, the block clock and the day clock ran on."""
    with Terminal(home_copy, ["exam", "--blocks", "1", "--seed", "3", "--plain"]) as terminal:
        terminal.expect("Begin the day now? [Y/n] ")
        terminal.expect("Enter begins the first block", after=terminal.type(""))
        terminal.expect("Question 1 of 20.", after=terminal.type(""))
        at = terminal.expect(ASKED, after=terminal.text.index("Question 1 of 20."))
        for line, seen in (("-B", "Struck out: B."), ("m", "Marked."), ("t look this up", "Noted.")):
            at = terminal.expect(seen, after=terminal.type(line))
            terminal.expect(ASKED, after=at)
        terminal.expect("Question 2 of 20.", after=terminal.type("A"))
        terminal.kill()
    with Terminal(home_copy, ["exam", "--plain"]) as terminal:
        terminal.expect("An exam day is under way: block 1 of 1, 29:")
        terminal.expect("Go on with it? [Y/n] ")
        terminal.expect("Question 2 of 20.", after=terminal.type(""))
        at = terminal.expect("Question 1 of 20.", after=terminal.type("g 1"))
        terminal.expect("Your answer: A.", after=at)
        terminal.expect("Your note: look this up", after=at)
        assert "Marked" in terminal.text[at:]
        assert "struck: " in terminal.text[at:]
        terminal.expect("qbank exam` takes it up.", after=terminal.type("q"))
        assert terminal.ended() == 0
    rebuilt = ran(home_copy, "doctor", "--rebuild")
    assert "it equals what was stored" in rebuilt.stdout


def test_a_block_and_a_review_offer_the_day_first(home_copy: Path) -> None:
    """While a day is under way nothing else begins; declined it waits."""
    begun = ran(home_copy, "exam", "--blocks", "1")
    assert "takes it up" in begun.stdout
    for verb in ("block", "review"):
        with Terminal(home_copy, [verb, "--plain"]) as terminal:
            terminal.expect("An exam day is under way")
            terminal.expect("End the day here?", after=terminal.type("n"))
            terminal.expect("takes it up.", after=terminal.type("n"))
            assert terminal.ended() == 0
    status = json.loads(ran(home_copy, "status", "--json").stdout)
    assert status["next_step"] == "qbank exam"


def test_a_piped_day_ends_in_its_report(home_copy: Path) -> None:
    """Twenty lines answer a block; the report can be shown again, and `why` explains that block."""
    done = ran(home_copy, "exam", "--seed", "1", "--blocks", "1", stdin="A\n" * 20)
    report = done.stdout[done.stdout.index("Your exam day is over.") :]
    assert "of 20 that you saw" in report
    assert "Under 40 answers a day says nothing of an exam score." in report
    assert ran(home_copy, "exam", "--report").stdout == report
    assert "for a whole day" not in report
    assert "in the exam's proportions" in ran(home_copy, "why").stdout


def test_a_short_day_is_asked_for_before_it_is_spent(home_copy: Path) -> None:
    """Fewer questions than the exam has: the answer that Enter gives is no, and then nothing was spent."""
    with Terminal(home_copy, ["exam", "--plain"]) as terminal:
        terminal.expect("Begin the day now? [y/N] ")
        terminal.expect("Nothing was spent.", after=terminal.type(""))
        assert terminal.ended() == 0
    opened = open_workspace(load({"home": str(home_copy)}, {}))
    assert running_day(opened) is None
    opened.close()


def test_in_the_last_days_it_asks_whether_that_is_wise(home_copy: Path) -> None:
    """On the eve of the exam a whole day is not what helps."""
    opened = open_workspace(load({"home": str(home_copy)}, {}))
    tomorrow = (opened.today + timedelta(days=1)).isoformat()
    opened.close()
    ran(home_copy, "set", "exam-date", tomorrow)
    with Terminal(home_copy, ["exam", "--plain"]) as terminal:
        terminal.expect("The exam is")
        terminal.expect("Go on all the same? [y/N] ")
        terminal.type("")
        assert terminal.ended() == 0
        assert "Begin the day now?" not in terminal.text


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--blocks", "15"], 2, "A day of the format 14x30 has 1 to 14 blocks, not 15."),
        (["--half", "--blocks", "2"], 2, "Choose one of --half and --blocks."),
        (["--format", "9x9"], 4, "Known: 7x60, 14x30."),
        (["--report", "--half"], 2, "Leave the other options out."),
        (["--report"], 1, "No exam day has been sat to its end yet. Begin or go on with: qbank exam"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    started: Qbank, arguments: list[str], code: int, said: str
) -> None:
    """With what to do instead and the documented exit code."""
    done = started("exam", *arguments)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


def test_without_questions_it_points_to_the_beginning(qbank: Qbank) -> None:
    """A fresh home has none."""
    done = qbank("exam")
    assert (done.code, done.err) == (1, "qbank: No questions are loaded yet. Begin with: qbank start\n")


def test_an_open_block_comes_first(started: Qbank) -> None:
    """A day needs the desk clear."""
    started("block", "--size", "2")
    done = started("exam")
    assert done.code == 2
    assert "Finish it or close it first, with: qbank block" in done.err


def test_a_day_waits_in_its_block(home_copy: Path) -> None:
    """A pipe that ends in the first block leaves it open, and the day under way."""
    ran(home_copy, "exam", "--blocks", "1", stdin="A\nB\n")
    opened = open_workspace(load({"home": str(home_copy)}, {}))
    day = running_day(opened)
    assert day is not None
    assert (day.phase, day.number) == (Phase.BLOCK, 1)
    opened.close()
