"""What the plain face asks and lists, apart from when: sentences made from a block as it stands."""

import textwrap
from collections.abc import Sequence
from datetime import date

from qbank.app.practice import Practice
from qbank.core import block
from qbank.core.pictures import without_paths
from qbank.core.response import MissReason, Mode
from qbank.errors import UsageError
from qbank.ui import show
from qbank.ui.sentences import Span

_REASONS = tuple(MissReason)
_UNBROKEN = "\N{NO-BREAK SPACE}"

DAY_LEFT = "Saved. The clock of your exam day runs on; `qbank exam` takes it up."
UNSEEN = "You have not seen this question, so it can still come fresh. Look at another one."
NOTHING_KEPT = "Preview: nothing is kept."
CHOOSE_FIRST = "Choose an option by its letter first; n goes on without an answer."
FLAGGED = "Flagged. It will not come up in your drills after this block. The way back: qbank bank flagged"
BLANKS = {
    True: "On the exam a blank counts as wrong and a guess costs nothing.",
    False: "They cost you nothing and will come another time.",
}
TIME_UP = "Time is up. The block has closed itself; your answers are saved."
TURN = "Enter shows the back (? for help): "


def left_line(practice: Practice) -> str:
    """What holds of a block that was left open."""
    if practice.sat is not None:
        return DAY_LEFT
    if not practice.kept:
        return NOTHING_KEPT
    verb = "review" if practice.plan.mode is Mode.REVIEW else "block"
    return f"Saved. `qbank {verb}` goes on from here."


def answer_prompt(practice: Practice, position: int) -> str:
    """Asks for a letter, and says what was chosen and what is left to do."""
    letters = list(show.letters(practice.item(position)))
    chosen = show.letter_of(practice.item(position), practice.state.items[position].choice)
    now = f", now {chosen}" if chosen else ""
    submits = "" if block.unanswered(practice.state) else "; s submits the block"
    return f"Your answer, {letters[0]} to {letters[-1]}{now}{submits} (? for help): "


def go_on_prompt(*, missed: bool) -> str:
    """Waits while an answer is read."""
    return f"Enter goes on{', r names the reason' if missed else ''} (? for help): "


def reason_lines() -> list[str]:
    """The reasons for a miss by number."""
    return [f"  {number}  {reason.value}" for number, reason in enumerate(_REASONS, 1)]


def parse_reason(line: str) -> MissReason | None:
    """The reason of that number, None for an empty line. Raises UsageError."""
    if not line:
        return None
    if line.isascii() and line.isdigit() and 1 <= int(line) <= len(_REASONS):
        return _REASONS[int(line) - 1]
    raise UsageError(f"Please answer with a number from 1 to {len(_REASONS)}, or Enter.")


def noted_line(text: str, before: str) -> str:
    """What is said of a note that takes the place of the one before; an empty one removes it.

    Raises UsageError when there was none to remove.
    """
    if not text and not before:
        raise UsageError("There is no note to remove. Put one behind it, as in: t TEXT")
    return "Noted." if text else "The note is gone."


def list_lines(practice: Practice, width: int) -> list[str]:
    """Every question with what was answered, several on a line."""
    entries = ", ".join(_entry(practice, position) for position in range(len(practice.plan.items)))
    return [line.replace(_UNBROKEN, " ") for line in textwrap.wrap(f"{entries}.", width)]


def unanswered_lines(practice: Practice, width: int) -> list[str]:
    """The numbers of the questions that wait for an answer."""
    numbers = ", ".join(str(position + 1) for position in block.unanswered(practice.state))
    return textwrap.wrap(f"Not answered: {numbers}.", width)


def struck_line(practice: Practice, position: int) -> str:
    """Which options are struck out, and which are left."""
    struck = practice.state.items[position].struck
    letters = show.letters(practice.item(position))
    out = ", ".join(letter for letter, option in letters.items() if option in struck)
    left = ", ".join(letter for letter, option in letters.items() if option not in struck)
    return f"Struck out: {out or 'none'}. Left: {left or 'none'}."


def sentence_lines(stem: str, spans: Sequence[Span], highlights: Sequence[Span], width: int) -> list[str]:
    """Every sentence by number, those that are highlighted as they are in the text."""
    lines = []
    for number, span in enumerate(spans, 1):
        text = on_one_line(stem, span)
        if any(overlap(span, each) for each in highlights):
            text = f"{show.HIGHLIGHT[0]}{text}{show.HIGHLIGHT[1]}"
        lines += textwrap.wrap(f"{number:3}  {text}", width, subsequent_indent="     ")
    return [*lines, "y 3 highlights sentence 3, or no longer."]


def on_one_line(stem: str, span: Span) -> str:
    """A sentence of the text without its line breaks."""
    return " ".join(without_paths(stem[slice(*span)]).split())


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans have a character in common."""
    return one[0] < other[1] and other[0] < one[1]


def taken_back_line(due: date | None) -> str:
    """What holds once a score was taken back; `due` is when its objective comes back by what is left."""
    left = (
        "No other answer to its objective is on record."
        if due is None
        else f"By the answers that are left its objective is due again on {due:%a %d %b}."
    )
    return f"Taken back: this answer no longer counts, right or wrong. The question stays seen. {left}"


def _entry(practice: Practice, position: int) -> str:
    item = practice.state.items[position]
    chosen = show.letter_of(practice.item(position), item.choice) or "no answer"
    right = ""
    if block.is_final(practice.state, position) and item.choice is not None:
        right = " right" if practice.is_right(position) else " missed"
    entry = f"{position + 1}: {chosen}{right}{' (marked)' if item.marked else ''}"
    return entry.replace(" ", _UNBROKEN)
