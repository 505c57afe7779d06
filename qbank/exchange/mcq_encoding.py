"""The bytes of a file of questions as UTF-8, whatever it was written in, or a sentence on why it is not read."""

import codecs

from qbank.errors import UsageError
from qbank.exchange.mcq_rows import SIZE_LIMIT, FaultLog

_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""What a file begins with when it is not UTF-8; the mark of UTF-32 begins like that of UTF-16, so it goes first."""

_OTHERS = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": (
        "an old Excel workbook (.xls)",
        "Save it as .xlsx in your spreadsheet.",
    ),
    b"PAR1": ("a Parquet file", "Save it as JSONL (one JSON object a line) or CSV."),
    b"\x1f\x8b": ("packed with gzip", "Unpack it first."),
    b"%PDF": ("a PDF", "Choose the file that the questions were exported to."),
    b"PK\x03\x04": (
        "a zip file, and no workbook or package of questions that is known here",
        "Unpack it first.",
    ),
}
_CHUNK = 1024 * 1024


def as_utf8(content: bytes, encoding: str, faults: FaultLog) -> bytes:
    """The text of a file as UTF-8 without a byte order mark.

    It is UTF-8 unless its mark, or `encoding`, a name that Python knows, says otherwise: a guess between the encodings of
    one byte a letter would be wrong in silence. Raises InputInvalid for what is no text or not in that encoding, UsageError
    for an encoding that is not known.
    """
    if encoding:
        encoding = _known(encoding)
    if len(content) > SIZE_LIMIT:
        faults.add(1, f"The file is larger than {SIZE_LIMIT // 1024**2} MiB.", "Split it.")
    for mark, (what, mend) in _OTHERS.items():
        if content.startswith(mark):
            faults.add(1, f"The file is not UTF-8 text: it is {what}.", mend)
    faults.raise_any()
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), encoding)
    if marked and marked != "utf-8":
        content = _recoded(content, marked, faults)
    if b"\0" in content:
        mend = "Save it as a UTF-8 CSV or JSON file, or say what it is, as in --encoding utf-16-le."
        faults.add(1, "The file is not UTF-8 text.", mend)
        faults.raise_any()
    _check(content, faults)
    return content.removeprefix(codecs.BOM_UTF8)


def _known(encoding: str) -> str:
    try:
        found = codecs.lookup(encoding)
        "".encode(found.name)  # refuses those that are no encodings of text, such as base64
    except (LookupError, ValueError) as error:
        mend = "Use one such as utf-8, utf-16, latin-1 or cp1252."
        raise UsageError(f"There is no encoding {encoding!r}. {mend}") from error
    return found.name


def _recoded(content: bytes, encoding: str, faults: FaultLog) -> bytes:
    try:
        return content.decode(encoding).encode()
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = content[:start].decode(encoding, "ignore").count("\n") + 1
        faults.add(line, f"The text is not {encoding.upper()} from here on.", "Save it as UTF-8.")
        faults.raise_any()
        return b""


def _check(content: bytes, faults: FaultLog) -> None:
    """Raise InputInvalid where the text stops to be UTF-8; in pieces, so that it is never held as text as a whole."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(content)
    for at in range(0, len(content) or 1, _CHUNK):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(view[at : at + _CHUNK], final=at + _CHUNK >= len(content))
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, at - pending + error.start) + 1
            mend = "Save it as UTF-8, or say what it is: --encoding cp1252 for most files of Windows."
            faults.add(line, "The text is not UTF-8 from here on.", mend)
            faults.raise_any()
