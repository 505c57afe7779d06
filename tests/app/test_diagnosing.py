"""A diagnosis from a real store: what speaks, what is left, and what matters first."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from worlds import PLACES, World

from qbank.app.diagnosing import Step, diagnosis
from qbank.app.preferences import change
from qbank.app.record import record
from qbank.core import block
from qbank.core.event import EventKind
from qbank.core.insight.block_sums import Answered, Closed, block_sums
from qbank.core.insight.causes import Cause
from qbank.core.insight.diagnosis import Verdict
from qbank.core.response import MissReason, Mode
from qbank.store.rows import BlockRow, BlockStatus, Purpose
from qbank.ui.diagnosing import diagnosis_lines

RUSHING = "qbank block --size 10 --minutes 13.5"


@pytest.fixture
def world(tmp_path: Path, empty_sqlite: Path) -> Iterator[World]:
    """A learner with twelve questions, none of them met."""
    made = World(tmp_path / "home", template=empty_sqlite)
    made.load_bank()
    made.settle()
    change(made.workspace, "exam-date", "2027-06-15")
    made.workspace.values["exam-date"] = "2027-06-15"
    yield made
    made.close()


def practises(world: World, blocks: int, *, last_quarter: bool, reason: MissReason | None = None) -> None:
    """So many blocks of twenty on as many days, three of four right, the last quarter as it is said."""
    with world.workspace.store.begin() as tx:
        for at in range(blocks):
            answers = [
                Answered(
                    "a",
                    (),
                    hit := last_quarter if place >= 15 else place % 4 > 0,
                    0.7,
                    True,
                    True,
                    False,
                    60_000 if place < 15 else 20_000,
                    False,
                    None,
                    None if hit else reason,
                    None,
                )
                for place in range(20)
            ]
            day = date(2026, 11, 1) + timedelta(days=at)
            sums = block_sums(answers, 0)
            row = BlockRow(
                f"{at:03}", "learner-1", Mode.TIMED, Purpose.DRILL, BlockStatus.CLOSED, world.at, day, {}
            )
            tx.put_block(row)
            tx.put_block_sums("learner-1", Closed(f"{at:03}", day, True, "drill", False, True, None, sums))


def said(world: World, **given: frozenset[str]) -> str:
    """What is shown, on one line."""
    return " ".join(" ".join(diagnosis_lines(diagnosis(world.workspace, **given), 80)).split())


def test_rushing_is_found_and_its_drill_named(world: World) -> None:
    """The pace drill is a little faster than the exam, and the sentence says how it is known that it is haste."""
    practises(world, 30, last_quarter=False)
    found = diagnosis(world.workspace)
    assert (found.blocks, found.answers) == (30, 600)
    assert found.first[0].cause is Cause.PACING
    assert found.first[0].command == RUSHING
    assert "that is rushing" in said(world)
    assert "<0.001 shown" in said(world)
    assert "that is rushing. You suspected this." in said(world, suspected=frozenset({"pacing"}))
    assert "that is rushing. You suspected this." not in said(world, suspected=frozenset({"stuck"}))


def test_without_anything_told_practice_comes_first(world: World) -> None:
    """And what can be told the soonest is named, with how many blocks it takes."""
    found = diagnosis(world.workspace)
    assert found.first == (Step("qbank block"),)
    assert "No timed, mixed block without interruption yet" in said(world)
    assert "The first that can is left to the clock: 3 more timed blocks." in said(world)


def test_the_reason_named_most_leads_to_what_helps(world: World) -> None:
    """From ten reasons on; where a cause says the same it stands once."""
    practises(world, 2, last_quarter=True, reason=MissReason.COULD_NOT_RETRIEVE)
    assert diagnosis(world.workspace).first == (Step("qbank block"),)
    practises(world, 4, last_quarter=True, reason=MissReason.COULD_NOT_RETRIEVE)
    assert diagnosis(world.workspace).first == (Step("qbank review", reason=MissReason.COULD_NOT_RETRIEVE),)
    practises(world, 30, last_quarter=False, reason=MissReason.OUT_OF_TIME)
    steps = diagnosis(world.workspace).first
    assert Cause.PACING in {step.cause for step in steps}
    assert all(step.reason is None for step in steps)


def test_fresh_questions_are_counted_as_they_are_spent(world: World) -> None:
    """By system and in all; what was answered is fresh no more, and another learner's misses never were."""
    before = diagnosis(world.workspace)
    assert before.fresh_left == 2 * len(PLACES)
    heart = next(one for one in before.areas if one.area == "cardiovascular")
    assert heart.fresh_left == 4
    assert not heart.can_settle
    practice = world.single("starter", "beta-1")
    world.choose(practice, right=True)
    practice.do(block.Reveal)
    practice.do(block.Submit)
    assert diagnosis(world.workspace).fresh_left == 2 * len(PLACES) - 1
    assert "The 11 fresh questions left here are too few to settle: pacing," in said(world)


def test_an_area_far_below_the_whole_is_a_gap_with_a_block_of_its_own(world: World) -> None:
    """After many misses there and hits elsewhere."""
    for name in PLACES:
        for number in (1, 2):
            practice = world.single("starter", f"{name}-{number}")
            world.choose(practice, right=PLACES[name][0] != "cardiovascular")
            practice.do(block.Reveal)
            practice.do(block.Submit)
    for system, right in (("cardiovascular", 5), ("behavioral-nervous", 55)):
        for _ in range(3):
            data = {
                "source": "other",
                "system": system,
                "discipline": "",
                "right": right,
                "of": 60,
                "minutes": 60,
            }
            record(world.workspace, EventKind.OUTSIDE, data)
    found = diagnosis(world.workspace)
    told = [one for one in found.areas if one.told]
    assert "cardiovascular" in {one.area for one in told}
    steps = [step for step in found.first if step.area is not None]
    assert steps
    assert "qbank block --system cardiovascular --mode tutor --size 10" in {step.command for step in steps}
    assert "below your own whole" in said(world)


def test_the_last_days_are_no_time_for_a_diagnosis(world: World) -> None:
    """The note of those days, and nothing else."""
    practises(world, 30, last_quarter=False)
    world.workspace.values["exam-date"] = (world.workspace.today + timedelta(days=1)).isoformat()
    found = diagnosis(world.workspace)
    assert (found.causes, found.areas, found.first, found.blocks) == ((), (), (), 0)
    assert said(world).startswith("The exam is tomorrow")
    assert "points" not in said(world)


def test_an_empty_store_says_how_to_begin(tmp_path: Path, empty_sqlite: Path) -> None:
    """Without questions there is nothing to tell from."""
    made = World(tmp_path / "bare", template=empty_sqlite)
    assert "Begin with: qbank start" in said(made)
    assert diagnosis(made.workspace).first == (Step("qbank start"),)
    made.close()


@pytest.mark.parametrize("width", [40, 80, 100])
def test_prose_fits_the_width(world: World, width: int) -> None:
    """Every line but those of tables."""
    practises(world, 30, last_quarter=False, reason=MissReason.MISREAD)
    for line in diagnosis_lines(diagnosis(world.workspace), width):
        assert len(line) <= max(width, 80), line


def test_no_verdict_is_shown_below_the_count(world: World) -> None:
    """However it looks: every open cause has a dash for its effect and says what it takes."""
    practises(world, 3, last_quarter=False)
    found = diagnosis(world.workspace)
    pacing = next(one for one in found.causes if one.cause is Cause.PACING)
    assert pacing.verdict is Verdict.OPEN
    line = next(line for line in diagnosis_lines(found, 80) if line.startswith("pacing"))
    assert "more timed block" in line
    assert "points" not in line
