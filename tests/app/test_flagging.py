"""Flags: a flagged question stays away from its learner, the note can be read again, and there is a way back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from worlds import PLACES, World, small_question

from qbank.app.composing import Request, compose_block
from qbank.app.flagging import clear_flag, flagged
from qbank.app.practice import Practice, close_block
from qbank.core import block
from qbank.core.question import Objective, in_reserve
from qbank.core.response import Mode
from qbank.errors import NotFound, NothingToDo, UsageError
from qbank.store.rows import LearnerRow


@pytest.fixture
def world(tmp_path: Path, empty_sqlite: Path) -> Iterator[World]:
    """Twelve questions on six objectives, and a learner who has settled."""
    made = World(tmp_path / "home", template=empty_sqlite)
    made.load_bank()
    made.settle()
    yield made
    made.close()


def flag(world: World, name: str, note: str = "bad") -> None:
    """Flag a question at the screen, and close its block."""
    practice = world.single("starter", name)
    practice.flag(0, note)
    practice.do(block.Submit)
    practice.finish()


def served(world: World, mode: Mode, *, assess: bool = False) -> set[str]:
    """The questions of a large block composed now, which is closed again."""
    request = Request(
        mode=mode,
        size=None if mode is Mode.REVIEW else 40,
        minutes=60 if mode is Mode.REVIEW else None,
        assess=assess,
    )
    try:
        composed = compose_block(world.workspace, request)
    except NothingToDo:
        return set()
    practice = Practice(world.workspace, composed.block_id)
    found = {item.question for item in practice.plan.items}
    practice.finish()
    close_block(world.workspace, composed.block_id)
    return found


def test_a_flagged_question_stays_out_of_every_block(world: World) -> None:
    """With one of each two siblings flagged, the other is served; with both, neither the objective is."""
    flag(world, "beta-1")
    flag(world, "delta-2")
    for number in (1, 2):
        flag(world, f"zeta-{number}")
    world.pass_time(days=20)
    for mode in (Mode.TIMED, Mode.TUTOR, Mode.REVIEW):
        found = served(world, mode)
        assert found
        assert found.isdisjoint({"beta-1", "delta-2", "zeta-1", "zeta-2"})


def test_a_flag_holds_whatever_is_answered_before_and_after(world: World) -> None:
    """Flagged before its answer or after, a question that was missed or marked comes in no block, of its filter neither."""
    practice = world.single("starter", "beta-1")
    practice.flag(0, "bad")
    world.choose(practice, right=False)
    practice.do(block.Reveal)
    practice.do(block.Submit)
    practice = world.single("starter", "delta-1")
    practice.do(block.Mark)
    world.choose(practice, right=False)
    practice.do(block.Reveal)
    practice.flag(0, "bad")
    practice.do(block.Submit)
    world.pass_time(days=20)
    for mode in (Mode.TIMED, Mode.REVIEW):
        assert served(world, mode).isdisjoint({"beta-1", "delta-1"})
    assert world.digest() == world.replayed_digest()


def test_a_flagged_question_stays_out_of_an_assessment(world: World) -> None:
    """The reserve gives up an objective with a flagged question."""
    names = [name for name in (f"held-{number}" for number in range(60)) if in_reserve(name)][:3]
    objectives = [
        Objective("starter", name, f"Know {name}", "cardiovascular", "", ("pathology",)) for name in names
    ]
    with world.workspace.store.begin() as tx:
        tx.upsert_questions("starter", objectives, [small_question(f"{name}-1", name) for name in names])
    flag(world, f"{names[0]}-1")
    found = served(world, Mode.TIMED, assess=True)
    assert f"{names[1]}-1" in found
    assert f"{names[0]}-1" not in found


def test_a_flag_is_listed_with_its_latest_note_and_day(world: World) -> None:
    """The day is the study day of the flag, and flagging again replaces the note."""
    flag(world, "beta-1", "two keys")
    world.pass_time(days=1)
    flag(world, "delta-1", "typo")
    flag(world, "beta-1", "three keys")
    assert [(one.question, one.note, str(one.day)) for one in flagged(world.workspace)] == [
        ("delta-1", "typo", "2027-01-05"),
        ("beta-1", "three keys", "2027-01-05"),
    ]
    assert all(one.file == "" and one.line == 0 for one in flagged(world.workspace))


def test_a_flag_that_is_taken_back_lets_the_question_come_again(world: World) -> None:
    """By an event like any other: the question counts as not seen once more, and a replay says the same."""
    before = served(world, Mode.TUTOR)
    names = [f"{name}-{number}" for name in PLACES for number in (1, 2)]
    for name in names:
        flag(world, name)
    world.pass_time(days=20)
    assert served(world, Mode.TUTOR) == set()
    for name in names:
        assert clear_flag(world.workspace, f"starter/{name}").question == name
    assert flagged(world.workspace) == []
    assert len(served(world, Mode.TUTOR)) == len(before)
    assert world.digest() == world.replayed_digest()


def test_what_is_not_flagged_cannot_be_taken_back(world: World) -> None:
    """An unknown name says where to look, and one that means several asks which."""
    flag(world, "beta-1")
    flag(world, "beta-2")
    with pytest.raises(NotFound, match="qbank bank flagged"):
        clear_flag(world.workspace, "zeta-1")
    with pytest.raises(NotFound):
        clear_flag(world.workspace, "")
    with pytest.raises(UsageError, match="starter/beta-1, starter/beta-2"):
        clear_flag(world.workspace, "beta")
    assert clear_flag(world.workspace, "beta-1").note == "bad"


def test_a_flag_is_its_learners_own(world: World) -> None:
    """In a store of several, nobody sees or loses by another's flags."""
    flag(world, "beta-1")
    mine = world.workspace.learner
    world.workspace.learner = LearnerRow("learner-2", "you")
    world.settle()
    assert flagged(world.workspace) == []
    with world.workspace.store.read() as tx:
        choices = tx.question_choices("learner-2", [("starter", "beta")])
    assert not any(choice.flagged for choice in choices)
    world.workspace.learner = replace(mine)
    assert [one.question for one in flagged(world.workspace)] == ["beta-1"]
