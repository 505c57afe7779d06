"""What follows a block that has just been closed: its result, its table and plan, and which answers to go through."""

from collections.abc import Set

from qbank.app.practice import Practice
from qbank.core.looking_back import BlockReview, LookFilter, Outcome, seen_positions
from qbank.core.mending import Mend, mending
from qbank.errors import UsageError
from qbank.ui import prompts
from qbank.ui.commands import Command, Verb, parse
from qbank.ui.console import Console
from qbank.ui.look import HELP
from qbank.ui.looking_back import (
    NAMED,
    NAMED_IN_SHORT,
    chosen_filter,
    plan_lines,
    result_lines,
    review_lines,
    table_lines,
)


class LookBack:
    """Tells of a closed block beside the walk through its answers. `seen` are the positions whose key was shown."""

    def __init__(self, practice: Practice, console: Console, seen: Set[int]) -> None:
        self._practice = practice
        self._console = console
        self._seen = seen
        self._kind = LookFilter.ALL
        self._anew = False
        self._told: tuple[Mend, ...] = ()

    def tell(self) -> None:
        """The result, after a timed block the table, and the plan: whole after a timed block, else a short one."""
        console, review = self._console, self._practice.look_back()
        console.say()
        console.say_lines(result_lines(review, kept=self._practice.kept))
        if not review.totals.asked or not self._practice.kept:
            return
        console.say()
        if self._practice.timed:
            console.say_lines(review_lines(review, console.width, hidden=self._hidden(review)))
            console.say()
        self._tell_plan(review)

    def tell_plan_again(self) -> None:
        """The plan once more, if reasons that were named meanwhile have changed it."""
        review = self._practice.look_back()
        if mending(review) != self._told:
            self._console.say()
            self._tell_plan(review)

    def begin(self) -> int | None:
        """Which answer to show first; None when the learner wants none."""
        self._console.say()
        while True:
            command = self._console.ask(
                "The answers, one by one: Enter begins, l missed chooses, q ends (? for help): ",
                lambda line: parse(line, {}),
            )
            try:
                return self._begun(command)
            except UsageError as error:
                self._console.say(str(error))

    @property
    def narrowed(self) -> bool:
        """Whether only some of the questions are gone through."""
        return self._kind is not LookFilter.ALL

    def list(self, text: str) -> None:
        """List the questions that `text` names, all without it, and go through those, beginning with the first of some.

        Raises UsageError.
        """
        kind = chosen_filter(text)
        review = self._practice.look_back()
        self._console.say_lines(table_lines(review, self._console.width, kind, self._hidden(review)))
        if seen_positions(review, kind):
            self._kind, self._anew = kind, kind is not LookFilter.ALL
        if self._anew:
            self._console.say("Enter shows the first of them.")

    def next_shown(self, position: int) -> int | None:
        """The next question that was on screen among those listed; None behind the last one."""
        if self._anew:
            position, self._anew = -1, False
        shown = seen_positions(self._practice.look_back(), self._kind)
        return next((p for p in shown if p > position), None)

    def _begun(self, command: Command) -> int | None:
        match command.verb:
            case Verb.GO_ON | Verb.NEXT:
                return self.next_shown(-1)
            case Verb.GO if 1 <= command.number <= len(self._practice.plan.items):
                if not self._practice.state.items[command.number - 1].shown:
                    raise UsageError(prompts.UNSEEN)
                return command.number - 1
            case Verb.SUBMIT | Verb.LEAVE:
                return None
            case Verb.LIST:
                self.list(command.text)
            case Verb.HELP:
                self._console.say_lines(HELP)
            case _:
                raise UsageError("Press Enter for the first answer, or q to end.")
        return self.begin()

    def _tell_plan(self, review: BlockReview) -> None:
        self._told = mending(review)
        named = NAMED if self._practice.timed else NAMED_IN_SHORT
        self._console.say_lines(plan_lines(self._told, self._console.width, named, self._hidden(review)))

    def _hidden(self, review: BlockReview) -> frozenset[int]:
        """At a terminal the reason for a miss is asked before its key is told, so the table does not tell it first."""
        if not (self._console.is_terminal and self._practice.timed):
            return frozenset()
        return frozenset(
            one.position
            for one in review.questions
            if one.outcome is not Outcome.RIGHT and one.reason is None and one.position not in self._seen
        )
