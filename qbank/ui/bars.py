"""Bars and trends drawn with characters. Each stands beside its number in words, so nothing is lost without them."""

import os
import sys
from collections.abc import Sequence

_STEPS = "▁▂▃▄▅▆▇█"
_EIGHTHS = " ▏▎▍▌▋▊▉"
_FULL, _MARK, _NONE = "█", "│", "·"


def draws_blocks() -> bool:
    """Whether standard output is a terminal that can show block characters."""
    out = sys.stdout
    if out is None or not out.isatty() or os.environ.get("TERM", "dumb") in ("dumb", "unknown", ""):
        return False
    try:
        (_STEPS + _EIGHTHS + _MARK + _NONE).encode(out.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def bar(part: float, width: int, *, blocks: bool, mark: float | None = None) -> str:
    """A bar of `part` (0-1) of the width, with a sign at `mark` (0-1) to measure it by."""
    part = min(max(part, 0.0), 1.0)
    if blocks:
        full, eighths = divmod(round(part * width * 8), 8)
        drawn = _FULL * full + _EIGHTHS[eighths].strip()
    else:
        drawn = "#" * round(part * width)
    if mark is None:
        return drawn
    at = min(round(mark * width), width - 1)
    sign = _MARK if blocks else "|"
    return drawn[:at].ljust(at) + sign + drawn[at + 1 :]


def trend(values: Sequence[float | None], *, blocks: bool) -> str:
    """One character for each value (0-1): a block of its height, or the digit of its tens, as 6 for 60 to 69 %."""
    if not blocks:
        return "".join("-" if value is None else str(min(9, int(value * 10 + 1e-9))) for value in values)
    top = len(_STEPS) - 1
    return "".join(_NONE if value is None else _STEPS[min(top, int(value * len(_STEPS)))] for value in values)
