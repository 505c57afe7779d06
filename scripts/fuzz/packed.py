"""Mutations of zip files and of databases, which bytes alone would only break."""

import functools
import io
import lzma
import sqlite3
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from random import Random

Inner = Callable[[bytes], bytes]

UNPACKED_MOST = 128 * 1024**2  # bytes that importers unpack of one package
_UNPACKED_LIMIT = 8 * 1024**2  # bytes of a member that is unpacked to be mutated
_NAMES = (
    "../a.xml",
    "/etc/a.xml",
    "a/../../a.xml",
    "imsmanifest.xml",
    "a\0.xml",
    "a.qti",
    "a.dat",
    "x" * 300 + ".xml",
)
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError),
    *(NotImplementedError, RuntimeError),
)


def is_zip(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def is_sqlite(content: bytes) -> bool:
    return content.startswith(b"SQLite format 3\0")


def unpacked_size(content: bytes) -> int:
    """How many bytes a zip says it unpacks to, at most what may be unpacked; 0 for what is none."""
    if not is_zip(content):
        return 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return min(UNPACKED_MOST, sum(info.file_size for info in archive.infolist()))
    except _BROKEN:
        return 0


def mutate_zip(content: bytes, inner: Inner, dice: Random) -> bytes | None:
    """A member changed within, renamed, away or twice, all packed again. None when it cannot be unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if info.file_size < _UNPACKED_LIMIT]
            members = [(info.filename, _unpacked(archive, info)) for info in infos]
    except _BROKEN:
        return None
    if not members:
        return None
    at = dice.randrange(len(members))
    name, inside = members[at]
    match dice.randrange(10):
        case 0:
            del members[at]
        case 1:
            members[at] = (dice.choice(_NAMES), inside)
        case 2:
            members += [(f"{number}-{name}", inside) for number in range(dice.choice((1, 1, 20, 500)))]
        case 3:
            members[at] = (name, members[dice.randrange(len(members))][1])
        case 4:
            members[at] = (name, content[: 1024**2])  # a zip in itself
        case 5:
            return _bombed(members, at, dice)
        case _:
            members[at] = (name, inner(inside))
    return _zipped(members, dice)


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A member, no further than it says; it may be a bomb of ours."""
    with archive.open(info) as member:
        return member.read(info.file_size + 1)


def _bombed(members: list[tuple[str, bytes]], at: int, dice: Random) -> bytes:
    """A member whose packed bytes unpack to a gigabyte, whatever size it claims."""
    name = members[at][0]
    out = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(name), _bomb())
        for other, inside in members[:at] + members[at + 1 :]:
            archive.writestr(zipfile.ZipInfo(other), inside)
    content = bytearray(out.getvalue())
    said = dice.choice((1000, _BOMB_SIZE, 10**6, 2**32 - 2))
    for mark, method, size in ((b"PK\3\4", 8, 22), (b"PK\1\2", 10, 24)):
        begin = content.index(mark)
        struct.pack_into("<H", content, begin + method, zipfile.ZIP_DEFLATED)
        struct.pack_into("<I", content, begin + size, said)
    return bytes(content)


_BOMB_SIZE = 1024**3


@functools.cache
def _bomb() -> bytes:
    """A deflate stream of zeros, one block again and again."""
    block = 16 * 1024**2
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    return packed * (_BOMB_SIZE // block) + packer.flush()


def _zipped(members: list[tuple[str, bytes]], dice: Random) -> bytes:
    methods = (zipfile.ZIP_DEFLATED,) * 8 + (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    out = io.BytesIO()
    with (
        warnings.catch_warnings(action="ignore"),  # names that come twice are wanted
        zipfile.ZipFile(out, "w", dice.choice(methods), compresslevel=1) as archive,
    ):
        for name, inside in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = archive.compression
            if dice.random() < 0.02:
                info.external_attr = 0o120777 << 16  # a link
            archive.writestr(info, inside)
    return out.getvalue()


def mutate_sqlite(content: bytes, inner: Inner, dice: Random) -> bytes | None:
    """A cell changed, a table without rows, without a column or away. None when it is too broken to be opened."""
    connection = sqlite3.connect(":memory:")
    connection.text_factory = bytes
    try:
        connection.deserialize(content)
        _change(connection, inner, dice)
        connection.commit()
        return connection.serialize()
    except (sqlite3.Error, OverflowError, MemoryError, UnicodeDecodeError, IndexError):
        return None  # no name can be read, or no table is left
    finally:
        connection.close()


def _change(connection: sqlite3.Connection, inner: Inner, dice: Random) -> None:
    names = [
        row[0].decode() for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    table = _quoted(dice.choice(sorted(names)))
    columns = [_quoted(row[1].decode()) for row in connection.execute(f"PRAGMA table_info({table})")]
    column = dice.choice(columns)
    match dice.randrange(10):
        case 0:
            connection.execute(f"DROP TABLE {table}")
        case 1:
            connection.execute(f"DELETE FROM {table}")
        case 2:
            connection.execute(f"ALTER TABLE {table} RENAME COLUMN {column} TO other")
        case 3:
            connection.execute(f"UPDATE {table} SET {column} = ?", (dice.choice(_CELLS),))
        case _:
            rows = connection.execute(f"SELECT rowid, {column} FROM {table} ORDER BY rowid").fetchall()
            row, value = dice.choice(rows) if rows else (0, b"")
            put = inner(value) if isinstance(value, bytes) else dice.choice(_CELLS)
            if isinstance(put, bytes) and dice.random() < 0.9:
                put = put.decode("utf-8", errors="replace")
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (put, row))


_CELLS = (None, 0, -1, 2**62, 1.5, float("inf"), "", "x", b"\xff\xfe", "{}", "[]", "\x1f\x1f\x1f")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
