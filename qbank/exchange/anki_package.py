"""Anki's packages, .apkg and .colpkg: a zip with a collection and numbered media, in the newest form packed with zstd.

`meta` says which form it is. A package in the newest form also has a collection for older programs, whose only note asks
for an update, so `meta` is read first. Sources: Anki's `import_export.proto`, and packages that Anki wrote.
"""

import io
import json
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

from qbank.exchange import anki_wire
from qbank.exchange.zip_faults import NOT_A_ZIP

FILE_LIMIT = 256 * 1024**2  # bytes of the package
COLLECTION_LIMIT = 512 * 1024**2  # bytes of the collection, unpacked; 35,000 notes have some 100 MiB
MAP_LIMIT = 16 * 1024**2  # bytes of the list of media, unpacked
MEDIA_LIMIT = 8 * 1024**2  # bytes of one picture
ALL_MEDIA_LIMIT = 64 * 1024**2  # bytes of all pictures that questions show
MEMBER_LIMIT = 200_000  # files in a package
RATIO_LIMIT = 1_100  # zlib's own limit is 1,032
_CHUNK = 256 * 1024
_WINDOW_LIMIT = 32 * 1024**2  # bytes that unpacking zstd may keep in memory; Anki's have 2 MiB

SQLITE = b"SQLite format 3\0"
_COLLECTIONS = {1: "collection.anki2", 2: "collection.anki21", 3: "collection.anki21b"}
_NEWEST = max(_COLLECTIONS)
_AGAIN = "Export the deck from Anki again."
_OLDER = 'Export it from Anki again, with "Support older Anki versions" ticked.'
_ENTRY = b"PK\x01\x02"  # begins each entry of a zip's directory (APPNOTE 4.3.12)


class Refused(Exception):
    """A package or a collection that is not read: what is wrong, and how to mend it."""

    def __init__(self, message: str, mend: str = _AGAIN) -> None:
        super().__init__(message)
        self.message, self.mend = message, mend


@dataclass(slots=True)
class Package:
    """What was unpacked: the collection is a file that is gone when the package is closed."""

    collection: Path
    newest: bool = False
    _archive: zipfile.ZipFile | None = None
    _media: Mapping[str, str] = field(default_factory=dict)

    def picture(self, name: str, limit: int) -> bytes | None:
        """A file of the media by its name in texts; None when it is not there, is damaged or larger than `limit` bytes."""
        member = self._media.get(name)
        if self._archive is None or member is None:
            return None
        try:
            content = _unpacked(self._archive, member, min(limit, MEDIA_LIMIT), packed=self.newest)
        except Refused:
            return None
        return content or None


def is_package(content: bytes) -> bool:
    """Whether it is a zip with a collection in it, or a collection by itself."""
    if content.startswith(SQLITE):
        return True
    if not content.startswith(b"PK\x03\x04") or b"collection.anki2" not in content:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(_counted(content))) as archive:
            return not _COLLECTIONS.keys().isdisjoint(_forms(archive))
    except (Refused, *NOT_A_ZIP):
        return False


@contextmanager
def opened(content: bytes) -> Iterator[Package]:
    """The package, its collection unpacked into a private folder. Raises Refused."""
    if len(content) > FILE_LIMIT:
        mend = 'Export it from Anki again, without "Include media" or deck by deck.'
        raise Refused(f"The file is larger than {FILE_LIMIT // 1024**2} MiB.", mend)
    with tempfile.TemporaryDirectory(prefix="qbank-anki-") as folder:
        path = Path(folder, "collection")
        if content.startswith(SQLITE):
            path.write_bytes(content)
            yield Package(path)
            return
        try:
            archive = zipfile.ZipFile(io.BytesIO(_counted(content)))
        except NOT_A_ZIP as error:
            raise Refused("The file is no Anki package: it is no zip, or not a complete one.") from error
        with archive:
            form = _form(archive)
            newest = form == _NEWEST
            with path.open("wb") as file:
                for chunk in _chunks(archive, _COLLECTIONS[form], COLLECTION_LIMIT, packed=newest):
                    file.write(chunk)
            yield Package(path, newest, archive, _media(archive, newest=newest))


def _counted(content: bytes) -> bytes:
    if content.count(_ENTRY) > MEMBER_LIMIT:
        raise Refused(f"The package holds more than {MEMBER_LIMIT:,} files.", "Export it deck by deck.")
    return content


def _forms(archive: zipfile.ZipFile) -> dict[int, str]:
    names = set(archive.namelist())
    return {form: name for form, name in _COLLECTIONS.items() if name in names}


def _form(archive: zipfile.ZipFile) -> int:
    """Which form the package has, by its `meta`; those that older programs wrote have none."""
    there = _forms(archive)
    if not there:
        raise Refused("The zip file holds no Anki collection.", "Choose a file that Anki exported.")
    if "meta" not in archive.namelist():
        return max(there)
    try:
        form = anki_wire.number(_unpacked(archive, "meta", 1024, packed=False), 1)
    except ValueError as error:
        raise Refused("What the package says of its own form cannot be read.") from error
    if form > _NEWEST:
        raise Refused("The package is of a newer form than is known here.", _OLDER)
    if form not in there:
        raise Refused("The package does not hold the collection that it says it does.")
    return form


def _media(archive: zipfile.ZipFile, *, newest: bool) -> dict[str, str]:
    """The member of each media file by its name in texts; none where the list cannot be read."""
    if "media" not in archive.namelist():
        return {}
    try:
        listed = _unpacked(archive, "media", MAP_LIMIT, packed=newest)
        if newest:
            entries = (
                value for at, value in anki_wire.fields(listed) if at == 1 and isinstance(value, bytes)
            )
            return {anki_wire.text(entry, 1): str(member) for member, entry in enumerate(entries)}
        named = json.loads(listed)
    except (Refused, ValueError, RecursionError):
        return {}
    if not isinstance(named, dict):
        return {}
    return {name: member for member, name in named.items() if isinstance(name, str) and member.isdecimal()}


def _unpacked(archive: zipfile.ZipFile, member: str, limit: int, *, packed: bool) -> bytes:
    return b"".join(_chunks(archive, member, limit, packed=packed))


def _chunks(archive: zipfile.ZipFile, member: str, limit: int, *, packed: bool) -> Iterator[bytes]:
    """The content of a member a piece at a time. Raises Refused when it is damaged or has more than `limit` bytes."""
    total = 0
    try:
        info = archive.getinfo(member)
        _check(info)
        with archive.open(info) as stored:
            for chunk in _zstd(stored) if packed else iter(partial(stored.read, _CHUNK), b""):
                total += len(chunk)
                if total > limit:
                    size = f"{limit / 1024**2:,.0f} MiB" if limit >= 1024**2 else f"{limit} bytes"
                    raise Refused(f'"{member}" unpacks to more than {size}.', "Export it deck by deck.")
                yield chunk
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError) as error:
        raise Refused(f'"{member}" of the package is damaged or not complete.') from error
    except RuntimeError as error:  # what zipfile has for a password or an unknown method
        raise Refused(f'"{member}" is packed in a way that is not known here.') from error


def _check(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused(f'"{info.filename}" is packed in a way that is not known here.')
    if info.file_size > RATIO_LIMIT * max(info.compress_size, 1):
        raise Refused(f'"{info.filename}" unpacks to more than {RATIO_LIMIT:,} times its size.')


def _zstd(stored: IO[bytes]) -> Iterator[bytes]:
    """Unpacks as it is read, so that neither a small file nor a large one fills the memory. Raises ValueError."""
    if sys.version_info >= (3, 14):
        from compression import zstd

        options = {zstd.DecompressionParameter.window_log_max: _WINDOW_LIMIT.bit_length() - 1}
        try:
            yield from iter(partial(zstd.ZstdFile(stored, options=options).read, _CHUNK), b"")
        except zstd.ZstdError as error:
            raise ValueError(str(error)) from error
    else:
        import zstandard

        unpacking = zstandard.ZstdDecompressor(max_window_size=_WINDOW_LIMIT)
        try:
            yield from iter(
                partial(unpacking.stream_reader(stored, read_across_frames=True).read, _CHUNK), b""
            )
        except zstandard.ZstdError as error:
            raise ValueError(str(error)) from error
