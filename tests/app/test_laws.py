"""The laws of the record, over any life that a learner can lead with it."""

import contextlib
import random
import shutil
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from both_ways import both_ways
from forgetting import FORGETFUL
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from worlds import World, memory_by_the_rules

from qbank.app import preferences, reports, shelves
from qbank.app.candidates import Wanted
from qbank.app.composing import Request, compose_block
from qbank.app.exam_composing import WantedDay, begin_day, propose_day
from qbank.app.exam_day import running_day
from qbank.app.memory_import import Remembered, remember
from qbank.app.outside import OutsidePractice, keep_miss, record_outside
from qbank.app.practice import Practice
from qbank.app.record import record
from qbank.app.undo import undo_last
from qbank.core import block
from qbank.core.event import EventKind
from qbank.core.exam import ReportKind
from qbank.core.exam_day import Phase
from qbank.core.fitting import name_of
from qbank.core.memory import DEFAULT_MODEL
from qbank.core.report import ScoreReport
from qbank.core.response import Confidence, MissReason, Mode, Rating
from qbank.errors import IllegalStep, NothingToDo, ReportRefused, UsageError
from qbank.exchange.foreign import PastReview

ZONES = ("America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Europe/Berlin")
POSITIONS = st.integers(0, 4)


class Life(RuleBasedStateMachine):
    """Blocks, answers, undone ones, reports, journeys and bad clocks, in any order."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="qbank-life-"))
        self.practice: Practice | None = None
        self.answered = 0

    @initialize(seed=st.integers(0, 1_000))
    def begin(self, seed: int) -> None:
        self.world = World(self.folder, template=self.template, seed=seed)
        self.workspace = self.world.workspace
        self.world.load_bank()
        self.world.settle()

    @precondition(lambda self: self.practice is None)
    @rule(
        mode=st.sampled_from(Mode),
        size=st.integers(1, 5),
        assess=st.booleans(),
        repeat=st.sampled_from([True, True, False]),
        seed=st.integers(0, 99),
    )
    def compose(self, mode: Mode, size: int, assess: bool, repeat: bool, seed: int) -> None:
        request = Request(
            mode=mode,
            size=size,
            minutes=2.0 * size,
            assess=assess and mode is Mode.TIMED,
            wanted=Wanted(repeat=repeat),
            seed=seed,
        )
        with contextlib.suppress(NothingToDo):
            composed = compose_block(self.workspace, request)
            self.practice = Practice(self.workspace, composed.block_id)
            self.step(block.Show, position=0)

    @rule()
    def reckon_ceilings(self) -> None:
        shelves.reckon(self.workspace)

    @rule(size=st.integers(1, 5), seed=st.integers(0, 99))
    def compose_both_ways(self, size: int, seed: int) -> None:
        """From all rows and from a shelf, the block is the same, however old the ceilings are."""
        found = both_ways(self.workspace, size=size, seed=seed)
        assert found is None or found[0] == found[1]

    @precondition(lambda self: self.practice is None)
    @rule(seed=st.integers(0, 99), ends=st.booleans())
    def go_to_the_exam_day(self, seed: int, ends: bool) -> None:
        """The next block of a day, begun when there is none; or its end."""
        day = running_day(self.workspace)
        if day is None:
            with contextlib.suppress(NothingToDo):
                day = begin_day(self.workspace, propose_day(self.workspace, WantedDay(seed=seed)))
        if day is None:
            return
        if ends or day.phase is Phase.OVER:
            day.end_day()
            return
        block_id = day.block_id
        self.practice = Practice(self.workspace, block_id) if block_id else day.begin_block()
        self.step(block.Show, position=0)

    @precondition(lambda self: self.practice is not None)
    @rule(position=POSITIONS, choice=st.integers(-1, 3), seconds=st.sampled_from([1, 3, 20, 70]))
    def answer(self, position: int, choice: int, seconds: int) -> None:
        self.world.pass_time(seconds=seconds)
        self.step(block.Show, position=position)
        assert self.practice is not None
        shown = self.practice.plan.items[self.practice.state.position].option_order
        self.step(block.Answer, option=shown[choice % len(shown)] if choice >= 0 else None)

    @precondition(lambda self: self.practice is not None)
    @rule(right=st.booleans(), said=st.sampled_from([None, *MissReason]), again=st.booleans())
    def answer_and_look(self, right: bool, said: MissReason | None, again: bool) -> None:
        self.world.pass_time(seconds=30)
        assert self.practice is not None
        position = self.practice.state.position
        key = self.practice.question(position).key.id
        others = [name for name in self.practice.item(position).option_order if name != key]
        self.step(block.Answer, option=key if right else others[0])
        if not right and said is not None:
            self.step(block.Reason, reason=said)
        self.step(block.Reveal)
        if again and said is not None:
            self.step(block.ReasonAfter, position=position, reason=MissReason.MISREAD)
        self.step(block.Show, position=position + 1)

    @precondition(lambda self: self.practice is not None)
    @rule(
        happened=st.one_of(
            st.tuples(st.just(block.Strike), st.builds(lambda name: {"option": name}, st.text(max_size=3))),
            st.tuples(st.just(block.Mark), st.just({})),
            st.tuples(
                st.just(block.Confident), st.builds(lambda c: {"level": c}, st.sampled_from(Confidence))
            ),
            st.tuples(st.just(block.Reveal), st.just({})),
            st.tuples(st.just(block.Pause), st.just({})),
            st.tuples(st.just(block.Resume), st.just({})),
            st.tuples(st.just(block.Note), st.builds(lambda text: {"text": text}, st.text(max_size=5))),
        )
    )
    def do_something(self, happened: tuple[Callable[..., block.BlockEvent], dict[str, object]]) -> None:
        event, fields = happened
        self.step(event, **fields)

    @precondition(lambda self: self.practice is not None)
    @rule()
    def submit(self) -> None:
        self.step(block.Submit)
        self.name_reasons()

    @precondition(lambda self: self.practice is not None)
    @rule()
    def let_time_run_out(self) -> None:
        assert self.practice is not None
        self.world.pass_time(seconds=(self.practice.left_ms or 0) / 1000 + 1)
        if self.practice.wait():
            self.practice.finish()
            self.practice = None

    @precondition(lambda self: self.practice is not None)
    @rule(killed=st.booleans())
    def stop_and_go_on(self, killed: bool) -> None:
        assert self.practice is not None
        name = self.practice.plan.id
        if not killed:
            self.practice.leave()
        self.world.pass_time(hours=1)
        self.practice = Practice(self.workspace, name, take_over=killed)
        self.step(block.Show, position=self.practice.state.position)

    @precondition(lambda self: self.practice is None)
    @rule(
        number=st.integers(1, 2),
        right=st.booleans(),
        mode=st.sampled_from([Mode.TUTOR, Mode.TIMED]),
        said=st.sampled_from([None, *Confidence]),
        reason=st.sampled_from([MissReason.MISREAD, MissReason.MISREAD, MissReason.NEVER_LEARNED]),
        after=st.sampled_from([None, None, MissReason.MISREAD, MissReason.BETWEEN_TWO]),
        days=st.sampled_from([0, 0, 1, 2, 3]),
    )
    def meet_the_same_objective(
        self,
        number: int,
        right: bool,
        mode: Mode,
        said: Confidence | None,
        reason: MissReason,
        after: MissReason | None,
        days: int,
    ) -> None:
        """One of two siblings, so that misses called misread are checked."""
        self.world.pass_time(days=days)
        practice = self.world.single("starter", f"delta-{number}", mode)
        self.world.choose(practice, right=right)
        if said is not None:
            practice.do(block.Confident, level=said)
        if mode is Mode.TUTOR:
            if not right:
                practice.do(block.Reason, reason=reason)
            practice.do(block.Reveal)
        practice.do(block.Submit)
        if after is not None:
            practice.do(block.ReasonAfter, position=0, reason=after)
        practice.finish()

    @rule(back=st.integers(0, 5), reason=st.sampled_from([MissReason.MISREAD, MissReason.NEVER_LEARNED]))
    def think_again(self, back: int, reason: MissReason) -> None:
        """Another reason for a miss, also long after its sibling was answered."""
        rows = [row.response for row in self.world.responses() if not row.response.correct]
        if back < len(rows) and self.practice is None:
            missed = rows[-1 - back]
            practice = Practice(self.workspace, missed.block)
            if practice.closed:
                practice.do(block.ReasonAfter, position=missed.position, reason=reason)
            practice.leave()

    @rule()
    def undo(self) -> None:
        with contextlib.suppress(NothingToDo):
            undo_last(self.workspace)

    @rule(real=st.booleans(), rows=st.sampled_from([4, 5]))
    def add_report(self, real: bool, rows: int) -> None:
        report = reports.sample(self.workspace)
        if real:
            report = ScoreReport(
                ReportKind.SCORE_REPORT,
                report.exam,
                report.era,
                date(2026, 12, 1),
                "fail",
                report.flags[:rows],
            )
        with contextlib.suppress(ReportRefused):
            reports.add(self.workspace, report)
        self.each_sitting_counts_once()

    @rule(number=st.integers(1, 3), back=st.booleans())
    def take_report_back(self, number: int, back: bool) -> None:
        if number <= len(reports.kept(self.workspace, with_removed=True)):
            if back:
                with contextlib.suppress(ReportRefused):
                    reports.restore(self.workspace, number)
            else:
                reports.remove(self.workspace, number)
        self.each_sitting_counts_once()

    def each_sitting_counts_once(self) -> None:
        """One report of a sitting counts, and no sample beside a real one."""
        counting = [kept.report for kept in reports.kept(self.workspace)]
        assert len({(one.sample, one.sat_on) for one in counting}) == len(counting)
        assert len({one.sample for one in counting}) <= 1

    @rule(days=st.integers(-1, 120))
    def set_exam_date(self, days: int) -> None:
        day = self.workspace.today + timedelta(days=days)
        preferences.change(self.workspace, "exam-date", day.isoformat() if days >= 0 else "none")

    @rule(
        right=st.integers(0, 40),
        source=st.sampled_from(["elsewhere", "Else  Where", ""]),
        place=st.sampled_from([("cardiovascular", ""), ("", "pathology"), ("", "")]),
    )
    def practise_elsewhere(self, right: int, source: str, place: tuple[str, str]) -> None:
        record_outside(self.workspace, OutsidePractice(source, *place, right, 40, None))

    @rule(
        name=st.sampled_from(["delta-1", "delta-2", "beta-1", "zeta-2"]),
        ago=st.lists(st.integers(0, 400), min_size=1, max_size=5),
        ratings=st.lists(st.sampled_from(Rating), min_size=5, max_size=5),
    )
    def bring_reviews_from_elsewhere(self, name: str, ago: list[int], ratings: list[Rating]) -> None:
        """Also of what was answered here already, and once more of what came before."""
        reviews = {
            name: [
                PastReview(self.world.at - timedelta(hours=hours), given)
                for hours, given in sorted(zip(ago, ratings, strict=False), reverse=True)
            ]
        }
        with self.workspace.store.begin() as tx:
            question = tx.question("starter", name)
            assert question is not None
            remember(self.workspace, tx, [question], reviews, source="elsewhere")
            again = remember(self.workspace, tx, [question], reviews, source="elsewhere")
        assert again == Remembered()

    @rule()
    def keep_a_miss(self) -> None:
        keep_miss(self.workspace, "something missed", "cardiovascular", ("pathology",), "", "")

    @precondition(lambda self: self.practice is not None)
    @rule()
    def flag(self) -> None:
        assert self.practice is not None
        self.practice.flag(self.practice.state.position, "looks wrong")

    @rule(hours=st.sampled_from([5, 10, 24, 48, 24 * 69]))
    def later(self, hours: int) -> None:
        """69 days on, the clocks of New York and Berlin have changed."""
        self.world.pass_time(hours=hours)

    @rule(zone=st.sampled_from(ZONES))
    def travel(self, zone: str) -> None:
        preferences.change(self.workspace, "time-zone", zone)

    @rule(hours=st.sampled_from([1, 30]))
    def clock_is_set_back(self, hours: int) -> None:
        self.world.pass_time(hours=-hours)

    @rule(weights=st.sampled_from([None, FORGETFUL.weights, DEFAULT_MODEL.weights]))
    def other_weights(self, weights: tuple[float, ...] | None) -> None:
        """Memory goes by other weights from here on, in the middle of a block or not."""
        name = "fsrs-6" if weights is None else name_of(weights)
        data = {"name": name, "weights": None if weights is None else list(weights)}
        record(self.workspace, EventKind.WEIGHTS_CHOSEN, data)

    @precondition(lambda self: self.practice is not None)
    @rule()
    def name_reasons(self) -> None:
        """A closed timed block asks for the reason of each miss."""
        practice = self.practice
        assert practice is not None
        if practice.closed:
            for position, item in enumerate(practice.state.items):
                if item.shown and not practice.is_right(position):
                    self.step(block.ReasonAfter, position=position, reason=MissReason.MISREAD)
            practice.finish()
            self.practice = None

    @invariant()
    def answers_only_come_in(self) -> None:
        """Nothing that was answered is ever gone."""
        if hasattr(self, "world"):
            rows = self.world.responses()
            assert len(rows) >= self.answered
            self.answered = len(rows)

    @invariant()
    def memory_follows_the_rules(self) -> None:
        """The stored memory is that of the first answers of each study day, under the rating rule."""
        if hasattr(self, "world"):
            model = self.world.model()
            by_the_rules = memory_by_the_rules(self.world.responses(), model, self.world.imported())
            assert self.world.memories() == by_the_rules

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.totals_leave_out_what_was_taken_back()
            before = self.world.digest()
            assert self.world.replayed_digest() == before
            self.world.close()
        shutil.rmtree(self.folder)

    def totals_leave_out_what_was_taken_back(self) -> None:
        counted = [row for row in self.world.responses() if row.response.shown and not row.retracted]
        with self.workspace.store.read() as tx:
            totals = tx.learner_totals(self.workspace.learner.id)
            areas = {
                (row.dimension, row.area): row.answered for row in tx.area_totals(self.workspace.learner.id)
            }
        assert totals.answered == len(counted)
        assert totals.correct == sum(row.response.correct for row in counted)
        for (dimension, area), answered in areas.items():
            inside = [r for r in counted if area == r.system or area in r.disciplines]
            assert answered == len(inside), dimension

    def step(self, event: Callable[..., block.BlockEvent], **fields: object) -> None:
        """One step; what the block's rules or the record refuse leaves no trace."""
        assert self.practice is not None
        before = self.world.events()
        try:
            self.practice.do(event, **fields)
        except (IllegalStep, UsageError):
            assert self.world.events() == before


@pytest.fixture
def template(empty_sqlite: Path) -> Path:
    return empty_sqlite


def test_any_life_replays_to_the_bit(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens, stored memory follows the rules, and a replay of the log gives every derived row."""
    from hypothesis.stateful import run_state_machine_as_test

    monkeypatch.setattr(shelves, "LARGE", 1)
    Life.template = template
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_later_answers_of_a_day_change_nothing(template: Path, tmp_path: Path) -> None:
    """Only the first answer of a study day is a review, also on both sides of midnight."""
    world = World(tmp_path / "home", template=template)
    world.load_bank()
    world.settle()
    dice = random.Random(3)
    for hours in (0, 6, 3):
        before = world.memories()
        world.pass_time(hours=hours)
        composed = compose_block(
            world.workspace, Request(mode=Mode.TUTOR, size=3, wanted=Wanted(repeat=True), seed=5)
        )
        practice = Practice(world.workspace, composed.block_id)
        for position in range(len(practice.plan.items)):
            practice.do(block.Show, position=position)
            world.pass_time(seconds=40)
            practice.do(block.Answer, option=dice.choice(practice.item(position).option_order))
            practice.do(block.Reveal)
        practice.do(block.Submit)
        after = world.memories()
        assert {key: after[key] for key in before} == before
    assert all(memory.reps == 1 for memory in world.memories().values())
    world.close()
