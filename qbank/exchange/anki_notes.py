"""Which of Anki's notes are multiple-choice questions, and what each of their fields is.

Anki has no type for them, so every deck and add-on has its own. Known without a map are fields that are called as in tables
(Question, OptionA, Answer), the add-ons "Multiple Choice for Anki" and "Multiple Choice Note Type", the right and the wrong
answers in fields of their own, and options written as lines under the question with the letter on the back.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from qbank.core.text import visible
from qbank.exchange.anki_collection import Note
from qbank.exchange.markup import to_line, to_text
from qbank.exchange.mcq_draft import Draft, as_text, label_of
from qbank.exchange.mcq_fields import role
from qbank.exchange.option_lines import Options, key_on_back, options_under

HTML_LIMIT = 200_000  # characters of one field; what a question may have is a tenth of it
AREAS = ("system", "section", "discipline", "task")

_ROLES = {
    "front": "stem",
    "back": "back",
    "answers": "answer",
    "correct_answers": "answer",
    "extra": "explanation",
    "extra_1": "explanation",
    "back_extra": "explanation",
    "explanation_box": "explanation",
    "comments": "explanation",
}
_NUMBERED = re.compile(r"(?:q|mc)_(\d)")
_WRONG = re.compile(r"(?:incorrect|wrong|distractor|false)(?:_(?:answer|option|choice))?_?(\d?)")
_BY_NUMBER = re.compile(r".*\d")
_MARKS = re.compile(r"[01](?:\s+[01])*")
_SEVERAL = re.compile(r"\(?[A-Za-z]\)?(?:\s*[,;/&+]\s*\(?[A-Za-z]\)?)+|[A-J]{2,5}")
_SOUND = re.compile(r"\[sound:[^\]\n]{1,500}\]")
_DATA = re.compile(r"data:[^\s\"'<>]{100,}")
"""An image within HTML, which would be nearly all of it."""
_SOME_OPTIONS = re.compile(r"\b[aA1][).:]|<li", re.ASCII)


class _Parts(NamedTuple):
    """A note's fields by what they are, as HTML. `numbered`: options have numbers, not letters."""

    texts: dict[str, str]
    wrong: list[str]
    numbered: bool


def question(note: Note, line: int, columns: Mapping[str, str]) -> Draft | str:
    """The question of a note, or why it is none. `columns` gives the note's own name of a field by what it is."""
    missing = [name for name in columns.values() if name not in note.type.fields]
    if columns and columns.get("stem", note.type.fields[0] if note.type.fields else "") in missing:
        return f'note type "{visible(note.type.name[:60])}", which has no field "{visible(columns["stem"][:60])}"'
    if note.type.cloze:
        return "cloze deletion"
    if any(len(_DATA.sub("data:", text)) > HTML_LIMIT for text in note.fields):
        return f"a field of more than {HTML_LIMIT:,} characters"
    parts = _parts(note, columns)
    if _SOUND.search(parts.texts.get("stem", "")):
        return "a sound in the question"
    found = _options(parts)
    if found is None:
        return f'note type "{visible(note.type.name[:60])}", which has no options'
    stem, options = found
    if len(options) < 2:
        return "one option only"
    answer = _answer(parts, options)
    if isinstance(answer, str):
        return answer
    key, rest = answer
    explanations = [rest, _block(parts.texts.get("explanation", ""))]
    return Draft(
        line,
        stem,
        dict(options),
        key,
        explanation="\n\n".join(filter(None, explanations)),
        explanations={
            name[-1]: _block(text) for name, text in parts.texts.items() if name.startswith("explanation_")
        },
        remember=_block(parts.texts.get("remember", "")),
        objective=_line(parts.texts.get("objective", "")),
        areas={name: area for name in AREAS if (area := _line(parts.texts.get(name, "")))},
        lenient=True,
    )


def without_sounds(html: str) -> str:
    return _DATA.sub("data:", _SOUND.sub("", html))


def _parts(note: Note, columns: Mapping[str, str]) -> _Parts:
    said = {name: what for what, name in columns.items()}
    texts: dict[str, str] = {}
    wrong: list[str] = []
    numbered = False
    for name, text in zip(note.type.fields, note.fields, strict=False):
        what = said.get(name) or _role(name)
        if (what in columns and name not in said) or not text.strip():
            continue
        if what == "wrong":
            wrong.append(text)
        elif what and what not in texts:
            texts[what] = text
            numbered |= len(what) == 1 and _BY_NUMBER.fullmatch(name) is not None
    return _Parts(texts, wrong, numbered)


def _role(name: str) -> str:
    folded = re.sub(r"[\s_-]+", "_", name.strip().casefold())
    if folded in _ROLES:
        return _ROLES[folded]
    if folded.startswith("qtype"):
        return "kind"
    if numbered := _NUMBERED.fullmatch(folded):
        return label_of(int(numbered[1]) - 1) if numbered[1] != "0" else ""
    return "wrong" if _WRONG.fullmatch(folded) else role(name)


def _options(parts: _Parts) -> tuple[str, Options] | None:
    """The question's text, and its options by label; None when there are none."""
    texts = parts.texts
    stem = texts.get("stem", "")
    labels = [label for label in map(label_of, range(26)) if label in texts]
    if labels:
        options = {label: _line(texts[label]) for label in labels}
    elif parts.wrong and texts.get("answer"):
        options = {label_of(at): _line(text) for at, text in enumerate([texts["answer"], *parts.wrong])}
    elif "options" in texts:
        _, options = options_under(f"\n{_block(texts['options'])}", bare=True)
    elif _SOME_OPTIONS.search(stem):
        above, options = options_under(_block(stem))
        return (above, options) if options else None
    else:
        return None
    return _block(stem), {label: text for label, text in options.items() if text}


def _answer(parts: _Parts, options: Options) -> tuple[str, str] | str:
    """The label of the key and what else stands on the back, or why the question has no single key."""
    texts = parts.texts
    answer = _line(texts.get("answer", ""))
    if parts.wrong and answer and not any(label in texts for label in options):
        return next(iter(options)), ""
    if _MARKS.fullmatch(answer):
        if texts.get("kind", "").strip() == "0":
            return "true or false of each option"
        right = [
            label
            for label, mark in zip(map(label_of, range(26)), answer.split(), strict=False)
            if mark == "1"
        ]
        if len(right) != 1:
            return "several answers are right" if right else "no answer is right"
        return (right[0], "") if right[0] in options else "an answer that names none of the options"
    if _SEVERAL.fullmatch(answer) and answer not in options.values():
        return "several answers are right"
    if parts.numbered and answer.isdecimal() and 1 <= int(answer) <= 26 and answer not in options.values():
        answer = label_of(int(answer) - 1)
        return (answer, "") if answer in options else "an answer that names none of the options"
    back = _block(texts.get("answer") or texts.get("back", ""))
    return key_on_back(back, options) or "options, but no answer that names one of them"


def _block(html: str) -> str:
    return as_text(to_text(without_sounds(html)))


def _line(html: str) -> str:
    return as_text(to_line(without_sounds(html)))
