"""What may be typed at a question, and what it means. A letter of the question always means its option."""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum

import msgspec

from qbank.core.response import Confidence, MissReason
from qbank.errors import UsageError


class Verb(StrEnum):
    ANSWER = "answer"
    BLANK = "blank"
    STRIKE = "strike"
    MARK = "mark"
    NOTE = "note"
    FLAG = "flag"
    LABS = "labs"
    CALCULATE = "calculate"
    SENTENCES = "sentences"
    EDIT = "edit"
    TAKE_BACK = "take back"
    CLOCK = "clock"
    REASON = "reason"
    GO_ON = "go on"
    NEXT = "next"
    PREVIOUS = "previous"
    GO = "go"
    LIST = "list"
    SUBMIT = "submit"
    LEAVE = "leave"
    HELP = "help"


class Command(msgspec.Struct, frozen=True):
    """One line understood. `number` counts from 1."""

    verb: Verb
    option: str | None = None
    confidence: Confidence | None = None
    reason: MissReason | None = None
    text: str = ""
    number: int = 0


HELP = (
    "  B        answer B and go on; B? not sure; B?? a guess; B! sure",
    "  B 2      answer B and, should it be a miss, give reason 2 (tutor, review)",
    "  -B       strike option B out, or bring it back",
    "  x        leave it blank: go on (timed), or see the key (tutor, review)",
    "  Enter    go on, once a question is answered; it never answers or skips one",
    "  r        the reason for a miss, once its key is shown",
    "  m        mark the question        t TEXT   keep a note; t alone removes it",
    "  n, p     next, previous           7, g 7   go to question 7, or show it again",
    "  l        list the questions       f TEXT   flag a bad question",
    "  v WORDS  laboratory values, as in v sodium or, in SI units, v si sodium",
    "  = SUM    calculate, as in = 140-(104+24)",
    "  y        list the sentences       y 3      highlight sentence 3, or no longer",
    "  u        take back its score      e        edit it, once its key is shown",
    "  k        hide or show the clock",
    "  s        submit the block         q        save and leave",
    "Where an option has the letter of a command, put a colon before it, as in :e.",
)

_ANSWER = re.compile(r"([A-Za-z])\s*(\?\?|\?|!)?(?:\s+([1-7]))?")
_CONFIDENCE = {"!": Confidence.SURE, "?": Confidence.UNSURE, "??": Confidence.GUESSED}
_PLAIN = {
    "": Verb.GO_ON,
    "x": Verb.BLANK,
    "m": Verb.MARK,
    "r": Verb.REASON,
    "n": Verb.NEXT,
    "p": Verb.PREVIOUS,
    "l": Verb.LIST,
    "v": Verb.LABS,
    "y": Verb.SENTENCES,
    "e": Verb.EDIT,
    "u": Verb.TAKE_BACK,
    "k": Verb.CLOCK,
    "s": Verb.SUBMIT,
    "q": Verb.LEAVE,
    "?": Verb.HELP,
    "h": Verb.HELP,
    "help": Verb.HELP,
}
_MAYBE_TEXT = {"l": Verb.LIST, "v": Verb.LABS, "t": Verb.NOTE}
_NUMBERED = {"g": Verb.GO, "y": Verb.SENTENCES}


def parse(line: str, letters: Mapping[str, str], shown: Collection[str] = ()) -> Command:
    """The command in a line. `letters` maps the letters of the question's options, A first, to option ids; it is empty
    while there is nothing to answer. `shown` are letters that stand on the screen all the same: typed once more they do
    nothing, least of all the command of that letter.

    Raises UsageError, with what may be typed, for anything else.
    """
    line = line.strip()
    answer = _ANSWER.fullmatch(line)
    if answer and answer[1].upper() in letters:
        return Command(
            Verb.ANSWER,
            option=letters[answer[1].upper()],
            confidence=_CONFIDENCE.get(answer[2] or ""),
            reason=tuple(MissReason)[int(answer[3]) - 1] if answer[3] else None,
        )
    if len(line) == 2 and line[0] == "-" and line[1].upper() in letters:
        return Command(Verb.STRIKE, option=letters[line[1].upper()])
    if not letters and len(line) == 1 and line.upper() in shown:
        raise UsageError(
            f"This answer stands. Press Enter to go on; a command has a colon here, as in :{line.lower()}"
        )
    return _parse_command(line.removeprefix(":"), letters)


def _parse_command(line: str, letters: Mapping[str, str]) -> Command:
    if line.startswith("="):
        return Command(Verb.CALCULATE, text=line[1:].strip())
    word, _, text = line.partition(" ")
    word, text = word.lower(), text.strip()
    if not text and word in _PLAIN:
        return Command(_PLAIN[word])
    if word in _MAYBE_TEXT:
        return Command(_MAYBE_TEXT[word], text=text)
    if word == "f":
        if not text:
            raise UsageError("Put why the question is bad behind it, as in: f TEXT")
        return Command(Verb.FLAG, text=text)
    number = text if word in _NUMBERED else line
    if re.fullmatch(r"[0-9]{1,3}", number) and (int(number) or word != "y"):
        return Command(_NUMBERED.get(word, Verb.GO), number=int(number))
    raise UsageError(what_to_type(letters))


def what_to_type(letters: Mapping[str, str]) -> str:
    """The sentence for a line that means nothing here."""
    if not letters:
        return "Press Enter to go on, or type ? to see what else you can do."
    return f"Type a letter from {min(letters)} to {max(letters)}, or ? to see what else you can do."
