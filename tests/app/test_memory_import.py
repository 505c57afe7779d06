"""Reviews from another program: they leave a memory and nothing else, once, and come out of a replay the same."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import World, memory_by_the_rules

from qbank.app.memory_import import REVIEWS_AT_A_TIME, Remembered, remember
from qbank.app.undo import undo_last
from qbank.core import block
from qbank.core.memory import replay
from qbank.core.response import Rating
from qbank.exchange.foreign import PastReview

MONDAY = date(2027, 1, 4)


@pytest.fixture
def world(tmp_path: Path, empty_sqlite: Path) -> Iterator[World]:
    """A learner on a Monday evening; whatever a test does must come out of a replay too."""
    made = World(tmp_path / "home", template=empty_sqlite)
    made.load_bank()
    made.settle()
    yield made
    assert made.digest() == made.replayed_digest()
    assert made.memories() == memory_by_the_rules(made.responses(), made.model(), made.imported())
    made.close()


def bring(world: World, name: str, *reviews: tuple[datetime, int]) -> Remembered:
    with world.workspace.store.begin() as tx:
        question = tx.question("starter", name)
        assert question is not None
        past = {name: [PastReview(at, rating) for at, rating in reviews]}
        return remember(world.workspace, tx, [question], past, source="anki")


def answer(world: World, name: str, *, right: bool) -> None:
    practice = world.single("starter", name)
    world.choose(practice, right=right)
    practice.do(block.Reveal)
    practice.do(block.Submit)
    practice.finish()


def on(day: int, hour: int = 20) -> datetime:
    """A day of December, 8 in the evening UTC, which is afternoon in New York."""
    return datetime(2026, 12, day, hour, tzinfo=UTC)


def test_reviews_leave_the_memory_that_fsrs_has_of_them(world: World) -> None:
    """Easy among them, by the days on which they were given."""
    told = bring(world, "delta-1", (on(1), 3), (on(4), 4), (on(20), 1))
    assert told == Remembered(3, 1)
    days = [date(2026, 12, day) for day in (1, 4, 20)]
    expected = replay(zip((Rating.GOOD, Rating.EASY, Rating.AGAIN), days, strict=True))
    assert world.memories() == {("starter", "delta"): expected}


def test_they_are_no_answers(world: World) -> None:
    """No response, no total, no use of a question, no belief."""
    before = world.belief()
    bring(world, "delta-1", (on(1), 3), (on(4), 1))
    assert world.responses() == []
    assert world.belief() == before
    with world.workspace.store.read() as tx:
        assert tx.learner_totals("learner-1").answered == 0
        assert tx.question_use("learner-1", "starter", "delta-1") is None


def test_the_first_of_a_study_day_counts(world: World) -> None:
    """A day begins at 4 in the morning on the learner's wall, where UTC is five hours ahead."""
    bring(world, "delta-1", (on(2, 8), 1), (on(2, 10), 3), (on(2, 23), 1), (on(3, 8), 4))
    expected = replay([(Rating.AGAIN, date(2026, 12, 1)), (Rating.GOOD, date(2026, 12, 2))])
    assert world.memories()["starter", "delta"] == expected


def test_a_second_import_brings_only_what_is_newer(world: World) -> None:
    """Neither the same again nor what else happened on a day that came already."""
    bring(world, "delta-1", (on(1), 3), (on(4), 3))
    events = world.events()
    assert bring(world, "delta-1", (on(1), 3), (on(4), 3), (on(4, 21), 1)) == Remembered()
    assert world.events() == events
    assert bring(world, "delta-1", (on(1), 3), (on(4), 3), (on(9), 3)) == Remembered(1, 1)
    assert world.memories()["starter", "delta"].reps == 3


def test_a_review_that_is_still_to_come_is_left_out(world: World) -> None:
    """A clock was wrong; so is one before there was such a program."""
    ahead = world.at + timedelta(days=1)
    assert bring(world, "delta-1", (datetime(1999, 5, 1, tzinfo=UTC), 3), (ahead, 3)) == Remembered()


def test_answers_here_go_on_from_there(world: World) -> None:
    """And later reviews elsewhere from them; what is older than the last review changes nothing."""
    bring(world, "delta-1", (on(1), 3))
    answer(world, "delta-2", right=True)
    world.pass_time(days=5)
    bring(world, "delta-1", (on(1), 3), (on(28), 1), (world.at - timedelta(days=1), 3))
    days = [
        (Rating.GOOD, date(2026, 12, 1)),
        (Rating.GOOD, MONDAY),
        (Rating.GOOD, MONDAY + timedelta(days=4)),
    ]
    assert world.memories()["starter", "delta"] == replay(days)


def test_the_first_answer_here_is_still_evidence(world: World) -> None:
    """The belief hears of it as if nothing had come from elsewhere, and no second time."""
    bring(world, "delta-1", (on(1), 3))
    answer(world, "delta-1", right=True)
    once = world.belief()
    assert once is not None
    world.pass_time(days=1)
    answer(world, "delta-2", right=True)
    assert world.belief() == once


def test_an_answer_taken_back_leaves_what_came_from_elsewhere(world: World) -> None:
    """The memory is the one that it was before."""
    bring(world, "delta-1", (on(1), 3))
    before = world.memories()
    answer(world, "delta-1", right=False)
    assert world.memories() != before
    undo_last(world.workspace)
    assert world.memories() == before


def test_recall_is_believed_in_more_after_successes(world: World) -> None:
    """The trace, which composing goes by, takes a review for an answer by the learner's own word."""
    bring(world, "delta-1", (on(1), 3), (on(4), 3), (on(12), 3))
    bring(world, "beta-1", (on(1), 1), (on(4), 1), (on(12), 1))
    with world.workspace.store.read() as tx:
        traces = {row.objective: row.trace for row in tx.memories("learner-1")}
    assert traces["delta"].kept > 0.9
    assert traces["beta"].kept < 0.1
    assert traces["delta"].recall(20) > traces["beta"].recall(20)


def test_many_reviews_are_many_events(world: World) -> None:
    """So that no line of a record grows without end; they all come, or none."""
    days = REVIEWS_AT_A_TIME + 1
    many = [(datetime(2015, 1, 1, 20, tzinfo=UTC) + timedelta(days=day), 3) for day in range(days)]
    assert bring(world, "delta-1", *many).reviews == days
    bring(world, "beta-1", (on(1), 3))
    assert len(world.imported()) == 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(
        st.lists(st.tuples(st.integers(0, 24 * 300), st.integers(1, 4)), min_size=1, max_size=6), max_size=4
    )
)
def test_in_parts_or_at_once_the_memory_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path, parts: Sequence[Sequence[tuple[int, int]]]
) -> None:
    """When later exports have all that earlier ones had."""
    begin = datetime(2026, 1, 1, 12, tzinfo=UTC)
    hours = sorted({hour: rating for part in parts for hour, rating in part}.items())
    reviews = [(begin + timedelta(hours=hour), rating) for hour, rating in hours]
    ends = sorted(len(reviews) * number // 4 for number in range(1, 5))
    found = []
    for cuts in (ends, ends[-1:]):
        made = World(tmp_path_factory.mktemp("home"), template=empty_sqlite)
        made.load_bank()
        made.settle()
        for end in cuts:
            bring(made, "delta-1", *reviews[:end])
        assert made.digest() == made.replayed_digest()
        found.append(made.memories())
        made.close()
    assert found[0] == found[1]
