"""What the practice so far comes to: by area, by day, by what was said and by what was expected, from the sums of blocks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec

from qbank.core.exam import Flag
from qbank.core.insight.block_sums import BINS, AreaSums, BlockSums, Closed, joined
from qbank.core.mastery import Estimate
from qbank.core.proportion import wilson
from qbank.core.response import Confidence

WEEKS = 8
"""So many weeks back a trend is told. [judged]"""

NO_SYSTEM = "system/"
"""The key of answers whose system is unknown."""


class AreaProgress(msgspec.Struct, frozen=True):
    """One area of the exam. `share` is its part of the exam's items, `time_share` its part of the time spent here.

    `flag` is the latest report's word, `belief` P(correct) on the exam's items of it; None where there is none. `fresh`
    and `seen` are (answers, right) on questions never seen before and on others. `weeks` is the part right of fresh
    answers in each of the last WEEKS weeks, the oldest first, None where there were none.
    """

    dimension: str
    area: str
    name: str
    share: float
    flag: Flag | None
    belief: Estimate | None
    fresh: tuple[int, int]
    seen: tuple[int, int]
    ms: int
    time_share: float
    weeks: tuple[float | None, ...]


class DayWork(msgspec.Struct, frozen=True):
    """What was done on a study day."""

    day: date
    answers: int
    right: int
    ms: int


class SaidRow(msgspec.Struct, frozen=True):
    """Answers by how sure the learner said they were; `low` to `high` is the 95 % interval of the part right."""

    said: str
    answers: int
    right: int
    low: float
    high: float


class ForecastRow(msgspec.Struct, frozen=True):
    """Seen questions whose expected P(correct) was from `low` to under `high`.

    `expected` is its mean, `observed` the part right, with its 95 % interval.
    """

    low: float
    high: float
    answers: int
    expected: float
    observed: float
    interval_low: float
    interval_high: float


class DueDay(msgspec.Struct, frozen=True):
    """The minutes that it takes to review what falls due on a day; on the first day, what is due already."""

    day: date
    minutes: float


class Progress(msgspec.Struct, frozen=True):
    """Everything `qbank progress` tells.

    `answered`, `right` and `ms` are over all closed blocks; `days` are those with work, the earliest first.
    """

    exam_day: date
    today: date
    answered: int
    right: int
    ms: int
    areas: tuple[AreaProgress, ...]
    days: tuple[DayWork, ...]
    said: tuple[SaidRow, ...]
    forecasts: tuple[ForecastRow, ...]
    due: tuple[DueDay, ...]


class AreaWork(msgspec.Struct, frozen=True):
    """What was done in an area, as AreaProgress has it."""

    fresh: tuple[int, int] = (0, 0)
    seen: tuple[int, int] = (0, 0)
    ms: int = 0
    time_share: float = 0.0
    weeks: tuple[float | None, ...] = (None,) * WEEKS


class Work(msgspec.Struct, frozen=True):
    """The part of Progress that closed blocks alone tell; `areas` by "system/id" and "discipline/id"."""

    answered: int
    right: int
    ms: int
    areas: Mapping[str, AreaWork]
    days: tuple[DayWork, ...]
    said: tuple[SaidRow, ...]
    forecasts: tuple[ForecastRow, ...]


def work(closed: Sequence[Closed], today: date) -> Work:
    """What these blocks come to, told on a day."""
    whole = joined(block.sums for block in closed)
    return Work(
        answered=whole.answers.n,
        right=whole.answers.right,
        ms=_ms(whole),
        areas=_areas(whole, _weekly(closed, today)),
        days=_days(closed),
        said=_said(whole.confidence),
        forecasts=_forecasts(whole.forecasts),
    )


def _areas(whole: BlockSums, weekly: Sequence[BlockSums]) -> dict[str, AreaWork]:
    """Answers without a known system are in no area, so their time is nobody's share."""
    placed = sum(of.ms for key, of in whole.areas.items() if key.startswith(NO_SYSTEM) and key != NO_SYSTEM)
    return {
        key: AreaWork(
            (of.fresh, of.fresh_right),
            (of.seen, of.seen_right),
            of.ms,
            of.ms / placed if placed else 0.0,
            tuple(_facility(week.areas.get(key)) for week in weekly),
        )
        for key, of in whole.areas.items()
        if key != NO_SYSTEM
    }


def _weekly(closed: Iterable[Closed], today: date) -> list[BlockSums]:
    """The sums of each of the last WEEKS weeks, the oldest first; the last one ends today."""
    weeks = [BlockSums() for _ in range(WEEKS)]
    for block in closed:
        ago = (today - block.study_day).days // 7
        if 0 <= ago < WEEKS:
            weeks[WEEKS - 1 - ago].join(block.sums)
    return weeks


def _facility(of: AreaSums | None) -> float | None:
    return of.fresh_right / of.fresh if of is not None and of.fresh else None


def _days(closed: Iterable[Closed]) -> tuple[DayWork, ...]:
    sums: dict[date, tuple[int, int, int]] = {}
    for block in closed:
        answers, right, ms = sums.get(block.study_day, (0, 0, 0))
        of = block.sums
        sums[block.study_day] = (answers + of.answers.n, right + of.answers.right, ms + _ms(of))
    return tuple(DayWork(day, *sums[day]) for day in sorted(sums) if sums[day][0])


def _ms(sums: BlockSums) -> int:
    return sums.last_quarter_ms[1] + sums.rest_ms[1]


def _said(counts: Mapping[str, tuple[int, int]]) -> tuple[SaidRow, ...]:
    """Those that were said at all, the surest first."""
    rows = []
    for word in Confidence:
        answers, right = counts.get(word.value, (0, 0))
        if answers:
            rows.append(SaidRow(word.value, answers, right, *wilson(right, answers)))
    return tuple(rows)


def _forecasts(bins: Mapping[int, tuple[int, int, float]]) -> tuple[ForecastRow, ...]:
    rows = []
    for at in sorted(bins):
        answers, right, expected = bins[at]
        if answers:
            interval = wilson(right, answers)
            observed = right / answers
            rows.append(
                ForecastRow(at / BINS, (at + 1) / BINS, answers, expected / answers, observed, *interval)
            )
    return tuple(rows)
