"""Where you stand and what is next, from running totals."""

from collections.abc import Sequence
from datetime import date

import msgspec

from qbank.app import care, shelves
from qbank.app.candidates import practice_only
from qbank.app.exam_day import is_under_way
from qbank.app.night import Tonight, tonight_of
from qbank.app.preferences import exam_date_to_ask
from qbank.app.record import record
from qbank.app.reports import attempt_notes
from qbank.app.standing import AreaStanding, area_standings, reached_share, standing
from qbank.app.workspace import Workspace
from qbank.core.event import EventKind
from qbank.core.exam import ReportKind
from qbank.core.mastery import Estimate
from qbank.core.results import Listed


class OtherBank(msgspec.Struct, frozen=True):
    """What a source's lists come to: `answers` that count in `systems`, and `misses` that do not count yet."""

    source: str
    answers: int
    right: int
    misses: int
    first: date | None
    last: date | None
    systems: tuple[str, ...]


class Overview(msgspec.Struct, frozen=True):
    """What `qbank status` tells. `expected` is P(correct) on the exam, None in the last days, when it helps nobody.

    `reach` is the part of the exam that the loaded questions can train. `due` counts objectives whose recall has fallen
    under 90 %. `notes` are sentences on attempt rules that the booked day may touch. `tonight` is what a review would be
    worth; None in the last days, on a day that is sat, without questions, and where so many are loaded that a glance would
    have to wait for it. `other_banks` is what lists from elsewhere come to.
    """

    exam: str
    exam_day: date
    booked: bool
    days_left: int
    minutes_a_day: int
    report: str
    sample_report: bool
    answered: int
    correct: int
    due: int
    expected: Estimate | None
    areas: tuple[AreaStanding, ...]
    reach: float
    open_block: bool
    notes: tuple[str, ...]
    tonight: Tonight | None
    next_step: str
    why: str
    other_banks: tuple[OtherBank, ...]


def overview(workspace: Workspace) -> Overview:
    """Everything on one screen."""
    with workspace.store.read() as tx:
        now = standing(workspace, tx)
        totals = tx.learner_totals(workspace.learner.id)
        areas = tuple(area_standings(workspace, tx, now))
        open_block = tx.open_block(workspace.learner.id) is not None
        never_back = practice_only(tx)
        due = sum(
            _is_due(row.stability_days, row.last_day, workspace.today)
            for row in tx.memories(workspace.learner.id)
            if row.bank not in now.not_shown and (row.bank, row.objective) not in never_back
        )
        reached = reached_share(tx, now)
        exam_day = is_under_way(workspace, tx)
        loaded = tx.bank_counts().questions > 0
        hidden = care.in_last_days(workspace)
        passed = workspace.booked and care.days_left(workspace) < 0
        told = loaded and not (hidden or passed or exam_day or tx.holds_objectives(shelves.LARGE))
        tonight = tonight_of(workspace, tx, now) if told else None
    sittings = [report for report in now.reports if report.kind is ReportKind.SCORE_REPORT]
    latest = max(sittings, key=lambda report: report.sat_on, default=None)
    days_left = care.days_left(workspace)
    if hidden:
        areas = tuple(msgspec.structs.replace(area, belief=None) for area in areas)
    step, why = _next(workspace, days_left, loaded, open_block, due, totals.answered)
    if exam_day:
        step, why = "qbank exam", "An exam day is under way, and its clock runs on."
    return Overview(
        exam=workspace.exam.name,
        exam_day=workspace.exam_day,
        booked=workspace.booked,
        days_left=days_left,
        minutes_a_day=workspace.minutes_a_day,
        report=f"{latest.outcome}, sat on {latest.sat_on}" if latest else "none yet",
        sample_report=bool(latest and latest.sample),
        answered=totals.answered,
        correct=totals.correct,
        due=due,
        expected=None if hidden else now.total,
        areas=areas,
        reach=reached,
        open_block=open_block,
        notes=tuple(attempt_notes(workspace)),
        tonight=tonight,
        next_step=step,
        why=why,
        other_banks=other_banks(now.lists),
    )


def other_banks(lists: Sequence[Listed]) -> tuple[OtherBank, ...]:
    """Each source's lists in short."""
    return tuple(
        OtherBank(
            one.name,
            one.answers,
            one.right,
            sum(count for _, count in one.misses),
            one.first,
            one.last,
            tuple(sorted({cell.system for cell in one.cells if cell.system})),
        )
        for one in lists
    )


_CARE_STEPS = ("", "qbank review --minutes 20", "qbank review --minutes 20", "qbank block")
"""What is next so many days before the exam; nothing once it is time to rest."""


def debrief_to_ask(workspace: Workspace) -> bool:
    """Whether the booked exam day has passed and the learner has not been asked yet how it went."""
    booked = workspace.values.get("exam-date")
    return (
        bool(booked) and workspace.today > workspace.exam_day and workspace.values.get("debriefed") != booked
    )


def record_debrief(workspace: Workspace, outcome: str) -> None:
    """Keep how it went; an empty answer is an answer too, so that nobody is asked twice."""
    booked = str(workspace.values["exam-date"])
    record(workspace, EventKind.DEBRIEF, {"exam_date": booked, "outcome": outcome})
    workspace.values["debriefed"] = booked


def _is_due(stability_days: float, last_day: date, today: date) -> bool:
    return (today - last_day).days >= stability_days


def _next(
    workspace: Workspace, days_left: int, loaded: bool, open_block: bool, due: int, answered: int
) -> tuple[str, str]:
    if not loaded:
        return "qbank start", "No questions are loaded yet."
    if open_block:
        return "qbank block", "A block is open, with every answer and the time you had left."
    if days_left < 0 and workspace.booked:
        return "qbank set exam-date DATE", "Your exam day has passed. Set a new one if you will sit again."
    note = care.last_days_note(workspace)
    if note is not None:
        return _CARE_STEPS[0 if care.is_over(workspace) else days_left], note
    if exam_date_to_ask(workspace):
        return (
            "qbank set exam-date DATE",
            "Is your exam booked by now? The choice of questions depends on the day.",
        )
    if answered == 0:
        return "qbank block", "Your first answers correct what the report could only guess."
    if due >= 10:
        return (
            "qbank review",
            f"{due} objectives are slipping under nine in ten. A short review tonight keeps them.",
        )
    return "qbank block", "A mixed block is worth most now: new objectives and slipping ones in one order."
