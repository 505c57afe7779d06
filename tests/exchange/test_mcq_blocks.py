"""Tables whose questions are blocks of rows, and objects that name an option's text after what it is; all made up."""

import json

import pytest

from qbank.exchange.mcq import read_mcq

BLOCKS = """//a remark of the template
NewQuestion,MC,,,
ID,sugar-1,,,
QuestionText,Which hormone lowers glucose?,,,
Points,1,,,
Option,0,Glucagon,,It raises glucose.
Option,100,Insulin,,
Option,0,Cortisol,,
Feedback,Beta cells release it.,,,

NewQuestion,TF,,,
QuestionText,Insulin is a peptide.,,,
TRUE,100,It has two chains.,,
FALSE,0,,,

NewQuestion,MC,,,
QuestionText,Which two raise glucose?,,,
Option,100,Glucagon,,
Option,100,Cortisol,,

NewQuestion,WR,,,
QuestionText,Explain.,,,
"""


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_questions_in_blocks_of_rows_are_read_and_the_others_are_left_out_with_their_lines(mark: str) -> None:
    content = ("\ufeff" + BLOCKS.replace(",", mark)).encode()
    reading = read_mcq("f.csv", content, bank="x")
    assert [question.key.text for question in reading.questions] == ["Insulin", "True"]
    first = reading.questions[0]
    assert first.id.endswith("sugar-1")
    assert {one.text: one.explanation for one in first.options}["Glucagon"] == "It raises glucose."
    assert [(one.line, one.reason) for one in reading.skipped] == [
        (16, "more than one right answer"),
        (21, "a question of the type written response"),
    ]


def test_a_block_without_a_whole_right_option_has_no_key() -> None:
    content = BLOCKS.replace("Option,100,Insulin", "Option,50,Insulin").encode()
    assert [question.key.text for question in read_mcq("f.csv", content, bank="x").questions] == ["True"]


@pytest.mark.parametrize("name", ["answerText", "option_text", "choiceText"])
def test_an_option_may_name_its_text_after_what_it_is(name: str) -> None:
    options = [{name: text, "isCorrect": text == "Insulin"} for text in ("Renin", "Insulin")]
    content = json.dumps([{"questionText": "Which lowers glucose?", "answerOptions": options}]).encode()
    assert read_mcq("f.json", content, bank="x").questions[0].key.text == "Insulin"
