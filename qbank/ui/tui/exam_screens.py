"""An exam day between its blocks on the full screen: the tutorial, the break and the report."""

from collections.abc import Sequence
from typing import TypeVar

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from qbank.app.exam_day import ExamDay
from qbank.core.exam_day import Phase
from qbank.ui import exam_words, prompts
from qbank.ui.conversation import BreakEnd
from qbank.ui.layout import columns
from qbank.ui.show import clock
from qbank.ui.tui import frame, ink
from qbank.ui.tui.ink import Ink, Line, Piece
from qbank.ui.tui.keys import Stage, help_rows
from qbank.ui.tui.sheet import Sheet
from qbank.ui.tui.stack import finish, passed_on

T = TypeVar("T")

_RESTING = (
    "s and l tell you when a short break or a lunch is over; the budget is one and the same. The clocks run on when qbank "
    "is closed."
)


class ReadingScreen(Screen[T]):
    """A bar, paragraphs that scroll, a notice and the keys; the time in it moves on once a second."""

    AUTO_FOCUS = ""
    LEFT = ""
    """What is said when the program is left from here."""

    def __init__(self, title: str, keys: str) -> None:
        super().__init__()
        self.notice = ""
        self._heading, self._keys_text = title, keys
        self._at = 0
        self._rows = 1

    def compose(self) -> ComposeResult:
        yield Sheet()

    def on_mount(self) -> None:
        self.set_interval(1.0, self.pass_time)

    def on_resize(self) -> None:
        self.draw()

    def on_key(self, event: events.Key) -> None:
        if passed_on(self, event):
            return
        event.stop()
        event.prevent_default()
        page = max(1, self._rows - 1)
        rows = {"up": -1, "down": 1, "pageup": -page, "pagedown": page, "space": page}.get(event.key)
        if rows is None:
            self.press(event.key)
        else:
            self._at += rows
        self.draw()

    def on_sheet_wheeled(self, message: Sheet.Wheeled) -> None:
        self._at += message.rows
        self.draw()

    def press(self, key: str) -> None:
        """What a key does here."""

    def paragraphs(self) -> Sequence[str]:
        """What there is to read now."""
        return ()

    def clock_text(self) -> str:
        """What stands at the right of the bar."""
        return ""

    def pass_time(self) -> None:
        """Called once a second."""
        self.draw()

    def draw(self) -> None:
        """Put everything on the sheet, from the line that was scrolled to."""
        if not self.is_mounted or not self.size.width:
            return
        width, height = self.size
        lines = self.lines(min(width, frame.MEASURE) - 2)
        self._rows = height - 3
        self._at = max(0, min(self._at, len(lines) - self._rows))
        shown = [(Piece(" "), *line) for line in lines[self._at : self._at + self._rows]]
        below = max(0, len(lines) - self._at - self._rows)
        told = self.notice or (f"{below} more lines: Space" if below else "")
        gap = width - columns(self._heading) - columns(self.clock_text()) - 2
        bar = f" {self._heading}{' ' * max(1, gap)}{self.clock_text()} "
        self.query_one(Sheet).put(
            [
                (Piece(bar[:width], Ink.BAR),),
                *shown,
                *[()] * (self._rows - len(shown)),
                (Piece(f" {told}", Ink.WARNING if self.notice else Ink.TEXT),),
                (Piece(f" {self._keys_text}".ljust(width)[:width], Ink.BAR),),
            ]
        )

    def lines(self, width: int) -> list[Line]:
        """The paragraphs in lines of at most `width` columns, an empty line between them."""
        found: list[Line] = []
        for text in self.paragraphs():
            found += [*([()] if found else []), *ink.text_lines([text], width)]
        return found


class TutorialScreen(ReadingScreen[bool]):
    """How the day goes, and the keys; over when the learner goes on or its time has run out."""

    LEFT = prompts.DAY_LEFT

    def __init__(self, day: ExamDay, said: Sequence[str] = ()) -> None:
        """`said` are sentences that come first."""
        super().__init__("Tutorial", "Enter begins the first block  q leaves, the clock runs on")
        self._day = day
        self._said = said

    def clock_text(self) -> str:
        return f"Tutorial {clock(self._day.phase_left_ms)}"

    def paragraphs(self) -> Sequence[str]:
        return [*self._said, *exam_words.tutorial_lines(self._day, [])]

    def lines(self, width: int) -> list[Line]:
        rows = help_rows(Stage.TIMED, ())
        wide = max(len(shown) for shown, _ in rows) + 2
        keys = [(Piece(shown.ljust(wide), Ink.STRONG), Piece(says)) for shown, says in rows]
        return [*super().lines(width), (), *keys]

    def pass_time(self) -> None:
        if self._day.phase is Phase.TUTORIAL:
            self.draw()
        else:
            finish(self, True)

    def press(self, key: str) -> None:
        if key == "enter":
            finish(self, True)
        elif key == "q":
            finish(self, False)


class BreakScreen(ReadingScreen[BreakEnd]):
    """The break's clock, what fits in it, and what comes next."""

    LEFT = prompts.DAY_LEFT

    def __init__(self, day: ExamDay, said: Sequence[str] = ()) -> None:
        """`said` are sentences that come first."""
        super().__init__(
            "Break", f"Enter begins block {day.number}  s short  l lunch  d end the day  q leaves"
        )
        self._day = day
        self._said = said
        self._back_at_ms: int | None = None

    def clock_text(self) -> str:
        return f"Break {clock(self._day.break_left_ms)}  Day {clock(self._day.day_left_ms)}"

    def paragraphs(self) -> Sequence[str]:
        minutes = exam_words.break_minutes(self._day.break_left_ms)
        spent = [exam_words.break_left(minutes)] if minutes <= 0 else []
        return [*self._said, *exam_words.break_standing(self._day), *spent, _RESTING]

    def pass_time(self) -> None:
        if self._day.phase is Phase.OVER:
            finish(self, BreakEnd.GO)
            return
        if self._back_at_ms is not None and self._day.day_left_ms <= self._back_at_ms:
            self._back_at_ms = None
            self.notice = "Your break is over, if you want to keep to it."
            self.app.bell()
        self.draw()

    def press(self, key: str) -> None:
        ends = {"enter": BreakEnd.GO, "d": BreakEnd.END, "q": BreakEnd.LEAVE}
        if key in ends:
            finish(self, ends[key])
        elif key in ("s", "l"):
            minutes = exam_words.rest_minutes(self._day, lunch=key == "l")
            self._back_at_ms = self._day.day_left_ms - minutes * 60_000
            self.notice = f"You will be told when {minutes} minutes have passed. Rest now."


class ReportScreen(ReadingScreen[None]):
    """Lines to read in peace, as they were laid out."""

    def __init__(self, lines: Sequence[str], title: str) -> None:
        super().__init__(title, "Space reads on  q ends")
        self._lines_text = tuple(lines)

    def lines(self, width: int) -> list[Line]:
        laid: list[Line] = []
        for text in self._lines_text:
            fits = columns(text) <= width
            laid += [ink.plain_line(text)] if fits else ink.text_lines([text], width)
        return laid

    def press(self, key: str) -> None:
        if key in ("q", "enter", "escape"):
            finish(self, None)
