"""Multiple-choice questions from other programs' CSV and JSON files.

Four shapes are read: a table with headings (CSV, JSON or one JSON object a line), MedQA, MedMCQA and MMLU.
Nothing is guessed about a key: where a file can be understood in two ways it is refused with the way to say
which is meant.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from qbank.core.question import Objective, Question
from qbank.errors import NothingAskable, UsageError
from qbank.exchange.foreign import FORMATS, Read, Skipped, format_of, left_out, module_of
from qbank.exchange.mcq_build import Builder
from qbank.exchange.mcq_fields import ROLES
from qbank.exchange.mcq_rows import FaultLog, Record, read_records
from qbank.exchange.mcq_shapes import SHAPES, detect, drafts
from qbank.exchange.pictures import Beside, Gallery
from qbank.exchange.qti_package import is_zip

Known = Mapping[str, Mapping[str, str]]


class Reading(NamedTuple):
    """What a file brings: `notes` are sentences on what was noticed on the way, `skipped` what cannot be asked here.

    `hints` are the words of the file that may name areas, by question id: categories and tags. `pictures` are the files
    that texts show as `![alt](path)`, by that path, which is the one they are to be kept under; a path that is not among
    them leads to nothing here.
    """

    objectives: list[Objective]
    questions: list[Question]
    notes: list[str]
    skipped: Sequence[Skipped] = ()
    hints: Mapping[str, Sequence[str]] = {}
    pictures: Mapping[str, bytes] = {}


def read_mcq(
    name: str,
    content: bytes,
    *,
    bank: str,
    columns: Mapping[str, str] | None = None,
    system: str = "",
    shape: str | None = None,
    known: Known | None = None,
    prefix: str = "",
    beside: Beside | None = None,
) -> Reading:
    """The objectives and questions of a file, and what was noticed on the way.

    `columns` maps a field (`stem`, `answer`, `a`, `explanation`, ...) to the file's own heading for it.
    `system` is the area of every question that names none. `shape` is one of SHAPES, or None to tell by the
    content. `known` gives the exam's areas, {dimension: {area id: area name}} with the dimensions system,
    section, discipline and task; without it areas are taken as they are written. `prefix` goes before ids of the file.
    `beside` gives the pictures that lie beside the file.

    Raises InputInvalid with every fault of the file, UsageError for a field, shape or system that does not
    exist.
    """
    columns, known = dict(columns or {}), known or {}
    check_arguments(columns, system, shape, known)
    faults = FaultLog(name)
    foreign = shape if shape in FORMATS else None if shape or columns else format_of(name, content)
    if foreign is not None:
        return _read_foreign(foreign, content, Builder(bank, system, known, faults, prefix), beside)
    records = _renamed(read_records(content, columns, shape, faults), columns, faults)
    faults.raise_any()
    shape = shape or detect(records)
    builder = Builder(bank, system, known, faults, prefix)
    gallery = Gallery({}, beside)
    for draft in drafts(shape, records, faults):
        gallery.settle(draft)
        builder.add(draft)
    if not records:
        faults.add(1, "The file holds no question.", "Choose the file that the questions are in.")
    faults.raise_any()
    notes = [*builder.notes(shape), *gallery.notes()]
    return Reading(builder.objectives, builder.questions, notes, (), builder.hints, gallery.kept)


def _read_foreign(name: str, content: bytes, builder: Builder, beside: Beside | None) -> Reading:
    faults = builder.faults
    found: Read = module_of(name).read(content, faults)
    faults.raise_any()
    skipped = list(found.skipped)
    # A package has all that it shows within itself.
    gallery = Gallery(found.pictures, None if is_zip(content) else beside)
    for draft in found.drafts:
        gallery.settle(draft)
        builder.add(draft)
        # The file is another program's: one question that cannot be asked is no reason to refuse the rest.
        skipped += [Skipped(fault.line, _as_reason(fault.message)) for fault in faults.items]
        faults.items.clear()
    if not builder.questions:
        message = "The file holds no question with one best answer."
        faults.add(1, " ".join([message, *left_out(skipped)]), "Choose another file.")
        raise NothingAskable(faults.items)
    notes = [*builder.notes(name), *left_out(skipped), *gallery.notes()]
    return Reading(builder.objectives, builder.questions, notes, skipped, builder.hints, gallery.kept)


def _as_reason(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")


def check_arguments(columns: Mapping[str, str], system: str, shape: str | None, known: Known) -> None:
    """Raise UsageError for a format, field or system that there is not."""
    if shape is not None and shape not in (*SHAPES, *FORMATS):
        raise UsageError(f"There is no format {shape!r}. Use one of: {', '.join((*SHAPES, *FORMATS))}.")
    for field in columns:
        if field not in ROLES and not (len(field) == 1 and "a" <= field <= "z"):
            fields = ", ".join(ROLES)
            raise UsageError(f"There is no field {field!r}. Use one of: {fields}, or a to z for the options.")
    if system and "system" in known and system not in known["system"]:
        raise UsageError(f"The exam has no system {system!r}. Use one of: {', '.join(known['system'])}.")


def _renamed(records: list[Record], columns: Mapping[str, str], faults: FaultLog) -> list[Record]:
    """The records with the file's own headings replaced by the fields they were said to mean."""
    if not columns or not records:
        return records
    headings = {heading: field for field, heading in columns.items()}
    present = set[str]().union(*(record.values for record in records))
    for heading in headings.keys() - present:
        faults.add_unknown(1, f'The file has no column "{heading}".', heading, present)
    return [Record(record.line, _rename(record.values, headings)) for record in records]


def _rename(values: Mapping[str, Any], headings: Mapping[str, str]) -> dict[str, Any]:
    named = {field: values[heading] for heading, field in headings.items() if heading in values}
    return named | {key: value for key, value in values.items() if key not in headings and key not in named}
