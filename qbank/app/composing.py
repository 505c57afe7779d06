"""A block made for now: what was asked for, the questions worth most within it, and the block on record."""

import math
from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import partial

import msgspec
from msgspec.structs import replace

from qbank.app import care
from qbank.app.banks import nothing_loaded
from qbank.app.candidates import Wanted, drawn_banks, free_candidates, limited, practice_only
from qbank.app.ids import uuid7
from qbank.app.payload import to_data
from qbank.app.reading import reading_tasks
from qbank.app.record import record
from qbank.app.shelves import LargeBank, large_bank, of_names, reckon, without
from qbank.app.standing import Standing, pricer, reached_share, standing
from qbank.app.workspace import Workspace
from qbank.core import block
from qbank.core.assessment import assessment
from qbank.core.candidates import Candidate
from qbank.core.drill import (
    Composition,
    Pick,
    area_shares,
    compose,
    expected_correct,
    with_questions,
)
from qbank.core.event import EventKind
from qbank.core.leaning import leaning_sentence
from qbank.core.night import (
    WORTH_PART,
    Evening,
    evening,
    left_out_sentence,
    most_asked,
    slipping,
    tired_order,
)
from qbank.core.question import Question, serve
from qbank.core.rating import MISREAD_DAYS
from qbank.core.response import Mode
from qbank.core.serving import REPEAT_DAYS
from qbank.core.shelf import Shelf
from qbank.errors import BlockTaken, NothingToDo, NotWorthIt
from qbank.store.rows import BlockRow, Purpose
from qbank.store.store import Transaction

MOST_CHECKS = 2
"""Siblings of misread questions in one block: each is owed within two days, and a block is not to be made of them."""

SEED_BITS = 31


class Request(msgspec.Struct, frozen=True):
    """What was asked for. Without size and minutes a block is the exam's own; a review is told by its minutes.

    `insisted`: a review holds what there is, whether it is worth the minutes or not.
    """

    mode: Mode = Mode.TIMED
    size: int | None = None
    minutes: float | None = None
    exam_format: bool = False
    assess: bool = False
    wanted: Wanted = msgspec.field(default_factory=Wanted)
    lean: float = 1.0
    seed: int | None = None
    insisted: bool = False


class Composed(msgspec.Struct, frozen=True):
    """A block on record, and what to say before it begins."""

    block_id: str
    sentences: tuple[str, ...]


def compose_block(workspace: Workspace, request: Request) -> Composed:
    """Compose a block and put it on record.

    Raises NothingToDo, with what to do instead, when no question fits, and NotWorthIt for a review that is worth less
    than sleep, unless it is insisted on.
    """
    with workspace.store.read() as tx:
        before = tx.open_block(workspace.learner.id)
        now = standing(workspace, tx, lean=request.lean)
        seed = workspace.random_bits(SEED_BITS) if request.seed is None else request.seed
        left_out, large, limit_minutes = "", None, None
        if request.mode is Mode.REVIEW:
            composed, night = evening_on(workspace, tx, now, request, seed)
            if not (night.is_worth_it or request.insisted):
                _refuse_for_sleep(workspace, tx, now, request, seed)
            questions = tired_order(_questions(tx, night.picks), _system, _length)
            left_out = left_out_sentence(night.left_out)
        else:
            size, limit_minutes = size_and_limit(workspace, request)
            if not request.assess:
                large = large_bank(workspace, tx, now, request.wanted, timed=request.mode is Mode.TIMED)
            pick = _assess if request.assess else partial(_drill, request=request, large=large)
            composed = pick(workspace, tx, now, size=size, seed=seed)
            questions = _questions(tx, composed.picks)
            if len(questions) != size:
                left_out = _short(request, f"{len(questions)} of {size}")
        if not questions:
            raise NothingToDo(_nothing(workspace, tx, request))
        picks = tuple(pick for pick, _ in questions)
        plan = _plan(workspace, [question for _, question in questions], request.mode, limit_minutes, seed)
        tasks = [] if request.wanted.narrow else reading_tasks(workspace, tx, now, composed)
        reached = reached_share(tx, now)
    purpose = (
        Purpose.ASSESS if request.assess else Purpose.REVIEW if request.mode is Mode.REVIEW else Purpose.DRILL
    )
    shares = area_shares(now.model, now.reported, picks)
    data = {
        "block": to_data(plan),
        "seed": seed,
        "lean": request.lean,
        "wanted": to_data(request.wanted),
        "exam_day": workspace.exam_day.isoformat(),
        "expected": [pick.p_correct for pick in picks],
        "picks": to_data(picks),
        "shares": to_data(shares),
        "flags": {"/".join(key): flag.value for key, flag in now.flags.items()},
        "reach": reached,
    }
    happened = {"block": plan.id, "purpose": purpose.value, "plan": data}
    record(workspace, EventKind.BLOCK_COMPOSED, happened, within=partial(_refuse_second, workspace, before))
    if large is not None and large.is_old:
        reckon(workspace)
    chosen = purpose is Purpose.DRILL and not request.wanted.narrow
    leaning = leaning_sentence(shares, picks, now.flags) if chosen else ""
    opening = _opening(workspace, request, picks, left_out, leaning, limit_minutes, reached)
    return Composed(plan.id, (*opening, *tasks))


def open_block_id(workspace: Workspace) -> str | None:
    """The block that was begun and not closed, if there is one."""
    with workspace.store.read() as tx:
        row = tx.open_block(workspace.learner.id)
    return row.id if row else None


def _refuse_second(workspace: Workspace, before: BlockRow | None, tx: Transaction) -> None:
    """Another terminal may have opened a block since this one was composed, when `before` was the open one."""
    now = tx.open_block(workspace.learner.id)
    if now is not None and (before is None or now.id != before.id):
        raise BlockTaken("Another terminal has just begun a block. Go on with that one: qbank block")


def size_and_limit(workspace: Workspace, request: Request) -> tuple[int, float | None]:
    """Questions of a block that is no review, and minutes under the clock; None for a block without one."""
    current = workspace.exam.format_on(workspace.exam_day)
    pace = current.minutes / current.items
    if request.exam_format or (request.size is None and request.minutes is None):
        size, minutes = current.items, float(current.minutes)
        if care.in_last_days(workspace) and not (request.exam_format or request.assess):
            size, minutes = math.ceil(size / 2), minutes / 2
    elif request.size is None:
        minutes = request.minutes or 0.0
        size = max(1, math.floor(minutes / pace))
    else:
        size, minutes = request.size, request.minutes or request.size * pace
    return size, minutes if request.mode is Mode.TIMED else None


def _drill(
    workspace: Workspace,
    tx: Transaction,
    now: Standing,
    request: Request,
    large: LargeBank | None,
    size: int,
    seed: int,
) -> Composition:
    rows: Sequence[Candidate] | LargeBank
    if large is not None and large.can_be_shelved:
        rows = large
    else:
        rows = free_candidates(workspace, tx, now, request.wanted, timed=request.mode is Mode.TIMED)
    return _drilled(workspace, tx, now, request, rows, size, seed)[0]


def evening_on(
    workspace: Workspace, tx: Transaction, now: Standing, request: Request, seed: int
) -> tuple[Composition, Evening]:
    """What the night's minutes are worth most for, and what is left out; nothing is put on record."""
    rows = free_candidates(workspace, tx, now, request.wanted, timed=False)
    minutes = request.minutes or workspace.exam.format_on(workspace.exam_day).minutes
    slipped, size = slipping(rows, workspace.today), most_asked(minutes, now.seconds)
    composed, owed = _drilled(workspace, tx, now, request, rows, size, seed, slipped)
    return composed, evening(composed, owed, slipped, minutes=minutes, seed=seed)


def _drilled(
    workspace: Workspace,
    tx: Transaction,
    now: Standing,
    request: Request,
    rows: Sequence[Candidate] | LargeBank,
    size: int,
    seed: int,
    named: Collection[tuple[str, str]] = (),
) -> tuple[Composition, set[tuple[str, str]]]:
    """The composition, with the checks of what was called misread in front; and their objectives."""
    checks = _misread_checks(workspace, tx, now, request, rows, min(size, MOST_CHECKS), seed)
    owed = {(pick.bank, pick.objective) for pick in checks}
    least_part = WORTH_PART if request.mode is Mode.REVIEW and not request.insisted else 0.0
    free, left = without(rows, owed), size - len(checks)
    composed = _composed(workspace, tx, now, request, free, left, seed, least_part=least_part, named=named)
    picks = (*checks, *_choose(workspace, tx, composed.picks, request, seed))
    return replace(composed, picks=picks), owed


def _composed(
    workspace: Workspace,
    tx: Transaction,
    now: Standing,
    request: Request,
    rows: Sequence[Candidate] | Shelf,
    size: int,
    seed: int,
    *,
    least_part: float = 0.0,
    named: Collection[tuple[str, str]] = (),
) -> Composition:
    return compose(
        rows,
        now.model,
        now.reported,
        on=workspace.today,
        exam_day=workspace.exam_day,
        size=size,
        seed=seed,
        served={t.area: t.answered for t in tx.area_totals(workspace.learner.id) if t.dimension == "system"},
        lean=request.lean,
        guess=now.guess,
        seconds=now.seconds,
        allow_repeats=request.wanted.allows_repeats,
        drawn_banks=drawn_banks(tx),
        memory=now.memory,
        least_part=least_part,
        named=named,
    )


def _choose(
    workspace: Workspace, tx: Transaction, picks: Sequence[Pick], request: Request, seed: int
) -> tuple[Pick, ...]:
    choices = tx.question_choices(workspace.learner.id, [(pick.bank, pick.objective) for pick in picks])
    return with_questions(
        picks,
        limited(choices, request.wanted),
        on=workspace.today,
        seed=seed,
        allow_repeats=request.wanted.allows_repeats,
    )


def _misread_checks(
    workspace: Workspace,
    tx: Transaction,
    now: Standing,
    request: Request,
    rows: Sequence[Candidate] | LargeBank,
    most: int,
    seed: int,
) -> tuple[Pick, ...]:
    """Siblings of what was called misread in the last two days: the alibi is checked while it can be."""
    days = timedelta(days=MISREAD_DAYS)
    # A study day is at most a day behind the clock, whichever way one has travelled.
    since = workspace.now() - days - timedelta(days=2)
    misread = tx.misread_since(workspace.learner.id, since, workspace.today - days)
    owed = [row for row in of_names(rows, misread) if row.n_unseen > 0]
    if not owed:
        return ()
    composed = _composed(workspace, tx, now, request, owed, most, seed)
    return _choose(workspace, tx, composed.picks, request, seed)


def _assess(workspace: Workspace, tx: Transaction, now: Standing, size: int, seed: int) -> Composition:
    """Fresh questions from the reserve, sampled like the exam."""
    rows = [Candidate(*row) for row in tx.candidates(workspace.learner.id, reserve=True)]
    fresh = [row for row in rows if row.n_unseen == row.n_questions and row.system]
    priced = pricer(workspace, now)
    composed = assessment(fresh, now.model, now.reported, priced, on=workspace.today, size=size, seed=seed)
    choices = tx.question_choices(workspace.learner.id, [(p.bank, p.objective) for p in composed.picks])
    picks = with_questions(composed.picks, choices, on=workspace.today, seed=seed)
    return Composition(picks, composed.short, ())


def _refuse_for_sleep(
    workspace: Workspace, tx: Transaction, now: Standing, request: Request, seed: int
) -> None:
    """Raise NotWorthIt, with what would be asked all the same; not where there is nothing at all."""
    _, night = evening_on(workspace, tx, now, replace(request, insisted=True), seed)
    if night.picks:
        count = f"{len(night.picks)} question{'s' if len(night.picks) != 1 else ''}"
        raise NotWorthIt(
            f"Nothing tonight is worth more than sleep. If you insist: {count}, about {night.whole_minutes} minutes."
        )


def _system(picked: tuple[Pick, Question]) -> str:
    return picked[0].place.system


def _length(picked: tuple[Pick, Question]) -> int:
    """Characters to read before answering."""
    return len(picked[1].stem) + sum(len(option.text) for option in picked[1].options)


def _questions(tx: Transaction, picks: Sequence[Pick]) -> list[tuple[Pick, Question]]:
    found = []
    for pick in picks:
        question = tx.question(pick.bank, pick.question)
        assert question is not None, "a question that was chosen is in the bank"
        found.append((pick, question))
    return found


def _plan(
    workspace: Workspace, questions: Sequence[Question], mode: Mode, limit_minutes: float | None, seed: int
) -> block.BlockPlan:
    items = tuple(serve(question, seed * 1_000 + number) for number, question in enumerate(questions))
    limit_ms = None if limit_minutes is None else block.time_limit_ms(limit_minutes, workspace.extra_time)
    return block.BlockPlan(uuid7(workspace.now(), workspace.random_bits), mode, items, limit_ms)


def _opening(
    workspace: Workspace,
    request: Request,
    picks: Sequence[Pick],
    left_out: str,
    leaning: str,
    limit_minutes: float | None,
    reached: float,
) -> list[str]:
    count = f"{len(picks)} question{'s' if len(picks) != 1 else ''}"
    minutes = None if limit_minutes is None else limit_minutes * workspace.extra_time
    clock = ", no time limit" if minutes is None else f", {minutes:g} minutes"
    sentences = [f"{count}{clock}. About {expected_correct(picks):.1f} right are expected."]
    if request.assess:
        sentences[0] = f"{count}{clock}, drawn like the exam from what drills never touch."
    if left_out:
        sentences.append(left_out)
    today = sum(pick.last_day == workspace.today for pick in picks)
    if today:
        sentences.append(
            f"{today} of them you answered today; memory takes a second answer into account tomorrow."
        )
    if request.lean > 1 and workspace.exam.lean_note is not None:
        sentences.append(workspace.exam.lean_note.text)
    if leaning:
        sentences.append(leaning)
    sentences.append(f"This bank reaches {reached:.1%} of the exam.")
    return sentences


def _short(request: Request, count: str) -> str:
    if request.assess:
        return f"{count} questions: the reserve holds no more that are fresh."
    if request.wanted.narrow:
        return f"{count} questions: no more fit these filters today."
    return f"{count} questions: what else there is was answered today or within {REPEAT_DAYS} days."


def _nothing(workspace: Workspace, tx: Transaction, request: Request) -> str:
    if not tx.bank_counts().questions:
        return nothing_loaded(tx)
    if request.assess:
        return "No fresh question is left in the reserve. Use an NBME self-assessment to see where you stand."
    if request.wanted.narrow:
        return f"No question fits these filters. Leave one out, or add --all for texts of the last {REPEAT_DAYS} days."
    if practice_only(tx) and not reached_share(tx, standing(workspace, tx)):
        return (
            "No question here names an area, so none can be chosen by its worth. Give them areas with: qbank bank classify. "
            "Or practise them by naming their bank: qbank block --bank NAME"
        )
    if care.nothing_new(workspace):
        return "Nothing that you have met may come again today, and nothing new should. One page to read: qbank lastdays"
    if request.wanted.met:
        return "Nothing that you have met may come again tonight: its texts rest. Leave --no-new out for something new."
    return (
        "Every question here was seen in the last 14 days, so none is worth your time today. Practise in your large bank "
        "and record it with `qbank outside`, or add --all to repeat texts."
    )
