"""How much of the exam a learner would get right today, from fresh answers that were drawn like the exam, and nothing else.

The level of today is estimated from answers of several weeks by a local linear trend (Harvey 1989, "Forecasting, structural
time series models and the Kalman filter", section 2.3; Durbin & Koopman 2012, section 3.2): it wanders, and rises or falls
by a slope that is not known. So what is old counts less, and how much less follows from what may have changed since.
Systems are weighed by their shares of the exam, each pulled towards the whole as far as its few answers demand (multilevel
regression and post-stratification: Gelman & Little 1997, Survey Methodology 23:127). The bank is harder or easier than the
exam by an unknown offset, which more answers never settle and only a self-assessment can.

Before anything is measured the level is what is believed of somebody of whom nothing is known, which is worth about ten
answers and keeps extremes of few answers from boasting (Kelley 1947, "Fundamentals of statistics": a true score lies nearer
to the mean than the observed one). Nothing else may move what is measured: neither answers that were chosen for their
yield, nor the report of a day that the learner wants to leave behind. Everything is linear and Gaussian on the scale of the
rate correct, on which reports and forms are measured too.
"""

import math
from collections.abc import Mapping, Sequence

import msgspec

from qbank.core.belief import Belief, covariances, independent, moved, value, variance
from qbank.core.exam_model import Loading
from qbank.core.insight.measured import Measured
from qbank.core.proportion import Z_95
from qbank.core.report_rows import DRIFT_SD_PER_ROOT_WEEK

LEAST_ANSWERS = 120
"""Below it no index is shown: an estimate from 40 answers is off by 8.3 points (one sd), from 120 by 5.5. [sim: the table
of `BANK_SD`]
"""

BANK_SD = 0.0345
"""Of the offset between a bank written to the exam's level and the exam. An estimate from 40, 120, 280 and 560 answers was
found to miss the exam score by 8.3, 5.5, 4.5 and 4.0 points (one sd) [sim]; p (1 - p) / n at 65 % and this, added as
variances, give 8.3, 5.5, 4.5 and 4.0. It was never measured on a real bank and a real exam.
"""

SLOPE_SD = 0.015
"""Of what is gained or lost in a week of preparing, about none. Simulated learners gain one to two points a week [sim:
docs/simulation.md]; the mean is 0, so that nobody is credited with a gain that was not measured. [judged]
"""

SYSTEM_SD = 0.06
"""By how much systems differ within a learner: what the belief's section and discipline spreads come to, 4 to 7 points."""

START_SD = 0.2
"""Of the level before anything is measured, as a part of the room between guessing and slipping: what the belief's spreads
come to over the whole exam (see `core.mastery.prior`).
"""

Z_80 = 1.281552
"""Standard deviations of a normal distribution that hold its middle 80 %."""

_LEVEL, _SLOPE, _OFFSET, _FIRST_SYSTEM = 0, 1, 2, 3


class Form(msgspec.Struct, frozen=True):
    """A self-assessment's rate correct (0-1) and the sd of its error."""

    rate: float
    sd: float
    days_ago: int


class Index(msgspec.Struct, frozen=True):
    """Percent correct on the exam, were it today, with the intervals that hold the true one 80 and 95 times in 100.

    It is no chance of passing, and none follows from it.
    """

    percent: float
    low_80: float
    high_80: float
    low_95: float
    high_95: float


def readiness_index(
    measured: Sequence[Measured],
    forms: Sequence[Form],
    shares: Mapping[str, float],
    *,
    guess: float,
    slip: float,
    more: int = 0,
) -> Index | None:
    """The index from what was measured, of however few answers; None when there is neither an answer nor a form.

    `shares` are the systems' parts of the exam; a system that it does not know stands for none. `guess` and `slip` are the
    exam's own. `more` narrows the intervals as so many further answers today would, drawn like the exam and as right as the
    index says.
    """
    systems = {name: share for name, share in shares.items() if share > 0}
    counted = [one for one in measured if one.system in systems and one.of > 0]
    if not counted and not forms:
        return None
    axes = {name: _FIRST_SYSTEM + at for at, name in enumerate(systems)}
    whole = math.fsum(systems.values())
    mix: Loading = tuple((axes[name], share / whole) for name, share in systems.items())
    spread = _item_variance(counted)
    state = _start(guess, slip, len(systems))
    days = sorted({one.days_ago for one in counted} | {form.days_ago for form in forms}, reverse=True)
    last = days[0]
    for days_ago in days:
        state = _wandered(state, last - days_ago)
        last = days_ago
        level: Loading = ((_LEVEL, 1.0), (_SLOPE, -days_ago / 7))
        for one in counted:
            if one.days_ago == days_ago:
                of_system: Loading = (*level, (_OFFSET, 1.0), (axes[one.system], 1.0))
                state = _told(state, of_system, one.right / one.of, spread / one.of)
        for form in forms:
            if form.days_ago == days_ago:
                state = _told(state, (*level, *mix), form.rate, form.sd**2)
    state = _wandered(state, last)
    today: Loading = ((_LEVEL, 1.0), *mix)
    rate = value(state.mean, today)
    if more:
        state = _told(state, (*today, (_OFFSET, 1.0)), rate, spread / more)
    return _index(rate, math.sqrt(max(0.0, variance(state, today))))


def still_needed(answers: int) -> int:
    """How many more answers an index needs."""
    return max(0, LEAST_ANSWERS - answers)


def lies(low: float, high: float, band_low: float, band_high: float) -> str:
    """Where an interval lies against a range, in words that go behind "it lies" and give no verdict."""
    if high < band_low:
        return "wholly below it"
    if low > band_high:
        return "wholly above it"
    below, above = low < band_low, high > band_high
    if below and above:
        return "on both sides of it, so this cannot tell on which you are"
    if below:
        return "partly below it and partly in it"
    return "partly in it and partly above it" if above else "inside it"


def _start(guess: float, slip: float, systems: int) -> Belief:
    room = 1 - guess - slip
    spread = [(START_SD * room) ** 2, SLOPE_SD**2, BANK_SD**2, *[SYSTEM_SD**2] * systems]
    unknown = independent(spread)
    return Belief((guess + room / 2, *unknown.mean[1:]), unknown.cov)


def _told(state: Belief, loading: Loading, rate: float, noise: float) -> Belief:
    """The state after one measurement of a sum of its axes (Kalman 1960)."""
    towards = covariances(state, loading)
    spread = variance(state, loading) + noise
    return moved(state, towards, (rate - value(state.mean, loading)) / spread, 1 / spread)


def _wandered(state: Belief, days: int) -> Belief:
    """The state so many days on: the level has gone nobody knows where, the slope is in the loadings."""
    drift = DRIFT_SD_PER_ROOT_WEEK**2 * days / 7
    return Belief(state.mean, (state.cov[0] + drift, *state.cov[1:]))


def _item_variance(measured: Sequence[Measured]) -> float:
    """p (1 - p) of one answer, of two more right and two more wrong (Agresti & Coull 1998), so that it is never 0."""
    right, of = sum(one.right for one in measured), sum(one.of for one in measured)
    p = (right + 2) / (of + 4)
    return p * (1 - p)


def _index(rate: float, sd: float) -> Index:
    def percent(rate: float) -> float:
        return 100 * min(1.0, max(0.0, rate))

    return Index(
        percent(rate),
        percent(rate - Z_80 * sd),
        percent(rate + Z_80 * sd),
        percent(rate - Z_95 * sd),
        percent(rate + Z_95 * sd),
    )
