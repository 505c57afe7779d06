"""What `qbank bank import` does with files made to harm: two lines at most, the place, its exit code, nothing changed."""

import json
import os
import resource
import sqlite3
import threading
import time
from pathlib import Path

import pytest
from hostile import (
    EXTERNAL,
    GIFT,
    LAUGHS,
    OUTSIDE,
    PARAMETER,
    item,
    linked,
    lying_bomb,
    nested_bomb,
    overlapping_bomb,
    package,
    quiz,
    sparse,
)
from support import Qbank, Ran

SECONDS = 5.0
"""Of the processor, for a file that is refused, the command's own start included; most take a tenth."""
FAILED, USAGE, NOT_FOUND = 1, 2, 4
MANY = 300_000
KLINGON = b'<?xml version="1.0" encoding="klingon"?>'
MANIFEST = {"imsmanifest.xml": "<manifest/>"}


def qti(doctype: str, stem: str = "Which?") -> str:
    """An item of QTI behind a document type."""
    return doctype.replace("quiz", "assessmentItem") + item(stem)


@pytest.fixture(autouse=True)
def theirs(home: Path, qbank: Qbank) -> None:
    """A bank of three questions that came from elsewhere."""
    good = home.parent / "good.gift"
    good.write_text("One? {=a ~b}\n\nTwo? {=a ~b}\n\nThree? {=a ~b}\n")
    done = qbank("bank", "import", str(good), "--bank", "theirs")
    assert done.code == 0, done.err


def kept(home: Path) -> list[str]:
    """Everything in the store, as statements."""
    (store,) = (path for path in home.rglob("*") if path.is_file() and _is_store(path))
    with sqlite3.connect(store) as connection:
        dump = list(connection.iterdump())
    connection.close()
    return dump


def _is_store(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(15) == b"SQLite format 3" and "backup" not in str(path)


def tried(qbank: Qbank, path: Path) -> Ran:
    """The import of one file into the bank that is there, within the time that a refusal may take."""
    begun = time.process_time()
    ran = qbank("bank", "import", str(path), "--bank", "theirs")
    assert time.process_time() - begun < SECONDS
    return ran


def refused(qbank: Qbank, home: Path, path: Path, said: str, code: int = FAILED) -> None:
    """That the file is refused with these words, in two lines at most, and that the store stays as it was."""
    before = kept(home)
    ran = tried(qbank, path)
    assert ran.code == code, ran.err
    assert said in ran.err
    assert path.name in ran.err
    assert 1 <= len(ran.err.splitlines()) <= 2
    assert "Traceback" not in ran.err
    assert kept(home) == before


def cases(*named: tuple[str, str | bytes, str]) -> pytest.MarkDecorator:
    """File name, content and what is said, each case by its name."""
    return pytest.mark.parametrize(
        ("name", "content", "said"), [pytest.param(*one, id=one[0]) for one in named]
    )


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@cases(
    (
        "nested-package.zip",
        package({**MANIFEST, "a.xml": nested_bomb(2, 2)}),
        "no question with one best answer",
    ),
    ("overlapping.zip", overlapping_bomb(), "unpacks to more than 200 times its size"),
    ("much-overlapping.zip", overlapping_bomb(9_000, 2_000), "damaged or not complete"),
    ("high-ratio.zip", package({"q.xml": bytes(50_000_000)}), "unpacks to more than 200 times its size"),
    ("lying.zip", lying_bomb(), "damaged or not complete"),
    ("leading-out.zip", package({"../q.xml": item()}), 'The name "../q.xml" leads out of the package'),
    ("leading-in-out.zip", package({"a/../../q.xml": item()}), "leads out of the package"),
    ("absolute.zip", package({"/etc/q.xml": item()}), "leads out of the package"),
    ("drive.zip", package({"C:\\q.xml": item()}), "leads out of the package"),
    ("linked.zip", linked(), '"q.xml" is a link to another place'),
    ("cut.zip", package({**MANIFEST, "q.xml": item()})[:-30], "damaged or not complete"),
    ("entity.zip", package({**MANIFEST, "in/q.xml": qti(EXTERNAL, "&a;")}), "entity.zip/in/q.xml:1: "),
)
def test_packages_that_harm_are_refused(
    qbank: Qbank, home: Path, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    """Bombs, names and links that lead out of the package, and what is in its members."""
    refused(qbank, home, written(tmp_path, name, content), said)
    assert not (tmp_path.parent / "q.xml").exists()


@cases(
    ("laughs.xml", LAUGHS + quiz("&j;"), "laughs.xml:1: The file declares entities"),
    ("external.xml", EXTERNAL + quiz("&a;"), "Delete the <!DOCTYPE ...> there"),
    ("parameter.xml", PARAMETER + quiz(), "The file declares entities"),
    ("laughs-qti.xml", qti(LAUGHS, "&j;"), "laughs-qti.xml:1: The file declares entities"),
    ("external-qti.xml", qti(EXTERNAL, "&a;"), "The file declares entities"),
    ("parameter-qti.xml", qti(PARAMETER), "The file declares entities"),
    ("unclosed.xml", quiz()[:-20], "unclosed.xml:1: The XML is broken here"),
    ("unclosed-qti.xml", item()[:-20], "unclosed-qti.xml:1: The XML is broken here"),
    ("unknown.xml", "<quiz>\n" + quiz("&unknown;")[6:], "unknown.xml:2: The entity &unknown; is not known"),
    ("deep.xml", "<quiz>" + "<question>" * 100_000, "lie inside each other"),
    ("deep-qti.xml", "<assessmentItem>" + "<p>" * 100_000, "lie inside each other"),
    ("long-tag.xml", '<quiz><question a="' + "x" * 20_000_000 + '"/></quiz>', "A tag or comment is longer"),
    ("long-text.xml", quiz("x " * 5_000_000), "One question has more than 8,388,608 characters"),
)
def test_xml_that_harms_is_refused(
    qbank: Qbank, home: Path, tmp_path: Path, name: str, content: str, said: str
) -> None:
    """Entities, document types, what never ends and what is too deep."""
    refused(qbank, home, written(tmp_path, name, content), said)


@pytest.mark.parametrize("root", ["quiz", "assessmentItem"])
def test_a_document_type_elsewhere_is_never_fetched(qbank: Qbank, tmp_path: Path, root: str) -> None:
    """Some files name one honestly; nothing in it is needed, so the question is read without it."""
    path = tmp_path / "q.dtd"
    os.mkfifo(path)  # whoever opens it waits for ever
    there = OUTSIDE.replace("http://127.0.0.1:9/quiz.dtd", path.as_uri()).replace("quiz", root)
    ran = tried(qbank, written(tmp_path, "q.xml", there + (quiz() if root == "quiz" else item())))
    assert ran.code == 0, ran.err
    assert "1 new" in ran.out


def test_texts_that_items_share_may_not_go_round_in_a_circle(
    qbank: Qbank, home: Path, tmp_path: Path
) -> None:
    """A text that names itself or an item that does, and a manifest whose parts need each other, end where they begin."""
    ref = '<assessmentStimulusRef identifier="s" href="{}"/>'
    stimulus = (
        f'<assessmentStimulus identifier="s">{ref.format("s.xml")}<stimulusBody>A case.</stimulusBody>'
        "</assessmentStimulus>"
    )
    needs = "".join(
        f'<resource identifier="r{at}" type="imsqti_item_xmlv2p1" href="{name}"><file href="{name}"/>'
        f'<dependency identifierref="r{1 - at}"/></resource>'
        for at, name in enumerate(("s.xml", "q.xml"))
    )
    manifest = f'<manifest identifier="m"><resources>{needs}</resources></manifest>'
    members = {
        "imsmanifest.xml": manifest,
        "s.xml": stimulus,
        "q.xml": item(extra=ref.format("s.xml")),
        "own.xml": item("Its own?", ref.format("own.xml")),
    }
    ran = tried(qbank, written(tmp_path, "circle.zip", package(members)))
    assert ran.code == 0, ran.err
    assert "1 new" in ran.out
    assert "it rests on a sound, a film or another file: 1, the first at own.xml, line 1" in ran.out


@cases(
    ("utf16-no-mark.gift", GIFT.encode("utf-16-le"), "not UTF-8 text"),
    ("utf16-no-mark.csv", "question,A,B,answer\n".encode("utf-16-be"), "not UTF-8 text"),
    (
        "latin1.gift",
        "One? {=a ~b}\n\nWo? {=Füße ~Öl}".encode("latin-1"),
        "latin1.gift:3: The text is not UTF-8",
    ),
    (
        "latin1.csv",
        "question,A,B,answer\nWo?,Füße,Öl,A\n".encode("latin-1"),
        "latin1.csv:2: The text is not UTF-8",
    ),
    (
        "latin1.jsonl",
        '{"question":"x"}\n{"question":"ß"}'.encode("latin-1"),
        "latin1.jsonl:2: The text is not UTF-8",
    ),
    ("latin1.xml", quiz("Füße").encode("latin-1"), "latin1.xml:1: The text is not UTF-8"),
    ("latin1.txt", "Wo?\nA. Öl\nB. b\nANSWER: A\n".encode("latin-1"), "latin1.txt:2: The text is not UTF-8"),
    ("unknown.xml", KLINGON + quiz("Füße").encode("latin-1"), "is not known here"),
    ("unknown-qti.xml", KLINGON + item("Füße").encode("latin-1"), "is not known here"),
    ("nul.gift", b"Which? {=a\0 ~b}", "not UTF-8 text"),
    ("nul.csv", b"question,A,B,answer\nWhich?,a\0,b,A\n", "not UTF-8 text"),
    ("picture.gift", b"\x89PNG\r\n\x1a\n" + bytes(2000), "not UTF-8 text"),
    (
        "no-collection.apkg",
        package({"collection.anki2": b"no database", "media": b"{}"}),
        "no-collection.apkg",
    ),
    ("bare.anki2", b"SQLite format 3\0" + bytes(5000), "bare.anki2"),
    ("empty.gift", b"", "holds no question"),
    ("empty.csv", b"", "holds no question"),
    ("empty.xml", b"", "holds no question"),
    ("empty.zip", package({}), "no question with one best answer"),
    ("blank.txt", b" \n\r\n\t\n", "holds no question"),
)
def test_what_is_no_text_of_questions_is_refused(
    qbank: Qbank, home: Path, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    """Encodings that could only be guessed, files of other kinds, and nothing at all."""
    refused(qbank, home, written(tmp_path, name, content), said)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("q.gift", "Wo? {=Füße ~Öl}"),
        ("q.txt", "Wo?\nA. Füße\nB. Öl\nANSWER: A\n"),
        ("q.xml", quiz("Füße?")),
        ("q2.xml", item("Füße?")),
    ],
)
def test_encodings_that_say_what_they_are_are_read(
    qbank: Qbank, home: Path, tmp_path: Path, name: str, text: str, encoding: str
) -> None:
    """UTF-8 with and without its mark, and UTF-16 with it."""
    ran = tried(qbank, written(tmp_path, name, text.encode(encoding)))
    assert ran.code == 0, ran.err
    assert "1 new" in ran.out


@cases(
    ("array.json", "[" * 100_000 + "]" * 100_000, "array.json:1: "),
    (
        "array-within.json",
        '[{"question":' + "[" * 100_000,
        "array-within.json:1: The list is not JSON from here on",
    ),
    ("object.jsonl", '{"question":' * 100_000, "object.jsonl:1: This line is not JSON"),
    ("number.jsonl", '{"question":' + "9" * 10_000 + "}", "number.jsonl:1: This line is not JSON"),
    ("opened.gift", "Which? " + "{" * 100_000, "braces that do not match: 1, the first at line 1"),
    ("nested.gift", "Which? " + "{" * 400_000 + "=a ~b" + "}" * 400_000, "the first at line 1"),
    ("row.gift", "Which? {=a ~b}" + "}{" * 200_000, "braces that do not match: 1"),
    ("options.gift", "Which? {=a" + "".join(f" ~{at}" for at in range(MANY)) + "}", "the first at line 1"),
    (
        "options.jsonl",
        json.dumps({"question": "W?", "answer": "A", "options": ["x"] * MANY}),
        "300,000 options",
    ),
    (
        "options.xml",
        quiz().replace("</question>", "<answer/>" * MANY + "</question>"),
        "more than 10,000 elements",
    ),
    ("options-qti.xml", item("<p/>" * MANY), "One question has more than 10,000 elements"),
    (
        "tiny.gift",
        "".join(f"{at}? {{=a ~b}}\n\n" for at in range(MANY)),
        "more than 50,000 questions and texts",
    ),
    ("tiny.txt", "a?\nA. a\nB. b\nANSWER: A\n" * MANY, "more than 50,000 questions and texts"),
    ("tiny.csv", "question,A,B,answer\n" + "a?,a,b,A\n" * MANY, "more than 200,000 questions"),
    ("tiny.json", "[" + '{"question":"a?"},' * MANY + "]", "more than 200,000 questions"),
    ("tiny.xml", "<quiz>" + '<question type="essay"/>' * MANY + "</quiz>", "more than 100,000 questions"),
    (
        "tiny-qti.xml",
        "<questestinterop>" + "<item/>" * MANY + "</questestinterop>",
        "more than 100,000 questions",
    ),
    ("line.csv", 'question,A,B,answer\n"' + "a" * 5_000_000, "line.csv:2: "),
    ("line.gift", "a" * 5_000_000, "more than 1,000,000 characters"),
)
def test_what_is_too_deep_too_many_or_too_long_is_refused(
    qbank: Qbank, home: Path, tmp_path: Path, name: str, content: str, said: str
) -> None:
    """Nesting, options, questions and lines without end."""
    refused(qbank, home, written(tmp_path, name, content), said)


@pytest.mark.parametrize(
    "markup", ["<div>", "<ul><li>", "<table><tr><td>", "<b>", "<sup>", "<pre>", "<!--", "<a "]
)
def test_html_without_end_is_read_as_the_text_that_it_holds(
    qbank: Qbank, home: Path, tmp_path: Path, markup: str
) -> None:
    """A question behind thousands of tags that are never closed is the same question, or is left out with its reason."""
    ran = tried(qbank, written(tmp_path, "q.gift", f"[html]Which? {markup * 20_000} {{=a ~b}}"))
    assert ran.code in (0, 1)
    assert "Traceback" not in ran.err
    assert "1 new" in ran.out or "the first at line 1" in ran.err


@pytest.mark.parametrize("name", ["line.csv", "line.gift", "line.jsonl", "line.xml", "line.zip", "line.apkg"])
def test_a_gigabyte_in_one_line_is_refused_without_reading_it(
    qbank: Qbank, home: Path, tmp_path: Path, name: str
) -> None:
    """By its size, whatever its name."""
    sparse(tmp_path / name)
    before = _peak()
    refused(qbank, home, tmp_path / name, f"{name} is larger than 256 MiB")
    assert _peak() - before < 64 * 1024**2


def _peak() -> int:
    """The most memory that this process had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_a_pipe_without_end_is_read_to_the_limit(
    qbank: Qbank, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its writer gets a broken pipe, not for ever more to do."""
    monkeypatch.setattr("qbank.app.files.read_bytes.__defaults__", (1024**2,))
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    writer = threading.Thread(target=_write_for_ever, args=(path,))
    writer.start()
    refused(qbank, home, path, "pipe.csv is larger than 1 MiB")
    writer.join(timeout=10)
    assert not writer.is_alive()


def _write_for_ever(path: Path) -> None:
    try:
        with path.open("wb") as file:
            while True:
                file.write(b"a" * 65_536)
    except BrokenPipeError:
        return


def test_zips_within_zips_stay_packed(qbank: Qbank, home: Path, tmp_path: Path) -> None:
    """They are left out and told of, and nothing is written."""
    before = kept(home)
    ran = tried(qbank, written(tmp_path, "nested.zip", nested_bomb()))
    assert ran.code == 0, ran.err
    assert "no question with one best answer" in ran.out
    assert "0 new, 0 changed, 0 unchanged" in ran.out
    assert kept(home) == before


def test_what_is_no_file_is_refused(qbank: Qbank, home: Path, tmp_path: Path) -> None:
    """A folder without files, and a name that nothing has."""
    (tmp_path / "folder").mkdir()
    refused(qbank, home, tmp_path / "folder", "holds no file", USAGE)
    refused(qbank, home, tmp_path / "none.csv", "No file named", NOT_FOUND)


def test_a_table_with_one_fault_changes_nothing(qbank: Qbank, home: Path, tmp_path: Path) -> None:
    """Not even the rows before it."""
    rows = "".join(f"Number {at}?,a,b,A\n" for at in range(500))
    path = written(tmp_path, "table.csv", f"question,A,B,answer\n{rows}The last?,a,b,C\n")
    refused(qbank, home, path, 'table.csv:502: The answer "C" is none of the options')
