"""What the tools for writing questions say, in lines."""

import shlex
from collections.abc import Sequence
from datetime import date

from tabulate import tabulate

from qbank.app.coverage import Coverage
from qbank.app.editing import Edited
from qbank.app.new_files import Begun
from qbank.core.blind import Answer, Asked, Marked, Part
from qbank.core.exam import Exam
from qbank.ui.banks import loaded_line


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


def cell_lines(exam: Exam, on: date, covered: Coverage) -> list[str]:
    """The bank files by system and main discipline, where their keys lie, and how long they are."""
    systems = [area.id for area in exam.areas("system", on)]
    disciplines = [area.id for area in exam.areas("discipline", on)]
    rows = [
        (system, *(_count(covered.cells.get((system, discipline))) for discipline in disciplines))
        for system in systems
    ]
    headers = ("Main discipline", *(discipline[:5] for discipline in disciplines))
    empty = sum(not count for count in covered.cells.values())
    lines = [
        "",
        f"Bank files: {covered.questions} questions, {covered.variants} of them variants, "
        f"on {covered.objectives} objectives of the {covered.mapped} on the exam's map.",
        "",
        *tabulate(
            rows, headers=headers, tablefmt="simple", disable_numparse=True, stralign="right"
        ).splitlines(),
        f"A dot stands where the exam asks nothing. Cells it can ask and the bank cannot: {empty}.",
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
    return [*lines, f"Reviewed: {reviews}." if reviews else "", "What to write next: qbank bank stats --gaps"]


def _count(count: int | None) -> str:
    return "." if count is None else str(count)


def gap_lines(covered: Coverage, count: int) -> list[str]:
    """The objectives most worth writing, with what a question would add to the part of the exam that is reached."""
    rows = [
        (
            gap.objective.id,
            gap.objective.section,
            gap.objective.disciplines[0] + (" (empty)" if gap.fills else ""),
            f"{gap.have} of {gap.wanted}",
            f"{1000 * gap.worth:.2f}",
        )
        for gap in covered.gaps[:count]
    ]
    if not rows:
        return ["Every objective of the map has the questions that it wants."]
    headers = ("Objective", "Section", "Main discipline", "Has", "Adds, per mille")
    return [
        *tabulate(rows, headers=headers, tablefmt="simple", disable_numparse=True).splitlines(),
        f"{len(covered.gaps)} objectives want questions. Begin one with: qbank bank new OBJECTIVE",
    ]


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
    """What became of an edited file."""
    if edited.faults:
        return [*map(str, edited.faults), "Nothing was loaded. Mend it with the same command."]
    if not edited.changed or edited.loaded is None:
        return ["Nothing was changed."]
    return [
        f"{edited.path} is yours now." if edited.copied else f"{edited.path} was changed.",
        loaded_line(edited.loaded),
    ]
