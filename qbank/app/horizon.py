"""What settings tell of the exam: the day that was booked, or the one that is assumed until then, and the time granted."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

ASSUMED_WEEKS = 10
LEAST_WEEKS = 4


def days_away(days_left: int) -> str:
    """How far an exam is, in words."""
    if days_left < 0:
        return "passed"
    return ("today", "tomorrow")[days_left] if days_left <= 1 else f"{days_left} days away"


def exam_day(values: Mapping[str, Any], today: date) -> date:
    """The exam day that settings tell: booked, else the one assumed when none was, else ten weeks from today.

    An assumed day comes no nearer than LEAST_WEEKS: whoever has not booked does not sit tomorrow.
    """
    booked, assumed = values.get("exam-date"), values.get("assumed-exam-date")
    if booked:
        return date.fromisoformat(str(booked))
    if assumed:
        return max(date.fromisoformat(str(assumed)), today + timedelta(weeks=LEAST_WEEKS))
    return today + timedelta(weeks=ASSUMED_WEEKS)


def extra_time(values: Mapping[str, Any]) -> float:
    """The factor on the exam's time that a learner was granted; 1 for none."""
    return float(str(values.get("extra-time", 1)))
