"""XML of unknown origin is read within limits, and refused with a place."""

import pytest

from qbank.exchange.mcq_rows import FaultLog
from qbank.exchange.xml_reading import (
    DEPTH_LIMIT,
    PIECE_LIMITS,
    SIZE_LIMIT,
    TAG_LIMIT,
    Element,
    children_of_root,
)


def quiz(*parts: str) -> bytes:
    """A root with these children, each from a line of its own; the first one is on line 2."""
    return "\n".join(["<quiz>", *parts, "</quiz>"]).encode()


def taken(content: bytes) -> tuple[list[Element], list[tuple[int, str]]]:
    """The children that were read, and line and message of each fault, which comes with a mend."""
    log = FaultLog("f.xml")
    found = list(children_of_root(content, "quiz", ("file",), log))
    assert all(fault.mend for fault in log.items)
    return found, [(fault.line, fault.message) for fault in log.items]


def test_children_come_with_their_lines_and_texts() -> None:
    """Text, attributes and order are kept; what nobody asks for weighs nothing."""
    content = quiz(
        '<a x="1">one &lt; <![CDATA[two]]><b>three</b></a>', "<a><b/><c/><b>last</b><file>AAAA</file></a>"
    )
    (first, second), faults = taken(content)
    assert not faults
    assert (first.line, first.attributes, first.text) == (2, {"x": "1"}, "one < two")
    assert [one.text for one in second.all("b")] == ["", "last"]
    assert (second.line, second.child("d")) == (3, None)
    assert [one.text for one in second.all("file")] == ["AAAA"]


def test_what_came_before_a_fault_was_read() -> None:
    """So that all of a file's faults can be told in one run."""
    found, faults = taken(quiz("<a/>" + " " * 300_000, "<a>", "</b>"))
    assert [one.line for one in found] == [2]
    assert [line for line, _ in faults] == [4]


def question(text: str = "Which?") -> str:
    """A child on one line."""
    return f"<question><text>{text}</text></question>"


ENTITIES = '<!DOCTYPE quiz [\n<!ENTITY a "aaaa">\n<!ENTITY b "&a;&a;">\n]>\n'
OUTSIDE = '<?xml version="1.0"?>\n<!DOCTYPE quiz SYSTEM "file:///etc/passwd">\n'


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (
            ENTITIES.encode() + quiz(question("&b;")),
            1,
            "The file declares a document type or entities of its own.",
        ),
        (
            OUTSIDE.encode() + quiz(question()),
            2,
            "The file declares a document type or entities of its own.",
        ),
        (quiz(question(), question("a&nbsp;b")), 3, "XML does not know this entity."),
        (
            quiz(question(), question("é")).decode().encode("latin-1"),
            3,
            "The text is not UTF-8 from here on.",
        ),
        (quiz(question("\x01")), 2, "The XML is broken here: not well-formed (invalid token)."),
        (quiz(question()).removesuffix(b"</quiz>"), 3, "The XML is broken here: no element found."),
        (quiz("<question></answer>"), 2, "The XML is broken here: mismatched tag."),
        (b"<foo>\n<quiz></quiz></foo>", 1, "The file begins with <foo>, not with <quiz>."),
        (quiz("<a>" * 100), 2, f"More than {DEPTH_LIMIT} elements lie inside each other."),
        (quiz(f"<question>{'<a/>' * 20_000}"), 2, "One question has more than 10,000 elements."),
        (
            quiz(question("x" * (PIECE_LIMITS[1] + 1))),
            2,
            "One question has more than 8,388,608 characters.",
        ),
        (quiz(f"<!--{'x' * (TAG_LIMIT * 2)}-->"), 2, "A tag or comment is longer than 1 MiB."),
        (b"<quiz>" + bytes(SIZE_LIMIT), 1, "The file is larger than 128 MiB."),
        (
            b'<?xml version="1.0" encoding="rot13"?>' + quiz(),
            1,
            "The encoding that the file names is not known here.",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_bad_files_are_refused_with_their_place(content: bytes, line: int, message: str) -> None:
    """One sentence each, and nothing that the file would have expanded to."""
    assert taken(content)[1] == [(line, message)]
