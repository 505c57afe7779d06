"""What was answered, a line an answer, in tables that fit where they are shown."""

from collections.abc import Iterable, Sequence

from tabulate import tabulate

from qbank.app.history import outcome
from qbank.core.response import MissReason
from qbank.store.answers import PastAnswer, PastBlock

ID_SHOWN = 13
"""Characters of a block's id, which tell its millisecond: enough for `qbank look`. Source: RFC 9562, section 5.7."""

SUGGESTED = "~"
"""Before a system that is only suggested."""

_GAP = 2
_SQUEEZED = ((2, 10), (1, 18), (5, 10))
"""Columns that give way where a line is too long, in this order, and how narrow each may get. [judged]"""

_SHORT = {MissReason.REASONED_WRONGLY.value: "reasoned wrongly"}

_Row = tuple[str, ...]


def answer_lines(answers: Iterable[PastAnswer], width: int | None) -> list[str]:
    """The answers as a table of at most `width` columns where that can be, of any width for None."""
    rows = [
        (
            one.study_day.isoformat(),
            one.question,
            f"{SUGGESTED if one.suggested else ''}{one.system}" or "-",
            f"{outcome(one)}{' (taken back)' if one.retracted else ''}",
            f"{one.elapsed_ms / 1000:.0f}",
            _SHORT.get(one.reason, one.reason) if one.reason else "",
        )
        for one in answers
    ]
    headers = ("Day", "Question", "System", "Result", "Sec", "Reason")
    fitted = rows if width is None else _fitted(headers, rows, width)
    return tabulate(
        fitted,
        headers=headers,
        tablefmt="simple",
        disable_numparse=True,
        colalign=("left", "left", "left", "left", "right", "left"),
    ).splitlines()


def block_lines(blocks: Iterable[PastBlock]) -> list[str]:
    """The blocks as a table."""
    rows = [
        (
            one.id[:ID_SHOWN],
            one.study_day.isoformat(),
            one.mode,
            one.purpose,
            _result(one),
            f"{one.elapsed_ms / 60_000:.0f}" if one.closed else "",
        )
        for one in blocks
    ]
    headers = ("Block", "Day", "Mode", "For", "Right", "Min")
    return tabulate(
        rows,
        headers=headers,
        tablefmt="simple",
        disable_numparse=True,
        colalign=("left", "left", "left", "left", "left", "right"),
    ).splitlines()


def suggested_line(answers: Iterable[PastAnswer]) -> str:
    """What the mark before a system says, if one of them has it."""
    if not any(one.suggested for one in answers):
        return ""
    return f"{SUGGESTED} The system is only suggested by the question's words. Settle it with: qbank bank classify"


def end_line(shown: int, skip: int, *, more: bool, what: str) -> str:
    """How many are shown and how to come to the older ones; `what` is one of them."""
    last = skip + shown
    if more:
        counted = f"{skip + 1} to {last}, counted from the latest" if skip else f"The latest {shown}"
        return f"{counted}. For older {what}s add: --skip {last}"
    if skip:
        return f"{skip + 1} to {last}, counted from the latest; there are no older {what}s."
    return f"One {what}." if shown == 1 else f"All {shown} {what}s, the latest first."


def _result(one: PastBlock) -> str:
    if not one.closed:
        return "open"
    return "-" if one.asked is None else f"{one.right} of {one.asked}"


def _fitted(headers: _Row, rows: Sequence[_Row], width: int) -> list[_Row]:
    """The rows with long cells cut, until a line of the table fits or nothing more can give way."""
    widths = [max(map(len, column)) for column in zip(headers, *rows, strict=True)]
    over = sum(widths) + _GAP * (len(widths) - 1) - width
    for column, least in _SQUEEZED:
        given = min(max(0, over), max(0, widths[column] - least))
        widths[column] -= given
        over -= given
    return [tuple(_cut(cell, most) for cell, most in zip(row, widths, strict=True)) for row in rows]


def _cut(cell: str, most: int) -> str:
    return cell if len(cell) <= most else cell[: most - 1] + "…"
