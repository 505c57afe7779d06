"""Tables and JSON in the dialects of schools, quiz games and other languages."""

import json

import pytest

from qbank.core.question import Question
from qbank.errors import InputInvalid
from qbank.exchange.mcq import read_mcq


def one(text: str) -> Question:
    """The only question of a file."""
    (question,) = read_mcq("f.csv", text.encode(), bank="x").questions
    return question


def refused(text: str) -> list[tuple[int, str]]:
    """Line and message of each fault of a file that has some."""
    with pytest.raises(InputInvalid) as caught:
        read_mcq("f.csv", text.encode(), bank="x")
    return [(fault.line, fault.message) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("Frage;Antwort A;Antwort B;Richtige Antwort;Erklärung", "Was?;this;that;B;weil"),
        (
            "Nr.;Fragetext;Antwortmöglichkeit 1;Antwortmöglichkeit 2;Lösung;Begründung",
            "1;Was?;this;that;that;weil",
        ),
        ("题目;选项A;选项B;正确答案;解析", "什么?;this;that;B;对"),
        (
            "Question;Answer Option 1;Answer Option 2;Correct Answer Number;Why;Explanation",
            "What?;this;that;2;;so",
        ),
        ("Pregunta;Opción A;Opción B;Respuesta correcta;Explicación", "¿Qué?;this;that;b;porque"),
        ("Énoncé;Réponse A;Réponse B;Bonne réponse;Explication", "Quoi ?;this;that;B;parce que"),
        ("Pergunta;Alternativa A;Alternativa B;Gabarito;Comentário", "Quê?;this;that;B;porque"),
        ("Domanda;Risposta A;Risposta B;Risposta corretta;Spiegazione", "Che?;this;that;B;perché"),
        ("Vraag;Antwoord A;Antwoord B;Juiste antwoord;Uitleg", "Wat?;this;that;B;omdat"),
    ],
)
def test_headings_in_other_languages(heading: str, row: str) -> None:
    """With their accents or without."""
    found = one(f"{heading}\n{row}\n")
    assert found.key.text == "that"
    assert found.remember or found.key.explanation


def test_the_number_of_a_question_is_not_its_text() -> None:
    """As templates of quiz games have it, in the column before."""
    assert one("Question #,Question Text,A,B,Answer\n1,Which?,this,that,B\n").stem == "Which?"


def test_a_star_marks_the_key_where_no_column_has_it() -> None:
    """Before the text or after it; two stars are several right answers, and emphasis is no star."""
    assert one("question,a,b\nWhich?,this,*that\n").key.text == "that"
    assert one("question,a,b\nWhich?,this *,that\n").key.text == "this"
    content = "question,a,b\nWhich?,this,*that\nWhat?,*this,*that\n"
    found = read_mcq("f.csv", content.encode(), bank="x")
    assert [(skipped.line, skipped.reason) for skipped in found.skipped] == [
        (3, "more than one right answer")
    ]
    assert refused("question,a,b\nWhich?,this,**that**\n") == [(2, "The question has no answer.")]


def test_a_row_of_another_kind_is_left_out_by_what_the_file_calls_it() -> None:
    """It refuses no table; one that is called multiple choice and has no key still does."""
    content = "type,question,a,b,answer\nMC,Which?,this,that,A\nShort answer,Say it?,,,\n"
    found = read_mcq("f.csv", content.encode(), bank="x")
    assert [skipped.reason for skipped in found.skipped] == ["a question of the type Short answer"]
    assert refused("type,question,a,b,answer\nMC,Which?,this,that,\n") == [(2, "The question has no answer.")]


def test_html_in_cells_becomes_plain_text() -> None:
    """A sign that only looks like a tag stays."""
    found = one('question,a,b,answer\n"<p>Is pO<sub>2</sub> <b>low</b>?</p>",<60 mm Hg,"<p>over 60</p>",A\n')
    assert found.stem == "Is pO2 **low**?"
    assert [option.text for option in found.options] == ["<60 mm Hg", "over 60"]


@pytest.mark.parametrize(
    "held",
    [
        {"questions": [{"question": "Which?", "A": "this", "B": "that", "answer": "B"}]},
        {"title": "Quiz", "questions": [{"text": "Which?", "options": ["this", "that"], "answer": "that"}]},
        {"text": "Intro", "questions": [{"q": "Which?", "choices": ["this", "that"], "answer": "that"}]},
        {"text": "Intro", "items": [{"question": "Which?", "choices": ["this", "that"], "answer": "that"}]},
    ],
)
def test_questions_in_an_object_that_has_texts_of_its_own(held: dict[str, object]) -> None:
    """The text of a quiz is none of its questions."""
    found = one(json.dumps(held))
    assert (found.stem, found.key.text) == ("Which?", "that")


def test_trivia_questions_lose_the_marks_of_html() -> None:
    """Their programs write them for a web page."""
    trivia = {"question": "What&#039;s it?", "correct_answer": "this &amp; that", "incorrect_answers": ["no"]}
    found = one(json.dumps({"results": [trivia]}))
    assert (found.stem, found.key.text) == ("What's it?", "this & that")


def test_options_stand_under_the_question_in_its_cell() -> None:
    """Where no column has any."""
    found = one('Question,Answer\n"Which?\nA. this\nB. that\nC. neither",B\n')
    assert (found.stem, found.key.text, len(found.options)) == ("Which?", "that", 3)


def test_options_in_columns_named_as_in_medmcqa_without_its_key() -> None:
    """With a letter or text for a key, and as many as there are."""
    heading = "question,opa,opb,opc,opd,ope,answer_idx,answer,explanation"
    found = one(f"{heading}\nWhich?,one,two,three,four,five,E,five,why\n")
    assert (found.key.text, len(found.options)) == ("five", 5)


def test_a_statement_with_true_or_false_for_an_answer_has_these_two_options() -> None:
    """In a table and in JSON, where they are no texts."""
    found = one("question,answer\nThe kidney makes renin.,TRUE\n")
    assert [option.text for option in found.options] == ["True", "False"]
    assert found.key.text == "True"
    assert one(json.dumps([{"question": "The kidney makes insulin.", "answer": False}])).key.text == "False"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_blackboard_says_after_each_option_whether_it_is_right(encoding: str) -> None:
    """In UTF-16 as Excel saves it, too."""
    content = "MC\tWhich?\tthis\tincorrect\tthat\tCorrect\nESS\tWrite.\t\nTF\tIt makes renin.\ttrue\n"
    found = read_mcq("f.txt", content.encode(encoding), bank="x")
    assert [question.key.text for question in found.questions] == ["that", "True"]
    assert [one.reason for one in found.skipped] == ["a question of the type ESS"]


def test_the_row_of_a_template_that_says_how_to_fill_it_in_is_no_question() -> None:
    """Quizizz has it under its headings."""
    how = (
        '"Text of the question\n(required)",Text for option 1 (required),Option 2 (optional),between 1 and 5'
    )
    assert (
        one(f"Question Text,Option 1,Option 2,Correct Answer\n{how}\nWhich?,this,that,2\n").key.text == "that"
    )


def test_a_numbered_row_without_a_question_refuses_no_table() -> None:
    """Kahoot's template has a hundred of them."""
    found = read_mcq("f.csv", b",Question,A,B,Answer\n1,Which?,this,that,B\n2,,,,\n", bank="x")
    assert len(found.questions) == 1
    assert [(skipped.line, skipped.reason) for skipped in found.skipped] == [(3, "a row without a question")]


def test_options_under_headings_that_are_only_numbers() -> None:
    """From 1 on; beside other options a number is nothing."""
    assert one("Question,1,2,3,Correct\nWhich?,this,that,neither,2\n").key.text == "that"
    assert len(one("Question,A,B,1,2,Correct\nWhich?,this,that,x,y,A\n").options) == 2


def test_answer_1_is_the_key_where_options_have_letters() -> None:
    """As Moodle's add-on for CSV has it; with an answer 2 there are several."""
    rows = "q1,Which?,this,that,B,\nq2,What?,this,that,A,B\n"
    content = f"questionname,questiontext,A,B,Answer 1,Answer 2\n{rows}"
    found = read_mcq("f.csv", content.encode(), bank="x")
    assert [question.key.text for question in found.questions] == ["that"]
    assert [skipped.reason for skipped in found.skipped] == ["more than one right answer"]


def test_a_key_may_have_its_points_beside_it() -> None:
    """A text in brackets that an option has is an option's text."""
    assert one("question,a,b,answer\nWhich?,this,that,B (2 points)\n").key.text == "that"
    assert one("question,a,b,answer\nWhich?,B (1 point),that,B (1 point)\n").key.text == "B (1 point)"


@pytest.mark.parametrize(
    "held",
    [
        {"options": ["this", "that", "neither"], "correctAnswerIndex": 1},
        {"options": [{"id": "x7", "text": "this"}, {"id": "x9", "text": "that"}], "correctOptionId": "x9"},
        {"choices": [{"id": "a", "text": "this"}, {"id": "b", "text": "that"}], "correctAnswer": {"id": "b"}},
        {"alternatives": ["this", "that"], "solution": "that"},
        {
            "answers": {"answer_a": "this", "answer_b": "that", "answer_c": None},
            "correct_answers": {"answer_a_correct": "false", "answer_b_correct": "true"},
            "correct_answer": None,
        },
    ],
)
def test_keys_of_json_that_point_to_an_option(held: dict[str, object]) -> None:
    """By its place, its id, or as the one that is true. A first record tells that places count from 0."""
    other = {"question": "What?", "options": ["this", "that", "neither"], "correctAnswerIndex": 0}
    records = (
        [other, {"question": "Which?", **held}]
        if "correctAnswerIndex" in held
        else [{"question": "Which?", **held}]
    )
    found = read_mcq("f.json", json.dumps(records).encode(), bank="x")
    assert found.questions[-1].key.text == "that"


def test_a_solution_beside_a_key_is_its_explanation() -> None:
    """Even where it is the text of an option."""
    found = one(
        json.dumps([{"question": "Which?", "options": ["this", "that"], "answer": "B", "solution": "this"}])
    )
    assert (found.key.text, found.key.explanation) == ("that", "this")


def test_options_as_json_objects_in_one_cell() -> None:
    """With the key among them."""
    cell = json.dumps([{"text": "this", "isCorrect": False}, {"text": "that", "isCorrect": True}])
    quoted = cell.replace('"', '""')
    assert one(f'question,options\nWhich?,"{quoted}"\n').key.text == "that"


@pytest.mark.parametrize(
    "held",
    [
        {"question": "Which?", "op1": "this", "op2": "that", "cop": 2},
        {"question": "Which?", "choicesA": "this", "choicesB": "that", "answer_idx": "B", "answer": "that"},
        {"centerpiece": "Which?", "options": ["this", "that"], "correct_options": ["B"]},
    ],
)
def test_fields_of_more_public_sets(held: dict[str, object]) -> None:
    """CareQA, Medbullets and sets prepared from MedQA."""
    found = one(json.dumps([held]))
    assert (found.stem, found.key.text) == ("Which?", "that")
