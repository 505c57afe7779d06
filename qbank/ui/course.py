"""Where a block goes next: the same way through its questions on either face, so that both leave the same record."""

from qbank.core import block
from qbank.core.block import BlockState
from qbank.core.response import Mode


def first_position(state: BlockState) -> int:
    """Where to begin or go on: an answer whose key is still to come stands and comes first, then what is unanswered."""
    still = _open(state)
    settled = [position for position in still if is_settled(state, position)]
    waiting = [position for position in still if state.items[position].choice is None]
    return (settled or waiting or [state.position])[0]


def is_settled(state: BlockState, position: int) -> bool:
    """Whether the question was answered, or given up with a reason, and only its key is still to come."""
    item = state.items[position]
    answered = item.choice is not None or item.reason is not None
    return answered and state.plan.mode is not Mode.TIMED and not item.revealed


def next_open(state: BlockState, position: int) -> int | None:
    """The next question whose answer is not final, round the end to the beginning; None when all are."""
    return _round(_open(state), position)


def next_unanswered(state: BlockState, position: int) -> int | None:
    """The next question without an answer, round the end to the beginning; None when all have one."""
    return _round(block.unanswered(state), position)


def _open(state: BlockState) -> list[int]:
    return [p for p in range(len(state.items)) if not block.is_final(state, p)]


def _round(positions: list[int] | tuple[int, ...], position: int) -> int | None:
    if not positions:
        return None
    return next((p for p in positions if p > position), positions[0])
