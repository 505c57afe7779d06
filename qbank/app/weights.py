"""The weights by which a learner's memory is held to move now: their own where a fit is in force, else FSRS's."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec

from qbank.core.memory import DEFAULT_MODEL, MemoryModel
from qbank.store.store import Transaction

WEIGHTS = "memory-weights"
"""The setting under which they are kept: a model's `name` and `weights`, or None for FSRS's own."""

FIT_TRIED = "fit-tried"
"""The setting that tells of the last fit, accepted or not: `on` which study day, and of how many `reviews`."""

NOT_SET = frozenset({WEIGHTS, FIT_TRIED})
"""Settings that follow from fits; no learner sets them."""


class _Kept(msgspec.Struct):
    name: str
    weights: tuple[float, ...]


def memory_model(tx: Transaction, learner: str) -> MemoryModel:
    """The model in force for a learner."""
    kept = msgspec.convert(tx.setting(learner, WEIGHTS), _Kept | None)
    return DEFAULT_MODEL if kept is None else _model(kept.name, kept.weights)


def put_memory_model(tx: Transaction, learner: str, model: MemoryModel) -> None:
    """Bring a model into force."""
    kept = None if model == DEFAULT_MODEL else _Kept(model.name, model.weights)
    tx.put_setting(learner, WEIGHTS, msgspec.to_builtins(kept))


def model_from_data(data: dict[str, Any]) -> MemoryModel:
    """The model that an event's `name` and `weights` tell of. Raises ValueError for weights that no memory has."""
    return model_of(data["name"], data["weights"])


def model_of(name: str, weights: Sequence[float] | None) -> MemoryModel:
    """FSRS's own weights, or else these. Raises ValueError for weights that no memory has, or under FSRS's own name."""
    if weights is None:
        return DEFAULT_MODEL
    if name == DEFAULT_MODEL.name:
        raise ValueError(f"{name} is the name of other weights")
    return _model(name, tuple(map(float, weights)))


@lru_cache(maxsize=8)
def _model(name: str, weights: tuple[float, ...]) -> MemoryModel:
    # Kept, because every answer asks, and a model works out once what its curves need.
    return MemoryModel(weights, name)
