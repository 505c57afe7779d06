"""How sure a statistic is: one-sided tests, Holm's correction for testing many, and how many answers a verdict takes."""

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import TypeVar

Name = TypeVar("Name")

ALPHA = 0.05
"""Chance of one false verdict or more in a look at the whole family."""
POWER = 0.8
"""Chance that a cause of the size in question is told, once there are as many answers as it takes."""

_NORMAL = NormalDist()


def answers_needed(size: float, spread: float, alpha: float = ALPHA) -> int:
    """Answers with which a one-sided test of a mean at `alpha` tells an effect of `size` with a chance of POWER.

    `spread` is the variance of the mean times the answers. Source: the usual normal approximation (Cohen 1988, Statistical
    Power Analysis for the Behavioral Sciences).
    """
    reach = _NORMAL.inv_cdf(1 - alpha) + _NORMAL.inv_cdf(POWER)
    return math.ceil(spread * (reach / size) ** 2)


def trials_needed(null: float, other: float, alpha: float = ALPHA) -> int:
    """The fewest trials with which an exact test of the chance `null` tells the higher `other` with a chance of POWER."""
    trials = least = 1
    while True:
        while binomial_tail(least, trials, null) > alpha:
            least += 1
        if binomial_tail(least, trials, other) >= POWER:
            return trials
        trials += 1


def holm(ps: Mapping[Name, float]) -> dict[Name, float]:
    """Each p-value, corrected so that those of at most ALPHA hold together (Holm 1979, Scand J Stat 6:65)."""
    corrected: dict[Name, float] = {}
    highest = 0.0
    for rank, (name, p) in enumerate(sorted(ps.items(), key=lambda item: item[1])):
        highest = max(highest, min(1.0, (len(ps) - rank) * p))
        corrected[name] = highest
    return corrected


def upper_tail(z: float) -> float:
    """P(a standard normal value is at least `z`)."""
    return 0.5 * math.erfc(z / math.sqrt(2))


def binomial_tail(count: int, of: int, chance: float) -> float:
    """P(at least `count` of `of` happen, each with this chance), 0 < chance < 1."""
    if count <= 0:
        return 1.0
    if count > of:
        return 0.0
    log = math.lgamma(of + 1) - math.lgamma(count + 1) - math.lgamma(of - count + 1)
    term = math.exp(log + count * math.log(chance) + (of - count) * math.log1p(-chance))
    total, odds = term, chance / (1 - chance)
    for k in range(count, of):
        term *= (of - k) / (k + 1) * odds
        total += term
        if term < 1e-17 * total:
            break
    return min(1.0, total)
