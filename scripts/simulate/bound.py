"""What no policy can exceed: the exam of a learner whose every memory lies open, with time bought at a price.

Objectives compete for time and for nothing else. Give time a price, let a learner buy as much as pays, and each
objective can be planned alone and perfectly, knowing the law of its memory and how every drill came out; what is
bought beyond the time there is, is paid for. For any price that is at least what any policy can reach that drills
an objective at most once a day (Lagrangian relaxation of a weakly coupled program; Adelman & Mersereau 2008).
The price that gives the least is taken.

Plans are found backwards over the days on a grid of states. Between prices the value is convex, so that a line
between two of them errs upward, by 0.1 points of the exam in the main world; between states it may err either
way, there by less than 0.05.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from simulate.laws import FsrsLaw, HalfLifeLaw, Law
from simulate.memories import Fsrs, HalfLife
from simulate.worlds import GUESS, SECONDS_KNOWN, SECONDS_NOT, SLIP, Learners

Array = np.ndarray[Any, np.dtype[Any]]

DEAREST = 1 / SECONDS_KNOWN
"""Of a second, in objectives: here even a drill that takes recall from 0 to 1 does not pay."""

CHEAPEST = 1e-4
PRICES = 18
SEARCHES = 60


def relaxed_bound(learners: Learners, fineness: int = 1) -> Array | None:
    """Expected percent on the exam day that no policy exceeds, by learner, before the first day.

    None where objectives do not stand alone (spill-over), or where a memory keeps too much to be planned (every
    trace of an ACT-R memory). `fineness` multiplies the points of the grid.
    """
    memory = learners.memory
    if learners.world.spill or not isinstance(memory, Fsrs | HalfLife):
        return None
    laws = [
        FsrsLaw(memory, learner, fineness)
        if isinstance(memory, Fsrs)
        else HalfLifeLaw(memory, learner, fineness)
        for learner in range(learners.count)
    ]
    return np.array([_of_learner(learners, learner, law, fineness) for learner, law in enumerate(laws)])


@dataclass(frozen=True)
class _States:
    """Points of the grid, [state]: strength, difficulty, and the kind of objective it is a state of."""

    strength: Array
    difficulty: Array
    kind: Array


def _of_learner(learners: Learners, learner: int, law: Law, fineness: int) -> float:
    prices = np.concatenate([[0.0], np.geomspace(CHEAPEST, DEAREST, PRICES * fineness)])
    days, world = learners.world.days, learners.world
    open_days = ~learners.off[learner]
    plan = _Plan(law, float(learners.encoding[learner]), open_days, prices)
    # [objective, price]: recall on the exam day less what its drills cost, at the best plan.
    worth = plan.from_the_start(learners.held)
    # A question that was begun in time is finished, on every day.
    seconds = open_days.sum() * (world.hours * 3600 + SECONDS_NOT)
    known, strength, _, elapsed = law.begin()
    untouched = np.where(known, law.curve(days + elapsed, strength), 0.0)
    weight = learners.weight[learners.held]
    recalled = _least(worth, weight, prices, float(seconds)) + float(
        (untouched * learners.weight)[~learners.held].sum()
    )
    return 100 * (GUESS + (1 - GUESS - SLIP) * recalled)


class _Plan:
    """The best plan for every state, backwards from the exam.

    `after[day]` [state, price] is the worth of having that state just after a drill on that day, `void[day]`
    [kind, price] that of not knowing on the morning of a day.
    """

    def __init__(self, law: Law, encoding: float, open_days: Array, prices: Array) -> None:
        self.law, self.encoding, self.open_days = law, encoding, open_days
        self.days = len(open_days)
        self.prices = prices.astype(np.float32)
        self.states = _states(law)
        states = len(self.states.strength)
        kinds = len(law.firsts) * len(law.traits)
        self.after = np.zeros((self.days, states, len(prices)), dtype=np.float32)
        self.void = np.zeros((self.days + 1, kinds, len(prices)), dtype=np.float32)
        self._fill()

    def _fill(self) -> None:
        states, law = self.states, self.law
        kinds = np.arange(self.void.shape[1])
        first, trait = law.firsts[kinds // len(law.traits)], law.traits[kinds % len(law.traits)]
        fresh = self._corners(kinds, *law.taught(first, trait))
        drills = [
            self._drill(states.kind, states.strength, states.difficulty, float(elapsed))
            for elapsed in range(1, self.days)
        ]
        for day in range(self.days - 1, -1, -1):
            left = law.curve(float(self.days - day), states.strength).astype(np.float32)
            best = np.repeat(left[:, None], len(self.prices), axis=1)
            for later in range(day + 1, self.days):
                if self.open_days[later]:
                    np.maximum(best, drills[later - day - 1].worth(self, later), out=best)
            self.after[day] = best
            self.void[day] = self.void[day + 1]
            if self.open_days[day]:
                taught = self.encoding * _mean(best, *fresh) + (1 - self.encoding) * self.void[day + 1]
                np.maximum(self.void[day], taught - self.prices * SECONDS_NOT, out=self.void[day])

    def from_the_start(self, held: Array) -> Array:
        """[held objective, price]: what each is worth on the first morning."""
        law = self.law
        known, strength, difficulty, elapsed = (part[held] for part in law.begin())
        first, first_part = _between(law.firsts, law.first[held])
        trait, trait_part = _between(law.traits, law.trait[held])
        worth = np.zeros((len(strength), len(self.prices)))
        # An objective lies between four kinds; the best plan for each of them is no worse than one for all.
        for step, part in ((0, 1 - first_part), (1, first_part)):
            for side, share in ((0, 1 - trait_part), (1, trait_part)):
                # Where all are alike there is one point, and no part beyond it.
                row = np.minimum(first + step, len(law.firsts) - 1)
                kind = row * len(law.traits) + np.minimum(trait + side, len(law.traits) - 1)
                of_kind = self.void[0][kind].astype(np.float64)
                of_kind[known] = self._known(kind[known], strength[known], difficulty[known], elapsed[known])
                worth += (part * share)[:, None] * of_kind
        return worth

    def _known(self, kind: Array, strength: Array, difficulty: Array, elapsed: Array) -> Array:
        left = self.law.curve(self.days + elapsed, strength).astype(np.float32)
        best = np.repeat(left[:, None], len(self.prices), axis=1)
        for day in map(int, np.flatnonzero(self.open_days)):
            np.maximum(
                best, self._drill(kind, strength, difficulty, day + elapsed).worth(self, day), out=best
            )
        return best

    def _drill(self, kind: Array, strength: Array, difficulty: Array, elapsed: Array | float) -> "_Drill":
        law = self.law
        first, trait = law.firsts[kind // len(law.traits)], law.traits[kind % len(law.traits)]
        recall = law.curve(elapsed, strength)
        grown = self._corners(kind, law.grown(strength, difficulty, trait, recall), difficulty)
        lapsed = self._corners(kind, *law.lapsed(strength, difficulty, first, recall))
        share = np.concatenate([recall * grown[1], (1 - recall) * self.encoding * lapsed[1]]).astype(
            np.float32
        )
        # Success does not move a difficulty off its point of the grid.
        reached = share.any(axis=1)
        return _Drill(
            to=np.concatenate([grown[0], lapsed[0]])[reached],
            share=share[reached][:, :, None],
            kind=kind,
            lost=((1 - recall) * (1 - self.encoding)).astype(np.float32)[:, None],
            seconds=(SECONDS_NOT + (SECONDS_KNOWN - SECONDS_NOT) * recall).astype(np.float32)[:, None],
        )

    def _corners(self, kind: Array, strength: Array, difficulty: Array) -> tuple[Array, Array]:
        """The four states about a state, [corner, state], and the part of each."""
        law = self.law
        s, s_part = _between(law.log_strengths, np.log(strength))
        d, d_part = _between(law.difficulties, difficulty)
        base = (kind * len(law.difficulties) + d) * len(law.log_strengths) + s
        up = len(law.log_strengths) if len(law.difficulties) > 1 else 0
        to = np.stack([base, base + 1, base + up, base + up + 1])
        parts = [(1 - s_part) * (1 - d_part), s_part * (1 - d_part), (1 - s_part) * d_part, s_part * d_part]
        return to, np.stack(parts)


@dataclass(frozen=True)
class _Drill:
    """Where a drill takes each state: to others with their shares, or to nothing; and its seconds."""

    to: Array
    share: Array
    kind: Array
    lost: Array
    seconds: Array

    def worth(self, plan: _Plan, day: int) -> Array:
        worth: Array = self.lost * plan.void[day + 1][self.kind] - self.seconds * plan.prices
        after = plan.after[day]
        for to, share in zip(self.to, self.share, strict=True):
            worth += share * after[to]
        return worth


def _states(law: Law) -> _States:
    kinds = len(law.firsts) * len(law.traits)
    kind, difficulty, strength = np.meshgrid(
        np.arange(kinds), law.difficulties, np.exp(law.log_strengths), indexing="ij"
    )
    return _States(strength.ravel(), difficulty.ravel(), kind.ravel())


def _least(worth: Array, weight: Array, prices: Array, seconds: float) -> float:
    """Over all prices of a second, in parts of the exam: the objectives' worth with what the time would fetch."""

    def total(price: float) -> float:
        own = np.minimum(price / weight, prices[-1])
        at, part = _between(prices, own)
        rows = np.arange(len(weight))
        value = (1 - part) * worth[rows, at] + part * worth[rows, at + 1]
        return float(value @ weight) + price * seconds

    low, high = 0.0, float(prices[-1] * weight.max())
    for _ in range(SEARCHES):
        third = (high - low) / 3
        if total(low + third) <= total(high - third):
            high -= third
        else:
            low += third
    return total(low)


def _between(grid: Array, x: Array) -> tuple[Array, Array]:
    """The index of the point below, and the part of the one above; at the ends, the end."""
    if len(grid) == 1:
        return np.zeros(x.shape, dtype=np.int64), np.zeros(x.shape)
    at = np.clip(np.searchsorted(grid, x, side="right") - 1, 0, len(grid) - 2)
    return at, np.clip((x - grid[at]) / (grid[at + 1] - grid[at]), 0.0, 1.0)


def _mean(values: Array, to: Array, part: Array) -> Array:
    mean: Array = sum(share[:, None] * values[at] for at, share in zip(to, part, strict=True))
    return mean
