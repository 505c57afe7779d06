"""The yield: what it is made of, and which way it moves."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from traces import traces

from qbank.core.exam import parse_exam
from qbank.core.exam_model import exam_model
from qbank.core.memory import DEFAULT_MODEL, MemoryModel
from qbank.core.trace import Trace, first_trace
from qbank.core.worth import Pricer, Seconds

EXAMS = Path(__file__).parents[2] / "data" / "exams"
MODEL = exam_model(parse_exam(tomllib.loads((EXAMS / "usmle-step1.toml").read_text())), date(2026, 11, 23))

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


@given(traces(), st.integers(0, 200), horizons)
def test_fast_price_equals_the_explained_one(trace: Trace, elapsed: int, horizon: int) -> None:
    """What competes and what `why` shows are the same number."""
    price = Pricer(MODEL, horizon, guess=0.25)
    explained = price.seen(trace, elapsed)
    rate = price.rate(trace.kept, trace.kept_days, trace.taught, trace.taught_days, elapsed)
    assert rate == pytest.approx(explained.points_per_minute)
    assert explained.gain == pytest.approx(explained.recall_drilled - explained.recall_left)


def test_a_price_is_made_of_recalls_and_seconds() -> None:
    """Points are what is gained of one of the exam's objectives, seconds those of hits and misses."""
    worth = Pricer(MODEL, 50, seconds=Seconds(90, 120, 30)).seen(Trace(0.8, 8.0, 0.1, 0.3), 10)
    correct = 0.2 + 0.75 * worth.recall_now
    assert worth.p_correct == pytest.approx(correct)
    assert worth.seconds == pytest.approx(90 + 120 * (1 - correct) + 30 * correct)
    points = 100 / 1_200 * 0.75 * worth.gain
    assert worth.points_per_minute == pytest.approx(points / (worth.seconds / 60))


def test_a_lucky_first_hit_is_worth_drilling_sooner() -> None:
    """After one hit at first sight the yield grows with the chance that it was luck; a sound one can wait."""
    price = Pricer(MODEL, 70)
    hits = [first_trace(known, correct=True, guess=0.2, slip=0.05) for known in (0.9, 0.7, 0.4, 0.1)]
    missed = first_trace(0.5, correct=False, guess=0.2, slip=0.05)
    yields = [price.seen(trace, 3).points_per_minute for trace in (*hits, missed)]
    assert yields == sorted(yields)
    assert yields[0] < yields[-1] / 3


def test_a_fresh_weak_objective_outranks_one_reviewed_yesterday() -> None:
    """New and due compete on one scale: a solid memory of yesterday yields less than something not yet
    known.
    """
    price = Pricer(MODEL, 70)
    solid = price.seen(Trace(1.0, 30.0, 0.0, 0.2), 1)
    assert price.unseen(0.4).points_per_minute > 5 * solid.points_per_minute


@pytest.mark.parametrize("horizon", [0, -5])
def test_on_the_exam_day_and_after_it_tomorrow_counts(horizon: int) -> None:
    """Past days never give a negative horizon."""
    assert Pricer(MODEL, horizon).unseen(0.5) == Pricer(MODEL, 1).unseen(0.5)


@given(st.floats(0.01, 0.99), horizons)
def test_lean_slope_is_positive_and_local(p: float, horizon: int) -> None:
    """Yield falls as P(correct) rises, everywhere."""
    assert Pricer(MODEL, horizon).lean_slope(p) > 0


def test_who_forgets_faster_is_priced_by_their_own_curve() -> None:
    """Under a learner's own weights what is known and left alone is worth less by the exam day."""
    weights = list(DEFAULT_MODEL.weights)
    weights[20] = 0.4
    own, usual = Pricer(MODEL, 50, memory=MemoryModel(tuple(weights), "fitted")), Pricer(MODEL, 50)
    trace = Trace(1.0, 8.0, 0.0, 0.2)
    assert own.seen(trace, 10).recall_left < usual.seen(trace, 10).recall_left
    assert own.unseen(1.0).recall_left < usual.unseen(1.0).recall_left
