"""The one key after a block: asked of timed blocks only, once, not of the first, and kept where a replay finds it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from worlds import World

from qbank.app.composing import Request, compose_block
from qbank.app.mind import ASKED_FROM, keep_mind, mind_to_ask
from qbank.app.practice import Practice
from qbank.app.preferences import change
from qbank.app.undo import undo_last
from qbank.core import block
from qbank.core.response import Mode
from qbank.errors import UsageError
from qbank.ui.conversation import Ask, mind_asked


@pytest.fixture
def world(tmp_path: Path, empty_sqlite: Path) -> Iterator[World]:
    """A learner with two timed blocks behind them; whatever is added later is what a replay gives."""
    made = World(tmp_path / "home", template=empty_sqlite)
    made.load_bank()
    made.settle()
    for _ in range(ASKED_FROM - 1):
        closed(made)
    yield made
    assert made.digest() == made.replayed_digest()
    made.close()


def closed(world: World, mode: Mode = Mode.TIMED) -> str:
    world.pass_time(days=20)
    practice = Practice(world.workspace, compose_block(world.workspace, Request(mode=mode, size=3)).block_id)
    practice.do(block.Show, position=0)
    world.choose(practice, right=True)
    practice.do(block.Submit)
    practice.finish()
    return practice.plan.id


def said(world: World, block_id: str) -> bool | None:
    with world.workspace.store.read() as tx:
        sums = tx.block_sums_of(block_id)
    assert sums is not None
    return sums.mind


def test_the_first_blocks_end_without_the_question(tmp_path: Path, empty_sqlite: Path) -> None:
    """They have enough that is new; from the third on it comes."""
    made = World(tmp_path / "fresh", template=empty_sqlite)
    made.load_bank()
    made.settle()
    asked = [mind_to_ask(made.workspace, closed(made)) for _ in range(ASKED_FROM)]
    made.close()
    assert asked == [False, False, True]


@pytest.mark.parametrize(("answer", "kept"), [("y", True), ("No", False), ("", None)])
def test_the_answer_is_kept_and_a_skip_is_none(world: World, answer: str, kept: bool | None) -> None:
    """Yes and no are on record with the block; Enter leaves it unsaid, and what else is typed is asked again."""
    block_id = closed(world)
    asking = mind_asked(world.workspace, block_id, asks=True)
    act = next(asking)
    assert isinstance(act, Ask)
    with pytest.raises(UsageError, match="y or n"):
        act.parse("perhaps")
    with pytest.raises(StopIteration):
        asking.send(act.parse(answer))
    assert said(world, block_id) is kept
    assert mind_to_ask(world.workspace, block_id) is (kept is None)


def test_nobody_is_asked_in_a_pipe(world: World) -> None:
    """Where no one is there, nothing is asked."""
    assert list(mind_asked(world.workspace, closed(world), asks=False)) == []


def test_only_a_closed_timed_block_is_asked_about(world: World) -> None:
    """Neither one without a clock nor one that is open."""
    closed(world)
    assert not mind_to_ask(world.workspace, closed(world, Mode.TUTOR))
    world.pass_time(days=20)
    assert not mind_to_ask(world.workspace, compose_block(world.workspace, Request(size=3)).block_id)


def test_the_question_can_be_switched_off_and_on(world: World) -> None:
    """By the words that are printed."""
    block_id = closed(world)
    change(world.workspace, "ask-mind", "no")
    world.workspace.values["ask-mind"] = "off"
    assert not mind_to_ask(world.workspace, block_id)
    change(world.workspace, "ask-mind", "yes")
    world.workspace.values["ask-mind"] = "on"
    assert mind_to_ask(world.workspace, block_id)
    with pytest.raises(UsageError, match="yes or no"):
        change(world.workspace, "ask-mind", "sometimes")


def test_the_last_days_are_left_in_peace(world: World) -> None:
    """Three days before the exam nobody is asked where their mind was."""
    block_id = closed(world)
    world.workspace.values["exam-date"] = (world.workspace.today + timedelta(days=2)).isoformat()
    assert not mind_to_ask(world.workspace, block_id)


def test_what_was_said_stays_when_the_sums_are_worked_out_anew(world: World) -> None:
    """A score taken back changes the sums and not what was said."""
    block_id = closed(world)
    keep_mind(world.workspace, block_id, True)
    undo_last(world.workspace)
    assert said(world, block_id) is True
