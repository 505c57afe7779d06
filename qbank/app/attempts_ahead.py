"""The attempt that comes next, held against the exam's rules with every sitting that the learner's reports tell of."""

from collections.abc import Sequence
from datetime import date

from qbank.app.workspace import Workspace
from qbank.core.attempts import Sitting, ahead_warnings, attempts_left
from qbank.core.report import ReportKind, ScoreReport, same_sitting


def ahead(workspace: Workspace, reports: Sequence[ScoreReport]) -> list[str]:
    """What the attempt rules say against the booked exam day, or of attempts that are used up, after these reports."""
    sat = _sittings(workspace.exam.id, reports)
    if not sat:
        return []
    latest = max(sat, key=lambda report: report.sat_on)
    sittings = _numbered(sat)
    planned = _planned(workspace, latest.sat_on)
    return ahead_warnings(workspace.exam, sittings, planned, failed=latest.outcome == "fail")


def left(workspace: Workspace, reports: Sequence[ScoreReport]) -> int | None:
    """How many attempts the rules leave after the sittings that these reports tell of; None when they tell of none."""
    sat = _sittings(workspace.exam.id, reports)
    return attempts_left(workspace.exam.attempt_rules, _numbered(sat))


def _numbered(sat: Sequence[ScoreReport]) -> list[Sitting]:
    return [Sitting(report.sat_on, report.attempt) for report in sat]


def _sittings(exam: str, reports: Sequence[ScoreReport]) -> list[ScoreReport]:
    """One report for each real sitting of the exam, the one that was added last."""
    sat: list[ScoreReport] = []
    for report in reversed(reports):
        real = report.kind is ReportKind.SCORE_REPORT and report.exam == exam and not report.sample
        if real and not any(same_sitting(report, other) for other in sat):
            sat.append(report)
    return sat


def _planned(workspace: Workspace, latest: date) -> date | None:
    """The booked day while it is ahead; a report of that day or of a later one says that it is over."""
    day = workspace.exam_day
    return day if workspace.booked and day >= workspace.today and day > latest else None
