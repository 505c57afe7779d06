"""A whole exam day under one clock that never stands: where it is, what is left of it, and how long each block may run.

Times are milliseconds of wall time since the day began. What time alone does needs no event: a tutorial ends, a block closes
at its deadline and the day at its end whether or not anybody is there. So a day that was cut off and taken up again is the
same as one that was not.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec.structs import replace

from qbank.core.exam_parts import BlockFormat
from qbank.core.question import ServedItem
from qbank.errors import IllegalStep

SMALL_BREAK_MS = 5 * 60_000
"""The shortest break that is worth suggesting: up, water, back. [judged]"""


class Phase(StrEnum):
    """`BREAK` is the time before a block that has not begun, the first one's too."""

    TUTORIAL = "tutorial"
    BREAK = "break"
    BLOCK = "block"
    OVER = "over"


class DayBlock(msgspec.Struct, frozen=True):
    """One block of the day as it was planned."""

    id: str
    limit_ms: int
    items: tuple[ServedItem, ...]


class ExamDayPlan(msgspec.Struct, frozen=True):
    """What was fixed when the day began. `format` is the id of the exam's format that it follows."""

    id: str
    format: str
    blocks: tuple[DayBlock, ...]
    break_ms: int
    tutorial_ms: int

    @property
    def length_ms(self) -> int:
        """The day's clock: tutorial, breaks and blocks together."""
        return self.tutorial_ms + self.break_ms + sum(each.limit_ms for each in self.blocks)


class Sat(msgspec.Struct, frozen=True):
    """A block's place in its day: `number` of `of`, from 1. It began at `at`, with `day_left_ms` of the day to go."""

    day: str
    number: int
    of: int
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    day_left_ms: int


class TutorialEnded(msgspec.Struct, frozen=True):
    at_ms: int


class BlockBegun(msgspec.Struct, frozen=True):
    """The next block began, under a limit that `DayState.limit_ms` gave."""

    at_ms: int


class BlockEnded(msgspec.Struct, frozen=True):
    """The running block was closed before its time was up."""

    at_ms: int


class DayEnded(msgspec.Struct, frozen=True):
    """The learner ended the day; what was not reached is not scored."""

    at_ms: int


DayEvent = TutorialEnded | BlockBegun | BlockEnded | DayEnded


class Sitting(msgspec.Struct, frozen=True):
    """A block that has begun; `end_ms` is None while it runs."""

    begin_ms: int
    limit_ms: int
    end_ms: int | None = None


class DayState(msgspec.Struct, frozen=True):
    """Where a day stands at `clock_ms`. An end is None until it has come."""

    plan: ExamDayPlan
    clock_ms: int = 0
    tutorial_end_ms: int | None = None
    sittings: tuple[Sitting, ...] = ()
    end_ms: int | None = None

    @property
    def phase(self) -> Phase:
        if self.end_ms is not None:
            return Phase.OVER
        if self.tutorial_end_ms is None:
            return Phase.TUTORIAL
        return Phase.BLOCK if self.running is not None else Phase.BREAK

    @property
    def running(self) -> Sitting | None:
        """The block under way."""
        return self.sittings[-1] if self.sittings and self.sittings[-1].end_ms is None else None

    @property
    def number(self) -> int:
        """The running block or the one that comes next, from 1; the last one reached when the day is over."""
        return len(self.sittings) + (self.phase in (Phase.TUTORIAL, Phase.BREAK))

    @property
    def day_left_ms(self) -> int:
        return 0 if self.end_ms is not None else self.plan.length_ms - self.clock_ms

    @property
    def phase_left_ms(self) -> int:
        """Of the tutorial or of the running block; 0 in a break and when the day is over."""
        if self.phase is Phase.TUTORIAL:
            return self.plan.tutorial_ms - self.clock_ms
        running = self.running
        return 0 if running is None else running.begin_ms + running.limit_ms - self.clock_ms

    @property
    def break_left_ms(self) -> int:
        """Of the budget with every credit; below 0 it is what the blocks to come have lost.

        Whatever is unused of the tutorial or of a block is not lost to the day, so it is here: the break is what the day has
        left beyond what must still run.
        """
        at_ms = self.clock_ms if self.end_ms is None else self.end_ms
        to_come = sum(each.limit_ms for each in self.plan.blocks[len(self.sittings) :])
        return self.plan.length_ms - at_ms - to_come - self.phase_left_ms

    @property
    def break_used_ms(self) -> int:
        """Time spent between the tutorial and the blocks."""
        if self.tutorial_end_ms is None:
            return 0
        until_ms = self.clock_ms if self.end_ms is None else self.end_ms
        ends = [self.tutorial_end_ms, *(each.end_ms for each in self.sittings if each.end_ms is not None)]
        begins = [each.begin_ms for each in self.sittings]
        if self.running is None:
            begins.append(until_ms)
        return sum(begin - end for end, begin in zip(ends, begins, strict=True))

    @property
    def limit_ms(self) -> int:
        """What the next block may run: its own time, or what the day has left. 0 when none comes."""
        if self.phase is Phase.OVER or len(self.sittings) == len(self.plan.blocks):
            return 0
        return min(self.plan.blocks[len(self.sittings)].limit_ms, self.day_left_ms)


def begun(plan: ExamDayPlan) -> DayState:
    """The day at its first moment.

    Raises ValueError for a plan without blocks, or one with a time that cannot be.
    """
    if not plan.blocks or any(each.limit_ms <= 0 or not each.items for each in plan.blocks):
        raise ValueError("an exam day needs blocks, each with questions and a time limit")
    if plan.break_ms < 0 or plan.tutorial_ms < 0:
        raise ValueError("an exam day's break and tutorial cannot be negative")
    return passed(DayState(plan), 0)


def passed(state: DayState, at_ms: int) -> DayState:
    """The day when the clock shows `at_ms`, with all that time alone has done; an earlier time changes nothing."""
    if state.phase is Phase.OVER or at_ms < state.clock_ms:
        return state
    length_ms = state.plan.length_ms
    state = replace(state, clock_ms=min(at_ms, length_ms))
    if state.tutorial_end_ms is None and state.clock_ms >= state.plan.tutorial_ms:
        state = replace(state, tutorial_end_ms=state.plan.tutorial_ms)
    running = state.running
    if running is not None and state.clock_ms >= running.begin_ms + running.limit_ms:
        state = _closed(state, running.begin_ms + running.limit_ms)
    if state.end_ms is None and at_ms >= length_ms:
        state = replace(state, end_ms=length_ms)
    return state if state.end_ms is None else replace(state, clock_ms=state.end_ms)


def step(state: DayState, event: DayEvent) -> DayState:
    """The day after an event, once time has done its part up to then.

    Raises IllegalStep when the day does not allow it; `state` still holds.
    """
    if event.at_ms < state.clock_ms:
        raise IllegalStep("The day's clock cannot go back. Go on from the time that it shows.")
    now = passed(state, event.at_ms)
    if now.phase is Phase.OVER:
        raise IllegalStep("This exam day is over. Its answers stand.")
    match event:
        case TutorialEnded() if now.phase is Phase.TUTORIAL:
            return replace(now, tutorial_end_ms=event.at_ms)
        case BlockBegun() if now.phase is Phase.BREAK:
            return replace(now, sittings=(*now.sittings, Sitting(event.at_ms, now.limit_ms)))
        case BlockEnded() if now.phase is Phase.BLOCK:
            return _closed(now, event.at_ms)
        case DayEnded() if now.phase is not Phase.BLOCK:
            return replace(now, end_ms=event.at_ms)
        case _:
            raise IllegalStep(f"That does not fit a day that is in its {now.phase.value}.")


class SuggestedBreak(msgspec.Struct, frozen=True):
    """What the budget allows now. `lunch_before` is the block before which the longer break comes best, 0 when that is past.

    Times are whole numbers of five minutes; 0 says that it is better to go on.
    """

    now_ms: int
    lunch_ms: int
    lunch_before: int
    is_lunch: bool


def suggested_break(state: DayState) -> SuggestedBreak:
    """How to spread what is left of the break: half of it about the middle of the day, the rest in small ones. [judged]"""
    of = len(state.plan.blocks)
    middle = of // 2 + 1 if of > 2 else 0
    to_come = middle if state.number <= middle else 0
    left_ms = max(0, state.break_left_ms)
    small = of - state.number + 1 - (to_come > 0)
    # Lunch weighs as much as all small breaks of a day together, so it keeps its half while they pass.
    weight = max(1, of - 2)
    lunch_ms = _in_fives(left_ms * weight // (weight + small)) if to_come else 0
    if to_come == state.number:
        return SuggestedBreak(lunch_ms, lunch_ms, to_come, is_lunch=lunch_ms > 0)
    affordable = (left_ms - lunch_ms) // SMALL_BREAK_MS
    # Fewer small breaks than chances for one are spread by taking one whenever half of the chances are covered.
    each_ms = _in_fives((left_ms - lunch_ms) // max(1, small))
    now_ms = max(SMALL_BREAK_MS, each_ms) if affordable and 2 * affordable >= small else 0
    return SuggestedBreak(now_ms, lunch_ms, to_come if lunch_ms else 0, is_lunch=False)


class DayShape(msgspec.Struct, frozen=True):
    """How many questions each block holds and how long it runs, with the break and the tutorial of the day."""

    sizes: tuple[int, ...]
    limits_ms: tuple[int, ...]
    break_ms: int
    tutorial_ms: int


def day_shape(kind: BlockFormat, questions: int, extra_time: float) -> DayShape:
    """Full blocks and, where the questions do not fill the last one, a shorter one in proportion.

    Extra time lengthens blocks alone. The break is the format's in proportion to the questions; the tutorial is whole.
    """
    full, rest = divmod(questions, kind.items)
    sizes = (*[kind.items] * full, *[rest] * (rest > 0))
    per_item_ms = kind.minutes * extra_time * 60_000 / kind.items
    return DayShape(
        sizes,
        tuple(round(per_item_ms * size) for size in sizes),
        round(kind.break_minutes * 60_000 * questions / (kind.blocks * kind.items)),
        kind.tutorial_minutes * 60_000,
    )


def _closed(state: DayState, at_ms: int) -> DayState:
    last = replace(state.sittings[-1], end_ms=at_ms)
    state = replace(state, sittings=(*state.sittings[:-1], last))
    return (
        replace(state, end_ms=at_ms, clock_ms=at_ms)
        if len(state.sittings) == len(state.plan.blocks)
        else state
    )


def _in_fives(time_ms: int) -> int:
    return time_ms // SMALL_BREAK_MS * SMALL_BREAK_MS
