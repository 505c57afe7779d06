"""The block: its laws over worlds and weeks, and the facts of each rule."""

import random
import tomllib
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from candidates import met, sound, unmet
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from qbank.core import scoring
from qbank.core.candidates import Candidate, Kind, Pool
from qbank.core.drill import Composition, area_shares, compose, expected_correct, reach, with_questions
from qbank.core.evidence import Reported, with_reports
from qbank.core.exam import parse_exam
from qbank.core.exam_model import AreaKey, Place, exam_model
from qbank.core.mastery import prior, update
from qbank.core.report_rows import ReportEvidence, RowEvidence
from qbank.core.response import Rating
from qbank.core.scoring import Desk
from qbank.core.seats import FLOOR
from qbank.core.serving import Choice
from qbank.core.trace import first_trace, next_trace
from qbank.core.worth import Pricer

EXAMS = Path(__file__).parents[2] / "data" / "exams"
MODEL = exam_model(parse_exam(tomllib.loads((EXAMS / "usmle-step1.toml").read_text())), date(2026, 11, 23))
TODAY = date(2026, 11, 23)
EXAM_DAY = TODAY + timedelta(days=56)
KEYS: tuple[AreaKey, ...] = (
    *(("system", system) for system in MODEL.systems),
    *(("discipline", discipline) for discipline in MODEL.disciplines),
)
UNREPORTED = with_reports(prior(MODEL), MODEL, [])
CELLS = [
    (s, d, MODEL.cell_share[s][d])
    for s in range(len(MODEL.sections))
    for d in range(len(MODEL.disciplines))
    if MODEL.cell_share[s][d]
]

flags = st.lists(st.sampled_from([-1, 0, 0, 1]), min_size=len(KEYS), max_size=len(KEYS))
seeds = st.integers(0, 2**32)


def unseen(objective: str, s: int, disciplines: Sequence[int], bank: str = "starter") -> Candidate:
    names = " ".join(sorted(MODEL.disciplines[d] for d in disciplines))
    return unmet(objective, MODEL.sections[s], MODEL.section_system[s], names)._replace(bank=bank)


def bank(size: int, seed: int) -> list[Candidate]:
    """Objectives spread as the blueprint spreads them, one or two disciplines each."""
    draw = random.Random(seed)
    weights = [share for _, _, share in CELLS]
    rows = []
    for number, (s, d, _) in enumerate(draw.choices(CELLS, weights, k=size)):
        held = [e for e in range(len(MODEL.disciplines)) if MODEL.cell_share[s][e]]
        rows.append(unseen(f"o-{number:05d}", s, sorted({d, held[(held.index(d) + 1) % len(held)]})))
    return rows


def flagged(said: Sequence[int], lean: float = 1.0) -> Reported:
    rows = tuple(RowEvidence(key[1], ((key, 1.0),), flag) for key, flag in zip(KEYS, said, strict=True))
    report = ReportEvidence(rows, 280, MODEL.low_pass, MODEL.pass_line, failed=True)
    return with_reports(prior(MODEL), MODEL, [(report, 28.0)], lean=lean)


def drill(rows: Sequence[Candidate], reported: Reported = UNREPORTED, **fields: object) -> Composition:
    settings: dict[str, object] = {
        "on": TODAY, "exam_day": EXAM_DAY, "size": 20, "seed": 1, "served": {}, **fields
    }  # fmt: skip
    return compose(rows, MODEL, reported, **settings)  # type: ignore[arg-type]


def week(
    rows: list[Candidate], reported: Reported, seed: int, *, blocks: int = 14, lean: float = 1.0
) -> list[Composition]:
    """Two blocks a day, every third answer a miss; memories grow, the belief stands still."""
    current = {(row.bank, row.objective): row for row in rows}
    served: Counter[str] = Counter()
    done = []
    for number in range(blocks):
        on = TODAY + timedelta(days=number // 2)
        block = drill(
            list(current.values()), reported, on=on, seed=seed + number, served=dict(served), lean=lean
        )
        for position, pick in enumerate(block.picks):
            served[pick.place.system] += 1
            key = (pick.bank, pick.objective)
            rating = Rating.AGAIN if position % 3 == 0 else Rating.GOOD
            current[key] = reviewed(current[key], rating, on)
        done.append(block)
    return done


def in_a_row(
    rows: Sequence[Candidate], reported: Reported, blocks: int, lean: float = 1.0
) -> list[Composition]:
    """Blocks composed one after another from candidates that never change."""
    served: Counter[str] = Counter()
    done = []
    for seed in range(blocks):
        done.append(drill(rows, reported, seed=seed, served=dict(served), lean=lean))
        served.update(pick.place.system for pick in done[-1].picks)
    return done


def reviewed(row: Candidate, rating: Rating, on: date) -> Candidate:
    correct = rating is not Rating.AGAIN
    if row.trace is None or row.last_day is None:
        trace = first_trace(0.6, correct=correct, guess=0.2, slip=0.05)
    else:
        trace = next_trace(row.trace, (on - row.last_day).days, correct=correct, guess=0.2, slip=0.05)
    left = max(0, row.n_unseen - 1)
    return met(row, on, trace)._replace(n_unseen=left, oldest_day=row.oldest_day or on)


def count(blocks: Sequence[Composition], key: AreaKey) -> int:
    dimension, name = key
    return sum(
        (pick.place.system == name) if dimension == "system" else (name in pick.place.disciplines)
        for block in blocks
        for pick in block.picks
    )


@given(
    flags,
    st.integers(0, len(KEYS) - 1),
    seeds,
    st.sampled_from([60, 250, 800]),
    st.sampled_from([1.0, 2.0]),
)
@settings(max_examples=20, deadline=None)
def test_a_lower_flag_never_lowers_its_areas_share_of_a_block(
    said: list[int], row: int, seed: int, size: int, lean: float
) -> None:
    """same -> lower, all else equal: the area's questions in the block never become fewer."""
    rows = bank(size, seed)
    same, lower = (
        drill(rows, flagged([*said[:row], flag, *said[row + 1 :]], lean), seed=seed, lean=lean)
        for flag in (0, -1)
    )
    assert len(same.picks) == len(lower.picks)
    assert count([lower], KEYS[row]) >= count([same], KEYS[row])


# Not the first system: its two items in a hundred come up a handful of times a week, see the test below.
@given(flags, st.integers(1, len(MODEL.systems) - 1), seeds)
@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_a_lower_flag_raises_its_areas_share_in_the_first_week(said: list[int], row: int, seed: int) -> None:
    """Over seven days of two blocks, with a bank that is not used up, a flag turned lower gets more
    questions.
    """
    rows = bank(1_200, seed)
    same, lower = (week(rows, flagged([*said[:row], flag, *said[row + 1 :]]), seed) for flag in (0, -1))
    assert count(lower, KEYS[row]) > count(same, KEYS[row])


@pytest.mark.parametrize(
    "key",
    [
        ("system", "human-development"),
        ("discipline", "genetics"),
        ("discipline", "histology"),
        ("discipline", "pathology"),
    ],
)
def test_small_areas_and_disciplines_are_raised_by_their_flags(key: AreaKey) -> None:
    """Two items in a hundred, or a discipline that shares its items with others, are enough for a flag
    to be felt.
    """
    said = [0] * len(KEYS)
    rows = bank(1_200, 7)
    same = week(rows, flagged(said), 11)
    said[KEYS.index(key)] = -1
    assert count(week(rows, flagged(said), 11), key) > count(same, key)


@given(flags, seeds, st.sampled_from([0.0, 1.0, 3.0]))
@settings(max_examples=2, deadline=None)
def test_no_system_falls_under_its_floor(said: list[int], seed: int, lean: float) -> None:
    """After every block of a week each system has had half its blueprint share, to the question."""
    served: Counter[str] = Counter()
    for block in week(bank(800, seed), flagged(said, lean), seed, blocks=16, lean=lean):
        served.update(pick.place.system for pick in block.picks)
        drilled = sum(served.values())
        for system in MODEL.systems:
            assert served[system] > FLOOR * MODEL.system_share(system) * drilled - 1


@given(seeds, st.integers(1, 40))
@settings(max_examples=15, deadline=None)
def test_never_two_of_one_objective(seed: int, size: int) -> None:
    """A block holds an objective once, so never two siblings."""
    picks = drill(bank(120, seed), seed=seed, size=size).picks
    assert len({(pick.bank, pick.objective) for pick in picks}) == len(picks) == size


@given(seeds)
@settings(max_examples=8, deadline=None)
def test_the_same_inputs_give_the_same_block_in_any_row_order(seed: int) -> None:
    """The seed decides, not the order in which the store hands out rows."""
    rows = bank(150, seed)
    shuffled = sorted(rows, key=lambda row: (row.objective[::-1], row.section))
    assert drill(rows, seed=seed) == drill(shuffled, seed=seed)
    assert drill(rows, seed=seed).picks != drill(rows, seed=seed + 1).picks


def test_highest_yields_win_within_a_system() -> None:
    """In one system the picks are exactly those of highest score."""
    s = MODEL.sections.index("cardiovascular")
    rows = [
        reviewed(unseen(f"o-{n}", s, [9]), Rating.GOOD if n % 2 else Rating.AGAIN, TODAY - timedelta(days=n))
        for n in range(1, 41)
    ]
    rows = [row._replace(n_unseen=1) for row in rows]
    picked = drill(rows, size=10).picks
    every = drill(rows, size=40).picks
    best = sorted(every, key=lambda pick: -pick.score)[:10]
    assert {pick.objective for pick in picked} == {pick.objective for pick in best}


def test_new_and_due_compete_in_one_order() -> None:
    """A forgotten objective outranks a fresh one that is believed known, and a solid memory yields to a
    fresh one.
    """
    s = MODEL.sections.index("gastrointestinal")
    belief = prior(MODEL)
    place = Place("gastrointestinal", "gastrointestinal", ("pathology",))
    for _ in range(80):
        belief = update(belief, MODEL, place, True, guess=0.2)
    fresh = unseen("fresh", s, [9])._replace(disciplines="pathology")
    missed = reviewed(fresh._replace(objective="missed"), Rating.AGAIN, TODAY - timedelta(days=20))
    solid = met(fresh._replace(objective="solid"), TODAY - timedelta(days=2), sound(90.0))
    strong = Reported(belief, belief, {})
    assert [pick.objective for pick in drill([fresh, missed], strong, size=1).picks] == ["missed"]
    assert [pick.objective for pick in drill([fresh, solid], strong, size=1).picks] == ["fresh"]


def test_some_of_the_lot_goes_to_what_is_least_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two sections believed to be known alike, the one without answers comes more often than by yield alone."""
    belief = prior(MODEL)
    asked, unasked = MODEL.sections.index("respiratory"), MODEL.sections.index("renal")
    place = Place("respiratory-renal", "respiratory", ("pathology",))
    for turn in range(400):
        belief = update(belief, MODEL, place, turn % 5 < 3, guess=0.2)
    rows = [
        unseen(f"{s}-{n:03d}", s, [9])._replace(disciplines="pathology")
        for s in (asked, unasked)
        for n in range(200)
    ]

    def of_unasked() -> int:
        blocks = in_a_row(rows, Reported(belief, belief, {}), 80)
        return sum(pick.place.section == "renal" for block in blocks for pick in block.picks)

    explored = of_unasked()
    monkeypatch.setattr(scoring, "EXPLORED", 0.0)
    assert explored > of_unasked()


def test_without_flags_unseen_systems_get_about_their_blueprint_shares() -> None:
    """At equal beliefs the seats of many blocks follow the blueprint, small systems included."""
    rows = bank(600, 3)
    blocks = in_a_row(rows, UNREPORTED, 80)
    for system in MODEL.systems:
        share = count(blocks, ("system", system)) / (80 * 20)
        assert share == pytest.approx(MODEL.system_share(system), abs=0.02)


def test_flags_lean_visibly_but_do_not_take_over() -> None:
    """One flagged system gets 1.25 to 3 times its share; lean 2 more than 1; lean 0
    nothing.
    """
    rows, key = bank(600, 5), ("system", "cardiovascular")
    said = [0] * len(KEYS)
    said[KEYS.index(key)] = -1
    shares = {}
    for lean in (0.0, 1.0, 2.0):
        reported = flagged(said, lean)
        blocks = in_a_row(rows, reported, 30, lean=lean)
        shares[lean] = count(blocks, key) / (30 * 20) / MODEL.system_share("cardiovascular")
    assert shares[0.0] == pytest.approx(1.0, abs=0.25)
    assert 1.25 < shares[1.0] < 3
    assert shares[1.0] < shares[2.0]


def test_no_text_again_within_two_weeks_unasked() -> None:
    """With every text seen, an objective waits fourteen days after the oldest one, unless repeats are
    asked for.
    """
    base = reviewed(unseen("o", 3, [1]), Rating.AGAIN, TODAY - timedelta(days=13))._replace(n_unseen=0)
    older = base._replace(oldest_day=TODAY - timedelta(days=14))
    assert drill([base]).picks == ()
    assert len(drill([older]).picks) == len(drill([base], allow_repeats=True).picks) == 1
    flagged_away = base._replace(oldest_day=None)
    assert drill([flagged_away], allow_repeats=True).picks == ()


def test_reviewed_today_waits_for_another_day() -> None:
    """More answers on the same study day would change nothing, so the objective is left out unless asked
    for.
    """
    row = reviewed(unseen("o", 3, [1]), Rating.GOOD, TODAY)
    assert drill([row]).picks == ()
    assert len(drill([row], allow_repeats=True).picks) == 1


def test_a_short_bank_gives_a_shorter_block_and_a_sentence() -> None:
    """Fewer than asked is said, with the number; enough says nothing."""
    short = drill(bank(7, 1))
    assert len(short.picks) == 7
    assert short.short.startswith("7 of 20 questions")
    assert drill(bank(100, 1)).short == ""
    assert drill([]).picks == ()


def test_systems_without_any_objective_are_named() -> None:
    """A flagged area without questions can be given a reading task, because it is known to have none."""
    rows = [row for row in bank(400, 2) if row.system != "cardiovascular"]
    assert drill(rows).without_questions == ("cardiovascular",)


def test_questions_without_an_area_are_practice_only() -> None:
    """They fill what is left, about a tenth beside a full bank, and all of it when there is nothing else."""
    nowhere = [unseen(f"x-{n}", 0, [])._replace(section="", system="") for n in range(100)]
    assert len(drill(nowhere).picks) == 20
    beside = nowhere + bank(300, 1)
    mixed = in_a_row(beside, UNREPORTED, 20)
    assert 10 < count(mixed, ("system", "")) < 80


def test_draws_without_objectives_are_worth_less_the_more_have_been_drawn() -> None:
    """After k of a section's N, the next question is new with probability exp(-k/N)."""
    s = MODEL.sections.index("cardiovascular")
    fresh = unseen("fresh", s, [9], bank="import")
    seen = [
        reviewed(unseen(f"s-{n}", s, [9], bank="import"), Rating.GOOD, TODAY)._replace(n_unseen=0)
        for n in range(50)
    ]
    plain = drill([fresh, *seen]).picks[0]
    drawn = drill([fresh, *seen], drawn_banks=["import"]).picks[0]
    asked = 1_200 * MODEL.system_share("cardiovascular")
    assert drawn.worth.points == pytest.approx(plain.worth.points * 2.718281828 ** (-50 / asked))


def test_every_pick_says_why() -> None:
    """Belief and interval, recall now and on exam day, gain, seconds, flag: nothing is left to look up."""
    said = [0] * len(KEYS)
    said[KEYS.index(("system", "cardiovascular"))] = -1
    reported = flagged(said)
    block = drill(bank(500, 4), reported)
    for pick in block.picks:
        assert pick.belief.low < pick.belief.mean < pick.belief.high
        assert pick.worth.gain > 0
        assert pick.worth.seconds > 90
        assert (pick.pull > 1) == (pick.departure < 0)
        assert pick.score == pytest.approx(pick.worth.points_per_minute * pick.pull)
    heart = next(
        share for share in area_shares(MODEL, reported, block.picks) if share.area == "cardiovascular"
    )
    assert heart.departure < -0.02
    assert heart.questions == count([block], ("system", "cardiovascular"))
    assert heart.share == pytest.approx(heart.questions / 20)
    assert heart.floor == pytest.approx(heart.blueprint / 2)
    assert heart.belief is not None


def test_expected_is_the_sum_of_what_each_answer_promises() -> None:
    """About 20 * (.2 + .75 * .5) right in a first block of unseen objectives, before anything is known."""
    picks = drill(bank(500, 4)).picks
    assert expected_correct(picks) == pytest.approx(20 * (0.2 + 0.75 * 0.5), abs=0.01)


def test_order_in_the_block_says_nothing_of_yield() -> None:
    """Over many blocks the mean yield of the first half equals that of the second."""
    s = [MODEL.sections.index(name) for name in ("cardiovascular", "renal", "nervous", "multisystem")]
    rows = [
        reviewed(unseen(f"o-{n}", s[n % 4], [9]), Rating.AGAIN, TODAY - timedelta(days=1 + n // 2))
        for n in range(60)
    ]
    first = second = 0.0
    for seed in range(100):
        scores = [pick.score for pick in drill(rows, seed=seed).picks]
        first += sum(scores[:10])
        second += sum(scores[10:])
    assert first == pytest.approx(second, rel=0.03)


def test_systems_take_turns() -> None:
    """No two neighbours of one system while the counts allow it."""
    for seed in range(15):
        systems = [pick.place.system for pick in drill(bank(300, seed), seed=seed).picks]
        if max(Counter(systems).values()) <= 10:
            assert all(a != b for a, b in pairwise(systems))


def test_picks_get_their_questions_and_those_without_any_fall_out() -> None:
    """Each pick names one of its objective's questions."""
    rows = bank(10, 1)
    picks = drill(rows).picks
    choices = [
        Choice("starter", f"{row.objective}-q", row.objective, 0, None, None, False, False)
        for row in rows[1:]
    ]
    chosen = with_questions(picks, choices, on=TODAY, seed=1)
    assert {pick.question for pick in chosen} == {f"{row.objective}-q" for row in rows[1:]}


def test_reach_is_the_part_of_the_exam_a_bank_can_touch() -> None:
    """33 objectives reach a few percent; a section holds no more than all of it; no area, no reach."""
    heart = Place("cardiovascular", "cardiovascular", ("pathology",))
    assert reach(MODEL, {heart: 12}) == pytest.approx(12 / 1_200)
    assert reach(MODEL, {heart: 10_000}) == pytest.approx(MODEL.system_share("cardiovascular"))
    assert reach(MODEL, {Place("respiratory-renal", "", ()): 24}) == pytest.approx(24 / 1_200)
    assert reach(MODEL, {Place("", "", ()): 500}) == 0


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["cardiovascular", "renal", "respiratory", ""]),
            st.sampled_from(["high", "medium", "low"]),
            st.integers(0, 3_000),
        ),
        max_size=6,
    )
)
def test_draws_never_count_for_more_than_their_cells(draws: list[tuple[str, str, int]]) -> None:
    """However many there are, of a section or of its whole system, common or rare: their credit is a part of its share."""
    pool = Pool()
    for section, likelihood, count in draws:
        system = "cardiovascular" if section == "cardiovascular" else "respiratory-renal"
        kind = Kind(system, section, "", likelihood, True)
        pool.drawn_seen[kind] = pool.drawn_seen.get(kind, 0) + count
    desk = Desk(MODEL, UNREPORTED, Pricer(MODEL, 30), pool, TODAY, 1.0)
    credit: dict[str, float] = {}
    for kind, count in pool.drawn_seen.items():
        pulled = desk.pull(kind.place)
        credit[kind.system] = credit.get(kind.system, 0.0) + count * desk.factor(kind) / pulled
    for system, objectives in credit.items():
        assert objectives <= MODEL.system_share(system) * MODEL.n_objectives * (1 + 1e-9)
