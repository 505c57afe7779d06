"""Items of QTI 2.0 to 3.0, which differ in the spelling of their names."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from qbank.exchange import qti_draft as parts
from qbank.exchange import qti_own
from qbank.exchange.mcq_draft import Draft
from qbank.exchange.qti2_scoring import answered
from qbank.exchange.qti_draft import Answered, Feedback, NotAsked
from qbank.exchange.qti_html import html_of
from qbank.exchange.qti_xml import Node


def draft_of(item: Node, shared: Mapping[str, str], member: str) -> Draft:
    """The draft of an `assessmentItem`; `shared` has the texts several questions share, by member of the package.

    Raises NotAsked with the reason.
    """
    if qti_own.is_own(item) and (draft := qti_own.draft_of(item)):
        return draft
    body = item.first("itemBody")
    if body is None:
        raise NotAsked(parts.NO_QUESTION)
    for node in body.each(*_FEEDBACK):
        if node.first("choiceInteraction", "inlineChoiceInteraction"):
            node.name = "div"  # a block that hides the question once it is answered
    interaction = _interaction(body)
    if item.first("templateProcessing") and _is_drawn(item, body):
        raise NotAsked("numbers drawn anew each time")
    if any(not node.get("type").startswith("image/") for node in body.each(*_FILES)):
        raise NotAsked(parts.OTHER_FILE)
    choices = list(interaction.each("simpleChoice", "inlineChoice"))
    options = [
        (choice.get("identifier"), parts.text_of(html_of(choice, dict.fromkeys(_FEEDBACK, ""))))
        for choice in choices
    ]
    parts.check_count(options)
    response = _declaration(item, interaction)
    answers = answered(item, response, [ident for ident, _ in options])
    key = _key(response, answers)
    shown, general = parts.feedback_by_answer(list(_feedback(item)), answers, key)
    for choice in choices:
        own = [parts.text_of(html_of(node)) for node in choice.each(*_FEEDBACK)]
        shown[choice.get("identifier")] = [*own, *shown.get(choice.get("identifier"), [])]
    stem = "\n\n".join(filter(None, (*_stimuli(item, shared, member), _stem(body))))
    draft = parts.draft_of(item.line, qti_own.question_of(item), stem, options, key, shown, general)
    draft.order = _order(interaction, choices)
    return draft


def shared_text(stimulus: Node) -> str:
    """The text of an `assessmentStimulus`."""
    body = stimulus.first("stimulusBody")
    return parts.text_of(html_of(body)) if body else ""


_FEEDBACK = ("feedbackInline", "feedbackBlock")
_FILES = ("object", "audio", "video", "iframe", "embed", "include")
_HIDDEN = (
    *_FEEDBACK,
    "simpleChoice",
    "endAttemptInteraction",
    "templateBlock",
    "templateInline",
    "rubricBlock",
)
_IN_STEM = {**dict.fromkeys(_HIDDEN, ""), "inlineChoiceInteraction": " _____ "}
_KINDS = {
    "extendedText": parts.ESSAY,
    "drawing": "a picture to draw",
    "textEntry": parts.ENTRY,
    "slider": parts.ENTRY,
    "match": parts.MATCHING,
    "gapMatch": parts.MATCHING,
    "graphicGapMatch": parts.MATCHING,
    "associate": parts.MATCHING,
    "graphicAssociate": parts.MATCHING,
    "order": parts.ORDERING,
    "graphicOrder": parts.ORDERING,
    "hotspot": parts.PLACE,
    "selectPoint": parts.PLACE,
    "positionObject": parts.PLACE,
    "hottext": parts.PLACE,
    "upload": parts.UPLOAD,
    "media": parts.OTHER_FILE,
}


def _is_drawn(item: Node, body: Node) -> bool:
    """Whether what is drawn anew each time shows in the question or changes its key; some programs draw for nothing."""
    drawn = {node.get("identifier") for node in item.each("templateDeclaration")}
    shown = {node.text().strip() for node in body.each("mi", "ci")}
    chosen = {node.get("templateIdentifier") for node in body.each("simpleChoice", "inlineChoice")}
    shows = item.first("printedVariable", "templateBlock", "templateInline", "setCorrectResponse")
    uses = {
        node.get("identifier") for node in item.each("responseProcessing") for node in node.each("variable")
    }
    return shows is not None or not drawn.isdisjoint(shown | chosen | uses)


def _interaction(body: Node) -> Node:
    """The one choice of an item."""
    found = [
        node
        for node in _all(body)
        if node.name.endswith("Interaction") and node.name != "endAttemptInteraction"
    ]
    if not found:
        raise NotAsked(parts.NO_QUESTION)
    kinds = dict.fromkeys(node.name.removesuffix("Interaction") for node in found)
    if kinds.keys() & {"media"} and kinds.keys() <= {"media", "choice", "inlineChoice"}:
        raise NotAsked(parts.OTHER_FILE)
    if len(kinds) > 1 or (len(found) > 1 and kinds.keys() & {"choice", "inlineChoice"}):
        raise NotAsked(parts.PARTS)
    if not kinds.keys() & {"choice", "inlineChoice"}:
        raise NotAsked(_KINDS.get(next(iter(kinds)), "a kind of question of its own program"))
    return found[0]


def _all(node: Node) -> Iterator[Node]:
    yield node
    for child in node.nodes():
        yield from _all(child)


def _order(interaction: Node, choices: Sequence[Node]) -> tuple[bool, int] | None:
    """The order of options some of which are fixed while others are shuffled; None where the file has no such wish.

    Not to shuffle at all is what most programs write when nobody has thought of it.
    """
    fixed = [choice.get("fixed") == "true" for choice in choices]
    if interaction.get("shuffle") != "true" or not any(fixed) or all(fixed):
        return None
    last = qti_own.pinned(choices)
    return (True, 0) if sum(fixed) > last else (False, last)


def _declaration(item: Node, interaction: Node) -> Node:
    """What the item says of its response. Raises NotAsked if more than one answer may be given."""
    name = interaction.get("responseIdentifier")
    for node in item.each("responseDeclaration"):
        if node.get("identifier") == name:
            if node.get("cardinality") == "multiple" and interaction.get("maxChoices") != "1":
                raise NotAsked(parts.SEVERAL_ANSWERS)
            if node.get("cardinality") == "ordered":
                raise NotAsked(parts.ORDERING)
            return node
    raise NotAsked(parts.NO_KEY)


def _key(response: Node, answers: Mapping[str, Answered]) -> str:
    """The declared answer, else the one of the highest mapped value, else the one that the processing scores most."""
    correct = response.first("correctResponse")
    values = [node.text().strip() for node in correct.each("value")] if correct else []
    if len(values) > 1:
        raise NotAsked(parts.SEVERAL_ANSWERS)
    return values[0] if values else parts.best(answers)


def _feedback(item: Node) -> Iterator[Feedback]:
    """The texts outside of options; their names are those of outcome and value, as the scoring gives them."""
    body = item.first("itemBody")
    blocks = _outside_choices(body) if body else iter(())
    for node in (*item.each("modalFeedback"), *blocks):
        # What is hidden by a name that no scoring gives is always shown; Common Cartridge has its general feedback so.
        if node.get("showHide") != "hide" or parts.is_general(node.get("identifier")):
            name = f"{node.get('outcomeIdentifier')} {node.get('identifier')}"
            yield Feedback(name, parts.text_of(html_of(node)))


def _outside_choices(node: Node) -> Iterator[Node]:
    if node.name in _FEEDBACK:
        yield node
    elif node.name not in ("simpleChoice", "inlineChoice"):
        for child in node.nodes():
            yield from _outside_choices(child)


def _stem(body: Node) -> str:
    return parts.text_of(html_of(body, _IN_STEM))


def _stimuli(item: Node, shared: Mapping[str, str], member: str) -> Iterator[str]:
    """The texts in other members that the item is about, and what its rubric tells the learner."""
    for node in item.each("assessmentStimulusRef"):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(member), node.get("href")))
        if path not in shared:
            raise NotAsked(parts.OTHER_FILE)
        yield shared[path]
    for node in item.each("rubricBlock"):
        if not node.get("view") or "candidate" in node.get("view").split():
            yield parts.text_of(html_of(node))
