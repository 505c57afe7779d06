"""Packages as Anki writes them, in each of its forms, made from notes in a few words."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import NamedTuple

import zstandard

BASIC = ("Basic", ("Front", "Back"), (("{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}"),), False)
REVERSED = (
    "Basic (and reversed card)",
    ("Front", "Back"),
    (("{{Front}}", "{{FrontSide}}{{Back}}"), ("{{Back}}", "{{FrontSide}}{{Front}}")),
    False,
)
TYPED = (
    "Typed",
    ("Front", "Back"),
    (("{{Front}}{{type:Back}}", "{{Front}}<hr id=answer>{{type:Back}}"),),
    False,
)
CLOZE = ("Cloze", ("Text", "Extra"), (("{{cloze:Text}}", "{{cloze:Text}}<br>{{Extra}}"),), True)

NoteType = tuple[str, tuple[str, ...], tuple[tuple[str, str], ...], bool]


def note_type(name: str, *fields: str) -> NoteType:
    return name, fields, (("{{" + fields[0] + "}}", "{{FrontSide}}{{" + fields[-1] + "}}"),), False


class Sample(NamedTuple):
    """A note; `reviews` are (milliseconds, card from 0, ease, kind, factor)."""

    type: NoteType
    fields: tuple[str, ...]
    tags: str = ""
    deck: str = "Default"
    cards: int = 1
    reviews: tuple[tuple[int, int, int, int, int], ...] = ()


def collection(notes: Sequence[Sample], *, modern: bool = False, extra: str = "") -> bytes:
    """The database; `extra` is SQL that is run in the end."""
    types = list(dict.fromkeys(note.type for note in notes))
    decks = list(dict.fromkeys(["Default", *(note.deck for note in notes)]))
    with closing(sqlite3.connect(":memory:")) as database:
        database.create_collation("unicase", lambda a, b: (a.lower() > b.lower()) - (a.lower() < b.lower()))
        database.executescript(_TABLES + (_MODERN_TABLES if modern else ""))
        if modern:
            _fill_tables(database, types, decks)
        models, named = ({}, {}) if modern else (_models(types), _decks(decks))
        col = (1, 0, 0, 0, 18 if modern else 11, 0, 0, 0, "", json.dumps(models), json.dumps(named), "", "")
        database.execute(f"insert into col values ({','.join('?' * 13)})", col)
        for at, note in enumerate(notes, 1):
            text = "\x1f".join(note.fields)
            row = (at, f"guid-{at}", types.index(note.type) + 1, 0, -1, f" {note.tags} ", text, "", 0, 0, "")
            database.execute(f"insert into notes values ({','.join('?' * 11)})", row)
            for card in range(note.cards):
                deck = decks.index(note.deck) + 1
                values = (at * 100 + card, at, deck, card, 0, -1, *[0] * 11, "")
                database.execute(f"insert into cards values ({','.join('?' * 18)})", values)
            for when, card, ease, kind, factor in note.reviews:
                entry = (when, at * 100 + card, -1, ease, 1, 1, factor, 5000, kind)
                database.execute("insert into revlog values (?,?,?,?,?,?,?,?,?)", entry)
        database.executescript(extra)
        database.commit()
        return database.serialize()


def old_package(notes: Sequence[Sample], media: Mapping[str, bytes] | None = None) -> bytes:
    """As Anki wrote it until 2.1.50: no `meta`, media named in JSON."""
    names = {str(number): name for number, name in enumerate(media or {})}
    members = {"collection.anki2": collection(notes), "media": json.dumps(names).encode()}
    return zipped(members | {number: (media or {})[name] for number, name in names.items()})


def new_package(notes: Sequence[Sample], media: Mapping[str, bytes] | None = None) -> bytes:
    """As Anki writes it now: `meta`, everything packed with zstd, and a note for older programs."""
    entries = b"".join(_entry(name) for name in media or {})
    held = {str(number): packed(content) for number, content in enumerate((media or {}).values())}
    stub = [Sample(BASIC, ("Please update to the latest Anki version, then import the file again.", ""))]
    members = {
        "meta": b"\x08\x03",
        "collection.anki21b": packed(collection(notes, modern=True)),
        "collection.anki2": collection(stub),
        "media": packed(entries),
    }
    return zipped(members | held)


def packed(content: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(content)


def zipped(members: Mapping[str, bytes], *, method: int = zipfile.ZIP_STORED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def _entry(name: str) -> bytes:
    encoded = name.encode()
    inner = b"\x0a" + bytes([len(encoded)]) + encoded
    return b"\x0a" + bytes([len(inner)]) + inner


def _models(types: Sequence[NoteType]) -> dict[str, object]:
    return {
        str(number): {
            "name": name,
            "type": int(cloze),
            "flds": [{"name": field} for field in fields],
            "tmpls": [{"qfmt": front, "afmt": back} for front, back in templates],
        }
        for number, (name, fields, templates, cloze) in enumerate(types, 1)
    }


def _decks(decks: Sequence[str]) -> dict[str, object]:
    return {str(number): {"name": name} for number, name in enumerate(decks, 1)}


def _fill_tables(database: sqlite3.Connection, types: Sequence[NoteType], decks: Sequence[str]) -> None:
    for number, (name, fields, templates, cloze) in enumerate(types, 1):
        config = b"\x08\x01" if cloze else b""
        database.execute("insert into notetypes values (?,?,0,0,?)", (number, name, config))
        for at, field in enumerate(fields):
            database.execute("insert into fields values (?,?,?,?)", (number, at, field, b""))
        for at, (front, back) in enumerate(templates):
            texts = b"".join(
                bytes([tag]) + _length(text.encode()) + text.encode()
                for tag, text in ((0x0A, front), (0x12, back))
            )
            database.execute("insert into templates values (?,?,?,0,0,?)", (number, at, f"Card {at}", texts))
    for number, name in enumerate(decks, 1):
        row = (number, name.replace("::", "\x1f"), b"")
        database.execute("insert into decks values (?,?,0,0,?,?)", (*row, b""))


def _length(text: bytes) -> bytes:
    size = len(text)
    return bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])


_TABLES = """
create table col (id integer primary key, crt, mod, scm, ver, dty, usn, ls, conf, models, decks, dconf, tags);
create table notes (id integer primary key, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data);
create table cards (id integer primary key, nid, did, ord, mod, usn, type, queue, due, ivl, factor, reps, lapses, left,
    odue, odid, flags, data);
create table revlog (id integer primary key, cid, usn, ease, ivl, lastIvl, factor, time, type);
"""
_MODERN_TABLES = """
create table notetypes (id integer not null primary key, name text not null collate unicase, mtime_secs, usn, config blob);
create unique index idx_notetypes_name on notetypes (name);
create table fields (ntid integer not null, ord integer not null, name text not null collate unicase, config blob,
    primary key (ntid, ord)) without rowid;
create table templates (ntid integer not null, ord integer not null, name text not null collate unicase, mtime_secs, usn,
    config blob, primary key (ntid, ord)) without rowid;
create table decks (id integer primary key not null, name text not null collate unicase, mtime_secs, usn, common blob,
    kind blob);
"""
