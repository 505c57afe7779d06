"""Formulas in MathML as a line of text: powers by a caret, indices by an underscore, fractions by a slash."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

DEPTH_LIMIT = (
    50  # elements within elements; formulas have some ten, what lies deeper is read as if it lay there
)


@dataclass(slots=True)
class _Node:
    name: str
    attributes: dict[str, str]
    children: "list[_Node | str]" = field(default_factory=list)


class Formula:
    """A formula, built from the tags and texts of its MathML as a parser of HTML finds them."""

    def __init__(self, attributes: Iterable[tuple[str, str | None]]) -> None:
        self._root = _Node("math", _filled(attributes))
        self._open = [self._root]

    def start(self, name: str, attributes: Iterable[tuple[str, str | None]]) -> None:
        if len(self._open) < DEPTH_LIMIT:
            node = _Node(name, _filled(attributes))
            self._open[-1].children.append(node)
            self._open.append(node)

    def end(self, name: str) -> None:
        if len(self._open) > 1 and self._open[-1].name == name:
            self._open.pop()

    def data(self, text: str) -> None:
        self._open[-1].children.append(text)

    def text(self) -> str:
        """The formula on one line; of one without any text what it says for readers who cannot see it."""
        written = " ".join(_written(self._root).split())
        return written or " ".join(self._root.attributes.get("alttext", "").split())


def _filled(attributes: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    return {name: value or "" for name, value in attributes}


_SPACED = frozenset("=+−-±∓×·÷<>≤≥≠≈≡∝∼→←↔⇌⇒⇔∈∉⊂⊆∪∩∧∨*/")
"""Operators with a space on both sides where they stand between two things."""
_UNSEEN = {0x2061: " ", **dict.fromkeys(range(0x2062, 0x2065))}  # function application; times, comma and plus
_ACCENTS = {
    "¯": "\u0304",
    "‾": "\u0304",
    "^": "\u0302",
    "ˆ": "\u0302",
    "~": "\u0303",
    "→": "\u20d7",
    "˙": "\u0307",
}
_SIMPLE = {
    "^": re.compile(r"[+−-]?(?:[\d.]+|\w)[+−-]?|[+−*′-]{1,3}|\([^()]*\)"),
    "_": re.compile(r"\w+|\([^()]*\)"),
}
"""What needs no brackets after a mark."""
_SUMMED = re.compile("[∑∏∫⋃⋂]|lim")
_ONE_THING = re.compile(r"[\w.]+|\([^()]*\)|.")


def _written(node: _Node | str) -> str:
    if isinstance(node, str):
        return node
    if node.name in _TOKENS:
        text = "".join(map(_written, node.children)).translate(_UNSEEN)
        line = " ".join(text.split())
        return f" {line} " if node.name == "mtext" else line or text[:1]
    return _LAYOUTS.get(node.name, _row)(node)


def _parts(node: _Node) -> list[_Node]:
    return [child for child in node.children if isinstance(child, _Node)]


def _row(node: _Node) -> str:
    """Its parts one after the other, a space around operators that join two of them."""
    children = [child for child in node.children if isinstance(child, _Node) or child.strip()]
    texts: list[str] = []
    last = ""
    for at, child in enumerate(children, 1):
        text = _written(child)
        is_operator = isinstance(child, _Node) and child.name == "mo"
        joins = at < len(children) and last and last not in _SPACED and last not in "([{,"
        if is_operator and ((text in _SPACED and joins) or (len(text) > 1 and text.isalpha())):
            text = f" {text} "
        elif (is_operator and text in (",", ";")) or _SUMMED.match(text):
            text = f"{text} "
        texts.append(text)
        last = text.rstrip()[-1:] or last
    return "".join(texts)


def _first(node: _Node) -> str:
    """The formula of a `semantics`, whose other parts say it again in another language."""
    return _written(_parts(node)[0]) if _parts(node) else _row(node)


def _scripts(*marks: str) -> Callable[[_Node], str]:
    """A base with what stands above it or below it, each after its mark."""

    def written(node: _Node) -> str:
        base, *scripts = [_written(part).strip() for part in _parts(node)] or [""]
        return _grouped(base) + "".join(
            _marked(mark, script) for mark, script in zip(marks, scripts, strict=False) if script
        )

    return written


def _over(node: _Node) -> str:
    base, over = ([_written(part).strip() for part in _parts(node)] + ["", ""])[:2]
    if over in _ACCENTS and len(base) == 1:
        return base + _ACCENTS[over]
    return _grouped(base) + (_marked("^", over) if over else "")


def _fraction(node: _Node) -> str:
    above, below = ([_written(part).strip() for part in _parts(node)] + ["", ""])[:2]
    return f"{_grouped(above)}/{_grouped(below)}"


def _square_root(node: _Node) -> str:
    return f"√{_grouped(_row(node).strip())}"


def _root(node: _Node) -> str:
    base, index = ([_written(part).strip() for part in _parts(node)] + ["", ""])[:2]
    return f"{_grouped(base)}^(1/{_grouped(index)})"


def _fenced(node: _Node) -> str:
    separators = node.attributes.get("separators", ",").strip()
    between = f"{separators[0]} " if separators else ""
    inside = between.join(_written(part).strip() for part in _parts(node))
    return f"{node.attributes.get('open', '(')}{inside}{node.attributes.get('close', ')')}"


def _table(node: _Node) -> str:
    rows = [", ".join(_written(cell).strip() for cell in _parts(row)) for row in _parts(node)]
    return f"[{'; '.join(rows)}]"


def _before_and_after(node: _Node) -> str:
    """A base with pairs of what stands below and above it, those after `mprescripts` before it, as of an isotope."""
    base, *scripts = _parts(node) or [_Node("mrow", {})]
    at = next((at for at, part in enumerate(scripts) if part.name == "mprescripts"), len(scripts))
    return _pairs(scripts[at + 1 :]) + _grouped(_written(base).strip()) + _pairs(scripts[:at])


def _pairs(scripts: Sequence[_Node]) -> str:
    texts = [_written(part).strip() for part in scripts]
    pairs = zip(texts[::2], texts[1::2], strict=False)
    return "".join(
        (_marked("^", above) if above else "") + (_marked("_", below) if below else "")
        for below, above in pairs
    )


def _nothing(_node: _Node) -> str:
    return ""


def _space(_node: _Node) -> str:
    return " "


def _grouped(text: str) -> str:
    """A text that stays together: in brackets unless it is one thing."""
    return text if not text or _ONE_THING.fullmatch(text) else f"({text})"


def _marked(mark: str, text: str) -> str:
    return mark + (text if _SIMPLE[mark].fullmatch(text) else f"({text})")


_TOKENS = frozenset({"mi", "mn", "mo", "mtext", "ms"})
_LAYOUTS: dict[str, Callable[[_Node], str]] = {
    "msup": _scripts("^"),
    "msub": _scripts("_"),
    "msubsup": _scripts("_", "^"),
    "munder": _scripts("_"),
    "munderover": _scripts("_", "^"),
    "mover": _over,
    "mmultiscripts": _before_and_after,
    "mfrac": _fraction,
    "msqrt": _square_root,
    "mroot": _root,
    "mfenced": _fenced,
    "mtable": _table,
    "semantics": _first,
    "maction": _first,
    "mspace": _space,
    "mphantom": _nothing,
    "none": _nothing,
    "annotation": _nothing,
    "annotation-xml": _nothing,
}
