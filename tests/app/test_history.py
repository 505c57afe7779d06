"""Answers as CSV: any reader gives the cells back, and no cell is a formula."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.app.history import ANSWER_COLUMNS, Cells, answer_cells, csv_lines, write_csv
from qbank.store.answers import PastAnswer

AT = datetime(2027, 1, 4, 18, 0, 1, 999, tzinfo=UTC)
ONE = PastAnswer(
    AT, date(2027, 1, 4), "b1", 0, "starter", "q-1", "o-1", "renal", ("path", "anatomy"), "timed", False, True, 61_240,
    None, None, True, False, False, False, False, False,
)  # fmt: skip

FORMULA = {"=", "+", "-", "@", "\t", "\r"}


def read(lines: list[bytes]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(lines).decode(), newline=""), strict=True))


@given(texts=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1))
def test_cells_come_back_from_any_reader(texts: list[str]) -> None:
    """Quotes, commas and line breaks within a text survive; what a spreadsheet would reckon is set off by one mark."""
    lines = list(csv_lines(("text",), ({"text": text} for text in texts)))
    assert lines[0] == b"text\r\n"
    assert all(line.endswith(b"\r\n") for line in lines)
    found = [cells[0] if cells else "" for cells in read(lines)[1:]]
    assert found == [f"'{text}" if text[:1] in FORMULA else text for text in texts]
    assert not any(cell[:1] in FORMULA for cell in found)


def test_an_answer_is_a_row_under_the_headings() -> None:
    """Times with their zone, seconds to a tenth, true and false as 1 and 0, nothing for what is unknown."""
    heading, row = read(list(csv_lines(ANSWER_COLUMNS, [answer_cells(ONE)])))
    assert dict(zip(heading, row, strict=True)) == {
        "at": "2027-01-04T18:00:01+00:00",
        "day": "2027-01-04",
        "block": "b1",
        "number": "1",
        "bank": "starter",
        "question": "q-1",
        "objective": "o-1",
        "system": "renal",
        "suggested": "0",
        "disciplines": "path anatomy",
        "mode": "timed",
        "outcome": "right",
        "seconds": "61.2",
        "confidence": "",
        "reason": "",
        "fresh": "1",
        "assess": "0",
        "marked": "0",
        "time_ran_out": "0",
        "taken_back": "0",
    }


def test_a_file_is_private_and_whole_or_not_there(tmp_path: Path) -> None:
    """When the rows break off halfway no part of a file is left, and one that was there stays."""
    target = tmp_path / "out" / "answers.csv"

    def broken() -> Iterator[Cells]:
        yield answer_cells(ONE)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_csv(target, ANSWER_COLUMNS, broken())
    assert list(target.parent.iterdir()) == []
    assert write_csv(target, ANSWER_COLUMNS, [answer_cells(ONE)] * 3) == 3
    before = target.read_bytes()
    assert target.stat().st_mode & 0o077 == 0
    with pytest.raises(RuntimeError):
        write_csv(target, ANSWER_COLUMNS, broken())
    assert target.read_bytes() == before
