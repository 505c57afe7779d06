"""A store of the first version comes out of its upgrade as if this version had been there all along."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, RowMapping, create_engine, text
from worlds import World

from qbank.app import rebuild as rebuilding
from qbank.app.composing import Request, compose_block
from qbank.app.doctor import examine
from qbank.app.outside import OutsidePractice, record_outside
from qbank.app.overview import overview
from qbank.app.safekeeping import restore
from qbank.app.workspace import open_workspace
from qbank.core import block
from qbank.core.event import EventKind
from qbank.core.learned import learned_from_json
from qbank.core.response import Confidence
from qbank.settings import Settings, load
from qbank.store.address import address, engine_for
from qbank.store.migrate import MIGRATIONS, SCHEMA
from qbank.store.store import Store

FIRST = "0001"


class Older:
    """A store of the first version, and the world in which the same happened in this one."""

    def __init__(self, world: World, place: str, home: Path) -> None:
        self.world = world
        self.place = place
        self.settings: Settings = load({"home": str(home), "db": place}, {})

    @property
    def version(self) -> str | None:
        engine = create_engine(address(self.place).url)
        with engine.connect() as connection:
            found: str | None = connection.execute(text("select version_num from alembic_version")).scalar()
        engine.dispose()
        return found

    def forget(self, kind: EventKind) -> None:
        """Take the events of a kind out of its log."""
        engine = create_engine(address(self.place).url)
        with engine.begin() as connection:
            connection.execute(text("delete from event where kind = :kind"), {"kind": kind.value})
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Older]:
    """A learner with answers of each kind and practice elsewhere."""
    if request.param == "sqlite":
        world = World(tmp_path / "now", template=request.getfixturevalue("empty_sqlite"))
        place = str(tmp_path / "then.sqlite3")
    else:
        world = World(tmp_path / "now", url=request.getfixturevalue("postgresql_url"))
        place = request.getfixturevalue("postgresql").create()
    world.load_bank()
    world.settle()
    live(world)
    write_as_first(world.workspace.settings.db, place)
    yield Older(world, place, tmp_path / "home")
    world.close()


@pytest.fixture
def old_file(tmp_path: Path, empty_sqlite: Path) -> Iterator[Older]:
    """The same in a file."""
    world = World(tmp_path / "now", template=empty_sqlite)
    world.load_bank()
    world.settle()
    live(world)
    place = str(tmp_path / "then.sqlite3")
    write_as_first(world.workspace.settings.db, place)
    yield Older(world, place, tmp_path / "home")
    world.close()


def live(world: World) -> None:
    for question, right, said in (
        ("delta-1", False, None),
        ("beta-1", True, Confidence.GUESSED),
        ("delta-2", True, None),
    ):
        practice = world.single("starter", question)
        world.choose(practice, right=right)
        if said is not None:
            practice.do(block.Confident, level=said)
        practice.do(block.Reveal)
        world.pass_time(days=1)
        practice.do(block.Submit)
    record_outside(world.workspace, OutsidePractice("elsewhere", "cardiovascular", "", 22, 40, None))


def write_as_first(source: str, target: str) -> None:
    """What is in a store, as the first version kept it: luck in place of a trace, and a belief alone."""
    old, new = engine_for(address(target)), engine_for(address(source))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with old.connect() as to, new.connect() as of:
        config.attributes["connection"] = to
        command.upgrade(config, FIRST)
        copy(of, to)
        to.commit()
    old.dispose()
    new.dispose()


def copy(of: Connection, to: Connection) -> None:
    found, tables = MetaData(), MetaData()
    found.reflect(of)
    tables.reflect(to)
    for table in tables.sorted_tables:
        if table.name == "alembic_version" or table.name.startswith("question_search"):
            continue
        columns = [column for column in table.c if column.computed is None]
        rows = [
            {column.name: row.get(column.name) for column in columns} | changed(table.name, row)
            for row in of.execute(found.tables[table.name].select()).mappings().all()
        ]
        if rows:
            to.execute(table.insert(), rows)


def changed(table: str, row: RowMapping) -> dict[str, Any]:
    if table == "belief":
        return {"payload": msgspec.json.encode(learned_from_json(row["payload"]).belief).decode()}
    if table == "progress" and row["kept"] is not None:
        return {"luck": 0.25}
    return {}


def digest_at(settings: Settings, learner: str) -> str:
    with Store.open(settings.db, backup_dir=None) as store, store.read() as tx:
        return tx.derived_digest(learner)


def test_every_command_goes_on_after_an_upgrade(older: Older) -> None:
    """Belief and traces are those of the log, to the bit, and a block can be composed of them."""
    told: list[tuple[str, int]] = []
    assert older.version == FIRST
    opened = open_workspace(older.settings, watch=Watched(told))
    try:
        assert opened.learner == older.world.workspace.learner
        with opened.store.read() as tx:
            assert tx.derived_digest(opened.learner.id) == older.world.digest()
            assert told == [("Bringing your record up to date", tx.event_count())]
        opened.now = older.world.workspace.now
        assert overview(opened).answered == 3
        assert compose_block(opened, Request(size=3)).block_id
    finally:
        opened.close()
    assert older.version == SCHEMA


class Watched:
    """Notes what it is asked to show."""

    def __init__(self, told: list[tuple[str, int]]) -> None:
        self._told = told

    def __call__(self, title: str, length: int) -> "Watched":
        self._told.append((title, length))
        return self

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def test_what_is_interrupted_begins_anew(older: Older, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is left with the tables of one version and what another derived."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(rebuilding, "rebuild", interrupted)
        with pytest.raises(KeyboardInterrupt):
            open_workspace(older.settings)
    assert older.version == FIRST
    opened = open_workspace(older.settings)
    opened.close()
    assert digest_at(older.settings, opened.learner.id) == older.world.digest()


def test_a_log_that_cannot_be_replayed_is_upgraded_and_can_be_looked_into(older: Older) -> None:
    """It can be exported and examined, and doctor names the event."""
    older.forget(EventKind.BLOCK_COMPOSED)
    opened = open_workspace(older.settings)
    found = examine(opened, repair=True)
    opened.close()
    assert older.version == SCHEMA
    assert any("The log cannot be replayed" in trouble for trouble in found.troubles)


def test_an_old_backup_is_put_back_as_this_version_reads_it(old_file: Older) -> None:
    """The backup itself stays what it was."""
    backup = old_file.settings.backups / "qbank-old.sqlite3"
    backup.parent.mkdir(parents=True)
    shutil.move(old_file.place, backup)
    before = backup.read_bytes()
    restore(old_file.settings, backup, old_file.world.at)
    assert digest_at(old_file.settings, old_file.world.workspace.learner.id) == old_file.world.digest()
    assert backup.read_bytes() == before
