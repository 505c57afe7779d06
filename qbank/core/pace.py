"""How long this learner takes to answer and to read explanations, learned from their own times.

Times are close to lognormal (van der Linden 2006, "A lognormal model for response times on test items"), so their
logarithms are averaged, and what the exam's file expects stands in until there are enough of them. The kinds are those by
which a price can differ before its question is chosen: an objective met for the first time, or met before. The length of
the stem is none of them, for an objective is priced before one of its questions is chosen.
"""

import math

import msgspec

from qbank.core.exam_model import ExamModel
from qbank.core.worth import Seconds

SPREAD = 0.6
"""Sd of the log of one learner's times of a kind. [judged]"""

PRIOR_TIMES = 30
"""How many times of the learner's own weigh as much as what the exam's file expects. [judged]"""

MOST_TIMES = 400
"""A learner's pace changes: of more times than these, the older ones fade. [judged]"""

CLIP = 2 * SPREAD
"""A time further off than this counts as this far off (Huber 1964), so that no single one moves much."""

LONGEST = 8.0
"""A time so many times as long as expected was not spent on the question alone, and does not count. [judged]"""


class Typical(msgspec.Struct, frozen=True):
    """The log of the seconds that one kind of work takes, averaged over `times` of it, at most MOST_TIMES."""

    log_seconds: float = 0.0
    times: int = 0


class Pace(msgspec.Struct, frozen=True):
    """Times to answer, by whether the objective had been met before, and to read after a miss and after a hit."""

    new: Typical = Typical()
    seen: Typical = Typical()
    after_miss: Typical = Typical()
    after_hit: Typical = Typical()


def expected_seconds(pace: Pace, model: ExamModel) -> Seconds:
    """What to expect of this learner, shrunk to the exam's file; of what was met before, to their own time on new ones."""
    new = _expected(pace.new, model.answer_seconds)
    return Seconds(
        answer=new,
        after_miss=_expected(pace.after_miss, model.miss_seconds),
        after_hit=_expected(pace.after_hit, model.hit_seconds),
        answer_seen=_expected(pace.seen, new),
    )


def after_answering(pace: Pace, model: ExamModel, elapsed_ms: int, *, seen: bool) -> Pace:
    """The pace after one answer and its time on screen; neither rapid ones nor those of interrupted blocks belong here."""
    usual = _expected(pace.new, model.answer_seconds)
    if seen:
        return msgspec.structs.replace(pace, seen=_averaged(pace.seen, usual, elapsed_ms))
    return msgspec.structs.replace(pace, new=_averaged(pace.new, model.answer_seconds, elapsed_ms))


def after_reading(pace: Pace, model: ExamModel, reading_ms: int, *, hit: bool) -> Pace:
    """The pace after the explanation of one question was on screen for so long."""
    if hit:
        return msgspec.structs.replace(
            pace, after_hit=_averaged(pace.after_hit, model.hit_seconds, reading_ms)
        )
    return msgspec.structs.replace(
        pace, after_miss=_averaged(pace.after_miss, model.miss_seconds, reading_ms)
    )


def _expected(typical: Typical, usual: float) -> float:
    if not typical.times:
        return usual
    weighed = typical.times * typical.log_seconds + PRIOR_TIMES * math.log(usual)
    return math.exp(weighed / (typical.times + PRIOR_TIMES))


def _averaged(typical: Typical, usual: float, spent_ms: int) -> Typical:
    """The mean of the clipped logs, moved by one more; half the variance makes the mean of the log that of the time."""
    expected = _expected(typical, usual)
    if spent_ms / 1000 > LONGEST * expected:
        return typical
    centre = math.log(expected)
    found = math.log(max(spent_ms, 1) / 1000) + SPREAD**2 / 2
    clipped = min(max(found, centre - CLIP), centre + CLIP)
    times = min(typical.times + 1, MOST_TIMES)
    return Typical(typical.log_seconds + (clipped - typical.log_seconds) / times, times)
