"""Multiple-choice questions from other programs' CSV and JSON files.

Four shapes are read: a table with headings (CSV, JSON or one JSON object a line), MedQA, MedMCQA and MMLU.
Nothing is guessed about a key: where a file can be understood in two ways it is refused with the way to say
which is meant.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from qbank.core.question import Objective, Question
from qbank.errors import UsageError
from qbank.exchange.foreign import FORMATS, MAPPED, PastReview, Read, Skipped, format_of, left_out, module_of
from qbank.exchange.mcq_build import Builder
from qbank.exchange.mcq_fields import ROLES
from qbank.exchange.mcq_rows import FaultLog, Record, read_records
from qbank.exchange.mcq_shapes import SHAPES, detect, drafts

Known = Mapping[str, Mapping[str, str]]


class Reading(NamedTuple):
    """What a file brings: `notes` are sentences on what was noticed on the way, `skipped` what cannot be asked here.

    `hints` are the words of the file that may name areas, by question id: categories and tags. `pictures` are the files
    that texts show as `![alt](path)`, by that path; those that the file does not hold are not among them. `reviews` are
    the learner's own in another program, by question id, oldest first.
    """

    objectives: list[Objective]
    questions: list[Question]
    notes: list[str]
    skipped: Sequence[Skipped] = ()
    hints: Mapping[str, Sequence[str]] = {}
    pictures: Mapping[str, bytes] = {}
    reviews: Mapping[str, Sequence[PastReview]] = {}


def read_mcq(
    name: str,
    content: bytes,
    *,
    bank: str,
    columns: Mapping[str, str] | None = None,
    system: str = "",
    shape: str | None = None,
    known: Known | None = None,
    recall: bool = False,
) -> Reading:
    """The objectives and questions of a file, and what was noticed on the way.

    `columns` maps a field (`stem`, `answer`, `a`, `explanation`, ...) to the file's own heading for it.
    `system` is the area of every question that names none. `shape` is one of SHAPES, or None to tell by the
    content. `known` gives the exam's areas, {dimension: {area id: area name}} with the dimensions system,
    section, discipline and task; without it areas are taken as they are written. With `recall` cards without options
    are read too, as prompts whose back the learner compares.

    Raises InputInvalid with every fault of the file, UsageError for a field, shape or system that does not
    exist.
    """
    columns, known = dict(columns or {}), known or {}
    _check_arguments(columns, system, shape, known)
    faults = FaultLog(name)
    foreign = shape if shape in FORMATS else None if shape else format_of(name, content)
    if foreign in MAPPED:
        found = module_of(foreign).read(content, faults, columns, recall=recall)
        return _built(foreign, found, Builder(bank, system, known, faults))
    if recall:
        raise UsageError("Only cards of Anki can be read as recall prompts. Leave --recall out.")
    if foreign is not None and (shape or not columns):
        found = module_of(foreign).read(content, faults)
        return _built(foreign, found, Builder(bank, system, known, faults))
    records = _renamed(read_records(content, columns, shape, faults), columns, faults)
    faults.raise_any()
    shape = shape or detect(records)
    builder = Builder(bank, system, known, faults)
    for draft in drafts(shape, records, faults):
        builder.add(draft)
    if not records:
        faults.add(1, "The file holds no question.", "Choose the file that the questions are in.")
    faults.raise_any()
    return Reading(builder.objectives, builder.questions, builder.notes(shape), hints=builder.hints)


def _built(name: str, found: Read, builder: Builder) -> Reading:
    faults = builder.faults
    faults.raise_any()
    skipped = list(found.skipped)
    for draft in found.drafts:
        builder.add(draft)
        # The file is another program's: one question that cannot be asked is no reason to refuse the rest.
        skipped += [Skipped(fault.line, _as_reason(fault.message)) for fault in faults.items]
        faults.items.clear()
    if not builder.questions:
        message = "The file holds no question with one best answer."
        faults.add(1, " ".join([message, *left_out(skipped)]), "Choose another file.")
    faults.raise_any()
    notes = [*builder.notes(name), *left_out(skipped)]
    kept = {question.id for question in builder.questions}
    reviews = {question: given for question, given in found.reviews.items() if question in kept}
    return Reading(
        builder.objectives, builder.questions, notes, skipped, builder.hints, found.pictures, reviews
    )


def _as_reason(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")


def _check_arguments(columns: Mapping[str, str], system: str, shape: str | None, known: Known) -> None:
    if shape is not None and shape not in (*SHAPES, *FORMATS):
        raise UsageError(f"There is no shape {shape!r}. Use one of: {', '.join((*SHAPES, *FORMATS))}.")
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
