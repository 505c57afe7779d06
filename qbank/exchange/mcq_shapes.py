"""From the records of each known shape to drafts of questions that all look alike.

MedQA (Jin et al. 2021) has options by letter, the key's letter in `answer_idx` and its text in `answer`. MMLU
(Hendrycks et al. 2021) has question, options and the key's letter, or `choices` and an `answer` from 0.
MedMCQA has a module of its own, for what its keys ask.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qbank.exchange.mcq_build import OPTION_LIMITS
from qbank.exchange.mcq_draft import Draft, NotText, as_text, label_of
from qbank.exchange.mcq_fields import role
from qbank.exchange.mcq_medmcqa import read_medmcqa
from qbank.exchange.mcq_rows import FaultLog, Record

SHAPES = ("table", "medqa", "medmcqa", "medmcqa-from-0", "medmcqa-from-1", "mmlu")


def detect(records: Sequence[Record]) -> str:
    """The shape of a file, by the keys of its first record; "table" unless it is one of the others."""
    first = records[0].values if records else {}
    keys = {key.casefold() for key in first}
    if {"opa", "opb", "cop"} <= keys:
        return "medmcqa"
    if isinstance(first.get("options"), dict) and keys & {"answer_idx", "meta_info"}:
        return "medqa"
    if isinstance(first.get("choices"), list) and isinstance(first.get("answer"), int):
        return "mmlu"
    return "table"


def drafts(shape: str, records: Sequence[Record], faults: FaultLog) -> Iterator[Draft]:
    """A draft for each record that can be read; the others become faults."""
    if shape.startswith("medmcqa"):
        yield from read_medmcqa(shape, records, faults)
        return
    read = {"medqa": _medqa, "mmlu": _mmlu, "table": _table}[shape]
    for record in records:
        draft = None if _too_many(record, faults) else read(record, faults)
        if draft:
            yield draft


def _too_many(record: Record, faults: FaultLog) -> bool:
    """Whether a question has more options than any has letters; a million of them would take seconds to make ready."""
    high = OPTION_LIMITS[1]
    for heading, given in record.values.items():
        if isinstance(given, list | dict) and len(given) > high and role(heading) == "options":
            faults.add(record.line, f"The question has {len(given):,} options.", f"Give it {high} at most.")
            return True
    return False


def _table(record: Record, faults: FaultLog) -> Draft | None:
    values: dict[str, Any] = {}
    for heading, value in record.values.items():
        meaning = role(heading)
        if meaning and (meaning not in values or heading.strip().casefold() == meaning):
            values[meaning] = value
    try:
        options, explanations, marked = _options(values)
        texts = {name: as_text(value) for name, value in values.items() if name != "options"}
    except NotText:
        mend = 'Write texts in quotes: {"question": "..."}.'
        faults.add(record.line, "A field that should be text is not.", mend)
        return None
    answer = texts.get("answer", "")
    key = marked if marked and not answer else _key(answer, options, record.line, faults)
    if key is None:
        return None
    explanations |= {name[-1]: text for name, text in texts.items() if name.startswith("explanation_")}
    return Draft(
        record.line,
        texts.get("stem", ""),
        options,
        key,
        id=texts.get("id", ""),
        explanation=texts.get("explanation", ""),
        explanations=explanations,
        remember=texts.get("remember", ""),
        objective=texts.get("objective", ""),
        areas={name: texts[name] for name in ("system", "section", "discipline", "task") if texts.get(name)},
    )


def _options(values: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str], str]:
    """Option texts and explanations by label, and the label marked as correct, if one is."""
    given = values.get("options")
    if not given:
        letters = [label for label in map(label_of, range(26)) if label in values]
        return {label: as_text(values[label]) for label in letters}, {}, ""
    if isinstance(given, dict):
        return {role(label) or label: as_text(text) for label, text in given.items()}, {}, ""
    parts = given.split("\n" if "\n" in given else "|") if isinstance(given, str) else given
    if not isinstance(parts, list):
        raise NotText
    rich = [item if isinstance(item, dict) else {"text": item} for item in parts]
    items = {label_of(at): item for at, item in enumerate(rich)}
    marked = [label for label, item in items.items() if item.get("correct") is True]
    options = {label: as_text(item.get("text")) for label, item in items.items()}
    explanations = {label: as_text(item.get("explanation")) for label, item in items.items()}
    return options, explanations, marked[0] if len(marked) == 1 else ""


def _key(answer: str, options: Mapping[str, str], line: int, faults: FaultLog) -> str | None:
    """The label that an answer means, by letter or by text; None, with a fault, when that is not clear."""
    letter = re.fullmatch(r"\(?([A-Za-z])[.)]?\)?", answer)
    by_letter = letter[1].lower() if letter and letter[1].lower() in options else ""
    words = answer.split()
    meant = {label for label, text in options.items() if words and text.split() == words}
    meant |= {by_letter} - {""}
    if len(meant) == 1:
        return meant.pop()
    if not answer:
        faults.add(line, "The question has no answer.", "Write the letter of its key in the answer column.")
    elif meant:
        message = f'The answer "{answer[:80]}" means more than one option, by its letter or its text.'
        faults.add(line, message, "Write the text of the key in full, and each option once.")
    else:
        message = f'The answer "{answer[:80]}" is none of the options.'
        faults.add(line, message, "Write one letter, such as B.")
    return None


def _medqa(record: Record, faults: FaultLog) -> Draft | None:
    values = record.values
    try:
        stem, answer, letter = (as_text(values.get(key)) for key in ("question", "answer", "answer_idx"))
        given = values.get("options")
        if not isinstance(given, dict):
            raise NotText
        options = {label.strip().lower(): as_text(text) for label, text in given.items()}
        tag = as_text(values.get("meta_info"))
    except NotText:
        faults.add(record.line, "This is not a MedQA question.", 'Options are {"A": "...", "B": "..."}.')
        return None
    key = letter.lower() if letter else _key(answer, options, record.line, faults)
    if key is None:
        return None
    if letter and answer and " ".join(answer.split()) != " ".join(options.get(key, "").split()):
        message = "The answer's letter and its text are different options."
        faults.add(record.line, message, "Mend one of them.")
        return None
    return Draft(record.line, stem, options, key, tag=tag)


def _mmlu(record: Record, faults: FaultLog) -> Draft | None:
    given = record.values.get("choices")
    answer = record.values.get("answer")
    if not isinstance(given, list) or type(answer) is not int:
        return _table(record, faults)
    if not 0 <= answer < len(given):
        faults.add(record.line, f"There is no choice {answer}.", "Choices count from 0.")
        return None
    try:
        options = {label_of(at): as_text(text) for at, text in enumerate(given)}
        return Draft(record.line, as_text(record.values.get("question")), options, label_of(answer))
    except NotText:
        faults.add(record.line, "A choice is not text.", "Write each choice in quotes.")
        return None
