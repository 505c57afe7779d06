"""What kind of picture some bytes are, told by how they begin and never by a name."""

import struct
from collections.abc import Callable

PIXEL_LIMIT = 64_000_000  # a browser takes four bytes for each [judged]
SIDE_LIMIT = 32_767  # pixels; beyond it browsers show nothing

Size = tuple[int, int]


def raster_kind(content: bytes) -> str:
    """png, jpg, gif, webp or bmp; "" for anything else, for one that ends too early, and for one too large to be shown.

    SVG is none of them: it is a document that can hold programs and addresses.
    """
    for kind, (begins, size_of) in _KINDS.items():
        if content.startswith(begins):
            try:
                width, height = size_of(content)
            except (struct.error, IndexError):
                return ""
            fits = 0 < width <= SIDE_LIMIT and 0 < height <= SIDE_LIMIT and width * height <= PIXEL_LIMIT
            return kind if fits else ""
    return ""


def _png(content: bytes) -> Size:
    """Source: PNG specification, third edition, 11.2.1."""
    if content[12:16] != b"IHDR":
        return 0, 0
    width, height = struct.unpack_from(">II", content, 16)
    return width, height


def _gif(content: bytes) -> Size:
    """Source: GIF89a specification, 18."""
    width, height = struct.unpack_from("<HH", content, 6)
    return width, height


def _bmp(content: bytes) -> Size:
    """Windows bitmaps; the height of one written from above is less than 0."""
    width, height = struct.unpack_from("<ii", content, 18)
    return width, abs(height)


def _webp(content: bytes) -> Size:
    """Source: RFC 9649, 2.4 to 2.7."""
    if content[8:12] != b"WEBP":
        return 0, 0
    chunk = content[12:16]
    if chunk == b"VP8X":
        return 1 + _three_bytes(content, 24), 1 + _three_bytes(content, 27)
    if chunk == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


def _three_bytes(content: bytes, at: int) -> int:
    return content[at] | content[at + 1] << 8 | content[at + 2] << 16


_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def _jpg(content: bytes) -> Size:
    """The size in the first frame header. Source: ITU-T T.81, B.2.2."""
    at = 2
    while content[at] == 0xFF:
        mark = content[at + 1]
        if mark == 0xFF:
            at += 1
        elif mark in _ALONE:
            at += 2
        elif mark in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        else:
            (length,) = struct.unpack_from(">H", content, at + 2)
            at += 2 + max(length, 2)
    return 0, 0


_KINDS: dict[str, tuple[tuple[bytes, ...], Callable[[bytes], Size]]] = {
    "png": ((b"\x89PNG\r\n\x1a\n",), _png),
    "jpg": ((b"\xff\xd8\xff",), _jpg),
    "gif": ((b"GIF87a", b"GIF89a"), _gif),
    "webp": ((b"RIFF",), _webp),
    "bmp": ((b"BM",), _bmp),
}
