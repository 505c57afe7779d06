"""Where the learner stands in each area: flag, belief and interval, from reports and answers together."""

from datetime import date

import msgspec

from qbank.app.banks import not_offered
from qbank.app.evidence_fold import stored
from qbank.app.models import model_on, with_extra_time
from qbank.app.payload import report_from_data
from qbank.app.results_fold import kept_results
from qbank.app.weights import memory_model
from qbank.app.workspace import Workspace
from qbank.core import mastery
from qbank.core.belief import narrowed
from qbank.core.drill import reach
from qbank.core.evidence import Reported, with_reports
from qbank.core.exam import Exam, Flag
from qbank.core.exam_model import AreaKey, ExamModel, Place
from qbank.core.learned import guess_in_practice, seconds_expected
from qbank.core.mastery import Estimate
from qbank.core.memory import DEFAULT_MODEL, MemoryModel
from qbank.core.report import ScoreReport
from qbank.core.report_evidence import counting, report_evidence
from qbank.core.results import Listed
from qbank.core.results_evidence import with_results
from qbank.core.worth import Pricer, Seconds
from qbank.store.store import Transaction


class AreaStanding(msgspec.Struct, frozen=True):
    """One area: `belief` is P(correct) on the exam's items of it, None where nothing is believed; `share` of the exam.

    `flag` is the latest report's word, None where it has none. `answered` and `correct` count answers in qbank.
    """

    dimension: str
    area: str
    name: str
    share: float
    flag: Flag | None
    belief: Estimate | None
    answered: int
    correct: int


class Standing(msgspec.Struct, frozen=True):
    """What is believed today. `not_shown` are the banks of which nothing is offered.

    `guess` is this learner's P(right | not known) in practice, `seconds` the time that a question takes of them,
    `memory` the weights of their forgetting, `lists` what their lists from other banks come to.
    """

    model: ExamModel
    reported: Reported
    reports: tuple[ScoreReport, ...]
    flags: dict[AreaKey, Flag]
    guess: float
    seconds: Seconds
    memory: MemoryModel = DEFAULT_MODEL
    not_shown: tuple[str, ...] = ()
    lists: tuple[Listed, ...] = ()

    @property
    def total(self) -> Estimate:
        return mastery.total(self.reported.belief, self.model)


def standing(workspace: Workspace, tx: Transaction, *, lean: float = 1.0) -> Standing:
    """The belief that answers have built with every list of another bank and every report laid over it."""
    model = model_on(workspace.exam, workspace.exam_day)
    learned = stored(tx.belief(workspace.learner.id), model)
    reports = counting(
        [report_from_data(row.payload) for row in tx.reports(workspace.learner.id) if not row.removed]
    )
    dated = [
        (report_evidence(workspace.exam, report), float(max(0, (workspace.today - report.sat_on).days)))
        for report in reports
    ]
    lists = kept_results(tx, workspace.learner.id)
    belief = with_results(learned.belief, model, learned.sources, lists, workspace.today.toordinal())
    return Standing(
        model,
        with_reports(narrowed(belief, model.axes), model, dated, lean=lean),
        reports,
        area_flags(workspace.exam, reports),
        guess_in_practice(learned, model),
        seconds_expected(learned, with_extra_time(model, workspace.values)),
        memory_model(tx, workspace.learner.id),
        not_offered(tx, workspace.learner.id),
        lists,
    )


def pricer(workspace: Workspace, now: Standing) -> Pricer:
    """What decides the price of an objective today, for this learner."""
    days = (workspace.exam_day - workspace.today).days
    return Pricer(now.model, days, guess=now.guess, seconds=now.seconds, memory=now.memory)


def area_standings(
    workspace: Workspace, tx: Transaction, now: Standing, dimension: str = "system"
) -> list[AreaStanding]:
    """Every area of a dimension in the order of the blueprint."""
    totals = {(row.dimension, row.area): row for row in tx.area_totals(workspace.learner.id)}
    found = []
    for area in workspace.exam.areas(dimension, workspace.exam_day):
        key = (dimension, area.id)
        counted = totals.get(key)
        found.append(
            AreaStanding(
                dimension=dimension,
                area=area.id,
                name=area.name,
                share=workspace.exam.share(dimension, area.id, workspace.exam_day),
                flag=now.flags.get(key),
                belief=mastery.area(now.reported.belief, now.model, key),
                answered=counted.answered if counted else 0,
                correct=counted.correct if counted else 0,
            )
        )
    return found


def area_flags(exam: Exam, reports: tuple[ScoreReport, ...]) -> dict[AreaKey, Flag]:
    """By area, the flag of the latest report that has a row for it."""
    flags: dict[AreaKey, Flag] = {}
    for report in sorted(reports, key=_when):
        rows = {row.id: row for row in exam.report_schema(report.era).rows}
        for row_id, flag in report.flags:
            for area in rows[row_id].weights:
                flags[(rows[row_id].dimension, area)] = flag
    return flags


def _when(report: ScoreReport) -> date:
    return report.sat_on


def reached_share(tx: Transaction, now: Standing) -> float:
    """The part of the exam (0-1) that the loaded objectives reach, those of other learners left out."""
    held: dict[Place, int] = {}
    for cell in tx.cell_counts(without_banks=now.not_shown):
        place = Place(cell.system, cell.section, ())
        held[place] = held.get(place, 0) + cell.objectives
    return reach(now.model, held)
