"""What is asked over a question. Each takes one key or one line, and Escape always changes nothing."""

from collections.abc import Sequence
from typing import Any, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from qbank.app.practice import Practice
from qbank.core import block
from qbank.core.response import MissReason
from qbank.errors import UsageError
from qbank.ui import prompts
from qbank.ui.conversation import Ask, Confirm
from qbank.ui.tui import ink
from qbank.ui.tui.frame import View, entry
from qbank.ui.tui.ink import Ink, Line, Piece
from qbank.ui.tui.keys import Stage, help_rows
from qbank.ui.tui.sheet import Sheet
from qbank.ui.tui.stack import finish, passed_on

T = TypeVar("T")

LEAVING = (
    "Leave this block? Every answer is saved, and it goes on later with the time that is left.",
    "It then counts as interrupted, and its pace tells less.",
)
LEAVING_EXAM = (
    "Leave? Every answer is saved, and the clocks of your exam day run on: nothing stops them.",
    "`qbank exam` takes the day up where its clock stands.",
)
CANCELS = ("escape", "ctrl+c", "ctrl+q")
SCROLLS = ("up", "down", "pageup", "pagedown", "space")
_LINE_SCROLLS = SCROLLS[:-1]
"""The keys that scroll where a space is written."""


class Dialog(ModalScreen[T]):
    """Some lines over the question, and what answers them."""

    DEFAULT_CSS = """
    Dialog { align: center bottom; background: transparent; }
    Dialog > Vertical {
        width: 100%; max-width: 100; height: auto; max-height: 90%; background: $background; border: round $primary;
    }
    Dialog Input { padding: 0 1; background: $background; }
    """
    AUTO_FOCUS = "Input"

    def __init__(self, texts: Sequence[str], *, title: str = "") -> None:
        super().__init__()
        self._texts = tuple(texts)
        self._title = title
        self._at = 0
        self._rows = 1

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = self._title
            yield Sheet(id="said")
            yield from self.answering()

    def answering(self) -> ComposeResult:
        """What takes a line of text, where one is asked for."""
        return ()

    def on_mount(self) -> None:
        self.draw()

    def on_resize(self) -> None:
        self.draw()

    def draw(self) -> None:
        """Put the lines on the sheet, as many as there is room for, from the row that was scrolled to."""
        said = self.query_one("#said", Sheet)
        lines = self.lines(max(20, min(self.size.width, 100) - 4))
        self._rows = max(1, min(len(lines), self.size.height * 9 // 10 - 2 - len(self.query(Input))))
        self._at = max(0, min(self._at, len(lines) - self._rows))
        said.styles.height = self._rows
        shown = [(Piece(" "), *line) for line in lines[self._at : self._at + self._rows]]
        below = len(lines) - self._at - self._rows
        if below > 0:
            shown[-1] = (Piece(f" {below + 1} more lines: Down", Ink.WARNING),)
        said.put(shown)

    def lines(self, width: int) -> list[Line]:
        """What is said, in lines of at most `width` columns."""
        return ink.text_lines(self._texts, width)

    def scrolled(self, rows: int) -> None:
        """Show the lines so many rows further down, or up."""
        self._at += rows
        self.draw()

    def moves(self, key: str) -> bool:
        """Scroll by a key that means it; False for any other."""
        page = max(1, self._rows - 1)
        rows = dict(zip(SCROLLS, (-1, 1, -page, page, page), strict=True)).get(key)
        if rows is not None:
            self.scrolled(rows)
        return rows is not None

    def on_sheet_wheeled(self, message: Sheet.Wheeled) -> None:
        self.scrolled(message.rows)

    def on_key(self, event: events.Key) -> None:
        # Textual calls the `on_key` of every class in the line of a dialog, so this is the only one.
        if passed_on(self, event):
            return
        if self.writes(event.key):
            self._write_ahead(event)
            return
        event.stop()
        event.prevent_default()
        self.press(event)

    def _write_ahead(self, event: events.Key) -> None:
        """A letter comes past its line only when it was typed before the line was there."""
        if event.is_printable and event.character is not None:
            event.stop()
            self.query_one(Input).insert_text_at_cursor(event.character)

    def writes(self, key: str) -> bool:
        """Whether a key belongs to the line of text in here, and not to the dialog."""
        return False

    def press(self, event: events.Key) -> None:
        """What a key does here."""
        if not self.moves(event.key):
            finish(self, None)


class ConfirmDialog(Dialog[bool | None]):
    """A question for yes or no. Enter takes the default; Escape means no answer."""

    def __init__(self, texts: Sequence[str], *, default: bool, title: str = "") -> None:
        super().__init__((*texts, f"y yes, n no; Enter means {'yes' if default else 'no'}."), title=title)
        self._default = default

    def press(self, event: events.Key) -> None:
        if event.key in ("y", "n", "enter"):
            finish(self, self._default if event.key == "enter" else event.key == "y")
        elif event.key in CANCELS:
            finish(self, None)
        else:
            self.moves(event.key)


class ReasonDialog(Dialog[MissReason | None]):
    """The reason for a miss, by one key. It stays low, so that the question it is about can be read meanwhile."""

    def __init__(self, said: str) -> None:
        super().__init__((said,), title="A number; Enter skips")

    def lines(self, width: int) -> list[Line]:
        reasons = prompts.reason_lines()
        half = (len(reasons) + 1) // 2
        left, right = reasons[:half], [*reasons[half:], ""][:half]
        across = max(map(len, left)) + 4
        if across + max(map(len, right)) <= width:
            reasons = [one.ljust(across) + other for one, other in zip(left, right, strict=True)]
        return [*super().lines(width), *(ink.plain_line(text) for text in reasons)]

    def press(self, event: events.Key) -> None:
        if event.key in ("enter", *CANCELS):
            finish(self, None)
            return
        try:
            finish(self, prompts.parse_reason(event.character or "?"))
        except UsageError:
            self.moves(event.key)


class HelpDialog(Dialog[None]):
    """Every key that does something now."""

    def __init__(self, stage: Stage, without: frozenset[str]) -> None:
        super().__init__((), title="Keys")
        self._keys = help_rows(stage, without)

    def lines(self, width: int) -> list[Line]:
        wide = max(len(shown) for shown, _ in self._keys) + 2
        found: list[Line] = []
        for shown, says in self._keys:
            first, *rest = ink.text_lines([says], width - wide)
            found.append((Piece(shown.ljust(wide), Ink.STRONG), *first))
            found += [(Piece(" " * wide), *line) for line in rest]
        return [
            *found,
            (),
            ink.plain_line("These keys are qbank's own; the test centre has its own.", Ink.SOFT),
        ]


class ListDialog(Dialog[int | None]):
    """The questions and how they stand; arrows and Enter go to one."""

    def __init__(self, view: View) -> None:
        super().__init__((), title="Questions")
        self._view = view
        self._chosen = view.position

    def lines(self, width: int) -> list[Line]:
        total = len(self._view.state.items)
        said = [f"{number + 1:3} {entry(self._view, number)}" for number in range(total)]
        cell = max(map(len, said)) + 3
        self._across = max(1, width // cell)
        pieces = [
            Piece(
                text.ljust(cell),
                Ink.POINTED if number == self._chosen else Ink.TEXT,
                ("position", str(number)),
            )
            for number, text in enumerate(said)
        ]
        rows: list[Line] = [
            tuple(pieces[begin : begin + self._across]) for begin in range(0, total, self._across)
        ]
        return [
            *rows,
            (),
            ink.plain_line("Arrows and Enter, or a click, go to a question; Esc goes back.", Ink.SOFT),
        ]

    def press(self, event: events.Key) -> None:
        moves = {"left": -1, "right": 1, "up": -self._across, "down": self._across}
        if event.key in moves:
            last = len(self._view.state.items) - 1
            self._chosen = max(0, min(self._chosen + moves[event.key], last))
            self._at = self._chosen // self._across - self._rows // 2
            self.draw()
        elif event.key == "enter":
            finish(self, self._chosen)
        elif event.key in (*CANCELS, "l", "q"):
            finish(self, None)

    def on_sheet_clicked(self, message: Sheet.Clicked) -> None:
        finish(self, int(message.value))


class LineDialog(Dialog[str | None]):
    """A question for a line of text. Escape gives None."""

    def __init__(self, prompt: str, text: str) -> None:
        super().__init__((prompt, "Enter keeps it; Esc changes nothing."))
        self._text = text

    def answering(self) -> ComposeResult:
        yield Input(self._text, id="line", compact=True)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        finish(self, message.value.strip())

    def writes(self, key: str) -> bool:
        return key not in CANCELS


class AskDialog(Dialog[Any]):
    """A question of a conversation for a line of text, asked again while it is not understood. Escape gives EOFError."""

    def __init__(self, ask: Ask) -> None:
        super().__init__((*ask.lines, "", ask.prompt))
        self._ask = ask

    def answering(self) -> ComposeResult:
        yield Input(id="line", compact=True)

    def lines(self, width: int) -> list[Line]:
        return [
            line for text in self._texts for line in ([()] if not text else ink.text_lines([text], width))
        ]

    def on_input_submitted(self, message: Input.Submitted) -> None:
        try:
            finish(self, self._ask.parse(message.value.strip()))
        except UsageError as error:
            self._texts = (*self._ask.lines, "", str(error), self._ask.prompt)
            self.draw()

    def writes(self, key: str) -> bool:
        return key not in (*CANCELS, *_LINE_SCROLLS)

    def press(self, event: events.Key) -> None:
        if not self.moves(event.key):
            finish(self, EOFError())


class TextDialog(Dialog[None]):
    """Something to read; any key goes on."""

    def __init__(self, texts: Sequence[str], *, title: str = "") -> None:
        super().__init__((*texts, "", "Any key goes on."), title=title)


class WaitDialog(Dialog[None]):
    """What is going on; no key ends it."""

    def __init__(self, title: str) -> None:
        super().__init__((f"{title}...",))

    def press(self, event: events.Key) -> None:
        self.moves(event.key)


def confirm_dialog(act: Confirm, said: Sequence[str]) -> ConfirmDialog:
    """The dialog for a conversation's question, under what was said before it."""
    return ConfirmDialog((*said, act.prompt), default=act.default)


def submit_dialog(practice: Practice) -> ConfirmDialog:
    """Whether to submit, with what is unanswered and what is marked."""
    state = practice.state
    waiting = [str(position + 1) for position in block.unanswered(state)]
    marked = [str(position + 1) for position, item in enumerate(state.items) if item.marked]
    texts = [f"Not answered: {', '.join(waiting)}." if waiting else "Every question is answered."]
    if marked:
        texts.append(f"Marked: {', '.join(marked)}.")
    if waiting:
        texts.append(prompts.BLANKS[practice.timed])
    texts.append("Submit the block? It cannot be opened again.")
    return ConfirmDialog(texts, default=not waiting, title="Submit")
