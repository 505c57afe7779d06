"""A block on the full screen: keys become steps of `core.block`, and its state is drawn.

What is allowed is decided there and in `ui.course`; here is only where things stand on the screen and which key means what.
"""

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import Screen

from qbank.app.practice import Practice
from qbank.core import block
from qbank.core.question import Kind, Question
from qbank.errors import IllegalStep, QbankError, StoreBusy, UsageError
from qbank.ui import course, prompts, show
from qbank.ui.sentences import sentences
from qbank.ui.tui import frame
from qbank.ui.tui.acting import ACTING
from qbank.ui.tui.keys import Stage, action_of
from qbank.ui.tui.page import show_pictures
from qbank.ui.tui.sheet import Sheet
from qbank.ui.tui.stack import finish, passed_on

Outcome = bool | QbankError
"""Whether the block was closed, or what kept it from going on."""

_SCROLLS = {"up": -1, "down": 1}
_PAGES = {"pageup": -1, "pagedown": 1, "space": 1}


class BlockScreen(Screen[Outcome]):
    """Runs one block until it is closed or left."""

    AUTO_FOCUS = ""

    def __init__(self, practice: Practice, opening: tuple[str, ...] = (), *, large: bool = False) -> None:
        """`opening` is said below the first question until a key is pressed."""
        super().__init__()
        self.practice = practice
        self._large = large
        self.notice = " ".join(opening)
        self._position = 0
        self._question: Question | None = None
        self.turned = False
        self.clock_hidden = False
        self._warned: set[str] = set()
        self._typed = ""
        self._chosen_here: set[int] = set()
        self.pending = ""
        self.pointed: int | None = None
        self._told: int | None = None
        self._at = self._options_at = 0
        self._frame: frame.Frame | None = None
        self._drawn_for: Size | None = None

    def compose(self) -> ComposeResult:
        yield Sheet()

    def on_mount(self) -> None:
        self.set_interval(1.0, self._tick)
        self.guarded(self._begin)

    def _begin(self) -> None:
        if self.practice.state.phase is block.Phase.PAUSED:
            self.step(block.Resume)
        self.show(course.first_position(self.practice.state))

    def on_resize(self) -> None:
        # Textual tells the first size twice, and a frame costs milliseconds of the wait for the first question.
        if self._drawn_for != self.size:
            self._draw()

    def on_key(self, event: events.Key) -> None:
        """Letters of the options come first, then a pending strike or number, then the table of keys."""
        if passed_on(self, event):
            return
        event.stop()
        event.prevent_default()
        notice, self.notice = self.notice, ""
        self.guarded(lambda: self._press(event))
        if notice and not self.notice:
            self._draw()

    def on_sheet_clicked(self, message: Sheet.Clicked) -> None:
        """The mouse does what keys do, never more."""
        self.notice = ""
        self.guarded(lambda: self._click(message))

    def leave(self) -> None:
        """Save and go, as when the terminal is closed; nothing is asked."""
        self.guarded(self.go)

    @property
    def position(self) -> int:
        return self._position

    @property
    def stage(self) -> Stage:
        """What the keys mean now."""
        if block.is_final(self.practice.state, self._position):
            return Stage.SHOWN
        if self.is_recall and not self.turned:
            return Stage.FRONT
        return Stage.TIMED if self.practice.timed else Stage.UNTIMED

    @property
    def without(self) -> frozenset[str]:
        """Actions that this face has not got now: a browser's reader never reaches the computer's editor."""
        missing = {"edit"} if self.practice.served else set()
        if self.stage is Stage.SHOWN and (self.is_right or self.is_recall):
            missing.add("reason")
        return frozenset(missing)

    def view(self) -> frame.View:
        """Everything that the screen shows, as values."""
        practice = self.practice
        return frame.View(
            question=self.question,
            item=practice.item(self._position),
            state=practice.state,
            position=self._position,
            stage=self.stage,
            without=self.without,
            clock=self._clock_text(),
            notice=self.notice or self._standing(),
            urgent=self._is_urgent,
            turned=self.turned,
            pointed=self.pointed,
            objective=practice.objective(self._position) if self.stage is Stage.SHOWN else None,
            licence=practice.licence(self._position) if self.stage is Stage.SHOWN else "",
            comes_back=practice.comes_back_on(self._position) if self.stage is Stage.SHOWN else None,
            right=practice.is_right if practice.closed or not practice.timed else None,
            at=self._at,
            options_at=self._options_at,
            pictures=practice.pictures,
        )

    @property
    def question(self) -> Question:
        if self._question is None:
            self._question = self.practice.question(self._position)
        return self._question

    def guarded(self, doing: Callable[[], None]) -> None:
        """Do it, say what the rules refuse, end the screen for what the store or another terminal refuses, then draw."""
        if self not in self.app.screen_stack:
            return
        was_closed = self.practice.closed
        try:
            doing()
        except (IllegalStep, UsageError, StoreBusy) as error:
            self.notice = str(error)
        except QbankError as error:
            finish(self, error)
            return
        if self.practice.closed and not was_closed:
            self.practice.finish()
            finish(self, True)
        else:
            self._draw()

    def _press(self, event: events.Key) -> None:
        if self.pointed is not None:
            self._point(event.key)
            return
        letters = (
            {}
            if self.stage in (Stage.SHOWN, Stage.FRONT)
            else show.letters(self.practice.item(self._position))
        )
        option = letters.get((event.character or "").upper())
        pending, self.pending = self.pending, ""
        types_number = _is_digit(event.character) or (
            self._typed != "" and event.key in ("enter", "backspace", "escape")
        )
        if not types_number:
            self._typed = ""
        if pending == "strike":
            self._strike_letter(option)
        elif option is not None and pending != "key":
            self._choose(option)
        elif event.key == "colon":
            self.pending = "key"
        elif types_number:
            self._type_number(event)
        elif event.key in _SCROLLS or event.key in _PAGES or event.key in ("home", "end"):
            self._scroll(event.key)
        elif action := action_of(event.key, self.stage):
            if action not in self.without:
                self._act(action)
        else:
            self.notice = "That key does nothing here. ? shows the keys."

    def _act(self, action: str) -> None:
        if action in ACTING:
            ACTING[action](self)
        else:
            self.ask(action)

    def ask(self, action: str) -> None:
        """Open the dialog of an action."""
        # Imported here: no dialog is needed before the first key.
        from qbank.ui.tui.asking import ASKING

        ASKING[action](self)

    def _click(self, message: Sheet.Clicked) -> None:
        open_ = self.stage in (Stage.TIMED, Stage.UNTIMED)
        if message.kind == "position":
            self.show(int(message.value))
        elif open_ and message.kind == "option" and message.other:
            self.step(block.Strike, option=message.value)
        elif open_ and message.kind == "option":
            self._choose(message.value)
        elif open_ and message.kind == "sentence":
            self._toggle(int(message.value))

    def step(self, event: Callable[..., block.BlockEvent], **fields: object) -> None:
        self.practice.do(event, **fields)

    def show(self, position: int) -> None:
        if not self.practice.closed:
            self.step(block.Show, position=position)
        self._position = position
        self._question = None
        self.turned = False
        self._typed = ""
        self.pointed = None
        self._told = None
        self._at = self._options_at = 0
        # What was chosen here and not yet settled may still be changed; nobody has been told that it is wrong.
        waits = position not in self._chosen_here and course.is_settled(self.practice.state, position)
        if waits and not self.practice.closed:
            self.settle()

    def _choose(self, option: str) -> None:
        self._chosen_here.add(self._position)
        self.step(block.Answer, option=option)
        if self.is_recall:
            self.step(block.Reveal)

    def _strike_letter(self, option: str | None) -> None:
        if option is None:
            raise UsageError("Nothing was struck out. Press - and then the letter of an option.")
        self.step(block.Strike, option=option)

    def _type_number(self, event: events.Key) -> None:
        total = len(self.practice.plan.items)
        if event.key == "enter":
            number, self._typed = int(self._typed), ""
            if not 1 <= number <= total:
                raise UsageError(f"The block has questions 1 to {total}.")
            self.show(number - 1)
        elif event.key == "backspace":
            self._typed = self._typed[:-1]
        elif event.key == "escape":
            self._typed = ""
        else:
            self._typed = (self._typed + (event.character or ""))[-3:]

    def _scroll(self, key: str) -> None:
        drawn = self._frame
        if drawn is None:
            return
        if key in ("home", "end"):
            self._at = self._options_at = 0 if key == "home" else drawn.lines + drawn.options_lines
        else:
            self._move(_SCROLLS.get(key) or _PAGES[key] * max(1, drawn.rows - 1))

    def _move(self, rows: int) -> None:
        """Down through the question and then through options that do not fit; up the other way round."""
        drawn = self._frame
        if drawn is None:
            return
        question = drawn.at + drawn.rows < drawn.lines if rows > 0 else drawn.options_at == 0
        if question:
            self._at = drawn.at + rows
        else:
            self._options_at = drawn.options_at + rows

    def on_sheet_wheeled(self, message: Sheet.Wheeled) -> None:
        self.guarded(lambda: self._move(message.rows))

    def _point(self, key: str) -> None:
        """The highlighter: arrows move it, Space or Enter sets the sentence off or no longer, Escape puts it away."""
        spans = sentences(self.question.stem)
        pointed = self.pointed or 0
        if key in ("escape", "y", "q"):
            self.pointed = None
        elif key in ("down", "right", "n"):
            self.pointed = min(pointed + 1, len(spans) - 1)
        elif key in ("up", "left", "p"):
            self.pointed = max(pointed - 1, 0)
        elif key in ("space", "enter"):
            self._toggle(pointed)
        if self.pointed is not None:
            self._keep_in_view(str(self.pointed))

    def _keep_in_view(self, sentence: str) -> None:
        drawn = self._frame
        if drawn is None:
            return
        lines = frame.question_lines(self.view(), frame.measure(self.size.width, large=self._large))
        rows = [row for row, line in enumerate(lines) if any(p.means == ("sentence", sentence) for p in line)]
        if rows and rows[0] < drawn.at:
            self._at = rows[0]
        elif rows and rows[-1] >= drawn.at + drawn.rows:
            self._at = rows[-1] - drawn.rows + 1

    def _toggle(self, number: int) -> None:
        spans = sentences(self.question.stem)
        if number >= len(spans):
            raise UsageError("This question has no sentence to highlight.")
        span = spans[number]
        lit = sorted(self.practice.state.items[self._position].highlights)
        # A splitter of another day may have drawn its sentences otherwise.
        for begin, end in [each for each in lit if prompts.overlap(each, span)] or [span]:
            self.step(block.Highlight, start=begin, end=end)

    def settle(self) -> None:
        """Where the key follows the answer: for a miss the reason, by one key, then the key."""
        item = self.practice.state.items[self._position]
        if self.is_recall or self.is_right or item.reason is not None:
            self.step(block.Reveal)
            return
        self.ask("reason_before")

    def go(self) -> None:
        self.practice.leave()
        finish(self, self.practice.closed)

    def _tick(self) -> None:
        """Once a second: the clock on disk and on the screen, the notices, and the end of the time."""
        if self.practice.closed:
            return
        self.guarded(self._wait)

    def _wait(self) -> None:
        self.practice.wait()
        left_ms = self.practice.left_ms
        if left_ms is not None and left_ms <= show.NOTICE_MS and "block" not in self._warned:
            self._warned.add("block")
            self.notice = "Two minutes are left in this block."

    def _draw(self) -> None:
        # The app's size is known before the screen's own, so the first paint has the question on it.
        size = self.size or self.app.size
        if not self.is_attached or self.practice.closed or not size.width:
            return
        view = self.view()
        drawn = frame.framed(view, *size, large=self._large)
        if drawn.told is not None and self._told != self._position:
            # The verdict comes up; the vignette is above it, one key away.
            self._told, self._at = self._position, drawn.told
            drawn = frame.framed(self.view(), *size, large=self._large)
        self._frame, self._at, self._options_at = drawn, drawn.at, drawn.options_at
        self._drawn_for = size
        self.query_one(Sheet).put(drawn.screen)
        show_pictures(self, frame.pictures(view))

    def _clock_text(self) -> str:
        left_ms = self.practice.left_ms
        if left_ms is None:
            return ""
        if self.clock_hidden:
            return "Clock hidden"
        day_ms = self.practice.day_left_ms
        day = "" if day_ms is None else f"  Day {show.clock(day_ms)}"
        return f"Block {show.clock(left_ms)}{day}"

    def _standing(self) -> str:
        """What is being typed, or how the question stands."""
        if self.pending == "strike":
            return "Strike out which? Press its letter."
        if self.pending == "key":
            return "A letter is a key now, not an option."
        if self._typed:
            return f"Go to question {self._typed}: Enter. Backspace mends it."
        if self.pointed is not None:
            return "Highlighter: arrows choose a sentence, Space sets it off, Esc puts it away."
        item = self.practice.state.items[self._position]
        note = f" Your note: {item.note}" if item.note else ""
        return show.standing(self.practice.item(self._position), item) + note

    @property
    def _is_urgent(self) -> bool:
        left_ms = self.practice.left_ms
        return left_ms is not None and left_ms <= show.NOTICE_MS

    @property
    def is_recall(self) -> bool:
        return self.question.kind is Kind.RECALL

    @property
    def is_right(self) -> bool:
        return self.practice.is_right(self._position)


def _is_digit(character: str | None) -> bool:
    return character is not None and character.isascii() and character.isdigit()
