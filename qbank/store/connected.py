"""What every part of a transaction shares: its connection, and the write that SQLAlchemy spells per database.

Statements are built once, at import or on first use: building one costs several times what running it does.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Insert, Row, Select, Table

T = TypeVar("T")
AnyRow = Row[*tuple[Any, ...]]
ROWS_AT_A_TIME = 1000
BATCH = 500
"""Names in one IN list; far under SQLite's limit of variables in a statement."""


class Connected:
    """A part of Transaction."""

    __slots__ = ("_connection", "_dialect")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    def _put(self, table: Table, values: dict[str, Any] | list[dict[str, Any]]) -> None:
        """Insert rows, or replace the given columns of those whose primary key is there; [] does nothing."""
        if values:
            columns = tuple(values[0] if isinstance(values, list) else values)
            self._connection.execute(upsert(table, self._dialect, columns), values)

    def _stream(
        self, query: Select[*tuple[Any, ...]], names: dict[str, Any] | None = None
    ) -> Iterator[AnyRow]:
        """The rows of a query, fetched as they are asked for."""
        options = {"yield_per": ROWS_AT_A_TIME}
        with self._connection.execute(query, names, execution_options=options) as result:
            yield from result


@cache
def upsert(table: Table, dialect: str, columns: tuple[str, ...]) -> Insert:
    """An INSERT that sets `columns` where the primary key is already there."""
    keys = [column.name for column in table.primary_key]
    statement = insert_for(dialect)(table)
    changed = {name: statement.excluded[name] for name in columns if name not in keys}
    result: Insert = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    return result


@cache
def upsert_adding(table: Table, dialect: str, counters: tuple[str, ...]) -> Insert:
    """An INSERT that adds to `counters` where the primary key is already there."""
    statement = insert_for(dialect)(table)
    sums = {name: table.c[name] + statement.excluded[name] for name in counters}
    result: Insert = statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=sums)
    return result


def insert_for(dialect: str) -> Callable[[Table], Any]:
    """The INSERT construct of this database, which knows ON CONFLICT."""
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert
    from sqlalchemy.dialects import postgresql

    return postgresql.insert


def batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in order, BATCH at a time."""
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]


def by_bank(names: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Sequence[str]]]:
    """(bank, id) pairs as a bank and ids of it, each pair once, BATCH ids at a time."""
    ids: dict[str, list[str]] = {}
    for bank_id, name in sorted(set(names)):
        ids.setdefault(bank_id, []).append(name)
    for bank_id, found in ids.items():
        for some in batches(found):
            yield bank_id, some
