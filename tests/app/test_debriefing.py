"""The debrief lies in one private file, is deleted whole, and travels only when it is asked for."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from worlds import World

from qbank.app import debriefing
from qbank.app.portable import export_record, import_record
from qbank.core.insight.interview import Cause, Interview, Topic
from qbank.errors import InputInvalid, QbankError

SECRET = "I froze in block three"
ACCOUNT = Interview(
    changed_on=date(2027, 1, 4),
    went_wrong=SECRET,
    suspected=(Cause.PACING, Cause.STUCK),
    asked=(Topic.WENT_WRONG, Topic.SUSPECTED),
)


@pytest.fixture
def world(tmp_path: Path, empty_sqlite: Path) -> Iterator[World]:
    """A learner who told something."""
    made = World(tmp_path / "one", template=empty_sqlite)
    made.load_bank()
    made.settle()
    debriefing.keep(made.workspace, ACCOUNT)
    yield made
    made.close()


@pytest.fixture
def other(tmp_path: Path, empty_sqlite: Path) -> Iterator[World]:
    """Another device with nothing on it."""
    made = World(tmp_path / "two", template=empty_sqlite, device="two")
    yield made
    made.close()


def test_what_was_said_is_private_and_nowhere_else(world: World) -> None:
    """One file that only its owner can read, and not a word in the log or the store's other tables."""
    assert debriefing.interview(world.workspace) == ACCOUNT
    path = debriefing.interview_path(world.workspace, world.workspace.learner.id)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    holding = [
        each for each in world.folder.rglob("*") if each.is_file() and SECRET.encode() in each.read_bytes()
    ]
    assert holding == [path]


def test_hypotheses_are_what_was_ticked_and_nothing_else(world: World) -> None:
    """Words are never read for a cause."""
    assert debriefing.hypotheses(world.workspace) == {"pacing", "stuck"}
    words = Interview(changed_on=date(2027, 1, 4), went_wrong="pacing, fatigue, misreading", anxiety="stuck")
    debriefing.keep(world.workspace, words)
    assert debriefing.hypotheses(world.workspace) == frozenset()


def test_forgotten_is_gone(world: World) -> None:
    """No file is left; forgetting again changes nothing."""
    assert debriefing.forget(world.workspace)
    assert not any(path.is_file() for path in (world.folder / "debriefs").rglob("*"))
    assert debriefing.interview(world.workspace) is None
    assert debriefing.hypotheses(world.workspace) == frozenset()
    assert not debriefing.forget(world.workspace)


def test_a_damaged_file_is_named_and_can_be_deleted(world: World) -> None:
    """It is one sentence with the mend, and the mend works."""
    path = debriefing.interview_path(world.workspace, world.workspace.learner.id)
    path.write_bytes(b'{"changed_on": "2027-01-04", "mood": "sad"}')
    with pytest.raises(QbankError, match="qbank debrief --delete"):
        debriefing.interview(world.workspace)
    assert debriefing.forget(world.workspace)


def test_an_id_of_any_text_stays_inside_the_folder(world: World) -> None:
    """An imported learner's id is no path."""
    path = debriefing.interview_path(world.workspace, "../../etc/passwd")
    assert path.parent == world.folder / "debriefs"


def test_an_export_has_it_only_when_asked(world: World, other: World) -> None:
    """Without, not a word; with, it comes back on the other device, and that one's export is the same file."""
    plain, whole, again = (world.folder / name for name in ("plain.jsonl", "whole.jsonl", "again.jsonl"))
    assert not export_record(world.workspace, plain).debrief
    assert SECRET not in plain.read_text()
    assert export_record(world.workspace, whole, with_debrief=True).debrief
    merged = import_record(other.workspace, whole)
    assert (merged.debriefs, merged.left) == (1, 0)
    assert debriefing.interview(other.workspace) == ACCOUNT
    export_record(other.workspace, again, with_debrief=True)
    assert again.read_bytes() == whole.read_bytes()


def test_an_import_leaves_what_was_said_here(world: World, other: World) -> None:
    """The words of this device are not replaced by older ones; importing twice does nothing more."""
    file = world.folder / "whole.jsonl"
    export_record(world.workspace, file, with_debrief=True)
    mine = Interview(changed_on=date(2027, 2, 1), went_wrong="said here")
    debriefing.keep(other.workspace, mine)
    merged = import_record(other.workspace, file)
    assert (merged.debriefs, merged.left) == (0, 1)
    assert debriefing.interview(other.workspace) == mine


def test_nothing_is_added_where_nothing_was_said(other: World) -> None:
    """The file is the same with and without."""
    other.settle()
    plain, whole = other.folder / "plain.jsonl", other.folder / "whole.jsonl"
    export_record(other.workspace, plain)
    assert not export_record(other.workspace, whole, with_debrief=True).debrief
    assert plain.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize(
    "row",
    [
        {"learner": "nobody", "account": {"changed_on": "2027-01-04"}},
        {"learner": "learner-1", "account": {"changed_on": "soon"}},
        {"learner": "learner-1", "account": {"changed_on": "2027-01-04", "suspected": ["laziness"]}},
        {"learner": "learner-1", "account": {"changed_on": "2027-01-04", "anxiety": "x" * 5_000}},
        {"learner": "learner-1", "account": {"changed_on": "2027-01-04", "anxiety": "a\0b"}},
        {"learner": "learner-1", "account": {"changed_on": "2027-01-04"}, "mood": "sad"},
    ],
)
def test_a_broken_debrief_is_refused_with_its_line(
    world: World, other: World, row: dict[str, object]
) -> None:
    """As any other row; nothing is taken in."""
    file = world.folder / "whole.jsonl"
    export_record(world.workspace, file, with_debrief=True)
    lines = file.read_text().splitlines()
    lines[-2] = json.dumps({"interview": row})
    file.write_text("\n".join(lines) + "\n")
    with pytest.raises(InputInvalid) as caught:
        import_record(other.workspace, file)
    assert caught.value.faults[0].line == len(lines) - 1
    assert other.events() == 0
    assert debriefing.interview(other.workspace) is None
