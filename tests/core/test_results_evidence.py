"""Laws of what lists from other banks say: direction, no sureness for nothing, fading, and that misses alone say nothing."""

import time
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.app.exams import load_exam
from qbank.core.belief import Belief, narrowed, widened
from qbank.core.exam_model import TOTAL, AreaKey, ExamModel, Place, exam_model
from qbank.core.mastery import OFFSET_SD, area, prior, update, update_from_outside
from qbank.core.results import Done, Listed, Result, ResultList, Sources, add_list, summed
from qbank.core.results_evidence import easiness, with_results

TODAY = date(2026, 11, 26)
MODEL: ExamModel = exam_model(load_exam("usmle-step1"), TODAY)
SYSTEMS = [*MODEL.systems[:4], ""]
DISCIPLINES = ["pathology", "physiology", ""]
HEART = Place("cardiovascular", "cardiovascular", ("pathology",))
GUT = Place("gastrointestinal", "gastrointestinal", ("physiology",))

answers = st.lists(st.tuples(st.sampled_from([HEART, GUT]), st.booleans()), max_size=40)
groups = st.lists(
    st.tuples(
        st.sampled_from(SYSTEMS),
        st.sampled_from(DISCIPLINES),
        st.integers(0, 60),
        st.integers(0, 60),
        st.none() | st.integers(0, 100),
    ),
    min_size=1,
    max_size=6,
)
Group = tuple[str, str, int, int, int | None]


def believed(history: Sequence[tuple[Place, bool]]) -> Belief:
    belief = prior(MODEL)
    for place, right in history:
        belief = update(belief, MODEL, place, right, guess=0.2)
    return belief


def rows_of(found: Sequence[Group], on: date = TODAY) -> list[Result]:
    """So many right and wrong rows of each group."""
    rows: list[Result] = []
    for system, discipline, right, wrong, others in found:
        for number in range(right + wrong):
            name = f"q{len(rows)}"
            rows.append(Result(name, "", number < right, None, system, "", discipline, on=on, others=others))
    return rows


def lists(
    rows: Sequence[Result], *, misses_only: bool = False, totals: tuple[Done, ...] = ()
) -> tuple[Listed, ...]:
    sources: Sources = {}
    add_list(sources, ResultList("Big Bank", misses_only, tuple(rows), totals), TODAY)
    return summed(sources)


def after(belief: Belief, rows: Sequence[Result], today: date = TODAY) -> Belief:
    return with_results(belief, MODEL, (), lists(rows), today.toordinal())


def rate(belief: Belief, key: AreaKey) -> float:
    found = area(belief, MODEL, key)
    assert found is not None
    return found.mean


def width(belief: Belief, key: AreaKey) -> float:
    found = area(belief, MODEL, key)
    assert found is not None
    return found.high - found.low


def key_of(system: str, discipline: str) -> AreaKey:
    if system:
        return ("system", system)
    return ("discipline", discipline) if discipline else TOTAL


@given(
    answers, groups, st.sampled_from(SYSTEMS), st.sampled_from(DISCIPLINES), st.none() | st.integers(0, 100)
)
@settings(max_examples=150, deadline=None)
def test_one_more_wrong_never_raises_a_belief_there_and_one_more_right_never_lowers_it(
    history: list[tuple[Place, bool]], found: list[Group], system: str, discipline: str, others: int | None
) -> None:
    """Whatever was answered here, whatever else the list says, and however easy the question was."""
    belief, rows, key = believed(history), rows_of(found), key_of(system, discipline)
    more = Result("one more", "", False, None, system, "", discipline, on=TODAY, others=others)
    before = rate(after(belief, rows), key)
    assert rate(after(belief, [*rows, more]), key) <= before + 1e-9
    assert rate(after(belief, [*rows, replace(more, right=True)]), key) >= before - 1e-9


@given(answers, groups)
@settings(max_examples=60, deadline=None)
def test_a_right_answer_turned_wrong_lowers_its_area(
    history: list[tuple[Place, bool]], found: list[Group]
) -> None:
    """The first right row of any list."""
    rows = rows_of(found)
    at = next((at for at, row in enumerate(rows) if row.right), None)
    assume(at is not None)
    assert at is not None
    worse = [*rows[:at], replace(rows[at], right=False), *rows[at + 1 :]]
    key = key_of(rows[at].system, rows[at].discipline)
    belief = believed(history)
    assert rate(after(belief, worse), key) < rate(after(belief, rows), key) + 1e-12


@given(groups, st.integers(0, 400))
@settings(max_examples=40, deadline=None)
def test_a_list_never_widens_what_is_believed(found: list[Group], days: int) -> None:
    """No axis is less sure than before it, fresh or old."""
    rows, start = rows_of(found), prior(MODEL)
    fresh, old = after(start, rows), after(start, rows, TODAY + timedelta(days))
    for axis in range(MODEL.axes):
        at = axis * (axis + 1) // 2 + axis
        assert 0 < fresh.cov[at] <= start.cov[at] + 1e-9
        assert 0 < old.cov[at] <= start.cov[at] + 1e-9


def test_an_old_list_moves_less_and_leaves_more_unsure() -> None:
    """A year later what was weak then is believed to be so still, only less."""
    heart = ("system", "cardiovascular")
    rows = rows_of([("cardiovascular", "", 20, 60, None), ("gastrointestinal", "", 60, 20, None)])
    start = prior(MODEL)
    fresh, old = after(start, rows), after(start, rows, TODAY + timedelta(365))
    assert rate(fresh, heart) < rate(old, heart) < rate(start, heart)
    assert width(fresh, heart) < width(old, heart) < width(start, heart)


def test_thousands_of_rows_do_not_make_an_area_surer_than_two_banks_are_alike() -> None:
    """Ten times as many rows of the same rates narrow an area's interval a little, and never to nothing."""
    heart = ("system", "cardiovascular")
    widths = []
    for times in (1, 10, 100):
        rows = rows_of([(name, "", 6 * times, 4 * times, None) for name in MODEL.systems])
        widths.append(width(after(prior(MODEL), rows), heart))
    assert widths[0] > widths[1] > widths[2] > 0.15


def test_a_bank_that_is_easier_everywhere_says_less_than_one_area_that_is_weaker() -> None:
    """All at 80 % moves a belief that answers have settled by far less than one system 20 points below the others."""
    belief = believed([(place, n % 5 < 3) for n in range(100) for place in (HEART, GUT)])
    heart, gut = ("system", "cardiovascular"), ("system", "gastrointestinal")
    easy = after(belief, rows_of([(name, "", 80, 20, None) for name in MODEL.systems]))
    weak = [(name, "", *((60, 40) if name == "cardiovascular" else (80, 20)), None) for name in MODEL.systems]
    one = after(belief, rows_of(weak))
    assert rate(easy, heart) - rate(belief, heart) < 0.06
    assert rate(one, gut) - rate(one, heart) > rate(easy, gut) - rate(easy, heart) + 0.05


def test_an_easy_question_right_says_less_than_a_hard_one_and_an_easy_one_wrong_more() -> None:
    """By the percent of others who were right."""
    heart, start = ("system", "cardiovascular"), prior(MODEL)

    def moved(right: int, wrong: int, others: int | None) -> float:
        return rate(after(start, rows_of([("cardiovascular", "", right, wrong, others)])), heart) - rate(
            start, heart
        )

    assert 0 < moved(10, 0, 90) < moved(10, 0, 60) < moved(10, 0, 40)
    assert moved(0, 10, 90) < moved(0, 10, 60) < moved(0, 10, 40) < 0
    assert 0 < moved(10, 0, 90) < moved(10, 0, None)


@pytest.mark.parametrize("percent", [0, 10, 20, 35, 65, 95, 100])
def test_easiness_grows_with_others_and_is_none_where_they_do_as_on_the_exam(percent: int) -> None:
    """Finite at the ends, 0 at the pass line's rate."""
    assert -8 < easiness(percent, MODEL) < 8
    assert easiness(round(100 * MODEL.low_pass[0]), MODEL) == pytest.approx(0.0, abs=1e-9)
    assert easiness(percent, MODEL) <= easiness(min(100, percent + 5), MODEL)


def test_misses_alone_move_nothing_and_with_totals_they_count() -> None:
    """Wrong answers without the right ones beside them have no share that was right."""
    heart, start = ("system", "cardiovascular"), prior(MODEL)
    rows = rows_of([("cardiovascular", "", 0, 40, None), ("gastrointestinal", "", 0, 12, None)])
    alone = lists(rows, misses_only=True)
    assert alone[0].misses == (("cardiovascular", 40), ("gastrointestinal", 12))
    assert with_results(start, MODEL, (), alone, TODAY.toordinal()) == start
    told = lists(rows, misses_only=True, totals=(Done("system", "cardiovascular", 60),))
    assert told[0].misses == (("gastrointestinal", 12),)
    assert (told[0].right, told[0].answers) == (20, 60)
    assert rate(with_results(start, MODEL, (), told, TODAY.toordinal()), heart) < rate(start, heart)


def test_the_level_of_a_bank_known_by_hand_is_known_of_its_list_too() -> None:
    """Where totals have shown a bank to be easy, a high percentage in its list says less than one of a new bank."""
    offset = MODEL.axes
    wide = widened(believed([(HEART, n % 2 == 0) for n in range(60)]), OFFSET_SD**2)
    for _ in range(20):
        wide = update_from_outside(wide, MODEL, TOTAL, 90, 100, offset=offset)
    found = lists(rows_of([("gastrointestinal", "", 80, 20, None)]))
    gut = ("system", "gastrointestinal")
    same = narrowed(with_results(wide, MODEL, ("big bank",), found, TODAY.toordinal()), MODEL.axes)
    other = narrowed(with_results(wide, MODEL, ("another",), found, TODAY.toordinal()), MODEL.axes)
    assert rate(same, gut) < rate(other, gut)


def test_areas_that_the_belief_does_not_speak_of_move_nothing() -> None:
    """A system of another exam, or none at all known."""
    belief = prior(MODEL)
    assert after(belief, rows_of([("nowhere", "", 3, 9, None)])) == belief
    assert with_results(belief, MODEL, (), (), TODAY.toordinal()) is belief


def test_five_thousand_rows_take_less_than_a_second() -> None:
    """Folded, summed and laid over the belief, with both areas and the percent of others."""
    found = [
        (system, discipline, 20, 21, others)
        for system in MODEL.systems
        for discipline in MODEL.disciplines
        for others in (60,)
    ]
    rows = rows_of(found)
    assert len(rows) > 4_900
    began = time.process_time()
    assert after(prior(MODEL), rows).mean[0] != 0
    assert time.process_time() - began < 1.0
