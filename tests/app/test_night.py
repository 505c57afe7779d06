"""What tonight is worth, when a reminder keeps quiet, and a review of nothing new."""

import math
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from worlds import World

from qbank.app.candidates import Wanted
from qbank.app.composing import Request, compose_block, evening_on, size_and_limit
from qbank.app.models import model_on
from qbank.app.night import reminder_tonight, worth_tonight
from qbank.app.practice import Practice
from qbank.app.preferences import change
from qbank.app.standing import standing
from qbank.core import block
from qbank.core.learned import learned_to_json, nothing_learned
from qbank.core.pace import Pace, Typical
from qbank.core.response import Mode
from qbank.errors import NothingToDo, NotWorthIt


@pytest.fixture
def world(empty_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    """A learner with six objectives, none of them met, ten weeks before the exam."""
    made = World(tmp_path / "home", template=empty_sqlite)
    made.load_bank()
    made.settle()
    yield made
    made.close()


def answer(world: World, name: str, *, right: bool) -> None:
    practice = world.single("starter", name)
    world.choose(practice, right=right)
    practice.do(block.Reveal)
    practice.do(block.Submit)


def review(world: World, **fields: object) -> Practice:
    request = Request(mode=Mode.REVIEW, minutes=30, seed=1, **fields)  # type: ignore[arg-type]
    return Practice(world.workspace, compose_block(world.workspace, request).block_id)


def test_what_is_announced_is_what_a_review_of_those_minutes_holds(world: World) -> None:
    """The minutes and the number are those of the review that is then composed, and fit what a day has."""
    tonight = worth_tonight(world.workspace)
    assert tonight == worth_tonight(world.workspace)
    seed = world.workspace.today.toordinal()
    request = Request(mode=Mode.REVIEW, minutes=tonight.minutes, seed=seed)
    practice = Practice(world.workspace, compose_block(world.workspace, request).block_id)
    assert len(practice.plan.items) == tonight.objectives
    assert 0 < tonight.minutes <= 30
    assert tonight.points > 0
    change(world.workspace, "minutes", "6")
    assert worth_tonight(world.workspace).minutes <= 6


def test_who_is_quick_has_the_minutes_filled(world: World) -> None:
    """The evening ends where the next question has no room, and it says that more was worth it."""
    with world.workspace.store.begin() as tx:
        model = model_on(world.workspace.exam, world.workspace.exam_day)
        pace = Pace(*(Typical(math.log(seconds), 400) for seconds in (5, 4, 4, 2)))
        quick = replace(nothing_learned(model), pace=pace)
        tx.put_belief(world.workspace.learner.id, learned_to_json(quick))
        now = standing(world.workspace, tx)
        _, night = evening_on(world.workspace, tx, now, Request(mode=Mode.REVIEW, minutes=0.5), seed=1)
    longest = now.seconds.answer + now.seconds.after_miss
    assert len(night.picks) > 1
    assert night.full
    assert 0 <= 30 - night.minutes * 60 < longest


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.booleans(), min_size=1, max_size=4))
def test_nothing_new_means_nothing_new(
    tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path, right: list[bool]
) -> None:
    """With --no-new a review holds only objectives that were met, whatever became of them."""
    world = World(tmp_path_factory.mktemp("met"), template=empty_sqlite)
    world.load_bank()
    world.settle()
    names = ["delta", "zeta", "theta", "sigma"][: len(right)]
    for name, hit in zip(names, right, strict=True):
        answer(world, f"{name}-1", right=hit)
    world.pass_time(days=3)
    practice = review(world, wanted=Wanted(met=True), insisted=True)
    assert {item.objective for item in practice.plan.items} <= set(names)
    assert practice.plan.items
    world.close()


def test_where_nothing_was_met_it_says_what_to_leave_out(world: World) -> None:
    """A review of nothing new on the first day is none, and the mend is named."""
    with pytest.raises(NothingToDo, match="--no-new"):
        review(world, wanted=Wanted(met=True))


def test_a_night_worth_less_than_sleep_is_composed_only_when_insisted_on(world: World) -> None:
    """One objective is no evening; what would be asked is said, and is what is asked then."""
    answer(world, "delta-1", right=False)
    world.pass_time(days=2)
    met = Wanted(met=True)
    with pytest.raises(NotWorthIt, match=r"more than sleep\. If you insist: 1 question, about 3 minutes"):
        review(world, wanted=met)
    assert len(review(world, wanted=met, insisted=True).plan.items) == 1


def test_a_reminder_speaks_while_there_is_something_to_say(world: World) -> None:
    """On an ordinary evening it is about what the night is worth."""
    found = reminder_tonight(world.workspace)
    assert found.quiet == ""
    assert found.tonight == worth_tonight(world.workspace)


def test_it_is_quiet_after_tonights_review(world: World) -> None:
    """A review that was closed today ends the reminding for today, and no longer."""
    practice = review(world)
    assert reminder_tonight(world.workspace).quiet == ""
    practice.do(block.Submit)
    assert "done" in reminder_tonight(world.workspace).quiet
    world.pass_time(days=1)
    assert reminder_tonight(world.workspace).quiet == ""


@pytest.mark.parametrize(("days", "quiet"), [(4, False), (3, True), (1, True), (0, True), (-1, True)])
def test_it_is_off_in_the_last_days_of_a_booked_exam(world: World, days: int, quiet: bool) -> None:
    """Three days before, on the day itself and afterwards nothing is said; an exam not booked has no last days."""
    world.pass_time(days=(world.workspace.exam_day - world.workspace.today).days - days)
    assert bool(reminder_tonight(world.workspace).quiet) is quiet
    change(world.workspace, "exam-date", "none")
    assert reminder_tonight(world.workspace).quiet == ""


def test_it_keeps_the_days_off_that_were_planned(world: World) -> None:
    """With two days a week, two days of practice in the last six are enough; practice today makes it no day off."""
    change(world.workspace, "days", "2")
    answer(world, "beta-1", right=True)
    world.pass_time(days=1)
    assert reminder_tonight(world.workspace).quiet == ""
    answer(world, "delta-1", right=True)
    world.pass_time(days=1)
    assert "day off" in reminder_tonight(world.workspace).quiet
    world.pass_time(days=5)
    assert reminder_tonight(world.workspace).quiet == ""
    world.pass_time(days=-5)
    answer(world, "zeta-1", right=True)
    assert reminder_tonight(world.workspace).quiet == ""


def test_it_keeps_the_learners_own_days_off(world: World) -> None:
    """What was kept free by its date is kept free of reminders too, and no day longer."""
    change(world.workspace, "off", world.workspace.today.isoformat())
    assert "day off" in reminder_tonight(world.workspace).quiet
    world.pass_time(days=1)
    assert reminder_tonight(world.workspace).quiet == ""


def test_without_questions_it_is_quiet(empty_sqlite: Path, tmp_path: Path) -> None:
    """Whoever has not begun is not reminded of it."""
    world = World(tmp_path / "bare", template=empty_sqlite)
    assert "No questions" in reminder_tonight(world.workspace).quiet
    world.close()


@pytest.mark.parametrize(("days", "new"), [(3, True), (2, False), (1, False)])
def test_the_last_two_days_meet_nothing_new(world: World, days: int, new: bool) -> None:
    """Two days before it is one's own misses; where nothing may come, the page to read is named."""
    change(world.workspace, "exam-date", (world.workspace.today + timedelta(days)).isoformat())
    if new:
        assert review(world, insisted=True).plan.items
        return
    with pytest.raises(NothingToDo, match=r"nothing new should\. One page to read: qbank lastdays"):
        review(world, insisted=True)


@pytest.mark.parametrize(("days", "part"), [(4, 1), (3, 2), (1, 2)])
def test_a_block_of_the_last_days_is_half_as_long_unless_asked(world: World, days: int, part: int) -> None:
    """Its time is halved too; a size that was asked for holds."""
    change(world.workspace, "exam-date", (world.workspace.today + timedelta(days)).isoformat())
    current = world.workspace.exam.format_on(world.workspace.exam_day)
    assert size_and_limit(world.workspace, Request()) == (current.items // part, current.minutes / part)
    assert size_and_limit(world.workspace, Request(exam_format=True)) == (current.items, current.minutes)
    assert size_and_limit(world.workspace, Request(size=20))[0] == 20
