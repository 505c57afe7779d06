"""From the records of each known shape to drafts of questions that all look alike.

MedQA (Jin et al. 2021) has options by letter or as a list of key and value, the key's letter in `answer_idx` and its text
in `answer`. MMLU (Hendrycks et al. 2021) has question, options and the key's letter, or `choices` and an `answer` from 0.
MedMCQA has a module of its own, for what its keys ask.
"""

from collections.abc import Iterator, Mapping

from qbank.exchange.foreign import Skipped
from qbank.exchange.mcq_build import OPTION_LIMITS
from qbank.exchange.mcq_draft import Draft
from qbank.exchange.mcq_fields import by_role, mended
from qbank.exchange.mcq_keys import Numbering
from qbank.exchange.mcq_medmcqa import read_medmcqa
from qbank.exchange.mcq_own import read_own
from qbank.exchange.mcq_rows import FaultLog, Record, Records
from qbank.exchange.mcq_table import answers_of, read_row

SHAPES = (
    "table",
    "table-from-0",
    "table-from-1",
    "medqa",
    "medmcqa",
    "medmcqa-from-0",
    "medmcqa-from-1",
    "mmlu",
    "qbank",
)


def detect(records: Records, name: str) -> str:
    """The shape of a file, by the keys of its first record; "table" unless it is one of the others."""
    if records.shape:
        return records.shape
    record = next(records.each(FaultLog(name)), None)
    first = record.values if record else {}
    keys = {key.casefold() for key in first}
    if "qbank" in keys:
        return "qbank"
    if {"opa", "opb", "cop"} <= keys:
        return "medmcqa"
    if isinstance(first.get("options"), dict | list) and keys & {"answer_idx", "meta_info"}:
        return "medqa"
    if isinstance(first.get("choices"), list) and type(first.get("answer")) is int:
        return "mmlu"
    if {"input", "target", "a", "b"} <= keys:
        return "mmlu"
    return "table"


def is_published(shape: str, records: Records) -> bool:
    """Whether a program wrote the file, so that a faulty question is left out and counted; else its author can mend it."""
    return not records.headed or not shape.startswith("table")


def drafts(
    shape: str, records: Records, faults: FaultLog, form: FaultLog
) -> Iterator[Draft | Skipped | None]:
    """A draft for each record, or why it is left out; None where there are faults instead.

    The faults of single records go to `faults`, those of the file's form to `form`.
    """
    if shape.startswith("medmcqa"):
        yield from read_medmcqa(shape, records, faults, form)
        return
    told = int(shape[-1]) if shape[-1].isdigit() else None
    default = 0 if shape == "mmlu" else None
    numbering = Numbering(
        lambda: answers_of(records.each(FaultLog(form.name)), OPTION_LIMITS[1]), told, default
    )
    for record in records.each(form):
        draft = None if _too_many(record, faults) else _draft(shape, record, numbering, faults)
        if isinstance(draft, Draft):
            draft.lenient = not records.headed
        yield draft


def _draft(shape: str, record: Record, numbering: Numbering, faults: FaultLog) -> Draft | Skipped | None:
    if shape == "qbank":
        return read_own(record, faults)
    draft = read_row(record, numbering, faults)
    if shape == "medqa" and isinstance(draft, Draft):
        draft.tag = _tag(record.values)
    return draft


def _tag(values: Mapping[str, object]) -> str:
    given = values.get("meta_info")
    return mended(given) if isinstance(given, str) else ""


def _too_many(record: Record, faults: FaultLog) -> bool:
    """Whether a question has more options than any has letters; a million of them would take seconds to make ready."""
    high = OPTION_LIMITS[1]
    for heading in by_role(record.values).get("options", ()):
        given = record.values[heading]
        if isinstance(given, list | dict) and len(given) > high:
            faults.add(record.line, f"The question has {len(given):,} options.", f"Give it {high} at most.")
            return True
    return False
