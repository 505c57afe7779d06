"""The exams that qbank knows are files; this finds and reads them."""

import contextlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec

from qbank import settings
from qbank.app.files import write_whole
from qbank.core.exam import Exam, parse_exam
from qbank.errors import NotFound, QbankError, UsageError

DEFAULT_EXAM = "usmle-step1"


def exam_names() -> list[str]:
    """The ids of the exams that can be prepared for."""
    return sorted(path.stem for path in _folder().glob("*.toml"))


def exam_for(here: settings.Settings, values: Mapping[str, Any]) -> Exam:
    """The exam that a learner of these settings prepares for. Raises UsageError where another one was asked for."""
    prepared = values.get("exam")
    if prepared and here.exam not in (None, prepared):
        raise UsageError(
            f"This record is for {load_exam(prepared).name}. Keep another exam's in another place, with --home."
        )
    return load_exam(here.exam or prepared or DEFAULT_EXAM, kept_exams(here))


def kept_exams(here: settings.Settings) -> Path:
    """Where the exams' files are kept in a form that is read sooner."""
    return here.home / "kept"


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """An exam file's tables in MessagePack with their CRC, and the size and time of change of that file."""

    size: int
    changed_ns: int
    crc: int
    tables: bytes


@lru_cache(maxsize=4)
def load_exam(name: str, kept_in: Path | None = None) -> Exam:
    """The exam of that id. Raises NotFound with the ids that exist, InputInvalid for a file with faults.

    In `kept_in`, a folder that may go at any time, the file's tables are kept in a form that is read sooner.
    """
    names = exam_names()
    if name not in names:
        raise NotFound("exam", name, f"Known are: {', '.join(names)}.")
    path = _folder() / f"{name}.toml"
    return parse_exam(_tables(path) if kept_in is None else _kept_tables(path, kept_in / f"{name}.msgpack"))


def _kept_tables(path: Path, kept: Path) -> dict[str, Any]:
    """What was kept of this very file; else the file's own tables, and they are kept from now on."""
    now = path.stat()
    with contextlib.suppress(OSError, msgspec.DecodeError):
        found = msgspec.msgpack.decode(kept.read_bytes(), type=_Kept)
        if found == _Kept(now.st_size, now.st_mtime_ns, crc32(found.tables), found.tables):
            return msgspec.msgpack.decode(found.tables, type=dict[str, Any])
    tables = _tables(path)
    packed = msgspec.msgpack.encode(tables)
    # Without room or rights it is read from the file every time.
    with contextlib.suppress(QbankError):
        made_of = _Kept(now.st_size, now.st_mtime_ns, crc32(packed), packed)
        write_whole(kept, msgspec.msgpack.encode(made_of))
    return tables


def _tables(path: Path) -> dict[str, Any]:
    import tomllib  # not needed for what was kept

    return tomllib.loads(path.read_text(encoding="utf-8"))


def _folder() -> Path:
    return settings.data_folder() / "exams"
