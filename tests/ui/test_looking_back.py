"""A closed block in plain lines: within the window, in words, and nothing told before its time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from reviews import DAY, MISSED, REVIEW

from qbank.core.looking_back import (
    LookFilter,
    Outcome,
    Pace,
    QuestionReview,
    ReturnWhy,
    Totals,
)
from qbank.core.mending import Mend, Owed, mending
from qbank.core.response import MissReason
from qbank.core.text import visible
from qbank.errors import UsageError
from qbank.ui.layout import columns
from qbank.ui.looking_back import (
    NAMED,
    chosen_filter,
    plan_lines,
    result_lines,
    review_lines,
    table_lines,
)


def test_a_row_has_what_became_of_a_question() -> None:
    """Result, the answers in turn with how sure the last was, key, seconds, what else, and the day."""
    row = table_lines(REVIEW, 100, LookFilter.ALL)[2]
    assert row.split() == [
        *("1", "missed", "D>B?", "D", "151", "slow,", "marked", "Mon", "04", "Jan"),
        *["Explain", "why", "the", "giant", "sleeps"],
    ]


def test_what_is_hidden_is_not_told_anywhere() -> None:
    """Neither its key nor what it was about, nor whether a change went away from the key."""
    said = "\n".join([*review_lines(REVIEW, 80, hidden={0}), *plan_lines(mending(REVIEW), 80, hidden={0})])
    row = next(line for line in said.splitlines() if line.startswith("1 "))
    assert "giant" not in said
    assert "right to wrong" not in said
    assert row.split()[3] == "151"
    assert "respiratory-renal" in row


def test_changes_are_told_without_a_verdict() -> None:
    """What they did here, what is known on the whole, and that one block is no evidence."""
    said = " ".join(review_lines(REVIEW, 80))
    assert "You changed 1 answer: 0 from wrong to right, 1 from right to wrong, 0 neither." in said
    assert "On the whole it helps. One block cannot show how it is with you." in said


def test_whose_pace_it_is_is_said() -> None:
    """One's own with its number of answers, the exam's with what is missing, and none after an interruption."""
    assert "Your own pace is 72 s a question, the median of your last 200 answers" in " ".join(
        review_lines(REVIEW, 100)
    )
    exams = replace(REVIEW, pace=Pace(90, own=False, answers=7))
    assert "The exam's pace is 90 s a question; yours needs 20 answers" in " ".join(review_lines(exams, 100))
    interrupted = " ".join(review_lines(replace(REVIEW, interrupted=True), 100))
    assert "its clock is left out of pacing" in interrupted
    assert "pace is" not in interrupted


def test_a_result_names_what_was_left() -> None:
    """Blanks and what was not reached stand beside it; where nothing was asked nothing is owed."""
    some = replace(REVIEW, totals=Totals(1, 0, 2, 3, 1.5, 0, 0, 0))
    assert result_lines(some)[0].startswith("1 of 3; about 1.5 expected")
    assert result_lines(some)[1] == "2 left blank and 3 not reached."
    none = replace(REVIEW, totals=Totals(0, 0, 0, 3, 0.0, 0, 0, 0))
    assert result_lines(none) == ["No question was answered in it, and nothing is owed."]


def test_an_empty_filter_says_so() -> None:
    """No table without rows."""
    assert table_lines(REVIEW, 80, LookFilter.BLANK) == ["No question here: none was left blank."]


def test_every_reason_has_its_remedy() -> None:
    """Each of them with the question and its day; without a reason, that naming it decides."""
    owed = (Owed(7, "bank", "o", "Explain why the giant sleeps", DAY, ReturnWhy.FORGETTING),)
    seen = set()
    for reason in MissReason:
        said = plan_lines([Mend(reason, owed)], 80)
        assert said[1].startswith(f"  {reason.value.capitalize()} (1): ")
        assert "      7  Explain why the giant sleeps  due Mon 04 Jan" in said
        seen.add(said[1])
    assert len(seen) == len(MissReason)
    unnamed = " ".join(plan_lines([Mend(None, owed)], 80))
    assert "No reason named yet (1): Naming it decides what helps." in unnamed
    assert "giant" not in unnamed


@pytest.mark.parametrize(("text", "kind"), [("", LookFilter.ALL), ("Missed", LookFilter.MISSED)])
def test_a_filter_is_chosen_by_its_name(text: str, kind: LookFilter) -> None:
    """Nothing is all of them."""
    assert chosen_filter(text) is kind


def test_an_unknown_filter_is_answered_with_those_there_are() -> None:
    """Every one but all, which needs no name."""
    with pytest.raises(UsageError, match="l missed, l marked, l changed, l slow or l blank"):
        chosen_filter("wrong")


titles = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=80)
rows = st.builds(
    lambda outcome, title, marked, note, seconds: replace(
        MISSED, outcome=outcome, title=title, marked=marked, note=note, seconds=seconds
    ),
    st.sampled_from(Outcome),
    titles,
    st.booleans(),
    titles,
    st.floats(0, 9000),
)


@given(st.lists(rows, min_size=1, max_size=12), st.sampled_from([40, 64, 80, 100]))
def test_lines_fit_the_window(questions: list[QuestionReview], width: int) -> None:
    """The table in words where it is too wide, and whatever a title holds, every line within the window."""
    numbered = tuple(replace(one, position=n, number=n + 1) for n, one in enumerate(questions))
    found = replace(REVIEW, questions=numbered)
    for line in review_lines(found, width):
        assert columns(line) <= width, line
        assert visible(line) == line


@given(
    st.dictionaries(st.none() | st.sampled_from(MissReason), st.integers(1, 20), min_size=1),
    st.sampled_from([80, 100]),
)
def test_the_plan_fits_one_screen(groups: dict[MissReason | None, int], width: int) -> None:
    """However much was missed for whatever reasons, no more than NAMED objectives are named, in 80 columns."""
    mends = [
        Mend(reason, tuple(Owed(n, "b", "o", "Know " + "this " * 20, DAY, ReturnWhy.FORGETTING) for n in range(1, many + 1)))
        for reason, many in groups.items()
    ]  # fmt: skip
    lines = plan_lines(mends, width)
    assert all(len(line) <= width for line in lines)
    assert sum("Know this" in line for line in lines) <= NAMED
