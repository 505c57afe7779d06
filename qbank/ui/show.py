"""A question, its answer and a block's result as plain lines of text.

Everything is said in words and in reading order, so that it serves a screen reader, a pipe and a terminal
without colour alike. Question text is laid out by the little Markdown that questions use: paragraphs, lists,
pipe tables, emphasis.
"""

import string
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path

from qbank.core.block import ItemState
from qbank.core.question import Kind, Objective, Placing, Question, ServedItem
from qbank.core.response import Response
from qbank.ui.layout import MARK_OFF, MARK_ON, hung, laid
from qbank.ui.sentences import set_off

HIGHLIGHT = ("»", "«")
"""Stand before and behind a highlighted sentence."""


def question_lines(
    question: Question,
    item: ServedItem,
    position: int,
    total: int,
    width: int,
    clock_text: str,
    state: ItemState,
    pictures: Path | None = None,
) -> list[str]:
    """The question as it stands before its key is shown, in lines of at most `width` columns (20 or more).

    `position` counts from 0. `clock_text` is shown after the heading, "" for none. A recall question is shown
    without its back and its two options, which `recall_lines` gives. Highlighted sentences stand between HIGHLIGHT's marks.
    `pictures` is the folder in which they are kept, here and below; see `layout.laid`.
    """
    heading = [f"Question {position + 1} of {total}", clock_text, "Marked" if state.marked else ""]
    lines = [
        *laid(". ".join(filter(None, heading)) + ".", width),
        "",
        *laid(_stem(question, state), width, pictures),
        "",
    ]
    if question.kind is Kind.RECALL:
        lines += laid("Answer in your own words, then look at the back.", width)
    else:
        for letter, option_id in letters(item).items():
            struck = "struck: " if option_id in state.struck else ""
            lines += hung(f"( {letter} ) ", struck + question.option(option_id).text, width, pictures)
    if answered := standing(item, state):
        lines += ["", *laid(answered, width)]
    if state.note:
        lines += ["", *laid(f"Your note: {state.note}", width)]
    return lines


def recall_lines(question: Question, item: ServedItem, width: int, pictures: Path | None = None) -> list[str]:
    """The back of a recall question, and the two options that say how it compared."""
    lines = [*laid(f"The back: {question.remember}", width, pictures), ""]
    for letter, option_id in letters(item).items():
        lines += hung(f"( {letter} ) ", question.option(option_id).text, width)
    return lines


NOTICE_MS = 120_000
"""Time left at which it is told: two minutes, as on the exam day."""


class Part(StrEnum):
    """What a group of lines of an answer is."""

    VERDICT = "verdict"
    KEY = "key"
    CHOSEN = "chosen"
    OTHER = "other"
    REMEMBER = "remember"
    CHECKED = "checked"


def answer_lines(
    question: Question,
    item: ServedItem,
    given: Response | ItemState | None,
    width: int,
    objective: Objective | None = None,
    licence: str = "",
    pictures: Path | None = None,
) -> list[str]:
    """What is shown after the reveal, in lines of at most `width` columns (20 or more); see `answer_parts`."""
    lines: list[str] = []
    for _, part in answer_parts(question, item, given, width, objective, licence, pictures):
        lines += [*([""] if lines else []), *part]
    return lines


def answer_parts(
    question: Question,
    item: ServedItem,
    given: Response | ItemState | None,
    width: int,
    objective: Objective | None = None,
    licence: str = "",
    pictures: Path | None = None,
) -> Iterator[tuple[Part, list[str]]]:
    """What is shown after the reveal, part by part, in lines of at most `width` columns (20 or more).

    The verdict where an answer was `given`, every option with its explanation, the sentence to remember, and who has
    checked the question; without its `objective` it counts as a draft. `licence` is the line of its bank, "" for none.
    """
    if given:
        yield Part.VERDICT, laid(_verdict(question, item, given), width)
    chosen = given.choice if given else None
    if question.kind is Kind.CHOICE:
        for letter, option_id in letters(item).items():
            option = question.option(option_id)
            part = Part.KEY if option.correct else Part.CHOSEN if option_id == chosen else Part.OTHER
            lines = hung(f"( {letter} ) ", _SAID.get(part, "") + option.text, width, pictures)
            if option.explanation:
                lines += hung(" " * 6, option.explanation, width, pictures)
            yield part, lines
    if question.remember:
        said = "The back" if question.kind is Kind.RECALL else "Remember"
        yield Part.REMEMBER, laid(f"{said}: {question.remember}", width, pictures)
    yield Part.CHECKED, _checked_lines(objective, width, licence)


_SAID = {Part.KEY: "the answer: ", Part.CHOSEN: "your answer: "}


def letters(item: ServedItem) -> dict[str, str]:
    """Option ids by the letter they were shown under, A first."""
    return dict(zip(string.ascii_uppercase, item.option_order, strict=False))


def letter_of(item: ServedItem, option_id: str | None) -> str:
    """The letter an option was shown under; "" for None or an option that was not shown."""
    return next((letter for letter, shown in letters(item).items() if shown == option_id), "")


def clock(ms: int) -> str:
    """Minutes and seconds as "12:05", from an hour on "1:02:05"; less than nothing is "0:00"."""
    minutes, seconds = divmod(max(ms, 0) // 1000, 60)
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours}:{minutes_left:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def comes_back_line(day: date) -> str:
    """When an objective is due again, and why then."""
    return f"By its forgetting curve, your recall of this objective falls to 90% on {day:%a %d %b}: it is due then."


def result_line(right: int, total: int, expected: float | None, *, drawn: bool = False) -> str:
    """The result of a block beside what the belief expected of it; None when nothing was expected.

    `drawn`: the questions were drawn like the exam, and not chosen for what the learner may not know.
    """
    if expected is None:
        return f"{right} of {total}"
    if drawn:
        return f"{right} of {total}; about {expected:.1f} expected, these were drawn like the exam"
    return (
        f"{right} of {total}; about {expected:.1f} expected, these were chosen because you may not know them"
    )


def _stem(question: Question, state: ItemState) -> str:
    if not state.highlights:
        return question.stem
    before, after = HIGHLIGHT
    return set_off(question.stem, state.highlights).replace(MARK_ON, before).replace(MARK_OFF, after)


def standing(item: ServedItem, state: ItemState) -> str:
    """What was answered and how surely, "" while nothing was."""
    chosen = letter_of(item, state.choice)
    if not chosen:
        return ""
    sure = f", {state.confidence}" if state.confidence else ""
    return f"Your answer: {chosen}{sure}."


def _verdict(question: Question, item: ServedItem, given: Response | ItemState) -> str:
    if question.kind is Kind.RECALL:
        if given.choice is None:
            return "You left this one open."
        return "You had it." if given.choice == question.key.id else "You did not have it this time."
    key = letter_of(item, question.key.id)
    if given.choice == question.key.id:
        return f"Right. The answer is {key}."
    if given.choice is not None:
        return f"Not this time. You chose {letter_of(item, given.choice)}; the answer is {key}."
    left = "You left this one blank" if given.shown else "You did not reach this one"
    return f"{left}. The answer is {key}."


def _checked_lines(objective: Objective | None, width: int, licence: str) -> list[str]:
    review = objective.review if objective else "draft"
    if not review.startswith("physician"):
        review += "; no physician has read this question yet"
    lines = laid(f"Review: {review}.", width)
    if objective and objective.sources:
        lines += laid(f"Sources: {'; '.join(objective.sources)}.", width)
    if licence:
        lines += laid(f"Licence: {licence}", width)
    if objective and objective.placing is Placing.SUGGESTED:
        lines += laid(place_line(objective), width)
    return lines


def place_line(objective: Objective) -> str:
    """Where an objective lies in the exam, and who said so."""
    if not objective.system:
        chosen = ", as you chose" if objective.placing is Placing.CHOSEN else ""
        return f"Area: none{chosen}; for practice only."
    parts = [objective.system, objective.section if objective.section != objective.system else ""]
    place = " / ".join(filter(None, parts))
    return f"Area: {'; '.join([place, *objective.disciplines])}{_PLACED[objective.placing]}."


_PLACED = {
    Placing.GIVEN: "",
    Placing.MAPPED: ", by your map of areas",
    Placing.SUGGESTED: ", suggested by its words (qbank bank classify)",
    Placing.CHOSEN: ", as you chose",
}
