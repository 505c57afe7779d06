"""The Markdown of questions as the XHTML that QTI allows.

QTI 2.1's content model (IMS QTI 2.1 Information Model, section 6.3) is the narrowest: no inline styles, no numbers where
lists begin, no titles. What is legal there is legal in QTI 3.
"""

import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qbank.exchange.xml_writing import fit

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_ADDRESSES = frozenset({"href", "src"})
_ATTRIBUTES = _ADDRESSES | {"alt"}
_SCHEME = "[A-Za-z][A-Za-z0-9+.-]*:"
_AUTHORITY = r"//(?:[^/?#@[\]]*@)?(?:[^/?#@:[\]]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?=[/?#]|$)"
_REFERENCE = re.compile(rf"(?:{_SCHEME}|(?![^/?#]*:))(?:{_AUTHORITY}|(?!//))[^#[\]]*(?:#[^#[\]]*)?")
"""A URI reference (RFC 3986, section 4.1) among addresses whose characters are legal each."""


def to_blocks(text: str) -> list[str]:
    """Each paragraph, list, table or other block of a text as an element."""
    parser = _parser()
    tokens = parser.parse(fit(text))
    _legal(tokens)
    blocks, begin, depth = [], 0, 0
    for at, token in enumerate(tokens):
        depth += token.nesting
        if not depth:
            blocks.append(str(parser.renderer.render(tokens[begin : at + 1], parser.options, {})).strip("\n"))
            begin = at + 1
    return blocks


def to_inline(text: str) -> str:
    """A text of one line, without an element around it."""
    parser = _parser()
    tokens = parser.parseInline(fit(text))
    _legal(tokens)
    return str(parser.renderer.render(tokens, parser.options, {}))


def paragraph_within(block: str) -> str | None:
    """What is within a block that is a paragraph; None for any other block."""
    if block.startswith("<p>") and block.endswith("</p>"):
        return block.removeprefix("<p>").removesuffix("</p>")
    return None


@functools.cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # a quarter of the time that most commands take

    return MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}).enable("table")


def _legal(tokens: "Sequence[Token]") -> None:
    """Take away what QTI has no place for, and give a table without rows a body, which it must have."""
    head: list[Token] = []
    for token in tokens:
        token.attrs = {
            name: _reference(str(value)) if name in _ADDRESSES else value
            for name, value in token.attrs.items()
            if name in _ATTRIBUTES
        }
        token.info = ""
        if token.type in ("thead_open", "thead_close"):
            head.append(token)
        elif token.type in ("tbody_open", "table_close"):
            for one in head if token.type == "table_close" else ():
                one.tag = "tbody"
            head.clear()
        _legal(token.children or ())


def _reference(address: str) -> str:
    """An address as the URI reference that QTI's schemas ask for; what is none becomes a relative path."""
    path, mark, fragment = address.partition("#")
    legal = path + mark + fragment.replace("#", "%23")
    return legal if _REFERENCE.fullmatch(legal) else "./" + legal.replace("[", "%5B").replace("]", "%5D")
