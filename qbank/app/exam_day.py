"""The exam day under way, for a face to drive: its clock, its breaks and its blocks, all read back from the log.

The wall clock runs on from the day's beginning, whether or not qbank runs. Inside a process the monotonic clock keeps it
from going back.
"""

import contextlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any, Literal

import msgspec

from qbank.app.exam_report import DayReport, report_of
from qbank.app.payload import to_data
from qbank.app.practice import Practice
from qbank.app.record import record
from qbank.app.standing import standing
from qbank.app.workspace import Workspace
from qbank.core import block
from qbank.core import exam_day as core
from qbank.core.drill import Pick, area_shares
from qbank.core.event import Event, EventKind
from qbank.core.exam_day import DayBlock, DayEvent, DayState, ExamDayPlan, Phase, Sat, SuggestedBreak
from qbank.core.response import Mode
from qbank.errors import BlockTaken, IllegalStep
from qbank.store.rows import BlockRow, BlockStatus, Purpose
from qbank.store.store import Transaction

_MS = timedelta(milliseconds=1)


def running_day(workspace: Workspace) -> "ExamDay | None":
    """The day that was begun and whose report has not been shown yet, if there is one."""
    with workspace.store.read() as tx:
        event = latest_begun(workspace, tx)
        if event is None or not is_under_way(workspace, tx):
            return None
    return ExamDay(workspace, event)


def is_under_way(workspace: Workspace, tx: Transaction) -> bool:
    """Whether there is such a day; nothing of it is touched."""
    event = latest_begun(workspace, tx)
    return event is not None and not _is_ended(_steps(workspace, tx, event))


def last_day(workspace: Workspace) -> "ExamDay | None":
    """The day begun last, over or not."""
    with workspace.store.read() as tx:
        event = latest_begun(workspace, tx)
    return None if event is None else ExamDay(workspace, event)


def latest_begun(workspace: Workspace, tx: Transaction) -> Event | None:
    """The event that began the learner's latest exam day."""
    return tx.last_event(workspace.learner.id, [EventKind.EXAM_DAY_BEGUN])


class ExamDay:
    """Drives one exam day. Not for two threads."""

    def __init__(self, workspace: Workspace, event: Event) -> None:
        """Take up the day that `event` began where the wall clock has it; an overdue block is closed at its deadline."""
        self._workspace = workspace
        self._event = event
        self.plan = msgspec.convert(event.data["plan"], ExamDayPlan)
        self._state = core.begun(self.plan)
        self._is_ended = False
        self._base_ms = 0
        self._started_s = workspace.monotonic()
        self.block_closed()
        self._base_ms = max(self._wall_ms(), self._state.clock_ms)
        self._close_overdue()

    @property
    def state(self) -> DayState:
        """Where the day stands right now."""
        self._state = core.passed(self._state, self._now_ms())
        return self._state

    @property
    def phase(self) -> Phase:
        return self.state.phase

    @property
    def number(self) -> int:
        """The running block or the one that comes next, from 1."""
        return self.state.number

    @property
    def blocks(self) -> int:
        return len(self.plan.blocks)

    @property
    def break_left_ms(self) -> int:
        """Break time with every credit; below 0 it is what the blocks to come have lost."""
        return self.state.break_left_ms

    @property
    def day_left_ms(self) -> int:
        return self.state.day_left_ms

    @property
    def phase_left_ms(self) -> int:
        """Of the tutorial or of the running block."""
        return self.state.phase_left_ms

    @property
    def limit_ms(self) -> int:
        """What the next block may run."""
        return self.state.limit_ms

    @property
    def next_block(self) -> DayBlock:
        """The block before which the day stands. Raises IllegalStep when none comes now."""
        state = self.state
        if state.phase not in (Phase.BREAK, Phase.TUTORIAL):
            raise IllegalStep("No block comes now: one is running, or the day is over.")
        return self.plan.blocks[state.number - 1]

    @property
    def block_id(self) -> str | None:
        """The block that is under way."""
        state = self.state
        return self.plan.blocks[state.number - 1].id if state.phase is Phase.BLOCK else None

    @property
    def suggested(self) -> SuggestedBreak:
        return core.suggested_break(self.state)

    @property
    def suggestion(self) -> str:
        """What to do with this break, in a sentence or two."""
        return _suggestion(self.suggested, self.break_left_ms)

    def end_tutorial(self) -> None:
        """Go to the first block; what is left of the tutorial becomes break time. Does nothing when its time has run out."""
        if self.phase is Phase.TUTORIAL:
            self._record("tutorial-ended")

    def begin_block(self) -> Practice:
        """Start the next block's clock. A break that was overdrawn has taken its time from the last blocks.

        Raises IllegalStep when no block comes now, and BlockTaken when another terminal has begun it.
        """
        planned, state = self.next_block, self.state
        if state.phase is Phase.TUTORIAL:
            self.end_tutorial()
            state = self.state
        sat = Sat(
            day=self.plan.id,
            number=state.number,
            of=self.blocks,
            at=self._event.at + state.clock_ms * _MS,
            day_left_ms=state.day_left_ms,
        )
        plan = block.BlockPlan(planned.id, Mode.TIMED, planned.items, state.limit_ms)
        data = {"block": planned.id, "purpose": Purpose.EXAM.value, "plan": self._composition(plan, sat)}
        record(
            self._workspace, EventKind.BLOCK_COMPOSED, data, within=partial(_refuse_begun, block=planned.id)
        )
        self.block_closed()
        return Practice(self._workspace, planned.id)

    def block_closed(self) -> None:
        """Read again what has become of the day's blocks: to be called when one was closed, before the day is asked."""
        with self._workspace.store.read() as tx:
            rows = self._rows(tx)
            steps = list(_steps(self._workspace, tx, self._event))
        self._is_ended = _is_ended(steps)
        state = core.begun(self.plan)
        for happened in sorted(self._happened(rows, steps), key=lambda each: each.at_ms):
            # Two devices may have gone on with one day; what came first stands, as in a block.
            with contextlib.suppress(IllegalStep):
                state = core.step(state, happened)
        self._state = state

    def end_day(self) -> None:
        """End the day here, and count its report as shown. A block under way is closed as it stands.

        Raises BlockTaken when another terminal is using that block.
        """
        if self._is_ended:
            return
        under_way = self.block_id
        if under_way is not None:
            practice = Practice(self._workspace, under_way)
            if not practice.closed:
                practice.do(block.Submit)
            practice.finish()
        self._record("day-ended")

    def report(self) -> DayReport:
        """How the day went; of the blocks that are closed."""
        state = self.state
        with self._workspace.store.read() as tx:
            rows = [row for row in self._rows(tx) if row.state is BlockStatus.CLOSED]
            return report_of(
                tx,
                self._workspace,
                rows,
                planned=sum(len(each.items) for each in self.plan.blocks),
                blocks=self.blocks,
                break_used_ms=state.break_used_ms,
                break_left_ms=max(0, state.break_left_ms),
            )

    def _close_overdue(self) -> None:
        """Close what the day's clock has closed already: a process that was killed could not."""
        with self._workspace.store.read() as tx:
            late = [row.id for row in self._rows(tx) if row.state is BlockStatus.OPEN]
        for block_id in late:
            if block_id != self.block_id:
                practice = Practice(self._workspace, block_id, take_over=True)
                if not practice.closed:
                    practice.do(block.Submit)
                practice.finish()
        if late:
            self.block_closed()

    def _composition(self, plan: block.BlockPlan, sat: Sat) -> dict[str, Any]:
        """What an ordinary block has on record, with its place in the day."""
        workspace = self._workspace
        paper = self._event.data["paper"][sat.number - 1]
        picks = msgspec.convert(paper["picks"], tuple[Pick, ...])
        with workspace.store.read() as tx:
            now = standing(workspace, tx)
        return {
            "block": to_data(plan),
            "sat": to_data(sat),
            "seed": self._event.data["seed"],
            "lean": 1.0,
            "exam_day": workspace.exam_day.isoformat(),
            "expected": paper["expected"],
            "picks": paper["picks"],
            "shares": to_data(area_shares(now.model, now.reported, picks)),
            "flags": {"/".join(key): flag.value for key, flag in now.flags.items()},
        }

    def _happened(self, rows: list[BlockRow], steps: list[Event]) -> Iterator[DayEvent]:
        for event in steps:
            if event.data["step"] == "tutorial-ended":
                yield core.TutorialEnded(self._since_begun_ms(event))
        for row in rows:
            begin_ms = (msgspec.convert(row.plan["sat"], Sat).at - self._event.at) // _MS
            yield core.BlockBegun(begin_ms)
            if row.state is BlockStatus.CLOSED:
                yield core.BlockEnded(begin_ms + row.elapsed_ms)
        for event in steps:
            if event.data["step"] == "day-ended":
                yield core.DayEnded(self._since_begun_ms(event))

    def _rows(self, tx: Transaction) -> list[BlockRow]:
        """The day's blocks that were begun, in order."""
        found = (tx.block(each.id) for each in self.plan.blocks)
        return [row for row in found if row is not None and row.purpose is Purpose.EXAM]

    def _record(self, step: Literal["tutorial-ended", "day-ended"]) -> None:
        record(self._workspace, EventKind.EXAM_DAY_STEP, {"day": self.plan.id, "step": step})
        self.block_closed()

    def _since_begun_ms(self, event: Event) -> int:
        return (event.at - self._event.at) // _MS

    def _wall_ms(self) -> int:
        return (self._workspace.now() - self._event.at) // _MS

    def _now_ms(self) -> int:
        ticked_ms = self._base_ms + round((self._workspace.monotonic() - self._started_s) * 1000)
        return max(self._state.clock_ms, ticked_ms, self._wall_ms())


def _steps(workspace: Workspace, tx: Transaction, begun: Event) -> Iterator[Event]:
    for event in tx.events(workspace.learner.id, kinds=[EventKind.EXAM_DAY_STEP]):
        if event.data["day"] == begun.data["day"]:
            yield event


def _is_ended(steps: Iterable[Event]) -> bool:
    return any(step.data["step"] == "day-ended" for step in steps)


def _refuse_begun(tx: Transaction, block: str) -> None:
    if tx.block(block) is not None:
        raise BlockTaken("Another terminal has just begun this block. Go on there, or here with: qbank exam")


def _suggestion(suggested: SuggestedBreak, break_left_ms: int) -> str:
    minutes, lunch = suggested.now_ms // 60_000, suggested.lunch_ms // 60_000
    if break_left_ms <= 0:
        return "Your break time is used up. Every minute from here on is taken from the last blocks."
    if suggested.is_lunch:
        return f"This is about the middle of the day: a lunch of {lunch} minutes fits here."
    later = (
        f" Lunch comes best before block {suggested.lunch_before}, with about {lunch} minutes."
        if lunch
        else ""
    )
    if minutes == 0:
        return f"If you can, go straight on: a small break fits better after a later block.{later}"
    return f"A break of {minutes} minutes fits here.{later}"
