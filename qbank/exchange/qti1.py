"""Items of QTI 1.2, with what Canvas and Blackboard make of it."""

import re
from collections.abc import Iterator, Mapping
from html import unescape

from qbank.exchange import qti_draft as parts
from qbank.exchange.markup import quoted
from qbank.exchange.mcq_draft import Draft
from qbank.exchange.qti1_scoring import SINGLE, answered
from qbank.exchange.qti_draft import Feedback, NotAsked
from qbank.exchange.qti_html import html_of
from qbank.exchange.qti_xml import Node


def draft_of(item: Node, shared: Mapping[str, str]) -> Draft:
    """The draft of an `item`; `shared` has the texts several questions share, by id. Raises NotAsked with the reason."""
    presentation = item.first("presentation")
    if presentation is None:
        raise NotAsked(parts.NO_QUESTION)
    response = _choice(item, presentation)
    if any(_is_file(node) for node in presentation.each(*_FILES)):
        raise NotAsked(parts.OTHER_FILE)
    options = list(_options(response))
    parts.check_count(options)
    answers = answered(item, response.get("ident"), [ident for ident, _ in options])
    key = parts.best(answers)
    shown, general = parts.feedback_by_answer(list(_feedback(item)), answers, key)
    stimulus = shared.get(_field(item, "parent_stimulus_item_ident"), "")
    stem = "\n\n".join(filter(None, (stimulus, _stem(item, presentation, response))))
    draft = parts.draft_of(item.line, _id(item), stem, options, key, shown, general)
    draft.hints = tuple(_hints(item))
    return draft


def _options(response: Node) -> Iterator[tuple[str, str]]:
    """The answers by their ids. Sakai leaves places for further ones, without id and text."""
    for label in response.each("response_label"):
        text = either_or(_text(label))
        if text or label.get("ident"):
            yield label.get("ident"), text


def either_or(text: str) -> str:
    """The text of an answer; for what Blackboard writes in place of it in an Either/Or question, the word it stands for."""
    named = _EITHER_OR.fullmatch(text)
    if not named:
        return text
    yes, no = named[1].casefold().split("_")
    word = named[4].casefold()
    return {"true": yes, "false": no}.get(word, word).capitalize()


_EITHER_OR = re.compile(
    r"((yes|agree|right|true|on)_(no|disagree|wrong|false|off))\.(true|false|\2|\3)", re.IGNORECASE
)


def shared_text(item: Node) -> dict[str, str]:
    """The text of an item that only holds one for others, by its id, as Canvas writes a stimulus; {} for a question."""
    presentation = item.first("presentation")
    if presentation is None or presentation.first(*_RESPONSES):
        return {}
    return {_id(item): _text(presentation)}


def _stem(item: Node, presentation: Node, response: Node) -> str:
    """The text of the question; in place of a list within it, which Canvas writes as its name in brackets, a blank."""
    name = response.get("ident").removeprefix("response_")
    if "dropdown" not in _field(item, "question_type"):
        return _text(presentation)
    around = Node("", 0, {}, [node for node in presentation.nodes() if node is not response])
    return _text(around).replace(f"[{name}]", "_____")


_RESPONSES = (
    "response_lid",
    "response_str",
    "response_num",
    "response_grp",
    "response_xy",
    "response_extension",
)
_FILES = ("mataudio", "matvideo", "matapplet", "matapplication")
_KINDS = {
    r"matching|jumbled": parts.MATCHING,
    r"order": parts.ORDERING,
    r"categori": "sorting into categories",
    r"essay|long.answer|written.response": parts.ESSAY,
    r"upload": parts.UPLOAD,
    r"hot.?spot": parts.PLACE,
    r"multiple.?answer|multiple.?response|multi.?select": parts.SEVERAL_ANSWERS,
    r"blank|fib|short.answer|numer|calculated|formula|pattern": parts.ENTRY,
    r"text_only": parts.NO_QUESTION,
}
"""The reason for a kind of question, by what Canvas, Common Cartridge and Blackboard call it."""


def _choice(item: Node, presentation: Node) -> Node:
    """The one response of an item that is a choice of one."""
    labels = ("question_type", "cc_profile", "qmd_itemtype", "qmd_questiontype", "bbmd_questiontype")
    kind = _field(item, *labels).casefold()
    named = next((reason for pattern, reason in _KINDS.items() if re.search(pattern, kind)), None)
    responses = list(presentation.each(*_RESPONSES))
    # Brightspace puts how a response looks beside it, in an extension.
    responses = [node for node in responses if node.name != "response_extension"] or responses
    if not responses:
        raise NotAsked(named or parts.NO_QUESTION)
    if len(responses) == 1 and _is_single_in_ultra(item):
        return responses[0]
    other = next((reason for node in responses if (reason := _other_kind(node))), None)
    if other or named or len(responses) > 1:
        raise NotAsked(named or (other if other and len(responses) == 1 else parts.PARTS))
    return responses[0]


def _is_single_in_ultra(item: Node) -> bool:
    """Whether it is a choice of one of Blackboard Ultra, which calls that a multiple answer of which one is right."""
    return any(
        node.get("variablename") == SINGLE and node.text().strip().casefold() == "true"
        for node in item.each("setvar")
    )


def _other_kind(response: Node) -> str | None:
    """What kind of response it is; None for a choice of one."""
    if response.name == "response_str":
        box = response.first("render_fib")
        long = box is not None and (_int(box.get("rows")) > 1 or not any(_values(response)))
        return parts.ESSAY if long else parts.ENTRY
    if response.name != "response_lid":
        return {"response_num": parts.ENTRY, "response_grp": parts.MATCHING, "response_xy": parts.PLACE}.get(
            response.name, "a kind of question of its own program"
        )
    if response.first("render_hotspot"):
        return parts.PLACE
    cardinality = response.get("rcardinality").casefold()
    if cardinality == "ordered":
        return parts.ORDERING
    render = response.first("render_choice")
    if cardinality == "multiple" and (render is None or render.get("maxnumber") != "1"):
        return parts.SEVERAL_ANSWERS
    return None


def _values(response: Node) -> Iterator[str]:
    return (label.text().strip() for label in response.each("response_label"))


def _int(text: str) -> int:
    """The number in an attribute, 0 for none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _id(item: Node) -> str:
    return item.get("ident") or _field(item, "bbmd_asi_object_id")


def _field(item: Node, *labels: str) -> str:
    """The first of these fields of an item's metadata, as QTI's label and entry or as an element."""
    for field in item.each("qtimetadatafield", "qti_metadatafield"):
        label, entry = field.first("fieldlabel"), field.first("fieldentry")
        if label and entry and label.text().strip() in labels:
            return entry.text().strip()
    found = item.first(*labels)
    return found.text().strip() if found else ""


def _hints(item: Node) -> Iterator[str]:
    """The item's keywords and the titles of the sections and the test that it lies in, the nearest first."""
    found = [word for label in _KEYWORDS for word in re.split("[,;\n]", _field(item, label))]
    yield from dict.fromkeys(
        word for text in (*found, *reversed(item.above)) if (word := parts.line_of(text))
    )


_KEYWORDS = (
    "keywords",
    "qmd_keywords",
    "ITEM_KEYWORD",
    "ITEM_TAGS",
    "ITEM_OBJECTIVE",
    "qmd_topic",
    "topic",
    "category",
    "cc_question_category",
    "bbmd_keywords",
)


def _feedback(item: Node) -> Iterator[Feedback]:
    """The texts for learners, solutions among them; hints come before an answer and are none."""
    for node in item.each("itemfeedback"):
        if node.get("view").casefold() in ("", "all", "candidate") and not node.first("hint"):
            name = node.get("ident")
            # Brightspace calls what it shows after every answer as the question.
            yield Feedback("general" if name and name == item.get("label") else name, _text(node))


def _is_file(node: Node) -> bool:
    return bool(node.get("uri") or node.get("label") or node.text().strip())


def _text(node: Node) -> str:
    """The texts of an element, a paragraph a material; options within it belong to themselves."""
    paragraphs = (
        " ".join(filter(None, map(piece, _pieces(material)))) for material in _materials(node, node)
    )
    return "\n\n".join(filter(None, paragraphs))


def _materials(node: Node, top: Node) -> Iterator[Node]:
    if node.name == "material" or (
        node.name == "response_label" and node is top and not node.first("material")
    ):
        yield node
    elif node.name != "response_label" or node is top:
        for child in node.nodes():
            yield from _materials(child, top)


_PIECES = ("mattext", "matemtext", "mat_formattedtext", "localizable_mattext", "matimage", "matbreak")
"""What a material holds; WebCT has its own element for texts."""
_ADDRESS = "suggested_solution"
"""The label under which ILIAS keeps the address of a page beside the answers."""


def _pieces(material: Node) -> Iterator[Node]:
    if material.name == "response_label":  # a slider's labels are their numbers
        return iter([material])
    found = material.each(*_PIECES)
    return (node for node in found if node.get("label") != _ADDRESS)


# Many programs call a text plain that is HTML all the same.
_HTML = re.compile(
    r"</?(?:p|br|div|span|b|i|u|em|strong|sub|sup|img|table|ul|ol|li|h[1-6]|font|a)\b[^<>]*>", re.IGNORECASE
)


_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}\d?|#\d{1,6}|#x[\dA-Fa-f]{1,5});")


def piece(node: Node) -> str:
    """The text of an element that holds plain text or HTML, whatever it says of itself."""
    if node.name == "matimage":
        path = node.get("uri") or ("inside the text" if node.text().strip() else "")
        return f"![{node.get('label')}]({quoted(path)})" if path else ""
    if next(node.nodes(), None):
        return parts.text_of(html_of(node))
    text = node.text()
    kind = (node.get("texttype") or node.get("type")).casefold()
    if "html" in kind or _HTML.search(text):
        return parts.text_of(text)
    text = _ENTITY.sub(lambda one: unescape(one[0]), text)
    return re.sub(r"[ \t]*\n[ \t]{2,}|[ \t\xa0]+", " ", text).strip()
