"""What goes out as CSV, TSV or JSONL comes back the same, and no cell of a table is a formula."""

import csv
import io
import json
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbank.bank.scan import scan
from qbank.core.question import Kind, Objective, Option, Question, option_id
from qbank.core.text import hidden_characters
from qbank.errors import InputInvalid
from qbank.exchange.mcq import read_mcq
from qbank.exchange.mcq_csv_out import write_csv, write_tsv
from qbank.exchange.mcq_fields import mended
from qbank.exchange.mcq_jsonl_out import write_jsonl
from qbank.settings import data_folder

Write = Callable[[Sequence[Question], Sequence[Objective]], bytes]

KNOWN = {
    "system": {"cardiovascular": "Cardiovascular System", "renal": "Renal/Urinary System"},
    "discipline": {"pathology": "Pathology", "physiology": "Physiology"},
    "section": {"heart": "Heart"},
    "task": {"diagnosis": "Diagnosis"},
}
CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]) | st.sampled_from(
    "=+-@'\",;|\t\n AB.)({}[]<>\\/#0123"
)
TEXTS = st.text(CHARACTERS, max_size=40).map(mended).filter(lambda text: not hidden_characters(text))
LINES = TEXTS.map(lambda text: " ".join(text.split())).filter(bool) | st.sampled_from(
    ["A", "B", "B. x", "=1+1", "'=1", "@x"]
)
IDS = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,8}[A-Za-z0-9])?", fullmatch=True)


@st.composite
def banks(draw: st.DrawFn) -> tuple[list[Objective], list[Question]]:
    """Objectives, and questions on them such as a bank can hold."""
    objectives = [
        Objective(
            "x",
            name,
            draw(LINES),
            draw(st.sampled_from(["", *KNOWN["system"]])),
            draw(st.sampled_from(["", *KNOWN["section"]])),
            tuple(draw(st.lists(st.sampled_from(sorted(KNOWN["discipline"])), unique=True))),
            draw(st.sampled_from(["", *KNOWN["task"]])),
            draw(st.sampled_from(["high", "medium", "low"])),
            tuple(draw(st.lists(TEXTS, max_size=2))),
            draw(LINES),
        )
        for name in draw(st.lists(IDS, min_size=1, max_size=3, unique=True))
    ]
    names = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    return objectives, [draw(questions(name, st.sampled_from(objectives))) for name in names]


@st.composite
def questions(draw: st.DrawFn, name: str, objectives: st.SearchStrategy[Objective]) -> Question:
    """A question in any order of its options."""
    texts = draw(st.lists(LINES, min_size=2, max_size=6, unique_by=option_id))
    key = draw(st.integers(0, len(texts) - 1))
    options = [Option(option_id(text), text, at == key, draw(TEXTS)) for at, text in enumerate(texts)]
    order = draw(st.sampled_from([(True, 0), (False, 0), (False, 1), (False, 2)]))
    return Question(
        "x", name, draw(objectives).id, draw(TEXTS.filter(bool)), tuple(options), draw(TEXTS), *order
    )


def back(content: bytes) -> tuple[list[Objective], list[Question]]:
    found = read_mcq("f", content, bank="x", known=KNOWN)
    assert not found.skipped
    return found.objectives, found.questions


@settings(max_examples=300, deadline=None)
@given(banks(), st.sampled_from([write_csv, write_tsv, write_jsonl]))
def test_what_goes_out_comes_back_the_same(
    bank: tuple[list[Objective], list[Question]], write: Write
) -> None:
    """All of a question, and of an objective what the format says it keeps, in the order of use."""
    objectives, asked = bank
    again, questions = back(write(asked, objectives))
    assert questions == asked
    used = {one.id: one for one in objectives}
    expected = [used[name] for name in dict.fromkeys(question.objective for question in asked)]
    if write is not write_jsonl:
        expected = [
            Objective(one.bank, one.id, one.text, one.system, one.section, one.disciplines, one.task)
            for one in expected
        ]
    assert again == expected


@pytest.mark.parametrize("stem", ["{#", "Which? {=a ~b}", "Which?\nA. one\nB. two\nANSWER: A", "::T::x{T}"])
@pytest.mark.parametrize("write", [write_csv, write_tsv, write_jsonl])
def test_a_cell_that_looks_like_another_format_stays_a_cell(stem: str, write: Write) -> None:
    """A table is told by its headings, whatever stands below them."""
    options = (Option(option_id("a"), "a", True), Option(option_id("b"), "b", False))
    assert back(write([Question("x", "q", "q", stem, options)], []))[1][0].stem == stem


@settings(max_examples=200, deadline=None)
@given(banks(), st.sampled_from(",\t"))
def test_no_cell_of_a_table_is_a_formula(
    bank: tuple[list[Objective], list[Question]], delimiter: str
) -> None:
    """For a spreadsheet; what it shows begins with an apostrophe."""
    content = write_csv(bank[1], bank[0], delimiter).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@pytest.mark.parametrize("write", [write_csv, write_tsv, write_jsonl])
def test_the_bundled_bank_goes_out_and_comes_back(write: Write) -> None:
    """All of it but variants and recall prompts."""
    files = scan(data_folder() / "questions", "x", {}).changed
    asked = [one for file in files for one in file.questions if not one.draws and one.kind is Kind.CHOICE]
    found = read_mcq("f", write(asked, [file.objective for file in files]), bank="x")
    assert len(asked) > 100
    assert found.questions == asked


@pytest.mark.parametrize("write", [write_csv, write_jsonl])
def test_ids_that_two_banks_share_stay_apart(write: Write) -> None:
    """The later one's bank goes before it, for its objective too."""
    options = (Option(option_id("a"), "a", True), Option(option_id("b"), "b", False))
    asked = [Question(bank, name, "o", f"{name} of {bank}?", options) for bank in "yz" for name in ("q", "r")]
    objectives = [
        Objective("y", "o", "One thing.", "renal"),
        Objective("z", "o", "Another.", "cardiovascular"),
    ]
    again, questions = back(write(asked, objectives))
    assert [one.id for one in questions] == ["q", "r", "z.q", "z.r"]
    assert [(one.id, one.text) for one in again] == [("o", "One thing."), ("z.o", "Another.")]


def test_a_line_that_is_not_as_it_was_written_is_left_out_with_the_reason() -> None:
    """A type that is another, a version to come, no key."""
    options = [{"text": "a", "correct": True}, {"text": "b"}]
    good = {"qbank": 1, "question": "Q?", "options": options}
    bad: list[dict[str, object]] = [
        good | {"question": 1},
        good | {"qbank": 2},
        good | {"options": options[1:] * 2},
    ]
    rows = "\n".join(map(json.dumps, [good, *bad]))
    found = read_mcq("f", rows.encode(), bank="x")
    assert [one.stem for one in found.questions] == ["Q?"]
    assert [one.line for one in found.skipped] == [2, 3, 4]
    with pytest.raises(InputInvalid, match="version 2"):
        read_mcq("f", json.dumps(bad[1]).encode(), bank="x")
