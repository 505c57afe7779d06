"""The values that go into and come out of the store where `qbank.core` has none of its own."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from qbank.core.question import Kind
from qbank.core.response import Mode, Rating, Response

if TYPE_CHECKING:
    from qbank.core.memory import Memory
    from qbank.core.trace import Trace


class LearnerRow(msgspec.Struct, frozen=True):
    id: str
    name: str


class DeviceRow(msgspec.Struct, frozen=True):
    id: str
    name: str


class BankKind(StrEnum):
    """`OWN` is written by the learner: it overrides other banks by id, and none of it is kept in reserve."""

    BUNDLED = "bundled"
    OWN = "own"
    IMPORTED = "imported"


class BankRow(msgspec.Struct, frozen=True):
    """`source` is the folder or file it was loaded from; `exam` the id of the exam whose areas it uses.

    `licence` is the line shown with its questions, "" where none was given. Nothing is served from a bank that is `off`.
    """

    id: str
    name: str
    source: str
    kind: BankKind
    exam: str
    licence: str = ""
    off: bool = False


class FileMark(NamedTuple):
    """What a bank's file looked like when it was last loaded; `hash` is over its bytes."""

    size: int
    mtime_ns: int
    hash: str


class LoadCounts(msgspec.Struct, frozen=True):
    """What loading questions changed. `rekeyed` are ids with another key among the same option ids.

    `replaced` says whether an objective that was stored changed, or a stored question went to another one: with its
    place in the blueprint changes what follows from old answers, though no question did.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rekeyed: tuple[str, ...] = ()
    replaced: bool = False

    def __add__(self, other: "LoadCounts") -> "LoadCounts":
        return LoadCounts(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.rekeyed + other.rekeyed,
            self.replaced or other.replaced,
        )

    @property
    def needs_replay(self) -> bool:
        """Whether what was derived from old answers may no longer be what a replay of them gives."""
        return bool(self.changed) or self.replaced


class AreaCount(NamedTuple):
    objectives: int
    questions: int


class BankCounts(msgspec.Struct, frozen=True):
    """What can be served. One with several disciplines counts in each; areas are ids, "" for none."""

    objectives: int
    questions: int
    systems: dict[str, AreaCount]
    disciplines: dict[str, AreaCount]


class Listing(msgspec.Struct, frozen=True):
    """One question in a list: where it stands in the blueprint and in its file. `live` ones can be served."""

    bank: str
    id: str
    objective: str
    system: str
    section: str
    disciplines: tuple[str, ...]
    kind: Kind
    path: str
    line: int
    live: bool


class SearchHit(msgspec.Struct, frozen=True):
    """A question whose text has all the words; `excerpt` is one line around the first of them."""

    bank: str
    question: str
    objective: str
    excerpt: str


class MemoryRow(msgspec.Struct, frozen=True):
    """The memory of one objective, with the four numbers of its `core.trace.Trace`."""

    learner: str
    bank: str
    objective: str
    stability_days: float
    difficulty: float
    last_day: date
    reps: int
    lapses: int
    kept: float
    kept_days: float
    taught: float
    taught_days: float
    model: str

    @property
    def trace(self) -> "Trace":
        from qbank.core.trace import Trace  # as for memory

        return Trace(self.kept, self.kept_days, self.taught, self.taught_days)

    @property
    def memory(self) -> "Memory":
        from qbank.core.memory import Memory  # fsrs costs start-up time that most verbs need not pay

        return Memory(
            stability_days=self.stability_days,
            difficulty=self.difficulty,
            last_day=self.last_day,
            reps=self.reps,
            lapses=self.lapses,
            model=self.model,
        )


class ImportedReview(msgspec.Struct, frozen=True):
    """A review in another program of what became a question here; `at` and `event` are those of its import."""

    learner: str
    bank: str
    objective: str
    question: str
    reviewed_at: datetime
    study_day: date
    rating: Rating
    at: datetime
    event: str


class QuestionUse(msgspec.Struct, frozen=True):
    """What became of one question with one learner. A flagged one is not served to them again."""

    learner: str
    bank: str
    question: str
    objective: str
    served_count: int = 0
    last_day: date | None = None
    last_correct: bool | None = None
    marked: bool = False
    flagged: bool = False


class CellCount(NamedTuple):
    """How many objectives share one place in the blueprint, reserve included."""

    section: str
    system: str
    disciplines: str
    objectives: int
    questions: int


class ResponseRow(msgspec.Struct, frozen=True):
    """A final response with what was known when it was scored; `event` is the event that made it final.

    `fresh`: the learner had never seen the question. `assess`: drawn like the exam, to measure. `rapid`: too
    fast to be thought.
    """

    learner: str
    response: Response
    event: str
    system: str
    section: str
    disciplines: tuple[str, ...]
    rating: Rating | None
    fresh: bool
    assess: bool
    rapid: bool = False
    retracted: bool = False


class Purpose(StrEnum):
    """Why a block was composed; `EXAM` is one of an exam day."""

    DRILL = "drill"
    ASSESS = "assess"
    REVIEW = "review"
    EXAM = "exam"

    @property
    def measures(self) -> bool:
        """Whether its questions were drawn like the exam, and not chosen for what they are worth."""
        return self in (Purpose.ASSESS, Purpose.EXAM)


class BlockStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class BlockRow(msgspec.Struct, frozen=True):
    """A composed block. `plan` is what was composed; `elapsed_ms` is on the block's clock."""

    id: str
    learner: str
    mode: Mode
    purpose: Purpose
    state: BlockStatus
    composed_at: datetime
    study_day: date
    plan: dict[str, Any]
    interrupted: bool = False
    elapsed_ms: int = 0
    closed_at: datetime | None = None


class LeaseRow(msgspec.Struct, frozen=True):
    """Who drives a block now, when they last said so, and where the block's clock stood then."""

    block: str
    owner: str
    beat_at: datetime
    elapsed_ms: int


class AreaTotal(msgspec.Struct, frozen=True):
    dimension: str
    area: str
    answered: int
    correct: int


class LearnerTotals(msgspec.Struct, frozen=True):
    """Sums over a learner's answers; `hit_ms` and `miss_ms` are the times of right and of wrong ones."""

    answered: int = 0
    correct: int = 0
    hit_ms: int = 0
    miss_ms: int = 0


class ReportRow(msgspec.Struct, frozen=True):
    """A score report or self-assessment, named by the event that added it."""

    event_id: str
    learner: str
    added_on: date
    payload: dict[str, Any]
    removed: bool = False


class StoreInfo(msgspec.Struct, frozen=True):
    """`place` is safe to show: a URL without its password. `path` and `size_bytes` are None for a server."""

    kind: str
    place: str
    path: Path | None
    size_bytes: int | None
    version: str
