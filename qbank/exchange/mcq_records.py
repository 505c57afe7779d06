"""The records of a file of questions that is a table or JSON, told by its first bytes."""

from collections.abc import Mapping

from qbank.exchange.mcq_csv import csv_records, table_records
from qbank.exchange.mcq_encoding import as_utf8
from qbank.exchange.mcq_json import is_json, json_records
from qbank.exchange.mcq_rows import FaultLog, Records, limited


def read_records(
    content: bytes,
    columns: Mapping[str, str],
    shape: str | None,
    faults: FaultLog,
    *,
    encoding: str = "",
    sheet: str = "",
) -> Records:
    """The records of a file. Raises InputInvalid for what is none, UsageError for an encoding that is not known."""
    from qbank.exchange.mcq_xlsx import is_workbook, sheet_rows  # which few files need

    if is_workbook(content):
        rows = sheet_rows(content, sheet, columns, faults)
        faults.raise_any()
        return table_records(lambda log: limited(iter(rows), log), columns, faults)
    text = as_utf8(content, encoding, faults)
    if is_json(text):
        return Records(lambda log: limited(json_records(text, log), log))
    return csv_records(text, columns, shape, faults)
