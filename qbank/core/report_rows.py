"""A report's rows as measurements of the belief: what each should show, what it showed, its noise.

Everything is on the P(correct) scale. Rows of one form share items, so their noises are tied: Cov(i, j) =
.2275 n_ij / (n_i n_j), with n_ij the items that two rows share.
"""

import math
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from qbank.core.belief import Belief, Vector, covariances_of_all, dot
from qbank.core.exam_model import TOTAL, AreaKey, ExamModel, Part
from qbank.core.flags import Interval
from qbank.core.mastery import correct_rate

ITEM_VARIANCE = 0.2275
"""p (1 - p) of one item at 65 % correct."""

BAND_ITEM_SD = 1.0
"""Half of the "same" band, in standard errors of the row. [judged: nobody publishes the cuts]"""

CUT_ITEM_SD = 0.5
"""How unsure each cut is, in standard errors of the row. [judged]"""

DRIFT_SD_PER_ROOT_WEEK = 0.015
"""How far a rate wanders from where a report saw it: all rows together, and each alone. [judged]"""

SELF_ASSESSMENT_SD = 0.04
"""Of a self-assessment's total: two thirds of retests fall within 4 points, as NBME prints."""

LEAST_ITEMS = 25
"""Rows with fewer items give no number: NBME's rule for its customised exams."""

Areas = tuple[tuple[AreaKey, float], ...]


class RowEvidence(msgspec.Struct, frozen=True):
    """One row of a report.

    `areas` holds the part of its items in each area (they add up to 1). It has a flag (-1 lower, 0 same, 1
    higher) or a rate correct (0-1). `items` of 0 means as many as its areas have on that form.
    """

    name: str
    areas: Areas
    flag: int | None = None
    rate: float | None = None
    items: float = 0.0


class ReportEvidence(msgspec.Struct, frozen=True):
    """What one report says.

    `items` is the form's length. `centre` is the (mean, sd) of the group that flags compare with, or None for
    the learner's own total; `cut` is the pass line's. `total` is a self-assessment's rate correct (0-1).
    `reliable` is False for a repeated or untimed form, whose noise has twice the sd.
    """

    rows: tuple[RowEvidence, ...]
    items: int
    centre: tuple[float, float] | None
    cut: tuple[float, float]
    failed: bool = False
    total: float | None = None
    reliable: bool = True


class Dated(msgspec.Struct, frozen=True, eq=False):
    """A report with its age, and how hard it is leaned on: 2 takes the variance of its noise for half."""

    report: ReportEvidence
    age_days: float
    lean: float = 1.0


class MeasuredRow(msgspec.Struct, frozen=True, eq=False):
    """A row against a belief: what it should show, its gradient over the axes, its items by section.

    A flagged row fell in category `fell` of those that `cuts` make, None for one that was left out; a row
    without cuts showed the rate `shown`.
    """

    source: Dated
    areas: Areas
    expected: float
    gradient: Vector
    items: float
    rates: tuple[float, ...]
    shares: tuple[float, ...]
    cuts: tuple[float, ...] = ()
    fell: int | None = None
    shown: float = 0.0

    @property
    def interval(self) -> Interval:
        if self.fell is None:
            return Interval(-math.inf, math.inf)
        edges = (-math.inf, *self.cuts, math.inf)
        return Interval(edges[self.fell], edges[self.fell + 1])

    @property
    def is_total(self) -> bool:
        return self.areas[0][0] == TOTAL


def flagged_rows(belief: Belief, model: ExamModel, source: Dated) -> list[MeasuredRow]:
    """The rows of flags, and the fail as a row over the whole exam; [] without a flag and a fail.

    A row left out stays among them with nothing known of it, so that filling it in changes that row alone.
    Rows over areas that the belief does not know (physician tasks) do not count, nor does a row over the
    very areas of an earlier one: its items have spoken.
    """
    report = source.report
    rows: dict[Areas, MeasuredRow] = {}
    for evidence in report.rows:
        row = _measured(belief, model, source, evidence)
        if evidence.rate is None and row is not None:
            rows.setdefault(row.areas, _with_cuts(row, belief, model, evidence.flag))
    fail = _measured(belief, model, source, _WHOLE)
    if report.failed and fail is not None:
        return [*rows.values(), replace(fail, cuts=(report.cut[0],), fell=0)]
    return list(rows.values()) if any(row.fell is not None for row in rows.values()) else []


def numbered_rows(belief: Belief, model: ExamModel, source: Dated) -> list[MeasuredRow]:
    """A self-assessment's total, and its rows with enough items."""
    rows = []
    if source.report.total is not None and (whole := _measured(belief, model, source, _WHOLE)):
        rows.append(replace(whole, shown=source.report.total))
    for evidence in source.report.rows:
        if evidence.rate is None:
            continue
        row = _measured(belief, model, source, evidence)
        if row is not None and row.items >= LEAST_ITEMS:
            rows.append(replace(row, shown=evidence.rate))
    return rows


def spread(belief: Belief, rows: Sequence[MeasuredRow]) -> tuple[list[Vector], list[Vector]]:
    """(each axis's covariance with each row as measured, the rows' covariance matrix)."""
    covs = covariances_of_all(belief, [row.gradient for row in rows])
    asked = [[rate * share for rate, share in zip(row.rates, row.shares, strict=True)] for row in rows]
    parts = [sum(row) for row in asked]
    matrix = [[0.0] * len(rows) for _ in rows]
    for i, first in enumerate(rows):
        for j, second in enumerate(rows[:i]):
            tied = 0.0
            if first.source is second.source:
                overlap = dot(asked[i], second.rates) / math.sqrt(parts[i] * parts[j])
                tied = _shared_noise(first, second, overlap)
            matrix[i][j] = matrix[j][i] = dot(covs[i], second.gradient) + tied
        matrix[i][i] = dot(covs[i], first.gradient) + _own_noise(first)
    return covs, matrix


def _measured(belief: Belief, model: ExamModel, source: Dated, evidence: RowEvidence) -> MeasuredRow | None:
    areas = tuple((key, weight) for key, weight in evidence.areas if weight > 0 and model.parts(key))
    whole = sum(weight for _, weight in areas)
    if not whole:
        return None
    parts: list[Part] = []
    rates = [0.0] * len(model.sections)
    for key, weight in areas:
        parts += [(share * weight / whole, loading) for share, loading in model.parts(key)]
        rates = [min(1.0, a + b) for a, b in zip(rates, model.item_rates(key), strict=True)]
    expected, gradient = correct_rate(belief, tuple(parts), model.guess, model.slip)
    items = evidence.items or source.report.items * dot(rates, model.section_share)
    return MeasuredRow(source, areas, expected, gradient, items, tuple(rates), model.section_share)


def _with_cuts(row: MeasuredRow, belief: Belief, model: ExamModel, flag: int | None) -> MeasuredRow:
    fell = None if flag is None else flag + 1
    half = BAND_ITEM_SD * math.sqrt(ITEM_VARIANCE / row.items)
    centre = row.source.report.centre
    if centre is not None:
        return replace(row, cuts=(centre[0] - half, centre[0] + half), fell=fell)
    expected, gradient = correct_rate(belief, model.parts(TOTAL), model.guess, model.slip)
    return replace(
        row,
        expected=row.expected - expected,
        gradient=[own - total for own, total in zip(row.gradient, gradient, strict=True)],
        cuts=(-half, half),
        fell=fell,
    )


def _shared_noise(first: MeasuredRow, second: MeasuredRow, overlap: float) -> float:
    """`overlap` is the part of the exam that both rows are, over the geometric mean of the parts that each is."""
    sampled = ITEM_VARIANCE / math.sqrt(first.items * second.items) * overlap
    return (_doubt(first) * sampled + _common_noise(first, second)) / first.source.lean


def _own_noise(row: MeasuredRow) -> float:
    sampled = ITEM_VARIANCE / row.items
    total = _doubt(row) * sampled + _common_noise(row, row) + _drift(row)
    if row.cuts and not row.is_total:
        total += CUT_ITEM_SD**2 * sampled
    if row.cuts and row.is_total:
        total += row.source.report.cut[1] ** 2
    return total / row.source.lean


def _common_noise(first: MeasuredRow, second: MeasuredRow) -> float:
    """What moves all rows of a report alike, beyond the items they share."""
    report = first.source.report
    if not first.cuts:
        form = max(0.0, SELF_ASSESSMENT_SD**2 - ITEM_VARIANCE / report.items)
        return _drift(first) + _doubt(first) * form
    if first.is_total or second.is_total or report.centre is None:
        return _drift(first)
    return _drift(first) + report.centre[1] ** 2


def _doubt(row: MeasuredRow) -> float:
    return 1.0 if row.source.report.reliable else 4.0


def _drift(row: MeasuredRow) -> float:
    return DRIFT_SD_PER_ROOT_WEEK**2 * max(0.0, row.source.age_days) / 7


_WHOLE = RowEvidence("total", ((TOTAL, 1.0),))
