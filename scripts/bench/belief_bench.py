"""One step of the belief, and all of them again, apart from the replay of the log that they are part of."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from measure import Ratio, medians

from qbank.app.evidence_fold import folded
from qbank.app.exams import load_exam
from qbank.core.belief import moved
from qbank.core.exam_model import ExamModel, Place, exam_model
from qbank.core.learned import Learned, after_first_answer, after_outside, nothing_learned
from qbank.core.pace import Pace
from qbank.core.response import Confidence
from qbank.store.responses import FirstAnswer

STEPS = 1_000
FIRST_ANSWERS = 5_000
RUNS = 5
DISCIPLINES = ("pathology", "physiology", "pharmacology")


def measure() -> Iterator[Ratio | str]:
    """Milliseconds of an update against the bare arithmetic on its covariance, and first answers replayed a second."""
    exam = load_exam("usmle-step1")
    on = date(2027, 3, 15)
    model = exam_model(exam, on)
    before = after_outside(nothing_learned(model), model, ("system", "cardiovascular"), "a bank", 25, 40)
    answers = _first_answers(model, on)
    times = medians(RUNS, lambda: _updates(before, model, answers), lambda: _arithmetic(before))
    yield Ratio("Belief update with confidence", times[0], "moving its covariance alone", times[1], 3.0)
    began = time.perf_counter()
    folded(exam, {"exam-date": on.isoformat()}, answers, (), on, Pace())
    spent_s = time.perf_counter() - began
    yield (
        f"  belief of {FIRST_ANSWERS} first answers replayed in {spent_s:.2f} s, {FIRST_ANSWERS / spent_s:.0f} a second"
    )


def _updates(before: Learned, model: ExamModel, answers: list[FirstAnswer]) -> float:
    """Milliseconds of one, the mean of STEPS in a row."""
    learned = before
    began = time.perf_counter()
    for answer in answers[:STEPS]:
        learned = after_first_answer(
            learned,
            model,
            answer.place,
            correct=answer.correct,
            options=5,
            confidence=Confidence.GUESSED,
            fresh=True,
        )
    return (time.perf_counter() - began) * 1000 / STEPS


def _arithmetic(before: Learned) -> float:
    towards = [0.01] * len(before.belief.mean)
    belief = before.belief
    began = time.perf_counter()
    for _ in range(STEPS):
        belief = moved(belief, towards, 0.01, 1e-6)
    return (time.perf_counter() - began) * 1000 / STEPS


def _first_answers(model: ExamModel, on: date) -> list[FirstAnswer]:
    dice = random.Random(1)
    began = datetime(2027, 1, 4, 18, tzinfo=UTC)
    said = [None, *Confidence]
    made = []
    for number in range(FIRST_ANSWERS):
        section = dice.randrange(len(model.sections))
        place = Place(model.section_system[section], model.sections[section], (dice.choice(DISCIPLINES),))
        at = began + timedelta(minutes=number)
        correct, confidence = dice.random() < 0.6, dice.choice(said)
        made.append(FirstAnswer(at, f"{number:05}", on, place, correct, confidence, True, tuple("abcde")))
    return made
