"""The objective at the head of a bank file: TOML between two `+++` lines.

TOML, because YAML 1.1 reads `1:30` as 90 and `no` as false. Every key is judged by itself, so that one run
names every mistake.
"""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from qbank.bank.faults import FaultList, nearest
from qbank.core.question import Objective
from qbank.core.text import hidden_characters

FENCE = "+++"
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
ID_LENGTH = 100
EXCEPT = "except"
EXCEPT_EXAMPLE = 'except = ["rule: reason why it may be broken here"]'


def read_objective(
    lines: Sequence[str], bank: str, faults: FaultList
) -> tuple[Objective, dict[str, str], int]:
    """The objective, the file's exceptions, and the index of the first line after them; mistakes go to `faults`.

    With faults the objective is only a stand-in, so that the questions below it can still be checked.
    """
    nothing = Objective(bank, "", "")
    if not lines or lines[0].rstrip() != FENCE:
        faults.add(
            1, "The file does not begin with +++.", f"Begin with {FENCE}, the keys of the objective, {FENCE}."
        )
        return nothing, {}, 0
    end = next((at for at, line in enumerate(lines) if at and line.rstrip() == FENCE), None)
    if end is None:
        faults.add(1, "The front matter never ends.", f"Put a line {FENCE} after the last key.")
        return nothing, {}, len(lines)
    table = read_toml("\n".join(lines[1:end]), 1, faults)
    if table is None:
        return nothing, {}, end + 1
    exceptions = read_exceptions(table.pop(EXCEPT, []), line_of(EXCEPT, lines[:end]), faults)
    return _objective(table, lines[:end], bank, faults), exceptions, end + 1


def read_exceptions(value: object, line: int, faults: FaultList) -> dict[str, str]:
    """The reason by rule in a list such as ["clang: both are the drug's name"]; mistakes go to `faults`."""
    try:
        texts = msgspec.convert(value, list[str])
    except msgspec.ValidationError:
        faults.add(line, f'The value of "{EXCEPT}" cannot be used.', f"Write it like this: {EXCEPT_EXAMPLE}.")
        return {}
    if any(hidden_characters(text) for text in texts):
        faults.add(line, f'The value of "{EXCEPT}" holds a character that cannot be seen.', "Remove it.")
    pairs = [
        (rule.strip(), " ".join(reason.split())) for rule, _, reason in (t.partition(":") for t in texts)
    ]
    for rule, count in Counter(rule for rule, _ in pairs).items():
        if count > 1:
            faults.add(line, f'The exception "{rule}" is there {count} times.', "Keep one, with one reason.")
    return dict(pairs)


def print_exceptions(exceptions: Mapping[str, str]) -> list[str]:
    """The line that `read_exceptions` reads, [] where there are none."""
    texts = [f"{rule}: {reason}" if reason else rule for rule, reason in exceptions.items()]
    return [f"{EXCEPT} = {json.dumps(texts, ensure_ascii=False)}"] if texts else []


def read_toml(text: str, offset: int, faults: FaultList) -> dict[str, Any] | None:
    """The TOML table in `text`, which begins after `offset` lines; None, with a fault, if it is none."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Plain ValueError too: tomllib lets an integer of more than 4,300 digits through to int().
        place = re.search(r"at line (\d+)", str(error))
        line = offset + int(place[1]) if place else offset + max(1, text.count("\n") + 1)
        reason = re.sub(r" \(at .*\)$", "", str(error))
        faults.add(line, f"This is not TOML: {reason}.", 'Write each line as key = "value".')
        return None


def check_id(text: str, what: str, line: int, faults: FaultList) -> None:
    """Note a fault unless `text` is kebab-case and at most 100 characters long."""
    if ID.fullmatch(text) and len(text) <= ID_LENGTH:
        return
    slug = (
        "-".join(re.findall(r"[a-z0-9]+", text.lower()))[:ID_LENGTH].strip("-") or "aortic-stenosis-syncope"
    )
    message = f'The {what} id "{text[:ID_LENGTH]}" is not kebab-case.'
    faults.add(line, message, f'Use small letters, digits and single hyphens, such as "{slug}".')


def print_objective(objective: Objective, exceptions: Mapping[str, str]) -> str:
    """The front matter of the objective with its fences; a value that equals its default is left out."""
    values = {"id": objective.id, "objective": objective.text}
    values |= {key: getattr(objective, key) for key in _KEYS if key not in values}
    unsaid = {key for key, value in values.items() if value in ((), "", "medium") and key != "review"}
    body = [f"{key} = {json.dumps(values[key], ensure_ascii=False)}" for key in values if key not in unsaid]
    return "\n".join([FENCE, *body, *print_exceptions(exceptions), FENCE, ""])


_Likelihood = Literal["high", "medium", "low"]
_KEYS: dict[str, tuple[Any, str]] = {
    "id": (str, 'id = "aortic-stenosis-obstruction"'),
    "objective": (str, 'objective = "Relate the murmur of aortic stenosis to a fixed obstruction"'),
    "system": (str, 'system = "cardiovascular"'),
    "section": (str, 'section = "cardiovascular"'),
    "disciplines": (tuple[str, ...], 'disciplines = ["physiology", "pathology"]'),
    "task": (str, 'task = "foundational-science"'),
    "likelihood": (_Likelihood, 'likelihood = "high" (or "medium", "low")'),
    "sources": (tuple[str, ...], 'sources = ["Title, section"]'),
    "review": (str, 'review = "draft"'),
}


def _objective(table: dict[str, Any], lines: Sequence[str], bank: str, faults: FaultList) -> Objective:
    for key in table.keys() - _KEYS.keys():
        faults.add(line_of(key, lines), f'There is no key "{key}".', nearest(key, _KEYS))
    # The exam's map may say the rest.
    if "id" not in table:
        faults.add(1, 'The key "id" is missing.', f"Add a line {_KEYS['id'][1]}.")
    values: dict[str, Any] = {
        key: _value(key, table[key], line_of(key, lines), faults) for key in _KEYS if key in table
    }
    found = {key: value for key, value in values.items() if value is not None}
    if "id" in found:
        check_id(found["id"], "objective", line_of("id", lines), faults)
    text = found.pop("objective", "")
    return Objective(bank, found.pop("id", ""), text, **found)


def _value(key: str, value: object, line: int, faults: FaultList) -> str | tuple[str, ...] | None:
    kind, example = _KEYS[key]
    try:
        checked: str | tuple[str, ...] = msgspec.convert(value, kind)
    except msgspec.ValidationError:
        faults.add(line, f'The value of "{key}" cannot be used.', f"Write it like this: {example}.")
        return None
    texts = (checked,) if isinstance(checked, str) else checked
    if any(hidden_characters(text) for text in texts):
        faults.add(line, f'The value of "{key}" holds a character that cannot be seen.', "Remove it.")
    if not all(text.strip() for text in texts) and (key in ("id", "objective") or texts is checked):
        faults.add(line, f'The value of "{key}" is empty.', f"Write it like this: {example}.")
    folded = tuple(" ".join(text.split()) for text in texts)
    return folded[0] if isinstance(checked, str) else folded


def line_of(key: str, lines: Sequence[str]) -> int:
    """The line, from 1, on which a key of the front matter is set; 1 when it cannot be found."""
    pattern = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""")
    return next((number for number, line in enumerate(lines, 1) if pattern.match(line)), 1)
