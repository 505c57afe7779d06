"""A block being practised: every step is on disk before its effect is shown, and one terminal owns the block.

Two clocks. In practice a block's clock stands while no process runs it and goes on from the last tick on disk, at most
BEAT_SECONDS behind; inside a process it follows the monotonic clock. On an exam day the wall clock runs on from the block's
beginning, and the monotonic one only keeps it from going back.
"""

import contextlib
import os
import platform
import signal
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import msgspec

from qbank.app.payload import plan_from_data
from qbank.app.project import replayed
from qbank.app.record import Recorder
from qbank.app.weights import memory_model
from qbank.app.workspace import Workspace
from qbank.core import block
from qbank.core.event import EventKind
from qbank.core.exam_day import Sat
from qbank.core.question import Objective, Question, ServedItem, as_served
from qbank.core.response import Mode
from qbank.errors import BlockTaken, IllegalStep, NotFound, StoreBusy, StoreUnreachable
from qbank.store.rows import LeaseRow, Purpose
from qbank.store.store import Transaction

if TYPE_CHECKING:
    from qbank.app.editing import Edited
    from qbank.app.looking_back import ClosedBlock
    from qbank.core.looking_back import BlockReview

BEAT_SECONDS = 4.0
LEASE_SECONDS = 15.0
ASLEEP_MS = 15_000
"""How far the wall clock leads the monotonic one when the computer has slept meanwhile. [judged: above any correction]"""

_ENDING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})


class Practice:
    """Drives one block for a face. Not for two threads. `kept` says whether its answers go on record to stay."""

    kept: ClassVar[bool] = True

    def __init__(self, workspace: Workspace, block_id: str, *, take_over: bool = False) -> None:
        """Open the block for this process and continue it where its last persisted tick stood.

        Raises NotFound, and BlockTaken when another terminal is using it and `take_over` is False.
        """
        self._workspace = workspace
        self._recorder = Recorder(workspace)
        self._owner = f"{_here(workspace)}{os.getpid()}/{workspace.random_bits(64):016x}"
        with workspace.store.begin() as tx:
            row = tx.block(block_id)
            if row is None:
                raise NotFound("block", block_id, "See your blocks with: qbank status")
            lease = tx.lease(block_id)
            driven = lease is not None and _is_driven(workspace, lease)
            if driven and not take_over:
                raise BlockTaken("This block is open in another terminal. Go on there, or take it over here.")
            self.state = replayed(plan_from_data(row.plan), tx.block_steps(block_id)).state
            stopped_ms = max(self.state.elapsed_ms, lease.elapsed_ms if lease else 0)
            tx.take_lease(block_id, self._owner, workspace.now(), stopped_ms)
        self.purpose = row.purpose
        self.sat = msgspec.convert(row.plan["sat"], Sat) if row.purpose is Purpose.EXAM else None
        self._started_s = workspace.monotonic() - stopped_ms / 1000
        self._beaten_s = workspace.monotonic()
        self.resumed = self.state.elapsed_ms > 0 or stopped_ms > 0
        if self.resumed and not self.state.interrupted and not self.closed:
            self._take(block.Interrupt(at_ms=self._ticked_ms()))
        elif driven and not self.closed:
            self.do(block.TakeOver)
        if not self.closed and self._slept_ms() > 0:
            self._catch_up()

    @property
    def plan(self) -> block.BlockPlan:
        return self.state.plan

    @property
    def assesses(self) -> bool:
        """Whether the questions were drawn like the exam, to measure and not to drill."""
        return self.purpose.measures

    @property
    def timed(self) -> bool:
        return self.plan.mode is Mode.TIMED

    @property
    def served(self) -> bool:
        """Whether somebody in a browser drives this; see Settings."""
        return self._workspace.settings.served

    @property
    def pictures(self) -> Path | None:
        """Where the questions' pictures lie; None for whoever sees them in a browser."""
        return None if self.served else self._workspace.settings.pictures

    @property
    def closed(self) -> bool:
        return self.state.phase is block.Phase.CLOSED

    @property
    def left_ms(self) -> int | None:
        """Time left on the block's clock right now; None when it has no limit."""
        limit_ms = self.plan.limit_ms
        return None if limit_ms is None else max(0, limit_ms - self._clock_ms())

    @property
    def day_left_ms(self) -> int | None:
        """Time left of the exam day right now; None for a block of no such day."""
        return None if self.sat is None else max(0, self.sat.day_left_ms - self._clock_ms())

    def do(self, event: Callable[..., block.BlockEvent], **fields: object) -> None:
        """Take one step now and record it; the state follows.

        Raises IllegalStep when the block's rules do not allow it, BlockTaken when another terminal took the block over,
        and StoreUnreachable; then nothing has changed.
        """
        if self._is_asleep() and self._woke_too_late():
            return
        self._take(event(at_ms=self._clock_ms(), **fields))

    def _take(self, happened: block.BlockEvent) -> None:
        after = block.step(self.state, happened)
        data = {"block": self.plan.id, "step": block.event_to_json(happened)}
        with _unbroken():
            self._recorder.record(EventKind.BLOCK_STEP, data, within=self._hold)
            self._beaten_s = self._workspace.monotonic()
            self.state = after

    def wait(self) -> bool:
        """Called about once a second while an answer is awaited; True when the block has just closed itself.

        A store that is busy for a moment is no reason to stop: the next call tries again.
        """
        with contextlib.suppress(StoreBusy):
            self._beat()
            if self._is_asleep() and self._woke_too_late():
                return True
            if self.left_ms == 0 and not self.closed:
                self.do(block.Tick)
        return self.closed

    def leave(self) -> None:
        """Stop here; the next start goes on from this moment."""
        if not self.closed:
            self.do(block.Interrupt)
        self._release()

    def finish(self) -> None:
        """Give the block back after it closed."""
        self._release()

    def item(self, position: int) -> ServedItem:
        return self.plan.items[position]

    def question(self, position: int) -> Question:
        """The question in the version, and with the numbers, that was composed into the block."""
        item = self.item(position)
        with self._workspace.store.read() as tx:
            question = tx.question(item.bank, item.question, item.version)
        if question is None:
            raise NotFound("question", item.question, "Load its bank again with: qbank bank load")
        return as_served(question, item)

    def objective(self, position: int) -> Objective:
        item = self.item(position)
        with self._workspace.store.read() as tx:
            objective = tx.objective(item.bank, item.objective)
        return objective or Objective(item.bank, item.objective, item.objective)

    def licence(self, position: int) -> str:
        """The licence line of the question's bank; "" for none."""
        with self._workspace.store.read() as tx:
            return tx.licence(self.item(position).bank)

    def comes_back_on(self, position: int) -> date | None:
        """The day on which recall of this objective will have fallen to 90 %; None before it has been answered."""
        from qbank.core.memory import due_on

        item = self.item(position)
        with self._workspace.store.read() as tx:
            row = tx.memory(self._workspace.learner.id, item.bank, item.objective)
            model = memory_model(tx, self._workspace.learner.id)
        return due_on(row.memory, model=model) if row else None

    def flag(self, position: int, note: str) -> None:
        """Take a question out of this learner's drills, with the reason."""
        from qbank.app.flagging import flag_question  # seldom asked for

        flag_question(self._workspace, self.item(position), note)

    def edit(self, position: int, *, allowed: bool) -> "Edited":
        """Open the question's file in the learner's editor, the block's clock standing meanwhile; see edit_question.

        Raises IllegalStep before the key was shown, for the file shows it.
        """
        from qbank.app.editing import edit_question

        if not block.is_final(self.state, position):
            raise IllegalStep("The file shows the key. Answer this question first.")
        item, pauses = self.item(position), self.state.phase is block.Phase.OPEN
        if pauses:
            self.do(block.Pause)
        try:
            return edit_question(
                self._workspace, item.bank, item.question, allowed=allowed, on_wait=self._wait_outside
            )
        finally:
            # Loading replays the log, so what the recorder kept of it may be out of date.
            self._recorder = Recorder(self._workspace)
            if pauses:
                self.do(block.Resume)

    def _wait_outside(self) -> None:
        """Keep the block while another program has the terminal; who took it over meanwhile is met at the next step."""
        with contextlib.suppress(BlockTaken, StoreUnreachable):
            self._beat()

    def take_back(self, position: int) -> None:
        """Take back the score of a question whose answer stands; it stays seen. Taken back twice is taken back once.

        Raises IllegalStep while the answer can still be changed.
        """
        if not block.is_final(self.state, position):
            raise IllegalStep("This answer is still open. Change it instead.")
        self._recorder.record(EventKind.RETRACTION, {"block": self.plan.id, "position": position})

    def is_taken_back(self, position: int) -> bool:
        """Whether the score of this question no longer counts."""
        with self._workspace.store.read() as tx:
            rows = tx.responses_of_block(self.plan.id)
        return any(row.retracted for row in rows if row.response.position == position)

    def is_right(self, position: int) -> bool:
        """Whether the present choice is the key."""
        return self.state.items[position].choice == self.question(position).key.id

    def again(self) -> "ClosedBlock":
        """The block to walk through, once it is closed."""
        from qbank.app.looking_back import ClosedBlock  # nothing of it is needed before the block is closed

        return ClosedBlock(self._workspace, self.plan.id)

    def look_back(self) -> "BlockReview":
        """The block read back, once it is closed."""
        from qbank.app.looking_back import review_block  # nothing of it is needed before the block is closed

        return review_block(self._workspace, self.plan.id)

    def _clock_ms(self) -> int:
        return self._ticked_ms() + self._slept_ms()

    def _ticked_ms(self) -> int:
        """The block's clock by what this process has seen of it; that of a closed block has ended."""
        if self.closed:
            return self.state.elapsed_ms
        return max(self.state.elapsed_ms, round((self._workspace.monotonic() - self._started_s) * 1000))

    def _slept_ms(self) -> int:
        """How far the wall clock of an exam day is ahead of that."""
        if self.sat is None:
            return 0
        passed_ms = (self._workspace.now() - self.sat.at) // timedelta(milliseconds=1)
        return max(0, passed_ms - self._ticked_ms())

    def _is_asleep(self) -> bool:
        """Whether the computer slept since the block was last looked at."""
        return not self.closed and self._slept_ms() > ASLEEP_MS

    def _woke_too_late(self) -> bool:
        """Wake: what passed meanwhile is no question's, and the one on screen stays. True when the block has closed."""
        shown = self.state.on_screen
        self._take(block.Interrupt(at_ms=self._ticked_ms()))
        self._catch_up()
        if shown and not self.closed:
            self._take(block.Show(at_ms=self._clock_ms(), position=self.state.position))
        return self.closed

    def _catch_up(self) -> None:
        """Let the time that ran on without this process pass; past its deadline the block closes there."""
        now_ms = self._clock_ms()
        self._started_s = self._workspace.monotonic() - now_ms / 1000
        if self.left_ms == 0:
            self._take(block.Tick(at_ms=now_ms))

    def _beat(self) -> None:
        """Keep the clock on disk, so that a crash loses a few seconds of it at most."""
        now_s = self._workspace.monotonic()
        if now_s - self._beaten_s < BEAT_SECONDS:
            return
        with _unbroken(), self._workspace.store.begin() as tx:
            self._hold(tx)
        self._beaten_s = now_s

    def _hold(self, tx: Transaction) -> None:
        """In the transaction of whatever is written, so that two terminals never both write to a block."""
        if not tx.beat(self.plan.id, self._owner, self._workspace.now(), self._clock_ms()):
            raise BlockTaken(
                "Another terminal has taken this block over. Everything you answered here is saved."
            )

    def _release(self) -> None:
        with _unbroken(), self._workspace.store.begin() as tx:
            tx.release(self.plan.id, self._owner)


def _here(workspace: Workspace) -> str:
    return f"{workspace.device.id}/{platform.node()}/"


def _is_driven(workspace: Workspace, lease: LeaseRow) -> bool:
    """Whether another process has the block on screen: one that was heard of lately and has not ended.

    A clock that was set back makes the last beat lie ahead; that is no sign of life either.
    """
    if abs(workspace.now() - lease.beat_at) >= timedelta(seconds=LEASE_SECONDS):
        return False
    here = _here(workspace)
    process = lease.owner.removeprefix(here).partition("/")[0] if lease.owner.startswith(here) else ""
    return not process.isdigit() or _is_running(int(process))


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextlib.contextmanager
def _unbroken() -> Iterator[None]:
    """Let Ctrl-C and polite kills wait for the end of a step, so that memory and disk never disagree about it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def close_block(workspace: Workspace, block_id: str) -> None:
    """Close an open block as it stands; what was answered is scored."""
    practice = Practice(workspace, block_id)
    if not practice.closed:
        practice.do(block.Submit)
    practice.finish()
