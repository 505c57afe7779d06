"""A closed block on the full screen: its table and plan, and each question again with its answer."""

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from qbank.app.looking_back import ClosedBlock
from qbank.core import block
from qbank.core.looking_back import LookFilter, Outcome, positions
from qbank.core.mending import mending
from qbank.core.response import MissReason, Mode
from qbank.errors import CannotEdit, IllegalStep, NotFound, QbankError, StoreBusy, UsageError
from qbank.ui import looking_back, prompts
from qbank.ui.tui import dialogs, frame, ink
from qbank.ui.tui.ink import Ink, Line, Piece
from qbank.ui.tui.keys import Stage, action_of, bottom_line
from qbank.ui.tui.page import show_pictures
from qbank.ui.tui.sheet import Sheet
from qbank.ui.tui.stack import finish, passed_on

_TABLE_HEAD = 2
_KINDS = frozenset(kind.value for kind in LookFilter)


class LookScreen(Screen[QbankError | None]):
    """Walks through a closed block. Right after it, the reason for a miss is asked before its key is told."""

    AUTO_FOCUS = ""

    def __init__(
        self,
        closed: ClosedBlock,
        kind: LookFilter = LookFilter.ALL,
        opening: tuple[str, ...] = (),
        *,
        asks_first: bool = False,
        large: bool = False,
    ) -> None:
        """`opening` is said below the table until a key is pressed."""
        super().__init__()
        self._past = closed
        self._kind = kind
        self._asks_first = asks_first and closed.plan.mode is Mode.TIMED
        self._large = large
        self._seen: set[int] = set()
        self._chosen = self._first_seen()
        self._opened: int | None = None
        self._untold = False
        self._at = 0
        self._rows = 1
        self._told: int | None = None
        self._said = " ".join(opening)

    def compose(self) -> ComposeResult:
        yield Sheet()

    def on_resize(self) -> None:
        self._draw()

    def on_key(self, event: events.Key) -> None:
        if passed_on(self, event):
            return
        event.stop()
        event.prevent_default()
        self._said = ""
        self._guarded(lambda: self._press(event))

    def on_sheet_clicked(self, message: Sheet.Clicked) -> None:
        if message.kind == "position":
            self._guarded(lambda: self._open(int(message.value)))

    def on_sheet_wheeled(self, message: Sheet.Wheeled) -> None:
        self._at += message.rows
        self._draw()

    @property
    def stage(self) -> Stage:
        if self._opened is None:
            return Stage.LIST
        return Stage.TIMED if self._untold else Stage.LOOKING

    @property
    def without(self) -> frozenset[str]:
        """Actions that have nothing to do here now."""
        missing = {"edit"} if self._past.served else set()
        if self._opened is not None and not self._is_miss(self._opened):
            missing.add("reason")
        return frozenset(missing)

    @property
    def listed(self) -> tuple[int, ...]:
        """The positions of the questions that are gone through."""
        return positions(self._past.review, self._kind)

    def _first_seen(self) -> int:
        seen = (row for row, position in enumerate(self.listed) if not self._is_unseen(position))
        return next(seen, 0)

    def _is_unseen(self, position: int) -> bool:
        return self._past.review.questions[position].outcome is Outcome.NOT_REACHED

    def _guarded(self, doing: Callable[[], None]) -> None:
        try:
            doing()
        except (IllegalStep, UsageError, StoreBusy, CannotEdit, NotFound) as error:
            self._said = str(error)
        except QbankError as error:
            finish(self, error)
            return
        self._draw()

    def _press(self, event: events.Key) -> None:
        page = max(1, self._rows - 1)
        moves = {"pageup": -page, "pagedown": page, "space": page}
        action = action_of(event.key, self.stage)
        if event.key in moves:
            self._at += moves[event.key]
        elif event.key in ("up", "down"):
            self._move(1 if event.key == "down" else -1)
        elif action is None or action in self.without:
            self._said = "That key does nothing here. ? shows the keys."
        elif self._opened is None and action in _KINDS:
            self._kind, self._at = LookFilter(action), 0
            self._chosen = self._first_seen()
        else:
            self._act(action)

    def _act(self, action: str) -> None:
        match action:
            case "open":
                self._open_chosen()
            case "go_on" | "next":
                self._walk(1)
            case "previous":
                self._walk(-1)
            case "reason":
                self._ask_reason("What was the reason, now that you see the key?")
            case "note":
                self._ask_note()
            case "flag":
                self._ask_flag()
            case "edit":
                self._edit()
            case "help":
                self.app.push_screen(dialogs.HelpDialog(self.stage, self.without))
            case "leave" if self._opened is None:
                finish(self, None)
            case _:
                self._opened, self._at = None, 0

    def _move(self, rows: int) -> None:
        if self._opened is not None:
            self._at += rows
            return
        self._chosen = max(0, min(self._chosen + rows, len(self.listed) - 1))
        row = self._table_begins() + self._chosen
        if row < self._at or self._chosen == 0:
            self._at = 0 if self._chosen == 0 else row
        elif row >= self._at + self._rows:
            self._at = row - self._rows + 1

    def _open_chosen(self) -> None:
        if not self.listed:
            raise UsageError("There is none to show here. a lists all questions.")
        self._open(self.listed[self._chosen])

    def _open(self, position: int) -> None:
        if self._is_unseen(position):
            raise UsageError(prompts.UNSEEN)
        self._opened, self._at, self._told = position, 0, None
        if position in self.listed:
            self._chosen = self.listed.index(position)
        one = self._past.review.questions[position]
        self._untold = self._asks_first and self._is_miss(position) and position not in self._seen
        self._untold = self._untold and one.reason is None
        self._seen.add(position)
        if self._untold:
            began = "You left this one blank." if one.outcome is Outcome.BLANK else "Not this one."
            self._ask_reason(f"{began} Before you see the key: what was the reason?")

    def _walk(self, by: int) -> None:
        rest = self.listed[self._chosen + 1 :] if by > 0 else self.listed[: self._chosen][::-1]
        position = next((each for each in rest if not self._is_unseen(each)), None)
        if position is not None:
            self._open(position)
        elif by > 0:
            self._said = "That was the last of these. q goes back to the list."
        else:
            self._said = "This is the first."

    def _ask_reason(self, said: str) -> None:
        position = self._opened
        assert position is not None, "a reason belongs to the question on the screen"

        def named(reason: MissReason | None) -> None:
            def keep() -> None:
                self._untold = False
                if reason is not None:
                    self._past.do(block.ReasonAfter, position=position, reason=reason)

            self._guarded(keep)

        self.app.push_screen(dialogs.ReasonDialog(said), named)

    def _ask_note(self) -> None:
        position = self._opened
        assert position is not None, "a note belongs to the question on the screen"
        note = self._past.state.items[position].note

        def written(text: str | None) -> None:
            if text or (note and text is not None):
                self._said = prompts.noted_line(text, note)
                self._guarded(lambda: self._past.do(block.Note, position=position, text=text))

        self.app.push_screen(dialogs.LineDialog("A note to this question", note), written)

    def _ask_flag(self) -> None:
        position = self._opened
        assert position is not None, "a flag belongs to the question on the screen"

        def written(text: str | None) -> None:
            if text:
                self._said = prompts.FLAGGED
                self._guarded(lambda: self._past.flag(position, text))

        self.app.push_screen(dialogs.LineDialog("What is wrong with this question?", ""), written)

    def _edit(self) -> None:
        """The editor gets the terminal, and gives it back."""
        assert self._opened is not None, "a file belongs to the question on the screen"
        from qbank.ui.editing import edited_lines  # seldom asked for

        with self.app.suspend():
            edited = self._past.edit(self._opened, allowed=not self._past.served)
        self._said = " ".join(edited_lines(edited))

    def _is_miss(self, position: int) -> bool:
        one = self._past.review.questions[position]
        return one.outcome is not Outcome.RIGHT and not one.recall

    def _draw(self) -> None:
        if not self.is_mounted or not self.size.width:
            return
        if self._opened is None:
            self.query_one(Sheet).put(self._list_screen(*self.size))
            show_pictures(self, ())
            return
        view = self._view(self._opened)
        drawn = frame.framed(view, *self.size, large=self._large)
        if drawn.told is not None and self._told != self._opened:
            self._told, self._at = self._opened, drawn.told
            drawn = frame.framed(self._view(self._opened), *self.size, large=self._large)
        self._at, self._rows = drawn.at, drawn.rows
        self.query_one(Sheet).put(drawn.screen)
        show_pictures(self, frame.pictures(view))

    def _view(self, position: int) -> frame.View:
        closed = self._past
        one = closed.review.questions[position]
        reason = f"Your reason: {one.reason.value}." if one.reason and not self._untold else ""
        return frame.View(
            question=closed.question(position),
            item=closed.item(position),
            state=closed.state,
            position=position,
            stage=self.stage,
            without=self.without,
            notice=self._said or reason,
            objective=None if self._untold else closed.objective(position),
            licence="" if self._untold else closed.licence(position),
            comes_back=one.comes_back_on,
            right=lambda p: closed.review.questions[p].outcome is Outcome.RIGHT,
            at=self._at,
            pictures=self._past.pictures,
        )

    def _list_screen(self, width: int, height: int) -> list[Line]:
        """A bar, the result, the table with a cursor, what it says, the plan, and the keys."""
        lines = self._list_lines(min(width, frame.MEASURE) - 2)
        self._rows = height - 3
        self._at = max(0, min(self._at, len(lines) - self._rows))
        shown = [(Piece(" "), *line) for line in lines[self._at : self._at + self._rows]]
        below = max(0, len(lines) - self._at - self._rows)
        title = f" Block of {self._past.review.composed_on:%a %d %b}: {self._kind.value}"
        told = self._said or (f"{below} more lines: Space." if below else "")
        return [
            (Piece(title.ljust(width), Ink.BAR),),
            *shown,
            *[()] * (self._rows - len(shown)),
            (Piece(f" {told}", Ink.WARNING if below else Ink.TEXT),),
            (Piece(f" {bottom_line(Stage.LIST, (), width - 2)}".ljust(width), Ink.BAR),),
        ]

    def _list_lines(self, width: int) -> list[Line]:
        review, hidden = self._past.review, self._hidden()
        lines: list[Line] = [*ink.text_lines(looking_back.result_lines(review), width), ()]
        table = [*looking_back.review_lines(review, width, self._kind, hidden)]
        for number, text in enumerate(table):
            row = number - _TABLE_HEAD
            if 0 <= row < len(self.listed):
                look = Ink.POINTED if row == self._chosen else Ink.TEXT
                lines.append((Piece(text.ljust(width), look, ("position", str(self.listed[row]))),))
            else:
                lines.append(ink.plain_line(text, Ink.STRONG if number == 0 else Ink.TEXT))
        if self._kind is LookFilter.ALL and review.totals.asked:
            plan = looking_back.plan_lines(mending(review), width, hidden=hidden)
            lines += [(), *(ink.plain_line(text) for text in plan)]
        return lines

    def _table_begins(self) -> int:
        width = min(self.size.width, frame.MEASURE) - 2
        result = ink.text_lines(looking_back.result_lines(self._past.review), width)
        return len(result) + 1 + _TABLE_HEAD

    def _hidden(self) -> frozenset[int]:
        """Right after a block the table does not tell a key before the reason for its miss was asked."""
        if not self._asks_first:
            return frozenset()
        return frozenset(
            one.position
            for one in self._past.review.questions
            if one.outcome is not Outcome.RIGHT and one.reason is None and one.position not in self._seen
        )
