"""Whether looking further than one drill ahead pays: a filter over recall, priced by one step and by an index.

Both see answers only, share no code with qbank, and keep of each objective what it keeps: whether it was recalled at its
last review, or taught by the explanation, or neither, with one stability each. The index prices a drill by what an optimal
course of further drills would make of it, one objective for itself, where a second of study costs `price` (Whittle 1988,
"Restless bandits"); the price is the one at which the time that is left would just be spent.
"""

from functools import cache
from typing import Any

import numpy as np

from simulate.memories import FSRS6, grown_to, lapsed_to
from simulate.policies import Scored, curve
from simulate.study import Answers
from simulate.worlds import GUESS, SECONDS_KNOWN, SECONDS_NOT, SLIP, Learners

Array = np.ndarray[Any, np.dtype[Any]]

ENCODED = 0.7
KNOWN_BEFORE = 0.55
KNOWN_DAYS = 60.0
DIFFICULTY = 5.0
TAUGHT_DAYS = float(FSRS6[0])

PRICES = np.geomspace(3e-5, 2e-2, 9)
"""Of a second of study, in objectives."""

STABILITIES = np.geomspace(0.01, 1500, 18)
ELAPSED = np.array([1, 2, 3, 5, 7, 10, 14, 20, 30, 45, 70, 110, 180.0])


class RecallFilter(Scored):
    """Exam-day gain per second, one drill ahead."""

    name = "recall filter"

    def begin(self, learners: Learners) -> None:
        super().begin(learners)
        shape = self.asked.shape
        self.kept, self.kept_days = np.full(shape, KNOWN_BEFORE), np.full(shape, KNOWN_DAYS)
        self.taught, self.taught_days = np.zeros(shape), np.full(shape, TAUGHT_DAYS)
        self.since = np.full(shape, -KNOWN_DAYS)

    def saw(self, day: int, answers: Answers) -> None:
        at = (answers.learners, answers.objectives)
        kept, kept_days, taught, taught_days = (each[at] for each in self._state())
        kept_now, taught_now = (
            curve(day - self.since[at], kept_days),
            curve(day - self.since[at], taught_days),
        )
        if_recalled = np.where(answers.correct, 1 - SLIP, SLIP)
        if_not = np.where(answers.correct, GUESS, 1 - GUESS)
        from_kept, from_taught = kept * kept_now * if_recalled, taught * taught_now * if_recalled
        lapsed = kept * (1 - kept_now) * if_not
        nothing = (1 - kept - taught * taught_now) * if_not
        recalled, missed = from_kept + from_taught, lapsed + nothing
        whole = recalled + missed
        self.kept[at] = recalled / whole
        self.kept_days[at] = _between(
            from_kept, _grown(kept_days, kept_now), from_taught, _grown(taught_days, taught_now)
        )
        self.taught[at] = missed / whole * ENCODED
        self.taught_days[at] = _between(
            lapsed, _lapsed(kept_days, kept_now), nothing, np.full_like(kept, TAUGHT_DAYS)
        )
        self.since[at] = day
        super().saw(day, answers)

    def score(self, day: int, who: Array) -> Array:
        kept, kept_days, taught, taught_days = (each[who] for each in self._state())
        age, ahead = day - self.since[who], float(self.days - day)
        kept_now, taught_now = curve(age, kept_days), curve(age, taught_days)
        left = kept * curve(age + ahead, kept_days) + taught * curve(age + ahead, taught_days)
        lapsed = kept * (1 - kept_now)
        now = kept * kept_now + taught * taught_now
        drilled = (
            kept * kept_now * curve(ahead, _grown(kept_days, kept_now))
            + taught * taught_now * curve(ahead, _grown(taught_days, taught_now))
            + ENCODED * lapsed * curve(ahead, _lapsed(kept_days, kept_now))
            + ENCODED * (1 - now - lapsed) * curve(ahead, np.full_like(kept, TAUGHT_DAYS))
        )
        return self._per_second(drilled - left, now, who)

    def _state(self) -> tuple[Array, Array, Array, Array]:
        return self.kept, self.kept_days, self.taught, self.taught_days

    def _per_second(self, gain: Array, now: Array, who: Array) -> Array:
        seconds = SECONDS_NOT + (SECONDS_KNOWN - SECONDS_NOT) * now
        score: Array = self.learners.weight * gain / seconds * (1 + 1e-6 * self.order[who])
        return score


class IndexedFilter(RecallFilter):
    """The same filter, priced by the index."""

    name = "recall filter + index"

    def begin(self, learners: Learners) -> None:
        super().begin(learners)
        self.course = _course(self.days)
        self.price = np.zeros(learners.count)
        self.priced_on = np.full(learners.count, -1)

    def score(self, day: int, who: Array) -> Array:
        self._find_prices(day, who[self.priced_on[who] < day])
        kept, kept_days, taught, taught_days = (each[who] for each in self._state())
        age = day - self.since[who]
        price = self.price[who][:, None] / self.learners.weight
        gain = (
            kept * self.course.gain(day, price, kept_days, age)
            + taught * self.course.gain(day, price, taught_days, age)
            + (1 - kept - taught) * self.course.gain_of_nothing(day, price)
        )
        now = kept * curve(age, kept_days) + taught * curve(age, taught_days)
        return self._per_second(gain, now, who)

    def _find_prices(self, day: int, who: Array) -> None:
        """The price at which what all objectives could still bring, and the time for it, cost least (the dual)."""
        if not len(who):
            return
        kept, kept_days, taught, taught_days = (each[who] for each in self._state())
        age, weight = day - self.since[who], self.learners.weight
        budget = self.learners.world.hours * 3600 * (self.days - day)
        least = np.full(len(who), np.inf)
        for each in np.geomspace(1e-9, 1e-4, 40):
            price = np.broadcast_to(each / weight, kept.shape)
            value = (
                kept * self.course.value(day, price, kept_days, age)
                + taught * self.course.value(day, price, taught_days, age)
                + (1 - kept - taught) * self.course.value_of_nothing(day, price)
            )
            total = np.where(self.held[who], weight * value, 0.0).sum(axis=1) + each * budget
            self.price[who] = np.where(total < least, each, self.price[who])
            least = np.minimum(least, total)
        self.priced_on[who] = day


class _Course:
    """What one objective's best course to the exam brings, by day, price, stability and days since its review."""

    def __init__(self, days: int) -> None:
        stability, elapsed = STABILITIES[:, None], ELAPSED[None, :]
        now = curve(elapsed, stability)
        cost = SECONDS_KNOWN * now + SECONDS_NOT * (1 - now)
        price = PRICES[:, None, None]
        value = np.broadcast_to(now, (len(PRICES), *now.shape)).copy()
        nothing = np.zeros(len(PRICES))
        grown, lapsed = _grown(stability, now), _lapsed(stability, now)
        self._values, self._nothing = {days: value}, {days: nothing}
        self._gains: dict[int, Array] = {}
        self._gains_of_nothing: dict[int, Array] = {}
        for day in range(days - 1, -1, -1):
            later, part = _at(ELAPSED, ELAPSED + 1)
            left = (1 - part) * value[..., later] + part * value[..., later + 1]
            missed = ENCODED * _after(value, lapsed) + (1 - ENCODED) * nothing[:, None, None]
            drilled = now * _after(value, grown) + (1 - now) * missed
            first = _after(value, np.array([[TAUGHT_DAYS]]))[:, 0, 0]
            taught = ENCODED * first + (1 - ENCODED) * nothing
            self._gains[day], self._gains_of_nothing[day] = drilled - left, taught - nothing
            value = np.maximum(left, drilled - price * cost)
            nothing = np.maximum(nothing, taught - PRICES * SECONDS_NOT)
            self._values[day], self._nothing[day] = value, nothing

    def gain(self, day: int, price: Array, stability: Array, age: Array) -> Array:
        """What a drill today adds, its own time not counted."""
        return _looked_up(self._gains[day], price, stability, age)

    def gain_of_nothing(self, day: int, price: Array) -> Array:
        return _interpolated(self._gains_of_nothing[day], price)

    def value(self, day: int, price: Array, stability: Array, age: Array) -> Array:
        return _looked_up(self._values[day], price, stability, age)

    def value_of_nothing(self, day: int, price: Array) -> Array:
        return _interpolated(self._nothing[day], price)


@cache
def _course(days: int) -> _Course:
    return _Course(days)


def _after(value: Array, stability: Array) -> Array:
    """The value the day after a review that left this stability, [price, ...]."""
    at, part = _at(np.log(STABILITIES), np.log(stability))
    tomorrow = value[:, :, 0]
    after: Array = (1 - part) * tomorrow[:, at] + part * tomorrow[:, at + 1]
    return after


def _looked_up(table: Array, price: Array, stability: Array, age: Array) -> Array:
    axes = (
        _at(np.log(PRICES), np.log(price)),
        _at(np.log(STABILITIES), np.log(stability)),
        _at(ELAPSED, np.maximum(age, 1)),
    )
    total = np.zeros(np.broadcast_shapes(price.shape, stability.shape))
    for corner in np.ndindex(2, 2, 2):
        index = tuple(at + step for (at, _), step in zip(axes, corner, strict=True))
        weight = np.ones_like(total)
        for (_, part), step in zip(axes, corner, strict=True):
            weight = weight * (part if step else 1 - part)
        total = total + weight * table[index]
    return total


def _interpolated(table: Array, price: Array) -> Array:
    at, part = _at(np.log(PRICES), np.log(price))
    between: Array = (1 - part) * table[at] + part * table[at + 1]
    return between


def _at(grid: Array, x: Array) -> tuple[Array, Array]:
    """(place in the grid, part of the way to the next), within the grid."""
    at = np.clip(np.searchsorted(grid, x) - 1, 0, len(grid) - 2)
    return at, np.clip((x - grid[at]) / (grid[at + 1] - grid[at]), 0, 1)


def _grown(stability: Array, now: Array) -> Array:
    return grown_to(stability, np.full_like(now, DIFFICULTY), now, FSRS6)


def _lapsed(stability: Array, now: Array) -> Array:
    return lapsed_to(stability, np.full_like(now, DIFFICULTY), now, FSRS6)


def _between(one: Array, one_days: Array, other: Array, other_days: Array) -> Array:
    """The mean of two stabilities in logarithms, by their weights."""
    mean: Array = np.exp(
        (one * np.log(one_days) + other * np.log(other_days)) / np.maximum(one + other, 1e-12)
    )
    return mean
