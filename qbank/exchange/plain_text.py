"""The text of a file that a program wrote as text, in the encodings that such programs use."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from qbank.exchange.mcq_rows import FaultLog

T = TypeVar("T")

SIZE_LIMIT = 32 * 1024 * 1024  # bytes; 10,000 questions as long as the bundled ones have 23 MiB
ITEM_LIMIT = 50_000  # with what is left out; a file of so many short ones takes some 100 MB of memory
_HEAD = 64 * 1024  # bytes that are looked at to tell a format
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def decoded(content: bytes, faults: FaultLog) -> str:
    """The text with `\\n` for line ends: UTF-8, or UTF-16 with a byte order mark.

    Raises InputInvalid for a file over SIZE_LIMIT and for any other encoding, which could only be guessed.
    """
    mend = "Save it as UTF-8 text."
    if len(content) > SIZE_LIMIT:
        faults.add(1, f"The file is larger than {SIZE_LIMIT // 1024**2} MiB.", "Split it.")
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    text = ""
    if not faults.items:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            before = content[: error.start].decode(encoding, errors="replace")
            name = encoding.removesuffix("-sig").upper()
            faults.add(before.count("\n") + 1, f"The text is not {name} from here on.", mend)
    if "\0" in text:
        faults.add(text.count("\n", 0, text.index("\0")) + 1, "The file is not text from here on.", mend)
    faults.raise_any()
    return text.replace("\r\n", "\n").replace("\r", "\n")


def head(content: bytes) -> str:
    """The beginning of a file as text, to tell its format by; "" when it is no text."""
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    text = content[:_HEAD].decode(encoding, errors="replace")
    return "" if "\0" in text else text.replace("\r\n", "\n").replace("\r", "\n")


def lines(text: str) -> Iterator[str]:
    """The lines of a text one by one; a list of millions of short ones would take ten times the text's memory."""
    at = 0
    while (end := text.find("\n", at)) >= 0:
        yield text[at:end]
        at = end + 1
    yield text[at:]


def limited(items: Iterable[T], faults: FaultLog) -> Iterator[T]:
    """The items of a file. Raises InputInvalid when there are more than ITEM_LIMIT."""
    for number, item in enumerate(items):
        if number == ITEM_LIMIT:
            faults.add(1, f"The file holds more than {ITEM_LIMIT:,} questions and texts.", "Split it.")
            faults.raise_any()
        yield item
