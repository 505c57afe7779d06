"""A question as styled lines: which words stand where is decided by the plain layout, here only what they look like.

Every state has a sign beside its colour, so nothing is lost without colour or to a colour-blind eye.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from qbank.core.block import ItemState
from qbank.core.question import Objective, Question, ServedItem
from qbank.core.text import visible
from qbank.ui import show
from qbank.ui.layout import MARK_OFF, MARK_ON, hung, laid
from qbank.ui.sentences import Span, sentences, set_off


class Ink(StrEnum):
    """The kinds of text that look different; `palette` says how."""

    TEXT = "text"
    SOFT = "soft"
    STRONG = "strong"
    CHOSEN = "chosen"
    STRUCK = "struck"
    HIGHLIGHT = "highlight"
    POINTED = "pointed"
    POINTED_LIT = "pointed-lit"
    RIGHT = "right"
    MISSED = "missed"
    WARNING = "warning"
    BAR = "bar"
    URGENT = "urgent"


class Piece(NamedTuple):
    """A run of text of one look. `means` is what a click on it stands for, as (kind, value), or None."""

    text: str
    ink: Ink = Ink.TEXT
    means: tuple[str, str] | None = None


Line = tuple[Piece, ...]

_MARKS = re.compile(f"([{MARK_ON}{MARK_OFF}])")
_PARTS = {
    show.Part.VERDICT: Ink.STRONG,
    show.Part.KEY: Ink.RIGHT,
    show.Part.CHOSEN: Ink.MISSED,
    show.Part.REMEMBER: Ink.STRONG,
    show.Part.CHECKED: Ink.SOFT,
}


def plain_line(text: str, ink: Ink = Ink.TEXT) -> Line:
    """A line of one look, with what a terminal would obey made visible."""
    return (Piece(visible(text), ink),)


@lru_cache(maxsize=16)
def stem_lines(
    stem: str,
    highlights: frozenset[Span],
    width: int,
    pointed: int | None = None,
    pictures: Path | None = None,
) -> tuple[Line, ...]:
    """The stem in lines of at most `width` columns; each sentence can be clicked, and `pointed` is under the cursor.

    Remembered, because most keys change something else on the screen.
    """
    spans = sentences(stem)
    inks = [
        Ink.HIGHLIGHT if any(begin < there and here < end for here, there in highlights) else Ink.TEXT
        for begin, end in spans
    ]
    if pointed is not None:
        inks[pointed] = Ink.POINTED if inks[pointed] is Ink.TEXT else Ink.POINTED_LIT
    return tuple(_sentence_lines(laid(set_off(stem, spans), width, pictures), inks))


def option_lines(
    question: Question, item: ServedItem, state: ItemState, width: int, pictures: Path | None = None
) -> list[list[Line]]:
    """Each option in lines of at most `width` columns, marked `[A]` when chosen and `-A-` when struck out."""
    found: list[list[Line]] = []
    for letter, option_id in show.letters(item).items():
        chosen, struck = option_id == state.choice, option_id in state.struck
        sign = f"[{letter}]" if chosen else f"-{letter}-" if struck else f" {letter} "
        ink = Ink.STRUCK if struck else Ink.CHOSEN if chosen else Ink.TEXT
        first, *rest = hung(f" {sign} ", question.option(option_id).text, width, pictures)
        means, edge = ("option", option_id), len(sign) + 2
        # The line through a struck option leaves its letter readable.
        look = Ink.TEXT if struck else ink
        head: Line = (Piece(first[:edge], look, means), Piece(first[edge:], ink, means))
        tail = [(Piece(line[:edge], look, means), Piece(line[edge:], ink, means)) for line in rest]
        found.append([head, *tail])
    return found


def answer_lines(
    question: Question,
    item: ServedItem,
    state: ItemState,
    width: int,
    objective: Objective,
    licence: str = "",
    pictures: Path | None = None,
) -> list[Line]:
    """What is shown with the key: verdict, every option with its explanation, the sentence to remember, who checked it."""
    lines: list[Line] = []
    for part, texts in show.answer_parts(question, item, state, width, objective, licence, pictures):
        ink = _PARTS.get(part, Ink.TEXT)
        lines += [*([()] if lines else []), *(plain_line(text, ink) for text in texts)]
    return lines


def text_lines(
    texts: Iterable[str], width: int, ink: Ink = Ink.TEXT, pictures: Path | None = None
) -> list[Line]:
    """Paragraphs, each wrapped to `width` columns; an empty one is an empty line."""
    return [plain_line(line, ink) for text in texts for line in (laid(text, width, pictures) or [""])]


def spaced(lines: Sequence[Line]) -> list[Line]:
    """The lines with an empty one behind each, for who needs few and wide-set lines."""
    return [line for each in lines for line in (each, ())]


def _sentence_lines(lines: Iterable[str], inks: Sequence[Ink]) -> Iterator[Line]:
    number, inside = -1, False
    for line in lines:
        pieces = []
        for text in _MARKS.split(line):
            if text == MARK_ON:
                number, inside = number + 1, True
            elif text == MARK_OFF:
                inside = False
            elif text and inside:
                pieces.append(Piece(text, inks[number], ("sentence", str(number))))
            elif text:
                pieces.append(Piece(text))
        yield tuple(pieces)
