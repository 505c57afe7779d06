"""Seats of a block: shared by score, so that doing better never costs one."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from qbank.core.seats import apportion

seeds = st.integers(0, 2**32)


@given(
    st.dictionaries(
        st.sampled_from("abcde"), st.lists(st.floats(0.01, 1), min_size=1, max_size=15), min_size=2
    ),
    st.floats(1, 5),
    st.integers(1, 30),
    seeds,
)
def test_higher_scores_never_cost_a_seat(
    scores: dict[str, list[float]], factor: float, size: int, seed: int
) -> None:
    """Raising all of a system's scores, all else equal, never leaves it fewer seats."""
    queues = {system: sorted(queue, reverse=True) for system, queue in scores.items()}
    raised = {**queues, "a": [factor * score for score in queues.get("a", [])]}
    shares = dict.fromkeys("abcde", 0.2)
    before, after = (
        Counter(seat.system for seat in apportion(given, shares, {}, size, random.Random(seed).random))
        for given in (queues, raised)
    )
    assert after["a"] >= before["a"]
    assert sum(after.values()) == sum(before.values()) == min(size, sum(map(len, queues.values())))
