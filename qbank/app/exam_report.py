"""How an exam day went, from the responses of its blocks. It never says how likely a pass is."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from qbank.app.workspace import Workspace
from qbank.core.mastery import NINETY_PERCENT, Estimate
from qbank.store.rows import BlockRow, ResponseRow
from qbank.store.store import Transaction

FEWEST = 40
"""Answers below which a day says nothing of an exam score. [simulated: the sd is 8.3 points at 40]"""

FEWEST_IN_AREA = 25
"""Questions of a system below which its part says nothing. [judged: the sd of a half is 10 points at 25]"""

SD_BY_ANSWERS = ((40, 0.083), (120, 0.055), (280, 0.045), (560, 0.040))
"""SD between the rate of fresh, timed questions drawn like the exam and an exam score. [simulated]

Between these it is read off on a line over 1/sqrt(n), on which sampling error would lie. Beyond the last one it stays: what
is left there is no sampling error.
"""


class BlockReport(msgspec.Struct, frozen=True):
    """One block. `seconds` is the mean on an answered question, None when the block was interrupted or nothing answered."""

    number: int
    questions: int
    shown: int
    answered: int
    right: int
    expected: float
    seconds: float | None


class SystemReport(msgspec.Struct, frozen=True):
    """A system's part. `enough` says whether its questions are many enough to speak of."""

    system: str
    name: str
    right: int
    of: int
    enough: bool


class DayReport(msgspec.Struct, frozen=True):
    """A whole day. Only questions that were shown count; a blank is wrong, as on the exam.

    `expected` is how many right answers the belief expected of them. Seconds are means per answered question, in the last
    quarter of each block and before; None where no uninterrupted block says. `estimate` is a rate correct on the exam with
    an interval that holds it nine times in ten; None under FEWEST answers.
    """

    blocks: tuple[BlockReport, ...]
    planned_blocks: int
    planned: int
    shown: int
    answered: int
    right: int
    expected: float
    seconds_before: float | None
    seconds_last_quarter: float | None
    to_wrong: int
    to_right: int
    break_used_ms: int
    break_left_ms: int
    systems: tuple[SystemReport, ...]
    estimate: Estimate | None


def report_of(
    tx: Transaction,
    workspace: Workspace,
    rows: Sequence[BlockRow],
    *,
    planned: int,
    blocks: int,
    break_used_ms: int,
    break_left_ms: int,
) -> DayReport:
    """The report on the closed blocks of a day of `blocks` blocks with `planned` questions."""
    answers = [[one for one in tx.responses_of_block(row.id) if not one.retracted] for row in rows]
    shown = [one for block in answers for one in block if one.response.shown]
    reports = tuple(map(_block, rows, answers))
    calm = [block for row, block in zip(rows, answers, strict=True) if not row.interrupted]
    changes = Counter(filter(None, (_change(tx, one) for one in shown)))
    right = sum(one.response.correct for one in shown)
    answered = sum(one.response.choice is not None for one in shown)
    return DayReport(
        blocks=reports,
        planned_blocks=blocks,
        planned=planned,
        shown=len(shown),
        answered=answered,
        right=right,
        expected=math.fsum(each.expected for each in reports),
        seconds_before=_seconds([one for block in calm for one in block[: _last_quarter(block)]]),
        seconds_last_quarter=_seconds([one for block in calm for one in block[_last_quarter(block) :]]),
        to_wrong=changes["wrong"],
        to_right=changes["right"],
        break_used_ms=break_used_ms,
        break_left_ms=break_left_ms,
        systems=_systems(workspace, shown),
        estimate=exam_estimate(right, len(shown)) if answered >= FEWEST else None,
    )


def exam_estimate(right: int, of: int) -> Estimate:
    """The rate correct with the interval that holds an exam score nine times in ten. Raises ValueError under FEWEST."""
    rate, reach = right / of, NINETY_PERCENT * estimate_sd(of)
    return Estimate(rate, max(0.0, rate - reach), min(1.0, rate + reach))


def estimate_sd(answers: int) -> float:
    """SD of the rate against an exam score; see SD_BY_ANSWERS. Raises ValueError under FEWEST."""
    if answers < FEWEST:
        raise ValueError(f"{answers} answers are too few to say anything")
    at = 1 / math.sqrt(answers)
    for (few, wide), (many, narrow) in pairwise(SD_BY_ANSWERS):
        if few <= answers <= many:
            begin, end = 1 / math.sqrt(many), 1 / math.sqrt(few)
            return narrow + (wide - narrow) * (at - begin) / (end - begin)
    return SD_BY_ANSWERS[-1][1]


def _block(row: BlockRow, answers: Sequence[ResponseRow]) -> BlockReport:
    shown = [one for one in answers if one.response.shown]
    expected: list[float] = row.plan["expected"]
    return BlockReport(
        number=row.plan["sat"]["number"],
        questions=len(expected),
        shown=len(shown),
        answered=sum(one.response.choice is not None for one in shown),
        right=sum(one.response.correct for one in shown),
        expected=math.fsum(expected[one.response.position] for one in shown),
        seconds=None if row.interrupted else _seconds(answers),
    )


def _last_quarter(answers: Sequence[ResponseRow]) -> int:
    """Where the last quarter of a block begins; of few questions it is none."""
    return len(answers) - len(answers) // 4


def _seconds(answers: Sequence[ResponseRow]) -> float | None:
    times = [one.response.elapsed_ms for one in answers if one.response.choice is not None]
    return sum(times) / len(times) / 1000 if times else None


def _change(tx: Transaction, row: ResponseRow) -> str | None:
    """Whether an answer was changed to "right" from wrong or to "wrong" from right; None for anything else."""
    given = row.response
    first = next((change.before for change in given.changes if change.before), given.choice)
    if first == given.choice:
        return None
    if given.correct:
        return "right"
    question = tx.question(given.item.bank, given.item.question, given.item.version)
    return "wrong" if question is not None and first == question.key.id else None


def _systems(workspace: Workspace, shown: Sequence[ResponseRow]) -> tuple[SystemReport, ...]:
    of = Counter(one.system for one in shown)
    right = Counter(one.system for one in shown if one.response.correct)
    areas = workspace.exam.areas("system", workspace.exam_day)
    return tuple(
        SystemReport(area.id, area.name, right[area.id], of[area.id], of[area.id] >= FEWEST_IN_AREA)
        for area in areas
        if of[area.id]
    )
