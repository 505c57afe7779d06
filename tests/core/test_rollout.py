"""What a plan's minutes are spent on: a question met before takes the time that it takes of this learner."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from qbank.core.exam import parse_exam
from qbank.core.exam_model import exam_model
from qbank.core.memory import DEFAULT_MODEL
from qbank.core.rollout import Moves, Rolled, Stretch, roll, roll_at_random
from qbank.core.rollout_groups import Seen, Unseen
from qbank.core.worth import Pricer, Seconds

EXAMS = Path(__file__).parents[2] / "data" / "exams"
MODEL = exam_model(parse_exam(tomllib.loads((EXAMS / "usmle-step1.toml").read_text())), date(2026, 11, 23))
HORIZON = 56
PACE = Seconds(90, 120, 30, answer_seen=20)
MOVES = Moves(MODEL.guess, MODEL.slip, DEFAULT_MODEL)
SYSTEM = MODEL.systems[0]
MANY = 10_000.0

NEVER_MET = Unseen(SYSTEM, MODEL.sections[0], 1.0, 2, 0.5, 0.5, 1.0, MANY, MANY)
MET = Seen(SYSTEM, 1.0, 2, 0.6, 5.0, 0.3, 0.2, -10.0, 0.0, 1.0, MANY, MANY)


def prices(day: float, pace: Seconds = PACE) -> Pricer:
    return Pricer(MODEL, round(HORIZON - day), seconds=pace)


def rolled(unseen: list[Unseen], seen: list[Seen]) -> Rolled:
    """A stretch of an hour, with more to drill than it has time for."""
    return roll(unseen, seen, [Stretch(0.5, 3_600.0, True)], prices, {SYSTEM: 1.0}, PACE, MOVES)


def test_a_drill_takes_the_seconds_that_it_is_priced_by() -> None:
    """What was met before its own, and what never was the time of a new one."""
    again = prices(0.5).seen(MET.trace, 0.5 - MET.day).seconds
    first = prices(0.5).unseen(NEVER_MET.known).seconds
    assert again < first - 60
    assert rolled([], [MET]).drills == pytest.approx(3_600 / again)
    assert rolled([NEVER_MET], []).drills == pytest.approx(3_600 / first)


def test_a_bank_that_asks_at_random_is_gone_through_faster_by_who_is_quick_the_second_time() -> None:
    """The first time round both are as fast."""
    stretches = [Stretch(middle, 3_600.0, True) for middle in (0.5, 7.5)]

    def drills(pace: Seconds, count: int) -> float:
        group = replace(NEVER_MET, n=20.0)
        return roll_at_random(group, stretches[:count], [3_600.0] * count, prices, pace, MOVES).drills

    slow = replace(PACE, answer_seen=None)
    assert drills(PACE, 1) == drills(slow, 1)
    assert drills(PACE, 2) > drills(slow, 2)
