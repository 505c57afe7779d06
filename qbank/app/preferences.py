"""What the learner decides about their preparation: parsed, checked and kept as events of their record."""

from collections.abc import Callable, Container
from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from qbank.app import deadlines
from qbank.app.horizon import ASSUMED_WEEKS, days_away
from qbank.app.record import record
from qbank.app.workspace import Workspace
from qbank.core.event import EventKind
from qbank.errors import UsageError

ASK_AGAIN = timedelta(days=7)
COLOURS = ("auto", "dark", "light", "terminal")
ON_OR_OFF = ("on", "off")
EXTRA_TIMES = (1.0, 1.25, 1.5, 2.0)
_DATES = frozenset({"exam-date", "assumed-exam-date", "exam-date-asked-on", "report-asked-on", "debriefed"})
_CHOICES: dict[str, Container[object]] = {
    "minutes": range(5, 721),
    "days": range(1, 8),
    "extra-time": EXTRA_TIMES,
    "colours": COLOURS,
    "nightly-fit": ON_OR_OFF,
    "ask-mind": ON_OR_OFF,
}


def change(workspace: Workspace, key: str, text: str) -> str:
    """Set one preference from what was typed; gives a sentence that says what now holds.

    Raises UsageError for an unknown key or a value that cannot be meant.
    """
    if key not in _PARSERS:
        raise UsageError(f"There is no setting {key!r}. You can set: {', '.join(_PARSERS)}.")
    return _PARSERS[key](workspace, text.strip())


def parse_exam_date(text: str, today: date) -> date | None:
    """The date, or None for "not booked". Raises UsageError for another word or a day that has passed."""
    if text.lower() in ("", "none", "no", "not booked", "unbooked"):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is not a date. Write it as 2027-01-18, or 'none' if none is booked."
        ) from error
    if day < today:
        raise UsageError(f"{day} has passed. Give the day of your next sitting, or 'none' if none is booked.")
    if day > today + timedelta(days=730):
        raise UsageError(f"{day} is more than two years away. Check the year.")
    return day


def parse_minutes(text: str) -> int:
    """Minutes of questions a day. Raises UsageError outside 5 to 720."""
    if not text.isascii() or not text.isdigit() or not 5 <= int(text) <= 720:
        raise UsageError(f"{text!r} is not a number of minutes from 5 to 720.")
    return int(text)


def parse_days(text: str) -> int:
    """Days a week. Raises UsageError outside 1 to 7."""
    if text not in ("1", "2", "3", "4", "5", "6", "7"):
        raise UsageError(f"{text!r} is not a number of days from 1 to 7.")
    return int(text)


def check_value(key: str, value: object) -> None:
    """Raise ValueError for a value that `key` can never have had; None takes a setting back."""
    if value is None:
        return
    if key in _DATES:
        date.fromisoformat(str(value))
    elif key in _CHOICES and value not in _CHOICES[key]:
        raise ValueError(f"{key} cannot be {value!r}")
    elif key == "time-zone":
        ZoneInfo(str(value))
    else:
        deadlines.check_limit(key, value)


def exam_date_to_ask(workspace: Workspace) -> bool:
    """Whether to ask for the exam date: never asked, or not booked when last asked a week ago."""
    return not workspace.booked and _asked_long_ago(workspace, "exam-date-asked-on")


def report_to_ask(workspace: Workspace) -> bool:
    """Whether to ask again about a report, a week after the learner said they have none."""
    return _asked_long_ago(workspace, "report-asked-on")


def keep_exam(workspace: Workspace) -> None:
    """Remember for which exam this record is, so that another one's questions never mix in."""
    if workspace.values.get("exam") is None:
        _put(workspace, "exam", workspace.exam.id)


def note_report_asked(workspace: Workspace) -> None:
    """Remember that the learner said today that they have no report yet."""
    _put(workspace, "report-asked-on", workspace.today.isoformat())


def limits_to_ask(workspace: Workspace) -> tuple[deadlines.Limit, ...]:
    """The limits of the exam's date to ask for: all that were not told, and only once."""
    if workspace.values.get(deadlines.ASKED) is not None:
        return ()
    return tuple(limit for limit in deadlines.LIMITS if workspace.values.get(limit.key) is None)


def note_limits_asked(workspace: Workspace) -> None:
    """Remember that the learner was asked for them, so that nobody is asked twice."""
    _put(workspace, deadlines.ASKED, workspace.today.isoformat())


def _asked_long_ago(workspace: Workspace, key: str) -> bool:
    asked = workspace.values.get(key)
    return asked is None or workspace.today - date.fromisoformat(str(asked)) >= ASK_AGAIN


def _set_exam_date(workspace: Workspace, text: str) -> str:
    day = parse_exam_date(text, workspace.today)
    if day is None:
        assumed = workspace.today + timedelta(weeks=ASSUMED_WEEKS)
        _put(workspace, "assumed-exam-date", assumed.isoformat())
        _put(workspace, "exam-date-asked-on", workspace.today.isoformat())
        _put(workspace, "exam-date", None)
        return f"No exam booked: {ASSUMED_WEEKS} weeks are assumed, until {assumed}. You will be asked again in a week."
    _put(workspace, "exam-date", day.isoformat())
    return f"Exam on {day:%A}, {day}: {days_away((day - workspace.today).days)}."


def _set_minutes(workspace: Workspace, text: str) -> str:
    minutes = parse_minutes(text)
    _put(workspace, "minutes", minutes)
    return f"{minutes} minutes a day."


def _set_days(workspace: Workspace, text: str) -> str:
    days = parse_days(text)
    _put(workspace, "days", days)
    return f"{days} {'day' if days == 1 else 'days'} a week."


def _set_time_zone(workspace: Workspace, text: str) -> str:
    if text.lower() in ("", "auto", "local"):
        _put(workspace, "time-zone", None)
        return f"The time zone follows this computer: {workspace.time_zone}."
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"{text!r} is not a time zone. Write one like America/Chicago, or auto.") from error
    _put(workspace, "time-zone", text)
    return f"Time zone {text}. Your day of study turns at 04:00 there."


def _set_extra_time(workspace: Workspace, text: str) -> str:
    try:
        factor = float(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a factor. Extra time is 1, 1.25, 1.5 or 2.") from error
    if factor not in EXTRA_TIMES:
        raise UsageError("Extra time is 1 (none), 1.25, 1.5 or 2, as it is granted for the exam.")
    _put(workspace, "extra-time", factor)
    return f"Blocks run {factor:g} times as long." if factor > 1 else "Blocks run at standard time."


def _set_colours(workspace: Workspace, text: str) -> str:
    if text not in COLOURS:
        raise UsageError(f"{text!r} are no colours here. Choose one of: {', '.join(COLOURS)}.")
    _put(workspace, "colours", text)
    return f"The full screen uses {_COLOURS_SAY[text]}."


def _set_nightly_fit(workspace: Workspace, text: str) -> str:
    if text not in ON_OR_OFF:
        raise UsageError(f"{text!r} cannot be meant. Write on or off.")
    _put(workspace, "nightly-fit", text)
    if text == "off":
        return "Your memory's weights change only when you run: qbank fit"
    return "Once enough new answers are there, your memory's weights are fitted to them at the end of an evening."


def _set_ask_mind(workspace: Workspace, text: str) -> str:
    chosen = {"yes": "on", "no": "off"}.get(text, text)
    if chosen not in ON_OR_OFF:
        raise UsageError(f"{text!r} cannot be meant. Write yes or no.")
    _put(workspace, "ask-mind", chosen)
    if chosen == "off":
        return "You are not asked any more, after a block, whether your mind was elsewhere."
    return "After a timed block you are asked whether your mind was elsewhere. Enter skips it."


def _set_limit(key: str, workspace: Workspace, text: str) -> str:
    value, said = deadlines.read_limit(key, text, workspace.today)
    _put(workspace, key, value)
    return said


_COLOURS_SAY = {
    "auto": "the colours that fit your terminal",
    "dark": "light text on dark",
    "light": "dark text on light",
    "terminal": "your terminal's own colours",
}


def _put(workspace: Workspace, key: str, value: object) -> None:
    record(workspace, EventKind.SETTING, {"key": key, "value": value})


_PARSERS: dict[str, Callable[[Workspace, str], str]] = {
    "exam-date": _set_exam_date,
    "minutes": _set_minutes,
    "days": _set_days,
    "time-zone": _set_time_zone,
    "extra-time": _set_extra_time,
    "colours": _set_colours,
    "nightly-fit": _set_nightly_fit,
    "ask-mind": _set_ask_mind,
    **{key: partial(_set_limit, key) for key in deadlines.KEYS},
}
KEYS = tuple(_PARSERS)
