"""The evening's reminder on this computer: what would be written, writing it, taking it away, and saying it.

The system's own files are the truth: what is set is read back from them.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

from qbank import settings
from qbank.app.files import read_bytes, write_whole
from qbank.core import reminder
from qbank.core.reminder import Schedule
from qbank.errors import CannotRemind, UsageError

PATIENCE_S = 30

_NOTIFICATION = (
    *("osascript", "-e", "on run argv", "-e", 'display notification (item 1 of argv) with title "qbank"'),
    *("-e", "end run"),
)


class Way(StrEnum):
    """What keeps the time."""

    SYSTEMD = "a systemd user timer"
    LAUNCHD = "a launchd agent"
    CRON = "a line in your crontab"


class Done(msgspec.Struct, frozen=True):
    """What came of a program: its exit status, output, and last words."""

    code: int
    out: bytes
    err: str


def run(command: Sequence[str], given: bytes = b"") -> Done:
    """Run a program without a shell; one that cannot be run or does not end is a failure like any other."""
    try:
        done = subprocess.run(
            command,
            input=given,
            capture_output=True,
            check=False,
            timeout=PATIENCE_S,
            # What crontab says without a crontab is understood in English.
            env={**os.environ, "LC_ALL": "C", **_session_bus()},
        )
    except OSError as error:
        return Done(127, b"", error.strerror or "it cannot be started")
    except subprocess.TimeoutExpired:
        return Done(124, b"", f"it did not end within {PATIENCE_S} seconds")
    return Done(done.returncode, done.stdout, done.stderr.decode(errors="replace").strip())


class Computer(msgspec.Struct, frozen=True):
    """Where reminders are kept for this user, and how programs are run."""

    platform: str
    units: Path
    agents: Path
    user: int
    run: Callable[..., Done] = run

    @property
    def unit_files(self) -> tuple[Path, Path]:
        return self.units / f"{reminder.UNIT}.service", self.units / f"{reminder.UNIT}.timer"

    @property
    def enabling_link(self) -> Path:
        """By which the timer starts at log-in."""
        return self.units / f"{reminder.WANTED_BY}.wants" / f"{reminder.UNIT}.timer"

    @property
    def agent_file(self) -> Path:
        return self.agents / f"{reminder.LABEL}.plist"


def this_computer(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Computer:
    """This computer as its user's environment tells of it."""
    home = Path(environment.get("HOME") or Path.home())
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    return Computer(platform, config / "systemd" / "user", home / "Library" / "LaunchAgents", os.getuid())


class Planned(msgspec.Struct, frozen=True):
    """What a reminder will write and run. `line` is for the crontab and stands alone."""

    way: Way
    schedule: Schedule
    files: tuple[tuple[Path, bytes], ...] = ()
    line: str = ""
    commands: tuple[tuple[str, ...], ...] = ()


class Set(msgspec.Struct, frozen=True):
    """A reminder that is set; `schedule` is None when somebody has changed it so that it cannot be read."""

    way: Way
    where: str
    schedule: Schedule | None


def planned(computer: Computer, schedule: Schedule, command: Sequence[str]) -> Planned:
    """What would be done here. Raises UsageError for a command that cannot be written, CannotRemind without any way."""
    reminder.check_command(command)
    way = _way(computer)
    if way is Way.CRON:
        line = reminder.crontab_line(schedule, command)
        return Planned(way, schedule, line=line, commands=(("crontab", "-"),))
    if way is Way.LAUNCHD:
        path = computer.agent_file
        start = ("launchctl", "bootstrap", f"gui/{computer.user}", str(path))
        content = reminder.launchd_agent(schedule, command)
        return Planned(way, schedule, ((path, content),), commands=(start,))
    service, timer = computer.unit_files
    texts = reminder.systemd_service(command), reminder.systemd_timer(schedule)
    files = ((service, texts[0].encode()), (timer, texts[1].encode()))
    again = (_systemctl("restart"),) if timer.exists() else ()
    return Planned(way, schedule, files, commands=(_RELOAD, _systemctl("enable", "--now"), *again))


def install(computer: Computer, plan: Planned) -> None:
    """Do it, in place of any reminder there is.

    Raises CannotRemind when a program refuses: with everything as it was before, or else with the new one set and an
    earlier one of another kind still there. It says which.
    """
    try:
        _set(computer, plan)
    except CannotRemind as error:
        raise CannotRemind(f"{error} {_UNCHANGED}") from error
    trouble = _try_to_remove(computer, [kept.way for kept in installed(computer) if kept.way is not plan.way])
    if trouble is not None:
        raise CannotRemind(
            f"{trouble} You are reminded by {plan.way.value} from now on, but the earlier reminder may still come too; "
            "mend that, then set it again."
        ) from trouble


def installed(computer: Computer) -> list[Set]:
    """The reminders that are set."""
    found = []
    timer = computer.unit_files[1]
    if timer.exists():
        schedule = reminder.read_timer(read_bytes(timer).decode(errors="replace"))
        found.append(Set(Way.SYSTEMD, str(timer), schedule))
    if computer.agent_file.exists():
        schedule = reminder.read_agent(read_bytes(computer.agent_file))
        found.append(Set(Way.LAUNCHD, str(computer.agent_file), schedule))
    if shutil.which("crontab"):
        # Whoever may not read their crontab has not written a line of it either.
        with contextlib.suppress(CannotRemind):
            table = _crontab(computer)
            if reminder.crontab_without(table) != table:
                found.append(Set(Way.CRON, "crontab", reminder.read_crontab(table)))
    return found


def remove(computer: Computer) -> list[Set]:
    """Take every reminder away; gives what there was.

    Raises CannotRemind for the first that a program refuses to let go, after the others were tried.
    """
    there = installed(computer)
    trouble = _try_to_remove(computer, [one.way for one in there])
    if trouble is not None:
        gone = [one.way.value for one in there if one not in installed(computer)]
        changed = f"Taken away: {', '.join(gone)}. Mend that, then try again." if gone else _UNCHANGED
        raise CannotRemind(f"{trouble} {changed}") from trouble
    return there


def job_command(now: settings.Settings) -> list[str]:
    """What the reminder runs: this qbank, with the settings in force that are not found again by themselves.

    Raises UsageError for a store whose address holds a password: it would be there for every user of the computer to see.
    """
    alone = settings.load({"home": str(now.home)}, {})
    words = [*_program(), "--home", str(now.home)]
    for name in settings.KEYS:
        value = getattr(now, name)
        if value is None or value == getattr(alone, name):
            continue
        if name == "db":
            value = _whole_address(value, now.home)
        words += [f"--{name}", value]
    return [*words, "remind", "--now"]


def notify(computer: Computer, text: str) -> bool:
    """Show it on the desktop; False where there is none, or it could not be shown."""
    if computer.platform == "darwin":
        return computer.run((*_NOTIFICATION, text)).code == 0
    if not shutil.which("notify-send"):
        return False
    return computer.run(("notify-send", "--app-name=qbank", "--", "qbank", text)).code == 0


_UNCHANGED = "Nothing was changed; mend that, then try again."
_RELOAD = ("systemctl", "--user", "daemon-reload")


def _systemctl(*verb: str) -> tuple[str, ...]:
    return ("systemctl", "--user", *verb, f"{reminder.UNIT}.timer")


def _way(computer: Computer) -> Way:
    if computer.platform == "darwin":
        return Way.LAUNCHD
    # A session without the user's own systemd, as in a container or for root, cannot enable a timer.
    if shutil.which("systemctl") and computer.run(("systemctl", "--user", "show-environment")).code == 0:
        return Way.SYSTEMD
    if shutil.which("crontab"):
        return Way.CRON
    raise CannotRemind(
        "This computer has neither a systemd of your own nor cron, so nothing can remind you here. "
        "Install cron, or put `qbank remind --now` into whatever starts your programs."
    )


def _set(computer: Computer, plan: Planned) -> None:
    if plan.way is Way.CRON:
        _put_crontab(computer, reminder.crontab_with(_crontab(computer), plan.line))
        return
    with _put_back_on_failure(computer, plan):
        for path, content in plan.files:
            write_whole(path, content)
        if plan.way is Way.LAUNCHD:
            _unload(computer)
        for command in plan.commands:
            _must(computer, command)


@contextlib.contextmanager
def _put_back_on_failure(computer: Computer, plan: Planned) -> Iterator[None]:
    before = {path: read_bytes(path) if path.exists() else None for path, _ in plan.files}
    try:
        yield
    except BaseException:
        is_new = None in before.values()
        if is_new and plan.way is Way.SYSTEMD:
            computer.run(_systemctl("disable", "--now"))
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                write_whole(path, content)
        if plan.way is Way.SYSTEMD:
            computer.run(_RELOAD)
        elif not is_new:
            for command in plan.commands:
                computer.run(command)
        raise


def _try_to_remove(computer: Computer, ways: Sequence[Way]) -> CannotRemind | None:
    """Take all of these away that can be; gives the first refusal."""
    first = None
    for way in ways:
        try:
            _remove(computer, way)
        except CannotRemind as error:
            first = first or error
    return first


def _remove(computer: Computer, way: Way) -> None:
    if way is Way.CRON:
        _put_crontab(computer, reminder.crontab_without(_crontab(computer)))
    elif way is Way.LAUNCHD:
        _unload(computer)
        computer.agent_file.unlink(missing_ok=True)
    else:
        _remove_timer(computer)


def _remove_timer(computer: Computer) -> None:
    disabled = computer.run(_systemctl("disable", "--now"))
    # Over ssh there may be no systemd to ask; without its files the timer does not start at the next log-in.
    for path in (computer.enabling_link, *computer.unit_files):
        path.unlink(missing_ok=True)
    computer.run(_RELOAD)
    if disabled.code:
        computer.run(_systemctl("stop"))


def _unload(computer: Computer) -> None:
    """Whatever launchd holds under our name; it refuses when it holds nothing, which is as well."""
    computer.run(("launchctl", "bootout", f"gui/{computer.user}/{reminder.LABEL}"))


def _crontab(computer: Computer) -> bytes:
    """The user's crontab, empty when there is none. Raises CannotRemind when it cannot be read."""
    done = computer.run(("crontab", "-l"))
    if done.code == 0:
        return done.out
    if "no crontab" in done.err or "No such file" in done.err:
        return b""
    # To go on would put an empty one in the place of what could not be read.
    raise CannotRemind(_refused(("crontab", "-l"), done))


def _put_crontab(computer: Computer, content: bytes) -> None:
    if content:
        _must(computer, ("crontab", "-"), content)
    else:
        _must(computer, ("crontab", "-r"))


def _must(computer: Computer, command: Sequence[str], given: bytes = b"") -> None:
    done = computer.run(command, given)
    if done.code:
        raise CannotRemind(_refused(command, done))


def _refused(command: Sequence[str], done: Done) -> str:
    said = done.err.splitlines()[-1] if done.err else f"exit status {done.code}"
    return f"`{' '.join(command)}` failed: {said.rstrip('.')}."


def _program() -> list[str]:
    """This qbank as it can be started from anywhere."""
    called = shutil.which(sys.argv[0]) if Path(sys.argv[0]).name == "qbank" else None
    beside = Path(sys.executable).with_name("qbank")
    if called:
        return [str(Path(called).absolute())]
    if os.access(beside, os.X_OK):
        return [str(beside)]
    return [sys.executable, "-c", "from qbank.cli.main import main; main()"]


def _whole_address(db: str, home: Path) -> str:
    if "://" not in db:
        return str(Path(db).expanduser().absolute())
    if ":" in db.partition("://")[2].rpartition("@")[0]:
        raise UsageError(
            "The store's address holds a password, which other users of this computer could see in the reminder's command. "
            f"Write db = '...' into {home / 'settings.toml'} instead, and leave --db and QBANK_DB out."
        )
    return db


def _session_bus() -> dict[str, str]:
    """cron starts its jobs outside the session, whose bus stands at a known place."""
    bus = Path(f"/run/user/{os.getuid()}/bus")
    if "DBUS_SESSION_BUS_ADDRESS" in os.environ or not bus.exists():
        return {}
    return {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus}", "XDG_RUNTIME_DIR": str(bus.parent)}
