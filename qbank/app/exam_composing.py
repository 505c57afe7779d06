"""An exam day made for now: how many blocks, which fresh questions, and the day on record once it is begun."""

from functools import partial

import msgspec

from qbank.app.banks import misses_bank, nothing_loaded, others_misses
from qbank.app.composing import SEED_BITS
from qbank.app.exam_day import ExamDay, latest_begun
from qbank.app.ids import uuid7
from qbank.app.payload import to_data
from qbank.app.record import record
from qbank.app.standing import pricer, standing
from qbank.app.workspace import Workspace
from qbank.core.drill import Pick, with_questions
from qbank.core.event import Event, EventKind
from qbank.core.exam import BlockFormat
from qbank.core.exam_day import DayBlock, DayShape, ExamDayPlan, day_shape
from qbank.core.exam_paper import dealt, exam_paper
from qbank.core.question import ServedItem, serve
from qbank.errors import BlockTaken, NothingToDo, UsageError
from qbank.store.store import Transaction


class WantedDay(msgspec.Struct, frozen=True):
    """What was asked for. Without anything it is a whole day of the exam's present format."""

    blocks: int | None = None
    half: bool = False
    format_id: str | None = None
    seed: int | None = None


class ProposedDay(msgspec.Struct, frozen=True):
    """A day ready to begin, and what to say before. `full` when no question is missing of what was asked for."""

    plan: ExamDayPlan
    picks: tuple[tuple[Pick, ...], ...]
    seed: int
    full: bool
    sentences: tuple[str, ...]
    before: Event | None


def propose_day(workspace: Workspace, wanted: WantedDay) -> ProposedDay:
    """Compose a day and record nothing yet.

    Raises NotFound for an unknown format, UsageError for more blocks than it has, and NothingToDo, with what to do instead,
    when no fresh question is left.
    """
    kind, blocks = _kind_and_blocks(workspace, wanted)
    size = blocks * kind.items
    seed = workspace.random_bits(SEED_BITS) if wanted.seed is None else wanted.seed
    with workspace.store.read() as tx:
        before = latest_begun(workspace, tx)
        picks = _fresh(workspace, tx, size, seed)
        if not picks:
            raise NothingToDo(_nothing(tx))
        shape = day_shape(kind, len(picks), workspace.extra_time)
        papers = dealt(picks, shape.sizes, seed=seed)
        plan = _plan(workspace, tx, kind, shape, papers, seed)
    return ProposedDay(
        plan, papers, seed, len(picks) == size, _sentences(workspace, kind, shape, size), before
    )


def begin_day(workspace: Workspace, proposed: ProposedDay) -> ExamDay:
    """Start the day's clock. Raises BlockTaken when another terminal has begun a day since this one was composed."""
    paper = [
        {"expected": [pick.p_correct for pick in picks], "picks": to_data(picks)} for picks in proposed.picks
    ]
    plan = to_data(proposed.plan)
    data = {"day": proposed.plan.id, "plan": plan, "paper": paper, "seed": proposed.seed}
    within = partial(_refuse_second, workspace, proposed.before)
    return ExamDay(workspace, record(workspace, EventKind.EXAM_DAY_BEGUN, data, within=within))


def _refuse_second(workspace: Workspace, before: Event | None, tx: Transaction) -> None:
    now = latest_begun(workspace, tx)
    if now is not None and (before is None or now.id != before.id):
        raise BlockTaken("Another terminal has just begun an exam day. Go on with that one: qbank exam")


def _kind_and_blocks(workspace: Workspace, wanted: WantedDay) -> tuple[BlockFormat, int]:
    exam = workspace.exam
    kind = exam.format_on(workspace.today) if wanted.format_id is None else exam.format(wanted.format_id)
    if wanted.half and wanted.blocks is not None:
        raise UsageError("Choose one of --half and --blocks.")
    if wanted.half:
        return kind, (kind.blocks + 1) // 2
    blocks = kind.blocks if wanted.blocks is None else wanted.blocks
    if not 1 <= blocks <= kind.blocks:
        raise UsageError(f"A day of the format {kind.id} has 1 to {kind.blocks} blocks, not {blocks}.")
    return kind, blocks


def _fresh(workspace: Workspace, tx: Transaction, size: int, seed: int) -> tuple[Pick, ...]:
    learner = workspace.learner.id
    # What was missed elsewhere has no options to choose from under a clock.
    without = (*others_misses(tx, learner), misses_bank(learner))
    now = standing(workspace, tx)
    picks = exam_paper(
        tx.candidates(learner, reserve=True, without_banks=without),
        tx.candidates(learner, reserve=False, without_banks=without),
        now.model,
        now.reported,
        pricer(workspace, now),
        on=workspace.today,
        size=size,
        seed=seed,
    )
    choices = tx.question_choices(learner, [(pick.bank, pick.objective) for pick in picks])
    unseen = [choice for choice in choices if choice.served_count == 0]
    return with_questions(picks, unseen, on=workspace.today, seed=seed)


def _plan(
    workspace: Workspace,
    tx: Transaction,
    kind: BlockFormat,
    shape: DayShape,
    papers: tuple[tuple[Pick, ...], ...],
    seed: int,
) -> ExamDayPlan:
    def made() -> str:
        return uuid7(workspace.now(), workspace.random_bits)

    blocks = []
    number = 0
    for picks, limit_ms in zip(papers, shape.limits_ms, strict=True):
        items = tuple(_served(tx, pick, seed * 1_000 + number + i) for i, pick in enumerate(picks))
        number += len(items)
        blocks.append(DayBlock(made(), limit_ms, items))
    return ExamDayPlan(made(), kind.id, tuple(blocks), shape.break_ms, shape.tutorial_ms)


def _served(tx: Transaction, pick: Pick, seed: int) -> ServedItem:
    question = tx.question(pick.bank, pick.question)
    assert question is not None, "a question that was chosen is in the bank"
    return serve(question, seed)


def _sentences(workspace: Workspace, kind: BlockFormat, shape: DayShape, size: int) -> tuple[str, ...]:
    questions, blocks = sum(shape.sizes), len(shape.sizes)
    whole = sum(shape.limits_ms) + shape.break_ms + shape.tutorial_ms
    each = f"{_minutes(shape.limits_ms[0])} for {shape.sizes[0]} questions" + ("" if blocks == 1 else " each")
    lines = [
        f"An exam day of {_count(blocks, 'block')}, {each}: {_minutes(shape.tutorial_ms)} of tutorial, "
        f"{_minutes(shape.break_ms)} of breaks, {_hours(whole)} in all."
    ]
    if questions < size:
        last = "" if shape.sizes[-1] == shape.sizes[0] else f", the last of {shape.sizes[-1]} questions"
        lines.append(
            f"{questions} of {size} questions: the bank holds no more that are fresh; {_count(blocks, 'block')}{last}."
        )
    if questions < kind.blocks * kind.items:
        lines.append(
            f"The break is in proportion to the questions; on the exam it has {kind.break_minutes} minutes."
        )
    if workspace.extra_time > 1:
        lines.append(
            f"Your extra time makes each block {workspace.extra_time:g} times as long and leaves the break as it is. "
            "What you were granted for the day itself stands in your permit."
        )
    lines.append("It spends these questions: each is fresh only once.")
    return tuple(lines)


def _nothing(tx: Transaction) -> str:
    if not tx.bank_counts().questions:
        return nothing_loaded(tx)
    return (
        "No fresh question is left for an exam day. Load or import more questions (qbank bank), or sit an NBME "
        "self-assessment and add it with: qbank report add --self-assessment"
    )


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _minutes(time_ms: int) -> str:
    return _count(round(time_ms / 60_000), "minute")


def _hours(time_ms: int) -> str:
    hours, minutes = divmod(round(time_ms / 60_000), 60)
    parts = [_count(hours, "hour")] if hours else []
    return " ".join([*parts, _count(minutes, "minute")]) if minutes or not hours else parts[0]
