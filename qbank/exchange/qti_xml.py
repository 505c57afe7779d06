"""QTI files as small trees, one a question, with names as QTI 2 spells them, whatever the version and prefix."""

import re
from collections.abc import Callable

from qbank.exchange.xml_reading import Element, pieces

Node = Element
"""An element of a QTI file."""

ITEMS = {
    "questestinterop": "item",
    "item": "item",
    "POOL": "QUESTION_*",
    "examview": "question",
    "assessmentItem": "assessmentItem",
    "assessmentStimulus": "assessmentStimulus",
    "assessmentTest": "assessmentItem",
    "manifest": "resource",
}
"""The element that is one question, or a text that questions share, or a file of a package, by the root of its file.

Sakai keeps single items; Blackboard before its version 7 had pools; ExamView has its own."""

_ROOT = re.compile(
    rb"<(?:[\w.-]+:)?(?:questestinterop|assessment(?:Item|Test|Stimulus)|qti-assessment-(?:item|test|stimulus))[\s/>]"
    rb"|<(?:POOL|examview)[\s>]|<item\s[^<>]*\bident\s*="
)
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe \t\r\n"  # marks of UTF-8 and UTF-16, and white space


def is_qti(content: bytes) -> bool:
    """Whether these bytes begin a QTI file, in any encoding that has ASCII's letters."""
    return bool(_root(content))


def is_stimulus(content: bytes) -> bool:
    """Whether a QTI file is a text that questions share."""
    return b"timulus" in _root(content)


def read_items(content: bytes, on_item: Callable[[Node], None]) -> None:
    """Hand over each question of a QTI file, and each text that questions share, in file order.

    Raises Refused for what `pieces` refuses.
    """
    for node in pieces(content, ITEMS, element=_element, attribute=_attribute):
        on_item(node)


def _root(content: bytes) -> bytes:
    """The beginning of the root's tag in a QTI file, nothing in any other."""
    head = content[:65_536].replace(b"\0", b"").lstrip(_BEFORE_XML)
    found = _ROOT.search(head) if head.startswith(b"<") else None
    return found[0] if found else b""


def _element(name: str) -> str:
    """The name of an element without its prefix, QTI 3's `qti-simple-choice` as QTI 2's `simpleChoice`."""
    name = name.rpartition(":")[2]
    return _camel(name.removeprefix("qti-")) if name.startswith("qti-") else name


def _attribute(name: str) -> str:
    """The name of an attribute without its prefix, QTI 3's `max-choices` as QTI 2's `maxChoices`."""
    name = name.rpartition(":")[2]
    return name if "-" not in name or name.startswith(("data-", "aria-")) else _camel(name)


def _camel(name: str) -> str:
    head, *rest = name.split("-")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)
