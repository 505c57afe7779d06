"""XML of unknown origin is read within limits, and refused with a place."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.exchange.xml_reading import (
    ATTRIBUTE_LIMIT,
    DEPTH_LIMIT,
    FILE_LIMITS,
    PIECE_LIMITS,
    SIZE_LIMIT,
    TAG_LIMIT,
    TEXT_LIMIT,
    Element,
    Refused,
    pieces,
)


def quiz(*parts: str) -> bytes:
    """A root with these children, each from a line of its own; the first one is on line 2."""
    return "\n".join(["<quiz>", *parts, "</quiz>"]).encode()


def question(text: str = "Which?") -> str:
    """A piece on one line."""
    return f"<question><text>{text}</text></question>"


def taken(content: bytes) -> tuple[list[Element], tuple[int, str] | None]:
    """The pieces that were read, and line and message of what was refused, which comes with a mend."""
    found = []
    try:
        for piece in pieces(content, {"quiz": "question"}, files=("file",)):
            found.append(piece)
    except Refused as refused:
        return found, (refused.line, refused.message if refused.mend else "")
    return found, None


def with_attributes(count: int) -> str:
    """A piece of nothing but attributes."""
    return f"<question {' '.join(f'a{at}=' + chr(34) * 2 for at in range(count))}/>"


def only(content: bytes) -> str:
    """All text of the only piece."""
    (found,), refused = taken(content)
    assert refused is None
    return found.text()


def test_pieces_come_with_their_lines_and_texts() -> None:
    """Text, attributes and order are kept."""
    content = quiz(
        '<question x="1">one &lt; <![CDATA[two]]><b>three</b> four</question>',
        "<other><question><b/><c/><b>last</b><file>AAAA</file></question></other>",
    )
    (first, second), refused = taken(content)
    assert refused is None
    assert (first.name, first.line, first.attributes) == ("question", 2, {"x": "1"})
    assert (first.own_text(), first.text()) == ("one < two four", "one < twothree four")
    assert [one.text() for one in second.all("b")] == ["", "last"]
    assert (second.line, second.child("d"), second.get("x")) == (3, None, "")
    assert [one.text() for one in second.each("file")] == ["AAAA"]


def test_files_are_not_counted_as_text_and_have_limits_of_their_own() -> None:
    """One that is too long is left out, and what would be too much with it; the question stays."""
    one, all_of_them = FILE_LIMITS
    lengths = [PIECE_LIMITS[1] + 1, one, one + 1, all_of_them - one]
    files = "".join(f"<file>{'A' * length}</file>" for length in lengths)
    content = quiz(f"<question>{files}</question>")
    (found,), refused = taken(content)
    assert refused is None
    assert [len(file.own_text()) for file in found.all("file")] == [lengths[0], one, 0, 0]


def test_pieces_know_the_titles_above_them() -> None:
    """So that a question can be placed by the bank or the section that it lies in."""
    content = quiz(
        '<bank title="Heart"><part><part title="Valves"><question/></part></part></bank><question/>'
    )
    (first, second), _ = taken(content)
    assert (first.above, second.above) == (("Heart", "Valves"), ())


def test_what_came_before_a_fault_was_read() -> None:
    """So that all of a file's faults can be told in one run."""
    found, refused = taken(quiz("<question/>" + " " * 3_000_000, "<question>", "</b>"))
    assert [one.line for one in found] == [2]
    assert refused == (4, "The XML is broken here: mismatched tag.")


LAUGHS = '<!DOCTYPE quiz [\n<!ENTITY a "aaaa">\n<!ENTITY b "&a;&a;">\n]>\n'
OUTSIDE = '<!DOCTYPE quiz [\n<!ENTITY a SYSTEM "file:///etc/passwd">]>\n'
PARAMETER = '<!DOCTYPE quiz [\n<!ENTITY % a SYSTEM "http://127.0.0.1/a.dtd"> %a;]>\n'
DECLARES = "The file declares entities, which can hide what is in it."


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (LAUGHS.encode() + quiz(question("&b;")), 2, DECLARES),
        (OUTSIDE.encode() + quiz(question("&a;")), 2, DECLARES),
        (PARAMETER.encode() + quiz(question()), 2, DECLARES),
        (quiz(question(), question("a&own;b")), 3, "The entity &own; is not known."),
        (
            quiz(question(), question("é")).decode().encode("latin-1"),
            3,
            "The text is not UTF-8 from here on.",
        ),
        (quiz(question("\x01")), 2, "The XML is broken here: not well-formed (invalid token)."),
        (quiz(question()).removesuffix(b"</quiz>"), 3, "The XML is broken here: no element found."),
        (quiz("<question></answer>"), 2, "The XML is broken here: mismatched tag."),
        (b"", 1, "The XML is broken here: no element found."),
        (b"<foo>\n<quiz></quiz></foo>", 1, "The file begins with <foo>, not with <quiz>."),
        (quiz("<a>" * 200), 2, f"More than {DEPTH_LIMIT} elements lie inside each other here."),
        (quiz(f"<question>{'<a/>' * 20_000}"), 2, "One question has more than 10,000 elements."),
        (quiz(question("x" * (PIECE_LIMITS[1] + 1))), 2, "One question has more than 8,388,608 characters."),
        (quiz(f"<!--{'x' * (TAG_LIMIT * 2)}-->"), 2, "A tag or comment is longer than 8 MiB."),
        (
            quiz(with_attributes(ATTRIBUTE_LIMIT + 1)),
            2,
            "A tag has more than 1,000 attributes.",
        ),
        (
            quiz(with_attributes(1_000_000)),
            2,
            "A tag has more than 1,000 attributes.",
        ),
        (
            quiz(*[question("x" * (PIECE_LIMITS[1] // 2))] * (1 + TEXT_LIMIT // (PIECE_LIMITS[1] // 2))),
            14,
            "The file has more than 50,331,648 characters of text.",
        ),
        (b"<quiz>" + bytes(SIZE_LIMIT), 1, "The file is larger than 128 MiB."),
        (
            b'<?xml version="1.0" encoding="rot13"?>' + quiz("é").decode().encode("latin-1"),
            1,
            "The encoding that the file names is not known here.",
        ),
        (
            b'\n<?xml version="1.0" encoding="shift_jis"?>\n<quiz>\xff\xff</quiz>',
            3,
            "The text is not SHIFT_JIS from here on.",
        ),
        (quiz("é").decode().encode("utf-16-le") + b"x", 3, "The text is not UTF-16-LE from here on."),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_bad_files_are_refused_with_their_place(content: bytes, line: int, message: str) -> None:
    """One sentence each in less than two seconds, and nothing that the file would have expanded to or fetched."""
    before = time.monotonic()
    assert taken(content)[1] == (line, message)
    assert time.monotonic() - before < 2


def test_a_document_type_is_passed_over_and_the_names_of_html_are_known() -> None:
    """Nothing that it names outside of the file is looked at."""
    kind = '<!DOCTYPE quiz PUBLIC "-//X//EN" "http://127.0.0.1/x.dtd" [<!ELEMENT x (y)>]>\n'
    assert only(kind.encode() + quiz(question("a&nbsp;&alpha;"))) == "a\xa0α"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8", ' encoding="UTF-8"'),
        ("utf-8", ' encoding="utf-16"'),
        ("utf-8", ' encoding="ISO-8859-1"'),
        ("utf-8", 'encoding="UTF-8"'),
        ("utf-8-sig", ' encoding="windows-1252"'),
        ("utf-16", ' encoding="UTF-16"'),
        ("utf-16", ' encoding="UTF-8"'),
        ("utf-16-le", ' encoding="UTF-16"'),
        ("utf-16-be", ""),
        ("utf-32", ""),
        ("latin-1", ' encoding="ISO-8859-1"'),
        ("windows-1252", " encoding='Windows-1252'"),
        ("gb18030", ' encoding="gb18030"'),
    ],
)
def test_encodings_are_those_of_the_bytes(encoding: str, declared: str) -> None:
    """What a file begins with says more than what it declares, which programs often have wrong."""
    text = f'<?xml version="1.0"{declared}?>\n' + quiz(question("Säure")).decode()
    assert only(text.encode(encoding)) == "Säure"


def test_a_picture_in_an_attribute_is_no_reason_to_refuse() -> None:
    """Some programs write pictures into the text."""
    assert only(quiz(f'<question><img src="data:image/png;base64,{"A" * 3_000_000}"/>x</question>')) == "x"


PARTS = st.sampled_from(
    [
        "<",
        ">",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&",
        ";",
        '="',
        "<question>",
        "</question>",
        "\0",
        "é",
        "<?xml",
        "?>",
    ]
)


@given(st.lists(PARTS | st.text(max_size=3), max_size=20).map("".join), st.sampled_from(["utf-8", "utf-16"]))
def test_any_file_is_read_or_refused(text: str, encoding: str) -> None:
    """Whatever it holds."""
    content = f"<quiz>{text}</quiz>".encode(encoding, errors="replace")
    found, refused = taken(content)
    assert refused is None or refused[0] >= 1
    assert all(one.name == "question" for one in found)
