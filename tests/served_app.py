"""A small full-screen program to serve: says its size and each key, ticks, and writes down how it ended.

`python served_app.py ENDINGS WAY`, where WAY is plain, refuses (ends with words before it draws), speaks (has words after
it), crashes, or stubborn (stays when it is asked to go).
"""

import io
import os
import signal
import sys
from pathlib import Path

from textual.app import App, ComposeResult
from textual.events import Key, Resize
from textual.widgets import Static


class Shown(App[None]):
    """Keys: q ends it, o and d try to make the browser do something, e shows what it was started with."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, way: str) -> None:
        super().__init__()
        self._way = way
        self._ticks = 0

    def compose(self) -> ComposeResult:
        yield Static("", id="said", markup=False)
        yield Static("see http://evil.example/x and click", id="bait", markup=False)
        yield Static("", id="ticks", markup=False)

    def on_mount(self) -> None:
        self.set_interval(0.2, self._tick)
        if self._way == "stubborn":
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)

    def on_resize(self, event: Resize) -> None:
        self._say(f"Size {event.size.width}x{event.size.height}.")

    def on_key(self, event: Key) -> None:
        self._say(f"Pressed {event.key}.")
        match event.key:
            case "q":
                self.exit()
            case "o":
                self.open_url("http://evil.example/opened")
            case "d":
                self.deliver_text(io.StringIO("secret"), save_filename="stolen.txt")
            case "e":
                names = sorted(name for name in os.environ if name.startswith(("QBANK", "EDITOR")))
                self._say(f"Knows {' '.join(f'{name}={os.environ[name]}' for name in names)} end.")
            case "x":
                raise RuntimeError("broken \x1b]0;title\x07")

    def _say(self, text: str) -> None:
        self.query_one("#said", Static).update(text)

    def _tick(self) -> None:
        self._ticks += 1
        self.query_one("#ticks", Static).update(f"Tick {self._ticks}.")


def run(endings: Path, way: str) -> None:
    if way == "refuses":
        print("Nothing fits. Begin with: qbank start \x1b]0;title\x07")
        sys.exit(4)
    print("Words before the picture.")
    with endings.open("a", encoding="utf-8") as lines:
        print(f"began {os.getpid()}", file=lines, flush=True)
        try:
            Shown(way).run()
        finally:
            print(f"left {os.getpid()}", file=lines, flush=True)
    if way == "speaks":
        print("DONE: 2 of 3 right.")


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2])
