"""Memory agrees with FSRS, by every door, and counts in study days."""

import json
import math
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.core.memory import (
    DEFAULT_MODEL,
    WEIGHT_BOUNDS,
    Memory,
    MemoryModel,
    advance,
    due_on,
    first_memory,
    next_stability,
    replay,
    study_day,
)
from qbank.core.response import Rating
from qbank.errors import UsageError

VECTORS = Path(__file__).parents[2].parent / "shared" / "conformance" / "fsrs" / "vectors.json"
START = date(2026, 3, 1)

ratings = st.sampled_from(Rating)
gaps = st.integers(min_value=1, max_value=400)
histories = st.lists(st.tuples(ratings, gaps), min_size=1, max_size=12)
stabilities = st.floats(min_value=0.01, max_value=2_000)
difficulties = st.floats(min_value=1, max_value=10)
legal_weights = st.tuples(*(st.floats(low, high) for low, high in WEIGHT_BOUNDS))
models = legal_weights.map(lambda weights: MemoryModel(weights, "fitted"))


def days_of(history: list[tuple[Rating, int]]) -> list[tuple[Rating, date]]:
    day, reviews = START, []
    for rating, gap in history:
        day += timedelta(days=gap)
        reviews.append((rating, day))
    return reviews


def straight_from_fsrs(reviews: list[tuple[int, int]], model: MemoryModel = DEFAULT_MODEL) -> fsrs.Card:
    """A card reviewed by py-fsrs itself: (rating, days since the one before)."""
    scheduler = fsrs.Scheduler(model.weights, learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    card = fsrs.Card(card_id=1, due=at)
    for rating, gap in reviews:
        at += timedelta(days=gap)
        card, _ = scheduler.review_card(card, fsrs.Rating(rating), at)
    return card


def conformance_vectors() -> list[dict[str, Any]]:
    if not VECTORS.exists():
        pytest.skip("the conformance vectors are not at hand")
    loaded: list[dict[str, Any]] = json.loads(VECTORS.read_text())["vectors"]
    return loaded


def test_installed_fsrs_gives_the_conformance_vectors() -> None:
    """py-fsrs, asked directly, reproduces every stability and difficulty of the vectors, same-day
    reviews too.
    """
    for vector in conformance_vectors():
        for length in range(1, len(vector["ratings"]) + 1):
            reviews = list(zip(vector["ratings"][:length], vector["gaps"][:length], strict=True))
            card = straight_from_fsrs(reviews)
            assert (card.stability, card.difficulty) == pytest.approx(
                vector["py_fsrs"][length - 1][:2], rel=1e-12
            )


def test_first_responses_of_each_day_follow_the_conformance_vectors() -> None:
    """Where no two reviews share a day and none is Easy, our memory is the vector's at every step."""
    compared = 0
    for vector in conformance_vectors():
        memory, day = None, START
        for rating, gap, (stability, difficulty, _) in zip(
            vector["ratings"], vector["gaps"], vector["py_fsrs"], strict=True
        ):
            if rating == 4 or (gap == 0 and memory is not None):
                break
            day += timedelta(days=gap)
            memory = advance(memory, Rating(rating), day)
            assert (memory.stability_days, memory.difficulty) == pytest.approx(
                (stability, difficulty), rel=1e-12
            )
            compared += 1
    assert compared > 300


def test_later_responses_of_a_day_leave_the_vectors_first_responses() -> None:
    """With same-day reviews mixed in, our memory is py-fsrs's on the first response of each day alone."""
    for vector in conformance_vectors():
        if 4 in vector["ratings"]:
            continue
        day, first, ours = START, [], None
        for position, (rating, gap) in enumerate(zip(vector["ratings"], vector["gaps"], strict=True)):
            day += timedelta(days=gap)
            ours = advance(ours, Rating(rating), day)
            if gap or position == 0:
                first.append((rating, gap))
        assert ours is not None
        assert ours.stability_days == pytest.approx(straight_from_fsrs(first).stability, rel=1e-12)


def test_agrees_with_fsrs_rs_on_random_histories() -> None:
    """The Rust implementation that fits weights gives the same memory within 1e-4 on 1,000 random
    histories.
    """
    rs = pytest.importorskip("fsrs_rs_python")
    model = rs.FSRS(list(rs.DEFAULT_PARAMETERS))
    draw = random.Random(20261123)
    for _ in range(1_000):
        history = [
            (draw.choice(list(Rating)), draw.choice([1, 2, 3, 7, 20, 60, 200]))
            for _ in range(draw.randint(1, 10))
        ]
        memory = replay(days_of(history))
        reviews = [rs.FSRSReview(int(r), 0 if i == 0 else gap) for i, (r, gap) in enumerate(history)]
        theirs = model.memory_state(rs.FSRSItem(reviews))
        assert memory is not None
        assert memory.stability_days == pytest.approx(theirs.stability, rel=1e-4)
        assert memory.difficulty == pytest.approx(theirs.difficulty, rel=1e-4)


@given(histories)
def test_replay_equals_live(history: list[tuple[Rating, int]]) -> None:
    """Replaying a whole history gives to the bit what advancing response by response gave."""
    reviews = days_of(history)
    live = None
    for rating, day in reviews:
        live = advance(live, rating, day)
    assert replay(reviews) == live


@given(histories, ratings, st.integers(min_value=0, max_value=5))
def test_same_day_and_earlier_responses_change_nothing(
    history: list[tuple[Rating, int]], rating: Rating, days_back: int
) -> None:
    """A second response on the study day, or one dated before it, leaves the very same memory."""
    memory = replay(days_of(history))
    assert memory is not None
    assert advance(memory, rating, memory.last_day - timedelta(days=days_back)) is memory


def test_nothing_reviewed_is_no_memory() -> None:
    """Without a review there is no memory to show."""
    assert replay([]) is None


@given(histories, gaps)
def test_a_better_rating_never_leaves_less_stability(history: list[tuple[Rating, int]], gap: int) -> None:
    """Easy keeps at least as long as Good, Good as Hard, and Hard as Again, after any history."""
    memory = replay(days_of(history))
    assert memory is not None
    day = memory.last_day + timedelta(days=gap)
    again, hard, good, easy = (advance(memory, rating, day).stability_days for rating in Rating)
    assert easy >= good >= hard >= again


@given(histories, st.integers(0, 3_000), st.integers(0, 3_000))
def test_recall_falls_with_time(history: list[tuple[Rating, int]], first: int, second: int) -> None:
    """Recall is 1 on the day of review, and never rises afterwards."""
    memory = replay(days_of(history))
    assert memory is not None
    sooner, later = sorted((first, second))
    at = [DEFAULT_MODEL.recall(memory.stability_days, days) for days in (0, sooner, later)]
    assert at[0] == 1.0
    assert 1.0 >= at[1] >= at[2] > 0


@given(histories)
def test_retrievability_is_what_fsrs_says(history: list[tuple[Rating, int]]) -> None:
    """Our recall on a later day equals py-fsrs's for the same card."""
    card = straight_from_fsrs([(int(rating), gap) for rating, gap in history])
    memory = replay(days_of(history))
    assert memory is not None
    assert card.last_review is not None
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    theirs = scheduler.get_card_retrievability(card, card.last_review + timedelta(days=30))
    assert DEFAULT_MODEL.recall(memory.stability_days, 30) == pytest.approx(theirs, rel=1e-12)


@given(histories)
def test_due_day_is_the_one_fsrs_would_set(history: list[tuple[Rating, int]]) -> None:
    """At 90 % retention an objective comes due on the day that py-fsrs gives, at least one day on."""
    card = straight_from_fsrs([(int(rating), gap) for rating, gap in history])
    memory = replay(days_of(history))
    assert memory is not None
    assert card.last_review is not None
    assert due_on(memory) - memory.last_day == card.due - card.last_review


@given(stabilities, difficulties, st.integers(1, 500), ratings)
def test_closed_form_equals_fsrs(stability: float, difficulty: float, elapsed: int, rating: Rating) -> None:
    """The formulas that composing uses give py-fsrs's next stability within 1e-9."""
    memory = Memory(stability, difficulty, START, reps=3, lapses=0)
    after = advance(memory, rating, START + timedelta(days=elapsed))
    ours = next_stability(stability, difficulty, DEFAULT_MODEL.recall(stability, elapsed), rating)
    assert ours == pytest.approx(after.stability_days, rel=1e-9)


@pytest.mark.parametrize("rating", Rating)
def test_first_memory_equals_fsrs(rating: Rating) -> None:
    """The first review's stability and difficulty are py-fsrs's."""
    memory = advance(None, rating, START)
    assert first_memory(rating) == pytest.approx((memory.stability_days, memory.difficulty), rel=1e-12)


def test_counts_reviews_and_lapses() -> None:
    """A first Again is no lapse, a later one is; every review counts."""
    memory = replay(
        [(Rating.AGAIN, START), (Rating.GOOD, date(2026, 3, 4)), (Rating.AGAIN, date(2026, 3, 9))]
    )
    assert memory is not None
    assert (memory.reps, memory.lapses, memory.last_day, memory.model) == (3, 1, date(2026, 3, 9), "fsrs-6")


@pytest.mark.parametrize(
    ("local", "day"),
    [
        ("2026-11-23T01:30", "2026-11-22"),
        ("2026-11-23T03:59", "2026-11-22"),
        ("2026-11-23T04:00", "2026-11-23"),
        ("2026-11-23T23:59", "2026-11-23"),
        ("2027-01-01T02:00", "2026-12-31"),
    ],
)
def test_a_night_past_midnight_belongs_to_last_evening(local: str, day: str) -> None:
    """Until 04:00 by the clock on the wall it is still the day before."""
    from zoneinfo import ZoneInfo

    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)
    assert study_day(at, "America/New_York") == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        # New York springs forward on 8 March 2026: 07:59 UTC is 03:59 EDT.
        ("2026-03-08T07:59:00+00:00", "America/New_York", "2026-03-07"),
        ("2026-03-08T08:00:00+00:00", "America/New_York", "2026-03-08"),
        # and falls back on 1 November 2026: 08:59 UTC is 03:59 EST.
        ("2026-11-01T08:59:00+00:00", "America/New_York", "2026-10-31"),
        ("2026-11-01T09:00:00+00:00", "America/New_York", "2026-11-01"),
    ],
)
def test_study_day_turns_at_four_when_the_clocks_change(at: str, zone: str, day: str) -> None:
    """DST moves the day's turn with the clock on the wall, in spring and in autumn."""
    assert study_day(datetime.fromisoformat(at), zone) == date.fromisoformat(day)


def test_travel_moves_the_day_with_the_traveller() -> None:
    """One moment is another study day in another time zone."""
    at = datetime(2026, 11, 23, 10, tzinfo=UTC)
    days = [study_day(at, zone).day for zone in ("Pacific/Kiritimati", "Europe/Berlin", "Pacific/Honolulu")]
    assert days == [23, 23, 22]
    assert study_day(datetime(2026, 11, 23, 20, tzinfo=UTC), "Pacific/Kiritimati") == date(2026, 11, 24)


def test_dst_and_travel_leave_memory_alone() -> None:
    """Memory sees study days only, so the hour of the review cannot matter."""
    evening = study_day(datetime(2026, 3, 7, 22, tzinfo=UTC), "Europe/London")
    morning = study_day(datetime(2026, 3, 8, 8, tzinfo=UTC), "Europe/London")
    memory = replay([(Rating.GOOD, evening), (Rating.GOOD, morning)])
    assert memory is not None
    assert memory.stability_days == pytest.approx(straight_from_fsrs([(3, 0), (3, 1)]).stability)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Europe"])
def test_unknown_time_zone_says_how_to_name_one(zone: str) -> None:
    """A time zone that does not exist is refused with an example of one that does."""
    with pytest.raises(UsageError, match=r"time zone.*Europe/Berlin"):
        study_day(datetime(2026, 3, 7, tzinfo=UTC), zone)


def test_naive_datetime_is_refused() -> None:
    """A moment without a zone has no study day."""
    with pytest.raises(ValueError, match="aware"):
        study_day(datetime(2026, 3, 7), "Europe/Berlin")  # noqa: DTZ001


def test_very_long_stability_does_not_overflow_the_calendar() -> None:
    """The longest interval is a hundred years, so that a due day always exists."""
    memory = Memory(1e9, 1.0, START, reps=9, lapses=0)
    assert due_on(memory) == START + timedelta(days=36_500)
    assert math.isclose(DEFAULT_MODEL.recall(memory.stability_days, 100), 1.0, abs_tol=1e-6)


@given(histories, models)
def test_any_legal_weights_move_memory_as_fsrs_would(
    history: list[tuple[Rating, int]], model: MemoryModel
) -> None:
    """With a learner's own weights a replay is py-fsrs's with them, to the bit, and says whose it is."""
    memory = replay(days_of(history), model)
    card = straight_from_fsrs([(int(rating), gap) for rating, gap in history], model)
    assert memory is not None
    assert (memory.stability_days, memory.difficulty, memory.model) == (
        card.stability,
        card.difficulty,
        "fitted",
    )


@given(models, st.floats(0.1, 2_000), difficulties, st.integers(1, 500), ratings)
def test_closed_forms_follow_the_weights(
    model: MemoryModel, stability: float, difficulty: float, elapsed: int, rating: Rating
) -> None:
    """First memory, next stability and recall are py-fsrs's under any legal weights."""
    memory = Memory(stability, difficulty, START, reps=3, lapses=0, model=model.name)
    after = advance(memory, rating, START + timedelta(days=elapsed), model)
    now = model.recall(stability, elapsed)
    assert next_stability(stability, difficulty, now, rating, model) == pytest.approx(
        after.stability_days, rel=1e-9
    )
    first = advance(None, rating, START, model)
    assert first_memory(rating, model) == pytest.approx((first.stability_days, first.difficulty), rel=1e-12)


@given(models, stabilities, st.integers(0, 3_000), st.integers(0, 3_000))
def test_recall_falls_with_time_under_any_weights(
    model: MemoryModel, stability: float, first: int, second: int
) -> None:
    """Recall is 1 at once, never rises with time, and is 90 % after as many days as the stability has."""
    sooner, later = sorted((first, second))
    assert model.recall(stability, 0) == 1.0
    assert 1.0 >= model.recall(stability, sooner) >= model.recall(stability, later) > 0
    assert model.recall(stability, stability) == pytest.approx(0.9)


@given(st.integers(0, 20), st.booleans())
def test_weights_that_fsrs_refuses_are_refused_here(number: int, below: bool) -> None:
    """A weight beyond its bound is named, with the bounds."""
    weights, (low, high) = list(DEFAULT_MODEL.weights), WEIGHT_BOUNDS[number]
    weights[number] = low - 0.1 if below else high + 0.1
    with pytest.raises(ValueError, match=rf"weight {number} lies within"):
        MemoryModel(tuple(weights), "fitted")


def test_a_model_needs_all_its_weights() -> None:
    """The seventeen weights of an older FSRS are not FSRS-6's."""
    with pytest.raises(ValueError, match="21 weights, not 17"):
        MemoryModel(DEFAULT_MODEL.weights[:17], "fitted")
