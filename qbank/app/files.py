"""Files of the learner's, read and written at the edge: private, whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from qbank.errors import NotFound, QbankError

READ_LIMIT = 256 * 1024**2  # bytes; what the largest importer takes


def read_bytes(path: Path, limit: int = READ_LIMIT) -> bytes:
    """A file's content. Raises NotFound, or QbankError when it cannot be read or has more than `limit` bytes.

    A device or a pipe has no size to be known beforehand, so no more than one byte over the limit is read of anything.
    """
    with opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        content = file.read(limit + 1) if size <= limit else b""
    if size > limit or len(content) > limit:
        raise QbankError(f"{path} is larger than {limit // 1024**2:,} MiB. Split it, or choose another file.")
    return content


def size_of(path: Path) -> int:
    """Bytes of a file. Raises as `read_bytes` does."""
    with _reading(path):
        return path.stat().st_size


@contextlib.contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file to be read a part at a time. Raises NotFound, or QbankError when it cannot be read."""
    with _reading(path), path.open("rb") as file:
        yield file


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound("file", str(path), "Check the path.") from error
    except IsADirectoryError as error:
        raise QbankError(f"{path} is a folder. Name a file in it.") from error
    except OSError as error:
        raise QbankError(
            f"{path} cannot be read: {error.strerror}. Check the path and its permissions."
        ) from error


def write_whole(path: Path, content: bytes) -> None:
    """Write a private file so that it is there completely or not at all. Raises QbankError when it cannot be."""
    write_parts(path, (content,))


def write_parts(path: Path, parts: Iterable[bytes]) -> None:
    """The same from parts that are written as they come; what getting one raises leaves no file behind."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(parts)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise QbankError(f"{path} cannot be written: {error.strerror}. Nothing was changed.") from error
