"""One thing that happened, never changed afterwards: the learner's record is a log of these."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec


class EventKind(StrEnum):
    """What happened. The fields of each kind's `data` are documented where `app.project` reads them."""

    SETTING = "setting"
    REPORT_ADDED = "report-added"
    REPORT_REMOVED = "report-removed"
    BLOCK_COMPOSED = "block-composed"
    BLOCK_STEP = "block-step"
    RETRACTION = "retraction"
    OUTSIDE = "outside"
    RESULTS = "results"
    RESULTS_REMOVED = "results-removed"
    OWN_OBJECTIVE = "own-objective"
    QUESTION_FLAGGED = "question-flagged"
    DEBRIEF = "debrief"
    EXAM_DAY_BEGUN = "exam-day-begun"
    EXAM_DAY_STEP = "exam-day-step"
    FITTED = "fitted"
    WEIGHTS_CHOSEN = "weights-chosen"
    MIND = "mind"
    MEMORY_IMPORTED = "memory-imported"


class Event(msgspec.Struct, frozen=True):
    """An entry of the log.

    `id` is a UUIDv7 in its usual text form, so ids of one device sort by time. `at` is aware and in UTC. `study_day` was
    fixed when the event happened, from the time zone of that moment, and is never computed again.
    """

    id: str
    learner: str
    device: str
    at: datetime
    time_zone: str
    study_day: date
    kind: EventKind
    data: dict[str, Any] = msgspec.field(default_factory=dict)
