"""A look for trouble: the file, the folder it lies in, the clock, and whether a replay of the log gives what is stored."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec

from qbank.app.pictures import ALONG, picture_file
from qbank.app.rebuild import rebuild
from qbank.app.workspace import Workspace
from qbank.core.pictures import pictures_in
from qbank.core.question import texts_of
from qbank.errors import RecordBroken

SYNCED = {
    "Dropbox": "Dropbox",
    "OneDrive": "OneDrive",
    "Google Drive": "Google Drive",
    "GoogleDrive": "Google Drive",
    "iCloud": "iCloud",
    "Mobile Documents": "iCloud",
    "Nextcloud": "Nextcloud",
    "ownCloud": "ownCloud",
    "Syncthing": "Syncthing",
    "pCloud": "pCloud",
}
NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "fuse.sshfs", "9p", "fuse.rclone"})

CLOCK_TOLERANCE = timedelta(minutes=1)
"""Events of one moment are placed one after another, so the last may lie a little ahead of the clock."""


class Examined(msgspec.Struct, frozen=True):
    """`troubles` want an action; `same` tells whether the rebuilt rows equal the stored ones, None when not rebuilt.

    `questions` is the folder for questions of the learner's own.
    """

    place: str
    questions: str
    version: str
    events: int
    troubles: tuple[str, ...]
    same: bool | None


def examine(
    workspace: Workspace, *, repair: bool, on_progress: Callable[[int], None] | None = None
) -> Examined:
    """Look at everything; with `repair` every learner's derived rows are rebuilt from the log and compared."""
    info = workspace.store.info()
    troubles = [*workspace.store.integrity(), *_clock(workspace), *_pictures(workspace)]
    if info.path is not None:
        troubles += location_warnings(info.path)
        troubles += _permissions(info.path)
    with workspace.store.read() as tx:
        events, learners = tx.event_count(), tx.learners()
    same = None
    if repair:
        try:
            equal = [_rebuilt_same(workspace, row.id, on_progress) for row in learners]
            same = all(equal)
        except RecordBroken as error:
            troubles.append(str(error))
    folder = str(workspace.settings.own_bank)
    return Examined(info.place, folder, info.version, events, tuple(troubles), same)


def location_warnings(path: Path, mounts: Path = Path("/proc/mounts")) -> list[str]:
    """Sentences about a folder that a synchroniser or a network file system could spoil a database in."""
    found = []
    for part in path.resolve().parts:
        for mark, service in SYNCED.items():
            if mark.lower() in part.lower():
                found.append(
                    f"The store lies in a folder that {service} synchronises, which can damage it. "
                    "Move it with --home, and carry your record between devices with qbank export and import."
                )
    kind = _file_system(path.resolve(), mounts)
    if kind in NETWORK:
        found.append(
            f"The store lies on a network file system ({kind}), where locks cannot be relied on. "
            "Move it to a local disk with --home, or use a PostgreSQL server with --db."
        )
    return list(dict.fromkeys(found))


def _file_system(path: Path, mounts: Path) -> str:
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    best, kind = "", ""
    for line in lines:
        fields = line.split()
        if len(fields) >= 3:
            point = fields[1].replace("\\040", " ")
            if path.is_relative_to(point) and len(point) >= len(best):
                best, kind = point, fields[2]
    return kind


def _permissions(path: Path) -> list[str]:
    if path.stat().st_mode & 0o077:
        return [f"Other users of this computer can read {path}. Mend it with: chmod 600 '{path}'"]
    return []


def _pictures(workspace: Workspace) -> list[str]:
    """Whether a question names a picture that is kept no more."""
    with workspace.store.read() as tx:
        texts = (text for one in tx.questions_with("](pictures/") for text in texts_of(one))
        named = {one.path for text in texts for one in pictures_in(text)}
    files = {path: file for path in named if (file := picture_file(workspace.settings, path))}
    missing = sorted(path for path, file in files.items() if not file.is_file())
    if not missing:
        return []
    folder = workspace.settings.pictures
    return [
        f"Pictures of questions are missing from {folder}: {len(missing)}, the first {Path(missing[0]).name}. Import the "
        f"file that they came with again, or copy them there from the folder {ALONG} beside a backup."
    ]


def _clock(workspace: Workspace) -> list[str]:
    with workspace.store.read() as tx:
        latest = tx.latest_at(workspace.learner.id)
    if latest is not None and latest - workspace.now() > CLOCK_TOLERANCE:
        return [
            f"Your clock says {workspace.now():%Y-%m-%d %H:%M} UTC, but your last answer is from "
            f"{latest:%Y-%m-%d %H:%M} UTC. Set the clock right; nothing is lost."
        ]
    return []


def _rebuilt_same(workspace: Workspace, learner: str, on_progress: Callable[[int], None] | None) -> bool:
    with workspace.store.begin() as tx:
        before = tx.derived_digest(learner)
        rebuild(tx, workspace.exam, learner, on_progress)
        return tx.derived_digest(learner) == before
