"""What stands in the way of an exam day, and what moving to it costs, in sentences that name their sources."""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from qbank.app import attempts_ahead
from qbank.app.deadlines import limits
from qbank.app.workspace import Workspace
from qbank.core.report import ScoreReport


def keeps(workspace: Workspace, day: date, reports: Sequence[ScoreReport]) -> tuple[str, ...]:
    """What a day runs into: the eligibility period, the school's deadline, the attempt rules. () when nothing known."""
    told, found = limits(workspace.values), []
    if told.eligible_until is not None and day > told.eligible_until:
        found.append(
            f"{day} lies after your eligibility period, which ends {told.eligible_until}: that needs an extension, where "
            "one is given, or a new application."
        )
    if told.school_deadline is not None and day > told.school_deadline:
        found.append(f"{day} lies after your school's deadline, {told.school_deadline}. Ask there first.")
    elsewhere = replace(workspace, values={**workspace.values, "exam-date": day.isoformat()})
    return (*found, *attempts_ahead.ahead(elsewhere, reports))


def against(workspace: Workspace, day: date, reports: Sequence[ScoreReport]) -> tuple[str, ...]:
    """How another exam day stands to what the learner told: what it keeps, and what it runs into."""
    told, found = limits(workspace.values), []
    if told.eligible_until is not None and day <= told.eligible_until:
        found.append(f"It lies within your eligibility period, which ends {told.eligible_until}.")
    if told.school_deadline is not None and day <= told.school_deadline:
        found.append(f"It keeps your school's deadline, {told.school_deadline}.")
    return (*found, *keeps(workspace, day, reports))


def terms(workspace: Workspace) -> tuple[str, ...]:
    """What holds for any other date: what moving costs today, and the period that it has to lie in."""
    if not workspace.booked or workspace.exam_day <= workspace.today:
        return ()
    booking = workspace.exam.booking
    known = booking is None or limits(workspace.values).eligible_until is not None
    return (_fee(workspace),) if known or booking is None else (_fee(workspace), booking.period)


def _fee(workspace: Workspace) -> str:
    """What moving the booked day costs if it is done today."""
    told, booking = limits(workspace.values), workspace.exam.booking
    left = (workspace.exam_day - workspace.today).days
    if told.free_until is not None:
        if workspace.today <= told.free_until:
            return f"Moving it costs no fee until {told.free_until}."
        return f"The day until which moving it was free, {told.free_until}, has passed: it costs a fee."
    band = booking.fee(left) if booking is not None else None
    if booking is None or band is None:
        return "What moving it costs is not known here; your registration office and the test centre know."
    more = [one for one in booking.fees if one.from_days < band.from_days]
    nearer = max(more, key=lambda one: one.from_days, default=None)
    until = ""
    if nearer is not None:
        last = workspace.exam_day - timedelta(days=band.from_days)
        until = f" That holds until {last}; then {nearer.text}."
    return (
        f"Moved today, {left} day{'' if left == 1 else 's'} before: {band.text}.{until} "
        f"({band.source.confidence}, read {band.source.read}; ask the test centre what holds.)"
    )
