"""What feeds the index of readiness and what does not, when it is shown, and what to do next."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from measuring import load_reserve, sit
from msgspec.structs import replace
from worlds import World

from qbank.app import preferences, reports
from qbank.app.exam_composing import WantedDay, begin_day, propose_day
from qbank.app.readiness import Ready, readiness
from qbank.app.sums_fold import put_block_sums
from qbank.core import block
from qbank.core.insight.readiness import LEAST_ANSWERS
from qbank.core.report import Flag, ReportKind, ScoreReport


@pytest.fixture
def world(empty_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    """A learner ten weeks before a booked exam, with 220 objectives in reserve."""
    made = World(tmp_path / "home", template=empty_sqlite)
    made.settle()
    load_reserve(made)
    made.pass_time(seconds=1)
    yield made
    made.close()


def form(world: World, days_ago: int = 7, **fields: object) -> ScoreReport:
    report = ScoreReport(
        ReportKind.SELF_ASSESSMENT,
        "usmle-step1",
        "cbssa",
        world.workspace.today - timedelta(days_ago),
        form="31",
        equated_percent_correct=66.0,
        printed_p_pass=0.71,
    )
    return replace(report, **fields)


def ready(world: World) -> Ready:
    return readiness(world.workspace)


def test_under_120_answers_there_is_no_index_but_a_count(world: World) -> None:
    """From the first answer to the last that is missing; then there is one, with what a block more would do."""
    begun = ready(world)
    assert (begun.answers, begun.needed, begun.bank) == (0, LEAST_ANSWERS, None)
    assert begun.next_step == "qbank block --assess"
    assert "6 blocks of 20" in begun.why
    sit(world, size=LEAST_ANSWERS - 1, right=80)
    near = ready(world)
    assert (near.answers, near.right, near.needed, near.bank) == (LEAST_ANSWERS - 1, 80, 1, None)
    sit(world, size=1, right=0)
    there = ready(world)
    assert there.needed == 0
    assert there.bank is not None
    assert there.with_more is not None
    assert there.bank.low_80 < there.bank.percent < there.bank.high_80
    assert there.with_more.high_80 - there.with_more.low_80 < there.bank.high_80 - there.bank.low_80
    assert there.low_pass is not None
    assert (there.next_step, there.reserve) == ("qbank block", begun.reserve - LEAST_ANSWERS)


def test_drills_and_the_report_move_nothing(world: World) -> None:
    """Neither a block chosen for its yield nor a fail report of whatever flags."""
    sit(world, size=LEAST_ANSWERS, right=80)
    before = ready(world)
    sit(world, size=10, right=10, assess=False)
    sample = reports.sample(world.workspace)
    fail = replace(sample, sample=False, flags=tuple((row, Flag.LOWER) for row, _ in sample.flags))
    reports.add(world.workspace, fail)
    after = ready(world)
    assert (after.answers, after.bank) == (before.answers, before.bank)


def test_an_interrupted_block_does_not_count(world: World) -> None:
    """Its clock stood still, as the exam's would not."""
    name = sit(world, size=20, right=10)
    assert ready(world).answers == 20
    with world.workspace.store.begin() as tx:
        row = tx.block(name)
        assert row is not None
        tx.put_block(replace(row, interrupted=True))
        put_block_sums(tx, name)
    assert ready(world).answers == 0


def test_a_score_taken_back_does_not_count(world: World) -> None:
    """As it counts nowhere else."""
    name = sit(world, size=20, right=10)
    with world.workspace.store.begin() as tx:
        row = tx.responses_of_block(name)[0]
        tx.put_response(replace(row, retracted=True))
    assert (ready(world).answers, ready(world).right) == (19, 9)


def test_an_objective_that_was_met_before_does_not_count(world: World) -> None:
    """Though its question is fresh, as an unseen sibling on an exam day may be."""
    name = sit(world, size=20, right=10)
    with world.workspace.store.begin() as tx:
        rows = tx.responses_of_block(name)
        later = rows[0].response.at + timedelta(days=1)
        item = replace(rows[0].response.item, objective=rows[1].response.item.objective)
        tx.put_response(replace(rows[0], response=replace(rows[0].response, item=item, at=later)))
    assert ready(world).answers == 19


def test_an_exam_day_counts(world: World) -> None:
    """Its blocks are fresh, timed and drawn like the exam; of what is taken from outside of the reserve too."""
    day = begin_day(world.workspace, propose_day(world.workspace, WantedDay(blocks=1, seed=1)))
    day.end_tutorial()
    practice = day.begin_block()
    size = len(practice.plan.items)
    for position in range(size):
        practice.do(block.Show, position=position)
        world.choose(practice, right=position < 12)
    practice.do(block.Submit)
    practice.finish()
    day.block_closed()
    assert (ready(world).answers, ready(world).right) == (size, 12)


def test_a_timed_form_of_the_last_weeks_comes_with_its_printed_chance(world: World) -> None:
    """And carries an interval of its own where this bank has none; the bank's answers, few or many, go into it."""
    reports.add(world.workspace, form(world))
    alone = ready(world)
    assert alone.printed is not None
    assert (alone.printed.p_pass, alone.printed.percent, alone.printed.form) == (0.71, 66.0, "31")
    assert (alone.bank, alone.forms, alone.needed) == (None, 1, LEAST_ANSWERS)
    assert alone.updated is not None
    sit(world, size=LEAST_ANSWERS, right=50)
    both = ready(world)
    assert both.bank is not None
    assert both.updated is not None
    assert both.bank.percent < both.updated.percent < alone.updated.percent
    assert both.updated.high_80 - both.updated.low_80 < both.bank.high_80 - both.bank.low_80


@pytest.mark.parametrize(
    "fields", [{"timed": False}, {"repeated": True}, {"days_ago": 29}], ids=["untimed", "repeated", "old"]
)
def test_another_form_shows_no_chance(world: World, fields: dict[str, object]) -> None:
    """Untimed, seen before, or older than four weeks; the first two do not count at all."""
    reports.add(world.workspace, form(world, **fields))  # type: ignore[arg-type]
    assert ready(world).printed is None
    assert ready(world).updated is None
    sit(world, size=LEAST_ANSWERS, right=80)
    assert (ready(world).updated is not None) == ("days_ago" in fields)


def test_the_latest_form_speaks(world: World) -> None:
    """Of two that count the printed chance is the later one's; both go into the interval."""
    reports.add(world.workspace, form(world, 20, printed_p_pass=0.3, form="30"))
    reports.add(world.workspace, form(world, 3))
    found = ready(world)
    assert found.printed is not None
    assert (found.printed.p_pass, found.forms) == (0.71, 2)


def test_in_the_last_days_nothing_is_shown_and_it_says_why(world: World) -> None:
    """From three days before on, whatever was measured; the day after, it asks for another date."""
    reports.add(world.workspace, form(world))
    sit(world, size=LEAST_ANSWERS, right=80)
    day = world.workspace.today + timedelta(days=4)
    preferences.change(world.workspace, "exam-date", day.isoformat())
    assert ready(world).updated is not None
    world.pass_time(days=1)
    hidden = ready(world)
    assert "No estimate" in hidden.withheld
    shown = (hidden.printed, hidden.bank, hidden.updated, hidden.with_more, hidden.low_pass)
    assert shown == (None,) * 5
    assert (hidden.answers, hidden.right, hidden.needed) == (0, 0, 0)
    world.pass_time(days=4)
    passed = ready(world)
    assert passed.next_step == "qbank set exam-date DATE"
    assert passed.updated is None


def test_where_the_reserve_is_too_small_another_way_is_named(empty_sqlite: Path, tmp_path: Path) -> None:
    """Fewer questions than are missing, and then none."""
    world = World(tmp_path / "small", template=empty_sqlite)
    world.settle()
    load_reserve(world, per_system=1)
    few = ready(world)
    assert 0 < few.reserve < few.needed
    assert few.next_step == "qbank block --assess"
    assert "qbank exam" in few.why
    sit(world, size=few.reserve, right=5)
    none = ready(world)
    assert (none.reserve, none.next_step) == (0, "qbank report add --self-assessment")
    world.close()


def test_old_answers_ask_for_a_block_more(world: World) -> None:
    """Some weeks after the last one; the interval has grown meanwhile."""
    sit(world, size=LEAST_ANSWERS, right=80)
    before = ready(world)
    world.pass_time(days=25)
    after = ready(world)
    assert (before.next_step, after.next_step) == ("qbank block", "qbank block --assess")
    assert after.bank is not None
    assert before.bank is not None
    assert after.bank.high_80 - after.bank.low_80 > before.bank.high_80 - before.bank.low_80


def test_an_empty_store_leads_to_the_beginning(empty_sqlite: Path, tmp_path: Path) -> None:
    """Without questions the first step is to load some."""
    empty = World(tmp_path / "empty", template=empty_sqlite)
    found = ready(empty)
    assert (found.next_step, found.reserve, found.reserve_joins) == ("qbank start", 0, None)
    empty.close()
