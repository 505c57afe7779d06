"""What QTI 2.1 and 3.0 allow of the elements that go out from here, and a check of a file against it.

Sources: imsqti_v2p1p2.xsd, imsqti_itemv3p0p1_v1p0.xsd, their profiles of IMS Content Packaging 1.2, imsmd_loose_v1p3p2.xsd
and imsqti_metadatav3p0_v1p0.xsd. Their licence keeps them out of this project, so this says in its own words what of them
concerns an item with one choice. It allows nothing that they forbid.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import NamedTuple

PHRASES = frozenset({"a", "br", "code", "em", "img", "strong"})
BLOCKS = frozenset({"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul"})
FLOW = PHRASES | BLOCKS
NAME = "[A-Za-z_][A-Za-z0-9_.-]*"
TEXT = "(?s).*"
BOOLEAN = "true|false"


class Rule(NamedTuple):
    """An element's children in their order as a pattern over their names, its attributes, and whether it holds text.

    An attribute that may be left out ends with `?`.
    """

    children: str
    attributes: dict[str, str]
    is_mixed: bool = False


def any_of(names: frozenset[str]) -> str:
    return f"(({'|'.join(sorted(names))}) )*"


ITEM = {
    "assessmentItem": Rule(
        "(responseDeclaration )*(outcomeDeclaration )*itemBody responseProcessing (modalFeedback )*",
        {
            "identifier": ".+",
            "title": ".+",
            "toolName": ".+",
            "adaptive": BOOLEAN,
            "timeDependent": BOOLEAN,
            "schemaLocation": TEXT,
        },
    ),
    "responseDeclaration": Rule(
        "(correctResponse )?", {"identifier": NAME, "cardinality": "single", "baseType": "identifier"}
    ),
    "outcomeDeclaration": Rule(
        "(defaultValue )?", {"identifier": NAME, "cardinality": "single", "baseType": "identifier|float"}
    ),
    "correctResponse": Rule("value ", {}),
    "defaultValue": Rule("value ", {}),
    "value": Rule("", {}, is_mixed=True),
    "itemBody": Rule(any_of(BLOCKS | {"choiceInteraction", "rubricBlock"}), {}),
    "choiceInteraction": Rule(
        "(prompt )?(simpleChoice )+", {"responseIdentifier": NAME, "shuffle": BOOLEAN, "maxChoices": "1"}
    ),
    "prompt": Rule(any_of(PHRASES), {}, is_mixed=True),
    "simpleChoice": Rule(any_of(FLOW), {"identifier": NAME, "fixed?": BOOLEAN}, is_mixed=True),
    "responseProcessing": Rule("(responseCondition )*(setOutcomeValue )*", {"template?": "https?://.+"}),
    "responseCondition": Rule("responseIf ", {}),
    "responseIf": Rule("match (setOutcomeValue )*", {}),
    "match": Rule("variable correct ", {}),
    "variable": Rule("", {"identifier": NAME}),
    "correct": Rule("", {"identifier": NAME}),
    "setOutcomeValue": Rule("(variable |baseValue )", {"identifier": NAME}),
    "baseValue": Rule("", {"baseType": "float"}, is_mixed=True),
}
ITEM21 = {
    **ITEM,
    "modalFeedback": Rule(
        any_of(FLOW), {"outcomeIdentifier": NAME, "identifier": NAME, "showHide": "show"}, is_mixed=True
    ),
    "rubricBlock": Rule(any_of(FLOW), {"view": "author", "class?": TEXT}, is_mixed=True),
}
ITEM30 = {
    **ITEM,
    "modalFeedback": Rule(
        "contentBody ", {"outcomeIdentifier": NAME, "identifier": NAME, "showHide": "show"}
    ),
    "rubricBlock": Rule("contentBody ", {"view": "author", "use": "instructions", "class?": TEXT}),
    "contentBody": Rule(any_of(FLOW), {}, is_mixed=True),
}
XHTML = {
    **dict.fromkeys(("p", "h1", "h2", "h3", "h4", "h5", "h6"), Rule(any_of(PHRASES), {}, is_mixed=True)),
    **dict.fromkeys(("em", "strong"), Rule(any_of(PHRASES), {}, is_mixed=True)),
    "code": Rule(any_of(PHRASES), {}, is_mixed=True),
    "pre": Rule(any_of(PHRASES - {"img"}), {"class?": TEXT}, is_mixed=True),
    "blockquote": Rule(any_of(BLOCKS), {}),
    "ul": Rule("(li )*", {}),
    "ol": Rule("(li )*", {}),
    "li": Rule(any_of(FLOW), {}, is_mixed=True),
    "table": Rule("(thead )?(tbody )+", {}),
    "thead": Rule("(tr )+", {}),
    "tbody": Rule("(tr )+", {}),
    "tr": Rule("((td|th) )*", {}),
    "td": Rule(any_of(FLOW), {}, is_mixed=True),
    "th": Rule(any_of(FLOW), {}, is_mixed=True),
    "a": Rule(any_of(PHRASES - {"a"}), {"href": TEXT}, is_mixed=True),
    "img": Rule("", {"src": TEXT, "alt": TEXT}),
    "br": Rule("", {}),
    "hr": Rule("", {}),
}
MANIFEST = {
    "manifest": Rule("metadata organizations resources ", {"identifier": NAME, "schemaLocation": TEXT}),
    "schema": Rule("", {}, is_mixed=True),
    "schemaversion": Rule("", {}, is_mixed=True),
    "organizations": Rule("", {}),
    "resources": Rule("(resource )*", {}),
    "resource": Rule(
        "metadata (file )+", {"identifier": NAME, "type": "imsqti_item_xmlv(2p1|3p0)", "href": ".+"}
    ),
    "metadata": Rule("(schema schemaversion |qtiMetadata lom )", {}),
    "file": Rule("", {"href": ".+"}),
    "qtiMetadata": Rule("timeDependent interactionType feedbackType solutionAvailable toolName ", {}),
    **dict.fromkeys(
        ("timeDependent", "interactionType", "feedbackType", "solutionAvailable", "toolName"),
        Rule("", {}, is_mixed=True),
    ),
    "lom": Rule("(general )?(classification )*", {}),
    "general": Rule("(keyword )*", {}),
    "keyword": Rule("(string )*", {}),
    "classification": Rule("purpose (taxonPath )*", {}),
    "purpose": Rule("source value ", {}),
    "taxonPath": Rule("source (taxon )*", {}),
    "taxon": Rule("id (entry )?", {}),
    "entry": Rule("(string )*", {}),
    "source": Rule("(string )?", {}, is_mixed=True),
    **dict.fromkeys(("value", "id", "string"), Rule("", {}, is_mixed=True)),
}


def breaches(content: bytes, *, is_qti3: bool) -> list[str]:
    """What an item or a manifest has that its version of QTI does not allow."""
    root = ET.fromstring(content)
    rules = MANIFEST if _local(root.tag) == "manifest" else {**(ITEM30 if is_qti3 else ITEM21), **XHTML}
    return [
        f"{element.tag}: {fault}" for element in root.iter() for fault in _faults(element, rules, is_qti3)
    ]


def _faults(element: ET.Element, rules: dict[str, Rule], is_qti3: bool) -> Iterator[str]:
    name = _local(element.tag)
    if name not in rules:
        yield "no such element"
        return
    if rules is not MANIFEST and is_qti3 and name in ITEM30 and "}qti-" not in element.tag:
        yield "a name of QTI 2"
    rule = rules[name]
    children = "".join(f"{_local(child.tag)} " for child in element)
    if not re.fullmatch(rule.children, children):
        yield f"children {children}"
    texts = [element.text, *(child.tail for child in element)]
    if not rule.is_mixed and any(text and text.strip() for text in texts):
        yield "text between its children"
    values = {_local(key, is_element=False): value for key, value in element.attrib.items()}
    for key, pattern in rule.attributes.items():
        value = values.pop(key.removesuffix("?"), None)
        if (value is None and not key.endswith("?")) or (
            value is not None and not re.fullmatch(pattern, value)
        ):
            yield f"{key} is {value!r}"
    yield from (f"the attribute {key}" for key in values)


def _local(tag: str, *, is_element: bool = True) -> str:
    """A name without its namespace, as QTI 2.1 spells it."""
    name = tag.rpartition("}")[2]
    if is_element and not name.startswith("qti-"):
        return name
    head, *rest = name.removeprefix("qti-").split("-")
    return head + "".join(part.capitalize() for part in rest)
