"""When to take the breaks of an exam day: one after each hour of blocks, the longest in the middle, to eat."""

import math

import msgspec

from qbank.core.exam_parts import BlockFormat

WORKED_MINUTES = 60
"""Between two breaks; an hour is what most can hold their attention for. [judged]"""

MEAL_PART = 1 / 3
"""The part of all break time that the one in the middle gets. [judged]"""


class Pause(msgspec.Struct, frozen=True):
    """A break of so many minutes after a block (from 1), at `at` minutes into the day with no time saved before."""

    after_block: int
    minutes: int
    at: int


def break_plan(block_format: BlockFormat) -> tuple[Pause, ...]:
    """Breaks that use up all the time a day gives, rounded down to whole minutes; () for a day of one hour."""
    worked = max(1, math.floor(WORKED_MINUTES / block_format.minutes))
    gaps = range(worked, block_format.blocks, worked)
    if not gaps:
        return ()
    total = block_format.break_minutes
    short = 0 if len(gaps) == 1 else math.floor((total - round(total * MEAL_PART)) / (len(gaps) - 1))
    meal, middle = total - short * (len(gaps) - 1), len(gaps) // 2
    found, at = [], block_format.tutorial_minutes
    for number, block in enumerate(gaps):
        at += worked * block_format.minutes
        minutes = meal if number == middle else short
        found.append(Pause(block, minutes, at))
        at += minutes
    return tuple(found)
