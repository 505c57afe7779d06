"""The laws of memory as the bound plans with them: one learner's, on a grid of states."""

from typing import Any, Protocol

import numpy as np

from simulate.memories import Fsrs, HalfLife, grown_to, lapsed_to

Array = np.ndarray[Any, np.dtype[Any]]

STRENGTHS = 36
DIFFICULTIES = (1.0, 4.0, 6.0, 8.0, 9.0, 10.0)
FIRSTS = (0.0, 0.1, 0.5, 0.9, 1.0)
TRAITS = (0.0, 0.5, 1.0)
"""Points of the grid. The last two are quantiles over the objectives: of what a first memory is worth, and of what sets
them apart besides.
"""


class Law(Protocol):
    """One learner's memory: its states on a grid, and how a drill moves them.

    Kinds of objectives are the pairs of `firsts` (log of what a first memory is worth) and `traits`; `first` and
    `trait` place each objective among them. A state's place on the grid is ((first, trait), difficulty, strength).
    """

    firsts: Array
    traits: Array
    difficulties: Array
    log_strengths: Array
    first: Array
    trait: Array

    def curve(self, elapsed: Array | float, strength: Array) -> Array:
        """Recall after so many days."""

    def grown(self, strength: Array, difficulty: Array, trait: Array, recall: Array) -> Array:
        """Strength after success; difficulty stays."""

    def lapsed(self, strength: Array, difficulty: Array, first: Array, recall: Array) -> tuple[Array, Array]:
        """Strength and difficulty after a miss whose explanation went in."""

    def taught(self, first: Array, trait: Array) -> tuple[Array, Array]:
        """Strength and difficulty of what was not known, once an explanation went in."""

    def begin(self) -> tuple[Array, Array, Array, Array]:
        """Of each objective before the first day: known, strength, difficulty, days since it was learned."""


class FsrsLaw:
    """An objective's trait is the difficulty that it has when taught."""

    def __init__(self, memory: Fsrs, learner: int, fineness: int) -> None:
        self._memory, self._learner = memory, learner
        self.w = memory.w[learner]
        self.first = np.log(memory.first[learner])
        self.trait = np.clip((self.w[4] + memory.hard[learner]) / 2, 1, 10)
        self.firsts = np.unique(np.quantile(self.first, finer(FIRSTS, fineness)))
        self.traits = np.unique(np.quantile(self.trait, finer(TRAITS, fineness)))
        self.difficulties = finer(DIFFICULTIES, fineness)
        self.log_strengths = np.linspace(np.log(0.005), np.log(8000), STRENGTHS * fineness)

    def curve(self, elapsed: Array | float, strength: Array) -> Array:
        recall: Array = (1 + self._memory.factor[self._learner] * elapsed / strength) ** -self.w[20]
        return recall

    def grown(self, strength: Array, difficulty: Array, trait: Array, recall: Array) -> Array:
        return grown_to(strength, difficulty, recall, self.w)

    def lapsed(self, strength: Array, difficulty: Array, first: Array, recall: Array) -> tuple[Array, Array]:
        harder: Array = np.clip(difficulty + 2 * self.w[6] * (10 - difficulty) / 9, 1, 10)
        return lapsed_to(strength, difficulty, recall, self.w), harder

    def taught(self, first: Array, trait: Array) -> tuple[Array, Array]:
        return np.exp(first), trait

    def begin(self) -> tuple[Array, Array, Array, Array]:
        at, memory = self._learner, self._memory
        return memory.known[at], memory.stability[at], memory.difficulty[at], -memory.last[at]


class HalfLifeLaw:
    """An objective's trait is by how much success stretches its half-life; there is no difficulty that moves."""

    def __init__(self, memory: HalfLife, learner: int, fineness: int) -> None:
        self._memory, self._learner = memory, learner
        self.psi, self.back = float(memory.psi[learner]), float(memory.back[learner])
        self.first = np.log(memory.first[learner])
        self.trait = memory.stretch[learner]
        self.firsts = np.unique(np.quantile(self.first, finer(FIRSTS, fineness)))
        self.traits = np.unique(np.quantile(self.trait, finer(TRAITS, fineness)))
        self.difficulties = np.zeros(1)
        self.log_strengths = np.linspace(np.log(0.1), np.log(30000), STRENGTHS * fineness)

    def curve(self, elapsed: Array | float, strength: Array) -> Array:
        recall: Array = (1 + (2 ** (1 / self.psi) - 1) * elapsed / strength) ** -self.psi
        return recall

    def grown(self, strength: Array, difficulty: Array, trait: Array, recall: Array) -> Array:
        longer: Array = strength * (1 + trait * (1.1 - recall))
        return longer

    def lapsed(self, strength: Array, difficulty: Array, first: Array, recall: Array) -> tuple[Array, Array]:
        return np.maximum(np.exp(first), self.back * strength), difficulty

    def taught(self, first: Array, trait: Array) -> tuple[Array, Array]:
        return np.exp(first), np.zeros_like(first)

    def begin(self) -> tuple[Array, Array, Array, Array]:
        at, memory = self._learner, self._memory
        half = memory.half[at]
        return memory.known[at], half, np.zeros_like(half), -memory.last[at]


def finer(points: tuple[float, ...], fineness: int) -> Array:
    """`fineness` steps for each one."""
    steps = np.linspace(0, len(points) - 1, (len(points) - 1) * fineness + 1)
    finer: Array = np.interp(steps, np.arange(len(points)), points)
    return finer
