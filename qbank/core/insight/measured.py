"""Which answers measure a learner, and how many there are of each system and day."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec


class MeasuredAnswer(NamedTuple):
    """The first answer to an objective, fresh and timed, in a block that was drawn like the exam and not interrupted.

    `shown` is False for a question that was not reached, `time_ran_out` True where the clock closed the block.
    """

    block: str
    study_day: date
    system: str
    correct: bool
    shown: bool
    time_ran_out: bool


class Measured(msgspec.Struct, frozen=True):
    """Answers to questions of one system on one day, `days_ago`: how many, and how many were right."""

    system: str
    days_ago: int
    right: int
    of: int


def measured(answers: Sequence[MeasuredAnswer], today: date) -> list[Measured]:
    """The counts, oldest first.

    What the clock kept from being reached is wrong, as it is on the exam; what was left when a block was submitted is not
    asked yet. A block of which less than half was reached was walked away from, and measures nothing. [judged]
    """
    reached: dict[str, list[bool]] = {}
    for one in answers:
        reached.setdefault(one.block, []).append(one.shown)
    counts: dict[tuple[date, str], list[bool]] = {}
    for one in answers:
        left_behind = 2 * sum(reached[one.block]) < len(reached[one.block])
        if one.system and not left_behind and (one.shown or one.time_ran_out):
            counts.setdefault((one.study_day, one.system), []).append(one.correct)
    return [
        Measured(system, max(0, (today - day).days), sum(right), len(right))
        for (day, system), right in sorted(counts.items())
    ]
