"""What goes out as QTI comes back the same, and is what QTI allows."""

import copy
import functools
import io
import os
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from exchange.drawn_banks import KNOWN, MARKDOWN, NAMES, RICH, Bank, banks
from exchange.qti_grammar import breaches
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.bank.scan import scan
from qbank.core.question import (
    NOT_RECALLED,
    RECALLED,
    Kind,
    Objective,
    Option,
    Question,
    as_served,
    option_id,
    serve,
)
from qbank.exchange.mcq import read_mcq
from qbank.exchange.qti import recognises
from qbank.exchange.qti_out import DRAW, write_qti21, write_qti30
from qbank.settings import data_folder

Write = Callable[[Sequence[Question], Sequence[Objective]], bytes]
WRITERS = pytest.mark.parametrize("write", [write_qti21, write_qti30], ids=["2.1", "3.0"])
OPTIONS = tuple(Option(option_id(text), text, text == "a") for text in "ab")


def members(package: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file in a package."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        yield from ((name, archive.read(name)) for name in archive.namelist())


def item(package: bytes) -> str:
    """The only item of a package."""
    _, (_, content) = members(package)
    return content.decode()


def repacked(package: bytes, old: str, new: str) -> bytes:
    """A package in whose files a text has become another."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members(package):
            archive.writestr(name, content.decode().replace(old, new))
    return out.getvalue()


@WRITERS
@settings(max_examples=50)
@given(bank=banks(MARKDOWN, any_order=True))
def test_what_goes_out_comes_back_the_same(write: Write, bank: Bank) -> None:
    """Questions with stem, options, key, explanations, order and id; objectives with text and areas, in the order of use."""
    objectives, questions = bank
    content = write(questions, objectives)
    assert recognises("f.zip", content)
    back, again = read_mcq("f.zip", content, bank="x", known=KNOWN)[:2]
    used = dict.fromkeys(question.objective for question in questions)
    assert again == questions
    assert back == [next(one for one in objectives if one.id == name) for name in used]


@WRITERS
@settings(max_examples=50)
@given(bank=banks(RICH | MARKDOWN, any_order=True))
def test_every_file_is_what_its_version_allows(write: Write, bank: Bank) -> None:
    """Whatever Markdown a text holds."""
    objectives, questions = bank
    for name, content in members(write(questions, objectives)):
        assert breaches(content, is_qti3=write is write_qti30) == [], name


@WRITERS
def test_the_bundled_bank_goes_out_and_comes_back(write: Write) -> None:
    """All of it, valid and twice the same bytes: the variants with the numbers of one draw, everything else as it is."""
    files = scan(data_folder() / "questions", "starter", {}).changed
    questions = [question for file in files for question in file.questions]
    objectives = [file.objective for file in files]
    content = write(questions, objectives)
    assert content == write(questions, objectives)
    again = read_mcq("f.zip", content, bank="starter")[1]
    assert len(again) == len(questions) > 500
    for before, after in zip(questions, again, strict=True):
        if before.draws:
            assert after.stem == as_served(before, serve(before, DRAW)).stem
        else:
            assert after == before
    assert not [found for _, one in members(content) for found in breaches(one, is_qti3=write is write_qti30)]


@WRITERS
def test_what_another_program_changed_is_kept(write: Write) -> None:
    """The Markdown that goes along counts only for the text that it stands for."""
    question = Question("x", "q", "o", "3. three\n4. four\n\nWhich?", OPTIONS)
    changed = repacked(write([question], []), "<li>three</li>", "<li>five</li>")
    (again,) = read_mcq("f.zip", changed, bank="x")[1]
    assert again.stem == "1. five\n2. four\n\nWhich?"


@WRITERS
def test_a_verdict_alone_is_an_explanation_here(write: Write) -> None:
    """Other programs' "Correct." says nothing; what an author wrote comes back."""
    options = tuple(replace_explanation(option, "Correct.") for option in OPTIONS)
    (again,) = read_mcq("f.zip", write([Question("x", "q", "o", "Which?", options)], []), bank="x")[1]
    assert [option.explanation for option in again.options] == ["Correct.", "Correct."]


def replace_explanation(option: Option, text: str) -> Option:
    """The option with this explanation."""
    return Option(option.id, option.text, option.correct, text)


def test_the_lead_in_is_the_prompt_and_feedback_follows_the_answer() -> None:
    """So that a screen reader ties the question to its options, and each answer shows its own explanation."""
    options = tuple(replace_explanation(option, f"Why {option.text}.") for option in OPTIONS)
    written = item(write_qti21([Question("x", "q", "o", "A case.\n\nWhich *one*?", options, "Know it.")], []))
    assert "<p>A case.</p>\n<choiceInteraction" in written
    assert "<prompt>Which <em>one</em>?</prompt>" in written
    assert '<setOutcomeValue identifier="FEEDBACK"><variable identifier="RESPONSE"/>' in written
    assert 'outcomeIdentifier="FEEDBACK" identifier="B" showHide="show"><p>Why b.</p>' in written
    assert 'outcomeIdentifier="REMEMBER" identifier="REMEMBER" showHide="show"><p>Know it.</p>' in written


def test_without_feedback_the_standard_template_scores() -> None:
    """Simple programs know the template and nothing else."""
    written = item(write_qti30([Question("x", "q", "o", "Which?", OPTIONS)], []))
    assert "rptemplates/match_correct" in written
    assert "qti-modal-feedback" not in written


def test_the_answer_is_not_in_the_title() -> None:
    """Programs show a title to learners, and an objective's text says what the question asks for."""
    objective = Objective("x", "o", "The answer is a")
    assert "The answer is a" not in item(
        write_qti21([Question("x", "q", "o", "Which?", OPTIONS)], [objective])
    )


def test_a_prompt_for_recall_stays_out() -> None:
    """It has nothing to choose from."""
    recall = Question("x", "q", "o", "Front", (RECALLED, NOT_RECALLED), "Back", kind=Kind.RECALL)
    assert [name for name, _ in members(write_qti21([recall], []))] == ["imsmanifest.xml"]


def test_two_banks_share_a_package() -> None:
    """Ids that collide are told apart by the bank, and an objective that is not given is named by its id."""
    pair = [Question(bank, "q", f"o-{bank}", f"In {bank}?", OPTIONS) for bank in ("x", "y")]
    objectives, again = read_mcq("f.zip", write_qti30(pair, []), bank="z")[:2]
    assert [(question.id, question.stem) for question in again] == [("q", "In x?"), ("y.q", "In y?")]
    assert [objective.text for objective in objectives] == ["o-x", "o-y"]


def test_banks_whose_names_differ_in_punctuation_alone_share_a_package() -> None:
    """QTI's identifiers have only some marks, so a number tells them apart."""
    banks = [Question(bank, "q", "o", f"In {bank}?", OPTIONS) for bank in ("x", "a b", "a:b", "a/b")]
    again = read_mcq("f.zip", write_qti30(banks, []), bank="z").questions
    assert [(question.id, question.stem) for question in again] == [
        ("q", "In x?"),
        ("a-b.q", "In a b?"),
        ("a-b.q2", "In a:b?"),
        ("a-b.q3", "In a/b?"),
    ]


@WRITERS
def test_a_question_keeps_a_name_that_no_identifier_may_have(write: Write) -> None:
    """QTI 3 wants an identifier to begin with a letter or `_`; the names of banks may hold spaces and colons."""
    first, *others = (
        Question(bank, "2-a_b", f"o-{at}", f"In {bank}?", OPTIONS) for at, bank in enumerate(["x", "3: y z"])
    )
    package = write([first, *others], [])
    assert [breaches(content, is_qti3=True) for _, content in members(write_qti30([first, *others], []))] == [
        []
    ] * 3
    assert [question.id for question in read_mcq("f.zip", package, bank="x")[1]] == ["2-a_b", "3-y-z.2-a_b"]


def test_a_character_that_xml_does_not_have_is_replaced() -> None:
    """The file stays XML whatever a text holds."""
    (again,) = read_mcq("f.zip", write_qti21([Question("x", "q", "o", "a\ufffeb", OPTIONS)], []), bank="x")[1]
    assert again.stem == "a\ufffdb"


SCHEMAS = "QBANK_QTI_SCHEMAS"
"""A folder with the schemas of 1EdTech, whose licence keeps them out of this project, and with all that they import."""
OFFICIAL = pytest.mark.skipif(SCHEMAS not in os.environ, reason=f"{SCHEMAS} names no folder with the schemas")


@functools.cache
def checked(name: str) -> Callable[[object], list[str]]:
    """A check of a document by the schema in a file of that folder."""
    etree: Any = pytest.importorskip("lxml.etree")
    schema = etree.XMLSchema(etree.parse(str(Path(os.environ[SCHEMAS]) / name)))
    return lambda document: [] if schema.validate(document) else [str(schema.error_log)]


def refusals(content: bytes) -> list[str]:
    """What the schema that a file names itself has against the file."""
    etree: Any = pytest.importorskip("lxml.etree")
    document = etree.fromstring(content)
    location = document.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation").split()[1]
    return checked(location.rpartition("/")[2])(document)


@OFFICIAL
@WRITERS
def test_packages_are_valid_by_the_official_schemas(write: Write) -> None:
    """The bundled bank, each file by the schema that it names itself."""
    files = scan(data_folder() / "questions", "starter", {}).changed
    questions = [question for file in files for question in file.questions]
    package = write(questions, [file.objective for file in files])
    assert [(name, refused) for name, content in members(package) for refused in refusals(content)] == []


@OFFICIAL
@WRITERS
@settings(max_examples=200, deadline=None)
@given(bank=banks(RICH | MARKDOWN, any_order=True), names=st.lists(NAMES, min_size=4, max_size=4))
def test_drawn_packages_are_valid_by_the_official_schemas(
    write: Write, bank: Bank, names: list[tuple[str, str]]
) -> None:
    """Whatever markup a text holds, and whatever a bank and a question are called."""
    objectives, questions = bank
    named = [
        replace(question, bank=bank, id=name)
        for question, (bank, name) in zip(questions, names, strict=False)
    ]
    for member, content in members(write(named, objectives)):
        assert refusals(content) == [], member


@OFFICIAL
@WRITERS
@settings(max_examples=300, deadline=None)
@given(bank=banks(RICH | MARKDOWN, any_order=True), data=st.data())
def test_what_the_official_schemas_refuse_is_refused_here(
    write: Write, bank: Bank, data: st.DataObject
) -> None:
    """So that the grammar, which is always at hand, may stand for them."""
    objectives, questions = bank
    _, content = data.draw(st.sampled_from(list(members(write(questions, objectives)))))
    content = data.draw(broken(content))
    if refusals(content):
        assert breaches(content, is_qti3=write is write_qti30) != []


@OFFICIAL
@WRITERS
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<((qti-)?value)>", r'<\1 title="x">'),
        ("<em>b</em>", "<em><p>b</p></em>"),
        (' alt="c"', ""),
        ("<tr>.*?</tr>", "<tr></tr>"),
        ('identifier="A"', 'identifier="1 a"'),
        ('(max-?[Cc]hoices)="1"', r'\1="one"'),
        ("(<(?:qti-)?prompt>.*</(?:qti-)?prompt>)(.*?)(</(?:qti-)?choice-?[Ii]nteraction>)", r"\2\1\3"),
        ("(?=<(qti-)?response-?[Pp]rocessing)", "<p></p>"),
    ],
)
def test_the_official_schemas_bite(write: Write, old: str, new: str) -> None:
    """What they must refuse; a folder with schemas that allow everything is none with the official ones."""
    text = "A *b* ![c](d.png)\n\n| e |\n| - |\n| f |\n\nWhich?"
    content = item(write([Question("x", "q", "o", text, OPTIONS)], []))
    assert refusals(content.encode()) == []
    changed = re.sub(old, new, content, count=1, flags=re.DOTALL).encode()
    assert changed != content.encode()
    assert refusals(changed) != []
    assert breaches(changed, is_qti3=write is write_qti30) != []


@st.composite
def broken(draw: st.DrawFn, content: bytes) -> bytes:
    """A file in which one thing is otherwise."""
    root = ET.fromstring(content)
    elements = list(root.iter())
    element, other = draw(st.sampled_from(elements)), draw(st.sampled_from(elements))
    place = draw(st.integers(0, len(element)))
    own = [name for name in element.attrib if not name.endswith("schemaLocation")]
    attribute = draw(st.sampled_from([*own, "id", "title", "class"]))
    change = draw(st.sampled_from(["rename", "insert", "text", "cut", "attribute", "no attribute"]))
    if change == "rename":
        element.tag = draw(st.sampled_from([other.tag, f"{{urn:x}}{element.tag.rpartition('}')[2]}"]))
    elif change == "insert":
        element.insert(place, draw(st.sampled_from([ET.Element(other.tag), copy.deepcopy(other)])))
    elif change == "text":
        element.text = draw(st.sampled_from(["", "x", "1 "]))
    elif change == "cut":
        del element[place : place + 1]
    elif change == "attribute":
        element.set(attribute, draw(st.sampled_from(["", "1", "a b", "true", "//a:b:c", "single"])))
    else:
        element.attrib.pop(attribute, None)
    return ET.tostring(root)
