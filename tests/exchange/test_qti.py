"""QTI of every version gives its questions with one best answer, and says of every other item why it was left out."""

import re
from collections import Counter
from pathlib import Path

import pytest
from exchange.qti_samples import (
    BLACKBOARD,
    QTI3,
    STIMULUS3,
    canvas,
    item2,
    package,
    pool,
    pool_choice,
    sakai,
    ultra,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from qbank.errors import InputInvalid
from qbank.exchange import qti
from qbank.exchange.foreign import Read, format_of, left_out
from qbank.exchange.mcq import read_mcq
from qbank.exchange.mcq_draft import Draft
from qbank.exchange.mcq_rows import FaultLog

CONFORMANCE = Path(__file__).parents[2].parent / "shared" / "conformance" / "qti"


def read(content: str | bytes) -> Read:
    """A file without a fault."""
    log = FaultLog("f")
    found = qti.read(content.encode() if isinstance(content, str) else content, log)
    assert log.items == []
    return found


def one(content: str | bytes) -> Draft:
    """The only question of a file."""
    (draft,) = read(content).drafts
    return draft


def reasons(content: str | bytes) -> list[str]:
    """Why each item of a file that holds no question was left out."""
    found = read(content)
    assert not found.drafts
    return [skipped.reason for skipped in found.skipped]


def fault(content: str | bytes) -> str:
    """The only fault of a file, with its place."""
    log = FaultLog("f")
    qti.read(content.encode() if isinstance(content, str) else content, log)
    (found,) = log.items
    return str(found)


def test_a_canvas_question_comes_with_key_and_feedback() -> None:
    """Feedback goes to the answers that it is shown after, a bare "Incorrect." nowhere, general feedback to the key."""
    draft = one(canvas())
    assert (draft.id, draft.key) == ("g1", "b")
    assert "Which vitamin needs" in draft.stem
    assert draft.options == {"a": "B6", "b": "B12", "c": "C"}
    assert draft.explanations["a"] == "Isoniazid wastes this one."
    assert draft.explanations["b"] == "Parietal cells make it.\n\nThink of the ileum."
    assert "c" not in draft.explanations


def test_a_blackboard_question_keeps_its_key_though_each_answer_then_scores_nothing() -> None:
    """Blackboard's feedback conditions name the answer where the response should stand, and set the score to 0."""
    draft = one(BLACKBOARD)
    assert (draft.id, draft.stem, draft.key) == ("_7_1", "Which nerve lifts the lid?", "b")
    assert draft.options == {"a": "Facial", "b": "Oculomotor"}
    assert draft.explanations == {"a": "It closes the eye.", "b": "Levator palpebrae."}


def test_a_pool_of_an_early_blackboard_gives_its_choices_with_feedback() -> None:
    """Each kind of question has an element of its own there, and the answers have the key's id."""
    draft = one(pool(pool_choice()))
    assert (draft.id, draft.stem, draft.key) == ("q1", "**Where** do thiazides act?", "b")
    assert draft.options == {"a": "Loop of Henle", "b": "Distal tubule"}
    assert draft.explanations == {
        "a": "Other diuretics act there.",
        "b": "They block its cotransporter.",
    }
    assert format_of("res00001.dat", pool(pool_choice()).encode()) == "qti"
    assert one(package({"imsmanifest.xml": "<manifest/>", "res00001.dat": pool(pool_choice())})).id == "q1"


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (pool_choice(kind="MULTIPLEANSWER"), "several right answers"),
        (pool_choice(keys=""), "no key"),
        (
            pool_choice(keys="<CORRECTANSWER answer_id='q1_a1'/><CORRECTANSWER answer_id='q1_a2'/>"),
            "several right answers",
        ),
        (pool_choice(keys="<CORRECTANSWER answer_id='q9'/>"), "no key"),
        ("<QUESTION_MATCH id='m'/>", "matching"),
        ("<QUESTION_QUIZBOWL id='m'/>", "a kind of question of its own program"),
    ],
)
def test_what_a_pool_holds_beside_single_answers_is_left_out(question: str, reason: str) -> None:
    assert reasons(pool(question)) == [reason]


def test_answers_of_a_pool_stand_at_their_positions() -> None:
    content = pool(pool_choice().replace("position='1'", "position='3'"))
    draft = one(content)
    assert draft.options == {"a": "Distal tubule", "b": "Loop of Henle"}
    assert draft.key == "a"


def test_a_picture_of_a_pool_is_found_in_the_folder_called_as_its_file() -> None:
    shown = pool_choice().replace("<b>Where</b>", '<img src="@X@EmbeddedFile.location@X@a%20b.gif">Where')
    content = package(
        {"imsmanifest.xml": "<manifest/>", "res00001.dat": pool(shown), "res00001/a b.gif": "GIF89a"}
    )
    assert "![](res00001/a%20b.gif)" in one(content).stem


def test_a_choice_of_blackboard_ultra_is_one_though_it_is_called_a_multiple_answer() -> None:
    """Its condition lists the wrong answers too, each as one that must not be given."""
    single = '<setvar variablename="single_correct_answer" action="Set">true</setvar>'
    content = ultra(single)
    assert one(content).key == "b"
    assert reasons(ultra("")) == ["several right answers"]
    assert reasons(content.replace(">id2<", ">id9<")) == ["no key"]


def test_examview_gives_its_choices_and_its_statements() -> None:
    found = read(
        """<?xml version='1.0'?><examview type='test'><header><title>Heart</title></header>
        <question type='mc' question-id='2'><text><font size='10'>Which valve has <b>two</b> cusps?</font></text>
          <choices columns='2'><choice-a><font>Tricuspid</font></choice-a><choice-b>Mitral</choice-b></choices>
          <rationale>It is named after a mitre.</rationale><topic>Valves</topic><answer>B</answer></question>
        <question type='tf' question-id='1'><text>The left atrium pumps into the aorta.</text><answer>F</answer></question>
        <question type='es' question-id='4'><text>Describe the heart.</text><answer>It beats.</answer></question>
        <question type='mc' question-id='5'><text>Which are arteries?</text><choices><choice-a>Aorta</choice-a>
          <choice-b>Carotid</choice-b></choices><answer>A, B</answer></question></examview>"""
    )
    choice, statement = found.drafts
    assert (choice.id, choice.stem, choice.key) == ("2", "Which valve has **two** cusps?", "b")
    assert choice.options == {"a": "Tricuspid", "b": "Mitral"}
    assert (choice.explanation, choice.hints) == ("It is named after a mitre.", ("Valves",))
    assert (statement.options, statement.key) == ({"a": "True", "b": "False"}, "b")
    assert [skipped.reason for skipped in found.skipped] == ["essay", "several right answers"]


def test_an_address_that_ilias_keeps_beside_the_answers_is_no_text_of_the_question() -> None:
    address = '<material><mattext label="suggested_solution">il_0_pg_1</mattext></material><render_choice>'
    assert one(canvas().replace("<render_choice>", address)).stem == one(canvas()).stem


@pytest.mark.parametrize(
    ("yes", "no", "words"),
    [
        ("agree_disagree.true", "agree_disagree.false", ["Agree", "Disagree"]),
        ("yes_no.yes", "yes_no.no", ["Yes", "No"]),
        ("right_wrong.true", "right_wrong.false", ["Right", "Wrong"]),
        ("yes_no.maybe", "yes_no", ["yes_no.maybe", "yes_no"]),
    ],
)
def test_either_or_of_blackboard_gets_the_words_it_stands_for(yes: str, no: str, words: list[str]) -> None:
    content = BLACKBOARD.replace(">Facial<", f">{yes}<").replace(">Oculomotor<", f">{no}<")
    assert list(one(content).options.values()) == words


def test_feedback_of_brightspace_that_is_called_as_its_question_is_for_every_answer() -> None:
    """The other feedback of the question has names that the scoring shows."""
    feedback = (
        '<itemfeedback ident="QUES_7"><material><mattext>Read on it.</mattext></material></itemfeedback>'
    )
    content = (
        canvas().replace('ident="g1"', 'ident="g1" label="QUES_7"').replace("</item>", f"{feedback}</item>")
    )
    assert one(content).explanations["b"].endswith("Read on it.")
    assert one(content).key == "b"


def test_a_picture_whose_path_stands_without_quotation_marks_is_found() -> None:
    content = canvas().replace(
        "&lt;p&gt;Which", "&lt;p&gt;&lt;img alt='x src=y' src=art/a.gif width=9&gt;Which"
    )
    assert (
        "![x src=y](quiz/art/a.gif)" in one(package({"quiz/q.xml": content, "quiz/art/a.gif": "GIF89a"})).stem
    )


def test_a_picture_whose_folders_are_parted_as_windows_does_is_found() -> None:
    shown = r'<material><matimage uri="quizzing\a.gif">a.gif</matimage></material><response_lid'
    content = canvas().replace("<response_lid", shown)
    assert "![](quizzing/a.gif)" in one(package({"quiz.xml": content, "quizzing/a.gif": "GIF89a"})).stem


def test_a_sakai_item_is_read_without_the_places_that_nobody_filled() -> None:
    """Sakai exports single items too, whose file begins with the item."""
    draft = one(sakai(keyword="autonomic, beta blockers"))
    assert (draft.id, draft.stem, draft.key) == ("119", "Which drug blocks beta receptors?", "b")
    assert draft.options == {"a": "Prazosin", "b": "Atenolol"}
    assert draft.explanations == {"a": "It blocks alpha-1."}
    assert draft.hints == ("autonomic", "beta blockers")
    assert format_of("item.xml", sakai().encode()) == "qti"


def test_a_question_worth_no_points_has_the_key_that_its_feedback_praises() -> None:
    assert one(sakai(points="0")).key == "b"
    assert reasons(sakai(points="0").replace('"InCorrect"', '"Correct"')) == ["no key"]


def test_a_question_of_respondus_worth_no_points_has_the_key_whose_score_is_set() -> None:
    """Respondus adds nothing to the score for a wrong answer, and sets it for the right one."""
    content = sakai(points="0").replace('linkrefid="Correct"', 'linkrefid="QUE_4_C"')
    assert reasons(content) == ["no key"]
    parts = content.rpartition('action="Add"')
    assert one(parts[0] + 'action="Set"' + parts[2]).key == "b"


def test_a_condition_for_every_other_answer_may_stand_first() -> None:
    """ExamView writes it before the one of the right answer, and so ends no scoring."""
    other = (
        '<respcondition title="incorrect"><conditionvar><other/></conditionvar>'
        '<setvar action="Set">0</setvar></respcondition>'
    )
    content = (
        canvas()
        .replace("</outcomes>", f"</outcomes>{other}")
        .replace('linkrefid="correct_fb"', 'linkrefid="x"')
    )
    assert one(content).key == "b"


def test_titles_around_an_item_are_hints_behind_its_keywords() -> None:
    keyword = "<fieldlabel>qmd_topic</fieldlabel><fieldentry>Anemia</fieldentry>"
    field = f"<itemmetadata><qtimetadatafield>{keyword}</qtimetadatafield></itemmetadata><presentation>"
    content = canvas().replace("<presentation>", field).replace('ident="root_section"', 'title="Blood"')
    assert one(content).hints == ("Anemia", "Blood")


def test_html_that_stands_as_text_where_elements_should_is_read_as_html() -> None:
    content = item2().replace("<itemBody>", "<itemBody><![CDATA[<div>A man of <b>60</b> faints.</div>]]>")
    assert content != item2()
    assert one(content).stem.startswith("A man of **60** faints.")
    compared = item2().replace("<itemBody>", "<itemBody><p>Is p &lt;b&gt; 3?</p>")
    assert one(compared).stem.startswith("Is p <b> 3?")


def test_general_feedback_that_is_never_hidden_is_read() -> None:
    """Common Cartridge writes it as hidden by a name that its scoring never gives; what an answer hides is left out."""
    hidden = (
        '<modalFeedback outcomeIdentifier="FEEDBACK" showHide="hide" identifier="general">Think of M2.</modalFeedback>'
        '<modalFeedback outcomeIdentifier="FEEDBACK" showHide="hide" identifier="A">Not that.</modalFeedback>'
    )
    draft = one(item2(behind=hidden))
    assert "Think of M2." in draft.explanations["b"]
    assert "Not that." not in (draft.explanation + "".join(draft.explanations.values()))


def test_what_an_answer_scores_may_stand_in_a_template_variable() -> None:
    """Inspera keeps it there and draws nothing."""
    kept = (
        '<templateDeclaration identifier="RIGHT" cardinality="single" baseType="float"><defaultValue><value>2</value>'
        "</defaultValue></templateDeclaration>"
    )
    processing = (
        '<responseProcessing><responseCondition><responseIf><match><variable identifier="RESPONSE"/>'
        '<baseValue baseType="identifier">C</baseValue></match><setOutcomeValue identifier="SCORE">'
        '<variable identifier="RIGHT"/></setOutcomeValue></responseIf></responseCondition></responseProcessing>'
    )
    assert one(item2(correct="", processing=kept + processing)).key == "c"
    assert reasons(item2(correct="", processing=processing)) == ["no key"]


def test_the_texts_of_webct_have_an_element_of_their_own() -> None:
    content = canvas().replace("mattext", "webct:localizable_mattext")
    content = content.replace("<questestinterop", '<questestinterop xmlns:webct="http://www.webct.com/vista"')
    assert one(content).stem == one(canvas()).stem
    assert one(content).options == one(canvas()).options


def test_what_is_said_to_no_answer_is_no_explanation() -> None:
    said = "".join(
        f'<modalFeedback outcomeIdentifier="FEEDBACK" showHide="show" identifier="feedback_{name}">{name} it is'
        "</modalFeedback>"
        for name in ("unanswered", "correct", "wrong")
    )
    draft = one(item2(behind=said))
    assert (draft.explanation, draft.explanations["a"]) == ("", "wrong it is")
    assert draft.explanations["b"] == "It blocks the vagus.\n\ncorrect it is"


def test_a_question_within_a_block_that_hides_it_once_answered_is_read() -> None:
    shown = '<itemBody><feedbackBlock outcomeIdentifier="SEEN" identifier="ask" showHide="show">'
    content = item2().replace("<itemBody>", shown).replace("</itemBody>", "</feedbackBlock></itemBody>")
    assert one(content).stem == one(item2()).stem
    assert one(content).explanations == one(item2()).explanations


def test_a_choice_beside_a_film_rests_on_it() -> None:
    film = '<itemBody><mediaInteraction responseIdentifier="V"><video/></mediaInteraction>'
    assert reasons(item2().replace("<itemBody>", film)) == ["it rests on a sound, a film or another file"]


def test_numbers_drawn_for_nothing_cost_no_question() -> None:
    """OpenOlat keeps variables that no text shows; where one is shown, the question is another each time."""
    drawn = (
        '<templateDeclaration identifier="N" cardinality="single" baseType="integer"/><templateProcessing>'
        '<setTemplateValue identifier="N"><randomInteger min="1" max="9"/></setTemplateValue></templateProcessing>'
    )
    content = item2().replace("<itemBody>", f"{drawn}<itemBody>")
    assert one(content).key == one(item2()).key
    shown = content.replace("<itemBody>", '<itemBody><p>Give <printedVariable identifier="N"/> mg.</p>')
    assert reasons(shown) == ["numbers drawn anew each time"]


def test_a_brightspace_question_is_told_from_the_extension_beside_it() -> None:
    """How its options are numbered is no second response, and its kind stands in a field of another name."""
    extension = "<response_extension><enumeration>4</enumeration></response_extension><response_lid"
    content = canvas().replace("<response_lid", extension)
    assert one(content).key == "b"
    kind = "<qti_metadatafield><fieldlabel>qmd_questiontype</fieldlabel><fieldentry>Multi-Select</fieldentry>"
    field = (
        f"<itemmetadata><qtimetadata>{kind}</qti_metadatafield></qtimetadata></itemmetadata><presentation>"
    )
    assert reasons(content.replace("<presentation>", field)) == ["several right answers"]


def test_fixed_options_among_shuffled_ones_stay_last() -> None:
    """Where some are fixed the author has thought of it; where all are, a program has written it everywhere."""
    content = item2().replace('identifier="C"', 'identifier="C" fixed="true"')
    assert one(content).order == (False, 1)
    assert one(item2().replace("<simpleChoice", '<simpleChoice fixed="true"')).order is None


def test_a_choice_of_qti_2_comes_with_its_prompt_and_inline_feedback() -> None:
    """What stands before the choice and its prompt are the question; feedback within an option is its explanation."""
    draft = one(item2())
    assert draft.stem == "A pulse of 40.\n\nWhich drug?"
    assert draft.options == {"a": "Digoxin", "b": "Atropine", "c": "Timolol"}
    assert (draft.key, draft.explanations) == ("b", {"b": "It blocks the vagus."})


def test_qti_3_reads_as_qti_2_and_takes_its_stimulus_from_the_package() -> None:
    """Modal feedback follows the processing; the text that several questions share is found by its path."""
    draft = one(package({"items/q3.xml": QTI3, "stimuli/case.xml": STIMULUS3}))
    assert draft.stem == "A man drinks much.\n\nWhat is low?"
    assert (draft.key, draft.explanations) == ("a", {"a": "Water stays.", "b": "Look at the albumin."})


def test_a_stimulus_that_is_not_there_leaves_its_question_out() -> None:
    """Without the text that it is about, nobody could answer it."""
    assert reasons(QTI3) == ["it rests on a sound, a film or another file"]


@pytest.mark.parametrize(
    ("correct", "processing"),
    [
        (
            '<mapping><mapEntry mapKey="A" mappedValue="0.5"/><mapEntry mapKey="C" mappedValue="1"/></mapping>',
            "",
        ),
        (
            "",
            """<responseProcessing><responseCondition><responseIf><match><variable identifier="RESPONSE"/>
            <baseValue baseType="identifier">C</baseValue></match><setOutcomeValue identifier="SCORE">
            <sum><variable identifier="SCORE"/><baseValue baseType="float">1</baseValue></sum></setOutcomeValue>
            </responseIf></responseCondition></responseProcessing>""",
        ),
    ],
)
def test_without_a_declared_answer_the_key_is_what_scores_most(correct: str, processing: str) -> None:
    """By mapping or by processing."""
    assert one(item2(correct=correct, processing=processing)).key == "c"


def test_processing_that_is_not_known_leaves_key_and_named_feedback() -> None:
    """A feedback called after a verdict goes to the answers of that verdict."""
    processing = "<responseProcessing><customOperator/></responseProcessing>"
    behind = """<modalFeedback outcomeIdentifier="FEEDBACK" identifier="correct" showHide="show">Vagal.</modalFeedback>
        <modalFeedback outcomeIdentifier="FEEDBACK" identifier="incorrect" showHide="show">It slows.</modalFeedback>"""
    explanations = one(item2(processing=processing, behind=behind)).explanations
    assert explanations == {"a": "It slows.", "b": "It blocks the vagus.\n\nVagal.", "c": "It slows."}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<extendedTextInteraction responseIdentifier="RESPONSE"/>', "essay"),
        ('<p>x <textEntryInteraction responseIdentifier="RESPONSE"/></p>', "a text or number to write"),
        ('<orderInteraction responseIdentifier="RESPONSE"/>', "ordering"),
        ('<matchInteraction responseIdentifier="RESPONSE"/>', "matching"),
        ('<hotspotInteraction responseIdentifier="RESPONSE"/>', "a place to mark"),
        ('<uploadInteraction responseIdentifier="RESPONSE"/>', "a file to upload"),
        ("<choiceInteraction/><choiceInteraction/>", "several parts"),
        ("<p>Read this.</p>", "text without a question"),
        (
            '<portableCustomInteraction responseIdentifier="RESPONSE"/>',
            "a kind of question of its own program",
        ),
    ],
)
def test_other_interactions_are_left_out_by_their_kind(body: str, reason: str) -> None:
    """Each has its reason, so that nothing goes missing in silence."""
    assert reasons(item2(body)) == [reason]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (item2(correct=""), "no key"),
        (item2(cardinality="multiple").replace('maxChoices="1"', 'maxChoices="0"'), "several right answers"),
        (
            item2(correct="<correctResponse><value>A</value><value>B</value></correctResponse>"),
            "several right answers",
        ),
        (item2().replace("Timolol", "Digoxin"), "two options of the same text"),
        (item2().replace("Timolol", "Ti\u202emolol"), "characters that cannot be seen"),
        (canvas(key="none"), "no key"),
        (canvas(cardinality="Multiple"), "several right answers"),
        (canvas(cardinality="Ordered"), "ordering"),
    ],
)
def test_a_choice_without_one_best_answer_is_left_out(content: str, reason: str) -> None:
    """One item that a bank would refuse does not cost the whole file."""
    assert reasons(content) == [reason]


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        ('<response_str ident="r"><render_fib rows="5"/></response_str>', "essay"),
        ('<response_num ident="r"><render_fib/></response_num>', "a text or number to write"),
        ('<response_grp ident="r"/>', "matching"),
        ('<response_xy ident="r"/>', "a place to mark"),
        ('<response_lid ident="r"/><response_lid ident="s"/>', "several parts"),
    ],
)
def test_other_responses_of_qti_1_are_left_out_by_their_kind(response: str, reason: str) -> None:
    """A question beside them still comes in, and each place is told by its line."""
    content = canvas(f'<item ident="other"><presentation>{response}</presentation></item>')
    line = content[: content.index('"other"')].count("\n") + 1
    found = read(content)
    assert len(found.drafts) == 1
    assert [(skipped.line, skipped.reason) for skipped in found.skipped] == [(line, reason)]


def test_the_same_question_comes_once_and_another_of_its_id_gets_its_own() -> None:
    """Canvas packs a quiz twice; item ids are only unique within the program that made them."""
    found = read(
        package(
            {
                "a/quiz.xml": canvas(),
                "non_cc/quiz.xml.qti": canvas(),
                "b.xml": item2(),
                "c.xml": item2().replace("40", "39"),
            }
        )
    )
    assert [draft.id for draft in found.drafts] == ["g1", "q1", ""]
    assert list(left_out(found.skipped)) == [
        "Left out, the same question again: 1, the first at non_cc/quiz.xml.qti, line 4."
    ]


def test_a_broken_member_is_a_fault_at_its_place_and_nothing_is_imported() -> None:
    """The fault names package, member and line."""
    content = package({"good.xml": item2(), "bad/quiz.xml": canvas()[:-20]})
    with pytest.raises(InputInvalid, match=r"^exam\.zip/bad/quiz\.xml:\d\d: The XML is broken here"):
        read_mcq("exam.zip", content, bank="x")


def test_entities_are_refused_and_nothing_outside_is_read(tmp_path: Path) -> None:
    """Neither a billion laughs nor a file of the learner's gets in."""
    secret = tmp_path / "secret"
    secret.write_text("secret words")
    for declared in ('<!ENTITY a "ha">', f'<!ENTITY a SYSTEM "{secret.as_uri()}">', '<!ENTITY % a "ha"> %a;'):
        content = canvas().replace("<questest", f"<!DOCTYPE questestinterop [{declared}]>\n<questest", 1)
        assert fault(content).startswith("f:2: The file declares entities")


def test_a_document_type_without_entities_is_only_passed_over() -> None:
    """Old files name the DTD of QTI 1.2 and extend it, and count on HTML's names for characters."""
    kind = '<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2.dtd" [<!ELEMENT x (y)>]>\n<questest'
    content = canvas().replace("<questest", kind, 1).replace(">B6<", ">B&nbsp;&alpha;<")
    assert one(content).options["a"].split() == ["B", "α"]


def test_too_deep_and_too_many_are_refused() -> None:
    """Limits hold before a tree is built."""
    assert "lie inside each other" in fault(item2("<div>" * 300 + "</div>" * 300))
    assert "more than 10,000 elements" in fault(item2("<br/>" * 10_001))
    many = "".join(f"<!ELEMENT x{at} ANY>" for at in range(101))
    assert "more than 100 declarations" in fault(f"<!DOCTYPE assessmentItem [{many}]><assessmentItem/>")


def test_feedback_for_a_key_that_is_no_option_costs_only_its_question() -> None:
    """A declared answer that no option has, and a text that would be shown after it."""
    feedback = '<modalFeedback outcomeIdentifier="F" identifier="correct" showHide="show">So.</modalFeedback>'
    whole = item2().replace("</assessmentItem>", f"{feedback}</assessmentItem>")
    assert read(whole).drafts
    assert reasons(re.sub(r"(<correctResponse>\s*<value>)[^<]*", r"\1nowhere", whole)) == ["no key"]


def test_empty_lines_before_the_xml_are_passed_over_and_counted() -> None:
    """Some programs write them though XML forbids it; places stay those of the file."""
    assert one("\n\n" + item2()).line == 4
    assert fault("\n\n<assessmentItem>\n</itemBody>").startswith("f:4: The XML is broken here")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "windows-1252"])
def test_encodings_are_those_the_file_declares(encoding: str) -> None:
    """Umlauts arrive in each of them."""
    declared = encoding.removesuffix("-sig")
    content = item2().replace("UTF-8", declared).replace("Timolol", "Säure").encode(encoding)
    assert qti.recognises("f.xml", content)
    assert one(content).options["c"] == "Säure"


def test_formats_are_told_by_content() -> None:
    """A file by its root, a zip by its manifest or its ending; other XML and tables are not QTI."""
    assert format_of("x.dat", BLACKBOARD.encode()) == "qti"
    assert format_of("x", package({"q.xml": item2()})) == "qti"
    assert format_of("x.zip", b"PK\x03\x04 broken") == "qti"
    assert format_of("x.csv", b"question,A,B,answer\nwhat,1,2,A\n") != "qti"
    assert format_of("x.txt", b"Why does <questestinterop > stand here?") != "qti"
    assert format_of("x.xml", b"<quiz><question/></quiz>") != "qti"


MANGLED = [canvas().encode(), item2().encode(), QTI3.encode(), package({"q.xml": item2()})]
edits = st.lists(
    st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)), min_size=1, max_size=4
)


@settings(max_examples=200)
@given(st.sampled_from(MANGLED), edits)
def test_mangled_files_are_read_or_refused_and_never_crash(
    content: bytes, places: list[tuple[float, bytes, int]]
) -> None:
    """Bytes are replaced, put in and taken out; what is then wrong is a fault, and what is read has its key."""
    for place, inserted, removed in places:
        at = int(place * len(content))
        content = content[:at] + inserted + content[at + removed :]
    qti.recognises("f", content)
    for draft in qti.read(content, FaultLog("f")).drafts:
        assert draft.key in draft.options


@pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="the files of other programs are not here")
def test_real_files_are_read_but_those_that_are_no_xml() -> None:
    """Every item is in or has its reason: 80 questions of one best answer, none of them faulty for a bank."""
    refused, questions = [], 0
    skipped: Counter[str] = Counter()
    for path in sorted(CONFORMANCE.rglob("*")):
        if not path.is_file() or not qti.recognises(path.name, content := path.read_bytes()):
            continue
        log = FaultLog(path.name)
        found = qti.read(content, log)
        skipped.update(one.reason for one in found.skipped)
        if log.items:
            refused.append(path.name)
        elif found.drafts:
            questions += len(read_mcq(path.name, content, bank="x")[1])
    assert questions == 80
    assert sum(skipped.values()) == 220
    assert sorted(refused) == [
        "audio-video.xml",
        "fib.xml",
        "fib_str.xml",
        "item_no_title.xml",
    ]
