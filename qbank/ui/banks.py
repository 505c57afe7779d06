"""What the bank holds, in words and in one table."""

import textwrap
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from tabulate import tabulate

from qbank.app.bank_loading import Checked, Loaded
from qbank.app.bank_switching import BankSummary
from qbank.app.flagging import Flagged
from qbank.bank.rules import RULES
from qbank.core.exam import Exam, ShareKind
from qbank.core.text import visible
from qbank.store.rows import AreaCount, BankCounts


def loaded_line(loaded: Loaded) -> str:
    """One sentence on what loading did."""
    parts = [f"{loaded.new} new", f"{loaded.changed} changed"]
    if loaded.retired:
        parts.append(f"{loaded.retired} retired")
    if loaded.rekeyed:
        parts.append(f"{loaded.rekeyed} with a corrected key, and your answers to them marked anew")
    changed = ", ".join(parts) if loaded.new or loaded.changed or loaded.retired else "nothing new"
    return f"{loaded.total} questions on {loaded.objectives} objectives are loaded: {changed}."


def warning_lines(checked: Checked) -> list[str]:
    """Each warning on its line."""
    return [f"warning: {finding.fault} [{finding.rule}]" for finding in checked.warnings]


def checked_lines(checked: Checked) -> list[str]:
    """What a check came to where nothing keeps the bank from loading."""
    lines = [f"{checked.questions} questions in {checked.files} files are well formed."]
    if checked.warnings:
        lines.append(f"{len(checked.warnings)} warnings. What a rule asks for: qbank bank check --rules")
    for title, findings in (
        ("Excepted for a stated reason", checked.exceptions),
        ("Worth knowing", checked.notes),
    ):
        counts = Counter(finding.rule for finding in findings)
        if counts:
            told = ", ".join(f"{rule} {count}" for rule, count in sorted(counts.items()))
            lines.append(f"{title}: {told}.")
    return lines


def rule_lines(width: int) -> list[str]:
    """Every rule with what it asks for."""
    rows = [(rule.name, rule.severity.value, rule.asks) for rule in RULES.values()]
    room = width - max(len(name) for name, _, _ in rows) - len("Severity") - 4
    return narrow(
        ("Rule", "Severity", "Asks that"), [(name, grave, folded(asks, room)) for name, grave, asks in rows]
    )


def narrow(headers: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> list[str]:
    """A table in lines, its columns no wider than their words; the columns numbered in `right` stand to the right."""
    widths = [
        max(len(line) for cell in column for line in cell.split("\n"))
        for column in zip(headers, *rows, strict=True)
    ]
    ruled = [headers, ["-" * width for width in widths], *rows]
    sides = ["right" if at in right else "left" for at in range(len(headers))]
    # Its own heading would be two columns wider than its words.
    lines = tabulate(ruled, tablefmt="plain", disable_numparse=True, colalign=sides).splitlines()
    return [line.rstrip() for line in lines]


def folded(text: str, width: int) -> str:
    """The text in lines of at most so many columns where its words and hyphens allow it."""
    return "\n".join(textwrap.wrap(text, max(1, width), break_long_words=False))


def flagged_lines(flagged: Sequence[Flagged]) -> list[str]:
    """Each flagged question with its day, its note and where its file is, and how to take a flag back."""
    if not flagged:
        return ["You have flagged no question. In a block, f TEXT flags a bad one."]
    lines = []
    for one in flagged:
        lines.append(f"{one.bank}/{one.question}, flagged on {one.day:%a %d %b %Y}")
        lines.append(f"    {one.note}")
        if one.file:
            lines.append(f"    {one.file}:{one.line}")
    count = f"{len(flagged)} question{'s' if len(flagged) != 1 else ''}"
    return [*lines, f"{count}. Take a flag back with: qbank bank flagged --clear QUESTION"]


def coverage_lines(exam: Exam, on: date, counts: BankCounts, suggested: int) -> list[str]:
    """Questions by system and by discipline beside their shares of the exam; `suggested` objectives lie there by a guess."""
    lines = [f"{counts.questions} questions on {counts.objectives} objectives."]
    for dimension, by_area in (("system", counts.systems), ("discipline", counts.disciplines)):
        areas = exam.areas(dimension, on) if any(d.id == dimension for d in exam.dimensions) else ()
        if areas:
            membership = exam.dimension(dimension).kind is ShareKind.MEMBERSHIP
            rows = []
            for area in areas:
                count = by_area.get(area.id, AreaCount(0, 0))
                have = count.questions / counts.questions if counts.questions else 0.0
                share = exam.share(dimension, area.id, on)
                counted = (str(count.objectives), str(count.questions))
                rows.append((area.id, *counted, f"{have:.0%}", f"{share:.0%}"))
            headers = (dimension.capitalize(), "Objectives", "Questions", "Of the bank", "Of the exam")
            lines += ["", *narrow(headers, rows, right=(1, 2, 3, 4))]
            if membership:
                lines.append(
                    "A question can need several disciplines, so these shares add up to more than 100 %."
                )
    if unknown := counts.systems.get(""):
        lines += [
            "",
            f"{unknown.questions} questions name no system; they are practice and say nothing of any area.",
            "Imported ones get theirs with: qbank bank classify",
        ]
    if suggested:
        lines += [
            "",
            f"The place of {suggested} objectives is only suggested by their words. Go through them with: "
            "qbank bank classify",
        ]
    return lines


def banks_lines(banks: Sequence[BankSummary]) -> list[str]:
    """Each bank with its questions on one line, its licence and its source under it."""
    if not banks:
        return ["No question is loaded yet. Load them with: qbank bank load (or begin with: qbank start)"]
    rows = [(one.id, one.kind.value, str(one.questions), "off" if one.off else "on") for one in banks]
    table = narrow(("Bank", "Kind", "Questions", "Now"), rows, right=(2,))
    lines = table[:2]
    for line, one in zip(table[2:], banks, strict=True):
        lines.append(line)
        lines += [f"    {visible(text)}" for text in (one.licence, one.source) if text]
    return lines
