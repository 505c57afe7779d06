"""Cards of Anki as recall prompts: what stands on the front, and the back that the learner compares."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qbank.exchange.anki_collection import Note
from qbank.exchange.anki_notes import HTML_LIMIT, without_sounds
from qbank.exchange.markup import to_text
from qbank.exchange.mcq_draft import as_text

TEXT_LIMIT = (
    1_000_000  # characters of all prompts of one note; twenty clozes of a long text have a third of it
)

_FIELD = re.compile(r"\{\{([^{}#^/!][^{}]*)\}\}")
_CLOZE = re.compile(r"\{\{c(\d{1,3})::|\}\}")
_NOT_IN_FRONT = frozenset({"type", "hint", "tts"})
_NOT_AT_ALL = frozenset({"tts"})
_HIDDEN = "[…]"


class Prompt(NamedTuple):
    """`card` is its number from 0 among the note's cards."""

    card: int
    front: str
    back: str


def prompts(note: Note) -> Iterator[Prompt]:
    """A prompt for each card whose front and back have a text; pictures are in it, sounds are not.

    A note whose texts are too long has none.
    """
    lengths = [len(text) for text in map(without_sounds, note.fields)]
    if max(lengths) > HTML_LIMIT or sum(lengths) * len(note.cards) > TEXT_LIMIT:
        return
    for card in sorted(at for at in note.cards if isinstance(at, int)):
        front, back = _sides(note, card)
        front, back = as_text(to_text(front)), as_text(to_text(back))
        if front and back:
            yield Prompt(card, front, back)


def _sides(note: Note, card: int) -> tuple[str, str]:
    """Both sides of a card as HTML: the fields that its template names, without what else the template has."""
    texts = dict(zip(note.type.fields, map(without_sounds, note.fields), strict=False))
    templates = note.type.templates
    at = 0 if note.type.cloze else card
    if not 0 <= at < len(templates):
        return "", ""
    front = [name for name in _fields(templates[at].front, _NOT_IN_FRONT) if name in texts]
    back = [name for name in _fields(templates[at].back, _NOT_AT_ALL) if name in texts]
    if note.type.cloze:
        asked = [name for name in front if f"{{{{c{card + 1}::" in texts[name]]
        fronts = [_cloze(texts[name], card + 1, hide=True) for name in asked]
        backs = [_cloze(texts[name], card + 1, hide=False) for name in asked]
    else:
        fronts, backs = [texts[name] for name in front], []
    more = [_cloze(texts[name], 0, hide=False) for name in back if name not in front]
    return _joined(fronts), _joined([*backs, *more])


def _fields(template: str, without: frozenset[str]) -> list[str]:
    """The fields that a template shows, without those under a filter such as `type:`, typed in, or `hint:`, asked for."""
    found = (match[1].strip().split(":") for match in _FIELD.finditer(template))
    return list(dict.fromkeys(parts[-1].strip() for parts in found if without.isdisjoint(parts[:-1])))


def _cloze(text: str, number: int, *, hide: bool) -> str:
    """The text with the clozes of one number hidden or in bold, and the others as plain text."""
    parts: list[list[str]] = [[]]
    numbers: list[int] = []
    at = 0
    for mark in _CLOZE.finditer(text):
        parts[-1].append(text[at : mark.start()])
        at = mark.end()
        if mark[1]:
            numbers.append(int(mark[1]))
            parts.append([])
        elif numbers:
            answer, _, hint = "".join(parts.pop()).partition("::")
            parts[-1].append(_shown(answer, hint, asked=numbers.pop() == number, hide=hide))
        else:
            parts[-1].append(mark[0])
    return "".join(["".join(part) for part in parts] + [text[at:]])


def _shown(answer: str, hint: str, *, asked: bool, hide: bool) -> str:
    if not asked:
        return answer
    if hide:
        return f"[{hint}]" if hint else _HIDDEN
    return f"<b>{answer}</b>"


def _joined(texts: Sequence[str]) -> str:
    return "<br><br>".join(text for text in texts if text.strip())
