"""Everything that reads a file of the learner's, as functions of the file's name and bytes."""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from qbank.app.bank_import_reading import area_names
from qbank.app.exams import DEFAULT_EXAM, load_exam
from qbank.core.text import visible
from qbank.errors import QbankError
from qbank.exchange.foreign import FORMATS, module_of
from qbank.exchange.mcq import Reading, read_mcq
from qbank.exchange.mcq_build import OPTION_LIMITS
from qbank.exchange.mcq_shapes import SHAPES
from qbank.exchange.report_files import read_report

TOLD_BY_CONTENT = "auto"
REPORT = "report"
TODAY = date(2027, 1, 18)

Target = Callable[[str, bytes], str]
"""Reads a file and gives in a few words what became of it, the same words for what took the same way."""


class PromiseBroken(Exception):
    """A file was read, and what was read is nothing that a bank may hold."""


def targets() -> Mapping[str, Target]:
    """Every importer by its name: the format told by content, each format and shape by name, and score reports."""
    exam = load_exam(DEFAULT_EXAM)
    known = area_names(exam)
    for name in FORMATS:
        module_of(name)  # imported before anything is measured

    def questions(shape: str | None, name: str, content: bytes) -> str:
        try:
            return _checked(read_mcq(name, content, bank="fuzz", known=known, shape=shape))
        except QbankError as error:
            return _refusal(error)

    def report(name: str, content: bytes) -> str:
        try:
            return f"read {len(read_report(name, content, exam, TODAY).notes)}"
        except QbankError as error:
            return _refusal(error)

    named = {shape: functools.partial(questions, shape) for shape in (*FORMATS, *SHAPES)}
    return {TOLD_BY_CONTENT: functools.partial(questions, None), **named, REPORT: report}


def _checked(reading: Reading) -> str:
    for fault in _faults(reading):
        raise PromiseBroken(fault)
    reasons = sorted({_in_kind(skipped.reason) for skipped in reading.skipped})
    return f"read {min(len(reading.questions), 3)} {reasons} {sorted(map(_in_kind, reading.notes))}"


def _faults(reading: Reading) -> Iterator[str]:
    """What a bank may not hold: a question without one key, texts that steer a terminal, ids that come twice."""
    low, high = OPTION_LIMITS
    objectives = {objective.id for objective in reading.objectives}
    for question in reading.questions:
        if sum(option.correct for option in question.options) != 1:
            yield "a question without one key"
        if not low <= len({option.id for option in question.options}) == len(question.options) <= high:
            yield "options that are too few, too many or the same"
        if question.objective not in objectives:
            yield "a question without its objective"
        texts = [question.stem, question.remember]
        texts += [text for option in question.options for text in (option.text, option.explanation)]
        if any(visible(text) != text for text in texts):
            yield "a text with hidden characters"
    if len({question.id for question in reading.questions}) < len(reading.questions):
        yield "an id that is there twice"
    if any(visible(line) != line for line in (*reading.notes, *(one.reason for one in reading.skipped))):
        yield "a note with hidden characters"


def _refusal(error: QbankError) -> str:
    if visible(str(error)) != str(error):
        raise PromiseBroken("a sentence with hidden characters") from error
    return f"refused: {_in_kind(str(error).partition(chr(10))[0])}"


def _in_kind(sentence: str) -> str:
    """The sentence without what is different in every file."""
    return re.sub(r"\"[^\"]*\"|'[^']*'|<[^>]*>|&\w*;|[\d,.]+", "…", sentence)[:120]
