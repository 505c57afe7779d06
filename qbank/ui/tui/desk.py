"""What lies on the desk beside a question: the laboratory values and the calculator."""

from textual import events
from textual.app import ComposeResult
from textual.widgets import Input

from qbank.app.labs import load_labs
from qbank.core.arithmetic import calculate, number_text
from qbank.errors import UsageError
from qbank.ui.labs import group_lines, lab_lines
from qbank.ui.tui import ink
from qbank.ui.tui.dialogs import CANCELS, Dialog
from qbank.ui.tui.ink import Line

_KEPT_SUMS = 6


class _DeskDialog(Dialog[None]):
    """A line to type into below what it found. Its keys scroll where a line of text has no use for them."""

    def answering(self) -> ComposeResult:
        yield Input(id="line", compact=True)

    def on_key(self, event: events.Key) -> None:
        if event.key in CANCELS:
            self.dismiss(None)
        elif event.key == "space" or not self.moves(event.key):
            return
        event.stop()
        event.prevent_default()


class LabDialog(_DeskDialog):
    """Searches the table of laboratory values as one types."""

    def __init__(self) -> None:
        super().__init__((), title="Laboratory values: type a name; Ctrl-U changes units, Esc closes")
        self._table = load_labs()
        self._words = ""
        self._si = False

    def lines(self, width: int) -> list[Line]:
        """What the words name, in the units that were chosen."""
        words = self._words
        found = (
            lab_lines(self._table, words, width, si=self._si) if words else group_lines(self._table, width)
        )
        return [ink.plain_line(text) for text in found]

    def on_input_changed(self, message: Input.Changed) -> None:
        self._words = message.value.strip()
        self._at = 0
        self.draw()

    def on_key(self, event: events.Key) -> None:
        if event.key == "ctrl+u":
            self._si = not self._si
            event.stop()
            event.prevent_default()
            self.draw()
        else:
            super().on_key(event)


class CalculatorDialog(_DeskDialog):
    """Works sums out, and keeps the last few in sight."""

    def __init__(self) -> None:
        super().__init__((), title="Calculator: a sum and Enter; Esc closes")
        self._sums: list[str] = []

    def lines(self, width: int) -> list[Line]:
        """The sums so far, the latest last."""
        return ink.text_lines(self._sums or ["As in 140 - (104 + 24), or sqrt(2) * 5^3."], width)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        text = message.value.strip()
        if not text:
            return
        try:
            result = f"{text} = {number_text(calculate(text))}"
        except UsageError as error:
            self._sums.append(str(error))
        else:
            self._sums.append(result)
            self.query_one(Input).value = ""
        del self._sums[:-_KEPT_SUMS]
        self.draw()
