"""Which sibling is served, and in which order what was picked comes."""

import random
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.core.serving import Choice, choose_question, interleaved

TODAY = date(2026, 11, 23)

seeds = st.integers(0, 2**32)


@given(st.lists(st.sampled_from("abcd"), max_size=30), seeds)
def test_interleaving_keeps_every_item_and_separates_where_it_can(groups: list[str], seed: int) -> None:
    """All items come once; neighbours differ whenever no group has more than half."""
    order = interleaved(groups, lambda group: group, random.Random(seed).random)
    assert Counter(order) == Counter(groups)
    if groups and 2 * max(Counter(groups).values()) <= len(groups):
        assert all(a != b for a, b in pairwise(order))


def choice(question: str, days: int | None, *, flagged: bool = False) -> Choice:
    last = None if days is None else TODAY - timedelta(days=days)
    return Choice("starter", question, "o", int(days is not None), last, None, False, flagged)


@pytest.mark.parametrize(
    ("choices", "repeats", "expected"),
    [
        ([choice("seen", 40), choice("new", None)], False, "new"),
        ([choice("old", 40), choice("older", 60)], False, "older"),
        ([choice("recent", 13)], False, None),
        ([choice("recent", 13)], True, "recent"),
        ([choice("due", 14)], False, "due"),
        ([choice("new", None, flagged=True), choice("old", 20)], False, "old"),
        ([choice("new", None, flagged=True)], True, None),
        ([], True, None),
    ],
)
def test_the_sibling_not_yet_seen_comes_first(
    choices: list[Choice], repeats: bool, expected: str | None
) -> None:
    """Unseen before seen, longest ago before lately, never within two weeks unasked, never a flagged one."""
    assert choose_question(choices, TODAY, random.Random(1).random, allow_repeats=repeats) == expected
