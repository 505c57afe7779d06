"""Text made fit to stand in XML."""

import re
from xml.sax.saxutils import escape, quoteattr

_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fit(text: str) -> str:
    """The text with U+FFFD for what XML 1.0 (section 2.2) has no character for."""
    return _NOT_XML.sub("\ufffd", text)


def escaped(text: str) -> str:
    """The text as the content of an element."""
    return escape(fit(text))


def tag(name: str, content: str = "", /, **attributes: str) -> str:
    """An element around XML that is written already. An attribute's name is given with `_` for what `:` parts."""
    written = "".join(
        f" {key.replace('_', ':')}={quoteattr(fit(value))}" for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"
