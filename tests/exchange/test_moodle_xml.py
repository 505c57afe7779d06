"""Moodle XML is read with a place for every fault, and what goes out comes back the same."""

import contextlib
import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbank.core.question import (
    Question,
)
from qbank.core.text import hidden_characters
from qbank.errors import Fault, InputInvalid
from qbank.exchange.foreign import Read, Skipped, format_of
from qbank.exchange.markup import HTML_LIMIT
from qbank.exchange.mcq import read_mcq
from qbank.exchange.mcq_rows import FaultLog
from qbank.exchange.moodle_xml import QUESTION_LIMIT, read, recognises
from qbank.exchange.xml_reading import PIECE_LIMITS

SHARED = os.environ.get("QBANK_CONFORMANCE") or Path(__file__).parents[2].parent / "shared" / "conformance"
CONFORMANCE = Path(SHARED) / "moodle"
KNOWN = {
    "system": {"cardiovascular": "Cardiovascular System", "renal": "Renal/Urinary System"},
    "discipline": {"pathology": "Pathology", "physiology": "Physiology"},
    "section": {"heart": "Heart"},
    "task": {"diagnosis": "Diagnosis"},
}
ANSWERS = (
    '<answer fraction="100"><text>Renin</text></answer><answer fraction="0"><text>Insulin</text></answer>'
)


def quiz(*questions: str) -> bytes:
    """A quiz of these questions, each from a line of its own; the first one is on line 2."""
    return "\n".join(["<quiz>", *questions, "</quiz>"]).encode()


def multichoice(
    stem: str = "Which hormone?", more: str = "", answers: str = ANSWERS, single: str = "true"
) -> str:
    """A multiple-choice question on one line."""
    text = f'<questiontext format="html"><text>{stem}</text></questiontext>'
    return f'<question type="multichoice">{text}<single>{single}</single>{answers}{more}</question>'


def answer(text: str, fraction: str = "0", feedback: str = "") -> str:
    """An answer with feedback."""
    return (
        f'<answer fraction="{fraction}" format="html"><text>{text}</text>'
        f'<feedback format="html"><text>{feedback}</text></feedback></answer>'
    )


def looked_at(content: bytes) -> Read:
    """What a file without faults holds."""
    faults = FaultLog("f.xml")
    found = read(content, faults)
    faults.raise_any()
    return found


def one(content: bytes) -> Question:
    """The only question of a file."""
    (question,) = read_mcq("f.xml", content, bank="x", known=KNOWN)[1]
    return question


def test_a_question_with_its_feedback() -> None:
    """HTML becomes Markdown, feedback goes to its option, and general feedback follows the key's own."""
    answers = answer("<![CDATA[<p>Renin</p>]]>", "0", "Raises it") + answer(
        "Insulin", "100.0000000", "Lowers it"
    )
    feedback = "<generalfeedback><text><![CDATA[<p>From <b>beta</b> cells</p>]]></text></generalfeedback>"
    question = one(quiz(multichoice("<![CDATA[<p>A man.</p><p>Which&nbsp;one?</p>]]>", feedback, answers)))
    assert question.stem == "A man.\n\nWhich one?"
    assert [(option.text, option.correct, option.explanation) for option in question.options] == [
        ("Renin", False, "Raises it"),
        ("Insulin", True, "Lowers it\n\nFrom **beta** cells"),
    ]
    assert not question.fixed_order


def test_tags_that_are_not_escaped_are_read_as_tags() -> None:
    """Some programs write HTML into the XML as it is; no word of it is lost, and what is escaped there stays text."""
    answers = answer("<p>Renin <i>II</i></p>", "100", "Up<br/>Down") + answer("Na<sup>+</sup>")
    question = one(quiz(multichoice("Which <b>one</b> raises K &lt; 3?", "", answers)))
    assert question.stem == "Which **one** raises K < 3?"
    assert [option.text for option in question.options] == ["Renin *II*", "Na+"]
    assert question.key.explanation == "Up\\\nDown"


def test_true_and_false_keep_their_order() -> None:
    """They are two options, and the one with 100 is the key."""
    answers = answer("true") + answer("false", "100")
    text = "<questiontext><text>It rains.</text></questiontext>"
    question = one(quiz(f'<question type="truefalse">{text}{answers}</question>'))
    assert [option.text for option in question.options] == ["True", "False"]
    assert (question.key.text, question.fixed_order) == ("False", True)


@pytest.mark.parametrize(("setting", "fixed"), [("false", True), ("0", True), ("true", False), ("1", False)])
def test_an_author_who_does_not_shuffle_is_heard(setting: str, fixed: bool) -> None:
    """The options may cite each other in a way that no rule sees."""
    more = f"<shuffleanswers>{setting}</shuffleanswers>"
    assert one(quiz(multichoice(more=more))).fixed_order is fixed


def test_the_last_option_stays_last_without_shuffling() -> None:
    """ "None of the above" is pinned, which keeps what matters of the order."""
    answers = ANSWERS + answer("None of the above")
    question = one(quiz(multichoice(answers=answers, more="<shuffleanswers>0</shuffleanswers>")))
    assert (question.fixed_order, question.pinned) == (False, 1)


@pytest.mark.parametrize(
    ("format", "raw", "stem"),
    [
        ("markdown", "*a*\n\n- b &lt; c", "*a*\n\n- b < c"),
        ("plain_text", "a &lt;b&gt;\n*c*", "a <b>\\\n\\*c*"),
        ("moodle_auto_format", "a\nb &lt;i&gt;c&lt;/i&gt;", "a\\\nb *c*"),
        ("html", "a\nb", "a b"),
    ],
)
def test_every_format_of_text_is_read(format: str, raw: str, stem: str) -> None:
    """Moodle keeps four kinds of text, and line ends mean something in three of them."""
    content = multichoice().replace('format="html"><text>Which hormone?', f'format="{format}"><text>{raw}')
    assert one(quiz(content)).stem == stem


def test_a_category_holds_until_the_next_and_names_an_area() -> None:
    """The innermost name that the exam knows counts; a doubled slash belongs to the name."""
    paths = [
        "$course$/top/Renal//Urinary System/Stones",
        "$course$/top/Default for Cardiovascular System",
        "top/x",
    ]
    parts = [
        part
        for number, path in enumerate(paths)
        for part in (
            f'<question type="category"><category><text>{path}</text></category></question>',
            multichoice(f"Question {number}?"),
        )
    ]
    objectives = read_mcq("f.xml", quiz(*parts), bank="x", known=KNOWN)[0]
    assert [objective.system for objective in objectives] == ["renal", "cardiovascular", ""]


def test_tags_name_areas_or_are_counted() -> None:
    """A tag that is an area of the exam places the question, and every tag is told of."""
    more = "<tags><tag><text>Pathology</text></tag><tag><text>week 3</text></tag></tags>"
    objectives, _, notes = read_mcq("f.xml", quiz(multichoice(more=more)), bank="x", known=KNOWN)[:3]
    assert objectives[0].disciplines == ("pathology",)
    assert "Questions marked Pathology, week 3 (1)." in notes


def test_an_image_of_moodle_1_is_named() -> None:
    """Before version 2 it stood beside the text."""
    more = "<image>film.png</image><image_base64>AAAA</image_base64>"
    assert one(quiz(multichoice(more=more))).stem == "Which hormone?\n\n![](film.png)"


def test_images_in_files_and_in_the_text_weigh_nothing() -> None:
    """Megabytes of them leave their names."""
    data = "A" * (HTML_LIMIT + 1)
    stem = f'a<![CDATA[<img src="data:image/png;base64,{data}" alt="Film">]]>'
    more = f'<file name="a.png" encoding="base64">{"A" * (PIECE_LIMITS[1] + 1)}</file>'
    assert one(quiz(multichoice(stem, more))).stem == "a ![Film]()"


def test_id_numbers_are_kept_where_they_are_unique() -> None:
    """Two categories may use the same one; then the texts give the ids."""
    number = "<idnumber>{}</idnumber>"
    parts = [multichoice(f"{at}?", number.format(name)) for at, name in enumerate("aab")]
    ids = [question.id for question in read_mcq("f.xml", quiz(*parts), bank="x")[1]]
    assert ids[2] == "b"
    assert len(set(ids)) == 3
    assert "a" not in ids


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        *((f'<question type="{kind}"/>', kind) for kind in ("essay", "matching", "numerical", "calculated")),
        ('<question type="shortanswer"/>', "short answer"),
        ('<question type="cloze"/>', "cloze, several gaps in one text"),
        ('<question type="description"/>', "a description that asks nothing"),
        ('<question type="stack"/>', 'the type "stack"'),
        (multichoice(single="false"), "several answers can be chosen"),
        (multichoice(single="0"), "several answers can be chosen"),
        (multichoice(answers=ANSWERS + answer("Cortisol", "100")), "several answers are right"),
        (multichoice(answers=answer("a", "50") + answer("b", "50")), "no answer is wholly right"),
        (multichoice("x" * (HTML_LIMIT + 1)), f"a text of more than {HTML_LIMIT:,} characters"),
    ],
)
def test_what_cannot_be_asked_is_listed(question: str, reason: str) -> None:
    """With its line and its reason, beside the questions that can be."""
    found = looked_at(quiz(multichoice(), question))
    assert found.skipped == [Skipped(3, reason)]
    assert len(found.drafts) == 1


def test_partial_credit_leaves_one_best_answer() -> None:
    """Who may choose one answer only has a best one."""
    answers = answer("a", "50") + answer("b", "+100,00") + answer("c", "-33.3")
    assert one(quiz(multichoice(answers=answers))).key.text == "b"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings_that_the_file_names(encoding: str) -> None:
    """By a byte order mark or by the declaration."""
    named = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{named}"?>\n' + quiz(multichoice("Café?")).decode()
    content = text.encode(encoding)
    assert recognises("f", content)
    assert one(content).stem == "Café?"


@pytest.mark.parametrize(
    "content", [b"", b"question,A,B,answer\n", b'{"a": "<quiz>"}', b"<html></html>", b"\xff\xfe<"]
)
def test_other_files_are_not_taken(content: bytes) -> None:
    """The root of the XML decides, not the name."""
    assert not recognises("quiz.xml", content)
    assert format_of("quiz.xml", content) != "moodle-xml"


def test_a_file_of_too_many_questions_is_refused() -> None:
    """Even if each of them weighs nothing."""
    log = FaultLog("f.xml")
    read(quiz("<question/>" * (QUESTION_LIMIT + 1)), log)
    assert [(fault.line, fault.message) for fault in log.items] == [
        (2, "The file has more than 100,000 questions.")
    ]


def test_a_broken_file_gives_nothing() -> None:
    """Not even the questions before the place."""
    with pytest.raises(InputInvalid, match="The entity &own; is not known"):
        read_mcq("f.xml", quiz(multichoice(), multichoice("a&own;b")), bank="x")


PIECES = (
    *(
        "<",
        ">",
        "/",
        "&",
        ";",
        "&#0;",
        "&amp;",
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "<!DOCTYPE a [",
        "<!ENTITY a 'b'>",
    ),
    *(
        "\0",
        "\x1b",
        "\u202e",
        "\ufffe",
        "\n",
        "<quiz>",
        "</quiz>",
        "<question>",
        "</answer>",
        "<text>",
        "</text>",
    ),
    *(
        "<?xml version='1.0' encoding='x'?>",
        "encoding='utf-16'",
        "fraction",
        "100",
        "nan",
        "multichoice",
        "category",
    ),
)
GOOD = quiz(
    '<question type="category"><category><text>$course$/top/Renal</text></category></question>',
    multichoice(
        "<![CDATA[<p>A</p><table><tr><td>b</td><td>c</td></tr></table>]]>",
        "<tags><tag><text>t</text></tag></tags>",
    ),
    multichoice("Other?", "<generalfeedback><text>Why</text></generalfeedback><idnumber>i</idnumber>"),
).decode()


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A good file with pieces put in or cut out."""
    text = draw(st.sampled_from([GOOD, f'<?xml version="1.0" encoding="UTF-8"?>\n{GOOD}']))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 20)))
        text = text[:start] + draw(st.sampled_from(PIECES) | st.text(max_size=4)) + text[end:]
    return text.encode(draw(st.sampled_from(["utf-8", "utf-16"])), errors="surrogatepass")


@settings(max_examples=500)
@given(mangled() | st.binary(max_size=200))
def test_mangled_files_are_read_or_refused(content: bytes) -> None:
    """Any bytes give questions that can be answered, or faults that each have a place."""
    refused: tuple[Fault, ...] = ()
    questions: list[Question] = []
    notes: list[str] = []
    try:
        _, questions, notes = read_mcq("f", content, bank="x", shape="moodle-xml", known=KNOWN)[:3]
    except InputInvalid as error:
        refused = error.faults
    lines = 1 + content.count(b"\n") + content.count(b"\r")
    assert all(fault.file == "f" and 1 <= fault.line <= lines and fault.mend for fault in refused)
    assert bool(questions) is not bool(refused)
    for question in questions:
        assert sum(option.correct for option in question.options) == 1
        texts = [question.id, question.stem, *(option.text for option in question.options), *notes]
        assert not any(map(hidden_characters, texts))


EXPECTED = {
    "format-xml-multianswer.xml": (0, {"cloze, several gaps in one text": 1}),
    "format-xml-multichoice.xml": (1, {}),
    "format-xml-sample_questions_with_old_image_tag.xml": (1, {"cloze, several gaps in one text": 1}),
    "format-xml-truefalse.xml": (2, {}),
    "type-ddimageortext-testquestion.moodle.xml": (0, {"drag and drop": 1}),
    "type-ddmarker-testquestion.moodle.xml": (0, {"drag and drop": 1}),
    "type-ddwtos-testquestion.moodle.xml": (0, {"several gaps in one text": 1}),
    "type-description-testquestion.moodle.xml": (0, {"a description that asks nothing": 1}),
    "type-essay-testquestion.moodle.xml": (0, {"essay": 1}),
    "type-gapselect-testquestion.moodle.xml": (0, {"several gaps in one text": 1}),
    "type-match-testquestion.moodle.xml": (0, {"matching": 1}),
    "type-multichoice-testquestion.moodle.xml": (0, {"several answers can be chosen": 1}),
    "type-shortanswer-testquestion.moodle.xml": (0, {"short answer": 1}),
    "type-truefalse-testquestion.moodle.xml": (1, {}),
}


@pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="Moodle's own files are not here")
@pytest.mark.parametrize("name", EXPECTED)
def test_moodles_own_files_are_read(name: str) -> None:
    """Every question of each is in, or listed with its reason."""
    content = (CONFORMANCE / name).read_bytes()
    assert format_of(name, content) == "moodle-xml"
    found = looked_at(content)
    assert (len(found.drafts), Counter(skipped.reason for skipped in found.skipped)) == EXPECTED[name]
    with contextlib.suppress(InputInvalid):
        assert len(read_mcq(name, content, bank="x")[1]) == len(found.drafts)


def test_a_picture_whose_name_has_brackets_is_found() -> None:
    shown = '<text><![CDATA[<img src="@@PLUGINFILE@@/scan%20(2).gif" alt="scan">]]></text>'
    file = '<file name="scan (2).gif" path="/" encoding="base64">R0lGODlh</file>'
    answers = answer("Liver", "100") + answer("Lung")
    question = f'<question type="multichoice"><questiontext>{shown}{file}</questiontext>{answers}</question>'
    found = looked_at(quiz(question))
    (path,) = found.pictures
    assert path in found.drafts[0].stem
