"""A text of Moodle with one gap to choose for is a question; with more, or to write into, it is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.exchange.mcq_rows import FaultLog
from qbank.exchange.moodle_gaps import cloze
from qbank.exchange.moodle_xml import read


def quiz(kind: str, text: str, more: str = "") -> bytes:
    stem = f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'
    return f'<quiz><question type="{kind}">{stem}{more}</question></quiz>'.encode()


@pytest.mark.parametrize("kind", ["MULTICHOICE", "MC", "MCV", "MULTICHOICE_HS", "MCS", "MULTICHOICE_S"])
def test_one_gap_with_options_is_a_question(kind: str) -> None:
    """Its feedback and escapes among them; the gap stands as a line in the text."""
    gap = "{1:KIND:liver#No.~=kidney#Yes &amp; only there.~%0%lung \\} both}".replace("KIND", kind)
    text = f"<p>Renin is made in the {gap}.</p>"
    (draft,) = read(quiz("cloze", text), FaultLog("f")).drafts
    assert draft.stem == "Renin is made in the _____."
    assert draft.options == {"a": "liver", "b": "kidney", "c": "lung } both"}
    assert draft.key == "b"
    assert draft.explanations == {"a": "No.", "b": "Yes & only there.", "c": ""}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{1:MC:=a~b} and {1:MC:=c~d}", "cloze, several gaps in one text"),
        ("{1:SHORTANSWER:=a~b}", "cloze, several gaps in one text"),
        ("{1:MULTIRESPONSE:=a~b}", "cloze, several gaps in one text"),
        ("{1:MC:=a~=b}", "several answers are right"),
        ("{1:MC:%50%a~b}", "no answer is wholly right"),
    ],
)
def test_other_texts_with_gaps_are_left_out(text: str, reason: str) -> None:
    """With their reason."""
    found = read(quiz("multianswer", text), FaultLog("f"))
    assert not found.drafts
    assert [one.reason for one in found.skipped] == [reason]


@pytest.mark.parametrize(
    ("kind", "tag"),
    [("gapselect", "selectoption"), ("ddwtos", "dragbox")],
)
def test_one_missing_word_has_the_words_of_its_group_as_options(kind: str, tag: str) -> None:
    """The number in the gap is the word's; with two gaps it is no question."""
    words = "".join(
        f"<{tag}><text>{word}</text><group>{group}</group></{tag}>"
        for word, group in (("liver", 1), ("blue", 2), ("kidney", 1))
    )
    (draft,) = read(quiz(kind, "Renin is made in the [[3]].", words), FaultLog("f")).drafts
    assert draft.options == {"a": "liver", "b": "kidney"}
    assert draft.key == "b"
    assert not read(quiz(kind, "[[1]] and [[3]]", words), FaultLog("f")).drafts
    assert not read(quiz(kind, "[[4]]", words), FaultLog("f")).drafts


@given(st.text("{}:=~#%\\MCa1 ", max_size=60))
def test_any_text_is_read_or_not_and_nothing_breaks(text: str) -> None:
    """What is read has a key that is one of the options."""
    gap = cloze(text)
    assert gap is None or all(at < len(gap.options) for at in gap.right)
