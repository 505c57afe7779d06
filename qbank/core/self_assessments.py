"""Self-assessments in a row: where each lies against the low-pass range, and whether they have come to a standstill."""

import math
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from qbank.core.report import ReportKind, ScoreReport
from qbank.core.report_rows import SELF_ASSESSMENT_SD

UNRELIABLE = 2.0
"""A repeated or untimed form has twice the error, as where it is evidence (see `core.report_rows`)."""


class Taken(msgspec.Struct, frozen=True):
    """One self-assessment: percent correct with its likely range, and the sd of its error, all in points (0-100)."""

    day: date
    form: str
    percent: float
    low: float
    high: float
    sd: float


def taken(reports: Iterable[ScoreReport]) -> tuple[Taken, ...]:
    """The self-assessments among reports that print a percentage, the oldest first."""
    found = []
    for report in reports:
        percent = report.equated_percent_correct
        if report.kind is not ReportKind.SELF_ASSESSMENT or report.sample or percent is None:
            continue
        reliable = report.timed and not report.repeated
        sd = 100 * SELF_ASSESSMENT_SD * (1 if reliable else UNRELIABLE)
        low = percent - sd if report.likely_low is None else report.likely_low
        high = percent + sd if report.likely_high is None else report.likely_high
        found.append(Taken(report.sat_on, report.form, percent, max(0.0, low), min(100.0, high), sd))
    return tuple(sorted(found, key=lambda one: one.day))


def against(one: Taken, low: float, high: float) -> str:
    """Where its likely range lies against a low-pass range, in words and without a verdict."""
    if one.high < low:
        return "below it"
    if one.low < low:
        return "partly below it"
    return "above it" if one.low > high else "in it or just above"


def told_apart(first: Taken, second: Taken) -> float:
    """The rise in points from which two forms differ by more than their errors: one sd of the difference."""
    return math.hypot(first.sd, second.sd)


def plateau(assessments: Sequence[Taken]) -> bool:
    """Whether the last two rose by less than their errors can tell from nothing."""
    if len(assessments) < 2:
        return False
    before, last = assessments[-2:]
    return last.percent - before.percent < told_apart(before, last)
