"""Blackboard's tables of questions: no headings, tabs, and a row for each question that begins with its kind (`MC`).

Of a choice each option is followed by `correct` or `incorrect`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from qbank.exchange.mcq_rows import Record

DELIMITER = "\t"

_BEGINS = re.compile(
    rb'\s*"?(?:MC|MA|TF|ESS|ORD|MAT|FIB|FIB_PLUS|FIL|NUM|SR|OP|JUMBLED_SENTENCE|QUIZ_BOWL)"?\t'
)


def is_blackboard(content: bytes, start: int) -> bool:
    """Whether a file begins with the kind of a question, from `start` on."""
    return _BEGINS.match(content, start) is not None


def blackboard_records(rows: Iterable[tuple[int, Sequence[str]]]) -> Iterator[Record]:
    """The records of rows; those of other kinds have neither options nor an answer."""
    for line, row in rows:
        kind, text, *parts = (cell.strip() for cell in (*row, ""))
        values: dict[str, Any] = {"type": kind.upper(), "question": text}
        if values["type"] == "MC":
            pairs = zip(parts[::2], parts[1::2], strict=False)
            values["options"] = [
                {"text": option, "correct": said.casefold() == "correct"} for option, said in pairs if option
            ]
        elif values["type"] == "TF":
            values["answer"] = parts[0] if parts else ""
        yield Record(line, values)
