"""Questions as a deck of Anki's: one note each, whose id follows from the question's, so that a later deck updates it.

The package has the oldest of Anki's forms (schema 11), which every version of it opens. Sources: Anki's `schema11.sql`, and
packages that Anki wrote.
"""

import hashlib
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from qbank.core.question import Kind, Objective, Option, Question
from qbank.exchange.anki_note_type import DECK, FIELDS, NOTE_TYPE, SCHEMA, collection_row
from qbank.exchange.mcq_draft import label_of

if TYPE_CHECKING:
    from markdown_it.token import Token

LOSES = "Anki shows a question, its options and their explanations; that one of them is chosen and counted it does not know."
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)

_FIRST_ID = 1_400_000_000_000  # Anki's ids are milliseconds since 1970; these lie in the years from 2014 on
_IDS = 2**38
_NO_TAG = re.compile(r"[\s:]+")
# What Anki acts upon in the text of a field.
_ACTED_UPON = re.compile(r"\[(?=/?latex|\$|sound:|anki:)")


class _Note(NamedTuple):
    guid: str
    number: int
    tags: str
    fields: tuple[str, ...]


def write_anki(
    questions: Sequence[Question],
    objectives: Iterable[Objective],
    *,
    made: datetime = EARLIEST,
    licences: Mapping[str, str] | None = None,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """A deck with a card for each question, as the bytes of an .apkg.

    `made` is when: a deck that was made later updates the notes of an earlier one. `licences` gives the line of each bank,
    `pictures` the files that texts show as `![alt](path)`, by that path; others are shown by their words.
    """
    known = {(one.bank, one.id): one for one in objectives}
    media = {path: _media_name(path, content) for path, content in (pictures or {}).items()}
    html = _Html(media)
    notes, taken = [], set[int]()
    for question in questions:
        place = (question.bank, question.objective)
        objective = known.get(place) or Objective(*place, question.objective)
        number = _number(question, taken)
        taken.add(number)
        fields = _fields(question, objective, (licences or {}).get(question.bank, ""), html)
        notes.append(_Note(_digest(question), number, _tags(objective), fields))
    named = {name: (pictures or {})[path] for path, name in media.items()}
    return _package(_database(notes, made), named)


def _fields(question: Question, objective: Objective, licence: str, html: "_Html") -> tuple[str, ...]:
    """The fields in the order of FIELDS."""
    recall = question.kind is Kind.RECALL
    options = (
        [] if recall else [*zip(map(label_of, range(len(question.options))), question.options, strict=True)]
    )
    key = next((f"{label.upper()}) {html.line(each.text)}" for label, each in options if each.correct), "")
    found = {
        "Question": html.blocks(question.stem),
        "Options": "".join(
            f"<div>{label.upper()}) {html.line(option.text)}</div>" for label, option in options
        ),
        "Answer": html.blocks(question.remember) if recall else key,
        "Explanation": "".join(_explanations(options, html)),
        "Remember": "" if recall else html.blocks(question.remember),
        "Objective": html.line(objective.text),
        "Source": html.line(
            " \N{MIDDLE DOT} ".join(filter(None, [f"{question.bank}/{question.id}", licence]))
        ),
    }
    return tuple(found[name] for name in FIELDS)


def _explanations(options: Sequence[tuple[str, Option]], html: "_Html") -> Iterator[str]:
    """That of the key first, then why the others are wrong."""
    for label, option in sorted(options, key=lambda each: not each[1].correct):
        if option.explanation:
            yield f"<div><b>{label.upper()}</b></div>{html.blocks(option.explanation)}"


def _tags(objective: Objective) -> str:
    """Areas as tags in tags; Anki parts them at spaces, and wants one at both ends."""
    areas = [("bank", objective.bank), ("system", objective.system), ("section", objective.section)]
    areas += [("discipline", each) for each in objective.disciplines] + [("task", objective.task)]
    tags = [f"{dimension}::{_NO_TAG.sub('-', area)}" for dimension, area in areas if area]
    return f" {' '.join(tags)} "


class _Html:
    """Markdown as HTML in which nothing of a stranger's is acted upon."""

    def __init__(self, media: Mapping[str, str]) -> None:
        from markdown_it import MarkdownIt  # a quarter of the time that most commands take

        self._media = media
        self._parser: MarkdownIt = MarkdownIt("commonmark", {"html": False}).enable("table")

    def blocks(self, text: str) -> str:
        return self._rendered(self._parser.parse(text))

    def line(self, text: str) -> str:
        return self._rendered(self._parser.parseInline(text))

    def _rendered(self, tokens: "Sequence[Token]") -> str:
        for token in tokens:
            for inner in token.children or ():
                if inner.type == "image":
                    self._show(inner)
        html = str(self._parser.renderer.render(tokens, self._parser.options, {})).strip()
        return _ACTED_UPON.sub("&#91;", html.replace("\x1f", " "))

    def _show(self, image: "Token") -> None:
        """A picture by its name among the media, or by its words where it did not come along."""
        name = self._media.get(str(image.attrs.get("src", "")))
        if name is None:
            image.type, image.tag, image.nesting = "text", "", 0
            words = "".join(child.content for child in image.children or ())
            image.content, image.children = f"[{words or 'picture'}]", None
        else:
            image.attrs["src"] = name


def _digest(question: Question) -> str:
    text = f"{question.bank}\x1f{question.id}"
    return hashlib.blake2b(text.encode(), digest_size=10, person=b"qbank-anki").hexdigest()


def _number(question: Question, taken: set[int]) -> int:
    """The note's number in the file; that of its card is the same."""
    number = int(_digest(question), 16) % _IDS
    while _FIRST_ID + number in taken:
        number = (number + 1) % _IDS
    return _FIRST_ID + number


def _media_name(path: str, content: bytes) -> str:
    """A name in Anki's folder of media, which all decks share."""
    ending = re.search(r"\.[A-Za-z0-9]{1,5}$", path)
    digest = hashlib.blake2b(content, digest_size=16).hexdigest()
    return f"qbank-{digest}{ending[0].lower() if ending else ''}"


def _database(notes: Sequence[_Note], made: datetime) -> bytes:
    seconds = int(made.timestamp())
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA)
        connection.execute(f"INSERT INTO col VALUES ({_marks(13)})", collection_row(seconds))
        connection.executemany(
            f"INSERT INTO notes VALUES ({_marks(11)})", (_note_row(note, seconds) for note in notes)
        )
        cards = (_card_row(note, at, seconds) for at, note in enumerate(notes, 1))
        connection.executemany(f"INSERT INTO cards VALUES ({_marks(18)})", cards)
        connection.commit()
        return connection.serialize()


def _note_row(note: _Note, seconds: int) -> tuple[Any, ...]:
    first = re.sub(r"<[^>]*>", "", note.fields[0])
    checksum = int(hashlib.sha1(first.encode(), usedforsecurity=False).hexdigest()[:8], 16)
    text = "\x1f".join(note.fields)
    return note.number, note.guid, NOTE_TYPE, seconds, -1, note.tags, text, first, checksum, 0, ""


def _card_row(note: _Note, at: int, seconds: int) -> tuple[Any, ...]:
    """A new card, in the deck's order; the zeros are what a card has that was never reviewed."""
    return note.number, note.number, DECK, 0, seconds, -1, 0, 0, at, *[0] * 8, ""


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _package(database: bytes, media: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    numbered = dict(enumerate(media))
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_member("collection.anki2"), database)
        archive.writestr(
            _member("media"), json.dumps({str(number): name for number, name in numbered.items()})
        )
        for number, name in numbered.items():
            archive.writestr(_member(str(number)), media[name])
    return held.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    """Without the time of day, so that the same deck is the same file."""
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member
