"""Questions that are there already: the same but for case, space and punctuation, or nearly the same.

The same ones are found by a hash of what is left of stem and options. Nearness is the Jaccard similarity of three-word
shingles, as in `alike`. Two texts that are at least NEAR similar share one of the few shingles that come first in any
order of all shingles (prefix filtering: Chaudhuri, Ganti and Kaushik 2006), so only those are indexed, and a question is
compared with the few that share one of them.
"""

import math
import re
import string
from array import array
from collections.abc import Collection
from typing import NamedTuple

from qbank.bank.alike import COMMONEST, WORDS

NEAR = 0.8
"""What a corrected typing error or two in a vignette leaves; siblings on one case are further apart. [judged]"""

# A sign before a number, or a point in it, makes another number, and so another option.
_LOOSE = re.compile(r"[-+](?!\s*\d)|\.(?!\d)")
_SPACE = {ord(mark): " " for mark in string.punctuation if mark not in "+-.<>_"}
_FOREIGN = re.compile(r"[^\w+\-.<>≤≥\x00]")
_DASHES = dict.fromkeys(map(ord, "−–—‐‑"), "-")


class Known(NamedTuple):
    """A question that is there already, and how similar it is: 1 for the same."""

    bank: str
    id: str
    similarity: float


class Duplicates:
    """Questions by their words, each found from when it was added."""

    def __init__(self) -> None:
        self._names: list[tuple[str, str]] = []
        self._same: dict[int, int] = {}
        self._shingles: dict[int, array[int]] = {}
        self._holders: dict[int, list[int]] = {}

    def add(self, bank: str, name: str, stem: str, options: Collection[str]) -> None:
        """Keep a question, so that it and what is near it are found."""
        words = _words(stem, options)
        at = self._name(bank, name, words)
        shingles = _shingles(words)
        self._shingles[at] = array("q", sorted(shingles))
        for shingle in self._shingles[at][: _prefix(len(shingles))]:
            holders = self._holders.setdefault(shingle, [])
            # A turn of phrase in many questions ties none of them.
            if len(holders) <= COMMONEST:
                holders.append(at)

    def find_and_name(self, bank: str, name: str, stem: str, options: Collection[str]) -> Known | None:
        """The same question, or else the nearest one, of those before it; from then on it is found as the same, too."""
        words = _words(stem, options)
        at = self._same.get(_same(words))
        if at is not None:
            return Known(*self._names[at], 1.0)
        self._name(bank, name, words)
        return self._nearest(_shingles(words)) if self._holders else None

    def _name(self, bank: str, name: str, words: list[list[str]]) -> int:
        self._names.append((bank, name))
        return self._same.setdefault(_same(words), len(self._names) - 1)

    def _nearest(self, shingles: set[int]) -> Known | None:
        first = sorted(shingles)[: _prefix(len(shingles))]
        lists = (self._holders.get(shingle, ()) for shingle in first)
        near = {at for holders in lists if len(holders) <= COMMONEST for at in holders}
        best, similarity = None, NEAR
        for at in sorted(near):
            theirs = self._shingles[at]
            shared = len(shingles.intersection(theirs))
            union = len(shingles) + len(theirs) - shared
            if shared >= similarity * union and (best is None or shared > similarity * union):
                best, similarity = at, shared / union
        return None if best is None else Known(*self._names[best], similarity)


def _words(stem: str, options: Collection[str]) -> list[list[str]]:
    """The words of the stem, and those of each option, the options in an order of their own."""
    # All texts at once, since each pass over one costs more than its length.
    first, *others = (part.split() for part in _plain("\x00".join((stem, *options))).split("\x00"))
    return [first, *sorted(others)]


def _plain(text: str) -> str:
    """The words of a text, and nothing but spaces between them; U+0000 stays, which no question holds."""
    text = text.casefold()
    if not text.isascii():
        text = _FOREIGN.sub(" ", text.translate(_DASHES))
    return _LOOSE.sub(" ", text).translate(_SPACE)


def _same(words: list[list[str]]) -> int:
    return hash("\n".join(map(" ".join, words)))


def _shingles(words: list[list[str]]) -> set[int]:
    flat = [word for text in words for word in text]
    if len(flat) < WORDS:
        return {hash(tuple(flat))}
    return set(map(hash, zip(*(flat[at:] for at in range(WORDS)), strict=False)))


def _prefix(count: int) -> int:
    """How many of so many shingles, first in order, a text that is NEAR shares at least one of."""
    return count - math.ceil(NEAR * count) + 1
