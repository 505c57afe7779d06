"""The blind check: questions without their keys on a sheet of text, and a filled sheet against the keys.

Whoever answers has not written them. A letter for each question says whether the key holds; options without stems, how
much they give away by themselves; stems without options, whether a question can be answered before its options are read.
"""

import random
import re
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from qbank.core.proportion import Interval, wilson
from qbank.core.question import Kind, Question, ServedItem, as_served, serve
from qbank.core.serving import drawn as by_lot
from qbank.core.text import visible
from qbank.errors import Fault, InputInvalid


class Part(StrEnum):
    """What of each question is on the sheet."""

    WHOLE = "whole"
    OPTIONS = "options"
    STEM = "stem"


class Asked(msgspec.Struct, frozen=True):
    """A question on a sheet, as it is shown there. `code` tells it apart and tells nothing."""

    code: str
    question: Question
    item: ServedItem

    def letter(self, option_id: str) -> str:
        return chr(65 + self.item.option_order.index(option_id))


class Answer(msgspec.Struct, frozen=True):
    """What stands on a filled sheet: a letter, or on a sheet of stems any text."""

    code: str
    said: str
    note: str
    line: int


class Filled(msgspec.Struct, frozen=True):
    """A filled sheet."""

    part: Part
    seed: int
    answers: tuple[Answer, ...]


class Marked(msgspec.Struct, frozen=True):
    """A filled sheet against the keys.

    `agreed` of `answered` letters were the key's, with `interval` (95 %); both are 0 for stems, whose answers are left to a
    person. `chance` is the part that guessing would agree in. `others` are the answers that differ, or those to stems;
    `noted` those with a note. `missing` counts questions that the bank no longer has as they were.
    """

    part: Part
    answered: int
    agreed: int
    interval: Interval
    chance: float
    others: tuple[tuple[Asked, Answer], ...]
    noted: tuple[tuple[Asked, Answer], ...]
    unanswered: int
    missing: int


def drawn(questions: Sequence[Question], count: int, seed: int) -> list[Asked]:
    """As many of the questions by lot, in random order, each with its options in the order of this seed."""
    pool = sorted((q for q in questions if q.kind is Kind.CHOICE), key=lambda question: question.id)
    chosen = by_lot(pool, count, random.Random(seed).random)
    return [_asked(question, seed) for question in chosen]


def sheet(asked: Sequence[Asked], part: Part, seed: int) -> str:
    """The text to be filled in; `read_sheet` reads it back."""
    what = _WHAT[part]
    lines = [
        f"# Blind check: {len(asked)} questions, seed {seed}, {part.value}",
        "#",
        *(f"# {line}" for line in what),
        "",
    ]
    for number, one in enumerate(asked, 1):
        lines += [f"=== {number} [{one.code}]", ""]
        if part is not Part.OPTIONS:
            lines += [_told(one.question.stem), ""]
        if part is not Part.STEM:
            lines += [
                f"( {one.letter(name)} ) {_told(one.question.option(name).text)}"
                for name in one.item.option_order
            ]
            lines.append("")
        lines += ["Answer:", "Note:", ""]
    return "\n".join(lines)


def read_sheet(text: str, name: str) -> Filled:
    """The answers of a filled sheet. Raises InputInvalid with every fault."""
    lines = text.replace("\r\n", "\n").split("\n")
    head = _HEAD.fullmatch(lines[0].strip().removeprefix("\ufeff"))
    if head is None:
        mend = "Give the file that `qbank bank blind` wrote, with its first line."
        raise InputInvalid([Fault(name, 1, "This is no sheet of a blind check.", mend)])
    part = Part(head["part"])
    answers: list[Answer] = []
    faults: list[Fault] = []
    code, said, note, at = "", "", "", 0
    for number, line in enumerate([*lines, "=== end"], 1):
        if line.startswith("=== "):
            if code:
                answers.append(Answer(code, said, note, at))
            place = _QUESTION.fullmatch(line.strip())
            if place is None and number <= len(lines):
                faults.append(
                    Fault(name, number, "The question's code is gone.", "Put its line back as it was.")
                )
            code, said, note, at = place["code"] if place else "", "", "", number
        elif line.startswith("Answer:"):
            said, at = line.removeprefix("Answer:").strip(), number
            if part is not Part.STEM and said and not _LETTER.fullmatch(said):
                faults.append(
                    Fault(
                        name,
                        number,
                        f"{visible(said)!r} is no letter.",
                        "Write one letter, or leave it empty.",
                    )
                )
        elif line.startswith("Note:"):
            note = line.removeprefix("Note:").strip()
    if faults:
        raise InputInvalid(faults)
    return Filled(part, int(head["seed"]), tuple(answers))


def marked(filled: Filled, questions: Sequence[Question]) -> Marked:
    """The answers against the keys of the questions as they are now; one that was changed since counts as missing."""
    known = {one.code: one for one in (_asked(question, filled.seed) for question in questions)}
    found = [(known[answer.code], answer) for answer in filled.answers if answer.code in known]
    given = [(one, answer) for one, answer in found if answer.said]
    lettered = given if filled.part is not Part.STEM else []
    others = [(one, a) for one, a in lettered if _letter_of(a) != one.letter(one.question.key.id)]
    agreed = len(lettered) - len(others)
    chance = sum(1 / len(one.question.options) for one, _ in lettered) / len(lettered) if lettered else 0.0
    return Marked(
        part=filled.part,
        answered=len(lettered),
        agreed=agreed,
        interval=wilson(agreed, len(lettered)),
        chance=chance,
        others=tuple(given if filled.part is Part.STEM else others),
        noted=tuple((one, answer) for one, answer in found if answer.note),
        unanswered=len(found) - len(given),
        missing=len(filled.answers) - len(found),
    )


_HEAD = re.compile(r"# Blind check: \d+ questions, seed (?P<seed>\d{1,12}), (?P<part>whole|options|stem)")
_QUESTION = re.compile(r"=== \d+ \[(?P<code>[0-9a-f]{10})\]")
_LETTER = re.compile(r"\(? ?[A-Za-z] ?[).]?")
_WHAT = {
    Part.WHOLE: (
        "Behind each `Answer:` write the letter of the one best option. Behind `Note:` write what is wrong or arguable, if",
        "anything is. Then see how it agrees with the keys: qbank bank blind FILE --mark",
    ),
    Part.OPTIONS: (
        "The stems are left out. Behind each `Answer:` write the letter that you would guess. Then see how much the options",
        "give away by themselves: qbank bank blind FILE --mark",
    ),
    Part.STEM: (
        "The options are left out. Behind each `Answer:` write your own answer in a few words. Then compare it with the",
        "key: qbank bank blind FILE --mark",
    ),
}


def _asked(question: Question, seed: int) -> Asked:
    item = serve(question, seed)
    return Asked(item.version[:10], as_served(question, item), item)


def _told(text: str) -> str:
    """A line of a question must not be taken for one of the sheet."""
    return "\n".join(
        f" {line}" if line.startswith(("===", "Answer:", "Note:")) else line for line in text.split("\n")
    )


def _letter_of(answer: Answer) -> str:
    return answer.said.strip("(). ").upper()
