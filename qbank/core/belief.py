"""The belief as a Gaussian: its means and covariance, kept packed, and the few operations that move it.

About thirty numbers and their covariance need no numpy, whose import would cost more than all of a block's
arithmetic.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import repeat
from operator import add, itemgetter, mul, sub
from typing import Any

import msgspec

from qbank.core.exam_model import Loading

Vector = list[float]


class Belief(msgspec.Struct, frozen=True):
    """Means and covariance over the axes of an exam's model, on the logit scale.

    `cov` holds the lower triangle row by row. `answers` counts the answers that went in.
    """

    mean: tuple[float, ...]
    cov: tuple[float, ...]
    answers: int = 0

    def check(self) -> None:
        """Raises ValueError when the sizes do not fit."""
        axes = len(self.mean)
        if len(self.cov) != axes * (axes + 1) // 2:
            raise ValueError(f"a belief over {axes} axes cannot have {len(self.cov)} covariances")


def widened(belief: Belief, variance: float) -> Belief:
    """The belief with one axis more behind the others, tied to none of them."""
    return Belief((*belief.mean, 0.0), (*belief.cov, *[0.0] * len(belief.mean), variance), belief.answers)


def narrowed(belief: Belief, axes: int) -> Belief:
    """What is believed of the first axes, whatever the others are."""
    if len(belief.mean) == axes:
        return belief
    return Belief(belief.mean[:axes], belief.cov[: axes * (axes + 1) // 2], belief.answers)


def independent(variances: Sequence[float]) -> Belief:
    """Means of 0 and no covariance."""
    cov: Vector = []
    for i, variance in enumerate(variances):
        cov += [*[0.0] * i, variance]
    return Belief((0.0,) * len(variances), tuple(cov))


def dot(first: Sequence[float], second: Sequence[float]) -> float:
    return float(sum(map(mul, first, second)))


def value(mean: Sequence[float], loading: Loading) -> float:
    return sum(mean[axis] * weight for axis, weight in loading)


def covariances(belief: Belief, loading: Loading) -> Vector:
    """Covariance of each axis with a loading's sum."""
    columns = _columns(len(belief.mean))
    total = [0.0] * len(belief.mean)
    for axis, weight in loading:
        if not weight:
            continue
        total = list(map(add, total, map(mul, repeat(weight), columns[axis](belief.cov))))
    return total


def covariances_of_all(belief: Belief, sums: Sequence[Sequence[float]]) -> list[Vector]:
    """Covariance of each axis with each of these sums over all axes; cheaper than one by one."""
    columns = [column(belief.cov) for column in _columns(len(belief.mean))]
    return [[sum(map(mul, column, weights)) for column in columns] for weights in sums]


def variance(belief: Belief, loading: Loading) -> float:
    """Variance of a loading's sum."""
    cov, total = belief.cov, 0.0
    for at, (i, weight) in enumerate(loading):
        row, twice = i * (i + 1) // 2, 2 * weight
        total += weight * weight * cov[row + i]
        for j, other in loading[:at]:
            total += twice * other * cov[row + j if j < i else j * (j + 1) // 2 + i]
    return total


def moved(
    belief: Belief,
    towards: Sequence[float],
    step: float,
    reduction: float,
    *,
    along: Sequence[float] | None = None,
    answers: int = 0,
) -> Belief:
    """The mean moved by `step * along`, or `towards`, and the covariance less `reduction * towards towards'`."""
    direction = towards if along is None else along
    mean = tuple(m + step * t for m, t in zip(belief.mean, direction, strict=True))
    return Belief(mean, _less(belief.cov, [towards], reduction), belief.answers + answers)


def conditioned(
    belief: Belief,
    covs: Sequence[Sequence[float]],
    spread: Sequence[Sequence[float]],
    surprise: Sequence[float],
) -> Belief:
    """The belief after measurements (Kalman 1960).

    `covs[r]` is each axis's covariance with measurement r, `spread` the measurements' own covariance, and
    `surprise` what they showed less what was expected.
    """
    lower = cholesky(spread)
    whitened = forward(lower, covs)
    steps = forward(lower, [[s] for s in surprise])
    mean = list(belief.mean)
    for row, (step,) in zip(whitened, steps, strict=True):
        mean = [m + step * k for m, k in zip(mean, row, strict=True)]
    return Belief(tuple(mean), _less(belief.cov, whitened, 1.0), belief.answers)


def cholesky(matrix: Sequence[Sequence[float]]) -> list[Vector]:
    """The lower factor of a positive definite matrix, of which the lower triangle is read.

    A direction that rounding has made flat or negative counts as one with a billionth of its row's variance.
    """
    lower: list[Vector] = []
    for i, row in enumerate(matrix):
        out: Vector = []
        for j in range(i):
            out.append((row[j] - dot(out, lower[j][:j])) / lower[j][j])
        rest = row[i] - dot(out, out)
        out.append(math.sqrt(max(rest, 1e-9 * row[i])))
        lower.append(out)
    return lower


def forward(lower: Sequence[Sequence[float]], rows: Sequence[Sequence[float]]) -> list[Vector]:
    """The solution of lower x = rows, by forward substitution."""
    solved: list[Vector] = []
    for line, row in zip(lower, rows, strict=True):
        rest = list(row)
        for factor, done in zip(line, solved, strict=False):
            rest = list(map(sub, rest, map(mul, repeat(factor), done)))
        solved.append([r / line[-1] for r in rest])
    return solved


def _less(cov: Sequence[float], rows: Sequence[Sequence[float]], scale: float) -> tuple[float, ...]:
    columns = list(zip(*rows, strict=True))
    taken: Vector = []
    if len(rows) == 1:
        (only,) = rows
        for i, factor in enumerate(only):
            scaled = factor * scale
            taken += [scaled * other for other in only[: i + 1]]
    else:
        for i, column in enumerate(columns):
            taken += [scale * sum(map(mul, column, other)) for other in columns[: i + 1]]
    return tuple(map(sub, cov, taken))


@lru_cache(maxsize=8)
def _columns(axes: int) -> tuple[Callable[[Any], tuple[float, ...]], ...]:
    def position(i: int, j: int) -> int:
        return i * (i + 1) // 2 + j if i >= j else j * (j + 1) // 2 + i

    return tuple(itemgetter(*(position(i, j) for i in range(axes))) for j in range(axes))
