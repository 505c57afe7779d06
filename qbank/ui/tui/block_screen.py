"""A block on the full screen: keys become steps of `core.block`, and its state is drawn.

What is allowed is decided there and in `ui.course`; here is only where things stand on the screen and which key means what.
"""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from qbank import settings
from qbank.app.practice import Practice
from qbank.core import block
from qbank.core.question import Kind, Question
from qbank.core.response import Confidence, MissReason, Mode
from qbank.errors import IllegalStep, QbankError, StoreBusy, UsageError
from qbank.ui import course, prompts, show
from qbank.ui.sentences import Span, sentences
from qbank.ui.tui import dialogs, frame
from qbank.ui.tui.keys import Stage, action_of
from qbank.ui.tui.page import Page

Outcome = bool | QbankError
"""Whether the block was closed, or what kept it from going on."""

_NEXT_CONFIDENCE = {
    None: Confidence.UNSURE,
    Confidence.UNSURE: Confidence.GUESSED,
    Confidence.GUESSED: Confidence.SURE,
    Confidence.SURE: Confidence.UNSURE,
}
_SAYS_CONFIDENCE = {
    Confidence.UNSURE: "Not sure. u again: a guess.",
    Confidence.GUESSED: "A guess. u again: sure after all.",
    Confidence.SURE: "Sure.",
}
_SCROLLS = {"up": -1, "down": 1}
_PAGES = {"pageup": -1, "pagedown": 1, "space": 1}


class BlockScreen(Screen[Outcome]):
    """Runs one block until it is closed or left."""

    DEFAULT_CSS = frame.CSS
    AUTO_FOCUS = ""

    def __init__(self, practice: Practice, opening: tuple[str, ...] = (), *, large: bool = False) -> None:
        """`opening` is said below the first question until a key is pressed."""
        super().__init__()
        self._practice = practice
        self._large = large
        self._notice = " ".join(opening)
        self._position = 0
        self._question: Question | None = None
        self._turned = False
        self._clock_hidden = False
        self._warned: set[str] = set()
        self._typed = ""
        self._pending = ""
        self._pointed: int | None = None

    def compose(self) -> ComposeResult:
        yield from frame.pages()

    def on_mount(self) -> None:
        self.set_interval(1.0, self._tick)
        self._guarded(lambda: self._show(course.first_position(self._practice.state)))

    def on_resize(self) -> None:
        self._draw()

    def on_key(self, event: events.Key) -> None:
        """Letters of the options come first, then a pending strike or number, then the table of keys."""
        event.stop()
        event.prevent_default()
        notice, self._notice = self._notice, ""
        self._guarded(lambda: self._press(event))
        if notice and not self._notice:
            self._draw()

    def on_page_clicked(self, message: Page.Clicked) -> None:
        """The mouse does what keys do, never more."""
        self._notice = ""
        self._guarded(lambda: self._click(message))

    def leave(self) -> None:
        """Save and go, as when the terminal is closed; nothing is asked."""
        self._guarded(self._leave_now)

    @property
    def position(self) -> int:
        return self._position

    @property
    def stage(self) -> Stage:
        """What the keys mean now."""
        if block.is_final(self._practice.state, self._position):
            return Stage.SHOWN
        if self._is_recall and not self._turned:
            return Stage.FRONT
        return Stage.TIMED if self._practice.timed else Stage.UNTIMED

    @property
    def without(self) -> frozenset[str]:
        """Actions that this face has not got now: a browser's reader never reaches the computer's editor."""
        missing = {"edit"} if settings.served() else set()
        if self.stage is Stage.SHOWN and (self._is_right or self._is_recall):
            missing.add("reason")
        return frozenset(missing)

    def view(self) -> frame.View:
        """Everything that the screen shows, as values."""
        practice = self._practice
        return frame.View(
            question=self.question,
            item=practice.item(self._position),
            state=practice.state,
            position=self._position,
            stage=self.stage,
            without=self.without,
            clock=self._clock_text(),
            notice=self._notice or self._standing(),
            turned=self._turned,
            pointed=self._pointed,
            objective=practice.objective(self._position) if self.stage is Stage.SHOWN else None,
            comes_back=practice.comes_back_on(self._position) if self.stage is Stage.SHOWN else None,
            right=practice.is_right if practice.closed or not practice.timed else None,
        )

    @property
    def question(self) -> Question:
        if self._question is None:
            self._question = self._practice.question(self._position)
        return self._question

    def _guarded(self, doing: Callable[[], None]) -> None:
        """Do it, say what the rules refuse, end the screen for what the store or another terminal refuses, then draw."""
        if not self.is_current and not self.is_running:
            return
        was_closed = self._practice.closed
        try:
            doing()
        except (IllegalStep, UsageError, StoreBusy) as error:
            self._notice = str(error)
        except QbankError as error:
            self.dismiss(error)
            return
        if self._practice.closed and not was_closed:
            self._end()
        else:
            self._draw()

    def _press(self, event: events.Key) -> None:
        if self._pointed is not None:
            self._point(event.key)
            return
        letters = (
            {}
            if self.stage in (Stage.SHOWN, Stage.FRONT)
            else show.letters(self._practice.item(self._position))
        )
        option = letters.get((event.character or "").upper())
        pending, self._pending = self._pending, ""
        if pending == "strike":
            self._strike_letter(option)
        elif option is not None and pending != "key":
            self._choose(option)
        elif event.key == "colon":
            self._pending = "key"
        elif (event.character or "").isdigit() or (
            self._typed and event.key in ("enter", "backspace", "escape")
        ):
            self._type_number(event)
        elif event.key in _SCROLLS or event.key in _PAGES or event.key in ("home", "end"):
            self._scroll(event.key)
        elif action := action_of(event.key, self.stage):
            if action not in self.without:
                getattr(self, f"_do_{action}")()
        else:
            self._notice = "That key does nothing here. ? shows the keys."

    def _click(self, message: Page.Clicked) -> None:
        open_ = self.stage in (Stage.TIMED, Stage.UNTIMED)
        if message.kind == "position":
            self._show(int(message.value))
        elif open_ and message.kind == "option" and message.other:
            self._step(block.Strike, option=message.value)
        elif open_ and message.kind == "option":
            self._choose(message.value)
        elif open_ and message.kind == "sentence":
            self._toggle(int(message.value))

    def _step(self, event: Callable[..., block.BlockEvent], **fields: object) -> None:
        self._practice.do(event, **fields)

    def _show(self, position: int) -> None:
        if not self._practice.closed:
            self._step(block.Show, position=position)
        self._position = position
        self._question = None
        self._turned = False
        self._typed = ""
        self._pointed = None
        self.query_one("#stem", Page).scroll_to(y=0, animate=False)
        if not self._practice.closed and course.is_settled(self._practice.state, position):
            self._settle()

    def _choose(self, option: str) -> None:
        self._step(block.Answer, option=option)
        if self._is_recall:
            self._step(block.Reveal)

    def _strike_letter(self, option: str | None) -> None:
        if option is None:
            raise UsageError("Nothing was struck out. Press - and then the letter of an option.")
        self._step(block.Strike, option=option)

    def _type_number(self, event: events.Key) -> None:
        total = len(self._practice.plan.items)
        if event.key == "enter":
            number, self._typed = int(self._typed), ""
            if not 1 <= number <= total:
                raise UsageError(f"The block has questions 1 to {total}.")
            self._show(number - 1)
        elif event.key == "backspace":
            self._typed = self._typed[:-1]
        elif event.key == "escape":
            self._typed = ""
        else:
            self._typed = (self._typed + (event.character or ""))[-3:]

    def _scroll(self, key: str) -> None:
        stem, options = self.query_one("#stem", Page), self.query_one("#options", Page)
        if key in ("home", "end"):
            rows = len(stem.lines) * (1 if key == "end" else -1)
        else:
            rows = _SCROLLS.get(key) or _PAGES[key] * max(1, stem.size.height - 1)
        first, then = (stem, options) if rows > 0 else (options, stem)
        if not first.move(rows):
            then.move(rows)

    def _point(self, key: str) -> None:
        """The highlighter: arrows move it, Space or Enter sets the sentence off or no longer, Escape puts it away."""
        spans = sentences(self.question.stem)
        pointed = self._pointed or 0
        if key in ("escape", "y", "q"):
            self._pointed = None
        elif key in ("down", "right", "n"):
            self._pointed = min(pointed + 1, len(spans) - 1)
        elif key in ("up", "left", "p"):
            self._pointed = max(pointed - 1, 0)
        elif key in ("space", "enter"):
            self._toggle(pointed)
        if self._pointed is not None:
            self.call_after_refresh(self._keep_pointed_in_view)

    def _keep_pointed_in_view(self) -> None:
        stem = self.query_one("#stem", Page)
        name = str(self._pointed)
        rows = [
            row for row, line in enumerate(stem.lines) if any(p.means == ("sentence", name) for p in line)
        ]
        if rows and rows[0] < stem.scroll_y:
            stem.move(rows[0] - round(stem.scroll_y))
        elif rows and rows[-1] >= stem.scroll_y + stem.size.height:
            stem.move(rows[-1] - stem.size.height + 1 - round(stem.scroll_y))

    def _toggle(self, number: int) -> None:
        spans = sentences(self.question.stem)
        if number >= len(spans):
            raise UsageError("This question has no sentence to highlight.")
        begin, end = spans[number]
        for lit in self._lit_within((begin, end)):
            self._step(block.Highlight, start=lit[0], end=lit[1])
            return
        self._step(block.Highlight, start=begin, end=end)

    def _lit_within(self, span: Span) -> list[Span]:
        lit = self._practice.state.items[self._position].highlights
        return sorted(each for each in lit if each[0] < span[1] and span[0] < each[1])

    def _settle(self) -> None:
        """Where the key follows the answer: for a miss the reason, by one key, then the key."""
        item = self._practice.state.items[self._position]
        if self._is_recall or self._is_right or item.reason is not None:
            self._step(block.Reveal)
            return
        began = "You left this one blank." if item.choice is None else "Not this one."

        def named(reason: MissReason | None) -> None:
            def reveal() -> None:
                if reason is not None:
                    self._step(block.Reason, reason=reason)
                self._step(block.Reveal)

            self._guarded(reveal)

        said = f"{began} Before you see the key: what was the reason?"
        self.app.push_screen(dialogs.ReasonDialog(said), named)

    def _do_go_on(self) -> None:
        state = self._practice.state
        if self.stage is Stage.SHOWN:
            self._next_open()
        elif self.stage is Stage.FRONT:
            self._turned = True
        elif state.items[self._position].choice is None:
            self._notice = prompts.CHOOSE_FIRST
        elif self.stage is Stage.UNTIMED:
            self._settle()
        else:
            position = course.next_unanswered(state, self._position)
            if position is None:
                self._do_submit()
            else:
                self._show(position)

    def _next_open(self) -> None:
        position = course.next_open(self._practice.state, self._position)
        if position is None:
            self._step(block.Submit)
        else:
            self._show(position)

    def _do_blank(self) -> None:
        if self._practice.timed:
            self._do_next()
        else:
            self._settle()

    def _do_unsure(self) -> None:
        level = _NEXT_CONFIDENCE[self._practice.state.items[self._position].confidence]
        self._step(block.Confident, level=level)
        self._notice = _SAYS_CONFIDENCE[level]

    def _do_strike(self) -> None:
        self._pending = "strike"

    def _do_mark(self) -> None:
        self._step(block.Mark)

    def _do_highlight(self) -> None:
        if not sentences(self.question.stem):
            raise UsageError("This question has no sentence to highlight.")
        self._pointed = 0

    def _do_reason(self) -> None:
        if self._is_right or self._is_recall:
            self._notice = "A reason belongs to a miss. Press Enter to go on."
            return

        def named(reason: MissReason | None) -> None:
            if reason is not None:
                self._guarded(lambda: self._step(block.ReasonAfter, position=self._position, reason=reason))

        self.app.push_screen(dialogs.ReasonDialog("What was the reason, now that you see the key?"), named)

    def _do_take_back(self) -> None:
        def answered(sure: bool | None) -> None:
            if sure:
                self._notice = "Taken back: this answer counts for nothing. The question stays seen."
                self._guarded(lambda: self._practice.take_back(self._position))

        asked = (
            "Take back the rating of this answer? It counts for nothing then, and the question stays seen."
        )
        self.app.push_screen(dialogs.ConfirmDialog((asked,), default=True), answered)

    def _do_note(self) -> None:
        def written(text: str | None) -> None:
            if text is not None:
                self._notice = "Noted." if text else "The note is gone."
                self._guarded(lambda: self._step(block.Note, text=text, position=self._position))

        note = self._practice.state.items[self._position].note
        self.app.push_screen(dialogs.LineDialog("A note to this question", note), written)

    def _do_flag(self) -> None:
        def written(text: str | None) -> None:
            if text:
                self._notice = "Flagged. It will not come up in your drills after this block."
                self._guarded(lambda: self._practice.flag(self._position, text))

        self.app.push_screen(dialogs.LineDialog("What is wrong with this question?", ""), written)

    def _do_list(self) -> None:
        def chosen(position: int | None) -> None:
            if position is not None:
                self._guarded(lambda: self._show(position))

        self.app.push_screen(dialogs.ListDialog(self.view()), chosen)

    def _do_clock(self) -> None:
        self._clock_hidden = not self._clock_hidden

    def _do_next(self) -> None:
        if self._position == len(self._practice.plan.items) - 1:
            self._notice = "This is the last question. s submits the block."
        else:
            self._show(self._position + 1)

    def _do_previous(self) -> None:
        if self._position == 0:
            self._notice = "This is the first question."
        else:
            self._show(self._position - 1)

    def _do_submit(self) -> None:
        waiting = block.unanswered(self._practice.state)
        if self._practice.plan.mode is Mode.REVIEW or (not waiting and not self._practice.timed):
            self._step(block.Submit)
            return

        def answered(sure: bool | None) -> None:
            if sure:
                self._guarded(lambda: self._step(block.Submit))
            elif waiting:
                self._guarded(lambda: self._show(waiting[0]))

        self.app.push_screen(dialogs.submit_dialog(self._practice), answered)

    def _do_help(self) -> None:
        self.app.push_screen(dialogs.HelpDialog(self.stage, self.without))

    def _do_leave(self) -> None:
        if self._practice.plan.mode is Mode.REVIEW:
            self._step(block.Submit)
        elif not self._practice.timed:
            self._leave_now()
        else:

            def answered(sure: bool | None) -> None:
                if sure:
                    self._guarded(self._leave_now)

            self.app.push_screen(dialogs.ConfirmDialog(dialogs.LEAVING, default=True), answered)

    def _leave_now(self) -> None:
        self._practice.leave()
        self.dismiss(self._practice.closed)

    def _tick(self) -> None:
        """Once a second: the clock on disk and on the screen, the notices, and the end of the time."""
        if self._practice.closed:
            return
        self._guarded(self._wait)

    def _wait(self) -> None:
        self._practice.wait()
        left_ms = self._practice.left_ms
        if left_ms is not None and left_ms <= frame.NOTICE_MS and "block" not in self._warned:
            self._warned.add("block")
            self._notice = "Two minutes are left in this block."

    def _end(self) -> None:
        self._practice.finish()
        self.dismiss(True)

    def _draw(self) -> None:
        if self.is_mounted and not (self._practice.closed):
            frame.draw(self, self.view(), large=self._large)

    def _clock_text(self) -> str:
        left_ms = self._practice.left_ms
        if left_ms is None:
            return ""
        return "Clock hidden" if self._clock_hidden else f"Block {show.clock(left_ms)}"

    def _standing(self) -> str:
        """What is being typed, or how the question stands."""
        if self._pending == "strike":
            return "Strike out which? Press its letter."
        if self._pending == "key":
            return "A letter is a key now, not an option."
        if self._typed:
            return f"Go to question {self._typed}: Enter. Backspace mends it."
        if self._pointed is not None:
            return "Highlighter: arrows choose a sentence, Space sets it off, Esc puts it away."
        item = self._practice.state.items[self._position]
        note = f" Your note: {item.note}" if item.note else ""
        return show.standing(self._practice.item(self._position), item) + note

    @property
    def _is_recall(self) -> bool:
        return self.question.kind is Kind.RECALL

    @property
    def _is_right(self) -> bool:
        return self._practice.is_right(self._position)

    BINDINGS: ClassVar = []
