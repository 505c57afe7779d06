"""Verdicts come only with enough answers, are corrected for each other, and say what it takes where they are not there."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.core.belief import independent
from qbank.core.exam_model import ExamModel, Place
from qbank.core.insight.block_sums import Answered, Closed, block_sums
from qbank.core.insight.causes import Cause
from qbank.core.insight.diagnosis import Finding, Verdict, area_gap, findings, known, mind, pace, reasons
from qbank.core.mastery import prior, update
from qbank.core.response import MissReason

DAY = date(2026, 3, 2)


def made(
    number: int, *, last_quarter: float = 0.6, size: int = 20, mind: bool | None = None, seed: int = 1
) -> list[Closed]:
    """Blocks of somebody who is right as expected, save in the last quarter; two a day."""
    dice = random.Random(seed)
    blocks = []
    for at in range(number):
        answers = []
        for place in range(size):
            chance = last_quarter if place >= 0.75 * size else 0.6
            answers.append(
                Answered(
                    "a", (), dice.random() < chance, 0.6, True, True, False, 60_000, False, None, None, None
                )
            )
        sums = block_sums(answers, size * (at % 2))
        day = DAY + timedelta(days=at // 2)
        blocks.append(Closed(f"{at:04}", day, True, "drill", False, True, mind, sums))
    return blocks


def found(blocks: list[Closed], **given_: object) -> dict[Cause, Finding]:
    arguments = {"block_size": 20, "fresh_left": 10_000} | given_
    return {one.cause: one for one in findings(blocks, **arguments)}  # type: ignore[arg-type]


def test_nothing_is_told_to_somebody_who_has_not_begun() -> None:
    """Every cause is open, without a p, and each says how many blocks it takes."""
    for one in found([]).values():
        assert (one.verdict, one.p, one.p_holm, one.count, one.cost) == (Verdict.OPEN, None, None, 0, 0.0)
        assert one.more_blocks is not None
        assert one.more_blocks * 20 >= one.needed


def test_a_block_short_of_enough_gives_no_verdict_and_as_many_blocks_give_one() -> None:
    """However strong the effect looks: what is said to be needed is what is needed."""
    few = found(made(3, last_quarter=0.0))[Cause.PACING]
    assert few.verdict is Verdict.OPEN
    assert few.p is None
    assert few.more_blocks is not None
    enough = found(made(3 + few.more_blocks + 3, last_quarter=0.0))[Cause.PACING]
    assert enough.verdict is Verdict.SHOWN
    assert enough.more_blocks == 0
    assert enough.cost == pytest.approx(0.6 / 4, abs=0.05)


def test_a_verdict_without_an_effect_is_that_nothing_was_seen() -> None:
    """With enough answers, and an interval that holds 0."""
    one = found(made(30))[Cause.PACING]
    assert one.verdict is Verdict.NOT_SEEN
    assert one.low is not None
    assert one.high is not None
    assert one.low < 0 < one.high
    assert one.cost == 0.0


def test_p_is_corrected_by_the_causes_that_were_tested() -> None:
    """Those that are open are not in the family."""
    told = [one for one in found(made(40, last_quarter=0.1)).values() if one.p is not None]
    assert 1 < len(told) < len(Cause)
    least = min(told, key=lambda one: one.p or 0)
    assert least.p is not None
    assert least.p_holm == pytest.approx(len(told) * least.p)


def test_smaller_effects_are_told_once_there_are_answers_for_them() -> None:
    """Of two sizes the smaller one that can be told."""
    assert found(made(30))[Cause.PACING].size == 0.20
    assert found(made(120))[Cause.PACING].size == 0.10


def test_what_the_fresh_questions_left_cannot_settle_is_said() -> None:
    """Until as many are left as the blocks that it takes."""
    one = found([], fresh_left=0)[Cause.PACING]
    assert not one.can_settle
    assert one.more_blocks is not None
    assert not found([], fresh_left=20 * one.more_blocks - 1)[Cause.PACING].can_settle
    assert found([], fresh_left=20 * one.more_blocks)[Cause.PACING].can_settle


def test_blocks_that_bring_none_of_it_never_tell() -> None:
    """After some blocks without a changed answer nobody can say how many more it takes."""
    one = found(made(10))[Cause.CHANGING]
    assert (one.count, one.more_blocks, one.can_settle) == (0, None, False)


def test_two_blocks_on_a_day_are_wanted_to_be_stuck() -> None:
    """With enough answers of single blocks there is still nothing to compare."""
    alone = [replace(one, study_day=DAY + timedelta(days=at)) for at, one in enumerate(made(90))]
    one = found(alone)[Cause.STUCK]
    assert (one.verdict, one.more_blocks, one.estimate) == (Verdict.OPEN, None, None)


def test_what_was_suspected_is_marked() -> None:
    """Under the name that a learner has for it."""
    marked = {cause for cause, one in found([], suspected={"pacing", "stuck"}).items() if one.suspected}
    assert marked == {Cause.PACING, Cause.UNANSWERED, Cause.STUCK}


@settings(max_examples=20)
@given(st.integers(0, 12), st.integers(1, 40), st.integers(0, 5))
def test_a_block_more_never_takes_answers_away(number: int, size: int, seed: int) -> None:
    """Counts only grow."""
    before, after = (found(made(n, size=size, seed=seed)) for n in (number, number + 1))
    assert all(before[cause].count <= after[cause].count for cause in Cause)


def test_the_mind_is_told_by_what_was_said_after_blocks() -> None:
    """Asked of four, elsewhere in two: by how much they fell short, and which followed a bad one."""
    good, bad = made(2, last_quarter=0.9, mind=False), made(2, last_quarter=0.0, mind=True, seed=3)
    said = mind([*good, *bad, *made(3)])
    assert (said.asked, said.elsewhere) == (4, 2)
    assert said.effect is not None
    assert said.effect.mean > 0
    assert mind(made(3)).effect is None


def test_time_and_reasons_are_summed() -> None:
    """Seconds of the last quarter and the rest; reasons of every block, timed or not, the most frequent first."""
    answers = [
        Answered("a", (), False, 0.95, False, True, False, 1000 * ms, False, None, reason, None)
        for ms, reason in (
            (90, MissReason.MISREAD),
            (90, MissReason.MISREAD),
            (90, MissReason.BETWEEN_TWO),
            (30, None),
        )
    ]
    block = Closed("b", DAY, True, "drill", False, True, None, block_sums(answers, 0))
    assert (pace([block]).last_quarter_seconds, pace([block]).rest_seconds) == (30.0, 90.0)
    shares = reasons([block, replace(block, timed=False)])
    assert [(one.reason, one.count) for one in shares] == [
        (MissReason.MISREAD, 4),
        (MissReason.BETWEEN_TWO, 2),
    ]
    assert sum(one.share for one in shares) == pytest.approx(1.0)
    assert (known([block]).answers, known([block]).missed, known([block]).misread) == (4, 4, 2)


MODEL = ExamModel(
    sections=("heart", "brain"),
    section_system=("cardiovascular", "behavioral-nervous"),
    section_share=(0.5, 0.5),
    disciplines=("pathology",),
    cell_share=((0.5,), (0.5,)),
    pass_line=(0.65, 0.0),
    low_pass=(0.68, 0.0),
    guess=0.2,
    slip=0.05,
    n_objectives=100.0,
)


def test_a_gap_is_told_by_misses_in_an_area_and_not_by_misses_everywhere() -> None:
    """Forty misses in one of two areas beside forty hits tell it; the same in both is a level, and no gap."""
    uneven = even = prior(MODEL)
    for _ in range(40):
        uneven = update(uneven, MODEL, Place("cardiovascular", "heart", ()), False, guess=0.2)
        uneven = update(uneven, MODEL, Place("behavioral-nervous", "brain", ()), True, guess=0.2)
        for system, section in (("cardiovascular", "heart"), ("behavioral-nervous", "brain")):
            even = update(even, MODEL, Place(system, section, ()), False, guess=0.2)
    gap = area_gap(uneven, MODEL, ("system", "cardiovascular"))
    assert gap is not None
    assert gap.high < 0
    level = area_gap(even, MODEL, ("system", "cardiovascular"))
    assert level is not None
    assert level.low < 0 < level.high
    assert area_gap(even, MODEL, ("task", "diagnosis")) is None


def test_what_all_areas_share_does_not_widen_a_gap() -> None:
    """Unsure of the general level alone, the difference is certain: the interval is of the difference."""
    unsure = independent([4.0, 0.0, 0.0, 0.0])
    gap = area_gap(unsure, MODEL, ("system", "cardiovascular"))
    assert gap is not None
    assert gap.low == pytest.approx(gap.high, abs=1e-6)
