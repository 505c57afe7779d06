"""Tests, corrections and counts: against values worked out elsewhere, and by their laws."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.core.insight.inference import (
    ALPHA,
    POWER,
    answers_needed,
    binomial_tail,
    holm,
    trials_needed,
    upper_tail,
)

chances = st.floats(0.01, 0.99)


def test_holm_corrects_a_worked_example() -> None:
    """R 4.3: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") is 0.03 0.06 0.06 0.02."""
    corrected = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})
    assert corrected == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06, "d": 0.02})


@given(st.dictionaries(st.integers(), st.floats(0, 1), max_size=10))
def test_holm_lies_between_none_and_bonferroni_and_keeps_the_order(ps: dict[int, float]) -> None:
    """No p gets smaller, none exceeds what the number of tests makes of it, and the order stays."""
    corrected = holm(ps)
    assert corrected.keys() == ps.keys()
    for name, p in ps.items():
        assert p <= corrected[name] <= min(1.0, len(ps) * p) + 1e-12
    in_order = sorted(ps, key=lambda name: ps[name])
    assert [corrected[name] for name in in_order] == sorted(corrected.values())


@given(st.integers(0, 40), st.integers(1, 40), chances)
def test_a_binomial_tail_is_the_sum_of_its_terms(count: int, of: int, chance: float) -> None:
    """By the definition, with whole binomial coefficients."""
    terms = (math.comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(count, of + 1))
    assert binomial_tail(count, of, chance) == pytest.approx(math.fsum(terms), rel=1e-9, abs=1e-15)


def test_a_normal_tail_is_the_tables() -> None:
    """The usual critical values."""
    assert upper_tail(1.644854) == pytest.approx(0.05, abs=1e-6)
    assert upper_tail(-1.959964) == pytest.approx(0.975, abs=1e-6)


@given(st.floats(0.02, 0.5), st.floats(0.05, 5), st.floats(0.001, 0.05))
def test_the_answers_needed_reach_the_power_and_fewer_do_not(
    size: float, spread: float, alpha: float
) -> None:
    """By the power of the z test with as many answers, and with one fewer."""

    def power(answers: int) -> float:
        return upper_tail(_critical(alpha) - size / math.sqrt(spread / answers))

    needed = answers_needed(size, spread, alpha)
    assert power(needed) >= POWER - 1e-6
    if needed > 1:
        assert power(needed - 1) < POWER + 1e-6


def _critical(alpha: float) -> float:
    low, high = 0.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if upper_tail(middle) > alpha else (low, middle)
    return low


@pytest.mark.parametrize(("null", "other"), [(0.5, 0.7), (0.01, 0.1), (0.075, 0.155)])
@pytest.mark.parametrize("alpha", [ALPHA, ALPHA / 8])
def test_the_trials_needed_are_the_first_that_reach_the_power(
    null: float, other: float, alpha: float
) -> None:
    """Of every number of trials up to it, the exact power is reached only there."""

    def power(trials: int) -> float:
        least = next(k for k in range(trials + 2) if binomial_tail(k, trials, null) <= alpha)
        return binomial_tail(least, trials, other)

    needed = trials_needed(null, other, alpha)
    assert power(needed) >= POWER
    assert all(power(trials) < POWER for trials in range(1, needed))
