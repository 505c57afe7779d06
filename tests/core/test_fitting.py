"""Weights of one's own: found when they are there to be found, refused when they are noise."""

import math
import re
from datetime import date, timedelta

import pytest
from forgetting import FORGETFUL, START, histories
from hypothesis import given, settings
from hypothesis import strategies as st

from qbank.core.fitting import (
    GROWTH,
    HELD_OUT,
    LEAST_REVIEWS,
    countable,
    fit,
    fit_weights,
    held_out,
    library,
    model_of,
    name_of,
)
from qbank.core.memory import DEFAULT_MODEL, WEIGHT_BOUNDS, MemoryModel
from qbank.core.prediction import log_loss, predictions


def test_a_learner_who_forgets_faster_is_found_out() -> None:
    """Their fit beats FSRS's own weights on later reviews, and comes close to their true memory on ones never seen."""
    found = fit(histories(FORGETFUL, objectives=400, seed=1))
    assert found is not None
    assert found.better
    fresh = histories(FORGETFUL, objectives=400, seed=99)
    default, fitted, true = (
        log_loss(predictions(fresh, model)) for model in (DEFAULT_MODEL, found.model, FORGETFUL)
    )
    assert true < fitted < true + 0.25 * (default - true)


def test_who_forgets_as_most_do_seldom_leaves_the_weights_of_most() -> None:
    """Where FSRS's own weights are the truth a fit is noise: few are accepted, and those that are do little harm."""
    accepted = []
    for seed in range(8):
        found = fit(histories(DEFAULT_MODEL, objectives=200, seed=seed))
        assert found is not None
        assert found.reviews == LEAST_REVIEWS
        if found.better:
            accepted.append(found.model)
    assert len(accepted) <= 2
    fresh = histories(DEFAULT_MODEL, objectives=400, seed=99)
    true = log_loss(predictions(fresh, DEFAULT_MODEL))
    for model in accepted:
        assert log_loss(predictions(fresh, model)) < true + 0.01


def test_weights_in_force_that_are_as_good_stay() -> None:
    """A fit has to beat what is in force too, not the defaults alone."""
    again = fit(histories(FORGETFUL, objectives=400, seed=1), FORGETFUL)
    assert again is not None
    assert again.against_default.gain > 2 * again.against_default.standard_error
    assert not again.better


def test_the_test_is_on_later_days_alone() -> None:
    """No day is on both sides of the cut, and about the latest quarter is held out."""
    made = histories(DEFAULT_MODEL, objectives=200, seed=3)
    found = fit(made)
    assert found is not None
    days = sorted(day for reviews in made for _, day in reviews[1:])
    cut = days[math.floor(len(days) * (1 - HELD_OUT))]
    assert found.held_out == sum(day >= cut for day in days) == len(held_out(made, DEFAULT_MODEL, cut))
    assert found.held_out >= HELD_OUT * found.reviews
    assert found.tested == fit_weights(made, before=cut)
    later = [tuple(review for review in reviews if review[1] < cut) for reviews in made]
    assert fit_weights(later) == found.tested


def test_fitting_twice_gives_the_same() -> None:
    """There is no luck in it, so the name of the weights is always theirs."""
    made = histories(FORGETFUL, objectives=100, seed=5)
    assert fit_weights(made) == fit_weights(made)


def test_what_is_held_out_next_time_is_new() -> None:
    """After the growth that makes a fit due again, the held-out part is no larger than what has come since."""
    next_time = GROWTH * LEAST_REVIEWS
    assert next_time * HELD_OUT == pytest.approx(next_time - LEAST_REVIEWS)


def test_reviews_of_one_day_cannot_be_tested() -> None:
    """When all that has a prediction fell on one day, no fit is made."""
    assert fit([((3, START), (1, START + timedelta(days=2)))] * 50) is None
    assert fit([((3, START),)]) is None
    assert fit([]) is None


def test_only_what_was_foretold_counts() -> None:
    """An objective's first review has no prediction."""
    assert countable([((3, START),), ((3, START), (3, START + timedelta(days=1))), ()]) == 1


@settings(max_examples=15)
@given(st.integers(1, 400), st.sampled_from([DEFAULT_MODEL, FORGETFUL]))
def test_a_fit_is_legal_for_py_fsrs(objectives: int, truth: MemoryModel) -> None:
    """Whatever the reviews, few or many: within its bounds, which fsrs-rs's own are not."""
    model = fit_weights(histories(truth, objectives=objectives, seed=objectives))
    assert all(low <= w <= high for w, (low, high) in zip(model.weights, WEIGHT_BOUNDS, strict=True))


def test_reviews_that_are_all_alike_give_legal_weights() -> None:
    """Somebody who never forgets, and somebody who never recalls."""
    for rating in (1, 3):
        days = [START + timedelta(days=3 * number) for number in range(6)]
        model = fit_weights([tuple((rating, day) for day in days)] * 60)
        assert predictions([((rating, START), (rating, date(2027, 1, 1)))], model)[0].p > 0


def test_weights_are_put_within_bounds_and_named_by_what_they_are() -> None:
    """What lies beyond moves to the bound; what is no number makes no model."""
    weights = [*DEFAULT_MODEL.weights[:20], 0.8000000119]
    assert model_of(weights).weights[20] == 0.8
    assert model_of(weights).name == name_of(model_of(weights).weights) != "fsrs-6"
    assert name_of(weights) != name_of(weights[::-1])
    none = model_of([math.nan, *weights[1:]])
    assert none.weights == DEFAULT_MODEL.weights
    assert none.name == name_of(none.weights)


@pytest.mark.parametrize("broken", [["whole"], ["earlier"], ["earlier", "whole"]])
def test_a_fit_of_what_is_no_number_is_never_better(
    monkeypatch: pytest.MonkeyPatch, broken: list[str]
) -> None:
    """However well the other part of it foretells."""
    given = {"whole": FORGETFUL, "earlier": FORGETFUL} | {part: model_of([math.nan] * 21) for part in broken}
    made = histories(FORGETFUL, objectives=400, seed=1)

    def fitted(_: object, before: date = date.max) -> MemoryModel:
        return given["whole" if before == date.max else "earlier"]

    monkeypatch.setattr("qbank.core.fitting.fit_weights", fitted)
    found = fit(made)
    assert found is not None
    assert not found.is_usable
    assert not found.better


def test_the_library_is_named() -> None:
    """With its version, since another one fits otherwise."""
    assert re.fullmatch(r"fsrs-rs-python \d+(\.\d+)+", library())
