"""The exam day's clock: examples of each rule, and no order of events that breaks what always holds."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from qbank.core.exam_day import (
    SMALL_BREAK_MS,
    BlockBegun,
    BlockEnded,
    DayBlock,
    DayEnded,
    DayEvent,
    DayState,
    ExamDayPlan,
    Phase,
    TutorialEnded,
    begun,
    day_shape,
    passed,
    step,
    suggested_break,
)
from qbank.core.exam_parts import BlockFormat
from qbank.core.question import ServedItem
from qbank.core.sourced import Source
from qbank.errors import IllegalStep

MINUTE = 60_000
ITEMS = (ServedItem("starter", "q", "v", "o", 0, ("a", "b")),)
SHORT = BlockFormat("14x30", date(2026, 5, 14), 14, 30, 20, 55, 5, Source("", "", ""))
LONG = BlockFormat("7x60", date(2022, 1, 26), 7, 60, 40, 45, 15, Source("", "", ""))


def day(*limits: int, break_ms: int = 10 * MINUTE, tutorial_ms: int = 5 * MINUTE) -> ExamDayPlan:
    """A day with blocks of these limits."""
    blocks = tuple(DayBlock(f"block-{number}", limit, ITEMS) for number, limit in enumerate(limits, 1))
    return ExamDayPlan("day", "14x30", blocks, break_ms, tutorial_ms)


THREE = day(30 * MINUTE, 30 * MINUTE, 30 * MINUTE)


def after(plan: ExamDayPlan, *events: DayEvent) -> DayState:
    """The day after these events."""
    state = begun(plan)
    for event in events:
        state = step(state, event)
    return state


def test_the_day_is_tutorial_breaks_and_blocks() -> None:
    """It begins in its tutorial with the whole of its clock left, and the whole budget of breaks."""
    state = begun(THREE)
    assert (state.phase, state.number) == (Phase.TUTORIAL, 1)
    assert state.day_left_ms == THREE.length_ms == 105 * MINUTE
    assert state.break_left_ms == 10 * MINUTE


def test_what_the_tutorial_leaves_is_break_time() -> None:
    """Two of five minutes used give three to the break; all five used give none, and the tutorial ends by itself."""
    assert after(THREE, TutorialEnded(2 * MINUTE)).break_left_ms == 13 * MINUTE
    idle = passed(begun(THREE), 6 * MINUTE)
    assert (idle.phase, idle.break_left_ms) == (Phase.BREAK, 9 * MINUTE)


def test_an_early_finish_adds_exactly_its_unused_time() -> None:
    """A block that took 18 of its 30 minutes gives 12 to the break."""
    state = after(THREE, TutorialEnded(0), BlockBegun(0))
    assert (state.phase, state.number, state.phase_left_ms) == (Phase.BLOCK, 1, 30 * MINUTE)
    before = state.break_left_ms
    assert step(state, BlockEnded(18 * MINUTE)).break_left_ms == before + 12 * MINUTE


def test_a_block_closes_at_its_deadline_and_the_break_begins_there() -> None:
    """Whoever comes back 4 minutes after the deadline has spent 4 minutes of break."""
    state = passed(after(THREE, TutorialEnded(0), BlockBegun(0)), 34 * MINUTE)
    assert (state.phase, state.number) == (Phase.BREAK, 2)
    assert state.sittings[0].end_ms == 30 * MINUTE
    assert state.break_used_ms == 4 * MINUTE


def test_an_overdrawn_break_shortens_the_last_block() -> None:
    """25 minutes of a budget of 15 leave the last block 20 of its 30 minutes, and it ends with the day."""
    state = after(THREE, TutorialEnded(0), BlockBegun(0), BlockEnded(30 * MINUTE - 1))
    state = step(passed(state, 55 * MINUTE), BlockBegun(55 * MINUTE))
    assert state.break_left_ms == -10 * MINUTE
    state = passed(state, 85 * MINUTE)
    assert (state.phase, state.limit_ms) == (Phase.BREAK, 20 * MINUTE)
    state = step(state, BlockBegun(85 * MINUTE))
    assert passed(state, 105 * MINUTE).phase is Phase.OVER


def test_blocks_are_not_reached_when_the_day_is_over() -> None:
    """A break until the day's end ends the day with one block of three."""
    state = passed(after(THREE, TutorialEnded(0), BlockBegun(0)), 200 * MINUTE)
    assert (state.phase, state.number, state.day_left_ms) == (Phase.OVER, 1, 0)
    with pytest.raises(IllegalStep, match="is over"):
        step(state, BlockBegun(200 * MINUTE))


def test_the_day_is_over_with_its_last_block() -> None:
    """Nothing comes after it, whatever break is left."""
    state = after(day(MINUTE), TutorialEnded(0), BlockBegun(0), BlockEnded(1_000))
    assert (state.phase, state.end_ms, state.limit_ms) == (Phase.OVER, 1_000, 0)


@pytest.mark.parametrize(
    ("events", "complaint"),
    [
        ([BlockBegun(0)], "tutorial"),
        ([TutorialEnded(0), TutorialEnded(1)], "break"),
        ([TutorialEnded(0), BlockEnded(1)], "break"),
        ([TutorialEnded(0), BlockBegun(0), BlockBegun(1)], "block"),
        ([TutorialEnded(0), BlockBegun(0), DayEnded(1)], "block"),
        ([TutorialEnded(5), BlockBegun(4)], "cannot go back"),
    ],
)
def test_what_does_not_fit_is_refused(events: list[DayEvent], complaint: str) -> None:
    """Each event has its phase, and time does not go back."""
    with pytest.raises(IllegalStep, match=complaint):
        after(THREE, *events)


@pytest.mark.parametrize("wrong", [day(), day(0), day(1, break_ms=-1), day(1, tutorial_ms=-1)])
def test_a_day_that_cannot_be_does_not_begin(wrong: ExamDayPlan) -> None:
    """No blocks, a block of no time, or a negative budget."""
    with pytest.raises(ValueError, match="exam day"):
        begun(wrong)


def test_the_break_is_spread_over_the_day() -> None:
    """Whoever follows every suggestion of the present format has lunch in the middle and never overdraws."""
    shape = day_shape(SHORT, 280, 1.0)
    plan = day(*shape.limits_ms, break_ms=shape.break_ms, tutorial_ms=0)
    state, taken = step(begun(plan), BlockBegun(0)), []
    while (state := passed(state, state.clock_ms + 30 * MINUTE)).phase is not Phase.OVER:
        suggested = suggested_break(state)
        taken.append(suggested.now_ms // MINUTE)
        assert suggested.is_lunch == (state.number == 8)
        state = step(state, BlockBegun(state.clock_ms + suggested.now_ms))
    assert taken[6] == max(taken) >= 20
    assert set(taken) <= {0, 5, taken[6]}
    assert 50 <= sum(taken) <= 55


def test_extra_time_lengthens_blocks_and_nothing_else() -> None:
    """Time and a half makes 45 minutes of 30; the break and the tutorial are the format's."""
    plain, extra = day_shape(SHORT, 280, 1.0), day_shape(SHORT, 280, 1.5)
    assert (plain.sizes, plain.limits_ms) == ((20,) * 14, (30 * MINUTE,) * 14)
    assert (plain.break_ms, plain.tutorial_ms) == (55 * MINUTE, 5 * MINUTE)
    assert extra.limits_ms == (45 * MINUTE,) * 14
    assert (extra.break_ms, extra.tutorial_ms) == (plain.break_ms, plain.tutorial_ms)


@given(kind=st.sampled_from([SHORT, LONG]), questions=st.integers(1, 280))
def test_a_short_day_has_full_blocks_and_the_exams_pace(kind: BlockFormat, questions: int) -> None:
    """Full blocks first, at most one shorter; each question has the time it has on the exam, and break in proportion."""
    shape = day_shape(kind, questions, 1.0)
    assert sum(shape.sizes) == questions
    assert all(size == kind.items for size in shape.sizes[:-1])
    assert 0 < shape.sizes[-1] <= kind.items
    for size, limit_ms in zip(shape.sizes, shape.limits_ms, strict=True):
        assert limit_ms == pytest.approx(kind.minutes * MINUTE / kind.items * size, abs=1)
    part = questions / (kind.blocks * kind.items)
    assert shape.break_ms == pytest.approx(kind.break_minutes * MINUTE * part, abs=1)


class Day(RuleBasedStateMachine):
    """Any day: steps, waits and looks at the clock in any order, beside one that is never looked at in between."""

    @initialize(
        limits=st.lists(st.integers(1, 50), min_size=1, max_size=4),
        break_ms=st.integers(0, 30),
        tutorial_ms=st.integers(0, 10),
    )
    def begin(self, limits: list[int], break_ms: int, tutorial_ms: int) -> None:
        self.plan = day(*limits, break_ms=break_ms, tutorial_ms=tutorial_ms)
        self.state = begun(self.plan)
        self.unwatched = begun(self.plan)
        self.at_ms = 0
        self.earned_ms = 0

    @rule(wait_ms=st.integers(0, 60))
    def look_later(self, wait_ms: int) -> None:
        """A process comes back after so long, as after a kill."""
        self.at_ms += wait_ms
        before = self.state
        self.state = passed(self.state, self.at_ms)
        assert self.state.clock_ms >= before.clock_ms
        assert passed(self.state, self.at_ms - 1) == self.state

    @rule(
        wait_ms=st.integers(0, 60),
        kind=st.sampled_from([TutorialEnded, BlockBegun, BlockEnded, DayEnded]),
    )
    def do(self, wait_ms: int, kind: type[DayEvent]) -> None:
        self.at_ms += wait_ms
        before = passed(self.state, self.at_ms)
        try:
            self.state = step(self.state, kind(self.at_ms))
        except IllegalStep:
            with pytest.raises(IllegalStep):
                step(self.unwatched, kind(self.at_ms))
            return
        self.unwatched = step(self.unwatched, kind(self.at_ms))
        if kind in (TutorialEnded, BlockEnded) and self.state.phase is not Phase.OVER:
            assert self.state.break_left_ms == before.break_left_ms + before.phase_left_ms

    @precondition(lambda self: hasattr(self, "plan"))
    @invariant()
    def looking_changes_nothing(self) -> None:
        """However often the day was looked at or taken up again, it is where it would be without."""
        assert passed(self.unwatched, self.at_ms) == passed(self.state, self.at_ms)

    @precondition(lambda self: hasattr(self, "plan"))
    @invariant()
    def no_block_outlives_the_day(self) -> None:
        """The day never exceeds its length, and no block its own limit or the day."""
        state, length_ms = self.state, self.plan.length_ms
        assert 0 <= state.clock_ms <= length_ms
        assert 0 <= state.day_left_ms <= length_ms
        for sitting, planned in zip(state.sittings, self.plan.blocks, strict=False):
            assert 0 < sitting.limit_ms <= planned.limit_ms
            assert sitting.begin_ms + sitting.limit_ms <= length_ms
            assert sitting.end_ms is None or sitting.end_ms <= sitting.begin_ms + sitting.limit_ms
        ends = [0, *(each.end_ms for each in state.sittings if each.end_ms is not None)]
        assert all(end <= each.begin_ms for end, each in zip(ends, state.sittings, strict=False))

    @precondition(lambda self: hasattr(self, "plan"))
    @invariant()
    def an_overdrawn_break_is_what_blocks_lose(self) -> None:
        """Below 0 the break is exactly what the blocks not yet begun can no longer have of their time."""
        state = self.state
        if state.phase is Phase.OVER:
            return
        to_come = sum(each.limit_ms for each in self.plan.blocks[len(state.sittings) :])
        can_have = state.day_left_ms - state.phase_left_ms
        assert state.break_left_ms == can_have - to_come
        assert state.break_left_ms >= -to_come
        assert 0 <= state.break_used_ms <= state.clock_ms

    @precondition(lambda self: hasattr(self, "plan"))
    @invariant()
    def a_suggestion_can_be_afforded(self) -> None:
        """No break is suggested that is longer than what is left."""
        if self.state.phase is Phase.BREAK:
            suggested = suggested_break(self.state)
            assert suggested.now_ms % SMALL_BREAK_MS == 0
            assert suggested.now_ms <= max(0, self.state.break_left_ms)


TestDay = Day.TestCase
TestDay.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)
