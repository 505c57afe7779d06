"""Means, intervals and ratios of results: every interval is a paired bootstrap over learners."""

import math
from statistics import NormalDist
from typing import Any

import msgspec
import numpy as np

from simulate.results import Bin, Checked, Results, WorldRun, added
from simulate.worlds import EXAM_ITEMS, PASS_LINE

Array = np.ndarray[Any, np.dtype[Any]]

RANDOM, ORACLE = "random", "oracle"

RESAMPLES = 2_000
RESAMPLING_SEED = 20_26
LEVEL = 0.95

LEAST_HEADROOM = 1.0
"""Points above random below which a part of them is noise."""


class Interval(msgspec.Struct, frozen=True):
    mean: float
    low: float
    high: float


class Row(msgspec.Struct, frozen=True):
    """A policy in a world.

    `points` are above random, `gap` is their part of what the oracle gains over random, `of_bound` of what the
    relaxed bound lies above it: None where that is under LEAST_HEADROOM, or where one of them was not computed.
    """

    policy: str
    percent: Interval
    p_pass: float
    answered: float
    points: Interval | None
    gap: Interval | None
    of_bound: Interval | None


class Reliability(msgspec.Struct, frozen=True):
    """Forecasts within a tenth: their mean, and how many came true."""

    forecast: float
    observed: float
    n: int


class Calibration(msgspec.Struct, frozen=True):
    """How far forecasts of P(correct), one for each answer, can be trusted.

    `brier_base` is the Brier score of saying the mean rate every time; `error` the mean distance between forecast
    and observed over the bins, each counting by its answers. `totals` are by day: (day, mean error in points, share
    of learners whose true value the belief's interval held).
    """

    policy: str
    answers: int
    brier: float
    brier_base: float
    error: float
    bins: list[Reliability]
    totals: list[tuple[int, float, float]]


class WorldSummary(msgspec.Struct, frozen=True):
    world: str
    rows: list[Row]
    bound: float | None
    calibrations: list[Calibration]


def summarised(results: Results) -> list[WorldSummary]:
    """One for each world, in the results' order."""
    return [summary_of(name, run) for name, run in results.worlds.items()]


def summary_of(world: str, run: WorldRun) -> WorldSummary:
    return WorldSummary(
        world=world,
        rows=[_row(name, run) for name in run.policies],
        bound=float(np.mean(run.bound)) if run.bound else None,
        calibrations=[
            calibration(name, outcome.forecasts, outcome.totals)
            for name, outcome in run.policies.items()
            if outcome.forecasts
        ],
    )


def p_pass(percent: Array) -> Array:
    """P(an exam of EXAM_ITEMS reaches the PASS_LINE) at an expected percent, by the normal approximation."""
    p = percent / 100
    needed = math.ceil(PASS_LINE * EXAM_ITEMS) - 0.5
    z = (EXAM_ITEMS * p - needed) / np.sqrt(EXAM_ITEMS * p * (1 - p))
    return np.array([NormalDist().cdf(float(one)) for one in z])


def mean_interval(values: Array) -> Interval:
    """The mean over learners."""
    return _interval(float(values.mean()), _resampled(values))


def ratio_interval(above: Array, below: Array) -> Interval:
    """The ratio of two means over the same learners, who are drawn together."""
    return _interval(float(above.mean() / below.mean()), _resampled(above) / _resampled(below))


def calibration(policy: str, forecasts: list[list[Bin]], totals: list[list[Checked]]) -> Calibration:
    """Of all learners' forecasts together."""
    bins = [one for one in added(forecasts) if one.n]
    answers = sum(one.n for one in bins)
    rate = sum(one.correct for one in bins) / answers
    return Calibration(
        policy=policy,
        answers=answers,
        brier=sum(one.squared for one in bins) / answers,
        brier_base=rate * (1 - rate),
        error=sum(abs(one.forecast - one.correct) for one in bins) / answers,
        bins=[Reliability(one.forecast / one.n, one.correct / one.n, one.n) for one in bins],
        totals=_checked([one for row in totals for one in row]),
    )


def _row(name: str, run: WorldRun) -> Row:
    outcome = run.policies[name]
    percent = np.array(outcome.percent)
    floor, oracle = (run.policies.get(one) for one in (RANDOM, ORACLE))
    points, gap, of_bound = None, None, None
    if floor is not None and name != RANDOM:
        above = percent - np.array(floor.percent)
        points = mean_interval(above)
        if oracle is not None:
            headroom = np.array(oracle.percent) - np.array(floor.percent)
            gap = _ratio(above, headroom)
        if run.bound:
            of_bound = _ratio(above, np.array(run.bound) - np.array(floor.percent))
    return Row(
        policy=name,
        percent=mean_interval(percent),
        p_pass=float(p_pass(percent).mean()),
        answered=float(np.mean(outcome.answered)),
        points=points,
        gap=gap,
        of_bound=of_bound,
    )


def _ratio(above: Array, headroom: Array) -> Interval | None:
    return ratio_interval(above, headroom) if headroom.mean() >= LEAST_HEADROOM else None


def _checked(totals: list[Checked]) -> list[tuple[int, float, float]]:
    found = []
    for day in sorted({one.day for one in totals}):
        column = [one for one in totals if one.day == day]
        held = [one.low <= one.true <= one.high for one in column]
        found.append((day, float(np.mean([one.mean - one.true for one in column])), float(np.mean(held))))
    return found


def _resampled(values: Array) -> Array:
    """The mean of each resample; the same learners are drawn whatever the values are."""
    drawn = np.random.default_rng(RESAMPLING_SEED).integers(0, len(values), (RESAMPLES, len(values)))
    means: Array = values[drawn].mean(axis=1)
    return means


def _interval(mean: float, resampled: Array) -> Interval:
    low, high = np.quantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(mean, float(low), float(high))
