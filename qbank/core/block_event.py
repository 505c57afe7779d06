"""What can happen to a block, and the form in which the log keeps it.

A block is its plan and these events in order, nothing else: stepping through them again gives the same state.
"""

from typing import Any, ClassVar, get_args

import msgspec

from qbank.core.response import Confidence, MissReason


class _Timed(msgspec.Struct, frozen=True, kw_only=True):
    """When something happened, on the block's clock."""

    at_ms: int


class Show(_Timed, frozen=True):
    """The question at `position`, from 0, comes on screen."""

    kind: ClassVar[str] = "show"
    position: int


class Answer(_Timed, frozen=True):
    """The current question's answer by option id, None to take it back; a confidence stated before lapses."""

    kind: ClassVar[str] = "answer"
    option: str | None


class Strike(_Timed, frozen=True):
    """An option of the current question is struck out, or no longer."""

    kind: ClassVar[str] = "strike"
    option: str


class Highlight(_Timed, frozen=True):
    """The characters from `start` up to `end` of the current question's stem are set off, or no longer."""

    kind: ClassVar[str] = "highlight"
    start: int
    end: int


class Mark(_Timed, frozen=True):
    """The current question is marked, or no longer."""

    kind: ClassVar[str] = "mark"


class Confident(_Timed, frozen=True):
    """How sure the learner is of the answer given to the current question."""

    kind: ClassVar[str] = "confident"
    level: Confidence


class Reason(_Timed, frozen=True):
    """Why the current question was missed, before its key is shown. Only the caller knows that it was."""

    kind: ClassVar[str] = "reason"
    reason: MissReason


class ReasonAfter(_Timed, frozen=True):
    """Why a final question was missed, once its key could be seen."""

    kind: ClassVar[str] = "reason-after"
    position: int
    reason: MissReason


class Note(_Timed, frozen=True):
    """The learner's note on the question at `position`, or on the current one; an empty text removes it."""

    kind: ClassVar[str] = "note"
    text: str
    position: int | None = None


class Reveal(_Timed, frozen=True):
    """The key of the current question is shown, which makes its answer final."""

    kind: ClassVar[str] = "reveal"


class Pause(_Timed, frozen=True):
    kind: ClassVar[str] = "pause"


class Resume(_Timed, frozen=True):
    kind: ClassVar[str] = "resume"


class Tick(_Timed, frozen=True):
    """The clock went on."""

    kind: ClassVar[str] = "tick"


class Submit(_Timed, frozen=True):
    kind: ClassVar[str] = "submit"


class Interrupt(_Timed, frozen=True):
    """The process ended with the block open. After a kill, `at_ms` is the last tick that was kept."""

    kind: ClassVar[str] = "interrupt"


class TakeOver(_Timed, frozen=True):
    """Another terminal became the block's owner."""

    kind: ClassVar[str] = "take-over"


OnItem = Answer | Strike | Highlight | Mark | Confident | Reason
BlockEvent = (
    OnItem | Show | ReasonAfter | Note | Reveal | Pause | Resume | Tick | Submit | Interrupt | TakeOver
)
_KINDS: dict[str, type[BlockEvent]] = {event.kind: event for event in get_args(BlockEvent)}


def event_to_json(event: BlockEvent) -> dict[str, Any]:
    """The event's fields as JSON values, its kind under `kind`."""
    return {"kind": event.kind, **msgspec.to_builtins(event)}


def event_from_json(data: dict[str, Any]) -> BlockEvent:
    """The event that `event_to_json` wrote.

    Raises:
        ValueError: an unknown kind, an unknown field, or a field of the wrong type.
    """
    values = dict(data)
    kind = values.pop("kind", None)
    if not isinstance(kind, str) or kind not in _KINDS:
        raise ValueError(f"unknown kind of block event: {kind!r}")
    event_type = _KINDS[kind]
    unknown = set(values) - set(event_type.__struct_fields__)
    if unknown:
        raise ValueError(f"unknown fields of the block event {kind!r}: {sorted(unknown)}")
    try:
        return msgspec.convert(values, event_type)
    except msgspec.ValidationError as error:
        raise ValueError(f"block event {kind!r}: {error}") from error
