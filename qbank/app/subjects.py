"""What other banks call their systems and subjects, and where in the exam's outline each lies."""

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from qbank import settings
from qbank.app.files import read_bytes
from qbank.core.exam import Exam
from qbank.errors import Fault, InputInvalid, UsageError

WHOLE = "exam"
"""The id that stands for the exam as a whole."""


class Area(msgspec.Struct, frozen=True):
    """A place in the outline; "" where a name says nothing of it."""

    system: str = ""
    section: str = ""
    discipline: str = ""


class Subjects:
    """Areas by name: a learner's own names first, then ids and names of the exam, then those that other banks use."""

    def __init__(self, exam: Exam, own: Sequence[str] = (), file: Path | None = None) -> None:
        """`own` are texts like "Cardio=cardiovascular". Raises UsageError, NotFound, and InputInvalid with every fault."""
        self._ids = _ids(exam)
        self._areas: dict[str, Area] = {}
        self._add(_bundled(exam), known_only=True)
        self._areas |= {_folded(name): area for name, area in _named(exam).items()}
        self._areas |= {_folded(name): area for name, area in self._ids.items() if name != WHOLE}
        if file is not None:
            self._add(_from_file(file, self._ids))
        for text in own:
            name, equals, area = text.rpartition("=")
            if not equals or not name.strip() or not area.strip():
                raise UsageError(f"{text!r} is not NAME=AREA, like Cardio=cardiovascular.")
            if area.strip() not in self._ids:
                raise UsageError(f"There is no area {area.strip()!r}. {_nearest(area.strip(), self._ids)}")
            self._add({name: area.strip()})

    def find(self, name: str) -> Area | None:
        """The area of a name; of several in one cell, parted by ; or |, together. None when none is known."""
        found = [area for part in re.split(r"[;|]", name) if (area := self._areas.get(_folded(part)))]
        if not found:
            return None
        return Area(
            system=next((one.system for one in found if one.system), ""),
            section=next((one.section for one in found if one.section), ""),
            discipline=next((one.discipline for one in found if one.discipline), ""),
        )

    def _add(self, names: Mapping[str, str], *, known_only: bool = False) -> None:
        for name, area in names.items():
            if not known_only or area in self._ids:
                self._areas[_folded(name)] = self._ids[area]


def _ids(exam: Exam) -> dict[str, Area]:
    """Disciplines, sections and systems by id; where one id is of two of them, the system stands."""
    found = {name: Area(discipline=name) for name in exam.known_areas("discipline")}
    found |= {section.id: Area(section.system, section.id) for section in exam.sections}
    found |= {name: Area(system=name) for name in exam.known_areas("system")}
    found[WHOLE] = Area()
    return found


def _named(exam: Exam) -> dict[str, Area]:
    found = {section.name: Area(section.system, section.id) for section in exam.sections}
    for dimension in exam.dimensions:
        if dimension.id not in ("system", "discipline"):
            continue
        for table in dimension.tables:
            for area in table.areas:
                found[area.name] = (
                    Area(system=area.id) if dimension.id == "system" else Area(discipline=area.id)
                )
    return found


def _bundled(exam: Exam) -> dict[str, str]:
    tables = tomllib.loads((settings.data_folder() / "subjects.toml").read_text(encoding="utf-8"))
    found: dict[str, str] = tables.get(exam.id, {})
    return found


def _from_file(path: Path, ids: Mapping[str, Area]) -> dict[str, str]:
    """Lines of NAME = "area", in a table or in none."""
    mend = 'Write lines like: "Heart and vessels" = "cardiovascular"'
    try:
        tables = tomllib.loads(read_bytes(path).decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputInvalid([Fault(path.name, 1, f"This is not TOML: {error}.", mend)]) from error
    found: dict[str, str] = {}
    faults = []
    pairs = [
        pair
        for name, value in tables.items()
        for pair in (value.items() if isinstance(value, dict) else [(name, value)])
    ]
    for name, area in pairs:
        if isinstance(area, str) and area in ids:
            found[name] = area
        else:
            faults.append(
                Fault(
                    path.name, 1, f"{name!r} has the area {area!r}, which is none.", _nearest(str(area), ids)
                )
            )
    if faults:
        raise InputInvalid(faults)
    return found


def _nearest(area: str, ids: Mapping[str, Area]) -> str:
    close = difflib.get_close_matches(area.casefold(), ids, n=1, cutoff=0.5)
    return f'Did you mean "{close[0]}"?' if close else f"There are: {', '.join(sorted(ids))}."


def _folded(name: str) -> str:
    words = re.findall(r"\w+", name.casefold())
    return " ".join(word for word in words if word not in _EMPTY)


_EMPTY = frozenset({"system", "systems", "and", "the", "of"})
