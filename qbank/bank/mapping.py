"""Bank files against the exam's map, which owns an objective's words, cell and likelihood: a file refers to it by id."""

import dataclasses
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from qbank.bank.markdown import BankFile
from qbank.core.objective_map import Mapped
from qbank.core.question import Objective
from qbank.core.text import visible
from qbank.errors import Fault


def with_map(
    files: Iterable[BankFile], found: Mapping[str, Mapped], systems: Mapping[str, str]
) -> tuple[list[BankFile], list[Fault]]:
    """The files with what the map says of their objectives, and a fault for each line that says otherwise.

    `systems` gives the system of each section. What is not in the map stays as it is.
    """
    merged: list[BankFile] = []
    faults: list[Fault] = []
    for bank_file in files:
        mapped = found.get(bank_file.objective.id)
        if mapped is None:
            merged.append(bank_file)
            continue
        said = _said(mapped, systems)
        faults += _otherwise(bank_file, said)
        objective = replace(bank_file.objective, **said)
        merged.append(dataclasses.replace(bank_file, objective=objective))
    return merged, faults


def _said(mapped: Mapped, systems: Mapping[str, str]) -> dict[str, object]:
    return {
        "text": mapped.know,
        "system": systems[mapped.section],
        "section": mapped.section,
        "disciplines": mapped.disciplines,
        "likelihood": mapped.likelihood,
    }


def _otherwise(bank_file: BankFile, said: Mapping[str, object]) -> Iterable[Fault]:
    """What a file leaves out, it takes from the map."""
    unsaid = Objective("", "", "")
    for key, value in said.items():
        own = getattr(bank_file.objective, key)
        if own not in (value, getattr(unsaid, key)):
            name = "objective" if key == "text" else key
            message = visible(f"The map of the exam's objectives has another {name}: {_shown(value)}.")
            yield Fault(bank_file.path, 1, message, f"Leave the line {name} out: the map says it.")


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
