"""Each cause's effect is what was put into the sums, whatever the questions were, and the counts are those of the table."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.core.insight.block_sums import Answered, Closed, block_sums, joined
from qbank.core.insight.causes import (
    DESIGNS,
    TABLE,
    Cause,
    Measured,
    after_blocks,
    count,
    measured,
    needed,
    told_by,
)
from qbank.core.insight.inference import ALPHA
from qbank.core.response import Confidence

DAY = date(2026, 3, 2)
RIGHT = Answered("a", (), True, 0.5, True, True, False, 60_000, False, None, None, None)
WRONG = replace(RIGHT, correct=False)


def closed(*answers: Answered, day: date = DAY, before: int = 0, name: str = "b") -> Closed:
    return Closed(name, day, True, "drill", False, True, None, block_sums(answers, before))


def effect(cause: Cause, *blocks: Closed) -> Measured | None:
    return measured(cause, blocks, joined(one.sums for one in blocks))


@pytest.mark.parametrize("cause", Cause)
def test_counts_needed_agree_with_the_table_within_its_rounding(cause: Cause) -> None:
    """Uncorrected, at each size: the table's counts are whole blocks and days, so within a fifth; one block holds the
    last questions that the clock can leave.
    """
    for size, at_table in zip(DESIGNS[cause].sizes, TABLE[cause], strict=True):
        worked_out = needed(cause, size, ALPHA)
        if cause is Cause.UNANSWERED:
            assert worked_out <= at_table
        else:
            assert worked_out == pytest.approx(at_table, rel=0.2)
        assert 1.5 * worked_out < needed(cause, size, ALPHA / len(Cause)) < 2 * worked_out


@pytest.mark.parametrize("cause", Cause)
def test_nothing_is_measured_of_nothing(cause: Cause) -> None:
    """A learner without a block has no effect and no count."""
    assert effect(cause) is None
    assert count(cause, joined([])) == 0


def test_only_timed_mixed_whole_blocks_tell_and_in_their_order() -> None:
    """A block of one topic, an interrupted one, an untimed one and an empty one say nothing; a day goes by its work."""
    late = closed(RIGHT, before=20, name="a")
    early = closed(RIGHT, before=0, name="z")
    others = [
        replace(late, mixed=False),
        replace(late, interrupted=True),
        replace(late, timed=False),
        closed(),
    ]
    assert [one.block for one in told_by([late, *others, early])] == ["z", "a"]


def test_pacing_is_the_fall_in_the_last_quarter() -> None:
    """Six of six right, then none of two: a fall by the whole, beside what was expected alike."""
    found = effect(Cause.PACING, closed(*[RIGHT] * 6, *[WRONG] * 2))
    assert found is not None
    assert found.estimate == pytest.approx(1.0)
    harder = [replace(WRONG, expected=0.1)] * 2
    assert effect(Cause.PACING, closed(*[replace(RIGHT, expected=0.9)] * 6, *harder)) is not None


def test_harder_questions_at_the_end_are_no_rushing() -> None:
    """What was expected is taken off: nine of ten where nine were, one of ten where one was."""
    easy = [replace(RIGHT, expected=0.9)] * 27 + [replace(WRONG, expected=0.9)] * 3
    hard = [replace(RIGHT, expected=0.1)] * 1 + [replace(WRONG, expected=0.1)] * 9
    found = effect(Cause.PACING, closed(*easy, *hard))
    assert found is not None
    assert found.estimate == pytest.approx(0.0, abs=1e-9)
    assert found.p == pytest.approx(0.5)


def test_what_the_clock_left_is_counted_seen_or_not() -> None:
    """Of four questions one was left blank when time ran out and one never reached."""
    cut = replace(WRONG, blank=True, time_ran_out=True)
    block = closed(RIGHT, replace(RIGHT, time_ran_out=True), cut, replace(cut, shown=False))
    found = effect(Cause.UNANSWERED, block)
    assert found is not None
    assert found.estimate == 0.5
    assert count(Cause.UNANSWERED, block.sums) == 4


def test_what_was_left_without_the_clock_is_no_pacing() -> None:
    """Somebody who submits early had the time."""
    found = effect(Cause.UNANSWERED, closed(RIGHT, replace(WRONG, shown=False, blank=True)))
    assert found is not None
    assert found.estimate == 0.0
    assert found.p == 1.0


def test_fatigue_is_the_fall_over_a_day_of_280() -> None:
    """Residuals of +.5 at its beginning and -.5 from 140 answers on are a fall of two over 280, whatever other days were."""
    first, second = closed(RIGHT, RIGHT, before=0), closed(WRONG, WRONG, before=140)
    found = effect(Cause.FATIGUE, first, second)
    assert found is not None
    assert found.estimate == pytest.approx(2.0, rel=0.01)
    good_day = closed(*[RIGHT] * 2, day=date(2026, 3, 3), before=400)
    with_another = effect(Cause.FATIGUE, first, second, good_day)
    assert with_another is not None
    assert with_another.estimate == pytest.approx(found.estimate, rel=0.01)


def test_carry_over_compares_what_follows_a_miss_with_what_follows_a_hit() -> None:
    """Right after each hit and wrong after each miss: the whole."""
    found = effect(Cause.CARRY_OVER, closed(RIGHT, RIGHT, RIGHT, WRONG, WRONG, WRONG, WRONG))
    assert found is not None
    assert found.estimate == pytest.approx(2 / 3)


def test_a_bad_block_is_followed_on_its_day_only() -> None:
    """After a bad block comes another of that day; the next day begins anew."""
    bad, good = closed(*[WRONG] * 4, name="bad"), closed(*[RIGHT] * 4, before=4, name="good")
    tomorrow = closed(*[WRONG] * 4, day=date(2026, 3, 3), name="tomorrow")
    later = closed(RIGHT, before=8, name="later")
    after_bad, after_others = after_blocks([bad, good, later, tomorrow])
    assert [one.block for one in after_bad] == ["good"]
    assert [one.block for one in after_others] == ["later"]
    assert effect(Cause.STUCK, bad, tomorrow) is None


def test_changes_are_harmful_when_more_go_from_right_than_to_it() -> None:
    """Three lost and one gained: a quarter beyond half; what was wrong before and after says nothing."""
    lost, gained = replace(WRONG, first_right=True), replace(RIGHT, first_right=False)
    block = closed(lost, lost, lost, gained, replace(WRONG, first_right=False))
    found = effect(Cause.CHANGING, block)
    assert found is not None
    assert found.estimate == pytest.approx(0.25)
    assert found.p == pytest.approx(5 / 16)
    assert count(Cause.CHANGING, block.sums) == 4


def test_confidence_is_measured_by_what_words_claim() -> None:
    """Sure four times and right twice claims 3.4 of four; an answer without a word stays out."""
    sure = replace(RIGHT, confidence=Confidence.SURE)
    wrong = replace(sure, correct=False)
    found = effect(Cause.OVERCONFIDENCE, closed(sure, sure, wrong, wrong, WRONG))
    assert found is not None
    assert found.estimate == pytest.approx(0.85 - 0.5)
    assert found.low < found.estimate < found.high


def test_missing_what_is_known_is_measured_by_what_was_expected() -> None:
    """Of seen questions at .95 half are missed; fresh ones and others at less do not count."""
    known = replace(RIGHT, fresh=False, expected=0.95)
    block = closed(known, replace(known, correct=False), replace(known, fresh=True), WRONG)
    found = effect(Cause.MISREADING, block)
    assert found is not None
    assert found.estimate == pytest.approx(0.5 - 0.05)
    assert count(Cause.MISREADING, block.sums) == 2


@given(st.lists(st.booleans(), min_size=8, max_size=60), st.sampled_from(Cause))
def test_an_interval_holds_its_estimate_and_p_is_one(hits: list[bool], cause: Cause) -> None:
    """Whatever was answered: low <= estimate <= high, and p lies from 0 to 1."""
    found = effect(cause, closed(*(replace(RIGHT, correct=hit) for hit in hits)))
    if found is not None:
        assert found.low <= found.estimate <= found.high
        assert 0 <= found.p <= 1
