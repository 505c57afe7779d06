"""Brings a store's tables to the version this program speaks, and refuses what it cannot understand.

The version is read without Alembic, whose import costs more than a whole command; Alembic is loaded only to
create or upgrade.
"""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from qbank.errors import NotFound, StoreUnreachable, StoreVersion
from qbank.store.address import Address, make_private_file
from qbank.store.failures import failure_of, files_translated, not_a_store, translated

SCHEMA = "0006"
"""The version of the tables in `tables.py`. Versions are four digits and sort."""

MIGRATIONS = Path(__file__).parent / "migrations"
WRITERS = 7_162_202
"""The advisory lock by which PostgreSQL's writers take turns: any number, the same in every qbank."""

_SQLITE_TABLES = text("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
_POSTGRESQL_TABLES = text("select tablename from pg_tables where schemaname = current_schema()")
_VERSION = text("select version_num from alembic_version")


def prepare(
    engine: Engine,
    place: Address,
    *,
    backup_dir: Path | None,
    stamp: str,
    create: bool,
    then: Callable[[Connection], None],
) -> tuple[str | None, Path | None]:
    """Create or upgrade what is at `place`; gives the version it was upgraded from and the backup made, if any.

    A SQLite store is copied to `backup_dir` (its own folder when None) before it is upgraded, and `then` is done in
    the same transaction. Raises NotFound when there is none and `create` is False, StoreVersion, StoreUnreachable.
    """
    with engine.connect() as connection:
        found = schema_version(connection, place)
    if found == SCHEMA:
        return None, None
    if found is None and not create:
        raise NotFound("store", place.shown, "Begin with: qbank start")
    if found is not None:
        _refuse_unknown(found, place)
    backup = _back_up(engine, place, found, backup_dir, stamp) if found and place.path else None
    try:
        _upgrade(engine, place, then if found else None)
    finally:
        engine.dispose()  # the connection that upgraded had foreign keys off
    return found, backup


def schema_version(connection: Connection, place: Address) -> str | None:
    """The version of the tables, None when there is nothing. Raises StoreUnreachable for other data."""
    sqlite = connection.dialect.name == "sqlite"
    names = set(connection.execute(_SQLITE_TABLES if sqlite else _POSTGRESQL_TABLES).scalars())
    if "alembic_version" in names:
        version = connection.execute(_VERSION).scalar()
        if version is None or "event" not in names:
            raise not_a_store(place.shown)
        return str(version)
    if sqlite and names:
        raise not_a_store(place.shown)
    return None


def copy_sqlite(engine: Engine, target: Path) -> None:
    """A whole copy of a SQLite store as `target`, while it is in use; nothing is there when it fails."""
    partial = target.with_name(target.name + ".part")
    try:
        make_private_file(partial)
        with engine.connect() as connection, contextlib.closing(sqlite3.connect(partial)) as copy:
            source = connection.connection.driver_connection
            assert source is not None
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, whole in itself
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def lock_postgresql(connection: Connection, wait_seconds: int) -> None:
    """Wait for this transaction's turn to write; raises a lock error after `wait_seconds`."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{wait_seconds}s'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})")


def _refuse_unknown(found: str, place: Address) -> None:
    if not (found.isdigit() and len(found) == len(SCHEMA)):
        raise not_a_store(place.shown)
    if found > SCHEMA:
        raise StoreVersion(
            f"{place.shown} was written by a newer qbank (its version {found}, ours {SCHEMA}). "
            "Update qbank, then try again."
        )


def _back_up(engine: Engine, place: Address, found: str, backup_dir: Path | None, stamp: str) -> Path:
    assert place.path is not None
    folder = backup_dir or place.path.parent
    name = "-".join(filter(None, (place.path.stem, f"version{found}", stamp)))
    target = folder / f"{name}.sqlite3"
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{name}-{number}.sqlite3"
    with files_translated(str(target)), translated(str(target)):
        copy_sqlite(engine, target)
    return target


def _upgrade(engine: Engine, place: Address, then: Callable[[Connection], None] | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # Rebuilding a table would cascade through its foreign keys; they are checked before the commit.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            lock_postgresql(connection, wait_seconds=60)
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
            if then is not None:
                then(connection)
            _check_references(connection, place)
            connection.commit()
        except (SQLAlchemyError, CommandError) as error:
            raise failure_of(error, place.shown) or _not_upgraded(place) from error


def _check_references(connection: Connection, place: Address) -> None:
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise _not_upgraded(place)


def _not_upgraded(place: Address) -> StoreUnreachable:
    return StoreVersion(
        f"{place.shown} could not be brought to version {SCHEMA} and is as it was. Save it with the qbank "
        "that wrote it (qbank export FILE), then import that file into a new store."
    )
