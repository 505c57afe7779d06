"""What qbank believes of areas after answers here and a list from elsewhere, through the functions its commands call."""

from dataclasses import dataclass
from datetime import timedelta

from qbank.core.belief import narrowed
from qbank.core.exam_model import Place
from qbank.core.learned import after_first_answer, nothing_learned
from qbank.core.mastery import Estimate, area, total
from qbank.core.results import Done, Result, ResultList, Sources, add_list, summed
from qbank.core.results_evidence import with_results
from simulate.other_banks import Practised, Row
from simulate.under_test import BLUEPRINT_DAY, known_exam


@dataclass(frozen=True)
class Told:
    """What a list tells of each row."""

    system: bool = False
    discipline: bool = False
    others: bool = False
    misses_with_totals: bool = False


def believed(one: Practised, told: Told | None, age_days: int) -> tuple[dict[str, Estimate], Estimate]:
    """(what is believed of each system, of the whole exam) after a list that old, or none."""
    model = known_exam()[1]
    learned = nothing_learned(model)
    for row in one.here:
        place = Place(row.system, row.section, (row.discipline,))
        learned = after_first_answer(
            learned, model, place, correct=row.right, options=5, confidence=None, fresh=True
        )
    belief = learned.belief
    if told is not None:
        sources: Sources = {}
        add_list(sources, _listed(one, told, age_days), BLUEPRINT_DAY)
        belief = with_results(belief, model, learned.sources, summed(sources), BLUEPRINT_DAY.toordinal())
    belief = narrowed(belief, model.axes)
    areas = {name: area(belief, model, ("system", name)) for name in one.systems}
    return {name: found for name, found in areas.items() if found is not None}, total(belief, model)


def _listed(one: Practised, told: Told, age_days: int) -> ResultList:
    on = BLUEPRINT_DAY - timedelta(age_days)

    def result(number: int, row: Row) -> Result:
        return Result(
            f"{number}",
            "",
            row.right,
            system=row.system if told.system else "",
            discipline=row.discipline if told.discipline else "",
            on=on,
            others=row.others if told.others else None,
        )

    rows = [result(number, row) for number, row in enumerate(one.elsewhere)]
    if not told.misses_with_totals:
        return ResultList("elsewhere", False, tuple(rows))
    done: dict[str, int] = {}
    for row in rows:
        done[row.system] = done.get(row.system, 0) + 1
    totals = tuple(Done("system", name, count) for name, count in sorted(done.items()))
    return ResultList("elsewhere", True, tuple(row for row in rows if not row.right), totals)
