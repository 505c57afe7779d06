"""The one way to the learner's record and the bank: open a Store, begin a transaction, say what happened.

Values in, values out; no row, statement or error of a database leaves this room.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine

from qbank.errors import NotFound, StoreUnreachable, UsageError
from qbank.store import migrate
from qbank.store.address import BUSY_SECONDS, Address, address, engine_for, make_private_file
from qbank.store.answers import Answers
from qbank.store.banks import Banks
from qbank.store.blocks import Blocks
from qbank.store.failures import files_translated, translated
from qbank.store.imported import Imported
from qbank.store.item_answers import ItemAnswers
from qbank.store.learning import Learning
from qbank.store.log import Log
from qbank.store.measures import Measures
from qbank.store.migrate import copy_sqlite, lock_postgresql, prepare
from qbank.store.misses import Misses
from qbank.store.portable import Portable
from qbank.store.questions import Questions
from qbank.store.responses import Responses
from qbank.store.rows import StoreInfo
from qbank.store.standing import Standing


class Transaction(
    Log,
    Banks,
    Questions,
    Learning,
    Responses,
    Answers,
    Misses,
    Measures,
    ItemAnswers,
    Imported,
    Blocks,
    Standing,
    Portable,
):
    """Everything that can be read and written, all of it or nothing. Good until its `with` block ends."""

    __slots__ = ()


class Store:
    """An open store. `upgraded_from` is its version before opening upgraded it; `backup` the copy of that."""

    def __init__(
        self, engine: Engine, place: Address, upgraded_from: str | None, backup: Path | None
    ) -> None:
        self._engine = engine
        self._place = place
        self.upgraded_from = upgraded_from
        self.backup = backup

    @classmethod
    def open(
        cls,
        url_or_path: str | Path,
        *,
        backup_dir: Path | None,
        stamp: str = "",
        create: bool = True,
        derive: Callable[[Transaction], None] | None = None,
    ) -> Self:
        """Open the store at a path or URL; made when there is none, upgraded when it is older.

        An older SQLite store is first copied to `backup_dir`, or beside itself when that is None; `stamp`,
        the time now in letters that a file name can have, goes into the copy's name. An upgrade is one
        transaction, in which `derive` comes last and may take it all back by raising. Raises NotFound when
        there is none and `create` is False, UsageError for an address that cannot be meant, StoreVersion for a
        newer store, StoreBusy, StoreUnreachable.
        """
        place = address(str(url_or_path))
        if place.path is not None:
            _ready_file(place.path, create)
        engine = engine_for(place)
        try:
            with translated(place.shown):
                upgraded_from, backup = prepare(
                    engine,
                    place,
                    backup_dir=backup_dir,
                    stamp=stamp,
                    create=create,
                    then=lambda connection: derive(Transaction(connection)) if derive else None,
                )
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, place, upgraded_from, backup)

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def begin(self) -> Iterator[Transaction]:
        """One transaction that is saved when its block ends, or not at all when an error leaves the block.

        Writers take turns, so what is read in it is still so when it is written. Raises StoreBusy after
        BUSY_SECONDS of waiting for another one's turn, StoreUnreachable; ValueError for a row that breaks a
        rule of the store.
        """
        with translated(self._place.shown), self._engine.connect() as connection:
            if self._place.path is not None:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                lock_postgresql(connection, BUSY_SECONDS)
            yield Transaction(connection)
            connection.commit()

    @contextlib.contextmanager
    def read(self) -> Iterator[Transaction]:
        """A look at the store as it is at one moment; nothing written in it is kept. Waits for nobody."""
        with translated(self._place.shown), self._engine.connect() as connection:
            if self._place.path is not None:
                connection.exec_driver_sql("BEGIN")
            else:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield Transaction(connection)

    def backup_to(self, target: Path) -> None:
        """Copy a SQLite store to a new file, while it is in use. Raises UsageError, StoreUnreachable."""
        if self._place.path is None:
            raise StoreUnreachable(
                "A PostgreSQL store is no file to copy. Save it with: qbank export FILE, or with pg_dump."
            )
        if target.exists():
            raise UsageError(f"{target} is there already. Choose another name.")
        with files_translated(str(target)), translated(str(target)):
            copy_sqlite(self._engine, target)

    def integrity(self) -> list[str]:
        """What is wrong with a SQLite store's file, a sentence each; PostgreSQL looks after itself."""
        if self._place.path is None:
            return []
        with translated(self._place.shown), self._engine.connect() as connection:
            return _file_faults(connection) + _reference_faults(connection)

    def info(self) -> StoreInfo:
        """Where the store is and how big it is."""
        path = self._place.path
        if path is None:
            return StoreInfo("PostgreSQL", self._place.shown, None, None, migrate.SCHEMA)
        size_bytes = sum(part.stat().st_size for part in _files(path) if part.exists())
        return StoreInfo("SQLite", self._place.shown, path, size_bytes, migrate.SCHEMA)


def _ready_file(path: Path, create: bool) -> None:
    with files_translated(str(path)):
        if path.is_dir():
            raise StoreUnreachable(f"{path} is a folder. Give the path of a file in it with --db.")
        if path.exists():
            return
        if not create:
            raise NotFound("store", str(path), "Begin with: qbank start")
        make_private_file(path)


def _files(path: Path) -> tuple[Path, ...]:
    return (path, path.with_name(path.name + "-wal"))


def _file_faults(connection: Connection) -> list[str]:
    rows = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
    return [f"The file is damaged: {text}" for text in rows if text != "ok"]


def _reference_faults(connection: Connection) -> list[str]:
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return [f"A row of {row[0]} refers to a missing row of {row[2]}." for row in rows]
