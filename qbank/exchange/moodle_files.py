"""The files that Moodle XML holds beside its texts: pictures get the path under which a text can show them."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from urllib.parse import unquote

from qbank.exchange.markup import quoted
from qbank.exchange.pictures import data_out, decoded
from qbank.exchange.xml_reading import Element

FILES = ("file", "image_base64")
"""The elements whose text is a file in base64."""

PLUGIN_FILE = "@@PLUGINFILE@@"
"""Before the path, within its text, of a file that stands beside the text."""

_SHOWN = re.compile(
    rf"(?<=src=\"){PLUGIN_FILE}(?P<quoted>/[^\"<>?#]+)(?:\?[^\"<>]*)?"
    rf"|{PLUGIN_FILE}(?P<bare>/[^\"'\s()<>?#]+)(?:\?[^\"'\s()<>]*)?"
)
"""A path in an attribute's quotation marks may hold spaces and brackets, elsewhere these end it."""

Held = Callable[[bytes, str], str]


def name_pictures(question: Element, held: Held) -> None:
    """Put a path in place of every picture that a question's texts show; `held` takes its bytes and gives the path.

    A text's own files come first, for another text may have another file of the same name. A file that is not there keeps
    its name.
    """
    everywhere, known = dict(_files(question)), dict[str, str]()

    def name_within(element: Element, files: Mapping[str, str]) -> None:
        if own := {_place(file): file.own_text() for file in element.all("file")}:
            files = {**files, **own}

        def named(text: str) -> str:
            if PLUGIN_FILE in text:
                text = _SHOWN.sub(partial(_named, files, known, held), text)
            return data_out(text, held)

        element.change_texts(named)
        element.attributes = {name: named(value) for name, value in element.attributes.items()}
        for child in element.nodes():
            if child.name not in FILES:
                name_within(child, files)

    name_within(question, everywhere)
    _name_old(question, held)


def _named(files: Mapping[str, str], known: dict[str, str], held: Held, shown: re.Match[str]) -> str:
    """The path of a file that a text shows; `known` has those that were decoded before."""
    path = unquote(html.unescape(shown["quoted"] or shown["bare"]))
    file = files.get(path)
    if file is None:
        return shown[0]
    if file not in known:
        known[file] = held(decoded(file), path.rpartition("/")[2])
    return known[file]


def _name_old(question: Element, held: Held) -> None:
    """The picture of a question of Moodle 1.9, which stands beside the text and is not named in it."""
    image, content = question.child("image"), question.child("image_base64")
    if image is None:
        return
    inner = image.child("text") or image
    name = inner.own_text().strip()
    if name and content is not None:
        inner.children = [held(decoded(content.own_text()), name)]
    elif name:
        inner.children = [quoted(name)]


def _within(element: Element) -> Iterator[Element]:
    yield element
    for child in element.nodes():
        if child.name not in FILES:
            yield from _within(child)


def _files(element: Element) -> Iterator[tuple[str, str]]:
    return ((_place(file), file.own_text()) for owner in _within(element) for file in owner.all("file"))


def _place(file: Element) -> str:
    """The path by which a text shows a file: a folder that begins and ends with a slash, and the name."""
    folder = file.attributes.get("path", "/").strip("/")
    return f"/{folder}/{file.attributes.get('name', '')}" if folder else f"/{file.attributes.get('name', '')}"
