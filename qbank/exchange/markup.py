"""The HTML of other programs' texts as the plain text and the little Markdown that questions are shown in."""

import html as entities
import re
from dataclasses import dataclass, field

DEPTH_LIMIT = 32  # nested elements; what lies deeper is read as if it lay here [judged]


def to_text(html: str) -> str:
    """The text of a piece of HTML: paragraphs apart, lists with "- ", tables with "|", pictures as `![alt](path)`.

    Emphasis goes, because questions are shown as written; raised and lowered figures become Unicode's where it
    has them. What is no tag, as in "Na < 135", stays text. Takes time linear in the length of any input.
    """
    writer = _Writer()
    _write(_tree(_COMMENT_END.sub("", _without_comments(html))), writer)
    return writer.text()


@dataclass(slots=True)
class _Element:
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[_Element | str]" = field(default_factory=list)


# No "<" inside a tag and no way back: so an unclosed quotation mark costs no more than the text up to the next tag.
_TAG = re.compile(r"""<(/?)([a-zA-Z][\w:.-]*)((?:"[^"<]*"|'[^'<]*'|[^"'<>])*+)>|<[!?][^<>]*>""")
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([\w:.-]++)\s*+=\s*+("[^"]*"|'[^']*'|[^\s"'>]++)""")
_PIPE = re.compile(r"(?<!\\)\|")
_COMMENT_END = re.compile(r"<!\[CDATA\[|\]\]>")
_VOID = frozenset({"br", "img", "hr", "input", "wbr", "col", "source", "embed", "link", "meta", "mspace"})
_DROPPED = frozenset(
    {"style", "script", "head", "title", "template", "annotation", "annotation-xml", "rp", "button"}
)
_PARAGRAPHS = frozenset(
    {"p", "div", "ul", "ol", "dl", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section"}
    | {"figure", "figcaption", "article", "header", "footer", "caption", "details", "summary"}
)
_LINES = frozenset({"br", "li", "dt", "dd", "tr"})
_FILES = frozenset({"audio", "video", "iframe", "embed", "object", "source"})
_CLOSES = {"p": {"p"}, "li": {"li"}, "td": {"td", "th"}, "th": {"td", "th"}, "tr": {"td", "th", "tr"}}
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_HINTS = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u2060"))  # where a line may break; nothing that is read


def _without_comments(html: str) -> str:
    kept, at = [], 0
    while (start := html.find("<!--", at)) >= 0 and (end := html.find("-->", start + 4)) >= 0:
        kept.append(html[at:start])
        at = end + 3
    return "".join((*kept, html[at:]))


def _tree(html: str) -> _Element:
    root = _Element("")
    stack = [root]
    at = 0
    for tag in _TAG.finditer(html):
        if tag.start() > at:
            stack[-1].children.append(entities.unescape(html[at : tag.start()]))
        at = tag.end()
        if tag[2] is None:
            continue
        name = tag[2].lower().rpartition(":")[2]
        if tag[1]:
            _close(stack, name)
        else:
            _open(stack, name, tag[3])
    stack[-1].children.append(entities.unescape(html[at:]))
    return root


def _open(stack: list[_Element], name: str, attributes: str) -> None:
    while stack[-1].name in _CLOSES.get(name, ()):
        stack.pop()
    values = {
        key.lower(): entities.unescape(value.strip("\"'")) for key, value in _ATTRIBUTE.findall(attributes)
    }
    element = _Element(name, values)
    stack[-1].children.append(element)
    if name not in _VOID and not attributes.endswith("/") and len(stack) < DEPTH_LIMIT:
        stack.append(element)


def _close(stack: list[_Element], name: str) -> None:
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].name == name:
            del stack[depth:]
            return


@dataclass(slots=True)
class _Writer:
    """Pieces of text with white space folded, and the line ends still due before the next of them."""

    pieces: list[str] = field(default_factory=list)
    due: int = 0
    space: bool = False

    def write(self, text: str) -> None:
        for word in re.split(r"(\s+)", text.translate(_HINTS)):
            if word.isspace():
                self.space = True
            elif word:
                self._word(word)

    def _word(self, word: str) -> None:
        if self.pieces:
            self.pieces.append("\n" * self.due if self.due else " " * self.space)
        self.pieces.append(word)
        self.due, self.space = 0, False

    def gap(self, lines: int) -> None:
        self.due = max(self.due, lines)

    def text(self) -> str:
        return "".join(self.pieces).strip()


def _write(element: _Element, writer: _Writer) -> None:
    name = element.name
    if name in _DROPPED:
        return
    gap = 2 if name in _PARAGRAPHS or name == "table" else 1 if name in _LINES else 0
    writer.gap(gap)
    if name == "table":
        _write_table(element, writer)
    elif name == "img" or (name == "object" and element.attributes.get("type", "").startswith("image/")):
        writer.write(_picture(element))
    elif name in _FILES and (source := _source(element)):
        writer.write(f"[{source}]")
    elif name in ("sup", "sub"):
        _write_script(_inline(element), writer, name == "sup")
    elif name == "rt":
        writer.write(f"({_inline(element)})")
    elif name in _FORMULAS:
        _write_formula(element, writer)
    else:
        if name == "li":
            writer.write("- ")
        _write_children(element, writer)
    writer.gap(gap)


def _write_children(element: _Element, writer: _Writer) -> None:
    for child in element.children:
        if isinstance(child, str):
            writer.write(child)
        else:
            _write(child, writer)


def _inline(element: _Element) -> str:
    inner = _Writer()
    _write_children(element, inner)
    return " ".join(inner.text().split())


def _write_script(text: str, writer: _Writer, raised: bool) -> None:
    shifted = text.translate(_RAISED if raised else _LOWERED)
    if any(old == new for old, new in zip(text, shifted, strict=True)):
        shifted = ("^" if raised else "_") + (text if len(text) == 1 else f"({text})")
    writer.write(shifted)


def _picture(element: _Element) -> str:
    formula = element.attributes.get("data-equation-content")
    if formula:
        return formula
    return f"![{' '.join((element.attributes.get('alt') or _inline(element)).split())}]({_source(element)})"


def _source(element: _Element) -> str:
    """The path of a picture or another file; a picture written into the text itself has none."""
    path = element.attributes.get("src") or element.attributes.get("data") or ""
    if path.startswith("data:"):
        return "inside the text"
    return re.sub(r"^(?:\$IMS[-_]CC[-_]FILEBASE\$|\$IMS_CC_FILE_BASE\$)/?", "", path)


def _write_table(table: _Element, writer: _Writer) -> None:
    rows: list[list[_Element]] = []
    loose: list[_Element | str] = []
    _sort(table, rows, loose)
    _write_children(_Element("", {}, loose), writer)  # a caption, and text that lies between the cells
    width = max(map(len, rows), default=0)
    if width <= 1:
        for row in rows:
            for cell in row:
                writer.gap(1)
                _write_children(cell, writer)
        return
    writer.gap(2)
    for at, row in enumerate(rows):
        texts = [_PIPE.sub(r"\|", _inline(cell)) for cell in row] + [""] * (width - len(row))
        writer.write(f"| {' | '.join(texts)} |")
        writer.gap(1)
        if at == 0:
            writer.write("|" + "---|" * width)
            writer.gap(1)


def _sort(within: _Element, rows: list[list[_Element]], loose: "list[_Element | str]") -> None:
    """The cells of a table by row, and whatever else is in it."""
    for child in within.children:
        if isinstance(child, str) or child.name not in ("tr", "td", "th", "thead", "tbody", "tfoot"):
            loose.append(child)
        elif child.name in ("td", "th"):
            if not rows:
                rows.append([])
            rows[-1].append(child)
        else:
            if child.name == "tr":
                rows.append([])
            _sort(child, rows, loose)


_FORMULAS = {"msup": "^", "msub": "_", "mfrac": "/", "msubsup": "", "msqrt": "√", "mover": "", "munder": "_"}


def _write_formula(element: _Element, writer: _Writer) -> None:
    """A formula of MathML on one line, with what belongs together in brackets."""
    parts = [part for child in element.children if (part := _part(child))]
    if element.name == "msqrt":
        writer.write("√" + (parts[0] if len(parts) == 1 else f"({''.join(parts)})"))
    elif element.name == "msubsup" and len(parts) == 3:
        writer.write(f"{parts[0]}_{parts[1]}^{parts[2]}")
    else:
        writer.write(_FORMULAS[element.name].join(parts))


def _part(child: _Element | str) -> str:
    inner = _Writer()
    _write_children(_Element("", {}, [child]), inner)
    text = inner.text()
    return text if len(text) < 2 or text.isalnum() else f"({text})"
