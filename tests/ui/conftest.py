"""A home with the bundled questions, and a learner at it in each mode."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from learners import Clock, Learner
from msgspec.structs import replace
from worlds import World

from qbank.app.bank_loading import load_banks
from qbank.app.exam_composing import WantedDay, begin_day, propose_day
from qbank.app.exam_day import ExamDay
from qbank.app.workspace import Workspace, open_workspace
from qbank.core.response import Mode
from qbank.settings import load


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the bundled questions, to copy."""
    home = tmp_path_factory.mktemp("template") / "home"
    workspace = open_workspace(load({"home": str(home)}, {}))
    load_banks(workspace)
    workspace.close()
    return home


@pytest.fixture
def clock() -> Clock:
    """The clock of the test's processes."""
    return Clock()


@pytest.fixture
def workspace(template: Path, tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    """An open store with the bundled questions."""
    home = shutil.copytree(template, tmp_path / "home")
    opened = open_workspace(load({"home": str(home)}, {}))
    opened.monotonic = clock
    yield opened
    opened.close()


@pytest.fixture
def timed(workspace: Workspace, clock: Clock) -> Learner:
    return Learner(workspace, clock, Mode.TIMED)


@pytest.fixture
def tutor(workspace: Workspace, clock: Clock) -> Learner:
    return Learner(workspace, clock, Mode.TUTOR)


@pytest.fixture
def review(workspace: Workspace, clock: Clock) -> Learner:
    return Learner(workspace, clock, Mode.REVIEW)


@pytest.fixture
def world(tmp_path: Path, empty_sqlite: Path) -> Iterator[World]:
    """A learner with six objectives."""
    made = World(tmp_path / "home", template=empty_sqlite)
    made.load_bank()
    made.settle()
    made.pass_time(seconds=1)
    yield made
    made.close()


@pytest.fixture
def two_blocks(world: World) -> ExamDay:
    """A day of two blocks of three questions with eight minutes of break."""
    kind = world.workspace.exam.formats[-1]
    small = replace(kind, id="small", blocks=2, minutes=5, items=3, break_minutes=8, tutorial_minutes=1)
    world.workspace.exam = replace(world.workspace.exam, formats=(small,))
    return begin_day(world.workspace, propose_day(world.workspace, WantedDay(seed=1)))
