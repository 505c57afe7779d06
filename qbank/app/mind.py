"""The one key after a block: whether the mind was elsewhere, which no log can tell."""

from qbank.app import care
from qbank.app.record import record
from qbank.app.workspace import Workspace
from qbank.core.event import EventKind

ASKED_FROM = 3
"""The closed timed block from which on it is asked: the first ones have enough that is new. [judged]"""


def mind_to_ask(workspace: Workspace, block_id: str) -> bool:
    """Whether to ask after a block: it was timed and is closed, it is not among the first, and nothing was said of it.

    Not in the last days, nor where `ask-mind` is off.
    """
    if workspace.values.get("ask-mind") == "off" or care.in_last_days(workspace):
        return False
    with workspace.store.read() as tx:
        closed = tx.block_sums_of(block_id)
        if closed is None or not closed.timed or closed.mind is not None:
            return False
        return tx.timed_blocks(workspace.learner.id) >= ASKED_FROM


def keep_mind(workspace: Workspace, block_id: str, elsewhere: bool) -> None:
    """Put on record what was said."""
    record(workspace, EventKind.MIND, {"block": block_id, "elsewhere": elsewhere})
