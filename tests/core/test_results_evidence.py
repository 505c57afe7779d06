"""Laws of what lists from other banks say: direction, no sureness for nothing, fading, and that misses alone say nothing."""

from collections.abc import Sequence
from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.app.exams import load_exam
from qbank.core.belief import Belief
from qbank.core.exam_model import TOTAL, AreaKey, ExamModel, Place, exam_model
from qbank.core.mastery import area, prior, update
from qbank.core.results import Done, Listed, Result, ResultList, Sources, add_list, summed
from qbank.core.results_evidence import with_results

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
