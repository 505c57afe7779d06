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


def answers_needed(size: float, null: float, other: float, alpha: float = ALPHA) -> int:
    """Observations with which a one-sided test at `alpha` tells an effect of `size` with a chance of POWER.

    `null` and `other` are the variance of one observation without the effect and with it, for the statistic at hand.
    Source: the usual normal approximation (Cohen 1988, Statistical Power Analysis, chapter 12).
    """
    reach = _NORMAL.inv_cdf(1 - alpha) * math.sqrt(null) + _NORMAL.inv_cdf(POWER) * math.sqrt(other)
    return math.ceil((reach / size) ** 2)


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
    log, log_not = math.log(chance), math.log1p(-chance)
    whole = math.lgamma(of + 1)
    terms = (
        math.exp(whole - math.lgamma(k + 1) - math.lgamma(of - k + 1) + k * log + (of - k) * log_not)
        for k in range(count, of + 1)
    )
    return min(1.0, math.fsum(terms))
