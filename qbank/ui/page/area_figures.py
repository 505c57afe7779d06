"""Figures of the areas of one dimension: what is believed of them, how fresh questions went, and where time went."""

from collections.abc import Sequence

from qbank.core.insight.progress import WEEKS, AreaProgress
from qbank.ui.overview import percent
from qbank.ui.page.charts import Range, Trend, ranges, trends
from qbank.ui.page.figure import Figure

TOPS = (0.12, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Ends of the scale of shares, of which the lowest is taken that holds them all."""


def by_dimension(areas: Sequence[AreaProgress]) -> dict[str, list[AreaProgress]]:
    """The areas of each dimension, both in the order given."""
    found: dict[str, list[AreaProgress]] = {}
    for area in areas:
        found.setdefault(area.dimension, []).append(area)
    return found


def standing_figure(dimension: str, areas: Sequence[AreaProgress]) -> Figure:
    """What is believed of each area, with its interval, the report's word and its share of the exam."""
    rows = [
        Range(
            area.name,
            ", ".join(_standing_words(area)),
            *((area.belief.mean, area.belief.low, area.belief.high) if area.belief else ()),
        )
        for area in areas
    ]
    return Figure(
        key=f"standing-{dimension}",
        title=f"Where you stand by {dimension}",
        says=f"What you are believed to get right in each {dimension}: {_listed(areas)}.",
        reads="Dot: what you are believed to get right of the exam's questions there. Bar: where the truth lies nine times "
        "in ten, if the model is right; a long bar means that little is known yet.",
        drawing=ranges(rows),
        columns=(
            dimension.capitalize(),
            "Report",
            "Believed right",
            "Of exam",
            "Fresh right",
            "Seen right",
            "Minutes",
        ),
        rows=[
            (
                area.name,
                area.flag.value if area.flag else "-",
                percent(area.belief) if area.belief else "-",
                f"{area.share:.0%}",
                _part(area.fresh),
                _part(area.seen),
                f"{area.ms / 60_000:.0f}",
            )
            for area in areas
        ],
        leads=False,
    )


def trend_figure(dimension: str, areas: Sequence[AreaProgress]) -> Figure | None:
    """The part of fresh questions right in each of the last weeks; None where no area has any."""
    told = [area for area in areas if any(value is not None for value in area.weeks)]
    if not told:
        return None
    rows = [Trend(area.name, _trend_words(area), area.weeks) for area in told]
    return Figure(
        key=f"weeks-{dimension}",
        title=f"Fresh questions right by {dimension}, week by week",
        says=f"The part of fresh questions that you got right in each of the last {WEEKS} weeks: "
        + "; ".join(f"{area.name}, {_trend_words(area)}" for area in told)
        + ".",
        reads=f"From left to right the last {WEEKS} weeks, from the lower line, none right, to the upper one, all right. "
        "A gap is a week without fresh questions there. A week holds few of them, so single steps tell little.",
        drawing=trends(rows),
        columns=(dimension.capitalize(), *(_weeks_ago(WEEKS - 1 - index) for index in range(WEEKS))),
        rows=[
            (area.name, *("-" if value is None else f"{value:.0%}" for value in area.weeks)) for area in told
        ],
        leads=False,
    )


def time_figure(dimension: str, areas: Sequence[AreaProgress]) -> Figure | None:
    """Each area's share of the time spent beside its share of the exam; None before any time was spent."""
    if not any(area.ms for area in areas):
        return None
    most = max(max(area.share, area.time_share) for area in areas)
    top = next((end for end in TOPS if end >= most), 1.0)
    rows = [
        Range(area.name, _time_words(area), min(area.time_share, top), other=min(area.share, top))
        for area in areas
    ]
    return Figure(
        key=f"time-{dimension}",
        title=f"Your time and the exam by {dimension}",
        says="; ".join(f"{area.name}: {_time_words(area)}" for area in areas) + ".",
        reads="Dot: its share of your time here. Ring: its share of the exam. They need not meet: what is marked lower, "
        "or slips, takes more time.",
        drawing=ranges(rows, top),
        columns=(dimension.capitalize(), "Of your time", "Of exam", "Minutes"),
        rows=[
            (area.name, f"{area.time_share:.0%}", f"{area.share:.0%}", f"{area.ms / 60_000:.0f}")
            for area in areas
        ],
        leads=False,
    )


def _standing_words(area: AreaProgress) -> list[str]:
    words = [percent(area.belief) if area.belief else "nothing believed yet"]
    if area.flag is not None:
        words.append(f"report: {area.flag.value}")
    return [*words, f"{area.share:.0%} of exam"]


def _listed(areas: Sequence[AreaProgress]) -> str:
    return "; ".join(f"{area.name}, {', '.join(_standing_words(area))}" for area in areas)


def _trend_words(area: AreaProgress) -> str:
    answers, right = area.fresh
    latest = next(value for value in reversed(area.weeks) if value is not None)
    return f"{latest:.0%} in the latest week, {right} of {answers} in all"


def _time_words(area: AreaProgress) -> str:
    return f"{area.time_share:.0%} of your time, {area.share:.0%} of the exam"


def _part(counted: tuple[int, int]) -> str:
    answers, right = counted
    return f"{right} of {answers}" if answers else "-"


def _weeks_ago(weeks: int) -> str:
    return "Last 7 days" if weeks == 0 else f"{weeks} wk ago"
