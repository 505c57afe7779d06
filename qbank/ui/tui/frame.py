"""Where things stand on the screen of a block: a bar, the question, its options, a notice and the keys, at any size.

The options keep their place: a long vignette scrolls above them, and whatever is hidden is told in words.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import msgspec
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget

from qbank.core import block
from qbank.core.block import BlockState
from qbank.core.question import Kind, Objective, Question, ServedItem
from qbank.core.response import Mode
from qbank.ui import show
from qbank.ui.layout import columns, laid
from qbank.ui.tui import ink
from qbank.ui.tui.ink import Ink, Line, Piece
from qbank.ui.tui.keys import Stage, bottom_line
from qbank.ui.tui.page import Page

NOTICE_MS = 120_000
"""Time left at which it is told: two minutes, as on the exam day."""

MEASURE, LARGE_MEASURE = 96, 44
"""Columns beyond which lines are hard to read, and those of few, wide-set lines. [judged]"""

WIDE = 110
"""Columns from which the navigator stands beside the question."""

NAVIGATOR_COLUMNS = 24
_LONGEST_NOTICE = 5

CSS = """
BlockScreen { layout: vertical; background: $background; }
#header, #keys { height: 1; }
#body { height: 1fr; }
#navigator { width: 24; height: 1fr; border-right: solid $panel; padding: 0 1; display: none; }
#main { width: 1fr; height: 1fr; }
#stem { padding: 0 1; }
#rule, #sign { height: 1; }
#options { padding: 0; }
#notice { height: 1; }
"""

_MODES = {Mode.TIMED: "Timed", Mode.TUTOR: "Tutor", Mode.REVIEW: "Review"}


class View(msgspec.Struct, frozen=True):
    """What a block's screen shows. `right` tells whether a final answer was right; None while nothing may be told."""

    question: Question
    item: ServedItem
    state: BlockState
    position: int
    stage: Stage
    without: frozenset[str] = frozenset()
    clock: str = ""
    notice: str = ""
    turned: bool = False
    pointed: int | None = None
    objective: Objective | None = None
    comes_back: date | None = None
    right: Callable[[int], bool] | None = None


def pages() -> Iterator[Widget]:
    """The screen's parts, empty."""
    yield Page(id="header", ink=Ink.BAR)
    with Horizontal(id="body"):
        yield Page(id="navigator")
        with Vertical(id="main"):
            yield Page(id="stem")
            yield Page(id="rule")
            yield Page(id="options")
            yield Page(id="sign")
    yield Page(id="notice")
    yield Page(id="keys", ink=Ink.BAR)


def draw(screen: Screen[Any], view: View, *, large: bool) -> None:
    """Put the view on the screen's parts, in the room that there is."""
    width, height = screen.size
    wide = width >= WIDE and not large
    _put_bars(screen, view, width)
    navigator = screen.query_one("#navigator", Page)
    navigator.display = wide
    if wide:
        navigator.put(navigator_lines(view))
    column = width - (NAVIGATOR_COLUMNS if wide else 0) - 3
    measure = max(20, min(column, LARGE_MEASURE if large else MEASURE))
    notice = _notice_lines(view.notice, width)
    screen.query_one("#notice", Page).put(notice)
    screen.query_one("#notice").styles.height = max(1, len(notice))
    room = height - 2 - max(1, len(notice))
    spaced = ink.spaced if large else list
    _put_question(screen, spaced(question_lines(view, measure)), spaced(option_lines(view, measure)), room)


def question_lines(view: View, width: int) -> list[Line]:
    """What stands above the options; once the key is shown, the whole of it."""
    item_state = view.state.items[view.position]
    lines = ink.stem_lines(view.question.stem, item_state.highlights, width, view.pointed)
    if view.stage is Stage.FRONT:
        lines += [(), *ink.text_lines(["Answer in your own words, then look at the back."], width)]
    elif view.turned and view.stage is not Stage.SHOWN:
        lines += [(), *ink.text_lines([f"The back: {view.question.remember}"], width, Ink.STRONG)]
    elif view.objective is not None:
        lines += [(), *ink.answer_lines(view.question, view.item, item_state, width, view.objective)]
        if view.comes_back is not None:
            lines += [(), *ink.text_lines([show.comes_back_line(view.comes_back)], width)]
        if item_state.note:
            lines += [(), *ink.text_lines([f"Your note: {item_state.note}"], width)]
    return lines


def verdict_row(view: View, width: int) -> int:
    """The line from which the answer is told, counted from 0."""
    state = view.state.items[view.position]
    return len(ink.stem_lines(view.question.stem, state.highlights, width)) + 1


def option_lines(view: View, width: int) -> list[Line]:
    """The options, while one can be chosen."""
    if view.stage in (Stage.SHOWN, Stage.LOOKING, Stage.FRONT):
        return []
    state = view.state.items[view.position]
    return [
        line
        for option in ink.option_lines(view.question, view.item, state, width)
        for line in option
        if view.question.kind is Kind.CHOICE or view.turned
    ]


def navigator_lines(view: View) -> list[Line]:
    """Every question with what was answered, each to be clicked."""
    lines: list[Line] = []
    for position in range(len(view.state.items)):
        said = entry(view, position)
        style = Ink.CHOSEN if position == view.position else Ink.TEXT
        if view.right is not None and block.is_final(view.state, position):
            style = Ink.RIGHT if view.right(position) else Ink.MISSED
        pointer = ">" if position == view.position else " "
        lines.append((Piece(f"{pointer}{position + 1:3} {said}", style, ("position", str(position))),))
    return lines


def entry(view: View, position: int) -> str:
    """How one question stands, in a few words."""
    item = view.state.items[position]
    said = show.letter_of(view.state.plan.items[position], item.choice) or "-"
    if view.right is not None and block.is_final(view.state, position):
        said += " right" if view.right(position) else " missed"
    return f"{said}{' marked' if item.marked else ''}"


def _put_bars(screen: Screen[Any], view: View, width: int) -> None:
    item = view.state.items[view.position]
    total = len(view.state.items)
    left = f" Question {view.position + 1} of {total}  {_MODES[view.state.plan.mode]}"
    left += "  Marked" if item.marked else ""
    gap = max(2, width - columns(left) - columns(view.clock) - 1)
    warns = Ink.WARNING if view.notice.startswith("Two minutes") else Ink.BAR
    screen.query_one("#header", Page).put(
        [(Piece(left, Ink.BAR), Piece(" " * gap, Ink.BAR), Piece(view.clock, warns))]
    )
    keys = " " + bottom_line(view.stage, view.without, width - 2)
    screen.query_one("#keys", Page).put([(Piece(keys, Ink.BAR),)])


def _notice_lines(notice: str, width: int) -> list[Line]:
    return [(Piece(" " + line),) for line in laid(notice, width - 2)[:_LONGEST_NOTICE]]


def _put_question(screen: Screen[Any], stem: list[Line], options: list[Line], room: int) -> None:
    """Share the rows: the options whole, as long as the question keeps half of the room."""
    stem_page, options_page = screen.query_one("#stem", Page), screen.query_one("#options", Page)
    rule, sign = screen.query_one("#rule", Page), screen.query_one("#sign", Page)
    rows = room - (1 if options else 0)
    for_options = min(len(options), max(rows - len(stem), rows // 2))
    cut = for_options < len(options)
    for_options -= 1 if cut else 0
    for_stem = min(len(stem), rows - for_options - (1 if cut else 0)) if options else room - 1
    rule.display, sign.display = True, cut
    stem_page.styles.height, options_page.styles.height = for_stem, for_options
    options_page.display = bool(options)
    stem_page.put(stem)
    options_page.put(options)
    hidden = max(0, len(stem) - for_stem - round(stem_page.scroll_y))
    more = f" {hidden} more lines of the question: Space or Down " if hidden else ""
    rule.put([(Piece(f"──{more}".ljust(screen.size.width, "─"), Ink.SOFT),)])
    out = max(0, len(options) - for_options - round(options_page.scroll_y))
    above = round(options_page.scroll_y) > 0
    told = f" {out} more lines of the options: Down " if out else " Options above: Up " if above else ""
    sign.put([(Piece(f"──{told}".ljust(screen.size.width, "─"), Ink.WARNING),)])
