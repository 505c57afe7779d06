"""A bank that is switched off is offered nowhere, loses nothing, and comes back whole."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from worlds import PLACES, World, small_question

from qbank.app.bank_switching import summaries, switch
from qbank.app.composing import Request, compose_block
from qbank.app.exam_composing import WantedDay, propose_day
from qbank.app.overview import overview
from qbank.app.practice import Practice
from qbank.app.standing import reached_share, standing
from qbank.core import block
from qbank.core.question import Objective, in_reserve
from qbank.core.response import Mode
from qbank.errors import NotFound, NothingToDo, UsageError
from qbank.store.offers import Offered
from qbank.store.rows import BankKind, BankRow
from qbank.store.store import Transaction

BANK = "school"
NAMES = [*PLACES, next(f"kept-{n}" for n in range(100) if in_reserve(f"kept-{n}"))]


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Only an imported bank, two questions on each of its objectives, one of which was answered."""
    if request.param == "sqlite":
        made = World(tmp_path / "home", template=request.getfixturevalue("empty_sqlite"))
    else:
        made = World(tmp_path / "home", url=request.getfixturevalue("postgresql_url"))
    made.settle()
    with made.workspace.store.begin() as tx:
        tx.put_bank(BankRow(BANK, BANK, "school.gift", BankKind.IMPORTED, "usmle-step1", "CC BY 4.0"))
        tx.upsert_questions(
            BANK,
            [Objective(BANK, name, name, "cardiovascular", "", ("pathology",)) for name in NAMES],
            [small_question(f"{name}-{n}", name, bank=BANK) for name in NAMES for n in (1, 2)],
        )
    practice = made.single(BANK, "beta-1")
    made.choose(practice, right=False)
    practice.do(block.Submit)
    practice.finish()
    made.pass_time(days=20)
    yield made
    made.close()


def offered(world: World, tx: Transaction) -> dict[str, Any]:
    """What each place that offers questions has to offer, empty where it has nothing."""
    learner, today = world.workspace.learner.id, world.workspace.today
    return {
        "candidates": tx.candidates(learner, reserve=None),
        "choices": tx.question_choices(learner, [(BANK, name) for name in NAMES]),
        "kinds": list(tx.kind_counts(Offered(learner, today))),
        "named": tx.named(Offered(learner, today), [(BANK, name) for name in NAMES]),
        "fresh": tx.fresh_left(learner),
        "reserve": tx.fresh_reserve(learner),
        "listed": tx.list_questions(bank=BANK),
        "counts": tx.bank_counts().systems,
        "cells": tx.cell_counts(),
        "found": tx.search("case"),
        "reach": reached_share(tx, standing(world.workspace, tx)),
        "objectives": tx.objectives(without_banks=standing(world.workspace, tx).not_shown),
    }


def test_nothing_of_a_bank_that_is_off_is_offered(world: World) -> None:
    """In none of the places where questions come from; on again, each offers what it did."""
    with world.workspace.store.read() as tx:
        before = offered(world, tx)
    assert all(before.values()), before
    assert switch(world.workspace, BANK, off=True)
    with world.workspace.store.read() as tx:
        assert not any(offered(world, tx).values()), offered(world, tx)
    assert not switch(world.workspace, BANK, off=True)
    assert switch(world.workspace, BANK, off=False)
    with world.workspace.store.read() as tx:
        assert offered(world, tx) == before


@pytest.mark.parametrize("mode", [Mode.TUTOR, Mode.TIMED, Mode.REVIEW])
def test_no_block_is_composed_of_a_bank_that_is_off(world: World, mode: Mode) -> None:
    """Nor is an exam day, and nothing counts as due."""
    request = Request(mode=mode, size=3, minutes=5 if mode is Mode.REVIEW else None, seed=1, insisted=True)
    assert overview(world.workspace).due == 1
    switch(world.workspace, BANK, off=True)
    with pytest.raises(NothingToDo, match=f"qbank bank on {BANK}"):
        compose_block(world.workspace, request)
    with pytest.raises(NothingToDo, match=f"qbank bank on {BANK}"):
        propose_day(world.workspace, WantedDay())
    with pytest.raises(NothingToDo):
        compose_block(world.workspace, Request(size=1, assess=True, seed=1))
    assert overview(world.workspace).due == 0
    switch(world.workspace, BANK, off=False)
    assert compose_block(world.workspace, request).block_id


def test_answers_and_memories_stay_while_a_bank_is_off(world: World) -> None:
    """What is remembered is untouched, a replay gives the same, and on again everything derived is as it was."""
    before, memories, responses = world.digest(), world.memories(), world.responses()
    assert memories
    assert responses
    switch(world.workspace, BANK, off=True)
    assert (world.memories(), world.responses()) == (memories, responses)
    assert world.digest() == world.replayed_digest()
    switch(world.workspace, BANK, off=False)
    assert world.digest() == before


def test_an_open_block_keeps_the_questions_of_a_bank_that_was_switched_off(world: World) -> None:
    """It is taken up again, answered and closed as if nothing had happened."""
    composed = compose_block(world.workspace, Request(mode=Mode.TUTOR, size=2, seed=1))
    switch(world.workspace, BANK, off=True)
    practice = Practice(world.workspace, composed.block_id)
    assert practice.question(0).bank == BANK
    practice.do(block.Show, position=0)
    world.choose(practice, right=True)
    practice.do(block.Submit)
    practice.finish()
    assert [row.response.correct for row in world.responses() if row.response.block == composed.block_id]
    assert world.digest() == world.replayed_digest()


def test_what_is_loaded_into_a_bank_that_is_off_stays_off(world: World) -> None:
    """New questions wait with the others."""
    switch(world.workspace, BANK, off=True)
    more = small_question("beta-3", "beta", bank=BANK)
    with world.workspace.store.begin() as tx:
        tx.upsert_questions(BANK, [], [more])
        assert not tx.list_questions()
    switch(world.workspace, BANK, off=False)
    with world.workspace.store.read() as tx:
        assert len(tx.list_questions()) == 2 * len(NAMES) + 1


def test_banks_are_told_with_what_they_hold(world: World) -> None:
    """Off ones with all their questions."""
    switch(world.workspace, BANK, off=True)
    told = summaries(world.workspace)[0]
    assert (told.id, told.questions, told.off) == (BANK, 2 * len(NAMES), True)
    assert (told.licence, told.source) == ("CC BY 4.0", "school.gift")


def test_only_an_imported_bank_that_is_there_can_be_switched(world: World) -> None:
    """Others are refused with the names that would do."""
    world.load_bank()
    with pytest.raises(NotFound, match=BANK):
        switch(world.workspace, "scool", off=True)
    with pytest.raises(UsageError, match=BANK):
        switch(world.workspace, "starter", off=True)


def test_a_bank_that_is_off_leaves_the_others_as_they_are(world: World) -> None:
    """Their ids are the same as its own."""
    world.load_bank()
    switch(world.workspace, BANK, off=True)
    with world.workspace.store.read() as tx:
        assert {row.bank for row in tx.candidates(world.workspace.learner.id, reserve=None)} == {"starter"}
        assert {row.bank for row in tx.list_questions()} == {"starter"}
