"""GIFT files are read as Moodle means them, and what qbank writes of them comes back the same."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qbank.core.question import Objective, Option, Question, option_id
from qbank.errors import InputInvalid
from qbank.exchange.foreign import format_of
from qbank.exchange.gift import read
from qbank.exchange.gift_syntax import Item, Kind, Text, items
from qbank.exchange.gift_write import write_gift
from qbank.exchange.mcq import read_mcq
from qbank.exchange.mcq_draft import Draft
from qbank.exchange.mcq_fields import mended
from qbank.exchange.mcq_rows import FaultLog

SHARED = Path(__file__).parents[2].parent / "shared" / "conformance"
GIFT = Path(os.environ.get("QBANK_CONFORMANCE", SHARED)) / "gift"
KINDS = {
    "MC": Kind.CHOICE,
    "TF": Kind.TRUE_FALSE,
    "Short": Kind.SHORT,
    "Numerical": Kind.NUMERICAL,
    "Matching": Kind.MATCHING,
    "Essay": Kind.ESSAY,
    "Description": Kind.DESCRIPTION,
}
KNOWN = {
    "system": {"cardiovascular": "Cardiovascular System", "respiratory-renal": "Respiratory & Renal"},
    "discipline": {"pathology": "Pathology", "physiology": "Physiology"},
    "section": {"renal": "Renal System"},
    "task": {"diagnosis": "Diagnosis"},
}


def drafts(text: str) -> list[Draft]:
    """The questions of a GIFT text."""
    return list(read(text.encode(), FaultLog("f.gift")).drafts)


def one(text: str) -> Draft:
    """The only question of a GIFT text."""
    (draft,) = drafts(text)
    return draft


def reasons(text: str) -> list[tuple[int, str]]:
    """Line and reason of what was left out."""
    return [(skipped.line, skipped.reason) for skipped in read(text.encode(), FaultLog("f.gift")).skipped]


def kinds(text: str) -> list[Kind]:
    return [item.kind for item in items(text)]


def as_expected(item: Item) -> dict[str, Any]:
    """An item in the shape of the expected parses; the parts of kinds that are left out are not compared."""
    shape: dict[str, Any] = {
        "id": item.id or None,
        "tags": list(item.tags) or None,
        "type": next(name for name, kind in KINDS.items() if kind is item.kind),
        "title": item.title or None,
        "stem": rich(item.stem),
        "hasEmbeddedAnswers": item.gap,
    }
    if item.kind is not Kind.DESCRIPTION:
        shape["globalFeedback"] = rich(item.feedback)
    if item.kind is Kind.TRUE_FALSE:
        right, wrong = item.answers
        shape["isTrue"] = right.text.text == "True"
        # The grammar calls the first feedback the one for true; in Moodle it is the one for a wrong answer.
        shape["trueFeedback"], shape["falseFeedback"] = rich(wrong.feedback), rich(right.feedback)
    if item.kind in (Kind.CHOICE, Kind.SHORT):
        shape["choices"] = [
            {
                "isCorrect": answer.weight == 100,
                "weight": answer.weight,
                "text": rich(answer.text),
                "feedback": rich(answer.feedback),
            }
            for answer in item.answers
        ]
    return shape


def rich(text: Text | None) -> dict[str, str] | None:
    """A text as the expected parses have it: without one it is null, and so is an empty one."""
    return {"format": text.format, "text": text.text} if text and text.text else None


def normal(value: object) -> object:
    """An expected parse with every weight said, as Moodle puts the gap in, and without what is not compared."""
    if isinstance(value, list):
        return [normal(part) for part in value]
    if isinstance(value, str):
        return value.strip().replace("_____ .", "_____.")
    if not isinstance(value, dict) or (set(value) == {"format", "text"} and not value["text"].strip()):
        return value if not isinstance(value, dict) else None
    left_out = {"matchPairs", *(["choices"] if value.get("type") == "Numerical" else [])}
    kept: dict[str, Any] = {key: normal(part) for key, part in value.items() if key not in left_out}
    if "weight" in kept:
        kept["weight"] = 100 * kept["isCorrect"] if kept["weight"] is None else kept["weight"]
        kept["isCorrect"] = kept["weight"] == 100
    return kept


CONFORMANCE = sorted(GIFT.glob("*.gift"))


@pytest.mark.skipif(not CONFORMANCE, reason="the conformance files are not at hand")
@pytest.mark.parametrize("path", CONFORMANCE, ids=lambda path: path.stem)
def test_conformance_files_are_read_as_their_grammar_expects(path: Path) -> None:
    """Every item with its kind, title, stem, answers, credit and feedback."""
    expected = [
        normal(item)
        for item in json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        if item["type"] != "Category"
    ]
    assert [as_expected(item) for item in items(path.read_text(encoding="utf-8"))] == expected


def test_every_kind_that_has_no_single_best_answer_is_left_out_with_its_place() -> None:
    """Nothing is dropped in silence: each is told with the line on which it begins."""
    text = (
        "// [id:7]\nWrite it. {}\n\nMatch. {=a -> b =c -> d}\n\nWho? {=me =you}\n\nHow many? {#3:1}\n\nRead this.\n\n"
        "Which?\n{~%50%a ~%50%b ~c}\n\nWhich? {~%100%a ~%50%b ~c}\n\nWhich? {~a ~b}\n\nWhich? {~a =b\n\n"
        "Is {=a ~b} or {~c =d}?\n\nGood? {~no =yes}\n"
    )
    assert reasons(text) == [
        (2, "an essay"),
        (4, "matching"),
        (6, "a short answer"),
        (8, "a numerical answer"),
        (10, "a text without a question"),
        (12, "several right answers"),
        (15, "several right answers"),
        (17, "no right answer"),
        (19, "braces that do not match"),
        (21, "several gaps"),
    ]
    assert one(text).line == 23


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        ("{~a =b ~c}", "b"),
        ("{~%-50%a ~%100%b ~%0%c}", "b"),
        ("{\n~a\n\n=b\n// a comment\n~c\n}", "b"),
        ("{=%100%b ~a}", "a"),
        ("{~%-33,3%a ~=b ~c}", "b"),
    ],
)
def test_the_answer_of_full_credit_is_the_key(answers: str, key: str) -> None:
    """By mark or by weight; other answers may cost credit but not give any."""
    assert one(f"Which? {answers}").key == key


def test_true_and_false_become_two_options() -> None:
    """The first feedback is for a wrong answer and the second for a right one, as in Moodle."""
    draft = one("::Q::Is it?{FALSE#It is not.#Right, it is not.####In general.}")
    assert (draft.options, draft.key) == ({"a": "False", "b": "True"}, "a")
    assert draft.explanations == {"a": "Right, it is not.", "b": "It is not."}
    assert (draft.explanation, draft.remember) == ("", "In general.")
    assert one("Is it?{true}").options == {"a": "True", "b": "False"}


def test_general_feedback_explains_a_key_that_has_no_feedback_of_its_own() -> None:
    """Otherwise it is what to remember."""
    assert one("Which? {=a ~b#no ####Because.}").explanation == "Because."
    told = one("Which? {=a#yes ~b#no ####Because.}")
    assert (told.explanation, told.explanations, told.remember) == ("", {"a": "yes", "b": "no"}, "Because.")


def test_html_becomes_the_little_markdown_of_questions() -> None:
    """By its marker, inherited by the answers, or in Moodle's own format where tags or references show it."""
    draft = one(
        "[html]<p>A <b>man</b></p><p>has&nbsp;it.</p>{~<p>x &lt; 3</p> =[plain]<b> =\\# ~[markdown]*y*#<i>no</i>}".replace(
            " =\\#", ""
        )
    )
    assert draft.stem == "A **man**\n\nhas it."
    assert draft.options == {"a": "x < 3", "b": "<b>", "c": "*y*"}
    assert one("Na<sup>\\+</sup> &amp; <b>K</b>? {=a ~b}").stem.endswith("& **K**?")
    assert one("Is a < b & c > d? {=a ~b}").stem == "Is a < b & c > d?"


def test_html_attributes_and_references_are_no_separators() -> None:
    """Hand-made files often leave them unescaped."""
    draft = one('[html]<p style="color:#f00">Which?</p>{~<a href="x?a=b#c">It&#39;s a</a>#no =b}')
    assert (draft.stem, draft.options, draft.key) == ("Which?", {"a": "It's a", "b": "b"}, "b")
    assert draft.explanations == {"a": "no"}


def test_lines_are_joined_but_lists_and_tables_keep_theirs() -> None:
    """Vital signs in a list stay a list."""
    text = "A man has\nfever:\n- 39 °C\n- cough\n\\nWhich?{=a ~b}"
    assert one(text).stem == "A man has fever:\n- 39 °C\n- cough\n\nWhich?"
    table = "| Na | K |\n| -- | -- |\n| 140 | 4 |\\nWhich?{=a ~b}"
    assert one(table).stem == "| Na | K |\n| -- | -- |\n| 140 | 4 |\n\nWhich?"


def test_items_may_follow_each_other_without_an_empty_line() -> None:
    """A title, a comment, a category or a further brace begins the next one; a tail belongs to its gap."""
    text = (
        "$CATEGORY: $course$/top/Heart\n::A::One?{=a ~b}\n::B::Two?{=a ~b}\n// c\nThree?{=a ~b}\nFour?\n{=a ~b}\n"
        "It is {=a ~b}\na gap."
    )
    found = drafts(text)
    assert [draft.stem for draft in found] == ["One?", "Two?", "Three?", "Four?", "It is _____ a gap."]
    assert [draft.line for draft in found] == [2, 3, 5, 6, 8]
    assert {draft.tag for draft in found} == {"Heart"}


def test_braces_of_formulas_are_text_where_one_block_holds_the_answers() -> None:
    """Unescaped they would be refused by Moodle, and yet only one reading makes sense."""
    draft = one("What is $\\frac{1}{2}$? {=0.5 ~$\\frac{2}{1}$}")
    assert (draft.stem, draft.options) == ("What is $\\frac{1}{2}$?", {"a": "0.5", "b": "$\\frac{2}{1}$"})


def test_categories_and_tags_place_a_question_where_they_name_an_area() -> None:
    """The innermost part counts first; what names nothing is only counted."""
    text = (
        "$CATEGORY: $course$/top/Default for Y2/Cardiovascular System/Pathology\n\n"
        "// question: 12  name: x\n// [id:q-1] [tag:physiology] [tag:hard] [tag:diagnosis]\nWhich? {=a ~b}\n\n"
        "$CATEGORY: $course$/top/Year 2\n\n"
        "// [tag:system:respiratory-renal] [tag:section:renal] [tag:task:nowhere]\nWhat? {=a ~b}\n"
    )
    objectives, questions, notes = read_mcq(
        "f.gift", text.encode(), bank="x", known=KNOWN, system="respiratory-renal"
    )[:3]
    first, second = objectives
    assert (first.system, first.disciplines, first.task) == (
        "cardiovascular",
        ("pathology", "physiology"),
        "diagnosis",
    )
    assert (second.system, second.section, second.disciplines, second.task) == (
        "respiratory-renal",
        "renal",
        (),
        "",
    )
    assert questions[0].id == "q-1"
    assert any("nowhere" in note for note in notes)
    assert "Questions marked Year 2 (1)." in notes


def test_part_of_the_credit_counts_as_none() -> None:
    """Moodle asks for one answer where one stands behind an equals sign, and that one is the best."""
    draft = one("Which? {=a ~%50%b#Nearly. ~%-50%c}")
    assert (draft.key, draft.options) == ("a", {"a": "a", "b": "b", "c": "c"})
    assert draft.explanations == {"b": "Nearly."}
    assert one("Which? {~%100%a ~%0%b ~%-50%c}").key == "a"


def test_a_wrong_option_that_is_there_twice_is_there_once() -> None:
    """It costs nobody the question; one like the key would make it a guess."""
    questions, notes = read_mcq("f.gift", b"One? {~b =a ~b ~c}\n\nTwo? {=a ~c ~a}\n", bank="x")[1:3]
    assert [[option.text for option in question.options] for question in questions] == [["b", "a", "c"]]
    assert questions[0].key.text == "a"
    assert "Questions with a wrong option twice have it once (1)." in notes
    assert 'Left out, the option "a" is there twice: 1, the first at line 3.' in notes


def test_one_question_that_cannot_be_asked_keeps_none_of_the_others_out() -> None:
    """The same question with another key, an option twice: told with the place, and the rest is read."""
    text = "One? {=a ~b}\n\nOne? {~a =b}\n\nTwo? {=a ~a}\n\nThree? {=a ~b}\n"
    _, questions, notes = read_mcq("f.gift", text.encode(), bank="x")[:3]
    assert [question.stem for question in questions] == ["One?", "Three?"]
    assert (
        "Left out, the question of line 1 is here again with another key or other texts: 1, the first at line 3."
        in notes
    )
    assert 'Left out, the option "a" is there twice: 1, the first at line 5.' in notes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_with_a_mark_and_every_line_end_are_read(encoding: str, line_end: str) -> None:
    """As Windows, old Macs and spreadsheets save text."""
    content = f"Which is β?{line_end}{line_end}Which is µ? {{=a ~b}}{line_end}".encode(encoding)
    assert format_of("x.txt", content) == "gift"
    (draft,) = read(content, FaultLog("f")).drafts
    assert (draft.line, draft.stem) == (3, "Which is µ?")


def test_a_question_may_begin_with_a_tag() -> None:
    """Some programs put a heading before the first question; XML is told apart all the same."""
    text = b"<b>Chapter 7</b><br><br>\nWhich? {\n=this\n~%-33.33333%that\n#### Why:<br>So.\n}\n"
    assert format_of("x.gift", text) == format_of("x.txt", text) == "gift"
    (draft,) = read(text, FaultLog("x.gift")).drafts
    assert draft.stem == "**Chapter 7**\n\nWhich?"
    assert draft.explanation == "Why:\\\nSo."
    assert format_of("x.gift", b'<?xml version="1.0"?><quiz><!-- {=a} --></quiz>') == "moodle-xml"
    assert format_of("x.xml", b'<?xml version="1.0"?><a>{=b}</a>') is None


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("One? {=a ~b}\n\nÄ? {=a ~b}".encode("latin-1"), 3, "not UTF-8"),
        (b"\xff\xfeA\x00\x00\xd8", 1, "not UTF-16"),
        (b"One?\n\0{=a ~b}", 2, "not text"),
    ],
)
def test_other_encodings_are_refused_with_their_place(content: bytes, line: int, message: str) -> None:
    """A guess could turn micrograms into something else."""
    with pytest.raises(InputInvalid) as caught:
        read_mcq("f.gift", content, bank="x", shape="gift")
    (fault,) = caught.value.faults
    assert fault.line == line
    assert message in fault.message


@pytest.mark.parametrize(
    "text",
    [
        'question,A,B,answer\n"Which {=a ~b}?",x,y,A\n',
        '{"question": "Which?", "options": ["x", "y"], "answer": "A"}\n',
        '[{"question": "Which {=a}?"}]',
        "<quiz>{=a ~b}</quiz>",
        "The set {1, 2} is,finite,infinite,empty,A\n",
        "plain words",
        "",
    ],
)
def test_other_files_are_not_taken_for_gift(text: str) -> None:
    """Tables, JSON and XML may hold braces."""
    assert format_of("x.txt", text.encode()) != "gift"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab{}~=#\\:/\n %[]<>\"'$&;1TF"), max_size=80))
def test_any_text_is_read_to_its_end(text: str) -> None:
    """No text crashes the reader, and places are lines of the file."""
    found = read(text.encode(), FaultLog("f"))
    last = text.count("\n") + 1
    lines = [draft.line for draft in found.drafts] + [skipped.line for skipped in found.skipped]
    assert all(1 <= line <= last for line in lines)
    assert all(draft.key in draft.options for draft in found.drafts)


TEXTS = (
    st.text(
        st.one_of(
            st.sampled_from("{}~=#\\:/%[]<>$&*_-|\n\n  nT1"),
            st.characters(codec="utf-8", categories=["L", "N", "P", "S"]),
        ),
        min_size=1,
        max_size=60,
    )
    .map(mended)
    .filter(bool)
)
LINES = TEXTS.map(lambda text: " ".join(text.split()))


@st.composite
def whole_questions(draw: st.DrawFn) -> Question:
    """A question as a bank can hold it, with texts full of what GIFT reserves."""
    texts = draw(st.lists(LINES, min_size=2, max_size=6, unique_by=option_id))
    key = draw(st.integers(0, len(texts) - 1))
    told = st.one_of(st.just(""), TEXTS)
    options = tuple(Option(option_id(text), text, at == key, draw(told)) for at, text in enumerate(texts))
    return Question("x", "q-1", "o-1", draw(TEXTS), options, remember=draw(told))


@settings(max_examples=300, deadline=None)
@given(whole_questions())
def test_what_goes_out_as_gift_comes_back_the_same(question: Question) -> None:
    """Stem, options, key, explanations, the sentence to remember, the id, the objective and its areas."""
    # Options that all carry their own letter lose it in every import.
    assume(not question.options[0].text.casefold().startswith(("a.", "a)", "(a")))
    objective = Objective(
        "x", "o-1", "Know it: 50 % of {it}", "cardiovascular", "", ("pathology", "physiology"), "diagnosis"
    )
    text = write_gift([question], [objective])
    (again,), (back,), _ = read_mcq("f.txt", text.encode(), bank="x", known=KNOWN)[:3]
    assert (back.id, back.stem, back.options, back.remember) == (
        question.id,
        question.stem,
        question.options,
        question.remember,
    )
    assert (again.text, again.system, again.disciplines, again.task) == (
        objective.text,
        *objective_areas(objective),
    )


def objective_areas(objective: Objective) -> tuple[str, tuple[str, ...], str]:
    return objective.system, objective.disciplines, objective.task


def test_an_id_that_two_banks_share_is_written_once() -> None:
    """So that a file with questions of several banks can be read."""
    options = (Option(option_id("a"), "a", True), Option(option_id("b"), "b", False))
    questions = [Question(bank, "q", "q", f"Of {bank}?", options) for bank in ("x", "y")]
    _, back, _ = read_mcq("f.gift", write_gift(questions, []).encode(), bank="z")[:3]
    assert [question.stem for question in back] == ["Of x?", "Of y?"]
    assert len({question.id for question in back}) == 2
