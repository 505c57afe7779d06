"""The exams that qbank knows are files; this finds and reads them."""

import contextlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgspec

from qbank import settings
from qbank.app.files import write_whole
from qbank.core.exam import Exam, parse_exam
from qbank.errors import NotFound, QbankError, UsageError

if TYPE_CHECKING:
    from qbank.core.objective_map import Mapped

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
    """An exam's tables in MessagePack with their CRC, and the sizes and times of change of the files they are from."""

    marks: list[tuple[int, int]]
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
    return parse_exam(_tables(name) if kept_in is None else _kept_tables(name, kept_in / f"{name}.msgpack"))


@lru_cache(maxsize=4)
def load_map(name: str) -> "dict[str, Mapped]":
    """What the exam can ask, by objective id; empty for an exam without a map. Raises InputInvalid with every fault."""
    exam = parse_exam(_toml(_folder() / f"{name}.toml"))
    return _map_of(name, exam)


def map_mark(name: str) -> tuple[int, int, str]:
    """What changes when an exam's map does: bytes, the latest change in nanoseconds, and the files' names."""
    files = [(path.name, path.stat()) for path in _map_files(name)]
    names = crc32(" ".join(each for each, _ in files).encode())
    return sum(s.st_size for _, s in files), max((s.st_mtime_ns for _, s in files), default=0), f"{names:08x}"


def _map_of(name: str, exam: Exam) -> "dict[str, Mapped]":
    from qbank.core.objective_map import parse_map  # not needed for what was kept

    files = [(path.name, _toml(path)) for path in _map_files(name)]
    return parse_map(files, [section.id for section in exam.sections], exam.known_areas("discipline"))


def _map_files(name: str) -> list[Path]:
    return sorted((_folder() / f"{name}-objectives").glob("*.toml"))


def _kept_tables(name: str, kept: Path) -> dict[str, Any]:
    """What was kept of these very files; else the files' own tables, and they are kept from now on."""
    files = [path.stat() for path in (_folder() / f"{name}.toml", *_map_files(name))]
    marks = [(file.st_size, file.st_mtime_ns) for file in files]
    with contextlib.suppress(OSError, msgspec.DecodeError):
        found = msgspec.msgpack.decode(kept.read_bytes(), type=_Kept)
        if found == _Kept(marks, crc32(found.tables), found.tables):
            return msgspec.msgpack.decode(found.tables, type=dict[str, Any])
    tables = _tables(name)
    packed = msgspec.msgpack.encode(tables)
    # Without room or rights it is read from the files every time.
    with contextlib.suppress(QbankError):
        write_whole(kept, msgspec.msgpack.encode(_Kept(marks, crc32(packed), packed)))
    return tables


def _tables(name: str) -> dict[str, Any]:
    """The exam's own tables, and what its map comes to."""
    from qbank.core.objective_map import places  # not needed for what was kept

    tables = _toml(_folder() / f"{name}.toml")
    found = _map_of(name, parse_exam(tables))
    return tables | {"mapped": msgspec.to_builtins(places(found.values()))} if found else tables


def _toml(path: Path) -> dict[str, Any]:
    import tomllib  # not needed for what was kept

    return tomllib.loads(path.read_text(encoding="utf-8"))


def _folder() -> Path:
    return settings.data_folder() / "exams"
