"""Workbooks are read like the tables they hold; damaged and hostile ones are refused in a sentence."""

import contextlib
import io
import random
import tracemalloc
import zipfile
from typing import Any

import pytest
from exchange.workbooks import Cell, packed, parts, sheet, workbook
from hostile import lying_bomb

from qbank.core.question import Question
from qbank.errors import InputInvalid, QbankError, UsageError
from qbank.exchange import mcq_xlsx
from qbank.exchange.mcq import read_mcq

HEADER = ["Question", "A", "B", "C", "Answer", "Explanation"]
ROWS = [HEADER, ["Which hormone\nlowers glucose?", "Renin", "Insulin", "Glucagon", "B", "It does."]]


def read(content: bytes, **named: Any) -> list[Question]:  # noqa: ANN401 handed on
    return read_mcq("f.xlsx", content, bank="x", **named).questions


def test_a_sheet_is_read_like_the_table_it_is() -> None:
    """Line ends in cells are kept."""
    (question,) = read(workbook({"Sheet1": ROWS}))
    assert (question.stem, question.key.text, question.key.explanation) == (
        "Which hormone\nlowers glucose?",
        "Insulin",
        "It does.",
    )


def test_numbers_dates_and_formulas_are_what_is_shown() -> None:
    """A whole number has no point, a date is written as ISO 8601 has it, a formula is its last result."""
    formula = '<c t="str"><f>CONCATENATE("In","sulin")</f><v>Insulin</v></c>'
    rows: list[list[Cell]] = [[*HEADER], ["Q?", 4, 4.5, '<c s="1"><v>45000</v></c>', "B", formula]]
    (question,) = read(workbook({"S": rows}))
    assert [option.text for option in question.options] == ["4", "4.5", "2023-03-15"]
    assert question.key.explanation == "Insulin"


def test_the_first_sheet_with_questions_is_read_or_the_one_that_is_named() -> None:
    """A cover, an empty sheet, headings below a title."""
    other = [HEADER, ["Other?", "Renin", "Insulin", "Glucagon", "A", ""]]
    content = workbook(
        {
            "Cover": [["My quiz"], ["by me"]],
            "None": [],
            "One": [["Fill in:"], [], *ROWS, [" ", ""]],
            "Two": other,
        }
    )
    assert [one.key.text for one in read(content)] == ["Insulin"]
    assert [one.stem for one in read(content, sheet="Two")] == ["Other?"]
    with pytest.raises(UsageError, match="There are: Cover, None, One, Two"):
        read(content, sheet="Three")
    with pytest.raises(InputInvalid, match="No column here"):
        read(content, sheet="Cover")


def test_headings_can_be_named_and_faults_have_the_row_of_the_sheet() -> None:
    """As in any table of one's own."""
    rows = [["Frage", "eins", "zwei", "richtig"], [], ["Q?", "x", "y", "Z"], ["R?", "x", "y", "B"]]
    columns = {"stem": "Frage", "a": "eins", "b": "zwei", "answer": "richtig"}
    with pytest.raises(InputInvalid, match=r'f\.xlsx:3: The answer "Z" is none of the options'):
        read(workbook({"S": rows}), columns=columns)
    del rows[2]
    assert read(workbook({"S": rows}), columns=columns)[0].key.text == "y"


ENTITIES = '<!DOCTYPE a [<!ENTITY b "boom">]>' + sheet(ROWS)
FAR = sheet(ROWS).replace("</sheetData>", '<row><c r="XFD1"><v>1</v></c></row>' * 400 + "</sheetData>")
WIDE = sheet(ROWS).replace("</sheetData>", f"<row>{'<c/>' * 100_001}</row></sheetData>")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (ENTITIES, "declares entities"),
        (FAR, "room for more than"),
        (WIDE, "elements in one piece"),
        ("<worksheet", "cannot be read"),
    ],
)
def test_a_sheet_that_would_take_the_machine_is_refused(part: str, said: str) -> None:
    """Entities that grow, cells in the last column, XML that is cut off."""
    hostile = parts({"S": ROWS}) | {"xl/worksheets/sheet1.xml": part}
    with pytest.raises(InputInvalid, match=said):
        read(packed(hostile))


def test_a_bomb_is_unpacked_up_to_the_limit_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """64 MiB of zeros in a few bytes."""
    monkeypatch.setattr(mcq_xlsx, "UNPACKED_LIMIT", 1024 * 1024)
    content = packed(parts({"S": ROWS}) | {"xl/sharedStrings.xml": bytes(64 * 1024 * 1024)})
    tracemalloc.start()
    try:
        with pytest.raises(InputInvalid, match="unpacks to more than 1 MiB"):
            read(content)
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_sheet_is_unpacked_no_further_than_it_says() -> None:
    """A bomb may lie about its size."""
    whole = parts({"S": ROWS})
    bomb = lying_bomb(name="xl/worksheets/sheet1.xml", others=whole)
    tracemalloc.start()
    try:
        with pytest.raises(InputInvalid, match="damaged or locked"):
            read_mcq("f.xlsx", bomb, bank="x")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 5_000_000


def test_a_strangely_packed_workbook_is_refused() -> None:
    """Other ways of packing unpack a piece whole, however large it becomes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as archive:
        for name, part in parts({"S": ROWS}).items():
            archive.writestr(name, part)
    with pytest.raises(InputInvalid, match="packed in an unknown way"):
        read(out.getvalue())


def test_a_damaged_workbook_gives_questions_or_a_sentence() -> None:
    """Bytes changed, cut out and cut off anywhere, in the package and in its parts."""
    draw = random.Random(7)
    good = parts({"S": ROWS})
    for _ in range(300):
        name = draw.choice(list(good))
        part = bytearray(good[name].encode())
        at = draw.randrange(len(part))
        part[at : at + draw.randrange(9)] = draw.randbytes(draw.randrange(4))
        content = bytearray(packed(good | {name: bytes(part)}))
        if draw.random() < 0.3:
            content[draw.randrange(4, len(content))] = draw.randrange(256)
        with contextlib.suppress(QbankError):
            assert read(bytes(content))
