"""Composing 20 questions, against the length of the log and the size of the bank."""

import random
import statistics
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from measure import Ratio, medians, temporary
from sqlalchemy import select
from sqlalchemy.engine import Connection, create_engine

from qbank import settings
from qbank.app.bank_loading import load_banks
from qbank.app.composing import Request, compose_block
from qbank.app.ids import uuid7
from qbank.app.preferences import change
from qbank.app.record import record
from qbank.app.reports import add, sample
from qbank.app.workspace import Workspace, open_workspace
from qbank.core.event import Event, EventKind
from qbank.core.question import Objective, Option, Question, ServedItem
from qbank.core.response import Mode, Rating, Response
from qbank.store.rows import (
    BankKind,
    BankRow,
    BlockRow,
    BlockStatus,
    MemoryRow,
    Purpose,
    QuestionUse,
    ResponseRow,
)
from qbank.store.tables import objective, progress

RUNS = 15
FEW, MANY = 1_000, 10_000
LOG_OBJECTIVES, BIG_BANK = 600, 100_000
ANSWERED = 5_000
FIRSTS = 3


def measure() -> Iterator[Ratio]:
    """Ten times the answers over the same objectives; and a bank of 100,000 against fetching its rows."""
    with temporary() as short_home, temporary() as long_home:
        short, long = _workspace(short_home, LOG_OBJECTIVES), _workspace(long_home, LOG_OBJECTIVES)
        _answer(short, LOG_OBJECTIVES, FEW)
        _answer(long, LOG_OBJECTIVES, MANY)
        times = medians(RUNS, lambda: _compose(long), lambda: _compose(short))
        yield Ratio(f"Compose 20 after {MANY} answers", times[0], f"after {FEW}", times[1], 1.2)
        short.close()
        long.close()
    with temporary() as home:
        big = _workspace(home, BIG_BANK)
        _answer(big, BIG_BANK, ANSWERED)
        engine = create_engine(f"sqlite:///{Path(home, 'qbank.sqlite3')}")
        with engine.connect() as connection:
            yield from _of_large(big, connection, f"{ANSWERED} of them met")
            _meet(big, range(ANSWERED, BIG_BANK))
            yield from _of_large(big, connection, "all of them met")
        engine.dispose()
        big.close()


def _of_large(big: Workspace, connection: Connection, met: str) -> Iterator[Ratio]:
    """The first block after all scores were unknown, which reckons their ceilings; then the blocks of a week."""
    firsts = []
    for _ in range(FIRSTS):
        with big.store.begin() as tx:
            tx.put_ceilings(big.learner.id, "", [])
        firsts.append(_compose(big))
    times = medians(RUNS, lambda: _compose(big), lambda: _fetch(connection, big.learner.id))
    named = f"Compose 20 of {BIG_BANK} objectives, {met}"
    yield Ratio(named, times[0], "fetching their rows", times[1], 1.0)
    yield Ratio(f"{named}, for the first time", statistics.median(firsts), "fetching", times[1], 8.0)


def _compose(workspace: Workspace) -> float:
    began = time.perf_counter()
    compose_block(workspace, Request(size=20))
    return (time.perf_counter() - began) * 1000


def _fetch(connection: Connection, learner: str) -> float:
    began = time.perf_counter()
    query = select(
        objective.c.bank,
        objective.c.id,
        objective.c.section,
        objective.c.system,
        objective.c.disciplines,
        objective.c.task,
        objective.c.likelihood,
        objective.c.n_questions,
        progress.c.n_seen,
        progress.c.stability_days,
        progress.c.last_day,
        progress.c.kept,
        progress.c.kept_days,
        progress.c.taught,
        progress.c.taught_days,
        progress.c.oldest_day,
    ).select_from(
        objective.outerjoin(
            progress,
            (progress.c.learner == learner)
            & (progress.c.bank == objective.c.bank)
            & (progress.c.objective == objective.c.id),
        )
    )
    rows = connection.execute(query).fetchall()
    assert len(rows) >= LOG_OBJECTIVES
    return (time.perf_counter() - began) * 1000


def _workspace(home: str, objectives: int) -> Workspace:
    workspace = open_workspace(settings.load({"home": home}, {}))
    load_banks(workspace)
    change(workspace, "time-zone", "UTC")
    change(workspace, "exam-date", (workspace.today + timedelta(days=56)).isoformat())
    add(workspace, sample(workspace))
    sections = [(section.system, section.id) for section in workspace.exam.sections]
    disciplines = sorted(workspace.exam.known_areas("discipline"))
    made = [
        Objective(
            "bench",
            f"objective-{number}",
            f"Know fact {number}",
            *sections[number % len(sections)],
            (disciplines[number % len(disciplines)],),
        )
        for number in range(objectives)
    ]
    with workspace.store.begin() as tx:
        tx.put_bank(BankRow("bench", "Bench", "", BankKind.BUNDLED, workspace.exam.id))
        tx.upsert_questions("bench", made, [_question(number) for number in range(objectives)])
    return workspace


def _question(number: int) -> Question:
    options = tuple(Option(letter, f"Choice {letter}", letter == "b") for letter in "abcde")
    return Question(
        "bench", f"question-{number}", f"objective-{number}", f"Which is right, {number}?", options
    )


def _answer(workspace: Workspace, objectives: int, answers: int) -> None:
    """A log of answers over the last eight weeks with what is derived from it, written in one go."""
    draw = random.Random(1)
    learner, device = workspace.learner.id, workspace.device.id
    block_id = "bench-block"
    record(workspace, EventKind.SETTING, {"key": "minutes", "value": 90})
    with workspace.store.begin() as tx:
        began = datetime.now(UTC) - timedelta(days=56)
        tx.put_block(
            BlockRow(
                block_id,
                learner,
                Mode.TIMED,
                Purpose.DRILL,
                BlockStatus.CLOSED,
                began,
                began.date(),
                {"picks": []},
            )
        )
        for number in range(answers):
            at = began + timedelta(days=56) * (number / answers)
            # Every objective is met before any comes again, so that only the log's length differs.
            known = min(objectives, ANSWERED)
            which = number if number < known else draw.randrange(known)
            item = ServedItem("bench", f"question-{which}", "v", f"objective-{which}", 0, tuple("abcde"))
            response = Response(block_id, number, item, Mode.TIMED, "b", True, 60_000, at, at.date())
            event = Event(
                uuid7(at, draw.getrandbits), learner, device, at, "UTC", at.date(), EventKind.BLOCK_STEP
            )
            tx.append(event)
            tx.put_response(
                ResponseRow(
                    learner,
                    response,
                    event.id,
                    "cardiovascular",
                    "cardiovascular",
                    (),
                    Rating.GOOD,
                    True,
                    False,
                )
            )
            if number < min(objectives, ANSWERED) or answers > objectives:
                day = at.date() - timedelta(days=20)
                tx.put_memory(_memory(learner, which, day, draw))
                tx.put_question_use(
                    QuestionUse(learner, "bench", item.question, item.objective, 1, day, True)
                )


def _meet(workspace: Workspace, numbers: Iterable[int]) -> None:
    """Memories of objectives, as if they had been answered in the last eight weeks and none of their texts rested."""
    draw = random.Random(2)
    with workspace.store.begin() as tx:
        for number in numbers:
            day = workspace.today - timedelta(days=20 + draw.randrange(56))
            tx.put_memory(_memory(workspace.learner.id, number, day, draw))


def _memory(learner: str, number: int, day: date, draw: random.Random) -> MemoryRow:
    stability_days, kept = 2 + 28 * draw.random(), 0.3 + 0.65 * draw.random()
    return MemoryRow(
        learner,
        "bench",
        f"objective-{number}",
        stability_days,
        5.0,
        day,
        2,
        0,
        kept,
        stability_days,
        0.7 * (1 - kept),
        0.2,
        "fsrs-6",
    )
