"""Walking through a closed block once more, one line in, words out."""

import contextlib
from collections.abc import Callable
from typing import ClassVar

from qbank.app.looking_back import ClosedBlock
from qbank.core import block
from qbank.core.looking_back import BlockReview, LookFilter, Outcome, ReturnWhy, seen_positions
from qbank.core.mending import mending
from qbank.errors import CannotEdit, IllegalStep, NotFound, StoreBusy, UsageError
from qbank.ui import prompts, show
from qbank.ui.commands import Command, Verb, parse
from qbank.ui.console import Console
from qbank.ui.looking_back import chosen_filter, heading_lines, plan_lines, review_lines

HELP = (
    "  Enter    show the next of those listed       7, g 7   show question 7",
    "  n, p     next, previous of those listed      r        name the reason for a miss",
    "  l        list all questions                  t TEXT   keep a note with this one",
    "  l missed, l marked, l changed, l slow, l blank        list those and go through them",
    "  f TEXT   flag a bad question                 e        open its file in your editor",
    "  q        end",
)


class _Left(Exception):
    """The learner is done here."""


def look_lines(review: BlockReview, width: int, kind: LookFilter) -> list[str]:
    """Result, table and plan; of one kind its table alone."""
    lines = [*heading_lines(review, width), "", *review_lines(review, width, kind)]
    if kind is not LookFilter.ALL or not review.totals.asked:
        return lines
    return [*lines, "", *plan_lines(mending(review), width)]


class PlainLook:
    """Shows the questions of a closed block with their answers, those of one kind or all."""

    def __init__(self, closed: ClosedBlock, console: Console, kind: LookFilter = LookFilter.ALL) -> None:
        self._closed = closed
        self._console = console
        self._kind = kind
        self._position: int | None = None

    def run(self) -> None:
        """Table and plan, then question by question until the learner ends it; ends with the input as with q."""
        self._console.say_lines(look_lines(self._closed.review, self._console.width, self._kind))
        self._console.say()
        with contextlib.suppress(_Left, EOFError):
            while True:
                self._take_command()

    def _take_command(self) -> None:
        command = self._console.ask(self._prompt(), lambda line: parse(line, {}))
        act = self._VERBS.get(command.verb)
        try:
            if act is None:
                raise IllegalStep(
                    "This block is closed and its answers stand. Type ? to see what you can do."
                )
            act(self, command)
        except (IllegalStep, UsageError, StoreBusy, CannotEdit, NotFound) as error:
            self._console.say(str(error))

    def _prompt(self) -> str:
        if self._position is None:
            return "Enter shows the first, a number that question, q ends (? for help): "
        return prompts.go_on_prompt(missed=self._is_miss())

    def _is_miss(self) -> bool:
        if self._position is None:
            return False
        one = self._closed.review.questions[self._position]
        return one.outcome is not Outcome.RIGHT and not one.recall

    def _show(self, position: int) -> None:
        closed, console = self._closed, self._console
        self._position = position
        one, item, state = (
            closed.review.questions[position],
            closed.item(position),
            closed.state.items[position],
        )
        question, total = closed.question(position), len(closed.plan.items)
        console.say()
        if closed.rekeyed(position):
            console.say("The key of this question was corrected since you answered it.")
        shown = (question, item, position, total, console.width, "", state, closed.pictures)
        console.say_lines(show.question_lines(*shown))
        console.say()
        objective, licence = closed.objective(position), closed.licence(position)
        answered = (question, item, state, console.width, objective, licence, closed.pictures)
        console.say_lines(show.answer_lines(*answered))
        if one.reason is not None:
            console.say(f"Your reason: {one.reason.value}.")
        if one.comes_back_on is not None:
            checked = one.comes_back_why is ReturnWhy.MISREAD
            how = "Another case checks it by" if checked else "By its forgetting curve it is due again on"
            console.say(f"{how} {one.comes_back_on:%a %d %b}.")
        console.say()

    def _go_on(self, command: Command) -> None:
        later = [p for p in self._listed() if self._position is None or p > self._position]
        if later:
            self._show(later[0])
        elif self._position is None:
            self._console.say("There is none to show here. l lists all questions.")
        else:
            self._console.say("That was the last of these. l lists all questions; q ends.")

    def _previous(self, command: Command) -> None:
        earlier = [p for p in self._listed() if self._position is not None and p < self._position]
        if earlier:
            self._show(earlier[-1])
        else:
            self._console.say("There is none before it.")

    def _listed(self) -> tuple[int, ...]:
        return seen_positions(self._closed.review, self._kind)

    def _go(self, command: Command) -> None:
        total = len(self._closed.plan.items)
        if not 1 <= command.number <= total:
            raise UsageError(f"The block has questions 1 to {total}.")
        if command.number - 1 not in seen_positions(self._closed.review, LookFilter.ALL):
            raise UsageError(prompts.UNSEEN)
        self._show(command.number - 1)

    def _list(self, command: Command) -> None:
        kind = chosen_filter(command.text)
        self._console.say_lines(review_lines(self._closed.review, self._console.width, kind))
        if seen_positions(self._closed.review, kind):
            self._kind, self._position = kind, None

    def _note(self, command: Command) -> None:
        position = self._shown()
        said = prompts.noted_line(command.text, self._closed.state.items[position].note)
        self._closed.do(block.Note, position=position, text=command.text)
        self._console.say(said)

    def _reason(self, command: Command) -> None:
        position = self._shown()
        if not self._is_miss():
            raise UsageError("A reason belongs to a miss. Press Enter to go on.")
        self._console.say_lines(prompts.reason_lines())
        reason = self._console.ask("A number, or Enter to skip: ", prompts.parse_reason)
        if reason is None:
            return
        self._closed.do(block.ReasonAfter, position=position, reason=reason)
        mine = [mend for mend in mending(self._closed.review) if mend.reason is reason]
        self._console.say_lines(plan_lines(mine, self._console.width) if mine else ["Noted."])

    def _flag(self, command: Command) -> None:
        self._closed.flag(self._shown(), command.text)
        self._console.say(prompts.FLAGGED)

    def _edit(self, command: Command) -> None:
        from qbank.ui.editing import edited_lines  # seldom asked for

        edited = self._closed.edit(self._shown(), allowed=self._console.is_terminal)
        self._console.say_lines(edited_lines(edited))

    def _shown(self) -> int:
        if self._position is None:
            raise UsageError("Show a question first: type its number.")
        return self._position

    def _help(self, command: Command) -> None:
        self._console.say_lines(HELP)

    def _quit(self, command: Command) -> None:
        raise _Left

    _VERBS: ClassVar[dict[Verb, Callable[["PlainLook", Command], None]]] = {
        Verb.GO_ON: _go_on,
        Verb.NEXT: _go_on,
        Verb.PREVIOUS: _previous,
        Verb.GO: _go,
        Verb.LIST: _list,
        Verb.NOTE: _note,
        Verb.REASON: _reason,
        Verb.FLAG: _flag,
        Verb.EDIT: _edit,
        Verb.SUBMIT: _quit,
        Verb.LEAVE: _quit,
        Verb.HELP: _help,
    }
