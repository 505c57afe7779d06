"""Small pictures made byte by byte, as files of the kinds that are kept."""

import struct
import zlib
from collections.abc import Callable


def png(width: int = 2, height: int = 2, dark: Callable[[int, int], bool] = lambda x, y: x == y) -> bytes:
    """A PNG in grey whose pixels are black where `dark`, else white."""
    rows = b"".join(b"\0" + bytes(0 if dark(x, y) else 255 for x in range(width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def bomb(width: int, height: int) -> bytes:
    """The head of a PNG that says that it is so large."""
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


GIF = b"GIF89a\x02\0\x03\0\0\0\0;"
JPG = b"\xff\xd8\xff\xe0\0\4ab\xff\xc0\0\x0b\x08\0\x03\0\x02\1\1\x11\0\xff\xd9"
BMP = b"BM" + bytes(16) + struct.pack("<ii", 2, -3) + bytes(8)
WEBP = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\1\0\0\2\0\0"
