"""Objectives as a block's candidates, for tests of what is composed of them."""

from datetime import date

from qbank.core.candidates import Candidate
from qbank.core.trace import Trace


def unmet(objective: str, section: str, system: str, disciplines: str = "", questions: int = 2) -> Candidate:
    """An objective of the starter bank that was never reviewed, none of its questions seen."""
    return Candidate(
        bank="starter",
        objective=objective,
        section=section,
        system=system,
        disciplines=disciplines,
        task="",
        likelihood="medium",
        n_questions=questions,
        n_unseen=questions,
        stability_days=None,
        last_day=None,
        kept=None,
        kept_days=None,
        taught=None,
        taught_days=None,
        oldest_day=None,
    )


def met(row: Candidate, on: date, trace: Trace) -> Candidate:
    """The same, last reviewed on a day, which left this trace."""
    return row._replace(
        stability_days=trace.kept_days,
        last_day=on,
        kept=trace.kept,
        kept_days=trace.kept_days,
        taught=trace.taught,
        taught_days=trace.taught_days,
    )


def sound(days: float) -> Trace:
    """What a surely recalled answer leaves that is kept for so long."""
    return Trace(1.0, days, 0.0, 1.0)
