"""Every memory worked out again from the answers in the store, as after a fit, against py-fsrs itself on the same rows."""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import fsrs
from measure import Ratio, medians, temporary

from qbank import settings
from qbank.app.preferences import change
from qbank.app.score import replayed_memories
from qbank.app.workspace import Workspace, open_workspace
from qbank.core.memory import DEFAULT_MODEL
from qbank.core.question import Option, Question, serve
from qbank.core.response import Mode, Rating, Response
from qbank.store.rows import BlockRow, BlockStatus, Purpose, ResponseRow

EACH = 10
"""Answers to one objective, each on a day of its own, so that every one of them is a review."""

GAPS = (1, 2, 4, 9, 20, 45)
RATED = {Rating.AGAIN: 25, Rating.HARD: 15, Rating.GOOD: 60}
"""How many in a hundred answers are Again, Hard and Good."""

RUNS = 3
BOUND = 1.5
RATINGS = {int(rating): rating for rating in fsrs.Rating}
START = date(2024, 1, 1)
Kept = tuple[float, float, date]
_READ = """
    SELECT bank, objective, study_day, rating FROM response
    WHERE learner = ? AND NOT retracted AND rating IS NOT NULL ORDER BY bank, objective, at, event, position
"""


def measure(answers: int) -> Iterator[Ratio | str]:
    """Reading and replaying, against reading with sqlite3 alone and a call of py-fsrs for each row."""
    with temporary() as home:
        workspace = open_workspace(settings.load({"home": home}, {}))
        # A learner comes into the store with what they first decide.
        change(workspace, "time-zone", "UTC")
        path = Path(home, "qbank.sqlite3")
        _fill(workspace, path, answers // EACH)
        ours: list[Kept] = []
        theirs: list[Kept] = []
        times = medians(
            RUNS,
            lambda: _timed(ours, lambda: _replayed(workspace)),
            lambda: _timed(theirs, lambda: _by_fsrs(path, workspace.learner.id)),
        )
        workspace.close()
    if ours != theirs:
        raise SystemExit("The replay and py-fsrs came to different memories.")
    yield Ratio(f"Memory replay of {answers:,} answers", times[0], "reading and py-fsrs", times[1], BOUND)
    yield f"  {answers / times[0] * 1000:,.0f} answers a second; {len(ours):,} memories, the same to the bit"


def _timed(found: list[Kept], replay: Callable[[], Iterator[Kept]]) -> float:
    began = time.perf_counter()
    found[:] = replay()
    return (time.perf_counter() - began) * 1000


def _replayed(workspace: Workspace) -> Iterator[Kept]:
    with workspace.store.read() as tx:
        for _, _, memory in replayed_memories(tx, workspace.learner.id, DEFAULT_MODEL):
            yield memory.stability_days, memory.difficulty, memory.last_day


def _by_fsrs(path: Path, learner: str) -> Iterator[Kept]:
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    store = sqlite3.connect(path)
    for _, rows in groupby(store.execute(_READ, (learner,)), itemgetter(0, 1)):
        card = fsrs.Card(card_id=0, due=datetime(START.year, 1, 1, tzinfo=UTC))
        for _, _, day, rating in rows:
            at = datetime.fromisoformat(f"{day}T12:00:00+00:00")
            card, _ = scheduler.review_card(card, RATINGS[rating], at)
        assert card.stability is not None, "fsrs gives every reviewed card a stability"
        assert card.difficulty is not None, "fsrs gives every reviewed card a difficulty"
        yield card.stability, card.difficulty, at.date()
    store.close()


def _fill(workspace: Workspace, path: Path, objectives: int) -> None:
    """Answers in the order of their days. The store writes the first; the others differ from it where it matters."""
    first = _first_answer(workspace)
    with workspace.store.begin() as tx:
        tx.put_block(
            BlockRow(
                id=first.response.block,
                learner=first.learner,
                mode=Mode.TUTOR,
                purpose=Purpose.DRILL,
                state=BlockStatus.CLOSED,
                composed_at=first.response.at,
                study_day=START,
                plan={},
            )
        )
        tx.put_response(first)
    store = sqlite3.connect(path)
    row = store.execute("SELECT * FROM response")
    columns = [column[0] for column in row.description]
    template = dict(zip(columns, row.fetchone(), strict=True))
    store.execute("DELETE FROM response")
    store.executemany(
        f"INSERT INTO response ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})",
        (template | answer for answer in _answers(objectives)),
    )
    store.commit()
    store.execute("ANALYZE")
    store.close()


def _first_answer(workspace: Workspace) -> ResponseRow:
    options = tuple(Option(letter, f"Choice {letter}", letter == "b") for letter in "abcde")
    item = serve(Question("bench", "question", "objective", "Which is right?", options), 1)
    at = datetime(START.year, START.month, START.day, 20, tzinfo=UTC)
    given = Response("block", 0, item, Mode.TUTOR, "b", True, 50_000, at, START)
    return ResponseRow(workspace.learner.id, given, "event", "", "", (), Rating.GOOD, True, False)


def _answers(objectives: int) -> Iterator[dict[str, object]]:
    draw = random.Random(1)
    made = []
    for objective in range(objectives):
        day = START + timedelta(days=draw.randrange(90))
        for _ in range(EACH):
            made.append((day, objective, draw.choices(list(RATED), weights=list(RATED.values()))[0]))
            day += timedelta(days=draw.choice(GAPS))
    made.sort()
    for position, (day, objective, rating) in enumerate(made):
        yield {
            "position": position,
            "event": f"event-{position:08}",
            "at": f"{day}T20:00:00.000000+00:00",
            "study_day": f"{day}",
            "objective": f"objective-{objective:06}",
            "question": f"question-{objective:06}",
            "rating": int(rating),
            "correct": rating is not Rating.AGAIN,
        }
