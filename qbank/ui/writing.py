"""What the tools for writing questions say, in lines."""

from collections.abc import Sequence

from qbank.core.blind import Answer, Asked, Marked, Part


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
