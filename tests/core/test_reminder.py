"""Any command survives each format's quoting, schedules are read back, and a crontab keeps its other bytes."""

import plistlib
import re
import subprocess

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qbank.core import reminder
from qbank.core.reminder import CRON_MARK, Schedule, parse_schedule
from qbank.core.text import hidden_characters
from qbank.errors import UsageError

WORDS = st.lists(
    st.text(
        st.one_of(
            st.sampled_from(" '\"%\\$;#é~*`!&|<>=\t"), st.characters(codec="utf-8", exclude_categories=["C"])
        ),
        max_size=12,
    ).filter(lambda text: not hidden_characters(text) and "\n" not in text),
    max_size=5,
)
SCHEDULES = st.builds(
    Schedule,
    st.integers(0, 23),
    st.integers(0, 59),
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
)


def systemd_reads(line: str) -> list[str]:
    """The words of an ExecStart by systemd.service(5): a `:` keeps `$`, `%%` is a percent, C escapes within quotes."""
    literal = line.startswith(":")
    words = []
    for quoted in re.findall(r'"((?:[^"\\]|\\.)*)"', line):
        percents = quoted.replace("%%", "\0")
        assert "%" not in percents, "a bare percent is a specifier"
        assert literal or "$" not in percents, "a bare dollar is a variable"
        text = re.sub(r"\\(.)", lambda found: {"t": "\t"}.get(found[1], found[1]), percents)
        words.append(text.replace("\0", "%"))
    return words


def cron_hands_over(line: str) -> str:
    """What cron gives to the shell by crontab(5): behind five fields, `\\%` is a percent, a bare one would end it."""
    command = line.split(" ", 5)[5]
    assert not re.search(r"(?<!\\)%", command)
    return command.replace(r"\%", "%")


@given(WORDS)
def test_systemd_gets_the_words(words: list[str]) -> None:
    """Whatever a path holds, the unit's command has the same words, on one line."""
    command = ["/opt/q b/qbank", *words]
    line = reminder.exec_start(command)
    assert systemd_reads(line) == command
    assert f"ExecStart={line}\n" in reminder.systemd_service(command)
    assert "\n" not in line


@given(WORDS)
def test_a_shell_starts_what_systemd_would_not(words: list[str]) -> None:
    """A program whose path holds a quote is started by a shell, with every word as it is."""
    command = ["/opt/q'b/qbank", *words]
    read = systemd_reads(reminder.exec_start(command))
    assert read == ["/bin/sh", "-c", 'exec "$@"', "qbank", *command]


@settings(max_examples=60)
@given(WORDS, SCHEDULES)
def test_the_shell_that_cron_starts_gets_the_words(words: list[str], schedule: Schedule) -> None:
    """The line's command, run as cron runs it, has the same words, and our mark is none of them."""
    line = reminder.crontab_line(schedule, ["/usr/bin/printf", r"%s\0", *words])
    assert "\n" not in line
    ran = subprocess.run(["/bin/sh", "-c", cron_hands_over(line)], capture_output=True, check=True)
    shown = ran.stdout.decode().split("\0")[:-1]
    assert shown == (words or [""])


@given(WORDS, SCHEDULES)
def test_launchd_gets_the_words(words: list[str], schedule: Schedule) -> None:
    """The property list gives the same words back."""
    command = ["/opt/q b/qbank", *words]
    assert plistlib.loads(reminder.launchd_agent(schedule, command))["ProgramArguments"] == command


@given(SCHEDULES)
def test_schedules_are_read_back(schedule: Schedule) -> None:
    """Each format tells the time and the days that were put into it."""
    assert reminder.read_timer(reminder.systemd_timer(schedule)) == schedule
    assert reminder.read_agent(reminder.launchd_agent(schedule, ["/q"])) == schedule
    assert reminder.read_crontab(reminder.crontab_line(schedule, ["/q"]).encode() + b"\n") == schedule
    assert parse_schedule(schedule.clock, ",".join(schedule.day_names)) == schedule


@given(st.binary() | st.text("#* 0\nqbank reminder").map(str.encode), SCHEDULES, SCHEDULES)
def test_a_crontab_keeps_every_other_byte(existing: bytes, first: Schedule, second: Schedule) -> None:
    """Our line in, changed and out again leaves what was there, whether that ended in a new line or not."""
    assume(CRON_MARK.encode() not in existing)
    once = reminder.crontab_with(existing, reminder.crontab_line(first, ["/q b/100%"]))
    twice = reminder.crontab_with(once, reminder.crontab_line(second, ["/q"]))
    assert reminder.read_crontab(twice) == second
    assert twice.count(CRON_MARK.encode()) == 1
    assert reminder.crontab_without(twice) == existing
    assert reminder.crontab_without(existing) == existing


@pytest.mark.parametrize(
    "content", [b"", b"no plist", b"<plist><dict/></plist>", plistlib.dumps({"Label": "x"})]
)
def test_what_was_changed_by_hand_is_no_schedule(content: bytes) -> None:
    """A file that cannot be understood is told from one that can, without a traceback."""
    assert reminder.read_agent(content) is None
    assert reminder.read_timer(content.decode()) is None
    assert reminder.read_crontab(content) is None
    assert reminder.read_crontab(b"@daily /q" + CRON_MARK.encode()) is None


@pytest.mark.parametrize("clock", ["9pm", "24:00", "21:60", "9:00", "21:00:00", "", "２１:00"])
def test_a_time_is_two_digits_and_two_digits(clock: str) -> None:
    """Anything but HH:MM is refused with an example."""
    with pytest.raises(UsageError, match="21:00"):
        parse_schedule(clock)


def test_days_are_names() -> None:
    """Days may come in any order and case; a word that is none is named."""
    assert parse_schedule("21:00", "Fri, mon,fri").days == (0, 4)
    with pytest.raises(UsageError, match="'noday'"):
        parse_schedule("21:00", "mon,noday")


@pytest.mark.parametrize("word", ["a\nb", "a\x1bb", "a\u202eb", "a\udc80b"])
def test_a_word_that_would_break_a_line_is_refused(word: str) -> None:
    """No new line and nothing hidden gets into a file that the system obeys."""
    with pytest.raises(UsageError, match="Rename"):
        reminder.check_command(["/q", word])
