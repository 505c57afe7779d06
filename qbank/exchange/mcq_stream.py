"""Files of one JSON object a line, read in parts, so that a large one is never held as a whole."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from qbank.exchange.mcq import Known, Reading, check_arguments
from qbank.exchange.mcq_build import Builder
from qbank.exchange.mcq_rows import ROW_LIMIT, FaultLog, json_lines
from qbank.exchange.mcq_shapes import SHAPES, detect, drafts
from qbank.exchange.pictures import Beside, Gallery

AT_A_TIME = 1000
"""Lines of a part."""

LINE_LIMIT = 4 * 1024**2
"""Bytes of a line. The longest question that is taken has a tenth of it."""

_HEAD = 64 * 1024
_BOM = b"\xef\xbb\xbf"


def reads_in_parts(file: BinaryIO, shape: str | None) -> bool:
    """Whether a file has one JSON object a line, of a shape that its first line tells; it is left at its beginning.

    What the keys of MedMCQA count from is told by all of the file.
    """
    head = file.read(_HEAD)
    file.seek(0)
    first, end, _ = head.removeprefix(_BOM).partition(b"\n")
    first = first.strip()
    if not end or not first.startswith(b"{") or not first.endswith(b"}") or shape not in (None, *SHAPES):
        return False
    faults = FaultLog("")
    records = list(json_lines(first.decode(errors="replace"), faults))
    return not faults.items and (shape or detect(records)) != "medmcqa"


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
    builder, gallery = Builder(bank, system, known, faults, prefix), Gallery({}, beside)
    for begin, lines in _parts(file, faults):
        if on_progress:
            on_progress(sum(map(len, lines)))
        if begin + len(lines) - 1 > ROW_LIMIT:
            faults.add(begin, f"The file holds more than {ROW_LIMIT:,} questions.", "Split it.")
            faults.raise_any()
        records = list(json_lines(_text(begin, lines, faults), faults, begin))
        shape = shape or detect(records)
        for draft in drafts(shape, records, faults):
            gallery.settle(draft)
            builder.add(draft)
        objectives, questions, hints = builder.take()
        yield Reading(objectives, questions, [], hints=hints)
    faults.raise_any()
    notes = [*builder.notes(shape or "table"), *gallery.notes()]
    yield Reading([], [], notes, pictures=gallery.kept)


def _text(begin: int, lines: list[bytes], faults: FaultLog) -> str:
    try:
        return b"".join(lines).decode()
    except UnicodeDecodeError as error:
        number = begin + error.object.count(b"\n", 0, error.start)
        faults.add(number, "The text is not UTF-8 from here on.", "Save it as a UTF-8 JSON file.")
        faults.raise_any()
        return ""


def _parts(file: BinaryIO, faults: FaultLog) -> Iterator[tuple[int, list[bytes]]]:
    """The number of the first line of each part, and its lines."""
    begin = 1
    lines: list[bytes] = []
    while line := file.readline(LINE_LIMIT + 1):
        number = begin + len(lines)
        if len(line) > LINE_LIMIT:
            message = f"The line is longer than {LINE_LIMIT // 1024**2} MiB."
            faults.add(number, message, "Write one JSON object on each line.")
            faults.raise_any()
        lines.append(line.removeprefix(_BOM) if number == 1 else line)
        if len(lines) == AT_A_TIME:
            yield begin, lines
            begin, lines = begin + len(lines), []
    if lines:
        yield begin, lines
