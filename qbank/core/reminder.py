"""The evening's reminder as a systemd timer, a launchd agent or a crontab line: texts made and read back, nothing run.

Each of the three has its own rules of quoting. Sources: systemd.service(5) and systemd.syntax(7), launchd.plist(5),
crontab(5).
"""

import plistlib
import re
import shlex
from collections.abc import Sequence
from typing import Any
from xml.parsers.expat import ExpatError

import msgspec

from qbank.core.text import hidden_characters
from qbank.errors import UsageError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNIT = "qbank-remind"
WANTED_BY = "timers.target"
LABEL = "qbank.remind"
CRON_MARK = " # qbank reminder"
"""Ends our line of a crontab; the shell that runs the line takes it for a comment."""

_DESCRIPTION = "Say how many minutes of qbank are worth it tonight"
_WRITTEN_BY = "# Written by `qbank remind`; `qbank remind --off` removes it."


class Schedule(msgspec.Struct, frozen=True):
    """A time of day and the days of the week, Monday 0; all seven for every day."""

    hour: int
    minute: int
    days: tuple[int, ...] = tuple(range(7))

    @property
    def clock(self) -> str:
        return f"{self.hour:02}:{self.minute:02}"

    @property
    def day_names(self) -> tuple[str, ...]:
        return tuple(DAYS[day] for day in self.days)


def parse_schedule(clock: str, days: str = "") -> Schedule:
    """From a time like 21:00 and days like mon,tue; none are every day. Raises UsageError."""
    found = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", clock)
    if found is None:
        raise UsageError(f"{clock!r} is not a time. Write it as 21:00.")
    names = [name.strip().lower() for name in days.split(",")] if days else list(DAYS)
    wrong = [name for name in names if name not in DAYS]
    if wrong:
        raise UsageError(f"{wrong[0]!r} is not a day. Write them as {','.join(DAYS[:3])}.")
    return Schedule(int(found[1]), int(found[2]), tuple(sorted({DAYS.index(name) for name in names})))


def check_command(command: Sequence[str]) -> None:
    """Raise UsageError for a word that cannot stand in one line of a text file."""
    for word in command:
        if hidden_characters(word) or "\n" in word:
            raise UsageError(
                f"A reminder cannot name {word!r}: it holds a hidden character or a new line. Rename it, then try again."
            )


def systemd_service(command: Sequence[str]) -> str:
    """The unit that runs the command once."""
    return f"{_WRITTEN_BY}\n[Unit]\nDescription={_DESCRIPTION}\n\n[Service]\nType=oneshot\nExecStart={exec_start(command)}\n"


def exec_start(command: Sequence[str]) -> str:
    """The command by systemd's rules: in double quotes, with escapes as in C and `%` doubled.

    A leading colon keeps `$` as it is. It needs systemd 244, so it is there only where it must be: doubling would not
    do for the program's own path. systemd starts no program whose path holds a quote or a backslash, so a shell does.
    """
    if set(command[0]) & set("\"'\\"):
        command = ["/bin/sh", "-c", 'exec "$@"', "qbank", *command]
    quoted = " ".join(_in_systemd_quotes(word) for word in command)
    return f":{quoted}" if "$" in quoted else quoted


def systemd_timer(schedule: Schedule) -> str:
    """The unit that starts the service. What was missed is not made up for: it would come in the morning."""
    days = "" if len(schedule.days) == len(DAYS) else ",".join(schedule.day_names).title() + " "
    return (
        f"{_WRITTEN_BY}\n[Unit]\nDescription={_DESCRIPTION}\n\n[Timer]\nOnCalendar={days}*-*-* {schedule.clock}:00\n"
        f"AccuracySec=1min\nPersistent=false\n\n[Install]\nWantedBy={WANTED_BY}\n"
    )


def read_timer(text: str) -> Schedule | None:
    """The schedule of such a timer; None for another text."""
    found = re.search(r"^OnCalendar=(?:([A-Za-z,]+) )?\*-\*-\* ([0-9:]+):00$", text, re.MULTILINE)
    return _schedule(found[2], found[1] or "") if found else None


def launchd_agent(schedule: Schedule, command: Sequence[str]) -> bytes:
    """The agent's property list. launchd counts Monday as 1."""
    at = {"Hour": schedule.hour, "Minute": schedule.minute}
    daily = len(schedule.days) == len(DAYS)
    when = at if daily else [{**at, "Weekday": day + 1} for day in schedule.days]
    return plistlib.dumps(
        {"Label": LABEL, "ProgramArguments": list(command), "StartCalendarInterval": when}, sort_keys=False
    )


def read_agent(content: bytes) -> Schedule | None:
    """The schedule of such an agent; None for another content."""
    try:
        found: Any = plistlib.loads(content)["StartCalendarInterval"]
        when = found if isinstance(found, list) else [found]
        days = sorted(entry["Weekday"] - 1 for entry in when if "Weekday" in entry) or range(len(DAYS))
        clock = f"{when[0]['Hour']:02}:{when[0]['Minute']:02}"
        return _schedule(clock, ",".join(DAYS[day] for day in days))
    except (plistlib.InvalidFileException, ExpatError, LookupError, TypeError, ValueError):
        return None


def crontab_line(schedule: Schedule, command: Sequence[str]) -> str:
    """One line that a shell runs. cron counts Sunday as 0, and would end the command at a bare `%`."""
    daily = len(schedule.days) == len(DAYS)
    days = "*" if daily else ",".join(str((day + 1) % len(DAYS)) for day in schedule.days)
    words = shlex.join(command).replace("%", r"\%")
    return f"{schedule.minute} {schedule.hour} * * {days} {words}{CRON_MARK}"


def crontab_with(existing: bytes, line: str) -> bytes:
    """A crontab with our line in place of an older one of ours, and every other byte as it is.

    It comes first, where no setting above it (SHELL, CRON_TZ) changes what it does.
    """
    return line.encode() + b"\n" + crontab_without(existing)


def crontab_without(existing: bytes) -> bytes:
    """A crontab without our line."""
    return _OUR_LINE.sub(b"", existing)


def read_crontab(existing: bytes) -> Schedule | None:
    """The schedule of our line; None without one that can be read."""
    found = _OUR_LINE.search(existing)
    fields = found[0].split(None, 5)[:5] if found else []
    try:
        minute, hour, _, _, days = [field.decode() for field in fields]
        clock = f"{int(hour):02}:{int(minute):02}"
        names = "" if days == "*" else ",".join(DAYS[(int(day) - 1) % len(DAYS)] for day in days.split(","))
    except ValueError:
        return None
    return _schedule(clock, names)


_OUR_LINE = re.compile(rb"^[^\n]*" + re.escape(CRON_MARK.encode()) + rb"(?:\n|\Z)", re.MULTILINE)


def _in_systemd_quotes(word: str) -> str:
    escaped = word.replace("\\", r"\\").replace('"', r"\"").replace("%", "%%").replace("\t", r"\t")
    return f'"{escaped}"'


def _schedule(clock: str, days: str) -> Schedule | None:
    try:
        return parse_schedule(clock, days)
    except UsageError:
        return None
