"""The block as a pure state machine: a state and an event give the next state, or IllegalStep.

Both faces of the program drive this and nothing else, so a block behaves the same in a pipe, in a terminal and on a full
screen. Times are milliseconds on the block's own clock, which the caller measures; see `step`.
"""

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

import msgspec
from msgspec.structs import replace

from qbank.core.block_event import (
    Answer,
    BlockEvent,
    Confident,
    Highlight,
    Interrupt,
    Mark,
    Note,
    OnItem,
    Pause,
    Reason,
    ReasonAfter,
    Resume,
    Reveal,
    Show,
    Strike,
    Submit,
    TakeOver,
    Tick,
    event_from_json,
    event_to_json,
)
from qbank.core.question import ServedItem
from qbank.core.response import Change, Confidence, MissReason, Mode, Response
from qbank.errors import IllegalStep

__all__ = [
    "Answer", "BlockEvent", "BlockPlan", "BlockState", "ClosedBy", "Confident", "Highlight", "Interrupt", "ItemState",
    "Mark", "Note", "Pause", "Phase", "Reason", "ReasonAfter", "Resume", "Reveal", "Show", "Strike",
    "Submit", "TakeOver", "Tick", "event_from_json", "event_to_json", "is_final", "newly_final",
    "remaining_ms", "responses", "start", "step", "time_limit_ms", "unanswered",
]  # fmt: skip


class BlockPlan(msgspec.Struct, frozen=True):
    """An ordered set of served items under one clock. `limit_ms` is None for an untimed block."""

    id: str
    mode: Mode
    items: tuple[ServedItem, ...]
    limit_ms: int | None = None


class ItemState(msgspec.Struct, frozen=True):
    """One question of a running block.

    `elapsed_ms` is its time on screen up to the reveal, `reading_ms` after it.
    `changes` leaves out the first answer; in it "" stands for an answer taken back. `highlights` are spans of characters
    of the stem, each from its first to the one behind its last.
    """

    choice: str | None = None
    changes: tuple[Change, ...] = ()
    struck: frozenset[str] = frozenset()
    highlights: frozenset[tuple[int, int]] = frozenset()
    marked: bool = False
    confidence: Confidence | None = None
    reason: MissReason | None = None
    reason_after: MissReason | None = None
    note: str = ""
    shown: bool = False
    elapsed_ms: int = 0
    revealed: bool = False
    reading_ms: int = 0


class Phase(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class ClosedBy(StrEnum):
    SUBMITTED = "submitted"
    TIME = "time"


class BlockState(msgspec.Struct, frozen=True):
    """Where a block stands.

    `position`, from 0, is the current question; it is `on_screen` from a `Show` until the process ends.
    `interrupted` says that a process ended while the block was open.
    """

    plan: BlockPlan
    items: tuple[ItemState, ...]
    position: int = 0
    on_screen: bool = False
    elapsed_ms: int = 0
    phase: Phase = Phase.OPEN
    closed_by: ClosedBy | None = None
    interrupted: bool = False


def start(plan: BlockPlan) -> BlockState:
    """The block before its first event: the clock at 0 and nothing shown yet.

    Raises:
        ValueError: no items, or a limit that is not positive.
    """
    if not plan.items:
        raise ValueError("a block needs at least one item")
    if plan.limit_ms is not None and plan.limit_ms <= 0:
        raise ValueError(f"limit_ms must be positive, not {plan.limit_ms}")
    return BlockState(plan, tuple(ItemState() for _ in plan.items))


def step(state: BlockState, event: BlockEvent) -> BlockState:
    """The state after `event`; the time since the last event is credited to the question on screen.

    The caller's clock never goes back, and stands while the block is paused or no process runs it: after an
    `Interrupt` it goes on from `state.elapsed_ms`, and the question is shown again. Where the wall clock runs
    on all the same, as on the exam day, the next start steps by a `Tick` with the time passed; it is credited
    to no question, and neither is time that passes in a pause.

    At its limit a block closes itself: the first event there or later closes it and does nothing else. Only
    an `Interrupt` leaves it open, for the next start to close. A closed block's clock has ended.

    Raises:
        IllegalStep: the rules do not allow the event now; `state` still holds.
    """
    if state.phase is Phase.CLOSED:
        return _after_close(state, event)
    if event.at_ms < state.elapsed_ms:
        raise IllegalStep("The block's clock cannot go back. Go on from the time that it shows.")
    limit_ms = state.plan.limit_ms
    overdue = limit_ms is not None and event.at_ms >= limit_ms
    moved = _at(state, limit_ms if limit_ms is not None and overdue else event.at_ms)
    if isinstance(event, Interrupt):
        return replace(moved, interrupted=True, on_screen=False)
    if overdue:
        return replace(moved, phase=Phase.CLOSED, closed_by=ClosedBy.TIME)
    return _moved_on(moved, event)


def unanswered(state: BlockState) -> tuple[int, ...]:
    """Positions without an answer, shown or not."""
    return tuple(position for position, item in enumerate(state.items) if item.choice is None)


def is_final(state: BlockState, position: int) -> bool:
    """Whether the answer at `position` can no longer change: its key was revealed or the block is closed."""
    return state.phase is Phase.CLOSED or state.items[position].revealed


def newly_final(before: BlockState, after: BlockState) -> tuple[int, ...]:
    """Positions final in `after` and not yet in `before`, an earlier state of the same block."""
    return tuple(p for p in range(len(after.items)) if is_final(after, p) and not is_final(before, p))


def responses(
    state: BlockState, *, key_of: Callable[[ServedItem], str], at: datetime, study_day: date
) -> tuple[Response, ...]:
    """A response for each final question, by position; `key_of` gives the id of an item's correct option.

    All bear the given `at` and `study_day`; `newly_final` tells which of them a step has just made.
    Stopping costs nothing: an unanswered question that was on screen when a tutor or review block ended
    counts as not shown.
    """
    return tuple(
        Response(
            block=state.plan.id,
            position=position,
            item=served,
            mode=state.plan.mode,
            choice=item.choice,
            correct=item.choice is not None and item.choice == key_of(served),
            elapsed_ms=item.elapsed_ms,
            at=at,
            study_day=study_day,
            shown=item.shown and (state.plan.mode is Mode.TIMED or item.revealed or item.choice is not None),
            time_ran_out=state.closed_by is ClosedBy.TIME and not item.revealed,
            changes=item.changes,
            struck=tuple(option for option in served.option_order if option in item.struck),
            marked=item.marked,
            confidence=item.confidence,
            reason=item.reason,
            reason_after=item.reason_after,
            note=item.note,
        )
        for position, (served, item) in enumerate(zip(state.plan.items, state.items, strict=True))
        if is_final(state, position)
    )


def remaining_ms(state: BlockState) -> int | None:
    """Time left under the limit; None when the block is untimed."""
    return None if state.plan.limit_ms is None else state.plan.limit_ms - state.elapsed_ms


def time_limit_ms(minutes: float, extra_time: float = 1.0) -> int:
    """A block's limit: the format's minutes times the learner's accommodation (1.25, 1.5 or 2; 1 for none).

    Raises:
        ValueError: minutes not positive, or a factor under 1.
    """
    if minutes <= 0 or extra_time < 1:
        raise ValueError(f"no time limit from {minutes} minutes times {extra_time}")
    return round(minutes * extra_time * 60_000)


def _at(state: BlockState, at_ms: int) -> BlockState:
    passed_ms = at_ms - state.elapsed_ms
    item = state.items[state.position]
    if state.on_screen and state.phase is Phase.OPEN:
        if item.revealed:
            item = replace(item, reading_ms=item.reading_ms + passed_ms)
        else:
            item = replace(item, elapsed_ms=item.elapsed_ms + passed_ms)
    return replace(_with(state, state.position, item), elapsed_ms=at_ms)


def _with(state: BlockState, position: int, item: ItemState) -> BlockState:
    return replace(state, items=(*state.items[:position], item, *state.items[position + 1 :]))


def _after_close(state: BlockState, event: BlockEvent) -> BlockState:
    match event:
        case ReasonAfter():
            return _reasoned_after(state, event)
        case Note():
            return _noted(state, event)
        case _:
            raise IllegalStep(
                "This block is closed and its answers stand. You can still add notes and reasons to it."
            )


def _moved_on(state: BlockState, event: BlockEvent) -> BlockState:
    match event:
        case Tick() | TakeOver():
            return state
        case Submit():
            return replace(state, phase=Phase.CLOSED, closed_by=ClosedBy.SUBMITTED)
        case Resume():
            if state.phase is not Phase.PAUSED:
                raise IllegalStep("This block is not paused. Go on with the question.")
            return replace(state, phase=Phase.OPEN)
        case _ if state.phase is Phase.PAUSED:
            raise IllegalStep("This block is paused. Resume it first.")
        case Pause():
            if state.plan.mode is Mode.TIMED:
                raise IllegalStep("A timed block cannot be paused: its clock runs on, as on the exam day.")
            return replace(state, phase=Phase.PAUSED)
        case Show():
            item = replace(_item(state, event.position), shown=True)
            return replace(_with(state, event.position, item), position=event.position, on_screen=True)
        case ReasonAfter():
            return _reasoned_after(state, event)
        case Note():
            return _noted(state, event)
        case Reveal():
            if state.plan.mode is Mode.TIMED:
                raise IllegalStep("A timed block shows its answers at the end. Submit it to see them.")
            return _with(state, state.position, replace(_changeable(state), revealed=True))
        case Answer() | Strike() | Highlight() | Mark() | Confident() | Reason():
            return _with(state, state.position, _after(_changeable(state), event, state.plan, state.position))
        case _:
            raise IllegalStep("This block is open. Go on with the question.")


def _after(item: ItemState, event: OnItem, plan: BlockPlan, position: int) -> ItemState:
    match event:
        case Answer():
            return _answered(item, event, plan.items[position])
        case Strike():
            _refuse_foreign(event.option, plan.items[position])
            return replace(item, struck=item.struck ^ {event.option})
        case Highlight():
            if not 0 <= event.start < event.end:
                raise IllegalStep("There is nothing to highlight there. Choose a sentence.")
            return replace(item, highlights=item.highlights ^ {(event.start, event.end)})
        case Mark():
            return replace(item, marked=not item.marked)
        case Confident():
            if item.choice is None:
                raise IllegalStep("Choose an answer before you say how sure you are of it.")
            return replace(item, confidence=event.level)
        case Reason():
            if plan.mode is Mode.TIMED:
                raise IllegalStep("A timed block asks for reasons after it closes. Go on with the question.")
            return replace(item, reason=event.reason)
        case _:
            assert_never(event)


def _answered(item: ItemState, event: Answer, served: ServedItem) -> ItemState:
    if item.reason is not None:
        # Being asked for the reason tells that the answer was wrong.
        raise IllegalStep("You have named why you missed this one, so its answer stands. Look at the key.")
    if event.option == item.choice:
        return item
    if event.option is not None:
        _refuse_foreign(event.option, served)
    changes = item.changes
    if item.choice is not None or changes:
        changes = (*changes, Change(item.choice or "", event.option or "", event.at_ms))
    return replace(item, choice=event.option, changes=changes, confidence=None)


def _refuse_foreign(option: str, served: ServedItem) -> None:
    if option not in served.option_order:
        raise IllegalStep(f"This question has no option {option!r}. Choose one of those shown.")


def _reasoned_after(state: BlockState, event: ReasonAfter) -> BlockState:
    item = _item(state, event.position)
    if not is_final(state, event.position):
        raise IllegalStep("This question is still open. Look at its key first.")
    return _with(state, event.position, replace(item, reason_after=event.reason))


def _noted(state: BlockState, event: Note) -> BlockState:
    position = state.position if event.position is None else event.position
    item = _item(state, position)
    if not item.shown and state.phase is not Phase.CLOSED:
        raise IllegalStep("You have not seen this question yet. Show it first.")
    return _with(state, position, replace(item, note=event.text))


def _item(state: BlockState, position: int) -> ItemState:
    if not 0 <= position < len(state.items):
        raise IllegalStep(f"This block has questions 1 to {len(state.items)}. Choose one of them.")
    return state.items[position]


def _changeable(state: BlockState) -> ItemState:
    item = state.items[state.position]
    if not state.on_screen:
        raise IllegalStep("No question is on the screen yet. Show one first.")
    if item.revealed:
        raise IllegalStep("You have seen the key of this question, so its answer stands. Go on to the next.")
    return item
