"""What lies on the desk beside a question, in plain lines: marks, notes, laboratory values, sums, sentences, the editor."""

from collections.abc import Callable

from qbank.app.practice import Practice
from qbank.core import block
from qbank.errors import CannotEdit, NotFound, UsageError
from qbank.ui import prompts
from qbank.ui.commands import Command, Verb
from qbank.ui.console import Console
from qbank.ui.sentences import Span, sentences

Step = Callable[..., None]
"""Takes one step of the block, as `Practice.do`."""


class Desk:
    """The verbs that leave the learner where they are. `position` is the question's, from 0."""

    def __init__(self, practice: Practice, console: Console, do: Step) -> None:
        self._practice = practice
        self._console = console
        self._do = do
        self.hides_clock = False

    def strike(self, position: int, command: Command) -> None:
        self._do(block.Strike, option=command.option)
        self._console.say(prompts.struck_line(self._practice, position))

    def mark(self, position: int, command: Command) -> None:
        self._do(block.Mark)
        marked = self._practice.state.items[position].marked
        self._console.say("Marked." if marked else "No longer marked.")

    def note(self, position: int, command: Command) -> None:
        said = prompts.noted_line(command.text, self._practice.state.items[position].note)
        self._do(block.Note, text=command.text, position=position)
        self._console.say(said)

    def flag(self, position: int, command: Command) -> None:
        self._practice.flag(position, command.text)
        self._console.say(prompts.FLAGGED)

    def look_up(self, position: int, command: Command) -> None:
        """Laboratory values; `si` before the words asks for SI units."""
        # Imported here: the table takes its time to read, and most questions need none of it.
        from qbank.app.labs import load_labs
        from qbank.ui.labs import group_lines, lab_lines

        first, _, rest = command.text.partition(" ")
        si = first.lower() == "si"
        words = rest.strip() if si else command.text
        table, width = load_labs(), self._console.width
        self._console.say_lines(lab_lines(table, words, width, si=si) if words else group_lines(table, width))

    def calculate(self, position: int, command: Command) -> None:
        from qbank.core.arithmetic import calculate, number_text

        self._console.say(f"= {number_text(calculate(command.text))}")

    def sentences(self, position: int, command: Command) -> None:
        """All sentences by number, or one of them highlighted, or no longer."""
        stem = self._practice.question(position).stem
        spans = sentences(stem)
        if not command.number:
            self._console.say_lines(
                prompts.sentence_lines(stem, spans, self._set_off(position), self._console.width)
            )
            return
        if command.number > len(spans):
            raise UsageError(f"This question has sentences 1 to {len(spans)}. y lists them.")
        span = spans[command.number - 1]
        # A splitter of another day may have drawn its sentences otherwise.
        before = [each for each in self._set_off(position) if prompts.overlap(each, span)]
        for begin, end in before or [span]:
            self._do(block.Highlight, start=begin, end=end)
        said = "no longer highlighted" if before else "highlighted"
        self._console.say(f"Sentence {command.number} is {said}: {prompts.on_one_line(stem, span)}")

    def edit(self, position: int, command: Command) -> None:
        from qbank.ui.editing import edited_lines

        try:
            edited = self._practice.edit(position, allowed=self._console.is_terminal)
        except (CannotEdit, NotFound) as error:
            self._console.say(str(error))
        else:
            self._console.say_lines(edited_lines(edited))

    def take_back(self, position: int, command: Command) -> None:
        """The score of a question whose key is shown, after asking."""
        if not block.is_final(self._practice.state, position):
            self._console.say("This answer is still open. Change it instead.")
        elif self._practice.is_taken_back(position):
            self._console.say("The score of this question is taken back already.")
        elif self._wants_it_back():
            self._practice.take_back(position)
            self._console.say(prompts.taken_back_line(self._practice.comes_back_on(position)))

    def clock(self, position: int, command: Command) -> None:
        if self._practice.plan.limit_ms is None:
            self._console.say("This block has no clock.")
            return
        self.hides_clock = not self.hides_clock
        self._console.say(
            "The clock is hidden and runs on. l tells the time, and k shows it again."
            if self.hides_clock
            else "The clock is shown with each question again."
        )

    def _set_off(self, position: int) -> list[Span]:
        return sorted(self._practice.state.items[position].highlights)

    def _wants_it_back(self) -> bool:
        if not self._console.is_terminal:
            return True
        waiting = None if self._practice.closed else self._practice.wait
        return self._console.confirm("Take back the score of this question?", default=False, on_wait=waiting)


DESK: dict[Verb, Callable[[Desk, int, Command], None]] = {
    Verb.STRIKE: Desk.strike,
    Verb.MARK: Desk.mark,
    Verb.NOTE: Desk.note,
    Verb.FLAG: Desk.flag,
    Verb.LABS: Desk.look_up,
    Verb.CALCULATE: Desk.calculate,
    Verb.SENTENCES: Desk.sentences,
    Verb.EDIT: Desk.edit,
    Verb.TAKE_BACK: Desk.take_back,
    Verb.CLOCK: Desk.clock,
}
