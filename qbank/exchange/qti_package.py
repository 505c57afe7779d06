"""Zip packages of question files, unpacked in memory and within limits."""

import io
import zipfile
import zlib
from collections.abc import Iterator

from qbank.exchange.xml_reading import SIZE_LIMIT, Refused
from qbank.exchange.zip_faults import NOT_A_ZIP

MEMBER_LIMIT = 60_000  # with one question in each, as many as any file may hold, and pictures
RATIO_LIMIT = 200  # XML of real packages packs ten to thirty times smaller; a bomb some thousand times
ENDINGS = (".xml", ".qti", ".dat")
"""What questions are in: Canvas has banks in `.xml.qti`, Blackboard everything in `.dat`; the rest is not unpacked."""

_MEND = "Export the questions again, or unpack it yourself and import the files one by one."
_ENTRY = b"PK\x01\x02"  # begins each entry of a zip's directory (APPNOTE 4.3.12)


def is_zip(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def members(content: bytes, endings: tuple[str, ...] = ENDINGS) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each member that may hold questions, in the package's order.

    Raises Refused for what is no whole zip, for names that lead out of it, links, more than MEMBER_LIMIT members, one
    that packs more than RATIO_LIMIT times smaller, or more than SIZE_LIMIT bytes unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(_counted(content))) as archive:
            infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
            _check(infos, endings)
            for info in infos:
                if info.filename.lower().endswith(endings):
                    yield info.filename, _unpacked(archive, info)
    except (*NOT_A_ZIP, zlib.error, EOFError) as error:
        raise Refused(1, "The zip file is damaged or not complete.", _MEND) from error


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A member. `archive.read` would unpack all that is packed before it looks at the size that was told."""
    with archive.open(info) as member:
        return member.read(info.file_size + 1)


def names(content: bytes) -> list[str]:
    """The names in a zip; none when it is damaged or too large to be a package of questions."""
    try:
        with zipfile.ZipFile(io.BytesIO(_counted(content))) as archive:
            return archive.namelist()
    except (Refused, *NOT_A_ZIP):
        return []


def _counted(content: bytes) -> bytes:
    """The content, if its directory is short enough to be read at all."""
    if content.count(_ENTRY) > MEMBER_LIMIT:
        raise Refused(1, f"The zip file holds more than {MEMBER_LIMIT:,} files.", _MEND)
    return content


def _check(infos: list[zipfile.ZipInfo], endings: tuple[str, ...]) -> None:
    total = 0
    for info in infos:
        parts = info.filename.replace("\\", "/").split("/")
        if not parts[0] or ".." in parts or ":" in parts[0]:
            raise Refused(1, f'The name "{info.filename}" leads out of the package.', _MEND)
        if info.external_attr >> 16 & 0o170000 == 0o120000:
            raise Refused(1, f'"{info.filename}" is a link to another place.', _MEND)
        if not info.filename.lower().endswith(endings):
            continue
        if info.flag_bits & 1:
            raise Refused(1, f'"{info.filename}" is locked with a password.', _MEND)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(1, f'"{info.filename}" is packed in a way that is not known here.', _MEND)
        if info.file_size > RATIO_LIMIT * max(info.compress_size, 1):
            message = f'"{info.filename}" unpacks to more than {RATIO_LIMIT} times its size.'
            raise Refused(1, message, _MEND)
        total += info.file_size
        if total > SIZE_LIMIT:
            message = f'With "{info.filename}" it unpacks to more than {SIZE_LIMIT // 1024**2} MiB.'
            raise Refused(1, message, "Export the questions in parts.")
