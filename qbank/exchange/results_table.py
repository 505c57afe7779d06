"""A table of another bank's results: a row a question, with whether it was right, and none of its texts."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from qbank.core.text import visible
from qbank.exchange.mcq_csv import strict_rows
from qbank.exchange.mcq_rows import FaultLog
from qbank.exchange.plain_text import decoded
from qbank.exchange.results_fields import ROLES, day, outcome, percent, role, seconds, slashed

ROW_LIMIT = 50_000
EARLIEST_YEAR = 2000
CELL_LIMIT = 10_000  # characters; what is longer is no name of an area and no number
_HEAD_ROWS = 20  # that may stand above the headings, as titles of exports do


class Row(msgspec.Struct, frozen=True):
    """A row as the table has it: `right` is None where it was not answered, `areas` are (column's role, name)."""

    line: int
    id: str
    attempt: str
    right: bool | None
    seconds: int | None
    areas: tuple[tuple[str, str], ...]
    on: date | None
    others: int | None


class Table(msgspec.Struct, frozen=True):
    """A table's rows, which roles have a column, and what a reader should know of how it was read."""

    rows: tuple[Row, ...]
    columns: Mapping[str, str]
    notes: tuple[str, ...]


def read_results(
    name: str, content: bytes, columns: Mapping[str, str], today: date, *, day_first: bool | None = None
) -> Table:
    """The rows of a CSV or TSV file; `columns` gives headings by role where they are not usual ones.

    Without `day_first`, dates like 03/04/2026 are read by those that can be read one way only, else month first. Raises
    InputInvalid with every fault.
    """
    faults = FaultLog(name)
    _check_roles(columns, faults)
    text = decoded(content, faults)
    header_line, header, body = _table(text, columns, faults)
    found = _found_columns(header_line, header, columns, faults)
    faults.raise_any()
    reading = _Reading(found, header, body, today, day_first, faults)
    rows = tuple(reading.rows())
    faults.raise_any()
    return Table(rows, {role: header[at] for role, at in found.items()}, tuple(reading.notes()))


def _check_roles(columns: Mapping[str, str], faults: FaultLog) -> None:
    for unknown in columns.keys() - ROLES.keys():
        faults.add_unknown(1, f'A results table has no column "{unknown}".', unknown, ROLES)
    faults.raise_any()


def _table(
    text: str, columns: Mapping[str, str], faults: FaultLog
) -> tuple[int, list[str], list[tuple[int, list[str]]]]:
    """(line of the headings, the headings, the rows under them), by the delimiter that shows most headings."""
    best: tuple[int, int, str] = (0, 1, ",")
    wanted = {heading.strip().casefold() for heading in columns.values()}
    lines = text.split("\n")[:_HEAD_ROWS]
    for delimiter in ",;\t":
        for number, line in enumerate(lines, 1):
            cells = _cells(line, delimiter)
            known = sum(bool(role(cell)) or cell.strip().casefold() in wanted for cell in cells)
            if known > best[0]:
                best = known, number, delimiter
    known, at, delimiter = best
    if not known:
        mend = "Begin it with headings such as id,correct,system,date, or say which is which: --column correct=Result"
        faults.add(1, "No heading of a results table is known here.", mend)
        faults.raise_any()
    rows = list(_rows(text, delimiter, at, faults))
    faults.raise_any()
    return at, [cell.strip() for cell in rows[0][1]], rows[1:]


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _rows(text: str, delimiter: str, first: int, faults: FaultLog) -> Iterator[tuple[int, list[str]]]:
    body = "\n".join(text.split("\n")[first - 1 :])
    lines = io.StringIO(body, newline="")
    for count, (line, row) in enumerate(strict_rows(lines, delimiter, first, faults), 1):
        if count > ROW_LIMIT + 1:
            faults.add(line, f"The table has more than {ROW_LIMIT:,} rows.", "Split it.")
            return
        if max(map(len, row)) > CELL_LIMIT:
            faults.add(line, f"A cell has more than {CELL_LIMIT:,} characters.", "Shorten it.")
            return
        yield line, row


def _found_columns(
    line: int, header: Sequence[str], columns: Mapping[str, str], faults: FaultLog
) -> dict[str, int]:
    """Where each role's column stands: as told, else the first with a usual heading."""
    found: dict[str, int] = {}
    folded = [heading.casefold() for heading in header]
    for wanted, heading in columns.items():
        if heading.strip().casefold() in folded:
            found[wanted] = folded.index(heading.strip().casefold())
        else:
            faults.add_unknown(line, f'There is no column "{heading}".', heading, filter(None, header))
    for at, heading in enumerate(header):
        known = role(heading)
        if known and known not in found and at not in found.values():
            found[known] = at
    return found


class _Reading:
    """Reads rows one by one, and counts what was not understood and may be left out."""

    def __init__(
        self,
        found: Mapping[str, int],
        header: Sequence[str],
        body: Sequence[tuple[int, list[str]]],
        today: date,
        day_first: bool | None,
        faults: FaultLog,
    ) -> None:
        self._found, self._body, self._today, self._faults = found, body, today, faults
        self._minutes = "time" in found and "min" in header[found["time"]].casefold()
        self._day_first, self._unsure = self._dates(day_first)
        told = [percent(self._cell(row, "others")) for _, row in body]
        shares = [one for one in told if one is not None]
        # Where none is over 1, they are shares of 1.
        self._scale = 100 if shares and max(shares) <= 1 else 1
        self._passed_over: Counter[str] = Counter()

    def rows(self) -> Iterator[Row]:
        for line, row in self._body:
            right = self._right(line, row)
            others = percent(self._cell(row, "others"))
            self._count("percent of others", "others", row, others is None)
            took = seconds(self._cell(row, "time"), minutes=self._minutes)
            self._count("time", "time", row, took is None)
            yield Row(
                line=line,
                id=self._cell(row, "id"),
                attempt=self._cell(row, "attempt"),
                right=right,
                seconds=took,
                areas=tuple(
                    (name, self._cell(row, name))
                    for name in ("system", "subject", "topic")
                    if name in self._found
                ),
                on=self._on(line, row),
                others=None if others is None else round(others * self._scale),
            )

    def notes(self) -> Iterator[str]:
        for what, count in sorted(self._passed_over.items()):
            rows = "1 row has" if count == 1 else f"{count:,} rows have"
            yield f"{rows} a {what} that is none; it was left out there."
        if self._unsure:
            yield "Dates like 03/04/2026 were read with the month first. If the day comes first, add --day-first."

    def _cell(self, row: Sequence[str], name: str) -> str:
        at = self._found.get(name)
        return row[at].strip() if at is not None and at < len(row) else ""

    def _right(self, line: int, row: Sequence[str]) -> bool | None:
        if "correct" not in self._found:
            return False  # a list of misses needs no such column
        cell = self._cell(row, "correct")
        try:
            return outcome(cell)
        except ValueError:
            self._faults.add(
                line,
                f'Whether it was right cannot be told from "{visible(cell[:40])}".',
                "Write correct, incorrect or omitted.",
            )
            return None

    def _on(self, line: int, row: Sequence[str]) -> date | None:
        cell = self._cell(row, "date")
        if not cell:
            return None
        found = day(cell, day_first=self._day_first)
        if found is None or found.year < EARLIEST_YEAR:
            self._faults.add(line, f'"{visible(cell[:40])}" is not a date.', "Write it as 2026-11-20.")
        elif found > self._today:
            self._faults.add(
                line, f"{found} is still to come.", "If the day comes before the month, add --day-first."
            )
        return found

    def _dates(self, day_first: bool | None) -> tuple[bool, bool]:
        """(whether the day comes first, whether that was only supposed)."""
        pairs = [pair for _, row in self._body if (pair := slashed(self._cell(row, "date")))]
        if day_first is not None or not pairs:
            return bool(day_first), False
        if any(first > 12 for first, _ in pairs):
            return True, False
        return False, not any(second > 12 for _, second in pairs)

    def _count(self, what: str, name: str, row: Sequence[str], missing: bool) -> None:
        cell = self._cell(row, name)
        if missing and cell.strip("-—– "):
            self._passed_over[what] += 1
