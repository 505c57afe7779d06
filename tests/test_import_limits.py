"""The limits that docs/import-limits.md names are those that hold."""

import csv
from pathlib import Path

import pytest

from qbank.app.files import READ_LIMIT
from qbank.core import raster
from qbank.exchange import (
    gift_syntax,
    markup,
    mcq_build,
    mcq_rows,
    mcq_xlsx,
    moodle_xml,
    pictures,
    plain_text,
    qti,
    qti_package,
    xml_reading,
)

DOC = Path(__file__).parents[1] / "docs" / "import-limits.md"
TABLE = dict(
    line.strip("| ").split(" | ")[:2]
    for line in DOC.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ")
)


def mib(size: int) -> str:
    return f"{size // 1024**2} MiB"


@pytest.mark.parametrize(
    ("what", "limit"),
    [
        ("a file, of any kind; what comes through a pipe", mib(READ_LIMIT)),
        ("GIFT and Aiken: a file", mib(plain_text.SIZE_LIMIT)),
        ("GIFT and Aiken: questions and texts in a file", f"{plain_text.ITEM_LIMIT:,}"),
        ("GIFT: one question", f"{gift_syntax.LENGTH_LIMIT:,} characters"),
        ("Moodle XML and QTI: a file, or all of a package unpacked", mib(xml_reading.SIZE_LIMIT)),
        (
            "Moodle XML and QTI: what is kept of a file",
            f"{mib(xml_reading.TEXT_LIMIT)} of text, {xml_reading.ELEMENT_LIMIT:,} elements",
        ),
        ("Moodle XML and QTI: questions in a file or package", f"{moodle_xml.QUESTION_LIMIT:,}"),
        ("Moodle XML and QTI: questions in a file or package", f"{qti.QUESTION_LIMIT:,}"),
        (
            "Moodle XML and QTI: one question",
            f"{xml_reading.PIECE_LIMITS[0]:,} elements, {mib(xml_reading.PIECE_LIMITS[1])} of text",
        ),
        (
            "Moodle XML and QTI: one tag or comment",
            f"{mib(xml_reading.TAG_LIMIT)}, {xml_reading.ATTRIBUTE_LIMIT:,} attributes",
        ),
        ("Moodle XML and QTI: elements within each other", f"{xml_reading.DEPTH_LIMIT}"),
        (
            "Moodle XML and QTI: one text before its markup goes, without the pictures in it",
            f"{markup.HTML_LIMIT:,} characters",
        ),
        ("packages: files in one", f"{qti_package.MEMBER_LIMIT:,}"),
        ("packages: how far one file unpacks", f"{qti_package.RATIO_LIMIT} times its size"),
        ("workbooks: what is unpacked of one part", mib(mcq_xlsx.UNPACKED_LIMIT)),
        (
            "pictures: one, and all of one file",
            f"{mib(pictures.PICTURE_LIMIT)} and {mib(pictures.TOTAL_LIMIT)}",
        ),
        (
            "pictures: how large one is",
            f"{raster.SIDE_LIMIT:,} pixels a side, {raster.PIXEL_LIMIT // 10**6} million in all",
        ),
        (
            "Moodle XML: one file within a question, and all of them, in base64",
            f"{mib(xml_reading.FILE_LIMITS[0])} and {mib(xml_reading.FILE_LIMITS[1])}",
        ),
        ("tables: questions in a file", f"{mcq_rows.ROW_LIMIT:,}"),
        ("tables: one cell of a CSV file", f"{csv.field_size_limit():,} characters"),
        ("options of a question", "{} to {}".format(*mcq_build.OPTION_LIMITS)),
        ("the text of a question", f"{mcq_build.LENGTH_LIMITS['question']:,} characters"),
        ("an option, an id, the name of an area", f"{mcq_build.LENGTH_LIMITS['option']:,} characters"),
        ("an explanation", f"{mcq_build.LENGTH_LIMITS['explanation']:,} characters"),
        ("faults that are listed of one file", f"{mcq_rows.FAULT_LIMIT:,}"),
    ],
)
def test_the_table_says_what_holds(what: str, limit: str) -> None:
    """Word for word."""
    assert TABLE[what] == limit
