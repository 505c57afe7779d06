"""The index of readiness: as sure as its answers allow, fresh before old, and no surer than a bank can make it."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.app.exams import load_exam
from qbank.core.belief import variance
from qbank.core.exam_model import TOTAL, exam_model
from qbank.core.insight.measured import Measured, MeasuredAnswer, measured
from qbank.core.insight.readiness import (
    BANK_SD,
    LEAST_ANSWERS,
    START_SD,
    Z_80,
    Form,
    Index,
    lies,
    readiness_index,
    still_needed,
)
from qbank.core.mastery import correct_rate, prior, total

TODAY = date(2027, 1, 4)
EXAM = load_exam("usmle-step1")
SHARES = {area.id: EXAM.share("system", area.id, TODAY) for area in EXAM.areas("system", TODAY)}

PUBLISHED_SD = {40: 8.3, 120: 5.5, 280: 4.5, 560: 4.0}
"""In points, by answers: how far an estimate was found to miss the exam score."""

NO_ROOM = 1e-9
counts = st.lists(
    st.builds(
        lambda system, days, of, part: Measured(system, days, round(of * part), of),
        st.sampled_from(sorted(SHARES)),
        st.integers(0, 120),
        st.integers(1, 60),
        st.floats(0, 1),
    ),
    min_size=1,
    max_size=8,
)
forms = st.lists(st.builds(Form, st.floats(0.3, 0.95), st.just(0.04), st.integers(0, 120)), max_size=2)


def index(given_counts: list[Measured], given_forms: list[Form] = [], more: int = 0) -> Index:  # noqa: B006
    found = readiness_index(given_counts, given_forms, SHARES, guess=0.2, slip=0.05, more=more)
    assert found is not None
    return found


def like_the_exam(answers: int, rate: float = 0.65, days_ago: int = 0) -> list[Measured]:
    """So many answers in the exam's proportions, to a thousandth of an answer."""
    parts = {name: answers * share for name, share in SHARES.items()}
    return [
        Measured(name, days_ago, round(1000 * rate * part), round(1000 * part))
        for name, part in parts.items()
    ]


def sd(found: Index) -> float:
    return (found.high_80 - found.low_80) / (2 * Z_80)


def cut(found: Index) -> bool:
    """Whether the scale ends within the interval, which then tells no sd."""
    return found.low_80 == 0 or found.high_80 == 100


@pytest.mark.parametrize("answers", PUBLISHED_SD)
def test_the_bank_is_as_uncertain_as_the_table_implies(answers: int) -> None:
    """What is left of the table's variance without the answers' own is the same at every number: the bank's."""
    left = PUBLISHED_SD[answers] ** 2 - 100**2 * 0.65 * 0.35 / answers
    assert math.sqrt(left) == pytest.approx(100 * BANK_SD, abs=0.15)


@pytest.mark.parametrize("answers", PUBLISHED_SD)
def test_the_interval_is_as_wide_as_the_table(answers: int) -> None:
    """With answers of today; a little narrower where they are few, by what is known of anybody."""
    scaled = [replace(one, right=one.right / 1000, of=one.of / 1000) for one in like_the_exam(answers)]
    start = 100 * 0.75 * START_SD
    expected = PUBLISHED_SD[answers] / math.sqrt(1 + PUBLISHED_SD[answers] ** 2 / start**2)
    assert sd(index(scaled)) == pytest.approx(expected, abs=0.15)


def test_the_start_is_what_is_believed_of_anybody() -> None:
    """Its mean and spread over the whole exam are those of the belief before any answer and any report."""
    model = exam_model(EXAM, TODAY)
    believed = total(prior(model), model)
    _, gradient = correct_rate(prior(model), model.parts(TOTAL), model.guess, model.slip)
    spread = math.sqrt(variance(prior(model), tuple(enumerate(gradient))))
    room = 1 - model.guess - model.slip
    assert believed.mean == pytest.approx(model.guess + room / 2)
    assert spread == pytest.approx(START_SD * room, abs=0.005)


def test_the_start_weighs_no_more_than_a_few_answers() -> None:
    """All of 120 right is not believed of anybody, yet the index stays near it."""
    assert index(like_the_exam(120, 0.8)).percent > 77
    assert index(like_the_exam(120, 0.5)).percent < 51


@given(counts, forms)
def test_intervals_lie_in_each_other_and_in_percent(
    given_counts: list[Measured], given_forms: list[Form]
) -> None:
    """Whatever was answered, all of it wrong or right included."""
    found = index(given_counts, given_forms)
    assert 0 <= found.low_95 <= found.low_80 <= found.percent <= found.high_80 <= found.high_95 <= 100


@given(counts, forms, st.integers(1, 200))
def test_more_answers_or_a_form_never_widen_it(
    given_counts: list[Measured], given_forms: list[Form], more: int
) -> None:
    """And `more` moves nothing but the width."""
    before = index(given_counts)
    after = index(given_counts, given_forms, more)
    if not cut(before) and not cut(after):
        assert sd(after) <= sd(before) + NO_ROOM
    assert index(given_counts, [], more).percent == before.percent


@given(counts, st.integers(1, 200))
def test_what_is_older_says_less(given_counts: list[Measured], days: int) -> None:
    """The same answers, all of them so many days older, leave a wider interval."""
    older = [replace(one, days_ago=one.days_ago + days) for one in given_counts]
    now, then = index(given_counts), index(older)
    if not cut(now) and not cut(then):
        assert sd(then) > sd(now)


def test_fresh_answers_outweigh_old_ones() -> None:
    """Where both say something else, the index lies nearer to today's, and a rise is not taken on trust."""
    old, new = like_the_exam(120, 0.5, days_ago=42), like_the_exam(120, 0.7)
    found = index([*old, *new])
    assert found.percent > 65
    assert index(like_the_exam(120, 0.5, days_ago=42)).percent < 56


def test_answers_never_settle_how_hard_the_bank_is() -> None:
    """However many there are, the bank's own uncertainty stays; a self-assessment takes some of it away."""
    many = index(like_the_exam(100_000))
    assert sd(many) == pytest.approx(100 * BANK_SD, abs=0.15)
    assert sd(index(like_the_exam(100_000), [Form(0.6, 0.04, 0)])) < 0.8 * sd(many)


def test_a_form_and_the_bank_are_weighed_by_their_variances() -> None:
    """Both of today: precisions add up, and the mean lies between, where they put it."""
    bank, form = index(like_the_exam(280, 0.7)), Form(0.6, 0.04, 0)
    both, alone = index(like_the_exam(280, 0.7), [form]), index([], [form])
    start = (100 * 0.75 * START_SD) ** -2
    assert sd(both) ** -2 == pytest.approx(sd(bank) ** -2 + sd(alone) ** -2 - start, rel=0.08)
    assert alone.percent < both.percent < bank.percent


def test_a_system_asked_too_often_counts_as_the_exam_asks_it() -> None:
    """Half of the answers in one system, all of them right, do not lift the whole as they would uncounted for."""
    rest = like_the_exam(140, 0.5)
    flooded = [*[replace(one, right=one.right // 1000, of=one.of // 1000) for one in rest]]
    flooded.append(Measured("cardiovascular", 0, 140, 140))
    naive = 100 * sum(one.right for one in flooded) / sum(one.of for one in flooded)
    assert index(flooded).percent < naive - 5


def test_nothing_measured_gives_no_index() -> None:
    """Nor does an area that the exam does not have."""
    assert readiness_index([], [], SHARES, guess=0.2, slip=0.05) is None
    unknown = [Measured("elsewhere", 0, 9, 20)]
    assert readiness_index(unknown, [], SHARES, guess=0.2, slip=0.05) is None


def test_what_is_missing_is_counted_down() -> None:
    """To none, and not below."""
    assert [still_needed(n) for n in (0, LEAST_ANSWERS - 1, LEAST_ANSWERS, 999)] == [LEAST_ANSWERS, 1, 0, 0]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (50, 61, "wholly below"),
        (50, 65, "partly below"),
        (63, 66, "inside"),
        (66, 75, "partly above"),
        (70, 75, "wholly above"),
        (55, 75, "both sides"),
    ],
)
def test_where_an_interval_lies_is_told_in_words(low: float, high: float, words: str) -> None:
    """Against 62 to 68."""
    assert words in lies(low, high, 62, 68)


def answer(block: str, *, right: bool = True, shown: bool = True, ran_out: bool = False) -> MeasuredAnswer:
    return MeasuredAnswer(block, TODAY - timedelta(3), "cardiovascular", right, shown, ran_out)


def test_what_the_clock_took_is_wrong_and_what_was_submitted_unseen_is_not_asked() -> None:
    """As on the exam, where a question that was not reached has no answer."""
    reached = [answer("a"), answer("a", right=False)]
    out_of_time = answer("a", right=False, shown=False, ran_out=True)
    unseen = answer("a", right=False, shown=False)
    assert measured([*reached, out_of_time], TODAY) == [Measured("cardiovascular", 3, 1, 3)]
    assert measured([*reached, unseen], TODAY) == [Measured("cardiovascular", 3, 1, 2)]


def test_a_block_that_was_walked_away_from_measures_nothing() -> None:
    """Less than half of it was reached when its clock ran out; another block of that day still counts."""
    left = [
        answer("a"),
        *[answer("a", right=False, shown=False, ran_out=True)] * 2,
    ]
    assert measured(left, TODAY) == []
    assert measured([*left, answer("b")], TODAY) == [Measured("cardiovascular", 3, 1, 1)]
