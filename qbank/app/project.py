"""What an event of the log changes in everything that is derived from the log.

The same code runs when an event happens and when the log is replayed, so a rebuilt store equals the live one. The fields
of each kind's `data` are read here and nowhere else.
"""

from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import ClassVar

import msgspec
from msgspec.structs import replace

from qbank.app.payload import objective_from_data, plan_from_data, question_from_data, report_from_data
from qbank.app.results_fold import put_results
from qbank.app.score import Scorer
from qbank.app.sums_fold import put_block_sums, put_mind
from qbank.app.weights import FIT_TRIED, memory_model, model_from_data, put_memory_model
from qbank.core import block
from qbank.core.event import Event, EventKind
from qbank.core.exam import Exam
from qbank.core.question import ServedItem
from qbank.core.response import Response
from qbank.errors import IllegalStep, NotFound
from qbank.store.rows import BankKind, BankRow, BlockRow, BlockStatus, Purpose, QuestionUse, ReportRow
from qbank.store.store import Transaction


class Driven(msgspec.Struct, frozen=True):
    """A block's state, and the devices whose steps led to it, those that were passed over too."""

    state: block.BlockState
    devices: frozenset[str] = frozenset()


def driven(before: Driven, event: Event) -> Driven:
    """The block after one of its steps.

    When the same block went on on two devices before their records met, what came first stands. From the moment a second
    device is in it, a step of any device that no longer fits is passed over: it was right where it was taken. Raises
    IllegalStep for a step that the rules refuse while there is one device, ValueError for one that is none.
    """
    devices = before.devices | {event.device}
    try:
        state = block.step(before.state, block.event_from_json(event.data["step"]))
    except IllegalStep:
        if len(devices) == 1:
            raise
        state = before.state
    return Driven(state, devices)


def replayed(plan: block.BlockPlan, steps: Iterable[Event]) -> Driven:
    """The block after its steps in the order of the log; see `driven`."""
    now = Driven(block.start(plan))
    for event in steps:
        now = driven(now, event)
    return now


class Projector:
    """Applies one learner's events in log order. Keeps the states of open blocks, which follow from their steps."""

    def __init__(self, exam: Exam, learner: str) -> None:
        self._exam = exam
        self._learner = learner
        self._scorer = Scorer(exam, learner)
        self._states: dict[str, Driven] = {}

    def apply(self, tx: Transaction, event: Event) -> None:
        """Bring the derived rows up to date with one more event, which the log already holds."""
        self._HANDLERS[event.kind](self, tx, event)

    def _setting(self, tx: Transaction, event: Event) -> None:
        """`key` and `value`: what the learner decided."""
        key, value = event.data["key"], event.data["value"]
        tx.put_setting(self._learner, key, value)

    def _report_added(self, tx: Transaction, event: Event) -> None:
        """`report`: a sitting or self-assessment. The first real one takes the sample's place."""
        if not event.data["report"]["sample"]:
            for row in tx.reports(self._learner):
                if report_from_data(row.payload).sample:
                    tx.put_report(replace(row, removed=True))
        tx.put_report(ReportRow(event.id, self._learner, event.study_day, event.data["report"]))

    def _report_removed(self, tx: Transaction, event: Event) -> None:
        """`report`: the id of the event that added it; `removed`: False takes the removal back."""
        for row in tx.reports(self._learner):
            if row.event_id == event.data["report"]:
                tx.put_report(replace(row, removed=event.data["removed"]))

    def _block_composed(self, tx: Transaction, event: Event) -> None:
        """`block`, `purpose` and `plan`: the served items with what decided for each of them.

        A block of an exam day has its id from the day, so two devices can begin the same one; what came first stands.
        """
        if tx.block(event.data["block"]) is not None:
            return
        plan = plan_from_data(event.data["plan"])
        tx.put_block(
            BlockRow(
                id=event.data["block"],
                learner=self._learner,
                mode=plan.mode,
                purpose=Purpose(event.data["purpose"]),
                state=BlockStatus.OPEN,
                composed_at=event.at,
                study_day=event.study_day,
                plan=event.data["plan"],
            )
        )
        self._states[plan.id] = Driven(block.start(plan))

    def _block_step(self, tx: Transaction, event: Event) -> None:
        """`block` and `step`: one event of its state machine. What it makes final is scored."""
        block_id = event.data["block"]
        before = self._before(tx, event)
        now = driven(before, event)
        if now.state.phase is block.Phase.CLOSED:
            # A closed block is read again when a note or a reason comes to it; keeping them all would keep every block.
            self._states.pop(block_id, None)
        else:
            self._states[block_id] = now
        if now.state is before.state:
            return
        happened = block.event_from_json(event.data["step"])
        final = set(block.newly_final(before.state, now.state))
        if final:
            self._score(tx, event, now.state, final)
        elif isinstance(happened, block.ReasonAfter | block.Note):
            position = now.state.position if happened.position is None else happened.position
            self._amend(tx, now.state, position)
        if now.state.phase is block.Phase.CLOSED and before.state.phase is not block.Phase.CLOSED:
            self._scorer.add_times(tx, now.state)
        if isinstance(happened, block.Interrupt) or now.state.phase is not before.state.phase:
            self._put_block_state(tx, event, now.state)
        if now.state.phase is block.Phase.CLOSED:
            put_block_sums(tx, block_id)

    def _before(self, tx: Transaction, event: Event) -> Driven:
        """The block before this step. Raises NotFound when the log does not hold the block."""
        known = self._states.get(event.data["block"])
        if known is not None:
            return known
        row = tx.block(event.data["block"])
        if row is None or row.learner != self._learner:
            raise NotFound("block", event.data["block"], "Its composition is missing in the log.")
        earlier = takewhile(lambda step: step.id != event.id, tx.block_steps(row.id))
        return replayed(plan_from_data(row.plan), earlier)

    def _score(self, tx: Transaction, event: Event, state: block.BlockState, final: set[int]) -> None:
        row = tx.block(state.plan.id)
        assert row is not None, "a block's steps follow its composition in the log"
        for response in self._responses(tx, event, state):
            if response.position in final:
                self._scorer.add(tx, response, event.id, assess=row.purpose.measures)

    def _responses(self, tx: Transaction, event: Event, state: block.BlockState) -> tuple[Response, ...]:
        return block.responses(
            state, key_of=lambda item: _key(tx, item), at=event.at, study_day=event.study_day
        )

    def _amend(self, tx: Transaction, state: block.BlockState, position: int) -> None:
        """A reason or note that comes after the answer was final."""
        for row in tx.responses_of_block(state.plan.id):
            if row.response.position == position:
                item = state.items[position]
                amended = replace(
                    row.response, reason=item.reason, reason_after=item.reason_after, note=item.note
                )
                after = replace(row, response=amended)
                tx.put_response(after)
                self._scorer.reconsider(tx, row, after)

    def _put_block_state(self, tx: Transaction, event: Event, state: block.BlockState) -> None:
        row = tx.block(state.plan.id)
        assert row is not None, "a block's steps follow its composition in the log"
        closed = state.phase is block.Phase.CLOSED
        tx.put_block(
            replace(
                row,
                state=BlockStatus.CLOSED if closed else BlockStatus.OPEN,
                interrupted=state.interrupted,
                elapsed_ms=state.elapsed_ms,
                closed_at=event.at if closed else None,
            )
        )

    def _retraction(self, tx: Transaction, event: Event) -> None:
        """`block` and `position`: a response whose score is taken back. What was seen stays seen."""
        for row in tx.responses_of_block(event.data["block"]):
            if row.response.position == event.data["position"]:
                self._scorer.retract(tx, row, event)
        put_block_sums(tx, event.data["block"])

    def _mind(self, tx: Transaction, event: Event) -> None:
        """`block` and `elsewhere`: whether the learner's mind was elsewhere in a closed block, by their own word."""
        put_mind(tx, self._learner, event.data["block"], event.data["elsewhere"])

    def _outside(self, tx: Transaction, event: Event) -> None:
        """`source`, `system`, `discipline`, `right`, `of`, `minutes`: practice in another bank."""
        self._scorer.add_outside(tx, event)

    def _results(self, tx: Transaction, event: Event) -> None:
        """`source`, `misses_only`, `rows` and `totals`: rows of a list from another bank that are new or changed.

        A row is [hash of the question's id, which attempt, right, seconds, system, section, discipline, day, percent of
        others right]; a total is [dimension, area, questions done]. See `core.results`.
        """
        put_results(tx, self._learner, event)

    def _results_removed(self, tx: Transaction, event: Event) -> None:
        """`source`: whose lists so far count no longer; `removed`: False takes the removal back, while no newer one came."""
        put_results(tx, self._learner, event)

    def _own_objective(self, tx: Transaction, event: Event) -> None:
        """`objective` and `question`: something the learner missed elsewhere, as a prompt of their own."""
        objective = objective_from_data(event.data["objective"])
        question = question_from_data(event.data["question"])
        tx.put_bank(BankRow(objective.bank, "Missed elsewhere", "", BankKind.OWN, self._exam.id))
        tx.upsert_questions(objective.bank, [objective], [question])

    def _question_flagged(self, tx: Transaction, event: Event) -> None:
        """`bank`, `question`, `note` and `flagged`: whether the learner wants it out of their drills."""
        bank, question = event.data["bank"], event.data["question"]
        use = tx.question_use(self._learner, bank, question)
        if use is None:
            known = tx.question(bank, question)
            use = QuestionUse(self._learner, bank, question, known.objective if known else "")
        tx.put_question_use(replace(use, flagged=event.data["flagged"]))

    def _debrief(self, tx: Transaction, event: Event) -> None:
        """`exam_date` and `outcome`: how the exam went, asked once. Kept for the learner; nothing follows from it yet."""
        tx.put_setting(self._learner, "debriefed", event.data["exam_date"])

    def _exam_day(self, tx: Transaction, event: Event) -> None:
        """A day that began (`day`, `plan`, `paper`, `seed`) or a step of it (`day`, `step`): nothing is derived from either.

        The day under way is read from the log itself, and its blocks are composed and answered like any others.
        """

    def _fitted(self, tx: Transaction, event: Event) -> None:
        """`accepted`, `name`, `weights`, `reviews`, `held_out`, log losses on those, and `library`: a fit that was tried.

        An accepted one comes into force.
        """
        tried = {"on": event.study_day.isoformat(), "reviews": event.data["reviews"]}
        tx.put_setting(self._learner, FIT_TRIED, tried)
        if event.data["accepted"]:
            self._weights_chosen(tx, event)

    def _weights_chosen(self, tx: Transaction, event: Event) -> None:
        """`name` and `weights`: by which memory moves from here on, as if it always had; no weights for FSRS's own."""
        model = model_from_data(event.data)
        if model != memory_model(tx, self._learner):
            put_memory_model(tx, self._learner, model)
            self._scorer.remember_by(tx, model)

    def _memory_imported(self, tx: Transaction, event: Event) -> None:
        """`source`, `bank` and `histories`: reviews in another program of what became questions of a bank here.

        Of each question its `question` and `objective` and the `reviews`, oldest first: when in UTC, FSRS's rating from 1
        to 4, and the study day. They move memory, and count as no answers.
        """
        self._scorer.remember(tx, event)

    _HANDLERS: ClassVar[dict[EventKind, Callable[["Projector", Transaction, Event], None]]] = {
        EventKind.SETTING: _setting,
        EventKind.REPORT_ADDED: _report_added,
        EventKind.REPORT_REMOVED: _report_removed,
        EventKind.BLOCK_COMPOSED: _block_composed,
        EventKind.BLOCK_STEP: _block_step,
        EventKind.RETRACTION: _retraction,
        EventKind.OUTSIDE: _outside,
        EventKind.RESULTS: _results,
        EventKind.RESULTS_REMOVED: _results_removed,
        EventKind.OWN_OBJECTIVE: _own_objective,
        EventKind.QUESTION_FLAGGED: _question_flagged,
        EventKind.DEBRIEF: _debrief,
        EventKind.EXAM_DAY_BEGUN: _exam_day,
        EventKind.EXAM_DAY_STEP: _exam_day,
        EventKind.FITTED: _fitted,
        EventKind.WEIGHTS_CHOSEN: _weights_chosen,
        EventKind.MIND: _mind,
        EventKind.MEMORY_IMPORTED: _memory_imported,
    }


def _key(tx: Transaction, item: ServedItem) -> str:
    """The key as the bank has it today where the options are still the same, else as it was served."""
    current = tx.current_key(item.bank, item.question, item.option_order)
    if current is not None:
        return current
    served = tx.question(item.bank, item.question, item.version)
    return served.key.id if served else ""
