"""What goes out as Moodle XML comes back the same."""

from exchange.drawn_banks import KNOWN, Bank, banks
from hypothesis import given

from qbank.bank.scan import scan
from qbank.core.question import (
    NOT_RECALLED,
    RECALLED,
    Kind,
    Option,
    Question,
    as_served,
    option_id,
    serve,
)
from qbank.exchange.mcq import read_mcq
from qbank.exchange.moodle_xml import recognises
from qbank.exchange.moodle_xml_out import DRAW, write_moodle_xml
from qbank.settings import data_folder


@given(banks())
def test_what_goes_out_comes_back_the_same(bank: Bank) -> None:
    """Questions with stem, options, key, explanations, order and id; objectives with text and areas, in the order of use."""
    objectives, questions = bank
    content = write_moodle_xml(questions, objectives).encode()
    assert recognises("f", content)
    back, again, _ = read_mcq("f.xml", content, bank="x", known=KNOWN)[:3]
    used = dict.fromkeys(question.objective for question in questions)
    assert again == questions
    assert back == [next(one for one in objectives if one.id == name) for name in used]


def test_the_bundled_bank_goes_out_and_comes_back() -> None:
    """All of it: the variants with the numbers of one draw, everything else as it is."""
    files = scan(data_folder() / "questions", "starter", {}).changed
    questions = [question for file in files for question in file.questions]
    content = write_moodle_xml(questions, [file.objective for file in files])
    again = read_mcq("f.xml", content.encode(), bank="starter")[1]
    assert len(again) == len(questions) > 500
    for before, after in zip(questions, again, strict=True):
        if before.draws:
            assert after.stem == as_served(before, serve(before, DRAW)).stem
        else:
            assert after == before


def test_a_prompt_for_recall_stays_out() -> None:
    """It has nothing to choose from."""
    recall = Question("x", "q", "o", "Front", (RECALLED, NOT_RECALLED), "Back", kind=Kind.RECALL)
    assert "Front" not in write_moodle_xml([recall], [])


def test_two_banks_share_a_file() -> None:
    """Ids that collide are not written twice, and an objective that is not given is named by its id."""
    options = tuple(Option(option_id(text), text, text == "a") for text in "ab")
    pair = [Question(bank, "q", f"o-{bank}", f"In {bank}?", options) for bank in ("x", "y")]
    objectives, again, _ = read_mcq("f.xml", write_moodle_xml(pair, []).encode(), bank="z")[:3]
    assert [question.stem for question in again] == ["In x?", "In y?"]
    assert [question.id == "q" for question in again] == [True, False]
    assert [objective.text for objective in objectives] == ["o-x", "o-y"]


def test_a_character_that_xml_does_not_have_is_replaced() -> None:
    """The file stays XML whatever a text holds."""
    options = tuple(Option(option_id(text), text, text == "a") for text in "ab")
    question = Question("x", "q", "o", "a\ufffeb", options)
    (again,) = read_mcq("f.xml", write_moodle_xml([question], []).encode(), bank="x")[1]
    assert again.stem == "a\ufffdb"
