"""A bank against its rules: areas, ids over files, the craft of item writing, and the bank as a whole.

Errors keep a bank from loading. Warnings are flaws that a program can see with few false alarms, and never keep a
learner's own questions out; truth and plausibility are for people. `bank.rules` has them all.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from qbank.bank import craft, drawing, whole
from qbank.bank.craft_numbers import Reference
from qbank.bank.faults import nearest
from qbank.bank.flaw import Flaw
from qbank.bank.markdown import BankFile
from qbank.bank.rules import RULES, Severity
from qbank.core.objective_map import WANTED, siblings
from qbank.core.question import Question
from qbank.core.text import visible
from qbank.errors import Fault

REVIEWS = ("draft", "cross-checked", "physician (name, date)")
USUAL_OPTIONS = (4, 8)
FEWEST_SIBLINGS = min(WANTED.values())

_Placed = tuple[BankFile, str, Flaw]
"""A flaw of a question of a file, "" for the file itself."""


class Finding(msgspec.Struct, frozen=True):
    """A fault with the name of the rule that it breaks; `excepted` is the reason why it may stand, if it may."""

    rule: str
    severity: Severity
    fault: Fault
    excepted: str = ""


def check(
    files: Sequence[BankFile],
    known: Mapping[str, Collection[str]],
    taken: Mapping[str, str] | None = None,
    reference: Reference | None = None,
) -> list[Finding]:
    """Every finding over the files of one bank, ordered by file and line.

    `known` holds the area ids of each dimension under "system", "section", "discipline" and "task"; a
    dimension that is not there is not checked. `taken` maps each question or objective id of files that were
    not read again to its file. `reference` is what results and drugs are compared with.
    """
    reference = reference or Reference()
    found = list(_hindering(files, known, taken or {}))
    for bank_file in files:
        found += ((bank_file, "", flaw) for flaw in _objective(bank_file))
        for question in bank_file.questions:
            shown = drawing.sample(question)
            flaws = [*_options(bank_file, question.id), *drawing.flaws(question)]
            flaws += craft.flaws(shown, reference) if shown is not None else []
            found += ((bank_file, question.id, flaw) for flaw in flaws)
    found += ((place.file, place.question, flaw) for place, flaw in whole.flaws(files))
    findings = [_finding(*placed) for placed in [*found, *_exceptions(files, found)]]
    return sorted(findings, key=lambda finding: (finding.fault, finding.rule))


def errors(
    files: Sequence[BankFile], known: Mapping[str, Collection[str]], taken: Mapping[str, str] | None = None
) -> list[Fault]:
    """The faults alone that keep a bank from loading; see `check`."""
    return [_finding(*placed).fault for placed in _hindering(files, known, taken or {})]


def _finding(bank_file: BankFile, question: str, flaw: Flaw) -> Finding:
    rule = RULES[flaw.rule]
    fault = Fault(bank_file.path, bank_file.lines.get(question, 1), visible(flaw.message), visible(flaw.mend))
    reason = (
        "" if rule.severity is Severity.ERROR else bank_file.exceptions.get(question, {}).get(flaw.rule, "")
    )
    return Finding(flaw.rule, rule.severity, fault, reason)


def _hindering(
    files: Sequence[BankFile], known: Mapping[str, Collection[str]], taken: Mapping[str, str]
) -> Iterator[_Placed]:
    seen = dict(taken)
    for bank_file in files:
        named = [("objective", bank_file.objective.id, "")]
        named += [("question", item.id, item.id) for item in bank_file.questions]
        for what, name, question in named:
            if seen.setdefault(name, bank_file.path) != bank_file.path:
                message = f'The {what} id "{name}" is also used in {seen[name]}.'
                yield bank_file, question, Flaw("duplicate-id", message, "Give one of them another id.")
        yield from ((bank_file, "", flaw) for flaw in _areas(bank_file, known))
        for item in bank_file.questions:
            yield from ((bank_file, item.id, flaw) for flaw in _unfilled(item))


def _areas(bank_file: BankFile, known: Mapping[str, Collection[str]]) -> Iterator[Flaw]:
    objective = bank_file.objective
    named = [("system", objective.system), ("section", objective.section), ("task", objective.task)]
    named += [("discipline", discipline) for discipline in objective.disciplines]
    for dimension, area in named:
        if area and dimension in known and area not in known[dimension]:
            yield Flaw(
                "unknown-area", f'The exam has no {dimension} "{area}".', nearest(area, known[dimension])
            )
    if not objective.text:
        message = f'Neither the file nor the exam\'s map says what "{objective.id}" is.'
        mend = 'Add a line objective = "...", or take an id from the map.'
        yield Flaw("no-objective", message, mend)


_REVIEW = re.compile(r"(?:draft|cross-checked)(?: .*)?|physician \([^(),]+, [^()]+\)")
_NO_TEXT = re.compile(r"\{[^{}]*\}|`[^`]*`")
_TO_FILL_IN = re.compile(r"(?<!\w)<(?:\.\.\.|[A-Za-z](?:[^<>]{0,300}[^<>\s])?)>")
_LINK_OR_TAG = re.compile(
    r"<(?:[A-Za-z][\w+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w.-]+"
    r"|(?:a|b|br|code|div|em|h\d|hr|i|img|li|ol|p|pre|s|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)"
    r"(?:\s+[a-z-]+=[^<>]*)?\s*/?)>",
    re.IGNORECASE,
)


def _unfilled(question: Question) -> Iterator[Flaw]:
    """What the page to fill in has in angle brackets; "PO2 <40", links and HTML are no such thing."""
    texts = [question.stem, question.remember]
    texts += [text for option in question.options for text in (option.text, option.explanation)]
    for text in texts:
        if "<" not in text:
            continue
        for found in _TO_FILL_IN.finditer(_NO_TEXT.sub("", text)):
            if not _LINK_OR_TAG.fullmatch(found[0]):
                message = f'"{found[0][:60]}" is still to be filled in.'
                yield Flaw("placeholder", message, "Put what is asked for in its place.")
                return


def _objective(bank_file: BankFile) -> Iterator[Flaw]:
    objective = bank_file.objective
    if not objective.system or not objective.disciplines:
        mend = "Name a system and a discipline, so that practice can be weighed by the exam."
        yield Flaw("no-area", "The objective lies nowhere in the exam.", mend)
    if not _REVIEW.fullmatch(objective.review):
        mend = f"Write one of: {', '.join(REVIEWS)}."
        yield Flaw("review-state", f'The review "{objective.review}" says nothing.', mend)
    variants = sum(bool(question.draws) for question in bank_file.questions)
    count = siblings(len(bank_file.questions), variants)
    wanted = WANTED.get(objective.likelihood, FEWEST_SIBLINGS)
    if count < FEWEST_SIBLINGS:
        mend = "Write a sibling: another case that needs the same knowledge."
        yield Flaw("no-sibling", "The objective has one question only.", mend)
    elif count < wanted:
        message = (
            f"An objective of {objective.likelihood} likelihood has {len(bank_file.questions)} questions."
        )
        yield Flaw("few-siblings", message, f"Write {wanted - count} more, from another direction.")
    if not objective.sources:
        mend = "Name what was opened for the check, if anything was."
        yield Flaw("no-source", "No source is named.", mend)
    for source in objective.sources:
        if "," not in source or objective.sources.count(source) > 1:
            mend = 'Write "Title, section", once.'
            yield Flaw("source-shape", f'The source "{source}" cannot be found by it.', mend)


def _options(bank_file: BankFile, name: str) -> Iterator[Flaw]:
    low, high = USUAL_OPTIONS
    count = next(len(question.options) for question in bank_file.questions if question.id == name)
    if not low <= count <= high:
        mend = f"Give it {low} to {high}; five is usual."
        yield Flaw("option-count", f"The question has {count} options.", mend)


def _exceptions(files: Sequence[BankFile], found: Sequence[_Placed]) -> Iterator[_Placed]:
    """What is wrong with the exceptions themselves."""
    broken = {(bank_file.path, question, flaw.rule) for bank_file, question, flaw in found}
    for bank_file in files:
        for question, reasons in bank_file.exceptions.items():
            for rule, reason in reasons.items():
                if rule not in RULES or not reason:
                    message = f'The exception "{rule}" cannot be used.'
                    mend = nearest(rule, RULES) if rule not in RULES else f'Say why: "{rule}: reason".'
                    yield bank_file, question, Flaw("unknown-rule", message, mend)
                elif RULES[rule].severity is Severity.ERROR:
                    message = f'"{rule}" is an error, and errors cannot be excepted.'
                    yield bank_file, question, Flaw("unknown-rule", message, "Mend what it names.")
                elif (bank_file.path, question, rule) not in broken:
                    message = f'Nothing here breaks the rule "{rule}".'
                    yield bank_file, question, Flaw("idle-exception", message, "Take the exception out.")
