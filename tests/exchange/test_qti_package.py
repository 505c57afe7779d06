"""Zip packages are unpacked in memory, within limits, and never lead out of themselves."""

import contextlib
import io
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest
from exchange.qti_samples import item2, package
from hostile import lying_bomb
from hypothesis import given, settings
from hypothesis import strategies as st

from qbank.exchange.qti_package import members, names
from qbank.exchange.xml_reading import SIZE_LIMIT, Refused


def test_only_files_that_hold_questions_are_unpacked() -> None:
    """Pictures and programs stay packed."""
    content = package(
        {"a.xml": "1", "b.xml.qti": "2", "res00001.dat": "3", "c.png": "4", "d.html": "5", "e.XML": "6"}
    )
    assert [name for name, _ in members(content)] == [
        "imsmanifest.xml",
        "a.xml",
        "b.xml.qti",
        "res00001.dat",
        "e.XML",
    ]


@contextlib.contextmanager
def refused(message: str) -> Iterator[None]:
    """A package that is refused in a sentence with its mend."""
    with pytest.raises(Refused, match=message) as caught:
        yield
    assert caught.value.mend.endswith(".")


@pytest.mark.parametrize(
    "name", ["../q.xml", "a/../../q.xml", "/etc/q.xml", "C:/q.xml", "a\\..\\q.xml", "../x.png"]
)
def test_names_that_lead_out_are_refused(name: str) -> None:
    """Also of members that are not unpacked: such a package was not made by a learning system."""
    with refused("leads out of the package"):
        list(members(package({name: "x"})))


def test_links_are_refused() -> None:
    """A symbolic link could stand for any file of the learner's."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("q.xml")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    with refused("is a link"):
        list(members(out.getvalue()))


def test_bombs_are_refused_before_they_are_unpacked() -> None:
    """One member that packs a thousandfold, many that are too much together, and a directory without end."""
    with refused("more than 200 times its size"):
        list(members(package({"bomb.xml": bytes(10_000_000)})))
    with refused("more than 128 MiB"):
        list(members(package({f"{at}.xml": bytes(SIZE_LIMIT // 4) for at in range(5)}, zipfile.ZIP_STORED)))
    with refused("more than 60,000 files"):
        list(members(package({f"{at}.png": b"" for at in range(60_001)})))


def test_a_member_is_unpacked_no_further_than_it_says() -> None:
    """A bomb may lie about its size: this one says a thousand bytes, and everything it holds would be fifty million."""
    bomb = lying_bomb(1000, 50_000_000)
    tracemalloc.start()
    try:
        with refused("damaged or not complete"):
            list(members(bomb))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 5_000_000


def test_locked_and_strangely_packed_members_are_refused() -> None:
    """Each with its own sentence."""
    with refused("packed in a way"):
        list(members(package({"q.xml": item2()}, zipfile.ZIP_LZMA)))
    plain = bytearray(package({"q.xml": item2()}))
    at = plain.rindex(b"PK\x01\x02")
    struct.pack_into("<H", plain, at + 8, 1)
    with refused("locked with a password"):
        list(members(bytes(plain)))


def test_a_member_cannot_be_longer_than_it_says() -> None:
    """A directory that lies about a size gets no more than it said, and its checksum fails."""
    content = bytearray(package({"q.xml": bytes(range(256)) * 40}))
    at = content.rindex(b"PK\x01\x02")
    struct.pack_into("<L", content, at + 24, 100)
    with refused("damaged"):
        list(members(bytes(content)))


def test_half_a_zip_is_refused_and_has_no_names() -> None:
    """As after a download that broke off."""
    content = package({"q.xml": item2()})[:-40]
    assert names(content) == []
    with refused("damaged or not complete"):
        list(members(content))


edits = st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6)


@settings(max_examples=300)
@given(edits)
def test_mangled_zips_are_read_or_refused_within_the_limit(places: list[tuple[float, bytes]]) -> None:
    """Whatever the bytes say, no more than the limit is unpacked."""
    content = bytearray(package({"a.xml": item2(), "b.xml": bytes(range(256)) * 200, "c.png": b"x"}))
    for place, replaced in places:
        at = int(place * (len(content) - 4))
        content[at : at + len(replaced)] = replaced
    total = 0
    with contextlib.suppress(Refused):
        for _, inner in members(bytes(content)):
            total += len(inner)
    assert total <= SIZE_LIMIT
