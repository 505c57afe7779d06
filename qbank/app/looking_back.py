"""A closed block looked at again.

Its answers stand. A reason and a note can still come to it, and nobody needs to own it for that.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from qbank.app.block_names import named_block
from qbank.app.flagging import flag_question
from qbank.app.payload import plan_from_data
from qbank.app.project import replayed
from qbank.app.record import Recorder
from qbank.app.weights import memory_model
from qbank.app.workspace import Workspace
from qbank.core import block
from qbank.core.event import EventKind
from qbank.core.looking_back import PACE_WINDOW, BlockReview, Frame, Pace, Seen, look_back, pace_from
from qbank.core.question import Kind, Objective, Question, ServedItem, as_served
from qbank.core.rating import MISREAD_DAYS
from qbank.core.response import MissReason
from qbank.errors import NotFound, UsageError
from qbank.store.rows import BlockRow, BlockStatus, ResponseRow
from qbank.store.store import Transaction

if TYPE_CHECKING:
    from qbank.app.editing import Edited


def closed_block_id(workspace: Workspace, name: str | None) -> str:
    """The id of the closed block whose id begins with `name`, of the latest closed one without.

    Raises NotFound, and UsageError when `name` can mean several or means an open one.
    """
    learner = workspace.learner.id
    with workspace.store.read() as tx:
        row = named_block(tx, learner, name) if name else tx.closed_block(learner)
    if row is None:
        raise NotFound("closed block", "any", "Finish one first: qbank block")
    if row.state is not BlockStatus.CLOSED:
        raise UsageError(f"Block {row.id} is still open. Go on with it first: qbank block")
    return row.id


def review_block(workspace: Workspace, block_id: str) -> BlockReview:
    """What became of a closed block, with what is known of its objectives today.

    Raises NotFound for a block that is not there or whose questions are not, UsageError for an open one.
    """
    return ClosedBlock(workspace, block_id).review


class ClosedBlock:
    """A closed block for a face that walks through it. `review` and `state` follow each step."""

    def __init__(self, workspace: Workspace, block_id: str) -> None:
        """Raises NotFound for a block or question that is not there, UsageError for an open block."""
        self._workspace = workspace
        self._recorder = Recorder(workspace)
        self._block_id = block_id
        self._load()

    @property
    def plan(self) -> block.BlockPlan:
        return self.state.plan

    def item(self, position: int) -> ServedItem:
        return self.plan.items[position]

    def question(self, position: int) -> Question:
        """The question by which its answer is marked today."""
        return self._questions[position]

    def rekeyed(self, position: int) -> bool:
        """Whether its key was corrected since it was answered."""
        return self._rekeyed[position]

    def objective(self, position: int) -> Objective:
        return self._seen[position].objective

    def licence(self, position: int) -> str:
        """The licence line of the question's bank; "" for none."""
        with self._workspace.store.read() as tx:
            return tx.licence(self.item(position).bank)

    def do(self, event: Callable[..., block.BlockEvent], **fields: object) -> None:
        """Record a ReasonAfter or a Note. Raises IllegalStep for any other step; then nothing has changed."""
        happened = event(at_ms=self.state.elapsed_ms, **fields)
        block.step(self.state, happened)
        data = {"block": self._block_id, "step": block.event_to_json(happened)}
        self._recorder.record(EventKind.BLOCK_STEP, data)
        self._load()

    @property
    def served(self) -> bool:
        """Whether somebody in a browser looks at it; see Settings."""
        return self._workspace.settings.served

    @property
    def pictures(self) -> Path | None:
        """Where the questions' pictures lie; None for whoever sees them in a browser."""
        return None if self.served else self._workspace.settings.pictures

    def flag(self, position: int, note: str) -> None:
        """Take a question out of this learner's drills, with the reason."""
        flag_question(self._workspace, self.item(position), note)

    def edit(self, position: int, *, allowed: bool) -> "Edited":
        """Open the question's file in the learner's editor; see edit_question."""
        from qbank.app.editing import edit_question  # seldom asked for

        item = self.item(position)
        try:
            return edit_question(self._workspace, item.bank, item.question, allowed=allowed)
        finally:
            # Loading replays the log, so what was kept of it may be out of date.
            self._recorder = Recorder(self._workspace)
            self._load()

    def _load(self) -> None:
        workspace = self._workspace
        with workspace.store.read() as tx:
            row = tx.block(self._block_id)
            if row is None or row.learner != workspace.learner.id:
                raise NotFound("block", self._block_id, "See your blocks with: qbank status")
            if row.state is not BlockStatus.CLOSED:
                raise UsageError(f"Block {row.id} is still open. Go on with it first: qbank block")
            self.state = replayed(plan_from_data(row.plan), tx.block_steps(row.id)).state
            rows = tx.responses_of_block(row.id)
            marked = tuple(_as_marked(tx, item) for item in self.plan.items)
            self._questions = tuple(map(as_served, marked, self.plan.items))
            self._rekeyed = tuple(
                question.version != item.version
                for question, item in zip(marked, self.plan.items, strict=True)
            )
            see = partial(_seen, workspace, tx)
            self._seen = tuple(
                see(given, question, item.reading_ms)
                for given, question, item in zip(rows, self._questions, self.state.items, strict=True)
            )
            pace = _pace(workspace, tx, row)
        self.review = look_back(_frame(workspace, row, self.state), self._seen, pace)


def _as_marked(tx: Transaction, item: ServedItem) -> Question:
    """The question as it was served; as it is today when its key was corrected since and its options are the same."""
    served = tx.question(item.bank, item.question, item.version)
    if served is None:
        raise NotFound("question", item.question, "Load its bank again with: qbank bank load")
    key = tx.current_key(item.bank, item.question, item.option_order)
    if key in (None, served.key.id):
        return served
    today = tx.question(item.bank, item.question) or served
    if served.draws == today.draws:
        return today
    # Its numbers were drawn by the text of then, so that text stays, and the key alone moves.
    options = tuple(replace(option, correct=option.id == key) for option in served.options)
    return replace(served, options=options)


def _seen(
    workspace: Workspace, tx: Transaction, row: ResponseRow, question: Question, reading_ms: int
) -> Seen:
    from qbank.core.memory import due_on  # fsrs takes its time to load

    item = row.response.item
    memory = tx.memory(workspace.learner.id, item.bank, item.objective)
    objective = tx.objective(item.bank, item.objective)
    return Seen(
        response=row.response,
        key=question.key.id,
        objective=objective or Objective(item.bank, item.objective, item.objective),
        recall=question.kind is Kind.RECALL,
        reading_ms=reading_ms,
        due_on=due_on(memory.memory, model=memory_model(tx, workspace.learner.id)) if memory else None,
        check_by=_check_by(workspace, tx, row),
        taken_back=row.retracted,
    )


def _check_by(workspace: Workspace, tx: Transaction, row: ResponseRow) -> date | None:
    """Until when another case of the objective checks this miss; None when it was not misread, or there is none to ask."""
    given = row.response
    last = given.study_day + timedelta(days=MISREAD_DAYS)
    misread = (given.reason_after or given.reason) is MissReason.MISREAD and not given.correct
    if not misread or row.retracted or workspace.today > last:
        return None
    choices = tx.question_choices(workspace.learner.id, [(given.item.bank, given.item.objective)])
    fresh = any(choice.last_day is None and not choice.flagged for choice in choices)
    return last if fresh else None


def _pace(workspace: Workspace, tx: Transaction, row: BlockRow) -> Pace:
    usual = workspace.exam.format_on(workspace.exam_day)
    exam_seconds = usual.minutes * 60 / usual.items * workspace.extra_time
    return pace_from(tx.elapsed_before(row.learner, row.composed_at, PACE_WINDOW), exam_seconds)


def _frame(workspace: Workspace, row: BlockRow, state: block.BlockState) -> Frame:
    note = workspace.exam.changing_note
    return Frame(
        block=row.id,
        mode=row.mode,
        purpose=row.purpose.value,
        composed_on=row.study_day,
        closed_by=state.closed_by,
        interrupted=row.interrupted,
        elapsed_ms=state.elapsed_ms,
        limit_ms=state.plan.limit_ms,
        expected=msgspec.convert(row.plan.get("expected", []), list[float]),
        changing_note=note.text if note else "",
    )
