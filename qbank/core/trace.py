"""What the answers to one objective say of its memory: whether it is there, and how well it is kept.

A right answer may be a guess and a wrong one a slip, so the state is never seen. Three things can have become of an
objective by the end of its last review: it was recalled; it was not, but its explanation was taken in; or neither, and
nothing is there. A trace holds the odds of these with one stability each, mixed in logarithms: an assumed-density filter
(Boyen & Koller 1998) over what FSRS would do if it saw what was recalled and what was only right. FSRS's own memory, which
takes each answer at its word, says when an objective is due; the trace says what it is worth.
"""

import math
from collections.abc import Callable

import msgspec

from qbank.core.mastery import SAID_KNOWING, SAID_NOT_KNOWING
from qbank.core.memory import DEFAULT_MODEL, SHORTEST_DAYS, MemoryModel, first_memory, next_stability
from qbank.core.response import Confidence, Rating

KNOWN_STABILITY_DAYS = 60.0
"""How well what was known before the first drill is kept, and how long it has lain: recall is at .9. [judged]"""

DIFFICULTY = 5.0
"""Of every objective: what was recalled is not seen, and FSRS's difficulty follows from nothing else. [judged]"""

ENCODING = 0.7
"""P(the explanation is taken in, so that the next day finds something of it). [judged: in simulation anything from .6 to 1
comes to within .03 of the same gap]
"""

Mix = Callable[[float, float, float, float, float], tuple[float, float, float]]
"""(kept, kept_days, taught, taught_days, elapsed_days) -> (recall now, recall later if left, if drilled now)."""


class Trace(msgspec.Struct, frozen=True):
    """`kept`: P(recalled at the last review), which left a stability of `kept_days`; `taught`: P(not recalled, but its
    explanation taken in), which left `taught_days`. With what is left over of 1, nothing is there.
    """

    kept: float
    kept_days: float
    taught: float
    taught_days: float

    def recall(self, elapsed_days: float, model: MemoryModel = DEFAULT_MODEL) -> float:
        """P(recall) so long after the last review."""
        kept = self.kept * model.recall(self.kept_days, elapsed_days)
        return kept + self.taught * model.recall(self.taught_days, elapsed_days)


def first_trace(
    p_know: float,
    *,
    correct: bool,
    guess: float,
    slip: float,
    said: Confidence | None = None,
    model: MemoryModel = DEFAULT_MODEL,
) -> Trace:
    """The trace after the first answer to an objective that is known with probability `p_know` today."""
    if_recalled, if_not = _likelihoods(correct, guess, slip, said)
    kept, rest = p_know * if_recalled, (1 - p_know) * if_not
    kept /= kept + rest
    return Trace(kept, _known_drilled(model), (1 - kept) * ENCODING, first_memory(Rating.AGAIN, model)[0])


def next_trace(
    trace: Trace,
    elapsed_days: float,
    *,
    correct: bool,
    guess: float,
    slip: float,
    said: Confidence | None = None,
    model: MemoryModel = DEFAULT_MODEL,
) -> Trace:
    """The trace after an answer on a later day. `guess` is P(right | not recalled) of the question that was asked."""
    if_recalled, if_not = _likelihoods(correct, guess, slip, said)
    kept_now = model.recall(trace.kept_days, elapsed_days)
    taught_now = model.recall(trace.taught_days, elapsed_days)
    from_kept = trace.kept * kept_now * if_recalled
    from_taught = trace.taught * taught_now * if_recalled
    lapsed = trace.kept * (1 - kept_now) * if_not
    nothing = (1 - trace.kept - trace.taught * taught_now) * if_not
    recalled, missed = from_kept + from_taught, lapsed + nothing
    kept = recalled / (recalled + missed)
    return Trace(
        kept,
        _between(
            from_kept,
            _grown(trace.kept_days, kept_now, model),
            from_taught,
            _grown(trace.taught_days, taught_now, model),
        ),
        (1 - kept) * ENCODING,
        _between(
            lapsed,
            next_stability(trace.kept_days, DIFFICULTY, kept_now, Rating.AGAIN, model),
            nothing,
            first_memory(Rating.AGAIN, model)[0],
        ),
    )


def known_before(horizon_days: float, model: MemoryModel = DEFAULT_MODEL) -> tuple[float, float]:
    """(P(recall then) of what is known today and was never drilled: left alone, drilled now)."""
    lain = model.recall(KNOWN_STABILITY_DAYS, KNOWN_STABILITY_DAYS)
    left = model.recall(KNOWN_STABILITY_DAYS, KNOWN_STABILITY_DAYS + horizon_days) / lain
    return left, model.recall(_known_drilled(model), horizon_days)


def not_known_before(horizon_days: float, model: MemoryModel = DEFAULT_MODEL) -> float:
    """P(recall then) of what is not known today, drilled now."""
    return ENCODING * model.recall(first_memory(Rating.AGAIN, model)[0], horizon_days)


def mixer(horizon_days: float, model: MemoryModel = DEFAULT_MODEL) -> Mix:
    """What recall will be in `horizon_days`, left alone or drilled now, over all that a trace holds for possible.

    The mean over both answers and all that can have become of the objective, each with the stability that it leaves: the
    exact mixture, which `next_trace` keeps in mind with one stability each for what was recalled and what was not. It is
    written out, because it runs for every objective ever seen whenever a block is composed.
    """
    exp = math.exp
    w, factor, decay, horizon = model.weights, model.factor, -model.decay, model.factor * horizon_days
    growth, w9, w10 = model.growth * (11 - DIFFICULTY), -w[9], w[10]
    lapse, w13, w14, cap = w[11] * DIFFICULTY ** -w[12], w[13], w[14], model.lapse_cap
    anew = not_known_before(horizon_days, model)
    encoding = ENCODING

    def mix(
        kept: float, kept_days: float, taught: float, taught_days: float, elapsed: float
    ) -> tuple[float, float, float]:
        gone = factor * elapsed
        kept_now, taught_now = (1 + gone / kept_days) ** decay, (1 + gone / taught_days) ** decay
        gone += horizon
        left = kept * (1 + gone / kept_days) ** decay + taught * (1 + gone / taught_days) ** decay
        forgot = 1 - kept_now
        good = kept_days * (1 + growth * kept_days**w9 * (exp(forgot * w10) - 1))
        again = min(lapse * ((kept_days + 1) ** w13 - 1) * exp(forgot * w14), kept_days / cap)
        if again < SHORTEST_DAYS:
            again = SHORTEST_DAYS
        better = taught_days * (1 + growth * taught_days**w9 * (exp((1 - taught_now) * w10) - 1))
        recalled = taught * taught_now
        drilled = (
            kept
            * (kept_now * (1 + horizon / good) ** decay + forgot * encoding * (1 + horizon / again) ** decay)
            + recalled * (1 + horizon / better) ** decay
            + (1 - kept - recalled) * anew
        )
        return kept * kept_now + recalled, left, drilled

    return mix


def _known_drilled(model: MemoryModel) -> float:
    return next_stability(KNOWN_STABILITY_DAYS, DIFFICULTY, 0.9, Rating.GOOD, model)


def _grown(stability_days: float, recall_now: float, model: MemoryModel) -> float:
    return next_stability(stability_days, DIFFICULTY, recall_now, Rating.GOOD, model)


def _likelihoods(correct: bool, guess: float, slip: float, said: Confidence | None) -> tuple[float, float]:
    """P(this answer, and what was said of it) if the objective was recalled, and if it was not."""
    if_recalled, if_not = (1 - slip, guess) if correct else (slip, 1 - guess)
    if said is None:
        return if_recalled, if_not
    return if_recalled * SAID_KNOWING[said], if_not * SAID_NOT_KNOWING[said]


def _between(one: float, one_days: float, other: float, other_days: float) -> float:
    """The mean of two stabilities in logarithms, by their weights."""
    both = one + other
    if both <= 0:
        return one_days
    return math.exp((one * math.log(one_days) + other * math.log(other_days)) / both)
