"""The records of a table or a JSON file, each with the line on which it begins, and the faults of a file."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple, TypeVar

from qbank.core.text import visible
from qbank.errors import Fault, InputInvalid

T = TypeVar("T")

SIZE_LIMIT = 256 * 1024 * 1024  # bytes; the largest public set has half of that
LINE_LIMIT = 16 * 1024 * 1024  # bytes of a line; a question with the longest texts that are allowed has fewer
ROW_LIMIT = 200_000  # the largest public set has 182,822
FAULT_LIMIT = 1000  # a file of the wrong kind would have one on every line


@dataclass(frozen=True, slots=True)
class Record:
    """One question as the file has it: heading or key -> value."""

    line: int
    values: Mapping[str, Any]


@dataclass(slots=True)
class FaultLog:
    """The faults of the file `name`; at FAULT_LIMIT it raises them."""

    name: str
    items: list[Fault] = field(default_factory=list)

    def add(self, line: int, message: str, mend: str) -> None:
        self.items.append(Fault(visible(self.name), line, visible(message), visible(mend)))
        if len(self.items) == FAULT_LIMIT:
            self.items.append(Fault(visible(self.name), line, "There are more faults.", "Mend these first."))
            self.raise_any()

    def add_unknown(self, line: int, message: str, word: str, words: Iterable[str]) -> None:
        """A fault whose mend is the nearest of the known words, or the list of them."""
        known = {known.casefold(): known for known in sorted(words)}
        close = difflib.get_close_matches(word.casefold(), known, n=1, cutoff=0.5)
        mend = f'Did you mean "{known[close[0]]}"?' if close else f"There are: {', '.join(known.values())}."
        self.add(line, message, mend)

    def raise_any(self) -> None:
        """Raise InputInvalid with every fault, if there is one."""
        if self.items:
            raise InputInvalid(self.items)


class Records(NamedTuple):
    """The records of a file, read anew each time they are gone through, so that they need not be held.

    `each` gives the faults of the file's form to the log that it is handed. `headed` is a table whose headings its author
    wrote, as against what a program wrote; `shape` is that of a table without headings.
    """

    each: Callable[[FaultLog], Iterator[Record]]
    headed: bool = False
    shape: str = ""


def limited(rows: Iterator[T], faults: FaultLog) -> Iterator[T]:
    """The rows of a file. Raises InputInvalid when there are more than ROW_LIMIT."""
    for number, row in enumerate(rows):
        if number > ROW_LIMIT:  # one of them may be a header
            faults.add(1, f"The file holds more than {ROW_LIMIT:,} questions.", "Split it.")
            faults.raise_any()
        yield row


def bounded_lines(file: BinaryIO, faults: FaultLog) -> Iterator[bytes]:
    """The lines of a file from where it stands, each with its end. Raises InputInvalid at one over LINE_LIMIT."""
    number = 0
    while line := file.readline(LINE_LIMIT + 1):
        number += 1
        if len(line) > LINE_LIMIT:
            message = f"The line is longer than {LINE_LIMIT // 1024**2} MiB."
            faults.add(number, message, "Write one question on each line.")
            faults.raise_any()
        yield line
