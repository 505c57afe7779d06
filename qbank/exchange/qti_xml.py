"""QTI files as small trees, one a question, read without trusting them."""

import html.entities
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

SIZE_LIMIT = 64 * 1024 * 1024  # bytes of one file, and of all that is unpacked from a package
DEPTH_LIMIT = 100  # elements within elements [judged]; real items have some twenty
ELEMENT_LIMIT = 3_000_000  # in one file [judged]; some 20,000 questions
ITEM_LIMIT = 10_000  # elements in one question [judged]; a long one has some hundreds
DECLARATION_LIMIT = 100  # in a document type; each may cost time at every element
ITEMS = {
    "questestinterop": "item",
    "assessmentItem": "assessmentItem",
    "assessmentStimulus": "assessmentStimulus",
    "manifest": "resource",
}
"""The element that is one question, or a text that questions share, or a file of a package, by the root of its file."""


@dataclass(slots=True)
class Node:
    """An element with names as QTI 2 spells them, whatever the version and prefix, and its line in the file."""

    name: str
    line: int
    attributes: dict[str, str]
    children: "list[Node | str]" = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.attributes.get(name, "").strip()

    def nodes(self) -> "Iterator[Node]":
        """The elements directly within."""
        return (child for child in self.children if isinstance(child, Node))

    def each(self, *names: str) -> "Iterator[Node]":
        """Every element of these names at any depth, in document order, itself among them."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if node.name in names:
                yield node
            waiting += [child for child in reversed(node.children) if not isinstance(child, str)]

    def first(self, *names: str) -> "Node | None":
        return next(self.each(*names), None)

    def text(self) -> str:
        """All text within, as it stands."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


class Refused(Exception):
    """An XML file or a package that is not read: the line, what is wrong, and how to mend it."""

    def __init__(self, line: int, message: str, mend: str) -> None:
        super().__init__(message)
        self.line, self.message, self.mend = line, message, mend


_ROOT = re.compile(
    rb"<(?:[\w.-]+:)?(?:questestinterop|assessment(?:Item|Test|Stimulus)|qti-assessment-(?:item|test|stimulus))[\s/>]"
)


def is_qti(content: bytes) -> bool:
    """Whether these bytes begin a QTI file, in any encoding that has ASCII's letters."""
    return bool(_root(content))


def is_stimulus(content: bytes) -> bool:
    """Whether a QTI file is a text that questions share."""
    return b"timulus" in _root(content)


def _root(content: bytes) -> bytes:
    """The beginning of the root's tag in a QTI file, nothing in any other."""
    head = content[:65_536].replace(b"\0", b"").lstrip(_BEFORE_XML)
    found = _ROOT.search(head) if head.startswith(b"<") else None
    return found[0] if found else b""


_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe \t\r\n"  # marks of UTF-8 and UTF-16, and white space


def read_items(content: bytes, on_item: Callable[[Node], None]) -> None:
    """Hand over each question of a QTI file, and each text that questions share, in file order.

    Raises Refused for what is no XML, declares entities, or is larger or deeper than the limits above. Nothing is
    fetched: what a document type names outside of the file is not looked at.
    """
    if len(content) > SIZE_LIMIT:
        raise Refused(1, f"The file is larger than {SIZE_LIMIT // 1024**2} MiB.", "Export it in parts.")
    reader = _Reader(on_item)
    try:
        reader.parse(content)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        mend = "Export it again, or mend this place in an editor that knows XML."
        raise Refused(error.lineno + reader.before, f"The XML is broken here ({reason}).", mend) from error
    except (LookupError, ValueError) as error:  # an encoding that Python does not have, or of several bytes
        raise Refused(1, "The file's encoding cannot be read.", "Save it as UTF-8.") from error


@dataclass(slots=True)
class _Reader:
    on_item: Callable[[Node], None]
    _parser: expat.XMLParserType = field(default_factory=expat.ParserCreate)
    _item: str = ""
    _open: list[Node] = field(default_factory=list)
    _depth: int = 0
    _count: int = 0
    _begun: int = 0
    _declared: int = 0
    before: int = 0  # empty lines before the XML, which some programs write and XML forbids

    def parse(self, content: bytes) -> None:
        parser = self._parser
        parser.buffer_text = True
        parser.specified_attributes = True
        # As if a document type were there: names of HTML such as &nbsp; then reach `_entity` instead of ending it.
        parser.UseForeignDTD(True)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.SkippedEntityHandler = self._entity
        parser.EntityDeclHandler = self._entity_declared
        parser.ElementDeclHandler = self._declared_one
        parser.AttlistDeclHandler = self._declared_one
        parser.NotationDeclHandler = self._declared_one
        kept = content.lstrip(b" \t\r\n")
        self.before = content.count(b"\n", 0, len(content) - len(kept))
        parser.Parse(kept, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > DEPTH_LIMIT:
            self._refuse(f"More than {DEPTH_LIMIT} elements lie within each other here.")
        if self._count > ELEMENT_LIMIT:
            self._refuse(f"The file has more than {ELEMENT_LIMIT:,} elements.")
        name = _element(name)
        if self._depth == 1:
            self._item = ITEMS.get(name, "")
        if not self._open:
            if name != self._item:
                return
            self._begun = self._count
        elif self._count - self._begun > ITEM_LIMIT:
            self._refuse(f"A question has more than {ITEM_LIMIT:,} elements.")
        values = {_attribute(key): value for key, value in attributes.items()}
        node = Node(name, self._parser.CurrentLineNumber + self.before, values)
        if self._open:
            self._open[-1].children.append(node)
        self._open.append(node)

    def _end(self, _name: str) -> None:
        self._depth -= 1
        if self._open:
            node = self._open.pop()
            if not self._open:
                self.on_item(node)

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1].children.append(text)

    def _entity(self, name: str, is_parameter: bool) -> None:
        if f"{name};" not in html.entities.html5:
            self._refuse(f"The entity &{name}; is not known.")
        if not is_parameter:
            self._text(html.entities.html5[f"{name};"])

    def _entity_declared(self, *_: object) -> None:
        self._refuse("The file declares entities, which can hide what is in it.")

    def _declared_one(self, *_: object) -> None:
        self._declared += 1
        if self._declared > DECLARATION_LIMIT:
            self._refuse(f"The document type has more than {DECLARATION_LIMIT} declarations.")

    def _refuse(self, message: str) -> None:
        raise Refused(
            self._parser.CurrentLineNumber + self.before,
            message,
            "Export it again from the program it came from.",
        )


def _element(name: str) -> str:
    """The name of an element without its prefix, QTI 3's `qti-simple-choice` as QTI 2's `simpleChoice`."""
    name = name.rpartition(":")[2]
    return _camel(name.removeprefix("qti-")) if name.startswith("qti-") else name


def _attribute(name: str) -> str:
    """The name of an attribute without its prefix, QTI 3's `max-choices` as QTI 2's `maxChoices`."""
    name = name.rpartition(":")[2]
    return name if name.startswith(("data-", "aria-")) else _camel(name)


def _camel(name: str) -> str:
    head, *rest = name.split("-")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)
