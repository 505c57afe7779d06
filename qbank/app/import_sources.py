"""The files that an import is given, those in folders and archives among them, each with the bank it goes to."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from qbank.app.banks import OWN, STARTER, is_misses
from qbank.app.files import read_bytes, size_of
from qbank.errors import Fault, InputInvalid, NotFound, QbankError, UsageError

NAME_LENGTH = 60
"""Characters of a bank's name."""

FILE_LIMIT = 10_000
"""Files in one folder; more is a folder of something else."""

TABLES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xlsx")
"""Endings of files that are questions or have faults; of others in a folder, what is not known is left out."""

ENDINGS = (*TABLES, ".gift", ".txt", ".xml", ".qti", ".dat", ".zip", ".imscc", ".apkg", ".colpkg")
"""What questions are in, of the files in a folder or an archive."""

_PREFIX_LENGTH = 40


class Source(NamedTuple):
    """A file of questions: the name it is told by, and the bank it goes to.

    `path` is its place on disk, or that of its archive, and `content` its bytes if it is in one. `prefix` goes before ids
    that it gives, since other files of its bank may give the same. `among` says that it came with a folder or an archive
    and was not named itself.
    """

    name: str
    path: Path
    bank: str
    prefix: str = ""
    content: bytes | None = None
    among: bool = False

    def read(self) -> bytes:
        return read_bytes(self.path) if self.content is None else self.content

    @property
    def size(self) -> int:
        """Bytes of it."""
        return size_of(self.path) if self.content is None else len(self.content)

    @property
    def is_known(self) -> bool:
        return self.name.lower().endswith(ENDINGS)


def sources(path: Path, bank: str) -> Iterator[Source]:
    """A file, or every file in a folder or an archive, by their names.

    Raises NotFound, UsageError for a folder that holds none or too many, InputInvalid for an archive that is not to be
    trusted, and QbankError for what cannot be read.
    """
    if path.is_dir():
        for file in _files(path):
            name = str(file.relative_to(path))
            yield from _unpacked(Source(f"{path.name}/{name}", file, bank, _prefix(name), among=True), name)
    elif not path.exists():
        raise NotFound("file", str(path), "Check the path.")
    else:
        yield from _unpacked(Source(path.name, path, bank), "")


def bank_name(path: Path) -> str:
    """A name for the bank of a file's questions, from the file's own."""
    stem = path.absolute().name if path.is_dir() else path.absolute().name.split(".")[0]
    name = "-".join(re.findall(r"[^\W_]+", stem.casefold()))[:NAME_LENGTH].strip("-") or "imported"
    return f"{name}-imported" if _is_taken(name) else name


def check_name(bank: str) -> None:
    """Raise UsageError for a name that an imported bank cannot have."""
    if _is_taken(bank):
        raise UsageError(f"The name {bank!r} is taken by qbank itself. Choose another with --bank.")
    if not bank.strip() or not bank.isprintable() or "/" in bank or len(bank) > NAME_LENGTH:
        raise UsageError(
            f"A bank's name has 1 to {NAME_LENGTH} characters that can be seen, and no slash. Choose another with --bank."
        )


def _is_taken(bank: str) -> bool:
    return bank in (STARTER, OWN) or is_misses(bank)


def _files(folder: Path) -> list[Path]:
    found = []
    for place, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(place, name) for name in sorted(names) if not name.startswith(".")]
        if len(found) > FILE_LIMIT:
            raise UsageError(f"{folder} holds more than {FILE_LIMIT:,} files. Name the ones with questions.")
    if not found:
        raise UsageError(f"{folder} holds no file. Choose the folder that the questions are in.")
    return found


def _refuse(error: OSError) -> None:
    raise QbankError(f"{error.filename} cannot be read: {error.strerror}. Check its permissions.") from error


def _unpacked(source: Source, within: str) -> Iterator[Source]:
    """The files in an archive that is no package of a format's own; else the file itself."""
    if not source.name.lower().endswith(".zip"):
        yield source
        return
    from qbank.exchange.qti_package import members, names
    from qbank.exchange.xml_reading import Refused

    content = source.read()
    if not _is_plain(content):
        yield source
        return
    try:
        for name, inner in members(content, ENDINGS):
            prefix = _prefix(f"{within}/{name}" if within else name)
            yield Source(f"{source.name}/{name}", source.path, source.bank, prefix, inner, among=True)
        for name in names(content):
            if not name.lower().endswith((*ENDINGS, "/")):
                yield Source(f"{source.name}/{name}", source.path, source.bank, content=b"", among=True)
    except Refused as refused:
        fault = Fault(source.name, refused.line, refused.message, refused.mend)
        raise InputInvalid([fault]) from refused


def _is_plain(content: bytes) -> bool:
    """Whether an archive just holds files of questions, and does not say of itself that it is a package."""
    from qbank.exchange.qti_package import ENDINGS as PACKAGED
    from qbank.exchange.qti_package import is_zip, names

    if not is_zip(content):
        return False
    found = [name.lower() for name in names(content)]
    if any(name.rpartition("/")[2] == "imsmanifest.xml" for name in found):
        return False
    return any(name.endswith(tuple(set(ENDINGS) - set(PACKAGED))) for name in found)


def _prefix(name: str) -> str:
    stem = name.rpartition(".")[0] or name
    return "-".join(re.findall(r"[A-Za-z0-9]+", stem))[-_PREFIX_LENGTH:].strip("-") + "-"
