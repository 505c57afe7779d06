"""What lists of results from other banks say to a belief: answers to unknown questions of known areas.

Each row is a first answer to a question of which only the area is known, and perhaps how many others were right:
P(right) = guess + (1 - guess - slip) E logistic(area's logit + bank's offset + area's offset in that bank + easiness + own).
The offsets are axes of their own, so that a bank's level says little, what differs between areas more, and thousands of
rows do not make an area surer than the likeness of two banks allows. The lists are laid over the belief that answers have
built each time it is used, as reports are, so that they fade, and can be added to and removed, without replaying anything.

All rows are weighed at once: the mode of the posterior, with rows of one place summed up, for of equally hard questions
their number right is all that counts (Rasch 1960), and around it the information that such rows carry on average.
"""

import math
from collections.abc import Sequence
from operator import add, sub
from typing import NamedTuple

from qbank.core.belief import Belief, Vector, cholesky, dot, forward, value, widened
from qbank.core.exam_model import TOTAL, AreaKey, ExamModel, Loading, Part, Place
from qbank.core.learned import MOST_SOURCES
from qbank.core.mastery import (
    DISCIPLINE_SD,
    GENERAL_SD,
    OBJECTIVE_SD,
    OFFSET_SD,
    PROBIT,
    SECTION_SD,
    logistic,
)
from qbank.core.report_rows import DRIFT_SD_PER_ROOT_WEEK
from qbank.core.results import Cell, Listed

AREA_OFFSET_SD = 0.25
"""By how much another bank's questions of one area are easier or harder than that bank is as a whole, on the logit scale:
nearly 4 points where half is known. [judged]
"""

OFFSET_LEFT = 0.5
"""The part of that offset which is left where it is told how many others were right. [judged]"""

COMMON_PART = 0.5
"""The part of the variance between objectives that is the same for everybody, and so shows in others' percent. [judged]"""

_ROUNDS, _SETTLED, _FLAT = 50, 1e-6, 1e-12
_LEAST_VARIANCE = 1e-9  # a bank known by hand, whose rows are of today, has nothing new to be unsure of
_MOST_EXTREME = 0.02
"""Of what others know of a question: beyond it their percent is rounding, guessing or a fault in the key."""


class _Answered(NamedTuple):
    """Questions of one easiness: how many were right of how many, by how much they are easier than the exam's, and the
    shrinking by what is unknown of them.
    """

    right: int
    of: int
    easier: float
    shrink: float


class _Measured(NamedTuple):
    """One cell: its sections' parts, with loadings that include the bank's offsets, and the answers by easiness."""

    parts: tuple[Part, ...]
    kinds: tuple[_Answered, ...]


class _Found(NamedTuple):
    """Answers at a mean: a direction of the axes, and of the log likelihood along it the information, the slope, by how much
    more than that information it bends there, so that steps do not overshoot, and its height.
    """

    direction: Loading
    information: float
    surprise: float
    bend: float
    height: float


def with_results(
    belief: Belief, model: ExamModel, sources: Sequence[str], lists: Sequence[Listed], today: int
) -> Belief:
    """The belief, as wide as it came, with lists laid over it; `today` is a day's ordinal.

    `sources` name the axes behind the model's: the offsets of banks that totals told of by hand.
    """
    wide, cells = belief, []
    for listed in lists[:MOST_SOURCES]:
        wide, found = _framed(wide, model, sources, listed, today)
        cells += found
    if not cells:
        return belief
    mode, at, start = _mode(wide, model, cells)
    cov = _inverse(_curved(start, at, [one.information for one in at]))
    axes = len(belief.mean)
    return Belief(tuple(mode[:axes]), tuple(c for row in cov[:axes] for c in row), belief.answers)


def easiness(percent: int, model: ExamModel) -> float:
    """By how much a question is easier than one that people near the pass line get right as often as the exam's, on the
    logit scale.
    """
    scale = 1 - model.guess - model.slip
    usual = (model.low_pass[0] - model.guess) / scale
    known = min(max((percent / 100 - model.guess) / scale, _MOST_EXTREME), 1 - _MOST_EXTREME)
    people = GENERAL_SD**2 + SECTION_SD**2 + DISCIPLINE_SD**2 + (1 - COMMON_PART) * OBJECTIVE_SD**2
    return (_logit(known) - _logit(usual)) * math.sqrt(1 + PROBIT * people)


def _framed(
    belief: Belief, model: ExamModel, sources: Sequence[str], listed: Listed, today: int
) -> tuple[Belief, list[_Measured]]:
    """The belief with axes for a source's offsets, and its cells on them."""
    usable = [(cell, parts) for cell in listed.cells if cell.of > 0 and (parts := _parts(model, cell))]
    if not usable:
        return belief, []
    known: Loading = ()
    if listed.source in sources:
        known = ((model.axes + sources.index(listed.source), 1.0),)
    drift = _drift(listed, model, today)
    level = len(belief.mean)
    belief = widened(belief, (_LEAST_VARIANCE if known else OFFSET_SD**2) + drift)
    axes: dict[AreaKey, int] = {}
    for key in sorted({key for cell, _ in usable for key in _areas(cell)}):
        axes[key] = len(belief.mean)
        belief = widened(belief, AREA_OFFSET_SD**2 + drift)
    measured = []
    for cell, parts in usable:
        for left, kinds in ((1.0, _untold(cell)), (OFFSET_LEFT, _told(cell, model))):
            own: Loading = (*known, (level, 1.0), *((axes[key], left) for key in _areas(cell)))
            loaded = tuple((share, tuple(sorted((*loading, *own)))) for share, loading in parts)
            measured += [_Measured(loaded, kinds)] if kinds else []
    return belief, measured


def _mode(
    wide: Belief, model: ExamModel, cells: Sequence[_Measured]
) -> tuple[Vector, list[_Found], list[Vector]]:
    """(where the posterior is highest, what the cells say there, the belief's own information)."""
    start = _inverse(_rows(wide.cov))
    whole = _squared(start)

    def looked(mean: Vector) -> tuple[float, Vector, list[_Found]]:
        """(the log posterior, its slope, what the cells say) at a mean."""
        off = list(map(sub, wide.mean, mean))
        pull = [dot(row, off) for row in whole]
        found = [one for cell in cells for one in _found(mean, model, cell)]
        height = sum(one.height for one in found) - dot(pull, off) / 2
        for one in found:
            for axis, load in one.direction:
                pull[axis] += one.surprise * load
        return height, pull, found

    mean = list(wide.mean)
    height, pull, found = looked(mean)
    for _ in range(_ROUNDS):
        curved = _curved(start, found, [one.information + one.bend for one in found])
        step = _solved(cholesky(curved), pull)
        while max(map(abs, step)) > _SETTLED:
            ahead = list(map(add, mean, step))
            higher, pull_there, found_there = looked(ahead)
            if higher >= height:
                break
            step = [one / 2 for one in step]
        else:
            break
        mean, height, pull, found = ahead, higher, pull_there, found_there
    return mean, found, start


def _curved(start: Sequence[Vector], at: Sequence[_Found], weights: Sequence[float]) -> list[Vector]:
    """The lower triangle of the information of the belief and of cells with these weights."""
    information = [list(row) for row in start]
    for one, weight in zip(at, weights, strict=True):
        for number, (axis, slope) in enumerate(one.direction):
            row = information[axis]
            for other, beside in one.direction[: number + 1]:
                row[other] += weight * slope * beside
    return information


def _found(mean: Sequence[float], model: ExamModel, cell: _Measured) -> list[_Found]:
    """What a cell says at a mean; where it lies in one part, all of its answers speak along the same direction."""
    scale = 1 - model.guess - model.slip
    at = [value(mean, loading) for _, loading in cell.parts]
    found = []
    for right, of, easier, shrink in cell.kinds:
        rate, curve = model.guess, 0.0
        slopes = []
        for (share, _), x in zip(cell.parts, at, strict=True):
            knows = logistic(shrink * (x + easier))
            rate += scale * share * knows
            slopes.append(scale * share * shrink * knows * (1 - knows))
            curve += slopes[-1] * shrink * (1 - 2 * knows)
        noise, steep = rate * (1 - rate), max(sum(slopes), _FLAT)
        surprise = (right - of * rate) / noise
        bend = max(0.0, surprise * (steep * steep * (1 - 2 * rate) / noise - curve))
        direction = _direction(cell.parts, [slope / steep for slope in slopes])
        height = right * math.log(rate) + (of - right) * math.log(1 - rate)
        found.append(_Found(direction, of / noise * steep * steep, surprise * steep, bend, height))
    return found if len(cell.parts) > 1 else [_together(found)]


def _direction(parts: tuple[Part, ...], weights: Sequence[float]) -> Loading:
    if len(parts) == 1:
        return parts[0][1]
    axes: dict[int, float] = {}
    for weight, (_, loading) in zip(weights, parts, strict=True):
        for axis, load in loading:
            axes[axis] = axes.get(axis, 0.0) + weight * load
    return tuple(sorted(axes.items()))


def _together(found: Sequence[_Found]) -> _Found:
    return _Found(
        found[0].direction,
        sum(one.information for one in found),
        sum(one.surprise for one in found),
        sum(one.bend for one in found),
        sum(one.height for one in found),
    )


def _parts(model: ExamModel, cell: Cell) -> tuple[Part, ...]:
    """What makes up a cell's questions; () for an area that the belief does not speak of."""
    if cell.system or cell.section:
        if cell.discipline:
            loading = model.loading(Place(cell.system, cell.section, (cell.discipline,)))
            return () if loading is None else ((1.0, loading),)
        return model.parts(("section", cell.section) if cell.section else ("system", cell.system))
    return model.parts(("discipline", cell.discipline) if cell.discipline else TOTAL)


def _areas(cell: Cell) -> tuple[AreaKey, ...]:
    named = (("system", cell.system or cell.section), ("discipline", cell.discipline))
    return tuple((dimension, area) for dimension, area in named if area)


def _untold(cell: Cell) -> tuple[_Answered, ...]:
    of = cell.of - sum(of for _, _, of in cell.others)
    right = cell.right - sum(right for _, right, _ in cell.others)
    return (_Answered(right, of, 0.0, 1 / math.sqrt(1 + PROBIT * OBJECTIVE_SD**2)),) if of else ()


def _told(cell: Cell, model: ExamModel) -> tuple[_Answered, ...]:
    shrink = 1 / math.sqrt(1 + PROBIT * (1 - COMMON_PART) * OBJECTIVE_SD**2)
    return tuple(_Answered(right, of, easiness(10 * tens, model), shrink) for tens, right, of in cell.others)


def _drift(listed: Listed, model: ExamModel, today: int) -> float:
    """The variance by which a rate has wandered since the middle of a list's days, as for reports, on the logit scale
    where half is known. Not the mean day: no row may make others older, or one more wrong could raise a belief.
    """
    if listed.first is None or listed.last is None:
        return 0.0
    days = max(0.0, today - (listed.first.toordinal() + listed.last.toordinal()) / 2)
    slope = (1 - model.guess - model.slip) / math.sqrt(1 + PROBIT * OBJECTIVE_SD**2) / 4
    return (DRIFT_SD_PER_ROOT_WEEK / slope) ** 2 * days / 7


def _logit(p: float) -> float:
    return math.log(p / (1 - p))


def _rows(packed: Sequence[float]) -> list[Vector]:
    """A packed lower triangle row by row."""
    found: list[Vector] = []
    at = 0
    while at < len(packed):
        found.append(list(packed[at : at + len(found) + 1]))
        at += len(found[-1])
    return found


def _squared(lower: Sequence[Vector]) -> list[Vector]:
    """The whole symmetric matrix."""
    return [[*row, *(below[i] for below in lower[i + 1 :])] for i, row in enumerate(lower)]


def _inverse(matrix: Sequence[Vector]) -> list[Vector]:
    """The lower triangle of the inverse of a positive definite matrix."""
    size = len(matrix)
    one = [[0.0] * i + [1.0] + [0.0] * (size - i - 1) for i in range(size)]
    columns = list(zip(*forward(cholesky(matrix), one), strict=True))
    return [[dot(column[i:], other[i:]) for other in columns[: i + 1]] for i, column in enumerate(columns)]


def _solved(lower: Sequence[Vector], right: Vector) -> Vector:
    """The solution of lower lower' x = right."""
    rest = [row[0] for row in forward(lower, [[r] for r in right])]
    for i in range(len(rest) - 1, -1, -1):
        rest[i] /= lower[i][i]
        for j, factor in enumerate(lower[i][:i]):
            rest[j] -= factor * rest[i]
    return rest
