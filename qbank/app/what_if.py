"""What would come of another plan: a change of the minutes, the days, the days off or the date, read from a line."""

from datetime import date

import msgspec

from qbank.app.deadlines import read_span
from qbank.app.preferences import parse_days, parse_exam_date, parse_minutes
from qbank.core.plan import Span
from qbank.errors import UsageError

KEYS = ("minutes", "date", "days", "off")


class WhatIf(msgspec.Struct, frozen=True):
    """What is different; None where nothing is. `text` is the line as it was typed."""

    text: str
    minutes: int | None = None
    exam_day: date | None = None
    days: int | None = None
    off: tuple[Span, ...] = ()


def parse_what_if(text: str, today: date) -> WhatIf:
    """One column: KEY=VALUE, or several with commas between. Raises UsageError with the mend."""
    found, given = WhatIf(text), set[str]()
    for part in text.split(","):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or key not in KEYS:
            raise UsageError(
                f"{part.strip()!r} cannot be tried. Write one of minutes=90, date=2027-02-15, days=5, "
                "off=2026-12-24..2026-12-26, or several with commas between."
            )
        if key in given and key != "off":
            raise UsageError(f"{key} stands twice in {text!r}. Give --what-if again for another column.")
        given.add(key)
        found = _with(found, key, value, today)
    return found


def _with(found: WhatIf, key: str, value: str, today: date) -> WhatIf:
    if key == "minutes":
        return msgspec.structs.replace(found, minutes=parse_minutes(value))
    if key == "days":
        return msgspec.structs.replace(found, days=parse_days(value))
    if key == "off":
        return msgspec.structs.replace(found, off=(*found.off, read_span(value, today)))
    day = parse_exam_date(value, today)
    if day is None:
        raise UsageError("A date to try is a day, like date=2027-02-15.")
    return msgspec.structs.replace(found, exam_day=day)
