"""The pictures of imported questions, kept as files of the learner's beside the banks."""

from pathlib import Path

from qbank.app.workspace import Workspace
from qbank.core.pictures import KEPT
from qbank.settings import Settings


def picture_file(settings: Settings, path: str) -> Path | None:
    """Where the picture lies that a question's text names; None for a path that is none of those kept."""
    kept = KEPT.fullmatch(path)
    return settings.pictures / kept["name"] if kept else None


def read_picture(workspace: Workspace, path: str) -> bytes | None:
    """The picture that a question's text names by `path`; None when it is not kept here, or cannot be read."""
    file = picture_file(workspace.settings, path)
    try:
        return file.read_bytes() if file else None
    except OSError:
        return None
