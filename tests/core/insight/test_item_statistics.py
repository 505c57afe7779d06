"""Item statistics are the published ones where everybody answered everything, and stay fair where not."""

import random
import statistics
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from cohort import choices
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.core.insight.item_statistics import (
    Answer,
    Doubt,
    Item,
    ItemStatistics,
    alpha,
    item_statistics,
    point_biserial,
    scores,
)

Matrix = list[list[bool]]


class Published(NamedTuple):
    """An item as mirt prints it: mean, total.r, total.r_if_rm, alpha_if_rm."""

    facility: float
    included: float
    excluded: float
    alpha_without: float


# How many of 1,000 people gave each pattern of right (1) and wrong (0) to the five items of LSAT section 6 and of section 7,
# from 00000 to 11111: Bock & Lieberman 1970, Psychometrika 35:179. What follows from them is what R's mirt 1.45 prints for
# itemstats(expand.table(LSAT6)) and itemstats(expand.table(LSAT7)) in its reference pages.
LSAT_6 = (
    *(3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15),
    *(10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298),
)
LSAT_7 = (
    *(12, 19, 1, 7, 3, 19, 3, 17, 10, 5, 3, 7, 7, 23, 8, 28),
    *(7, 39, 11, 34, 14, 51, 15, 90, 6, 25, 7, 35, 18, 136, 32, 308),
)
PUBLISHED_6 = (
    Published(0.924, 0.362, 0.113, 0.275),
    Published(0.709, 0.567, 0.153, 0.238),
    Published(0.553, 0.618, 0.173, 0.217),
    Published(0.763, 0.534, 0.144, 0.246),
    Published(0.870, 0.435, 0.122, 0.266),
)
PUBLISHED_7 = (
    Published(0.828, 0.530, 0.246, 0.396),
    Published(0.658, 0.600, 0.247, 0.394),
    Published(0.772, 0.611, 0.313, 0.345),
    Published(0.606, 0.592, 0.223, 0.415),
    Published(0.843, 0.461, 0.175, 0.438),
)


def people(frequencies: Sequence[int]) -> Matrix:
    """A row for each person."""
    return [
        [digit == "1" for digit in format(pattern, "05b")]
        for pattern, count in enumerate(frequencies)
        for _ in range(count)
    ]


def items_of(rows: Sequence[Sequence[bool]]) -> list[Item]:
    """The matrix as items with two options, the key and another."""
    return [
        Item(
            "b",
            str(number),
            "key",
            ("key", "other"),
            [Answer(str(who), "key" if row[number] else "other", 1_000) for who, row in enumerate(rows)],
        )
        for number in range(len(rows[0]))
    ]


def all_statistics(items: Sequence[Item], *, least_others: int = 1) -> list[ItemStatistics]:
    scored = scores(items)
    return [item_statistics(item, scored, least_others=least_others) for item in items]


@pytest.mark.parametrize(
    ("frequencies", "published", "whole"), [(LSAT_6, PUBLISHED_6, 0.295), (LSAT_7, PUBLISHED_7, 0.453)]
)
def test_they_are_the_published_ones(
    frequencies: Sequence[int], published: Sequence[Published], whole: float
) -> None:
    """Facility, both point-biserials, and alpha with and without each item, to the last digit that is printed."""
    rows = people(frequencies)
    assert len(rows) == 1_000
    for number, (found, expected) in enumerate(zip(all_statistics(items_of(rows)), published, strict=True)):
        included = point_biserial([row[number] for row in rows], [sum(row) for row in rows])
        without = alpha([row[:number] + row[number + 1 :] for row in rows])
        assert found.point_biserial is not None
        assert included is not None
        assert without is not None
        ours = (found.facility, included, found.point_biserial, without)
        assert tuple(round(value, 3) for value in ours) == expected
        assert found.scored == found.answers == 1_000
    of_all = alpha(rows)
    assert of_all is not None
    assert round(of_all, 3) == whole


matrices = st.integers(2, 6).flatmap(
    lambda items: st.lists(st.lists(st.booleans(), min_size=items, max_size=items), min_size=4, max_size=30)
)


@given(matrices)
def test_without_gaps_it_is_the_correlation_with_the_number_right_on_the_others(rows: Matrix) -> None:
    """Pearson's, whatever the answers; none where right or the number right is the same for all."""
    for number, found in enumerate(all_statistics(items_of(rows))):
        right = [float(row[number]) for row in rows]
        rest = [float(sum(row) - row[number]) for row in rows]
        if len(set(right)) == 1 or len(set(rest)) == 1:
            assert found.point_biserial is None
        else:
            assert found.point_biserial == pytest.approx(statistics.correlation(right, rest), abs=1e-9)


@given(matrices, st.randoms(use_true_random=False))
def test_whose_answers_come_first_changes_nothing(rows: Matrix, dice: random.Random) -> None:
    """Nor what the learners are called, also with gaps."""
    gaps = [
        replace(item, answers=[answer for answer in item.answers if dice.random() < 0.8])
        for item in items_of(rows)
    ]
    kept = [item for item in gaps if item.answers]
    renamed = [
        replace(
            item,
            answers=dice.sample(
                [one._replace(learner=f"x{one.learner}") for one in item.answers], k=len(item.answers)
            ),
        )
        for item in kept
    ]
    for one, other in zip(all_statistics(kept), all_statistics(renamed), strict=True):
        assert other.options == one.options
        assert (other.upper, other.lower, other.scored) == (one.upper, one.lower, one.scored)
        assert other.point_biserial == pytest.approx(one.point_biserial, abs=1e-9)


@given(matrices)
def test_every_answer_is_in_one_option(rows: Matrix) -> None:
    """Of all and of the groups, which never overlap."""
    for found in all_statistics(items_of(rows)):
        assert sum(one.chosen for one in found.options) == found.answers
        assert sum(one.upper for one in found.options) == found.upper
        assert sum(one.lower for one in found.options) == found.lower
        assert found.upper + found.lower <= found.scored


def test_who_met_harder_questions_is_not_taken_for_a_worse_learner() -> None:
    """Half met ten easy ones, half ten hard ones; by the number right the item would tell the halves apart."""
    dice = random.Random(4)
    items = []
    for number in range(20):
        half, chance = number // 10, 0.9 if number < 10 else 0.2
        answers = [
            Answer(f"{half}-{who}", "key" if dice.random() < chance else "other", 1_000) for who in range(100)
        ]
        items.append(Item("b", str(number), "key", ("key", "other"), answers))
    # The item itself is harder for who met the easy ones, and has nothing to do with skill.
    both = [
        Answer(f"{half}-{who}", "key" if dice.random() < (0.3, 0.7)[half] else "other", 1_000)
        for half in (0, 1)
        for who in range(100)
    ]
    common = Item("b", "common", "key", ("key", "other"), both)
    fair = all_statistics([*items, common], least_others=10)[-1].point_biserial
    right = {one.learner: 0 for one in both}
    for item in items:
        for one in item.answers:
            right[one.learner] += one.choice == "key"
    naive = point_biserial([one.choice == "key" for one in both], [right[one.learner] for one in both])
    assert naive is not None
    assert fair is not None
    assert naive < -0.3
    assert abs(fair) < 0.15


@pytest.mark.parametrize(("learners", "false_alarms", "found"), [(20, 0.03, 0.7), (50, 0.01, 0.75)])
def test_a_planted_wrong_key_is_found_and_a_sound_one_seldom_doubted(
    learners: int, false_alarms: float, found: float
) -> None:
    """Of 100 questions ten have a wrong key; over four seeds."""
    doubted: dict[bool, list[bool]] = {True: [], False: []}
    for seed in range(4):
        drawn = choices(random.Random(seed), learners=learners, questions=100)
        items = [
            Item(
                "b",
                str(number),
                "1" if number < 10 else "0",
                tuple("01234"),
                [Answer(str(who), str(option), 1_000) for who, option in chosen],
            )
            for number, chosen in enumerate(drawn)
        ]
        for one in all_statistics(items, least_others=10):
            doubted[one.key == "1"].append(Doubt.KEY in one.doubts)
    assert statistics.fmean(doubted[False]) <= false_alarms
    assert statistics.fmean(doubted[True]) >= found


def test_with_few_learners_no_key_is_doubted() -> None:
    """However wrong it looks."""
    rows = [[who % 2 == 0] * 11 + [who % 2 == 1] for who in range(18)]
    assert all_statistics(items_of(rows), least_others=10)[-1].point_biserial == pytest.approx(-1)
    assert all_statistics(items_of(rows), least_others=10)[-1].doubts == ()
    more = [[who % 2 == 0] * 11 + [who % 2 == 1] for who in range(20)]
    assert all_statistics(items_of(more), least_others=10)[-1].doubts == (Doubt.KEY,)


@pytest.mark.parametrize(
    ("right", "doubts"),
    [(29, (Doubt.HARD,)), (30, ()), (95, ()), (96, (Doubt.EASY,))],
)
def test_what_nearly_all_or_few_know_is_named(right: int, doubts: tuple[Doubt, ...]) -> None:
    """Beyond .30 and .95, not at them."""
    rows = [[who < right] for who in range(100)]
    assert all_statistics(items_of(rows))[0].doubts == doubts


def test_who_answered_little_else_is_counted_but_not_correlated() -> None:
    """Nor is a question that nobody else has met any company."""
    rows = [[who % 3 == 0, who % 2 == 0, who % 5 == 0] for who in range(30)]
    alone = Item("b", "alone", "key", ("key",), [Answer("0", "key", 5_000)])
    found = all_statistics([*items_of(rows), alone], least_others=3)
    assert [one.scored for one in found] == [0, 0, 0, 1]
    assert [one.answers for one in found] == [30, 30, 30, 1]
    assert {one.point_biserial for one in found} == {None}
    assert {(one.upper, one.lower) for one in found} == {(0, 0)}


def test_blanks_are_wrong_and_stand_last() -> None:
    """They have their own row, only where there are any."""
    answers = [Answer(str(who), "key" if who else None, 1_000 * who) for who in range(4)]
    found = all_statistics([Item("b", "q", "key", ("key", "other"), answers)])[0]
    assert (found.right, found.facility, found.median_ms) == (3, 0.75, 1_500)
    assert [(one.option, one.chosen) for one in found.options] == [("key", 3), ("other", 0), (None, 1)]


def test_alpha_needs_two_items_that_somebody_misses() -> None:
    """Else there is nothing to agree."""
    assert alpha([]) is None
    assert alpha([[True], [False]]) is None
    assert alpha([[True, False], [False, True]]) is None
    assert alpha([[True, True], [False, False]]) == pytest.approx(1)
