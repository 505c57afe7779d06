"""Highlighting by sentence: what a sentence is, and that setting it off changes nothing else."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from qbank.ui.layout import MARK_OFF, MARK_ON, columns, laid
from qbank.ui.sentences import sentences, set_off

STEM = """A 41-year-old woman comes because of hiccups (for 2 days). Her sodium is 3.5 mg, e.g. low. Dr. Ito agrees.

Results:

| Finding | Value |
|---|---|
| Sodium | 128. Low |

- First finding. It is new.
- Second

Which of the following is most likely?"""


def test_sentences_end_where_a_reader_would_stop() -> None:
    """Decimals and abbreviations end none, list items are their own, and tables hold none."""
    assert [STEM[begin:end] for begin, end in sentences(STEM)] == [
        "A 41-year-old woman comes because of hiccups (for 2 days).",
        "Her sodium is 3.5 mg, e.g. low.",
        "Dr. Ito agrees.",
        "Results:",
        "First finding.",
        "It is new.",
        "Second",
        "Which of the following is most likely?",
    ]


def test_a_sentence_set_off_is_laid_out_as_before() -> None:
    """The marks take no column and break no list or line."""
    plain = laid(STEM, 40)
    marked = laid(set_off(STEM, sentences(STEM)), 40)
    assert [line.replace(MARK_ON, "").replace(MARK_OFF, "") for line in marked] == plain
    assert all(columns(line) <= 40 for line in marked)


def test_spans_outside_the_text_are_left_out() -> None:
    """A span of a longer text, as another version may have had, marks nothing."""
    assert set_off("Short.", [(0, 400)]) == "Short."


@given(st.text(alphabet='aA .?!|-\n*1"()', max_size=120))
def test_sentences_are_in_order_and_apart(text: str) -> None:
    """Whatever the text, spans are not empty, in order, do not overlap, and begin and end with ink."""
    spans = sentences(text)
    assert all(begin < end for begin, end in spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert all(text[begin:end] == text[begin:end].strip() for begin, end in spans)


@given(
    st.text(alphabet="ab. \n", max_size=60),
    st.lists(st.tuples(st.integers(0, 70), st.integers(1, 9)), max_size=6),
)
def test_setting_off_never_loses_a_character(text: str, drawn: list[tuple[int, int]]) -> None:
    """Overlapping spans are joined, and without the marks the text is as it was."""
    marked = set_off(text, [(begin, begin + length) for begin, length in drawn])
    assert marked.replace(MARK_ON, "").replace(MARK_OFF, "") == text
    assert marked.count(MARK_ON) == marked.count(MARK_OFF)
