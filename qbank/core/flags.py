"""Rows known only by the interval each fell in: what they were, given all intervals, under one common factor.

Given the factor the rows are independent, so the ordered probit is exact up to one integral, done on a grid.
With positive loadings, moving one interval down moves the factor and every row down (Karlin & Rinott 1980),
moves that row's own rest down (Efron 1965), and moves the rests of the others up or leaves them: it is the
factor that explains those rows then.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import msgspec

_GRID = [step / 4 for step in range(-20, 21)]
_LARGEST_COMMON_PART = 0.9
_ROOT2 = math.sqrt(2)
_ROOT2PI = math.sqrt(2 * math.pi)


class Interval(msgspec.Struct, frozen=True):
    low: float
    high: float


def common_factor(spread: Sequence[Sequence[float]]) -> tuple[list[float], list[float]]:
    """(loadings >= 0, variance of each row's rest) of one factor that ties the rows as `spread` does.

    Thurstone's centroid method (1931): a row's loading is its summed covariance with the others over the root
    of all covariances. The rest keeps at least a tenth of a row's variance, and a row alone keeps just that.
    """
    if len(spread) == 1:
        variance = spread[0][0]
        return [math.sqrt(_LARGEST_COMMON_PART * variance)], [(1 - _LARGEST_COMMON_PART) * variance]
    ties = [math.fsum(row) - row[i] for i, row in enumerate(spread)]
    whole = math.fsum(ties)
    # The diagonal is left out of both sums, which takes this much off equal loadings.
    unbiased = math.sqrt(len(ties) / (len(ties) - 1))
    loadings = []
    for i, tie in enumerate(ties):
        loading = tie * unbiased / math.sqrt(whole) if whole > 0 else 0.0
        loadings.append(min(max(loading, 0.0), math.sqrt(_LARGEST_COMMON_PART * spread[i][i])))
    return loadings, [spread[i][i] - u * u for i, u in enumerate(loadings)]


def given_intervals(
    expected: Sequence[float],
    loadings: Sequence[float],
    rest: Sequence[float],
    intervals: Sequence[Interval],
) -> tuple[float, list[float]]:
    """(E[factor], E[each row's own rest]) given that every row fell in its interval."""
    logs = [-0.5 * f * f for f in _GRID]
    own: list[list[float]] = []
    for mean, u, variance, interval in zip(expected, loadings, rest, intervals, strict=True):
        rows, chances = _along_the_factor(mean, u, math.sqrt(variance), interval)
        logs = [log + chance for log, chance in zip(logs, chances, strict=True)]
        own.append(rows)
    top = max(logs)
    weights = [math.exp(log - top) for log in logs]
    whole = math.fsum(weights)
    factor = sum(w * f for w, f in zip(weights, _GRID, strict=True)) / whole
    return factor, [sum(w * o for w, o in zip(weights, row, strict=True)) / whole for row in own]


def informed_part(expected: float, variance: float, cuts: Sequence[float]) -> float:
    """The part (0-1) of a row's variance that knowing its category takes away, on average."""
    sd = math.sqrt(variance)
    edges = [-math.inf, *((cut - expected) / sd for cut in cuts), math.inf]
    part = 0.0
    for low, high in pairwise(edges):
        log_chance, mean = truncated(low, high)
        part += math.exp(log_chance) * mean**2
    return part


def truncated(low: float, high: float) -> tuple[float, float]:
    """(log P(low < z < high), E[z | low < z < high]) of a standard normal z."""
    if low > 0:
        log_chance, mean = truncated(-high, -low)
        return log_chance, -mean
    chance = 0.5 * (math.erfc(-high / _ROOT2) - math.erfc(-low / _ROOT2))
    if chance < 1e-290:
        # So far out that the interval's inner end carries all of it.
        return -0.5 * high * high - math.log(_ROOT2PI * max(-high, 1.0)), high
    return math.log(chance), (_density(low) - _density(high)) / chance


def _along_the_factor(
    mean: float, loading: float, sd: float, interval: Interval
) -> tuple[list[float], list[float]]:
    """On the factor's grid: E[the row's rest | factor, interval] and log P(interval | factor)."""
    if interval.low == -math.inf and interval.high == math.inf:
        return [0.0] * len(_GRID), [0.0] * len(_GRID)
    rows, chances = [], []
    for f in _GRID:
        at = mean + loading * f
        log_chance, z = truncated((interval.low - at) / sd, (interval.high - at) / sd)
        rows.append(sd * z)
        chances.append(log_chance)
    return rows, chances


def _density(z: float) -> float:
    return math.exp(-0.5 * z * z) / _ROOT2PI if abs(z) < 38 else 0.0
