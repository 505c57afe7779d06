"""What lists from other banks come to, in a sentence each, wherever evidence is told."""

from collections.abc import Sequence
from datetime import date

from qbank.app.overview import OtherBank
from qbank.core.text import visible


def other_banks_lines(banks: Sequence[OtherBank]) -> list[str]:
    """Each source's lists in a sentence."""
    return [f"From {visible(one.source)}: {_brief(one)}." for one in banks]


def _brief(one: OtherBank) -> str:
    parts = []
    if one.answers:
        parts.append(f"{counted(one.answers, 'answer')}, {one.right:,} right")
    if one.systems:
        parts[-1] += f", in {counted(len(one.systems), 'system')}"
    if one.misses:
        parts.append(f"{counted(one.misses, 'miss')} that cannot count yet")
    return f"{' and '.join(parts)}; {_days_text(one.first, one.last)}"


def counted(count: int, what: str) -> str:
    """A number with its noun: 1 row, 2 rows, 2 misses."""
    if count == 1:
        return f"1 {what}"
    return f"{count:,} {what}es" if what.endswith("ss") else f"{count:,} {what}s"


def _days_text(first: date | None, last: date | None) -> str:
    return f"{first}" if first == last else f"{first} to {last}"
