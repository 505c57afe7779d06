"""A question's text by sentences, the unit in which it is highlighted.

A highlight is kept as a span of characters, not as a number, so a better splitter never moves what was set off before.
"""

import re
from collections.abc import Iterable, Iterator

from qbank.ui.layout import LIST_ITEM, MARK_OFF, MARK_ON, is_table

Span = tuple[int, int]
"""From the first character of a text to the one behind the last."""

_ABBREVIATIONS = ("Dr.", "Mr.", "Mrs.", "Ms.", "St.", "vs.", "e.g.", "i.e.", "approx.", "No.")
_END = re.compile(r"[.?!][\"')\]”’]*(?=\s+[\"'(\[“‘]?[A-Z0-9])")


def sentences(text: str) -> tuple[Span, ...]:
    """The spans of a text's sentences and list items, in reading order; tables hold none."""
    return tuple(span for begin, end in _paragraphs(text) for span in _split(text, begin, end))


def set_off(text: str, spans: Iterable[Span]) -> str:
    """The text with MARK_ON and MARK_OFF around each span; spans that lie outside of it are left out."""
    marked = text.translate({ord(MARK_ON): "\ufffd", ord(MARK_OFF): "\ufffd"})
    for begin, end in sorted(_apart(spans), reverse=True):
        if end <= len(text):
            marked = f"{marked[:begin]}{MARK_ON}{marked[begin:end]}{MARK_OFF}{marked[end:]}"
    return marked


def _apart(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans in order, those that overlap joined: an older splitter may have drawn them otherwise."""
    joined: Span | None = None
    for begin, end in sorted(spans):
        if joined is not None and begin < joined[1]:
            joined = joined[0], max(end, joined[1])
            continue
        if joined is not None:
            yield joined
        joined = begin, end
    if joined is not None:
        yield joined


def _paragraphs(text: str) -> Iterator[Span]:
    """Runs of prose lines: each paragraph, list item and caption, without its marker."""
    lines = [(match.start(), match[0]) for match in re.finditer(r"[^\n]+|(?<=\n)(?=\n)", text)]
    begin: int | None = None
    end = 0
    number = 0
    while number < len(lines):
        at, line = lines[number]
        table = is_table([each for _, each in lines[number : number + 2]])
        item = LIST_ITEM.match(line)
        if begin is not None and (table or item or not line.strip()):
            yield begin, end
            begin = None
        if table:
            while number < len(lines) and "|" in lines[number][1]:
                number += 1
            continue
        if line.strip():
            if begin is None:
                begin = at + (item.end() if item else len(line) - len(line.lstrip()))
            end = at + len(line.rstrip())
        number += 1
    if begin is not None:
        yield begin, end


def _split(text: str, begin: int, end: int) -> Iterator[Span]:
    for match in _END.finditer(text, begin, end):
        word = text[begin : match.end()].rsplit(maxsplit=1)[-1]
        if word in _ABBREVIATIONS:
            continue
        yield begin, match.end()
        begin = match.end()
        while begin < end and text[begin].isspace():
            begin += 1
    if begin < end:
        yield begin, end
