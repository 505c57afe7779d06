"""The blind check: questions without their keys on a sheet of text, and a filled sheet against the keys.

Whoever answers has not written them. A letter for each question says whether the key holds; options without stems, how
much they give away by themselves; stems without options, whether a question can be answered before its options are read.
"""

import random
import re
from collections.abc import Iterator, Sequence
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
    """What stands on a filled sheet: a letter, or on a sheet of stems any text. `line` is that of its `Answer:`."""

    code: str
    said: str
    note: str
    line: int


class Filled(msgspec.Struct, frozen=True):
    """A filled sheet; `name` is the file's, for what is wrong with it."""

    name: str
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
    seen: set[str] = set()
    for at, block in _blocks(lines):
        place = _QUESTION.fullmatch(lines[at].strip())
        if place is None:
            faults.append(Fault(name, at + 1, "The question's code is gone.", "Put its line back as it was."))
            continue
        if place["code"] in seen:
            faults.append(
                Fault(name, at + 1, "This question is there twice.", "Leave one of them on the sheet.")
            )
        seen.add(place["code"])
        said, note, line = "", "", 0
        for mark, number, text in _marked_parts(block, at + 2):
            if mark == "note":
                note = f"{note} {text}".strip()
                continue
            if line:
                mend = "Leave one of them, or put back the line of the question between them."
                faults.append(Fault(name, number, "This question has two answers.", mend))
            said, line = text, number
            if part is not Part.STEM and text and not _LETTER.fullmatch(text):
                mend = "Write one letter, or leave it empty."
                faults.append(Fault(name, number, f"{visible(text)!r} is no letter.", mend))
        answers.append(Answer(place["code"], said, note, line or at + 1))
    if faults:
        raise InputInvalid(faults)
    return Filled(name, part, int(head["seed"]), tuple(answers))


def marked(filled: Filled, questions: Sequence[Question]) -> Marked:
    """The answers against the keys of the questions as they are now; one that was changed since counts as missing.

    Raises InputInvalid for letters that stand before no option.
    """
    known = {one.code: one for one in (_asked(question, filled.seed) for question in questions)}
    found = [(known[answer.code], answer) for answer in filled.answers if answer.code in known]
    given = [(one, answer) for one, answer in found if answer.said]
    lettered = given if filled.part is not Part.STEM else []
    faults = [fault for one, answer in lettered for fault in _beyond(filled.name, one, answer)]
    if faults:
        raise InputInvalid(faults)
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
_MARK = re.compile(r"(?P<mark>answer|note):", re.IGNORECASE)
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
        f" {line}" if line.startswith("===") or _MARK.match(line) else line for line in text.split("\n")
    )


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """The index of each question's line on the sheet, with the lines below it."""
    starts = [at for at, line in enumerate(lines) if line.startswith("===")]
    for at, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield at, lines[at + 1 : end]


def _marked_parts(block: Sequence[str], first: int) -> Iterator[tuple[str, int, str]]:
    """Each mark in small letters, its line, counted from `first`, and what stands from there to the next, on one line."""
    starts = [(at, found) for at, line in enumerate(block) if (found := _MARK.match(line))]
    ends = [at for at, _ in starts[1:]] + [len(block)]
    for (at, found), end in zip(starts, ends, strict=True):
        text = [block[at][found.end() :], *block[at + 1 : end]]
        yield found["mark"].lower(), first + at, " ".join(" ".join(text).split())


def _beyond(name: str, one: Asked, answer: Answer) -> Iterator[Fault]:
    last = chr(64 + len(one.item.option_order))
    if _letter_of(answer) > last:
        message = f"{_letter_of(answer)} stands before no option."
        yield Fault(name, answer.line, message, f"Write a letter from A to {last}, or leave it empty.")


def _letter_of(answer: Answer) -> str:
    return answer.said.strip("(). ").upper()
