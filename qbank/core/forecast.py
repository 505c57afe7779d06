"""What a plan is expected to buy by the exam day, area by area, and how sure that is.

Three states of the exam's objectives are told apart: seen ones are FSRS's, unseen ones that the bank holds are the
belief's until they are drilled, and those it does not hold keep their area's belief, which fades like anything known
and left alone. Everything is P(correct) on the exam's items, never a chance of passing. The intervals hold nine times
in ten, and only if the model does.
"""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from functools import cache

import msgspec

from qbank.core.belief import Belief, Vector, value, variance
from qbank.core.candidates import Row
from qbank.core.care import CARE_DAYS
from qbank.core.exam_model import ExamModel, Loading, Place
from qbank.core.forecast_pool import Held, read_held
from qbank.core.mastery import NINETY_PERCENT, OBJECTIVE_SD, PROBIT, Estimate, logistic, mean_known
from qbank.core.memory import MemoryModel
from qbank.core.plan import PlanDay
from qbank.core.rollout import STRETCHES, Met, Moves, Stretch, roll, roll_at_random
from qbank.core.rollout_groups import Seen, Unseen
from qbank.core.worth import Pricer, Seconds

RECALL_SD = 0.07
"""How far one learner's recall lies from what FSRS says of it, all objectives together: the RMSE(bins) of FSRS-6's
default weights over the learners of srs-benchmark is .0716.
"""


class AreaForecast(msgspec.Struct, frozen=True):
    """P(correct) on an area's items: now, on exam day if nothing more is done, with the plan; and what that gains."""

    area: str
    share: float
    today: Estimate
    stopped: Estimate
    planned: Estimate
    gain: Estimate


class Known(msgspec.Struct):
    """Of an area's objectives on the exam how many are known, and how that moves with the belief's axes.

    `carried` of them are seen, so that memory carries them; `drilled` were drilled within the plan.
    """

    known: float
    gradient: Vector
    carried: float
    drilled: float


class Forecast(msgspec.Struct, frozen=True):
    """What a plan buys.

    `elsewhere` is the gain over the whole exam when the seconds for which the bank holds nothing more go to a large
    bank that asks at random; `with_elsewhere` is where that leads. `reach` is the part of the exam that the plan can
    drill. `seconds` are those of the plan, `seconds_here` those that this bank fills, `drills` the answers in them and
    `new` those to objectives never met before. `outcome` is what `compared` needs.
    """

    total: AreaForecast
    areas: tuple[AreaForecast, ...]
    elsewhere: Estimate
    with_elsewhere: Estimate
    reach: float
    seconds: float
    seconds_here: float
    drills: float
    new: float
    outcome: Known


class Learner(msgspec.Struct, frozen=True, eq=False):
    """Whose plan it is: what is believed of them, their pace, guesses and memory, and what flags put on a place's yield.

    `belief` is for what to expect, `base` for prices.
    """

    model: ExamModel
    belief: Belief
    base: Belief
    pace: Seconds
    guess: float
    memory: MemoryModel
    pull: Callable[[Place], float]

    @property
    def moves(self) -> Moves:
        return Moves(self.guess, self.model.slip, self.memory)


def read(rows: Iterable[Row], learner: Learner, on: date, *, drawn_banks: Collection[str] = ()) -> Held:
    """What the bank holds for this learner, grouped; it serves every forecast made on that day."""

    def known(place: Place) -> float:
        return mean_known(learner.belief, learner.model, place)

    def priced(place: Place) -> float:
        return mean_known(learner.base, learner.model, place)

    return read_held(rows, learner.model, on, known, priced, learner.pull, frozenset(drawn_banks))


def forecast(held: Held, learner: Learner, days: Sequence[PlanDay]) -> Forecast:
    """What the days buy. The first day is today, the last the exam day."""
    model, horizon = learner.model, max(1, len(days) - 1)

    @cache
    def prices(day: float) -> Pricer:
        return Pricer(
            model, round(horizon - day), guess=learner.guess, seconds=learner.pace, memory=learner.memory
        )

    stretches = _stretches(days)
    shares = {system: model.system_share(system) for system in model.systems}
    rolled = roll(held.unseen, held.seen, stretches, prices, shares, learner.pace, learner.moves)
    outcome = _Outcome(learner, held, horizon, prices(0.0).unseen(1.0).recall_left)
    now = outcome.state(held.unseen, held.seen, day=0.0)
    stopped = outcome.state(held.unseen, held.seen, day=horizon)
    planned = outcome.state(rolled.unseen, rolled.seen, day=horizon, met=rolled.met)
    away = outcome.away(stretches, rolled.left_over, prices)
    whole = [state.total(model) for state in (now, stopped, planned)]
    further = msgspec.structs.replace(
        whole[2],
        known=whole[2].known + away.known,
        gradient=_sum(whole[2].gradient, away.gradient),
        drilled=whole[2].drilled + away.drilled,
        carried=whole[2].carried + away.drilled,
    )
    seconds = math.fsum(stretch.seconds for stretch in stretches)
    return Forecast(
        total=outcome.area("", 1.0, *whole),
        areas=tuple(
            outcome.area(system, share, now.of[system], stopped.of[system], planned.of[system])
            for system, share in shares.items()
        ),
        elsewhere=outcome.gain(model.n_objectives, whole[1], further),
        with_elsewhere=outcome.level(model.n_objectives, further),
        reach=held.reach,
        seconds=seconds,
        seconds_here=seconds - math.fsum(rolled.left_over),
        drills=rolled.drills,
        new=rolled.new,
        outcome=further,
    )


def compared(first: Forecast, second: Forecast, learner: Learner) -> Estimate:
    """By how much the second ends higher than the first, practice elsewhere included in both.

    Both are of one learner, so what nobody knows of them mostly cancels out.
    """
    one, other = first.outcome, second.outcome
    scale = _scale(learner.model) / learner.model.n_objectives
    gradient = [b - a for a, b in zip(one.gradient, other.gradient, strict=True)]
    sd = _sd(learner.belief, gradient, other.drilled - one.drilled) * scale
    return _around((other.known - one.known) * scale, sd)


def _stretches(days: Sequence[PlanDay]) -> list[Stretch]:
    """The days put together to some stretches; each of the last ones, which have rules of their own, stays alone."""
    early = max(0, len(days) - 1 - CARE_DAYS)
    length = max(1, math.ceil(early / STRETCHES))
    cuts = [range(at, min(at + length, early)) for at in range(0, early, length)]
    cuts += [range(at, at + 1) for at in range(early, len(days) - 1)]
    found = []
    for cut in cuts:
        some = days[cut.start : cut.stop]
        seconds = 60.0 * sum(day.minutes for day in some)
        if seconds:
            found.append(Stretch((cut.start + cut.stop) / 2, seconds, any(day.new for day in some)))
    return found


class _State(msgspec.Struct):
    """What is known of each system."""

    of: dict[str, Known]

    def total(self, model: ExamModel) -> Known:
        whole = Known(0.0, [0.0] * model.axes, 0.0, 0.0)
        for known in self.of.values():
            whole.known += known.known
            whole.gradient = _sum(whole.gradient, known.gradient)
            whole.carried += known.carried
            whole.drilled += known.drilled
        return whole


class _Outcome:
    """Counts how many of the exam's objectives are known on a day, and how sure that is."""

    def __init__(self, learner: Learner, held: Held, day: float, kept: float) -> None:
        """`day` is the exam day, counted from today; `kept` the part of what is known that is still known then."""
        self._learner, self._held, self._day, self._kept = learner, held, day, kept
        self._model, self._memory = learner.model, learner.memory
        self._slopes: dict[tuple[str, str], Loading] = {}

    def state(
        self, unseen: Sequence[Unseen], seen: Sequence[Seen], *, day: float, met: Sequence[Met] = ()
    ) -> "_State":
        """These groups on a day, when they are left alone until then."""
        kept = self._kept if day else 1.0
        of = {system: Known(0.0, self._level(), 0.0, 0.0) for system in self._model.systems}
        for group in (*unseen, *self._held.missing):
            found = of[group.system]
            found.known += group.value * group.known * kept
            self._lean(found, group, group.value * kept)
        for memory in seen:
            found = of[memory.system]
            found.known += memory.value * memory.recall_on(day, self._memory)
            found.carried += memory.value
            found.drilled += memory.value if memory.day > 0 else 0.0
        for one in met:
            self._lean(of[one.group.system], one.group, one.value * one.slope)
        return _State(of)

    def away(
        self, stretches: Sequence[Stretch], left_over: Sequence[float], prices: Callable[[float], Pricer]
    ) -> Known:
        """What is gained with the seconds left over, in a large bank that asks at random what this one does not hold."""
        gained, missing = Known(0.0, self._level(), 0.0, 0.0), self._held.missing
        asked = math.fsum(group.value for group in missing)
        if not asked:
            return gained
        known = math.fsum(group.value * group.known for group in missing) / asked
        whole = Unseen("", "", 1.0, 0, known, known, 1.0, asked, asked)
        rolled = roll_at_random(whole, stretches, left_over, prices, self._learner.pace, self._learner.moves)
        gained.drilled = math.fsum(memory.value for memory in rolled.seen)
        gained.known = math.fsum(m.value * m.recall_on(self._day, self._memory) for m in rolled.seen)
        gained.known -= gained.drilled * known * self._kept
        slope = math.fsum(one.value * one.slope for one in rolled.met) - gained.drilled * self._kept
        for group in missing:
            self._lean(gained, group, group.value / asked * slope)
        return gained

    def area(self, name: str, share: float, now: Known, stopped: Known, planned: Known) -> AreaForecast:
        items = share * self._model.n_objectives
        today, left, drilled = (self.level(items, known) for known in (now, stopped, planned))
        return AreaForecast(name, share, today, left, drilled, self.gain(items, stopped, planned))

    def level(self, items: float, known: Known) -> Estimate:
        """P(correct) on so many of the exam's objectives."""
        model, scale = self._model, _scale(self._model) / items
        sd = _sd(self._learner.belief, known.gradient, known.carried) * scale
        found = _around(model.guess + scale * known.known, sd)
        return Estimate(found.mean, max(model.guess, found.low), min(1 - model.slip, found.high))

    def gain(self, items: float, stopped: Known, planned: Known) -> Estimate:
        scale = _scale(self._model) / items
        gradient = [p - s for p, s in zip(planned.gradient, stopped.gradient, strict=True)]
        sd = _sd(self._learner.belief, gradient, planned.drilled) * scale
        return _around(scale * (planned.known - stopped.known), sd)

    def _level(self) -> Vector:
        return [0.0] * self._model.axes

    def _lean(self, known: Known, group: Unseen, mass: float) -> None:
        """How so many known objectives of the group's section move with the belief's axes."""
        key = (group.system, group.section)
        if key not in self._slopes:
            self._slopes[key] = self._slope(Place(group.system, group.section, ()))
        for axis, slope in self._slopes[key]:
            known.gradient[axis] += slope * mass

    def _slope(self, place: Place) -> Loading:
        """Of P(know) there at the belief's mean, as in the intervals of `core.mastery`."""
        loading = self._model.loading(place) or ()
        shrink = 1 / math.sqrt(1 + PROBIT * OBJECTIVE_SD**2)
        knows = logistic(shrink * value(self._learner.belief.mean, loading))
        return tuple((axis, shrink * knows * (1 - knows) * weight) for axis, weight in loading)


def _scale(model: ExamModel) -> float:
    return 1 - model.guess - model.slip


def _sd(belief: Belief, gradient: Sequence[float], by_memory: float) -> float:
    """Of objectives known: what the belief is unsure of, and how far memory may be off for all that it carries."""
    loading = tuple((axis, slope) for axis, slope in enumerate(gradient) if slope)
    return math.hypot(math.sqrt(max(0.0, variance(belief, loading))), RECALL_SD * by_memory)


def _around(mean: float, sd: float) -> Estimate:
    return Estimate(mean, mean - NINETY_PERCENT * sd, mean + NINETY_PERCENT * sd)


def _sum(first: Sequence[float], second: Sequence[float]) -> Vector:
    return [a + b for a, b in zip(first, second, strict=True)]
