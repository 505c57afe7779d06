"""What the tools for writing questions say, in lines."""

import shlex
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date

from tabulate import tabulate

from qbank.app.coverage import Coverage
from qbank.app.editing import Edited
from qbank.app.new_files import Begun
from qbank.core.blind import Answer, Asked, Marked, Part
from qbank.core.exam import Exam
from qbank.ui.banks import folded, loaded_line, narrow


def marked_lines(found: Marked) -> list[str]:
    """A filled sheet of the blind check against the keys."""
    lines: list[str] = []
    if found.part is Part.STEM:
        lines += _beside_keys(found.others)
        lines.append(
            f"{len(found.others)} answers beside their keys. Judge yourself whether they say the same."
        )
    elif found.answered:
        for one, answer in found.others:
            key = one.question.key
            said = answer.said.strip("(). ").upper()
            lines.append(f"{one.question.id}: answered {said}, the key is {one.letter(key.id)}, {key.text}.")
            lines += [f"    {answer.note}"] if answer.note else []
        low, high = found.interval
        lines.append(
            f"{found.agreed} of {found.answered} answers agree with the key, {found.agreed / found.answered:.0%} "
            f"(95 % interval {low:.0%}-{high:.0%})."
        )
        if found.part is Part.OPTIONS:
            lines.append(
                f"By chance it would be {found.chance:.0%}. The nearer to that, the less the options give away."
            )
    differ = {one.question.id for one, _ in found.others}
    notes = [
        (one, answer)
        for one, answer in found.noted
        if one.question.id not in differ or found.part is Part.STEM
    ]
    if notes:
        lines += ["", "Notes on the others:"]
        lines += [f"{one.question.id}: {answer.note}" for one, answer in notes]
    if found.unanswered:
        lines.append(f"{found.unanswered} questions were left without an answer.")
    if found.missing:
        lines.append(
            f"{found.missing} questions are no longer in the bank as they were on the sheet; they are not counted."
        )
    return lines


def _beside_keys(answers: Sequence[tuple[Asked, Answer]]) -> list[str]:
    lines = []
    for one, answer in answers:
        lines += [one.question.id, f"    said: {answer.said}", f"    key:  {one.question.key.text}"]
    return lines


def cell_lines(exam: Exam, on: date, covered: Coverage, width: int) -> list[str]:
    """The bank files by system and main discipline, where their keys lie, and how long they are."""
    systems = [area.id for area in exam.areas("system", on)]
    heads = _short([area.id for area in exam.areas("discipline", on)])
    rows = [
        [system, *(_count(covered.cells.get((system, discipline))) for discipline in heads)]
        for system in systems
    ]
    taken = sum(
        2 + max(map(len, column)) for column in zip(heads.values(), *(row[1:] for row in rows), strict=True)
    )
    cells = [[folded(row[0], width - taken), *row[1:]] for row in rows]
    empty = sum(not count for count in covered.cells.values())
    others = f", and on {covered.others} others" if covered.others else ""
    lines = [
        *textwrap.wrap(
            f"Bank files: {covered.questions} questions, {covered.variants} of them variants, "
            f"on {covered.objectives} objectives of the {covered.mapped} on the exam's map{others}.",
            width,
        ),
        "",
        *narrow(("System", *heads.values()), cells, right=range(1, len(heads) + 1)),
        *_legend(heads, width),
        *textwrap.wrap(
            f"A dot stands where the exam asks nothing. Cells it can ask and the bank cannot: {empty}.", width
        ),
        "",
        *tabulate(
            [
                (
                    keys.system,
                    *(_count(count) for count in keys.places[:5]),
                    f"{keys.longest / keys.questions:.0%}",
                )
                for keys in covered.keys
                if keys.questions
            ],
            headers=("Keys at", "A", "B", "C", "D", "E", "Longest option"),
            tablefmt="simple",
        ).splitlines(),
        "",
        f"Median lengths: {covered.vignette_words:.0f} words of a vignette, "
        f"{covered.option_characters:.0f} characters of an option.",
    ]
    reviews = ", ".join(f"{count} {review}" for review, count in sorted(covered.reviews.items()))
    lines += [f"Reviewed: {reviews}."] if reviews else []
    return [*lines, *faulty_lines(covered), "What to write next: qbank bank stats --gaps"]


def faulty_lines(covered: Coverage) -> list[str]:
    """How many files are left out for their faults, and how to see these."""
    return [
        f"{count} {'file has' if count == 1 else 'files have'} faults and {'is' if count == 1 else 'are'} left out. "
        f"See them with: qbank bank check {shlex.quote(str(folder))}"
        for folder, count in covered.faulty.items()
    ]


def _count(count: int | None) -> str:
    return "." if count is None else str(count)


def _short(names: Sequence[str]) -> dict[str, str]:
    """Each name's first letters, three or as many as tell them apart."""
    length = next(n for n in range(3, 100) if len({name[:n] for name in names}) == len(set(names)))
    return {name: name[:length] for name in names}


def _legend(heads: Mapping[str, str], width: int) -> list[str]:
    told = ", ".join(f"{short} {name}" for name, short in heads.items())
    return textwrap.wrap(f"Main disciplines: {told}.", width, break_on_hyphens=False)


def gap_lines(covered: Coverage, count: int, width: int) -> list[str]:
    """The objectives most worth writing, with what a question would add to the part of the exam that is reached."""
    gaps = covered.gaps[:count]
    if not gaps:
        return ["Every objective of the map has the questions that it wants.", *faulty_lines(covered)]
    heads = _short(sorted({gap.objective.disciplines[0] for gap in gaps}))
    rows = [
        [
            gap.objective.id,
            gap.objective.section,
            heads[gap.objective.disciplines[0]] + ("*" if gap.fills else ""),
            f"{gap.have} of {gap.wanted}",
            f"{1000 * gap.worth:.2f}",
        ]
        for gap in gaps
    ]
    headers = ("Objective", "Section", "Main", "Has", "Adds")
    wide = [max(map(len, column)) for column in zip(headers, *rows, strict=True)]
    # An id is copied from here, so the section is folded before it.
    section = max(_LONGEST_WORD, width - sum(wide) + wide[1] - 8)
    name = max(_LONGEST_WORD, width - sum(wide[2:]) - min(section, wide[1]) - 8)
    cells = [[folded(row[0], name), folded(row[1], section), *row[2:]] for row in rows]
    return [
        *narrow(headers, cells, right=(4,)),
        *_legend(heads, width),
        "* Nothing else lies in that cell. Adds: per mille of the exam.",
        *faulty_lines(covered),
        f"{len(covered.gaps)} objectives want questions. Begin one with: qbank bank new OBJECTIVE",
    ]


_LONGEST_WORD = 14
"""Columns of the longest part of an id, which is folded at its hyphens."""


def begun_lines(begun: Begun, objective: str) -> list[str]:
    """What became of a new file."""
    if begun.done:
        return [
            f"{begun.path} can be read. Check it, then load it:",
            f"    qbank bank check {shlex.quote(str(begun.path.parent))}",
            "    qbank bank load",
        ]
    lines = [str(fault) for fault in begun.faults]
    what = "cannot be read yet" if begun.faults else "is a page to fill in"
    return [*lines, f"{begun.path} {what}. Go on with it: qbank bank new {objective}"]


def edited_lines(edited: Edited) -> list[str]:
    """What became of an edited file; its faults are told apart, as the error that they are."""
    if edited.faults:
        return ["Nothing was loaded. Mend it with the same command."]
    if not edited.changed or edited.loaded is None:
        return ["Nothing was changed."]
    return [
        f"{edited.path} is yours now." if edited.copied else f"{edited.path} was changed.",
        loaded_line(edited.loaded),
    ]
