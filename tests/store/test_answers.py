"""Past answers and blocks: every filter means what it says, in both databases, and pages fit together."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from qbank.core.insight.block_sums import BlockSums, Closed, Residuals
from qbank.core.response import Confidence, MissReason
from qbank.store.answers import AnswerFilter, PastAnswer
from qbank.store.rows import BlockStatus, LearnerRow, ResponseRow
from qbank.store.store import Store

Make = Any

FILTERS: dict[str, tuple[AnswerFilter, Callable[[ResponseRow], bool]]] = {
    "nothing": (AnswerFilter(), lambda row: True),
    "system": (AnswerFilter(system="renal"), lambda row: row.system == "renal"),
    "discipline": (AnswerFilter(discipline="path"), lambda row: "path" in row.disciplines),
    "missed": (AnswerFilter(correct=False), lambda row: not row.response.correct),
    "right": (AnswerFilter(correct=True), lambda row: row.response.correct),
    "reason": (
        AnswerFilter(reason=MissReason.MISREAD),
        lambda row: (row.response.reason_after or row.response.reason) is MissReason.MISREAD,
    ),
    "fresh": (AnswerFilter(fresh=True), lambda row: row.fresh),
    "block": (AnswerFilter(block="b2"), lambda row: row.response.block == "b2"),
    "words": (AnswerFilter(words="Case of q3"), lambda row: row.response.item.question == "q3"),
    "id": (AnswerFilter(words="Q4"), lambda row: row.response.item.question == "q4"),
    "no words": (AnswerFilter(words="?"), lambda row: False),
    "operators": (AnswerFilter(words='case OR "nothing'), lambda row: False),
}


@pytest.fixture
def rows(store: Store, make: Make, learner: LearnerRow) -> list[ResponseRow]:
    """Twelve answers of every kind in two blocks, one that was not shown, and another learner's."""
    questions = [make.question(f"q{number}", f"o-{number}") for number in range(6)]
    made = []
    with store.begin() as tx:
        make.load(tx, *questions)
        other = make.learner(tx, "Bo")
        for name, minutes in (("b1", 0), ("b2", 30)):
            tx.put_block(make.block(name, learner, minutes))
        tx.put_block(make.block("b3", other))
        for number in range(12):
            row = make.response(learner, questions[number % 6], "b1" if number < 6 else "b2", number)
            reason = (None, MissReason.MISREAD, MissReason.BETWEEN_TWO)[number % 3]
            given = replace(
                row.response,
                correct=number % 2 == 0,
                choice=None if number == 5 else row.response.choice,
                study_day=make.day + timedelta(days=number // 4),
                reason=reason,
                reason_after=MissReason.MISREAD if number == 8 else None,
                confidence=Confidence.UNSURE if number == 1 else None,
                shown=number != 11,
            )
            made.append(
                replace(
                    row,
                    response=given,
                    system="renal" if number % 4 == 0 else "cardiovascular",
                    disciplines=("path",) if number % 5 == 0 else ("pathology", "anatomy"),
                    fresh=number < 6,
                    retracted=number == 2,
                )
            )
            tx.put_response(made[-1])
        tx.put_response(make.response(other, questions[0], "b3", 0))
    return made


def key(one: PastAnswer) -> tuple[str, int]:
    return one.block, one.position


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_gives_what_it_says_the_latest_first(
    store: Store, rows: list[ResponseRow], learner: LearnerRow, name: str
) -> None:
    """As if every answer that was shown were looked at by hand."""
    wanted, holds = FILTERS[name]
    expected = [
        (row.response.block, row.response.position)
        for row in reversed(rows)
        if row.response.shown and holds(row)
    ]
    with store.read() as tx:
        assert [key(one) for one in tx.past_answers(learner.id, wanted)] == expected


def test_both_ends_of_a_span_of_days_belong_to_it(
    store: Store, rows: list[ResponseRow], make: Make, learner: LearnerRow
) -> None:
    """One day alone, and all from or up to it."""
    middle = make.day + timedelta(days=1)
    with store.read() as tx:
        for wanted, days in (
            (AnswerFilter(since=middle, until=middle), {1}),
            (AnswerFilter(since=middle), {1, 2}),
            (AnswerFilter(until=middle), {0, 1}),
        ):
            found = {(one.study_day - make.day).days for one in tx.past_answers(learner.id, wanted)}
            assert found == days


def test_pages_fit_together(store: Store, rows: list[ResponseRow], learner: LearnerRow) -> None:
    """Nothing is shown twice and nothing is left out, whatever the page's size."""
    with store.read() as tx:
        whole = list(tx.past_answers(learner.id, AnswerFilter()))
        for size in (1, 4, 11, 50):
            pages = [
                one
                for skip in range(0, len(whole), size)
                for one in tx.past_answers(learner.id, AnswerFilter(), limit=size, skip=skip)
            ]
            assert pages == whole
        assert list(tx.past_answers(learner.id, AnswerFilter(), skip=9)) == whole[9:]


def test_an_answer_says_what_is_on_record(store: Store, rows: list[ResponseRow], learner: LearnerRow) -> None:
    """Field by field; the reason is the last one given, and a blank is no other miss."""
    with store.read() as tx:
        found = {one.position: one for one in tx.past_answers(learner.id, AnswerFilter())}
    for row in rows:
        given = row.response
        if not given.shown:
            continue
        one = found[given.position]
        assert (one.at, one.study_day, one.mode) == (given.at, given.study_day, given.mode.value)
        assert (one.bank, one.question, one.objective) == (
            given.item.bank,
            given.item.question,
            given.item.objective,
        )
        assert (one.system, one.disciplines) == (row.system, row.disciplines)
        assert (one.correct, one.blank, one.elapsed_ms) == (
            given.correct,
            given.choice is None,
            given.elapsed_ms,
        )
        assert one.reason == (given.reason_after or given.reason)
        assert one.confidence == given.confidence
        assert (one.fresh, one.assess, one.retracted) == (row.fresh, row.assess, row.retracted)


def test_blocks_come_with_their_kept_sums(store: Store, make: Make, learner: LearnerRow) -> None:
    """The latest first; an open one has none, and one that sums to nothing has zeros."""
    sums = BlockSums(blocks=1, answers=Residuals(20, 13, 0.5, 4.0), reasons={"misread": 2})
    with store.begin() as tx:
        for number, state in enumerate((BlockStatus.CLOSED, BlockStatus.CLOSED, BlockStatus.OPEN)):
            tx.put_block(
                replace(make.block(f"b{number}", learner, number), state=state, elapsed_ms=number * 60_000)
            )
        for name, found in (("b0", sums), ("b1", BlockSums(blocks=1))):
            tx.put_block_sums(learner.id, Closed(name, make.day, True, "drill", False, True, None, found))
        tx.put_block(make.block("b9", make.learner(tx, "Bo")))
        blocks = list(tx.past_blocks(learner.id))
        assert [(one.id, one.closed, one.asked, one.right) for one in blocks] == [
            ("b2", False, None, None),
            ("b1", True, 0, 0),
            ("b0", True, 20, 13),
        ]
        assert [one.id for one in tx.past_blocks(learner.id, limit=1, skip=1)] == ["b1"]
        assert list(tx.past_blocks(learner.id, since=make.day + timedelta(days=1))) == []
        assert len(list(tx.past_blocks(learner.id, until=make.day))) == 3
