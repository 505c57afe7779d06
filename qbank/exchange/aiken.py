"""Aiken, the plain format of single best answers: a question, options by letter, and the letter of its answer.

Source: Moodle's documentation "Aiken format". Questions and options of several lines are read too, as are small letters,
an answer with its text and an explanation after it; what is written keeps to one line for each, as Moodle wants it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from qbank.core.question import Objective, Question
from qbank.exchange.foreign import Read, Skipped
from qbank.exchange.mcq_draft import Draft, label_of
from qbank.exchange.mcq_fields import mended
from qbank.exchange.mcq_rows import FaultLog
from qbank.exchange.plain_text import decoded, head, limited, lines

LOSES = "Aiken has no place for explanations, ids and areas, and paragraphs became one line; GIFT keeps all of it."

_OPTION = re.compile(r"[ \t\xa0]*\(?([A-Za-z])[.)][ \t\xa0]*(?=\S)(.*)")
_ANSWER = re.compile(r"[ \t\xa0]*(?:CORRECT[ \t\xa0]+)?ANSWER[ \t\xa0]*:[ \t\xa0]*(.*)", re.IGNORECASE)
_EXPLANATION = re.compile(r"[ \t]*(?:EXPLANATION|RATIONALE|FEEDBACK)[ \t]*:[ \t]*(.*)", re.IGNORECASE)
_WITH_TEXT = re.compile(r"\(?([A-Za-z])[.)]+[ \t]*(.*)")
_WHOLE = re.compile(
    r"^[ \t\xa0]*\(?[A-Za-z][.)][ \t\xa0]*\S[^\n]*\n(?:[ \t\xa0]*\n)*"
    r"[ \t\xa0]*(?:CORRECT[ \t\xa0]+)?ANSWER[ \t\xa0]*:[ \t\xa0]*\(?[A-Z]\b",
    re.MULTILINE | re.IGNORECASE,
)


def recognises(name: str, content: bytes) -> bool:
    """Whether a file is Aiken: somewhere an option's line is followed by the answer's."""
    return _WHOLE.search(head(content)) is not None


def read(content: bytes, faults: FaultLog) -> Read:
    """The drafts of a file, and what was left out. Raises InputInvalid for what is no text."""
    drafts: list[Draft] = []
    skipped: list[Skipped] = []
    for found in limited(_questions(lines(decoded(content, faults))), faults):
        if reason := found.doubt():
            skipped.append(Skipped(found.line, reason))
        else:
            drafts.append(
                Draft(
                    found.line,
                    found.stem(),
                    found.options(),
                    found.key(),
                    explanation=found.explanation(),
                    lenient=True,
                )
            )
    return Read(drafts, skipped)


def refused(question: Question) -> str:
    """Why a question cannot be written in Aiken, in a few words; "" when it can be."""
    if any(line.count("|") > 1 for line in question.stem.split("\n")):
        return "a table, which Aiken cannot hold"
    first = _one_line(question.stem)
    return (
        "a first line that Aiken reads as an option" if _OPTION.match(first) or _ANSWER.match(first) else ""
    )


def write_aiken(questions: Sequence[Question], objectives: Sequence[Objective]) -> str:
    """The questions as an Aiken file. None of them may be one that is `refused`."""
    return "\n".join(map(_written, questions))


def _written(question: Question) -> str:
    letters = {option.id: label_of(at).upper() for at, option in enumerate(question.options)}
    options = [f"{letters[option.id]}) {_one_line(option.text)}" for option in question.options]
    return "\n".join([_one_line(question.stem), *options, f"ANSWER: {letters[question.key.id]}", ""])


def _one_line(text: str) -> str:
    return " ".join(text.split())


@dataclass(slots=True)
class _Question:
    """A question as it is gathered line by line; `answer` is what stands behind ANSWER, None without such a line."""

    line: int
    asked: list[str] = field(default_factory=list)
    given: list[tuple[str, list[str]]] = field(default_factory=list)
    answer: str = ""
    answered: bool = False
    explained: list[str] = field(default_factory=list)

    def stem(self) -> str:
        return mended("\n".join(self.asked))

    def options(self) -> dict[str, str]:
        return {letter.lower(): mended(" ".join(lines)) for letter, lines in self.given}

    def explanation(self) -> str:
        return mended("\n".join(self.explained))

    def key(self) -> str:
        """The letter of the answer, small, which may have the option's text behind it; "" when it is none."""
        options = self.options()
        answer = self.answer.rstrip(".)").lstrip("(").strip().lower()
        if answer in options:
            return answer
        found = _WITH_TEXT.fullmatch(self.answer)
        if found is None or found[1].lower() not in options:
            return ""
        said, meant = (" ".join(text.split()).casefold() for text in (found[2], options[found[1].lower()]))
        return found[1].lower() if said in ("", meant) else ""

    def doubt(self) -> str:
        """Why this is no question with one best answer, in a few words; "" when it is one."""
        if not self.answered or not self.given:
            return "no ANSWER line" if self.given else "a text without options"
        if re.fullmatch(r"[A-Za-z]\)?(?:(?:[ ,;&]|and)+[A-Za-z]\)?)+", self.answer, re.IGNORECASE):
            return "several right answers"
        return "" if self.key() else "an answer that is none of its options"


def _questions(text: Iterable[str]) -> Iterator[_Question]:
    open_: _Question | None = None
    apart = False  # whether an empty line came since the last line with text
    for number, line in enumerate(text, 1):
        if not line.strip():
            apart = True
            if open_ and not open_.given:
                open_.asked.append("")
            continue
        answer, option = _ANSWER.fullmatch(line), _OPTION.fullmatch(line)
        if open_ and open_.answered:
            following = _after(open_, number, line, apart)
            if following:
                yield open_
            open_ = following or open_
        elif answer and open_:
            open_.answer, open_.answered = answer[1].strip(), True
        elif open_ and option and _follows(option[1], open_):
            open_.given.append((option[1], [option[2].strip()]))
        elif open_ and not (open_.given and apart):
            (open_.given[-1][1] if open_.given else open_.asked).append(line.strip())
        else:
            if open_:
                yield open_
            open_ = _Question(number, [line.strip()])
        apart = False
    if open_ and (open_.given or any(open_.asked)):
        yield open_


def _after(question: _Question, number: int, line: str, apart: bool) -> _Question | None:
    """The question that begins with a line behind an answer; None when the line still explains that."""
    explanation, option = _EXPLANATION.fullmatch(line), _OPTION.fullmatch(line)
    if explanation and not question.explained:
        question.explained.append(explanation[1].strip())
        return None
    if apart or not question.explained:
        return _Question(number, [line.strip()])
    if option and option[1].lower() == "a" and len(question.explained) > 1:
        # Without an empty line between them the last line of the explanation was the next question.
        return _Question(number - 1, [question.explained.pop()], [(option[1], [option[2].strip()])])
    question.explained.append(line.strip())
    return None


def _follows(letter: str, question: _Question) -> bool:
    """Whether a letter is an option's: A is the first, and one may be missing, so that `E. coli` stays what it is."""
    if not question.given:
        return letter.lower() == "a"
    return 0 < ord(letter.lower()) - ord(question.given[-1][0].lower()) <= 2
