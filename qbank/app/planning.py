"""The plan to the exam day, made anew from today each time it is asked for, with what it is expected to buy."""

from collections.abc import Sequence
from datetime import date, timedelta

from qbank.app import attempts_ahead, care, deadlines, moving
from qbank.app.banks import others_misses
from qbank.app.candidates import drilled_reserve
from qbank.app.plan_shapes import AreaOutlook, Assessment, Course, Decision, Move, Outlook, Plan, Plateau
from qbank.app.standing import Standing, standing
from qbank.app.what_if import WhatIf
from qbank.app.workspace import Workspace
from qbank.core import forecast, self_assessments
from qbank.core.candidates import Pool
from qbank.core.event import EventKind
from qbank.core.forecast import Forecast, Learner
from qbank.core.forecast_pool import Held
from qbank.core.mastery import Estimate
from qbank.core.plan import DayKind, Frame, Means, PlanDay, plan_days
from qbank.core.scoring import Desk
from qbank.core.self_assessments import Taken
from qbank.core.worth import Pricer, Seconds
from qbank.errors import NothingToDo
from qbank.store.store import Transaction

DEFAULT_DAYS = 6

DECISION_DAYS = (35, 55)
"""Weeks 5 to 7 before the exam: late enough for two self-assessments, early enough that the date can be moved before the
dearer fees and within an eligibility period. [judged]
"""

DELAYS_DAYS = (14, 28)
"""What is set beside the date as it is, when the date is to be decided on. [judged]"""

TOP_REASONS = 3


def plan(workspace: Workspace, what_ifs: Sequence[WhatIf] = ()) -> Plan:
    """The plan as it is, with a course for each what-if. Raises NothingToDo once the exam day has passed."""
    if care.days_left(workspace) < 0:
        raise NothingToDo("Your exam day has passed. If you sit again, set the day: qbank set exam-date DATE")
    with workspace.store.read() as tx:
        planner = _Planner(workspace, tx)
        days, course, outcome = planner.course(WhatIf("as it is"))
        others = [planner.course(what_if) for what_if in what_ifs]
        moves = [planner.move(other, outcome) for other in others if other[1].exam_day != course.exam_day]
        decision = _decision(workspace)
        delays = planner.delays(outcome) if decision is not None else []
        stalled = _plateau(tx, workspace, planner.taken)
    return Plan(
        exam=workspace.exam.name,
        today=workspace.today,
        booked=workspace.booked,
        days=days,
        courses=(course, *(other for _, other, _ in others)),
        moves=(*moves, *delays),
        terms=moving.terms(workspace),
        reach=planner.held.reach,
        limits=deadlines.limits(workspace.values),
        attempts_left=planner.attempts_left,
        assessments=tuple(_assessment(workspace, one) for one in planner.taken),
        decision=decision,
        plateau=stalled,
        care=care.last_days_note(workspace),
        notes=moving.keeps(workspace, workspace.exam_day, planner.now.reports)
        if workspace.booked and care.days_left(workspace)
        else (),
    )


_Planned = tuple[tuple[PlanDay, ...], Course, Forecast | None]


class _Planner:
    """Reads once what every course is reckoned from."""

    def __init__(self, workspace: Workspace, tx: Transaction) -> None:
        self._workspace = workspace
        self.now: Standing = standing(workspace, tx)
        self.taken = self_assessments.taken(self.now.reports)
        model, reported = self.now.model, self.now.reported
        self._pace = self.now.seconds
        desk = Desk(
            model, reported, Pricer(model, max(1, care.days_left(workspace))), Pool(), workspace.today, 1.0
        )
        self._learner = Learner(
            model, reported.belief, reported.base, self._pace, self.now.guess, self.now.memory, desk.pull
        )
        self.held: Held = forecast.read(
            tx.candidates(
                workspace.learner.id,
                reserve=drilled_reserve(workspace),
                without_banks=others_misses(tx, workspace.learner.id),
            ),
            self._learner,
            workspace.today,
            drawn_banks=[row.id for row in tx.banks() if row.kind == "imported"],
        )
        self._spent_s = _spent_seconds(tx, workspace, self._pace)
        rehearsal = tx.last_event(workspace.learner.id, [EventKind.EXAM_DAY_BEGUN])
        self._rehearsed = rehearsal.study_day if rehearsal else None
        told = deadlines.limits(workspace.values).attempts_left
        self.attempts_left = attempts_ahead.left(workspace, self.now.reports) if told is None else told

    def course(self, what_if: WhatIf) -> _Planned:
        workspace = self._workspace
        exam_day = what_if.exam_day or workspace.exam_day
        minutes = what_if.minutes or workspace.minutes_a_day
        means = Means(
            minutes=minutes,
            days_a_week=what_if.days or int(str(workspace.values.get("days") or DEFAULT_DAYS)),
            off=(*deadlines.days_off(workspace.values), *what_if.off),
            today=0 if care.is_over(workspace) else max(0, minutes - round(self._spent_s / 60)),
        )
        days = plan_days(
            workspace.today,
            exam_day,
            means,
            self._frame(exam_day),
            assessed=[one.day for one in self.taken],
            rehearsed=self._rehearsed,
        )
        outcome = None if care.in_last_days(workspace) else forecast.forecast(self.held, self._learner, days)
        return days, self._in_numbers(what_if.text, days, means, outcome), outcome

    def move(self, other: _Planned, outcome: Forecast | None, *, asked: bool = True) -> Move:
        days, course, elsewhere = other
        shift = (course.exam_day - self._workspace.exam_day).days
        gain = None
        if outcome is not None and elsewhere is not None:
            gain = forecast.compared(outcome, elsewhere, self._learner)
        return Move(
            days[-1].day,
            shift,
            asked,
            gain,
            _a_week(gain, shift),
            moving.against(self._workspace, course.exam_day, self.now.reports),
        )

    def delays(self, outcome: Forecast | None) -> list[Move]:
        """What is set beside the date while it is to be decided on."""
        later = [self._workspace.exam_day + timedelta(days) for days in DELAYS_DAYS]
        return [self.move(self.course(WhatIf("", exam_day=day)), outcome, asked=False) for day in later]

    def _frame(self, exam_day: date) -> Frame:
        return Frame(
            self._workspace.exam.format_on(exam_day).items,
            self._pace.expected(self.now.total.mean, seen=False),
        )

    def _in_numbers(
        self, label: str, days: Sequence[PlanDay], means: Means, outcome: Forecast | None
    ) -> Course:
        minutes = sum(day.minutes for day in days)
        return Course(
            label=label,
            exam_day=days[-1].day,
            days_left=len(days) - 1,
            minutes_a_day=means.minutes,
            days_a_week=means.days_a_week,
            study_days=sum(day.kind is DayKind.STUDY for day in days),
            blocks=sum(day.blocks for day in days),
            minutes=minutes,
            minutes_here=minutes if outcome is None else round(outcome.seconds_here / 60),
            outlook=None if outcome is None else self._outlook(outcome),
        )

    def _outlook(self, outcome: Forecast) -> Outlook:
        names = {
            area.id: area.name for area in self._workspace.exam.areas("system", self._workspace.exam_day)
        }
        areas = tuple(
            AreaOutlook(
                area.area, names.get(area.area, area.area), area.share, area.today, area.stopped, area.planned, area.gain
            )
            for area in outcome.areas
        )  # fmt: skip
        whole = outcome.total
        return Outlook(
            whole.today,
            whole.stopped,
            whole.planned,
            whole.gain,
            outcome.elsewhere,
            outcome.with_elsewhere,
            areas,
        )


def _spent_seconds(tx: Transaction, workspace: Workspace, pace: Seconds) -> float:
    """What today's answers took, their explanations read at the usual pace."""
    # A study day is at most a day behind the clock, whichever way one has travelled.
    since = workspace.now() - timedelta(days=2)
    spent = 0.0
    for row in tx.responses(workspace.learner.id, since=since):
        given = row.response
        if given.study_day == workspace.today and given.shown:
            spent += given.elapsed_ms / 1000 + (pace.after_hit if given.correct else pace.after_miss)
    return spent


def _decision(workspace: Workspace) -> Decision | None:
    """None outside of weeks 5 to 7, and while no date is booked."""
    nearest, furthest = DECISION_DAYS
    if not workspace.booked or not nearest <= care.days_left(workspace) <= furthest:
        return None
    band, booking = workspace.exam.low_pass_range, workspace.exam.booking
    return Decision(
        low_pass=(band.low, band.high) if band else None,
        low_pass_source=f"{band.source.confidence}, read {band.source.read}" if band else "",
        guide=booking.guide.text if booking else "",
    )


def _assessment(workspace: Workspace, one: Taken) -> Assessment:
    band = workspace.exam.low_pass_range
    where = self_assessments.against(one, band.low, band.high) if band else ""
    return Assessment(one.day, one.form, one.percent, one.low, one.high, where)


def _plateau(tx: Transaction, workspace: Workspace, assessments: Sequence[Taken]) -> Plateau | None:
    if care.in_last_days(workspace) or not self_assessments.plateau(assessments):
        return None
    before, last = assessments[-2:]
    reasons = tuple(reason for reason, _ in tx.miss_reasons(workspace.learner.id)[:TOP_REASONS])
    return Plateau(last.percent - before.percent, self_assessments.told_apart(before, last), reasons)


def _a_week(gain: Estimate | None, days: int) -> Estimate | None:
    """None for a date that is sooner: nobody asks what a week less costs."""
    if gain is None or days <= 0:
        return None
    weeks = days / 7
    return Estimate(gain.mean / weeks, gain.low / weeks, gain.high / weeks)
