"""What score reports say to a belief: evidence to be weighed with answers, never a multiplier.

A fail says that the total lay under a cut; a flag says on which side of a reference group's centre a row
fell (an ordered probit with unsure cuts); a self-assessment gives numbers. All of it fades with age.
Reports are laid over the belief that answers have built each time it is used, so that a report can fade, be
removed or be leaned on without replaying anything.

Two laws rule how flags enter. No flag made lower may raise any belief; and it lowers its own area's
departure from the general level while no other area's falls. Both hold by construction: flagged rows are
tied by one common factor with positive loadings (see `core.flags`), and a row's gain is positive for every
cell of the blueprint. Intervals come from the full matrix of shared items and do not depend on which flags
came out.
"""

from collections.abc import Sequence

import msgspec

from qbank.core.belief import Belief, Vector, conditioned, covariances, dot
from qbank.core.exam_model import AreaKey, ExamModel
from qbank.core.flags import common_factor, given_intervals, informed_part
from qbank.core.report_rows import Dated, MeasuredRow, ReportEvidence, flagged_rows, numbered_rows, spread

LEAST_LEFT = 1e-6
"""The part of its move that a flag keeps when answers have settled its row: too small to show. [judged]"""


class Reported(msgspec.Struct, frozen=True):
    """A belief with reports laid over it.

    `belief` is for showing and for what to expect. `base` lacks what the flags and the fail say: objectives
    are priced by it, and the flags come in through `departures`: how far they put an area below (-) or
    above the general level, on the P(correct) scale, noise discounted. Departures shrink towards 0 as
    answers speak.
    """

    belief: Belief
    base: Belief
    departures: dict[AreaKey, float]


def with_reports(
    belief: Belief, model: ExamModel, reports: Sequence[tuple[ReportEvidence, float]], *, lean: float = 1.0
) -> Reported:
    """The belief with reports, each with its age in days, laid over it; some milliseconds a report.

    `lean` scales the strength of the evidence: 0 ignores it, 2 takes the variance of its noise for half.
    """
    if lean <= 0:
        return Reported(belief, belief, {})
    sources = [Dated(report, age_days, lean) for report, age_days in reports]
    base = belief
    for source in sources:
        base = _with_numbers(base, model, source)
    flagged = [row for source in sources for row in flagged_rows(base, model, source)]
    return _with_flags(base, model, flagged) if flagged else Reported(base, base, {})


def _with_numbers(belief: Belief, model: ExamModel, source: Dated) -> Belief:
    """An iterated extended Kalman update (Bell & Cathey 1993): far from the prior, the logistic bends."""
    after = belief
    for _ in range(6):
        rows = numbered_rows(after, model, source)
        if not rows:
            return belief
        covs, matrix = spread(belief, rows)
        back = [m - n for m, n in zip(belief.mean, after.mean, strict=True)]
        surprise = [row.shown - row.expected - dot(row.gradient, back) for row in rows]
        before, after = after, conditioned(belief, covs, matrix, surprise)
        if max(abs(m - n) for m, n in zip(before.mean, after.mean, strict=True)) < 1e-4:
            break
    return after


def _with_flags(base: Belief, model: ExamModel, rows: list[MeasuredRow]) -> Reported:
    covs, matrix = spread(base, rows)
    loadings, rest = common_factor(matrix)
    factor, own = given_intervals(
        [row.expected for row in rows], loadings, rest, [row.interval for row in rows]
    )
    moves = [_own(base, model, row) for row in rows]
    gains = [[g / variance for g in move] for move, variance in zip(moves, rest, strict=True)]
    mean = [
        m + factor * g for m, g in zip(base.mean, _common_gain(model, covs, loadings, gains), strict=True)
    ]
    for gain, departed in zip(gains, own, strict=True):
        mean = [m + departed * g for m, g in zip(mean, gain, strict=True)]
    narrowed = _narrowed(base, rows, covs, matrix)
    return Reported(
        Belief(tuple(mean), narrowed.cov, base.answers), base, _departures(model, rows, moves, own, rest)
    )


def _narrowed(base: Belief, rows: list[MeasuredRow], covs: list[Vector], matrix: list[Vector]) -> Belief:
    """The covariance that such categories leave on average, whichever they turned out to be."""
    said = [i for i, row in enumerate(rows) if row.fell is not None]
    known = [[matrix[i][j] for j in said] for i in said]
    for at, i in enumerate(said):
        known[at][at] /= max(informed_part(rows[i].expected, matrix[i][i], rows[i].cuts), 1e-6)
    return conditioned(base, [covs[i] for i in said], known, [0.0] * len(said))


def _own(base: Belief, model: ExamModel, row: MeasuredRow) -> Vector:
    """How the axes that belong to the row's areas alone move with its own rest, times that rest's variance.

    When answers have settled the row itself, its own axes may still be unsure (against the general level),
    but their move would no longer be the row's: so it shrinks by the covariance that row and axes have
    left, though never to nothing: a lower flag always lies lower than the same.
    """
    axes = frozenset[int]().union(*(model.own_axes(key) for key, _ in row.areas))
    cov = covariances(base, tuple((axis, g) for axis, g in enumerate(row.gradient) if axis in axes))
    alone = sum(cov[axis] * row.gradient[axis] for axis in axes)
    left = min(max(dot(cov, row.gradient) / alone, LEAST_LEFT), 1.0) if alone > 0 else 0.0
    return [left * max(0.0, c) if axis in axes else 0.0 for axis, c in enumerate(cov)]


def _common_gain(model: ExamModel, covs: list[Vector], loadings: Vector, gains: list[Vector]) -> Vector:
    """Each axis's covariance with the common factor, by least squares over the rows.

    When the factor falls, the rests of the other rows rise, each by no more than its loading. So that no
    area rises on balance, the general level takes at least what those rests could give.
    """
    scale = sum(u * u for u in loadings)
    if not scale:
        return [0.0] * model.axes
    common, given = [0.0] * model.axes, [0.0] * model.axes
    for cov, gain, u in zip(covs, gains, loadings, strict=True):
        common = [c + u / scale * x for c, x in zip(common, cov, strict=True)]
        given = [g + u * x for g, x in zip(given, gain, strict=True)]
    left = [c - g for c, g in zip(common, given, strict=True)]
    common[0] += max(0.0, -model.least(left))
    return common


def _departures(
    model: ExamModel, rows: list[MeasuredRow], moves: list[Vector], own: Vector, rest: Vector
) -> dict[AreaKey, float]:
    """For each flagged area, the true part of its rows' rests, which are noise but for its own axes."""
    found: dict[AreaKey, list[tuple[float, float, float]]] = {}
    for row, move, departed, variance in zip(rows, moves, own, rest, strict=True):
        true = dot(move, row.gradient)
        for key, weight in row.areas:
            if row.fell is not None and model.own_axes(key):
                found.setdefault(key, []).append((departed * weight, true, variance))
    return {key: _weighed(said) for key, said in sorted(found.items())}


def _weighed(said: list[tuple[float, float, float]]) -> float:
    """One departure from several rows' (departure, true variance, variance), weighed by their noise."""
    true = sum(variance for _, variance, _ in said) / len(said)
    noises = [max(variance - own, 0.1 * variance) for _, own, variance in said]
    pull = sum(departed / noise for (departed, _, _), noise in zip(said, noises, strict=True))
    return true * pull / (1 + true * sum(1 / noise for noise in noises))
