"""The weights by which a learner's memory is held to move now: their own where a fit is in force, else FSRS's."""

from functools import lru_cache

import msgspec

from qbank.core.memory import DEFAULT_MODEL, MemoryModel
from qbank.store.store import Transaction

WEIGHTS = "memory-weights"
"""The setting under which they are kept: a model's `name` and `weights`, or None for FSRS's own."""


class _Kept(msgspec.Struct):
    name: str
    weights: tuple[float, ...]


def memory_model(tx: Transaction, learner: str) -> MemoryModel:
    """The model in force for a learner."""
    kept = msgspec.convert(tx.setting(learner, WEIGHTS), _Kept | None)
    return DEFAULT_MODEL if kept is None else _model(kept.name, kept.weights)


@lru_cache(maxsize=8)
def _model(name: str, weights: tuple[float, ...]) -> MemoryModel:
    # Kept, because every answer asks, and a model works out once what its curves need.
    return MemoryModel(weights, name)
