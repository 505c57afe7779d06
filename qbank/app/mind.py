"""The one key after a block: whether the mind was elsewhere, which no log can tell."""

from qbank.app import care
from qbank.app.record import record
from qbank.app.workspace import Workspace
from qbank.core.event import EventKind


def mind_to_ask(workspace: Workspace, block_id: str) -> bool:
    """Whether to ask after a block: it was timed and is closed, and was not asked about; not in the last days, nor where
    `ask-mind` is off.
    """
    if workspace.values.get("ask-mind") == "off" or care.in_last_days(workspace):
        return False
    with workspace.store.read() as tx:
        closed = tx.block_sums_of(block_id)
    return closed is not None and closed.timed and closed.mind is None


def keep_mind(workspace: Workspace, block_id: str, elsewhere: bool) -> None:
    """Put on record what was said."""
    record(workspace, EventKind.MIND, {"block": block_id, "elsewhere": elsewhere})
