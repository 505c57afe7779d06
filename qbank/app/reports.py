"""Score reports and self-assessments: read, checked, kept, shown and taken back."""

from datetime import date
from pathlib import Path

import msgspec

from qbank.app.attempts_ahead import ahead
from qbank.app.files import read_bytes
from qbank.app.payload import report_from_data, to_data
from qbank.app.record import record
from qbank.app.workspace import Workspace
from qbank.core.event import EventKind
from qbank.core.report import (
    ReportKind,
    ScoreReport,
    check_report,
    same_sitting,
    sample_report,
)
from qbank.errors import NotFound, NothingToDo, ReportRefused

FEW_ROWS = 3
"""As many missing rows are still named one by one before a report is kept."""

_LISTED = "Not in the file: "


class Kept(msgspec.Struct, frozen=True):
    """A report in the record; `name` is how the learner calls it: its number in the list."""

    number: int
    event_id: str
    report: ScoreReport
    removed: bool


def read_file(
    workspace: Workspace, path: Path, sat_on: date | None = None
) -> tuple[ScoreReport, tuple[str, ...]]:
    """The report in a TOML, CSV, text or PDF file, and what a reader should know of how it was understood.

    `sat_on` is the day of the sitting for a file that does not tell it. Raises NotFound, InputInvalid with every fault,
    and ReportRefused with the reason.
    """
    from qbank.exchange.report_files import read_report

    parsed = read_report(path.name, read_bytes(path), workspace.exam, workspace.today, sat_on=sat_on)
    return parsed.report, () if parsed.report.sample else _brief(workspace, parsed.report, parsed.notes)


def sample(workspace: Workspace) -> ScoreReport:
    """The exam's sample report, marked as one."""
    return sample_report(workspace.exam)


def kept(workspace: Workspace, *, with_removed: bool = False) -> list[Kept]:
    """The learner's reports in the order they were added."""
    with workspace.store.read() as tx:
        rows = tx.reports(workspace.learner.id)
    numbered = [
        Kept(number, row.event_id, report_from_data(row.payload), row.removed)
        for number, row in enumerate(rows, 1)
    ]
    return [one for one in numbered if with_removed or not one.removed]


def latest(workspace: Workspace) -> ScoreReport | None:
    """The report of the most recent sitting, real before sample; None when there is none."""
    sittings = [one.report for one in kept(workspace) if one.report.kind is ReportKind.SCORE_REPORT]
    return max(sittings, key=lambda report: (not report.sample, report.sat_on), default=None)


def same_as(workspace: Workspace, report: ScoreReport) -> list[Kept]:
    """The reports that count and are of the very sitting of this one, which would take their place."""
    return [one for one in kept(workspace) if same_sitting(report, one.report)]


def warnings(workspace: Workspace, report: ScoreReport) -> list[str]:
    """What to know before the report is kept: attempt rules, for the sitting itself and for the exam day booked.

    Raises ReportRefused for a report that holds nothing to weigh practice by and for a sample beside a real report,
    InputInvalid for one that cannot be.
    """
    _refuse_needless_sample(workspace, report)
    others = [
        one.report
        for one in kept(workspace)
        if not one.report.sample and not same_sitting(report, one.report)
    ]
    found = check_report(workspace.exam, report, others, today=workspace.today)
    if report.kind is ReportKind.SCORE_REPORT and not report.sample:
        found += ahead(workspace, [*others, report])
    return found


def attempt_notes(workspace: Workspace) -> list[str]:
    """What the attempt rules say against the booked exam day, and that no attempt is left, by the reports that count."""
    return ahead(workspace, [one.report for one in kept(workspace)])


def add(workspace: Workspace, report: ScoreReport) -> bool:
    """Keep the report in place of any other of its sitting; the belief is drawn anew from it and from every answer.

    False when the very same report counts already: then nothing is recorded. Raises ReportRefused for a sample beside a
    real report.
    """
    _refuse_needless_sample(workspace, report)
    former = same_as(workspace, report)
    if any(one.report == report for one in former):
        return False
    for one in former:
        _set_removed(workspace, one, removed=True)
    record(workspace, EventKind.REPORT_ADDED, {"report": to_data(report)})
    return True


def remove(workspace: Workspace, number: int) -> Kept:
    """Leave a report out of account from now on; `restore` takes that back. Raises NotFound."""
    found = one(workspace, number)
    _set_removed(workspace, found, removed=True)
    return found


def restore(workspace: Workspace, number: int | None) -> Kept:
    """Take a removed report back into account, the last one that may count when no number is given.

    It takes the place of another report of its sitting, and a real one that of the sample. Raises NotFound, NothingToDo
    when none was removed, and ReportRefused for a sample beside a real report.
    """
    found = _last_removed(workspace) if number is None else one(workspace, number)
    _refuse_needless_sample(workspace, found.report)
    for other in kept(workspace):
        needless = other.report.sample and not found.report.sample
        if other.number != found.number and (needless or same_sitting(found.report, other.report)):
            _set_removed(workspace, other, removed=True)
    _set_removed(workspace, found, removed=False)
    return found


def one(workspace: Workspace, number: int | None) -> Kept:
    """A report by its number in the list; without one the last that was added, real before sample. Raises NotFound."""
    reports = [
        candidate
        for candidate in kept(workspace, with_removed=number is not None)
        if number is None or candidate.number == number
    ]
    if not reports:
        raise NotFound("report", str(number or "any"), "See them with: qbank report list")
    return max(reports, key=lambda candidate: (not candidate.report.sample, candidate.number))


def missing_rows(workspace: Workspace, report: ScoreReport) -> list[str]:
    """The names of the rows that a report of this era can have and this one has not; [] for one without any row."""
    there = {row for row, _ in (*report.flags, *report.rows_percent)}
    rows = workspace.exam.report_schema(report.era).rows
    return [row.name for row in rows if row.id not in there] if there else []


def _brief(workspace: Workspace, report: ScoreReport, notes: tuple[str, ...]) -> tuple[str, ...]:
    """The notes with a long list of missing rows as their number."""
    missing = missing_rows(workspace, report)
    if len(missing) <= FEW_ROWS:
        return notes
    total = len(workspace.exam.report_schema(report.era).rows)
    count = f"{len(missing)} of the {total} rows are not in the file. See: qbank report show"
    return (*(note for note in notes if not note.startswith(_LISTED)), count)


def _last_removed(workspace: Workspace) -> Kept:
    real = _counts_for_real(workspace)
    removed = [
        one for one in kept(workspace, with_removed=True) if one.removed and not (real and one.report.sample)
    ]
    if not removed:
        raise NothingToDo("No report was removed, so there is none to bring back.")
    return removed[-1]


def _refuse_needless_sample(workspace: Workspace, report: ScoreReport) -> None:
    if report.sample and _counts_for_real(workspace):
        raise ReportRefused(
            "A report of your own counts already, and the sample would only blur it. "
            "See yours with: qbank report show"
        )


def _counts_for_real(workspace: Workspace) -> bool:
    return any(not one.report.sample for one in kept(workspace))


def _set_removed(workspace: Workspace, found: Kept, *, removed: bool) -> None:
    record(workspace, EventKind.REPORT_REMOVED, {"report": found.event_id, "removed": removed})
