"""Files made to harm whoever reads them: what each is, written where a test wants it."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

ITEM = (
    '<assessmentItem identifier="q"><responseDeclaration identifier="R" cardinality="single"><correctResponse>'
    "<value>A</value></correctResponse></responseDeclaration>{extra}<itemBody><p>{stem}</p>"
    '<choiceInteraction responseIdentifier="R" maxChoices="1"><simpleChoice identifier="A">Yes</simpleChoice>'
    '<simpleChoice identifier="B">No</simpleChoice></choiceInteraction></itemBody></assessmentItem>'
)
QUIZ = (
    '<quiz><question type="multichoice"><questiontext><text>{stem}</text></questiontext><single>true</single>'
    '<answer fraction="100"><text>Yes</text></answer><answer fraction="0"><text>No</text></answer></question></quiz>'
)
GIFT = "Which? {=this ~that}\n"
CSV = "question,A,B,answer\nWhich?,This,That,A\n"


def item(stem: str = "Which?", extra: str = "") -> str:
    return ITEM.format(stem=stem, extra=extra)


def quiz(stem: str = "Which?") -> str:
    return QUIZ.format(stem=stem)


def package(members: Mapping[str, bytes | str]) -> bytes:
    """A zip of these members, packed as well as it can be."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, inside in members.items():
            archive.writestr(name, inside)
    return out.getvalue()


def nested_bomb(depth: int = 6, width: int = 16) -> bytes:
    """Zips within zips; at the bottom is a member of 10 MB. Unpacked to the end it would be terabytes."""
    content = package({"bomb.xml": bytes(10_000_000)})
    for _ in range(depth):
        content = package({f"{at}.zip": content for at in range(width)})
    return content


def overlapping_bomb(count: int = 250, size: int = 2_000_000) -> bytes:
    """Members that all point at one packed text, so that 10 KB unpack to half a gigabyte (Fifield 2019)."""
    text = bytes(size)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(text) + packer.flush()
    check = zlib.crc32(text)
    local = (
        struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, check, len(packed), size, 5, 0)
        + b"a.xml"
        + packed
    )
    names = [f"{at:03}.xml".encode() for at in range(count)]
    directory = b"".join(
        struct.pack(
            *(
                "<4s6H3I5H2I",
                b"PK\1\2",
                20,
                20,
                0,
                8,
                0,
                33,
                check,
                len(packed),
                size,
                len(name),
                0,
                0,
                0,
                0,
                0,
                0,
            )
        )
        + name
        for name in names
    )
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(local), 0)
    return local + directory + end


def lying_bomb(
    said: int = 1000, size: int = 50_000_000, name: str = "q.xml", others: Mapping[str, str] | None = None
) -> bytes:
    """A member that says it unpacks to a thousand bytes and has fifty million; `others` lie behind it."""
    content = bytearray(
        package({name: bytes(size), **{one: part for one, part in (others or {}).items() if one != name}})
    )
    for mark, at in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        struct.pack_into("<I", content, content.index(mark) + at, said)
    return bytes(content)


def linked(target: str = "/etc/passwd") -> bytes:
    """A package whose questions are a symbolic link."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("q.xml")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, target)
        archive.writestr("imsmanifest.xml", "<manifest/>")
    return out.getvalue()


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9))
    + "]>"
)
"""A billion laughs: entities of entities, ten at each step."""
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE quiz SYSTEM "http://127.0.0.1:9/quiz.dtd">'
PARAMETER = '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;]>'


def sparse(path: Path, size: int = 1024**3, begin: bytes = b"") -> None:
    """A file of so many bytes without a line end, which takes no place on the disk."""
    with path.open("wb") as file:
        file.write(begin)
        file.truncate(size)
