"""Elements of a QTI file that are XHTML, written as HTML again."""

import html
import re
from collections.abc import Mapping
from itertools import groupby
from types import MappingProxyType

from qbank.exchange.qti_xml import Node
from qbank.exchange.xml_reading import Element

_NAMES = {"prompt": "div", "choiceInteraction": "div"}


def html_of(node: Node, replaced: Mapping[str, str] = MappingProxyType({})) -> str:
    """What is within an element as HTML; elements of some names are `replaced` by a text."""
    found = []
    for is_text, children in groupby(node.children, lambda child: isinstance(child, str)):
        if is_text:
            text = "".join(map(str, children))
            found.append(text if _IS_HTML.fullmatch(text) else html.escape(text, quote=False))
        else:
            found += [_written(child, replaced) for child in children if isinstance(child, Element)]
    return "".join(found)


_TAG = "(?:p|div|span|table|ul|ol|b|i|em|strong|sub|sup|font|h[1-6])"
_IS_HTML = re.compile(rf"\s*<{_TAG}\b[^<>]*>.*</{_TAG}>\s*", re.DOTALL)
"""A text that is HTML from its beginning to its end; some programs write it as text where elements should stand."""


def _written(child: Node, replaced: Mapping[str, str]) -> str:
    if child.name in replaced:
        return replaced[child.name]
    name = _NAMES.get(child.name, child.name)
    attributes = "".join(f' {key}="{html.escape(value)}"' for key, value in child.attributes.items())
    return f"<{name}{attributes}>{html_of(child, replaced)}</{name}>"
