"""A learner's world in small: a store with twelve questions, and a clock, a counter and dice that a test holds."""

import random
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from qbank.app.exams import load_exam
from qbank.app.payload import to_data
from qbank.app.practice import Practice
from qbank.app.preferences import change
from qbank.app.rebuild import rebuild
from qbank.app.record import record
from qbank.app.weights import memory_model
from qbank.app.workspace import Workspace
from qbank.core import block
from qbank.core.event import Event, EventKind
from qbank.core.learned import Learned, learned_from_json
from qbank.core.memory import DEFAULT_MODEL, Memory, MemoryModel, advance
from qbank.core.pace import Pace
from qbank.core.question import Objective, Option, Question, option_id, serve
from qbank.core.rating import rating
from qbank.core.response import MissReason, Mode, Rating
from qbank.settings import Settings
from qbank.store.rows import BankKind, BankRow, DeviceRow, LearnerRow, ResponseRow
from qbank.store.store import Store

MONDAY = datetime(2027, 1, 4, 18, tzinfo=UTC)
PLACES = {
    "beta": ("cardiovascular", ("physiology", "pathology")),
    "delta": ("behavioral-nervous", ("anatomy",)),
    "zeta": ("cardiovascular", ("pharmacology",)),
    "theta": ("gastrointestinal", ("pathology",)),
    "iota": ("blood-immune", ("immunology", "pathology")),
    "sigma": ("respiratory-renal", ("physiology",)),
}


class World:
    """One device with an open store; time passes only when a test says so."""

    def __init__(
        self, folder: Path, *, template: Path | None = None, url: str = "", device: str = "one", seed: int = 1
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.at = MONDAY
        self.seconds = 0.0
        settings = Settings(folder, url or str(folder / "qbank.sqlite3"), None, "usmle-step1")
        if template is not None:
            shutil.copy(template, settings.db)
        self.workspace = Workspace(
            settings=settings,
            store=Store.open(settings.db, backup_dir=settings.backups, stamp="now"),
            exam=load_exam("usmle-step1"),
            learner=LearnerRow("learner-1", "me"),
            device=DeviceRow(f"device-{device}", device),
            values={},
            now=lambda: self.at,
            monotonic=lambda: self.seconds,
            random_bits=random.Random(seed).getrandbits,
        )

    def load_bank(self) -> None:
        """Two siblings for each of six objectives."""
        objectives = [Objective("starter", name, f"Know {name}", *_place(name)) for name in PLACES]
        with self.workspace.store.begin() as tx:
            tx.put_bank(BankRow("starter", "Starter", "", BankKind.BUNDLED, "usmle-step1"))
            tx.upsert_questions("starter", objectives, small_bank())

    def settle(self) -> None:
        """Say where and when, so that nothing depends on the computer that runs the test."""
        change(self.workspace, "time-zone", "America/New_York")
        change(self.workspace, "exam-date", "2027-03-15")

    def pass_time(self, *, days: float = 0, hours: float = 0, seconds: float = 0) -> None:
        self.at += timedelta(days=days, hours=hours, seconds=seconds)
        self.seconds += max(0.0, timedelta(days=days, hours=hours, seconds=seconds).total_seconds())

    def single(self, bank: str, name: str, mode: Mode = Mode.TUTOR) -> Practice:
        """A block of this one question, which nobody composed, shown."""
        with self.workspace.store.read() as tx:
            question = tx.question(bank, name)
        assert question is not None
        block_id = f"block-{self.events()}"
        limit_ms = 90_000 if mode is Mode.TIMED else None
        plan = block.BlockPlan(block_id, mode, (serve(question, self.events()),), limit_ms)
        data = {"block": block_id, "purpose": "drill", "plan": {"block": to_data(plan), "expected": [0.5]}}
        record(self.workspace, EventKind.BLOCK_COMPOSED, data)
        practice = Practice(self.workspace, block_id)
        practice.do(block.Show, position=0)
        return practice

    def choose(self, practice: Practice, *, right: bool) -> None:
        """Answer the question on screen after a minute."""
        self.pass_time(seconds=60)
        position = practice.state.position
        key = practice.question(position).key.id
        wrong = next(name for name in practice.item(position).option_order if name != key)
        practice.do(block.Answer, option=key if right else wrong)

    def digest(self) -> str:
        with self.workspace.store.read() as tx:
            return tx.derived_digest(self.workspace.learner.id)

    def replayed_digest(self) -> str:
        """The derived rows after a replay of the log, which is not kept."""
        digest = ""
        with suppress(_Discard), self.workspace.store.begin() as tx:
            rebuild(tx, self.workspace.exam, self.workspace.learner.id)
            digest = tx.derived_digest(self.workspace.learner.id)
            raise _Discard
        return digest

    def learned(self) -> Learned | None:
        """What is stored of the learner; None before the first answer."""
        with self.workspace.store.read() as tx:
            payload = tx.belief(self.workspace.learner.id)
        return None if payload is None else learned_from_json(payload)

    def belief(self) -> Learned | None:
        """The part of it that rests on scores: all but the pace."""
        learned = self.learned()
        return None if learned is None else replace(learned, pace=Pace())

    def responses(self) -> list[ResponseRow]:
        with self.workspace.store.read() as tx:
            return list(tx.responses(self.workspace.learner.id))

    def memories(self) -> dict[tuple[str, str], Memory]:
        with self.workspace.store.read() as tx:
            rows = tx.memories(self.workspace.learner.id)
        return {(row.bank, row.objective): row.memory for row in rows}

    def imported(self) -> list[Event]:
        """The events that brought reviews from elsewhere."""
        with self.workspace.store.read() as tx:
            return list(tx.events(self.workspace.learner.id, kinds=[EventKind.MEMORY_IMPORTED]))

    def model(self) -> MemoryModel:
        """The weights in force."""
        with self.workspace.store.read() as tx:
            return memory_model(tx, self.workspace.learner.id)

    def events(self) -> int:
        with self.workspace.store.read() as tx:
            return tx.event_count()

    def close(self) -> None:
        self.workspace.close()


class _Discard(Exception):
    """Leaves a transaction without keeping what it wrote."""


def small_bank() -> list[Question]:
    return [small_question(f"{name}-{number}", name) for name in PLACES for number in (1, 2)]


def small_question(
    name: str, objective: str, *, key: int = 0, stem: str = "", bank: str = "starter"
) -> Question:
    texts = [f"{name} {letter}" for letter in "abcd"]
    options = tuple(Option(option_id(text), text, number == key) for number, text in enumerate(texts))
    return Question(bank, name, objective, stem or f"A case of {name}. Which?", options)


class Given(NamedTuple):
    """What moves memory, in plain words: an answer here, or a review elsewhere."""

    when: tuple[datetime, str, int]
    question: str
    rating: Rating
    day: date
    misread: bool = False


def memory_by_the_rules(
    rows: Sequence[ResponseRow], model: MemoryModel = DEFAULT_MODEL, imported: Sequence[Event] = ()
) -> dict[tuple[str, str], Memory]:
    """What memory must be after these responses and imports, said once more and as plainly as it goes.

    The first rated response of an objective and study day is a review. A miss called misread is none when the next answer to
    a sibling was right, by knowledge and within two days. What came from elsewhere stands where it was imported, once.
    """
    by_objective: dict[tuple[str, str], list[Given]] = {}
    for row in rows:
        given = rating(row.response, rapid=row.rapid)
        if given is not None and not row.retracted:
            item, response = row.response.item, row.response
            reason = response.reason_after or response.reason
            misread = reason is MissReason.MISREAD and not response.correct
            when = (response.at, row.event, response.position)
            told = Given(when, item.question, given, response.study_day, misread)
            by_objective.setdefault((item.bank, item.objective), []).append(told)
    met = set()
    for event in imported:
        for history in event.data["histories"]:
            for number, (at, given, day) in enumerate(history["reviews"]):
                if (history["question"], at) not in met:
                    met.add((history["question"], at))
                    when = (event.at, event.id, number)
                    told = Given(when, history["question"], Rating(given), date.fromisoformat(day))
                    by_objective.setdefault((event.data["bank"], history["objective"]), []).append(told)
    memories = {}
    for key, known in by_objective.items():
        known.sort()
        reviews = [
            (one.rating, one.day)
            for number, one in enumerate(known)
            if not _was_misread(one, known[number + 1 :])
        ]
        memory = None
        for given, day in reviews:
            memory = advance(memory, given, day, model)
        assert memory is not None
        memories[key] = memory
    return memories


def _was_misread(miss: Given, later: Sequence[Given]) -> bool:
    siblings = [one for one in later if one.question != miss.question]
    if not miss.misread or not siblings:
        return False
    return siblings[0].rating > Rating.AGAIN and 0 <= (siblings[0].day - miss.day).days <= 2


def _place(name: str) -> tuple[str, str, tuple[str, ...]]:
    system, disciplines = PLACES[name]
    return system, "cardiovascular" if system == "cardiovascular" else "", disciplines


def rekeyed(question: Question, key: int) -> Question:
    """The same text and options with another key."""
    options = tuple(replace(option, correct=number == key) for number, option in enumerate(question.options))
    return replace(question, options=options)
