"""The one door to fsrs-rs: a learner's own weights from their reviews, and whether those foretell better.

fsrs-rs works in single precision, moves weights into its own bounds without a word and caps stability at 36,500 days. So
what it gives is put within py-fsrs's bounds, and judged by our own replay of py-fsrs's formulas.
"""

import hashlib
import math
import struct
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from qbank.core.history import Reviews
from qbank.core.memory import DEFAULT_MODEL, MODEL, WEIGHT_BOUNDS, MemoryModel
from qbank.core.prediction import Comparison, Prediction, compared, predictions
from qbank.errors import CannotFit

if TYPE_CHECKING:
    from fsrs_rs_python import FSRSItem

LEAST_REVIEWS = 1_000
"""Reviews with a prediction before a fit is tried. Source: at 200 a fit was worse for 12 of 20 simulated learners. [sim]"""

HELD_OUT = 0.25
"""The part of those reviews, the latest, on which a fit is judged."""

GROWTH = 1 / (1 - HELD_OUT)
"""How many times the reviews of the last attempt make another one worth while: then all that is held out is new."""

MARGIN = 1.0
"""Standard errors by which a fit must do better. [sim: 40 learners whose weights lie exp(N(0, .3)) off, 3,000 reviews each:
mean gain in log loss .0060 with two worse off; at two errors .0047 with one, at none .0067 with three]
"""


class Fit(msgspec.Struct, frozen=True):
    """A fit and its test. `reviews` were fitted on, those from `since` on first left out to judge it by: `held_out` of them.

    `tested` are the weights from the earlier reviews alone, to which the comparisons belong: against FSRS's own weights and
    against those in force. `model` is what to use.
    """

    model: MemoryModel
    tested: MemoryModel
    reviews: int
    held_out: int
    since: date
    against_default: Comparison
    against_in_force: Comparison

    @property
    def is_usable(self) -> bool:
        """Whether fsrs-rs gave numbers both times; where it did not, FSRS's own weights stand in their place."""
        return DEFAULT_MODEL.weights not in (self.tested.weights, self.model.weights)

    @property
    def better(self) -> bool:
        """Whether the fit is usable and beats both by MARGIN standard errors of its gain, on reviews it has not seen."""
        return self.is_usable and all(
            comparison.gain > MARGIN * comparison.standard_error
            for comparison in (self.against_default, self.against_in_force)
        )


def countable(histories: Iterable[Reviews]) -> int:
    """How many reviews have a prediction: those of an objective that was reviewed on an earlier day."""
    return sum(max(0, len(reviews) - 1) for reviews in histories)


def fit(histories: Sequence[Reviews], in_force: MemoryModel = DEFAULT_MODEL) -> Fit | None:
    """A learner's weights, from their reviews by objective; None where no later days are left to judge them on.

    They are fitted on the reviews of the days before a cut and judged on the reviews from that day on, each foretold from
    the whole history before it. `model` is then fitted on all reviews, since the latest are the most like what comes: on a
    public log of 6,276 reviews, weights fitted up to a day foretold the 15 % after it a little better than those of 15 %
    earlier (mean log loss .4480 against .4485 over seven such days, better on four).
    """
    days = sorted(day for reviews in histories for _, day in reviews[1:])
    cut = days[math.floor(len(days) * (1 - HELD_OUT))] if days else date.max
    earlier = bisect_left(days, cut)
    if not earlier:
        return None
    tested = fit_weights(histories, before=cut)
    by_default, by_in_force, by_tested = (
        held_out(histories, model, cut) for model in (DEFAULT_MODEL, in_force, tested)
    )
    return Fit(
        model=fit_weights(histories),
        tested=tested,
        reviews=len(days),
        held_out=len(days) - earlier,
        since=cut,
        against_default=compared(by_default, by_tested),
        against_in_force=compared(by_in_force, by_tested),
    )


def held_out(histories: Sequence[Reviews], model: MemoryModel, since: date) -> list[Prediction]:
    """The predictions of a day and later ones, each from everything before it."""
    return [each for each in predictions(histories, model) if each.day >= since]


def fit_weights(histories: Iterable[Reviews], before: date = date.max) -> MemoryModel:
    """The weights under which the reviews before a day are likeliest, by fsrs-rs; the same each time it is asked.

    FSRS's weights for reviews of one day are left out: a second answer on a study day is no review here. Raises CannotFit
    where fsrs-rs cannot be loaded.
    """
    # Imported here: only a fit needs it, at most once an evening.
    try:
        from fsrs_rs_python import FSRS
    except ImportError as error:
        raise CannotFit(
            "Your weights were not fitted: fsrs-rs-python, which fits them, cannot be loaded here. Nothing was changed, and "
            "everything else works without it. To have it: python -m pip install fsrs-rs-python"
        ) from error
    weights = FSRS([]).compute_parameters(_items(histories, before), enable_short_term=False)
    return model_of(weights)


def model_of(weights: Sequence[float]) -> MemoryModel:
    """These weights within py-fsrs's bounds, under a name that only they have; FSRS's own for what is no number."""
    if not all(map(math.isfinite, weights)):
        weights = DEFAULT_MODEL.weights
    # FSRS's own get such a name here too: on record, their plain name stands without weights.
    bounded = tuple(
        min(max(weight, low), high) for weight, (low, high) in zip(weights, WEIGHT_BOUNDS, strict=True)
    )
    return MemoryModel(bounded, name_of(bounded))


def name_of(weights: Sequence[float]) -> str:
    """`fsrs-6` and eight hexadecimal digits that follow from the weights."""
    packed = struct.pack(f"<{len(weights)}d", *weights)
    return f"{MODEL}-{hashlib.blake2b(packed, digest_size=4).hexdigest()}"


def library() -> str:
    """The name and version of what fits."""
    from importlib.metadata import version  # as seldom as a fit

    return f"fsrs-rs-python {version('fsrs-rs-python')}"


def _items(histories: Iterable[Reviews], before: date) -> "list[FSRSItem]":
    """Each review with all that went before it, as fsrs-rs wants to be taught, in the order of the days."""
    from fsrs_rs_python import FSRSItem, FSRSReview

    found = []
    for objective, reviews in enumerate(histories):
        days = [day for _, day in reviews]
        gaps = [0, *((later - day).days for day, later in pairwise(days))]
        made = [FSRSReview(int(rating), gap) for (rating, _), gap in zip(reviews, gaps, strict=True)]
        found += [
            (days[last], objective, FSRSItem(made[: last + 1]))
            for last in range(1, len(made))
            if days[last] < before
        ]
    found.sort(key=lambda item: item[:2])
    return [item for _, _, item in found]
