"""The rules of a bank that reading a file cannot judge: areas, ids over files, and the craft of item writing.

Errors keep a bank from loading. Warnings are flaws of the NBME Item-Writing Guide (6th ed., 2024) that a
program can see with few false alarms, and never keep a learner's own questions out; truth and plausibility
are for people.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum

import msgspec

from qbank.bank.craft import flaws
from qbank.bank.faults import nearest
from qbank.bank.markdown import BankFile
from qbank.core.text import visible
from qbank.errors import Fault

REVIEWS = ("draft", "cross-checked", "physician")
USUAL_OPTIONS = (4, 8)


class Severity(StrEnum):
    """`ERROR` keeps the bank from loading."""

    ERROR = "error"
    WARNING = "warning"


class Finding(msgspec.Struct, frozen=True):
    """A fault with the name of the rule that it breaks."""

    rule: str
    severity: Severity
    fault: Fault


def check(
    files: Sequence[BankFile], known: Mapping[str, Collection[str]], taken: Mapping[str, str] | None = None
) -> list[Finding]:
    """Every finding over the files of one bank, ordered by file and line.

    `known` holds the area ids of each dimension under "system", "section", "discipline" and "task"; a
    dimension that is not there is not checked. `taken` maps each question or objective id of files that were
    not read again to its file.
    """
    findings = list(_ids(files, taken or {}))
    for bank_file in files:
        findings += _areas(bank_file, known)
        findings += _objective(bank_file)
        findings += _questions(bank_file)
    return sorted(findings, key=lambda finding: (finding.fault, finding.rule))


def errors(findings: Sequence[Finding]) -> list[Fault]:
    """The faults that keep a bank from loading."""
    return [finding.fault for finding in findings if finding.severity is Severity.ERROR]


def _finding(rule: str, severity: Severity, path: str, line: int, message: str, mend: str) -> Finding:
    return Finding(rule, severity, Fault(path, line, visible(message), visible(mend)))


def _ids(files: Sequence[BankFile], taken: Mapping[str, str]) -> Iterator[Finding]:
    seen = dict(taken)
    for bank_file in files:
        path = bank_file.path
        named = [("objective", bank_file.objective.id, 1)]
        named += [("question", item.id, bank_file.lines.get(item.id, 1)) for item in bank_file.questions]
        for what, name, line in named:
            if seen.setdefault(name, path) != path:
                message = f'The {what} id "{name}" is also used in {seen[name]}.'
                yield _finding(
                    "duplicate-id", Severity.ERROR, path, line, message, "Give one of them another id."
                )


def _areas(bank_file: BankFile, known: Mapping[str, Collection[str]]) -> Iterator[Finding]:
    objective = bank_file.objective
    named = [("system", objective.system), ("section", objective.section), ("task", objective.task)]
    named += [("discipline", discipline) for discipline in objective.disciplines]
    for dimension, area in named:
        if area and dimension in known and area not in known[dimension]:
            message = f'The exam has no {dimension} "{area}".'
            mend = nearest(area, known[dimension])
            yield _finding("unknown-area", Severity.ERROR, bank_file.path, 1, message, mend)


def _objective(bank_file: BankFile) -> Iterator[Finding]:
    objective = bank_file.objective
    if not objective.text:
        message = f'Neither the file nor the exam\'s map says what "{objective.id}" is.'
        mend = 'Add a line objective = "...", or take an id from the map.'
        yield _finding("no-objective", Severity.ERROR, bank_file.path, 1, message, mend)
    if not objective.system or not objective.disciplines:
        mend = "Name a system and a discipline, so that practice can be weighed by the exam."
        yield _warning("no-area", bank_file, "", "The objective lies nowhere in the exam.", mend)
    if objective.review.split(" ")[0] not in REVIEWS:
        mend = f"Write one of: {', '.join(REVIEWS)} (name, date)."
        yield _warning("review-state", bank_file, "", f'The review "{objective.review}" says nothing.', mend)
    if len(bank_file.questions) < 2:
        mend = "Write a sibling: another case that needs the same knowledge."
        yield _warning("no-sibling", bank_file, "", "The objective has one question only.", mend)


def _questions(bank_file: BankFile) -> Iterator[Finding]:
    low, high = USUAL_OPTIONS
    for question in bank_file.questions:
        count = len(question.options)
        if not low <= count <= high:
            mend = f"Give it {low} to {high}; five is usual."
            yield _warning("option-count", bank_file, question.id, f"The question has {count} options.", mend)
        for rule, message, mend in flaws(question):
            yield _warning(rule, bank_file, question.id, message, mend)


def _warning(rule: str, bank_file: BankFile, question: str, message: str, mend: str) -> Finding:
    line = bank_file.lines.get(question, 1)
    return _finding(rule, Severity.WARNING, bank_file.path, line, message, mend)
