"""What final responses do to memory, belief, pace and totals: each is folded in once, in the order of the log.

An answer that is taken back leaves the totals, its objective is learned again, and when the belief rested on it, the
belief is folded again from all first answers. A replay does the same at the same place, so it gives the same to the bit.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from qbank.app.counted import (
    Counted,
    answers_of,
    imported_from,
    order,
    place,
    rating_and_day,
    reviews,
)
from qbank.app.evidence_fold import (
    after_answer,
    after_outside,
    after_times,
    folded,
    is_evidence,
    is_recall,
    stored,
)
from qbank.app.horizon import exam_day
from qbank.app.models import model_on, with_extra_time
from qbank.app.weights import memory_model
from qbank.core import mastery
from qbank.core.block import BlockState
from qbank.core.event import Event, EventKind
from qbank.core.exam import Exam
from qbank.core.exam_model import ExamModel, Place
from qbank.core.guessing import OWN_WORD, recognising
from qbank.core.history import reviews_of
from qbank.core.learned import Learned, guess_among, learned_to_json
from qbank.core.memory import Memory, MemoryModel, advance, replay
from qbank.core.question import Objective
from qbank.core.rating import RAPID_MS, is_rapid, rating
from qbank.core.response import Rating, Response
from qbank.core.trace import Trace, first_trace, next_trace
from qbank.store.responses import FirstAnswer
from qbank.store.rows import AreaTotal, LearnerTotals, MemoryRow, QuestionUse, ResponseRow
from qbank.store.store import Transaction


class _Known(NamedTuple):
    """What a review is judged by: the weights in force, the exam as it will be, and what was learned of the learner."""

    by: MemoryModel
    model: ExamModel
    learned: Learned
    known: dict[Place, float]

    def known_before(self, place: Place) -> float:
        """P(know) of an objective there that was never met, worked out once for a place."""
        if place not in self.known:
            self.known[place] = mastery.mean_known(self.learned.belief, self.model, place)
        return self.known[place]


class Scorer:
    """Folds one learner's responses into what is derived from them."""

    def __init__(self, exam: Exam, learner: str) -> None:
        self._exam = exam
        self._learner = learner
        # One block's answers ask for it again and again.
        self._read: tuple[str, Learned] | None = None

    def add(self, tx: Transaction, response: Response, event_id: str, *, assess: bool) -> None:
        """Score a response that has just become final."""
        item = response.item
        use = tx.question_use(self._learner, item.bank, item.question)
        objective = tx.objective(item.bank, item.objective) or Objective(item.bank, item.objective, "")
        rapid = self._is_rapid(tx, response)
        row = ResponseRow(
            learner=self._learner,
            response=response,
            event=event_id,
            system=objective.system,
            section=objective.section,
            disciplines=objective.disciplines,
            rating=rating(response, rapid=rapid),
            fresh=use is None or use.served_count == 0,
            assess=assess,
            rapid=rapid,
        )
        tx.put_response(row)
        if response.shown:
            tx.put_question_use(_used(use or _unused(row), response))
            self._count(tx, row)
        self._learn(tx, row)

    def add_outside(self, tx: Transaction, event: Event) -> None:
        """Practice in another bank is weak evidence about its area."""
        model = self._model(tx, event.study_day)
        before = self._learned(tx, model)
        self._put_learned(tx, before, after_outside(before, model, event))

    def add_times(self, tx: Transaction, state: BlockState) -> None:
        """What a block that has just closed teaches about the learner's pace; nothing when its clock stood for a while.

        A score that is taken back later leaves it as it is: the time was spent.
        """
        rows = tx.responses_of_block(state.plan.id)
        if state.interrupted or not rows:
            return
        model = with_extra_time(self._model(tx, rows[0].response.study_day), tx.settings(self._learner))
        before = self._learned(tx, model)
        reading_ms = [item.reading_ms for item in state.items]
        after = after_times(before, model, rows, reading_ms, tx.met_before(state.plan.id))
        self._put_learned(tx, before, after)

    def retract(self, tx: Transaction, row: ResponseRow, event: Event) -> None:
        """Take a score back: it counts no longer, but the question stays seen. Taken back twice is taken back once."""
        if row.retracted:
            return
        item = row.response.item
        tx.put_response(replace(row, retracted=True))
        if row.response.shown:
            self._count(tx, row, -1)
        known = tx.responses_of_objective(self._learner, item.bank, item.objective)
        left = [r for r in known if not r.retracted and r.response.item.question == item.question]
        use = tx.question_use(self._learner, item.bank, item.question)
        if use is not None:
            tx.put_question_use(replace(use, last_correct=left[-1].response.correct if left else None))
        if row.rating is not None:
            self._unlearn(tx, row, event)

    def remember(self, tx: Transaction, event: Event) -> None:
        """Reviews in another program move memory as answers here do; they are no answers, and no evidence for the belief."""
        known = self._known(tx, event.study_day)
        for rows in imported_from(event):
            bank, objective = place(rows[0])
            before = tx.memory(self._learner, bank, objective)
            earlier = tx.imported_reviews(self._learner, bank, objective) if before else []
            there = {(row.question, row.reviewed_at) for row in earlier}
            new = [row for row in rows if (row.question, row.reviewed_at) not in there]
            tx.put_imported_reviews(new)
            if before is not None and tx.is_called_misread(self._learner, bank, objective):
                counted = self._counted(tx, bank, objective)
                self._relearn(tx, [row for row in counted if row not in new], counted)
                continue
            after = before
            for row in new:
                after = self._reviewed(tx, row, after, known)
            if after is not None and after is not before:
                tx.put_memory(after)

    def remember_by(self, tx: Transaction, model: MemoryModel) -> None:
        """Work out every memory again from its answers under other weights.

        Traces stay: the answers told them, and what was believed when they were given.
        """
        tx.put_memories(self._learner, replayed_memories(tx, self._learner, model))

    def reconsider(self, tx: Transaction, before: ResponseRow, after: ResponseRow) -> None:
        """Work out an objective's memory again, after a miss was called misread or is so no longer."""
        counted = self._counted(tx, *place(after))
        was = [before if order(row) == order(before) else row for row in counted]
        self._relearn(tx, was, counted)

    def _learn(self, tx: Transaction, row: ResponseRow) -> None:
        """Memory, and for the first answer to an objective the belief."""
        if row.rating is None:
            return
        item = row.response.item
        before = tx.memory(self._learner, item.bank, item.objective)
        if before is not None and tx.is_called_misread(self._learner, item.bank, item.objective):
            counted = self._counted(tx, *place(row))
            self._relearn(tx, [each for each in counted if order(each) != order(row)], counted)
            return
        after = self._reviewed(tx, row, before)
        if before is None or self._is_first_answer(tx, row):
            self._believe(tx, row)
        if after is not before:
            tx.put_memory(after)

    def _unlearn(self, tx: Transaction, row: ResponseRow, event: Event) -> None:
        """Belief and memory without a response that has just been taken back."""
        left = self._counted(tx, *place(row))
        answers = answers_of(left)
        was_first = not answers or order(row) < order(answers[0])
        if was_first and any(self._is_evidence(tx, first) for first in (row, *answers[:1])):
            self._believe_again(tx, event)
        self._relearn(tx, sorted([*left, row], key=order), left)

    def _counted(self, tx: Transaction, bank: str, objective: str) -> list[Counted]:
        """What says something about the memory of an objective, in the order of the log."""
        known = tx.responses_of_objective(self._learner, bank, objective)
        answers = [each for each in known if not each.retracted and each.rating is not None]
        imported = tx.imported_reviews(self._learner, bank, objective)
        return sorted([*answers, *imported], key=order) if imported else [*answers]

    def _is_first_answer(self, tx: Transaction, row: ResponseRow) -> bool:
        """Whether what is remembered of an objective before this answer came from another program alone."""
        bank, objective = place(row)
        if not tx.imported_reviews(self._learner, bank, objective):
            return False
        answers = answers_of(self._counted(tx, bank, objective))
        return all(order(each) == order(row) for each in answers)

    def _relearn(self, tx: Transaction, was: Sequence[Counted], counted: Sequence[Counted]) -> None:
        """Replay an objective where other answers are its reviews than `was` the case.

        Not the memory they leave decides: two answers of one rating and day leave the same, and may say different things.
        Where the reviews are the same ones, their trace stays as it was told. Relearned, it is judged by the belief of now.
        """
        now = reviews(counted)
        if [order(each) for each in now] == [order(each) for each in reviews(was)]:
            return
        memory: MemoryRow | None = None
        for each in now:
            memory = self._reviewed(tx, each, memory)
        if memory is not None:
            tx.put_memory(memory)
        elif was:
            tx.forget(self._learner, *place(was[0]))

    def _reviewed(
        self, tx: Transaction, row: Counted, before: MemoryRow | None, known: _Known | None = None
    ) -> MemoryRow:
        """The memory after a response; `before` itself when it was no review, as later ones of a day are not."""
        rated, day = rating_and_day(row)
        if before is not None and day <= before.last_day:
            return before
        known = known or self._known(tx, day)
        memory = advance(before.memory if before else None, rated, day, known.by)
        return _memory_row(self._learner, *place(row), memory, self._trace(tx, row, before, known))

    def _trace(self, tx: Transaction, row: Counted, before: MemoryRow | None, known: _Known) -> Trace:
        """What the objective's answers say of its memory after this one.

        A review in another program is one by the learner's own word, as that of a recall prompt is.
        """
        rated, day = rating_and_day(row)
        by, model, learned = known.by, known.model, known.learned
        guess, correct, said = OWN_WORD, rated is not Rating.AGAIN, None
        if isinstance(row, ResponseRow):
            options = row.response.item.option_order
            correct, said = row.response.correct, row.response.confidence
            guess = OWN_WORD if is_recall(options) else guess_among(learned, len(options))
            guess = guess if row.fresh else recognising(guess, model.slip)
        if before is None:
            knew = known.known_before(self._place(tx, row))
            return first_trace(knew, correct=correct, guess=guess, slip=model.slip, said=said, model=by)
        return next_trace(
            before.trace,
            (day - before.last_day).days,
            correct=correct,
            guess=guess,
            slip=model.slip,
            said=said,
            model=by,
        )

    def _known(self, tx: Transaction, day: date) -> _Known:
        model = self._model(tx, day)
        return _Known(memory_model(tx, self._learner), model, self._learned(tx, model), {})

    def _place(self, tx: Transaction, row: Counted) -> Place:
        if isinstance(row, ResponseRow):
            return _place(row)
        found = tx.objective(row.bank, row.objective)
        return Place(found.system, found.section, found.disciplines) if found else Place("", "", ())

    def _believe(self, tx: Transaction, row: ResponseRow) -> None:
        """What a first answer to an objective says about its place."""
        model = self._model(tx, row.response.study_day)
        before = self._learned(tx, model)
        self._put_learned(tx, before, after_answer(before, model, _first_answer(row)))

    def _believe_again(self, tx: Transaction, until: Event) -> None:
        """What all first answers that count teach, and the practice elsewhere, before an event."""
        outside = tx.events(self._learner, kinds=[EventKind.OUTSIDE])
        # While the log is replayed, it holds what happened later as well.
        before = [event for event in outside if (event.at, event.id) < (until.at, until.id)]
        answers = tx.first_answers(self._learner)
        pace = self._learned(tx, self._model(tx, until.study_day)).pace
        values = tx.settings(self._learner)
        again = folded(self._exam, values, answers, before, until.study_day, pace)
        tx.put_belief(self._learner, learned_to_json(again))

    def _is_evidence(self, tx: Transaction, row: ResponseRow) -> bool:
        model = self._model(tx, row.response.study_day)
        return is_evidence(model, _place(row), row.response.item.option_order)

    def _is_rapid(self, tx: Transaction, response: Response) -> bool:
        if not response.shown or response.elapsed_ms >= RAPID_MS or response.choice is None:
            return False
        return is_rapid(response.elapsed_ms, tx.last_elapsed(self._learner))

    def _count(self, tx: Transaction, row: ResponseRow, times: int = 1) -> None:
        """Add a response to the totals, or with -1 take it out again."""
        response = row.response
        right = times * int(response.correct)
        elapsed_ms = times * response.elapsed_ms
        areas = [("system", row.system), *(("discipline", name) for name in row.disciplines)]
        tx.add_to_totals(self._learner, [AreaTotal(*area, times, right) for area in areas if area[1]])
        hit, miss = (elapsed_ms, 0) if response.correct else (0, elapsed_ms)
        tx.add_to_learner_totals(self._learner, LearnerTotals(times, right, hit, miss))

    def _learned(self, tx: Transaction, model: ExamModel) -> Learned:
        payload = tx.belief(self._learner)
        if payload is None:
            return stored(None, model)
        if self._read is None or payload != self._read[0]:
            self._read = payload, stored(payload, model)
        return self._read[1]

    def _put_learned(self, tx: Transaction, before: Learned, after: Learned) -> None:
        if after is not before:
            self._read = learned_to_json(after), after
            tx.put_belief(self._learner, self._read[0])

    def _model(self, tx: Transaction, today: date) -> ExamModel:
        return model_on(self._exam, exam_day(tx.settings(self._learner), today))


def replayed_memories(tx: Transaction, learner: str, model: MemoryModel) -> Iterator[tuple[str, str, Memory]]:
    """(bank, objective, memory) of everything that was reviewed, from the answers, read as they are asked for."""
    for (bank, objective), answers in tx.rated_answers(learner):
        memory = replay(reviews_of(answers), model)
        if memory is not None:
            yield bank, objective, memory


def _first_answer(row: ResponseRow) -> FirstAnswer:
    given = row.response
    return FirstAnswer(
        given.at,
        row.event,
        given.study_day,
        _place(row),
        given.correct,
        given.confidence,
        row.fresh,
        given.item.option_order,
    )


def _place(row: ResponseRow) -> Place:
    return Place(row.system, row.section, row.disciplines)


def _used(use: QuestionUse, response: Response) -> QuestionUse:
    return replace(
        use,
        served_count=use.served_count + 1,
        last_day=response.study_day,
        last_correct=response.correct,
        marked=response.marked,
    )


def _unused(row: ResponseRow) -> QuestionUse:
    item = row.response.item
    return QuestionUse(row.learner, item.bank, item.question, item.objective)


def _memory_row(learner: str, bank: str, objective: str, memory: Memory, trace: Trace) -> MemoryRow:
    return MemoryRow(
        learner,
        bank,
        objective,
        memory.stability_days,
        memory.difficulty,
        memory.last_day,
        memory.reps,
        memory.lapses,
        trace.kept,
        trace.kept_days,
        trace.taught,
        trace.taught_days,
        memory.model,
    )
