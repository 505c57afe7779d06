"""Tables and sentences for a sheet of a known width."""

from collections.abc import Iterable, Sequence

import msgspec
from tabulate import tabulate

from qbank.ui.layout import columns, laid

WIDEST = 80


class Paper(msgspec.Struct, frozen=True):
    """How wide it is, and whether it shows block characters."""

    width: int = WIDEST
    blocks: bool = False


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], align: str, paper: Paper) -> list[str]:
    """The rows under their headers, `align` one letter a column (l or r); in words where the sheet is too narrow.

    A column without a header is drawn: it has no rule, and the words leave it out.
    """
    widths = [max(map(columns, column)) for column in zip(headers, *rows, strict=True)]
    ruled = [
        headers,
        ["-" * width if header else "" for header, width in zip(headers, widths, strict=True)],
        *rows,
    ]
    sides = ["right" if letter == "r" else "left" for letter in align]
    # Its own heading would be two columns wider than its words.
    text = tabulate(ruled, tablefmt="plain", disable_numparse=True, colalign=sides)
    lines = [line.rstrip() for line in text.split("\n")]
    if max(map(columns, lines)) <= paper.width:
        return lines
    return [line for row in rows for line in wrapped([_in_words(headers, row)], paper)]


def wrapped(texts: Iterable[str], paper: Paper) -> list[str]:
    """Each text in lines of the width."""
    return [line for text in texts for line in laid(text, paper.width)]


def _in_words(headers: Sequence[str], row: Sequence[str]) -> str:
    named = [f"{header} {cell}" for header, cell in zip(headers, row, strict=True) if header and cell]
    return f"{', '.join(named)}."
