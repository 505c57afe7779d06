"""What a bank lacks of what the exam can ask: the objectives worth writing next, and the cells that nothing lies in."""

from collections.abc import Mapping

import msgspec

from qbank.core.exam_model import ExamModel
from qbank.core.objective_map import WANTED, Mapped, ObjectiveMap

SIBLING_WORTH = 0.2
"""What a further sibling of an objective adds, of what its first two questions bring together. [judged]"""

Cell = tuple[str, str]
"""A system and a main discipline."""


class Gap(msgspec.Struct, frozen=True):
    """An objective that wants questions; of those it has, a variant counts for two. `share` is its part of the exam, `worth`
    what its next question adds to the part that the bank reaches, and `fills` says that nothing else lies in its cell.
    """

    objective: Mapped
    system: str
    have: int
    wanted: int
    share: float
    worth: float
    fills: bool


def gaps(
    found: ObjectiveMap, have: Mapping[str, int], model: ExamModel, systems: Mapping[str, str]
) -> list[Gap]:
    """Every objective that wants questions: first those whose cell is empty, then by what a question adds.

    `have` counts questions by objective id, a variant for two; `systems` gives each section's system.
    """
    reached = {_cell(each, systems) for each in found.values() if have.get(each.id)}
    wanting = [_gap(each, have.get(each.id, 0), model, systems, reached) for each in found.values()]
    return sorted(
        (gap for gap in wanting if gap.have < gap.wanted),
        key=lambda gap: (not gap.fills, -gap.worth, gap.objective.id),
    )


def cells(found: ObjectiveMap, have: Mapping[str, int], systems: Mapping[str, str]) -> dict[Cell, int]:
    """Questions by system and main discipline, with 0 for each cell that the exam can ask and the bank does not."""
    counts = {_cell(each, systems): 0 for each in found.values()}
    for name, count in have.items():
        if name in found:
            counts[_cell(found[name], systems)] += count
    return counts


def _gap(each: Mapped, have: int, model: ExamModel, systems: Mapping[str, str], reached: set[Cell]) -> Gap:
    wanted = WANTED[each.likelihood]
    value = each.weight * model.objective_value(each.section, " ".join(sorted(each.disciplines)))
    share = value / model.n_objectives
    worth = share / 2 if have < 2 else SIBLING_WORTH * share
    cell = _cell(each, systems)
    return Gap(each, cell[0], have, wanted, share, worth, cell not in reached)


def _cell(each: Mapped, systems: Mapping[str, str]) -> Cell:
    return systems[each.section], each.disciplines[0]
