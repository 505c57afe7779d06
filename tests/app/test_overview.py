"""Where you stand before, near and after the exam day, at times that the test sets."""

from datetime import timedelta
from pathlib import Path

import pytest
from worlds import World

from qbank.app import preferences, shelves
from qbank.app.overview import debrief_to_ask, overview, record_debrief
from qbank.store.learning import Learning


@pytest.fixture
def booked(empty_sqlite: Path, tmp_path: Path) -> World:
    """A learner who sits in thirty days."""
    world = World(tmp_path, template=empty_sqlite)
    day = world.workspace.today + timedelta(days=30)
    preferences.change(world.workspace, "exam-date", day.isoformat())
    return world


def test_how_it_went_is_asked_once_after_the_exam_day(booked: World) -> None:
    """Not before and not on the day; any answer, an empty one too, ends the asking, and a replay knows it."""
    assert not debrief_to_ask(booked.workspace)
    booked.pass_time(days=30)
    assert not debrief_to_ask(booked.workspace)
    booked.pass_time(days=1)
    assert debrief_to_ask(booked.workspace)
    record_debrief(booked.workspace, "")
    assert not debrief_to_ask(booked.workspace)
    assert booked.digest() == booked.replayed_digest()


def test_estimates_are_hidden_near_the_exam_only_when_it_is_booked(booked: World) -> None:
    """Three days before a booked exam nothing is estimated; an assumed day never comes so near."""
    assert overview(booked.workspace).expected is not None
    booked.pass_time(days=27)
    near = overview(booked.workspace)
    assert near.expected is None
    assert all(area.belief is None for area in near.areas)
    preferences.change(booked.workspace, "exam-date", "none")
    booked.pass_time(days=69)
    unbooked = overview(booked.workspace)
    assert unbooked.expected is not None
    assert unbooked.days_left >= 28


def test_a_glance_does_not_wait_for_what_a_large_bank_is_worth_tonight(
    booked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a small one it is told; a large one would have to be read whole, and is not."""
    booked.load_bank()
    monkeypatch.setattr(shelves, "LARGE", 7)
    assert overview(booked.workspace).tonight is not None
    monkeypatch.setattr(shelves, "LARGE", 6)
    monkeypatch.delattr(Learning, "candidates")
    large = overview(booked.workspace)
    assert large.tonight is None
    assert large.next_step == "qbank block"
