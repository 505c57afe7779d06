"""Tables of Brightspace, in which a question is a block of rows: `NewQuestion,MC`, then a row for each of its parts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from qbank.exchange.mcq_rows import Record

_BEGINS = re.compile(r'(?:^|[\r\n])"?NewQuestion"?([,;\t])', re.IGNORECASE)
_ASKED = ("MC", "TF")
_KINDS = {
    "WR": "written response",
    "SA": "short answer",
    "M": "matching",
    "MS": "several answers",
    "O": "ordering",
}
_FIELDS = {"id": "id", "questiontext": "question", "feedback": "explanation"}
_WHOLE = 100.0  # percent of the points


def blocks_delimiter(head: str) -> str:
    """What parts the cells of such a table, by its beginning; "" where it is none."""
    found = _BEGINS.search(head)
    return found[1] if found else ""


def block_records(rows: Iterable[tuple[int, Sequence[str]]]) -> Iterator[Record]:
    """A record for each block, on the line where it begins. Rows with hints, points and notes are passed over."""
    line, block = 0, dict[str, Any]()
    for at, row in rows:
        name, value, *rest = [cell.strip() for cell in (*row, "", "", "", "")]
        if name.casefold() == "newquestion":
            if block:
                yield Record(line, block)
            line, kind = at, value.upper()
            block = {"options": []} if kind in _ASKED else {"type": _KINDS.get(kind, kind or "unknown")}
        elif block:
            _add(block, name.casefold(), value, rest)
    if block:
        yield Record(line, block)


def _add(block: dict[str, Any], name: str, value: str, rest: Sequence[str]) -> None:
    if name in _FIELDS:
        block[_FIELDS[name]] = value
    elif name == "image" and value:
        block["question"] = f"{block.get('question', '')}\n\n![picture]({value})".strip()
    elif name == "option" and "options" in block:
        block["options"].append({"text": rest[0], "correct": _is_whole(value), "feedback": rest[2]})
    elif name in ("true", "false") and "options" in block:
        option = {"text": name.capitalize(), "correct": _is_whole(value), "feedback": rest[0]}
        block["options"].append(option)


def _is_whole(percent: str) -> bool:
    number = percent.removesuffix("%").strip()
    return number.replace(".", "", 1).isdecimal() and float(number) == _WHOLE
