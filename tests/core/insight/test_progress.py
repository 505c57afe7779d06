"""Progress is the sums of blocks and nothing else: by day, area, word and forecast they come to the same whole."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.core.exam import Flag
from qbank.core.insight.block_sums import Answered, Closed, block_sums
from qbank.core.insight.progress import (
    WEEKS,
    AreaProgress,
    due_days,
    furthest_below,
    pooled,
    work,
)
from qbank.core.proportion import wilson
from qbank.core.response import Confidence

TODAY = date(2027, 1, 20)
ONE = Answered(
    "cardiovascular", ("pathology",), True, 0.5, True, True, False, 60_000, False, None, None, None
)

answers = st.lists(
    st.builds(
        replace,
        st.just(ONE),
        system=st.sampled_from(["cardiovascular", "multisystem", ""]),
        correct=st.booleans(),
        expected=st.sampled_from([0.25, 0.5, 0.75, 1.0]),
        fresh=st.booleans(),
        shown=st.booleans(),
        ms=st.integers(0, 300_000),
        confidence=st.sampled_from([None, *Confidence]),
    ),
    min_size=1,
    max_size=12,
)
blocks = st.lists(st.tuples(st.integers(0, 70), answers), max_size=6)


def closed(days_ago: int, *given_answers: Answered) -> Closed:
    """A block of so many days ago."""
    day = TODAY - timedelta(days_ago)
    return Closed(f"{day}", day, True, "drill", False, True, None, block_sums(given_answers, 0))


def area(name: str, share: float, time_share: float, flag: Flag | None = None) -> AreaProgress:
    """A system with nothing but its shares."""
    return AreaProgress(
        "system", name, name, share, flag, None, (0, 0), (0, 0), 0, time_share, (None,) * WEEKS
    )


@given(blocks)
def test_every_answer_is_in_one_day_one_system_and_at_most_one_word(
    made: list[tuple[int, list[Answered]]],
) -> None:
    """Days, systems, words and forecasts each add up to what was answered, in order and without empty rows."""
    done = work([closed(ago, *given_answers) for ago, given_answers in made], TODAY)
    shown = [one for _, given_answers in made for one in given_answers if one.shown]
    assert (done.answered, done.right) == (len(shown), sum(one.correct for one in shown))
    assert done.ms == sum(day.ms for day in done.days) == sum(one.ms for one in shown)
    assert sum(day.answers for day in done.days) == len(shown)
    assert list(done.days) == sorted(done.days, key=lambda day: day.day)
    assert all(day.answers for day in done.days)
    systems = [of for key, of in done.areas.items() if key.startswith("system/")]
    assert sum(of.fresh[0] + of.seen[0] for of in systems) == sum(bool(one.system) for one in shown)
    assert sum(row.answers for row in done.said) == sum(one.confidence is not None for one in shown)
    whole = pooled(done.forecasts)
    assert (whole.answers if whole else 0) == sum(not one.fresh for one in shown)


@given(blocks)
def test_shares_of_time_are_a_whole(made: list[tuple[int, list[Answered]]]) -> None:
    """Over the systems they are 1 as soon as any time was spent in one; time without a system is nobody's."""
    done = work([closed(ago, *given_answers) for ago, given_answers in made], TODAY)
    systems = [of for key, of in done.areas.items() if key.startswith("system/")]
    whole = sum(of.time_share for of in systems)
    assert whole == pytest.approx(1 if any(of.ms for of in systems) else 0)
    assert all(0 <= of.time_share <= 1 + 1e-9 for of in done.areas.values())


def test_weeks_end_today_and_hold_fresh_answers_alone() -> None:
    """Today and six days ago are this week; what is older than eight weeks, or seen before, is in none."""
    wrong, seen = replace(ONE, correct=False), replace(ONE, fresh=False)
    done = work(
        [closed(0, ONE, wrong, seen), closed(6, wrong, wrong), closed(7, ONE), closed(7 * WEEKS, ONE)], TODAY
    )
    assert done.areas["system/cardiovascular"].weeks == (None,) * 6 + (1.0, 0.25)
    assert done.areas["system/cardiovascular"].fresh == (6, 3)
    assert done.areas["discipline/pathology"].seen == (1, 1)


def test_words_come_from_the_surest_on_with_their_interval() -> None:
    """Only what was said; the interval is Wilson's."""
    guess = replace(ONE, confidence=Confidence.GUESSED, correct=False)
    done = work([closed(0, guess, replace(ONE, confidence=Confidence.SURE), guess, ONE)], TODAY)
    assert [(row.said, row.answers, row.right) for row in done.said] == [("sure", 1, 1), ("guessed", 2, 0)]
    assert (done.said[1].low, done.said[1].high) == wilson(0, 2)


def test_bins_of_forecasts_pool_to_what_was_expected_of_all() -> None:
    """A certain answer is in the last bin; the pool's mean weighs bins by their answers."""
    one, other = replace(ONE, fresh=False, expected=1.0), replace(ONE, fresh=False, correct=False)
    done = work([closed(0, one, other, other)], TODAY)
    assert [(row.low, row.high, row.answers) for row in done.forecasts] == [(0.5, 0.6, 2), (0.9, 1.0, 1)]
    whole = pooled(done.forecasts)
    assert whole is not None
    assert (whole.low, whole.high, whole.answers) == (0.5, 1.0, 3)
    assert whole.expected == pytest.approx(2 / 3)
    assert whole.observed == pytest.approx(1 / 3)
    assert (whole.interval_low, whole.interval_high) == wilson(1, 3)
    assert pooled([]) is None


@given(
    st.lists(st.tuples(st.floats(0.01, 60), st.integers(0, 90)), max_size=30),
    st.integers(0, 20),
    st.integers(1, 30),
)
def test_a_memory_falls_due_once(memories: list[tuple[float, int]], ahead: int, more: int) -> None:
    """A longer look ahead changes no day of the shorter one, and every memory is in it once it is long enough."""
    dated = [(stability, TODAY - timedelta(ago)) for stability, ago in memories]

    def minutes(count: int) -> list[float]:
        return [day.minutes for day in due_days(dated, TODAY, count, lambda _stability, _elapsed: 60.0)]

    assert minutes(ahead + more)[:ahead] == minutes(ahead)
    assert sum(minutes(61)) == pytest.approx(len(memories))


def test_what_is_due_already_is_todays() -> None:
    """Recall is at 90 % after as many days as the stability has; a review's seconds are those of its day."""
    asked: list[tuple[float, int]] = []

    def seconds(stability: float, elapsed: int) -> float:
        asked.append((stability, elapsed))
        return 90.0

    memories = [(3.0, TODAY - timedelta(10)), (2.5, TODAY - timedelta(1)), (40.0, TODAY)]
    due = due_days(memories, TODAY, 3, seconds)
    assert [(day.day - TODAY, day.minutes) for day in due] == [
        (timedelta(0), 1.5),
        (timedelta(1), 0.0),
        (timedelta(2), 1.5),
    ]
    assert asked == [(3.0, 10), (2.5, 3)]


def test_the_system_furthest_below_is_named_unless_the_report_has_it_higher() -> None:
    """Gaps of less than three points are nobody's business."""
    areas = [area("a", 0.2, 0.1), area("b", 0.3, 0.1, Flag.HIGHER), area("c", 0.1, 0.05), area("d", 0.1, 0.5)]
    found = furthest_below(areas)
    assert found is not None
    assert found.area == "a"
    assert furthest_below([area("a", 0.2, 0.18), area("b", 0.3, 0.1, Flag.HIGHER)]) is None
