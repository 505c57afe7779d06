"""The keys of a block: one table, from which the bottom line, the help and the keys themselves come.

They are qbank's own. Letters that the question's options bear always choose an option.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Stage(StrEnum):
    """What can be done depends on where a question stands."""

    TIMED = "timed"
    UNTIMED = "untimed"
    FRONT = "front"
    SHOWN = "shown"
    LOOKING = "looking"
    LIST = "list"


class Key(NamedTuple):
    """`names` are the keys as Textual names them, `shown` is how they are written, `word` stands in the bottom line."""

    names: tuple[str, ...]
    shown: str
    action: str
    word: str
    says: str
    stages: frozenset[Stage]


_OPEN = frozenset({Stage.TIMED, Stage.UNTIMED})
_LIST = frozenset({Stage.LIST})
_ALL = frozenset(Stage) - _LIST
_RUNNING = _ALL - {Stage.LOOKING}

CHOOSE = ("A, B, ...", "Choose an option; again another one changes the answer.")

KEYS = (
    Key(("enter",), "Enter", "go_on", "next", "Go on from an answered question.", frozenset({Stage.TIMED})),
    Key(("enter",), "Enter", "go_on", "see the key", "Show the key, once an option is chosen.", frozenset({Stage.UNTIMED})),
    Key(("enter",), "Enter", "go_on", "see the back", "Show the back of the prompt.", frozenset({Stage.FRONT})),
    Key(("enter",), "Enter", "go_on", "go on", "Go on to the next question.", frozenset({Stage.SHOWN, Stage.LOOKING})),
    Key(("u",), "u", "unsure", "not sure", "Not sure of it; again: a guess; again: sure. No key: sure.", _OPEN),
    Key(("minus",), "- B", "strike", "strike", "Strike option B out, or bring it back.", _OPEN),
    Key(("m",), "m", "mark", "mark", "Mark the question, or no longer.", _OPEN | {Stage.FRONT}),
    Key(("y",), "y", "highlight", "highlight", "Highlight: arrows choose a sentence, Space sets it off, Esc ends.", _OPEN),
    Key(("r",), "r", "reason", "reason", "Name the reason for a miss.", frozenset({Stage.SHOWN, Stage.LOOKING})),
    Key(("u",), "u", "take_back", "take back", "Take back a wrong rating; it stays seen.", frozenset({Stage.SHOWN})),
    Key(("s",), "s", "submit", "submit", "Submit the block.", _RUNNING),
    Key(("t",), "t", "note", "note", "Keep a note with the question.", _ALL),
    Key(("v",), "v", "labs", "labs", "Look laboratory values up.", _RUNNING),
    Key(("equals_sign",), "=", "calculator", "calc", "Open the calculator.", _RUNNING),
    Key(("l",), "l", "list", "list", "List the questions, and go to one.", _RUNNING),
    Key(("f",), "f", "flag", "flag", "Flag a bad question; it leaves your drills.", _ALL),
    Key(("e",), "e", "edit", "edit", "Open the question's file in your editor.", frozenset({Stage.SHOWN, Stage.LOOKING})),
    Key(("x",), "x", "blank", "leave blank", "Leave it blank: go on, or see the key where it follows at once.", _OPEN),
    Key(("k",), "k", "clock", "clock", "Hide the clock, or show it.", _RUNNING),
    Key(("n", "right"), "n, Right", "next", "next", "The next question.", _ALL),
    Key(("p", "left"), "p, Left", "previous", "previous", "The previous question.", _ALL),
    Key(("q",), "q", "leave", "leave", "Save and leave; in a review, stopping is finishing.", _RUNNING),
    Key(("q", "escape"), "q", "leave", "back", "Back to the list.", frozenset({Stage.LOOKING})),
    Key(("enter",), "Enter", "open", "open", "Show the question with its answer; again, the next listed.", _LIST),
    Key(("q", "escape"), "q", "leave", "done", "End here.", _LIST),
    Key(("m",), "m", "missed", "missed", "List only what you missed.", _LIST),
    Key(("s",), "s", "slow", "slow", "List only what took long for your pace.", _LIST),
    Key(("c",), "c", "changed", "changed", "List only changed answers.", _LIST),
    Key(("k",), "k", "marked", "marked", "List only what you marked.", _LIST),
    Key(("b",), "b", "blank", "blank", "List only what you left blank.", _LIST),
    Key(("a",), "a", "all", "all", "List all questions.", _LIST),
    Key(("question_mark", "f1"), "?", "help", "help", "Show all keys.", _ALL | _LIST),
)  # fmt: skip

MOVES = (
    ("7 Enter", "Go to question 7."),
    ("Up, Down, Space", "Scroll what is longer than the screen."),
    (": m", "Where an option has the letter of a key, a colon makes it the key."),
    ("Ctrl-T", "Dark, light, or your terminal's own colours."),
    ("Ctrl-Z", "Suspend; `fg` goes on. The clock of a timed block runs meanwhile."),
)


def action_of(name: str, stage: Stage) -> str | None:
    """The action of a key, by Textual's name for it, at this stage."""
    return next((key.action for key in KEYS if stage in key.stages and name in key.names), None)


def bottom_line(stage: Stage, without: Iterable[str], width: int) -> str:
    """As many keys as fit on one line, the most needed first and the way to all others last."""
    left_out = set(without)
    *keys, help_ = (key for key in KEYS if stage in key.stages and key.action not in left_out)
    end = f"{help_.shown} {help_.word}"
    line = ""
    for key in keys:
        longer = f"{line}{key.shown.partition(',')[0]} {key.word}  "
        if len(longer) + len(end) > width:
            break
        line = longer
    return line + end


def help_rows(stage: Stage, without: Iterable[str]) -> list[tuple[str, str]]:
    """Every key that does something at this stage, and what it does."""
    left_out = set(without)
    rows = [(key.shown, key.says) for key in KEYS if stage in key.stages and key.action not in left_out]
    choosing = [CHOOSE] if stage in _OPEN else []
    return [*choosing, *rows, *MOVES]
