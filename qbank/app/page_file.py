"""A page written to a file: private, whole, and never over what qbank has not made."""

from pathlib import Path

from qbank.app.files import write_whole
from qbank.errors import QbankError, UsageError

MADE_BY = '<meta name="generator" content="qbank progress"/>'
"""Stands near the beginning of each page, that a later one may take its place."""

_NEAR = 400
"""Bytes from the beginning within which it stands."""


def write_page(path: Path, page: str, *, force: bool = False) -> None:
    """Write a page that only its owner may read; with `force` in place of any file.

    Raises UsageError when something else is there, QbankError when it cannot be written.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Name a file in it, like {path / 'progress.html'}")
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is no ordinary file. Name one that ends in .html")
    if path.exists() and not force and not _is_page(path):
        raise UsageError(
            f"{path} is there already and is no page of qbank's, so it was left as it is. Choose another name, or add "
            "--force to replace it."
        )
    write_whole(path, page.encode())


def _is_page(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return MADE_BY.encode() in file.read(_NEAR)
    except OSError as error:
        raise QbankError(
            f"{path} cannot be read: {error.strerror}. Choose another name, or check its permissions."
        ) from error
