"""QTI as its programs write it, shortened to what carries meaning."""

import io
import zipfile
from collections.abc import Mapping


def canvas(item: str = "", *, key: str = "8459", cardinality: str = "Single") -> str:
    """A quiz of Canvas with one question on B12, and another item behind it."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment ident="a">
  <section ident="root_section">
<item ident="g1" title="Question">
  <presentation>
    <material><mattext texttype="text/html">
      &lt;p&gt;Which vitamin needs &lt;b&gt;intrinsic&lt;/b&gt; factor?&lt;/p&gt;</mattext></material>
    <response_lid ident="response1" rcardinality="{cardinality}"><render_choice>
      <response_label ident="5706"><material><mattext texttype="text/plain">B6</mattext></material></response_label>
      <response_label ident="8459"><material><mattext texttype="text/plain">B12</mattext></material></response_label>
      <response_label ident="7011"><material><mattext texttype="text/plain">C</mattext></material></response_label>
    </render_choice></response_lid>
  </presentation>
  <resprocessing>
    <outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>
    <respcondition continue="Yes"><conditionvar><other/></conditionvar><displayfeedback linkrefid="general_fb"/>
      </respcondition>
    <respcondition continue="Yes"><conditionvar><varequal respident="response1">5706</varequal></conditionvar>
      <displayfeedback linkrefid="5706_fb"/></respcondition>
    <respcondition continue="No"><conditionvar><varequal respident="response1">{key}</varequal></conditionvar>
      <setvar action="Set" varname="SCORE">100</setvar><displayfeedback linkrefid="correct_fb"/></respcondition>
    <respcondition continue="Yes"><conditionvar><other/></conditionvar>
      <displayfeedback linkrefid="general_incorrect_fb"/></respcondition>
  </resprocessing>
  <itemfeedback ident="general_fb"><flow_mat><material><mattext>Think of the ileum.</mattext></material></flow_mat>
    </itemfeedback>
  <itemfeedback ident="correct_fb"><flow_mat><material><mattext>Parietal cells make it.</mattext></material>
    </flow_mat></itemfeedback>
  <itemfeedback ident="general_incorrect_fb"><flow_mat><material><mattext>Incorrect.</mattext></material>
    </flow_mat></itemfeedback>
  <itemfeedback ident="5706_fb"><flow_mat><material><mattext>Isoniazid wastes this one.</mattext></material>
    </flow_mat></itemfeedback>
</item>
{item}
</section></assessment></questestinterop>"""


BLACKBOARD = """<?xml version="1.0" encoding="UTF-8"?>
<questestinterop><assessment title="Pool"><section><item maxattempts="0">
<itemmetadata><bbmd_asi_object_id>_7_1</bbmd_asi_object_id><bbmd_questiontype>Multiple Choice</bbmd_questiontype>
  </itemmetadata>
<presentation><flow class="Block">
  <flow class="QUESTION_BLOCK"><flow class="FORMATTED_TEXT_BLOCK"><material><mat_extension>
    <mat_formattedtext type="HTML">&lt;p&gt;Which nerve lifts the lid?&lt;/p&gt;</mat_formattedtext>
      </mat_extension></material></flow>
    <flow class="FILE_BLOCK"><material><matapplication label="" uri=""/></material></flow></flow>
  <flow class="RESPONSE_BLOCK"><response_lid ident="response" rcardinality="Single" rtiming="No">
    <render_choice shuffle="No">
    <flow_label class="Block"><response_label ident="id1"><flow_mat class="FORMATTED_TEXT_BLOCK"><material>
      <mat_extension>
      <mat_formattedtext type="HTML">Facial</mat_formattedtext></mat_extension></material></flow_mat>
        </response_label></flow_label>
    <flow_label class="Block"><response_label ident="id2"><flow_mat class="FORMATTED_TEXT_BLOCK"><material>
      <mat_extension>
      <mat_formattedtext type="HTML">Oculomotor</mat_formattedtext></mat_extension></material></flow_mat>
        </response_label></flow_label>
  </render_choice></response_lid></flow>
</flow></presentation>
<resprocessing scoremodel="SumOfScores">
  <outcomes><decvar varname="SCORE" vartype="Decimal" defaultval="0" minvalue="0" maxvalue="10.0"/></outcomes>
  <respcondition title="correct"><conditionvar><varequal respident="response" case="No">id2</varequal></conditionvar>
    <setvar variablename="SCORE" action="Set">SCORE.max</setvar>
      <displayfeedback linkrefid="correct" feedbacktype="Response"/></respcondition>
  <respcondition title="incorrect"><conditionvar><other/></conditionvar>
    <setvar variablename="SCORE" action="Set">0</setvar>
      <displayfeedback linkrefid="incorrect" feedbacktype="Response"/></respcondition>
  <respcondition><conditionvar><varequal respident="id1" case="No"/></conditionvar>
    <setvar variablename="SCORE" action="Set">0</setvar><displayfeedback linkrefid="id1" feedbacktype="Response"/>
      </respcondition>
  <respcondition><conditionvar><varequal respident="id2" case="No"/></conditionvar>
    <setvar variablename="SCORE" action="Set">0</setvar><displayfeedback linkrefid="id2" feedbacktype="Response"/>
      </respcondition>
</resprocessing>
<itemfeedback ident="id1" view="All"><flow_mat><material><mat_extension>
  <mat_formattedtext type="HTML">It closes the eye.</mat_formattedtext>
  </mat_extension></material></flow_mat></itemfeedback>
<itemfeedback ident="correct" view="All"><flow_mat><material><mat_extension>
  <mat_formattedtext type="HTML">Levator palpebrae.
  </mat_formattedtext></mat_extension></material></flow_mat></itemfeedback>
</item></section></assessment></questestinterop>"""


def item2(
    body: str = "",
    *,
    correct: str = "<correctResponse><value>B</value></correctResponse>",
    cardinality: str = "single",
    processing: str = "",
    behind: str = "",
    identifier: str = "q1",
) -> str:
    """An item of QTI 2.1: a choice of three, or another body."""
    body = (
        body
        or """<p>A pulse of 40.</p><choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1">
      <prompt>Which drug?</prompt><simpleChoice identifier="A">Digoxin</simpleChoice>
      <simpleChoice identifier="B">Atropine<feedbackInline outcomeIdentifier="FEEDBACK" identifier="B" showHide="show">
      It blocks the vagus.</feedbackInline></simpleChoice>
      <simpleChoice identifier="C">Timolol</simpleChoice></choiceInteraction>"""
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="{identifier}" adaptive="false">
  <responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="identifier">
    {correct}</responseDeclaration>
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
  <outcomeDeclaration identifier="FEEDBACK" cardinality="multiple" baseType="identifier"/>
  <itemBody>{body}</itemBody>{processing}{behind}</assessmentItem>"""


QTI3 = """<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="q3" adaptive="false">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
    <qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>
  <qti-outcome-declaration identifier="FEEDBACK" cardinality="single" base-type="identifier"/>
  <qti-assessment-stimulus-ref identifier="s1" href="../stimuli/case.xml"/>
  <qti-item-body><qti-choice-interaction response-identifier="RESPONSE" max-choices="1">
    <qti-prompt>What is low?</qti-prompt>
    <qti-simple-choice identifier="A">Sodium</qti-simple-choice>
      <qti-simple-choice identifier="B">Calcium</qti-simple-choice>
  </qti-choice-interaction></qti-item-body>
  <qti-response-processing>
    <qti-response-condition><qti-response-if>
      <qti-match><qti-variable identifier="RESPONSE"/><qti-correct identifier="RESPONSE"/></qti-match>
      <qti-set-outcome-value identifier="FEEDBACK"><qti-base-value base-type="identifier">yes</qti-base-value>
        </qti-set-outcome-value>
    </qti-response-if><qti-response-else>
      <qti-set-outcome-value identifier="FEEDBACK"><qti-base-value base-type="identifier">no</qti-base-value>
        </qti-set-outcome-value>
    </qti-response-else></qti-response-condition>
  </qti-response-processing>
  <qti-modal-feedback outcome-identifier="FEEDBACK" identifier="yes" show-hide="show">
    <qti-content-body>Water stays.</qti-content-body></qti-modal-feedback>
  <qti-modal-feedback outcome-identifier="FEEDBACK" identifier="no" show-hide="show">
    <qti-content-body>Look at the albumin.</qti-content-body></qti-modal-feedback>
</qti-assessment-item>"""

STIMULUS3 = """<qti-assessment-stimulus xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="s1">
  <qti-stimulus-body><p>A man drinks much.</p></qti-stimulus-body></qti-assessment-stimulus>"""


def package(members: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these members behind a manifest."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in {"imsmanifest.xml": "<manifest/>", **members}.items():
            archive.writestr(name, content)
    return out.getvalue()


def pool(*questions: str) -> str:
    """A file of Blackboard before its version 7."""
    return f"<?xml version='1.0'?><POOL><TITLE value='Week 2'/><QUESTIONLIST/>{''.join(questions)}</POOL>"


def pool_choice(kind: str = "MULTIPLECHOICE", keys: str = "<CORRECTANSWER answer_id='q1_a2'/>") -> str:
    """A question of a pool on the nephron."""
    return f"""<QUESTION_{kind} id='q1'><BODY><TEXT><![CDATA[<b>Where</b> do thiazides act?]]></TEXT>
      <FLAGS><ISHTML value='true'/></FLAGS></BODY>
    <ANSWER id='q1_a1' position='1'><TEXT>Loop of Henle</TEXT></ANSWER>
    <ANSWER id='q1_a2' position='2'><TEXT><![CDATA[<span>Distal tubule</span>]]></TEXT></ANSWER>
    <GRADABLE>{keys}<FEEDBACK_WHEN_CORRECT>They block its cotransporter.</FEEDBACK_WHEN_CORRECT>
      <FEEDBACK_WHEN_INCORRECT>Other diuretics act there.</FEEDBACK_WHEN_INCORRECT></GRADABLE></QUESTION_{kind}>"""


def sakai(points: str = "1.0", *, title: str = "", keyword: str = "") -> str:
    """An item of Sakai, with places for options that nobody wrote."""
    conditions = "".join(
        f"""<respcondition continue="No"{f' title="{name}"' if title else ""}><conditionvar>
        <varequal respident="MCSC">
{ident}</varequal></conditionvar><setvar action="Add" varname="SCORE">{score}</setvar>
        <displayfeedback linkrefid="{name}"/><displayfeedback linkrefid="{ident}1"/></respcondition>"""
        for ident, score, name in (("A", "0", "InCorrect"), ("B", points, "Correct"))
    )
    empty = "<response_label><material><mattext>\n</mattext></material></response_label>"
    return f"""<?xml version="1.0"?>
<item ident="119" title="Multiple Choice"><itemmetadata><qtimetadata>
  <qtimetadatafield><fieldlabel>
qmd_itemtype</fieldlabel><fieldentry>
Multiple Choice</fieldentry></qtimetadatafield>
  <qtimetadatafield><fieldlabel>ITEM_KEYWORD</fieldlabel><fieldentry>{keyword}</fieldentry></qtimetadatafield>
  </qtimetadata></itemmetadata>
<presentation><flow><material><mattext>
Which drug blocks beta receptors?</mattext></material><material><matimage uri=""/></material>
<response_lid ident="MCSC" rcardinality="Single"><render_choice shuffle="No">
  <response_label ident="A"><material><mattext>
Prazosin</mattext></material></response_label>
  <response_label ident="B"><material><mattext>
Atenolol</mattext></material></response_label>{empty}{empty}
</render_choice></response_lid></flow></presentation>
<resprocessing><outcomes><decvar varname="SCORE" maxvalue="{points}"/></outcomes>{conditions}</resprocessing>
<itemfeedback ident="A1"><flow_mat><material><mattext>It blocks alpha-1.</mattext></material></flow_mat></itemfeedback>
</item>"""


def ultra(variable: str) -> str:
    """A question of Blackboard Ultra with one right answer, and the variable that says so."""
    options = "".join(
        f"""<flow_label class="Block"><response_label ident="{ident}"><flow_mat><material><mat_extension>
        <mat_formattedtext type="HTML">&lt;p&gt;{text}&lt;/p&gt;</mat_formattedtext></mat_extension></material></flow_mat>
        </response_label></flow_label>"""
        for ident, text in (("id1", "Biceps"), ("id2", "Deltoid"), ("id3", "Triceps"))
    )
    asked = '<varequal respident="response" case="No">{}</varequal>'
    return f"""<?xml version="1.0"?><questestinterop><assessment title="Arm"><section><item maxattempts="0">
<itemmetadata><bbmd_asi_object_id>_3_1</bbmd_asi_object_id><bbmd_questiontype>Multiple Answer</bbmd_questiontype>
  </itemmetadata>
<presentation><flow><flow class="QUESTION_BLOCK"><material><mat_extension>
  <mat_formattedtext type="HTML">Which muscle abducts?</mat_formattedtext></mat_extension></material></flow>
  <flow class="RESPONSE_BLOCK"><response_lid ident="response" rcardinality="Multiple"><render_choice maxnumber="0">
  {options}</render_choice></response_lid></flow></flow></presentation>
<resprocessing><outcomes><decvar varname="SCORE" maxvalue="1.00000"/></outcomes>
  <respcondition title="correct"><conditionvar><and><not>{asked.format("id1")}</not>{asked.format("id2")}
    <not>{asked.format("id3")}</not></and></conditionvar>
    <setvar variablename="SCORE" action="Set">SCORE.max</setvar>{variable}</respcondition>
  <respcondition title="incorrect"><conditionvar><other/></conditionvar>
    <setvar variablename="SCORE" action="Set">0</setvar></respcondition>
  <respcondition><conditionvar><varequal respident="id2" case="No"/></conditionvar>
    <setvar variablename="SCORE" action="Set">0</setvar></respcondition>
</resprocessing></item></section></assessment></questestinterop>"""
