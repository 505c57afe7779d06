"""Lines on the screen, scrolled when there are more than fit. It draws line by line, so a long vignette costs no more."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from qbank.ui.tui.ink import Ink, Line, Piece


class Page(ScrollView, can_focus=False):
    """Shows lines; it never takes the keys, which belong to the screen."""

    COMPONENT_CLASSES = {f"page--{ink.value}" for ink in Ink}  # noqa: RUF012 Textual declares it as a class variable

    DEFAULT_CSS = """
    Page {
        background: $background; color: $foreground; scrollbar-size-vertical: 1; overflow-x: hidden;
        & > .page--soft { color: $text-muted; }
        & > .page--strong { text-style: bold; }
        & > .page--chosen { color: $primary; text-style: bold; }
        & > .page--struck { color: $text-muted; text-style: strike; }
        & > .page--highlight { background: $highlight; color: $on-highlight; text-style: underline; }
        & > .page--pointed { text-style: reverse; }
        & > .page--pointed-lit { background: $highlight; color: $on-highlight; text-style: reverse underline; }
        & > .page--right { color: $success; }
        & > .page--missed { color: $warning; }
        & > .page--warning { color: $warning; text-style: bold; }
        & > .page--bar { background: $panel; color: $foreground; }
    }
    """

    class Clicked(Message):
        """Something on the page was clicked. `kind` and `value` say what it stands for; `other` button strikes out."""

        def __init__(self, kind: str, value: str, *, other: bool) -> None:
            super().__init__()
            self.kind = kind
            self.value = value
            self.other = other

    def __init__(self, *, id: str, ink: Ink = Ink.TEXT) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()
        self._ink = ink

    @property
    def lines(self) -> Sequence[Line]:
        return self._lines

    @property
    def text(self) -> str:
        """What the page says, without its looks."""
        return "\n".join("".join(piece.text for piece in line) for line in self._lines)

    def put(self, lines: Sequence[Line]) -> None:
        """Show these lines from now on, from where the page is scrolled to."""
        if lines == self._lines:
            return
        self._lines = lines
        self.virtual_size = Size(max(1, self.size.width), len(lines))
        self.refresh()

    @property
    def below(self) -> int:
        """How many lines are hidden under the lower edge."""
        return max(0, len(self._lines) - self.size.height - round(self.scroll_y))

    def move(self, rows: int) -> bool:
        """Scroll by some rows; False when the page was at its end already."""
        before = self.scroll_y
        self.scroll_to(y=before + rows, animate=False)
        return self.scroll_y != before

    def render_line(self, y: int) -> Strip:
        number = y + self.scroll_offset.y
        line = self._lines[number] if number < len(self._lines) else ()
        base = self._style(self._ink)
        segments = [Segment(piece.text, base + self._style(piece.ink) + _meaning(piece)) for piece in line]
        return Strip(segments).adjust_cell_length(self.scrollable_content_region.width, base)

    def on_resize(self) -> None:
        self.virtual_size = Size(max(1, self.size.width), len(self._lines))

    def on_click(self, event: events.Click) -> None:
        meaning: Any = event.style.meta.get("means")
        if meaning is not None:
            event.stop()
            self.post_message(self.Clicked(*meaning, other=event.button > 1))

    def _style(self, ink: Ink) -> Style:
        return self.get_component_rich_style(f"page--{ink.value}", partial=ink is not self._ink)


@lru_cache(maxsize=256)
def _meaning(piece: Piece) -> Style:
    return Style(meta={"means": piece.means}) if piece.means else Style()
