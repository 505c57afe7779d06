"""A map of areas: rules that say where the questions of another program lie, by their tags, categories, file and words."""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from qbank.exchange.mcq_fields import refused
from qbank.exchange.mcq_rows import FaultLog

SIZE_LIMIT = 1024 * 1024  # bytes; a rule takes about 80
CONDITIONS = ("tag", "category", "folder", "pattern")
AREAS = ("system", "section", "discipline", "task")
OBJECTIVE = "objective"
_LISTS = (*CONDITIONS, "discipline")
LONGEST_WORD = 60

Known = Mapping[str, Collection[str]]


class Rule(NamedTuple):
    """What holds of a question when one word of each condition that is not empty fits it; `line` is the rule's.

    `system` is that of the section where one is named.
    """

    line: int
    tag: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    folder: tuple[str, ...] = ()
    pattern: tuple[str, ...] = ()
    system: str = ""
    section: str = ""
    discipline: tuple[str, ...] = ()
    task: str = ""
    objective: str = ""


class Found(NamedTuple):
    """What the rules say of a question; "" and () where they say nothing."""

    system: str = ""
    section: str = ""
    discipline: tuple[str, ...] = ()
    task: str = ""
    objective: str = ""


def read_area_map(name: str, content: bytes, known: Known, systems: Mapping[str, str]) -> list[Rule]:
    """The rules of a TOML file, in their order.

    `known` has the ids of the exam's areas by dimension (system, section, discipline, task) and those of its objectives
    under `objective`; `systems` gives the system of each section. Raises InputInvalid with every fault.
    """
    faults = FaultLog(name)
    text = _text(content, faults)
    faults.raise_any()
    try:
        tables = tomllib.loads(text)
    # tomllib lets the limits of int() and of recursion show through.
    except (ValueError, RecursionError) as error:
        place = re.search(r"at line (\d+)", str(error))
        faults.add(
            int(place[1]) if place else 1, f"This is not TOML: {error}.", "Put texts in quotation marks."
        )
        faults.raise_any()
        raise
    lines = _Lines(text)
    for key in tables.keys() - {"rule"}:
        faults.add_unknown(lines.of(0, key), f'There is no "{key}" in a map of areas.', key, ["rule"])
    rules = tables.get("rule", [])
    if not isinstance(rules, list) or not rules or not all(isinstance(rule, dict) for rule in rules):
        faults.add(1, "The file holds no rule.", "Write [[rule]] above each.")
        rules = []
    reading = _Reading(known, systems, faults)
    found = [reading.rule(at, rule, lines) for at, rule in enumerate(rules, 1)]
    faults.raise_any()
    return found


def placed(rules: Sequence[Rule], *, hints: Sequence[str], path: str, stem: str) -> Found:
    """What the rules say of a question: for each thing the first rule that fits and says it.

    A section is taken with its system, from one rule. `hints` are the parts of its category, innermost first, then its
    tags; `path` is that of its file.
    """
    found = Found()
    for rule in rules:
        if found.objective or not _fits(rule, hints, path, stem):
            continue
        place = found if found.system else rule
        found = Found(
            place.system,
            place.section,
            found.discipline or rule.discipline,
            found.task or rule.task,
            rule.objective,
        )
    return found


class _Reading:
    def __init__(self, known: Known, systems: Mapping[str, str], faults: FaultLog) -> None:
        self._known, self._systems, self._faults = known, systems, faults

    def rule(self, at: int, table: Mapping[str, Any], lines: "_Lines") -> Rule:
        """One rule; what is wrong with it goes to the faults, by the lines of its keys."""
        faults, line = self._faults, lines.of(at, "")
        keys = (*CONDITIONS, *AREAS, OBJECTIVE)
        for key in table.keys() - set(keys):
            faults.add_unknown(lines.of(at, key), f'A rule has no "{key}".', key, keys)
        said = {key: self._words(key, table[key], lines.of(at, key)) for key in keys if key in table}
        if not any(key in table for key in CONDITIONS):
            faults.add(
                line, "This rule does not say which questions it is for.", f"Add {', '.join(CONDITIONS)}."
            )
        if not any(key in table for key in (*AREAS, OBJECTIVE)):
            faults.add(line, "This rule names no area.", f"Add {', '.join(AREAS)} or {OBJECTIVE}.")
        for key in (*AREAS, OBJECTIVE):
            for word in said.get(key, ()):
                self._check(key, word, lines.of(at, key))
        one = {key: said[key][0] if said.get(key) else "" for key in ("system", "section", "task", OBJECTIVE)}
        if one["section"] and one["section"] in self._systems:
            own = self._systems[one["section"]]
            if one["system"] not in ("", own):
                message = f'The section "{one["section"]}" is not of the system "{one["system"]}".'
                faults.add(lines.of(at, "section"), message, f'Write system = "{own}", or leave it out.')
            one["system"] = own
        many = {key: said.get(key, ()) for key in _LISTS}
        return Rule(line=line, **many, **one)  # type: ignore[arg-type]

    def _words(self, key: str, value: object, line: int) -> tuple[str, ...]:
        several = key in _LISTS
        given = value if isinstance(value, list) and several else [value]
        words = [word for word in given if isinstance(word, str) and word.strip()]
        if not words or len(words) < len(given):
            like = f'{key} = "..."' + (f' or {key} = ["...", "..."]' if several else "")
            self._faults.add(line, f'"{key}" must be text.', f"Write {like}.")
            return ()
        for word in words:
            if hidden := refused(word):
                message = f"A text holds characters that cannot be seen ({hidden})."
                self._faults.add(line, message, "Remove them.")
            if key == "pattern" and "*" in re.sub(r"(?<!\S)\*(?=\S)|(?<=\S)\*(?!\S)", "", word):
                message = f'In the pattern "{word}" a * stands neither before nor after a word.'
                self._faults.add(line, message, 'Write "nephro*" or "*itis".')
        return tuple(words)

    def _check(self, key: str, word: str, line: int) -> None:
        known = self._known.get(key, ())
        if word in known:
            return
        what = f"map has no {key}" if key == OBJECTIVE else f"exam has no {key}"
        if known:
            self._faults.add_unknown(line, f'The {what} "{word}".', word, known)
        else:
            self._faults.add(line, f'The {what} "{word}".', "This exam has none; leave it out.")


class _Lines:
    """Where the keys of each rule stand in the text; what tomllib does not tell."""

    def __init__(self, text: str) -> None:
        self._keys: list[dict[str, int]] = [{"": 1}]
        for number, line in enumerate(text.split("\n"), 1):
            if re.match(r"\s*\[\[\s*rule\s*\]\]", line):
                self._keys.append({"": number})
            elif key := re.match(r"\s*\[*\s*[\"']?([A-Za-z0-9_-]+)", line):
                self._keys[-1].setdefault(key[1], number)

    def of(self, rule: int, key: str) -> int:
        """The line of a rule's key, counted from 1; of the rule itself for "", of the file's beginning for rule 0."""
        keys = self._keys[rule] if rule < len(self._keys) else self._keys[0]
        return keys.get(key, keys[""])


def _text(content: bytes, faults: FaultLog) -> str:
    if len(content) > SIZE_LIMIT:
        faults.add(
            1, f"The file is larger than {SIZE_LIMIT // 1024**2} MiB.", "Give the TOML file with the rules."
        )
        return ""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        faults.add(line, "The file is not UTF-8 text.", "Save it as UTF-8.")
        return ""


def _fits(rule: Rule, hints: Sequence[str], path: str, stem: str) -> bool:
    tests: tuple[tuple[tuple[str, ...], Callable[[str], bool]], ...] = (
        (rule.tag, lambda word: any(_like(word, hint) for hint in hints)),
        (rule.category, lambda word: _runs_in(word, tuple(reversed(hints)))),
        (rule.folder, lambda word: _runs_in(word, path.replace("\\", "/").split("/"))),
        (rule.pattern, lambda word: _pattern(word).search(stem) is not None),
    )
    return all(any(map(holds, words)) for words, holds in tests if words)


def _runs_in(wanted: str, parts: Sequence[str]) -> bool:
    """Whether the parts of a path, one after the other, are somewhere among others."""
    names = [name for name in wanted.split("/") if name]
    starts = range(len(parts) - len(names) + 1)
    return bool(names) and any(
        all(_like(name, part) for name, part in zip(names, parts[start:], strict=False)) for start in starts
    )


def _like(wanted: str, text: str) -> bool:
    """Whether a text is the one wanted, in which each * stands for any characters; case does not count."""
    first, *others = wanted.strip().casefold().split("*")
    text = text.strip().casefold()
    if not others:
        return text == first
    *middle, last = others
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    at, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


@lru_cache(maxsize=10_000)
def _pattern(wanted: str) -> re.Pattern[str]:
    """Whole words one after the other, where * before or after a word stands for the rest of it.

    No part of it can match much in two ways, so that no pattern and no text can make it take long.
    """
    rest = rf"\w{{0,{LONGEST_WORD}}}"
    parts = [
        ("" if word.startswith("*") else r"(?<!\w)")
        + re.escape(word.strip("*"))
        + (rest if word.endswith("*") else r"(?!\w)")
        for word in wanted.split()
    ]
    return re.compile(r"\s+".join(parts), re.IGNORECASE)
