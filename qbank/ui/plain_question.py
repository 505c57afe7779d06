"""One question of a block said in plain lines: as it stands, its back, and its answer."""

from qbank.app.practice import Practice
from qbank.ui import show
from qbank.ui.console import Console


def say_question(console: Console, practice: Practice, position: int, clock: str) -> None:
    """The question as it stands before its key is shown; `clock` stands beside its heading, "" for none."""
    lines = show.question_lines(
        practice.question(position),
        practice.item(position),
        position,
        len(practice.plan.items),
        console.width,
        clock,
        practice.state.items[position],
        practice.pictures,
    )
    console.say_lines(["", *lines, ""])


def say_back(console: Console, practice: Practice, position: int) -> None:
    """The back of a recall prompt, and the two options that say how it compared."""
    question, item = practice.question(position), practice.item(position)
    console.say_lines(show.recall_lines(question, item, console.width, practice.pictures))
    console.say()


def say_answer(console: Console, practice: Practice, position: int) -> None:
    """Verdict, explanations, the sentence to remember, and when its objective comes back."""
    lines = show.answer_lines(
        practice.question(position),
        practice.item(position),
        practice.state.items[position],
        console.width,
        practice.objective(position),
        practice.licence(position),
        practice.pictures,
    )
    console.say_lines(["", *lines])
    comes_back = practice.comes_back_on(position)
    if comes_back is not None:
        console.say(show.comes_back_line(comes_back))
    console.say()
