"""A block by what the learner calls it: the beginning of its id."""

from qbank.errors import NotFound, UsageError
from qbank.store.rows import BlockRow
from qbank.store.store import Transaction

SHOWN = 5
"""Blocks that are named when a name can mean several."""


def named_block(tx: Transaction, learner_id: str, name: str) -> BlockRow:
    """The learner's block whose id begins with `name`. Raises NotFound, and UsageError when `name` can mean several."""
    found = tx.find_blocks(learner_id, name, limit=SHOWN + 1)
    if not found:
        raise NotFound("block", name, "Begin one with: qbank block")
    if len(found) > 1:
        names = ", ".join(row.id for row in found[:SHOWN])
        more = " and more" if len(found) > SHOWN else ""
        raise UsageError(f"{name!r} can mean several blocks: {names}{more}. Give more of the id.")
    return found[0]
