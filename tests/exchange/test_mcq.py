"""Question files of other programs are imported whole or refused whole, with every fault named."""

import contextlib
import csv
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbank.core.question import Objective, Question
from qbank.core.text import hidden_characters
from qbank.errors import InputInvalid, QbankError, UsageError
from qbank.exchange import mcq_rows
from qbank.exchange.mcq import read_mcq

MMLU = Path(__file__).parents[2].parent / "shared" / "conformance" / "mcq-csv"
KNOWN = {
    "system": {
        "cardiovascular": "Cardiovascular System",
        "respiratory-renal": "Respiratory & Renal/Urinary Systems",
    },
    "discipline": {
        "pathology": "Pathology",
        "physiology": "Physiology",
        "anatomy": "Gross Anatomy & Embryology",
    },
    "section": {"renal": "Renal & Urinary System"},
    "task": {"diagnosis": "Diagnosis"},
}
HEADER = "id,question,A,B,C,D,answer,explanation,system,discipline,objective\n"
ROW = "q1,Which hormone?,Renin,Insulin,Glucagon,Cortisol,B,It lowers glucose,cardiovascular,pathology;physiology,\n"


Columns = Mapping[str, str]
Known = Mapping[str, Mapping[str, str]]
NO_COLUMNS: Columns = MappingProxyType({})
NO_AREAS: Known = MappingProxyType({})


def read(
    text: str,
    columns: Columns = NO_COLUMNS,
    system: str = "",
    shape: str | None = None,
    known: Known = NO_AREAS,
) -> tuple[list[Objective], list[Question], list[str]]:
    """The file in this text, as the bank `x`."""
    return read_mcq(
        "f.csv", text.encode(), bank="x", columns=columns, system=system, shape=shape, known=known
    )[:3]


def one(text: str, columns: Columns = NO_COLUMNS, shape: str | None = None) -> Question:
    """The only question of a file."""
    (question,) = read(text, columns, shape=shape)[1]
    return question


def faults(text: str | bytes, columns: Columns = NO_COLUMNS) -> list[tuple[int, str]]:
    """Line and message of each fault of a file that has some."""
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(InputInvalid) as caught:
        read_mcq("f.csv", content, bank="x", columns=columns)
    assert all(fault.file == "f.csv" and fault.mend for fault in caught.value.faults)
    return [(fault.line, fault.message) for fault in caught.value.faults]


def jsonl(*values: object) -> str:
    """One JSON value a line."""
    return "\n".join(json.dumps(value) for value in values)


@pytest.mark.parametrize(
    "text",
    [
        "question,A,B,answer\n" + "Which?,a,b,A\n" * 4,
        jsonl(*[{"question": "Which?", "A": "a", "B": "b", "answer": "A"}] * 5),
        json.dumps([{"question": "Which?", "A": "a", "B": "b", "answer": "A"}] * 5),
    ],
)
def test_a_file_of_too_many_questions_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the rest of it is read."""
    monkeypatch.setattr(mcq_rows, "ROW_LIMIT", 3)
    assert faults(text) == [(1, "The file holds more than 3 questions.")]
    monkeypatch.setattr(mcq_rows, "ROW_LIMIT", 4)
    assert len(read(text)[1]) == 1


@pytest.mark.parametrize("field", ["options", "choices"])
def test_more_options_than_letters_are_told_before_they_are_made_ready(field: str) -> None:
    """A million of them took five seconds and half a gigabyte."""
    many = [str(at) for at in range(27)]
    record = {"question": "Which?", field: many, "answer": "A"}
    assert faults(jsonl(record, record | {field: dict(enumerate(many))})) == [
        (line, "The question has 27 options.") for line in (1, 2)
    ]


def test_a_table_gives_questions_and_their_areas() -> None:
    """Every column of the own shape ends up where it belongs."""
    objectives, questions, notes = read(HEADER + ROW, known=KNOWN)
    (question,) = questions
    assert (question.bank, question.id, question.objective) == ("x", "q1", "q1")
    assert question.stem == "Which hormone?"
    assert [option.text for option in question.options] == ["Renin", "Insulin", "Glucagon", "Cortisol"]
    assert (question.key.text, question.key.explanation) == ("Insulin", "It lowers glucose")
    assert objectives == [
        Objective("x", "q1", "Which hormone?", "cardiovascular", disciplines=("pathology", "physiology"))
    ]
    assert notes == ["Read 1 questions."]


def test_areas_are_known_by_id_or_name_and_the_default_fills_in() -> None:
    """`cardiovascular`, `Cardiovascular System` and the default all give the same area."""
    text = HEADER + ROW + ROW.replace("q1", "q2").replace("cardiovascular", "Cardiovascular system")
    text += ROW.replace("q1", "q3").replace("cardiovascular", "")
    objectives = read(text, known=KNOWN, system="cardiovascular")[0]
    assert [objective.system for objective in objectives] == ["cardiovascular"] * 3


def test_an_unknown_area_is_refused_with_the_nearest() -> None:
    """A misspelt area does not silently become an area of its own."""
    with pytest.raises(InputInvalid, match=r'f\.csv:2: .*"cardiovasculer".*Did you mean "cardiovascular"'):
        read(HEADER + ROW.replace("cardiovascular", "cardiovasculer"), known=KNOWN)


def test_questions_of_one_objective_are_siblings() -> None:
    """The objective column joins questions; contradicting areas are refused."""
    first, second = ROW.replace(",\n", ",Know it\n"), ROW.replace(",\n", ",Know it\n").replace("q1", "q2")
    objectives, questions, _ = read(HEADER + first + second)
    assert [objective.text for objective in objectives] == ["Know it"]
    assert {question.objective for question in questions} == {objectives[0].id}
    assert faults(HEADER + first + second.replace("pathology;", ""))[0][0] == 3


def test_other_headings_are_named_by_a_column_map() -> None:
    """A map from fields to the file's headings reads any table; a missing column is named with the nearest."""
    text = "Frage;eins;zwei;richtig\nWelches Hormon?;Renin;Insulin;zwei\n".replace("zwei\n", "B\n")
    columns = {"stem": "Frage", "a": "eins", "b": "zwei", "answer": "richtig"}
    assert one(text, columns=columns).key.text == "Insulin"
    assert 'no column "einz"' in faults(text, columns={**columns, "a": "einz"})[0][1]
    with pytest.raises(UsageError, match="stam"):
        read(text, columns={"stam": "Frage"})


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"question": "Q?", "options": ["Renin", "Insulin"], "answer": "B"}, "Insulin"),
        ({"stem": "Q?", "options": ["Renin", "Insulin"], "answer": "Insulin"}, "Insulin"),
        ({"question": "Q?", "options": {"A": "Renin", "B": "Insulin"}, "key": "b)"}, "Insulin"),
        ({"question": "Q?", "A": "Renin", "B": "Insulin", "correct": "(A)"}, "Renin"),
        ({"question": "Q?", "options": ["A. Renin", "B. Insulin"], "answer": "A"}, "Renin"),
        ({"question": "Q?", "options": [{"text": "Renin"}, {"text": "Insulin", "correct": True}]}, "Insulin"),
        ({"question": "Q?", "options": [4, 5.0], "answer": "5"}, "5"),
        ({"question": "Q?", "options": ["B", "A"], "answer": "B", "explanation": None}, None),
        ({"question": "Q?", "options": ["Renin", "Insulin"], "answer": 1}, None),
        ({"question": "Q?", "options": ["Renin", "Insulin"], "answer": "A,B"}, None),
        ({"question": "Q?", "options": ["Renin", "Insulin"]}, None),
        ({"question": "Q?", "options": ["Renin", "Insulin"], "answer": "C"}, None),
        ({"question": "Q?", "options": ["Renin"], "answer": "A"}, None),
        ({"question": "Q?", "options": ["Renin", " Renin"], "answer": "A"}, None),
        ({"question": "Q?", "options": [str(at) for at in range(27)], "answer": "A"}, None),
        ({"question": "", "options": ["Renin", "Insulin"], "answer": "A"}, None),
        ({"question": ["Q?"], "options": ["Renin", "Insulin"], "answer": "A"}, None),
        ({"question": "Q?", "options": 7, "answer": "A"}, None),
    ],
)
def test_a_key_is_read_when_it_is_clear_and_refused_when_not(values: dict[str, Any], key: str | None) -> None:
    """A letter or a text that means one option is the key; whatever can be read in two ways is a fault."""
    if key is None:
        assert [line for line, _ in faults(jsonl(values))] == [1] * len(faults(jsonl(values)))
    else:
        assert one(jsonl(values)).key.text == key


def test_option_explanations_come_along() -> None:
    """Options may be objects, or columns may explain each of them."""
    options = [
        {"text": "Renin", "explanation": "No."},
        {"text": "Insulin", "correct": True, "explanation": "Yes."},
    ]
    assert [option.explanation for option in one(jsonl({"question": "Q?", "options": options})).options] == [
        "No.",
        "Yes.",
    ]
    text = "question,A,B,answer,explanation,explanation_a\nQ?,Renin,Insulin,B,Yes.,No.\n"
    assert [option.explanation for option in one(text).options] == ["No.", "Yes."]


def test_a_list_of_objects_has_the_lines_of_its_objects() -> None:
    """A JSON list is read like one object a line, and what is left out of it is told with its line."""
    good = {"question": "Q?", "options": ["Renin", "Insulin"], "answer": "B"}
    text = json.dumps([good, {**good, "question": "R?"}, {**good, "question": "S?", "answer": "Z"}], indent=1)
    assert read(text)[2][1:] == ["Left out, the answer is none of the options: 1, the first at line 18."]
    assert len(read(text.replace('"Z"', '"A"'))[1]) == 3


def test_medqa_is_read() -> None:
    """Options by letter, the key's letter and its text, which must agree."""
    row = {"question": "Q?", "answer": "Insulin", "options": {"A": "Renin", "B": "Insulin", "E": "Cortisol"}}
    row |= {"answer_idx": "B", "meta_info": "step1"}
    objectives, (question,), notes = read(jsonl(row))
    assert (question.key.text, len(question.options)) == ("Insulin", 3)
    assert objectives[0].system == ""
    assert notes == ["Read 1 questions in the shape medqa.", "Questions marked step1 (1)."]
    assert "different options" in faults(jsonl({**row, "answer_idx": "A"}))[0][1]
    assert "none of" in faults(jsonl({**row, "answer_idx": "F", "answer": ""}))[0][1]


def medmcqa(cop: object, exp: str | None = None, number: int = 0) -> dict[str, Any]:
    """A MedMCQA record."""
    return {
        "id": f"id-{number}",
        "question": f"Q{number}?",
        "opa": "Renin",
        "opb": "Insulin",
        "opc": "Glucagon",
        "opd": "Cortisol",
        "cop": cop,
        "exp": exp,
        "subject_name": "Pathology",
    }


@pytest.mark.parametrize(
    ("cops", "exps", "keys"),
    [
        ((0, 1, 3), (None, None, None), ("Renin", "Insulin", "Cortisol")),
        ((1, 2, 4), (None, None, None), ("Renin", "Insulin", "Cortisol")),
        ((1, 2), ("Ans. is 'a' i.e., Renin", None), ("Renin", "Insulin")),
        ((1, 2), ("Insulin lowers glucose.", "Glucagon raises it."), ("Insulin", "Glucagon")),
        (("a", "d"), (None, None), ("Renin", "Cortisol")),
        ((1, 2), (None, None), None),
        ((0, 4), (None, None), None),
        ((1, 2), ("Ans. A", "Ans. C"), None),
        ((0, -1), (None, None), ("Renin",)),
        ((-1, -1), (None, None), None),
    ],
)
def test_medmcqa_keys_are_counted_as_the_file_shows(
    cops: tuple[object, ...], exps: tuple[str | None, ...], keys: tuple[str, ...] | None
) -> None:
    """The extremes or the explanations tell whether `cop` counts from 0 or 1; where they do not, nothing is read."""
    text = jsonl(*(medmcqa(cop, exp, at) for at, (cop, exp) in enumerate(zip(cops, exps, strict=True))))
    if keys is None:
        assert faults(text)
    else:
        assert tuple(question.key.text for question in read(text)[1]) == keys


def test_medmcqa_can_be_told_what_its_keys_count_from() -> None:
    """The two shapes settle what a file leaves open; subjects become disciplines where the exam has them."""
    text = jsonl(medmcqa(1))
    with pytest.raises(InputInvalid, match="--format medmcqa-from-0 or --format medmcqa-from-1"):
        read(text)
    assert one(text, shape="medmcqa-from-0").key.text == "Insulin"
    objectives, questions, _ = read(text, shape="medmcqa-from-1", known=KNOWN)
    assert questions[0].key.text == "Renin"
    assert objectives[0].disciplines == ("pathology",)
    strange = jsonl({**medmcqa(0), "subject_name": "Surgery"})
    objectives, _, notes = read(strange, known=KNOWN)
    assert objectives[0].disciplines == ()
    assert any("Surgery" in note for note in notes)
    with pytest.raises(UsageError, match="medmcqa"):
        read(text, shape="medmcqua")


def test_mmlu_rows_have_no_header() -> None:
    """Question, options, letter; or the same as objects with choices and a number from 0."""
    text = '"A question, with comma",Renin,Insulin,Glucagon,All of the above,B\nR?,1,2,3,4,D\n'
    first, second = read(text)[1]
    assert (first.key.text, first.pinned, first.fixed_order) == ("Insulin", 1, False)
    assert (second.key.text, second.fixed_order) == ("4", True)
    assert (
        one(jsonl({"question": "Q?", "subject": "x", "choices": ["Renin", "Insulin"], "answer": 1})).key.text
        == "Insulin"
    )
    _, questions, notes = read(text + "S?,1,2,3,4,E\n")
    assert len(questions) == 2
    assert "Left out, the answer is none of the options: 1, the first at line 3." in notes


@pytest.mark.skipif(not MMLU.is_dir(), reason="the MMLU files are not here")
@pytest.mark.parametrize("path", sorted(MMLU.glob("*.csv")), ids=lambda path: path.stem)
def test_real_mmlu_files_import_whole(path: Path) -> None:
    """Every row becomes a question with the options and key of the row."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    questions = read_mcq(path.name, path.read_bytes(), bank="mmlu")[1]
    assert len(questions) == len(rows)
    for question, row in zip(questions, rows, strict=True):
        assert question.key.text.split() == row["ABCD".index(row[5]) + 1].split()
        assert [option.text.split() for option in question.options] == [text.split() for text in row[1:5]]
        assert not hidden_characters(question.stem)


def test_ids_stay_when_a_key_is_corrected() -> None:
    """A question without an id gets one from its texts, so importing a corrected file changes the same question."""
    text = "question,A,B,answer\nQ?,Renin,Insulin,A\n"
    before, after = one(text), one(text.replace(",A\n", ",B\n"))
    assert before.id == after.id
    assert before.version != after.version


def test_the_same_question_twice_is_read_once_and_a_contradiction_is_refused() -> None:
    """Equal rows are one question; another key, or another question under the same id, is a fault."""
    _, questions, notes = read(HEADER + ROW + ROW)
    assert len(questions) == 1
    assert any("twice" in note for note in notes)
    assert faults(HEADER + ROW + ROW.replace(",B,", ",A,"))[0][0] == 3
    assert faults(HEADER + ROW + ROW.replace("hormone", "enzyme"))[0] == (
        3,
        'The id "q1" was used on line 2.',
    )


def test_what_other_programs_left_in_a_text_is_mended() -> None:
    """Windows-1252 controls, page breaks and direction marks are put right."""
    question = one("\ufeff" + HEADER + ROW.replace("Which hormone?", "\u200eWhich\x85\x0bhormone\u2028?"))
    assert question.stem == "Which…\nhormone\n?"


@pytest.mark.parametrize("hidden", ["\x1b]52;c;eA==\x07", "\u202e", "\x08", "\x7f", "\u2066"])
def test_what_a_terminal_would_obey_is_refused(hidden: str) -> None:
    """Escape sequences and overrides never enter the bank, whichever field or encoding they come in."""
    assert faults(HEADER + ROW + ROW.replace("q1", "q2").replace("Renin", f"Re{hidden}nin"))[0][0] == 3
    row = {"question": f"Q{hidden}?", "options": ["Renin", "Insulin"], "answer": "A"}
    assert faults(jsonl(row))[0][0] == 1


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", 1, "no question"),
        (HEADER.encode(), 1, "no question"),
        ((HEADER + ROW).encode("utf-16-le"), 1, "not UTF-8"),
        ((HEADER + ROW).encode("utf-16")[:-1], 2, "not UTF-16"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), 1, "(.xls)"),
        ((HEADER + ROW).replace("Renin", "R\xe9nin").encode("latin-1"), 2, "not UTF-8"),
        (b"PAR1\x00\x01", 1, "not UTF-8"),
        ((HEADER + ROW).replace("Renin", "Re\0nin").encode(), 1, "not UTF-8"),
        ((HEADER + ROW + 'q2,"open,').encode(), 3, "not CSV"),
        ((HEADER + ROW + f'q2,"{"x" * 200_000}",').encode(), 3, "not CSV"),
        ((HEADER + ROW.replace("Renin", "Re,nin").replace(",\n", ",x\n")).encode(), 2, "12 cells"),
        (HEADER.replace("B", "A").encode() + ROW.encode(), 1, "twice"),
        (b"foo,bar\n1,2\n", 1, "No column"),
        (b'{"question": "Q?"\n', 1, "not JSON"),
        (b'{"question": 1' + b"9" * 5000 + b"}", 1, "not JSON"),
        (b'{"question":' + b"[" * 100_000, 1, "not JSON"),
        (b'[{"question": "Q?"}, \n oops]', 2, "not JSON"),
        (b'{"a": 1}\n[1]', 2, "not a question"),
        (b'{"question": "\\ud800", "options": ["A1", "B1"], "answer": "A"}', 1, "cannot be seen"),
        ((HEADER + ROW.replace("Renin", "x" * 6000)).encode(), 2, "6,000 characters"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(content: bytes, line: int, said: str) -> None:
    """Encodings, broken quotes, broken JSON, limits: a fault with its line."""
    assert any(at == line and said in message for at, message in faults(content))


def test_every_fault_comes_in_one_run() -> None:
    """The whole file is checked, and nothing of it is returned; a file of the wrong kind does not flood."""
    rows = [ROW.replace("q1", f"q{at}").replace(",B,", ",Z,") for at in range(2000)]
    assert [line for line, _ in faults(HEADER + ROW + rows[0] + ROW.replace("q1", "q5") + rows[1])] == [3, 5]
    assert len(faults(HEADER + "".join(rows))) == 1001


GOOD = [
    HEADER + ROW + ROW.replace("q1", "q2"),
    jsonl(
        {"question": "Q?", "options": ["Renin", "Insulin"], "answer": "B"},
        {"question": "R?", "A": "x", "B": "y"},
    ),
    jsonl(medmcqa(0), medmcqa(3, "Ans. d", 1)),
    jsonl({"question": "Q?", "options": {"A": "x", "B": "y"}, "answer_idx": "A", "meta_info": "step1"}),
    "Q?,Renin,Insulin,Glucagon,Cortisol,B\nR?,1,2,3,4,D\n",
    '[{"question": "Q?", "choices": ["x", "y"], "answer": 0}]',
]
PIECES = [
    '"',
    ",",
    "\n",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    "\0",
    "\x1b",
    "\u202e",
    "\x85",
    "null",
    "NaN",
    "1e999",
    "-",
    "true",
]


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A good file with pieces put in or cut out."""
    text = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        text = text[:start] + draw(st.sampled_from(PIECES) | st.text(max_size=4)) + text[end:]
    return text.encode("utf-8", errors="surrogatepass")


@settings(max_examples=1000, deadline=None)
@given(
    mangled() | st.binary(max_size=200),
    st.sampled_from([None, "table", "medqa", "medmcqa", "medmcqa-from-1", "mmlu"]),
)
def test_mangled_files_are_read_or_refused(content: bytes, shape: str | None) -> None:
    """Any bytes under any shape give questions that can be shown and answered, or a QbankError."""
    with contextlib.suppress(QbankError):
        objectives, questions, notes = read_mcq("f", content, bank="x", shape=shape, known=KNOWN)[:3]
        assert questions
        names = {objective.id for objective in objectives}
        for question in questions:
            assert question.objective in names
            assert sum(option.correct for option in question.options) == 1
            assert len({option.id for option in question.options}) == len(question.options)
            texts = [question.id, question.stem, *(option.text for option in question.options), *notes]
            assert not any(map(hidden_characters, texts))
