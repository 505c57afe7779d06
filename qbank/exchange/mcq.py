"""Multiple-choice questions from other programs' tables and JSON files, and through `foreign` from their own formats.

A table with headings (CSV, TSV, XLSX), JSON in any of its usual shapes, and those of MedQA, MedMCQA and MMLU are read.
Nothing is guessed about a key: where a file can be understood in two ways it is refused with the way to say
which is meant.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple, NoReturn, TypedDict, Unpack

from qbank.core.question import Objective, Question
from qbank.errors import Fault, InputInvalid, NothingAskable, UsageError
from qbank.exchange.foreign import (
    FORMATS,
    MAPPED,
    PastReview,
    Read,
    Skipped,
    format_of,
    left_out,
    module_of,
    place_of,
)
from qbank.exchange.mcq_build import Builder
from qbank.exchange.mcq_draft import Draft
from qbank.exchange.mcq_fields import ROLES, role
from qbank.exchange.mcq_records import read_records
from qbank.exchange.mcq_rows import FAULT_LIMIT, ROW_LIMIT, FaultLog, Record, Records
from qbank.exchange.mcq_shapes import SHAPES, detect, drafts, is_published
from qbank.exchange.pictures import Beside, Gallery
from qbank.exchange.qti_package import is_zip

Known = Mapping[str, Mapping[str, str]]


class Reading(NamedTuple):
    """What a file brings: `notes` are sentences on what was noticed on the way, `skipped` what cannot be asked here.

    `hints` are the words of the file that may name areas, by question id: categories and tags. `pictures` are the files
    that texts show as `![alt](path)`, by that path, which is the one they are to be kept under; a path that is not among
    them leads to nothing here. `reviews` are the learner's own in another program, by question id, oldest first. `done` is
    the share of the file that has been read, 0-1, as far as it can be told.
    """

    objectives: list[Objective]
    questions: list[Question]
    notes: list[str]
    skipped: Sequence[Skipped] = ()
    hints: Mapping[str, Sequence[str]] = {}
    pictures: Mapping[str, bytes] = {}
    reviews: Mapping[str, Sequence[PastReview]] = {}
    done: float = 1.0


class How(TypedDict, total=False):
    """How a file is to be read.

    `columns` maps a field (`stem`, `answer`, `a`, `explanation`, ...) to the file's own heading for it.
    `system` is the area of every question that names none. `shape` is one of SHAPES, or None to tell by the
    content. `known` gives the exam's areas, {dimension: {area id: area name}} with the dimensions system,
    section, discipline and task; without it areas are taken as they are written. `encoding` is that of a text that is not
    UTF-8, `sheet` the name of a workbook's sheet, of which the first with questions is read else. `prefix` goes before the
    file's ids. `beside` gives the pictures that lie beside the file. With `recall` cards
    without options are read too, as prompts whose back the learner compares.
    """

    columns: Mapping[str, str]
    system: str
    shape: str | None
    known: Known
    encoding: str
    sheet: str
    prefix: str
    beside: Beside | None
    recall: bool


def read_mcq(name: str, content: bytes, *, bank: str, **how: Unpack[How]) -> Reading:
    """The objectives and questions of a file, and what was noticed on the way.

    Of a table that its author can mend every fault is raised; of what a program wrote, a faulty question is left out and
    counted. Raises InputInvalid with every fault of the file, UsageError for a field, shape, encoding or system that does
    not exist.
    """
    (whole,) = readings(name, content, bank=bank, **how)
    return whole


def readings(
    name: str, content: bytes, *, bank: str, at_a_time: int | None = None, **how: Unpack[How]
) -> Iterator[Reading]:
    """The same in parts of `at_a_time` questions; the last has the notes, the pictures and the reviews.

    InputInvalid is raised at the end, so nothing of it may be kept before.
    """
    columns, known = how.get("columns", {}), how.get("known", {})
    system, shape, beside = how.get("system", ""), how.get("shape"), how.get("beside")
    check_arguments(columns, system, shape, known)
    faults = FaultLog(name)
    foreign = shape if shape in FORMATS else None if shape else format_of(name, content)
    builder = Builder(bank, system, known, faults, how.get("prefix", ""))
    recall = how.get("recall", False)
    if foreign in MAPPED:
        found = module_of(foreign).read(content, faults, columns, recall=recall)
        yield from _built(foreign, found, _gallery(found, content, beside), builder, at_a_time)
        return
    if recall:
        raise UsageError("Only cards of Anki can be read as recall prompts. Leave --recall out.")
    if foreign is not None and (shape or not columns):
        found = module_of(foreign).read(content, faults)
        yield from _built(foreign, found, _gallery(found, content, beside), builder, at_a_time)
        return
    encoding, sheet = how.get("encoding", ""), how.get("sheet", "")
    records = read_records(content, columns, shape, faults, encoding=encoding, sheet=sheet)
    faults.raise_any()
    if content.count(b"\n") > ROW_LIMIT:
        # Too many rows are refused here rather than after most of them were looked at.
        deque(records.each(FaultLog(name)), maxlen=0)
    records = _renamed(records, columns, faults)
    faults.raise_any()
    shape = shape or detect(records, name)
    builder = builder_for(shape, records, builder)
    lines = 0 if is_zip(content) else content.count(b"\n") + 1
    yield from in_parts(shape, records, builder, Gallery({}, beside), faults, at_a_time, lines)


def builder_for(shape: str, records: Records, builder: Builder) -> Builder:
    """The builder with a log of its own where faulty questions are to be left out.

    A table's author can mend it; a faulty question of what a program wrote is no reason to refuse the rest.
    """
    return replace(builder, faults=FaultLog(builder.faults.name)) if is_published(shape, records) else builder


def in_parts(
    shape: str,
    records: Records,
    builder: Builder,
    gallery: Gallery,
    faults: FaultLog,
    at_a_time: int | None = None,
    lines: int = 0,
) -> Iterator[Reading]:
    """What records bring, `at_a_time` in a part or all at once; `lines` are those of the file, if it has more than a few.

    What was noticed and left out comes with the last part, and so do the pictures.

    Raises InputInvalid with the `faults` of the file, or with those of its questions if none is sound, at the end.
    """
    skipped: list[Skipped] = []
    left: list[Fault] = []
    read = 0
    for number, draft in enumerate(drafts(shape, records, builder.faults, faults), 1):
        if isinstance(draft, Draft):
            gallery.settle(draft)
            builder.add(draft)
        elif draft is not None:
            skipped.append(draft)
        if builder.faults is not faults and builder.faults.items:
            found = builder.faults.items
            skipped.append(Skipped(found[0].line, _as_reason(_QUOTED.sub("", found[0].message))))
            left += found[: FAULT_LIMIT - len(left)]
            found.clear()
        if at_a_time and number % at_a_time == 0 and builder.questions:
            read += len(builder.questions)
            objectives, questions, hints = builder.take()
            done = draft.line / lines if draft is not None and draft.line < lines else 0.0
            yield Reading(objectives, questions, [], hints=hints, done=done)
    faults.raise_any()
    if not read and not builder.questions:
        _refuse_empty(skipped, left, faults)
    notes = [*builder.notes(shape), *left_out(skipped), *gallery.notes()]
    yield Reading(builder.objectives, builder.questions, notes, skipped, builder.hints, gallery.kept)


def _refuse_empty(skipped: Sequence[Skipped], left: Sequence[Fault], faults: FaultLog) -> NoReturn:
    if left:
        raise InputInvalid(left)
    message = "The file holds no question with one best answer." if skipped else "The file holds no question."
    faults.add(1, " ".join([message, *left_out(skipped)]), "Choose the file that the questions are in.")
    raise InputInvalid(faults.items)


def _gallery(found: Read, content: bytes, beside: Beside | None) -> Gallery:
    """The pictures of a file; a package has all that it shows within itself."""
    return Gallery(found.pictures, None if is_zip(content) else beside)


def _built(
    name: str, found: Read, gallery: Gallery, builder: Builder, at_a_time: int | None
) -> Iterator[Reading]:
    faults = builder.faults
    faults.raise_any()
    skipped = list(found.skipped)
    kept: set[str] = set()
    for number, draft in enumerate(found.drafts, 1):
        gallery.settle(draft)
        builder.add(draft)
        # The file is another program's: one question that cannot be asked is no reason to refuse the rest.
        skipped += [Skipped(fault.line, _as_reason(fault.message)) for fault in faults.items]
        faults.items.clear()
        if at_a_time and number % at_a_time == 0 and builder.questions:
            objectives, questions, hints = builder.take()
            kept.update(question.id for question in questions)
            yield Reading(objectives, questions, [], hints=hints, done=number / len(found.drafts))
    if not kept and not builder.questions:
        message = "The file holds no question with one best answer."
        faults.add(1, " ".join([message, *left_out(skipped)]), "Choose another file.")
        raise NothingAskable(faults.items, [(one.reason, place_of(one)) for one in skipped])
    notes = [*builder.notes(name), *left_out(skipped), *gallery.notes()]
    kept.update(question.id for question in builder.questions)
    reviews = {question: given for question, given in found.reviews.items() if question in kept}
    yield Reading(builder.objectives, builder.questions, notes, skipped, builder.hints, gallery.kept, reviews)


def _as_reason(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")


_QUOTED = re.compile(r' "[^"]*"')  # what is a single question's alone, for reasons to be counted
_OPTION_FIELD = re.compile(r"(explanation_)?[a-z]")


def check_arguments(columns: Mapping[str, str], system: str, shape: str | None, known: Known) -> None:
    """Raise UsageError for a format, field or system that there is not."""
    if shape is not None and shape not in (*SHAPES, *FORMATS):
        raise UsageError(f"There is no format {shape!r}. Use one of: {', '.join((*SHAPES, *FORMATS))}.")
    for field in columns:
        if field not in ROLES and not _OPTION_FIELD.fullmatch(field):
            fields = ", ".join(ROLES)
            raise UsageError(
                f"There is no field {field!r}. Use one of: {fields}, a to z for the options, or explanation_a to _z."
            )
    if system and "system" in known and system not in known["system"]:
        raise UsageError(f"The exam has no system {system!r}. Use one of: {', '.join(known['system'])}.")


def _renamed(records: Records, columns: Mapping[str, str], faults: FaultLog) -> Records:
    """The records with the file's own headings replaced by the fields they were said to mean."""
    if not columns:
        return records
    headings = {heading: field for field, heading in columns.items()}
    present: set[str] = set()
    for record in islice(records.each(FaultLog(faults.name)), 1 if records.headed else None):
        present |= record.values.keys()
    for heading in headings.keys() - present if present else ():
        faults.add_unknown(1, f'The file has no column "{heading}".', heading, present)
    return records._replace(
        each=lambda log: (
            Record(record.line, _rename(record.values, headings)) for record in records.each(log)
        )
    )


def _rename(values: Mapping[str, Any], headings: Mapping[str, str]) -> dict[str, Any]:
    """What was said of a field holds alone: another heading that means the same is left out."""
    named = {field: values[heading] for heading, field in headings.items() if heading in values}
    rest = {key: value for key, value in values.items() if key not in headings and role(key) not in named}
    return named | rest
