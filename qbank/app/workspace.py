"""Everything a use case works with: the open store, the exam, who is asking, the real clock and the real dice.

This is the only place where the world's time and chance come in; from here on they are values.
"""

import os
import random
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec

from qbank.app.exams import exam_for, kept_exams, load_exam
from qbank.app.files import write_whole
from qbank.app.horizon import exam_day, extra_time
from qbank.app.opening import Watch, open_store, unwatched
from qbank.core.exam import Exam
from qbank.core.memory import study_day
from qbank.core.text import hidden_characters
from qbank.errors import QbankError, UsageError
from qbank.settings import Settings
from qbank.store.rows import DeviceRow, LearnerRow
from qbank.store.store import Store

_LEARNERS = uuid.UUID("6f1a3d1e-5f0b-5c57-9b1c-0d9a1f6f2b11")


def _now() -> datetime:
    return datetime.now(UTC)


class Workspace(msgspec.Struct):
    """An open store and what is needed to use it.

    `learner` and `device` are in the store from the first recorded event on. `values` are the learner's settings.
    `monotonic` counts seconds and never goes back.
    """

    settings: Settings
    store: Store
    exam: Exam
    learner: LearnerRow
    device: DeviceRow
    values: dict[str, Any]
    now: Callable[[], datetime] = _now
    monotonic: Callable[[], float] = time.monotonic
    random_bits: Callable[[int], int] = random.SystemRandom().getrandbits

    @property
    def time_zone(self) -> str:
        """The zone that was set, or else the one this computer is in now."""
        chosen = self.values.get("time-zone")
        return str(chosen) if chosen else local_time_zone()

    @property
    def today(self) -> date:
        return study_day(self.now(), self.time_zone)

    @property
    def exam_day(self) -> date:
        """The day booked, or the day assumed while none is booked."""
        return exam_day(self.values, self.today)

    @property
    def booked(self) -> bool:
        return bool(self.values.get("exam-date"))

    @property
    def minutes_a_day(self) -> int:
        return int(str(self.values.get("minutes", 60)))

    @property
    def extra_time(self) -> float:
        return extra_time(self.values)

    @property
    def colours(self) -> str:
        """The colours of the full screen: auto, dark, light or terminal."""
        return str(self.values.get("colours", "auto"))

    def close(self) -> None:
        self.store.close()


def open_workspace(settings: Settings, *, create: bool = True, watch: Watch = unwatched) -> Workspace:
    """Open the store that the settings name, for one learner on this device. `watch` shows how far an upgrade is.

    Raises StoreUnreachable or StoreVersion when it cannot be opened, NotFound for an unknown exam, and UsageError when the
    store has several learners and none was named.
    """
    if settings.exam is not None:
        load_exam(settings.exam, kept_exams(settings))
    store = open_shared(settings, create=create, watch=watch)
    with store.read() as tx:
        learner = _learner(tx.learners(), settings.learner)
        values = tx.settings(learner.id)
    return Workspace(settings, store, exam_for(settings, values), learner, _device(settings.home), values)


def open_shared(settings: Settings, *, create: bool = True, watch: Watch = unwatched) -> Store:
    """Open the store that the settings name, for what concerns no one learner. Raises as `open_workspace` does."""
    stamp = f"{_now():%Y%m%dT%H%M%SZ}"
    return open_store(
        settings, settings.db, backup_dir=settings.backups, stamp=stamp, create=create, watch=watch
    )


def _learner(known: list[LearnerRow], name: str | None) -> LearnerRow:
    if name is None and len(known) > 1:
        names = ", ".join(row.name for row in known)
        raise UsageError(f"This store has several learners: {names}. Say which with --learner NAME.")
    if name is None and known:
        return known[0]
    name = name or "me"
    for row in known:
        if row.name == name:
            return row
    # The same name is the same person on every device, so that records merge.
    return LearnerRow(str(uuid.uuid5(_LEARNERS, name)), name)


def _device(home: Path) -> DeviceRow:
    mark = home / "device"
    try:
        identity = mark.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        identity = str(uuid.uuid4())
        write_whole(mark, identity.encode())
    except OSError as error:
        raise QbankError(
            f"{mark} cannot be read: {error.strerror}. Mend its permissions or remove it."
        ) from error
    except UnicodeDecodeError as error:
        raise QbankError(_damaged(mark)) from error
    if not identity or hidden_characters(identity) or identity.split() != [identity]:
        raise QbankError(_damaged(mark))
    return DeviceRow(identity, f"{os.uname().nodename or 'device'}-{identity[:4]}")


def _damaged(mark: Path) -> str:
    return (
        f"{mark} is damaged: it should hold this device's id. Remove it, and the device gets a new one; "
        "your answers stay."
    )


def local_time_zone() -> str:
    """The IANA name of this computer's time zone; UTC when it has none."""
    zones = f"{os.sep}zoneinfo{os.sep}"
    linked = os.path.realpath("/etc/localtime")
    if "TZ" not in os.environ and zones in linked:
        return linked.partition(zones)[2]
    from tzlocal import get_localzone_name  # knows every other way, and takes its time to import

    return get_localzone_name() or "UTC"
