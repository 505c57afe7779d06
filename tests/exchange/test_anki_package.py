"""Packages from strangers: what is damaged, too large or not Anki's is refused in a sentence, and nothing in it is run."""

import io
import json
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import zstandard
from exchange.anki_samples import BASIC, CLOZE, Sample, collection, new_package, old_package, packed, zipped
from hypothesis import given, settings
from hypothesis import strategies as st
from rasters import png

from qbank.core.pictures import kept_path
from qbank.errors import InputInvalid
from qbank.exchange import anki_collection, anki_package, anki_wire
from qbank.exchange.foreign import format_of
from qbank.exchange.mcq import read_mcq

ASKED = Sample(
    BASIC, ('Which? <img src="x.png"><br>A) one<br>B) two', "B"), reviews=((1_700_000_000_000, 0, 3, 1, 1),)
)
NEW, OLD = new_package([ASKED], {"x.png": b"picture"}), old_package([ASKED], {"x.png": b"picture"})


def refused(content: bytes, match: str, name: str = "deck.apkg") -> None:
    with pytest.raises(InputInvalid, match=match) as caught:
        read_mcq(name, content, bank="x", recall=True)
    (fault,) = caught.value.faults
    assert fault.mend


def read_or_refused(content: bytes) -> int:
    """How many questions and prompts were read; 0 when the file was refused."""
    try:
        return len(read_mcq("deck.apkg", content, bank="x", recall=True).questions)
    except InputInvalid:
        return 0


def with_members(content: bytes, **changed: bytes | None) -> bytes:
    """A package with other members; None takes one away. `_` stands for the dot of a name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name, new in changed.items():
        members[name.replace("_", ".")] = new if new is not None else b""
        if new is None:
            del members[name.replace("_", ".")]
    return zipped(members, method=zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "it is no zip"),
        (b"PK\x03\x04 and nothing else", "it is no zip"),
        (NEW[:-200], "it is no zip"),
        (zipped({"readme.txt": b"hello"}), "holds no Anki collection"),
        (with_members(NEW, meta=b"\x08\x07"), "newer form.*Support older Anki versions"),
        (with_members(NEW, meta=b"\x0a\xff"), "its own form cannot be read"),
        (with_members(NEW, meta=b"\x08\x02"), "does not hold the collection"),
        (with_members(NEW, collection_anki21b=None), "does not hold the collection"),
        (with_members(NEW, collection_anki21b=b"no zstd"), '"collection.anki21b" of the package is damaged'),
        (with_members(NEW, collection_anki21b=packed(b"no database")), "damaged, or is none that Anki wrote"),
        (with_members(NEW, meta=None, collection_anki21b=None), "only a note that asks for a newer Anki"),
        (with_members(OLD, collection_anki2=b""), "no Anki collection: it has no table"),
        (
            with_members(OLD, collection_anki2=collection([ASKED])[:9000]),
            "damaged, or is none that Anki wrote",
        ),
        (b"SQLite format 3\0" + bytes(2000), "damaged, or is none that Anki wrote"),
    ],
)
def test_what_is_no_whole_package_is_refused(content: bytes, match: str) -> None:
    """With what is wrong and how to mend it."""
    refused(content, match)


def test_the_map_of_media_may_be_damaged() -> None:
    """Pictures are missing then; the questions are not."""
    for content in (
        with_members(NEW, media=b"{"),
        with_members(OLD, media=b"[1]"),
        with_members(OLD, media=None),
    ):
        reading = read_mcq("deck.apkg", content, bank="x")
        assert len(reading.questions) == 1
        assert reading.pictures == {}


def test_media_leads_to_no_other_member_and_out_of_nothing() -> None:
    """Only numbered members are read, whatever the map says, and nothing is written by its name."""
    named = {"../../etc/passwd": "x.png", "collection.anki2": "x.png"}
    content = with_members(OLD, media=json.dumps(named).encode())
    assert read_mcq("deck.apkg", content, bank="x").pictures == {}


@pytest.mark.parametrize(
    "bomb",
    [
        zipped({"collection.anki2": bytes(600 * 1024**2)}, method=zipfile.ZIP_DEFLATED),
        zipped(
            {
                "meta": b"\x08\x03",
                "collection.anki21b": zstandard.ZstdCompressor().compress(bytes(600 * 1024**2)),
            }
        ),
        zipped({"meta": bytes(100_000), "collection.anki2": b""}, method=zipfile.ZIP_DEFLATED),
    ],
    ids=["zip", "zstd", "meta"],
)
def test_bombs_are_refused_without_filling_the_memory(bomb: bytes) -> None:
    """They are unpacked a piece at a time, up to a limit."""
    tracemalloc.start()
    refused(bomb, "unpacks to more than")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * 1024**2


def test_a_picture_too_large_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The question is not."""
    monkeypatch.setattr(anki_package, "MEDIA_LIMIT", 3)
    reading = read_mcq("deck.apkg", NEW, bank="x")
    assert len(reading.questions) == 1
    assert reading.pictures == {}


def test_all_pictures_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is over it is left behind."""
    first, other = png(), png(3)
    monkeypatch.setattr("qbank.exchange.anki.ALL_MEDIA_LIMIT", len(first) + 1)
    text = 'Which? <img src="x.png"> <img src="y.png"><br>A) one<br>B) two'
    content = new_package([Sample(BASIC, (text, "B"))], {"x.png": first, "y.png": other})
    assert read_mcq("deck.apkg", content, bank="x").pictures == {kept_path(first): first}


@pytest.mark.parametrize(
    ("extra", "match"),
    [
        (
            "drop table notes; create view notes as select 1 id, 'g' guid, 1 mid, '' tags, 'a' flds;",
            'no table "notes"',
        ),
        (
            "drop table revlog; create virtual table revlog using fts5(id, cid, ease, type, factor);",
            'no table "revlog"',
        ),
        ("drop table cards; create table cards (id);", "damaged, or is none that Anki wrote"),
        (
            "drop table notes; create table notes (id, guid, mid, tags, a, flds as (hex(zeroblob(100000000))));"
            "insert into notes values (1, 'g', 1, '', '');",
            "damaged, or is none that Anki wrote",
        ),
        ("update notes set mid = 77;", "of a type that the collection does not have"),
        ("update col set models = '{\"1\": {}}';", "note type of the collection cannot be read"),
        ("update col set models = '[';", "note types and decks of the collection cannot be read"),
        ("update col set decks = '[]';", "note types and decks of the collection cannot be read"),
        ("update col set decks = '{\"x\": 1}';", "A deck of the collection cannot be read"),
        ("delete from col;", "The collection is empty"),
    ],
)
def test_a_database_that_is_no_collection_is_refused(extra: str, match: str) -> None:
    """Views, virtual and computed tables are somebody's program, not Anki's data."""
    refused(with_members(OLD, collection_anki2=collection([ASKED], extra=extra)), match)


@pytest.mark.parametrize("value", ["null", "1", "1.5", "x'ff00'", "'\x01text'"])
@pytest.mark.parametrize(
    "column", ["notes.id", "notes.guid", "notes.tags", "notes.flds", "cards.nid", "cards.ord", "revlog.ease"]
)
def test_values_of_another_kind_do_no_harm(column: str, value: str) -> None:
    """SQLite puts anything anywhere."""
    table, name = column.split(".")
    # A copy has no primary key that would keep its kind.
    copy = f"create table other as select * from {table}; drop table {table}; alter table other rename to {table};"
    extra = f"{copy} update {table} set {name} = {value};"
    content = with_members(OLD, collection_anki2=collection([ASKED], extra=extra))
    assert read_or_refused(content) <= 1


@pytest.mark.parametrize("limit", ["NOTE_LIMIT", "CARD_LIMIT", "REVIEW_LIMIT"])
def test_there_is_an_end_to_rows(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the number that is allowed."""
    monkeypatch.setattr(anki_collection, limit, 0)
    refused(NEW, "The collection has more than 0")


def test_there_is_an_end_to_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is counted in steps, so that a slow machine reads the same."""
    monkeypatch.setattr(anki_collection, "STEP_LIMIT", 0)
    many = [ASKED._replace(fields=(f"front {n}", "back"), reviews=()) for n in range(40_000)]
    refused(with_members(OLD, collection_anki2=collection(many)), "takes too long to read")


def test_nothing_is_left_of_what_was_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither after reading nor after refusing."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert read_mcq("deck.apkg", NEW, bank="x").questions
    refused(with_members(NEW, collection_anki21b=packed(b"no database")), "damaged")
    assert not list(tmp_path.iterdir())


@settings(max_examples=150, deadline=None)
@given(
    base=st.sampled_from([NEW, OLD, collection([ASKED]), collection([ASKED], modern=True)]),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=40), st.integers(0, 40)), max_size=4),
    end=st.floats(0.3, 1),
)
def test_mangled_bytes_are_read_or_refused(
    base: bytes, cuts: list[tuple[float, bytes, int]], end: float
) -> None:
    """No other way out."""
    content = base[: int(len(base) * end)] if end < 0.9 else base
    for place, new, gone in cuts:
        at = int(place * len(content))
        content = content[:at] + new + content[at + gone :]
    format_of("deck", content)
    assert read_or_refused(content) <= 1


@settings(max_examples=100, deadline=None)
@given(place=st.floats(0, 1), new=st.binary(min_size=1, max_size=60), modern=st.booleans())
def test_a_mangled_collection_in_a_whole_package_is_read_or_refused(
    place: float, new: bytes, modern: bool
) -> None:
    """The package's own checksums do not stand before it."""
    whole = collection([ASKED, Sample(BASIC, ("front", "back"))], modern=modern)
    at = int(place * len(whole))
    mangled = whole[:at] + new + whole[at + len(new) :]
    content = (
        zipped({"meta": b"\x08\x03", "collection.anki21b": packed(mangled)})
        if modern
        else zipped({"collection.anki2": mangled})
    )
    assert read_or_refused(content) <= 2


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_none(message: bytes) -> None:
    """Fields lie within it, one after another."""
    try:
        found = list(anki_wire.fields(message))
    except ValueError:
        return
    assert sum(len(value) for _, value in found if isinstance(value, bytes)) <= len(message)


def test_hostile_texts_take_no_time() -> None:
    """Many beginnings of options, a cloze in a cloze in a cloze, a card for each of a thousand clozes."""
    lines = Sample(BASIC, ("<br>".join(["a) x"] * 20_000), "A"))
    nested = Sample(CLOZE, ("{{c1::x" * 15_000 + "}}" * 15_000, ""))
    many = Sample(CLOZE, ("".join(f"{{{{c{n}::x}}}}" for n in range(1, 1000)) + "y" * 100_000, ""), cards=999)
    deck = new_package([ASKED, lines, nested, many])
    begin = time.process_time()
    reading = read_mcq("deck.apkg", deck, bank="x", recall=True)
    assert time.process_time() - begin < 5
    assert any("cloze deletion, and no card with two sides" in one.reason for one in reading.skipped)
