"""Where things stand on the screen of a block: a bar, the question, its options, a notice and the keys, at any size.

The options keep their place: a long vignette scrolls above them, and whatever is hidden is told in words. It is a pure
function from what is to be shown to lines, so that a screen can be read in a test.
"""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec

from qbank.core import block
from qbank.core.block import BlockState
from qbank.core.pictures import KEPT, pictures_in
from qbank.core.question import Kind, Objective, Question, ServedItem
from qbank.core.response import Mode
from qbank.ui import show
from qbank.ui.beside import Beside
from qbank.ui.layout import columns, laid
from qbank.ui.tui import ink
from qbank.ui.tui.ink import Ink, Line, Piece
from qbank.ui.tui.keys import Stage, bottom_line

MEASURE, LARGE_MEASURE = 96, 44
"""Columns beyond which lines are hard to read, and those of few, wide-set lines. [judged]"""

SPACED_ROWS = 24
"""Rows from which wide-set lines leave enough of a question in sight. [judged]"""

WIDE = 110
"""Columns from which the navigator stands beside the question."""

NAVIGATOR_COLUMNS = 22
_LONGEST_NOTICE = 5
_MODES = {Mode.TIMED: "Timed", Mode.TUTOR: "Tutor", Mode.REVIEW: "Review"}


class View(msgspec.Struct, frozen=True):
    """What a block's screen shows. `right` tells whether a final answer was right; None while nothing may be told.

    `at` and `options_at` are the first lines of the question and of the options that are on the screen. `pictures` is the
    folder in which they are kept, None where they are seen beside the screen.
    """

    question: Question
    item: ServedItem
    state: BlockState
    position: int
    stage: Stage
    without: frozenset[str] = frozenset()
    clock: str = ""
    notice: str = ""
    urgent: bool = False
    turned: bool = False
    pointed: int | None = None
    objective: Objective | None = None
    licence: str = ""
    comes_back: date | None = None
    right: Callable[[int], bool] | None = None
    at: int = 0
    options_at: int = 0
    pictures: Path | None = None


class Frame(NamedTuple):
    """The screen in lines, and what scrolling needs: `rows` of the question are visible of its `lines`.

    `told` is the line of the question from which the answer is told, None before.
    """

    screen: list[Line]
    at: int
    rows: int
    lines: int
    options_at: int
    options_rows: int
    options_lines: int
    told: int | None


def framed(view: View, width: int, height: int, *, large: bool = False) -> Frame:
    """The view in `height` lines of `width` columns."""
    wide = width >= WIDE and not large
    column = width - (NAVIGATOR_COLUMNS + 1 if wide else 0)
    across = measure(width, large=large)
    spaced = ink.spaced if large and height >= SPACED_ROWS else list
    question, told = spaced(question_lines(view, across)), spaced(answer_lines(view, across))
    options = spaced(option_lines(view, across))
    notice = _notice_lines(view, width)
    room = height - 2 - len(notice)
    body = _shared([*question, *told], options, view, room, column)
    screen = body.screen
    if wide:
        beside = _window(navigator_lines(view), view.position, room)
        screen = [
            (*_padded(left, NAVIGATOR_COLUMNS), Piece("│", Ink.SOFT), *line)
            for left, line in zip(beside, screen, strict=True)
        ]
    return body._replace(
        screen=[_header(view, width), *screen, *notice, _keys(view, width)],
        told=len(question) if told else None,
    )


def measure(width: int, *, large: bool = False) -> int:
    """The columns that text takes on a screen so wide."""
    beside = NAVIGATOR_COLUMNS + 1 if width >= WIDE and not large else 0
    return max(20, min(width - beside - 2, LARGE_MEASURE if large else MEASURE))


def question_lines(view: View, width: int) -> list[Line]:
    """What stands above the options."""
    state = view.state.items[view.position]
    lines = [*ink.stem_lines(view.question.stem, state.highlights, width, view.pointed, view.pictures)]
    if view.stage is Stage.FRONT:
        lines += [(), *ink.text_lines(["Answer in your own words, then look at the back."], width)]
    elif view.turned and view.stage is not Stage.SHOWN:
        lines += [
            (),
            *ink.text_lines([f"The back: {view.question.remember}"], width, Ink.STRONG, view.pictures),
        ]
    return [*lines, ()]


def answer_lines(view: View, width: int) -> list[Line]:
    """Once the key is shown: verdict, explanations, the sentence to remember, and when the objective comes back."""
    if view.objective is None:
        return []
    state = view.state.items[view.position]
    shown = (view.question, view.item, state, width, view.objective, view.licence, view.pictures)
    lines = ink.answer_lines(*shown)
    if view.comes_back is not None:
        lines += [(), *ink.text_lines([show.comes_back_line(view.comes_back)], width)]
    if state.note:
        lines += [(), *ink.text_lines([f"Your note: {state.note}"], width)]
    return lines


def pictures(view: View) -> tuple[Beside, ...]:
    """The pictures of what is told on the screen, in reading order; once the key is shown those of explanations too."""
    question, told = view.question, view.objective is not None
    options = {letter: question.option(one) for letter, one in show.letters(view.item).items()}
    texts = [("Question", question.stem), *((letter, option.text) for letter, option in options.items())]
    if told:
        texts += [(f"{letter}, explained", option.explanation) for letter, option in options.items()]
    if told or view.turned:
        texts.append(("Back" if question.kind is Kind.RECALL else "Remember", question.remember))
    found = ((place, one, KEPT.fullmatch(one.path)) for place, text in texts for one in pictures_in(text))
    return tuple(dict.fromkeys(Beside(place, one.alt, kept["name"]) for place, one, kept in found if kept))


def option_lines(view: View, width: int) -> list[Line]:
    """The options, while one can be chosen."""
    if view.stage in (Stage.SHOWN, Stage.LOOKING, Stage.FRONT):
        return []
    if view.question.kind is Kind.RECALL and not view.turned:
        return []
    state = view.state.items[view.position]
    options = ink.option_lines(view.question, view.item, state, width, view.pictures)
    return [line for option in options for line in option]


def navigator_lines(view: View) -> list[Line]:
    """Every question with what was answered, each to be clicked."""
    lines: list[Line] = []
    for position in range(len(view.state.items)):
        look = Ink.CHOSEN if position == view.position else Ink.TEXT
        if view.right is not None and block.is_final(view.state, position):
            look = Ink.RIGHT if view.right(position) else Ink.MISSED
        pointer = ">" if position == view.position else " "
        text = f"{pointer}{position + 1:3} {entry(view, position)}"
        lines.append((Piece(text, look, ("position", str(position))),))
    return lines


def entry(view: View, position: int) -> str:
    """How one question stands, in a few words."""
    item = view.state.items[position]
    said = show.letter_of(view.state.plan.items[position], item.choice) or "-"
    if view.right is not None and block.is_final(view.state, position):
        said += " right" if view.right(position) else " missed"
    return f"{said}{' marked' if item.marked else ''}"


def _header(view: View, width: int) -> Line:
    room = width - columns(view.clock) - 3
    lefts = _headings(view)
    left = next((text for text in lefts if columns(text) <= room), lefts[-1])
    gap = max(2, width - columns(left) - columns(view.clock) - 1)
    clock = Ink.URGENT if view.urgent else Ink.BAR
    return _padded((Piece(left + " " * gap, Ink.BAR), Piece(view.clock, clock)), width, Ink.BAR)


def _headings(view: View) -> list[str]:
    """Which question it is, ever shorter: the clock beside it is never cut off."""
    number, total = view.position + 1, len(view.state.items)
    marked = view.state.items[view.position].marked
    said = "  Marked" if marked else ""
    return [
        f" Question {number} of {total}  {_MODES[view.state.plan.mode]}{said}",
        f" Question {number} of {total}{said}",
        f" {number} of {total}{said}",
        f" {number}/{total}{' M' if marked else ''}",
    ]


def _keys(view: View, width: int) -> Line:
    return _padded((Piece(" " + bottom_line(view.stage, view.without, width - 2), Ink.BAR),), width, Ink.BAR)


def _notice_lines(view: View, width: int) -> list[Line]:
    look = Ink.WARNING if view.urgent else Ink.TEXT
    texts = laid(view.notice, width - 2)[:_LONGEST_NOTICE]
    return [(Piece(" " + text, look),) for text in texts] or [()]


def _shared(question: list[Line], options: list[Line], view: View, room: int, width: int) -> Frame:
    """Share the rows: the options whole, as long as the question keeps half of the room."""
    room -= 1
    rows_options = min(len(options), max(room - len(question), room // 2))
    cut = rows_options < len(options)
    rows_options -= 1 if cut else 0
    rows = min(len(question), room - rows_options - (1 if cut else 0))
    at = max(0, min(view.at, len(question) - rows))
    options_at = max(0, min(view.options_at, len(options) - rows_options))
    screen = [_inset(line) for line in question[at : at + rows]]
    screen.append(_rule(len(question) - rows - at, at, "question" if options else "text", width))
    screen += options[options_at : options_at + rows_options]
    if cut:
        screen.append(_rule(len(options) - rows_options - options_at, options_at, "options", width))
    screen += [()] * (room + 1 - len(screen))
    return Frame(screen, at, rows, len(question), options_at, rows_options, len(options), None)


def _rule(below: int, above: int, what: str, width: int) -> Line:
    """A line across, which tells what is hidden under or over it."""
    if below:
        said = f" {below} more line{'s' if below > 1 else ''} of the {what}: Down or Space "
    else:
        said = f" The {what} begins above: Up " if above and what == "question" else ""
        said = " More options above: Up " if above and what == "options" else said
    return (Piece(f"──{said}".ljust(width, "─")[:width], Ink.WARNING if below else Ink.SOFT),)


def _window(lines: Sequence[Line], position: int, rows: int) -> list[Line]:
    """`rows` of the lines, with the one at `position` among them."""
    begin = max(0, min(position - rows // 2, len(lines) - rows))
    shown = list(lines[begin : begin + rows])
    return shown + [()] * (rows - len(shown))


def _inset(line: Line) -> Line:
    return (Piece(" "), *line) if line else line


def _padded(line: Line, width: int, look: Ink = Ink.TEXT) -> Line:
    used = sum(columns(piece.text) for piece in line)
    return (*line, Piece(" " * (width - used), look)) if used < width else line
