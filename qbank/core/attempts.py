"""How often an exam may be sat: what its rules say about days of sitting, past and planned."""

import calendar
import re
from collections.abc import Sequence
from datetime import date

import msgspec

from qbank.core.exam import AttemptRules, Exam
from qbank.core.sourced import Source


class Sitting(msgspec.Struct, frozen=True):
    """A day the exam was sat; `attempt` is the number its report prints, None where it prints none."""

    day: date
    attempt: int | None = None


def attempt_warnings(exam: Exam, sittings: Sequence[date], *, number: int | None = None) -> list[str]:
    """What the exam's attempt rules say against these days of sitting, planned ones included.

    `number` is the highest attempt number known, where that is more than the days known.
    """
    rules, days = exam.attempt_rules, sorted(set(sittings))
    check = f"Please ask your registration office before you book. {_cited(rules.source)}"
    warnings = []
    count = max(len(days), number or 0)
    if count > rules.max_attempts:
        warnings.append(
            f"{exam.name} allows {rules.max_attempts} attempts in all; this would be {count}. {check}"
        )
    if crowded := _crowded(rules, days):
        allowed = f"{rules.max_in_window} attempts in {rules.window_months} months"
        warnings.append(f"{exam.name} allows {allowed}; {crowded} comes too soon. {check}")
    earliest = spaced_attempt_from(rules, days[: rules.spaced_attempt - 1])
    if earliest and len(days) >= rules.spaced_attempt and days[rules.spaced_attempt - 1] < earliest:
        warnings.append(f"Attempt {rules.spaced_attempt} may come on {earliest} at the earliest. {check}")
    return warnings


def ahead_warnings(
    exam: Exam, sittings: Sequence[Sitting], planned: date | None, *, failed: bool
) -> list[str]:
    """What the attempt rules say of the attempt that comes after these sittings.

    `planned` is the day booked for it, None while there is none; `failed` says that the latest sitting is known to be a
    fail, so that there is a next one to think of at all.
    """
    numbered = _numbered(sittings)
    if not numbered or not (planned or failed):
        return []
    rules, taken = exam.attempt_rules, numbered[-1][0]
    check = f"Please ask your registration office what holds for you. {_cited(rules.source)}"
    if taken >= rules.max_attempts:
        said = f"no attempt is left after number {taken}"
        booked = f", and {planned} would be number {taken + 1}" if planned else ""
        return [f"{exam.name} allows {rules.max_attempts} attempts in all: {said}{booked}. {check}"]
    earliest = _next_from(rules, numbered)
    if planned and earliest and planned < earliest:
        return [
            f"Attempt {taken + 1} may come on {earliest} at the earliest; the exam day {planned} is before that. {check}"
        ]
    return []


def attempts_left(rules: AttemptRules, sittings: Sequence[Sitting]) -> int | None:
    """How many attempts the rules leave after these sittings, never under 0; None when no sitting is known."""
    numbered = _numbered(sittings)
    return max(0, rules.max_attempts - numbered[-1][0]) if numbered else None


def spaced_attempt_from(rules: AttemptRules, sittings: Sequence[date]) -> date | None:
    """The first day the rules allow the spaced attempt, None unless it is the one that comes next."""
    days = sorted(set(sittings))
    if len(days) != rules.spaced_attempt - 1 or not days:
        return None
    after_first = _months_after(days[0], rules.months_after_first)
    return max(after_first, _months_after(days[-1], rules.months_after_latest))


def _numbered(sittings: Sequence[Sitting]) -> list[tuple[int, date]]:
    """Each day with its attempt's number, in order.

    A printed number holds. A day without one has the highest that the days after it leave, so that a rule is never held
    against sittings that may not have been.
    """
    ordered = sorted(sittings, key=lambda sitting: (sitting.day, sitting.attempt or 0))
    least: list[int] = []
    for sitting in ordered:
        least.append(max(sitting.attempt or 1, least[-1] + 1 if least else 1))
    numbers = least[-1:]
    for sitting, low in zip(ordered[-2::-1], least[-2::-1], strict=True):
        numbers.append(low if sitting.attempt is not None else numbers[-1] - 1)
    return [(number, sitting.day) for number, sitting in zip(reversed(numbers), ordered, strict=True)]


def _next_from(rules: AttemptRules, numbered: Sequence[tuple[int, date]]) -> date | None:
    """The first day the rules allow the next attempt, None when nothing known holds it back."""
    following = numbered[-1][0] + 1
    days = [
        _months_after(day, rules.window_months)
        for number, day in numbered
        if following - number >= rules.max_in_window
    ]
    if following == rules.spaced_attempt:
        days.append(_months_after(numbered[-1][1], rules.months_after_latest))
        days += [_months_after(day, rules.months_after_first) for number, day in numbered if number == 1]
    return max(days, default=None)


def _cited(source: Source) -> str:
    """Where a rule comes from, in a few words: the place its text names first in brackets."""
    place = re.search(r"\(([^,;()]+)", source.text)
    named = f"{place[1].strip()}, " if place else ""
    return f"(Source: {named}{source.confidence}, read {source.read}.)"


def _crowded(rules: AttemptRules, days: Sequence[date]) -> date | None:
    """The first day that is one too many within the window, None when there is none."""
    for first, last in zip(days, days[rules.max_in_window :], strict=False):
        if last < _months_after(first, rules.window_months):
            return last
    return None


def _months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
