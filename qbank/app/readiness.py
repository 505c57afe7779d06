"""How ready the learner is, as far as fresh, timed questions drawn like the exam and self-assessments can tell."""

import math
from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from qbank.app import care
from qbank.app.candidates import RESERVE_DAYS
from qbank.app.payload import report_from_data
from qbank.app.workspace import Workspace
from qbank.core.insight.measured import Measured, measured
from qbank.core.insight.readiness import (
    LEAST_ANSWERS,
    Form,
    Index,
    lies,
    readiness_index,
    still_needed,
)
from qbank.core.report import ReportKind, ScoreReport
from qbank.core.report_evidence import counting
from qbank.core.report_rows import SELF_ASSESSMENT_SD
from qbank.store.store import Transaction

FORM_DAYS = 28
"""So long a self-assessment's printed probability is shown, and so long it carries an interval where this bank has no
index: the makers' figure is for the days after it. [judged: four weeks]
"""

STALE_DAYS = 18
"""So many days after the last answer that counts, a block more is worth its questions: what may have changed since is
then as large as what 120 answers leave open.
"""


class PrintedForm(msgspec.Struct, frozen=True):
    """The latest timed self-assessment of the last four weeks that was not a repeat, as it was printed.

    `percent` is 0-100, `p_pass` 0-1; None where the report has none.
    """

    name: str
    form: str
    day: date
    percent: float | None
    p_pass: float | None


class LowPass(msgspec.Struct, frozen=True):
    """The range of narrow passes in percent correct, where it is from, and where an 80 % interval lies against it."""

    low: float
    high: float
    source: str
    lies: str


class Ready(msgspec.Struct, frozen=True):
    """What `qbank ready` tells.

    `withheld` says why nothing is shown, "" otherwise. `answers` and `right` count what the index rests on, given from
    `since` to `until`; `needed` is how many are missing for one. `bank` is the index of this bank alone, `updated` with the
    `forms` self-assessments that count; `with_more` is the best of these after `block_size` more answers today. `reserve`
    counts the fresh questions left to measure with; from `reserve_joins` on they are drilled.
    """

    exam: str
    exam_day: date
    booked: bool
    days_left: int
    withheld: str
    printed: PrintedForm | None
    answers: int
    right: int
    since: date | None
    until: date | None
    needed: int
    forms: int
    bank: Index | None
    updated: Index | None
    with_more: Index | None
    low_pass: LowPass | None
    reserve: int
    block_size: int
    reserve_joins: date | None
    next_step: str
    why: str


def readiness(workspace: Workspace) -> Ready:
    """Where the learner stands; nothing of it in the last days before a booked exam, nor once that has passed."""
    with workspace.store.read() as tx:
        loaded = tx.bank_counts().questions > 0
        open_block = tx.open_block(workspace.learner.id) is not None
        reserve = tx.fresh_reserve(workspace.learner.id)
        withheld = _withheld(workspace)
        counts = [] if withheld else measured(tx.measured_answers(workspace.learner.id), workspace.today)
        reports = () if withheld else _self_assessments(workspace, tx)
    answers = sum(one.of for one in counts)
    printed = _printed(workspace, reports)
    bank, updated, with_more = _indices(workspace, counts, reports, printed)
    best = updated or bank
    step, why = _next(workspace, counts, best, with_more, reserve, loaded, open_block)
    days = [workspace.today - timedelta(one.days_ago) for one in counts]
    return Ready(
        exam=workspace.exam.name,
        exam_day=workspace.exam_day,
        booked=workspace.booked,
        days_left=care.days_left(workspace),
        withheld=withheld,
        printed=printed,
        answers=answers,
        right=sum(one.right for one in counts),
        since=min(days, default=None),
        until=max(days, default=None),
        needed=0 if withheld else still_needed(answers),
        forms=len(reports) if updated else 0,
        bank=bank,
        updated=updated,
        with_more=with_more,
        low_pass=_low_pass(workspace, best),
        reserve=reserve,
        block_size=_block_size(workspace),
        reserve_joins=workspace.exam_day - timedelta(RESERVE_DAYS) if workspace.booked else None,
        next_step=step,
        why=why,
    )


def _withheld(workspace: Workspace) -> str:
    note = care.last_days_note(workspace)
    if note is not None:
        return f"No estimate is shown in these days: nothing could be done about it any more, and it helps nobody. {note}"
    if workspace.booked and care.days_left(workspace) < 0:
        return "Your exam day has passed, so there is nothing to be ready for until you set another."
    return ""


def _self_assessments(workspace: Workspace, tx: Transaction) -> tuple[ScoreReport, ...]:
    """Those that say something about a first, timed sitting: a form seen before, or without its clock, does not."""
    rows = tx.reports(workspace.learner.id)
    reports = counting([report_from_data(row.payload) for row in rows if not row.removed])
    return tuple(
        report
        for report in reports
        if report.kind is ReportKind.SELF_ASSESSMENT
        and not report.sample
        and report.timed
        and not report.repeated
        and report.exam == workspace.exam.id
    )


def _printed(workspace: Workspace, reports: Sequence[ScoreReport]) -> PrintedForm | None:
    recent = [
        one
        for one in reports
        if (workspace.today - one.sat_on).days <= FORM_DAYS
        and (one.printed_p_pass is not None or one.equated_percent_correct is not None)
    ]
    if not recent:
        return None
    latest = max(recent, key=lambda one: one.sat_on)
    name = workspace.exam.report_schema(latest.era).title
    return PrintedForm(
        name, latest.form, latest.sat_on, latest.equated_percent_correct, latest.printed_p_pass
    )


def _indices(
    workspace: Workspace,
    counts: Sequence[Measured],
    reports: Sequence[ScoreReport],
    printed: PrintedForm | None,
) -> tuple[Index | None, Index | None, Index | None]:
    """Of the bank alone, with self-assessments, and the best of the two with a block more."""
    exam = workspace.exam
    shares = {
        area.id: exam.share("system", area.id, workspace.exam_day)
        for area in exam.areas("system", workspace.exam_day)
    }
    forms = [
        Form(
            report.equated_percent_correct / 100,
            SELF_ASSESSMENT_SD,
            max(0, (workspace.today - report.sat_on).days),
        )
        for report in reports
        if report.equated_percent_correct is not None
    ]

    def index(with_forms: Sequence[Form], more: int = 0) -> Index | None:
        return readiness_index(
            counts, with_forms, shares, guess=exam.guess.value, slip=exam.slip.value, more=more
        )

    enough = sum(one.of for one in counts) >= LEAST_ANSWERS
    carried = printed is not None and printed.percent is not None
    bank = index([]) if enough else None
    updated = index(forms) if forms and (enough or carried) else None
    more = _block_size(workspace) if bank or updated else 0
    return bank, updated, index(forms if updated else [], more) if more else None


def _low_pass(workspace: Workspace, best: Index | None) -> LowPass | None:
    band = workspace.exam.low_pass_range
    if band is None or best is None:
        return None
    source = f"{band.source.confidence}, read {band.source.read}"
    return LowPass(band.low, band.high, source, lies(best.low_80, best.high_80, band.low, band.high))


def _block_size(workspace: Workspace) -> int:
    return workspace.exam.format_on(workspace.exam_day).items


def _next(
    workspace: Workspace,
    counts: Sequence[Measured],
    best: Index | None,
    with_more: Index | None,
    reserve: int,
    loaded: bool,
    open_block: bool,
) -> tuple[str, str]:
    if care.in_last_days(workspace):
        return "", "For these days there is one page: qbank lastdays"
    if workspace.booked and care.days_left(workspace) < 0:
        return "qbank set exam-date DATE", "With a day to prepare for, this begins again."
    if not loaded:
        return "qbank start", "No questions are loaded yet."
    if open_block:
        return "qbank block", "A block is open, with every answer and the time you had left; it comes first."
    size = _block_size(workspace)
    needed = still_needed(sum(one.of for one in counts))
    if needed and reserve:
        blocks = math.ceil(needed / size)
        return (
            "qbank block --assess",
            f"{_count(blocks, 'block')} of {size}, timed and fresh, would do, one or two a week among your drills. "
            + _reserve_words(reserve, needed),
        )
    if needed:
        return (
            "qbank report add --self-assessment",
            "No fresh question is left in the reserve. A self-assessment by the exam's makers, timed and not seen before, "
            "is the better measure; questions that you import refill the reserve.",
        )
    last = min((one.days_ago for one in counts), default=0)
    if last >= STALE_DAYS and reserve:
        return (
            "qbank block --assess",
            f"Your last answers that count are {last} days old, and much may have changed since. A block is enough.",
        )
    return "qbank block", _narrowing(best, with_more, size)


def _reserve_words(reserve: int, needed: int) -> str:
    if reserve >= needed:
        return f"The reserve holds {reserve} fresh questions for it."
    return (
        f"The reserve holds {reserve}, fewer than that: `qbank exam` counts too and takes fresh questions from all of the "
        "bank, what you import refills it, and a self-assessment by the exam's makers needs none of them."
    )


def _narrowing(best: Index | None, with_more: Index | None, size: int) -> str:
    """Why practising is worth more now than measuring."""
    if best is None or with_more is None:
        return "What you practise now moves this more than what you measure."
    now, then = ((one.high_80 - one.low_80) / 2 for one in (best, with_more))
    return (
        f"Practise now: {size} more fresh answers today would narrow the 80 % interval only from about {now:.1f} to "
        f"{then:.1f} points either way, and each question is fresh once."
    )


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
