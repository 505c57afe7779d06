"""Pictures in the texts of questions: `![alt](path)`, as Markdown writes them."""

import re
from collections.abc import Callable
from typing import NamedTuple

KEPT = re.compile(r"pictures/(?P<name>[0-9a-f]{32}\.(?P<kind>png|jpg|gif|webp|bmp))")
"""The path of a picture that is kept beside the banks, named by what is in it."""

# Bounded, so that a text of nothing but marks takes no longer than another.
_PICTURE = re.compile(r"(?<!\\)!\[(?P<alt>(?:[^\[\]\\]|\\.){0,1000})\]\((?P<path>[^\s()<>]{0,4000})\)")


class Picture(NamedTuple):
    """A picture as a text names it; either may be ""."""

    alt: str
    path: str


def pictures_in(text: str) -> list[Picture]:
    """The pictures of a text, in reading order."""
    if "![" not in text:
        return []
    return [Picture(found["alt"], found["path"]) for found in _PICTURE.finditer(text)]


def with_pictures(text: str, written: Callable[[Picture], str]) -> str:
    """The text with each picture as `written` gives it."""
    if "![" not in text:
        return text
    return _PICTURE.sub(lambda found: written(Picture(found["alt"], found["path"])), text)


def as_markdown(picture: Picture) -> str:
    return f"![{picture.alt}]({picture.path})"
