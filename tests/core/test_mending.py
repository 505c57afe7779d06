"""The plan for what was missed: grouped by reason, the greatest group first, and nothing owed that need not be."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from reviews import MISSED, REVIEW

from qbank.core.looking_back import Outcome, QuestionReview
from qbank.core.mending import Mend, mending
from qbank.core.response import MissReason

READING, BETWEEN = MissReason.MISREAD, MissReason.BETWEEN_TWO
RIGHT = replace(MISSED, outcome=Outcome.RIGHT, choice="D")


def plan(*questions: QuestionReview) -> tuple[Mend, ...]:
    """The plan of a block of these questions, numbered in their order."""
    numbered = tuple(replace(one, position=n, number=n + 1) for n, one in enumerate(questions))
    return mending(replace(REVIEW, questions=numbered))


def numbers(mends: tuple[Mend, ...]) -> list[tuple[MissReason | None, list[int]]]:
    return [(mend.reason, [owed.number for owed in mend.questions]) for mend in mends]


def test_misses_are_grouped_by_the_last_word_on_their_reason() -> None:
    """The greatest group leads, a second thought replaces the first, and what has no reason yet comes last."""
    misread = replace(MISSED, reason_before=READING)
    second_thought = replace(misread, reason_after=BETWEEN)
    found = plan(MISSED, MISSED, MISSED, misread, second_thought, replace(MISSED, reason_after=BETWEEN))
    assert numbers(found) == [(BETWEEN, [5, 6]), (READING, [4]), (None, [1, 2, 3])]


def test_what_is_due_first_comes_first() -> None:
    """Inside a group by day, then by number; what has no day comes last."""
    later, never = replace(MISSED, comes_back_on=date(2027, 1, 9)), replace(MISSED, comes_back_on=None)
    assert numbers(plan(never, later, MISSED, MISSED)) == [(None, [3, 4, 2, 1])]


def test_nothing_is_owed_for_what_was_right_undone_or_not_asked() -> None:
    """A review that was stopped leaves no debt, and neither does an undone answer."""
    stopped = replace(RIGHT, outcome=Outcome.NOT_REACHED)
    assert plan(RIGHT, replace(MISSED, taken_back=True), stopped) == ()


def test_what_the_clock_cut_off_is_about_time() -> None:
    """Not reached, or left blank as time ran out; a wrong answer or a reason that was given says something else."""
    cut = replace(RIGHT, outcome=Outcome.NOT_REACHED, time_ran_out=True)
    blank = replace(cut, outcome=Outcome.BLANK)
    named = replace(blank, reason_after=READING)
    wrong = replace(MISSED, time_ran_out=True)
    assert numbers(plan(cut, blank, named, wrong)) == [
        (MissReason.OUT_OF_TIME, [1, 2]),
        (READING, [3]),
        (None, [4]),
    ]


def test_a_prompt_that_was_not_recalled_needs_no_reason() -> None:
    """That it could not be retrieved is what was asked."""
    assert numbers(plan(replace(MISSED, recall=True))) == [(MissReason.COULD_NOT_RETRIEVE, [1])]


questions = st.builds(
    lambda outcome, reason, after, recall, ran_out, undone: replace(
        RIGHT,
        outcome=outcome,
        reason_before=reason,
        reason_after=after,
        recall=recall,
        time_ran_out=ran_out,
        taken_back=undone,
    ),
    st.sampled_from(Outcome),
    st.none() | st.sampled_from(MissReason),
    st.none() | st.sampled_from(MissReason),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(questions, max_size=40))
def test_every_miss_is_in_one_group(block: list[QuestionReview]) -> None:
    """Each that counts stands in exactly one, each reason has one group, and no group is empty."""
    mends = plan(*block)
    owed = sorted(one.number for mend in mends for one in mend.questions)
    misses = [
        n
        for n, one in enumerate(block, 1)
        if not one.taken_back
        and (
            one.outcome in (Outcome.MISSED, Outcome.BLANK)
            or (one.outcome is Outcome.NOT_REACHED and one.time_ran_out)
        )
    ]
    assert owed == misses
    assert len({mend.reason for mend in mends}) == len(mends)
    assert all(mend.questions for mend in mends)
