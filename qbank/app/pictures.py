"""The pictures of imported questions, kept as files of the learner's beside the banks.

Each is named by what is in it, so the same picture is kept once, and an import that was broken off leaves nothing that the
next one would not use again.
"""

import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from qbank.app.files import read_bytes, write_whole
from qbank.app.workspace import Workspace
from qbank.core.pictures import KEPT, kept_path
from qbank.settings import Settings

ALONG = "qbank-pictures"
"""The folder beside a backup or an export that has its pictures."""


def read_picture(workspace: Workspace, path: str) -> bytes | None:
    """The picture that a question's text names by `path`; None when it is not kept here, or cannot be read."""
    file = picture_file(workspace.settings, path)
    try:
        return file.read_bytes() if file else None
    except OSError:
        return None


class Along:
    """The pictures that an export takes along, counting those that are not here any more."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._found: dict[str, bool] = {}

    def look(self, path: str) -> bytes | None:
        content = read_picture(self._workspace, path)
        self._found[path] = content is not None
        return content

    def notes(self) -> list[str]:
        """A sentence on what was missing."""
        missing = [path for path, found in self._found.items() if not found]
        if not missing:
            return []
        place = self._workspace.settings.home
        return [f"Pictures that are not in {place} any more: {len(missing)}, the first {missing[0]}."]


def picture_file(settings: Settings, path: str) -> Path | None:
    """Where the picture lies that a question's text names; None for a path that is none of those kept."""
    kept = KEPT.fullmatch(path)
    return settings.pictures / kept["name"] if kept else None


def keep_pictures(settings: Settings, pictures: Mapping[str, bytes]) -> None:
    """Write what is not there yet; before the questions, so that none is ever stored without its pictures.

    Raises QbankError when a picture cannot be written.
    """
    for path, content in pictures.items():
        file = picture_file(settings, path)
        if file is not None and not _is_there(file, len(content)):
            write_whole(file, content)


def beside(source: Path, limit: int) -> Callable[[str], bytes | None]:
    """Gives files in the folder of `source` and below by their path, as much of each as the limit and one byte more.

    Nothing outside of that folder is read, also not through a link, and nothing that is no plain file.
    """
    folder = source.parent.resolve()

    def found(path: str) -> bytes | None:
        try:
            file = (folder / path).resolve()
            if not file.is_relative_to(folder) or not stat.S_ISREG(file.stat().st_mode):
                return None
            with file.open("rb") as opened:
                return opened.read(limit + 1)
        except (
            OSError,
            ValueError,
            RuntimeError,
        ):  # not there, not to be read, or no name that a file can have
            return None

    return found


def send_along(settings: Settings, folder: Path) -> int:
    """Put the pictures kept here beside a copy of the store or the record that lies in a folder; gives how many were new."""
    return copy_pictures(settings.pictures, folder / ALONG)


def take_in(settings: Settings, folder: Path) -> int:
    """Keep the pictures that lie beside a copy in a folder; gives how many were new."""
    return copy_pictures(folder / ALONG, settings.pictures)


def copy_pictures(source: Path, target: Path) -> int:
    """Bring the pictures of one folder into another that has not got them yet; gives how many.

    On one file system they take no further space, for none is ever written to again.
    What is not the picture that its name says is left where it is. Raises QbankError when one cannot be written.
    """
    copied = 0
    for file in sorted(source.glob("*.*")) if source.is_dir() else ():
        if KEPT.fullmatch(f"pictures/{file.name}") is None or not file.is_file():
            continue
        if _is_there(target / file.name, file.stat().st_size):
            continue
        content = read_bytes(file)
        if kept_path(content) == f"pictures/{file.name}":
            _link_or_write(file, target / file.name, content)
            copied += 1
    return copied


def _link_or_write(file: Path, target: Path, content: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.hardlink_to(file)
    except OSError:  # there in part, on another file system, or on one without links
        write_whole(target, content)


def _is_there(file: Path, size: int) -> bool:
    try:
        return file.stat().st_size == size
    except OSError:
        return False
