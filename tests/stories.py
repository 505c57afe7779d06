"""A learner's progress made up for tests: large, small, or none at all."""

import random
from datetime import date, timedelta

from qbank.app.exams import load_exam
from qbank.core.exam import Flag
from qbank.core.insight.progress import (
    WEEKS,
    AreaProgress,
    DayWork,
    DueDay,
    ForecastRow,
    Progress,
    SaidRow,
)
from qbank.core.mastery import Estimate
from qbank.core.proportion import wilson

TODAY = date(2026, 11, 26)
EXAM_DAY = TODAY + timedelta(58)
FLAGS = (Flag.LOWER, Flag.SAME, Flag.HIGHER, None)


def story(days: int = 60, most_areas: int = 21, *, exam_day: date = EXAM_DAY, seed: int = 1) -> Progress:
    """Progress after so many days, over as many of the exam's areas, made up by a seed."""
    dice = random.Random(seed)
    work = [_day(dice, TODAY - timedelta(ago)) for ago in reversed(range(days)) if ago % 7 != 3]
    answered, right, ms = (
        sum(one.answers for one in work),
        sum(one.right for one in work),
        sum(one.ms for one in work),
    )
    return Progress(
        exam_day=exam_day,
        today=TODAY,
        answered=answered,
        right=right,
        ms=ms,
        areas=tuple(_areas(dice, most_areas, exam_day, ms)),
        days=tuple(work),
        said=tuple(_said(*row) for row in (("sure", 600, 450), ("unsure", 300, 150), ("guessed", 100, 29))),
        forecasts=tuple(_forecast(dice, at) for at in range(3, 10)),
        due=tuple(DueDay(TODAY + timedelta(ahead), dice.uniform(0, 40)) for ahead in range(14)),
    )


def nothing_yet() -> Progress:
    """Progress of somebody who has answered nothing and has no report."""
    return Progress(EXAM_DAY, TODAY, 0, 0, 0, (), (), (), (), ())


def _areas(dice: random.Random, most: int, exam_day: date, ms: int) -> list[AreaProgress]:
    exam = load_exam("usmle-step1")
    known = [
        (dimension, area, exam.share(dimension, area.id, exam_day))
        for dimension in ("system", "discipline", "task")
        for area in exam.areas(dimension, exam_day)
    ]
    found = []
    for index in range(most):
        dimension, area, share = known[index % len(known)]
        repeated = "" if index < len(known) else f" {index // len(known) + 1}"
        fresh = dice.randrange(20, 90)
        mean = dice.uniform(0.45, 0.8)
        reach = dice.uniform(0.05, 0.18)
        time_share = share * dice.uniform(0.3, 1.8)
        weeks = tuple(None if dice.random() < 0.15 else dice.randrange(3, 11) / 10 for _ in range(WEEKS))
        found.append(
            AreaProgress(
                dimension=dimension,
                area=area.id + repeated.strip(),
                name=area.name + repeated,
                share=share,
                flag=FLAGS[index % len(FLAGS)],
                belief=Estimate(mean, mean - reach, min(1.0, mean + reach)),
                fresh=(fresh, round(fresh * mean)),
                seen=(30, 22),
                ms=round(ms * time_share),
                time_share=time_share,
                weeks=weeks,
            )
        )
    return found


def _day(dice: random.Random, day: date) -> DayWork:
    answers = dice.randrange(10, 90)
    return DayWork(
        day, answers, round(answers * dice.uniform(0.45, 0.8)), answers * dice.randrange(50_000, 95_000)
    )


def _said(word: str, answers: int, right: int) -> SaidRow:
    return SaidRow(word, answers, right, *wilson(right, answers))


def _forecast(dice: random.Random, at: int) -> ForecastRow:
    answers = dice.randrange(10, 120)
    right = min(answers, round(answers * (at + dice.uniform(0, 1)) / 10))
    interval = wilson(right, answers)
    return ForecastRow(
        at / 10, (at + 1) / 10, answers, (at + 0.5) / 10, right / answers, interval.low, interval.high
    )
