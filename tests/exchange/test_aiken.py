"""Aiken files are read, forgivingly where only one reading makes sense, and what fits in them comes back the same."""

import os
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qbank.core.question import Option, Question, option_id
from qbank.exchange.aiken import read, recognises, refused, write_aiken
from qbank.exchange.foreign import format_of
from qbank.exchange.mcq import read_mcq
from qbank.exchange.mcq_draft import Draft
from qbank.exchange.mcq_fields import mended
from qbank.exchange.mcq_rows import FaultLog

SHARED = Path(__file__).parents[2].parent / "shared" / "conformance"
MOODLE = Path(os.environ.get("QBANK_CONFORMANCE", SHARED)) / "moodle" / "format-aiken-questions.aiken.txt"
PLAIN = "Which hormone?\nA) Renin\nB) Insulin\nANSWER: B\n"


def drafts(text: str) -> list[Draft]:
    """The questions of an Aiken text."""
    return list(read(text.encode(), FaultLog("f.txt")).drafts)


def reasons(text: str) -> list[tuple[int, str]]:
    """Line and reason of what was left out."""
    return [(one.line, one.reason) for one in read(text.encode(), FaultLog("f.txt")).skipped]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace(") ", ". "),
        PLAIN.replace("ANSWER: B", "Answer: b)"),
        "\n\n" + PLAIN.replace("A)", "a)").replace("B)", "b)"),
        PLAIN.replace("\n", "\n\n"),
    ],
)
def test_a_question_is_read_as_it_is_usually_written(text: str) -> None:
    """Capital or small letters, brackets or stops, empty lines between."""
    (draft,) = drafts(text)
    assert recognises("x.txt", text.encode())
    assert (draft.stem, draft.options, draft.key) == ("Which hormone?", {"a": "Renin", "b": "Insulin"}, "b")


def test_questions_and_options_may_have_several_lines() -> None:
    """A name with an abbreviated genus is no option."""
    text = (
        "A. baumannii grew.\nE. coli did not.\n\nWhich?\nA) One that\nE. coli has\nB) Two\nANSWER: A\n"
        "Next?\nA) x\nB) y\nANSWER: B"
    )
    first, second = drafts(text)
    assert first.stem == "A. baumannii grew.\nE. coli did not.\n\nWhich?"
    assert first.options == {"a": "One that E. coli has", "b": "Two"}
    assert (second.line, second.stem, second.key) == (9, "Next?", "b")


def test_an_explanation_behind_the_answer_belongs_to_it() -> None:
    """Not to the next question, with an empty line between them or without."""
    text = (
        "One?\nA. x\nB. y\nAnswer: B\nExplanation: Because of this\nand that.\n\nTwo?\nA. x\nB. y\nCorrect answer: A\n\n"
        "Rationale: It is so.\nThree?\nA. x\nB. y\nANSWER:A\nFour?\nA. x\nB. y\nANSWER: B\nFEEDBACK: The end.\n"
    )
    assert [(one.line, one.stem, one.key, one.explanation) for one in drafts(text)] == [
        (1, "One?", "b", "Because of this\nand that."),
        (8, "Two?", "a", "It is so."),
        (14, "Three?", "a", ""),
        (18, "Four?", "b", "The end."),
    ]


@pytest.mark.parametrize(
    ("answer", "key"),
    [("B) Insulin", "b"), ("(b) insulin", "b"), ("B.", "b"), ("(B)", "b"), ("B) Renin", ""), ("Insulin", "")],
)
def test_an_answer_may_have_its_text_behind_the_letter(answer: str, key: str) -> None:
    """If it is that option's; another one would be a guess."""
    text = PLAIN.replace("ANSWER: B", f"ANSWER: {answer}")
    assert [one.key for one in drafts(text)] == ([key] if key else [])
    assert reasons(text) == ([] if key else [(1, "an answer that is none of its options")])


def test_what_has_no_single_best_answer_is_left_out_with_its_place() -> None:
    """The questions around it are read."""
    text = (
        "No answer?\nA) x\nB) y\n\nTwo?\nA) x\nB) y\nANSWER: A, B\n\nNone?\nA) x\nB) y\nANSWER: D\n\nBare?\nANSWER: A\n\n"
        + PLAIN
        + "\nThe end."
    )
    assert reasons(text) == [
        (1, "no ANSWER line"),
        (5, "several right answers"),
        (10, "an answer that is none of its options"),
        (15, "a text without options"),
        (23, "a text without options"),
    ]
    assert [draft.stem for draft in drafts(text)] == ["Which hormone?"]


@pytest.mark.parametrize("text", ["question,A,answer\nWhich?,x,A\n", "A) x\nB) y\n", "ANSWER: B", ""])
def test_other_files_are_not_taken_for_aiken(text: str) -> None:
    """An option's line has to be followed by an answer's."""
    assert format_of("x.txt", text.encode()) is None


@pytest.mark.skipif(not MOODLE.exists(), reason="the conformance files are not at hand")
def test_moodles_own_file_is_read_whole() -> None:
    """Two questions; what looks like HTML is text."""
    _, questions, notes = read_mcq(MOODLE.name, MOODLE.read_bytes(), bank="x")[:3]
    assert [question.key.text for question in questions] == ["Martin Dougiamas", "True"]
    assert '<html class="cool"> & images:' in questions[1].stem
    assert notes == ["Read 2 questions in the shape aiken."]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("aAbB.): \nANSWER:"), max_size=80))
def test_any_text_is_read_to_its_end(text: str) -> None:
    """No text crashes the reader, and places are lines of the file."""
    found = read(text.encode(), FaultLog("f"))
    last = text.count("\n") + 1
    lines = [draft.line for draft in found.drafts] + [skipped.line for skipped in found.skipped]
    assert all(1 <= line <= last for line in lines)
    assert all(draft.key in draft.options for draft in found.drafts)


LINES = (
    st.text(
        st.one_of(
            st.sampled_from("AaBb.):ANSWER  "), st.characters(codec="utf-8", categories=["L", "N", "P", "S"])
        ),
        min_size=1,
        max_size=40,
    )
    .map(lambda text: " ".join(mended(text).split()))
    .filter(bool)
)


@st.composite
def plain_questions(draw: st.DrawFn) -> Question:
    """A question of single lines without explanations."""
    texts = draw(st.lists(LINES, min_size=2, max_size=26, unique_by=option_id))
    key = draw(st.integers(0, len(texts) - 1))
    options = tuple(Option(option_id(text), text, at == key) for at, text in enumerate(texts))
    return Question("x", "q", "q", draw(LINES), options)


@settings(max_examples=200, deadline=None)
@given(st.lists(plain_questions(), min_size=1, max_size=3, unique_by=lambda question: question.stem))
def test_what_goes_out_as_aiken_comes_back_the_same(questions: list[Question]) -> None:
    """Stem, options and key of whatever is not refused."""
    # Options that all carry their own letter lose it in every import.
    fit = [
        one
        for one in questions
        if not refused(one) and not one.options[0].text.casefold().startswith(("a", "(a"))
    ]
    assume(fit)
    _, back, _ = read_mcq("f.txt", write_aiken(fit, []).encode(), bank="x")[:3]
    assert [(one.stem, one.options) for one in back] == [(one.stem, one.options) for one in fit]


def test_what_would_be_read_as_something_else_is_refused() -> None:
    """A table needs its lines, and a stem must not begin like an option or an answer."""
    options = (Option("1", "x", True), Option("2", "y", False))
    stems = ["| a |\n| - |\n| 1 |", "B) it is", "Answer: which?", "A man\n\nhas it."]
    assert [bool(refused(Question("x", "q", "q", stem, options))) for stem in stems] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Which hormone?\n(A) Renin\n(B) Insulin\nANSWER: (B)\n",
        "Which hormone?\nA.\xa0Renin\nB.\xa0Insulin\nANSWER:\xa0B\n",
    ],
)
def test_letters_in_brackets_and_unbreakable_spaces_are_read(text: str) -> None:
    assert recognises("f.txt", text.encode())
    (draft,) = drafts(text)
    assert (draft.options, draft.key) == ({"a": "Renin", "b": "Insulin"}, "b")
