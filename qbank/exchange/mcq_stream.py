"""Files of one JSON object a line, read in parts, so that a large one is never held as a whole."""

import os
from collections.abc import Callable, Iterator
from typing import BinaryIO

import msgspec

from qbank.exchange.mcq import Known, Reading, builder_for, check_arguments, in_parts
from qbank.exchange.mcq_build import Builder
from qbank.exchange.mcq_json import line_records
from qbank.exchange.mcq_rows import FaultLog, Record, Records, limited
from qbank.exchange.mcq_shapes import SHAPES, detect
from qbank.exchange.pictures import Beside, Gallery

AT_A_TIME = 1000
"""Lines of a part."""

_HEAD = 64 * 1024
_BOM = b"\xef\xbb\xbf"


def reads_in_parts(file: BinaryIO, shape: str | None) -> bool:
    """Whether a file has one JSON object a line, as its first lines tell; it is left at its beginning."""
    head = file.read(_HEAD)
    file.seek(0)
    first, end, _ = head.removeprefix(_BOM).partition(b"\n")
    if not end or not first.strip().startswith(b"{") or shape not in (None, *SHAPES):
        return False
    try:
        msgspec.json.decode(first)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def read_in_parts(
    name: str,
    file: BinaryIO,
    *,
    bank: str,
    system: str = "",
    shape: str | None = None,
    known: Known | None = None,
    prefix: str = "",
    beside: Beside | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Iterator[Reading]:
    """What `read_mcq` gives of such a file, in parts; notes and pictures come with the last. `on_progress` is told bytes.

    Raises InputInvalid with every fault at the end, so nothing of it may be kept before.
    """
    known = known or {}
    check_arguments({}, system, shape, known)
    faults = FaultLog(name)
    records = Records(lambda log: _from_start(file, log))
    shape = shape or detect(records, name)
    builder = builder_for(shape, records, Builder(bank, system, known, faults, prefix))
    size, told = file.seek(0, os.SEEK_END), file.seek(0)
    for reading in in_parts(shape, records, builder, Gallery({}, beside), faults, AT_A_TIME):
        at = file.tell() or size  # it stands at its beginning again when all of it was read
        if on_progress:
            on_progress(at - told)
        told = at
        yield reading


def _from_start(file: BinaryIO, faults: FaultLog) -> Iterator[Record]:
    """Every record; a file that is gone through meanwhile for another reason stands where it stood again."""
    before = file.tell()
    try:
        mark = file.read(len(_BOM)) if not file.seek(0) else b""
        if mark != _BOM:
            file.seek(0)
        yield from limited(line_records(file, faults), faults)
    finally:
        file.seek(before)
