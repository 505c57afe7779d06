"""The note type and the deck that questions go out in, and the tables of a collection, as Anki's schema 11 has them."""

import json
from typing import Any

NOTE_TYPE = 1_764_115_200_001
DECK = 1_764_115_200_002
"""Both ids never change, so that a later deck finds what an earlier one left."""

FIELDS = ("Question", "Options", "Answer", "Explanation", "Remember", "Objective", "Source")

_TYPE_MADE = 1_764_115_200  # seconds; to be raised when fields or templates change
_CREATED = 1_262_304_000  # seconds; the day from which a collection counts days

_FRONT = """{{Question}}
<div class="options">{{Options}}</div>"""
_BACK = """{{FrontSide}}
<hr id=answer>
<div class="answer">{{Answer}}</div>
{{Explanation}}
{{#Remember}}<div class="remember">{{Remember}}</div>{{/Remember}}
<div class="source">{{Source}}</div>"""
_STYLE = """.card { font-family: sans-serif; font-size: 18px; line-height: 1.4; text-align: left; }
.card { max-width: 45em; margin: auto; }
.options { margin-top: 1em; }
.answer { font-weight: bold; }
.remember { border-left: 3px solid #888; padding-left: 0.7em; margin-top: 1em; }
.source { color: #888; font-size: 70%; margin-top: 1.5em; }
table { border-collapse: collapse; }
td, th { border: 1px solid #888; padding: 0.2em 0.5em; }
img { max-width: 100%; }"""

SCHEMA = """
CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL, scm integer NOT NULL,
    ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL, ls integer NOT NULL, conf text NOT NULL,
    models text NOT NULL, decks text NOT NULL, dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL, mod integer NOT NULL,
    usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL, sfld integer NOT NULL, csum integer NOT NULL,
    flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL, ord integer NOT NULL,
    mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL, queue integer NOT NULL, due integer NOT NULL,
    ivl integer NOT NULL, factor integer NOT NULL, reps integer NOT NULL, lapses integer NOT NULL, left integer NOT NULL,
    odue integer NOT NULL, odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL, ease integer NOT NULL,
    ivl integer NOT NULL, lastIvl integer NOT NULL, factor integer NOT NULL, time integer NOT NULL, type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);
"""


def collection_row(made_seconds: int) -> tuple[Any, ...]:
    """The row of `col` in a collection made at that time."""
    texts: tuple[dict[str, Any], ...] = (
        {"curDeck": DECK, "activeDecks": [DECK], "curModel": str(NOTE_TYPE), "nextPos": 1, "schedVer": 2},
        {str(NOTE_TYPE): _note_type()},
        {"1": _deck(1, "Default", made_seconds), str(DECK): _deck(DECK, "qbank", made_seconds)},
        {"1": _DECK_OPTIONS},
        {},
    )
    dumped = (json.dumps(text) for text in texts)
    return 1, _CREATED, made_seconds * 1000, made_seconds * 1000, 11, 0, 0, 0, *dumped


def _note_type() -> dict[str, Any]:
    return {
        "id": NOTE_TYPE,
        "name": "qbank question",
        "type": 0,
        "mod": _TYPE_MADE,
        "usn": -1,
        "sortf": 0,
        "did": DECK,
        "flds": [_field(at, name) for at, name in enumerate(FIELDS)],
        "tmpls": [
            {
                "name": "Card 1",
                "ord": 0,
                "qfmt": _FRONT,
                "afmt": _BACK,
                "bqfmt": "",
                "bafmt": "",
                "did": None,
            }
        ],
        "css": _STYLE,
        "latexPre": "",
        "latexPost": "",
        "req": [[0, "any", [0, 1]]],
        "tags": [],
        "vers": [],
    }


def _field(at: int, name: str) -> dict[str, Any]:
    return {"name": name, "ord": at, "sticky": False, "rtl": False, "font": "Arial", "size": 20, "media": []}


def _deck(number: int, name: str, made_seconds: int) -> dict[str, Any]:
    today = {day: [0, 0] for day in ("newToday", "revToday", "lrnToday", "timeToday")}
    return today | {
        "id": number,
        "name": name,
        "mod": made_seconds,
        "usn": -1,
        "desc": "",
        "dyn": 0,
        "conf": 1,
        "collapsed": False,
        "browserCollapsed": False,
        "extendNew": 0,
        "extendRev": 0,
    }


_DECK_OPTIONS: dict[str, Any] = {
    "id": 1,
    "name": "Default",
    "mod": 0,
    "usn": 0,
    "maxTaken": 60,
    "autoplay": True,
    "timer": 0,
    "replayq": True,
    "dyn": False,
    "new": {
        "bury": False,
        "delays": [1.0, 10.0],
        "initialFactor": 2500,
        "ints": [1, 4, 0],
        "order": 1,
        "perDay": 20,
    },
    "rev": {"bury": False, "ease4": 1.3, "ivlFct": 1.0, "maxIvl": 36500, "perDay": 200, "hardFactor": 1.2},
    "lapse": {"delays": [10.0], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0.0},
}
