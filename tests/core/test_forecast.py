"""What a plan buys: the laws that hold whatever is believed, and that one drill is worth what the composer says."""

import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from candidates import met, sound, unmet
from hypothesis import given, settings
from hypothesis import strategies as st

from qbank.core.belief import Belief
from qbank.core.candidates import Candidate
from qbank.core.evidence import with_reports
from qbank.core.exam import parse_exam
from qbank.core.exam_model import Place, exam_model
from qbank.core.forecast import Forecast, Learner, compared, forecast, read
from qbank.core.mastery import area, mean_known, prior, total, update
from qbank.core.memory import DEFAULT_MODEL
from qbank.core.plan import DayKind, Frame, Means, PlanDay, plan_days
from qbank.core.rollout import Stretch, roll
from qbank.core.rollout_groups import Seen, Unseen
from qbank.core.trace import Trace
from qbank.core.worth import Pricer, Seconds

EXAMS = Path(__file__).parents[2] / "data" / "exams"
TODAY = date(2026, 11, 23)
MODEL = exam_model(parse_exam(tomllib.loads((EXAMS / "usmle-step1.toml").read_text())), TODAY)
PACE = Seconds()
FRAME = Frame(20, PACE.expected(0.6, seen=False))
A_POINT = 0.01

answers = st.lists(st.tuples(st.integers(0, len(MODEL.sections) - 1), st.booleans()), max_size=60)
minutes = st.integers(5, 300)
horizons = st.integers(4, 100)


def believed(given_answers: Sequence[tuple[int, bool]]) -> Belief:
    """A belief after some first answers."""
    belief = prior(MODEL)
    for section, correct in given_answers:
        place = Place(MODEL.section_system[section], MODEL.sections[section], ())
        belief = update(belief, MODEL, place, correct, guess=0.2)
    return belief


def learner(belief: Belief | None = None) -> Learner:
    reported = with_reports(belief or prior(MODEL), MODEL, [])
    return Learner(MODEL, reported.belief, reported.base, PACE, MODEL.guess, DEFAULT_MODEL, lambda _: 1.0)


def objective(number: int, *, seen: tuple[float, int] | None = None, **changed: object) -> Candidate:
    """One of a section in turn; `seen` is its stability and how many days ago it was reviewed."""
    section = number % len(MODEL.sections)
    row = unmet(f"o{number}", MODEL.sections[section], MODEL.section_system[section])
    if seen is not None:
        row = met(row, TODAY - timedelta(seen[1]), sound(seen[0]))._replace(n_unseen=1)
    return row._replace(**changed)  # type: ignore[arg-type]


def bank(count: int, seen: int = 0) -> list[Candidate]:
    return [
        objective(number, seen=(1.0 + number % 40, 1 + number % 30) if number < seen else None)
        for number in range(count)
    ]


def planned(given_minutes: int, horizon: int) -> tuple[PlanDay, ...]:
    return plan_days(TODAY, TODAY + timedelta(horizon), Means(given_minutes, 7), FRAME)


def foreseen(rows: Sequence[Candidate], who: Learner, given_minutes: int = 60, horizon: int = 56) -> Forecast:
    return forecast(read(rows, who, TODAY), who, planned(given_minutes, horizon))


@settings(max_examples=25)
@given(answers, st.sampled_from([33, 300, 1500]), st.floats(0, 1), minutes, horizons)
def test_a_plan_never_costs_and_its_intervals_hold_its_means(
    given_answers: list[tuple[int, bool]], count: int, seen: float, given_minutes: int, horizon: int
) -> None:
    """Drilling is worth something in every system, time fades what is left alone, and no more time is used than given."""
    who = learner(believed(given_answers))
    found = foreseen(bank(count, int(seen * count)), who, given_minutes, horizon)
    for one in (found.total, *found.areas):
        for estimate in (one.today, one.stopped, one.planned):
            assert 0 <= estimate.low <= estimate.mean <= estimate.high <= 1
        assert one.gain.low <= one.gain.mean <= one.gain.high
        assert one.stopped.mean <= one.today.mean + 1e-9
        assert one.gain.mean >= -1e-9
        assert one.planned.mean - one.stopped.mean == pytest.approx(one.gain.mean, abs=1e-9)
    assert found.elsewhere.mean >= found.total.gain.mean - 1e-9
    assert 0 <= found.seconds_here <= found.seconds + 1e-6
    assert found.seconds <= 60 * given_minutes * (horizon + 1)


@settings(max_examples=25)
@given(answers, st.sampled_from([33, 300, 1500]), minutes, st.integers(5, 200), horizons)
def test_more_minutes_never_buy_less(
    given_answers: list[tuple[int, bool]], count: int, fewer: int, more: int, horizon: int
) -> None:
    """But for a point at most, by which a rule that looks one step ahead can hurt itself once little is left to gain."""
    who = learner(believed(given_answers))
    held = read(bank(count, count // 3), who, TODAY)
    first = forecast(held, who, planned(fewer, horizon))
    second = forecast(held, who, planned(fewer + more, horizon))
    assert second.total.gain.mean >= first.total.gain.mean - A_POINT
    assert second.elsewhere.mean >= first.elsewhere.mean - A_POINT


@settings(max_examples=25)
@given(answers)
def test_today_is_what_is_believed_where_nothing_is_seen(given_answers: list[tuple[int, bool]]) -> None:
    """Without a memory, the share right today is the belief's own, in all and by system."""
    who = learner(believed(given_answers))
    found = foreseen([], who)
    assert found.total.today.mean == pytest.approx(total(who.belief, MODEL).mean, abs=1e-9)
    for one in found.areas:
        believed_area = area(who.belief, MODEL, ("system", one.area))
        assert believed_area is not None
        assert one.today.mean == pytest.approx(believed_area.mean, abs=1e-9)
        assert one.today.high - one.today.low == pytest.approx(
            believed_area.high - believed_area.low, rel=0.05
        )


def test_an_empty_bank_buys_nothing_here() -> None:
    """What is not held keeps its belief and fades; only practice elsewhere changes that."""
    found = foreseen([], learner())
    assert found.total.gain.mean == 0
    assert found.seconds_here == 0
    assert found.reach == 0
    assert found.elsewhere.mean > 0.01


def one_drill(row: Candidate, horizon: int, seconds: float) -> Forecast:
    """A plan that has time for this one objective once, today."""
    days = [PlanDay(TODAY, DayKind.STUDY, minutes=1, new=True)]
    days += [PlanDay(TODAY + timedelta(day), DayKind.OFF) for day in range(1, horizon)]
    who = Learner(MODEL, prior(MODEL), prior(MODEL), PACE, MODEL.guess, DEFAULT_MODEL, lambda _: 1.0)
    days[0] = PlanDay(TODAY, DayKind.STUDY, minutes=round(seconds / 60) + 1, new=True)
    return forecast(read([row], who, TODAY), who, [*days, PlanDay(TODAY + timedelta(horizon), DayKind.EXAM)])


def test_one_drill_of_a_new_objective_is_worth_what_the_composer_says() -> None:
    """The plan and the block speak of the same points."""
    horizon, row = 40, objective(0, n_unseen=1)
    found = one_drill(row, horizon, 300)
    pricer = Pricer(MODEL, horizon)
    worth = pricer.unseen(mean_known(prior(MODEL), MODEL, row.place))
    assert found.drills == pytest.approx(1)
    assert 100 * found.total.gain.mean == pytest.approx(worth.points, rel=0.05)


def test_one_drill_of_a_seen_objective_is_worth_what_the_composer_says() -> None:
    """The same for a memory of eight days, reviewed twelve days ago."""
    horizon, row = 40, objective(0, seen=(8.0, 12), n_unseen=1)
    found = one_drill(row, horizon, 300)
    worth = Pricer(MODEL, horizon).seen(Trace(1.0, 8.0, 0.0, 1.0), 12)
    assert found.drills == pytest.approx(1)
    assert 100 * found.total.gain.mean == pytest.approx(worth.points, rel=0.05)


def test_a_bank_larger_than_the_exam_counts_as_the_exam() -> None:
    """Three times as many objectives as the exam can ask reach all of it and no more."""
    found = foreseen(bank(3600), learner())
    assert found.reach == pytest.approx(1)
    assert foreseen(bank(120), learner()).reach == pytest.approx(0.1, abs=0.01)


def test_questions_that_are_their_own_objectives_cover_some_of_a_section_twice() -> None:
    """Draws with replacement reach less than as many objectives do."""
    who = learner()
    drawn = read(bank(1200), who, TODAY, drawn_banks=["starter"])
    assert drawn.reach == pytest.approx(0.6, abs=0.1)
    assert drawn.reach < read(bank(1200), who, TODAY).reach


def test_what_has_no_place_on_the_exam_buys_nothing() -> None:
    """A question without an area is practice only."""
    rows = [row._replace(system="", section="") for row in bank(100)]
    assert foreseen(rows, learner()).total.gain.mean == 0


def test_texts_rest_a_fortnight() -> None:
    """With every text seen today nothing can be drilled here for two weeks, then it can."""
    rows = [objective(n, seen=(3.0, 0), n_unseen=0, oldest_day=TODAY) for n in range(200)]
    assert foreseen(rows, learner(), horizon=13).drills == 0
    assert foreseen(rows, learner(), horizon=40).drills > 100


def test_nothing_new_is_met_on_the_eve() -> None:
    """From two days before the exam on, only what was seen is drilled."""
    found = foreseen(bank(300), learner(), horizon=2)
    assert found.new == 0
    assert foreseen(bank(300, 100), learner(), horizon=2).drills > 0


def test_a_later_date_is_compared_with_its_own_interval() -> None:
    """Two more weeks buy something; against itself a plan changes nothing, without any doubt."""
    who = learner()
    held = read(bank(600), who, TODAY)
    first = forecast(held, who, planned(60, 42))
    later = compared(first, forecast(held, who, planned(60, 56)), who)
    assert later.low < later.mean < later.high
    assert later.mean > 0
    same = compared(first, first, who)
    assert (same.low, same.mean, same.high) == (0, 0, 0)


@settings(max_examples=25)
@given(answers, st.sampled_from([40, 400]), minutes, horizons)
def test_no_objective_is_lost_or_made_on_the_way(
    given_answers: list[tuple[int, bool]], count: int, given_minutes: int, horizon: int
) -> None:
    """What is seen and unseen at the end adds up to what there was, in number and in value."""
    who = learner(believed(given_answers))
    held = read(bank(count, count // 2), who, TODAY)
    stretches = [Stretch(day + 0.5, 60.0 * given_minutes, True) for day in range(0, horizon, 7)]
    shares = {system: MODEL.system_share(system) for system in MODEL.systems}

    def prices(day: float) -> Pricer:
        return Pricer(MODEL, round(horizon - day))

    rolled = roll(held.unseen, held.seen, stretches, prices, shares, PACE, who.moves)
    for before, after in zip(summed(held.unseen, held.seen), summed(rolled.unseen, rolled.seen), strict=True):
        assert after == pytest.approx(before)
    assert len(rolled.left_over) == len(stretches)


def summed(unseen: Sequence[Unseen], seen: Sequence[Seen]) -> tuple[float, float]:
    """(objectives, their exam value) of all groups."""
    groups: list[Unseen | Seen] = [*unseen, *seen]
    return sum(group.n for group in groups), sum(group.value for group in groups)
