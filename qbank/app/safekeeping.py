"""Copies of the store in a safe place, and the way back."""

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from qbank.app.opening import open_store
from qbank.app.pictures import send_along, take_in
from qbank.app.practice import LEASE_SECONDS
from qbank.app.workspace import Workspace
from qbank.errors import NotFound, QbankError, StoreBusy, StoreUnreachable, StoreVersion, UsageError
from qbank.settings import Settings
from qbank.store.address import address
from qbank.store.store import Store

_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a store while it is open."""


def backup(workspace: Workspace, *, reason: str = "", target: Path | None = None) -> Path | None:
    """Copy a SQLite store while it is in use, its pictures into a folder beside the copy.

    Gives the copy's path, None for a server, which is backed up by export.

    Raises UsageError when the target is there already, StoreUnreachable when it cannot be written.
    """
    if workspace.store.info().path is None:
        return None
    if target is None:
        stamp = f"{workspace.now():%Y%m%dT%H%M%S%fZ}"
        target = _free(workspace.settings.backups, f"qbank-{stamp}{f'-{reason}' if reason else ''}")
    workspace.store.backup_to(target)
    send_along(workspace.settings, target.parent)
    return target


def backups(settings: Settings) -> list[Path]:
    """The copies that are there, the latest last."""
    return sorted(settings.backups.glob("qbank-*.sqlite3"))


def find_backup(settings: Settings, source: Path | None, now: datetime) -> Path:
    """The backup that a restore would take, looked over: `source`, or the latest one without it.

    Raises what restore raises for a backup that cannot be used; nothing is changed.
    """
    found = _chosen(settings, source)
    try:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.sqlite3"
            shutil.copyfile(found, copy)
            _check(settings, copy, found, f"{now:%Y%m%dT%H%M%S%fZ}")
    except OSError as error:
        raise QbankError(f"The backup {found} cannot be looked at: {error.strerror}.") from error
    return found


def restore(settings: Settings, source: Path | None, now: datetime) -> tuple[Path, Path | None]:
    """Put a backup in the store's place, the latest one without `source`; gives it and where the old store went.

    Raises NotFound, UsageError for a store that is not a file, QbankError for a damaged copy, and StoreUnreachable or
    StoreVersion for one that is no store or a newer one; then nothing was changed. The present store may be damaged.
    """
    source = _chosen(settings, source)
    store = _store_file(settings)
    stamp = f"{now:%Y%m%dT%H%M%S%fZ}"
    new = store.with_name(store.name + ".restoring")
    try:
        store.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(source, new)
        new.chmod(0o600)
        _check(settings, new, source, stamp)
        old = _put_aside(store, _free(settings.backups, f"qbank-{stamp}-before-restore"), now)
        take_in(settings, source.parent)
        new.replace(store)
    except OSError as error:
        raise QbankError(
            f"The backup could not be put in place: {error.strerror}. The store is as it was."
        ) from error
    finally:
        _remove(new)
    return source, old


def _store_file(settings: Settings) -> Path:
    store = address(settings.db).path
    if store is None:
        raise UsageError("Only a store in a file is restored from a backup. Use: qbank import FILE")
    return store


def _chosen(settings: Settings, source: Path | None) -> Path:
    _store_file(settings)
    if source is None:
        copies = backups(settings)
        if not copies:
            raise NotFound("backup", str(settings.backups), "Make one with: qbank backup")
        source = copies[-1]
    if not source.is_file():
        raise NotFound("backup", str(source), "See them in: " + str(settings.backups))
    return source


def _free(folder: Path, stem: str) -> Path:
    """A name that is not taken, also when the clock shows one moment twice."""
    target, number = folder / f"{stem}.sqlite3", 1
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}.sqlite3"
    return target


def _check(settings: Settings, copy: Path, source: Path, stamp: str) -> None:
    """Open the copy, which upgrades an older one, and look it over; the backup itself is left alone."""
    try:
        with open_store(settings, copy, backup_dir=copy.parent, stamp=stamp, create=False) as found:
            faults = found.integrity()
    except StoreVersion as error:
        raise StoreVersion(
            f"{source} was written by a newer qbank. Update qbank, then restore it."
        ) from error
    except (StoreUnreachable, NotFound) as error:
        raise StoreUnreachable(
            f"{source} is no qbank store, or is damaged. Choose another backup."
        ) from error
    if faults:
        raise QbankError(f"{source} is damaged: {faults[0]} Choose another backup.")


def _put_aside(store: Path, aside: Path, now: datetime) -> Path | None:
    """Copy the present store to the backups; one that cannot be opened any more is moved there as it is."""
    if not store.exists():
        return None
    aside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with Store.open(store, backup_dir=None, create=False) as current:
            _refuse_while_in_use(current, now)
            current.backup_to(aside)
    except StoreBusy:
        raise
    except (StoreUnreachable, NotFound):
        shutil.copyfile(store, aside)
        aside.chmod(0o600)
    for suffix in _BESIDE:
        store.with_name(store.name + suffix).unlink(missing_ok=True)
    return aside


def _refuse_while_in_use(store: Store, now: datetime) -> None:
    """Another terminal in the middle of a block would go on writing to the file that is taken away."""
    with store.read() as tx:
        opened = [row for learner in tx.learners() if (row := tx.open_block(learner.id)) is not None]
        leases = [lease for row in opened if (lease := tx.lease(row.id)) is not None]
    if any(abs(now - lease.beat_at) < timedelta(seconds=LEASE_SECONDS) for lease in leases):
        raise StoreBusy("A block is open in another terminal. Finish or leave it there, then restore.")


def _remove(file: Path) -> None:
    for path in (file, *(file.with_name(file.name + suffix) for suffix in _BESIDE)):
        path.unlink(missing_ok=True)
