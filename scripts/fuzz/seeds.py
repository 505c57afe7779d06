"""The whole files that damaged ones are made from: small samples of every format, and real ones from a folder."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SAMPLES = Path(__file__).parent / "samples"
CORPUS_LIMIT = 512 * 1024  # bytes of a real file; trying larger ones costs more rounds than it finds


class Seed(NamedTuple):
    name: str
    content: bytes


def seeds(corpus: Path | None = None) -> list[Seed]:
    """The samples, packages and databases made from them, and the files of the corpus, its folders packed as well."""
    texts = [Seed(path.name, path.read_bytes()) for path in sorted(SAMPLES.iterdir())]
    made = [Seed("package.zip", _package(texts)), Seed("book.xlsx", _workbook()), *_decks()]
    return [*texts, *made, *(_real(corpus) if corpus else ())]


def _package(texts: list[Seed]) -> bytes:
    return zipped(
        {
            seed.name: seed.content
            for seed in texts
            if seed.name.endswith(".xml") and "moodle" not in seed.name
        }
    )


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in members.items():
            info = zipfile.ZipInfo(name)  # without the time of day, so that it is the same file every time
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, inside)
    return out.getvalue()


def _workbook() -> bytes:
    """The smallest workbook of a spreadsheet program: a row of headings and two questions, one by shared texts."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    heads = ("question", "A", "B", "answer")
    cells = "".join(
        f'<c r="{column}1" t="s"><v>{at}</v></c>' for at, column in enumerate("ABCD") if at < len(heads)
    )
    texts = ("Which is a bone?", "Femur", "Liver", "A")
    inline = "".join(
        f'<c r="{column}2" t="inlineStr"><is><t>{text}</t></is></c>'
        for column, text in zip("ABCD", texts, strict=True)
    )
    numbers = '<c r="A3" t="str"><v>How many?</v></c><c r="B3"><v>4</v></c><c r="C3"><v>5</v></c>'
    numbers += '<c r="D3" t="s"><v>1</v></c>'
    rows = f'<row r="1">{cells}</row><row r="2">{inline}</row><row r="3">{numbers}</row>'
    shared = "".join(f"<si><t>{head}</t></si>" for head in heads)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">'
        '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}" count="4" uniqueCount="4">{shared}</sst>',
    }
    return zipped({name: text.encode() for name, text in parts.items()})


_ANKI_TABLES = """
CREATE TABLE col (id integer PRIMARY KEY, crt integer, mod integer, scm integer, ver integer, dty integer, usn integer,
    ls integer, conf text, models text, decks text, dconf text, tags text);
CREATE TABLE notes (id integer PRIMARY KEY, guid text, mid integer, mod integer, usn integer, tags text, flds text,
    sfld text, csum integer, flags integer, data text);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer, did integer, ord integer, mod integer, usn integer, type integer,
    queue integer, due integer, ivl integer, factor integer, reps integer, lapses integer, left integer, odue integer,
    odid integer, flags integer, data text);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer, usn integer, ease integer, ivl integer, lastIvl integer,
    factor integer, time integer, type integer);
CREATE TABLE graves (usn integer, oid integer, type integer);
"""


def _decks() -> Iterator[Seed]:
    """A deck of Anki in its older form, packed and as a bare database: one note with options, one without, and reviews."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(_ANKI_TABLES)
    fields = ("Question", "A", "B", "Answer", "Explanation")
    model = {
        **dict.fromkeys(("id", "did"), 1),
        **dict.fromkeys(("type", "sortf"), 0),
        "name": "Single choice",
        "tags": [],
        "css": "",
        "flds": [{"name": name, "ord": at} for at, name in enumerate(fields)],
        "tmpls": [{"name": "Card 1", "ord": 0, "qfmt": "{{Question}}", "afmt": "{{Answer}}"}],
    }
    decks = {"1": {"id": 1, "name": "Step 1::Heart"}}
    shapes = (json.dumps({"nextPos": 1}), json.dumps({"1": model}), json.dumps(decks), "{}", "{}")
    connection.execute("INSERT INTO col VALUES (1, 1700000000, 1, 1, 11, 0, 0, 0, ?, ?, ?, ?, ?)", shapes)
    notes = (("Which <b>valve</b>?", "Aortic", "Mitral", "A", "It is narrow."), ("Front", "", "", "Back", ""))
    for at, note in enumerate(notes, 1):
        row = (at, f"guid{at}", " heart::valves ", "\x1f".join(note), note[0])
        connection.execute("INSERT INTO notes VALUES (?, ?, 1, 1, 0, ?, ?, ?, 0, 0, '')", row)
        card = (at, at)
        connection.execute(
            "INSERT INTO cards VALUES (?, ?, 1, 0, 1, 0, 2, 2, 9, 9, 2500, 3, 1, 0, 0, 0, 0, '')", card
        )
    for at in range(3):
        moment = 1_700_000_000_000 + at * 86_400_000
        connection.execute("INSERT INTO revlog VALUES (?, 1, 0, ?, 4, 1, 2500, 9000, 1)", (moment, at + 2))
    connection.commit()
    database = connection.serialize()
    connection.close()
    yield Seed("collection.anki2", database)
    yield Seed("deck.apkg", zipped({"collection.anki2": database, "media": b"{}"}))


def _real(corpus: Path) -> Iterator[Seed]:
    """Every file that is small enough; a folder with a manifest is a package."""
    for path in sorted(corpus.rglob("*")):
        if path.is_file() and path.stat().st_size <= CORPUS_LIMIT:
            yield Seed(path.name, path.read_bytes())
    for manifest in sorted(corpus.rglob("imsmanifest.xml")):
        yield Seed(f"{manifest.parent.name}.zip", packed_folder(manifest.parent))


def packed_folder(folder: Path) -> bytes:
    """A folder as the zip package that it was unpacked from."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return zipped({path.relative_to(folder).as_posix(): path.read_bytes() for path in files})
