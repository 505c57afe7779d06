"""Lines that fill a screen. One widget draws them all and repaints only those that changed: a key costs a few lines."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from qbank.ui.tui.ink import Line, Piece
from qbank.ui.tui.palette import inks


class Sheet(Widget, can_focus=False):
    """Shows lines; it never takes the keys, which belong to the screen."""

    DEFAULT_CSS = """
    Sheet { width: 100%; height: 100%; background: $background; color: $foreground; }
    """

    class Clicked(Message):
        """Something was clicked. `kind` and `value` say what it stands for; the `other` button strikes out."""

        def __init__(self, kind: str, value: str, *, other: bool) -> None:
            super().__init__()
            self.kind = kind
            self.value = value
            self.other = other

    class Wheeled(Message):
        """The mouse wheel asks for some rows further down, or up."""

        def __init__(self, rows: int) -> None:
            super().__init__()
            self.rows = rows

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()

    @property
    def text(self) -> str:
        """What the sheet says, without its looks."""
        return "\n".join("".join(piece.text for piece in line).rstrip() for line in self._lines)

    def put(self, lines: Sequence[Line]) -> None:
        """Show these lines from now on."""
        before, self._lines = self._lines, lines
        if len(before) != len(lines):
            self.refresh()
            return
        width = self.size.width
        changed = [
            Region(0, row, width, 1)
            for row, (was, line) in enumerate(zip(before, lines, strict=True))
            if was != line
        ]
        if changed:
            self.refresh(*changed)

    def render_line(self, y: int) -> Strip:
        line = self._lines[y] if y < len(self._lines) else ()
        looks = inks(self.app.theme)
        base = self.rich_style
        segments = [Segment(piece.text, base + looks[piece.ink] + _meaning(piece)) for piece in line]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def on_click(self, event: events.Click) -> None:
        meaning: Any = event.style.meta.get("means")
        if meaning is not None:
            event.stop()
            self.post_message(self.Clicked(*meaning, other=event.button > 1))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.post_message(self.Wheeled(3))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.post_message(self.Wheeled(-3))


@lru_cache(maxsize=256)
def _meaning(piece: Piece) -> Style:
    return Style(meta={"means": piece.means}) if piece.means else Style()
