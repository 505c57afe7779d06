"""What answers and practice elsewhere teach about a learner: one after another as they happen, or all of them again.

Both ways run the same steps in the order of the log, so that neither can drift from the other. Times are apart from that:
what took long took long, whatever became of the score.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from qbank.app.horizon import exam_day
from qbank.app.models import model_on
from qbank.core import learned
from qbank.core.event import Event
from qbank.core.exam import Exam
from qbank.core.exam_model import TOTAL, AreaKey, ExamModel, Place
from qbank.core.learned import Learned
from qbank.core.pace import Pace, after_answering, after_reading
from qbank.core.question import NOT_RECALLED, RECALLED
from qbank.core.response import Confidence
from qbank.errors import QbankError
from qbank.store.responses import FirstAnswer
from qbank.store.rows import ResponseRow

_OF_ANOTHER_VERSION = (
    "What your answers taught was stored by another qbank. Make it anew with: qbank doctor --rebuild"
)


def stored(payload: str | None, model: ExamModel) -> Learned:
    """What the store holds of a learner, or that nothing is known yet. Raises QbankError for what another version wrote."""
    if payload is None:
        return learned.nothing_learned(model)
    try:
        found = learned.learned_from_json(payload)
    except (msgspec.DecodeError, ValueError) as error:
        raise QbankError(_OF_ANOTHER_VERSION) from error
    if len(found.belief.mean) != model.axes + len(found.sources):
        raise QbankError(_OF_ANOTHER_VERSION)
    return found


def folded(
    exam: Exam,
    values: Mapping[str, Any],
    answers: Iterable[FirstAnswer],
    outside: Iterable[Event],
    on: date,
    pace: Pace,
) -> Learned:
    """What all of these teach, from nothing on, in the order of the log, beside a pace; `values` are the settings of now."""
    happened: list[tuple[Any, FirstAnswer | Event]] = [((one.at, one.event), one) for one in answers]
    happened += [((event.at, event.id), event) for event in outside]
    known = replace(learned.nothing_learned(model_on(exam, exam_day(values, on))), pace=pace)
    for _, one in sorted(happened, key=lambda found: found[0]):
        model = model_on(exam, exam_day(values, one.study_day))
        known = (
            after_outside(known, model, one) if isinstance(one, Event) else after_answer(known, model, one)
        )
    return known


def after_answer(before: Learned, model: ExamModel, answer: FirstAnswer) -> Learned:
    """What is known after a first answer to an objective; `before` itself when it says nothing about its place."""
    if not is_evidence(model, answer.place, answer.option_order):
        return before
    return learned.after_first_answer(
        before,
        model,
        answer.place,
        correct=answer.correct,
        options=len(answer.option_order),
        confidence=None if answer.confidence is None else Confidence(answer.confidence),
        fresh=answer.fresh,
    )


def after_outside(before: Learned, model: ExamModel, event: Event) -> Learned:
    """What is known after practice in another bank, of the whole exam when no area was named."""
    data = event.data
    area = _area(data["system"], data["discipline"])
    return learned.after_outside(before, model, area, data["source"], data["right"], data["of"])


def after_times(
    before: Learned,
    model: ExamModel,
    rows: Iterable[ResponseRow],
    reading_ms: Sequence[int],
    met_before: Collection[int],
) -> Learned:
    """What the times of a block teach, by position in it: to answer, and to read its explanation if that was shown.

    Neither blanks and rapid guesses count, nor recall prompts, which ask for another kind of work.
    """
    pace = before.pace
    for row in rows:
        given = row.response
        if not given.shown or given.choice is None or row.rapid or is_recall(given.item.option_order):
            continue
        pace = after_answering(pace, model, given.elapsed_ms, seen=given.position in met_before)
        if read_ms := reading_ms[given.position]:
            pace = after_reading(pace, model, read_ms, hit=given.correct)
    return before if pace is before.pace else replace(before, pace=pace)


def is_evidence(model: ExamModel, place: Place, option_order: tuple[str, ...]) -> bool:
    """Whether a first answer says what was known before: a choice, not one's own word, at a known place."""
    return model.loading(place) is not None and not is_recall(option_order)


def is_recall(option_order: tuple[str, ...]) -> bool:
    """Whether these are the options of a recall prompt, where the learner says how it went."""
    return set(option_order) == {RECALLED.id, NOT_RECALLED.id}


def _area(system: str, discipline: str) -> AreaKey:
    if system:
        return ("system", system)
    return ("discipline", discipline) if discipline else TOTAL
