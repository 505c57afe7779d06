"""Names under which questions and objectives of several banks stand in one file."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qbank.core.question import Objective, Question


class Named(NamedTuple):
    """A question with its objective, and the ids that both have in the file."""

    question: Question
    objective: Objective | None
    id: str
    objective_id: str


def named(questions: Sequence[Question], objectives: Sequence[Objective]) -> Iterator[Named]:
    """Each question; an id that another bank's has already gets its bank before it."""
    known = {(one.bank, one.id): one for one in objectives}
    owners: dict[str, str] = {}
    probed: dict[str, str] = {}
    for one in questions:
        yield Named(
            one,
            known.get((one.bank, one.objective)),
            _own(one.id, one.bank, owners),
            _own(one.objective, one.bank, probed),
        )


def _own(name: str, bank: str, owners: dict[str, str]) -> str:
    return name if owners.setdefault(name, bank) == bank else f"{bank}.{name}"
