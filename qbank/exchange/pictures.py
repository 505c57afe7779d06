"""Pictures that come with questions: found, looked over, and named by what is in them.

A reader gives what its file holds as bytes by the path in the text. Here each is verified by how it begins, its path becomes
the one it is kept under, and whatever cannot be kept is counted with its reason and the first place. Nothing is fetched.
"""

import base64
import binascii
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from posixpath import basename, normpath
from urllib.parse import unquote

from msgspec.structs import replace

from qbank.core.pictures import KEPT, MEDIA_TYPES, Look, Picture, as_markdown, kept_path, with_pictures
from qbank.core.question import Question
from qbank.core.text import visible
from qbank.exchange.markup import quoted
from qbank.exchange.mcq_draft import Draft

PICTURE_LIMIT = 8 * 1024**2  # bytes of one picture; a camera's largest photographs have about as many
TOTAL_LIMIT = (
    128 * 1024**2
)  # bytes of all pictures of one file [judged], which are in memory until they are kept

Beside = Callable[[str], bytes | None]
"""The bytes of a file by its path beside the one that is read; None when there is none, no more than PICTURE_LIMIT + 1."""

_ON_THE_WEB = "on the web, which are not fetched"
_NOT_THERE = "that are neither in the file nor beside it"
_TOO_LARGE = f"larger than {PICTURE_LIMIT // 1024**2} MiB"
_TOO_MANY = f"beyond {TOTAL_LIMIT // 1024**2} MiB in one file (split it to keep them)"
_NO_RASTER = "that are no whole PNG, JPEG, GIF, WebP or BMP"
_ANY_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


@dataclass(slots=True)
class Gallery:
    """The pictures of one file. `kept` has those that texts show, by the path in the text."""

    held: Mapping[str, bytes]
    beside: Beside | None = None
    kept: dict[str, bytes] = field(default_factory=dict)
    _looked_at: int = 0  # bytes, kept or not: unpacking them is what takes time
    _known: dict[str, tuple[str, str]] = field(default_factory=dict)
    _left: Counter[str] = field(default_factory=Counter)
    _first: dict[str, str] = field(default_factory=dict)

    def settle(self, draft: Draft) -> None:
        """Give every picture in a draft's texts the path under which it is kept; what cannot be kept keeps its name."""
        rewrite(
            draft,
            lambda text: with_pictures(
                data_out(text, lambda content, _: self._take(content)), self._settled(draft.line)
            ),
        )

    def notes(self) -> Iterator[str]:
        """What became of pictures, a sentence for each kind."""
        if self.kept:
            yield f"Pictures kept: {len(self.kept)}."
        for reason, count in sorted(self._left.items()):
            yield f"Pictures {reason}: {count}, the first {self._first[reason]}."

    def _settled(self, line: int) -> Callable[[Picture], str]:
        return lambda picture: as_markdown(Picture(picture.alt, self._path(picture.path, line)))

    def _path(self, path: str, line: int) -> str:
        if path in self.kept:
            return path
        if path not in self._known:
            self._known[path] = self._look(path)
        settled, reason = self._known[path]
        if reason:
            self._left[reason] += 1
            name = f"{visible(unquote(path))[:100]} " if path and not path.startswith("data:") else ""
            self._first.setdefault(reason, f"{name}at line {line}")
        return settled

    def _look(self, path: str) -> tuple[str, str]:
        """The path of a picture from now on, and why it is not kept, "" if it is."""
        if path.startswith("data:"):
            return "", _NO_RASTER
        if path not in self.held and _ANY_ADDRESS.match(path):
            return path, _ON_THE_WEB
        if self._looked_at > TOTAL_LIMIT:
            return basename(path), _TOO_MANY
        content = self.held.get(path)
        if content is None and self.beside is not None and (name := local_path(path)):
            content = self.beside(name)
        if content is None:
            return path, _NOT_THERE
        found = self._take(content)
        if found:
            return found, ""
        return basename(path), _TOO_LARGE if len(content) > PICTURE_LIMIT else _NO_RASTER

    def _take(self, content: bytes, _name: str = "") -> str:
        """The path that a picture is kept under from now on, "" if it cannot be."""
        self._looked_at += len(content)
        path = kept_path(content) if len(content) <= PICTURE_LIMIT else ""
        if path and path not in self.kept:
            self.kept[path] = content
        return path


def rewrite(draft: Draft, change: Callable[[str], str]) -> None:
    """Change every text of a draft that may show a picture."""
    draft.stem, draft.explanation, draft.remember = map(
        change, (draft.stem, draft.explanation, draft.remember)
    )
    draft.options = {label: change(text) for label, text in draft.options.items()}
    draft.explanations = {label: change(text) for label, text in draft.explanations.items()}


def rewritten(question: Question, change: Callable[[str], str]) -> Question:
    """The question with every text changed that may show a picture."""
    options = tuple(
        replace(one, text=change(one.text), explanation=change(one.explanation)) for one in question.options
    )
    stem, remember = change(question.stem), change(question.remember)
    return replace(question, stem=stem, remember=remember, options=options)


def data_in(text: str, look: Look) -> str:
    """The text with its kept pictures written into it as `data:` addresses."""

    def written(picture: Picture) -> str:
        kept = KEPT.fullmatch(picture.path)
        content = look(picture.path) if kept else None
        if kept is None or content is None:
            return as_markdown(picture)
        address = f"data:{MEDIA_TYPES[kept['kind']]};base64,{base64.b64encode(content).decode()}"
        return as_markdown(Picture(picture.alt, address))

    return with_pictures(text, written)


def local_path(path: str) -> str:
    """The file that a path in a text means, below the place it is told from; "" for one that lies elsewhere.

    Percent-encoding is taken off once, a query goes away, and a path that leads up or begins at the root means nothing.
    """
    plain = unquote(re.split(r"[?#]", path, maxsplit=1)[0]).replace("\\", "/")
    if not plain or "\0" in plain or _ANY_ADDRESS.match(plain) or plain.startswith("/"):
        return ""
    plain = normpath(plain)
    return "" if plain in (".", "..") or plain.startswith("../") else plain


def holder(found: MutableMapping[str, bytes]) -> Callable[[bytes, str], str]:
    """Puts a picture into `found` and gives the path that stands for it there, which ends with its name."""

    def held(content: bytes, name: str) -> str:
        path = kept_path(content) or f"picture-{len(found) + 1}/{quoted(name)}"
        found[path] = content
        return path

    return held


_DATA = re.compile(
    r"(?:(?<=[\"'(=])|\A)data\\?:image/[\w.+-]{1,40}"
    r"(?:;[\w-]{1,40}\\?=[\w-]{1,40})?;base64,([A-Za-z0-9+/%\\=]+)",
    re.IGNORECASE,
)


def data_out(text: str, held: Callable[[bytes, str], str]) -> str:
    """The text with a path for each picture that is written into it as a `data:` address; `held` names the path.

    GIFT writes a backslash before some of the signs in it. What cannot be decoded becomes an address of nothing.
    """
    if "base64," not in text:
        return text
    return _DATA.sub(lambda match: held(decoded(match[1]), "") or "data:", text)


def decoded(text: str) -> bytes:
    """The bytes of base64, with white space in it or not; none where it is broken."""
    plain = unquote(text) if "%" in text else text
    try:
        return base64.b64decode("".join(plain.replace("\\", "").split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
