"""The main job, end to end: from nothing to an answered, scheduled question."""

import json
import re
from pathlib import Path

import pytest
from support import Qbank


def test_unattended_start_sets_everything_up(qbank: Qbank, home: Path) -> None:
    """One command with flags makes the store, loads the bank and keeps the sample, asking nothing."""
    done = qbank(
        "start", "--yes", "--report", "sample", "--exam-date", "none", "--minutes", "60", "--no-block"
    )
    assert done.code == 0, done.err
    assert re.search(r"\d{3} questions on \d{3} objectives are loaded", done.out)
    assert "10 weeks are assumed" in done.out
    assert "This is a made-up sample" in done.out
    assert (home / "qbank.sqlite3").stat().st_mode & 0o077 == 0


def test_start_again_goes_on_where_things_stand(started: Qbank) -> None:
    """A second start asks nothing that was answered and shows where the learner stands."""
    done = started("start", "--no-block")
    assert done.code == 0, done.err
    assert "nothing new" in done.out
    assert "Next: qbank block" in done.out
    assert "How many minutes" not in done.out


def test_timed_block_from_a_pipe_is_scored(started: Qbank) -> None:
    """Answers one a line make a closed block with its result beside what was expected."""
    done = started("block", "--size", "5", "--seed", "7", stdin="A\nB?\nC??\nD\nE\n")
    assert done.code == 0, done.err
    assert "Question 5 of 5" in done.out
    assert re.search(
        r"\d of 5; about \d\.\d expected, these were chosen because you may not know them", done.out
    )
    status = json.loads(started("status", "--json").out)
    assert status["answered"] == 5
    assert not status["open_block"]


def test_same_seed_gives_the_same_block(qbank: Qbank, home: Path, tmp_path: Path) -> None:
    """A seed, a bank and a record decide a block: two fresh homes agree on questions and order."""
    shown = []
    for name in ("one", "two"):
        arguments = ("--home", str(tmp_path / name))
        qbank(*arguments, "start", "--yes", "--report", "sample", "--no-block", "--time-zone", "UTC")
        qbank(*arguments, "block", "--size", "6", "--seed", "11", stdin="A\n" * 6)
        picks = json.loads(qbank(*arguments, "why", "--json").out)["reasons"]
        shown.append([pick["question"] for pick in picks])
    assert shown[0] == shown[1]


def test_interrupted_block_goes_on_with_its_answers(started: Qbank) -> None:
    """When the input ends the block is kept open, and the next call goes on behind the last answer."""
    first = started("block", "--size", "4", stdin="A\nB\n")
    assert first.code == 0
    assert "goes on from here" in first.out
    second = started("block", stdin="A\nB\n")
    assert "Question 3 of 4" in second.out
    assert "of 4; about" in second.out


def test_tutor_shows_every_explanation_at_once(started: Qbank) -> None:
    """In tutor mode an answer is followed by its verdict, all explanations and the sentence to remember."""
    done = started("block", "--mode", "tutor", "--size", "1", stdin="A 2\n")
    assert done.code == 0, done.err
    assert re.search(r"Right\. The answer is|Not this time\. You chose A", done.out)
    assert "Remember: " in done.out
    assert "no physician has read this question yet" in done.out


def test_reserve_is_only_for_assessment(started: Qbank) -> None:
    """Drills never touch the reserve, and an assessment draws from nothing else."""
    started("block", "--size", "60", stdin="A\n" * 60)
    drilled = {pick["objective"] for pick in json.loads(started("why", "--json").out)["reasons"]}
    started("block", "--assess", "--size", "20", stdin="A\n" * 20)
    assessed = {pick["objective"] for pick in json.loads(started("why", "--json").out)["reasons"]}
    assert assessed
    assert not drilled & assessed


def test_no_text_comes_twice_within_two_weeks_unasked(started: Qbank) -> None:
    """When every text is used up, a block is refused with what to do; --all lifts the rule."""
    few = ("block", "--system", "human-development")
    for _ in range(5):
        last = started(*few, "--size", "40", stdin="A\n" * 40)
    assert last.code == 1
    assert "--all" in last.err
    again = started(*few, "--size", "3", "--all", stdin="A\nA\nA\n")
    assert again.code == 0, again.err


def test_undo_takes_back_the_last_score(started: Qbank) -> None:
    """After undo the answer no longer counts; a second undo with nothing left says so."""
    started("block", "--size", "1", stdin="A\n")
    assert started("undo").code == 0
    assert json.loads(started("status", "--json").out)["answered"] == 0
    nothing = started("undo")
    assert nothing.code == 1
    assert "no score to take back" in nothing.err


def test_rebuild_equals_what_was_stored(started: Qbank) -> None:
    """A replay of the log gives the derived rows to the bit, whatever happened before."""
    started("block", "--size", "5", stdin="A\nB?\nC??\nx\nE\n")
    started("block", "--mode", "tutor", "--size", "3", stdin="A 5\nB\nC\n")
    started("outside", "--source", "uworld", "--system", "cardiovascular", "--right", "22", "--of", "40")
    started("miss", "digoxin toxicity: hyperkalemia", "--system", "cardiovascular")
    started("undo")
    started("review", "--minutes", "5", stdin="A\nq\n")
    found = json.loads(started("doctor", "--rebuild", "--json").out)
    assert found["same"] is True
    assert found["troubles"] == []


def test_export_of_an_import_is_the_same_file(started: Qbank, tmp_path: Path) -> None:
    """The record travels whole: exported, imported into nothing and exported again, it is equal to the bit."""
    started("block", "--size", "3", stdin="A\nB\nC\n")
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    assert started("export", str(one)).code == 0
    elsewhere = ("--home", str(tmp_path / "elsewhere"))
    assert started(*elsewhere, "import", str(one)).code == 0
    assert started(*elsewhere, "export", str(two)).code == 0
    assert one.read_bytes() == two.read_bytes()
    again = started("import", str(one))
    assert "0 events and 0 question versions were new" in again.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("bank", "show", "nothing-like-it"), 4, "No question named"),
        (("set", "exam-date", "2001-01-01"), 2, "has passed"),
        (("block", "--system", "cardiovasculr"), 2, 'Did you mean "cardiovascular"'),
        (("outside", "--source", "x", "--right", "5", "--of", "4"), 2, "cannot be"),
        (("report", "show", "9"), 4, "No report named"),
        (("nonsense",), 2, "No such command"),
    ],
)
def test_a_mistake_has_its_exit_code_and_its_mend(
    started: Qbank, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """Each thing a user can get wrong says what to do and leaves with the documented code."""
    done = started(*arguments)
    assert done.code == code
    assert words in done.err
    assert "Traceback" not in done.err
