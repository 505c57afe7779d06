"""How predictions are judged, against their definitions said once more and against fsrs-rs."""

import math
import random
from datetime import date, timedelta
from itertools import pairwise

import pytest
from forgetting import FORGETFUL, START, histories
from hypothesis import given
from hypothesis import strategies as st

from qbank.core.history import Reviews
from qbank.core.memory import DEFAULT_MODEL, MemoryModel, replay
from qbank.core.prediction import (
    Prediction,
    auc,
    brier,
    compared,
    log_loss,
    predictions,
    reliability,
    rmse_bins,
    trace_predictions,
)
from qbank.core.response import Rating

chances = st.lists(st.tuples(st.floats(0.01, 0.99), st.booleans()), min_size=1, max_size=40)


def predicted(p: float, recalled: bool, objective: int = 0) -> Prediction:
    return Prediction(objective, START, 3, 2, 0, p, recalled)


@pytest.mark.parametrize("model", [DEFAULT_MODEL, FORGETFUL])
def test_each_review_but_the_first_is_foretold_by_all_before_it(model: MemoryModel) -> None:
    """P(recall) is that of the replayed memory on the review's day, beside what the bins need to know."""
    history = histories(DEFAULT_MODEL, objectives=1, seed=4, reviews=9)[0]
    found = predictions([history], model)
    assert len(found) == 8
    for number, each in enumerate(found, 2):
        before = replay(history[: number - 1], model)
        assert before is not None
        rating, day = history[number - 1]
        assert each.p == model.recall(before.stability_days, (day - before.last_day).days)
        assert each[:5] == (0, day, (day - before.last_day).days, number, before.lapses)
        assert each.recalled is (rating != Rating.AGAIN)


def test_a_trace_foretells_the_same_reviews() -> None:
    """Between what a guess and a slip leave open, and better than a coin where memory is as it holds."""
    made = histories(DEFAULT_MODEL, objectives=200, seed=6)
    by_fsrs = predictions(made, DEFAULT_MODEL)
    found = trace_predictions(made, DEFAULT_MODEL, known=0.3, guess=0.05, slip=0.05)
    assert [each[:5] for each in found] == [each[:5] for each in by_fsrs]
    assert all(0.05 <= each.p <= 0.95 for each in found)
    assert brier(found) < 0.25
    assert auc(found) > 0.5


@given(chances)
def test_a_reliability_table_holds_every_prediction(made: list[tuple[float, bool]]) -> None:
    """Tenth by tenth; the counts, means and shares give all of them back."""
    found = [predicted(p, recalled) for p, recalled in made]
    table = reliability(found)
    assert sum(count for _, _, count in table) == len(found)
    assert sum(mean * count for mean, _, count in table) == pytest.approx(sum(p for p, _ in made))
    assert sum(share * count for _, share, count in table) == pytest.approx(sum(r for _, r in made))
    assert [int(10 * mean + 1e-9) for mean, _, _ in table] == sorted({int(10 * p) for p, _ in made})
    assert 0 <= brier(found) <= 1


def test_loss_and_bins_agree_with_fsrs_rs() -> None:
    """Its evaluation of the same reviews gives the same, once they are weighed as it weighs recency."""
    rs = pytest.importorskip("fsrs_rs_python")
    made = histories(FORGETFUL, objectives=120, seed=2, reviews=8)
    found = predictions(made, DEFAULT_MODEL)
    theirs = rs.FSRS(list(DEFAULT_MODEL.weights)).evaluate([item for each in made for item in items(each)])
    # It lets the i-th of n items weigh 0.25 + 0.75 (i / (n - 1))^3, as if they came in the order of time.
    weights = [0.25 + 0.75 * (place / (len(found) - 1)) ** 3 for place in range(len(found))]
    losses = [log_loss([each]) for each in found]
    weighed = sum(w * loss for w, loss in zip(weights, losses, strict=True)) / sum(weights)
    assert theirs.log_loss == pytest.approx(weighed, rel=1e-4)
    assert theirs.rmse_bins == pytest.approx(weighed_rmse(found, weights), rel=1e-4)


def weighed_rmse(found: list[Prediction], weights: list[float]) -> float:
    """RMSE(bins) by its definition, each bin weighing what its reviews weigh together."""
    bins: dict[tuple[float, float, float], list[tuple[float, float]]] = {}
    for each, weight in zip(found, weights, strict=True):
        place = (
            2.48 * 3.62 ** math.floor(math.log(each.elapsed_days, 3.62)),
            1.99 * 1.89 ** math.floor(math.log(each.number, 1.89)),
            1.65 * 1.73 ** math.floor(math.log(each.lapses, 1.73)) if each.lapses else 0.0,
        )
        bins.setdefault(place, []).append((weight, each.p - each.recalled))
    offs = [(sum(off for _, off in rows) / len(rows), sum(w for w, _ in rows)) for rows in bins.values()]
    return math.sqrt(sum(weight * off**2 for off, weight in offs) / sum(weights))


def items(reviews: Reviews) -> list[object]:
    rs = pytest.importorskip("fsrs_rs_python")
    gaps = [0, *((later - day).days for (_, day), (_, later) in pairwise(reviews))]
    made = [rs.FSRSReview(rating, gap) for (rating, _), gap in zip(reviews, gaps, strict=True)]
    return [rs.FSRSItem(made[: last + 1]) for last in range(1, len(made))]


def test_unweighed_bins_are_the_definition() -> None:
    """With the same weight for every review both ways give the same."""
    found = predictions(histories(FORGETFUL, objectives=60, seed=3, reviews=8), DEFAULT_MODEL)
    assert rmse_bins(found) == pytest.approx(weighed_rmse(found, [1.0] * len(found)))


def test_bins_are_of_what_is_alike() -> None:
    """Errors that cancel inside a bin are none; across bins they count."""
    together = [predicted(0.5, True), predicted(0.5, False)]
    assert rmse_bins(together) == 0
    apart = [together[0], together[1]._replace(elapsed_days=30)]
    assert rmse_bins(apart) == pytest.approx(0.5)


@given(chances)
def test_auc_counts_pairs(found: list[tuple[float, bool]]) -> None:
    """It is the share of (recalled, forgotten) pairs that are in the right order, ties half."""
    rows = [predicted(round(p, 1), recalled) for p, recalled in found]
    pairs = [(a.p > b.p) + 0.5 * (a.p == b.p) for a in rows if a.recalled for b in rows if not b.recalled]
    if pairs:
        assert auc(rows) == pytest.approx(sum(pairs) / len(pairs))
    else:
        assert math.isnan(auc(rows))


def test_loss_is_the_surprise_at_what_happened() -> None:
    """The mean of minus the logarithm of the probability that was given to it."""
    assert log_loss([predicted(0.8, True), predicted(0.8, False)]) == pytest.approx(
        -(math.log(0.8) + math.log(0.2)) / 2
    )
    assert math.isfinite(log_loss([predicted(0.0, True), predicted(1.0, False)]))


@given(chances, st.floats(0.01, 0.99))
def test_a_comparison_is_exact_where_nothing_differs(found: list[tuple[float, bool]], p: float) -> None:
    """A model compared with itself gains nothing, without error; the gain is the difference of the two losses."""
    rows = [predicted(chance, recalled, objective) for objective, (chance, recalled) in enumerate(found)]
    same = compared(rows, rows)
    assert (same.gain, same.standard_error) == (0, 0)
    other = [row._replace(p=p) for row in rows]
    assert compared(rows, other).gain == pytest.approx(log_loss(rows) - log_loss(other), abs=1e-9)


def test_reviews_of_one_objective_are_not_independent() -> None:
    """The same gains have a larger standard error when they come in clusters, about as a bootstrap of objectives has it."""
    draw = random.Random(7)
    before, after = [], []
    for objective in range(200):
        gain = draw.gauss(0.02, 0.1)
        for _ in range(5):
            before.append(predicted(0.5, True, objective))
            after.append(predicted(0.5 * math.exp(gain), True, objective))
    clustered = compared(before, after)
    single = compared(
        [row._replace(objective=number) for number, row in enumerate(before)],
        [row._replace(objective=number) for number, row in enumerate(after)],
    )
    assert clustered.gain == single.gain
    assert clustered.standard_error == pytest.approx(single.standard_error * math.sqrt(5), rel=0.02)
    assert clustered.standard_error == pytest.approx(0.1 / math.sqrt(200), rel=0.15)


def test_gaps_are_days() -> None:
    """A review on the next study day is one day on, whatever the month."""
    history = ((3, date(2026, 2, 28)), (3, date(2026, 3, 1)))
    assert predictions([history], DEFAULT_MODEL)[0].elapsed_days == timedelta(days=1).days
