"""Laboratory reference values: what is normal for adults, in the units that US papers use and in SI units.

A range is kept once, in its conventional unit; in SI units it is that range times a factor, computed exactly and rounded
at the end, so the two columns can never drift apart.
"""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import msgspec

from qbank.core.exam_file import convert_file
from qbank.core.sourced import Source
from qbank.errors import Fault, InputInvalid


class Range(msgspec.Struct, frozen=True):
    """From `low` to `high`, one of them None where a range is open; `who` says for whom or when, "" for all."""

    who: str = ""
    low: Decimal | None = None
    high: Decimal | None = None


class SIUnit(msgspec.Struct, frozen=True):
    """How a value becomes one in SI units: times `factor`, or from mass to amount by `molar_mass`, in g/mol."""

    unit: str
    digits: int
    source: Source
    factor: Decimal | None = None
    molar_mass: Decimal | None = None


class LabValue(msgspec.Struct, frozen=True):
    """One thing that is measured. Without `si` its unit is the same in both columns."""

    name: str
    aliases: tuple[str, ...]
    unit: str
    ranges: tuple[Range, ...]
    source: Source
    si: SIUnit | None = None

    def unit_in(self, *, si: bool) -> str:
        """The unit, "" for a bare number."""
        return self.si.unit if si and self.si is not None else self.unit

    def ranges_in(self, *, si: bool) -> tuple[Range, ...]:
        """The ranges in one of the two columns; those in SI units are rounded half up to the stated digits."""
        if not si or self.si is None:
            return self.ranges
        factor, digits = si_factor(self), self.si.digits
        return tuple(
            Range(each.who, _converted(each.low, factor, digits), _converted(each.high, factor, digits))
            for each in self.ranges
        )


class LabGroup(msgspec.Struct, frozen=True):
    """What is measured in one fluid."""

    id: str
    name: str
    values: tuple[LabValue, ...]


class LabTable(msgspec.Struct, frozen=True):
    """The whole table. `version` is the month in which it was last looked over; `name` says whose it is."""

    version: str
    name: str
    groups: tuple[LabGroup, ...]


def parse_labs(data: dict[str, Any]) -> LabTable:
    """The table in a TOML file's tables, read with Decimal for floats, so that 3.0 keeps its digit.

    Raises InputInvalid with a fault for whatever does not fit, such as units between which nothing converts.
    """
    table = convert_file(data, LabTable, _FILE)
    faults = [*_faults(table)]
    if faults:
        raise InputInvalid(faults)
    return table


def si_factor(value: LabValue) -> Fraction:
    """What a value is multiplied by to be in SI units; 1 where the unit is the same in both.

    Raises ValueError for a row with neither factor nor molar mass, or with units that are not mass and amount.
    """
    si = value.si
    if si is None:
        return Fraction(1)
    if (si.factor is None) == (si.molar_mass is None):
        raise ValueError("needs a factor or a molar mass, and one of them only")
    if si.factor is not None:
        return Fraction(si.factor)
    mass, mass_in = _scaled(value.unit, _GRAMS)
    moles, moles_in = _scaled(si.unit, _MOLES)
    volume, volume_in = _volume(mass_in)
    si_volume, si_volume_in = _volume(moles_in)
    if volume_in != si_volume_in:
        raise ValueError(f"cannot go from {value.unit} to {si.unit}")
    return Fraction(10) ** (mass - volume - moles + si_volume) / Fraction(si.molar_mass or 1)


def find_labs(table: LabTable, words: str) -> tuple[tuple[LabGroup, LabValue], ...]:
    """The rows that all the words name, whole names and aliases first; a fluid's name is one of its rows' words.

    Words are matched whole, else by their beginnings, else, from three letters on, anywhere; case, charges and dashes do
    not matter.
    """
    wanted = _words(words)
    if not wanted:
        return ()
    rows = [(group, value, _words_of(group, value)) for group in table.groups for value in group.values]
    for matches in (str.__eq__, str.startswith, _holds):
        found = [
            (group, value)
            for group, value, known in rows
            if all(any(matches(word, part) for word in known) for part in wanted)
        ]
        if found:
            return tuple(sorted(found, key=lambda row: not _is_called(row[1], wanted)))
    return ()


_FILE = "labs.toml"
_GRAMS = {"g": 0, "mg": -3, "µg": -6, "ng": -9, "pg": -12}
_MOLES = {"mol": 0, "mmol": -3, "µmol": -6, "nmol": -9, "pmol": -12}
_LITRES = {"L": 0, "dL": -1, "mL": -3}
_LONG_ENOUGH = 3
_WORD = re.compile(r"[^\W_]+")


def _faults(table: LabTable) -> Iterator[Fault]:
    names: set[str] = set()
    for group in table.groups:
        for value in group.values:
            if value.name in names:
                yield Fault(_FILE, 1, f"{value.name} is there twice.", "Give each row its own name.")
            names.add(value.name)
            if not value.ranges or any(not _is_range(each) for each in value.ranges):
                yield Fault(_FILE, 1, f"{value.name} has no range.", "Give it a low, a high, or both.")
            try:
                si_factor(value)
            except ValueError as error:
                yield Fault(_FILE, 1, f"{value.name} {error}.", "Mend its si.")


def _is_range(each: Range) -> bool:
    if each.low is None or each.high is None:
        return each.low is not None or each.high is not None
    return each.low < each.high


def _converted(number: Decimal | None, factor: Fraction, digits: int) -> Decimal | None:
    if number is None:
        return None
    exact = Fraction(number) * factor
    # More digits than any value has, so that only the last step rounds.
    value = Decimal(exact.numerator) / Decimal(exact.denominator)
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _scaled(unit: str, scales: dict[str, int]) -> tuple[int, str]:
    """The power of ten of what a unit counts, and what it is counted in."""
    counted, _, counted_in = unit.partition("/")
    if counted not in scales:
        raise ValueError(f"has a unit that is not understood: {unit}")
    return scales[counted], counted_in


def _volume(counted_in: str) -> tuple[int, str]:
    return (_LITRES[counted_in], "L") if counted_in in _LITRES else (0, counted_in)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _words_of(group: LabGroup, value: LabValue) -> set[str]:
    return set(_words(" ".join((group.id, group.name, value.name, *value.aliases))))


def _holds(word: str, part: str) -> bool:
    return len(part) >= _LONG_ENOUGH and part in word


def _is_called(value: LabValue, wanted: list[str]) -> bool:
    return any(_words(name) == wanted for name in (value.name, *value.aliases))
