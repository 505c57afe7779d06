"""What went wrong, from the learner's own blocks and belief: verdicts, and the two or three things that matter first."""

from collections.abc import Iterator, Sequence

import msgspec

from qbank.app import care
from qbank.app.candidates import banks_left_out
from qbank.app.standing import Standing, standing
from qbank.app.workspace import Workspace
from qbank.core.exam import Flag
from qbank.core.insight.causes import Cause, told_by
from qbank.core.insight.diagnosis import (
    Finding,
    Known,
    Mind,
    Pace,
    ReasonShare,
    Verdict,
    area_gap,
    findings,
    known,
    mind,
    pace,
    reasons,
)
from qbank.core.mastery import Estimate
from qbank.core.response import MissReason
from qbank.store.store import Transaction

KNOWLEDGE = "knowledge"
"""What a learner suspects who thinks that they did not know enough."""

AREA_ANSWERS = 60
"""Answers in an area that tell a gap of 15 points. [sim]"""

FIRST = 3
"""The most to take on at once. [judged]"""

LEAST_REASONS = 10
"""Reasons named before their shares lead to anything. [judged]"""

PACE_PART = 0.9
"""Of the exam's time for a question, what a pace drill gives. [judged]"""


class AreaGap(msgspec.Struct, frozen=True):
    """An area beside the learner's own whole. `gap` is P(correct) in it less that on the whole exam, with its 95 % interval.

    `told`: the interval lies below 0. `answered` counts answers here; `fresh_left` never-seen questions, None for a
    discipline. `can_settle`: with those there are AREA_ANSWERS of them.
    """

    dimension: str
    area: str
    name: str
    share: float
    flag: Flag | None
    gap: Estimate
    told: bool
    answered: int
    fresh_left: int | None
    can_settle: bool


class Step(msgspec.Struct, frozen=True):
    """What to take on: for a cause, an area or a reason; for none of them, practice itself. `cost` is what it takes off
    P(correct) on the exam, 0 where nobody can say.
    """

    command: str
    cause: Cause | None = None
    area: str | None = None
    reason: MissReason | None = None
    cost: float = 0.0


class Diagnosis(msgspec.Struct, frozen=True):
    """What `qbank diagnose` tells. `note` is what the last days before the exam ask for; then nothing else is told.

    `loaded`: there are questions at all. `blocks` closed timed, mixed and uninterrupted blocks with `answers` answers
    speak; `block_size` is the exam's own.
    """

    note: str
    loaded: bool
    blocks: int
    answers: int
    block_size: int
    fresh_left: int
    suspects_knowledge: bool
    causes: tuple[Finding, ...]
    areas: tuple[AreaGap, ...]
    reasons: tuple[ReasonShare, ...]
    pace: Pace
    known: Known
    mind: Mind
    first: tuple[Step, ...]


def diagnosis(workspace: Workspace, suspected: frozenset[str] = frozenset()) -> Diagnosis:
    """Everything that can be told today. `suspected` are causes that the learner named beforehand."""
    size = workspace.exam.format_on(workspace.exam_day).items
    note = care.last_days_note(workspace) or ""
    with workspace.store.read() as tx:
        closed = tx.block_sums(workspace.learner.id) if not note else []
        without = banks_left_out(tx, workspace.learner.id, timed=True)
        left = tx.fresh_left(workspace.learner.id, without_banks=without)
        areas = () if note else tuple(_gaps(workspace, tx, standing(workspace, tx), left))
        loaded = tx.bank_counts().questions > 0
    fresh_left, blocks = sum(left.values()), told_by(closed)
    why = reasons(closed)
    causes = () if note else findings(closed, block_size=size, fresh_left=fresh_left, suspected=suspected)
    if note:
        first: tuple[Step, ...] = ()
    else:
        first = _first(workspace, causes, areas, why) if loaded else (Step("qbank start"),)
    return Diagnosis(
        note=note,
        loaded=loaded,
        blocks=len(blocks),
        answers=sum(one.sums.answers.n for one in blocks),
        block_size=size,
        fresh_left=fresh_left,
        suspects_knowledge=KNOWLEDGE in suspected,
        causes=causes,
        areas=areas,
        reasons=why,
        pace=pace(closed),
        known=known(closed),
        mind=mind(closed),
        first=first,
    )


def _gaps(workspace: Workspace, tx: Transaction, now: Standing, left: dict[str, int]) -> Iterator[AreaGap]:
    """Systems and disciplines in the order of the blueprint."""
    totals = {(row.dimension, row.area): row.answered for row in tx.area_totals(workspace.learner.id)}
    for dimension in (one.id for one in workspace.exam.dimensions if one.id in ("system", "discipline")):
        for area in workspace.exam.areas(dimension, workspace.exam_day):
            key = (dimension, area.id)
            gap = area_gap(now.reported.belief, now.model, key)
            if gap is None:
                continue
            answered = totals.get(key, 0)
            fresh = left.get(area.id, 0) if dimension == "system" else None
            yield AreaGap(
                dimension=dimension,
                area=area.id,
                name=area.name,
                share=workspace.exam.share(dimension, area.id, workspace.exam_day),
                flag=now.flags.get(key),
                gap=gap,
                told=gap.high < 0,
                answered=answered,
                fresh_left=fresh,
                can_settle=gap.high < 0 or fresh is None or answered + fresh >= AREA_ANSWERS,
            )


def _first(
    workspace: Workspace, causes: Sequence[Finding], areas: Sequence[AreaGap], why: Sequence[ReasonShare]
) -> tuple[Step, ...]:
    """What costs most first; then the reason named most, where no cause says the same; practice when there is nothing."""
    drill = _pace_drill(workspace)
    shown = {one.cause for one in causes if one.verdict is Verdict.SHOWN}
    steps = [
        Step(_COMMANDS.get(one.cause, drill), cause=one.cause, cost=one.cost)
        for one in causes
        if one.cause in shown
    ]
    steps += [
        Step(
            f"qbank block --{one.dimension} {one.area} --mode tutor --size 10",
            area=one.name,
            cost=-one.gap.mean * one.share,
        )
        for one in areas
        if one.told
    ]
    steps.sort(key=lambda step: -step.cost)
    if sum(one.count for one in why) >= LEAST_REASONS and not shown & _SAME.get(why[0].reason, frozenset()):
        steps = [*steps[: FIRST - 1], Step(_REASON_COMMANDS.get(why[0].reason, drill), reason=why[0].reason)]
    return tuple(steps[:FIRST]) or (Step("qbank block"),)


def _pace_drill(workspace: Workspace) -> str:
    """A half-length block at a little less than the exam's time; extra time comes on top by itself."""
    current = workspace.exam.format_on(workspace.exam_day)
    size = max(1, current.items // 2)
    minutes = round(PACE_PART * size * current.minutes / current.items, 1)
    return f"qbank block --size {size} --minutes {minutes:g}"


_COMMANDS = {
    Cause.FATIGUE: "qbank block",
    Cause.CARRY_OVER: "qbank block",
    Cause.STUCK: "qbank block",
    Cause.CHANGING: "qbank look --changed",
    Cause.OVERCONFIDENCE: "qbank block --mode tutor --size 10",
    Cause.MISREADING: "qbank block --missed --mode tutor --size 10",
}
_REASON_COMMANDS = {
    MissReason.NEVER_LEARNED: "qbank block --siblings --mode tutor --size 10",
    MissReason.COULD_NOT_RETRIEVE: "qbank review",
    MissReason.BETWEEN_TWO: "qbank look --missed",
    MissReason.REASONED_WRONGLY: "qbank look --missed",
    MissReason.MISREAD: "qbank block --missed --mode tutor --size 10",
    MissReason.CHANGED_AWAY: "qbank look --changed",
}
_SAME = {
    MissReason.MISREAD: frozenset({Cause.MISREADING}),
    MissReason.CHANGED_AWAY: frozenset({Cause.CHANGING}),
    MissReason.OUT_OF_TIME: frozenset({Cause.PACING, Cause.UNANSWERED}),
}
"""Causes that say of all answers what a reason says of a miss."""
