"""What a plan tells: values that are shown in lines or as JSON."""

from datetime import date

import msgspec

from qbank.app.deadlines import Limits
from qbank.core.mastery import Estimate
from qbank.core.plan import PlanDay
from qbank.core.response import MissReason


class AreaOutlook(msgspec.Struct, frozen=True):
    """One system: P(correct) today, on exam day if nothing more is done, with the plan; and what that buys."""

    area: str
    name: str
    share: float
    today: Estimate
    stopped: Estimate
    planned: Estimate
    gain: Estimate


class Outlook(msgspec.Struct, frozen=True):
    """The same over the whole exam. `elsewhere` is the gain if the minutes that this bank cannot fill go to a large bank,
    `with_elsewhere` where that leads.
    """

    today: Estimate
    stopped: Estimate
    planned: Estimate
    gain: Estimate
    elsewhere: Estimate
    with_elsewhere: Estimate
    areas: tuple[AreaOutlook, ...]


class Course(msgspec.Struct, frozen=True):
    """One way to the exam in numbers; `minutes` are all of its practice, `minutes_here` those that this bank can fill.

    `outlook` is None in the last days, when it helps nobody.
    """

    label: str
    exam_day: date
    days_left: int
    minutes_a_day: int
    days_a_week: int
    study_days: int
    blocks: int
    minutes: int
    minutes_here: int
    outlook: Outlook | None


class Move(msgspec.Struct, frozen=True):
    """Another date against the one of the plan: what it buys, in all and for each week, and what it keeps or runs into.

    `asked` is False for those that are shown when the date is to be decided on.
    """

    exam_day: date
    days: int
    asked: bool
    gain: Estimate | None
    gain_a_week: Estimate | None
    against: tuple[str, ...]


class Assessment(msgspec.Struct, frozen=True):
    """A self-assessment in percent correct, with its likely range and where that lies against the low-pass range."""

    day: date
    form: str
    percent: float
    low: float
    high: float
    against: str


class Decision(msgspec.Struct, frozen=True):
    """What to lay before an advisor in weeks 5 to 7, beside the last two self-assessments and other dates: no verdict.

    `low_pass` is in percent correct.
    """

    low_pass: tuple[float, float] | None
    low_pass_source: str
    guide: str


class Plateau(msgspec.Struct, frozen=True):
    """The last two self-assessments differ by less than `told_apart` points; `reasons` are the commonest for misses."""

    rise: float
    told_apart: float
    reasons: tuple[MissReason, ...]


class Plan(msgspec.Struct, frozen=True):
    """Everything that `qbank plan` tells.

    The first of `courses` is the plan as it is, the others are the what-ifs. `reach` is the part of the exam that this
    bank can drill; `terms` say what moving the date costs today.
    """

    exam: str
    today: date
    booked: bool
    days: tuple[PlanDay, ...]
    courses: tuple[Course, ...]
    moves: tuple[Move, ...]
    terms: tuple[str, ...]
    reach: float
    limits: Limits
    attempts_left: int | None
    assessments: tuple[Assessment, ...]
    decision: Decision | None
    plateau: Plateau | None
    care: str | None
    notes: tuple[str, ...]

    @property
    def course(self) -> Course:
        """The plan as it is."""
        return self.courses[0]
