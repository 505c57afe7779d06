"""Anki's collection, an SQLite database, read as a stranger's: nothing in it is run, and reading it comes to an end.

Both layouts are known: note types and decks as JSON in `col` (schema 11), and in tables of their own (from schema 15 on).
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from qbank.exchange import anki_wire
from qbank.exchange.anki_package import Refused
from qbank.exchange.foreign import PastReview

NOTE_LIMIT = 200_000
CARD_LIMIT = 1_000_000
REVIEW_LIMIT = 5_000_000
VALUE_LIMIT = 8 * 1024**2  # bytes of one value in the database
STEP_LIMIT = 1_000_000_000  # of SQLite's machine; reading a million rows takes some ten million
_STEPS_AT_A_TIME = 100_000

_TABLES = ("col", "notes", "cards", "revlog")
_MODERN_TABLES = ("notetypes", "fields", "templates", "decks")
_CLOZE = 1
_LEARNED, _REVIEWED, _RELEARNED, _FILTERED = 0, 1, 2, 3
_LAST_MS = 4_102_444_800_000  # the year 2100
_Placed = TypeVar("_Placed")
_UPDATE = "Please update to the latest Anki version"


class Template(NamedTuple):
    front: str
    back: str


class NoteType(NamedTuple):
    name: str
    cloze: bool
    fields: tuple[str, ...]
    templates: tuple[Template, ...]


class Note(NamedTuple):
    """`cards` gives the card of each template, or of each cloze, by its number from 0."""

    guid: str
    type: NoteType
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    deck: str
    cards: Mapping[int, int]


@dataclass(slots=True)
class Collection:
    """What a collection holds, read as it is asked for."""

    _connection: sqlite3.Connection
    types: Mapping[int, NoteType]
    _decks: Mapping[int, str]

    def notes(self) -> Iterator[Note]:
        """The notes, oldest first. Raises Refused, also when they are more than NOTE_LIMIT."""
        cards = self._cards()
        query = "SELECT id, guid, mid, tags, flds FROM notes ORDER BY id"
        for count, (number, guid, of_type, tags, values) in enumerate(_rows(self._connection, query), 1):
            if count > NOTE_LIMIT:
                raise Refused(
                    f"The collection has more than {NOTE_LIMIT:,} notes.", "Export it deck by deck."
                )
            found = self.types.get(of_type)
            if found is None:
                raise Refused(f"Note {count} is of a type that the collection does not have.")
            deck, own = cards.get(number, (0, {}))
            texts = tuple(_text(values).split("\x1f"))
            if count == 1 and texts[0].startswith(_UPDATE):
                raise Refused("The package holds only a note that asks for a newer Anki.")
            yield Note(
                _text(guid) or str(number),
                found,
                texts,
                tuple(_text(tags).split()),
                self._decks.get(deck, ""),
                own,
            )

    def reviews(self, wanted: Mapping[int, str]) -> dict[str, list[PastReview]]:
        """The reviews of the cards that are `wanted`, oldest first, under the names given to these. Raises Refused."""
        found: dict[str, list[PastReview]] = {}
        query = "SELECT id, cid, ease, type, factor FROM revlog ORDER BY id"
        for count, (at, card, rating, kind, factor) in enumerate(_rows(self._connection, query), 1):
            if count > REVIEW_LIMIT:
                raise Refused(
                    f"The collection has more than {REVIEW_LIMIT:,} reviews.", "Export it deck by deck."
                )
            if card in wanted and _counts(at, rating, kind, factor):
                when = datetime.fromtimestamp(at // 1000, UTC).replace(microsecond=at % 1000 * 1000)
                found.setdefault(wanted[card], []).append(PastReview(when, rating))
        return found

    def _cards(self) -> dict[int, tuple[int, dict[int, int]]]:
        """The deck of each note's first card and all its cards; of a card in a filtered deck, the deck it came from."""
        found: dict[int, tuple[int, dict[int, int]]] = {}
        query = "SELECT id, nid, ord, did, odid FROM cards ORDER BY id"
        for count, (card, note, at, deck, home) in enumerate(_rows(self._connection, query), 1):
            if count > CARD_LIMIT:
                raise Refused(
                    f"The collection has more than {CARD_LIMIT:,} cards.", "Export it deck by deck."
                )
            found.setdefault(note, (home or deck, {}))[1][at] = card
        return found


@contextmanager
def connected(path: Path) -> Iterator[Collection]:
    """The collection in a file. Raises Refused when it is none, is damaged, or takes too long to read."""
    try:
        # Immutable: neither a lock nor a write-ahead log beside the file is looked for.
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    except sqlite3.Error as error:
        raise Refused("The collection cannot be opened.") from error
    try:
        tables = _secured(connection)
        yield _collection(connection, tables)
    finally:
        connection.close()


def _secured(connection: sqlite3.Connection) -> set[str]:
    """Keep the database from doing anything but give its rows, and give the tables that are plain ones."""
    budget = _Budget(STEP_LIMIT // _STEPS_AT_A_TIME)
    connection.set_progress_handler(budget.spent, _STEPS_AT_A_TIME)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_LIMIT)
    connection.text_factory = _decoded
    connection.create_collation("unicase", _unicase)
    for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "mmap_size=0"):
        list(_rows(connection, f"PRAGMA {pragma}"))
    connection.set_authorizer(_only_reading)
    # A view or a virtual table would be code of the file's, by a name that is expected.
    listed = _rows(connection, "SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    tables = {_text(name) for name, sql in listed if not _text(sql).upper().startswith("CREATE VIRTUAL")}
    for name in _TABLES:
        if name not in tables:
            raise Refused(
                f'The database is no Anki collection: it has no table "{name}".',
                "Choose a file that Anki exported.",
            )
    return tables


@dataclass(slots=True)
class _Budget:
    left: int

    def spent(self) -> bool:
        """Whether reading has to stop, as SQLite asks it now and then."""
        self.left -= 1
        return self.left < 0


def _collection(connection: sqlite3.Connection, tables: set[str]) -> Collection:
    if all(name in tables for name in _MODERN_TABLES):
        return Collection(connection, *_from_tables(connection))
    for types, decks in _rows(connection, "SELECT models, decks FROM col"):
        return Collection(connection, _types_from_json(types), _decks_from_json(decks))
    raise Refused("The collection is empty.")


def _from_tables(connection: sqlite3.Connection) -> tuple[dict[int, NoteType], dict[int, str]]:
    names: dict[int, dict[int, str]] = {}
    for of_type, at, name in _rows(connection, "SELECT ntid, ord, name FROM fields"):
        names.setdefault(of_type, {})[at] = _text(name)
    templates: dict[int, dict[int, Template]] = {}
    for of_type, at, config in _rows(connection, "SELECT ntid, ord, config FROM templates"):
        templates.setdefault(of_type, {})[at] = Template(_wire_text(config, 1), _wire_text(config, 2))
    types = {}
    for of_type, name, config in _rows(connection, "SELECT id, name, config FROM notetypes"):
        cloze = _wire_number(config, 1) == _CLOZE
        types[of_type] = NoteType(
            _text(name), cloze, _in_order(names.get(of_type, {})), _in_order(templates.get(of_type, {}))
        )
    decks = {
        deck: _text(name).replace("\x1f", "::")
        for deck, name in _rows(connection, "SELECT id, name FROM decks")
    }
    return types, decks


def _in_order(by_place: Mapping[int, _Placed]) -> tuple[_Placed, ...]:
    return tuple(by_place[at] for at in sorted(by_place))


def _types_from_json(listed: object) -> dict[int, NoteType]:
    types = {}
    for of_type, found in _json_object(listed).items():
        try:
            names = tuple(str(each["name"]) for each in found["flds"])
            templates = tuple(Template(str(each["qfmt"]), str(each["afmt"])) for each in found["tmpls"])
            types[int(of_type)] = NoteType(str(found["name"]), found["type"] == _CLOZE, names, templates)
        except (KeyError, TypeError, ValueError) as error:
            raise Refused("A note type of the collection cannot be read.") from error
    return types


def _decks_from_json(listed: object) -> dict[int, str]:
    try:
        return {int(deck): str(found["name"]) for deck, found in _json_object(listed).items()}
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("A deck of the collection cannot be read.") from error


def _json_object(text: object) -> dict[str, Any]:
    try:
        found = json.loads(_text(text))
    except (ValueError, RecursionError) as error:
        raise Refused("The note types and decks of the collection cannot be read.") from error
    if not isinstance(found, dict):
        raise Refused("The note types and decks of the collection cannot be read.")
    return found


def _counts(at: object, rating: object, kind: object, factor: object) -> bool:
    """Whether a row of the log is a review that moved memory, and not a change by hand or cramming without rescheduling."""
    if not (isinstance(at, int) and 0 < at < _LAST_MS and isinstance(rating, int) and 1 <= rating <= 4):
        return False
    return kind in (_LEARNED, _REVIEWED, _RELEARNED) or (kind == _FILTERED and factor != 0)


def _rows(connection: sqlite3.Connection, query: str) -> Iterator[tuple[Any, ...]]:
    try:
        yield from connection.execute(query)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise Refused("The collection takes too long to read.", "Export it deck by deck.") from error
        raise Refused(_DAMAGED, _CHECK) from error
    except (sqlite3.Error, UnicodeDecodeError) as error:
        # A name in a damaged schema may be no text, which sqlite3 tells in its own way.
        raise Refused(_DAMAGED, _CHECK) from error


_DAMAGED = "The collection is damaged, or is none that Anki wrote."
_CHECK = 'Choose "Check Database" in Anki and export it again.'


def _only_reading(action: int, *_details: str | None) -> int:
    allowed = action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _decoded(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")


def _unicase(one: str, other: str) -> int:
    """Anki's order of names, without which SQLite does not open its tables."""
    left, right = one.casefold(), other.casefold()
    return (left > right) - (left < right)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _wire_text(message: object, wanted: int) -> str:
    try:
        return anki_wire.text(message, wanted) if isinstance(message, bytes) else ""
    except ValueError:
        return ""


def _wire_number(message: object, wanted: int) -> int:
    try:
        return anki_wire.number(message, wanted) if isinstance(message, bytes) else 0
    except ValueError:
        return 0
