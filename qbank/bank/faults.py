"""Faults of one file, gathered so that a single run shows all of them."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from qbank.core.text import visible
from qbank.errors import BankInvalid, Fault

NAMED = 12
"""Words that are listed where none is near; more is no help."""


@dataclass(slots=True)
class FaultList:
    """The faults found so far in the file `path`."""

    path: str
    items: list[Fault] = field(default_factory=list)

    def add(self, line: int, message: str, mend: str) -> None:
        """Lines count from 1. What is quoted from the file is made safe to show."""
        self.items.append(Fault(self.path, line, visible(message), visible(mend)))

    def raise_any(self) -> None:
        """Raise BankInvalid with every fault, if there is one."""
        if self.items:
            raise BankInvalid(self.items)


def nearest(word: str, words: Iterable[str]) -> str:
    """`Did you mean "x"?` for the nearest of the words, or a sentence that lists them, the first NAMED of many."""
    known = sorted(words)
    close = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    if close:
        return f'Did you mean "{close[0]}"?'
    more = ", ..." if len(known) > NAMED else "."
    return f"Use one of: {', '.join(known[:NAMED])}{more}"
