"""The plain face of an exam day between its blocks: the tutorial and the break, at a prompt that says what time is left."""

import contextlib

from qbank.app.exam_day import ExamDay
from qbank.core.exam_day import Phase
from qbank.errors import UsageError
from qbank.ui import exam_words, prompts
from qbank.ui.commands import HELP
from qbank.ui.console import ClockRanOut, Console
from qbank.ui.conversation import BreakEnd


class PlainTutorial:
    """Says how a day goes, and waits until the learner goes on or the tutorial's time is up."""

    def __init__(self, day: ExamDay, console: Console) -> None:
        self._day = day
        self._console = console

    def run(self) -> bool:
        """True to go on to the first block, False when the learner left; nobody is waited for in a pipe."""
        self._console.say_lines(exam_words.tutorial_lines(self._day, HELP))
        if not self._console.is_terminal:
            return True
        try:
            return self._console.ask("Enter begins the first block, q leaves: ", _parse_tutorial, self._wait)
        except ClockRanOut:
            return True
        except EOFError:
            return False
        except KeyboardInterrupt:
            self._console.say(prompts.DAY_LEFT)
            raise

    def _wait(self) -> bool:
        return self._day.phase is not Phase.TUTORIAL


class PlainBreak:
    """Waits between two blocks and says the time by the minute."""

    def __init__(self, day: ExamDay, console: Console) -> None:
        self._day = day
        self._console = console
        self._said_minutes = 0
        self._back_at_ms: int | None = None

    def run(self) -> BreakEnd:
        """How the break ended; it is skipped in a pipe, where nobody rests."""
        if not self._console.is_terminal:
            return BreakEnd.GO
        self._console.say()
        self._console.say_lines(exam_words.break_lines(self._day))
        self._said_minutes = exam_words.break_minutes(self._day.break_left_ms)
        with contextlib.suppress(ClockRanOut):
            try:
                while True:
                    ended = self._console.ask(exam_words.break_prompt(self._day), self._parse, self._wait)
                    if ended is not None:
                        return ended
            except EOFError:
                return BreakEnd.LEAVE
            except KeyboardInterrupt:
                self._console.say(prompts.DAY_LEFT)
                raise
        return BreakEnd.GO

    def _parse(self, line: str) -> BreakEnd | None:
        word = line.lower()
        if word in _ENDS:
            return _ENDS[word]
        if word in ("s", "l"):
            self._rest(word)
        elif word in ("?", "h", "help", "t"):
            self._console.say_lines(exam_words.break_lines(self._day))
        else:
            raise UsageError("Press Enter to begin the next block, or type ? to see what else you can do.")
        return None

    def _rest(self, word: str) -> None:
        minutes = exam_words.rest_minutes(self._day, lunch=word == "l")
        self._back_at_ms = self._day.day_left_ms - minutes * 60_000
        self._console.say(f"You will be told when {minutes} minutes have passed. Rest now.")

    def _wait(self) -> bool:
        if self._day.phase is Phase.OVER:
            self._console.say()
            self._console.say("The day's time is over.")
            return True
        if self._back_at_ms is not None and self._day.day_left_ms <= self._back_at_ms:
            self._back_at_ms = None
            self._console.interject("Your break is over, if you want to keep to it.")
        minutes = exam_words.break_minutes(self._day.break_left_ms)
        if minutes != self._said_minutes:
            self._said_minutes = minutes
            self._console.interject(exam_words.break_left(minutes))
        return False


def _parse_tutorial(line: str) -> bool:
    if line.lower() in ("", "go"):
        return True
    if line.lower() in ("q", "quit"):
        return False
    raise UsageError("Press Enter to begin the first block, or type q to leave.")


_ENDS = {
    "": BreakEnd.GO,
    "go": BreakEnd.GO,
    "end": BreakEnd.END,
    "q": BreakEnd.LEAVE,
    "quit": BreakEnd.LEAVE,
}
