"""A closed block's sums, worked out from its final responses: when it closes, and whenever one of them changes."""

from msgspec.structs import replace

from qbank.core.insight.block_sums import Answered, Closed, block_sums, is_mixed
from qbank.core.response import Mode
from qbank.store.rows import BlockRow, BlockStatus, ResponseRow
from qbank.store.store import Transaction

NARROWING = ("systems", "disciplines", "unused", "missed", "marked", "weak", "met")
"""The filters under which a block is not a sample of everything."""

UNKNOWN = 0.6
"""P(correct) where a block does not say what was expected of it. [judged: near a borderline passer's]"""


def put_block_sums(tx: Transaction, block_id: str) -> None:
    """Work the sums of a block out anew; nothing for one that is still open."""
    row = tx.block(block_id)
    if row is None or row.state is not BlockStatus.CLOSED:
        return
    known = tx.block_sums_of(block_id)
    responses = tx.responses_of_block(block_id)
    answers = [_answered(tx, row, response) for response in responses]
    wanted = row.plan.get("wanted") or {}
    before = tx.answers_before(row.learner, row.study_day, row.composed_at)
    tx.put_block_sums(
        row.learner,
        Closed(
            block=row.id,
            study_day=row.study_day,
            timed=row.mode is Mode.TIMED,
            purpose=row.purpose.value,
            interrupted=row.interrupted,
            mixed=is_mixed(answers) and not any(wanted.get(name) for name in NARROWING),
            mind=known.mind if known else None,
            sums=block_sums(answers, before),
        ),
    )


def put_mind(tx: Transaction, learner: str, block_id: str, elsewhere: bool) -> None:
    """Keep what a learner said of where their mind was in a closed block of theirs."""
    known = tx.block_sums_of(block_id)
    row = tx.block(block_id)
    if known is not None and row is not None and row.learner == learner:
        tx.put_block_sums(learner, replace(known, mind=elsewhere))


def _answered(tx: Transaction, block: BlockRow, row: ResponseRow) -> Answered:
    given = row.response
    expected = block.plan.get("expected") or []
    return Answered(
        system=row.system,
        disciplines=row.disciplines,
        correct=given.correct,
        expected=float(expected[given.position]) if given.position < len(expected) else UNKNOWN,
        fresh=row.fresh,
        shown=given.shown,
        blank=given.choice is None,
        ms=given.elapsed_ms,
        rapid=row.rapid,
        confidence=given.confidence,
        reason=given.reason_after or given.reason,
        first_right=_first_right(tx, row),
        time_ran_out=given.time_ran_out,
        retracted=row.retracted,
    )


def _first_right(tx: Transaction, row: ResponseRow) -> bool | None:
    """Whether the first of its answers was right, where another was given in the end."""
    given = row.response
    first = next((change.before for change in given.changes if change.before), None)
    if first is None or first == given.choice:
        return None
    if given.correct:
        return False
    item = given.item
    key = tx.current_key(item.bank, item.question, item.option_order)
    if key is None:
        served = tx.question(item.bank, item.question, item.version)
        key = served.key.id if served else ""
    return first == key
