"""A block's sums add up: of many blocks to the whole, and each answer counts once."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.core.insight.block_sums import Answered, BlockSums, block_sums, is_mixed, joined
from qbank.core.response import Confidence, MissReason

answers = st.lists(
    st.builds(
        Answered,
        system=st.sampled_from(["cardiovascular", "gastrointestinal", "multisystem"]),
        disciplines=st.sampled_from([("pathology",), ("pathology", "physiology"), ()]),
        correct=st.booleans(),
        expected=st.sampled_from([0.25, 0.5, 0.75, 0.9375]),
        fresh=st.booleans(),
        shown=st.booleans(),
        blank=st.booleans(),
        ms=st.integers(0, 300_000),
        rapid=st.booleans(),
        confidence=st.sampled_from([None, *Confidence]),
        reason=st.sampled_from([None, *MissReason]),
        first_right=st.sampled_from([None, True, False]),
        time_ran_out=st.booleans(),
    ),
    max_size=40,
)


@given(answers)
def test_every_answer_counts_once_everywhere(given_answers: list[Answered]) -> None:
    """In the quarters, in the areas of one dimension, and among what was not shown."""
    sums = block_sums(given_answers, 0)
    shown = [one for one in given_answers if one.shown]
    assert sums.answers.n == len(shown) == sum(quarter.n for quarter in sums.quarters)
    assert sums.not_shown == len(given_answers) - len(shown)
    systems = [area for name, area in sums.areas.items() if name.startswith("system/")]
    assert sum(area.fresh + area.seen for area in systems) == len(shown)
    assert sum(area.ms for area in systems) == sum(one.ms for one in shown)
    assert sums.answers.residual == pytest.approx(sum(one.correct - one.expected for one in shown))
    assert sums.after_hit.n + sums.after_miss.n <= max(0, len(shown) - 1)


@given(st.lists(answers, max_size=5))
def test_sums_of_blocks_add_up(blocks: list[list[Answered]]) -> None:
    """In any order, and after they were written and read."""
    sums = [block_sums(one, 0) for one in blocks]
    read = [msgspec.json.decode(msgspec.json.encode(one), type=BlockSums) for one in sums]
    assert read == sums
    forward, backward = joined(sums), joined(reversed(read))
    assert forward.blocks == len(blocks)
    assert (forward.answers.n, forward.changes, forward.reasons, forward.areas, forward.strong) == (
        backward.answers.n,
        backward.changes,
        backward.reasons,
        backward.areas,
        backward.strong,
    )


@given(answers, st.data())
def test_an_answer_taken_back_counts_nowhere_and_keeps_its_place(
    some: list[Answered], data: st.DataObject
) -> None:
    """The others stay in their quarters, as when it had never been reached."""
    if not some:
        return
    at = data.draw(st.integers(0, len(some) - 1))
    back = [*some[:at], msgspec.structs.replace(some[at], retracted=True), *some[at + 1 :]]
    unseen = [*some[:at], msgspec.structs.replace(some[at], shown=False), *some[at + 1 :]]
    taken, never = block_sums(back, 0), block_sums(unseen, 0)
    assert (taken.quarters, taken.after_hit, taken.after_miss) == (
        never.quarters,
        never.after_hit,
        never.after_miss,
    )
    assert taken.not_shown == never.not_shown - bool(some[at].shown)


def test_what_followed_a_miss_is_told_from_what_followed_a_hit() -> None:
    """Three answers: right, wrong, right; the last quarter is the last one's."""
    one = Answered("a", (), True, 0.5, True, True, False, 60_000, False, Confidence.SURE, None, None)
    sums = block_sums([one, msgspec.structs.replace(one, correct=False), one, one], 20)
    assert (sums.after_hit.n, sums.after_hit.right, sums.after_miss.n, sums.after_miss.right) == (2, 1, 1, 1)
    assert sums.confidence == {"sure": (4, 3)}
    assert sums.quarters[3].n == 1
    assert sums.fatigue.x == pytest.approx((20 + 21 + 22 + 23) / 280)
    assert not is_mixed([one])
