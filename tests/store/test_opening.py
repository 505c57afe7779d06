"""Opening a store: made privately, upgraded after a copy, refused when it is newer or not ours."""

import contextlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from qbank.errors import NotFound, StoreUnreachable, StoreVersion, UsageError
from qbank.store import migrate
from qbank.store.rows import LearnerRow
from qbank.store.store import Store

NEXT = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "{revision}", "{down_revision}"
def upgrade():
    op.create_table("added", sa.Column("id", sa.Integer, primary_key=True))
    {then}
"""

NOW, AFTER = migrate.SCHEMA, f"{int(migrate.SCHEMA) + 1:04d}"


def next_migration(then: str) -> str:
    return NEXT.format(revision=AFTER, down_revision=NOW, then=then)


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A qbank of the next version, whose one migration adds a table; gives the migration's file."""
    migrations = tmp_path / "migrations 100%"
    shutil.copytree(migrate.MIGRATIONS, migrations)
    path = migrations / "versions" / f"{AFTER}_added.py"
    path.write_text(next_migration(""))
    monkeypatch.setattr(migrate, "MIGRATIONS", migrations)
    monkeypatch.setattr(migrate, "SCHEMA", AFTER)
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def older(request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: Path) -> str:
    """The address of a store of this version that holds one learner."""
    if request.param == "sqlite":
        place = str(tmp_path / "my store.sqlite3")
        shutil.copy(empty_sqlite, place)
    else:
        place = request.getfixturevalue("postgresql_url")
    with Store.open(place, backup_dir=None) as opened, opened.begin() as tx:
        tx.put_learner(LearnerRow("ada", "Ada"))
    return place


def test_a_new_store_is_the_users_alone(tmp_path: Path) -> None:
    """The file, its side files and the folders made for it can be read by nobody else, from their first byte on."""
    old_mask = os.umask(0)
    try:
        path = tmp_path / "made" / "deep" / "store.sqlite3"
        with Store.open(path, backup_dir=None) as opened, opened.begin() as tx:
            tx.put_learner(LearnerRow("ada", "Ada"))
            modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in path.parent.iterdir()}
    finally:
        os.umask(old_mask)
    assert modes == {"store.sqlite3": 0o600, "store.sqlite3-wal": 0o600, "store.sqlite3-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700


def test_a_connection_is_as_safe_as_it_is_meant_to_be(tmp_path: Path) -> None:
    """Write-ahead log, foreign keys held, every commit on the disk."""
    with Store.open(tmp_path / "s.sqlite3", backup_dir=None) as opened, opened.read() as tx:
        pragmas = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        values = [tx._connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    assert values == ["wal", 1, 2, 3000]


def test_a_store_is_not_made_unasked(tmp_path: Path) -> None:
    """Without `create` a missing store is not found, and nothing is left where it would be."""
    path = tmp_path / "no" / "store.sqlite3"
    with pytest.raises(NotFound, match=r"No store named .*Begin with: qbank start"):
        Store.open(path, backup_dir=None, create=False)
    assert list(tmp_path.iterdir()) == []
    path = tmp_path / "empty.sqlite3"
    path.touch()
    with pytest.raises(NotFound, match="qbank start"):
        Store.open(path, backup_dir=None, create=False)


def test_opening_again_finds_what_was_written(older: str) -> None:
    """A store of this version is neither upgraded nor copied."""
    with Store.open(older, backup_dir=None, create=False) as opened, opened.read() as tx:
        assert (opened.upgraded_from, opened.backup) == (None, None)
        assert [row.name for row in tx.learners()] == ["Ada"]


def test_reading_the_version_does_not_load_alembic(empty_sqlite: Path) -> None:
    """Opening a store of this version costs no import of Alembic."""
    code = (
        "import sys; from qbank.store.store import Store; "
        f"Store.open({str(empty_sqlite)!r}, backup_dir=None).close(); "
        "print([m for m in sys.modules if m.startswith(('alembic', 'mako', 'fsrs', 'psycopg'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_older_store_is_upgraded(older: str, next_version: Path, tmp_path: Path) -> None:
    """What it holds stays; a SQLite store is copied first, under its name, version and the given time."""
    with Store.open(older, backup_dir=tmp_path / "backups", stamp="20270104T120000Z") as opened:
        assert opened.upgraded_from == NOW
        with opened.read() as tx:
            assert [row.name for row in tx.learners()] == ["Ada"]
        assert opened.info().version == AFTER
        if opened.info().kind == "PostgreSQL":
            assert opened.backup is None
            return
        assert opened.backup == tmp_path / "backups" / f"my store-version{NOW}-20270104T120000Z.sqlite3"
        assert stat.S_IMODE(opened.backup.stat().st_mode) == 0o600
        with contextlib.closing(sqlite3.connect(opened.backup)) as copy:
            assert copy.execute("select version_num from alembic_version").fetchall() == [(NOW,)]


def test_a_backup_never_replaces_another(older: str, next_version: Path, tmp_path: Path) -> None:
    """Two upgrades in one second make two copies."""
    if "://" in older:
        pytest.skip("PostgreSQL is not copied")
    kept = tmp_path / f"my store-version{NOW}.sqlite3"
    kept.write_text("precious")
    with Store.open(older, backup_dir=None) as opened:
        assert opened.backup == tmp_path / f"my store-version{NOW}-2.sqlite3"
    assert kept.read_text() == "precious"


@pytest.mark.parametrize("then", ['op.execute("select * from nothing")', "raise RuntimeError('half-way')"])
def test_an_upgrade_that_fails_leaves_the_store_as_it_was(older: str, next_version: Path, then: str) -> None:
    """It is one transaction: the next attempt begins from the same place."""
    next_version.write_text(next_migration(then))
    expected = StoreVersion if "op." in then else RuntimeError
    with pytest.raises(expected, match=rf"could not be brought to version {AFTER} and is as it was|half-way"):
        Store.open(older, backup_dir=None)
    next_version.write_text(next_migration(""))
    with Store.open(older, backup_dir=None) as opened, opened.read() as tx:
        assert opened.upgraded_from == NOW
        assert [row.name for row in tx.learners()] == ["Ada"]


def test_a_newer_store_is_refused(older: str, next_version: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says to update qbank; the store is left alone."""
    Store.open(older, backup_dir=None).close()
    monkeypatch.setattr(migrate, "SCHEMA", NOW)
    with pytest.raises(
        StoreVersion, match=rf"written by a newer qbank \(its version {AFTER}, ours {NOW}\)\. Update qbank"
    ):
        Store.open(older, backup_dir=None)


def test_other_peoples_data_is_refused(tmp_path: Path) -> None:
    """A text file, a folder, another program's database, and another program's migrations are left as they are."""
    text = tmp_path / "notes.txt"
    text.write_text("notes " * 400)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("create table photos (id)")
    alien = tmp_path / "alien.db"
    with sqlite3.connect(alien) as connection:
        connection.execute("create table alembic_version (version_num)")
        connection.execute("create table event (id)")
        connection.execute("insert into alembic_version values ('3fa5c1')")
    for path in (text, other, alien):
        before = path.read_bytes()
        with pytest.raises(StoreUnreachable, match="is not a qbank store, or it is damaged"):
            Store.open(path, backup_dir=None)
        assert path.read_bytes()[100:] == before[100:]
    with pytest.raises(StoreUnreachable, match="is a folder"):
        Store.open(tmp_path, backup_dir=None)


@pytest.mark.parametrize("url", ["mysql://me@host/db", "://", "sqlite://", ":memory:", "", "nonsense://x"])
def test_an_address_that_cannot_be_meant_is_a_usage_error(url: str) -> None:
    """The sentence says what an address looks like."""
    with pytest.raises(UsageError, match="file"):
        Store.open(url, backup_dir=None)


def test_a_file_can_be_named_by_url(tmp_path: Path) -> None:
    """`sqlite:///` and a path mean the same, and `~` is the home folder."""
    path = tmp_path / "s.sqlite3"
    with Store.open(f"sqlite:///{path}", backup_dir=None) as opened:
        assert opened.info().path == path


def test_a_server_that_is_away_is_named_without_its_password() -> None:
    """The sentence says what to check, and never shows a secret."""
    pytest.importorskip("psycopg")
    with pytest.raises(StoreUnreachable, match=r"server at .* does not answer") as raised:
        Store.open("postgresql://me:secret@127.0.0.1:9/none", backup_dir=None)
    assert "secret" not in str(raised.value)


def test_a_database_that_is_not_there_is_named(postgresql_url: str) -> None:
    """A wrong name is the learner's to mend."""
    with pytest.raises(StoreUnreachable, match="the database's name"):
        Store.open(postgresql_url.replace("/qbank_", "/nothing_"), backup_dir=None)


def test_two_programs_can_make_one_store_at_once(tmp_path: Path) -> None:
    """The first makes the tables, the others wait for it and use them."""
    path = tmp_path / "store.sqlite3"
    code = (
        "import sys, uuid; from qbank.store.rows import LearnerRow; from qbank.store.store import Store\n"
        "with Store.open(sys.argv[1], backup_dir=None) as s, s.begin() as tx:\n"
        "    known = tx.learners() or [LearnerRow(str(uuid.uuid4()), 'Ada')]\n"
        "    tx.put_learner(known[0])\n"
        "    print(known[0].id)"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    results = [process.communicate(timeout=60) for process in processes]
    assert [error for _, error in results] == [""] * 4
    assert len({out for out, _ in results}) == 1


def test_info_tells_where_the_store_is(store: Store) -> None:
    """A file has a path and a size; a server has neither."""
    info = store.info()
    assert info.version == migrate.SCHEMA
    if info.kind == "SQLite":
        assert info.path is not None
        assert info.size_bytes is not None
        assert info.size_bytes > 10_000
    else:
        assert (info.path, info.size_bytes) == (None, None)
        assert info.place.startswith("postgresql")
