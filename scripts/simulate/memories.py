"""How memory works in a world: three kinds that do not agree with each other.

Each holds the true state of all learners and objectives, [learner, objective]. Days are counted from the first day
of practice; what was known before was learned on negative days.
"""

from typing import Any, Protocol

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

FSRS6 = np.array(
    [0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614,
     0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542]
)  # fmt: skip
"""The published default weights of FSRS-6."""


class TrueMemory(Protocol):
    """What a world asks of a memory. `now` and `exam` are days."""

    def kept_before(self, elapsed: Array, strength: Array) -> Array:
        """Recall on day 0 of what was known, learned `elapsed` days before with a strength in sds."""

    def begin(self, known: Array, elapsed: Array, strength: Array) -> None:
        """Set the state before the first day."""

    def recall(self, now: float) -> Array:
        """P(recall) of everything."""

    def recall_of(self, learners: Array, objectives: Array, now: float) -> Array:
        """P(recall) of pairs."""

    def drill(self, learners: Array, objectives: Array, now: float, recalled: Array, encoded: Array) -> None:
        """One question with its explanation for each pair."""

    def spill(self, learners: Array, objectives: Array, now: float) -> None:
        """What reading about a neighbour does."""

    def after_drill(self, now: float, exam: float, encoding: Array) -> Array:
        """Expected recall on the exam day of everything, were it drilled now."""

    def snapshot(self) -> list[Array]:
        """The state, to be put back by `restore`."""

    def restore(self, state: list[Array]) -> None: ...


class Fsrs:
    """FSRS-6 with each learner's own weights, each objective's hidden difficulty, and explanations that go in more or
    less deep.
    """

    def __init__(self, count: int, n: int, noise: Array, hardness: Array, depth: Array) -> None:
        self.w = FSRS6 * np.exp(noise)
        self.w[:, 4] = np.clip(self.w[:, 4], 1, 10)
        self.w[:, 20] = np.clip(self.w[:, 20], 0.05, 0.8)
        self.factor = 0.9 ** (-1 / self.w[:, 20]) - 1
        self.hard = np.clip(5 + 1.5 * hardness, 1, 10)
        self.first = self.w[:, :1] * np.exp(depth)
        self.known = np.zeros((count, n), dtype=bool)
        self.stability = np.ones((count, n))
        self.difficulty = np.full((count, n), 5.0)
        self.last = np.zeros((count, n))

    def kept_before(self, elapsed: Array, strength: Array) -> Array:
        return self._curve(elapsed, 60 * np.exp(0.8 * strength))

    def begin(self, known: Array, elapsed: Array, strength: Array) -> None:
        self.known = known.copy()
        self.stability = 60 * np.exp(0.8 * strength)
        self.difficulty = self.hard.copy()
        self.last = -elapsed

    def recall(self, now: float) -> Array:
        return np.where(self.known, self._curve(now - self.last, self.stability), 0.0)

    def recall_of(self, learners: Array, objectives: Array, now: float) -> Array:
        curve = self._curve1(
            now - self.last[learners, objectives], self.stability[learners, objectives], learners
        )
        return np.where(self.known[learners, objectives], curve, 0.0)

    def drill(self, learners: Array, objectives: Array, now: float, recalled: Array, encoded: Array) -> None:
        at = (learners, objectives)
        w = self.w[learners].T
        s, d, was = self.stability[at], self.difficulty[at], self.known[at]
        r = self.recall_of(learners, objectives, now)
        grown, lapsed = grown_to(s, d, r, w), lapsed_to(s, d, r, w)
        new = np.where(recalled, grown, np.where(was, lapsed, self.first[at]))
        keep = recalled | encoded
        self.stability[at] = np.where(keep, new, s)
        step = np.where(recalled, 0.0, 2 * w[6] * (10 - d) / 9)
        self.difficulty[at] = np.where(
            was, np.clip(d + step, 1, 10), np.clip((w[4] + self.hard[at]) / 2, 1, 10)
        )
        self.known[at] = was & recalled | encoded & ~recalled
        self.last[at] = np.where(keep, now, self.last[at])

    def spill(self, learners: Array, objectives: Array, now: float) -> None:
        at = (learners, objectives)
        fresh = ~self.known[at]
        self.stability[at] = np.where(fresh, self.first[at], self.stability[at] * 1.1)
        self.last[at] = np.where(fresh, now, self.last[at])
        self.known[at] = True

    def after_drill(self, now: float, exam: float, encoding: Array) -> Array:
        w = self.w.T[:, :, None]
        r = self.recall(now)
        grown = grown_to(self.stability, self.difficulty, r, w)
        lapsed = np.where(self.known, lapsed_to(self.stability, self.difficulty, r, w), self.first)
        ahead = np.full_like(r, exam - now)
        good = self._curve(ahead, grown)
        again = self._curve(ahead, lapsed)
        after: Array = r * good + (1 - r) * encoding[:, None] * again
        return after

    def snapshot(self) -> list[Array]:
        return [self.known.copy(), self.stability.copy(), self.difficulty.copy(), self.last.copy()]

    def restore(self, state: list[Array]) -> None:
        self.known, self.stability, self.difficulty, self.last = (one.copy() for one in state)

    def _curve(self, elapsed: Array, stability: Array) -> Array:
        factor, decay = self.factor[:, None], self.w[:, 20][:, None]
        curve: Array = (1 + factor * elapsed / stability) ** -decay
        return curve

    def _curve1(self, elapsed: Array, stability: Array, who: Array) -> Array:
        curve: Array = (1 + self.factor[who] * elapsed / stability) ** -self.w[who, 20]
        return curve


class ActR:
    """Every study leaves a trace that fades by a power law; traces laid in fresh memory fade faster.

    Pavlik & Anderson (2005, Cognitive Science 29, eq. 1-3): activation m = ln(sum t_j^-d_j), with decay
    d_j = c exp(m before) + a; recall is logistic in the activation.
    """

    MOST = 16

    def __init__(self, count: int, n: int, noise: Array, hardness: Array, depth: Array) -> None:
        self.a = 0.18 * np.exp(noise[:, 0])
        self.c = 0.22 * np.exp(noise[:, 1])
        self.s = 0.25 * np.exp(0.5 * noise[:, 2])
        self.threshold = -0.9 + 0.3 * noise[:, 3][:, None] + 0.1 * hardness - 0.1 * depth
        self.at = np.full((count, n, self.MOST), np.nan, dtype=np.float32)
        self.d = np.zeros((count, n, self.MOST), dtype=np.float32)
        self.traces = np.zeros((count, n), dtype=np.int64)

    def kept_before(self, elapsed: Array, strength: Array) -> Array:
        return self._chance(self._old(elapsed, strength))

    def begin(self, known: Array, elapsed: Array, strength: Array) -> None:
        # What was known is one strong old trace: its decay is what gives the activation of `_old` on day 0.
        self.at[..., 0] = np.where(known, -elapsed, np.nan)
        self.d[..., 0] = np.maximum(0.02, -self._old(elapsed, strength) / np.log(elapsed))
        self.traces = known.astype(np.int64)

    def recall(self, now: float) -> Array:
        return np.where(self.traces > 0, self._chance(self._activation(self.at, self.d, now)), 0.0)

    def recall_of(self, learners: Array, objectives: Array, now: float) -> Array:
        at, d = self.at[learners, objectives], self.d[learners, objectives]
        m = self._activation(at, d, now)
        chance = _sigmoid((m - self.threshold[learners, objectives]) / self.s[learners])
        return np.where(self.traces[learners, objectives] > 0, chance, 0.0)

    def drill(self, learners: Array, objectives: Array, now: float, recalled: Array, encoded: Array) -> None:
        keep = recalled | encoded
        self._trace(learners[keep], objectives[keep], now)

    def spill(self, learners: Array, objectives: Array, now: float) -> None:
        self._trace(learners, objectives, now)

    def after_drill(self, now: float, exam: float, encoding: Array) -> Array:
        m = self._activation(self.at, self.d, now)
        left = self._sum(self.at, self.d, exam)
        decay = self.c[:, None] * np.exp(np.where(self.traces > 0, m, -np.inf)) + self.a[:, None]
        added = np.log(left + max(exam - now, 1.0) ** -decay)
        drilled = self._chance(added)
        untouched = self.recall(exam)
        r = self.recall(now)
        keep = r + (1 - r) * encoding[:, None]
        after: Array = keep * drilled + (1 - keep) * untouched
        return after

    def snapshot(self) -> list[Array]:
        return [self.at.copy(), self.d.copy(), self.traces.copy()]

    def restore(self, state: list[Array]) -> None:
        self.at, self.d, self.traces = (one.copy() for one in state)

    def _old(self, elapsed: Array, strength: Array) -> Array:
        old: Array = -0.35 + 0.25 * strength - 0.1 * np.log(elapsed / 60)
        return np.minimum(old, -0.05)

    def _trace(self, learners: Array, objectives: Array, now: float) -> None:
        if not len(learners):
            return
        pair = (learners, objectives)
        had = self.traces[pair] > 0
        m = np.where(had, self._activation(self.at[pair], self.d[pair], now), -np.inf)
        slot = np.minimum(self.traces[pair], self.MOST - 1)
        self.at[learners, objectives, slot] = now
        self.d[learners, objectives, slot] = self.c[learners] * np.exp(m) + self.a[learners]
        self.traces[pair] += 1

    def _activation(self, at: Array, d: Array, now: float) -> Array:
        with np.errstate(divide="ignore"):
            activation: Array = np.log(self._sum(at, d, now))
        return activation

    def _sum(self, at: Array, d: Array, now: float) -> Array:
        age = np.maximum(now - at, 0.5)
        total: Array = np.where(np.isnan(at), 0.0, age**-d).sum(axis=-1)
        return total

    def _chance(self, m: Array) -> Array:
        return _sigmoid((m - self.threshold) / self.s[:, None])


class HalfLife:
    """Recall falls by a power law with a half-life that success stretches, most when it came late.

    The curve is Wickelgren's (1974), (1 + x)^-psi; the half-life moves as in half-life regression (Settles & Meeder
    2016): by a factor for each success, back after a miss.
    """

    PSI = 0.6

    def __init__(self, count: int, n: int, noise: Array, hardness: Array, depth: Array) -> None:
        self.psi = self.PSI * np.exp(0.5 * noise[:, 0])
        self.first = 12.0 * np.exp(noise[:, 1:2] + depth)
        self.stretch = 3.5 * np.exp(0.5 * noise[:, 2])[:, None] * np.exp(-0.15 * hardness)
        self.back = 0.4 * np.exp(0.3 * noise[:, 3])
        self.known = np.zeros((count, n), dtype=bool)
        self.half = np.ones((count, n))
        self.last = np.zeros((count, n))

    def kept_before(self, elapsed: Array, strength: Array) -> Array:
        return self._curve(elapsed, 500 * np.exp(0.8 * strength), self.psi[:, None])

    def begin(self, known: Array, elapsed: Array, strength: Array) -> None:
        self.known, self.half, self.last = known.copy(), 500 * np.exp(0.8 * strength), -elapsed

    def recall(self, now: float) -> Array:
        return np.where(self.known, self._curve(now - self.last, self.half, self.psi[:, None]), 0.0)

    def recall_of(self, learners: Array, objectives: Array, now: float) -> Array:
        at = (learners, objectives)
        return np.where(
            self.known[at], self._curve(now - self.last[at], self.half[at], self.psi[learners]), 0.0
        )

    def drill(self, learners: Array, objectives: Array, now: float, recalled: Array, encoded: Array) -> None:
        at = (learners, objectives)
        r, was, keep = self.recall_of(learners, objectives, now), self.known[at], recalled | encoded
        grown = self.half[at] * (1 + self.stretch[at] * (1.1 - r))
        lapsed = np.where(
            was, np.maximum(self.first[at], self.back[learners] * self.half[at]), self.first[at]
        )
        self.half[at] = np.where(recalled, grown, np.where(encoded, lapsed, self.half[at]))
        self.known[at] = keep
        self.last[at] = np.where(keep, now, self.last[at])

    def spill(self, learners: Array, objectives: Array, now: float) -> None:
        at = (learners, objectives)
        fresh = ~self.known[at]
        self.half[at] = np.where(fresh, self.first[at], self.half[at] * 1.1)
        self.last[at] = np.where(fresh, now, self.last[at])
        self.known[at] = True

    def after_drill(self, now: float, exam: float, encoding: Array) -> Array:
        r = self.recall(now)
        psi = self.psi[:, None]
        grown = self.half * (1 + self.stretch * (1.1 - r))
        lapsed = np.where(self.known, np.maximum(self.first, self.back[:, None] * self.half), self.first)
        ahead = np.full_like(r, exam - now)
        good, again = self._curve(ahead, grown, psi), self._curve(ahead, lapsed, psi)
        after: Array = r * good + (1 - r) * encoding[:, None] * again
        return after

    def snapshot(self) -> list[Array]:
        return [self.known.copy(), self.half.copy(), self.last.copy()]

    def restore(self, state: list[Array]) -> None:
        self.known, self.half, self.last = (one.copy() for one in state)

    @staticmethod
    def _curve(elapsed: Array, half: Array, psi: Array) -> Array:
        curve: Array = (1 + (2 ** (1 / psi) - 1) * elapsed / half) ** -psi
        return curve


def grown_to(s: Array, d: Array, r: Array, w: Array) -> Array:
    """FSRS-6's stability after Good."""
    grown: Array = s * (1 + np.exp(w[8]) * (11 - d) * s ** -w[9] * (np.exp((1 - r) * w[10]) - 1))
    return grown


def lapsed_to(s: Array, d: Array, r: Array, w: Array) -> Array:
    """FSRS-6's stability after Again."""
    lapsed = w[11] * d ** -w[12] * ((s + 1) ** w[13] - 1) * np.exp((1 - r) * w[14])
    bounded: Array = np.maximum(np.minimum(lapsed, s / np.exp(w[17] * w[18])), 0.001)
    return bounded


def _sigmoid(x: Array) -> Array:
    with np.errstate(over="ignore"):
        result: Array = 1 / (1 + np.exp(-x))
    return result
