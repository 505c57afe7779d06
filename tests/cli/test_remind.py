"""The reminder as its user meets it: shown first, set, read back, said, and taken away."""

import sqlite3
from pathlib import Path

import pytest
from support import Qbank
from terminals import Terminal

CRONTAB = """#!/bin/sh
case "$1" in
-l) [ -f "$TABLE" ] && cat "$TABLE" || { echo "no crontab for me" >&2; exit 1; };;
-r) rm "$TABLE";;
-) cat > "$TABLE";;
esac
"""


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The crontab of a user who has neither a systemd of their own nor a desktop, whatever this computer has."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, script in (
        ("crontab", CRONTAB),
        ("systemctl", "#!/bin/sh\nexit 1\n"),
        ("notify-send", "#!/bin/sh\nexit 1\n"),
    ):
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TABLE", str(tmp_path / "table"))
    return tmp_path / "table"


def test_it_is_shown_before_it_is_written(started: Qbank, table: Path, home: Path) -> None:
    """No is an answer and writes nothing; yes writes just the line that was shown, and the reminder is read back."""
    refused = started("remind", "--at", "21:00", stdin="n\n")
    assert "Nothing was written." in refused.out
    assert not table.exists()
    assert "No reminder is set." in started("remind").out
    done = started("remind", "--at", "21:00", "--days", "mon,tue", stdin="y\n")
    assert done.code == 0, done.err
    line = table.read_text().rstrip("\n")
    assert line in done.out
    assert f"--home {home} remind --now" in line
    assert "at 21:00 on Mon, Tue" in started("remind").out
    started("remind", "--at", "22:15", "--yes")
    assert "every day at 22:15" in started("remind").out
    assert "is gone" in started("remind", "--off").out
    assert not table.exists()
    assert "No reminder is set." in started("remind", "--off").out


def test_now_says_one_sentence_that_can_be_followed(started: Qbank, table: Path) -> None:
    """Without a desktop the sentence goes to standard output, and ends in a command that composes."""
    said = started("remind", "--now")
    assert said.code == 0
    assert said.out.count("\n") == 1
    assert "are worth it tonight: " in said.out
    command = said.out.rpartition("qbank ")[2].split()
    assert started(*command, stdin="q\n").code == 0
    started("set", "exam-date", "none")


def test_now_is_silent_and_content_when_there_is_nothing_to_say(started: Qbank, table: Path) -> None:
    """After tonight's review nothing is written anywhere, and that is no failure."""
    started("review", "--minutes", "5", stdin="A\n1\nB\n1\nC\n1\n")
    quiet = started("remind", "--now")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


def test_a_store_that_cannot_be_reached_is_named_on_standard_error(
    started: Qbank, table: Path, home: Path
) -> None:
    """cron's job ends with the documented code, one sentence, and nothing made."""
    (home / "qbank.sqlite3").write_bytes(b"no store" * 1000)
    broken = started("remind", "--now")
    assert (broken.code, broken.out) == (5, "")
    assert broken.err.startswith("qbank: ")


def test_nobody_is_reminded_of_what_was_never_started(qbank: Qbank, table: Path, home: Path) -> None:
    """Where there is no store none is made, and nothing is set."""
    assert qbank("remind", "--now").code == 4
    assert qbank("remind", "--at", "21:00", "--yes").code == 4
    assert not (home / "qbank.sqlite3").exists()
    assert not table.exists()


def test_now_waits_for_nobody_and_keeps_nobody_waiting(started: Qbank, table: Path, home: Path) -> None:
    """While another program writes, the reminder reads what was there."""
    with sqlite3.connect(home / "qbank.sqlite3", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "are worth it" in started("remind", "--now").out
        other.execute("ROLLBACK")
    other.close()


@pytest.mark.parametrize(
    "arguments",
    [("--at", "9pm"), ("--at", "25:00"), ("--at", "21:00", "--days", "someday"), ("--at", "21:00", "--off"),
     ("--days", "mon"), ("--now", "--off"), ("--json", "--now"), ("--yes",), ("--off", "--yes"), ("--now", "--yes")],
)  # fmt: skip
def test_what_cannot_be_meant_is_a_usage_error(
    started: Qbank, table: Path, arguments: tuple[str, ...]
) -> None:
    """A time that is none, a day that is none, or two wishes at once."""
    assert started("remind", *arguments).code == 2
    assert not table.exists()


def test_at_a_terminal_it_says_why_it_would_be_quiet(started: Qbank, table: Path, home: Path) -> None:
    """Whoever asks by hand gets an answer, not silence."""
    started("review", "--minutes", "5", stdin="A\n1\nB\n1\nC\n1\n")
    with Terminal(home, ["remind", "--now"]) as terminal:
        terminal.expect("No reminder tonight. Today's review is done.")
        assert terminal.ended() == 0


def test_a_night_that_is_better_slept_is_asked_about(started: Qbank, home: Path) -> None:
    """At a terminal Enter goes to bed; in a pipe, where nobody can be asked, what there is is asked."""
    started("block", "--mode", "tutor", "--size", "1", "--seed", "4", stdin="A\n1\n")
    with sqlite3.connect(home / "qbank.sqlite3") as store:
        # Five days have gone by for what was met.
        store.execute("UPDATE progress SET last_day = date(last_day, '-5 day') WHERE last_day IS NOT NULL")
    store.close()
    with Terminal(home, ["review", "--minutes", "20", "--no-new", "--plain"]) as terminal:
        terminal.expect("Nothing tonight is worth more than sleep. If you insist: 1 question")
        terminal.expect("[y/N]")
        terminal.type("")
        terminal.expect("Good night. Nothing is owed.")
        assert terminal.ended() == 0
    piped = started("review", "--minutes", "20", "--no-new", stdin="A\n1\n")
    assert "If you insist" in piped.out
    assert "Question 1 of 1." in piped.out
