"""Why each question of a block was picked, from what was put on record when it was."""

from collections.abc import Collection
from typing import Any

import msgspec

from qbank.app.block_names import named_block
from qbank.app.workspace import Workspace
from qbank.errors import NotFound, QbankError
from qbank.store.rows import BlockRow


class Reason(msgspec.Struct, frozen=True):
    """One question's. Recalls are P(recall) of its objective: today, and on exam day if left alone or drilled then.

    `suggested` says that the place of its objective is, by now, no more than suggested by its words.

    `yield_per_minute` is in hundredths of the exam; `pull` is the factor that flags put on it; `belief` is P(know) of an
    objective of its place that was never met, with its interval.
    """

    question: str
    objective: str
    system: str
    suggested: bool
    met_before: bool
    recall_now: float
    recall_left: float
    recall_drilled: float
    seconds: float
    yield_per_minute: float
    pull: float
    belief: float
    belief_low: float
    belief_high: float
    floor: bool


class AreaReason(msgspec.Struct, frozen=True):
    """An area's part of the block. Shares are 0-1; `belief` is P(correct) on the exam's items, if any is held."""

    dimension: str
    area: str
    flag: str | None
    questions: int
    share: float
    exam_share: float
    belief: float | None
    belief_low: float | None
    belief_high: float | None


class Explanation(msgspec.Struct, frozen=True):
    """A whole block's."""

    block: str
    purpose: str
    composed_on: str
    exam_day: str
    lean: float
    seed: int
    reasons: tuple[Reason, ...]
    areas: tuple[AreaReason, ...]


def explain(workspace: Workspace, name: str | None) -> Explanation:
    """The explanation of the block whose id begins with `name`, of the latest one without.

    Raises NotFound, UsageError when `name` can mean several, and QbankError when its reasons cannot be read.
    """
    learner = workspace.learner.id
    with workspace.store.read() as tx:
        row = named_block(tx, learner, name) if name else next(iter(tx.blocks(learner, limit=1)), None)
        suggested = tx.suggested_objectives()
    if row is None:
        raise NotFound("block", "any", "Begin one with: qbank block")
    try:
        return _explanation(row, suggested)
    except (AttributeError, KeyError, TypeError, IndexError) as error:
        # A record may come from another version of qbank, whose reasons looked otherwise.
        raise QbankError(
            f"What block {row.id} was composed by cannot be read; it came with a record of another version."
        ) from error


def _explanation(row: BlockRow, suggested: Collection[tuple[str, str]]) -> Explanation:
    plan = row.plan
    return Explanation(
        block=row.id,
        purpose=row.purpose.value,
        composed_on=row.study_day.isoformat(),
        exam_day=plan["exam_day"],
        lean=plan["lean"],
        seed=plan["seed"],
        reasons=tuple(_reason(pick, suggested) for pick in plan["picks"]),
        areas=tuple(_area(share, plan["flags"]) for share in plan["shares"]),
    )


def _reason(pick: dict[str, Any], suggested: Collection[tuple[str, str]]) -> Reason:
    worth, belief = pick["worth"], pick["belief"]
    return Reason(
        question=f"{pick['bank']}/{pick['question']}",
        objective=pick["objective"],
        system=pick["place"][0],
        suggested=(pick["bank"], pick["objective"]) in suggested,
        met_before=not pick["unseen"],
        recall_now=worth["recall_now"],
        recall_left=worth["recall_left"],
        recall_drilled=worth["recall_drilled"],
        seconds=worth["seconds"],
        yield_per_minute=worth["points_per_minute"] * pick["pull"],
        pull=pick["pull"],
        belief=belief["mean"],
        belief_low=belief["low"],
        belief_high=belief["high"],
        floor=pick["floor"],
    )


def _area(share: dict[str, Any], flags: dict[str, str]) -> AreaReason:
    belief = share["belief"]
    return AreaReason(
        dimension=share["dimension"],
        area=share["area"],
        flag=flags.get(f"{share['dimension']}/{share['area']}"),
        questions=share["questions"],
        share=share["share"],
        exam_share=share["blueprint"],
        belief=belief and belief["mean"],
        belief_low=belief and belief["low"],
        belief_high=belief and belief["high"],
    )
