"""XML of unknown origin, read piece by piece: no DTD, no entities of its own, bounded in size and depth."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from qbank.exchange.mcq_rows import FaultLog

SIZE_LIMIT = 128 * 1024**2  # bytes; with what is read from it, memory stays under 512 MiB
DEPTH_LIMIT = 50  # elements; question formats have about ten
PIECE_LIMITS = (10_000, 8 * 1024**2)  # elements and characters of one child of the root
TAG_LIMIT = (
    1024**2
)  # bytes of one tag or comment: expat before 2.6.0 reads a longer one anew with every chunk
FILE_LIMITS = (
    11 * 1024**2,
    32 * 1024**2,
)  # characters of one file within a question in base64, and of all of them
_CHUNK = 256 * 1024


@dataclass(slots=True)
class Element:
    """An element with the line on which it begins and its own text, without that of its children."""

    tag: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def child(self, tag: str) -> "Element | None":
        """The first child of that name."""
        return next((one for one in self.children if one.tag == tag), None)

    def all(self, tag: str) -> list["Element"]:
        return [one for one in self.children if one.tag == tag]


def children_of_root(
    content: bytes, root: str, files: Collection[str], faults: FaultLog
) -> Iterator[Element]:
    """The children of the root in order, those that ended before the first fault.

    The text of `files`, which is base64, is not counted as text and left out where it goes beyond FILE_LIMITS.
    """
    if len(content) > SIZE_LIMIT:
        faults.add(1, f"The file is larger than {SIZE_LIMIT // 1024**2} MiB.", "Split it.")
        return
    tree = _Tree(root, frozenset(files))
    view = memoryview(content)
    try:
        for begin in range(0, len(content) + 1, _CHUNK):
            end = min(begin + _CHUNK, len(content))
            tree.feed(view[begin:end], end, last=begin + _CHUNK > len(content))
            yield from tree.taken()
    except _RefusedError as error:
        faults.add(error.line, error.message, error.mend)
    except expat.ExpatError as error:
        faults.add(*_broken(content, error))
    except (LookupError, ValueError):
        # pyexpat asks Python for encodings that expat does not know, and Python's own errors come back.
        faults.add(1, "The encoding that the file names is not known here.", "Save it as UTF-8.")


class _RefusedError(Exception):
    """Ends the parsing at once, so that nothing after the place is expanded or kept."""

    def __init__(self, line: int, message: str, mend: str) -> None:
        super().__init__(message)
        self.line, self.message, self.mend = line, message, mend


class _Tree:
    """Builds one child of the root after the other."""

    def __init__(self, root: str, files: frozenset[str]) -> None:
        self._root, self._files = root, files
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._done: list[Element] = []
        self._elements = self._characters = self._file = self._in_files = 0
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = 64 * 1024
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        self._parser = parser

    def feed(self, chunk: memoryview, fed: int, *, last: bool) -> None:
        self._parser.Parse(chunk, last)
        if fed - self._parser.CurrentByteIndex > TAG_LIMIT + _CHUNK and not last:
            self._refuse(f"A tag or comment is longer than {TAG_LIMIT // 1024**2} MiB.", "Shorten it.")

    def taken(self) -> list[Element]:
        done, self._done = self._done, []
        return done

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._open and tag != self._root:
            self._refuse(
                f"The file begins with <{tag[:40]}>, not with <{self._root}>.", "Choose another file."
            )
        if len(self._open) >= DEPTH_LIMIT:
            self._refuse(
                f"More than {DEPTH_LIMIT} elements lie inside each other.", "Export the questions again."
            )
        element = Element(tag, self._parser.CurrentLineNumber, attributes)
        if len(self._open) == 1:
            self._elements = self._characters = self._in_files = 0
        elif self._open:
            self._open[-1].children.append(element)
        self._elements += 1
        if self._elements > PIECE_LIMITS[0]:
            self._refuse(f"One question has more than {PIECE_LIMITS[0]:,} elements.", "Split it.")
        self._file = 0
        self._open.append(element)
        self._texts.append([])

    def _end(self, _tag: str) -> None:
        element = self._open.pop()
        element.text = "".join(self._texts.pop())
        if len(self._open) == 1:
            self._done.append(element)

    def _text(self, text: str) -> None:
        if len(self._open) < 2:
            return
        if self._open[-1].tag in self._files:
            self._file_text(text)
            return
        self._characters += len(text)
        if self._characters > PIECE_LIMITS[1]:
            self._refuse(f"One question has more than {PIECE_LIMITS[1]:,} characters.", "Split it.")
        self._texts[-1].append(text)

    def _file_text(self, text: str) -> None:
        self._file += len(text)
        self._in_files += len(text)
        if self._file > FILE_LIMITS[0] or self._in_files > FILE_LIMITS[1]:
            self._texts[-1].clear()
        else:
            self._texts[-1].append(text)

    def _doctype(self, *_declared: object) -> NoReturn:
        self._refuse(
            "The file declares a document type or entities of its own.", "Delete the <!DOCTYPE ...> there."
        )

    def _refuse(self, message: str, mend: str) -> NoReturn:
        raise _RefusedError(self._parser.CurrentLineNumber, message, mend)


def _broken(content: bytes, error: expat.ExpatError) -> tuple[int, str, str]:
    """Line, message and mend of what expat found."""
    mend = "Mend it there, or export the questions again."
    if error.code == expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]:
        return (
            error.lineno,
            "XML does not know this entity.",
            "Write the character itself, or &amp; before the name.",
        )
    if error.code == expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]:
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as wrong:
            if content.count(b"\n", 0, wrong.start) + 1 == error.lineno:
                return error.lineno, "The text is not UTF-8 from here on.", "Save it as UTF-8."
    return max(1, error.lineno), f"The XML is broken here: {expat.ErrorString(error.code)}.", mend
