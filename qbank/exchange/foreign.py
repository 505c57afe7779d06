"""Formats of other question programs, one module each, found by looking at the file."""

import importlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import ModuleType
from typing import NamedTuple

from qbank.core.text import visible
from qbank.exchange.mcq_csv import names_columns
from qbank.exchange.mcq_draft import Draft

FORMATS: dict[str, str] = {
    "moodle-xml": "moodle_xml",
    "anki": "anki",
    "qti": "qti",
    "aiken": "aiken",
    "gift": "gift",
}
"""The module of each format by its name, in the order in which a file is tried.

A module gives `recognises(name, content) -> bool`, from the file's name and its bytes, and `read(content, faults) -> Read`.
"""

MAPPED = frozenset({"anki"})
"""Those whose `read` takes a map of fields as well, `read(content, faults, columns, recall=...)`."""


class Skipped(NamedTuple):
    """A question that cannot be asked here: its line or number in the file, and why, in a few words.

    `where` is its place in words where a line is not enough, as in a package of files.
    """

    line: int
    reason: str
    where: str = ""


class PastReview(NamedTuple):
    """A review in another program: when it was, in UTC, and FSRS's rating, 1 for Again to 4 for Easy."""

    at: datetime
    rating: int


class Read(NamedTuple):
    """What a file holds: drafts of single-best-answer questions, and what was left out.

    `pictures` are the files that texts of drafts show as `![alt](path)`, by that path. `reviews` are the learner's own of
    each draft, by its id, oldest first.
    """

    drafts: Sequence[Draft]
    skipped: Sequence[Skipped]
    pictures: Mapping[str, bytes] = {}
    reviews: Mapping[str, Sequence[PastReview]] = {}


def format_of(name: str, content: bytes) -> str | None:
    """The format of a file; None when it is none of these, or a table whose cells may hold anything."""
    if names_columns(content):
        return None
    return next((known for known in FORMATS if module_of(known).recognises(name, content)), None)


def module_of(name: str) -> ModuleType:
    return importlib.import_module(f"qbank.exchange.{FORMATS[name]}")


def place_of(skipped: Skipped) -> str:
    """Where it stands, in words that can be shown."""
    return visible(skipped.where) or f"line {skipped.line}"


def left_out(skipped: Sequence[Skipped]) -> Iterator[str]:
    """A sentence for each reason that something was left out for, with how many and where the first is."""
    first: dict[str, str] = {}
    for one in skipped:
        first.setdefault(one.reason, place_of(one))
    for reason, count in sorted(Counter(one.reason for one in skipped).items()):
        yield f"Left out, {reason}: {count}, the first at {first[reason]}."
