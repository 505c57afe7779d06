"""HTML from other programs as the little Markdown that questions use."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote, unquote

from qbank.exchange.mathml import Formula

EMPHASIS_LIMIT = 300  # characters; the marks of longer emphasis would be shown, not understood
SPAN_LIMIT = 20  # columns that one cell may take [judged]
HTML_LIMIT = 200_000  # characters of one text; ten times what a question may have of text


def to_text(html: str) -> str:
    """The text of HTML: paragraphs, lists, tables and emphasis in Markdown, an image as `![alt](path)`.

    Subscripts are plain text, and so are superscripts except powers (10^3); formulas in MathML are a line of text. Scripts,
    styles, addresses of links and whatever else is no text are left out. Any string can be read, in time that grows with
    its length alone.
    """
    converter = _Converter()
    converter.feed(_DECLARED.sub(_NOTHING, html))
    return converter.finished()


def without_data(html: str) -> str:
    """The HTML without the bytes of pictures that are written into it, which would be nearly all of it."""
    return _DATA.sub("data:", html)


def to_line(html: str) -> str:
    """The text of HTML on one line, for an option."""
    return " ".join(to_text(html).replace("\\\n", " ").split())


def plain_where_marked(text: str) -> str:
    """A text of which nobody says whether it is HTML: made plain where it has tags, else as it is."""
    return to_text(text) if "<" in text and _TAGS.search(text) else text


# `p < .05 > q` has no tag, and neither has `<60 mm Hg`.
_TAGS = re.compile(
    r"</(?:p|div|span|b|i|u|em|strong|sub|sup|li|ul|ol|td|tr|table|h[1-6]|a|font|center|pre|code)>"
    r"|<(?:br|hr)\s*/?>|<img\s",
    re.IGNORECASE,
)


def plain_to_text(text: str) -> str:
    """Markdown that shows a text without markup as it is, its line ends kept."""
    converter = _Converter()
    converter.handle_starttag("pre", [])
    converter.handle_data(text)
    return converter.finished()


_DATA = re.compile(r"data:[^\s\"'<>]{64,}+")

# Comments, declarations and the conditional sections of word processors, some of which raise in html.parser. What takes
# their place is dropped later; without it the characters around them could become markup.
_DECLARED = re.compile(r"<!--.*?(?:-->|\Z)|<!(?!--)[^<>]*>?", re.DOTALL)
_NOTHING = "\u200b"

# They stand for marks while a paragraph grows: whether a mark would be understood depends on what follows it.
_STRONG, _EM, _OFF, _BREAK = "\ue010", "\ue011", "\ue012", "\ue013"
_MARKS = {_STRONG: "**", _EM: "*"}
_DROPPED = dict.fromkeys(map(ord, (_STRONG, _EM, _OFF, _BREAK, _NOTHING, "\xad")))

_BLOCK_NAMES = """
address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3
h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_LISTS = frozenset({"ul", "ol"})
_CELLS = frozenset({"td", "th"})
_EMPHASES = {"b": _STRONG, "strong": _STRONG, "i": _EM, "em": _EM}
_UNSHOWN = frozenset({"script", "style"})

Attributes = list[tuple[str, str | None]]


@dataclass(slots=True)
class _Cell:
    span: int
    paragraphs: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    """Rows of cells. `depth` counts the table itself and those inside its cells, which are read as text."""

    rows: list[list[_Cell]] = field(default_factory=list)
    depth: int = 1


class _Converter(HTMLParser):
    """Gathers blocks. What is still open at the end of the text counts as closed there."""

    def __init__(self) -> None:
        super().__init__()
        self._blocks: list[str] = []
        self._paragraph: list[str] = []
        self._raised: list[str] | None = None
        self._emphasis = ""  # the mark of the outermost one
        self._emphasised = 0
        self._lists: list[int | None] = []  # the next number of each open list, None in one with bullets
        self._marker = ""
        self._items: list[list[str]] = []
        self._table: _Table | None = None
        self._preformatted = 0
        self._unshown = 0
        self._formula: Formula | None = None

    def finished(self) -> str:
        """The text of everything that was fed.

        Not by `close`: in Python before 3.11.14 it reads the rest again from every tag in it that does not end.
        """
        self.handle_data(unescape(self.rawdata))
        self._end_formula()
        self._end_table()
        self._end_list()
        return "\n\n".join(self._blocks)

    def handle_data(self, data: str) -> None:
        if self._unshown:
            return
        if self._formula:
            self._formula.data(data)
            return
        text = data.translate(_DROPPED)
        if self._preformatted:
            text = re.sub(r"\r\n?|\n", _BREAK, text)
        (self._paragraph if self._raised is None else self._raised).append(text)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag in _BLOCKS:
            self._end_formula()
        if tag in _UNSHOWN:
            self._unshown += 1
        elif self._formula:
            self._formula.start(_unprefixed(tag), attrs)
        elif _unprefixed(tag) == "math":
            self._formula = Formula(attrs)
        elif tag in _EMPHASES:
            if not self._emphasised:
                self._emphasis = _EMPHASES[tag]
                self._paragraph.append(self._emphasis)
            self._emphasised += 1
        elif tag == "br":
            self._paragraph.append(_BREAK)
        elif tag == "img" or (tag == "object" and (dict(attrs).get("type") or "").startswith("image/")):
            self.handle_data(f" {_image(dict(attrs))} ")
        elif tag == "sup":
            self._end_raised()
            self._raised = []
        elif tag in _BLOCKS:
            self._flush()
            self._begin_block(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS or _unprefixed(tag) == "math":
            self._end_formula()
        if tag in _UNSHOWN:
            self._unshown = max(0, self._unshown - 1)
        elif self._formula:
            self._formula.end(_unprefixed(tag))
        elif tag in _EMPHASES and self._emphasised:
            self._emphasised -= 1
            if not self._emphasised:
                self._paragraph.append(_OFF)
        elif tag == "sup":
            self._end_raised()
        elif tag in _BLOCKS:
            self._flush()
            self._end_block(tag)

    def _begin_block(self, tag: str, attributes: dict[str, str | None]) -> None:
        table = self._table
        if tag == "pre":
            self._preformatted += 1
        elif tag == "table" and table:
            table.depth += 1
        elif tag == "table":
            self._end_list()
            self._table = _Table()
        elif table and table.depth == 1 and (tag == "tr" or (tag in _CELLS and not table.rows)):
            table.rows.append([])
        elif tag in _LISTS and not table:
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li" and not table:
            self._marker = self._next_marker()
        if table and table.depth == 1 and tag in _CELLS:
            table.rows[-1].append(_Cell(_span(attributes.get("colspan"))))

    def _end_block(self, tag: str) -> None:
        if tag == "pre":
            self._preformatted = max(0, self._preformatted - 1)
        elif tag == "table" and self._table:
            self._table.depth -= 1
            if not self._table.depth:
                self._end_table()
        elif tag in _LISTS and self._lists and not self._table:
            self._lists.pop()
            self._marker = ""
            if not self._lists:
                self._end_list()

    def _flush(self) -> None:
        """End the paragraph and put it where it belongs: into a cell, into an item, or by itself."""
        self._end_raised()
        if not self._paragraph:
            return
        text = "".join(self._paragraph)
        self._paragraph.clear()
        if self._emphasised:
            text += _OFF
            self._paragraph.append(self._emphasis)
        paragraphs = _paragraphs(text)
        if not paragraphs:
            return
        if self._table and self._table.rows and self._table.rows[-1]:
            self._table.rows[-1][-1].paragraphs += paragraphs
        elif self._lists and not self._table:
            if self._marker or not self._items:
                self._items.append([])
            self._items[-1] += [self._marker + paragraphs[0], *paragraphs[1:]]
            self._marker = ""
        else:
            self._blocks += paragraphs

    def _next_marker(self) -> str:
        indent = "  " if len(self._lists) > 1 else ""
        number = self._lists[-1] if self._lists else None
        if number is None:
            return f"{indent}- "
        self._lists[-1] = number + 1
        return f"{indent}{number}. "

    def _end_list(self) -> None:
        self._flush()
        if self._items:
            self._blocks.append("\n".join("\\\n".join(item) for item in self._items))
            self._items = []

    def _end_table(self) -> None:
        self._flush()
        rows, self._table = (self._table.rows if self._table else []), None
        self._blocks += _table([row for row in rows if any(cell.paragraphs for cell in row)])

    def _end_formula(self) -> None:
        formula, self._formula = self._formula, None
        if formula:
            self.handle_data(formula.text())

    def _end_raised(self) -> None:
        text, self._raised = "".join(self._raised or ()).strip(), None
        if text:
            before = self._paragraph[-1][-1:] if self._paragraph else ""
            self._paragraph.append(_raised(text, before))


def _unprefixed(tag: str) -> str:
    """The name of a tag of MathML, which may come as `m:math`."""
    return tag.rpartition(":")[2]


def _image(attributes: dict[str, str | None]) -> str:
    """A picture in Markdown, by its path; one written into the text itself has none. A formula drawn by Canvas is text."""
    if formula := attributes.get("data-equation-content"):
        return formula
    source = attributes.get("src") or attributes.get("data") or ""
    path = "" if source.startswith("data:") else _FILE_BASE.sub("", source)
    alt = " ".join((attributes.get("alt") or "").split())
    return f"![{alt.translate(_IN_ALT)}]({quoted(path)})"


def quoted(path: str) -> str:
    """A path as it can stand in `![alt](path)`; one that already can stays as it is."""
    return quote(unquote(path), safe=_IN_PATH)


_FILE_BASE = re.compile(r"^(?:(?:\$|%24)IMS[-_]CC[-_]FILE[-_]?BASE(?:\$|%24)|@@PLUGINFILE@@)/?")
_IN_ALT = str.maketrans("[]", "()")
_IN_PATH = "/:?&=#%~+,;@!$'"


def _span(text: str | None) -> int:
    return min(int(text), SPAN_LIMIT) or 1 if text and re.fullmatch(r"[0-9]{1,4}", text) else 1


_CHARGE = re.compile(r"\d{0,2}[+−–-]{1,2}(/[+−–-])?")
_SIGN = re.compile(r"[A-Za-z]{2}|[®™*†‡°]")
_SIMPLE = re.compile(r"[+−–-]?[\w.]+|\d{1,2}[+−–-]")


def _raised(text: str, before: str) -> str:
    """A superscript as text: a power keeps its meaning by a caret; charges, isotopes and ordinals need none."""
    charge = _CHARGE.fullmatch(text) and not (before.isdigit() and text[0].isdigit())
    if charge or _SIGN.fullmatch(text) or not (before.isalnum() or before == ")"):
        return text
    return f"^{text}" if _SIMPLE.fullmatch(text) else f"^({text})"


_NOT_PLAIN = re.compile(rf"[\\*_`{_STRONG}{_EM}{_OFF}{_BREAK}]")
_PARAGRAPH_END = re.compile(f"{_BREAK}{{2,}}")
_LEFT_OVER = re.compile(f"[{_STRONG}{_EM}{_OFF}]")
_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
_BREAKS = re.compile(f" ?{_BREAK} ?")
_EMPHASIS = re.compile(f"([{_STRONG}{_EM}])( ?)([^{_STRONG}{_EM}{_OFF}]*?)( ?){_OFF}")
_CLINGS_BEFORE = re.compile(rf"[\w*\\{_OFF}]")
_CLINGS_AFTER = re.compile(rf"[\w*{_STRONG}{_EM}]")
_LITERAL = (
    (re.compile(r"\\(?=[!-/:-@\[-`{-~])"), r"\\\\"),
    (re.compile(r"(?<![\w*])\*(?=\*{0,2}[^\s*])"), r"\\*"),
    (re.compile(r"(?<!\w)_(?=_{0,2}[^\s_])"), r"\\_"),
    (re.compile("`"), r"\\`"),
)


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a text; two breaks in a row part them, as in a text written without paragraphs."""
    squeezed = _SPACE.sub(" ", text)
    if _NOT_PLAIN.search(squeezed) is None:  # most texts; nothing below would change it
        plain = squeezed.strip()
        return [plain] if plain else []
    squeezed = _BREAKS.sub(_BREAK, squeezed)
    for pattern, escaped in _LITERAL:
        squeezed = pattern.sub(escaped, squeezed)
    parts = _PARAGRAPH_END.split(_EMPHASIS.sub(_emphasis, squeezed))
    texts = (_LEFT_OVER.sub("", part).strip(f" {_BREAK}") for part in parts)
    return [part.replace(_BREAK, "\\\n") for part in texts if part]


def _emphasis(found: re.Match[str]) -> str:
    """The words of an emphasis between its marks, or alone where marks would not be understood."""
    kind, before, words, after = found.groups()
    text = found.string
    clings = (not before and _CLINGS_BEFORE.match(text[max(0, found.start() - 1) : found.start()])) or (
        not after and _CLINGS_AFTER.match(text[found.end() : found.end() + 1])
    )
    if not words or clings or len(words) > EMPHASIS_LIMIT or words[-1] in "*\\" or _BREAK in words:
        return f"{before}{words}{after}"
    return f"{before}{_MARKS[kind]}{words}{_MARKS[kind]}{after}"


def _table(rows: list[list[_Cell]]) -> list[str]:
    """The blocks of a table: a pipe table with its first row as the head, or a paragraph for each cell of one column."""
    texts = [[text for cell in row for text in [_cell_text(cell), *[""] * (cell.span - 1)]] for row in rows]
    columns = max(map(len, texts), default=0)
    if max(map(len, rows), default=0) < 2:
        return [paragraph for row in rows for cell in row for paragraph in cell.paragraphs]
    head, *body = texts
    head += [""] * (columns - len(head))
    return ["\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * columns, *body))]


def _cell_text(cell: _Cell) -> str:
    return " ".join(cell.paragraphs).replace("\\\n", " ").replace("|", "\\|")
