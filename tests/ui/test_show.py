"""The plain face's lines: they say everything in words and never leave the given width."""

import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.core.block import ItemState
from qbank.core.question import NOT_RECALLED, RECALLED, Kind, Objective, Option, Question, ServedItem, serve
from qbank.core.response import Confidence, Mode, Response
from qbank.core.text import visible
from qbank.ui import show
from qbank.ui.layout import columns
from qbank.ui.sentences import sentences

STEM = """A 72-year-old man comes to the clinic after *two* episodes of **fainting while climbing stairs**.

| Finding | Value |
|---|---:|
| Sodium | 140 mEq/L |
| HLA | B\\*27 |

Which of the following is the most likely cause?"""

QUESTION = Question(
    bank="starter",
    id="q",
    objective="o",
    stem=STEM,
    options=(
        Option("o1", "Decreased venous return", False, "His veins fill well."),
        Option("o2", "A fixed obstruction", True, "Stroke volume cannot rise."),
        Option("o3", "A vagal reflex", False, "No trigger is told."),
    ),
    remember="A fixed obstruction caps the stroke volume.",
    fixed_order=True,
)
ITEM = serve(QUESTION, 1)
OBJECTIVE = Objective(
    "starter", "o", "Relate", sources=("StatPearls: Aortic Stenosis",), review="cross-checked"
)


def asked(question: Question = QUESTION, state: ItemState | None = None, width: int = 80) -> str:
    item = serve(question, 1)
    return "\n".join(show.question_lines(question, item, 2, 20, width, "27:40 left", state or ItemState()))


def answered(choice: str | None, shown: bool = True, objective: Objective | None = OBJECTIVE) -> str:
    state = ItemState(choice=choice, shown=shown)
    return "\n".join(show.answer_lines(QUESTION, ITEM, state, 80, objective))


def with_stem(stem: str, width: int = 80) -> list[str]:
    """The lines of a stem, without heading and options."""
    lines = asked(replace(QUESTION, stem=stem), width=width).split("\n")
    return lines[2 : lines.index("( A ) Decreased venous return") - 1]


def test_a_question_shows_place_clock_stem_and_lettered_options() -> None:
    """The heading, the stem and the options in served order are all there, in this order."""
    text = asked()
    assert text.startswith("Question 3 of 20. 27:40 left.\n\nA 72-year-old man")
    assert text.endswith("( A ) Decreased venous return\n( B ) A fixed obstruction\n( C ) A vagal reflex")


def test_letters_follow_the_served_order() -> None:
    """A is the first option that was shown, whatever the authored order."""
    item = ServedItem("starter", "q", "v", "o", 1, ("o3", "o1", "o2"))
    assert show.letters(item) == {"A": "o3", "B": "o1", "C": "o2"}
    assert [show.letter_of(item, option) for option in ("o1", "gone", None)] == ["B", "", ""]
    lines = show.question_lines(QUESTION, item, 0, 1, 80, "", ItemState())
    assert lines[0] == "Question 1 of 1."
    assert lines[-3:] == [
        "( A ) A vagal reflex",
        "( B ) Decreased venous return",
        "( C ) A fixed obstruction",
    ]


def test_the_state_is_said_in_words() -> None:
    """Mark, strike-out, choice, confidence and note can be heard, not only seen."""
    state = ItemState(
        choice="o2",
        struck=frozenset({"o1"}),
        marked=True,
        confidence=Confidence.UNSURE,
        note="look up the gradient",
    )
    text = asked(state=state)
    assert text.startswith("Question 3 of 20. 27:40 left. Marked.\n")
    assert "( A ) struck: Decreased venous return\n( B ) A fixed" in text
    assert text.endswith("Your answer: B, unsure.\n\nYour note: look up the gradient")


def test_a_highlighted_sentence_stands_between_marks() -> None:
    """Its emphasis goes as elsewhere, nothing else changes, and no line leaves the width."""
    begin, end = sentences(STEM)[0]
    plain, marked = asked(), asked(state=ItemState(highlights=frozenset({(begin, end)})))
    assert "»A 72-year-old man" in marked
    assert marked.split("\n\n")[1].endswith("stairs.«")
    assert " ".join(marked.split()).replace("»", "").replace("«", "") == " ".join(plain.split())
    assert max(map(columns, marked.split("\n"))) <= 80


def test_emphasis_goes_and_stars_inside_words_stay() -> None:
    """Marks of emphasis, code and escape are dropped; a star in a name is part of it."""
    stem = "The ***very*** _first_ `HLA` gene, 5 * 3, CYP2D6*4 and CYP2C19*2, \\*escaped\\*, snake_case_id"
    assert with_stem(stem, 120) == [
        "The very first HLA gene, 5 * 3, CYP2D6*4 and CYP2C19*2, *escaped*, snake_case_id"
    ]


def test_a_table_that_fits_is_laid_out_in_columns() -> None:
    """A pipe table becomes aligned columns, with its escapes resolved."""
    assert with_stem(STEM)[2:8] == [
        "",
        "Finding    Value",
        "---------  ---------",
        "Sodium     140 mEq/L",
        "HLA        B*27",
        "",
    ]


def test_a_table_too_wide_is_stacked() -> None:
    """In a narrow terminal each cell is told with the name of its column, one row after another."""
    stem = (
        "Results:\n| Test | Result |\n|---|---|\n| Serum sodium | 140 mEq/L, normal for a week |\n| K | 4 |"
    )
    assert with_stem(stem, 40) == [
        "Results:",
        "Test: Serum sodium",
        "Result: 140 mEq/L, normal for a week",
        "",
        "Test: K",
        "Result: 4",
    ]


def test_lists_keep_their_lines_and_results_are_no_lists() -> None:
    """List items stay apart and hang; a line that begins with a number goes on with its paragraph."""
    stem = "Serum sodium is\n135. He takes:\n- lisinopril and, since last week, a loop diuretic\n- aspirin"
    assert with_stem(stem, 40) == [
        "Serum sodium is 135. He takes:",
        "- lisinopril and, since last week, a",
        "  loop diuretic",
        "- aspirin",
    ]


@pytest.mark.parametrize(
    ("choice", "shown", "verdict"),
    [
        ("o2", True, "Right. The answer is B."),
        ("o3", True, "Not this time. You chose C; the answer is B."),
        (None, True, "You left this one blank. The answer is B."),
        (None, False, "You did not reach this one. The answer is B."),
    ],
)
def test_the_verdict_names_the_key(choice: str | None, shown: bool, verdict: str) -> None:
    """Whatever was chosen, the first line says how it went and which letter is the answer."""
    assert answered(choice, shown).split("\n")[0] == verdict


def test_the_answer_explains_every_option() -> None:
    """Each option comes with its letter and its own explanation, what to remember, review and sources."""
    assert answered("o3").split("\n")[1:] == [
        "",
        "( A ) Decreased venous return",
        "      His veins fill well.",
        "",
        "( B ) the answer: A fixed obstruction",
        "      Stroke volume cannot rise.",
        "",
        "( C ) your answer: A vagal reflex",
        "      No trigger is told.",
        "",
        "Remember: A fixed obstruction caps the stroke volume.",
        "",
        "Review: cross-checked; no physician has read this question yet.",
        "Sources: StatPearls: Aortic Stenosis.",
    ]


def test_a_physicians_review_is_named_and_no_review_is_admitted() -> None:
    """Only a physician's review stands alone; without any it is said that there is none."""
    physician = replace(OBJECTIVE, review="physician (A. Example, 2026-11-01)", sources=())
    assert answered("o2", objective=physician).endswith("\nReview: physician (A. Example, 2026-11-01).")
    assert answered("o2", objective=None).endswith(
        "\nReview: draft; no physician has read this question yet."
    )


def test_a_response_reads_like_the_state_it_came_from() -> None:
    """Looking back at a recorded response shows the same as right after the reveal."""
    at = datetime(2026, 11, 23, tzinfo=UTC)
    response = Response("b", 0, ITEM, Mode.TUTOR, "o3", False, 900, at, date(2026, 11, 23))
    lines = show.answer_lines(QUESTION, ITEM, response, 80, OBJECTIVE)
    assert "\n".join(lines) == answered("o3")


def test_a_recall_question_keeps_its_back_until_asked() -> None:
    """The back and the self-marking appear only in `recall_lines`; the verdict uses the learner's words."""
    recall = replace(
        QUESTION,
        stem="Murmur of AS?",
        options=(RECALLED, NOT_RECALLED),
        remember="Systolic",
        kind=Kind.RECALL,
    )
    item = serve(recall, 1)
    assert "Systolic" not in asked(recall)
    assert asked(recall).endswith("Answer in your own words, then look at the back.")
    assert show.recall_lines(recall, item, 80) == [
        "The back: Systolic",
        "",
        "( A ) I had it",
        "( B ) I did not have it",
    ]
    for choice, verdict in [
        ("recalled", "You had it."),
        ("not-recalled", "You did not have it this time."),
        (None, "You left this one open."),
    ]:
        assert show.answer_lines(recall, item, ItemState(choice=choice), 80)[0] == verdict


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "0:00"), (-5, "0:00"), (999, "0:00"), (65_000, "1:05"), (725_999, "12:05"), (3_725_000, "1:02:05")],
)
def test_clock(ms: int, text: str) -> None:
    """Whole seconds passed, hours only when there are any."""
    assert show.clock(ms) == text


def test_a_result_is_told_beside_what_was_expected() -> None:
    """The sentence that a learner reads after a block, word for word."""
    assert show.result_line(9, 20, 8.6) == (
        "9 of 20; about 8.6 expected, these were chosen because you may not know them"
    )
    assert show.result_line(9, 20, None) == "9 of 20"


@pytest.mark.parametrize(
    ("text", "wide"), [("abc", 3), ("心电图", 6), ("é", 1), ("e\u0301", 1), ("ﾊ", 1), ("❤\ufe0f", 2)]
)
def test_columns(text: str, wide: int) -> None:
    """Wide characters take two columns, marks on another character none."""
    assert columns(text) == wide


def test_hidden_characters_never_reach_a_line() -> None:
    """What a terminal would obey is shown as its code, in every field that is shown."""
    bad = "x\x1b]52;c;AAAA\x07\u202e"
    options = tuple(replace(o, text=bad + o.id, explanation=bad) for o in QUESTION.options)
    question = replace(QUESTION, stem=f"{bad}\n\n|a|\n|-|\n|{bad}|", options=options, remember=bad)
    state = ItemState(choice="o3", note=bad)
    objective = replace(OBJECTIVE, sources=(bad,), review=bad)
    lines = show.question_lines(question, ITEM, 0, 1, 80, bad, state)
    lines += show.answer_lines(question, ITEM, state, 80, objective)
    assert [visible(line) for line in lines] == lines
    assert sum(line.count("<U+001B>") for line in lines) == 16


MARKED_UP = st.text(
    st.one_of(
        st.sampled_from("ab *_`\\|-:#\n\n  1.)>心电ﾊ\u0301\ufe0f\t\x1b\u202e\u2028\xa0"),
        st.characters(),
        st.just(" "),
    ),
    max_size=120,
)


@given(MARKED_UP, MARKED_UP, st.integers(40, 120))
def test_no_text_leaves_the_width(stem: str, text: str, width: int) -> None:
    """Whatever the text, every line fits, holds no line end, nothing hidden and no space at its end."""
    options = tuple(replace(option, text=text, explanation=stem) for option in QUESTION.options)
    question = replace(QUESTION, stem=stem, options=options, remember=text)
    state = ItemState(choice="o1", note=text, struck=frozenset({"o2"}))
    objective = replace(OBJECTIVE, sources=(text,))
    lines = show.question_lines(question, ITEM, 0, 1, width, "0:05 left", state)
    lines += show.answer_lines(question, ITEM, state, width, objective)
    lines += show.recall_lines(question, ITEM, width)
    for line in lines:
        wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
        marks = sum(unicodedata.category(c) in ("Mn", "Me") for c in line)
        assert wide - marks <= width
        assert visible(line) == line
        assert len(line.splitlines()) <= 1
        assert not line.endswith((" ", "\n"))


WORDS = st.lists(st.text("abcdefg心", min_size=1, max_size=60), min_size=1, max_size=30)


@given(WORDS, st.integers(40, 120))
def test_wrapping_loses_no_letter(words: list[str], width: int) -> None:
    """Taken together again, the lines hold every letter of the text in order."""
    assert "".join(with_stem(" ".join(words), width)).replace(" ", "") == "".join(words)
