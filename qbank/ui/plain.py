"""The plain face of a block: one line in, words out. It works in pipes and for screen readers, and hides nothing.

No screen is redrawn and no state is told by colour or place alone.
"""

import contextlib
from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from qbank.app.practice import Practice
from qbank.core import block
from qbank.core.question import Kind
from qbank.core.response import MissReason, Mode
from qbank.errors import IllegalStep, StoreBusy, UsageError
from qbank.ui import course, prompts, show
from qbank.ui.commands import HELP, Command, Verb, parse, what_to_type
from qbank.ui.console import ClockRanOut, Console, OutputLost
from qbank.ui.plain_desk import DESK, Desk
from qbank.ui.plain_question import say_answer, say_back, say_question

if TYPE_CHECKING:
    from qbank.ui.look_after import LookBack


class _Left(Exception):
    """The learner is done here."""


class PlainBlock:
    """Runs one block on a console until it is closed or the learner leaves."""

    def __init__(self, practice: Practice, console: Console) -> None:
        self._practice = practice
        self._console = console
        self._desk = Desk(practice, console, self._do)
        self._position = 0
        self._turned = False
        self._seen: set[int] = set()
        self._again: LookBack | None = None
        limit_ms = practice.plan.limit_ms or 0
        self._notice_due = limit_ms > show.NOTICE_MS

    def run(self) -> bool:
        """Practise; True when the block was closed, False when it was left to be continued.

        Leaving by q, by the end of the input or by Ctrl-C loses nothing, and neither does a terminal that is closed.
        """
        try:
            self._answer_all()
            self._close_up()
        except (_Left, EOFError):
            self._leave()
        except (KeyboardInterrupt, BrokenPipeError, OutputLost):
            self._leave()
            raise
        return self._practice.closed

    def _answer_all(self) -> None:
        try:
            if self._practice.state.phase is block.Phase.PAUSED:
                self._do(block.Resume)
            self._show(course.first_position(self._practice.state))
            while not self._practice.closed:
                if self._done_in_pipe():
                    self._do(block.Submit)
                else:
                    self._take_command()
        except ClockRanOut:
            self._console.say(prompts.TIME_UP)

    def _take_command(self) -> None:
        letters = self._letters()
        waiting = None if self._practice.closed else self._wait
        understood = partial(parse, letters=letters, shown=self._letters_shown())
        command = self._console.ask(self._prompt(), understood, waiting)
        try:
            if command.verb in DESK:
                DESK[command.verb](self._desk, self._position, command)
            else:
                self._VERBS[command.verb](self, command)
        except (IllegalStep, UsageError) as error:
            self._console.say(str(error))
        except StoreBusy as error:
            if not self._console.is_terminal:
                raise
            self._console.say(str(error))

    def _do(self, event: Callable[..., block.BlockEvent], **fields: object) -> None:
        """Take a step; ClockRanOut when it came too late and the block closed itself instead."""
        was_open = not self._practice.closed
        self._practice.do(event, **fields)
        if was_open and self._practice.state.closed_by is block.ClosedBy.TIME:
            raise ClockRanOut

    def _is_final(self) -> bool:
        return block.is_final(self._practice.state, self._position)

    def _show(self, position: int) -> None:
        if not self._practice.closed:
            self._do(block.Show, position=position)
        self._position = position
        self._turned = False
        if self._is_final():
            self._look_back()
            return
        self._show_question()
        if self._is_recall() and not self._console.is_terminal:
            self._turn()
        if course.is_settled(self._practice.state, position):
            self._settle(None)

    def _show_question(self) -> None:
        clock = "" if self._desk.hides_clock else self._clock_text()
        say_question(self._console, self._practice, self._position, clock)

    def _look_back(self) -> None:
        """A question whose answer stands. After a timed block the reason for a miss is asked first, once."""
        item = self._practice.state.items[self._position]
        self._show_question()
        missed = item.shown and not self._is_recall() and not self._is_right()
        if self._practice.timed and missed and self._position not in self._seen:
            reason = self._ask_reason()
            if reason is not None:
                self._do(block.ReasonAfter, position=self._position, reason=reason)
        self._show_answer()

    def _turn(self) -> None:
        self._turned = True
        say_back(self._console, self._practice, self._position)

    def _letters(self) -> dict[str, str]:
        """What can be chosen now, by letter; nothing before a recall prompt is turned, and after the key is shown."""
        if self._is_final() or (self._is_recall() and not self._turned):
            return {}
        return show.letters(self._practice.item(self._position))

    def _letters_shown(self) -> Collection[str]:
        """The letters that stand before the options of an answer that is final."""
        return show.letters(self._practice.item(self._position)) if self._is_final() else ()

    def _prompt(self) -> str:
        if self._is_final():
            return prompts.go_on_prompt(missed=not self._is_right() and not self._is_recall())
        return prompts.answer_prompt(self._practice, self._position) if self._letters() else prompts.TURN

    def _clock_text(self) -> str:
        left_ms = None if self._practice.closed else self._practice.left_ms
        if left_ms is None:
            return ""
        day_ms = self._practice.day_left_ms
        day = "" if day_ms is None else f" in this block, {show.clock(day_ms)} in the day"
        return f"{show.clock(left_ms)} left{day}"

    def _wait(self) -> bool:
        """While an answer is awaited; True when the block has just closed itself."""
        if self._practice.wait():
            return True
        left_ms = self._practice.left_ms
        if self._notice_due and left_ms is not None and left_ms <= show.NOTICE_MS:
            self._notice_due = False
            self._console.interject(f"Two minutes are left: {self._clock_text()}.")
        return False

    def _is_recall(self) -> bool:
        return self._practice.question(self._position).kind is Kind.RECALL

    def _is_right(self) -> bool:
        return self._practice.is_right(self._position)

    def _answer(self, command: Command) -> None:
        self._do(block.Answer, option=command.option)
        if command.confidence is not None:
            self._do(block.Confident, level=command.confidence)
        if not self._practice.timed:
            self._settle(command.reason)
            return
        if command.reason is not None:
            self._console.say("Reasons for misses come at the end of a timed block.")
        self._next_unanswered()

    def _settle(self, reason: MissReason | None) -> None:
        """Where the key follows the answer: for a miss the reason, then the key. In a pipe it comes with the answer."""
        named = self._practice.state.items[self._position].reason
        if not self._is_recall() and not self._is_right() and named is None:
            if reason is None and self._console.is_terminal:
                reason = self._ask_reason()
            if reason is not None:
                self._do(block.Reason, reason=reason)
        self._do(block.Reveal)
        self._show_answer()
        if not self._console.is_terminal:
            self._next_open()

    def _ask_reason(self) -> MissReason | None:
        blank = self._practice.state.items[self._position].choice is None
        began = "You left this one blank." if blank else "Not this one."
        self._console.say(f"{began} Before you see the key: what was the reason?")
        return self._choose_reason()

    def _choose_reason(self) -> MissReason | None:
        self._console.say_lines(prompts.reason_lines())
        waiting = None if self._practice.closed else self._wait
        return self._console.ask("A number, or Enter to skip: ", prompts.parse_reason, waiting)

    def _show_answer(self) -> None:
        self._seen.add(self._position)
        say_answer(self._console, self._practice, self._position)

    def _go_on(self, command: Command) -> None:
        """Enter: on from what is answered, and nowhere from what is not."""
        if self._practice.closed:
            self._next_shown()
        elif self._is_final():
            self._next_open()
        elif self._is_recall() and not self._turned:
            self._turn()
        elif self._practice.state.items[self._position].choice is not None:
            self._next_unanswered()
        else:
            self._console.say(what_to_type(self._letters()))

    def _next_open(self) -> None:
        position = course.next_open(self._practice.state, self._position)
        if position is None:
            self._do(block.Submit)
        else:
            self._show(position)

    def _next_unanswered(self) -> None:
        position = course.next_unanswered(self._practice.state, self._position)
        if position is not None:
            self._show(position)
        elif self._console.is_terminal:
            self._console.say("All questions are answered. s submits the block; 3 goes back to question 3.")

    def _next_shown(self) -> None:
        again = self._looking_back()
        shown = again.next_shown(self._position)
        if shown is not None:
            self._show(shown)
        elif again.narrowed:
            self._console.say("That was the last of these. l lists all questions; q ends.")
        else:
            raise _Left

    def _looking_back(self) -> "LookBack":
        """The closed block read back; not before, so that an open one starts fast."""
        if self._again is None:
            from qbank.ui.look_after import LookBack

            self._again = LookBack(self._practice, self._console, self._seen)
        return self._again

    def _done_in_pipe(self) -> bool:
        """Nobody is there to say s: a block fed from a pipe ends with its last answer."""
        if self._console.is_terminal or self._practice.closed:
            return False
        state = self._practice.state
        if self._practice.timed:
            return not block.unanswered(state)
        return all(block.is_final(state, position) for position in range(len(state.items)))

    def _reason(self, command: Command) -> None:
        if not self._is_final():
            self._console.say("The reason is asked for when you have missed one, before its key is shown.")
        elif self._is_right() or self._is_recall():
            self._console.say("A reason belongs to a miss. Press Enter to go on.")
        else:
            reason = self._choose_reason()
            if reason is not None:
                self._do(block.ReasonAfter, position=self._position, reason=reason)
                self._console.say("Noted.")

    def _next(self, command: Command) -> None:
        if self._practice.closed:
            self._next_shown()
        elif self._position < len(self._practice.plan.items) - 1:
            self._show(self._position + 1)
        else:
            self._console.say("This is the last question.")
            self._list(command)

    def _previous(self, command: Command) -> None:
        items = self._practice.state.items
        before = [p for p in range(self._position) if items[p].shown or not self._practice.closed]
        if before:
            self._show(before[-1])
        else:
            self._console.say("This is the first question.")

    def _go(self, command: Command) -> None:
        if not 1 <= command.number <= len(self._practice.plan.items):
            self._console.say(f"The block has questions 1 to {len(self._practice.plan.items)}.")
        elif self._practice.closed and not self._practice.state.items[command.number - 1].shown:
            self._console.say(prompts.UNSEEN)
        else:
            self._show(command.number - 1)

    def _list(self, command: Command) -> None:
        if self._practice.closed:
            self._looking_back().list(command.text)
            return
        if command.text:
            raise UsageError(
                "l lists the questions. What was missed, slow or changed is told when the block is closed."
            )
        self._console.say_lines(prompts.list_lines(self._practice, self._console.width))
        self._console.say(f"{self._clock_text() or 'No time limit'}. 3 goes to question 3; s submits.")

    def _blank(self, command: Command) -> None:
        """Give up on a question: left blank, and then the key where it follows at once."""
        if self._practice.timed or self._is_final():
            self._next(command)
        else:
            self._settle(command.reason)

    def _submit(self, command: Command) -> None:
        if self._practice.closed:
            raise _Left
        waiting = block.unanswered(self._practice.state)
        asks = waiting and self._console.is_terminal and self._practice.plan.mode is not Mode.REVIEW
        if not asks or self._confirm_submit():
            self._do(block.Submit)

    def _confirm_submit(self) -> bool:
        self._console.say_lines(prompts.unanswered_lines(self._practice, self._console.width))
        self._console.say(prompts.BLANKS[self._practice.timed])
        return self._console.confirm("Submit all the same?", default=False, on_wait=self._wait)

    def _help(self, command: Command) -> None:
        self._console.say_lines(HELP)
        if self._practice.closed:
            self._console.say(
                "  l missed, l marked, l changed, l slow, l blank: list those and go through them"
            )

    def _quit(self, command: Command) -> None:
        """In a review, stopping is finishing: what was not asked is not owed."""
        if self._practice.plan.mode is not Mode.REVIEW or self._practice.closed:
            raise _Left
        self._do(block.Submit)

    def _leave(self) -> None:
        if self._practice.closed:
            self._practice.finish()
            return
        self._practice.leave()
        with contextlib.suppress(EOFError, BrokenPipeError, OutputLost):
            self._console.say()
            self._console.say(prompts.left_line(self._practice))

    def _close_up(self) -> None:
        """The result and the plan, and after a timed block each question with its key.

        On an exam day neither comes before the day is over.
        """
        if self._practice.sat is not None:
            self._practice.finish()
            return
        again = self._looking_back()
        again.tell()
        shown = [p for p, item in enumerate(self._practice.state.items) if item.shown]
        if self._practice.timed and shown and self._console.is_terminal:
            self._walk(again)
        if self._practice.timed:
            for position in shown:
                self._position = position
                self._console.say()
                self._console.say(f"Question {position + 1} of {len(self._practice.plan.items)}.")
                self._show_answer()
        self._practice.finish()

    def _walk(self, again: "LookBack") -> None:
        """Through the answers until the learner leaves; the plan follows once more when reasons have changed it."""
        first = again.begin()
        if first is None:
            raise _Left
        try:
            self._show(first)
            while True:
                self._take_command()
        except _Left:
            again.tell_plan_again()
            raise

    _VERBS: ClassVar[dict[Verb, Callable[["PlainBlock", Command], None]]] = {
        Verb.ANSWER: _answer,
        Verb.BLANK: _blank,
        Verb.REASON: _reason,
        Verb.GO_ON: _go_on,
        Verb.NEXT: _next,
        Verb.PREVIOUS: _previous,
        Verb.GO: _go,
        Verb.LIST: _list,
        Verb.SUBMIT: _submit,
        Verb.LEAVE: _quit,
        Verb.HELP: _help,
    }
