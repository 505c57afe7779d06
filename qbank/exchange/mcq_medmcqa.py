"""MedMCQA (Pal et al. 2022): options `opa` to `opd`, and the key in `cop`.

`cop` counts from 1 in the authors' files and from 0 in the copies that Hugging Face serves. A wrong key
teaches a wrong fact, so where the file does not show which it is, it is refused.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from qbank.exchange.markup import plain_where_marked
from qbank.exchange.mcq_draft import Draft, NotText, as_text
from qbank.exchange.mcq_rows import FaultLog, Record, Records
from qbank.exchange.mcq_table import hints


def read_medmcqa(shape: str, records: Records, faults: FaultLog, form: FaultLog) -> Iterator[Draft | None]:
    """A draft for each record, None where there is a fault; `shape` may end in the number that `cop` counts from."""
    base = int(shape[-1]) if shape[-1].isdigit() else _base(_lowered(records, FaultLog(form.name)), form)
    for record in _lowered(records, form):
        try:
            yield _draft(record, base, faults)
        except NotText:
            mend = "Write each field as text or a number."
            faults.add(record.line, "This is not a MedMCQA question.", mend)
            yield None


def _lowered(records: Records, faults: FaultLog) -> Iterator[Record]:
    for record in records.each(faults):
        yield Record(record.line, {key.casefold(): value for key, value in record.values.items()})


_OPTIONS = {"a": "opa", "b": "opb", "c": "opc", "d": "opd"}


def _draft(record: Record, base: int, faults: FaultLog) -> Draft | None:
    values = record.values
    options = {label: as_text(values.get(name)) for label, name in _OPTIONS.items()}
    key = _key(values, base)
    if not key:
        mend = "Import a part that holds answers (the test part has none), or mend the line."
        faults.add(
            record.line, f'The key "{as_text(values.get("cop"))[:20]}" is none of the four options.', mend
        )
        return None
    stem, explanation, name, subject = (
        as_text(values.get(key)) for key in ("question", "exp", "id", "subject_name")
    )
    areas = {"discipline": subject} if subject else {}
    words = tuple(hints(values))
    stem, explanation = plain_where_marked(stem), plain_where_marked(explanation)
    options = {label: plain_where_marked(text) for label, text in options.items()}
    return Draft(record.line, stem, options, key, name, explanation, areas=areas, lenient=True, hints=words)


def _key(values: Mapping[str, Any], base: int) -> str:
    cop = _cop(values)
    if cop in _OPTIONS:
        return cop
    place = "01234".find(cop) - base if len(cop) == 1 else -1
    return "abcd"[place] if 0 <= place < 4 else ""


def _base(records: Iterable[Record], faults: FaultLog) -> int:
    """What `cop` counts from: by its extremes, else by what the explanations say."""
    keys: set[str] = set()
    votes = [0, 0]
    for record in records:
        keys.add(_cop(record.values)[:1])
        for base in (0, 1):
            votes[base] += _agrees(record.values, base)
    if ("0" in keys) != ("4" in keys):
        return 0 if "0" in keys else 1
    if not keys & {"0", "1", "2", "3", "4"}:
        return 0
    if {"0", "4"} <= keys or max(votes) <= 2 * min(votes):
        mend = "Say so: add --format medmcqa-from-0 or --format medmcqa-from-1."
        faults.add(1, "The file does not tell whether its keys (cop) count from 0 or from 1.", mend)
        faults.raise_any()
    return int(votes[1] > votes[0])


def _cop(values: Mapping[str, Any]) -> str:
    """The key as the file has it, as text; spreadsheets write 2.0 for 2."""
    return str(values.get("cop")).lower().removesuffix(".0")


def _agrees(values: Mapping[str, Any], base: int) -> bool:
    """Whether an explanation names the option that `cop`, counted from `base`, points to, and no other."""
    explanation = values.get("exp")
    if not isinstance(explanation, str) or _cop(values) not in ("1", "2", "3"):
        return False
    label = _key(values, base)
    said = re.match(r"\W*ans(?:wer)?\W*(?:is\W*)?([a-d])\b", explanation, re.IGNORECASE)
    if said:
        return said[1].lower() == label
    texts = {key: str(values.get(name) or "").casefold() for key, name in _OPTIONS.items()}
    return [key for key, text in texts.items() if len(text) > 3 and text in explanation.casefold()] == [label]
