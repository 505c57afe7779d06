"""What QTI 2.1 and 3.0 allow of the elements that go out from here, and a check of a file against it.

Sources: imsqti_v2p1.xsd and imsqti_v2p1p2.xsd, imsqti_asiv3p0_v1p0.xsd, their profiles of IMS Content Packaging 1.2,
imsmd_loose_v1p3p2.xsd and imsqti_metadatav3p0_v1p0.xsd. Their licence keeps them out of this project, so this says in its
own words what of them concerns an item with one choice. It allows nothing that any of them forbids.
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
_LEGAL = r"(?=([!#$&-;=?-Z_a-z~[\]]|%[0-9A-Fa-f]{2})*\Z)"
_AUTHORITY = r"//([^/?#@[\]]*@)?([^/?#@:[\]]*|\[[0-9a-f:.]+\])(:\d+)?(?=[/?#]|\Z)"
URI = rf"{_LEGAL}([A-Za-z][A-Za-z0-9+.-]*:|(?![^/?#]*:))({_AUTHORITY}|(?!//))[^#[\]]*(#[^#[\]]*)?"
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_XSD = "http://www.imsglobal.org/xsd"
NAMESPACES = {
    False: {
        "assessmentItem": f"{_XSD}/imsqti_v2p1",
        "manifest": f"{_XSD}/imscp_v1p1",
        "qtiMetadata": f"{_XSD}/imsqti_metadata_v2p1",
        "lom": _LOM,
    },
    True: {
        "assessmentItem": f"{_XSD}/imsqtiasi_v3p0",
        "manifest": f"{_XSD}/qti/qtiv3p0/imscp_v1p1",
        "qtiMetadata": f"{_XSD}/imsqti_metadata_v3p0",
        "lom": _LOM,
    },
}
"""By whether it is QTI 3: the namespace of an element and of what is within it."""


class Rule(NamedTuple):
    """An element's children in their order as a pattern over their names, its attributes, and whether it holds text.

    An attribute that may be left out ends with `?`. `text` is a pattern for the text of an element without children.
    """

    children: str
    attributes: dict[str, str]
    is_mixed: bool = False
    text: str = TEXT


def any_of(names: frozenset[str]) -> str:
    return f"(({'|'.join(sorted(names))}) )*"


ITEM = {
    "assessmentItem": Rule(
        "responseDeclaration (outcomeDeclaration )*itemBody responseProcessing (modalFeedback )*",
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
    "itemBody": Rule(f"(rubricBlock )*(?=.){any_of(BLOCKS | {'choiceInteraction'})}", {}),
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
    "assessmentItem": ITEM["assessmentItem"]._replace(
        attributes={**ITEM["assessmentItem"].attributes, "identifier": NAME}
    ),
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
    "tr": Rule("((td|th) )+", {}),
    "td": Rule(any_of(FLOW), {}, is_mixed=True),
    "th": Rule(any_of(FLOW), {}, is_mixed=True),
    "a": Rule(any_of(PHRASES - {"a"}), {"href": URI}, is_mixed=True),
    "img": Rule("", {"src": URI, "alt": TEXT}),
    "br": Rule("", {}),
    "hr": Rule("", {}),
}
MANIFEST = {
    "manifest": Rule("metadata organizations resources ", {"identifier": NAME, "schemaLocation": TEXT}),
    "manifest/metadata": Rule("schema schemaversion ", {}),
    "organizations": Rule("", {}),
    "resources": Rule("(resource )*", {}),
    "resource/metadata": Rule("qtiMetadata lom ", {}),
    "file": Rule("", {"href": URI}),
    "qtiMetadata": Rule("timeDependent interactionType feedbackType solutionAvailable toolName ", {}),
    "timeDependent": Rule("", {}, is_mixed=True, text=BOOLEAN),
    "interactionType": Rule("", {}, is_mixed=True, text="choiceInteraction"),
    "feedbackType": Rule("", {}, is_mixed=True, text="adaptive|nonadaptive|none"),
    "solutionAvailable": Rule("", {}, is_mixed=True, text=BOOLEAN),
    "toolName": Rule("", {}, is_mixed=True, text="(?s).{1,256}"),
    "lom": Rule("(general )?(classification )*", {}),
    "general": Rule("(keyword )*", {}),
    "keyword": Rule("(string )*", {}),
    "classification": Rule("purpose (taxonPath )*", {}),
    "purpose": Rule("source value ", {}),
    "taxonPath": Rule("source (taxon )*", {}),
    "taxon": Rule("id (entry )?", {}),
    "entry": Rule("(string )*", {}),
    "taxonPath/source": Rule("(string )*", {}),
    **dict.fromkeys(("purpose/source", "value", "id", "string"), Rule("", {}, is_mixed=True)),
}


def _manifest(schema: str, version: str, item_type: str) -> dict[str, Rule]:
    resource = {"identifier": NAME, "type": re.escape(item_type), "href": URI}
    return {
        **MANIFEST,
        "schema": Rule("", {}, is_mixed=True, text=re.escape(schema)),
        "schemaversion": Rule("", {}, is_mixed=True, text=re.escape(version)),
        "resource": Rule("metadata (file )+", resource),
    }


RULES = {
    False: {**ITEM21, **XHTML, **_manifest("QTIv2.1 Package", "1.0.0", "imsqti_item_xmlv2p1")},
    True: {**ITEM30, **XHTML, **_manifest("QTI Package", "3.0.0", "imsqti_item_xmlv3p0")},
}


def breaches(content: bytes, *, is_qti3: bool) -> list[str]:
    """What an item or a manifest has that its version of QTI does not allow."""
    root = ET.fromstring(content)
    if _local(root.tag) not in ("assessmentItem", "manifest"):
        return [f"{root.tag}: no file of a package"]
    return [*_within(root, "", "", is_qti3=is_qti3), *_twice(root)]


def _within(element: ET.Element, parent: str, namespace: str, *, is_qti3: bool) -> Iterator[str]:
    """The faults of an element, which stands in a `parent` with a `namespace`, and of all in it."""
    name = _local(element.tag)
    namespace = NAMESPACES[is_qti3].get(name, namespace)
    yield from (f"{element.tag}: {fault}" for fault in _faults(element, parent, namespace, is_qti3))
    for child in element:
        yield from _within(child, name, namespace, is_qti3=is_qti3)


def _twice(root: ET.Element) -> Iterator[str]:
    """The identifiers that come again where each may come once in a file."""
    named = [one for one in root.iter() if _local(one.tag) in ("manifest", "resource", "responseDeclaration")]
    seen = [one.get("identifier") for one in named]
    yield from (
        f"{root.tag}: the identifier {one} again" for one in {one for one in seen if seen.count(one) > 1}
    )


def _faults(element: ET.Element, parent: str, namespace: str, is_qti3: bool) -> Iterator[str]:
    name, rules = _local(element.tag), RULES[is_qti3]
    rule = rules.get(f"{parent}/{name}", rules.get(name))
    if rule is None:
        yield "no such element"
        return
    if not element.tag.startswith(f"{{{namespace}}}"):
        yield "another namespace"
    is_qti = name in (ITEM30 if is_qti3 else ITEM21) and namespace == NAMESPACES[is_qti3]["assessmentItem"]
    if is_qti and ("}qti-" in element.tag) is not is_qti3:
        yield "a name of another version of QTI"
    children = "".join(f"{_local(child.tag)} " for child in element)
    if not re.fullmatch(rule.children, children):
        yield f"children {children}"
    texts = [text for text in (element.text, *(child.tail for child in element)) if text]
    if not rule.is_mixed and any(text.strip() or not rule.children for text in texts):
        yield "text where there is none"
    if rule.is_mixed and not re.fullmatch(rule.text, "".join(texts)):
        yield f"the text {texts}"
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
