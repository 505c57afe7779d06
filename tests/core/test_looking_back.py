"""A closed block read back: outcomes, letters, changes, pace and quarters."""

from datetime import UTC, date, datetime, timedelta
from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.core.block import ClosedBy
from qbank.core.looking_back import (
    LEAST_IN_A_QUARTER,
    PACE_LEAST,
    QUARTERS,
    SLOW,
    AnswerChange,
    BlockReview,
    ChangeKind,
    Frame,
    LookFilter,
    Outcome,
    Pace,
    ReturnWhy,
    Seen,
    look_back,
    pace_from,
    positions,
    seen_positions,
)
from qbank.core.question import Objective, ServedItem
from qbank.core.response import Change, Mode, Response

DAY = date(2027, 1, 4)
FRAME = Frame(
    block="b",
    mode=Mode.TIMED,
    purpose="drill",
    composed_on=DAY,
    closed_by=ClosedBy.SUBMITTED,
    interrupted=False,
    elapsed_ms=600_000,
    limit_ms=900_000,
    expected=(),
)
PACE = Pace(60, own=True, answers=200)
KEY = "key"
ORDER = ("w", "x", KEY, "y")
"""Shown as A to D, so the key is C."""


def seen(position: int = 0, *answers: str, elapsed_ms: int = 60_000, shown: bool = True) -> Seen:
    """A question of the block after these answers in turn, "" for one taken back."""
    changes = tuple(Change(one, other, 1) for one, other in pairwise(answers))
    choice = (answers[-1] or None) if answers else None
    item = ServedItem("bank", f"q{position}", "v", f"o{position}", 0, ORDER)
    response = Response(
        block="b",
        position=position,
        item=item,
        mode=Mode.TIMED,
        choice=choice,
        correct=choice == KEY,
        elapsed_ms=elapsed_ms,
        at=datetime(2027, 1, 4, tzinfo=UTC),
        study_day=DAY,
        shown=shown,
        changes=changes,
    )
    return Seen(response, KEY, Objective("bank", f"o{position}", f"Know {position}", "renal"))


def review_of(*questions: Seen, interrupted: bool = False) -> BlockReview:
    return look_back(replace(FRAME, interrupted=interrupted), questions, PACE)


@pytest.mark.parametrize(
    ("one", "outcome"),
    [
        (seen(0, KEY), Outcome.RIGHT),
        (seen(0, "w"), Outcome.MISSED),
        (seen(0), Outcome.BLANK),
        (seen(0, KEY, ""), Outcome.BLANK),
        (seen(0, shown=False), Outcome.NOT_REACHED),
    ],
)
def test_what_became_of_a_question(one: Seen, outcome: Outcome) -> None:
    """By its answer, and by whether it was ever on screen."""
    assert review_of(one).questions[0].outcome is outcome


def test_options_are_told_by_their_letters() -> None:
    """As they were shown: the choice, the key and what was struck; no letter for no answer."""
    one = seen(0, "y")
    one = replace(one, response=replace(one.response, struck=("w", "x")))
    found = review_of(one, seen(1)).questions
    assert (found[0].choice, found[0].key, found[0].struck) == ("D", "C", ("A", "B"))
    assert (found[1].choice, found[1].key) == ("", "C")


RIGHT, LOST, WRONG = ChangeKind.WRONG_TO_RIGHT, ChangeKind.RIGHT_TO_WRONG, ChangeKind.WRONG_TO_WRONG


@pytest.mark.parametrize(
    ("answers", "changes", "whole"),
    [
        ((), [], None),
        (("w",), [], None),
        (("w", KEY), [("A", "C", RIGHT)], RIGHT),
        ((KEY, "w"), [("C", "A", LOST)], LOST),
        (("w", "x"), [("A", "B", WRONG)], WRONG),
        (("w", KEY, "w"), [("A", "C", RIGHT), ("C", "A", LOST)], ChangeKind.BACK_AGAIN),
        (("w", "x", KEY), [("A", "B", WRONG), ("B", "C", RIGHT)], RIGHT),
        (("w", "", KEY), [("A", "C", RIGHT)], RIGHT),
        (("w", "", "w"), [], None),
        ((KEY, ""), [("C", "", LOST)], LOST),
        (("w", ""), [("A", "", WRONG)], WRONG),
        (("w", "", "x", ""), [("A", "B", WRONG), ("B", "", WRONG)], WRONG),
    ],
)
def test_changes_of_answer(
    answers: tuple[str, ...], changes: list[tuple[str, str, ChangeKind]], whole: ChangeKind | None
) -> None:
    """An answer taken back on the way to another is one change; what counts is where they began and ended."""
    found = review_of(seen(0, *answers)).questions[0]
    assert found.changes == tuple(AnswerChange(*change) for change in changes)
    assert found.change is whole


def test_slow_is_told_by_the_pace() -> None:
    """At SLOW times the pace a question is not slow yet, just above it is; one that was not on screen never is."""
    limit_ms = round(PACE.seconds * SLOW * 1000)
    found = review_of(
        seen(0, "w", elapsed_ms=limit_ms),
        seen(1, "w", elapsed_ms=limit_ms + 1),
        seen(2, elapsed_ms=limit_ms + 1, shown=False),
    )
    assert positions(found, LookFilter.SLOW) == (1,)


def test_an_interrupted_block_has_no_slow_questions() -> None:
    """Its clock stood for a while, so its times are compared with nothing."""
    assert positions(review_of(seen(0, "w", elapsed_ms=10**7), interrupted=True), LookFilter.SLOW) == ()


@pytest.mark.parametrize(
    ("elapsed_ms", "pace"),
    [
        ([], Pace(90, own=False, answers=0)),
        ([1_000] * (PACE_LEAST - 1), Pace(90, own=False, answers=PACE_LEAST - 1)),
        ([50_000, 70_000] * (PACE_LEAST // 2), Pace(60, own=True, answers=PACE_LEAST)),
        ([40_000] * PACE_LEAST + [900_000], Pace(40, own=True, answers=PACE_LEAST + 1)),
    ],
)
def test_the_pace_is_ones_own_once_it_is_known(elapsed_ms: list[int], pace: Pace) -> None:
    """The median of enough answers, which one long question does not move; the exam's before."""
    assert pace_from(elapsed_ms, 90) == pace


def test_an_objective_comes_back_by_its_curve_or_for_a_check() -> None:
    """The check of a misreading tells the day as long as it is owed; what was never rated has no day."""
    due = replace(seen(0, "w"), due_on=DAY + timedelta(days=1))
    checked = replace(due, check_by=DAY + timedelta(days=2))
    found = [(one.comes_back_on, one.comes_back_why) for one in review_of(due, checked, seen(2)).questions]
    assert found == [
        (DAY + timedelta(days=1), ReturnWhy.FORGETTING),
        (DAY + timedelta(days=2), ReturnWhy.MISREAD),
        (None, ReturnWhy.UNMET),
    ]


def test_what_was_not_reached_keeps_its_secrets() -> None:
    """Neither its key nor what it is about is told, and it cannot be looked at: it can still come fresh."""
    found = look_back(FRAME, [seen(0, KEY), seen(1, shown=False), seen(2)], PACE)
    assert [bool(one.key) for one in found.questions] == [True, False, True]
    assert [bool(one.title) for one in found.questions] == [True, False, True]
    assert positions(found, LookFilter.ALL) == (0, 1, 2)
    assert seen_positions(found, LookFilter.ALL) == (0, 2)


def test_expected_counts_what_was_asked() -> None:
    """What was not reached was expected of nobody."""
    frame = replace(FRAME, expected=(0.5, 0.25, 0.125))
    found = look_back(frame, [seen(0, KEY), seen(1), seen(2, shown=False)], PACE)
    assert found.totals.expected == 0.75
    assert found.totals.asked == 2


def test_quarters_tell_time_and_right_answers() -> None:
    """Means over what was asked; a quarter that was not reached has no time, and short blocks have no quarters."""
    questions = [seen(n, KEY if n % 2 else "w", elapsed_ms=10_000 * (n + 1), shown=n < 6) for n in range(8)]
    quarters = review_of(*questions).quarters
    assert [(q.first, q.last, q.asked, q.right, q.seconds) for q in quarters] == [
        (1, 2, 2, 1, 15.0),
        (3, 4, 2, 1, 35.0),
        (5, 6, 2, 1, 55.0),
        (7, 8, 0, 0, None),
    ]
    assert review_of(*questions[:7]).quarters == ()


answers = st.lists(st.sampled_from([*ORDER, ""]), max_size=5).map(
    lambda found: [a for n, a in enumerate(found) if n == 0 or a != found[n - 1]]
)


@st.composite
def blocks(draw: st.DrawFn) -> BlockReview:
    """Closed blocks of up to thirty questions."""
    questions = []
    for position in range(draw(st.integers(1, 30))):
        tried = draw(answers)
        # The first thing that happens to a question is no taking back.
        tried = tried[1:] if tried[:1] == [""] else tried
        shown = bool(tried) or draw(st.booleans())
        one = seen(position, *tried, elapsed_ms=draw(st.integers(0, 200_000)), shown=shown)
        questions.append(replace(one, response=replace(one.response, marked=draw(st.booleans()))))
    return review_of(*questions, interrupted=draw(st.booleans()))


@given(blocks())
def test_every_question_is_one_of_four(found: BlockReview) -> None:
    """Right, missed, blank or not reached: the totals are those of the questions and add up to all of them."""
    totals = found.totals
    assert totals.asked + totals.not_reached == len(found.questions)
    for outcome, count in (
        (Outcome.RIGHT, totals.right),
        (Outcome.MISSED, totals.missed),
        (Outcome.BLANK, totals.blank),
        (Outcome.NOT_REACHED, totals.not_reached),
    ):
        assert sum(one.outcome is outcome for one in found.questions) == count


@given(blocks())
def test_filters_are_parts_of_the_block(found: BlockReview) -> None:
    """Each in the block's order and within it; missed and blank share nothing, and all is all."""
    every = positions(found, LookFilter.ALL)
    assert every == tuple(range(len(found.questions)))
    for kind in LookFilter:
        chosen = positions(found, kind)
        assert list(chosen) == sorted(set(chosen) & set(every))
    assert not set(positions(found, LookFilter.MISSED)) & set(positions(found, LookFilter.BLANK))
    assert len(positions(found, LookFilter.MISSED)) == found.totals.missed


@given(blocks())
def test_changed_questions_add_up(found: BlockReview) -> None:
    """Gained, lost and neither are all that were changed; whoever gained is right now and whoever lost is not."""
    totals = found.totals
    changed = [found.questions[position] for position in positions(found, LookFilter.CHANGED)]
    assert totals.changed_to_right + totals.changed_from_right + totals.changed_otherwise == len(changed)
    for one in changed:
        assert (one.change is RIGHT) <= (one.outcome is Outcome.RIGHT)
        assert (one.change is LOST) <= (one.outcome is not Outcome.RIGHT)
        assert one.changes[-1].after == one.choice
        for former, later in zip(one.changes, one.changes[1:], strict=False):
            assert former.after == later.before


@given(blocks())
def test_quarters_hold_every_question_once(found: BlockReview) -> None:
    """In order and without gaps, and together as many asked and right as in the block."""
    if len(found.questions) < QUARTERS * LEAST_IN_A_QUARTER:
        assert found.quarters == ()
        return
    numbers = list(chain.from_iterable(range(q.first, q.last + 1) for q in found.quarters))
    assert numbers == [one.number for one in found.questions]
    assert sum(q.asked for q in found.quarters) == found.totals.asked
    assert sum(q.right for q in found.quarters) == found.totals.right
