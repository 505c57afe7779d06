"""The blind check's sheet gives no key away, and is marked as it was filled in."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.core.blind import Part, drawn, marked, read_sheet, sheet
from qbank.core.proportion import wilson
from qbank.core.question import Option, Question, option_id
from qbank.errors import InputInvalid


def question(number: int) -> Question:
    texts = [f"cause {number} {letter}" for letter in "wxyz"]
    options = tuple(Option(option_id(text), text, at == number % 4, "Why.") for at, text in enumerate(texts))
    stem = f"A person of {20 + number} years.\n\nAnswer: is not the line.\nnote: nor this.\n\nWhich of the following is it?"
    return Question("b", f"telling-id-{number}", "o", stem, options, "Remember.")


BANK = [question(number) for number in range(30)]


def filled(part: Part, seed: int, *, right: bool) -> str:
    asked = drawn(BANK, 12, seed)
    text = sheet(asked, part, seed)
    letters = iter(asked)

    def answered(_: re.Match[str]) -> str:
        one = next(letters)
        key = one.letter(one.question.key.id)
        return f"Answer: {key if right else 'ABCD'[('ABCD'.index(key) + 1) % 4]}"

    return re.sub(r"^Answer:$", answered, text, flags=re.MULTILINE)


@given(st.integers(0, 10**6))
def test_a_sheet_answered_by_the_keys_agrees_throughout(seed: int) -> None:
    """Whatever order the options came in; and one answered by other letters, nowhere."""
    found = marked(read_sheet(filled(Part.WHOLE, seed, right=True), "a.txt"), BANK)
    assert (found.answered, found.agreed, found.unanswered, found.missing) == (12, 12, 0, 0)
    found = marked(read_sheet(filled(Part.OPTIONS, seed, right=False), "a.txt"), BANK)
    assert (found.answered, found.agreed, len(found.others), found.chance) == (12, 0, 12, 0.25)


@pytest.mark.parametrize("part", Part)
def test_a_sheet_tells_no_key(part: Part) -> None:
    """Neither by an id nor by an explanation; and only what was asked for is on it."""
    text = sheet(drawn(BANK, 12, 5), part, 5)
    assert "telling" not in text
    assert "Why." not in text
    assert ("A person of" in text) is (part is not Part.OPTIONS)
    assert ("( A )" in text) is (part is not Part.STEM)


def test_a_question_that_was_changed_since_is_told_as_missing() -> None:
    """Its answer says nothing of what it is now; one without an answer is only counted."""
    text = filled(Part.WHOLE, 3, right=True).replace("Answer: A", "Answer:")
    found = marked(read_sheet(text, "a.txt"), BANK[:20])
    assert found.missing > 0
    assert found.unanswered + found.answered + found.missing == 12


def test_free_answers_are_left_to_a_person() -> None:
    """They are shown beside the keys, with notes."""
    text = sheet(drawn(BANK, 3, 1), Part.STEM, 1).replace("Answer:\nNote:", "Answer: the valve\nNote: vague")
    found = marked(read_sheet(text, "a.txt"), BANK)
    assert [answer.said for _, answer in found.others] == ["the valve"] * 3
    assert [answer.note for _, answer in found.noted] == ["vague"] * 3
    assert found.answered == 0


def test_what_goes_on_over_several_lines_is_kept_whole() -> None:
    """Up to the next mark, whose letters may be small."""
    text = sheet(drawn(BANK, 2, 1), Part.STEM, 1)
    text = text.replace("Answer:\nNote:", "answer: the\n  valve\n\nis narrow\nnote: vague,\nand long")
    answers = read_sheet(text, "a.txt").answers
    assert [(one.said, one.note) for one in answers] == [("the valve is narrow", "vague, and long")] * 2
    below = sheet(drawn(BANK, 2, 1), Part.WHOLE, 1).replace("Answer:", "Answer:\n( b )")
    assert [one.said for one in read_sheet(below, "a.txt").answers] == ["( b )"] * 2


def test_a_letter_beyond_the_last_option_is_refused_with_its_line() -> None:
    """It is a slip of the pen and no answer that differs."""
    text = re.sub("^Answer:$", "Answer: e", sheet(drawn(BANK, 1, 1), Part.WHOLE, 1), flags=re.MULTILINE)
    with pytest.raises(InputInvalid) as caught:
        marked(read_sheet(text, "a.txt"), BANK)
    (fault,) = caught.value.faults
    assert text.split("\n")[fault.line - 1] == "Answer: e"
    assert "A to D" in fault.mend


def test_an_answer_is_lost_to_no_other() -> None:
    """A question that is there twice, or whose neighbour's line is gone."""
    text = filled(Part.WHOLE, 3, right=True)
    first = text.index("=== 1 ")
    for spoiled in (text + "\n" + text[first:], re.sub("^=== 2 .*$", "", text, flags=re.MULTILINE)):
        with pytest.raises(InputInvalid, match=r"twice|two answers"):
            read_sheet(spoiled, "a.txt")


@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        (lambda text: text.replace("# Blind", "Blind", 1), 1),
        (lambda text: re.sub(r"^=== 1 \[.*$", "=== 1", text, flags=re.MULTILINE), 6),
        (lambda text: re.sub(r"^Answer: ", "Answer: perhaps ", text, count=1, flags=re.M), 20),
    ],
)
def test_a_spoiled_sheet_is_refused_with_its_line(spoil: object, line: int) -> None:
    """So that no answer is lost in silence."""
    assert callable(spoil)
    with pytest.raises(InputInvalid) as caught:
        read_sheet(spoil(filled(Part.WHOLE, 3, right=True)), "a.txt")
    assert caught.value.faults[0].line == line


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals_are_those_published(count: int, of: int, low: float, high: float) -> None:
    """To four digits."""
    assert wilson(count, of) == pytest.approx((low, high), abs=5e-5)


def test_nothing_counted_says_nothing() -> None:
    """From nothing to all."""
    assert wilson(0, 0) == (0, 1)
