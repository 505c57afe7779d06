"""What the record teaches about a learner beyond their scores, and that blocks are composed by it."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from worlds import World

from qbank.app.banks import misses_bank
from qbank.app.composing import Request, compose_block
from qbank.app.doctor import examine
from qbank.app.explaining import explain
from qbank.app.outside import OutsidePractice, keep_miss, record_outside
from qbank.app.practice import Practice
from qbank.app.preferences import change
from qbank.app.standing import standing
from qbank.app.undo import undo_last
from qbank.core import block
from qbank.core.pace import CLIP, SPREAD, Pace
from qbank.core.response import Confidence, Mode
from qbank.core.worth import Seconds
from qbank.errors import QbankError


@pytest.fixture
def world(tmp_path: Path, empty_sqlite: Path) -> Iterator[World]:
    """A learner on a Monday evening; whatever a test does must come out of a replay too."""
    made = World(tmp_path / "home", template=empty_sqlite)
    made.load_bank()
    made.settle()
    yield made
    assert made.digest() == made.replayed_digest()
    made.close()


def answer(
    world: World,
    question: str,
    *,
    right: bool = True,
    seconds: float = 60,
    reading: float = 20,
    said: Confidence | None = None,
) -> Practice:
    """One question in a tutor block of its own, its explanation read for a while."""
    practice = world.single("starter", question)
    world.pass_time(seconds=seconds - 60)
    world.choose(practice, right=right)
    if said is not None:
        practice.do(block.Confident, level=said)
    practice.do(block.Reveal)
    world.pass_time(seconds=reading)
    practice.do(block.Submit)
    practice.finish()
    return practice


def pace(world: World) -> Pace:
    learned = world.learned()
    return learned.pace if learned else Pace()


def expected(world: World) -> Seconds:
    with world.workspace.store.read() as tx:
        return standing(world.workspace, tx).seconds


def test_times_are_told_apart_by_what_was_met_before_and_how_it_went(world: World) -> None:
    """A first answer, a later one, reading after a miss and reading after a hit each have their own count."""
    answer(world, "delta-1", right=False)
    world.pass_time(days=1)
    answer(world, "delta-2")
    answer(world, "beta-1")
    found = pace(world)
    assert (found.new.times, found.seen.times) == (2, 1)
    assert (found.after_miss.times, found.after_hit.times) == (1, 2)


def test_a_timed_block_has_times_to_answer_alone(world: World) -> None:
    """Its explanations are read after its clock has ended."""
    practice = world.single("starter", "delta-1", Mode.TIMED)
    world.choose(practice, right=True)
    practice.do(block.Submit)
    world.pass_time(seconds=40)
    practice.do(block.Note, text="seen", position=0)
    practice.finish()
    assert pace(world).new.times == 1
    assert pace(world).after_hit.times == 0


def test_the_times_of_an_interrupted_block_stay_out(world: World) -> None:
    """Nobody knows what was thought while its clock stood."""
    practice = world.single("starter", "delta-1")
    practice.leave()
    world.pass_time(hours=1)
    practice = Practice(world.workspace, practice.plan.id)
    practice.do(block.Show, position=0)
    world.choose(practice, right=True)
    practice.do(block.Reveal)
    practice.do(block.Submit)
    practice.finish()
    assert pace(world) == Pace()


def test_neither_blanks_nor_recall_prompts_are_answers_with_a_time(world: World) -> None:
    """A question that was left, and one where the learner says how it went."""
    practice = world.single("starter", "delta-1")
    world.pass_time(seconds=30)
    practice.do(block.Submit)
    practice.finish()
    objective = keep_miss(world.workspace, "something: missed", "cardiovascular", (), "", "")
    prompt = world.single(misses_bank("learner-1"), f"{objective}-recall")
    world.choose(prompt, right=True)
    prompt.do(block.Reveal)
    prompt.do(block.Submit)
    prompt.finish()
    assert pace(world) == Pace()


def test_taking_a_score_back_leaves_the_time_that_was_spent(world: World) -> None:
    """The belief forgets the answer, the pace does not."""
    answer(world, "beta-1")
    before = world.belief()
    answer(world, "delta-1", right=False, said=Confidence.GUESSED)
    kept = pace(world)
    undo_last(world.workspace)
    assert world.belief() == before
    assert pace(world) == kept != Pace()


@pytest.mark.parametrize("seconds", [400, 1_000])
def test_a_pace_is_learned_around_the_time_that_was_granted(world: World, seconds: int) -> None:
    """With double time seven minutes are no outlier, and a quarter of an hour still counts."""
    change(world.workspace, "extra-time", "2")
    granted = 2 * world.workspace.exam.seconds.answer
    assert expected(world).answer == granted
    answer(world, "delta-1", seconds=seconds)
    found = pace(world).new
    assert found.times == 1
    most = math.log(granted) + CLIP
    assert found.log_seconds == pytest.approx(min(math.log(seconds) + SPREAD**2 / 2, most))


def test_a_first_answer_on_a_text_seen_before_counts_for_less(world: World) -> None:
    """Taken back, the next answer to the very same text is the first that counts, and recognition is part of it."""
    answer(world, "beta-1")
    fresh = world.belief()
    undo_last(world.workspace)
    world.pass_time(days=1)
    answer(world, "beta-1")
    seen = world.belief()
    assert fresh is not None
    assert seen is not None
    assert 0 < seen.belief.mean[0] < fresh.belief.mean[0]
    with world.workspace.store.read() as tx:
        assert [row.fresh for row in tx.first_answers("learner-1")] == [False]


def test_a_confessed_guess_is_remembered_and_taken_back(world: World) -> None:
    """What is learned of the guessing rests on scores, so an undo takes it back too."""
    answer(world, "beta-1", said=Confidence.SURE)
    before = world.belief()
    answer(world, "delta-1", said=Confidence.GUESSED)
    after = world.belief()
    assert before is not None
    assert after is not None
    assert after.guessing.surplus > before.guessing.surplus == 0
    undo_last(world.workspace)
    assert world.belief() == before


def test_undoing_keeps_the_offsets_of_other_banks(world: World) -> None:
    """They are folded again in the order of the log, with the answers between them."""
    record_outside(world.workspace, OutsidePractice("One", "cardiovascular", "", 30, 40, None))
    answer(world, "beta-1")
    record_outside(world.workspace, OutsidePractice("two", "", "pathology", 10, 40, None))
    record_outside(world.workspace, OutsidePractice("one ", "cardiovascular", "", 34, 40, None))
    before = world.belief()
    answer(world, "iota-1")
    undo_last(world.workspace)
    assert world.belief() == before
    assert before is not None
    assert before.sources == ("one", "two")


@pytest.mark.parametrize(
    ("system", "discipline", "where"),
    [
        ("cardiovascular", "pathology", "cardiovascular"),
        ("", "pathology", "pathology"),
        ("", "", "the exam as a whole"),
    ],
)
def test_practice_elsewhere_says_for_what_it_counts(
    world: World, system: str, discipline: str, where: str
) -> None:
    """A system before a discipline, and without either the whole exam; each moves the belief."""
    said = record_outside(world.workspace, OutsidePractice("one", system, discipline, 36, 40, None))
    assert f"counted for {where}" in said
    found = world.belief()
    assert found is not None
    assert found.belief.mean[0] > 0


@pytest.mark.parametrize(
    "payload",
    [
        '{"mean":[0.0],"cov":[1.0],"answers":0}',
        '{"belief":{"mean":[0.0],"cov":[1.0,1.0]}}',
        '{"belief":{"mean":[0.0],"cov":[1.0]}}',
    ],
)
def test_what_another_version_stored_is_no_traceback(world: World, payload: str) -> None:
    """It says to make it anew; then it is as if nothing had been."""
    answer(world, "beta-1")
    before = world.digest()
    with world.workspace.store.begin() as tx:
        tx.put_belief("learner-1", payload)
    with pytest.raises(QbankError, match="doctor --rebuild"):
        expected(world)
    examine(world.workspace, repair=True)
    assert world.digest() == before


def test_blocks_are_composed_and_explained_by_the_learners_own_numbers(world: World) -> None:
    """After quick answers each question is expected to take less, what was met before least of all."""
    slow = expected(world)
    for day in range(12):
        answer(world, ["delta-1", "delta-2"][day % 2], seconds=15, reading=6)
        world.pass_time(days=20)
    quick = expected(world)
    assert quick.answering(seen=True) < quick.answer < slow.answer
    assert quick.after_hit < slow.after_hit
    compose_block(world.workspace, Request(mode=Mode.TUTOR, size=5, seed=1))
    for reason in explain(world.workspace, None).reasons:
        longest = quick.answering(seen=reason.met_before) + quick.after_miss
        assert quick.answering(seen=reason.met_before) + quick.after_hit < reason.seconds < longest
