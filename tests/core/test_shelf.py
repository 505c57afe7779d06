"""The block that is composed from a shelf is the block that is composed from all rows."""

import random
import tomllib
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qbank.core.candidates import Candidate, Kind, Kinds, Row, read_candidates
from qbank.core.drill import Composition, compose
from qbank.core.evidence import Reported, with_reports
from qbank.core.exam import parse_exam
from qbank.core.exam_model import AreaKey, exam_model
from qbank.core.mastery import prior
from qbank.core.memory import DEFAULT_MODEL, MemoryModel
from qbank.core.report_rows import ReportEvidence, RowEvidence
from qbank.core.scoring import Desk
from qbank.core.serving import REPEAT_DAYS
from qbank.core.shelf import DAYS, Basis, Count, Shelf, basis, ceilings, counted, fill
from qbank.core.worth import Pricer, Seconds, Terms

EXAMS = Path(__file__).parents[2] / "data" / "exams"
TODAY = date(2026, 11, 23)
MODEL = exam_model(parse_exam(tomllib.loads((EXAMS / "usmle-step1.toml").read_text())), TODAY)
SYSTEMS: tuple[AreaKey, ...] = tuple(("system", system) for system in MODEL.systems)
DRAWN = frozenset({"imported"})
QUICK = Seconds(40.0, 60.0, 10.0, 25.0)

seeds = st.integers(0, 2**32)
paces = st.builds(
    Seconds, st.floats(20, 200), st.floats(20, 200), st.floats(5, 100), st.none() | st.floats(20, 200)
)


@cache
def flagged(flag: int) -> Reported:
    """Every other system flagged."""
    rows = tuple(RowEvidence(key[1], ((key, 1.0),), flag if n % 2 else 0) for n, key in enumerate(SYSTEMS))
    report = ReportEvidence(rows, 280, MODEL.low_pass, MODEL.pass_line, failed=True)
    return with_reports(prior(MODEL), MODEL, [(report, 28.0)])


def bank(size: int, met: float, seed: int, *, alike: bool = False) -> list[Candidate]:
    """Objectives of few kinds in three banks, some met; `alike`: their memories are, so that scores tie."""
    draw = random.Random(seed)
    sections = draw.sample(range(len(MODEL.sections)), 5)
    rows = []
    for number in range(size):
        s = draw.choice(sections)
        placed = draw.random() < 0.9
        row = Candidate(
            draw.choice(["starter", "other", "imported"]),
            f"o-{number:04}",
            MODEL.sections[s] if placed else "",
            MODEL.section_system[s] if placed else draw.choice(["", "elsewhere"]),
            draw.choice([MODEL.disciplines[0], f"{MODEL.disciplines[1]} {MODEL.disciplines[2]}"]),
            "",
            draw.choice(["low", "medium", "high"]),
            2,
            draw.randrange(3),
            None,
            None,
            None,
            None,
            None,
            None,
            draw.choice([None, TODAY - timedelta(days=draw.randrange(1, 30))]),
        )
        rows.append(reviewed(row, draw, alike=alike) if draw.random() < met else row)
    return rows


def reviewed(row: Candidate, draw: random.Random, *, alike: bool) -> Candidate:
    kept, kept_days, ago = (
        (0.5, 9.0, 20) if alike else (draw.random(), 300 ** draw.random(), draw.randrange(-2, 60))
    )
    return row._replace(
        stability_days=kept_days,
        last_day=TODAY - timedelta(days=ago),
        kept=kept,
        kept_days=kept_days,
        taught=(1 - kept) * 0.7,
        taught_days=0.2 if alike else 20 ** draw.uniform(-1, 1),
    )


def shelf(
    rows: Sequence[Candidate],
    loose: Callable[[Candidate], bool],
    by: Basis,
    pricer_in: Callable[[int], Pricer],
    read: list[Row] | None = None,
) -> Shelf:
    """What a store would hand out of these rows today."""
    unmet = [row for row in rows if row.trace is None and may_come(row)]
    met = [row for row in rows if row.last_day is not None and row.last_day < TODAY and may_come(row)]
    tops = {top[:2]: top[3] for top in ceilings([r for r in rows if r.trace], by, pricer_in)}
    counts = []
    for key in sorted({(row.bank, *row[3:1:-1], row.disciplines, row.likelihood) for row in rows}):
        of = [row for row in rows if (row.bank, *row[3:1:-1], row.disciplines, row.likelihood) == key]
        fresh = sum(row in unmet for row in of)
        counts.append(Count(*key, sum(row.last_day is not None for row in of), fresh))

    def by_ceiling(system: str) -> Iterable[tuple[float, Row]]:
        held = [(tops[row[:2]], row) for row in met if row.system == system and not loose(row)]
        for top, row in sorted(held, key=lambda one: -one[0]):
            if read is not None:
                read.append(row)
            yield top, row

    def unseen_at(kind: Kind, ranks: Sequence[int]) -> list[Row]:
        kinds = Kinds(DRAWN)
        of = [r for r in unmet if kinds[r.bank, r.section, r.system, r.disciplines, r.likelihood] == kind]
        return [sorted(of)[rank] for rank in ranks]

    return Shelf(counts, by, [row for row in met if loose(row)], by_ceiling, unseen_at)


def price(pricer: Pricer, row: Candidate, elapsed: int) -> float:
    assert row.trace is not None, "only what was reviewed has a price"
    trace = row.trace
    return pricer.rate(trace.kept, trace.kept_days, trace.taught, trace.taught_days, elapsed)


def may_come(row: Candidate) -> bool:
    return bool(row.n_unseen) or (row.oldest_day is not None and (TODAY - row.oldest_day).days >= REPEAT_DAYS)


def reckoned(
    rows: Sequence[Candidate], first: date, exam_day: date, reported: Reported, seconds: Seconds, guess: float
) -> tuple[Basis, Callable[[int], Pricer]]:
    """The basis of a day, with a pricer for each day from then on."""

    def pricer_in(day: int) -> Pricer:
        return Pricer(MODEL, (exam_day - first).days - day, seconds=seconds, guess=guess)

    kinds = Kinds(DRAWN)
    of = {kinds[row.bank, row.section, row.system, row.disciplines, row.likelihood] for row in rows}
    desk = Desk(MODEL, reported, pricer_in(0), counted([], DRAWN), first, 1.0)
    factors = [(kind, desk.factor(kind)) for kind in sorted(of)]
    found = basis(pricer_in(0), factors, on=first, exam_day=exam_day, drawn_banks=DRAWN, memory=DEFAULT_MODEL)
    return found, pricer_in


def drill(
    rows: Sequence[Candidate] | Shelf, exam_day: date, size: int, seed: int, **fields: object
) -> Composition:
    settings: dict[str, object] = {
        "reported": flagged(-1), "on": TODAY, "exam_day": exam_day, "size": size, "seed": seed, "served": {},
        "drawn_banks": DRAWN, **fields,
    }  # fmt: skip
    return compose(rows, MODEL, **settings)  # type: ignore[arg-type]


@given(
    seed=seeds,
    count=st.sampled_from([3, 40, 150, 400]),
    met=st.sampled_from([0.0, 0.1, 0.5, 1.0]),
    alike=st.booleans(),
    size=st.sampled_from([0, 1, 5, 20]),
    ago=st.integers(0, DAYS - 1),
    days_left=st.integers(-3, 120),
    flags=st.tuples(st.sampled_from([-1, 0, 1]), st.sampled_from([-1, 0, 1])),
    then=paces,
    now=paces,
    guesses=st.tuples(st.floats(0, 0.6), st.floats(0, 0.6)),
    least_part=st.sampled_from([0.0, 0.5, 1.0]),
    lean=st.sampled_from([1.0, 2.0]),
)
@example(1, 400, 1.0, True, 1, DAYS - 1, 56, (0, 0), QUICK, QUICK, (0.2, 0.2), 0.0, 1.0)
@settings(max_examples=100, deadline=None)
def test_a_shelf_gives_the_block_of_all_rows(
    seed: int,
    count: int,
    met: float,
    alike: bool,
    size: int,
    ago: int,
    days_left: int,
    flags: tuple[int, int],
    then: Seconds,
    now: Seconds,
    guesses: tuple[float, float],
    least_part: float,
    lean: float,
) -> None:
    """To the last figure, whatever pace, guessing and flags have become since the ceilings were reckoned."""
    rows, exam_day = bank(count, met, seed, alike=alike), TODAY + timedelta(days=days_left)
    by, pricer_in = reckoned(rows, TODAY - timedelta(days=ago), exam_day, flagged(flags[0]), then, guesses[0])
    assert by.holds(TODAY, exam_day, DRAWN, DEFAULT_MODEL)
    shelved = shelf(rows, lambda row: row.objective.endswith("3"), by, pricer_in)
    fields = {
        "reported": flagged(flags[1]), "seconds": now, "guess": guesses[1], "least_part": least_part, "lean": lean
    }  # fmt: skip
    assert drill(shelved, exam_day, size, seed % 1_000, **fields) == drill(
        rows, exam_day, size, seed % 1_000, **fields
    )
    pricer = Pricer(MODEL, days_left, seconds=now, guess=guesses[1])
    every = read_candidates(rows, pricer, TODAY, drawn_banks=DRAWN)
    some = counted(shelved.counts, DRAWN, shelved.unseen_at)
    desks = [Desk(MODEL, flagged(flags[1]), pricer, pool, TODAY, lean) for pool in (every, some)]
    least = least_part * desks[0].fresh_per_minute
    fill(some, shelved, pricer, desks[1], TODAY, size=size, least=least)
    of_all, of_some = ({n: q for n, q in desk.queues(size, seed, least).items() if q} for desk in desks)
    assert of_some == of_all


@given(
    seed=seeds,
    days_left=st.integers(-3, 120),
    then=paces,
    now=paces,
    guesses=st.tuples(st.floats(0, 0.6), st.floats(0, 0.6)),
)
@settings(max_examples=40, deadline=None)
def test_no_score_is_over_its_ceiling(
    seed: int, days_left: int, then: Seconds, now: Seconds, guesses: tuple[float, float]
) -> None:
    """On none of the days for which ceilings hold, by no pace: not by more than the terms of the paces allow."""
    rows = [row for row in bank(60, 1.0, seed) if row.trace]
    exam_day = TODAY + timedelta(days=days_left)
    by, pricer_in = reckoned(rows, TODAY, exam_day, flagged(0), then, guesses[0])
    tops, factors, kinds = list(ceilings(rows, by, pricer_in)), dict(by.factors), Kinds(DRAWN)
    for day in range(DAYS):
        pricer = Pricer(MODEL, days_left - day, seconds=now, guess=guesses[1])
        raised = pricer.terms.most_over(by.terms)
        for row, top in zip(rows, tops, strict=True):
            assert row.last_day is not None
            elapsed = (TODAY - row.last_day).days + day
            if elapsed > 0:
                kind = kinds[row.bank, row.section, row.system, row.disciplines, row.likelihood]
                score = price(pricer, row, elapsed) * factors[kind]
                assert score <= max(0.0, top[3]) * raised * (1 + 1e-12)


def test_few_rows_are_read_where_many_are_held() -> None:
    """Ceilings of the same day are the scores but for a week's growth: most rows stay where they are."""
    rows, exam_day, read = bank(3_000, 1.0, 7), TODAY + timedelta(days=56), list[Row]()
    by, pricer_in = reckoned(rows, TODAY, exam_day, flagged(-1), QUICK, 0.2)
    drill(shelf(rows, lambda _row: False, by, pricer_in, read), exam_day, 20, 1, seconds=QUICK, guess=0.2)
    assert 20 < len(read) < 1_000


@pytest.mark.parametrize("change", ["too early", "too late", "exam day", "banks", "memory", "rules"])
def test_ceilings_hold_for_what_they_were_reckoned_for(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven days, one exam day, one memory, the same imported banks, and the same rules."""
    exam_day = TODAY + timedelta(days=30)
    by, _ = reckoned([], TODAY, exam_day, flagged(0), QUICK, 0.2)
    last = TODAY + timedelta(days=DAYS - 1)
    assert by.holds(TODAY, exam_day, DRAWN, DEFAULT_MODEL)
    assert by.holds(last, exam_day, DRAWN, DEFAULT_MODEL)
    on = {"too early": TODAY - timedelta(days=1), "too late": last + timedelta(days=1)}.get(change, TODAY)
    if change == "rules":
        monkeypatch.setattr("qbank.core.trace.ENCODING", 0.71)
    memory = DEFAULT_MODEL
    if change == "memory":
        weights = list(DEFAULT_MODEL.weights)
        weights[20] += 0.001
        memory = MemoryModel(tuple(weights), "own")
    other_day = exam_day + timedelta(days=change == "exam day")
    assert not by.holds(on, other_day, DRAWN - {"imported"} if change == "banks" else DRAWN, memory)


@given(st.floats(0, 1), st.floats(30, 400), st.floats(-20, 29), st.floats(30, 400), st.floats(-20, 29))
@example(1.0, 100.0, 20.0, 100.0, 20.0)
def test_terms_tell_the_most_by_which_a_yield_can_grow(
    recall: float, longest: float, saved: float, other_longest: float, other_saved: float
) -> None:
    """Whatever recall is."""
    now, then = Terms(2.0, longest, saved), Terms(3.0, other_longest, other_saved)
    grown = now.unit / (longest - saved * recall) / (then.unit / (other_longest - other_saved * recall))
    assert grown <= now.most_over(then) * (1 + 1e-12)
