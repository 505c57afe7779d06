"""The one door to FSRS: how an objective's memory moves, and what is left of it on a later day.

py-fsrs schedules to the minute and reads the clock, the dice and the time of day. Behind this door there
are only study days: each review is handed to it at 12:00 UTC of its study day, so neither DST nor travel
nor the hour changes a memory. Composing needs the same formulas a hundred thousand times, so they stand
here in closed form too. How fast somebody forgets is in a MemoryModel's weights: fsrs's own until enough
answers have shown the learner's.
"""

import math
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from fsrs import Card, Scheduler, State
from fsrs import Rating as FsrsRating
from fsrs.scheduler import (
    DEFAULT_PARAMETERS,
    LOWER_BOUNDS_PARAMETERS,
    STABILITY_MIN,
    UPPER_BOUNDS_PARAMETERS,
)

from qbank.core.response import Rating
from qbank.errors import UsageError

MODEL = "fsrs-6"
WEIGHT_BOUNDS: tuple[tuple[float, float], ...] = tuple(
    zip(LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True)
)
"""(lowest, highest) that py-fsrs takes of each of FSRS-6's 21 weights."""

ROLLOVER_HOUR = 4
LONGEST_INTERVAL_DAYS = 36_500
SHORTEST_DAYS = STABILITY_MIN
"""No stability is less."""

Step = Callable[[float, float, int, int], tuple[float, float]]
"""(stability_days, difficulty, elapsed_days, rating) -> (stability_days, difficulty) after that review."""


class MemoryModel(msgspec.Struct, frozen=True, dict=True):
    """How memory is held to move: FSRS-6's 21 weights, under the name that memory rows carry.

    Raises ValueError for weights outside of WEIGHT_BOUNDS.
    """

    weights: tuple[float, ...] = DEFAULT_PARAMETERS
    name: str = MODEL

    def __post_init__(self) -> None:
        if len(self.weights) != len(WEIGHT_BOUNDS):
            raise ValueError(f"FSRS-6 has {len(WEIGHT_BOUNDS)} weights, not {len(self.weights)}")
        for number, (weight, (low, high)) in enumerate(zip(self.weights, WEIGHT_BOUNDS, strict=True)):
            if not low <= weight <= high:
                raise ValueError(f"FSRS-6's weight {number} lies within {low} and {high}, not at {weight}")

    @cached_property
    def decay(self) -> float:
        """How the curve bends: a larger one falls faster at first and slower later."""
        return self.weights[20]

    @cached_property
    def factor(self) -> float:
        """Puts the curve at 90 % when as many days have gone by as the stability has."""
        return float(0.9 ** (-1 / self.decay) - 1)

    @cached_property
    def growth(self) -> float:
        """By how much a success lets stability grow, before difficulty, stability and recall weigh in."""
        return math.exp(self.weights[8])

    @cached_property
    def lapse_cap(self) -> float:
        """A lapse divides stability by this at least."""
        return math.exp(self.weights[17] * self.weights[18])

    @cached_property
    def step(self) -> Step:
        """A review on a later day, as py-fsrs has it to the bit, at a fraction of its time."""
        return _step(self)

    @cached_property
    def recall(self) -> Callable[[float, float], float]:
        """(stability_days, elapsed_days) -> P(recall), with the curve's constants bound."""
        factor, decay = self.factor, -self.decay
        return lambda stability, elapsed: (1 + factor * elapsed / stability) ** decay

    @cached_property
    def first(self) -> Callable[[int], tuple[float, float]]:
        """rating -> (stability_days, difficulty) after a first review, as py-fsrs has it to the bit."""
        w = self.weights
        after = [(0.0, 0.0)]
        for rating in range(1, 5):
            difficulty = w[4] - math.e ** (w[5] * (rating - 1)) + 1
            after.append((max(w[rating - 1], STABILITY_MIN), min(max(difficulty, 1.0), 10.0)))
        return after.__getitem__

    @cached_property
    def scheduler(self) -> Scheduler:
        """py-fsrs with these weights, its own steps and its dice put away."""
        return Scheduler(
            parameters=self.weights, learning_steps=(), relearning_steps=(), enable_fuzzing=False
        )


DEFAULT_MODEL = MemoryModel()


class Memory(msgspec.Struct, frozen=True):
    """What FSRS holds of one objective.

    `stability_days` is the time in which recall falls to 90 %; `difficulty` is 1-10; `reps` counts reviews
    and `lapses` those rated Again after the first. `model` names the MemoryModel that it is by.
    """

    stability_days: float
    difficulty: float
    last_day: date
    reps: int
    lapses: int
    model: str = MODEL


def advance(memory: Memory | None, rating: Rating, day: date, model: MemoryModel = DEFAULT_MODEL) -> Memory:
    """The memory after a review on a study day; unchanged when it was already reviewed then or later."""
    if memory is not None and day <= memory.last_day:
        return memory
    noon = _noon(day)
    card, _ = model.scheduler.review_card(_card(memory, noon), FsrsRating(int(rating)), noon)
    assert card.stability is not None, "fsrs gives every reviewed card a stability"
    assert card.difficulty is not None, "fsrs gives every reviewed card a difficulty"
    lapsed = memory is not None and rating is Rating.AGAIN
    return Memory(
        stability_days=card.stability,
        difficulty=card.difficulty,
        last_day=day,
        reps=(memory.reps if memory else 0) + 1,
        lapses=(memory.lapses if memory else 0) + lapsed,
        model=model.name,
    )


def replay(reviews: Iterable[tuple[int, date]], model: MemoryModel = DEFAULT_MODEL) -> Memory | None:
    """The memory that a history of reviews in log order leaves; None when there was none.

    The same as one `advance` after another, to the bit.
    """
    step, first = model.step, model.first
    stability = difficulty = 0.0
    reps = lapses = 0
    last: date | None = None
    for rating, day in reviews:
        if last is None:
            stability, difficulty = first(rating)
        elif day > last:
            stability, difficulty = step(stability, difficulty, (day - last).days, rating)
            lapses += rating == Rating.AGAIN
        else:
            continue
        reps, last = reps + 1, day
    return None if last is None else Memory(stability, difficulty, last, reps, lapses, model.name)


def due_on(memory: Memory, retention: float = 0.9, model: MemoryModel = DEFAULT_MODEL) -> date:
    """The study day on which recall will be about `retention`, at least a day after the last review."""
    days = memory.stability_days / model.factor * (retention ** (-1 / model.decay) - 1)
    return memory.last_day + timedelta(days=min(max(round(days), 1), LONGEST_INTERVAL_DAYS))


def study_day(at: datetime, time_zone: str, rollover_hour: int = ROLLOVER_HOUR) -> date:
    """The day a moment belongs to: until the rollover, by the clock on the learner's wall, last night.

    Raises UsageError for an unknown time zone, ValueError for a naive datetime.
    """
    if at.tzinfo is None:
        raise ValueError("a study day needs an aware datetime")
    try:
        local = at.astimezone(ZoneInfo(time_zone))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"There is no time zone named {time_zone!r}. Give one like Europe/Berlin or America/New_York."
        ) from error
    return local.date() - timedelta(days=local.hour < rollover_hour)


def first_memory(rating: Rating, model: MemoryModel = DEFAULT_MODEL) -> tuple[float, float]:
    """(stability in days, difficulty) after a first review: FSRS-6's S0 and D0."""
    w = model.weights
    difficulty = w[4] - math.exp(w[5] * (rating - 1)) + 1
    return max(w[rating - 1], STABILITY_MIN), min(max(difficulty, 1.0), 10.0)


def next_stability(
    stability_days: float,
    difficulty: float,
    recall_now: float,
    rating: Rating,
    model: MemoryModel = DEFAULT_MODEL,
) -> float:
    """Stability in days after a review on a later day: FSRS-6's formulas for success and for a lapse."""
    w = model.weights
    if rating is Rating.AGAIN:
        lapsed = (
            w[11]
            * difficulty ** -w[12]
            * ((stability_days + 1) ** w[13] - 1)
            * math.exp((1 - recall_now) * w[14])
        )
        return float(max(min(lapsed, stability_days / model.lapse_cap), STABILITY_MIN))
    growth = (
        model.growth
        * (11 - difficulty)
        * stability_days ** -w[9]
        * (math.exp((1 - recall_now) * w[10]) - 1)
        * {Rating.HARD: w[15], Rating.EASY: w[16]}.get(rating, 1.0)
    )
    return float(max(stability_days * (1 + growth), STABILITY_MIN))


def _step(model: MemoryModel) -> Step:
    """py-fsrs's formulas in its own order of operations, because the last bit depends on it."""
    w, e = model.weights, math.e
    factor, decay = model.factor, -model.decay
    grow, cap = e ** w[8], e ** (w[17] * w[18])
    w9, w10, w11, w12, w13, w14 = -w[9], w[10], w[11], -w[12], w[13], w[14]
    bonus = (0.0, 0.0, w[15], 1.0, w[16])
    harder = tuple(-(w[6] * (rating - 3)) for rating in range(5))
    home, pull = w[7] * (w[4] - e ** (w[5] * 3) + 1), 1 - w[7]

    def step(stability: float, difficulty: float, elapsed: int, rating: int) -> tuple[float, float]:
        recall = (1 + factor * elapsed / stability) ** decay
        if rating == 1:
            lapsed = w11 * difficulty**w12 * ((stability + 1) ** w13 - 1) * e ** ((1 - recall) * w14)
            after = min(lapsed, stability / cap)
        else:
            after = stability * (
                1 + grow * (11 - difficulty) * stability**w9 * (e ** ((1 - recall) * w10) - 1) * bonus[rating]
            )
        moved = home + pull * (difficulty + (10.0 - difficulty) * harder[rating] / 9.0)
        return max(after, STABILITY_MIN), min(max(moved, 1.0), 10.0)

    return step


def _card(memory: Memory | None, now: datetime) -> Card:
    # A Card without id and due sleeps a millisecond and reads the clock.
    if memory is None:
        return Card(card_id=0, due=now)
    return Card(
        card_id=0,
        state=State.Review,
        stability=memory.stability_days,
        difficulty=memory.difficulty,
        due=now,
        last_review=_noon(memory.last_day),
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
