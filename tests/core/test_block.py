"""The block's rules: one example for each, and no order of events that breaks what always holds."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from qbank.core.block import (
    Answer,
    BlockEvent,
    BlockPlan,
    BlockState,
    ClosedBy,
    Confident,
    Highlight,
    Interrupt,
    ItemState,
    Mark,
    Note,
    Pause,
    Phase,
    Reason,
    ReasonAfter,
    Resume,
    Reveal,
    Show,
    Strike,
    Submit,
    TakeOver,
    Tick,
    event_from_json,
    event_to_json,
    is_final,
    newly_final,
    remaining_ms,
    responses,
    start,
    step,
    time_limit_ms,
    unanswered,
)
from qbank.core.question import ServedItem
from qbank.core.response import Change, Confidence, MissReason, Mode, Response
from qbank.errors import IllegalStep

OPTIONS = ("a", "b", "c")
ITEMS = tuple(ServedItem("starter", f"q{n}", "v", f"o{n}", n, OPTIONS) for n in range(3))
AT = datetime(2026, 11, 23, 20, tzinfo=UTC)
TIMED = BlockPlan("block", Mode.TIMED, ITEMS, limit_ms=90_000)
TUTOR = BlockPlan("block", Mode.TUTOR, ITEMS)


def after(plan: BlockPlan, *events: BlockEvent) -> BlockState:
    """The state of a block after events."""
    state = start(plan)
    for event in events:
        state = step(state, event)
    return state


def final(state: BlockState) -> tuple[Response, ...]:
    """The final responses where `a` is always the key."""
    return responses(state, key_of=lambda item: "a", at=AT, study_day=date(2026, 11, 23))


def test_a_block_starts_with_nothing_shown() -> None:
    """Until the first `Show` no question was seen, no time is credited and none can be answered."""
    state = after(TUTOR, Tick(at_ms=500))
    assert not any(item.shown or item.elapsed_ms for item in state.items)
    with pytest.raises(IllegalStep, match="Show one first"):
        step(state, Answer("a", at_ms=600))


def test_a_plan_must_have_items_and_a_sensible_limit() -> None:
    """A block of nothing, or of no time, cannot start."""
    with pytest.raises(ValueError, match="at least one item"):
        start(replace(TUTOR, items=()))
    with pytest.raises(ValueError, match="positive, not 0"):
        start(replace(TIMED, limit_ms=0))


def test_time_is_credited_to_the_question_on_screen() -> None:
    """Each question gets the time between its `Show` and the next."""
    state = after(TIMED, Show(0, at_ms=0), Show(2, at_ms=700), Tick(at_ms=1000), Show(0, at_ms=1500))
    assert [item.elapsed_ms for item in step(state, Tick(at_ms=1600)).items] == [800, 0, 800]
    assert [item.shown for item in state.items] == [True, False, True]


def test_every_change_of_answer_is_recorded() -> None:
    """The first answer is no change, nor is a repeated one; a changed or withdrawn answer is."""
    state = after(
        TIMED,
        Show(0, at_ms=0),
        Answer("a", at_ms=1),
        Answer("a", at_ms=2),
        Answer("b", at_ms=3),
        Answer(None, at_ms=4),
        Answer("c", at_ms=5),
    )
    assert state.items[0].choice == "c"
    assert state.items[0].changes == (Change("a", "b", 3), Change("b", "", 4), Change("", "c", 5))


def test_a_new_answer_withdraws_the_confidence() -> None:
    """How sure somebody was of one answer says nothing about the next."""
    sure = after(TUTOR, Show(0, at_ms=0), Answer("a", at_ms=1), Confident(Confidence.SURE, at_ms=2))
    assert step(sure, Answer("a", at_ms=3)).items[0].confidence is Confidence.SURE
    assert step(sure, Answer("b", at_ms=3)).items[0].confidence is None


def test_highlights_toggle_by_their_span() -> None:
    """The same span again takes its highlight away; others stay, and a later visit finds them."""
    state = after(
        TIMED,
        Show(0, at_ms=0),
        Highlight(0, 26, at_ms=1),
        Highlight(27, 40, at_ms=2),
        Highlight(0, 26, at_ms=3),
        Show(1, at_ms=4),
        Show(0, at_ms=5),
    )
    assert [item.highlights for item in state.items[:2]] == [{(27, 40)}, frozenset()]


def test_strike_and_mark_toggle() -> None:
    """The second time takes back the first."""
    state = after(TIMED, Show(1, at_ms=0), Strike("b", at_ms=1), Strike("c", at_ms=2), Mark(at_ms=3))
    assert (state.items[1].struck, state.items[1].marked) == (frozenset("bc"), True)
    state = step(step(state, Strike("b", at_ms=4)), Mark(at_ms=5))
    assert (state.items[1].struck, state.items[1].marked) == (frozenset("c"), False)


SHOWN = (Show(0, at_ms=0),)
REVEALED = (*SHOWN, Answer("b", at_ms=1), Reveal(at_ms=2))


@pytest.mark.parametrize(
    ("plan", "events", "refused", "words"),
    [
        (TIMED, SHOWN, Pause(at_ms=9), "cannot be paused"),
        (TIMED, SHOWN, Reveal(at_ms=9), "at the end"),
        (TIMED, SHOWN, Reason(MissReason.MISREAD, at_ms=9), "after it closes"),
        (TIMED, SHOWN, ReasonAfter(0, MissReason.MISREAD, at_ms=9), "still open"),
        (TIMED, SHOWN, Resume(at_ms=9), "not paused"),
        (TIMED, SHOWN, Answer("z", at_ms=9), "no option 'z'"),
        (TIMED, SHOWN, Strike("z", at_ms=9), "no option 'z'"),
        (TIMED, SHOWN, Highlight(4, 4, at_ms=9), "nothing to highlight"),
        (TIMED, SHOWN, Highlight(-1, 4, at_ms=9), "nothing to highlight"),
        (TUTOR, REVEALED, Highlight(0, 4, at_ms=9), "its answer stands"),
        (TIMED, SHOWN, Show(3, at_ms=9), "questions 1 to 3"),
        (TIMED, SHOWN, Show(-1, at_ms=9), "questions 1 to 3"),
        (TIMED, SHOWN, Confident(Confidence.SURE, at_ms=9), "Choose an answer"),
        (TIMED, SHOWN, Note("n", 1, at_ms=9), "not seen"),
        (TIMED, (*SHOWN, Tick(at_ms=10)), Tick(at_ms=9), "cannot go back"),
        (TUTOR, REVEALED, Answer("a", at_ms=9), "its answer stands"),
        (TUTOR, REVEALED, Strike("a", at_ms=9), "its answer stands"),
        (TUTOR, REVEALED, Mark(at_ms=9), "its answer stands"),
        (TUTOR, REVEALED, Confident(Confidence.SURE, at_ms=9), "its answer stands"),
        (TUTOR, REVEALED, Reason(MissReason.MISREAD, at_ms=9), "its answer stands"),
        (TUTOR, REVEALED, Reveal(at_ms=9), "its answer stands"),
        (TUTOR, (*SHOWN, Pause(at_ms=1)), Answer("a", at_ms=9), "paused"),
        (TUTOR, (*SHOWN, Pause(at_ms=1)), Pause(at_ms=9), "paused"),
        (TUTOR, (*SHOWN, Interrupt(at_ms=1)), Answer("a", at_ms=9), "Show one first"),
        (
            TUTOR,
            (*SHOWN, Answer("b", at_ms=1), Reason(MissReason.MISREAD, at_ms=2)),
            Answer("a", at_ms=9),
            "named why you missed",
        ),
    ],
)
def test_what_the_rules_refuse(
    plan: BlockPlan, events: tuple[BlockEvent, ...], refused: BlockEvent, words: str
) -> None:
    """Each refusal is an IllegalStep whose sentence tells what to do."""
    state = after(plan, *events)
    with pytest.raises(IllegalStep, match=words):
        step(state, refused)


@pytest.mark.parametrize(
    "event",
    [
        Show(1, at_ms=9),
        Answer("a", at_ms=9),
        Tick(at_ms=9),
        Submit(at_ms=9),
        Interrupt(at_ms=9),
        TakeOver(at_ms=9),
    ],
)
def test_a_closed_block_takes_only_reasons_and_notes(event: BlockEvent) -> None:
    """After the close a reason or a note still comes in, on any question; nothing else does."""
    closed = after(TIMED, *SHOWN, Submit(at_ms=5))
    with pytest.raises(IllegalStep, match="closed and its answers stand"):
        step(closed, event)
    later = step(step(closed, ReasonAfter(2, MissReason.OUT_OF_TIME, at_ms=6)), Note("unseen", 2, at_ms=0))
    assert later.items[2] == ItemState(reason_after=MissReason.OUT_OF_TIME, note="unseen")
    assert later.elapsed_ms == 5


def test_a_timed_block_closes_itself_at_exactly_its_limit() -> None:
    """One millisecond before, an answer counts; at the limit it does not, and the clock stops there."""
    in_time = after(TIMED, *SHOWN, Answer("a", at_ms=89_999))
    assert (in_time.phase, in_time.items[0].choice, remaining_ms(in_time)) == (Phase.OPEN, "a", 1)
    for at_ms in (90_000, 400_000):
        for event in (
            Answer("b", at_ms=at_ms),
            Submit(at_ms=at_ms),
            Show(99, at_ms=at_ms),
            TakeOver(at_ms=at_ms),
        ):
            late = step(in_time, event)
            assert (late.phase, late.closed_by, late.elapsed_ms) == (Phase.CLOSED, ClosedBy.TIME, 90_000)
            assert late.items[0].choice == "a"
            assert late.items[0].elapsed_ms == 90_000


def test_a_block_left_at_its_limit_is_closed_by_the_next_start() -> None:
    """An interruption never closes a block: whoever starts next does."""
    left = after(TIMED, *SHOWN, Interrupt(at_ms=95_000))
    assert (left.phase, left.interrupted, remaining_ms(left)) == (Phase.OPEN, True, 0)
    assert step(left, Tick(at_ms=90_000)).closed_by is ClosedBy.TIME


def test_an_interrupted_block_goes_on_from_its_last_tick() -> None:
    """In practice the clock stands while no process runs; the answers and the time left are all there."""
    left = after(TIMED, *SHOWN, Answer("b", at_ms=3_000), Tick(at_ms=5_000), Interrupt(at_ms=5_000))
    assert left.interrupted
    resumed = step(step(left, Show(0, at_ms=5_000)), Tick(at_ms=6_000))
    assert (resumed.items[0].choice, resumed.items[0].elapsed_ms, remaining_ms(resumed)) == (
        "b",
        6_000,
        84_000,
    )


def test_on_exam_day_the_wall_clock_runs_on() -> None:
    """A tick with the time passed outside takes it from the block but credits it to no question."""
    left = after(TIMED, *SHOWN, Interrupt(at_ms=5_000))
    back = step(left, Tick(at_ms=60_000))
    assert (back.items[0].elapsed_ms, remaining_ms(back)) == (5_000, 30_000)
    assert step(left, Tick(at_ms=120_000)).closed_by is ClosedBy.TIME


def test_a_pause_is_credited_to_no_question() -> None:
    """Time that passes while paused belongs to nobody; a paused block can still be submitted."""
    paused = after(TUTOR, *SHOWN, Pause(at_ms=1_000), Tick(at_ms=4_000))
    assert paused.phase is Phase.PAUSED
    assert step(step(paused, Resume(at_ms=5_000)), Tick(at_ms=5_500)).items[0].elapsed_ms == 1_500
    assert step(paused, Submit(at_ms=5_000)).closed_by is ClosedBy.SUBMITTED


def test_a_reveal_makes_an_answer_final_and_the_block_goes_on() -> None:
    """Reasons, notes and the next question may follow; reading the explanation is timed apart."""
    state = after(
        TUTOR,
        *SHOWN,
        Answer("b", at_ms=100),
        Reason(MissReason.BETWEEN_TWO, at_ms=200),
        Reveal(at_ms=300),
        ReasonAfter(0, MissReason.MISREAD, at_ms=400),
        Note("afterload", at_ms=500),
        Show(1, at_ms=1_000),
    )
    item = state.items[0]
    assert (item.elapsed_ms, item.reading_ms, item.note) == (300, 700, "afterload")
    assert (item.reason, item.reason_after) == (MissReason.BETWEEN_TWO, MissReason.MISREAD)
    assert (is_final(state, 0), is_final(state, 1)) == (True, False)


def test_a_blank_may_be_revealed_and_a_block_submitted_with_blanks() -> None:
    """Shown and left blank differs from never reached."""
    state = after(TUTOR, *SHOWN, Reveal(at_ms=50), Submit(at_ms=60))
    assert unanswered(state) == (0, 1, 2)
    assert [(r.choice, r.correct, r.shown, r.time_ran_out) for r in final(state)] == [
        (None, False, True, False),
        (None, False, False, False),
        (None, False, False, False),
    ]


def test_a_response_holds_all_that_was_done() -> None:
    """Every field of a response comes from the state, the key from `key_of`."""
    state = after(
        TUTOR,
        Show(1, at_ms=0),
        Strike("c", at_ms=1),
        Strike("b", at_ms=2),
        Answer("b", at_ms=3),
        Answer("a", at_ms=4),
        Mark(at_ms=5),
        Confident(Confidence.UNSURE, at_ms=6),
        Note("n", at_ms=7),
        Reveal(at_ms=8),
    )
    assert final(state) == (
        Response(
            block="block",
            position=1,
            item=ITEMS[1],
            mode=Mode.TUTOR,
            choice="a",
            correct=True,
            elapsed_ms=8,
            at=AT,
            study_day=date(2026, 11, 23),
            changes=(Change("b", "a", 4),),
            struck=("b", "c"),
            marked=True,
            confidence=Confidence.UNSURE,
            note="n",
        ),
    )


def test_a_timed_block_has_no_response_before_it_closes() -> None:
    """Answers are final when the block closes, all at once; when time ran out each response says so."""
    opened = after(TIMED, *SHOWN, Answer("a", at_ms=10))
    closed = step(opened, Tick(at_ms=90_000))
    assert final(opened) == ()
    assert newly_final(opened, closed) == (0, 1, 2)
    assert [(r.correct, r.shown, r.time_ran_out) for r in final(closed)] == [
        (True, True, True),
        (False, False, True),
        (False, False, True),
    ]


def test_newly_final_tells_each_position_once() -> None:
    """A revealed question is final at its reveal, and not again when the block closes."""
    limited = replace(TUTOR, limit_ms=1_000)
    shown = after(limited, *SHOWN)
    revealed = step(shown, Reveal(at_ms=2))
    closed = step(revealed, Tick(at_ms=1_000))
    assert newly_final(shown, revealed) == (0,)
    assert newly_final(revealed, closed) == (1, 2)
    assert [r.time_ran_out for r in final(closed)] == [False, True, True]


def test_time_limits() -> None:
    """Minutes times the accommodation, in milliseconds; an untimed block has no time left to tell."""
    assert time_limit_ms(30) == 1_800_000
    assert time_limit_ms(30, 1.25) == 2_250_000
    assert remaining_ms(start(TUTOR)) is None
    for minutes, factor in [(0, 1.0), (30, 0.5)]:
        with pytest.raises(ValueError, match="no time limit"):
            time_limit_ms(minutes, factor)


def test_an_events_json_form_is_stable() -> None:
    """The log keeps these very shapes."""
    assert event_to_json(Answer("a", at_ms=5)) == {"kind": "answer", "at_ms": 5, "option": "a"}
    assert event_to_json(ReasonAfter(1, MissReason.MISREAD, at_ms=5)) == {
        "kind": "reason-after",
        "at_ms": 5,
        "position": 1,
        "reason": "misread",
    }


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"kind": "guess", "at_ms": 1}, "unknown kind of block event: 'guess'"),
        ({"at_ms": 1}, "unknown kind of block event: None"),
        ({"kind": "tick"}, "at_ms"),
        ({"kind": "tick", "at_ms": "1"}, "tick.*int"),
        ({"kind": "confident", "at_ms": 1, "level": "very"}, "very"),
        ({"kind": "tick", "at_ms": 1, "colour": 2}, "colour"),
    ],
)
def test_json_that_is_no_event_is_refused(data: dict[str, object], words: str) -> None:
    """A ValueError names what is wrong."""
    with pytest.raises(ValueError, match=words):
        event_from_json(data)


POSITIONS = st.integers(-1, 3)
CHOICES = st.sampled_from([*OPTIONS, "z"])
REASONS = st.sampled_from(MissReason)


def events(at_ms: st.SearchStrategy[int]) -> st.SearchStrategy[BlockEvent]:
    """Any event, legal or not, with a time from `at_ms`."""
    plain = st.sampled_from([Mark, Reveal, Pause, Resume, Tick, Submit, Interrupt, TakeOver])
    return st.one_of(
        st.builds(Show, POSITIONS, at_ms=at_ms),
        st.builds(Answer, st.none() | CHOICES, at_ms=at_ms),
        st.builds(Strike, CHOICES, at_ms=at_ms),
        st.builds(Highlight, st.integers(0, 9), st.integers(0, 20), at_ms=at_ms),
        st.builds(Confident, st.sampled_from(Confidence), at_ms=at_ms),
        st.builds(Reason, REASONS, at_ms=at_ms),
        st.builds(ReasonAfter, POSITIONS, REASONS, at_ms=at_ms),
        st.builds(Note, st.text(max_size=5), st.none() | POSITIONS, at_ms=at_ms),
        plain.flatmap(lambda kind: st.builds(kind, at_ms=at_ms)),
    )


@given(events(st.integers(0, 10**12)))
def test_an_event_survives_json(event: BlockEvent) -> None:
    """Written to JSON text and read again, an event is the same event."""
    assert event_from_json(json.loads(json.dumps(event_to_json(event)))) == event


class AnyOrder(RuleBasedStateMachine):
    """A block under any order of events, beside a model of what was accepted."""

    @initialize(mode=st.sampled_from(Mode), limit_ms=st.none() | st.integers(1, 40_000))
    def begin(self, mode: Mode, limit_ms: int | None) -> None:
        self.plan = BlockPlan("block", mode, ITEMS, limit_ms)
        self.state = start(self.plan)
        self.log: list[dict[str, object]] = []
        self.final_choices: dict[int, str | None] = {}
        self.choices: dict[int, str | None] = {0: None, 1: None, 2: None}

    @rule(data=st.data(), wait_ms=st.integers(-50, 3_000))
    def anything(self, data: st.DataObject, wait_ms: int) -> None:
        """Any event, most of them soon after the last one."""
        at_ms = max(0, self.state.elapsed_ms + wait_ms)
        self.send(data.draw(events(st.just(at_ms))))

    @precondition(lambda self: self.state.phase is Phase.OPEN)
    @rule(position=st.integers(0, 2), option=st.sampled_from(OPTIONS), wait_ms=st.integers(0, 3_000))
    def look_and_answer(self, position: int, option: str, wait_ms: int) -> None:
        """What a learner does most."""
        self.send(Show(position, at_ms=self.state.elapsed_ms + wait_ms))
        self.send(Answer(option, at_ms=self.state.elapsed_ms))

    @precondition(lambda self: self.state.phase is Phase.OPEN and self.plan.mode is not Mode.TIMED)
    @rule(wait_ms=st.integers(0, 3_000))
    def reveal(self, wait_ms: int) -> None:
        """How tutor and review go on."""
        self.send(Reveal(at_ms=self.state.elapsed_ms + wait_ms))

    def send(self, event: BlockEvent) -> None:
        before = self.state
        try:
            self.state = step(before, event)
        except IllegalStep:
            return
        self.log.append(event_to_json(event))
        assert self.state.elapsed_ms >= before.elapsed_ms
        assert before.phase is not Phase.CLOSED or self.state.phase is Phase.CLOSED
        assert self.state.interrupted or not before.interrupted
        in_time = self.plan.limit_ms is None or event.at_ms < self.plan.limit_ms
        if isinstance(event, Answer) and in_time:
            self.choices[before.position] = event.option
        for position in newly_final(before, self.state):
            assert position not in self.final_choices
            self.final_choices[position] = self.state.items[position].choice

    @invariant()
    def the_model_agrees(self) -> None:
        """The last accepted answer of each question is its choice, and a final one never changes."""
        assert {n: item.choice for n, item in enumerate(self.state.items)} == self.choices
        assert {n: self.choices[n] for n in self.final_choices} == self.final_choices
        assert tuple(r.position for r in final(self.state)) == tuple(sorted(self.final_choices))

    @invariant()
    def the_clock_holds(self) -> None:
        """Questions have no more time than passed, the limit holds, and only a closed block says how."""
        spent_ms = sum(item.elapsed_ms + item.reading_ms for item in self.state.items)
        assert spent_ms <= self.state.elapsed_ms
        assert self.plan.limit_ms is None or self.state.elapsed_ms <= self.plan.limit_ms
        assert (self.state.closed_by is not None) == (self.state.phase is Phase.CLOSED)
        if self.state.closed_by is ClosedBy.TIME:
            assert self.state.elapsed_ms == self.plan.limit_ms

    @invariant()
    def only_what_was_shown_has_a_story(self) -> None:
        """A question that was never shown has no answer, no time, no reveal."""
        for item in self.state.items:
            told = replace(item, reason_after=None, note="")
            assert item.shown or told == ItemState()

    @invariant()
    def changes_lead_to_the_choice(self) -> None:
        """The recorded changes are a chain in time that ends at the choice."""
        for item in self.state.items:
            for one, two in zip(item.changes, item.changes[1:], strict=False):
                assert one.after == two.before
                assert one.at_ms <= two.at_ms
            assert not item.changes or item.changes[-1].after == (item.choice or "")

    def teardown(self) -> None:
        """The accepted events, read back from JSON, give the same state."""
        if hasattr(self, "log"):
            stored = json.loads(json.dumps(self.log))
            assert after(self.plan, *map(event_from_json, stored)) == self.state


AnyOrder.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestAnyOrder = AnyOrder.TestCase
