"""Question text laid out in lines: paragraphs, lists, pipe tables and emphasis, the little Markdown that questions use.

Everything is in reading order and of a known width, so that it serves a screen reader, a pipe and a screen alike. A span of
the text can be set off: `MARK_ON` and `MARK_OFF` take no column, and whoever shows the lines says what they look like.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from qbank.core.pictures import KEPT, Picture, with_pictures
from qbank.core.text import visible

MARK_ON = "\ue000"
MARK_OFF = "\ue001"
_KEPT_SPACE = "\ue002"  # within a path, which is copied from the screen and must stay whole

_NARROWEST = 20

# Bounded, so that a text of nothing but marks takes no longer than another.
_EMPHASIS = (
    re.compile(r"(?<![\w\\*])(\*{1,3})(?=[^\s*])(.{0,300}?[^\s\\*])\1(?![\w*])", re.DOTALL),
    re.compile(r"(?<![\w\\])(_{1,3})(?=[^\s_])(.{0,300}?[^\s\\_])\1(?!\w)", re.DOTALL),
)
_CODE = re.compile(r"(?<![`\\])(`+)(?!`)(.{1,300}?)(?<!`)\1(?!`)", re.DOTALL)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_HARD_BREAK = re.compile(r"(?: {2,}|\\)\n")
_SPACE = re.compile(r"[ \t\n]+")
LIST_ITEM = re.compile(r" {0,3}([-*+]|\d{1,3}[.)]) +(?=\S)")
_CELL_END = re.compile(r"(?<!\\)\|")
_RULE_CELL = re.compile(r" *:?-+:? *")


def laid(text: str, width: int, pictures: Path | None = None) -> list[str]:
    """Markdown as lines: paragraphs and tables apart by one empty line, list items each on their own.

    A picture becomes `[picture: alt - path]`. Those that are kept lie in the folder `pictures`; without it, where they are
    seen beside the text, their paths are left out.
    """
    lines: list[str] = []
    shown = with_pictures(visible(text), lambda picture: _told(picture, pictures))
    for block in re.split(r"\n[ \t]*\n", shown):
        found = list(_block_lines(block.split("\n"), width))
        if found:
            lines += [*([""] if lines else []), *found]
    return [line.replace(_KEPT_SPACE, " ") for line in lines] if shown is not text else lines


def hung(prefix: str, text: str, width: int, pictures: Path | None = None) -> list[str]:
    """The text after `prefix`, its further lines indented by as much."""
    first, *rest = laid(text, max(width, _NARROWEST) - len(prefix), pictures) or [""]
    return [(prefix + first).rstrip(), *((" " * len(prefix) + line).rstrip() for line in rest)]


def _told(picture: Picture, folder: Path | None) -> str:
    """A picture in words, its path as Markdown that is laid out as it stands."""
    kept = KEPT.fullmatch(picture.path)
    path = picture.path if kept is None else str(folder / kept["name"]) if folder else ""
    path = _PUNCTUATION.sub(r"\\\g<0>", visible(path)).replace(" ", _KEPT_SPACE)
    said = " - ".join(filter(None, (picture.alt.strip(), path)))
    return f"[picture: {said}]" if said else "[picture]"


_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def columns(text: str) -> int:
    """How many terminal columns a line takes: wide East Asian characters two, combining marks none.

    A variation selector counts one: after it many terminals draw the character before it in two columns.
    Source: Unicode Standard Annex 11, East Asian Width, section 5.
    """
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(character: str) -> int:
    if character in (MARK_ON, MARK_OFF):
        return 0
    if unicodedata.category(character) in ("Mn", "Me") and character != "\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _block_lines(source: list[str], width: int) -> Iterator[str]:
    """A table may follow its caption without an empty line, so a block is taken apart line by line."""
    prose: list[str] = []
    at = 0
    while at < len(source):
        if not is_table(source[at : at + 2]):
            prose.append(source[at])
            at += 1
            continue
        yield from _prose(prose, width)
        prose, begin = [], at
        while at < len(source) and "|" in source[at]:
            at += 1
        yield from _table(source[begin:at], width)
    yield from _prose(prose, width)


def _prose(source: list[str], width: int) -> Iterator[str]:
    paragraphs: list[list[str]] = [[]]
    for line in source:
        if _begins_item(line, in_list=bool(paragraphs[-1] and LIST_ITEM.match(paragraphs[-1][0]))):
            paragraphs.append([])
        paragraphs[-1].append(line)
    for paragraph in paragraphs:
        yield from _paragraph("\n".join(paragraph), width)


def _begins_item(line: str, *, in_list: bool) -> bool:
    """Whether a line begins a list item.

    A number other than 1 begins no list inside a paragraph, where it may be a result (CommonMark 0.31,
    section 5.3).
    """
    bullet = LIST_ITEM.match(line)
    return bullet is not None and (in_list or not bullet[1][0].isdigit() or bullet[1][:-1] == "1")


def _paragraph(text: str, width: int) -> Iterator[str]:
    bullet = LIST_ITEM.match(text)
    marker = f"{bullet[1]} " if bullet else ""
    body = text[bullet.end() :] if bullet else text
    lines = [
        line
        for part in _HARD_BREAK.split(body)
        for line in _wrapped(_without_markers(part), width - len(marker))
    ]
    for number, line in enumerate(lines):
        yield (" " * len(marker) if number else marker) + line


def _without_markers(text: str) -> str:
    """The text without emphasis and code marks and with escaped punctuation as itself.

    A star or underscore inside a word stays, for it may be a name: HLA-B*27, CYP2D6*4.
    """
    text = _CODE.sub(r"\2", text)
    for pattern in _EMPHASIS:
        for _ in range(2):
            text = pattern.sub(r"\2", text)
    return _ESCAPE.sub(r"\1", text)


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of whole words; a word longer than a line is broken. `textwrap` cannot count wide characters."""
    line = ""
    for word in filter(None, _SPACE.split(text)):
        if line and columns(line) + 1 + columns(word) <= width:
            line += " " + word
            continue
        if line:
            yield line
        *full, line = _broken(word, width)
        yield from full
    if line:
        yield line


def _broken(word: str, width: int) -> Iterator[str]:
    if columns(word) <= width:
        yield word
        return
    piece, used = "", 0
    for character in word:
        if used + _columns_of(character) > width:
            yield piece
            piece, used = "", 0
        piece += character
        used += _columns_of(character)
    yield piece


def is_table(source: list[str]) -> bool:
    """Whether two lines are the head and the rule of a pipe table."""
    if len(source) < 2 or not all("|" in line for line in source):
        return False
    head, rule = map(_cells, source)
    return len(head) == len(rule) and all(map(_RULE_CELL.fullmatch, rule))


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return _CELL_END.split(inner)


def _table(source: list[str], width: int) -> Iterator[str]:
    # Imported here: most questions have no table, and a block should start fast.
    from tabulate import tabulate

    head, _, *rows = [
        [_SPACE.sub(" ", _without_markers(cell)).strip(" ") for cell in _cells(line)] for line in source
    ]
    rows = [(row + [""] * len(head))[: len(head)] for row in rows]
    lines = tabulate(rows, headers=head, tablefmt="simple", disable_numparse=True).split("\n")
    if all(columns(line.rstrip()) <= width for line in lines):
        yield from (line.rstrip() for line in lines)
        return
    for number, row in enumerate(rows or [[""] * len(head)]):
        if number:
            yield ""
        for name, cell in zip(head, row, strict=True):
            yield from _wrapped(f"{name}: {cell}" if name else cell, width)
