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
from qbank.core import exam, exam_parts, exam_planning, objective_map, report_schema, sourced
from qbank.core.exam import Exam, parse_exam
from qbank.core.objective_map import Mapped, parse_map, places
from qbank.errors import NotFound, QbankError, UsageError

DEFAULT_EXAM = "usmle-step1"

_SHAPES = (exam, exam_parts, exam_planning, objective_map, report_schema, sourced)
"""Where the shape of an exam is defined: what was kept by other code is not read."""


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
    """An exam in MessagePack with its CRC, and those of what it was made from."""

    marks: list[int]
    crc: int
    exam: bytes


@lru_cache(maxsize=4)
def load_exam(name: str, kept_in: Path | None = None) -> Exam:
    """The exam of that id. Raises NotFound with the ids that exist, InputInvalid for a file with faults.

    In `kept_in`, a folder that may go at any time, the exam is kept in a form that is read sooner.
    """
    names = exam_names()
    if name not in names:
        raise NotFound("exam", name, f"Known are: {', '.join(names)}.")
    return _parsed(name) if kept_in is None else _kept_exam(name, kept_in / f"{name}.msgpack")


@lru_cache(maxsize=4)
def load_map(name: str) -> dict[str, Mapped]:
    """What the exam can ask, by objective id; empty for an exam without a map. Raises InputInvalid with every fault."""
    return _map_of(name, parse_exam(_toml(_folder() / f"{name}.toml")))


def map_mark(name: str) -> tuple[int, int, str]:
    """What changes when an exam's map does: bytes, the latest change in nanoseconds, and the files' names."""
    files = [(path.name, path.stat()) for path in _map_files(name)]
    names = crc32(" ".join(each for each, _ in files).encode())
    return sum(s.st_size for _, s in files), max((s.st_mtime_ns for _, s in files), default=0), f"{names:08x}"


def _map_of(name: str, of: Exam) -> dict[str, Mapped]:
    files = [(path.name, _toml(path)) for path in _map_files(name)]
    return parse_map(files, [section.id for section in of.sections], of.known_areas("discipline"))


def _map_files(name: str) -> list[Path]:
    return sorted((_folder() / f"{name}-objectives").glob("*.toml"))


def _kept_exam(name: str, kept: Path) -> Exam:
    """What was kept of these very files by this very program; else what the files say, and that is kept from now on."""
    made_from = (
        _folder() / f"{name}.toml",
        *_map_files(name),
        *(Path(module.__file__ or "") for module in _SHAPES),
    )
    marks = [crc32(path.read_bytes()) for path in made_from]
    with contextlib.suppress(OSError, msgspec.DecodeError):
        found = msgspec.msgpack.decode(kept.read_bytes(), type=_Kept)
        if found == _Kept(marks, crc32(found.exam), found.exam):
            return msgspec.msgpack.decode(found.exam, type=Exam)
    read = _parsed(name)
    packed = msgspec.msgpack.encode(read)
    # Without room or rights it is read from the files every time.
    with contextlib.suppress(QbankError):
        write_whole(kept, msgspec.msgpack.encode(_Kept(marks, crc32(packed), packed)))
    return read


def _parsed(name: str) -> Exam:
    """The exam's own tables, and what its map comes to."""
    tables = _toml(_folder() / f"{name}.toml")
    found = _map_of(name, parse_exam(tables))
    return parse_exam(tables | {"mapped": msgspec.to_builtins(places(found.values()))} if found else tables)


def _toml(path: Path) -> dict[str, Any]:
    import tomllib  # not needed for what was kept

    return tomllib.loads(path.read_text(encoding="utf-8"))


def _folder() -> Path:
    return settings.data_folder() / "exams"
