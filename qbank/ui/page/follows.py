"""What follows from the progress so far, a sentence or two for each, with what to do about it."""

from collections.abc import Iterator

from qbank.core.exam import Flag
from qbank.core.insight.progress import AreaProgress, Progress
from qbank.core.proportion import wilson
from qbank.ui.overview import percent
from qbank.ui.page.area_figures import by_dimension

LEAST_PLACED = 60
"""So many answers before it is told where the time goes: about five in each of eleven systems. [judged]"""

LEAST_GAP = 0.03
"""A share of the time that lies less than this below the share of the exam is not worth a word. [judged]"""

LEAST_DUE_MINUTES = 5.0
"""Less that is due is not worth a word. [judged]"""


def follows(progress: Progress) -> Iterator[str]:
    """The most to be won, time that falls short, what is due, and how sure "sure" is; what does not hold is left out."""
    if progress.exam_day <= progress.today:
        return
    first = next(iter(by_dimension(progress.areas).values()), [])
    yield from _most_to_win(first)
    yield from _short_of_time(first)
    if progress.due and progress.due[0].minutes >= LEAST_DUE_MINUTES:
        yield (
            f"About {progress.due[0].minutes:.0f} minutes of what you have met are due: qbank review takes first what is "
            "worth most, and owes you nothing for the rest."
        )
    yield from _sure(progress)


def _most_to_win(areas: list[AreaProgress]) -> Iterator[str]:
    """The area whose share of the exam times what is believed missed is greatest: an expected loss in points of the exam."""
    believed = [(area, area.belief) for area in areas if area.belief is not None]
    if believed:
        area, belief = max(believed, key=lambda one: one[0].share * (1 - one[1].mean))
        yield (
            f"Most is to be won in {area.name}: {area.share:.0%} of the exam, of which you are believed to get "
            f"{percent(belief)} right. Mixed blocks lean there by themselves; keep them mixed."
        )


def _short_of_time(areas: list[AreaProgress]) -> Iterator[str]:
    """What the report has as higher is left out: less time is right where one is strong."""
    if sum(area.fresh[0] + area.seen[0] for area in areas) < LEAST_PLACED:
        return
    below = [area for area in areas if area.flag is not Flag.HIGHER]
    area = max(below, key=lambda one: one.share - one.time_share, default=None)
    if area is not None and area.share - area.time_share >= LEAST_GAP:
        yield (
            f"{area.name} is {area.share:.0%} of the exam and has had {area.time_share:.0%} of your time here. If you do "
            f"not work on it elsewhere, give it a block: qbank block --{area.dimension} {area.area}"
        )


def _sure(progress: Progress) -> Iterator[str]:
    """Told only where the interval says that fewer than four in five of the answers called sure are right. [judged]"""
    for row in progress.said:
        if row.said == "sure" and wilson(row.right, row.answers).high < 0.8:
            yield (
                f"Of {row.answers} answers that you were sure of, {row.right} were right. Before you go on from one, say "
                "what in the case would have to be different for the next best option."
            )
