"""Every shape that public sets of questions and spreadsheets of quiz programs come in is read; all texts are made up."""

import csv
import io
import json
from typing import Any

import pytest

from qbank.core.question import Question
from qbank.errors import InputInvalid, UsageError
from qbank.exchange.mcq import Reading, read_mcq
from qbank.exchange.mcq_stream import read_in_parts, reads_in_parts

STEM = "Which hormone lowers glucose?"
TEXTS = ["Renin", "Insulin", "Glucagon", "Cortisol"]
WRONG = ["Renin", "Glucagon", "Cortisol"]
LETTERS = dict(zip("ABCD", TEXTS, strict=True))

RECORDS: dict[str, dict[str, Any]] = {
    "medqa": {
        "question": STEM,
        "answer": "Insulin",
        "options": LETTERS | {"E": "Aldosterone"},
        "meta_info": "step1",
        "answer_idx": "B",
    },
    "medqa of 4 options": {
        "question": STEM,
        "answer": "Insulin",
        "options": LETTERS,
        "meta_info": "step2&3",
        "answer_idx": "B",
        "metamap_phrases": ["hormone", "glucose"],
    },
    "medqa, key and value": {
        "meta_info": "step1",
        "question": STEM,
        "answer_idx": "B",
        "answer": "Insulin",
        "options": [{"key": key, "value": text} for key, text in LETTERS.items()],
    },
    "bigbio_qa": {
        "id": "0",
        "question_id": "0",
        "document_id": None,
        "question": STEM,
        "type": "multiple_choice",
        "choices": TEXTS,
        "context": "",
        "answer": ["Insulin"],
    },
    "medqa, endings": {
        "id": "train-00000",
        "sent1": STEM,
        "sent2": "",
        **{f"ending{at}": text for at, text in enumerate(TEXTS)},
        "label": 1,
    },
    "data envelope": {
        "id": "x-1",
        "data": {"Question": STEM, "Options": LETTERS, "Correct Answer": "Insulin", "Correct Option": "B"},
        "subject_name": "Physiology",
    },
    "mmlu": {"question": STEM, "subject": "anatomy", "choices": TEXTS, "answer": 1},
    "mmlu in train": {"train": {"question": STEM, "subject": "", "choices": TEXTS, "answer": 1}},
    "mmlu, input and target": {"input": STEM, **LETTERS, "target": "B"},
    "mmlu-pro": {
        "question_id": 70,
        "question": STEM,
        "options": TEXTS,
        "answer": "B",
        "answer_index": 1,
        "cot_content": "",
        "category": "biology",
        "src": "x",
    },
    "arc": {
        "id": "x",
        "question": {
            "stem": STEM,
            "choices": [{"text": text, "label": label} for label, text in LETTERS.items()],
        },
        "answerKey": "B",
    },
    "arc, two lists": {
        "id": "x",
        "question": STEM,
        "choices": {"text": TEXTS, "label": ["1", "2", "3", "4"]},
        "answerKey": "2",
    },
    "head-qa": {
        "qid": 1,
        "qtext": STEM,
        "ra": 2,
        "answers": [{"aid": at, "atext": text} for at, text in enumerate(TEXTS, 1)],
    },
    "right and wrong": {
        "question": STEM,
        "correct_answer": "Insulin",
        "distractor1": "Renin",
        "distractor2": "Glucagon",
        "distractor3": "Cortisol",
        "support": "",
    },
    "trivia": {
        "category": "x",
        "question": STEM,
        "correct_answer": "Insulin",
        "incorrect_answers": WRONG,
    },
    "options with flags": {
        "question": STEM,
        "answers": [{"text": text, "isCorrect": text == "Insulin"} for text in TEXTS],
    },
}


def read(value: object) -> Reading:
    return read_mcq("f.jsonl", json.dumps(value).encode(), bank="x")


def told(reading: Reading) -> tuple[str, set[str], str]:
    """Stem, options and key of the only question."""
    (question,) = reading.questions
    return question.stem, {option.text for option in question.options} - {"Aldosterone"}, question.key.text


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_of_a_public_set_is_read(name: str) -> None:
    """Alone on a line, printed over several, in a list, and in an object that holds the list."""
    record = RECORDS[name]
    for text in (
        json.dumps(record),
        json.dumps(record, indent=2),
        json.dumps([record]),
        json.dumps([record], indent=2),
        json.dumps({"version": 1, "data": [record]}),
        json.dumps({"features": [], "rows": [{"row_idx": 0, "row": record}]}, indent=1),
    ):
        assert told(read_mcq("f", text.encode(), bank="x")) == (STEM, set(TEXTS), "Insulin")


def test_questions_by_id_in_one_object_keep_it() -> None:
    """As in collections of several sets."""
    asked = {"question": STEM, "options": LETTERS, "answer": "B"}
    found = read({"medqa": {"0001": asked, "0002": {**asked, "question": "Another?"}}})
    assert [question.id for question in found.questions] == ["0001", "0002"]


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        ("Question,Option A,Option B,Option C,Option D,Correct Answer", [*TEXTS, "B"]),
        ("Question,Option 1,Option 2,Option 3,Option 4,Correct Answer", [*TEXTS, "2"]),
        ("Question Text,Answer 1,Answer 2,Answer 3 (Optional),Answer 4 (Optional),Correct Answer(s)", [*TEXTS, "2"]),
        (
            "Question - max 120 characters,Answer 1 - max 75 characters,Answer 2 - max 75 characters,"
            "Answer 3 - max 75 characters,Answer 4 - max 75 characters,Correct answer(s) - choose at least one",
            [*TEXTS, "2"],
        ),
        (
            "Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3",
            ["Insulin", *WRONG],
        ),
        ("stem,a,b,c,d,key", [*TEXTS, "Option B"]),
        ("questionText,optionA,optionB,optionC,optionD,correctAnswer", [*TEXTS, "optionB"]),
        ("Question,Choice_1,Choice_2,Choice_3,Choice_4,Answer", [*TEXTS, "B. Insulin"]),
        ("Question,A:,B:,C:,D:,Answer:", [*TEXTS, "insulin"]),
        ("question,choices,answer", ["['Renin' 'Insulin' 'Glucagon'\n 'Cortisol']", "1"]),
        ("question,options,answer_idx", ["{'A': 'Renin', 'B': 'Insulin', 'C': \"Glucagon\", 'D': 'Cortisol'}", "B"]),
        ("question,options,answer", ["A. Renin\nB. Insulin\nC. Glucagon\nD. Cortisol", "B"]),
        (",Question,A,B,C,D,Answer,Subject", [*TEXTS, "B", "anatomy"]),
    ],
)  # fmt: skip
def test_a_table_with_the_usual_headings_is_read(headings: str, row: list[str]) -> None:
    """Of spreadsheets, quiz programs' templates, and sets that were saved as a table, with any delimiter."""
    names = next(csv.reader([headings]))
    cells = [*(["0"] if not names[0] else []), STEM, *row]
    zero = names[1] == "choices"
    for delimiter in ",;\t|":
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows([names, cells])
        content = text.getvalue().encode()
        found = read_mcq("f.csv", content, bank="x", shape="table-from-0" if zero else None)
        assert told(found) == (STEM, set(TEXTS), "Insulin")


def test_numbers_as_keys_count_from_what_the_file_shows() -> None:
    """A 0 or the number of the last option among the answers; where neither is there, it has to be said."""

    def keys(*answers: int, shape: str | None = None) -> list[str]:
        rows = [{"question": f"{at}?", **LETTERS, "answer": answer} for at, answer in enumerate(answers)]
        text = "\n".join(map(json.dumps, rows))
        return [one.key.text for one in read_mcq("f", text.encode(), bank="x", shape=shape).questions]

    assert keys(1, 0, 3) == ["Insulin", "Renin", "Cortisol"]
    assert keys(1, 4, 2) == ["Renin", "Cortisol", "Insulin"]
    assert keys(1, 2, shape="table-from-1") == ["Renin", "Insulin"]
    assert keys(1, 2, shape="table-from-0") == ["Insulin", "Glucagon"]
    for answers in ((1, 2), (0, 4, 1)):
        with pytest.raises(InputInvalid, match="--format table-from-0 or --format table-from-1"):
            keys(*answers)


def test_a_number_that_is_an_option_is_that_option_unless_numbers_mean_places() -> None:
    """Answers that are all texts stay texts; where the file counts, a text that is another place is refused."""

    def key(*answers: str) -> list[str]:
        rows = "".join(f"{at}?,2,3,4,5,{answer}\n" for at, answer in enumerate(answers))
        content = f"question,a,b,c,d,answer\n{rows}".encode()
        return [one.key.text for one in read_mcq("f", content, bank="x").questions]

    assert key("3", "5") == ["3", "5"]
    with pytest.raises(InputInvalid, match="means more than one option"):
        key("3", "0")


def test_what_has_several_right_answers_or_no_options_is_left_out_and_counted() -> None:
    """In a table of one's own too: it is no fault that could be mended."""
    text = (
        "question,A,B,C,D,answer\n"
        f"{STEM},Renin,Insulin,Glucagon,Cortisol,B\n"
        'Two?,Renin,Insulin,Glucagon,Cortisol,"A, C"\n'
        "Three?,Renin,Insulin,Glucagon,Cortisol,ABD\n"
        'Four?,Renin,Insulin,Glucagon,Cortisol,"Renin, Cortisol"\n'
        "Five?,,,,,An essay.\n"
    )
    found = read_mcq("f.csv", text.encode(), bank="x")
    assert told(found)[2] == "Insulin"
    assert [(one.line, one.reason) for one in found.skipped] == [
        (3, "more than one right answer"),
        (4, "more than one right answer"),
        (5, "more than one right answer"),
        (6, "no options to choose from"),
    ]
    assert "Left out, more than one right answer: 3, the first at line 3." in found.notes


@pytest.mark.parametrize(
    ("record", "wrong", "reason"),
    [
        (RECORDS["medqa"], {"answer_idx": "Z", "answer": "Thyroxine"}, "the answer is none of the options"),
        (RECORDS["medqa"], {"answer_idx": "A"}, "the answer's letter and its text are different options"),
        (RECORDS["mmlu"], {"answer": 7}, "the answer is none of the options"),
        (RECORDS["mmlu"], {"choices": ["Renin", "Insulin", "Insulin"]}, "the option is there twice"),
        (RECORDS["arc"], {"answerKey": ""}, "the question has no answer"),
        (RECORDS["mmlu-pro"], {"question": "Hidden\u202e?"}, "a text holds characters that cannot be seen (U+202E)"),
    ],
)  # fmt: skip
def test_a_faulty_question_of_a_public_set_keeps_none_of_the_others_out(
    record: dict[str, Any], wrong: dict[str, Any], reason: str
) -> None:
    """It is left out, with its line and the reason."""
    rows = [record, record | {"question": "Other?", "id": "y", "question_id": "z"} | wrong, record]
    text = "\n".join(map(json.dumps, rows))
    found = read_mcq("f", text.encode(), bank="x")
    assert [question.key.text for question in found.questions] == ["Insulin"]
    assert [(one.line, one.reason) for one in found.skipped] == [(2, reason)]


def test_subjects_topics_and_tags_come_along_as_hints() -> None:
    """The nearest first; a path of categories from its end."""
    record = RECORDS["mmlu"] | {
        "subject": "college_medicine",
        "topic": "Kidney > Tubules",
        "tags": ["renal", "x; y"],
    }
    found = read(record)
    assert list(found.hints.values()) == [("renal", "x", "y", "Tubules", "Kidney", "college medicine")]


def test_vignette_and_question_are_one_text() -> None:
    """Where a table has them apart."""
    text = 'case,question,A,B,answer\n"A man, 40, faints.",What lowers glucose?,Renin,Insulin,B\n'
    (question,) = read_mcq("f.csv", text.encode(), bank="x").questions
    assert question.stem == "A man, 40, faints.\n\nWhat lowers glucose?"


def test_feedback_on_every_option_is_kept() -> None:
    """In columns before or after the option's name, by letter or number, or in an object beside the options."""
    by_letter = "question,A,B,answer,A feedback,rationale_b\nQ?,Renin,Insulin,B,No.,Yes.\n"
    by_number = (
        "question,option 1,option 2,answer,Explanation 1,Feedback for option 2\nQ?,Renin,Insulin,2,No.,Yes.\n"
    )
    beside: dict[str, Any] = {"question": "Q?", "options": {"A": "Renin", "B": "Insulin"}, "answer": "B"}
    beside["explanations"] = {"A": "No.", "B": "Yes."}
    for content in (by_letter, by_number, json.dumps(beside)):
        (question,) = read_mcq("f", content.encode(), bank="x").questions
        assert [option.explanation for option in question.options] == ["No.", "Yes."]


TABLE = 'question,A,B,answer\n"Größe\nder Niere?",5 µm,12 cm,B\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_text_with_a_mark_of_its_encoding_is_read(encoding: str) -> None:
    """Both byte orders of UTF-16, as spreadsheets save "Unicode text"."""
    assert asked(TABLE.encode(encoding)).stem == "Größe\nder Niere?"
    assert asked(b"\xfe\xff" + TABLE.encode("utf-16-be")).key.text == "12 cm"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16-le"])
def test_a_text_without_a_mark_is_read_when_its_encoding_is_said(encoding: str) -> None:
    """And refused else, with what to say."""
    content = TABLE.encode(encoding)
    assert asked(content, encoding=encoding).options[0].text == "5 µm"
    with pytest.raises(InputInvalid, match="--encoding"):
        asked(content)


def asked(content: bytes, encoding: str = "") -> Question:
    """The only question of a file."""
    (question,) = read_mcq("f.csv", content, bank="x", encoding=encoding).questions
    return question


def test_an_encoding_that_is_none_is_refused() -> None:
    """Also what Python calls a codec and is no encoding of text."""
    for name in ("klingon", "base64", "rot13"):
        with pytest.raises(UsageError, match="There is no encoding"):
            asked(TABLE.encode(), encoding=name)
    with pytest.raises(InputInvalid, match="The text is not ASCII from here on"):
        asked(TABLE.encode(), encoding="ascii")


def test_headings_may_stand_below_a_title_and_a_delimiter_may_be_said() -> None:
    """Excel's own first line, a template's instructions."""
    assert asked(b"sep=;\r\nquestion;A;B;answer\r\nQ?;Renin;Insulin;B\r\n").key.text == "Insulin"
    assert asked(b"My quiz\nFill in below\nquestion,A,B,answer\nQ?,Renin,Insulin,B\n").key.text == "Insulin"


def test_a_line_over_the_limit_is_refused_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not gone through."""
    monkeypatch.setattr("qbank.exchange.mcq_rows.LINE_LIMIT", 1024 * 1024)
    good = json.dumps(RECORDS["mmlu"]).encode()
    for content in (
        good + b'\n{"question": "' + b"x" * 2_000_000 + b'"}',
        b"question,A,B,answer\n" + b"x" * 2_000_000,
    ):
        with pytest.raises(InputInvalid, match="2: The line is longer than 1 MiB"):
            asked(content)


def test_a_file_read_in_parts_is_the_file_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its keys that are numbers too, which all of it tells, and what is left out; progress is told to the last byte."""
    monkeypatch.setattr("qbank.exchange.mcq_stream.AT_A_TIME", 2)
    for record, key in ((RECORDS["arc, two lists"], "answerKey"), ({"question": STEM, **LETTERS}, "answer")):
        rows = [record | {"id": f"q{at}", "question": f"{at}?", key: at % 3 + 1} for at in range(7)]
        rows += [record | {"question": "Bad?", key: 9}, record | {"question": "Last?", key: 4}]
        content = b"\xef\xbb\xbf" + "\n".join(map(json.dumps, rows)).encode()
        file = io.BytesIO(content)
        assert reads_in_parts(file, None)
        told: list[int] = []
        parts = list(read_in_parts("f", file, bank="x", on_progress=told.append))
        whole = read_mcq("f", content, bank="x")
        assert len(parts) > 3
        assert sum(told) == len(content)
        assert [one for part in parts for one in part.questions] == whole.questions
        assert [one for part in parts for one in part.objectives] == whole.objectives
        assert (parts[-1].skipped, parts[-1].notes) == (whole.skipped, whole.notes)
        assert len(whole.questions) == 8


def test_missing_word_format_is_refused_with_the_way_round() -> None:
    """Its options stand in the middle of a sentence, and nothing says that they are options."""
    text = b"The organ that filters blood is the {=kidney#right ~50%liver#no}\nin the body.\n"
    with pytest.raises(InputInvalid, match="missing word"):
        read_mcq("f", text, bank="x", shape="table")
