"""What an event holds, checked before it is recorded and before a record from elsewhere is believed.

It is one and the same check, so whatever was recorded can be taken in again. It asks only for what a replay reads: what else
an event holds may grow with the program, and must be plain JSON.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfoNotFoundError

import msgspec

from qbank.app.event_checks import (
    FIRST_YEAR,
    LAST_YEAR,
    Key,
    check_name,
    check_plain,
    check_question,
    check_time,
)
from qbank.app.exams import load_exam
from qbank.app.results_fold import RESULTS
from qbank.app.weights import NOT_SET, model_of
from qbank.core import block
from qbank.core.block import BlockPlan, event_from_json
from qbank.core.event import Event, EventKind
from qbank.core.exam import Exam
from qbank.core.exam_day import ExamDayPlan, Sat, begun
from qbank.core.question import Objective, Question
from qbank.core.report import ScoreReport, impossible
from qbank.core.results import ResultList
from qbank.errors import NotFound
from qbank.store.rows import Purpose

LONGEST_MS = 2**53

_Position = Annotated[int, msgspec.Meta(ge=0, le=100_000)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=10**9)]
_NUMBERS = frozenset({"minutes", "days", "extra-time"})
_TEXTS = frozenset(
    {
        "exam",
        "exam-date",
        "assumed-exam-date",
        "exam-date-asked-on",
        "report-asked-on",
        "debriefed",
        "time-zone",
        "colours",
        "nightly-fit",
    }
)


class _Setting(msgspec.Struct):
    key: str
    value: Any


_Probability = Annotated[float, msgspec.Meta(ge=0, le=1)]


class _ReportAdded(msgspec.Struct):
    report: ScoreReport


class _ReportRemoved(msgspec.Struct):
    report: str
    removed: bool


class _Plan(msgspec.Struct):
    block: BlockPlan
    expected: list[_Probability] = []
    wanted: dict[str, Any] = {}
    sat: Sat | None = None


class _BlockComposed(msgspec.Struct):
    block: Key
    purpose: Purpose
    plan: _Plan


class _BlockStep(msgspec.Struct):
    block: str
    step: dict[str, Any]


class _Retraction(msgspec.Struct):
    block: str
    position: _Position


class _Outside(msgspec.Struct):
    source: str
    system: str
    discipline: str
    right: _Count
    of: _Count
    minutes: float | None


class _ResultsRemoved(msgspec.Struct):
    source: Key
    removed: bool


class _OwnObjective(msgspec.Struct):
    objective: Objective
    question: Question


class _QuestionFlagged(msgspec.Struct):
    bank: str
    question: str
    note: str
    flagged: bool


class _Debrief(msgspec.Struct):
    exam_date: str
    outcome: str


class _Mind(msgspec.Struct):
    block: str
    elsewhere: bool


class _Reviewed(msgspec.Struct):
    """The reviews of one question in another program: when in UTC, FSRS's rating, and the study day of each."""

    question: Key
    objective: Key
    reviews: list[tuple[datetime, Annotated[int, msgspec.Meta(ge=1, le=4)], date]]


class _MemoryImported(msgspec.Struct):
    source: str
    bank: Key
    histories: list[_Reviewed]


class _Paper(msgspec.Struct):
    """What one block of an exam day was composed of, as its explanation will show it."""

    expected: list[float]
    picks: list[dict[str, Any]]


class _ExamDayBegun(msgspec.Struct):
    day: Key
    plan: ExamDayPlan
    paper: list[_Paper]
    seed: int


class _ExamDayStep(msgspec.Struct):
    day: Key
    step: Literal["tutorial-ended", "day-ended"]


class _Fitted(msgspec.Struct):
    """`log_loss_*` are means over the held-out reviews; `standard_error` is of the gain over what was in force."""

    accepted: bool
    name: Key
    weights: tuple[float, ...]
    reviews: _Count
    held_out: _Count
    log_loss_default: float
    log_loss_before: float
    log_loss_after: float
    standard_error: float
    library: str


class _WeightsChosen(msgspec.Struct):
    name: Key
    weights: tuple[float, ...] | None


def check_event(event: Event, exam: Exam) -> None:
    """Raise ValueError, with a reason, unless it happened when it can have and its data is what its kind holds."""
    check_time(event.at, event.study_day)
    check_plain(event.data)
    try:
        msgspec.json.encode(event.data)
    except OverflowError as error:
        raise ValueError(f"It holds a number that is too large: {error}") from error
    shape = msgspec.convert(event.data, _SHAPES[event.kind])
    check = _CHECKS.get(event.kind)
    if check is not None:
        check(shape, exam)
    if isinstance(shape, _MemoryImported) and any(
        day > event.study_day for history in shape.histories for _, _, day in history.reviews
    ):
        raise ValueError("A review cannot be later than its import")


def _setting(found: _Setting, exam: Exam) -> None:
    from qbank.app import preferences  # whose changes are recorded, and what is recorded is checked here

    key, value = found.key, found.value
    check_name(key)
    if key in NOT_SET or key == RESULTS:
        raise ValueError(f"{key} follows from other events, and is not set")
    if value is None:
        return
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if (key in _NUMBERS and not number) or (key in ("minutes", "days") and not isinstance(value, int)):
        raise ValueError(f"{key} cannot be {value!r}")
    if key in _TEXTS and not isinstance(value, str):
        raise ValueError(f"{key} cannot be {value!r}")
    try:
        preferences.check_value(key, value)
        if key == "exam":
            load_exam(value)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"There is no time zone named {value!r}") from error
    except NotFound as error:
        raise ValueError(str(error)) from error


def _report(found: _ReportAdded, exam: Exam) -> None:
    report = found.report
    try:
        schema = exam.report_schema(report.era)
    except NotFound as error:
        raise ValueError(str(error)) from error
    wrong = impossible(report, schema, report.sat_on)
    if wrong:
        raise ValueError(wrong[0][1])


def _composed(found: _BlockComposed, exam: Exam) -> None:
    plan = found.plan.block
    check_name(found.block)
    if plan.id != found.block:
        raise ValueError("The block's plan is another block's")
    block.start(plan)
    if any(not item.option_order for item in plan.items):
        raise ValueError("A question of the block has no options")
    sat = found.plan.sat
    if (found.purpose is Purpose.EXAM) != (sat is not None):
        raise ValueError("A block of an exam day, and no other, has its place in one")
    if sat is not None and (plan.limit_ms is None or not 0 < sat.day_left_ms <= LONGEST_MS):
        raise ValueError("A block of an exam day has a time limit within its day")
    if sat is not None and len(found.plan.expected) != len(plan.items):
        raise ValueError("A block of an exam day has an expectation for each question")


def _flagged(found: _QuestionFlagged, exam: Exam) -> None:
    check_name(found.bank)
    check_name(found.question)


def _debrief(found: _Debrief, exam: Exam) -> None:
    date.fromisoformat(found.exam_date)


def _step(found: _BlockStep, exam: Exam) -> None:
    if not 0 <= event_from_json(found.step).at_ms <= LONGEST_MS:
        raise ValueError("The step's time cannot be")


def _outside(found: _Outside, exam: Exam) -> None:
    if not found.right <= found.of or found.of < 1:
        raise ValueError(f"{found.right} right of {found.of} cannot be")


def _results(found: ResultList, exam: Exam) -> None:
    check_name(msgspec.convert(found.source, Key))
    for done in found.totals:
        msgspec.convert(done.count, _Count)
    for row in found.rows:
        check_name(row.question)
        if row.on is not None and not FIRST_YEAR <= row.on.year <= LAST_YEAR:
            raise ValueError(f"An answer cannot be of {row.on}")
        if row.seconds is not None:
            msgspec.convert(row.seconds, _Count)
        if row.others is not None and not 0 <= row.others <= 100:
            raise ValueError(f"{row.others} percent of others cannot be")


def _results_removed(found: _ResultsRemoved, exam: Exam) -> None:
    check_name(found.source)


def _exam_day(found: _ExamDayBegun, exam: Exam) -> None:
    plan = found.plan
    check_name(found.day)
    begun(plan)
    names = [each.id for each in plan.blocks]
    for name in names:
        check_name(msgspec.convert(name, Key))
    if plan.id != found.day or len(set(names)) != len(names):
        raise ValueError("The exam day's plan is another day's, or has one block twice")
    if plan.length_ms > LONGEST_MS:
        raise ValueError("The exam day is too long")
    if any(not item.option_order for each in plan.blocks for item in each.items):
        raise ValueError("A question of the exam day has no options")
    sizes = [len(each.items) for each in plan.blocks]
    if [(len(each.expected), len(each.picks)) for each in found.paper] != [(size, size) for size in sizes]:
        raise ValueError("The exam day's paper is not that of its plan")


def _own_objective(found: _OwnObjective, exam: Exam) -> None:
    check_question(found.question)
    for name in (found.objective.bank, found.objective.id, found.question.id):
        msgspec.convert(name, Key)
        check_name(name)
    if (found.question.bank, found.question.objective) != (found.objective.bank, found.objective.id):
        raise ValueError("The prompt is of another objective")


def _memory(found: _MemoryImported, exam: Exam) -> None:
    check_name(found.bank)
    for history in found.histories:
        check_name(history.question)
        check_name(history.objective)
        for at, _, day in history.reviews:
            if at.tzinfo is None:
                raise ValueError("A review's time needs its zone")
            check_time(at, day)


def _weights(found: _Fitted | _WeightsChosen, exam: Exam) -> None:
    check_name(found.name)
    model_of(found.name, found.weights)


_SHAPES: Mapping[EventKind, type[msgspec.Struct]] = {
    EventKind.SETTING: _Setting,
    EventKind.REPORT_ADDED: _ReportAdded,
    EventKind.REPORT_REMOVED: _ReportRemoved,
    EventKind.BLOCK_COMPOSED: _BlockComposed,
    EventKind.BLOCK_STEP: _BlockStep,
    EventKind.RETRACTION: _Retraction,
    EventKind.OUTSIDE: _Outside,
    EventKind.RESULTS: ResultList,
    EventKind.RESULTS_REMOVED: _ResultsRemoved,
    EventKind.OWN_OBJECTIVE: _OwnObjective,
    EventKind.QUESTION_FLAGGED: _QuestionFlagged,
    EventKind.DEBRIEF: _Debrief,
    EventKind.EXAM_DAY_BEGUN: _ExamDayBegun,
    EventKind.EXAM_DAY_STEP: _ExamDayStep,
    EventKind.FITTED: _Fitted,
    EventKind.WEIGHTS_CHOSEN: _WeightsChosen,
    EventKind.MIND: _Mind,
    EventKind.MEMORY_IMPORTED: _MemoryImported,
}
_CHECKS: Mapping[EventKind, Callable[[Any, Exam], None]] = {
    EventKind.SETTING: _setting,
    EventKind.REPORT_ADDED: _report,
    EventKind.BLOCK_COMPOSED: _composed,
    EventKind.BLOCK_STEP: _step,
    EventKind.OUTSIDE: _outside,
    EventKind.RESULTS: _results,
    EventKind.RESULTS_REMOVED: _results_removed,
    EventKind.OWN_OBJECTIVE: _own_objective,
    EventKind.QUESTION_FLAGGED: _flagged,
    EventKind.DEBRIEF: _debrief,
    EventKind.EXAM_DAY_BEGUN: _exam_day,
    EventKind.FITTED: _weights,
    EventKind.WEIGHTS_CHOSEN: _weights,
    EventKind.MEMORY_IMPORTED: _memory,
}
