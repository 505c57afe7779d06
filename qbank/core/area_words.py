"""Where a question may lie in the exam, told by its words: the objectives of the map that share the most with it vote.

Each objective is a short text: what to know, its heading, its section's name. A word that few of them have says much (BM25,
by the square of its inverse document frequency), and the nearest NEIGHBOURS vote for their sections by the square of their
scores. `scripts/measure/run areas` tells how often that is right.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from qbank.core.exam import Exam
from qbank.core.objective_map import Mapped, ObjectiveMap
from qbank.core.question import Question

NEIGHBOURS = 40
"""Objectives that vote: fewer are led astray by one of them, more add noise. [measured]"""

LEAST_SHARE = 0.4
"""Below this part of the votes nothing is suggested. [measured: scripts/measure/run areas]"""

LEAST_WORDS = 4
"""Different words of objectives that a text must have for anything to be suggested: one or two can be there by chance."""

COMMON = 0.1
"""A word that a larger part of the objectives has tells none of them apart."""

SATURATION, LENGTH = 1.2, 0.5
"""BM25's k1 and b: how soon a word's repetition counts no more, and how much a long text is held to account for it."""

LONGEST = 20_000
"""Characters of a question that are read."""

_CASE = re.compile(
    "after|also|and|are|because|been|before|best|brought|comes|complains|days|"
    "following|for|four|from|had|has|have|her|his|hours|husband|likely|"
    "man|medical|men|minutes|months|most|mother|not|old|one|patient|patients|"
    "physician|presents|she|shows|that|the|their|there|these|they|this|three|"
    "two|was|weeks|were|what|when|which|who|wife|with|woman|women|"
    "year|years"
)
"""Words that any case has: rare among objectives, they would still say nothing."""

_ENDINGS = ("ically", "ation", "ities", "ity", "ies", "ing", "ed", "ic", "al", "ous", "es", "s", "e", "y")
_SHORTEST = 4


class Near(NamedTuple):
    """A section with its part (0-1) of the votes, and that of its whole system."""

    system: str
    section: str
    share: float
    system_share: float


class AreaWords:
    """The words of an exam's objectives, and what a text's words say of its area."""

    def __init__(self, exam: Exam, found: ObjectiveMap) -> None:
        self._systems = {section.id: section.system for section in exam.sections}
        names = {section.id: section.name for section in exam.sections}
        texts = {one.id: _said(one, names[one.section]) for one in found.values()}
        self._sections = {one.id: one.section for one in found.values()}
        self._postings = _postings(texts)

    def nearest(self, text: str, count: int = NEIGHBOURS, *, without: str = "") -> list[tuple[str, float]]:
        """(objective, score) of those that share the most with a text, best first. `without` is an objective left out."""
        scores: dict[str, float] = {}
        score, postings = scores.get, self._postings
        # In one order, so that sums do not depend on that of the text.
        for word, times in sorted(Counter(words(text[:LONGEST])).items()):
            if word in postings:
                weight = times / (times + SATURATION)
                for objective, value in postings[word]:
                    scores[objective] = score(objective, 0.0) + weight * value
        scores.pop(without, None)
        best = sorted(scores.items(), key=itemgetter(0))
        return sorted(best, key=itemgetter(1), reverse=True)[:count]

    def ranked(self, text: str, *, without: str = "") -> list[Near]:
        """Every section that got a vote: those of the likeliest system first, then by their own parts."""
        votes: dict[str, float] = {}
        for objective, score in self.nearest(text, without=without):
            section = self._sections[objective]
            votes[section] = votes.get(section, 0.0) + score**2
        whole = math.fsum(votes.values())
        by_system: dict[str, float] = {}
        for section, vote in votes.items():
            system = self._systems[section]
            by_system[system] = by_system.get(system, 0.0) + vote / whole
        top = max(by_system, key=lambda system: (by_system[system], system), default="")
        near = [
            Near(self._systems[section], section, vote / whole, by_system[self._systems[section]])
            for section, vote in votes.items()
        ]
        return sorted(near, key=lambda one: (one.system != top, -one.share, one.section))

    def suggested(self, text: str, *, without: str = "") -> tuple[str, str]:
        """(system, section) as far as the votes agree; "" for what they do not tell."""
        if len({word for word in words(text[:LONGEST]) if word in self._postings}) < LEAST_WORDS:
            return "", ""
        for near in self.ranked(text, without=without)[:1]:
            if near.system_share >= LEAST_SHARE:
                return near.system, near.section if near.share >= LEAST_SHARE else ""
        return "", ""


def question_words(question: Question) -> str:
    """All that a question says: its case, its options, and why each is right or wrong."""
    options = [part for option in question.options for part in (option.text, option.explanation)]
    return "\n".join((question.stem, *options, question.remember))


def words(text: str) -> list[str]:
    """The words of a text that may tell something, without their endings."""
    return [found for word in re.findall(r"[a-z][a-z0-9]+", text.lower()) if (found := _root(word))]


@lru_cache(maxsize=50_000)
def _root(word: str) -> str:
    """A word without its ending; "" for one that says nothing."""
    if len(word) < 3 or _CASE.fullmatch(word):
        return ""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word


def _said(one: Mapped, section: str) -> list[str]:
    return words(" ".join((one.know, one.topic, one.id.replace("-", " "), section)))


def _postings(texts: Mapping[str, list[str]]) -> dict[str, list[tuple[str, float]]]:
    """By word, what it counts for in each objective that has it."""
    lengths = [len(said) for said in texts.values()]
    mean = sum(lengths) / len(lengths) if lengths else 1.0
    having = Counter(word for said in texts.values() for word in set(said))
    postings: dict[str, list[tuple[str, float]]] = {}
    for objective, said in texts.items():
        held = SATURATION * (1 - LENGTH + LENGTH * len(said) / mean)
        for word, times in _told(Counter(said), having, COMMON * len(texts)):
            rare = math.log1p((len(texts) - having[word] + 0.5) / (having[word] + 0.5)) ** 2
            postings.setdefault(word, []).append((objective, rare * times / (times + held)))
    return postings


def _told(counts: Counter[str], having: Counter[str], most: float) -> Iterable[tuple[str, int]]:
    return ((word, times) for word, times in counts.items() if having[word] <= max(1.0, most))
