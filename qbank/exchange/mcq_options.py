"""The options of a question in whatever way a table or a JSON file gives them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from qbank.core.option_order import quantity
from qbank.exchange.mcq_draft import NotText, as_text, label_of
from qbank.exchange.mcq_fields import Roles, folded


class Options(NamedTuple):
    """Option texts and explanations by label, "a" first.

    `marked` are the labels of those that the file marks as right, `names` what it calls an option besides, as `{"1": "a"}`
    under the heading "Option 1".
    """

    texts: dict[str, str]
    explanations: dict[str, str]
    marked: tuple[str, ...]
    names: dict[str, str]


class _Item(NamedTuple):
    text: str
    name: str = ""
    correct: bool = False
    explanation: str = ""


_TEXT = (
    "text",
    "value",
    "atext",
    "content",
    "body",
    *(f"{name}{part}text" for name in ("answer", "option", "choice") for part in ("", "_")),
    "option",
    "choice",
    "answer",
)
_NAME = ("label", "key", "aid", "letter", "id", "number")
_CORRECT = ("correct", "iscorrect", "is_correct", "right", "correctanswer")
_EXPLANATION = ("explanation", "feedback", "rationale")


def options_of(values: Mapping[str, Any], roles: Roles) -> Options:
    """The options of a record. Raises NotText where a text is none."""
    named = roles.get("options", ())
    given = next((values[heading] for heading in named if values[heading] not in (None, "")), None)
    if given is None:
        return _by_column(values, roles)
    items = list(_items(given))
    labels = [label_of(at) for at in range(len(items))]
    pairs = list(zip(labels, items, strict=True))
    told = _told(values, roles, pairs)
    return Options(
        {label: item.text for label, item in pairs},
        {label: item.explanation for label, item in pairs if item.explanation} | told,
        tuple(label for label, item in pairs if item.correct),
        {item.name.casefold(): label for label, item in pairs if item.name},
    )


def of_right_and_wrong(values: Mapping[str, Any], roles: Roles, right: str) -> tuple[dict[str, str], str]:
    """Option texts by label and the key's label, where a file gives the right answer and beside it the wrong ones.

    They are put in order, since the file has the key first.
    """
    wrong: list[str] = []
    for meaning, headings in roles.items():
        for value in (values[heading] for heading in headings):
            if meaning == "wrong" and isinstance(value, list | str):
                wrong += [item.text for item in _items(value)]
            elif meaning.startswith("wrong_"):
                wrong.append(as_text(value))
    found = {text for text in wrong if text} - {right}
    if not found or not right:
        return {}, ""
    texts = sorted({*found, right}, key=lambda text: (number.low if (number := quantity(text)) else 0, text))
    return {label_of(at): text for at, text in enumerate(texts)}, label_of(texts.index(right))


def starred(options: Options) -> Options:
    """The options with those marked that a star before or after their text, which goes away, calls right."""
    found = {label: match for label, text in options.texts.items() if (match := _STAR.fullmatch(text))}
    texts = options.texts | {label: match[1] or match[2] for label, match in found.items()}
    return options._replace(texts=texts, marked=tuple(found))


_STAR = re.compile(r"\*\s*([^*\s][^*]*)|([^*]*[^*\s])\s*\*")


def _by_column(values: Mapping[str, Any], roles: Roles) -> Options:
    """Options that have a column each, by a letter or a number; where there is a 0, numbers count from it."""
    texts: dict[str, str] = {}
    told: dict[str, str] = {}
    names: dict[str, str] = {}
    from_0 = "0" in roles or "explanation_0" in roles
    for meaning, headings in roles.items():
        letter = meaning.removeprefix("explanation_")
        if len(letter) != 1:
            continue
        for heading in headings:
            digits = _NUMBER.search(folded(heading))
            label = label_of(int(digits[0]) - (not from_0)) if digits else letter
            if meaning != letter:
                told[label] = as_text(values[heading])
                continue
            texts.setdefault(label, as_text(values[heading]))
            if digits:
                names[digits[0]] = label
    return Options(dict(sorted(texts.items(), key=_place)), told, (), names)


_NUMBER = re.compile(r"\d+")


def _place(labelled: tuple[str, str]) -> tuple[int, str]:
    return len(labelled[0]), labelled[0]


def _told(values: Mapping[str, Any], roles: Roles, named: Sequence[tuple[str, _Item]]) -> dict[str, str]:
    """What a list or an object beside the options, or a column for each, says of every one."""
    told = {
        name.removeprefix("explanation_"): as_text(values[heading])
        for name, headings in roles.items()
        if name.startswith("explanation_")
        for heading in headings
    }
    for value in (values[heading] for heading in roles.get("explanation", ())):
        if not isinstance(value, dict | list):
            continue
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        labels = {item.name.casefold(): label for label, item in named if item.name}
        for name, text in pairs:
            label = label_of(name) if isinstance(name, int) else labels.get(name.casefold(), name.casefold())
            told[label] = as_text(text)
    return told


def _items(given: object) -> Iterator[_Item]:
    if isinstance(given, str):
        held = _objects(given)
        yield from map(_item, held) if held else (_Item(text, name) for name, text in _written(given))
    elif isinstance(given, dict):
        yield from _from_object(given)
    elif isinstance(given, list):
        yield from map(_item, given)
    else:
        raise NotText


def _objects(text: str) -> list[dict[str, Any]]:
    """The objects of a JSON list in a cell; none where it is anything else."""
    if not _LIST_OF_OBJECTS.match(text):
        return []
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return held if all(isinstance(one, dict) for one in held) else []


_LIST_OF_OBJECTS = re.compile(r"\s*\[\s*\{")


def _from_object(given: Mapping[str, Any]) -> Iterator[_Item]:
    """An object of texts by label, or of two lists, the texts and their labels."""
    texts = next((given[key] for key in _TEXT if isinstance(given.get(key), list)), None)
    if texts is not None:
        names: list[object] = next((given[key] for key in _NAME if isinstance(given.get(key), list)), [])
        for at, text in enumerate(texts):
            yield _Item(as_text(text), as_text(names[at]) if at < len(names) else "")
        return
    for name, value in given.items():
        if isinstance(value, dict):
            yield _item(value)._replace(name=name.strip())
        else:
            yield _Item(as_text(value), name.strip())


def _item(given: object) -> _Item:
    if not isinstance(given, dict):
        return _Item(as_text(given))
    lowered = {key.casefold(): value for key, value in given.items()}
    text = next((lowered[key] for key in _TEXT if lowered.get(key) is not None), None)
    name = next((lowered[key] for key in _NAME if lowered.get(key) is not None), None)
    told = next((lowered[key] for key in _EXPLANATION if lowered.get(key)), None)
    correct = any(lowered.get(key) in (True, 1, "true", "True") for key in _CORRECT)
    return _Item(as_text(text), as_text(name), correct, as_text(told))


_LITERAL = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)


def _written(text: str) -> list[tuple[str, str]]:
    """Names and texts of options in one cell: a list or an object as programs print them, or lines, or bars between."""
    shape = text.strip()
    literals = (
        [_unescaped(found[1:-1]) for found in _LITERAL.findall(shape)] if shape[:1] in ("[", "{") else []
    )
    if shape[:1] == "[" and shape[-1:] == "]" and literals:
        return [("", as_text(found)) for found in literals]
    if shape[:1] == "{" and shape[-1:] == "}" and literals and len(literals) % 2 == 0:
        return [(name, as_text(found)) for name, found in zip(literals[::2], literals[1::2], strict=True)]
    parts = text.split("\n" if "\n" in text else "|" if "|" in text else ";")
    return [("", as_text(part)) for part in parts if part.strip()]


def _unescaped(text: str) -> str:
    return re.sub(
        r"\\(.)", lambda found: {"n": "\n", "t": " "}.get(found[1], found[1]), text, flags=re.DOTALL
    )
