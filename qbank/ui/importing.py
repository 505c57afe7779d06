"""What an import brought, left out and would do, in lines."""

import string
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any

from qbank.app.bank_import import BankReport, Duplicate, Import
from qbank.app.bank_import_reading import FileReport, LeftOut
from qbank.core.question import Question
from qbank.errors import UsageError
from qbank.ui.console import Console

EXAMPLES = 3
STEM_LENGTH = 400
"""Characters of a stem that tell a question."""


def file_lines(files: Sequence[FileReport], *, details: bool) -> list[str]:
    """What was read of each file, and what was left out by its reason; each left-out thing with `details`."""
    lines = []
    silent = [file for file in files if not file.questions and not file.notes]
    for file in files:
        if file in silent:
            continue
        several = len(files) > 1
        begin = "    " if several else ""
        told = [*file.notes, *_among(file)]
        if several:
            lines.append(f"{file.file}, into the bank {file.bank}:" if file.questions else f"{file.file}:")
        lines += [begin + note for note in told]
        if details:
            lines += [f"{begin}    {one.place}: {one.reason}" for one in file.left_out]
    passed_over = [one for file in silent for one in file.left_out]
    lines += left_out_lines(passed_over)
    if details:
        lines += [f"    {one.place}: {one.reason}" for one in passed_over]
    if not details and any(count > 1 for count in _reasons(files).values()):
        lines.append("To see each thing that was left out, with its place, add --details (and --dry-run).")
    return lines


def _reasons(files: Sequence[FileReport]) -> Counter[str]:
    return Counter(one.reason for file in files for one in file.left_out)


def _among(file: FileReport) -> list[str]:
    """Sentences on what was left out that the notes of a format do not tell."""
    told = " ".join(file.notes)
    return [line for line in left_out_lines(file.left_out) if line not in told]


def left_out_lines(left_out: Sequence[LeftOut]) -> list[str]:
    """A sentence for each reason, with how many and where the first is."""
    first = {one.reason: one.place for one in reversed(left_out)}
    counts = sorted(Counter(one.reason for one in left_out).items())
    return [f"Left out, {reason}: {count}, the first at {first[reason]}." for reason, count in counts]


def bank_line(report: BankReport, *, dry_run: bool) -> str:
    """What happened to a bank, or would."""
    counts = report.counts
    line = (
        f"{counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged in the bank {report.bank}."
    )
    if report.left_out:
        line += f" Duplicates left out: {report.left_out}."
    if report.off:
        line += f" It is switched off; to switch it on: qbank bank on {report.bank}"
    return f"Would be: {line}" if dry_run else line


def duplicate_lines(duplicates: Sequence[Duplicate]) -> list[str]:
    """How many questions are there already, by bank, and the first few."""
    if not duplicates:
        return []
    same = sum(one.known.similarity == 1 for one in duplicates)
    near = len(duplicates) - same
    parts = [f"{same} the same" if same else "", f"{near} nearly the same" if near else ""]
    where = Counter(one.known.bank for one in duplicates)
    banks = ", ".join(f"{bank} ({count})" for bank, count in sorted(where.items()))
    lines = [f"There already: {' and '.join(filter(None, parts))}, in {banks}."]
    for one in duplicates[:EXAMPLES]:
        alike = "the same" if one.known.similarity == 1 else f"{one.known.similarity:.0%} alike"
        lines.append(f"    {one.bank}/{one.id} and {one.known.bank}/{one.known.id}: {alike}")
    if len(duplicates) > EXAMPLES:
        lines.append(f"    and {len(duplicates) - EXAMPLES} more")
    return lines


def asked_duplicates(
    console: Console,
    duplicates: Sequence[Duplicate],
    pair: Callable[[Duplicate], tuple[Question, Question | None]],
) -> set[Duplicate]:
    """Ask what becomes of questions that are there already, once or for each; gives those to be left out."""
    choice = console.ask("Leave them out, keep them, or look at each? [l/k/e] ", _one_of("l", "k", "e"))
    if choice != "e":
        return set(duplicates) if choice == "l" else set()
    without: set[Duplicate] = set()
    for number, one in enumerate(duplicates):
        console.say()
        console.say_lines(pair_lines(one, *pair(one)))
        prompt = f"{number + 1} of {len(duplicates)}. Leave it out or keep it? L or K: this and all that follow. [l/k/L/K] "
        choice = console.ask(prompt, _one_of("l", "k", "L", "K"))
        if choice.isupper():
            return without | set(duplicates[number:]) if choice == "L" else without
        without |= {one} if choice == "l" else set()
    return without


def _one_of(*keys: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text in keys:
            return text
        raise UsageError(f"Please answer {', '.join(keys[:-1])} or {keys[-1]}.")

    return parse


def pair_lines(duplicate: Duplicate, new: Question, stored: Question | None) -> list[str]:
    """Two questions one under the other, the one that was there first."""
    known = duplicate.known
    lines = [f"There already, {known.bank}/{known.id}:"]
    lines += _told(stored) if stored else ["    (read just now, earlier in the same import)"]
    return [*lines, f"New, {duplicate.bank}/{duplicate.id}:", *_told(new)]


def _told(question: Question) -> list[str]:
    stem = " ".join(question.stem.split())
    shown = stem if len(stem) <= STEM_LENGTH else f"{stem[: STEM_LENGTH // 2]} … {stem[-STEM_LENGTH // 2 :]}"
    options = [
        f"    {'*' if option.correct else ' '} {letter}  {option.text}"
        for letter, option in zip(string.ascii_uppercase, question.options, strict=False)
    ]
    return [f"    {shown}", *options]


def import_shape(
    read: Import, reports: Sequence[BankReport], without: Collection[Duplicate], *, dry_run: bool
) -> dict[str, Any]:
    """The JSON of an import; `without` are the duplicates that were left out."""
    return {
        "dry_run": dry_run,
        "files": [
            {
                "file": file.file,
                "bank": file.bank,
                "questions": file.questions,
                "notes": file.notes,
                "left_out": [{"reason": one.reason, "place": one.place} for one in file.left_out],
            }
            for file in read.files
        ],
        "banks": [
            {
                "bank": report.bank,
                "new": report.counts.new,
                "changed": report.counts.changed,
                "unchanged": report.counts.unchanged,
                "left_out": report.left_out,
                "off": report.off,
            }
            for report in reports
        ],
        "duplicates": [
            {
                "bank": one.bank,
                "question": one.id,
                "of_bank": one.known.bank,
                "of_question": one.known.id,
                "similarity": one.known.similarity,
                "left_out": one in without,
            }
            for one in read.duplicates
        ],
    }
