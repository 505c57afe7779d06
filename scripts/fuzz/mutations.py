"""Files damaged at random: each kind by its own structure, and any as the bytes that it is."""

import re
from collections.abc import Callable, Sequence
from random import Random

from fuzz.packed import is_sqlite, is_zip, mutate_sqlite, mutate_zip
from fuzz.shaped import mutate_csv, mutate_json, mutate_xml

GROWN_LIMIT = 2 * 1024**2  # bytes that one mutation may bring a file to
TOKENS = (
    *(
        "{",
        "}",
        "~",
        "=",
        "#",
        "####",
        "->",
        "%50%",
        "%-100%",
        "%1e9%",
        "::",
        "\\",
        "\\n",
        "//",
        "$CATEGORY: a/b",
    ),
    *(
        "[html]",
        "[tag:a]",
        "[id:b]",
        "T",
        "{T}",
        "{#1:2}",
        "{}",
        "~=",
        "ANSWER: A",
        "A. ",
        "B) ",
        "\n\n",
        "\n",
        "\r",
    ),
    *(
        "<",
        ">",
        "</",
        "/>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?xml version='1.0' encoding='",
        "<!DOCTYPE a [",
        "]>",
    ),
    *(
        "<!ENTITY a 'b'>",
        "<!ENTITY a SYSTEM 'file:///etc/passwd'>",
        "&a;",
        "&nbsp;",
        "&#0;",
        "&#x110000;",
        "&#55296;",
    ),
    *(
        "<table>",
        "<td colspan=9999>",
        "<ul><li>",
        "<sup>",
        "<b>",
        "<pre>",
        "<img src='",
        "data:image/png;base64,",
    ),
    *(
        '"',
        "'",
        ",",
        ";",
        "\t",
        "|",
        '""',
        "[",
        "]",
        "{}",
        "null",
        "true",
        "1e999",
        "-0",
        "NaN",
        "9" * 5000,
        "[[[[",
    ),
    *(
        "\0",
        "\x1b[31m",
        "\x85",
        "\ufeff",
        "\u202e",
        "\u2028",
        "\ud7ff",
        "\U0001f600",
        "e\u0301",
        "ß",
        "İ",
        "٣",
        "²",
    ),
    *(
        "../",
        "/etc/passwd",
        "http://",
        "C:\\",
        "$IMS-CC-FILEBASE$",
        "@@PLUGINFILE@@",
        "=1+1",
        "\ue010",
        "\ue012",
    ),
)
"""What means something in one format or another, or has been trouble somewhere."""

ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "latin-1", "windows-1252", "utf-7", "shift-jis", "utf-8-sig")


def mutated(content: bytes, others: Sequence[bytes], dice: Random) -> bytes:
    """The content after one to four mutations; `others` are contents to take pieces from."""
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 4))):
        content = _one(content, others, dice)
    return content


def _one(content: bytes, others: Sequence[bytes], dice: Random) -> bytes:
    shaped = _by_shape(content)
    if shaped is not None and dice.random() < 0.7:
        # A structure that a mutation before has broken has none left to mutate.
        found = shaped(content, lambda inner: mutated(inner, others, dice), dice)
        if found is not None:
            return found
    return dice.choice(_ANYWHERE)(content, others, dice)


Shaped = Callable[[bytes, Callable[[bytes], bytes], Random], bytes | None]


def _by_shape(content: bytes) -> Shaped | None:
    if is_zip(content):
        return mutate_zip
    if is_sqlite(content):
        return mutate_sqlite
    head = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        return mutate_xml
    if head.startswith((b"{", b"[")):
        return mutate_json
    return mutate_csv if head.count(b",") > 3 or head.count(b"\t") > 3 else None


def _place(content: bytes, dice: Random) -> int:
    return dice.randint(0, len(content))


def _span(content: bytes, dice: Random) -> tuple[int, int]:
    """A piece of the content, short ones more often."""
    begin = _place(content, dice)
    return begin, min(len(content), begin + int(2 ** dice.uniform(0, 12)))


def _flip(content: bytes, _others: Sequence[bytes], dice: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 8)) if changed else 0):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _cut(content: bytes, _others: Sequence[bytes], dice: Random) -> bytes:
    begin, end = _span(content, dice)
    return content[:begin] + content[end:]


def _truncate(content: bytes, _others: Sequence[bytes], dice: Random) -> bytes:
    return content[: _place(content, dice)]


def _double(content: bytes, _others: Sequence[bytes], dice: Random) -> bytes:
    begin, end = _span(content, dice)
    at = _place(content, dice)
    return content[:at] + content[begin:end] + content[at:]


def _insert(content: bytes, _others: Sequence[bytes], dice: Random) -> bytes:
    at = _place(content, dice)
    return content[:at] + dice.choice(TOKENS).encode() + content[at:]


def _replace(content: bytes, _others: Sequence[bytes], dice: Random) -> bytes:
    """One word or mark in another's place."""
    words = list(re.finditer(rb"\w+|[^\w\s]", content[:200_000]))
    if not words:
        return content
    word = dice.choice(words)
    return content[: word.start()] + dice.choice(TOKENS).encode() + content[word.end() :]


def _splice(content: bytes, others: Sequence[bytes], dice: Random) -> bytes:
    other = dice.choice(others) if others else content
    begin, end = _span(other, dice)
    at = _place(content, dice)
    return content[:at] + other[begin:end] + content[dice.choice((at, min(len(content), at + end - begin))) :]


def _lines(content: bytes, _others: Sequence[bytes], dice: Random) -> bytes:
    """Lines in another order, or joined, or apart."""
    lines = content.split(b"\n")
    what = dice.randrange(3)
    if what == 0:
        dice.shuffle(lines)
    elif what == 1 and len(lines) > 1:
        lines.insert(dice.randrange(len(lines)), dice.choice(lines))
    else:
        return content.replace(b"\n", dice.choice((b"", b"\n\n", b"\r", b"\r\n", b" ")))
    return b"\n".join(lines)


def _recode(content: bytes, _others: Sequence[bytes], dice: Random) -> bytes:
    """The same text in another encoding, as far as it has the characters."""
    return content.decode("utf-8", errors="replace").encode(dice.choice(ENCODINGS), errors="replace")


def _amplify(content: bytes, _others: Sequence[bytes], dice: Random) -> bytes:
    """A piece or a token again and again, to find what takes time that grows faster than the file."""
    begin, end = _span(content, dice)
    piece = content[begin:end] if dice.random() < 0.5 else dice.choice(TOKENS).encode()
    times = int(2 ** dice.uniform(6, 21)) // max(1, len(piece))
    at = dice.choice((begin, end))
    return content[:at] + piece * min(times, GROWN_LIMIT // max(1, len(piece))) + content[at:]


_PAIRS = (
    *(
        ("{", "}"),
        ("[", "]"),
        ("(", ")"),
        ("{=", "}"),
        ("~=", ""),
        ('{"a":', "}"),
        ("<!--", "-->"),
        ("<a ", ""),
    ),
    *(("<b>", "</b>"), ("<div>", "</div>"), ("<ul><li>", "</li></ul>")),
    ("<table><tr><td>", "</td></tr></table>"),
)


def _nest(content: bytes, _others: Sequence[bytes], dice: Random) -> bytes:
    """Pairs within pairs."""
    opening, closing = dice.choice(_PAIRS)
    depth = int(2 ** dice.uniform(2, 17))
    begin, end = _span(content, dice)
    inner = content[begin:end]
    return content[:begin] + opening.encode() * depth + inner + closing.encode() * depth + content[end:]


_ANYWHERE = (
    *(
        _flip,
        _flip,
        _cut,
        _cut,
        _truncate,
        _double,
        _double,
        _insert,
        _insert,
        _insert,
        _replace,
        _replace,
        _replace,
    ),
    *(_splice, _splice, _lines, _recode, _amplify, _amplify, _nest),
)
