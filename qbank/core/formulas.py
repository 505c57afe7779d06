"""Formulas for a last look, in groups."""

from typing import Any

import msgspec

from qbank.errors import Fault, InputInvalid


class Formula(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    formula: str


class FormulaGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    formulas: tuple[Formula, ...]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    groups: tuple[FormulaGroup, ...]


def parse_formulas(data: dict[str, Any], file: str = "formulas") -> tuple[FormulaGroup, ...]:
    """The groups that a file's tables define. Raises InputInvalid for tables of another shape."""
    try:
        return msgspec.convert(data, _File).groups
    except msgspec.ValidationError as error:
        fault = Fault(file, 1, f"{error}.", "Compare it with the file that comes with qbank.")
        raise InputInvalid([fault]) from error
