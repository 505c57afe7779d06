"""How fast a learner is, from their own times: few change little, many decide, and odd ones do neither."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from traces import traces

from qbank.app.exams import load_exam
from qbank.core.exam_model import exam_model
from qbank.core.pace import (
    LONGEST,
    MOST_TIMES,
    PRIOR_TIMES,
    SPREAD,
    Pace,
    after_answering,
    after_reading,
    expected_seconds,
)
from qbank.core.trace import Trace
from qbank.core.worth import Pricer, Seconds

MODEL = exam_model(load_exam("usmle-step1"), date(2026, 11, 23))

times = st.lists(st.tuples(st.integers(0, 600_000), st.booleans()), max_size=60)


def answered(history: list[tuple[int, bool]]) -> Pace:
    pace = Pace()
    for spent_ms, seen in history:
        pace = after_answering(pace, MODEL, spent_ms, seen=seen)
    return pace


def lognormal(seconds: float, count: int, seed: int) -> list[int]:
    """Milliseconds whose mean is `seconds`."""
    dice = random.Random(seed)
    return [round(1000 * seconds * dice.lognormvariate(-(SPREAD**2) / 2, SPREAD)) for _ in range(count)]


def test_until_something_is_known_the_exam_file_speaks() -> None:
    """No times: what the file expects, to the digit, for what was met before as well."""
    expected = expected_seconds(Pace(), MODEL)
    assert expected == Seconds(
        MODEL.answer_seconds, MODEL.miss_seconds, MODEL.hit_seconds, MODEL.answer_seconds
    )


@pytest.mark.parametrize("seconds", [30, 60, 90, 160])
def test_many_times_find_the_mean_they_came_from(seconds: float) -> None:
    """After 600 answers of each kind, within 12 % of the true mean; the kinds are told apart."""
    new, seen = lognormal(seconds, 600, 1), lognormal(seconds * 0.6, 600, 2)
    pace = answered(
        [one for pair in zip(new, seen, strict=True) for one in ((pair[0], False), (pair[1], True))]
    )
    for spent_ms in lognormal(seconds, 600, 3):
        pace = after_reading(pace, MODEL, spent_ms, hit=False)
    expected = expected_seconds(pace, MODEL)
    assert expected.answer == pytest.approx(seconds, rel=0.12)
    assert expected.answering(seen=True) == pytest.approx(0.6 * seconds, rel=0.12)
    assert expected.after_miss == pytest.approx(seconds, rel=0.12)
    assert expected.after_hit == MODEL.hit_seconds


def test_first_answers_hardly_move_it() -> None:
    """Three answers of ten seconds take less than an eighth off."""
    expected = expected_seconds(answered([(10_000, False)] * 3), MODEL).answer
    assert 0.875 * MODEL.answer_seconds < expected < MODEL.answer_seconds


def test_who_is_fast_on_new_ones_is_taken_for_fast_on_known_ones() -> None:
    """Until times of objectives met before say otherwise."""
    expected = expected_seconds(answered([(45_000, False)] * 100), MODEL)
    assert expected.answering(seen=True) == expected.answer < 0.7 * MODEL.answer_seconds


@given(times)
def test_one_time_moves_it_by_little_whatever_it_is(history: list[tuple[int, bool]]) -> None:
    """No single answer moves what is expected by more than its clipped part of PRIOR_TIMES + 1."""
    pace = answered(history)
    before = expected_seconds(pace, MODEL).answer
    for spent_ms in (0, 1_000, 90_000, 1_200_000, 30_000_000):
        after = expected_seconds(after_answering(pace, MODEL, spent_ms, seen=False), MODEL).answer
        assert abs(after / before - 1) < 2.2 * SPREAD * 2 / PRIOR_TIMES


@given(times)
def test_a_cup_of_tea_is_no_answer_time(history: list[tuple[int, bool]]) -> None:
    """More than LONGEST times the expected time moves nothing at all."""
    pace = answered(history)
    expected = expected_seconds(pace, MODEL)
    for seen in (False, True):
        tea_ms = round(1000 * (LONGEST * expected.answering(seen=seen) + 1))
        assert after_answering(pace, MODEL, tea_ms, seen=seen) == pace


def test_a_new_pace_takes_the_place_of_an_old_one() -> None:
    """Older times fade once there are MOST_TIMES."""
    pace = answered(
        [(ms, False) for ms in lognormal(120, 2 * MOST_TIMES, 1) + lognormal(60, 3 * MOST_TIMES, 2)]
    )
    assert expected_seconds(pace, MODEL).answer == pytest.approx(60, rel=0.15)
    assert pace.new.times == MOST_TIMES


@given(traces(), st.integers(0, 200))
def test_prices_of_what_was_met_before_count_its_own_seconds(trace: Trace, elapsed: int) -> None:
    """What competes is what `why` explains, and only the known one is cheaper for being quicker."""
    price = Pricer(MODEL, 50, seconds=Seconds(90, 120, 30, answer_seen=45))
    slow = Pricer(MODEL, 50, seconds=Seconds(90, 120, 30))
    explained = price.seen(trace, elapsed)
    rate = price.rate(trace.kept, trace.kept_days, trace.taught, trace.taught_days, elapsed)
    assert rate == pytest.approx(explained.points_per_minute)
    assert explained.seconds == pytest.approx(slow.seen(trace, elapsed).seconds - 45)
    assert price.unseen(0.5) == slow.unseen(0.5)
