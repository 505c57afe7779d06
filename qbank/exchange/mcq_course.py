"""Tables without headings whose rows say themselves what they are, as course systems import them.

Brightspace has a row for each part of a question (`NewQuestion,MC`, `QuestionText,...`, `Option,100,...`); Blackboard one
for each question (`MC`, its text, and after each option `correct` or `incorrect`), parted by tabs.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from qbank.exchange.mcq_rows import FaultLog, Record, Records

FULL_MARKS = 100  # per cent, of Brightspace's key; less is for an answer that is right in part

Row = tuple[int, Sequence[str]]

_BRIGHTSPACE = re.compile(rb'^"?NewQuestion"?([,;\t])', re.IGNORECASE | re.MULTILINE)
_BLACKBOARD = re.compile(
    rb'\s*"?(?:MC|MA|TF|ESS|ORD|MAT|FIB|FIB_PLUS|FIL|NUM|SR|OP|JUMBLED_SENTENCE|QUIZ_BOWL)"?\t'
)
_BEGINNING = 64 * 1024  # bytes; Brightspace's sample has a page of remarks before its first question


def course_records(
    content: bytes, start: int, rows: Callable[[str, FaultLog], Iterable[Row]]
) -> Records | None:
    """The records of such a table, or None for another; `rows` gives a file's rows by what parts their cells."""
    if _BLACKBOARD.match(content, start):
        return Records(lambda log: _blackboard(rows("\t", log)))
    found = _BRIGHTSPACE.search(content[start : start + _BEGINNING])
    if found is None:
        return None
    mark = found[1].decode()
    return Records(lambda log: _brightspace(rows(mark, log)))


def _blackboard(rows: Iterable[Row]) -> Iterator[Record]:
    for line, row in rows:
        cells = [cell.strip() for cell in row]
        kind, text, parts = cells[0].upper(), cells[1] if len(cells) > 1 else "", cells[2:]
        values: dict[str, Any] = {"type": kind, "question": text}
        if kind == "MC":
            pairs = zip(parts[::2], parts[1::2], strict=False)
            values["options"] = [
                {"text": option, "correct": said.casefold() == "correct"} for option, said in pairs if option
            ]
        elif kind == "TF":
            values["answer"] = parts[0] if parts else ""
        yield Record(line, values)


def _brightspace(rows: Iterable[Row]) -> Iterator[Record]:
    question: dict[str, Any] = {}
    begin = 0
    for line, row in rows:
        name, *cells = (cell.strip() for cell in row)
        name = name.casefold()
        if name == "newquestion":
            if question:
                yield Record(begin, question)
            question, begin = {"type": cells[0].upper() if cells else ""}, line
        elif question and any(cells):
            _add(question, name, cells)
    if question:
        yield Record(begin, question)


def _add(question: dict[str, Any], name: str, cells: Sequence[str]) -> None:
    """Take up a row of a question."""
    first, second, _, told = (*cells, *[""] * 4)[:4]
    options = question.get("options")
    if name == "questiontext":
        question["question"] = "\n\n".join(filter(None, (first, question.get("question", ""))))
    elif name == "image":
        question["question"] = "\n\n".join(filter(None, (question.get("question", ""), f"![]({first})")))
    elif name == "feedback":
        question["explanation"] = first
    elif name == "id" and options is None:  # some programs write the next question's before it begins
        question["id"] = first
    elif name == "option" and question["type"] == "MC":
        question.setdefault("options", []).append(_option(second, first, told))
    elif name in ("true", "false") and question["type"] == "TF":
        question.setdefault("options", []).append(_option(name.title(), first, second))


def _option(text: str, percent: str, told: str) -> dict[str, Any]:
    share = percent.rstrip("% ")
    correct = share.isdecimal() and int(share) == FULL_MARKS
    return {"text": text, "correct": correct, "feedback": told}
