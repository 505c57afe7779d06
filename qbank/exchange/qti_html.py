"""Elements of a QTI file that are XHTML, written as HTML again."""

import html
from collections.abc import Mapping
from types import MappingProxyType

from qbank.exchange.qti_xml import Node

_NAMES = {"prompt": "div", "choiceInteraction": "div"}


def html_of(node: Node, replaced: Mapping[str, str] = MappingProxyType({})) -> str:
    """What is within an element as HTML; elements of some names are `replaced` by a text."""
    return "".join(_written(child, replaced) for child in node.children)


def _written(child: Node | str, replaced: Mapping[str, str]) -> str:
    if isinstance(child, str):
        return html.escape(child, quote=False)
    if child.name in replaced:
        return replaced[child.name]
    name = _NAMES.get(child.name, child.name)
    attributes = "".join(f' {key}="{html.escape(value)}"' for key, value in child.attributes.items())
    return f"<{name}{attributes}>{html_of(child, replaced)}</{name}>"
