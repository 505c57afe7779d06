"""Text from anywhere may hold what a terminal obeys; here it becomes what a person sees.

Escape sequences can move the cursor, recolour the screen or write the clipboard (OSC 52), and bidirectional overrides can
show other words than are there. Entry checks refuse them by name; every exit makes what is left visible.
"""

import re

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 controls but tab and newline
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional marks, embeddings, overrides, isolates
    "\u2028\u2029\ufeff\ud800-\udfff]"
)


def visible(text: str) -> str:
    """The text with every character that a terminal would obey, not show, written as `<U+001B>`."""
    return _HIDDEN.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)


def hidden_characters(text: str) -> list[tuple[int, str]]:
    """Line (from 1) and name, as `U+001B`, of each character that `visible` would replace, in order."""
    found: list[tuple[int, str]] = []
    line, counted = 1, 0
    for match in _HIDDEN.finditer(text):
        line, counted = line + text.count("\n", counted, match.start()), match.start()
        found.append((line, f"U+{ord(match[0]):04X}"))
    return found
