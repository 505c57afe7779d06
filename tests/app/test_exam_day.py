"""An exam day on record: what it is made of, what its clock does while nobody looks, and that nothing of it is lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from worlds import World, small_question

from qbank.app import preferences
from qbank.app.candidates import Wanted
from qbank.app.composing import Request, compose_block, open_block_id
from qbank.app.exam_composing import ProposedDay, WantedDay, begin_day, propose_day
from qbank.app.exam_day import ExamDay, last_day, running_day
from qbank.app.explaining import explain
from qbank.app.overview import overview
from qbank.app.portable import export_record, import_record
from qbank.app.practice import ASLEEP_MS, BEAT_SECONDS, Practice
from qbank.core import block
from qbank.core.exam_day import Phase
from qbank.core.question import Objective, in_reserve
from qbank.core.response import Mode
from qbank.errors import BlockTaken, IllegalStep, NotFound, NothingToDo, UsageError
from qbank.store.rows import BankKind, BankRow, BlockStatus, Purpose

SYSTEMS = ("cardiovascular", "gastrointestinal", "respiratory-renal", "blood-immune", "multisystem")
OBJECTIVES = 50
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def world(tmp_path: Path, empty_sqlite: Path) -> Iterator[World]:
    """A learner with fifty objectives of two questions each, over five systems, and nothing answered."""
    made = World(tmp_path / "home", template=empty_sqlite)
    load_large_bank(made)
    made.settle()
    yield made
    made.close()


def load_large_bank(world: World) -> None:
    names = [f"objective-{number}" for number in range(OBJECTIVES)]
    objectives = [
        Objective("starter", name, f"Know {name}", SYSTEMS[number % len(SYSTEMS)], "", ("pathology",))
        for number, name in enumerate(names)
    ]
    questions = [small_question(f"{name}-{sibling}", name) for name in names for sibling in (1, 2)]
    with world.workspace.store.begin() as tx:
        tx.put_bank(BankRow("starter", "Starter", "", BankKind.BUNDLED, "usmle-step1"))
        tx.upsert_questions("starter", objectives, questions)


def begin(world: World, blocks: int | None = None) -> ExamDay:
    world.pass_time(seconds=1)
    return begin_day(world.workspace, propose_day(world.workspace, WantedDay(blocks=blocks, seed=7)))


def taken_up(world: World) -> ExamDay:
    """The day as the next process finds it."""
    day = running_day(world.workspace)
    assert day is not None
    return day


def answer(world: World, practice: Practice, positions: range, *, seconds: float = 60) -> None:
    """Answer these questions with their first option."""
    for position in positions:
        practice.do(block.Show, position=position)
        world.pass_time(seconds=seconds)
        practice.do(block.Answer, option=practice.item(position).option_order[0])


def sit_block(world: World, day: ExamDay, *, seconds: float = 60) -> None:
    """The next block with every question answered, submitted at once."""
    practice = day.begin_block()
    answer(world, practice, range(len(practice.plan.items)), seconds=seconds)
    practice.do(block.Submit)
    practice.finish()
    day.block_closed()


def picked(day: ProposedDay) -> list[tuple[str, str]]:
    return [(pick.objective, pick.question) for picks in day.picks for pick in picks]


def test_a_day_has_full_blocks_and_a_shorter_last_one(world: World) -> None:
    """Fifty objectives fill two blocks of twenty and one of ten, which has its share of the time; that is said before."""
    proposed = propose_day(world.workspace, WantedDay())
    assert [len(each.items) for each in proposed.plan.blocks] == [20, 20, 10]
    assert [each.limit_ms for each in proposed.plan.blocks] == [1_800_000, 1_800_000, 900_000]
    assert not proposed.full
    said = " ".join(proposed.sentences)
    assert (
        "50 of 280 questions: the bank holds no more that are fresh; 3 blocks, the last of 10 questions."
        in said
    )
    assert world.events() == 2, "nothing is on record before it is begun"


def test_no_objective_comes_twice_and_systems_are_spread(world: World) -> None:
    """One question per objective in a day, and each block holds every system about alike."""
    proposed = propose_day(world.workspace, WantedDay(seed=3))
    objectives = [objective for objective, _ in picked(proposed)]
    assert len(set(objectives)) == len(objectives) == OBJECTIVES
    for picks in proposed.picks:
        counts = [sum(pick.place.system == system for pick in picks) for system in SYSTEMS]
        assert max(counts) - min(counts) <= 1


def test_the_reserve_is_spent_first(world: World) -> None:
    """A single block of twenty takes every objective of the reserve whose system has seats for it."""
    proposed = propose_day(world.workspace, WantedDay(blocks=1))
    taken = {objective for objective, _ in picked(proposed)}
    for number, system in enumerate(SYSTEMS):
        own = [f"objective-{n}" for n in range(number, OBJECTIVES, len(SYSTEMS))]
        seats = sum(name in taken for name in own)
        held = sum(in_reserve(name) for name in own)
        assert sum(in_reserve(name) and name in taken for name in own) == min(seats, held), system


def test_only_questions_never_seen_come(world: World) -> None:
    """What was drilled, flagged or assessed is passed over; a met objective comes last, by its other question."""
    drill = compose_block(world.workspace, Request(mode=Mode.TUTOR, size=10, seed=1))
    practice = Practice(world.workspace, drill.block_id)
    seen = {item.question for item in practice.plan.items}
    met = {item.objective for item in practice.plan.items}
    for position in range(10):
        practice.do(block.Show, position=position)
        world.pass_time(seconds=30)
        practice.do(block.Answer, option=practice.item(position).option_order[0])
        practice.do(block.Reveal)
    practice.flag(0, "looks wrong")
    practice.do(block.Submit)
    practice.finish()
    whole = picked(propose_day(world.workspace, WantedDay(seed=2)))
    assert not {question for _, question in whole} & seen
    assert met <= {objective for objective, _ in whole}
    short = picked(propose_day(world.workspace, WantedDay(seed=2, blocks=1)))
    assert not {objective for objective, _ in short} & met


def test_the_same_seed_makes_the_same_day(world: World) -> None:
    """Questions, blocks and order; another seed makes another day."""
    first, again, other = (propose_day(world.workspace, WantedDay(seed=seed)) for seed in (5, 5, 6))
    assert picked(first) == picked(again) != picked(other)
    assert [each.items for each in first.plan.blocks] == [each.items for each in again.plan.blocks]


def test_half_a_day_has_half_of_everything_but_the_tutorial(world: World) -> None:
    """Seven of fourteen blocks, or as many as the bank fills; an older format has its own blocks."""
    older = propose_day(world.workspace, WantedDay(format_id="7x60", blocks=1)).plan
    assert [(len(each.items), each.limit_ms) for each in older.blocks] == [(40, 3_600_000)]
    assert older.tutorial_ms == 900_000
    assert older.break_ms == round(45 * 60_000 / 7)
    with pytest.raises(UsageError, match="1 to 14 blocks, not 15"):
        propose_day(world.workspace, WantedDay(blocks=15))
    with pytest.raises(UsageError, match="Choose one of"):
        propose_day(world.workspace, WantedDay(blocks=1, half=True))
    with pytest.raises(NotFound, match="7x60, 14x30"):
        propose_day(world.workspace, WantedDay(format_id="9x9"))


def test_the_format_is_that_of_the_day_it_is_sat(world: World) -> None:
    """Before the present format began, the older one is sat."""
    world.at = world.at.replace(year=2026, month=3)
    assert propose_day(world.workspace, WantedDay(blocks=1)).plan.format == "7x60"


def test_extra_time_makes_blocks_longer_and_says_what_the_break_does(world: World) -> None:
    """Twice the time for each block, the same break."""
    plain = propose_day(world.workspace, WantedDay(blocks=1))
    preferences.change(world.workspace, "extra-time", "2")
    extra = propose_day(world.workspace, WantedDay(blocks=1))
    assert extra.plan.blocks[0].limit_ms == 2 * plain.plan.blocks[0].limit_ms
    assert extra.plan.break_ms == plain.plan.break_ms
    assert any("leaves the break as it is" in sentence for sentence in extra.sentences)


def test_a_day_without_fresh_questions_says_what_to_do_instead(world: World) -> None:
    """Every question seen: no day, and a way on."""
    for _ in range(2):
        day = begin(world)
        while day.phase is not Phase.OVER:
            sit_block(world, day, seconds=1)
        day.end_day()
        world.pass_time(days=1)
    with pytest.raises(NothingToDo, match="No fresh question is left"):
        propose_day(world.workspace, WantedDay())


def test_a_whole_day_is_sat_and_reported(world: World) -> None:
    """Three blocks from the tutorial to the report; each is scored as drawn like the exam, and explained as one."""
    day = begin(world)
    assert (day.phase, day.number, day.blocks) == (Phase.TUTORIAL, 1, 3)
    world.pass_time(seconds=60)
    day.end_tutorial()
    for number in (1, 2, 3):
        assert (day.phase, day.number) == (Phase.BREAK, number)
        sit_block(world, day, seconds=50)
        world.pass_time(seconds=120 if number < 3 else 0)
    assert day.phase is Phase.OVER
    report = day.report()
    day.end_day()
    assert running_day(world.workspace) is None
    rows = world.responses()
    right = sum(row.response.correct for row in rows)
    assert (report.shown, report.answered, report.right) == (50, 50, right)
    assert [each.shown for each in report.blocks] == [20, 20, 10]
    assert [each.seconds for each in report.blocks] == [50.0, 50.0, 50.0]
    assert report.seconds_last_quarter == report.seconds_before == 50.0
    assert report.break_used_ms // 60_000 == 4
    assert report.estimate is not None
    assert report.estimate.low < right / 50 < report.estimate.high
    assert not any(each.enough for each in report.systems)
    assert all(row.assess and row.fresh for row in rows)
    explanation = explain(world.workspace, None)
    assert (explanation.purpose, len(explanation.reasons)) == (Purpose.EXAM.value, 10)
    assert world.digest() == world.replayed_digest()


def test_an_early_finish_goes_to_the_break_and_an_overdrawn_one_to_the_last_block(world: World) -> None:
    """What a block leaves is added to the break to the millisecond; what a break takes too much, the last block lacks."""
    day = begin(world)
    day.end_tutorial()
    budget_ms = day.break_left_ms
    practice = day.begin_block()
    world.pass_time(seconds=600)
    practice.do(block.Submit)
    practice.finish()
    day.block_closed()
    assert day.break_left_ms == budget_ms + 20 * 60_000
    world.pass_time(seconds=day.break_left_ms / 1000)
    assert "used up" in day.suggestion
    sit_block(world, day, seconds=80)
    world.pass_time(seconds=500)
    assert day.limit_ms == day.day_left_ms == 600_000
    practice = day.begin_block()
    assert practice.left_ms == practice.day_left_ms == 600_000
    practice.leave()


def test_a_crash_in_a_block_keeps_the_answers_and_not_the_time(world: World) -> None:
    """A process killed after five minutes that comes back ten later finds fifteen gone; the block is marked interrupted."""
    day = begin(world)
    day.end_tutorial()
    practice = day.begin_block()
    answer(world, practice, range(5))
    practice.do(block.Show, position=5)
    world.pass_time(seconds=600)
    day = taken_up(world)
    assert (day.phase, day.number, day.phase_left_ms) == (Phase.BLOCK, 1, 900_000)
    assert day.block_id is not None
    practice = Practice(world.workspace, day.block_id)
    assert practice.left_ms == 900_000
    assert practice.state.interrupted
    assert [item.choice is not None for item in practice.state.items[:6]] == [True] * 5 + [False]
    assert practice.state.items[5].elapsed_ms <= (BEAT_SECONDS + 1) * 1000, (
        "what passed meanwhile is no question's"
    )
    practice.do(block.Submit)
    practice.finish()
    day.block_closed()
    assert day.report().blocks[0].seconds is None, "an interrupted block says nothing of pace"
    assert world.digest() == world.replayed_digest()


def test_a_polite_end_does_not_stop_the_clock_either(world: World) -> None:
    """Leaving and coming back costs what passed between."""
    day = begin(world)
    day.end_tutorial()
    practice = day.begin_block()
    answer(world, practice, range(2))
    practice.leave()
    world.pass_time(seconds=300)
    practice = Practice(world.workspace, practice.plan.id)
    assert practice.left_ms == 1_800_000 - 420_000
    practice.do(block.Show, position=2)
    assert practice.state.items[1].elapsed_ms == 60_000


def test_an_overdue_block_is_closed_at_its_deadline_by_the_next_start(world: World) -> None:
    """Its answers are scored, and the break began when its time was up, not when somebody came back."""
    day = begin(world)
    day.end_tutorial()
    budget_ms = day.break_left_ms
    practice = day.begin_block()
    answer(world, practice, range(4))
    world.pass_time(seconds=1_800 - 240 + 180)
    day = taken_up(world)
    assert (day.phase, day.number) == (Phase.BREAK, 2)
    assert day.break_left_ms == budget_ms - 180_000
    assert day.state.break_used_ms == 180_000
    assert open_block_id(world.workspace) is None
    rows = world.responses()
    assert sum(row.response.choice is not None for row in rows) == 4
    assert all(row.response.time_ran_out for row in rows)
    with world.workspace.store.read() as tx:
        row = tx.block(practice.plan.id)
    assert row is not None
    assert (row.state, row.elapsed_ms) == (BlockStatus.CLOSED, 1_800_000)
    assert world.digest() == world.replayed_digest()


def test_a_crash_in_a_break_costs_break(world: World) -> None:
    """The break runs on without a process, and the next block is offered with what is left."""
    day = begin(world)
    day.end_tutorial()
    sit_block(world, day, seconds=80)
    left_ms = day.break_left_ms
    world.pass_time(seconds=240)
    day = taken_up(world)
    assert (day.phase, day.number, day.break_left_ms) == (Phase.BREAK, 2, left_ms - 240_000)


def test_a_crash_in_the_tutorial_costs_break_once_it_has_run_out(world: World) -> None:
    """Five minutes of tutorial, then break before the first block."""
    day = begin(world)
    whole_ms = day.plan.break_ms
    world.pass_time(seconds=300 + 60)
    day = taken_up(world)
    assert (day.phase, day.number, day.break_left_ms) == (Phase.BREAK, 1, whole_ms - 60_000)


def test_past_its_end_the_day_is_over_and_reported_once(world: World) -> None:
    """Killed in the second block and found the next morning: closed at its deadline, one block never reached."""
    day = begin(world)
    day.end_tutorial()
    sit_block(world, day)
    practice = day.begin_block()
    answer(world, practice, range(3))
    world.pass_time(hours=12)
    day = taken_up(world)
    assert day.phase is Phase.OVER
    report = day.report()
    assert [each.answered for each in report.blocks] == [20, 3]
    assert (report.shown, report.planned) == (23, 50)
    assert report.estimate is None
    day.end_day()
    day.end_day()
    assert running_day(world.workspace) is None
    kept = last_day(world.workspace)
    assert kept is not None
    assert kept.report() == report
    assert world.digest() == world.replayed_digest()


def test_a_day_can_be_ended_in_a_block(world: World) -> None:
    """Its open block is closed as it stands, and what was not reached is not scored."""
    day = begin(world)
    day.end_tutorial()
    practice = day.begin_block()
    answer(world, practice, range(2))
    practice.leave()
    taken_up(world).end_day()
    assert running_day(world.workspace) is None
    assert open_block_id(world.workspace) is None
    rows = world.responses()
    assert sum(row.response.shown for row in rows) == 2
    assert all(row.rating is None for row in rows if not row.response.shown)


def test_a_computer_that_slept_has_lost_the_time(world: World) -> None:
    """The monotonic clock stands while it sleeps; the day does not, and no question is charged for it."""
    day = begin(world)
    day.end_tutorial()
    practice = day.begin_block()
    practice.do(block.Show, position=0)
    world.pass_time(seconds=20)
    world.at += timedelta(minutes=10)
    assert not practice.wait()
    assert practice.left_ms == 1_800_000 - 620_000
    practice.do(block.Answer, option=practice.item(0).option_order[0])
    assert practice.state.items[0].elapsed_ms == 20_000
    assert practice.state.interrupted
    world.at += HALF_HOUR
    assert practice.wait()
    assert practice.state.closed_by is block.ClosedBy.TIME
    day.block_closed()
    assert day.phase is Phase.BREAK
    assert world.digest() == world.replayed_digest()


def test_an_answer_after_a_sleep_past_the_deadline_comes_too_late(world: World) -> None:
    """The block closes at its deadline and the answer is not taken."""
    day = begin(world)
    day.end_tutorial()
    practice = day.begin_block()
    practice.do(block.Show, position=0)
    world.at += timedelta(hours=1)
    practice.do(block.Answer, option=practice.item(0).option_order[0])
    assert practice.closed
    assert practice.state.items[0].choice is None


def test_a_clock_that_is_set_back_gives_no_time(world: World) -> None:
    """Inside a process the monotonic clock goes on; small corrections are no sleep."""
    day = begin(world)
    day.end_tutorial()
    practice = day.begin_block()
    practice.do(block.Show, position=0)
    world.pass_time(seconds=60)
    world.at -= timedelta(minutes=5)
    assert practice.left_ms == 1_800_000 - 60_000
    assert day.day_left_ms == day.plan.length_ms - 60_000
    world.at += timedelta(minutes=5, milliseconds=ASLEEP_MS // 2)
    practice.do(block.Answer, option=practice.item(0).option_order[0])
    assert not practice.state.interrupted


def test_a_closed_block_is_taken_over_without_a_step(world: World) -> None:
    """Another terminal has just found its time run out and still holds it: whoever takes it over finds it closed."""
    day = begin(world)
    practice = day.begin_block()
    practice.do(block.Show, position=0)
    practice.leave()
    world.pass_time(hours=1)
    holding = Practice(world.workspace, practice.plan.id)
    assert holding.closed
    with pytest.raises(BlockTaken):
        Practice(world.workspace, practice.plan.id)
    before = world.events()
    again = Practice(world.workspace, practice.plan.id, take_over=True)
    assert again.closed
    assert world.events() == before


def test_a_day_in_two_terminals_is_begun_once(world: World) -> None:
    """Neither the day nor one of its blocks can be begun a second time from a screen that is out of date."""
    proposed = propose_day(world.workspace, WantedDay(seed=1))
    late = propose_day(world.workspace, WantedDay(seed=2))
    day = begin_day(world.workspace, proposed)
    with pytest.raises(BlockTaken, match="qbank exam"):
        begin_day(world.workspace, late)
    other = taken_up(world)
    day.end_tutorial()
    other.end_tutorial()
    day.begin_block()
    with pytest.raises(BlockTaken, match="qbank exam"):
        other.begin_block()
    other.block_closed()
    with pytest.raises(IllegalStep, match="one is running"):
        other.begin_block()


def test_status_points_to_a_day_under_way(world: World) -> None:
    """Until its report was shown."""
    assert overview(world.workspace).next_step == "qbank block"
    day = begin(world)
    assert overview(world.workspace).next_step == "qbank exam"
    day.end_day()
    assert overview(world.workspace).next_step != "qbank exam"


def test_a_record_with_a_day_travels(world: World, tmp_path: Path, empty_sqlite: Path) -> None:
    """Export and import give the same derived rows, and the day goes on where its clock stands on the other device."""
    day = begin(world)
    day.end_tutorial()
    sit_block(world, day)
    practice = day.begin_block()
    answer(world, practice, range(3))
    practice.leave()
    file = tmp_path / "record.jsonl"
    export_record(world.workspace, file)
    other = World(tmp_path / "other", template=empty_sqlite, device="two")
    import_record(other.workspace, file)
    assert other.digest() == world.digest()
    other.at = world.at + timedelta(minutes=2)
    taken = taken_up(other)
    assert (taken.phase, taken.number) == (Phase.BLOCK, 2)
    assert taken.phase_left_ms == 1_800_000 - 180_000 - 120_000
    assert import_record(other.workspace, file).events == 0
    other.close()


def test_a_day_that_went_on_on_two_devices_merges(world: World, tmp_path: Path, empty_sqlite: Path) -> None:
    """Both begin the second block; what came first stands, each record takes the other in, and both are the same."""
    day = begin(world)
    day.end_tutorial()
    sit_block(world, day)
    file = tmp_path / "record.jsonl"
    export_record(world.workspace, file)
    other = World(tmp_path / "other", template=empty_sqlite, device="two", seed=2)
    import_record(other.workspace, file)
    other.at, other.seconds = world.at + timedelta(seconds=30), world.seconds
    for each, taken in ((world, day), (other, taken_up(other))):
        practice = taken.begin_block()
        answer(each, practice, range(2))
        practice.do(block.Submit)
        practice.finish()
    theirs = tmp_path / "theirs.jsonl"
    export_record(world.workspace, file)
    export_record(other.workspace, theirs)
    import_record(world.workspace, theirs)
    import_record(other.workspace, file)
    assert world.digest() == other.digest() == world.replayed_digest()
    assert taken_up(world).number == taken_up(other).number == 3
    other.close()


def test_a_drill_between_two_blocks_is_no_part_of_the_day(world: World) -> None:
    """Its answers count as a drill's, and the day's report leaves them out."""
    day = begin(world, blocks=2)
    day.end_tutorial()
    sit_block(world, day)
    drill = compose_block(
        world.workspace, Request(mode=Mode.TUTOR, size=1, wanted=Wanted(unused=True), seed=1)
    )
    practice = Practice(world.workspace, drill.block_id)
    practice.do(block.Submit)
    practice.finish()
    day = taken_up(world)
    sit_block(world, day)
    assert day.report().planned == day.report().shown == 40
