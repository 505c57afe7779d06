"""The belief moves as evidence says, keeps its law, and survives being written down."""

import math
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbank.core.belief import Belief, cholesky, forward, narrowed, widened
from qbank.core.exam import parse_exam
from qbank.core.exam_model import TOTAL, AreaKey, ExamModel, Place, exam_model
from qbank.core.mastery import (
    OFFSET_SD,
    area,
    correct_rate,
    mean_known,
    p_know,
    prior,
    total,
    update,
    update_from_outside,
)
from qbank.core.response import Confidence

EXAMS = Path(__file__).parents[2] / "data" / "exams"
HEART = Place("cardiovascular", "cardiovascular", ("pathology", "physiology"))
GUT = Place("gastrointestinal", "gastrointestinal", ("pathology", "physiology"))


def load(name: str) -> ExamModel:
    return exam_model(parse_exam(tomllib.loads((EXAMS / name).read_text())), date(2026, 11, 23))


MODEL = load("usmle-step1.toml")

places = st.builds(
    lambda s, disciplines: Place(MODEL.section_system[s], MODEL.sections[s], tuple(sorted(disciplines))),
    st.integers(0, len(MODEL.sections) - 1),
    st.sets(st.sampled_from(MODEL.disciplines), max_size=3),
)
guesses = st.sampled_from([0.15, 0.2, 0.25, 0.4])
confidences = st.sampled_from([None, *Confidence])
answers = st.lists(st.tuples(places, st.booleans(), guesses), max_size=40)


def after(history: list[tuple[Place, bool, float]]) -> Belief:
    belief = prior(MODEL)
    for place, correct, guess in history:
        belief = update(belief, MODEL, place, correct, guess=guess)
    return belief


def variances(belief: Belief) -> list[float]:
    return [belief.cov[i * (i + 1) // 2 + i] for i in range(len(belief.mean))]


def test_prior_is_the_model_of_the_science_page() -> None:
    """sd 1 for the general level, .5 a section, .4 a discipline; means 0; half of all objectives known."""
    belief = prior(MODEL)
    expected = [1.0] + [0.25] * 18 + [0.16] * 11
    assert variances(belief) == pytest.approx(expected)
    assert p_know(belief, MODEL, HEART).mean == pytest.approx(0.5)
    assert total(belief, MODEL).mean == pytest.approx(0.2 + 0.75 * 0.5)


def test_an_answer_is_averaged_over_objectives_before_it_is_compared() -> None:
    """E over e (sd 1.28) of P(know) agrees with numeric integration within half a point."""
    belief = Belief((0.8, *[0.0] * (MODEL.axes - 1)), tuple([0.0] * len(prior(MODEL).cov)))
    steps = [i / 50 for i in range(-400, 401)]
    weights = [math.exp(-0.5 * (e / 1.28) ** 2) for e in steps]
    known = sum(w / (1 + math.exp(-(0.8 + e))) for w, e in zip(weights, steps, strict=True)) / sum(weights)
    assert p_know(belief, MODEL, HEART).mean == pytest.approx(known, abs=0.005)


@given(answers, places, guesses)
@settings(max_examples=60)
def test_a_right_answer_raises_its_place_and_a_wrong_one_lowers_it(
    history: list[tuple[Place, bool, float]], place: Place, guess: float
) -> None:
    """After any history, P(know) of the place moves the way the answer went, and its interval never
    widens.
    """
    belief = after(history)
    before = p_know(belief, MODEL, place)
    right = p_know(update(belief, MODEL, place, True, guess=guess), MODEL, place)
    wrong = p_know(update(belief, MODEL, place, False, guess=guess), MODEL, place)
    assert wrong.mean < before.mean < right.mean
    right_variances = variances(update(belief, MODEL, place, True, guess=guess))
    pairs = zip(right_variances, variances(belief), strict=True)
    assert all(0 < narrowed <= wide for narrowed, wide in pairs)


@given(answers, places, guesses)
@settings(max_examples=30)
def test_what_an_answer_teaches_does_not_hang_on_which_way_it_went(
    history: list[tuple[Place, bool, float]], place: Place, guess: float
) -> None:
    """Right or wrong, the covariance afterwards is the same."""
    belief = after(history)
    right = update(belief, MODEL, place, True, guess=guess)
    wrong = update(belief, MODEL, place, False, guess=guess)
    assert right.cov == wrong.cov
    assert right.answers == belief.answers + 1


@given(places, guesses)
def test_confidence_orders_what_a_hit_says(place: Place, guess: float) -> None:
    """A sure hit says more than an unsure one, an admitted guess speaks against knowing; none given lies
    between.
    """
    belief = prior(MODEL)
    mean = {
        said: p_know(update(belief, MODEL, place, True, guess=guess, confidence=said), MODEL, place).mean
        for said in (None, *Confidence)
    }
    assert mean[Confidence.SURE] > mean[None] > mean[Confidence.UNSURE] > mean[Confidence.GUESSED]
    assert mean[Confidence.GUESSED] < p_know(belief, MODEL, place).mean


def test_an_answer_without_a_place_is_no_evidence() -> None:
    """Neither section nor system known: the belief stays the very same."""
    belief = prior(MODEL)
    for place in (Place("", "", ()), Place("", "", ("pathology",)), Place("nowhere", "unheard-of", ())):
        assert update(belief, MODEL, place, True, guess=0.2) is belief


def test_a_system_without_section_moves_all_its_sections() -> None:
    """An answer known to lie in a system counts for its sections by their shares, and for no other
    section.
    """
    belief = update(prior(MODEL), MODEL, Place("respiratory-renal", "", ()), True, guess=0.2)
    moved = {MODEL.sections[s] for s in range(len(MODEL.sections)) if belief.mean[1 + s] > 0}
    assert moved == {"respiratory", "renal"}


def test_many_answers_find_the_rate_they_came_from() -> None:
    """After 600 answers right 80 % of the time, P(correct) of that place is about .8, with a narrow
    interval.
    """
    belief = prior(MODEL)
    for number in range(600):
        belief = update(belief, MODEL, HEART, number % 5 != 0, guess=0.2)
    known = p_know(belief, MODEL, HEART)
    assert 0.2 + 0.75 * known.mean == pytest.approx(0.8, abs=0.03)
    assert known.high - known.low < 0.25
    assert known.mean == pytest.approx(mean_known(belief, MODEL, HEART))


def test_one_area_speaks_for_itself_first() -> None:
    """Wrong answers in one system lower it most, others a little through the general level."""
    belief = after([(HEART, False, 0.2)] * 20)
    heart, gut = (
        area(belief, MODEL, ("system", "cardiovascular")),
        area(belief, MODEL, ("system", "gastrointestinal")),
    )
    assert heart is not None
    assert gut is not None
    assert heart.mean < gut.mean < total(prior(MODEL), MODEL).mean
    assert heart.low < heart.mean < heart.high


def test_total_is_the_blueprints_mean_of_its_systems() -> None:
    """P(correct) on the whole exam is what its systems come to by their shares."""
    belief = after(
        [(HEART, False, 0.2), (Place("multisystem", "multisystem", ("genetics",)), True, 0.2)] * 10
    )
    parts = [area(belief, MODEL, ("system", system)) for system in MODEL.systems]
    mean = sum(
        MODEL.system_share(system) * part.mean
        for system, part in zip(MODEL.systems, parts, strict=True)
        if part is not None
    )
    assert total(belief, MODEL).mean == pytest.approx(mean)


def test_areas_the_belief_does_not_speak_of() -> None:
    """Physician tasks and unknown names have no estimate."""
    for key in (("task", "diagnosis"), ("discipline", "astrology"), ("system", "nowhere")):
        assert area(prior(MODEL), MODEL, key) is None


def elsewhere(belief: Belief, key: AreaKey, right: int, of: int, bank: int = 0) -> Belief:
    """After an entry from one of two other banks, whose offsets the belief must have axes for."""
    return update_from_outside(belief, MODEL, key, right, of, offset=MODEL.axes + bank)


def with_banks(history: list[tuple[Place, bool, float]]) -> Belief:
    return widened(widened(after(history), OFFSET_SD**2), OFFSET_SD**2)


def rates(belief: Belief) -> list[float]:
    """P(correct) at the mean in each section, with each discipline and on the whole."""
    keys = [TOTAL, *(("section", name) for name in MODEL.sections)]
    keys += [("discipline", name) for name in MODEL.disciplines]
    return [correct_rate(belief, MODEL.parts(key), MODEL.guess, MODEL.slip)[0] for key in keys]


def rate(belief: Belief, key: AreaKey) -> float:
    found = area(belief, MODEL, key)
    assert found is not None
    return found.mean


GUT_AREA = ("system", "gastrointestinal")
HEART_AREA = ("system", "cardiovascular")
outside_areas = st.sampled_from(
    [TOTAL, HEART_AREA, ("system", "respiratory-renal"), ("discipline", "pathology")]
)
entries = st.lists(
    st.tuples(outside_areas, st.integers(0, 40), st.integers(40, 200), st.integers(0, 1)), max_size=5
)


def test_practice_elsewhere_moves_its_area_but_only_so_far() -> None:
    """22 of 40 lowers the area; ten times as many of the same rate is not ten times as sure, for a
    bank's own offset.
    """
    start = with_banks([(HEART, True, 0.2)] * 20)
    few, many = (elsewhere(start, HEART_AREA, right, of) for right, of in ((22, 40), (220, 400)))
    assert rate(many, HEART_AREA) < rate(few, HEART_AREA) < rate(start, HEART_AREA)
    for _ in range(50):
        many = elsewhere(many, HEART_AREA, 220, 400)
    found = area(many, MODEL, HEART_AREA)
    assert found is not None
    assert found.high - found.low > 0.05
    unknown = update_from_outside(start, MODEL, ("system", "nowhere"), 1, 2, offset=MODEL.axes)
    assert unknown is start
    assert update_from_outside(start, MODEL, TOTAL, 0, 0, offset=MODEL.axes) is start


@given(answers, entries, outside_areas, st.integers(0, 39), st.integers(0, 1))
@settings(max_examples=40)
def test_a_better_percentage_never_lowers_a_belief(
    history: list[tuple[Place, bool, float]],
    before: list[tuple[AreaKey, int, int, int]],
    key: AreaKey,
    right: int,
    bank: int,
) -> None:
    """One more right of 40, after anything: no section, no discipline and not the whole is believed weaker."""
    belief = with_banks(history)
    for known, hits, of, number in before:
        belief = elsewhere(belief, known, hits, of, number)
    worse, better = (elsewhere(belief, key, hits, 40, bank) for hits in (right, right + 1))
    assert all(b >= w - 1e-12 for w, b in zip(rates(worse), rates(better), strict=True))
    assert rate(better, key) > rate(worse, key)


@given(answers, outside_areas, st.integers(0, 100))
@settings(max_examples=40)
def test_the_same_entry_again_moves_the_belief_less(
    history: list[tuple[Place, bool, float]], key: AreaKey, right: int
) -> None:
    """A second entry of the same bank and percentage says little that the first did not."""
    start = with_banks(history)
    once = elsewhere(start, key, right, 100)
    twice = elsewhere(once, key, right, 100)
    first, second = rate(once, key) - rate(start, key), rate(twice, key) - rate(once, key)
    assert abs(second) < abs(first) or abs(first) < 1e-9


def test_levels_elsewhere_say_little_and_differences_between_areas_more() -> None:
    """A bank that is 8 points easier everywhere leaves the whole nearly where answers had it, and shows a weak area."""
    belief = with_banks([(place, n % 5 < 3, 0.2) for n in range(50) for place in (HEART, GUT)])
    before = rate(belief, HEART_AREA), rate(belief, GUT_AREA)
    for _ in range(4):
        belief = elsewhere(belief, HEART_AREA, round(100 * before[0]) + 8, 100)
        belief = elsewhere(belief, GUT_AREA, round(100 * before[1]) - 4, 100)
    heart, gut = rate(belief, HEART_AREA) - before[0], rate(belief, GUT_AREA) - before[1]
    assert heart - gut > 0.05
    assert heart < 0.06
    assert belief.mean[MODEL.axes] > 0.03


@given(answers, places, guesses, st.booleans(), confidences)
@settings(max_examples=60)
def test_less_weight_moves_the_belief_less(
    history: list[tuple[Place, bool, float]],
    place: Place,
    guess: float,
    correct: bool,
    said: Confidence | None,
) -> None:
    """A text served before never counts for more than a fresh one: in the mean, and in what stays unsure."""
    belief = after(history)
    fresh, seen = (
        update(belief, MODEL, place, correct, guess=guess, confidence=said, weight=weight)
        for weight in (1.0, 0.75)
    )
    start = mean_known(belief, MODEL, place)
    assert abs(mean_known(seen, MODEL, place) - start) <= abs(mean_known(fresh, MODEL, place) - start)
    assert all(s >= f for s, f in zip(variances(seen), variances(fresh), strict=True))


@given(answers)
@settings(max_examples=20)
def test_axes_added_behind_the_others_leave_them_alone(history: list[tuple[Place, bool, float]]) -> None:
    """Wider by another bank's offset and narrow again is the same belief."""
    assert narrowed(with_banks(history), MODEL.axes) == after(history)


def test_an_exam_without_disciplines_has_a_belief_too() -> None:
    """No code knows which exam it is: sections alone are enough."""
    model = load("usmle-step2ck.toml")
    place = Place(model.section_system[3], model.sections[3], ("pathology",))
    belief = update(prior(model), model, place, False, guess=0.2)
    assert len(belief.mean) == 1 + len(model.sections)
    assert p_know(belief, model, place).mean < 0.5


@given(st.lists(st.lists(st.floats(-2, 2), min_size=4, max_size=4), min_size=4, max_size=4))
def test_cholesky_and_forward_substitution_solve(rows: list[list[float]]) -> None:
    """lower lower' is the matrix, and lower x = b for the x that comes out."""
    matrix = [
        [sum(a * b for a, b in zip(r, c, strict=True)) + (i == j) for j, c in enumerate(rows)]
        for i, r in enumerate(rows)
    ]
    lower = cholesky(matrix)
    for i in range(4):
        for j in range(i + 1):
            assert sum(lower[i][k] * lower[j][k] for k in range(j + 1)) == pytest.approx(
                matrix[i][j], abs=1e-9
            )
    solved = forward(lower, [[1.0], [2.0], [3.0], [4.0]])
    for i in range(4):
        assert sum(lower[i][k] * solved[k][0] for k in range(i + 1)) == pytest.approx(i + 1.0, abs=1e-9)
