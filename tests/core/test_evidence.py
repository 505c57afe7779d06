"""What reports may and may not do to a belief."""

import math
import tomllib
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.core.belief import Belief
from qbank.core.evidence import Reported, with_reports
from qbank.core.exam import Flag, parse_exam
from qbank.core.exam_model import AreaKey, ExamModel, Place, exam_model
from qbank.core.flags import Interval, common_factor, given_intervals, informed_part, truncated
from qbank.core.mastery import area, prior, total, update
from qbank.core.report import ReportKind, ScoreReport, sample_report
from qbank.core.report_evidence import report_evidence
from qbank.core.report_rows import ReportEvidence, RowEvidence

EXAMS = Path(__file__).parents[2] / "data" / "exams"
EXAM = parse_exam(tomllib.loads((EXAMS / "usmle-step1.toml").read_text()))
MODEL = exam_model(EXAM, date(2026, 11, 23))
KEYS: tuple[AreaKey, ...] = (
    *(("system", system) for system in MODEL.systems),
    *(("discipline", discipline) for discipline in MODEL.disciplines),
)
AREAS: tuple[AreaKey, ...] = (*KEYS, *(("section", section) for section in MODEL.sections), ("total", ""))
LOW_PASS = MODEL.low_pass

flags = st.lists(st.sampled_from([-1, 0, 1, None]), min_size=len(KEYS), max_size=len(KEYS))
histories = st.lists(
    st.tuples(st.integers(0, 17), st.integers(0, 10), st.booleans(), st.integers(1, 40)), max_size=6
)


def evidence(said: list[int | None], **fields: object) -> ReportEvidence:
    rows = tuple(RowEvidence(key[1], ((key, 1.0),), flag) for key, flag in zip(KEYS, said, strict=True))
    report = ReportEvidence(rows, 280, LOW_PASS, MODEL.pass_line, failed=True)
    return replace(report, **fields)


def answered(history: list[tuple[int, int, bool, int]]) -> Belief:
    belief = prior(MODEL)
    for s, d, correct, times in history:
        place = Place(MODEL.section_system[s], MODEL.sections[s], (MODEL.disciplines[d],))
        for _ in range(times):
            belief = update(belief, MODEL, place, correct, guess=0.2)
    return belief


def means(belief: Belief) -> list[float]:
    estimates = [area(belief, MODEL, key) for key in AREAS]
    return [estimate.mean for estimate in estimates if estimate is not None]


def lay(said: list[int | None], belief: Belief | None = None, **fields: object) -> Reported:
    return with_reports(belief or prior(MODEL), MODEL, [(evidence(said, **fields), 20.0)])


@given(flags, st.integers(0, len(KEYS) - 1), histories, st.booleans(), st.booleans())
@settings(max_examples=12, deadline=None)
def test_a_lower_flag_never_raises_any_belief(
    said: list[int | None],
    row: int,
    history: list[tuple[int, int, bool, int]],
    failed: bool,
    own_scale: bool,
) -> None:
    """Over all rows and any answers: lower <= same <= higher, and lower <= left out, for every area's
    P(correct).
    """
    belief = answered(history)
    fields = {"failed": failed, "centre": None if own_scale else LOW_PASS}
    # Another flag is always there, so that each of the four reports says something.
    said[(row + 1) % len(KEYS)] = 0
    lower, same, higher, left_out = (
        means(lay([*said[:row], flag, *said[row + 1 :]], belief, **fields).belief)
        for flag in (-1, 0, 1, None)
    )
    for low, middle, high, without in zip(lower, same, higher, left_out, strict=True):
        assert low <= middle + 1e-12
        assert middle <= high + 1e-12
        assert low <= without + 1e-12


@given(flags, st.integers(0, len(KEYS) - 1), histories)
@example([-1] * len(KEYS), KEYS.index(("discipline", "genetics")), [(0, 3, True, 35)])
@settings(max_examples=12, deadline=None)
def test_a_lower_flag_lowers_its_own_departure_and_no_other(
    said: list[int | None], row: int, history: list[tuple[int, int, bool, int]]
) -> None:
    """same -> lower puts that area further below the general level, and leaves or lifts every other
    flagged one.
    """
    belief = answered(history)
    before = lay([*said[:row], 0, *said[row + 1 :]], belief).departures
    after = lay([*said[:row], -1, *said[row + 1 :]], belief).departures
    assert after[KEYS[row]] < before[KEYS[row]]
    assert all(after[key] >= before[key] - 1e-12 for key in before if key != KEYS[row])


@given(flags, flags)
@settings(max_examples=8, deadline=None)
def test_intervals_do_not_hang_on_which_flags_came_out(
    first: list[int | None], second: list[int | None]
) -> None:
    """Two reports with the same rows filled in leave the same covariance."""
    second = [None if a is None else (b or 0) for a, b in zip(first, second, strict=True)]
    assert lay(first).belief.cov == lay(second).belief.cov


def test_a_fail_lowers_every_area_and_narrows_the_total() -> None:
    """Without any flag, the fail alone says that the total lay under the cut."""
    before, after = prior(MODEL), lay([None] * len(KEYS)).belief
    assert all(low < start for low, start in zip(means(after), means(before), strict=True))
    width = total(after, MODEL).high - total(after, MODEL).low
    assert width < total(before, MODEL).high - total(before, MODEL).low


def test_a_fail_agrees_with_bayes_on_a_grid() -> None:
    """The total after a bare fail is within a point and a half of the exact posterior over the general
    level.
    """
    said = lay([None] * len(KEYS))
    grid = [i / 20 for i in range(-100, 101)]
    spread = math.sqrt(1 + 0.25 * sum(s * s for s in MODEL.section_share) + 0.16 * 0.14)
    rate = [0.2 + 0.75 / (1 + math.exp(-0.78 * g * spread)) for g in grid]
    noise = math.sqrt(0.2275 / 280 + MODEL.pass_line[1] ** 2 + 2 * 0.015**2 * 20 / 7)
    below = [0.5 * math.erfc((r - MODEL.pass_line[0]) / noise / math.sqrt(2)) for r in rate]
    weights = [math.exp(-0.5 * g * g) * b for g, b in zip(grid, below, strict=True)]
    exact = sum(w * r for w, r in zip(weights, rate, strict=True)) / sum(weights)
    assert total(said.belief, MODEL).mean == pytest.approx(exact, abs=0.015)


def test_removing_the_task_rows_barely_moves_the_totals_interval() -> None:
    """Task rows are the same items under other names: they are shown, not used."""
    said: list[int | None] = [-1, 0] * (len(KEYS) // 2)
    plain = evidence(said)
    tasks = tuple(
        RowEvidence(name, ((("task", name), 1.0),), -1) for name in ("diagnosis", "foundational-science")
    )
    again = RowEvidence("communication again", ((("system", "communication"), 1.0),), -1)
    with_tasks = replace(plain, rows=(*plain.rows, *tasks, again))
    first, second = (
        total(with_reports(prior(MODEL), MODEL, [(report, 20.0)]).belief, MODEL)
        for report in (plain, with_tasks)
    )
    assert (first.low, first.mean, first.high) == pytest.approx(
        (second.low, second.mean, second.high), abs=1e-9
    )


def test_same_is_near_low_pass_with_no_margin() -> None:
    """All "same" on a fail: each area lies within two points of the low-pass centre, wide where there
    are few items.
    """
    said = lay([0] * len(KEYS)).belief
    shown = {key: area(said, MODEL, key) for key in KEYS}
    assert all(abs(one.mean - LOW_PASS[0]) < 0.02 for one in shown.values() if one is not None)
    small, large = shown["system", "human-development"], shown["system", "reproductive-endocrine"]
    assert small is not None
    assert large is not None
    assert small.high - small.low > large.high - large.low > 0.15


def test_a_lower_row_is_a_few_points_not_a_verdict() -> None:
    """One "lower" among "same" lowers that area by two to eight points, and others by less than one."""
    same = means(lay([0] * len(KEYS)).belief)
    said: list[int | None] = [0] * len(KEYS)
    said[KEYS.index(("system", "cardiovascular"))] = -1
    lower = means(lay(said).belief)
    falls = {key: a - b for key, a, b in zip(AREAS, same, lower, strict=True)}
    assert 0.02 < falls["system", "cardiovascular"] < 0.08
    assert all(fall < 0.015 for key, fall in falls.items() if key[1] != "cardiovascular")


def test_evidence_fades_with_age() -> None:
    """The older the report, the nearer every departure and the total come back to what was believed
    before.
    """
    said: list[int | None] = [-1, *[0] * (len(KEYS) - 1)]
    by_age = [
        with_reports(prior(MODEL), MODEL, [(evidence(said), age)]) for age in (0.0, 60.0, 600.0, 6_000.0)
    ]
    departures = [abs(reported.departures[KEYS[0]]) for reported in by_age]
    assert departures == sorted(departures, reverse=True)
    assert departures[-1] < departures[0] / 2
    widths = [total(r.belief, MODEL).high - total(r.belief, MODEL).low for r in by_age]
    assert widths == sorted(widths)


def test_the_reports_pull_fades_as_answers_speak() -> None:
    """After a few hundred answers in its area a flag moves far less than on the first day."""
    said: list[int | None] = [0] * len(KEYS)
    heart = KEYS.index(("system", "cardiovascular"))
    said[heart] = -1
    s = MODEL.sections.index("cardiovascular")
    history = [(s, d, correct, 15) for d in range(11) for correct in (True, False)]
    fresh, settled = lay(said), lay(said, answered(history))
    assert abs(settled.departures[KEYS[heart]]) < abs(fresh.departures[KEYS[heart]]) / 3


def test_lean_scales_the_evidence() -> None:
    """0 ignores a report altogether; more lean puts a flagged area further off."""
    said: list[int | None] = [-1, *[0] * (len(KEYS) - 1)]
    belief = prior(MODEL)
    ignored = with_reports(belief, MODEL, [(evidence(said), 20.0)], lean=0.0)
    assert ignored == Reported(belief, belief, {})
    off = [
        with_reports(belief, MODEL, [(evidence(said), 20.0)], lean=lean).departures[KEYS[0]]
        for lean in (0.5, 1.0, 2.0)
    ]
    assert off[0] > off[1] > off[2]


def self_assessment(rate: float, **fields: object) -> ReportEvidence:
    report = ReportEvidence((), 200, None, MODEL.pass_line, total=rate)
    return replace(report, **fields)


@pytest.mark.parametrize("rate", [0.45, 0.6, 0.73, 0.85])
def test_a_self_assessments_total_is_believed_within_its_error(rate: float) -> None:
    """The total lands near the printed percent, nearer when the form was taken as meant."""
    good, poor = (
        total(with_reports(prior(MODEL), MODEL, [(self_assessment(rate, reliable=ok), 0.0)]).belief, MODEL)
        for ok in (True, False)
    )
    start = total(prior(MODEL), MODEL).mean
    assert good.mean == pytest.approx(rate, abs=0.05)
    assert abs(good.mean - rate) <= abs(poor.mean - rate) <= abs(start - rate) + 0.01
    assert good.high - good.low < poor.high - poor.low


def test_rows_under_25_items_give_no_number() -> None:
    """A row of a self-assessment counts from 25 items on."""
    key = ("system", "cardiovascular")
    reports = [
        self_assessment(0.6, rows=(RowEvidence("heart", ((key, 1.0),), rate=0.3, items=items),))
        for items in (24.0, 25.0)
    ]
    few, enough = (
        area(with_reports(prior(MODEL), MODEL, [(report, 0.0)]).belief, MODEL, key) for report in reports
    )
    assert few is not None
    assert enough is not None
    assert enough.mean < few.mean - 0.02


def test_several_reports_add_up_in_any_order() -> None:
    """A fail and a later self-assessment give the same belief whichever is named first."""
    said: list[int | None] = [-1, *[0] * (len(KEYS) - 1)]
    reports = [(evidence(said), 60.0), (self_assessment(0.7), 5.0)]
    first, second = (with_reports(prior(MODEL), MODEL, order) for order in (reports, reports[::-1]))
    assert first.belief.mean == pytest.approx(second.belief.mean)
    assert first.departures == pytest.approx(second.departures)


def test_the_sample_report_becomes_evidence() -> None:
    """Every row of its era is there; a fail compares with the low-pass centre; left-out rows stay open."""
    report = sample_report(EXAM)
    said = report_evidence(EXAM, report)
    assert said.failed
    assert said.centre == (EXAM.low_pass.value, EXAM.low_pass.sd)
    assert {row.name for row in said.rows} == {row.id for row in EXAM.report_schema(report.era).rows}
    assert {row.name: row.flag for row in said.rows if row.flag is not None} == {
        row: {Flag.LOWER: -1, Flag.SAME: 0, Flag.HIGHER: 1}[flag] for row, flag in report.flags
    }
    departures = with_reports(prior(MODEL), MODEL, [(said, 30.0)]).departures
    lower = [
        row.split("/")[1] for row, flag in report.flags if flag is Flag.LOWER and not row.startswith("task/")
    ]
    assert min(departures, key=lambda key: departures[key])[1] in lower


@pytest.mark.parametrize(
    ("era", "centre"), [("step1_2018", None), ("step1_pre2018", (0.65, 0.03)), ("insights", (0.65, 0.1))]
)
def test_each_era_compares_with_its_own_group(era: str, centre: tuple[float, float] | None) -> None:
    """Own score, borderline region, first-takers: the group is the era's."""
    schema = EXAM.report_schema(era)
    row = next(row.id for row in schema.rows if row.weights and row.dimension == "system")
    report = ScoreReport(
        schema.kind, EXAM.id, era, date(2017, 5, 1), outcome="fail", flags=((row, Flag.LOWER),)
    )
    said = report_evidence(EXAM, report)
    assert said.centre == centre
    assert said.failed == (schema.kind is ReportKind.SCORE_REPORT)
    assert with_reports(prior(MODEL), MODEL, [(said, 30.0)]).departures


def test_a_self_assessment_becomes_numbers() -> None:
    """Percent become rates; a repeated form is marked unreliable."""
    report = ScoreReport(
        ReportKind.SELF_ASSESSMENT,
        EXAM.id,
        "cbssa",
        date(2026, 11, 1),
        equated_percent_correct=61,
        rows_percent=(("system/gastrointestinal", 52.0),),
        repeated=True,
    )
    said = report_evidence(EXAM, report)
    assert (said.total, said.items, said.reliable, said.failed) == (0.61, 200, False, False)
    assert [row.rate for row in said.rows if row.rate is not None] == [0.52]


@cache
def normal(low: float, high: float) -> tuple[float, float]:
    """(P, mean) of a standard normal between two bounds, by brute force."""
    steps = [i / 2_000 for i in range(-16_000, 16_001) if low <= i / 2_000 <= high]
    weights = [math.exp(-0.5 * z * z) for z in steps]
    whole = sum(weights)
    mean = sum(w * z for w, z in zip(weights, steps, strict=True)) / whole
    return whole / 2_000 / math.sqrt(2 * math.pi), mean


@pytest.mark.parametrize("bounds", [(-1.0, 2.0), (0.5, 3.0), (-math.inf, -1.0), (2.0, math.inf), (-0.2, 0.2)])
def test_truncated_normal_agrees_with_summing(bounds: tuple[float, float]) -> None:
    """Log probability and mean of a standard normal in an interval."""
    chance, mean = normal(*bounds)
    log_chance, z = truncated(*bounds)
    assert math.exp(log_chance) == pytest.approx(chance, abs=1e-3)
    assert z == pytest.approx(mean, abs=1e-3)


@given(st.floats(-60, 60), st.floats(0.01, 5))
def test_truncated_normal_is_finite_far_out(low: float, width: float) -> None:
    """However improbable the interval, the mean lies in it."""
    log_chance, mean = truncated(low, low + width)
    assert math.isfinite(log_chance)
    assert low - 1e-6 <= mean <= low + width + 1e-6


def test_one_factor_posterior_agrees_with_sampling_free_integration() -> None:
    """Two tied rows, both below 0: each mean is the known -0.898 for a correlation of one half."""
    loadings, rest = common_factor([[1.0, 0.5], [0.5, 1.0]])
    assert loadings == pytest.approx([math.sqrt(0.5)] * 2)
    factor, own = given_intervals([0.0, 0.0], loadings, rest, [Interval(-math.inf, 0.0)] * 2)
    assert loadings[0] * factor + own[0] == pytest.approx(-0.8976, abs=1e-3)


def test_what_a_category_takes_away() -> None:
    """Halves take 2/pi of a normal's variance, one certain category nothing."""
    assert informed_part(0.0, 1.0, (0.0,)) == pytest.approx(2 / math.pi)
    assert informed_part(0.0, 1.0, (50.0,)) == pytest.approx(0.0, abs=1e-12)


def test_rake_shares_survive_in_the_model() -> None:
    """The model's items of a discipline and of a system come to the blueprint's shares."""
    on = date(2026, 11, 23)
    for dimension, name in KEYS:
        rates = zip(MODEL.item_rates((dimension, name)), MODEL.section_share, strict=True)
        assert sum(rate * share for rate, share in rates) == pytest.approx(EXAM.share(dimension, name, on))
    before = exam_model(EXAM, date(2025, 1, 1))
    assert before.disciplines == MODEL.disciplines
    assert isinstance(before, ExamModel)
    assert before.parts(("discipline", "nutrition")) == ()
