"""The limits that an exam's date has to keep, and days that are off: what the learner told of them, read and checked."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import msgspec

from qbank.core.plan import Span
from qbank.errors import UsageError

ASKED = "plan-asked-on"
OFF = "off"
MOST_ATTEMPTS_LEFT = 9
_LONGEST = timedelta(days=1_100)
_NOTHING = ("", "none", "no", "unknown")


class Limits(msgspec.Struct, frozen=True):
    """What was told; None where it was not. `free_until` is the last day on which moving the date costs nothing."""

    eligible_until: date | None
    free_until: date | None
    school_deadline: date | None
    attempts_left: int | None


class Limit(msgspec.Struct, frozen=True):
    """One limit as it is asked for: `question` names it, `example` says how to write it."""

    key: str
    question: str
    example: str


LIMITS = (
    Limit("eligibility-end", "The last day of your eligibility period", "2027-03-31"),
    Limit("reschedule-by", "The last day on which moving the date costs you no fee", "2027-01-05"),
    Limit("school-deadline", "The day by which your school wants it sat", "2027-04-15"),
    Limit("attempts-left", "How many attempts you have left, the next one included", "3"),
)
DATES = frozenset(limit.key for limit in LIMITS) - {"attempts-left"}


def limits(values: Mapping[str, Any]) -> Limits:
    """The limits among a learner's settings."""

    def day(key: str) -> date | None:
        told = values.get(key)
        return date.fromisoformat(str(told)) if told else None

    left = values.get("attempts-left")
    return Limits(
        day("eligibility-end"),
        day("reschedule-by"),
        day("school-deadline"),
        None if left is None else int(left),
    )


def days_off(values: Mapping[str, Any]) -> tuple[Span, ...]:
    """The learner's own days off among their settings."""
    told = values.get(OFF) or ()
    return tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in told)


def read_limit(key: str, text: str, today: date) -> tuple[object, str]:
    """(the value to keep, a sentence that says what now holds). Raises UsageError for what cannot be meant."""
    if text.lower() in _NOTHING:
        return None, f"Taken back: {_TITLES[key]} is not known."
    if key == "attempts-left":
        left = _number(text)
        return left, f"{left} {'attempt' if left == 1 else 'attempts'} left, the next one included."
    if key == OFF:
        spans = [read_span(part, today) for part in text.split(",")]
        named = ", ".join(_span_text(span) for span in spans)
        return [[first.isoformat(), last.isoformat()] for first, last in spans], f"Off: {named}."
    day = read_day(text, today)
    return day.isoformat(), f"{_TITLES[key].capitalize()}: {day:%A}, {day}."


def read_day(text: str, today: date) -> date:
    """A day from today on. Raises UsageError."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"{text.strip()!r} is not a date. Write it as 2027-03-31, or 'none'.") from error
    if day < today:
        raise UsageError(f"{day} has passed. Give a day from today on, or 'none'.")
    if day > today + _LONGEST:
        raise UsageError(f"{day} is more than three years away. Check the year.")
    return day


def read_span(text: str, today: date) -> Span:
    """DATE or DATE..DATE, both days included. Raises UsageError."""
    first, dots, last = text.strip().partition("..")
    span = (read_day(first, today), read_day(last if dots else first, today))
    if span[1] < span[0]:
        raise UsageError(f"{span[1]} comes before {span[0]}. Write the earlier day first, as FIRST..LAST.")
    return span


def check_limit(key: str, value: object) -> None:
    """Raise ValueError for a value that `key` can never have had."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    if key == "attempts-left" and (not whole or value not in range(MOST_ATTEMPTS_LEFT + 1)):
        raise ValueError(f"{key} cannot be {value!r}")
    if key in DATES or key == ASKED:
        date.fromisoformat(str(value))
    if key == OFF:
        if not isinstance(value, list) or not all(
            isinstance(span, list) and len(span) == 2 for span in value
        ):
            raise ValueError(f"{key} cannot be {value!r}")
        for day in (day for span in value for day in span):
            date.fromisoformat(str(day))


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > MOST_ATTEMPTS_LEFT:
        raise UsageError(f"{text!r} is not a number of attempts from 0 to {MOST_ATTEMPTS_LEFT}, or 'none'.")
    return int(text)


def _span_text(span: Span) -> str:
    first, last = span
    return f"{first}" if first == last else f"{first} to {last}"


_TITLES = {
    "eligibility-end": "the end of your eligibility period",
    "reschedule-by": "the last day to move the date without a fee",
    "school-deadline": "your school's deadline",
    "attempts-left": "the number of attempts left",
    OFF: "any day off of your own",
}
KEYS = tuple(_TITLES)
