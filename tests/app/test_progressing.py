"""Progress from a real store: closed blocks count, open ones do not, and the last days hide what helps nobody."""

from datetime import timedelta
from pathlib import Path

import pytest
from worlds import World

from qbank.app import preferences
from qbank.app.overview import overview
from qbank.app.progressing import DUE_DAYS, next_step, progress
from qbank.core import block
from qbank.core.insight.progress import AreaProgress, Progress
from qbank.core.response import Confidence


@pytest.fixture
def world(empty_sqlite: Path, tmp_path: Path) -> World:
    """A learner with twelve questions who sits in ten weeks."""
    made = World(tmp_path, template=empty_sqlite)
    made.load_bank()
    made.settle()
    return made


def answer(world: World, name: str, *, right: bool, said: Confidence | None = None) -> None:
    """A block of this one question, answered after a minute and closed."""
    practice = world.single("starter", name)
    world.choose(practice, right=right)
    if said is not None:
        practice.do(block.Confident, level=said)
    practice.do(block.Reveal)
    practice.do(block.Submit)


def of(made: Progress, area: str) -> AreaProgress:
    return next(one for one in made.areas if one.area == area)


def test_closed_blocks_count_and_an_open_one_waits(world: World) -> None:
    """By area, day and word; two areas are each other's half of the time."""
    answer(world, "beta-1", right=True, said=Confidence.SURE)
    world.pass_time(days=1)
    answer(world, "theta-1", right=False)
    world.choose(world.single("starter", "sigma-1"), right=True)
    made = progress(world.workspace)
    assert (made.answered, made.right, made.ms) == (2, 1, 120_000)
    heart, gut = of(made, "cardiovascular"), of(made, "gastrointestinal")
    assert (heart.fresh, heart.seen, heart.time_share, heart.weeks[-1]) == ((1, 1), (0, 0), 0.5, 1.0)
    assert (gut.fresh, gut.weeks[-1]) == ((1, 0), 0.0)
    assert of(made, "respiratory-renal").fresh == (0, 0)
    assert [day.answers for day in made.days] == [1, 1]
    assert [(row.said, row.right) for row in made.said] == [("sure", 1)]


def test_a_question_met_before_is_held_against_what_was_expected(world: World) -> None:
    """The single blocks expect one half."""
    answer(world, "beta-1", right=True)
    world.pass_time(days=3)
    answer(world, "beta-1", right=True)
    (row,) = progress(world.workspace).forecasts
    assert (row.answers, row.expected, row.observed) == (1, 0.5, 1.0)


def test_what_falls_due_is_what_status_counts_as_due(world: World) -> None:
    """On a day when the one objective has slipped, its minutes are today's; before, they lie ahead."""
    answer(world, "beta-1", right=True)
    ahead = progress(world.workspace).due
    assert len(ahead) == DUE_DAYS
    assert overview(world.workspace).due == 0 == ahead[0].minutes
    first = next(day for day in ahead if day.minutes)
    world.pass_time(days=(first.day - world.workspace.today).days - 1)
    assert overview(world.workspace).due == 0
    world.pass_time(days=1)
    assert overview(world.workspace).due == 1
    assert progress(world.workspace).due[0].minutes == pytest.approx(first.minutes)


def test_near_a_booked_exam_nothing_is_believed_and_nothing_falls_due_behind_it(world: World) -> None:
    """Three days before it the beliefs are gone, and the days ahead end with the eve."""
    answer(world, "beta-1", right=True)
    day = world.workspace.today + timedelta(days=4)
    preferences.change(world.workspace, "exam-date", day.isoformat())
    before = progress(world.workspace)
    assert all(area.belief is not None for area in before.areas)
    assert before.due[-1].day == day - timedelta(days=1)
    world.pass_time(days=1)
    assert all(area.belief is None for area in progress(world.workspace).areas)


def test_an_empty_store_is_told_what_to_begin_with(empty_sqlite: Path, tmp_path: Path) -> None:
    """Loading first, then a short block."""
    world = World(tmp_path, template=empty_sqlite)
    assert progress(world.workspace).answered == 0
    assert next_step(world.workspace) == "qbank start"
    world.load_bank()
    assert next_step(world.workspace) == "qbank block --size 10"
