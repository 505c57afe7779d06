"""Where a store is, and how a connection to it is set up.

A learner's record is private: the file, its side files and its folder belong to the user alone from their
first byte on.
"""

import os
import sqlite3
from pathlib import Path

import msgspec
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from qbank.errors import StoreUnreachable, UsageError

BUSY_SECONDS = 3
CACHE_KIB = 16_384
"""Of pages in memory. With SQLite's own 2 MiB, a transaction that writes thousands of questions writes many pages twice."""
_USABLE = "Use a file path (SQLite) or postgresql://USER@HOST/NAME."


class Address(msgspec.Struct, frozen=True):
    """A place for a store; `path` is None for a server."""

    url: URL
    path: Path | None

    @property
    def shown(self) -> str:
        """The place as a learner may see it: a path, or a URL without its password."""
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)


def address(url_or_path: str) -> Address:
    """Where this text points: a SQLite file by path or URL, or PostgreSQL by URL. Raises UsageError."""
    if "://" not in url_or_path:
        return _file_address(url_or_path)
    try:
        url = make_url(url_or_path)
    except (ArgumentError, ValueError) as error:
        raise UsageError(f"That store URL cannot be read. {_USABLE}") from error
    backend = url.get_backend_name()
    if backend == "sqlite":
        return _file_address(url.database or "")
    if backend not in ("postgresql", "postgres"):
        raise UsageError(f"qbank cannot use {backend}. {_USABLE}")
    return Address(url.set(drivername="postgresql+psycopg"), None)


def engine_for(place: Address) -> Engine:
    """An engine for qbank's use. Raises StoreUnreachable when PostgreSQL's driver is missing."""
    if place.path is None:
        return _postgresql_engine(place.url)
    # Without an isolation level the driver begins no transaction by itself, so that Store can choose how.
    engine = create_engine(place.url, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None})
    event.listen(engine, "connect", _set_up_sqlite)
    return engine


def make_private_file(path: Path) -> None:
    """Make an empty file (0600), and its missing folders (0700), unless there is one. Raises OSError."""
    for folder in reversed([path.parent, *path.parent.parents]):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return


def _file_address(text: str) -> Address:
    if not text or text == ":memory:":
        raise UsageError("A store needs a file. Give its path with --db.")
    try:
        path = Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise UsageError(f"There is no user of that name: {text}. Give the store's whole path.") from error
    return Address(URL.create("sqlite", database=str(path)), path)


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=FULL",
        f"cache_size=-{CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _postgresql_engine(url: URL) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": BUSY_SECONDS})
    except ModuleNotFoundError as error:
        raise StoreUnreachable(
            "PostgreSQL needs one more package. Install it with: pip install 'qbank[postgresql]'"
        ) from error
