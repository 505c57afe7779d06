"""The pictures of a QTI file or package: those written into it, and those in members that a text shows."""

import contextlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from functools import partial
from posixpath import dirname, join, normpath

from qbank.core.pictures import KEPT
from qbank.exchange.markup import quoted
from qbank.exchange.pictures import PICTURE_LIMIT, data_out, decoded, holder, local_path
from qbank.exchange.qti_package import is_zip
from qbank.exchange.qti_xml import Node
from qbank.exchange.zip_faults import NOT_A_ZIP

ITEMS = "items/"
"""The folder of a package from here in which its items lie, and below it their pictures."""

_SHOWING = {"img": "src", "object": "data", "matimage": "uri"}
"""The elements that show a picture, with the attribute that has its path."""

_IN_HTML = re.compile(
    r"(<img\b(?:[^<>\"']|\"[^\"<>]*\"|'[^'<>]*')*?(?<=[\s\"'/])src\s*=\s*)"
    r"(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s\"'<>]+))",
    re.IGNORECASE,
)
"""An image up to its path, which may stand without quotation marks; what other attributes say of a `src` is none."""
_FILE_BASE = re.compile(r"(?:\$|%24)IMS[-_]CC[-_]FILE[-_]?BASE(?:\$|%24)/?")
_EMBEDDED = re.compile(r"@X@EmbeddedFile\.location@X@")
"""How a text of Blackboard names a file of the folder that is called as the text's own file is."""
_BLACKBOARD = re.compile(r"xid-\d+_\d+")
_ROOTS = ("", "web_resources/")
"""Where in a package the files lie that a text names from its root; Common Cartridge has a folder for them."""


class QtiPictures(Mapping[str, bytes]):
    """Bytes by the path that `name` puts in a text. Members are unpacked when they are asked for, and not beyond a limit."""

    def __init__(self, content: bytes) -> None:
        self._written: dict[str, bytes] = {}
        self._held = holder(self._written)
        self._archive: zipfile.ZipFile | None = None
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._by_number: dict[str, str] = {}
        if is_zip(content):
            with contextlib.suppress(*NOT_A_ZIP):
                self._archive = zipfile.ZipFile(io.BytesIO(content))
                self._members = {info.filename: info for info in self._archive.infolist()}
        for name in self._members:
            if number := _BLACKBOARD.search(name.rpartition("/")[2]):
                self._by_number.setdefault(number[0], name)

    def name(self, item: Node, member: str) -> None:
        """Put the path of its bytes in place of every picture that an item shows; one that is not here keeps its own."""
        waiting = [item]
        while waiting:
            node = waiting.pop()
            if node.name in _SHOWING:
                self._name_shown(node, _SHOWING[node.name], member)
            node.change_texts(partial(self._in_text, member=member))
            waiting += node.nodes()

    def __getitem__(self, path: str) -> bytes:
        if path in self._written:
            return self._written[path]
        name = local_path(path)
        if name not in self._members and KEPT.fullmatch(name):
            name = f"{ITEMS}{name}"
        if self._archive is None or name not in self._members:
            raise KeyError(path)
        try:
            with self._archive.open(self._members[name]) as file:
                return file.read(PICTURE_LIMIT + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
            return b""  # damaged, locked or packed in an unknown way: no picture

    def __iter__(self) -> Iterator[str]:
        return iter([*self._written, *map(quoted, self._members)])

    def __len__(self) -> int:
        return len(self._written) + len(self._members)

    def _name_shown(self, node: Node, attribute: str, member: str) -> None:
        if node.name == "matimage" and not node.get(attribute) and (text := "".join(node.text().split())):
            node.attributes[attribute] = self._held(decoded(text), node.get("label"))
            node.children = []
        elif path := node.get(attribute):
            # Brightspace parts folders as Windows does.
            node.attributes[attribute] = self._named(path.replace("\\", "/"), member)

    def _in_text(self, text: str, member: str) -> str:
        found = _IN_HTML.sub(
            lambda one: f'{one[1]}"{self._named(one[2] or one[3] or one[4] or "", member)}"', text
        )
        return data_out(found, self._held)

    def _named(self, path: str, member: str) -> str:
        if path.startswith("data:"):
            return data_out(path, self._held)
        if KEPT.fullmatch(path) and f"{ITEMS}{path}" in self._members:
            return path  # went out from here, and is compared with its Markdown
        number = _BLACKBOARD.search(path) if self._by_number else None
        if number and number[0] in self._by_number:
            return quoted(self._by_number[number[0]])
        if embedded := _EMBEDDED.match(path):
            path = f"{member.rpartition('.')[0]}/{path[embedded.end() :]}"
        base = _FILE_BASE.match(path)
        name = local_path(path[base.end() :] if base else path)
        beside = local_path(join(dirname(member), path)) if not base else ""
        candidates = (beside, *(normpath(root + name) for root in _ROOTS if name))
        return next((quoted(one) for one in candidates if one and one in self._members), path)
