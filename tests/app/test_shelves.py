"""A large bank is composed from without being read, and the block is the same."""

import random
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from both_ways import both_ways
from worlds import PLACES, World, small_question

from qbank.app import preferences, reports, shelves
from qbank.app.candidates import Wanted
from qbank.app.composing import Request, compose_block
from qbank.app.practice import Practice
from qbank.app.standing import standing
from qbank.core import block
from qbank.core.question import Objective
from qbank.core.response import MissReason, Mode
from qbank.errors import StoreBusy
from qbank.store.rows import BankKind, BankRow, MemoryRow, QuestionUse
from qbank.store.store import Store, Transaction

COPIES = 60


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Sixty copies of six objectives in two banks, half of them met; ten of them make a large bank."""
    if request.param == "sqlite":
        made = World(tmp_path / "home", template=request.getfixturevalue("empty_sqlite"))
    else:
        made = World(tmp_path / "home", url=request.getfixturevalue("postgresql_url"))
    made.settle()
    monkeypatch.setattr(shelves, "LARGE", 10)
    load(made)
    with made.workspace.store.begin() as tx:
        meet(made, tx)
    yield made
    made.close()


def load(world: World) -> None:
    with world.workspace.store.begin() as tx:
        for bank, kind in (("starter", BankKind.BUNDLED), ("imported", BankKind.IMPORTED)):
            tx.put_bank(BankRow(bank, bank, "", kind, "usmle-step1"))
            names = [(f"{name}-{n}", name) for name in PLACES for n in range(COPIES // 2)]
            tx.upsert_questions(
                bank,
                [Objective(bank, copy, copy, *place(name)) for copy, name in names],
                [small_question(f"{copy}-{q}", copy, bank=bank) for copy, _ in names for q in (1, 2)],
            )


def place(name: str) -> tuple[str, str, tuple[str, ...]]:
    system, disciplines = PLACES[name]
    return system, "cardiovascular" if system == "cardiovascular" else "", disciplines


def meet(world: World, tx: Transaction) -> None:
    draw, learner = random.Random(1), world.workspace.learner.id
    for row in tx.candidates(learner):
        day = world.workspace.today - timedelta(days=draw.randrange(1, 50))
        if draw.random() < 0.5:
            kept, days = draw.random(), 60 ** draw.random()
            tx.put_memory(
                MemoryRow(
                    learner,
                    row.bank,
                    row.objective,
                    days,
                    5.0,
                    day,
                    1,
                    0,
                    kept,
                    days,
                    (1 - kept) * 0.7,
                    0.2,
                    "fsrs-6",
                )
            )
        for q in (1, 2):
            if draw.random() < 0.4:
                use = QuestionUse(learner, row.bank, f"{row.objective}-{q}", row.objective, 1, day, True)
                tx.put_question_use(use)


def composed(world: World, request: Request) -> list[Any]:
    """The picks of a block as they are on record."""
    block_id = compose_block(world.workspace, request).block_id
    with world.workspace.store.read() as tx:
        row = tx.block(block_id)
    assert row is not None
    return [row.plan["picks"], row.plan["block"]["items"]]


def stored(world: World) -> str | None:
    with world.workspace.store.read() as tx:
        return tx.ceilings(world.workspace.learner.id)


def test_the_first_block_reckons_ceilings_by_which_the_next_are_composed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every block on record is that of a bank that is read whole, whatever was answered in between."""
    assert stored(world) is None
    composed(world, Request(size=4, seed=0))
    assert stored(world) is not None
    shelved = 0
    for seed in range(6):
        request = Request(mode=Mode.TUTOR, size=9, seed=seed, lean=1.0 + seed % 2)
        monkeypatch.setattr(shelves, "LARGE", 10_000)
        expected = composed(world, request)
        monkeypatch.setattr(shelves, "LARGE", 10)
        shelved += both_ways(world.workspace, size=9, seed=seed) is not None
        assert composed(world, request) == expected
        answer(world, seed)
        world.pass_time(days=1)
    assert shelved == 6


def answer(world: World, seed: int) -> None:
    """Answer an open block of another seed, the first one wrong by misreading."""
    practice = Practice(
        world.workspace, compose_block(world.workspace, Request(mode=Mode.TUTOR, size=3, seed=seed)).block_id
    )
    for position in range(len(practice.plan.items)):
        practice.do(block.Show, position=position)
        world.choose(practice, right=position > 0)
        if not position:
            practice.do(block.Reason, reason=MissReason.MISREAD)
        practice.do(block.Reveal)
    practice.do(block.Submit)
    practice.finish()


@pytest.mark.parametrize("lean", [1.0, 3.0])
def test_both_ways_give_one_block(world: World, lean: float) -> None:
    """On each of the days for which ceilings hold, whatever was reported since, for small blocks and large ones."""
    shelves.reckon(world.workspace)
    for day in range(7):
        if day == 3:
            reports.add(world.workspace, reports.sample(world.workspace))
        for size in (1, 9, 40):
            found = both_ways(world.workspace, size=size, seed=day, lean=lean)
            assert found is not None
            assert found[0] == found[1]
            assert len(found[0].picks) == size
        world.pass_time(days=1)
    assert both_ways(world.workspace, size=9, seed=1) is None


def test_another_exam_day_asks_for_new_ceilings(world: World) -> None:
    """They are reckoned after the first block with it."""
    composed(world, Request(size=4, seed=0))
    preferences.change(world.workspace, "exam-date", "2027-02-01")
    assert both_ways(world.workspace, size=9, seed=1) is None
    composed(world, Request(size=4, seed=1))
    found = both_ways(world.workspace, size=9, seed=1)
    assert found is not None
    assert found[0] == found[1]


@pytest.mark.parametrize("payload", ["", "{}", '{"first": "2027-01-04"}'])
def test_what_another_version_has_left_is_reckoned_anew(world: World, payload: str) -> None:
    """It is not understood, so it says nothing."""
    with world.workspace.store.begin() as tx:
        tx.put_ceilings(world.workspace.learner.id, payload, [])
    assert both_ways(world.workspace, size=9, seed=1) is None
    composed(world, Request(size=4, seed=0))
    assert both_ways(world.workspace, size=9, seed=1) is not None


def test_many_without_a_ceiling_ask_for_new_ones(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a replay: the block is right, and the next is faster."""
    monkeypatch.setattr(shelves, "MOST_LOOSE", 20)
    shelves.reckon(world.workspace)
    before = stored(world)
    with world.workspace.store.begin() as tx:
        meet(world, tx)
    world.pass_time(days=1)
    found = both_ways(world.workspace, size=9, seed=1)
    assert found is not None
    assert found[0] == found[1]
    composed(world, Request(size=4, seed=0))
    assert stored(world) != before


def test_filters_and_repeats_are_read_whole(world: World) -> None:
    """A shelf holds what may come to anybody who asks for nothing in particular."""
    shelves.reckon(world.workspace)
    with world.workspace.store.read() as tx:
        now = standing(world.workspace, tx)
        for wanted in (Wanted(systems=("cardiovascular",)), Wanted(repeat=True), Wanted(met=True)):
            assert shelves.large_bank(world.workspace, tx, now, wanted, timed=True) is None
        assert shelves.large_bank(world.workspace, tx, now, Wanted(), timed=True) is not None


def test_a_block_does_not_wait_for_ceilings(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process writes, they stay as they are; the block is on record all the same."""

    def busy(_store: Store) -> AbstractContextManager[Transaction]:
        raise StoreBusy("Another program is writing.")

    monkeypatch.setattr(Store, "begin", busy)
    shelves.reckon(world.workspace)
    assert stored(world) is None
