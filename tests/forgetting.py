"""Learners whose forgetting is known: what they recall is drawn from a memory with weights of the test's choice."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from worlds import World, small_question

from qbank.app.payload import to_data
from qbank.app.rebuild import rebuild
from qbank.core import block
from qbank.core.event import Event, EventKind
from qbank.core.history import Reviews
from qbank.core.memory import DEFAULT_MODEL, MemoryModel
from qbank.core.question import Objective, Question, serve
from qbank.core.response import Mode
from qbank.store.rows import BankKind, BankRow

START = date(2026, 6, 1)
FORGETFUL = MemoryModel(
    (
        0.1,
        0.2,
        0.3,
        1.0,
        6.4,
        0.83,
        3.0,
        0.001,
        0.6,
        0.17,
        0.5,
        0.9,
        0.06,
        0.26,
        1.6,
        0.6,
        1.87,
        0,
        0,
        0,
        0.4,
    ),
    "forgetful",
)
"""Forgets much faster than FSRS's own weights say."""


def histories(model: MemoryModel, *, objectives: int, seed: int, reviews: int = 6) -> list[Reviews]:
    """Reviews at random gaps, each recalled with the probability that the model says."""
    draw = random.Random(seed)
    return [_history(model, reviews, draw) for _ in range(objectives)]


def _history(model: MemoryModel, reviews: int, draw: random.Random) -> Reviews:
    day = START + timedelta(days=draw.randrange(60))
    rating = 3 if draw.random() < 0.6 else 1
    found = [(rating, day)]
    stability, difficulty = model.first(rating)
    for _ in range(reviews - 1):
        gap = draw.choice((1, 2, 3, 5, 9, 16, 30))
        rating = 3 if draw.random() < model.recall(stability, gap) else 1
        stability, difficulty = model.step(stability, difficulty, gap, rating)
        day += timedelta(days=gap)
        found.append((rating, day))
    return tuple(found)


def remembering(
    folder: Path, template: Path, model: MemoryModel = DEFAULT_MODEL, *, objectives: int, seed: int = 1
) -> World:
    """A learner with a log of such reviews, answered in a tutor block a day."""
    world = World(folder, template=template)
    world.at = datetime(START.year, START.month, 1, tzinfo=UTC) - timedelta(days=30)
    world.settle()
    questions = [small_question(f"q-{number}", f"o-{number}", bank="b") for number in range(objectives)]
    with world.workspace.store.begin() as tx:
        tx.put_bank(BankRow("b", "Bank", "", BankKind.BUNDLED, "usmle-step1"))
        objective = [Objective("b", each.objective, each.objective) for each in questions]
        tx.upsert_questions("b", objective, questions)
        days: dict[date, list[tuple[Question, int]]] = {}
        made = histories(model, objectives=objectives, seed=seed)
        for question, reviews in zip(questions, made, strict=True):
            for rating, day in reviews:
                days.setdefault(day, []).append((question, rating))
        for day, asked in sorted(days.items()):
            for number, (kind, data) in enumerate(_tutor_block(day, asked)):
                at = datetime(day.year, day.month, day.day, 20, tzinfo=UTC) + timedelta(seconds=number)
                name = f"event-{day}-{number:06}"
                learner, device = world.workspace.learner.id, world.workspace.device.id
                tx.append(Event(name, learner, device, at, "America/New_York", day, kind, data))
        rebuild(tx, world.workspace.exam, world.workspace.learner.id)
    return world


def _tutor_block(day: date, asked: list[tuple[Question, int]]) -> list[tuple[EventKind, dict[str, Any]]]:
    name = f"block-{day}"
    items = tuple(serve(question, 1) for question, _ in asked)
    plan = to_data(block.BlockPlan(name, Mode.TUTOR, items))
    steps: list[block.BlockEvent] = []
    for position, (question, rating) in enumerate(asked):
        at_ms = position * 60_000
        chosen = question.options[0 if rating > 1 else 1].id
        steps += [
            block.Show(at_ms=at_ms, position=position),
            block.Answer(at_ms=at_ms + 50_000, option=chosen),
            block.Reveal(at_ms=at_ms + 51_000),
        ]
    steps.append(block.Submit(at_ms=len(asked) * 60_000))
    return [
        (EventKind.BLOCK_COMPOSED, {"block": name, "purpose": "drill", "plan": {"block": plan}}),
        *((EventKind.BLOCK_STEP, {"block": name, "step": block.event_to_json(step)}) for step in steps),
    ]
