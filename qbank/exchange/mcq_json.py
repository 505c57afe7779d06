"""The records of a JSON file: one object a line, a list of objects, or objects that hold them."""

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import msgspec

from qbank.exchange.mcq_fields import is_heading, role
from qbank.exchange.mcq_rows import FaultLog, Record, bounded_lines

DEPTH_LIMIT = 4  # objects around a question; the deepest of the public sets has two

_BEGINS = re.compile(rb"\s*(?:\[\s*[{\]]|\{\s*[\"}])")
_LIST = re.compile(rb"\s*\[\s*")
_GAP = re.compile(rb"[\s,]*")
_SPACE = re.compile(r"[\s,]*")
_MEND = "Write one JSON object on each line, or all of them in one [list]."


def is_json(content: bytes) -> bool:
    """Whether a file begins like a JSON object or a list of them."""
    return _BEGINS.match(content, 0, 4096) is not None


def json_records(content: bytes, faults: FaultLog) -> Iterator[Record]:
    """The records of a file, one at a time; what is no JSON, and what is no object, goes to the faults."""
    if _LIST.match(content):
        yield from _array(content, faults)
    elif _opens_alone(content, faults):
        yield from _stream(content.decode(), 0, 1, faults)
    else:
        yield from line_records(io.BytesIO(content), faults)


def _opens_alone(content: bytes, faults: FaultLog) -> bool:
    """Whether the first line with text is only a part of an object, so that objects go over several lines."""
    first = next((line for line in bounded_lines(io.BytesIO(content), faults) if line.strip()), b"")
    if len(first) == len(content):
        return False
    try:
        _decoded(first)
    except (ValueError, RecursionError):
        return first.strip() == b"{" or first.rstrip().endswith((b"{", b"[", b","))
    return False


def line_records(file: BinaryIO, faults: FaultLog) -> Iterator[Record]:
    """The records of a file with one JSON object a line."""
    for number, line in enumerate(bounded_lines(file, faults), 1):
        if line.strip():
            try:
                value = _decoded(line)
            except UnicodeDecodeError:
                mend = "Save it as a UTF-8 JSON file."
                faults.add(number, "The text is not UTF-8 from here on.", mend)
                faults.raise_any()
            except (ValueError, RecursionError):  # a number of more than 4,300 digits among them
                faults.add(number, "This line is not JSON.", _MEND)
            else:
                yield from _records(number, value, faults)


def _decoded(line: bytes) -> object:
    """A JSON value. What only Python writes, such as NaN for a missing text, is read too."""
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(line)


def _array(content: bytes, faults: FaultLog) -> Iterator[Record]:
    """The records of a list: its items are parted first, which takes little room, and decoded one by one."""
    try:
        items = msgspec.json.decode(content, type=list[msgspec.Raw])
    except (msgspec.DecodeError, RecursionError):
        text = content.decode()
        begin = text.index("[")
        yield from _stream(text, begin + 1, 1 + text.count("\n", 0, begin), faults)
        return
    at, line = content.index(b"[") + 1, 1 + content.count(b"\n", 0, content.index(b"["))
    for item in items:
        gap = _GAP.match(content, at)
        begin = gap.end() if gap else at
        line += content.count(b"\n", at, begin)
        at = begin + len(memoryview(item))
        try:
            value = _decoded(bytes(item))
        except (ValueError, RecursionError):
            faults.add(line, "This item of the list is not JSON.", _MEND)
        else:
            yield from _records(line, value, faults)
        line += content.count(b"\n", begin, at)


def _stream(text: str, at: int, line: int, faults: FaultLog) -> Iterator[Record]:
    """The records of values that follow each other in any layout, up to where they stop to be JSON."""
    decoder = json.JSONDecoder()
    while True:
        gap = _SPACE.match(text, at)
        begin = gap.end() if gap else at
        line += text.count("\n", at, begin)
        if begin == len(text) or (text[begin] == "]" and not text[begin + 1 :].strip()):
            return
        try:
            value, at = decoder.raw_decode(text, begin)
        except (ValueError, RecursionError):
            faults.add(line, "The list is not JSON from here on.", _MEND)
            return
        yield from _records(line, value, faults)
        line += text.count("\n", begin, at)


def _records(line: int, value: object, faults: FaultLog) -> Iterator[Record]:
    if isinstance(value, dict):
        yield from (Record(line, found) for found in _questions(value, DEPTH_LIMIT))
    else:
        mend = 'Write each as an object: {"question": ..., "answer": ...}.'
        faults.add(line, "This is not a question.", mend)


def _questions(value: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any]]:
    """The question that an object is, or those in the lists and objects that it holds; itself, when it holds none."""
    asked = [key for key in value if role(key) in ("stem", "vignette")]
    if (any(map(is_heading, asked)) or (asked and "options" in map(role, value))) and not any(
        _holds_objects(value[key]) for key in asked
    ):
        yield value
        return
    inner = {key: held for key, held in value.items() if isinstance(held, dict) and _asks(held)}
    if len(inner) == 1:  # a question in an envelope: {"id": ..., "question": {"stem": ..., "choices": ...}}
        (key,) = inner
        yield {**{name: held for name, held in value.items() if name != key}, **inner[key]}
        return
    found = 0
    for key, held in value.items() if depth else ():
        for name, item in _items(key, held):
            for question in _questions(item, depth - 1):
                found += 1
                # What questions are listed by is their id where they have no other.
                yield (
                    question
                    if not name or any(role(each) == "id" for each in question)
                    else {"id": name, **question}
                )
    if not found:
        yield value


def _holds_objects(value: object) -> bool:
    """Whether a value is what holds questions: an object, or a list of them."""
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)
    )


def _asks(value: Mapping[str, Any]) -> bool:
    return any(role(key) == "stem" and isinstance(value[key], str) for key in value)


def _items(key: str, held: object) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(held, dict):
        yield (key if _asks(held) else ""), held
    elif isinstance(held, list):
        yield from (("", item) for item in held if isinstance(item, dict))
