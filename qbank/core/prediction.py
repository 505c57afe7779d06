"""How well memory foretold what was recalled: every review but an objective's first is a prediction kept or broken."""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from qbank.core.history import Reviews
from qbank.core.memory import MemoryModel
from qbank.core.response import Rating
from qbank.core.trace import Trace, first_trace, next_trace

CERTAIN = 1e-7
"""Nearer than this to 0 or 1 no probability counts as being, or one surprise would cost without bound. [judged]"""


class Prediction(NamedTuple):
    """One review: `p` was P(recall) on its day, `recalled` what came of it.

    `objective` numbers the history it is of, `number` counts its reviews up to this one from 1, `lapses` those before it
    that were rated Again after the first.
    """

    objective: int
    day: date
    elapsed_days: int
    number: int
    lapses: int
    p: float
    recalled: bool


class Comparison(msgspec.Struct, frozen=True):
    """Two models on the same reviews: mean log loss of each, in nats, and the standard error of their difference."""

    before: float
    after: float
    standard_error: float

    @property
    def gain(self) -> float:
        return self.before - self.after


def predictions(histories: Iterable[Reviews], model: MemoryModel) -> list[Prediction]:
    """What the model foretold of each review but the first of each history, which was foretold by nothing."""
    found = []
    step, first, recall = model.step, model.first, model.recall
    for objective, reviews in enumerate(histories):
        stability, difficulty, lapses = 0.0, 0.0, 0
        last: date | None = None
        for number, (rating, day) in enumerate(reviews, 1):
            if last is None:
                stability, difficulty = first(rating)
            else:
                elapsed = (day - last).days
                p = recall(stability, elapsed)
                recalled = rating != Rating.AGAIN
                found.append(Prediction(objective, day, elapsed, number, lapses, p, recalled))
                stability, difficulty = step(stability, difficulty, elapsed, rating)
                lapses += not recalled
            last = day
    return found


def trace_predictions(
    histories: Iterable[Reviews], model: MemoryModel, *, known: float, guess: float, slip: float
) -> list[Prediction]:
    """P(right) that `core.trace` foretold of the same reviews; `known` is P(known before) of each objective."""
    found = []
    for objective, reviews in enumerate(histories):
        trace: Trace | None = None
        last, lapses = date.min, 0
        for number, (rating, day) in enumerate(reviews, 1):
            right = rating != Rating.AGAIN
            if trace is None:
                trace = first_trace(known, correct=right, guess=guess, slip=slip, model=model)
            else:
                elapsed = (day - last).days
                p = guess + (1 - guess - slip) * trace.recall(elapsed, model)
                found.append(Prediction(objective, day, elapsed, number, lapses, p, right))
                trace = next_trace(trace, elapsed, correct=right, guess=guess, slip=slip, model=model)
                lapses += not right
            last = day
    return found


def log_loss(found: Sequence[Prediction]) -> float:
    """The mean of -log P(what happened), in nats; lower is better."""
    return math.fsum(map(_loss, found)) / len(found)


def compared(before: Sequence[Prediction], after: Sequence[Prediction]) -> Comparison:
    """Two models' predictions of the same reviews, in the same order.

    The standard error lets the reviews of one objective depend on each other: it is robust to such clusters.
    """
    losses = [(_loss(old), _loss(new)) for old, new in zip(before, after, strict=True)]
    count = len(losses)
    gain = math.fsum(old - new for old, new in losses) / count
    clusters: dict[int, float] = {}
    for prediction, (old, new) in zip(before, losses, strict=True):
        clusters[prediction.objective] = clusters.get(prediction.objective, 0.0) + old - new - gain
    spread = math.fsum(value * value for value in clusters.values())
    few = len(clusters) / (len(clusters) - 1) if len(clusters) > 1 else math.inf
    return Comparison(
        before=math.fsum(old for old, _ in losses) / count,
        after=math.fsum(new for _, new in losses) / count,
        standard_error=math.sqrt(few * spread) / count if spread else 0.0,
    )


def brier(found: Sequence[Prediction]) -> float:
    """The mean squared error; lower is better."""
    return math.fsum((each.p - each.recalled) ** 2 for each in found) / len(found)


def reliability(found: Sequence[Prediction]) -> list[tuple[float, float, int]]:
    """(mean predicted, share recalled, reviews) of each tenth of the scale that predictions fell into."""
    tenths: dict[int, list[Prediction]] = {}
    for each in found:
        tenths.setdefault(min(int(10 * each.p), 9), []).append(each)
    return [
        (
            math.fsum(each.p for each in some) / len(some),
            sum(each.recalled for each in some) / len(some),
            len(some),
        )
        for _, some in sorted(tenths.items())
    ]


def rmse_bins(found: Sequence[Prediction]) -> float:
    """The root mean square over bins of (mean predicted - share recalled), weighted by the reviews in each; 0-1.

    The bins are srs-benchmark's: reviews alike in days since the last one, number of the review and lapses before it, each
    on a scale of steps that widen by a constant factor (3.62, 1.89 and 1.73).
    """
    bins: dict[tuple[int, int, int], list[float]] = {}
    for each in found:
        place = (
            _step(each.elapsed_days, 3.62),
            _step(each.number, 1.89),
            _step(each.lapses, 1.73) if each.lapses else -1,
        )
        bins.setdefault(place, []).append(each.p - each.recalled)
    total = math.fsum(math.fsum(off) ** 2 / len(off) for off in bins.values())
    return math.sqrt(total / len(found))


def auc(found: Sequence[Prediction]) -> float:
    """P(a recalled review was given more than a forgotten one), ties counting half; NaN when all came out alike."""
    ordered = sorted(found, key=lambda each: each.p)
    recalled = sum(each.recalled for each in found)
    forgotten = len(found) - recalled
    if not recalled or not forgotten:
        return math.nan
    ranks, start = 0.0, 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end].p == ordered[start].p:
            end += 1
        ranks += (start + end + 1) / 2 * sum(each.recalled for each in ordered[start:end])
        start = end
    return (ranks - recalled * (recalled + 1) / 2) / (recalled * forgotten)


def _loss(prediction: Prediction) -> float:
    p = min(max(prediction.p, CERTAIN), 1 - CERTAIN)
    return -math.log(p if prediction.recalled else 1 - p)


def _step(value: int, factor: float) -> int:
    return math.floor(math.log(value) / math.log(factor))
