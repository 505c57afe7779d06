"""Stems that are nearly the same, over a whole bank.

The measure is the Jaccard similarity of their three-word shingles (Broder 1997), found exactly: an index from each shingle
to the stems that hold it leaves so few pairs to compare that an estimate such as MinHash would save nothing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

WORDS = 3
COMMONEST = 40
"""A shingle in more stems than this is a turn of phrase and ties none of them. [judged]"""


class Alike(NamedTuple):
    """Two texts by their places, the earlier first, and their similarity from 0 to 1."""

    first: int
    second: int
    similarity: float


def alike(texts: Sequence[str], at_least: float) -> Iterator[Alike]:
    """Every pair of texts that are at least so similar, in their order."""
    shingles = [_shingles(text) for text in texts]
    holders: dict[str, list[int]] = defaultdict(list)
    for at, found in enumerate(shingles):
        for shingle in found:
            holders[shingle].append(at)
    shared: Counter[tuple[int, int]] = Counter()
    for some in holders.values():
        if len(some) <= COMMONEST:
            shared.update((a, b) for number, b in enumerate(some) for a in some[:number])
    for (a, b), count in sorted(shared.items()):
        similarity = count / (len(shingles[a]) + len(shingles[b]) - count)
        if similarity >= at_least:
            yield Alike(a, b, similarity)


def _shingles(text: str) -> set[str]:
    words = re.findall(r"[a-z0-9.]+", text.lower())
    return {" ".join(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1)}
