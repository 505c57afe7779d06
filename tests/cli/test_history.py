"""Looking through what was answered, as its user meets it."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from support import Qbank
from terminals import Terminal


@pytest.fixture
def practised(started: Qbank) -> Qbank:
    """After a timed block of three, and a tutor block of six with reasons."""
    started("block", "--size", "3", "--seed", "1", stdin="A\nB\nC\n")
    started(
        *("block", "--mode", "tutor", "--size", "6", "--seed", "2"), stdin="A 5\nA 5\nA 5\nA 5\nA 5\nA 5\n"
    )
    return started


def listed(qbank: Qbank, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(qbank("history", *arguments, "--json").out)
    return found


def test_one_line_an_answer_the_latest_first(practised: Qbank) -> None:
    """Day, question, system, result, seconds and reason; the last line says that this is all."""
    lines = practised("history").out.splitlines()
    answers = listed(practised)
    assert len(answers) == 9
    for line, answer in zip(lines[2:11], answers, strict=True):
        for cell in (answer["day"], answer["question"], answer["system"], answer["outcome"]):
            assert cell in line
        assert line.endswith("misread") == (answer["reason"] == "misread")
    assert lines[-1] == "All 9 answers, the latest first."
    times = [answer["at"] for answer in answers]
    assert times == sorted(times, reverse=True)


def test_filters_join(practised: Qbank) -> None:
    """Each takes away from what the others left; what was missed and what was right is everything."""
    answers = listed(practised)
    system = answers[0]["system"]
    missed = listed(practised, "--missed")
    right = listed(practised, "--right")
    assert len(missed) + len(right) == 9
    assert {answer["outcome"] for answer in right} <= {"right"}
    both = listed(practised, "--system", system, "--missed")
    assert both == [answer for answer in missed if answer["system"] == system]
    misread = listed(practised, "--reason", "misread")
    assert misread
    assert misread == [answer for answer in answers if answer["reason"] == "misread"]
    discipline = answers[0]["disciplines"][0]
    assert listed(practised, "--discipline", discipline) == [
        answer for answer in answers if discipline in answer["disciplines"]
    ]
    assert len(listed(practised, "--fresh", "--since", answers[0]["day"])) == 9
    assert listed(practised, "--until", "2020-01-01") == []
    assert "Nothing fits." in practised("history", "--until", "2020-01-01").out


def test_words_find_questions_by_text_and_by_id(practised: Qbank) -> None:
    """The beginning of an id, and words of the text."""
    first = listed(practised)[0]
    by_id = listed(practised, first["question"][:-2])
    assert first in by_id
    hits = json.loads(practised("bank", "search", "woman", "--limit", "500", "--json").out)
    live = {hit["question"] for hit in hits}
    assert {answer["question"] for answer in listed(practised, "woman")} == live & {
        answer["question"] for answer in listed(practised)
    }


def test_pages_say_how_to_go_on(practised: Qbank) -> None:
    """The hint leads to the older ones, and ends with the oldest."""
    first = practised("history", "--limit", "4").out
    assert "For older answers add: --skip 4" in first
    second = practised("history", "--limit", "4", "--skip", "4").out
    assert "5 to 8, counted from the latest. For older answers add: --skip 8" in second
    last = practised("history", "--limit", "4", "--skip", "8").out
    assert "9 to 9, counted from the latest; there are no older answers." in last
    shown = [line for page in (first, second, last) for line in page.splitlines() if line[:2] == "20"]
    assert len(set(shown)) == len(shown) == 9
    assert len(listed(practised, "--limit", "2")) == 2


def test_any_block_can_be_looked_at_again(practised: Qbank) -> None:
    """What stands in the list is enough for `qbank look` and for --block."""
    table = practised("history", "--blocks").out
    blocks = listed(practised, "--blocks")
    assert "Show one again with: qbank look BLOCK" in table
    assert [block["asked"] for block in blocks] == [6, 3]
    for line, block in zip(table.splitlines()[2:4], blocks, strict=True):
        name = line.split()[0]
        assert f"{block['right']} of {block['asked']}" in line
        assert json.loads(practised("look", name, "--json").out)["block"] == block["block"]
        assert {answer["block"] for answer in listed(practised, "--block", name)} == {block["block"]}


def test_csv_has_the_same_answers(practised: Qbank, tmp_path: Path) -> None:
    """In a private file, all of them; the same on standard output, and a file that is there is not replaced unasked."""
    file = tmp_path / "answers.csv"
    assert "9 answers written" in practised("history", "--csv", str(file)).out
    assert file.stat().st_mode & 0o077 == 0
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode(), newline="")))
    assert [row["question"] for row in rows] == [answer["question"] for answer in listed(practised)]
    assert practised("history", "--csv", "-").out == file.read_bytes().decode()
    assert practised("history", "--csv", str(file)).code == 2
    assert practised("history", "--csv", str(file), "--force", "--missed").code == 0
    blocks = practised("history", "--blocks", "--csv", "-").out
    assert blocks.splitlines()[0].startswith("block,day,")


def test_nothing_yet_is_said_with_what_to_do(started: Qbank) -> None:
    """No table of nothing."""
    for arguments in (("history",), ("history", "--blocks")):
        assert started(*arguments).out == "Nothing is answered yet. Begin with: qbank block\n"
    assert listed(started) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--missed", "--right"), 2), (("--csv", "-", "--json"), 2), (("--blocks", "--missed"), 2),
        (("--system", "heart"), 2),
        (("--discipline", "x"), 2), (("--since", "soon"), 2), (("--limit", "0"), 2), (("--reason", "luck"), 2),
        (("--block", "zz"), 4),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_said(started: Qbank, arguments: tuple[str, ...], code: int) -> None:
    """With the documented exit code, and nothing on standard output."""
    ran = started("history", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err


@pytest.mark.parametrize("columns", [80, 100])
def test_a_terminal_gets_lines_that_fit(practised: Qbank, home: Path, columns: int) -> None:
    """Long names give way; nothing is wrapped."""
    with Terminal(home, ["history"], columns=columns) as terminal:
        terminal.expect("the latest first.")
        assert terminal.ended() == 0
        lines = terminal.text.splitlines()
    assert max(map(len, lines)) <= columns
    assert sum(line.startswith("20") for line in lines) == 9
