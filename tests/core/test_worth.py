"""The yield: what it is made of, and which way it moves."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.core.exam import parse_exam
from qbank.core.exam_model import exam_model
from qbank.core.memory import DEFAULT_MODEL, Memory, MemoryModel, advance, retrievability
from qbank.core.response import Rating
from qbank.core.worth import Pricer, Seconds

EXAMS = Path(__file__).parents[2] / "data" / "exams"
MODEL = exam_model(parse_exam(tomllib.loads((EXAMS / "usmle-step1.toml").read_text())), date(2026, 11, 23))
START = date(2026, 11, 1)

horizons = st.integers(1, 400)
probabilities = st.floats(0, 1)


@given(probabilities, probabilities, horizons)
def test_what_is_believed_weaker_is_worth_more(first: float, second: float, horizon: int) -> None:
    """The less likely an unseen objective is known, the higher its yield, however near the exam."""
    weaker, stronger = sorted((first, second))
    price = Pricer(MODEL, horizon)
    assert price.unseen(weaker).points_per_minute >= price.unseen(stronger).points_per_minute > 0


@given(probabilities, st.floats(0.1, 2), st.integers(1, 400))
def test_value_is_what_the_exam_asks_not_what_the_bank_holds(p: float, weight: float, horizon: int) -> None:
    """A medium objective is one of 1,200: its yield never exceeds that, and weighs in proportion."""
    worth = Pricer(MODEL, horizon).unseen(p, weight)
    assert worth.points <= 100 * weight / 1_200
    assert worth.points == pytest.approx(weight * Pricer(MODEL, horizon).unseen(p).points)


@given(
    st.floats(0.1, 500), st.floats(1, 10), st.integers(0, 200), horizons, st.integers(1, 9), st.floats(0, 1)
)
def test_fast_price_equals_the_explained_one(
    stability: float, difficulty: float, elapsed: int, horizon: int, reps: int, luck: float
) -> None:
    """What competes and what `why` shows are the same number."""
    price = Pricer(MODEL, horizon, guess=0.25)
    explained = price.seen(stability, difficulty, elapsed, reps=reps, luck=luck)
    assert price.rate(stability, difficulty, elapsed, reps, luck) == pytest.approx(
        explained.points_per_minute
    )
    assert explained.gain == pytest.approx(explained.recall_drilled - explained.recall_left)


def test_a_memory_is_priced_as_fsrs_would_have_it() -> None:
    """Recall now, left alone and drilled agree with the memory's own course, and seconds with hits and
    misses.
    """
    memory = Memory(8.0, 5.0, START, reps=3, lapses=0)
    today, exam_day = START + timedelta(days=10), START + timedelta(days=60)
    worth = Pricer(MODEL, 50, seconds=Seconds(90, 120, 30)).seen(8.0, 5.0, 10, reps=3, luck=0.0)
    now = retrievability(memory, today)
    good, again = (retrievability(advance(memory, r, today), exam_day) for r in (Rating.GOOD, Rating.AGAIN))
    assert worth.recall_now == pytest.approx(now)
    assert worth.recall_left == pytest.approx(retrievability(memory, exam_day))
    assert worth.recall_drilled == pytest.approx(now * good + (1 - now) * again)
    correct = 0.2 + 0.75 * now
    assert worth.p_correct == pytest.approx(correct)
    assert worth.seconds == pytest.approx(90 + 120 * (1 - correct) + 30 * correct)
    points = 100 / 1_200 * 0.75 * worth.gain
    assert worth.points_per_minute == pytest.approx(points / (worth.seconds / 60))


def test_a_lucky_first_hit_is_worth_drilling_sooner() -> None:
    """After one hit at first sight the yield grows with the chance that it was luck; a sound one can wait."""
    price = Pricer(MODEL, 70)
    yields = [price.rate(2.3, 2.1, 3, 1, luck) for luck in (0.05, 0.2, 0.5, 0.9)]
    assert yields == sorted(yields)
    assert yields[0] < price.rate(0.212, 6.4, 3, 1, 0.0) / 3


def test_a_fresh_weak_objective_outranks_one_reviewed_yesterday() -> None:
    """New and due compete on one scale: a solid memory of yesterday yields less than something not yet
    known.
    """
    price = Pricer(MODEL, 70)
    assert price.unseen(0.4).points_per_minute > 5 * price.rate(30.0, 5.0, 1, 4, 0.0)


@pytest.mark.parametrize("horizon", [0, -5])
def test_on_the_exam_day_and_after_it_tomorrow_counts(horizon: int) -> None:
    """Past days never give a negative horizon."""
    assert Pricer(MODEL, horizon).unseen(0.5) == Pricer(MODEL, 1).unseen(0.5)


@given(st.floats(0.01, 0.99), horizons)
def test_lean_slope_is_positive_and_local(p: float, horizon: int) -> None:
    """Yield falls as P(correct) rises, everywhere."""
    assert Pricer(MODEL, horizon).lean_slope(p) > 0


def test_who_forgets_faster_is_priced_by_their_own_curve() -> None:
    """Under a learner's own weights recall left alone and drilled are those of their own memory."""
    weights = list(DEFAULT_MODEL.weights)
    weights[8], weights[20] = 1.2, 0.4
    own = MemoryModel(tuple(weights), "fitted")
    memory = Memory(8.0, 5.0, START, reps=3, lapses=0, model="fitted")
    today, exam_day = START + timedelta(days=10), START + timedelta(days=60)
    worth = Pricer(MODEL, 50, memory=own).seen(8.0, 5.0, 10, reps=3, luck=0.0)
    good, again = (
        retrievability(advance(memory, r, today, own), exam_day, own) for r in (Rating.GOOD, Rating.AGAIN)
    )
    now = retrievability(memory, today, own)
    assert worth.recall_left == pytest.approx(retrievability(memory, exam_day, own))
    assert worth.recall_drilled == pytest.approx(now * good + (1 - now) * again)
    assert Pricer(MODEL, 50, memory=own).unseen(0.5) != Pricer(MODEL, 50).unseen(0.5)
