"""Which option an answer means: by letter, by number or by its text; never by a guess."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from qbank.exchange.mcq_options import Options

SEVERAL = "more than one right answer"


class Evidence(NamedTuple):
    """What the numbers among a file's answers show: some are 0, some the number of the last option, some are no texts."""

    zero: bool
    last: bool
    numbers: bool


@dataclass(slots=True)
class Numbering:
    """What the answers of a file that are numbers count from; looked for when the first such answer is met.

    `answers` goes through answer and options of each question. Without `told` the answers themselves must show it: a 0, or
    the number of the last option, and not both; `default` is what holds where neither is there.
    """

    answers: Callable[[], Iterator[tuple[str, Options]]]
    told: int | None = None
    default: int | None = None
    _evidence: Evidence | None = field(default=None, init=False)

    def base(self, options: Options) -> int | None:
        """0 or 1; None where the file does not tell. Headings with numbers tell, where no answer is 0."""
        if self.told is not None:
            return self.told
        seen = self.evidence
        if seen.zero != seen.last:
            return 0 if seen.zero else 1
        if options.names.keys() & {"1", "2"}:
            return 0 if "0" in options.names else 1
        return self.default

    @property
    def evidence(self) -> Evidence:
        if self._evidence is None:
            zero = last = numbers = False
            for answer, options in self.answers():
                number = as_number(answer)
                if number is None or answer in options.texts.values():
                    continue
                numbers = True
                zero |= number == 0
                last |= number == sum(map(bool, options.texts.values()))
            self._evidence = Evidence(zero, last, numbers)
        return self._evidence


def as_number(answer: str) -> int | None:
    """The whole number that an answer is, as spreadsheets write it too: 2 and 2.0."""
    found = _WHOLE.fullmatch(answer)
    return int(found[1]) if found else None


_WHOLE = re.compile(r"(\d{1,2})(?:\.0)?")


def meant(answer: str, options: Options, numbering: Numbering) -> set[str]:
    """The labels that an answer can mean: none, one, or several where it can be understood in several ways."""
    if not answer:
        return set()
    number = as_number(answer)
    if number is not None and numbering.told is not None:
        return _numbered(number, options, numbering)
    words = answer.split() if " " in answer or "\n" in answer else []
    labels = {
        label for label, text in options.texts.items() if text == answer or (words and text.split() == words)
    }
    letter = _LETTER.fullmatch(answer)
    if letter and letter[1].lower() in options.names:
        labels.add(options.names[letter[1].lower()])
    elif letter and letter[1].lower() in options.texts:
        labels.add(letter[1].lower())
    elif number is None and answer.casefold() in options.names:
        labels.add(options.names[answer.casefold()])
    if number is not None and (not labels or numbering.evidence.numbers):
        labels |= _numbered(number, options, numbering)
    return labels or _loosely(answer, options)


_LETTER = re.compile(r"\(?([A-Za-z])[.):]?\)?")


def _numbered(number: int, options: Options, numbering: Numbering) -> set[str]:
    named = [label for name, label in options.names.items() if name == str(number)]
    base = numbering.base(options)
    if named and (base is None or base == (0 if "0" in options.names else 1)):
        return {named[0]}
    labels = [label for label, text in options.texts.items() if text]
    if base is None or not 0 <= number - base < len(labels):
        return set()
    return {labels[number - base]}


def _loosely(answer: str, options: Options) -> set[str]:
    """By the text in other letters, "B. Insulin", or "Option B"."""
    plain = _plain(answer)
    labels = {label for label, text in options.texts.items() if text and _plain(text) == plain}
    if labels:
        return labels
    if found := _WITH_POINTS.fullmatch(answer.strip()):
        return {found[1].lower()} & options.texts.keys()
    if found := _NAMED.fullmatch(answer.strip()):
        name = found[1].lower()
        return {options.names.get(name, name)} & options.texts.keys()
    if found := _LABELLED.fullmatch(answer.strip()):
        name, rest = found[1].lower(), _plain(found[2])
        label = options.names.get(name, name)
        if rest and _bare(_plain(options.texts.get(label, ""))) == rest:
            return {label}
    return {label for label, text in options.texts.items() if plain and _bare(_plain(text)) == plain}


_WITH_POINTS = re.compile(r"([a-z])\s*\(\d+(?:\.\d+)?\s*(?:points?|pts?|marks?)\.?\)", re.IGNORECASE)
_NAMED = re.compile(r"(?:option|choice|answer|ans|opt|op)[\s_:.]*([a-z]|\d\d?)", re.IGNORECASE)
_LABELLED = re.compile(r"\(?([a-z]|\d\d?)[.):]+\s*(.+)", re.IGNORECASE | re.DOTALL)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold().rstrip(".")


def _bare(text: str) -> str:
    """A text without the letter before it."""
    found = _LABELLED.fullmatch(text)
    return found[2] if found else text


def means_several(answer: str, options: Options, numbering: Numbering) -> bool:
    """Whether an answer lists options, as "A, C" or "ACD" does."""
    parts = [part for part in re.split(r"\s*(?:[,;&|/+\n]|\band\b)\s*|\s+", answer.strip()) if part]
    if len(parts) < 2 and re.fullmatch(r"[A-Z]{2,8}", answer.strip()):
        parts = list(answer.strip())
    return (
        len(parts) > 1 and all(len(part) <= 2 and len(meant(part, options, numbering)) == 1 for part in parts)
    ) or _all_texts(answer, options)


def _all_texts(answer: str, options: Options) -> bool:
    parts = [part.split() for part in re.split(r"[,;|\n]", answer) if part.strip()]
    texts = [text.split() for text in options.texts.values() if text]
    return len(parts) > 1 and all(part in texts for part in parts)
