"""MedMCQA (Pal et al. 2022): options `opa` to `opd`, and the key in `cop`.

`cop` counts from 1 in the authors' files and from 0 in the copies that Hugging Face serves. A wrong key
teaches a wrong fact, so where the file does not show which it is, it is refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qbank.exchange.mcq_draft import Draft, NotText, as_text
from qbank.exchange.mcq_rows import FaultLog, Record


def read_medmcqa(shape: str, records: Sequence[Record], faults: FaultLog) -> Iterator[Draft]:
    """A draft for each record; `shape` may end in the number that `cop` counts from."""
    lowered = [
        Record(record.line, {key.casefold(): value for key, value in record.values.items()})
        for record in records
    ]
    base = int(shape[-1]) if shape[-1].isdigit() else _base(lowered, faults)
    for record in lowered:
        try:
            draft = _draft(record, base, faults)
        except NotText:
            faults.add(
                record.line, "This is not a MedMCQA question.", "Write each field as text or a number."
            )
            continue
        if draft:
            yield draft


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
    return Draft(record.line, stem, options, key, name, explanation, areas=areas, lenient=True)


def _key(values: Mapping[str, Any], base: int) -> str:
    cop = as_text(values.get("cop")).lower()
    if cop in _OPTIONS:
        return cop
    place = "01234".find(cop) - base if len(cop) == 1 else -1
    return "abcd"[place] if 0 <= place < 4 else ""


def _base(records: Sequence[Record], faults: FaultLog) -> int:
    """What `cop` counts from: by its extremes, else by what the explanations say."""
    keys = {str(record.values.get("cop")) for record in records}
    if ("0" in keys) != ("4" in keys):
        return 0 if "0" in keys else 1
    if not keys & {"0", "1", "2", "3", "4"}:
        return 0
    votes = [sum(_agrees(record.values, base) for record in records) for base in (0, 1)]
    if {"0", "4"} <= keys or max(votes) <= 2 * min(votes):
        mend = "Say so: add --format medmcqa-from-0 or --format medmcqa-from-1."
        faults.add(1, "The file does not tell whether its keys (cop) count from 0 or from 1.", mend)
        faults.raise_any()
    return int(votes[1] > votes[0])


def _agrees(values: Mapping[str, Any], base: int) -> bool:
    """Whether an explanation names the option that `cop`, counted from `base`, points to, and no other."""
    explanation = values.get("exp")
    if not isinstance(explanation, str) or str(values.get("cop")) not in ("1", "2", "3"):
        return False
    label = _key(values, base)
    said = re.match(r"\W*ans(?:wer)?\W*(?:is\W*)?([a-d])\b", explanation, re.IGNORECASE)
    if said:
        return said[1].lower() == label
    texts = {key: str(values.get(name) or "").casefold() for key, name in _OPTIONS.items()}
    return [key for key, text in texts.items() if len(text) > 3 and text in explanation.casefold()] == [label]
