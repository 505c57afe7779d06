"""XML of unknown origin as small trees, one a question: nothing is fetched or expanded, and all of it is bounded."""

import codecs
import html.entities
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import NoReturn
from xml.parsers import expat

SIZE_LIMIT = 128 * 1024**2  # bytes of one file; exports with pictures inside reach 100 MiB
TEXT_LIMIT = 48 * 1024**2  # characters kept of one file; some 20,000 long questions
ELEMENT_LIMIT = 3_000_000  # in one file
PIECE_LIMITS = (10_000, 8 * 1024**2)  # elements and characters of one question; a long one has some hundreds
DEPTH_LIMIT = 100  # elements within elements; questions have some twenty
FILE_LIMITS = (
    11 * 1024**2,
    32 * 1024**2,
)  # characters of a file in base64 within a question, and of all of them
TAG_LIMIT = 8 * 1024**2  # bytes of one tag or comment, such as one with a picture in an attribute
ATTRIBUTE_LIMIT = 1_000  # of one tag; each costs memory before anything else can be checked
DECLARATION_LIMIT = 100  # in a document type; each may cost time at every element

_CHUNK = 64 * 1024  # few questions at a time, so that little waits in memory


@dataclass(slots=True)
class Element:
    """An element with its line in the file and, as `above`, the titles of what it lies in, the outermost first."""

    name: str
    line: int
    attributes: dict[str, str]
    children: "list[Element | str]" = field(default_factory=list)
    above: tuple[str, ...] = ()

    def get(self, name: str) -> str:
        return self.attributes.get(name, "").strip()

    def nodes(self) -> "Iterator[Element]":
        """The elements directly within."""
        return (child for child in self.children if isinstance(child, Element))

    def all(self, name: str) -> "list[Element]":
        """The elements of that name directly within."""
        return [child for child in self.nodes() if child.name == name]

    def child(self, name: str) -> "Element | None":
        """The first element of that name directly within."""
        return next((child for child in self.nodes() if child.name == name), None)

    def each(self, *names: str) -> "Iterator[Element]":
        """Every element of these names at any depth, in document order, itself among them."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if node.name in names:
                yield node
            waiting += [child for child in node.children[::-1] if isinstance(child, Element)]

    def first(self, *names: str) -> "Element | None":
        return next(self.each(*names), None)

    def text(self) -> str:
        """All text within, as it stands."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def own_text(self) -> str:
        """The text directly within."""
        return "".join(child for child in self.children if isinstance(child, str))

    def change_texts(self, change: Callable[[str], str]) -> None:
        """Change each text directly within, made whole before: the parser gives long ones in pieces."""
        changed: list[Element | str] = []
        for is_text, found in groupby(self.children, lambda child: isinstance(child, str)):
            group = list(found)
            changed += [change("".join(map(str, group)))] if is_text else group
        self.children = changed


class Refused(Exception):
    """An XML file or a package that is not read: the line, what is wrong, and how to mend it."""

    def __init__(self, line: int, message: str, mend: str) -> None:
        super().__init__(message)
        self.line, self.message, self.mend = line, message, mend


def pieces(
    content: bytes,
    roots: Mapping[str, str],
    *,
    element: Callable[[str], str] = str,
    attribute: Callable[[str], str] = str,
    files: Collection[str] = (),
) -> Iterator[Element]:
    """The outermost elements of one name, in file order.

    The text of `files`, which is base64, is not counted as text, and left out beyond FILE_LIMITS.

    `roots` has that name by the name of the file's root; one that ends with `*` stands for all that begin so. `element` and
    `attribute` give the names that are used for those in the file. A document type is passed over, and the entities of HTML
    are known.

    Raises Refused, after what came before the place, for what is no XML, has another root, declares entities, or is
    beyond the limits above.
    """
    if len(content) > SIZE_LIMIT:
        raise Refused(1, f"The file is larger than {SIZE_LIMIT // 1024**2} MiB.", "Export it in parts.")
    before, kept = _as_utf8(content)
    tree = _Tree(roots, element, attribute, frozenset(files), before)
    begin, size = 0, _CHUNK
    try:
        while begin <= len(kept):
            waiting = tree.feed(kept[begin : begin + size], last=begin + size > len(kept))
            yield from tree.taken()
            # Expat before 2.6 reads what has not ended anew with every chunk, so that these have to grow with it.
            begin, size = begin + size, max(_CHUNK, waiting)
    except expat.ExpatError as error:
        raise _broken(kept, before, error) from error


_MEND = "Export it again, or mend this place in an editor that knows XML."
_DECLARATION = re.compile(rb"\s*(?:<\?xml\s[^>]{0,500}\?>)?\s*")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,40})")
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
"""What a file in each encoding begins with; UTF-32 before UTF-16, whose mark it begins with too."""
_KNOWN = re.compile(
    r"(?:windows-?|cp)\d{3,4}|iso-?8859-?\d{1,2}|latin-?\d{1,2}|l[1-9]|koi8-[rut]|mac-?(?:roman|cyrillic|greek)"
    r"|gb2312|gbk|gb18030|big5(?:-?hkscs)?|shift[_-]?jis|sjis|euc[_-](?:jp|kr|cn)|iso-2022-(?:jp|kr)"
)
"""Encodings that a declaration may name; Python has others that are no text or take long to read."""


def _as_utf8(content: bytes) -> tuple[int, memoryview]:
    """A file in UTF-8 from its root on, and how many lines come before that.

    What a file begins with says more than its declaration: programs write `utf-16` over UTF-8, and `iso-8859-1` too.
    """
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    if marked and marked != "utf-8-sig":
        content = _decoded(content, marked).removeprefix("\ufeff").encode()
    content = content.removeprefix(codecs.BOM_UTF8)
    found = _DECLARATION.match(content)
    head = found[0] if found else b""
    declared = _ENCODING.search(head)
    name = declared[1].decode().lower() if declared else "utf-8"
    if (
        not marked
        and not name.startswith(("utf", "us-ascii", "ascii", "ucs", "unicode"))
        and not _is_utf8(content)
    ):
        if not _KNOWN.fullmatch(name):
            raise Refused(1, "The encoding that the file names is not known here.", "Save it as UTF-8.")
        content = _decoded(content, name).encode()
    return head.count(b"\n"), memoryview(content)[len(head) :]


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].decode(encoding, errors="replace").count("\n") + 1
        message = f"The text is not {encoding.upper()} from here on."
        raise Refused(line, message, "Save it as UTF-8.") from error
    except LookupError as error:
        message = "The encoding that the file names is not known here."
        raise Refused(1, message, "Save it as UTF-8.") from error


def _broken(kept: memoryview, before: int, error: expat.ExpatError) -> Refused:
    """What expat found, with its line in the file."""
    line = before + max(1, error.lineno)
    if error.code == expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]:
        content = kept.tobytes()
        try:
            content.decode()
        except UnicodeDecodeError as wrong:
            if content.count(b"\n", 0, wrong.start) + 1 == error.lineno:
                return Refused(line, "The text is not UTF-8 from here on.", "Save it as UTF-8.")
    return Refused(line, f"The XML is broken here: {expat.ErrorString(error.code)}.", _MEND)


class _Tree:
    """Builds one piece after the other."""

    def __init__(
        self,
        roots: Mapping[str, str],
        element: Callable[[str], str],
        attribute: Callable[[str], str],
        files: frozenset[str],
        before: int,
    ) -> None:
        self._roots, self._files, self._before = roots, files, before
        self._element, self._attribute = element, attribute
        self._names: dict[str, str] = {}
        self._piece = ""
        self._titles: list[str] = []  # of the elements that are open outside of a piece
        self._open: list[Element] = []
        self._done: list[Element] = []
        self._fed = self._elements = self._characters = self._declared = 0
        self._in_file = self._in_files = 0  # characters of the file that is open, and of all in the piece
        self._last, self._most = ELEMENT_LIMIT, TEXT_LIMIT  # elements and characters at the end of the piece
        parser = self._parser = expat.ParserCreate("UTF-8")
        parser.buffer_text = True
        parser.buffer_size = 64 * 1024
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

    def feed(self, chunk: memoryview, *, last: bool) -> int:
        """Read on; how many bytes of a tag or comment that has not ended are waiting."""
        self._parser.Parse(chunk, last)
        self._fed += len(chunk)
        waiting = self._fed - self._parser.CurrentByteIndex
        if not last and waiting > TAG_LIMIT:
            self._refuse(f"A tag or comment is longer than {TAG_LIMIT // 1024**2} MiB.")
        if not last and waiting >= len(chunk) and bytes(chunk).count(b'="') > ATTRIBUTE_LIMIT:
            self._refuse(f"A tag has more than {ATTRIBUTE_LIMIT:,} attributes.")
        return waiting

    def taken(self) -> list[Element]:
        done, self._done = self._done, []
        return done

    def _start(self, raw: str, attributes: dict[str, str]) -> None:
        name = self._names.get(raw) or self._named(raw)
        opened = self._open
        if not opened and not self._begins(name, raw, attributes):
            return
        self._elements += 1
        if len(self._titles) + len(opened) >= DEPTH_LIMIT or self._elements >= self._last:
            self._refuse_size()
        if attributes:
            attributes = {self._attribute(key): value for key, value in attributes.items()}
            self._count(attributes)
        node = Element(name, self._parser.CurrentLineNumber + self._before, attributes)
        if opened:
            opened[-1].children.append(node)
        else:
            node.above = tuple(filter(None, self._titles))
        opened.append(node)
        self._in_file = 0

    def _begins(self, name: str, raw: str, attributes: dict[str, str]) -> bool:
        """Whether a piece begins with this element, which lies in none."""
        if not self._titles:
            if name not in self._roots:
                known = " or ".join(f"<{root}>" for root in self._roots)
                self._refuse(f"The file begins with <{raw[:40]}>, not with {known}.", "Choose another file.")
            self._piece = self._roots[name]
        if name == self._piece or (self._piece[-1:] == "*" and name.startswith(self._piece[:-1])):
            self._last = min(ELEMENT_LIMIT, self._elements + PIECE_LIMITS[0] + 1)
            self._most = min(TEXT_LIMIT, self._characters + PIECE_LIMITS[1])
            self._in_files = 0
            return True
        self._elements += 1
        self._count(attributes)
        if len(self._titles) >= DEPTH_LIMIT or self._elements >= ELEMENT_LIMIT:
            self._refuse_size()
        self._titles.append(attributes.get("title", ""))
        return False

    def _end(self, _name: str) -> None:
        if not self._open:
            self._titles.pop()
            return
        node = self._open.pop()
        if not self._open:
            self._done.append(node)

    def _text(self, text: str) -> None:
        if not self._open:
            return
        within = self._open[-1]
        within.children.append(text)
        if within.name in self._files:
            self._in_file += len(text)
            self._in_files += len(text)
            if self._in_file > FILE_LIMITS[0] or self._in_files > FILE_LIMITS[1]:
                within.children.clear()
            return
        self._characters += len(text)
        if self._characters > self._most:
            self._refuse_size()

    def _count(self, attributes: dict[str, str]) -> None:
        self._characters += sum(map(len, attributes.values())) if self._open else 0
        if len(attributes) > ATTRIBUTE_LIMIT:
            self._refuse(f"A tag has more than {ATTRIBUTE_LIMIT:,} attributes.")
        if self._characters > self._most:
            self._refuse_size()

    def _refuse_size(self) -> NoReturn:
        """Say which of the limits on elements and characters is passed."""
        if len(self._titles) + len(self._open) >= DEPTH_LIMIT:
            self._refuse(f"More than {DEPTH_LIMIT} elements lie inside each other here.")
        if self._elements >= ELEMENT_LIMIT:
            self._refuse(f"The file has more than {ELEMENT_LIMIT:,} elements.")
        if self._characters > TEXT_LIMIT:
            self._refuse(f"The file has more than {TEXT_LIMIT:,} characters of text.", "Export it in parts.")
        if self._characters > self._most:
            self._refuse(f"One question has more than {PIECE_LIMITS[1]:,} characters.")
        self._refuse(f"One question has more than {PIECE_LIMITS[0]:,} elements.")

    def _named(self, raw: str) -> str:
        name = self._element(raw)
        if len(self._names) < PIECE_LIMITS[0]:  # as many as one question can have; more are made up
            self._names[raw] = name
        return name

    def _entity(self, name: str, is_parameter: bool) -> None:
        if is_parameter or f"{name};" not in html.entities.html5:
            self._refuse(
                f"The entity &{name[:40]}; is not known.",
                "Write the character itself, or &amp; before the name.",
            )
        self._text(html.entities.html5[f"{name};"])

    def _entity_declared(self, *_declared: object) -> None:
        self._refuse(
            "The file declares entities, which can hide what is in it.", "Delete the <!DOCTYPE ...> there."
        )

    def _declared_one(self, *_declared: object) -> None:
        self._declared += 1
        if self._declared > DECLARATION_LIMIT:
            self._refuse(f"The document type has more than {DECLARATION_LIMIT} declarations.")

    def _refuse(self, message: str, mend: str = _MEND) -> NoReturn:
        raise Refused(self._parser.CurrentLineNumber + self._before, message, mend)
