"""Practice in other banks, recorded as evidence, and what was missed there, kept as prompts of the learner's own."""

import re

import msgspec

from qbank.app.areas import check_area
from qbank.app.banks import misses_bank
from qbank.app.payload import to_data
from qbank.app.record import record
from qbank.app.workspace import Workspace
from qbank.core.event import EventKind
from qbank.core.question import NOT_RECALLED, RECALLED, Kind, Objective, Question
from qbank.core.text import hidden_characters
from qbank.errors import UsageError

TEXT_LIMIT = 4_000


class OutsidePractice(msgspec.Struct, frozen=True):
    """Questions done in another bank; `minutes` is None when not told."""

    source: str
    system: str
    discipline: str
    right: int
    of: int
    minutes: float | None


def record_outside(workspace: Workspace, practice: OutsidePractice) -> str:
    """Record practice elsewhere; gives a sentence that says how it counts. Raises UsageError."""
    if not 0 <= practice.right <= practice.of or practice.of < 1:
        raise UsageError(
            f"{practice.right} right of {practice.of} cannot be. Give --right and --of as counted."
        )
    check_area(workspace.exam, "system", practice.system)
    check_area(workspace.exam, "discipline", practice.discipline)
    record(workspace, EventKind.OUTSIDE, to_data(practice))
    where = practice.system or practice.discipline or "the exam as a whole, since you named no area"
    return (
        f"Recorded: {practice.right} of {practice.of} right, counted for {where}. By how much another bank is harder or "
        "easier than the exam nobody knows, so one entry moves the belief a little, and later ones by how they differ."
    )


def check_miss(workspace: Workspace, text: str, system: str, disciplines: tuple[str, ...]) -> None:
    """Whether a miss can be kept like this. Raises UsageError for an unknown area and a text that is no text."""
    if not text.strip():
        raise UsageError("There is nothing to keep. Write what you missed, like: qbank miss 'cause: effect'")
    _check_text(text)
    check_area(workspace.exam, "system", system)
    for discipline in disciplines:
        check_area(workspace.exam, "discipline", discipline)


def two_sides(text: str) -> tuple[str, str] | None:
    """What stands before and after a text's colon, the front and back of a card; None when it has no two sides."""
    for colon in _COLON.finditer(text):
        front, back = text[: colon.start()].strip(), text[colon.end() :].strip()
        if front and back:
            return front, back
    return None


def keep_miss(
    workspace: Workspace, text: str, system: str, disciplines: tuple[str, ...], front: str, back: str
) -> str:
    """Make an objective of the learner's own with a recall prompt; gives its id.

    Without `front` and `back` they are the text's two sides or, where it has none, its first half and the whole. Raises
    UsageError.
    """
    text, front, back = text.strip(), front.strip(), back.strip()
    check_miss(workspace, text, system, disciplines)
    for what in (front, back):
        _check_text(what)
    if bool(front) != bool(back):
        raise UsageError("A prompt needs both --front and --back, or neither.")
    if not front:
        front, back = two_sides(text) or (_first_half(text), text)
    identity = f"miss-{_slug(text)}-{workspace.random_bits(20):05x}"
    bank = misses_bank(workspace.learner.id)
    objective = Objective(bank, identity, text, system=system, disciplines=disciplines, review="own")
    question = Question(
        bank=bank,
        id=f"{identity}-recall",
        objective=identity,
        stem=front,
        options=(RECALLED, NOT_RECALLED),
        remember=back,
        fixed_order=True,
        kind=Kind.RECALL,
    )
    record(
        workspace, EventKind.OWN_OBJECTIVE, {"objective": to_data(objective), "question": to_data(question)}
    )
    return identity


def _check_text(text: str) -> None:
    if hidden := hidden_characters(text):
        raise UsageError(f"The text holds the control character {hidden[0][1]}. Type it again without it.")
    if len(text) > TEXT_LIMIT:
        raise UsageError(
            f"The text is longer than {TEXT_LIMIT} characters. A short prompt is easier to recall."
        )


def _first_half(text: str) -> str:
    words = text.split()
    if len(words) == 1:
        return f"{text[: len(text) // 2]}…"
    return f"{' '.join(words[: len(words) // 2])} …"


def _slug(text: str) -> str:
    words = re.findall(r"[a-z0-9]+", text.lower())[:5]
    return "-".join(words)[:40].strip("-") or "note"


# Not the colon of a ratio, a time or a web address.
_COLON = re.compile(r"(?<!\d):(?!//)|(?<=\d):(?!\d|//)")
