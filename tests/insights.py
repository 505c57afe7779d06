"""What readiness and diagnosis may come to, as values."""

from datetime import date

from qbank.app.diagnosing import Diagnosis, Step
from qbank.app.readiness import Ready
from qbank.core.insight.causes import Cause
from qbank.core.insight.diagnosis import Finding, Known, Mind, Pace, Verdict
from qbank.core.insight.readiness import Index

INDEX = Index(61.2, 55.4, 66.1, 52.0, 70.0)
READY = Ready(
    exam="USMLE Step 1",
    exam_day=date(2027, 1, 21),
    booked=True,
    days_left=56,
    withheld="",
    printed=None,
    answers=160,
    right=98,
    since=date(2026, 11, 1),
    until=date(2026, 11, 20),
    needed=0,
    forms=0,
    bank=INDEX,
    updated=None,
    with_more=None,
    low_pass=None,
    reserve=80,
    block_size=40,
    reserve_joins=None,
    next_step="qbank block",
    why="It is worth most.",
)


def finding(cause: Cause, verdict: Verdict, estimate: float, low: float, high: float) -> Finding:
    return Finding(
        cause=cause,
        suspected=False,
        verdict=verdict,
        estimate=estimate,
        low=low,
        high=high,
        p=0.0005 if verdict is Verdict.SHOWN else 0.4,
        p_holm=0.004 if verdict is Verdict.SHOWN else 0.9,
        size=0.1,
        unit="answers",
        count=900,
        needed=800,
        more_blocks=0,
        can_settle=True,
        cost=0.03,
    )


FOUND = Diagnosis(
    note="",
    loaded=True,
    blocks=25,
    answers=1000,
    block_size=40,
    fresh_left=400,
    suspects_knowledge=False,
    causes=(
        finding(Cause.PACING, Verdict.SHOWN, 0.12, 0.05, 0.19),
        finding(Cause.CARRY_OVER, Verdict.NOT_SEEN, -0.02, -0.08, 0.04),
        finding(Cause.FATIGUE, Verdict.OPEN, 0.5, -0.9, 0.9),
    ),
    areas=(),
    reasons=(),
    pace=Pace(50, 90, 3, 1000),
    known=Known(0, 0, 0),
    mind=Mind(0, 0, (0, 0), (0, 0), None),
    first=(Step("qbank block --minutes 13.5", cause=Cause.PACING, cost=0.03),),
)
