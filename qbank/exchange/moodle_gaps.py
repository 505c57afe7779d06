"""Texts of Moodle with gaps to choose for: where there is one gap alone, it is a question with one best answer.

Source: docs.moodle.org, "Embedded Answers (Cloze) question type" and "Select missing words question type".
"""

import html
import re
from typing import NamedTuple

from qbank.exchange.gift_syntax import GAP

_GAP = re.compile(r"\{(?P<weight>\d*):(?P<kind>[A-Z_]+):(?P<answers>(?:\\.|[^\\{}])*)\}", re.DOTALL)
_CHOICE = re.compile(r"(?:MULTICHOICE|MC)(?:_?(?:[VH]S?|S))?")
_BETWEEN = re.compile(r"(?<!\\)~")
_ANSWER = re.compile(
    r"(?P<right>=|%\+?100(?:\.0+)?%)?(?:%-?\d+(?:\.\d+)?%)?(?P<text>(?:\\.|[^\\#])*)(?:#(?P<feedback>.*))?",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\([#{}~=/\"\\])")
_PLACE = re.compile(r"\[\[(\d{1,3})\]\]")


class Gap(NamedTuple):
    """A text with one gap, in HTML like its options and what is said of each; `right` are the places of right ones."""

    stem: str
    options: tuple[str, ...]
    explanations: tuple[str, ...]
    right: tuple[int, ...]


def cloze(text: str) -> Gap | None:
    """What a cloze text asks; None unless it has one gap alone, with options of which one is to be chosen."""
    gaps = list(_GAP.finditer(text))
    if len(gaps) != 1 or not _CHOICE.fullmatch(gaps[0]["kind"]):
        return None
    found = [_ANSWER.fullmatch(answer) for answer in _BETWEEN.split(gaps[0]["answers"])]
    answers = [answer for answer in found if answer and answer["text"].strip()]
    return Gap(
        text[: gaps[0].start()] + GAP + text[gaps[0].end() :],
        tuple(_plain(answer["text"]) for answer in answers),
        tuple(_plain(answer["feedback"] or "") for answer in answers),
        tuple(at for at, answer in enumerate(answers) if answer["right"]),
    )


def select(text: str, options: list[tuple[str, str]]) -> Gap | None:
    """The same of a text with numbers for gaps; `options` are text and group in their order. The number is the key's."""
    places = list(_PLACE.finditer(text))
    if len(places) != 1 or not 0 < (number := int(places[0][1])) <= len(options):
        return None
    group = options[number - 1][1]
    own = [at for at, (_, of) in enumerate(options, 1) if of == group]
    stem = text[: places[0].start()] + GAP + text[places[0].end() :]
    texts = tuple(options[at - 1][0] for at in own)
    return Gap(stem, texts, ("",) * len(texts), (own.index(number),))


def _plain(text: str) -> str:
    return html.unescape(_ESCAPED.sub(r"\1", text)).strip()
