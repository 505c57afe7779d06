"""Pictures in the texts of questions: `![alt](path)`, as Markdown writes them."""

import hashlib
import re
from collections.abc import Callable
from typing import NamedTuple

from qbank.core.raster import raster_kind

KEPT = re.compile(r"pictures/(?P<name>[0-9a-f]{20}\.(?P<kind>png|jpg|gif|webp|bmp))")
"""The path of a picture that is kept beside the banks, named by what is in it."""

MEDIA_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
}
"""The media type of each kind of picture that is kept."""

# Bounded, so that a text of nothing but marks takes no longer than another.
_PICTURE = re.compile(r"(?<!\\)!\[(?P<alt>(?:[^\[\]\\]|\\.){0,5000})\]\((?P<path>[^\s()<>]{0,4000})\)")


Look = Callable[[str], bytes | None]
"""Gives a kept picture by its path; None when it is not here any more."""


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


def without_paths(text: str) -> str:
    """The text with each picture as words, for where a path would only be in the way."""
    return with_pictures(text, lambda one: f"[picture: {one.alt}]" if one.alt.strip() else "[picture]")


def kept_path(content: bytes) -> str:
    """The path under which a picture is kept, so that the same one is kept once; "" for what is no picture.

    See `core.raster` for what is one.
    """
    kind = raster_kind(content)
    return f"pictures/{hashlib.blake2b(content, digest_size=10).hexdigest()}.{kind}" if kind else ""


def as_markdown(picture: Picture) -> str:
    return f"![{picture.alt}]({picture.path})"
