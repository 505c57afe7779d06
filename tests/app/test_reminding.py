"""Reminders in real files, with programs that stand for systemctl, crontab and launchctl and note what they were told."""

import os
import plistlib
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from qbank.app import reminding
from qbank.app.reminding import Computer, Way
from qbank.core.reminder import Schedule
from qbank.errors import CannotRemind, UsageError
from qbank.settings import Settings

NINE, TEN = Schedule(21, 0), Schedule(22, 30, (0, 4))
COMMAND = ["/opt/my qbank/qbank", "--home", "/a 100% é 'home'", "remind", "--now"]
USERS = b"MAILTO=me\n# mine\n5 * * * * echo '50\\%'\n\n*/2 * * * * true # no new line"
NOTES = 'echo "$(basename "$0") $*" >> "$NOTES"\n'
SYSTEMCTL = (
    NOTES
    + 'case "$*" in *"$REFUSES"*) [ -n "$REFUSES" ] && { echo "Refused here" >&2; exit 1; };; esac\nexit 0\n'
)
CRONTAB = NOTES + (
    'case "$1" in\n-l) [ -n "$DENIED" ] && { echo "You are not allowed" >&2; exit 1; }\n'
    '    [ -f "$TABLE" ] && cat "$TABLE" || { echo "no crontab for me" >&2; exit 1; };;\n'
    '-r) rm "$TABLE";;\n-) cat > "$TABLE.new"; [ -n "$REFUSES" ] && { echo "bad minute" >&2; exit 1; }\n'
    '    mv "$TABLE.new" "$TABLE";;\nesac\n'
)


class Desk:
    """A user's folders, and programs that do what a test says."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.table = folder / "table"
        self.set = monkeypatch.setenv
        programs = folder / "programs"
        programs.mkdir()
        monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
        # The machine's own crontab must be out of reach even where a test gives none.
        for name, value in (
            ("NOTES", folder / "notes"),
            ("TABLE", self.table),
            ("REFUSES", ""),
            ("DENIED", ""),
        ):
            monkeypatch.setenv(name, str(value))
        self.has("crontab", CRONTAB)

    def has(self, name: str, script: str) -> None:
        path = self.folder / "programs" / name
        path.write_text("#!/bin/sh\n" + script)
        path.chmod(0o755)

    def computer(self, platform: str = "linux") -> Computer:
        environment = {"HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder / "my config")}
        return reminding.this_computer(environment, platform)

    def told(self) -> list[str]:
        notes = self.folder / "notes"
        said = notes.read_text().splitlines() if notes.exists() else []
        notes.unlink(missing_ok=True)
        return [line for line in said if "show-environment" not in line and line != "crontab -l"]

    def files(self) -> set[str]:
        found = (path for top in ("my config", "Library") for path in (self.folder / top).rglob("*"))
        return {path.name for path in found if path.is_file()}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with cron and without a systemd of the user's own."""
    made = Desk(tmp_path, monkeypatch)
    made.has("systemctl", "exit 1\n")
    return made


def put(computer: Computer, schedule: Schedule) -> None:
    reminding.install(computer, reminding.planned(computer, schedule, COMMAND))


def test_systemd_keeps_it_where_the_user_has_one(desk: Desk) -> None:
    """Two private units and three words to systemctl; another time replaces it, and off leaves nothing."""
    desk.has("systemctl", SYSTEMCTL)
    computer = desk.computer()
    put(computer, NINE)
    service, timer = computer.unit_files
    assert [stat.S_IMODE(path.stat().st_mode) for path in (service, timer)] == [0o600, 0o600]
    assert desk.told() == [
        "systemctl --user daemon-reload",
        "systemctl --user enable --now qbank-remind.timer",
    ]
    put(computer, TEN)
    assert desk.told()[-1] == "systemctl --user restart qbank-remind.timer"
    assert [(one.way, one.schedule) for one in reminding.installed(computer)] == [(Way.SYSTEMD, TEN)]
    assert [one.way for one in reminding.remove(computer)] == [Way.SYSTEMD]
    assert "systemctl --user disable --now qbank-remind.timer" in desk.told()
    assert desk.files() == set()
    assert reminding.remove(computer) == []


@pytest.mark.parametrize("verb", ["daemon-reload", "enable"])
def test_what_systemctl_refuses_leaves_nothing_behind(desk: Desk, verb: str) -> None:
    """The error says what failed, and the units are as they were: none, or those of the earlier time."""
    desk.has("systemctl", SYSTEMCTL)
    computer = desk.computer()
    desk.set("REFUSES", verb)
    with pytest.raises(CannotRemind, match=f"{verb}.*Refused here"):
        put(computer, NINE)
    assert desk.files() == set()
    desk.set("REFUSES", "")
    put(computer, NINE)
    desk.set("REFUSES", verb)
    with pytest.raises(CannotRemind):
        put(computer, TEN)
    assert [one.schedule for one in reminding.installed(computer)] == [NINE]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("name", ["plain", "my 100% qbank é $HOME", "my \"100%\" 'qbank' \\é", None])
def test_systemd_itself_reads_the_units(desk: Desk, name: str | None) -> None:
    """systemd-analyze finds no fault in them, whatever the program is called; it does find one that is not there."""
    desk.has("systemctl", SYSTEMCTL)
    program = desk.folder / (name or "none")
    if name:
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    computer = desk.computer()
    reminding.install(
        computer, reminding.planned(computer, TEN, [str(program), "--home", "/a $b %c;", "remind"])
    )
    desk.set("XDG_RUNTIME_DIR", str(desk.folder))
    verify = ["systemd-analyze", "--user", "verify", *map(str, computer.unit_files)]
    verified = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert ("qbank-remind" in verified.stderr) == (name is None), verified.stderr
    assert (verified.returncode == 0) == (name is not None), verified.stderr


def test_launchd_keeps_it_on_a_mac(desk: Desk) -> None:
    """A private agent is loaded, replaced and taken away; where it cannot be loaded it is not left."""
    desk.has("launchctl", SYSTEMCTL)
    computer = desk.computer("darwin")
    desk.set("REFUSES", "bootstrap")
    with pytest.raises(CannotRemind, match="Refused here"):
        put(computer, NINE)
    assert desk.files() == set()
    desk.set("REFUSES", "bootout")
    put(computer, NINE)
    put(computer, TEN)
    assert stat.S_IMODE(computer.agent_file.stat().st_mode) == 0o600
    assert plistlib.loads(computer.agent_file.read_bytes())["ProgramArguments"] == COMMAND
    assert f"launchctl bootstrap gui/{os.getuid()} {computer.agent_file}" in desk.told()
    assert [(one.way, one.schedule) for one in reminding.installed(computer)] == [(Way.LAUNCHD, TEN)]
    reminding.remove(computer)
    assert desk.files() == set()


@pytest.mark.parametrize("existing", [None, USERS, b"\xff not text\n"])
def test_cron_keeps_it_elsewhere_and_every_other_line_stays(desk: Desk, existing: bytes | None) -> None:
    """The table has one line more, whatever it held; off gives it back to the byte, or none if there was none."""
    if existing is not None:
        desk.table.write_bytes(existing)
    computer = desk.computer()
    put(computer, NINE)
    put(computer, TEN)
    assert desk.table.read_bytes().endswith(existing or b"")
    assert [(one.way, one.schedule) for one in reminding.installed(computer)] == [(Way.CRON, TEN)]
    reminding.remove(computer)
    assert (desk.table.read_bytes() if desk.table.exists() else None) == existing


def test_a_crontab_that_cannot_be_read_or_written_is_left_alone(desk: Desk) -> None:
    """An unreadable table is never taken for an empty one, and a refused line changes nothing."""
    desk.table.write_bytes(USERS)
    computer = desk.computer()
    desk.set("REFUSES", "yes")
    with pytest.raises(CannotRemind, match="bad minute"):
        put(computer, NINE)
    desk.set("DENIED", "yes")
    with pytest.raises(CannotRemind, match="not allowed"):
        put(computer, NINE)
    assert reminding.installed(computer) == []
    assert desk.table.read_bytes() == USERS


def test_one_reminder_takes_the_place_of_another_kind(desk: Desk) -> None:
    """Nobody is reminded twice because systemd became available."""
    desk.table.write_bytes(USERS)
    put(desk.computer(), NINE)
    desk.has("systemctl", SYSTEMCTL)
    put(desk.computer(), TEN)
    assert [one.way for one in reminding.installed(desk.computer())] == [Way.SYSTEMD]
    assert desk.table.read_bytes() == USERS


def without_a_bus(desk: Desk) -> Path:
    """A timer that was set at the desk, seen from where systemd cannot be asked; gives the link that enables it."""
    desk.has("systemctl", SYSTEMCTL)
    put(desk.computer(), NINE)
    link = desk.computer().unit_files[1].parent / "timers.target.wants" / "qbank-remind.timer"
    link.parent.mkdir()
    link.symlink_to(desk.computer().unit_files[1])
    desk.has("systemctl", "echo 'Failed to connect to bus: No medium found' >&2\nexit 1\n")
    return link


def test_a_timer_that_cannot_be_disabled_gives_way_to_cron(desk: Desk) -> None:
    """Set over ssh, where there is no bus, the crontab's line is the only reminder, and nothing is told as failed."""
    link = without_a_bus(desk)
    put(desk.computer(), TEN)
    assert [(one.way, one.schedule) for one in reminding.installed(desk.computer())] == [(Way.CRON, TEN)]
    assert desk.files() == set()
    assert not link.is_symlink()


def test_off_takes_away_a_timer_that_cannot_be_disabled(desk: Desk) -> None:
    """The timer's files go, and so does the line in the crontab beside it."""
    desk.table.write_bytes(USERS)
    put(desk.computer(), NINE)
    beside = desk.table.read_bytes()
    link = without_a_bus(desk)
    desk.table.write_bytes(beside)
    assert [one.way for one in reminding.remove(desk.computer())] == [Way.SYSTEMD, Way.CRON]
    assert reminding.installed(desk.computer()) == []
    assert not link.is_symlink()
    assert desk.table.read_bytes() == USERS


def test_a_line_that_stays_is_told_with_what_went(desk: Desk) -> None:
    """Nothing was changed is said only where that is so."""
    put(desk.computer(), NINE)
    desk.set("REFUSES", "yes")
    desk.table.write_bytes(desk.table.read_bytes() + USERS)
    with pytest.raises(CannotRemind, match=r"bad minute\. Nothing was changed; mend that"):
        reminding.remove(desk.computer())
    line = desk.table.read_bytes()
    desk.has("systemctl", SYSTEMCTL)
    with pytest.raises(
        CannotRemind, match=r"bad minute\. You are reminded by a systemd user timer from now on"
    ):
        put(desk.computer(), TEN)
    assert [one.way for one in reminding.installed(desk.computer())] == [Way.SYSTEMD, Way.CRON]
    with pytest.raises(CannotRemind, match=r"bad minute\. Taken away: a systemd user timer. Mend that"):
        reminding.remove(desk.computer())
    assert desk.table.read_bytes() == line


def test_without_any_way_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither systemd nor cron: nothing is written, and the error says what to do."""
    monkeypatch.setenv("PATH", str(tmp_path))
    computer = reminding.this_computer({"HOME": str(tmp_path)}, "linux")
    with pytest.raises(CannotRemind, match="Install cron"):
        reminding.planned(computer, NINE, COMMAND)


def test_a_program_that_cannot_be_run_is_a_failure_like_another(tmp_path: Path) -> None:
    """No traceback comes of a program that is not there or is none."""
    assert reminding.run([str(tmp_path / "none")]).code == 127
    (tmp_path / "none").write_text("")
    assert reminding.run([str(tmp_path / "none")]).code == 127


def test_the_job_names_what_is_in_force_and_no_password(tmp_path: Path) -> None:
    """Only what the home does not tell by itself is named, whole; a password never is."""
    home = tmp_path / "my home"
    alone = Settings(home, str(home / "qbank.sqlite3"), None, None)
    command = reminding.job_command(alone)
    assert Path(command[0]).is_absolute()
    assert command[-4:] == ["--home", str(home), "remind", "--now"]
    other = replace(alone, db="relative.sqlite3", learner="Ana Maria", exam="usmle-step1")
    words = reminding.job_command(other)
    assert words[words.index("--db") + 1] == str(Path("relative.sqlite3").absolute())
    assert words[words.index("--learner") + 1] == "Ana Maria"
    with pytest.raises(UsageError, match=r"settings\.toml"):
        reminding.job_command(replace(alone, db="postgresql://me:secret@host/qbank"))
    assert "postgresql://me@host/qbank" in reminding.job_command(
        replace(alone, db="postgresql://me@host/qbank")
    )


def test_the_desktop_shows_it_where_there_is_one(desk: Desk) -> None:
    """notify-send and osascript get the sentence as one word; where they fail, that is known."""
    said = 'About 5 minutes\' "worth". qbank review'
    assert not reminding.notify(desk.computer(), said) or shutil.which("notify-send")
    desk.has("notify-send", NOTES)
    assert reminding.notify(desk.computer(), said)
    assert desk.told() == [f"notify-send --app-name=qbank -- qbank {said}"]
    desk.has("notify-send", "exit 1\n")
    assert not reminding.notify(desk.computer(), said)
    desk.has("osascript", 'for last; do :; done; echo "$last" >> "$NOTES"\n')
    assert reminding.notify(desk.computer("darwin"), said)
    assert desk.told() == [said]
