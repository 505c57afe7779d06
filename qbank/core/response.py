"""What was answered, and the FSRS rating that it earns."""

from datetime import date, datetime
from enum import IntEnum, StrEnum

import msgspec

from qbank.core.question import ServedItem


class Rating(IntEnum):
    """FSRS's grades. No answer here earns Easy: speed is not ease. Reviews in other programs may have it."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Confidence(StrEnum):
    """How sure the learner said they were. No answer is its own state (None), not a fourth level."""

    SURE = "sure"
    UNSURE = "unsure"
    GUESSED = "guessed"


class MissReason(StrEnum):
    """Why a question was missed, in the learner's own judgement."""

    NEVER_LEARNED = "never learned"
    COULD_NOT_RETRIEVE = "could not retrieve"
    BETWEEN_TWO = "between two"
    REASONED_WRONGLY = "knew it, reasoned wrongly"
    MISREAD = "misread"
    CHANGED_AWAY = "changed away"
    OUT_OF_TIME = "out of time"


class Mode(StrEnum):
    TIMED = "timed"
    TUTOR = "tutor"
    REVIEW = "review"


class Change(msgspec.Struct, frozen=True):
    """One change of answer, by option id, at a time on the block's clock."""

    before: str
    after: str
    at_ms: int


class Response(msgspec.Struct, frozen=True):
    """What the learner did with one question; final when the key is revealed or the block closes.

    `choice` is an option id or None when left blank. `elapsed_ms` is the time the question was on screen. `shown` is
    False for a question the learner never reached; `time_ran_out` is True when the block closed itself at its time limit.
    """

    block: str
    position: int
    item: ServedItem
    mode: Mode
    choice: str | None
    correct: bool
    elapsed_ms: int
    at: datetime
    study_day: date
    shown: bool = True
    time_ran_out: bool = False
    changes: tuple[Change, ...] = ()
    struck: tuple[str, ...] = ()
    marked: bool = False
    confidence: Confidence | None = None
    reason: MissReason | None = None
    reason_after: MissReason | None = None
    note: str = ""
