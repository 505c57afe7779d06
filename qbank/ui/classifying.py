"""Going through questions without an area by key, one line in and words out."""

import textwrap
from collections.abc import Callable
from enum import StrEnum

import msgspec

from qbank.app.classifying import Case, Choice, Classifying
from qbank.core.block import ItemState
from qbank.core.question import Placing, as_served, serve
from qbank.errors import UsageError
from qbank.ui import show
from qbank.ui.console import Console

HELP = (
    "Enter      take the first, where it is suggested; after f, go back",
    "1 to 9     take the one of that number",
    "f WORDS    find an area or an objective of the exam's map",
    "k          show the key and its explanations, which spoils it for a block",
    "n          no area: it stays for practice only",
    "s          skip it for now",
    "u          take your last decision back",
    "q          leave; everything you decided is saved",
)


class Key(StrEnum):
    """What can be typed; TAKE is a number or Enter, BACK is Enter after something was found."""

    TAKE = "take"
    BACK = "back"
    FIND = "f"
    KEY = "k"
    NONE = "n"
    SKIP = "s"
    UNDO = "u"
    QUIT = "q"
    HELP = "?"


class Typed(msgspec.Struct, frozen=True):
    """A command; `text` is what is to be found, `choice` what is taken."""

    key: Key
    text: str = ""
    choice: Choice = Choice()


def classify(classifying: Classifying, console: Console) -> None:
    """Go through what waits until it is done or left. Every decision is on record before the next question shows."""
    if not classifying.waiting:
        console.say("Every imported question has an area, or you said that it has none.")
        return
    going = _Going(classifying, console)
    try:
        going.on()
    except EOFError:
        console.say()
    finally:
        console.say(going.summary)


class _Going:
    def __init__(self, classifying: Classifying, console: Console) -> None:
        self._classifying, self._console = classifying, console
        self._at = 0
        self._done: list[int] = []

    @property
    def summary(self) -> str:
        count = len(self._done)
        left = len(self._classifying.waiting) - count
        decided = f"{count} decided" if count else "Nothing decided"
        if not left:
            return f"{decided}, none left."
        return f"{decided}, {left} left. Go on with: qbank bank classify"

    def on(self) -> None:
        """Ask about one after the other."""
        while self._at < len(self._classifying.waiting):
            name = self._classifying.waiting[self._at]
            case = self._classifying.case(name)
            self._show(case)
            typed = self._asked(case)
            if typed.key is Key.QUIT:
                return
            if typed.key is Key.UNDO:
                self._take_back()
                continue
            if typed.key is not Key.SKIP:
                self._classifying.decide(name, typed.choice)
                self._done.append(self._at)
                self._console.say(f"Saved: {place_words(typed.choice) or 'no area'}.")
            self._at += 1
            if self._at == len(self._classifying.waiting) and self._done and self._wants_back():
                self._take_back()

    def _take_back(self) -> None:
        self._at = self._done.pop()
        self._classifying.undo(self._classifying.waiting[self._at])
        self._console.say("Taken back.")

    def _wants_back(self) -> bool:
        """Whether, after the last one, the learner wants their last decision back."""

        def parse(line: str) -> bool:
            if line.lower() not in ("", "u", "q"):
                raise UsageError("Please answer u, or press Enter.")
            return line.lower() == "u"

        return self._console.ask("That was the last. Enter leaves, u takes your last decision back: ", parse)

    def _show(self, case: Case) -> None:
        console, question = self._console, case.question
        item = serve(question, seed=0)
        served, total = as_served(question, item), len(self._classifying.waiting)
        more = f", and {case.others} more with the same objective" if case.others else ""
        console.say()
        console.say(f"{question.bank}/{question.id}{more}")
        console.say_lines(show.question_lines(served, item, self._at, total, console.width, "", ItemState()))
        console.say()
        console.say_lines(choice_lines(case.choices, console.width, first=standing(case)))

    def _asked(self, case: Case) -> Typed:
        """What decides about the case; looking and finding go on until something does."""
        offered, found = case.choices, False
        suggested = case.objective.placing is Placing.SUGGESTED
        while True:
            enter = Key.BACK if found else Key.TAKE if suggested else None
            typed = self._console.ask(_prompt(offered, enter), _parser(offered, enter, undo=bool(self._done)))
            if typed.key is Key.HELP:
                self._console.say_lines(HELP)
            elif typed.key is Key.KEY:
                item = serve(case.question, seed=0)
                served = as_served(case.question, item)
                self._console.say_lines(show.answer_lines(served, item, None, self._console.width))
            elif typed.key is Key.BACK:
                offered, found = case.choices, False
                self._console.say_lines(choice_lines(offered, self._console.width, first=standing(case)))
            elif typed.key is Key.FIND:
                results = tuple(self._classifying.find(typed.text))
                if results:
                    offered, found = results, True
                    self._console.say_lines(choice_lines(offered, self._console.width))
                else:
                    self._console.say("Nothing found. Try other words.")
            else:
                return typed


def standing(case: Case) -> str:
    """What holds of the first of a case's choices."""
    objective = case.objective
    if objective.placing is Placing.SUGGESTED:
        return "suggested"
    return "as it is now" if objective.system else ""


def choice_lines(choices: tuple[Choice, ...], width: int, *, first: str = "") -> list[str]:
    """The choices by number; with `first`, what holds of the first."""
    if not choices:
        return ["Nothing is offered: its words are on no objective of the exam."]
    lines = []
    for number, choice in enumerate(choices, 1):
        said = place_words(choice)
        if choice.know:
            said += f". {choice.know} ({choice.section})"
        if choice.share is not None:
            said += f", {choice.share:.0%} of its words' votes"
        if first and number == 1:
            said += f" ({first})"
        lines += textwrap.wrap(
            f"{number}  {said}", width, initial_indent="  ", subsequent_indent=" " * 5, break_on_hyphens=False
        )
    return lines


def place_words(choice: Choice) -> str:
    """A choice by its ids: the objective, or the system and its section where they differ; "" for no area."""
    if choice.objective:
        return choice.objective
    if choice.section in ("", choice.system):
        return choice.system
    return f"{choice.system} / {choice.section}"


def _prompt(choices: tuple[Choice, ...], enter: Key | None) -> str:
    first = {Key.TAKE: "Enter takes 1; ", Key.BACK: "Enter goes back; ", None: ""}[enter]
    numbers = f"1-{len(choices)}, " if len(choices) > 1 else "1, " if choices else ""
    return f"{first}{numbers}f WORDS, n none, s skip, u undo, q quit (?): "


def _parser(choices: tuple[Choice, ...], enter: Key | None, *, undo: bool) -> Callable[[str], Typed]:
    def parse(line: str) -> Typed:
        if not line:
            if enter is Key.TAKE:
                return Typed(Key.TAKE, choice=choices[0])
            if enter is Key.BACK:
                return Typed(Key.BACK)
            raise UsageError("Nothing is suggested here. Choose by number, or s skips it.")
        if line.isascii() and line.isdigit():
            if 1 <= int(line) <= len(choices):
                return Typed(Key.TAKE, choice=choices[int(line) - 1])
            raise UsageError(f"There is no {line} here. ? shows what can be typed.")
        key, _, text = line.partition(" ")
        if key.lower() not in [each.value for each in Key if len(each.value) == 1]:
            raise UsageError(f"{line!r} is nothing that can be typed here. ? shows what can.")
        typed = Typed(Key(key.lower()), text.strip())
        if typed.text and typed.key is not Key.FIND:
            raise UsageError(f"{typed.key.value} stands alone. ? shows what can be typed.")
        if typed.key is Key.FIND and not typed.text:
            raise UsageError("Put what to look for behind it, as in: f nephrotic")
        if typed.key is Key.UNDO and not undo:
            raise UsageError("There is nothing to take back yet.")
        return typed

    return parse
