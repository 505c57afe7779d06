"""A part of a whole that was counted, and how sure it is."""

import math
from typing import NamedTuple

Z_95 = 1.959964
"""Standard deviations of a normal distribution that hold its middle 95 %."""


class Interval(NamedTuple):
    low: float
    high: float


def wilson(count: int, of: int, z: float = Z_95) -> Interval:
    """The interval of a proportion (Wilson 1927, JASA 22:209); from 0 to 1 when nothing was counted."""
    if not of:
        return Interval(0.0, 1.0)
    part, square = count / of, z * z
    middle = part + square / (2 * of)
    reach = z * math.sqrt(part * (1 - part) / of + square / (4 * of * of))
    scale = 1 + square / of
    return Interval(max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale))
