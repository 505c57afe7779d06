"""The few fields that are read of Anki's protobuf messages.

Source: protobuf.dev, "Encoding", and Anki's own .proto files for the numbers of fields.
"""

from collections.abc import Iterator

Field = tuple[int, int | bytes]
"""(number, value): a whole number, or the bytes of a text or of a message inside."""

_VARINT, _FIXED_64, _BYTES, _FIXED_32 = 0, 1, 2, 5
_SIZES = {_FIXED_64: 8, _FIXED_32: 4}
_VARINT_BYTES = 10


def fields(message: bytes) -> Iterator[Field]:
    """The fields of a message in their order, those of a fixed size left out. Raises ValueError where it is none."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield number, value
        elif kind == _BYTES:
            size, at = _varint(message, at)
            if at + size > len(message):
                raise ValueError("a field that is longer than its message")
            yield number, message[at : at + size]
            at += size
        elif kind in _SIZES:
            at += _SIZES[kind]
        else:
            raise ValueError(f"a field of the unknown kind {kind}")


def number(message: bytes, wanted: int) -> int:
    """The last whole number in a field, 0 when it is not there. Raises ValueError."""
    return next(
        (value for at, value in reversed([*fields(message)]) if at == wanted and isinstance(value, int)), 0
    )


def text(message: bytes, wanted: int) -> str:
    """The last text in a field, "" when it is not there. Raises ValueError."""
    found = (value for at, value in reversed([*fields(message)]) if at == wanted and isinstance(value, bytes))
    return next(found, b"").decode("utf-8", errors="replace")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place, byte in enumerate(message[at : at + _VARINT_BYTES]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    raise ValueError("a number that does not end")
