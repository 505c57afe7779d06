"""What the learner knows, area by area, with how sure that is: a Bayesian belief over the exam's blueprint.

logit P(know an objective) = general level + section + mean of its disciplines + the objective's own. The
belief is a Gaussian over all but the last, which is averaged over before anything is compared, or marginals
come out flat. It carries what FSRS cannot know: whether an objective was known before it was taught. So
only first answers to an objective are evidence; what has been taught is FSRS's. Score reports are laid over
it in `core.evidence`.
"""

import math

import msgspec

from qbank.core.belief import Belief, covariances, dot, independent, moved, value, variance
from qbank.core.exam_model import TOTAL, AreaKey, ExamModel, Loading, Part, Place
from qbank.core.response import Confidence

GENERAL_SD, SECTION_SD, DISCIPLINE_SD, OBJECTIVE_SD = 1.0, 0.5, 0.4, 1.28
"""First guesses on the logit scale, to be re-estimated from real answers."""

PROBIT = math.pi / 8
"""E[logistic(m + sd N)] is about logistic(m / sqrt(1 + PROBIT sd^2)) (MacKay 1992, "The evidence
framework").
"""

OFFSET_SD = 0.55
"""By how much another bank is easier (+) or harder than the exam, on the logit scale: 8 points where half is known.
[judged]
"""

NINETY_PERCENT = 1.645

_GENERAL: Loading = ((0, 1.0),)

SAID_KNOWING = {Confidence.SURE: 0.75, Confidence.UNSURE: 0.20, Confidence.GUESSED: 0.05}
SAID_NOT_KNOWING = {Confidence.SURE: 0.15, Confidence.UNSURE: 0.40, Confidence.GUESSED: 0.45}
"""P(what a learner says of their answer), when they know the objective and when they do not. [judged]"""


class Estimate(msgspec.Struct, frozen=True):
    """A probability and the interval that holds the true one nine times in ten, if the model is right."""

    mean: float
    low: float
    high: float


def prior(model: ExamModel) -> Belief:
    """What is believed of a learner before anything is known of them."""
    sections, disciplines = len(model.sections), len(model.disciplines)
    spread = [GENERAL_SD, *[SECTION_SD] * sections, *[DISCIPLINE_SD] * disciplines]
    return independent([sd**2 for sd in spread])


def update(
    belief: Belief,
    model: ExamModel,
    place: Place,
    correct: bool,
    *,
    guess: float,
    confidence: Confidence | None = None,
    weight: float = 1.0,
) -> Belief:
    """The belief after a first answer to an objective; unchanged when its place is unknown.

    `guess` is P(correct | not known) of that question, as learned within [.15, .40]; `weight` (0-1) is what
    the answer counts for: its likelihood is raised to this power. One step of Fisher scoring from the mean
    with the information that an answer carries on average (an extended Kalman update), so how much is
    learned does not hang on which way it went.
    """
    loading = model.loading(place)
    if loading is None:
        return belief
    towards = covariances(belief, loading)
    spread = sum(towards[axis] * weight for axis, weight in loading)
    shrink = 1 / math.sqrt(1 + PROBIT * (OBJECTIVE_SD**2 + spread))
    knows = logistic(shrink * value(belief.mean, loading))
    slope = shrink * knows * (1 - knows)
    seen, outcomes = _outcomes(correct, guess, model.slip, confidence)
    information = weight * sum(
        ((if_known - if_not) * slope) ** 2 / (if_not + (if_known - if_not) * knows)
        for if_known, if_not in outcomes
    )
    if_known, if_not = outcomes[seen]
    score = weight * (if_known - if_not) * slope / (if_not + (if_known - if_not) * knows)
    damping = 1 / (1 + information * spread)
    return moved(belief, towards, score * damping, information * damping, answers=1)


def update_from_outside(
    belief: Belief, model: ExamModel, area: AreaKey, right: int, of: int, *, offset: int
) -> Belief:
    """The belief after practice elsewhere: `right` of `of` questions of an area, or of TOTAL.

    Another bank is harder or easier than the exam by nobody knows how much. The axis `offset` of the belief
    is that bank's, learned with the rest (a Kalman update): so a first level says little, and what changes
    from one entry to the next says more. More right never lowers any belief: where the bank alone would
    account for it, the mean stays. Unchanged for an area that the belief does not speak of.
    """
    if not model.parts(area) or of <= 0:
        return belief
    parts = tuple((share, (*loading, (offset, 1.0))) for share, loading in model.parts(area))
    expected, gradient = correct_rate(belief, parts, model.guess, model.slip)
    towards = _times(belief, gradient)
    spread = dot(towards, gradient) + expected * (1 - expected) / of
    known = model.axes
    along = [*(max(0.0, t) for t in towards[:known]), *towards[known:]]
    return moved(belief, towards, (right / of - expected) / spread, 1 / spread, along=along)


def p_know(belief: Belief, model: ExamModel, place: Place) -> Estimate:
    """P(know) of an objective there that was never tested; of the whole exam when its place is unknown.

    The interval is for the share of such objectives that are known, not for one of them.
    """
    loading = model.loading(place)
    if loading is None:
        return _estimate(belief, model.parts(TOTAL), 0.0, 0.0)
    return _estimate(belief, ((1.0, loading),), 0.0, 0.0)


def mean_known(belief: Belief, model: ExamModel, place: Place) -> float:
    """`p_know(...).mean` alone, at a tenth of its cost."""
    loading = model.loading(place)
    return p_know(belief, model, place).mean if loading is None else _knows(belief, loading)


def unsureness(belief: Belief, model: ExamModel, place: Place) -> float:
    """The sd of the logit of P(know) there, its objectives' own differences left out."""
    return math.sqrt(max(0.0, variance(belief, model.loading(place) or _GENERAL)))


def area(belief: Belief, model: ExamModel, key: AreaKey) -> Estimate | None:
    """P(correct) on the exam's items of a system, section or discipline; None for any other area."""
    parts = model.parts(key)
    return _estimate(belief, parts, model.guess, model.slip) if parts else None


def total(belief: Belief, model: ExamModel) -> Estimate:
    """P(correct) on the whole exam."""
    return _estimate(belief, model.parts(TOTAL), model.guess, model.slip)


def p_know_when_said(p: float, said: Confidence) -> float:
    """P(knows it | what was said of the answer, before its key) of an objective known with probability `p`."""
    if_known, if_not = SAID_KNOWING[said], SAID_NOT_KNOWING[said]
    return p * if_known / (p * if_known + (1 - p) * if_not)


def correct_rate(
    belief: Belief, parts: tuple[Part, ...], guess: float, slip: float
) -> tuple[float, list[float]]:
    """(P(correct) at the belief's mean, averaged over objectives, its gradient over the axes)."""
    scale, shrink = 1 - guess - slip, 1 / math.sqrt(1 + PROBIT * OBJECTIVE_SD**2)
    rate, gradient = guess, [0.0] * len(belief.mean)
    for share, loading in parts:
        knows = logistic(shrink * value(belief.mean, loading))
        rate += scale * share * knows
        slope = scale * share * shrink * knows * (1 - knows)
        for axis, weight in loading:
            gradient[axis] += slope * weight
    return rate, gradient


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def _outcomes(
    correct: bool, guess: float, slip: float, confidence: Confidence | None
) -> tuple[int, list[tuple[float, float]]]:
    """(which one happened, P(each | known) and P(each | not known)) of all that an answer can show."""
    answers = [(1 - slip, guess), (slip, 1 - guess)]
    if confidence is None:
        return int(not correct), answers
    outcomes = [
        (if_known * SAID_KNOWING[said], if_not * SAID_NOT_KNOWING[said])
        for if_known, if_not in answers
        for said in Confidence
    ]
    return len(Confidence) * (not correct) + list(Confidence).index(confidence), outcomes


def _estimate(belief: Belief, parts: tuple[Part, ...], guess: float, slip: float) -> Estimate:
    _, gradient = correct_rate(belief, parts, guess, slip)
    axes = tuple((axis, weight) for axis, weight in enumerate(gradient) if weight)
    sd = math.sqrt(max(0.0, variance(belief, axes)))
    mean = guess + (1 - guess - slip) * sum(share * _knows(belief, loading) for share, loading in parts)
    reach = NINETY_PERCENT * sd
    return Estimate(mean, max(guess, mean - reach), min(1 - slip, mean + reach))


def _knows(belief: Belief, loading: Loading) -> float:
    spread = OBJECTIVE_SD**2 + variance(belief, loading)
    return logistic(value(belief.mean, loading) / math.sqrt(1 + PROBIT * spread))


def _times(belief: Belief, gradient: list[float]) -> list[float]:
    return covariances(belief, tuple((axis, weight) for axis, weight in enumerate(gradient) if weight))
