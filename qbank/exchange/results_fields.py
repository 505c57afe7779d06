"""What the headings and cells of a table of results mean: whether it was right, how long it took, when."""

import re
from datetime import date

ROLES: dict[str, frozenset[str]] = {
    "id": frozenset(
        {"id", "qid", "question id", "question", "question number", "question no", "item", "item id", "q"}
    ),
    "correct": frozenset(
        {
            "correct", "result", "results", "status", "outcome", "right", "answered correctly", "is correct",
            "answer status", "your result", "right wrong", "correct incorrect", "score", "grade",
        }
    ),
    "time": frozenset(
        {
            "time", "time spent", "time taken", "time used", "duration", "your time", "seconds", "time sec",
            "time seconds", "time s", "time spent sec", "time spent seconds", "minutes", "time min", "time minutes",
        }
    ),
    "system": frozenset({"system", "systems", "organ system", "organ systems", "organ"}),
    "subject": frozenset({"subject", "subjects", "discipline", "disciplines", "area"}),
    "topic": frozenset({"topic", "topics", "category", "categories", "chapter", "tag", "tags"}),
    "date": frozenset(
        {
            "date", "day", "answered on", "date answered", "date completed", "test date",
            "date taken", "completed on", "timestamp",
        }
    ),
    "attempt": frozenset({"attempt", "attempts", "attempt number", "try", "pass"}),
    "others": frozenset(
        {
            "others", "% correct others", "% others correct", "percent correct others", "percent others correct",
            "percent of others correct", "others correct", "others % correct", "peers", "peer %",
            "peers correct", "% peers correct", "average % correct", "global %", "users correct",
            "% users correct", "avg % correct", "avg correct",
        }
    ),
}  # fmt: skip
_MEANING = {spelling: role for role, spellings in ROLES.items() for spelling in spellings}

RIGHT = frozenset(
    {"correct", "right", "yes", "y", "true", "t", "1", "1.0", "pass", "passed", "✓", "✔", "✅", "100", "100%"}
)
WRONG = frozenset(
    {
        "incorrect",
        "wrong",
        "no",
        "n",
        "false",
        "f",
        "0",
        "0.0",
        "fail",
        "failed",
        "x",
        "✗",
        "✘",
        "×",
        "❌",
        "0%",
        "missed",
    }
)
UNANSWERED = frozenset(
    {
        "",
        "-",
        "--",
        "—",
        "–",
        "omitted",
        "omit",
        "skipped",
        "unanswered",
        "not answered",
        "blank",
        "unused",
        "none",
        "n/a",
    }
)


def role(heading: str) -> str:
    """The role of a heading, a name of ROLES, or "" for none."""
    folded = re.sub(r"[^\w%]+", " ", heading.casefold().replace("_", " ")).strip()
    return _MEANING.get(folded, "")


def outcome(cell: str) -> bool | None:
    """Whether it was right; None when it was not answered. Raises ValueError for another word."""
    word = " ".join(cell.casefold().replace("\ufe0f", "").split())
    if word in UNANSWERED:
        return None
    if word in RIGHT:
        return True
    if word in WRONG:
        return False
    raise ValueError(word)


def seconds(cell: str, *, minutes: bool = False) -> int | None:
    """A time as `75`, `75 sec`, `1 min 15 s`, `1:15` or `0:01:15`; None when it is none, or longer than a day.

    A bare number is of `minutes` where the heading says so.
    """
    text = cell.strip().casefold()
    if match := _CLOCK.fullmatch(text):
        hours, rest = int(match["h"] or 0), int(match["m"]) * 60 + int(match["s"])
        return _within(hours * 3600 + rest)
    match = _SPOKEN.fullmatch(text)
    if match is None or not text:
        return None
    if match["bare"]:
        return _within(round(float(match["bare"]) * (60 if minutes else 1)))
    parts = ((match["h"], 3600), (match["m"], 60), (match["s"], 1))
    return _within(round(sum(float(number) * unit for number, unit in parts if number)))


def percent(cell: str) -> float | None:
    """A percentage from 0 to 100, or a share as it stands; None when it is none."""
    text = cell.strip().rstrip("%").strip().replace(",", ".")
    return float(text) if _NUMBER.fullmatch(text) and float(text) <= 100 else None


def day(cell: str, *, day_first: bool) -> date | None:
    """The day of a date or time as 2026-11-20, 11/20/2026, 20.11.2026, Nov 20, 2026 or 20 Nov 2026; None when it is none."""
    text = cell.strip()
    try:
        if match := _ISO.match(text):
            return date(int(match["y"]), int(match["m"]), int(match["d"]))
        if match := _POINTED.match(text):
            return date(_year(match["y"]), int(match["b"]), int(match["a"]))
        if match := _SLASHED.match(text):
            first, second = int(match["a"]), int(match["b"])
            return date(_year(match["y"]), *((second, first) if day_first else (first, second)))
        if (match := _WORDED.match(text)) and (match["before"] or match["after"]):
            month = _MONTHS.index(match["word"].casefold()[:3]) + 1
            return date(int(match["y"]), month, int(match["before"] or match["after"]))
    except ValueError:
        return None
    return None


def slashed(cell: str) -> tuple[int, int] | None:
    """The first two numbers of a date like 03/04/2026, of which either may be the month."""
    match = _SLASHED.match(cell.strip())
    return (int(match["a"]), int(match["b"])) if match else None


def _within(found: int) -> int | None:
    return found if found <= _DAY_SECONDS else None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


_DAY_SECONDS = 24 * 3600
_NUMBER = re.compile(r"\d{1,3}(\.\d{1,6})?", re.ASCII)
_CLOCK = re.compile(r"(?:(?P<h>\d{1,2}):)?(?P<m>\d{1,4}):(?P<s>\d{2})(?:\.\d+)?", re.ASCII)
_SPOKEN = re.compile(
    r"(?P<bare>\d{1,6}(?:\.\d{1,6})?)|(?:(?P<h>\d{1,2}) ?h(?:ours?|rs?)? ?)?"
    r"(?:(?P<m>\d{1,4}(?:\.\d{1,6})?) ?m(?:in(?:ute)?s?)?\.? ?)?(?:(?P<s>\d{1,6}(?:\.\d{1,6})?) ?s(?:ec(?:ond)?s?)?\.?)?",
    re.ASCII,
)
_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)", re.ASCII)
_POINTED = re.compile(r"(?P<a>\d{1,2})\.(?P<b>\d{1,2})\.(?P<y>\d{4}|\d{2})(?!\d)", re.ASCII)
_SLASHED = re.compile(r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{4}|\d{2})(?!\d)", re.ASCII)
_WORDED = re.compile(
    r"(?:(?P<before>\d{1,2})\.? )?(?P<word>[a-zA-Z]{3,9})\.?(?: (?P<after>\d{1,2}))?,? (?P<y>\d{4})(?!\d)",
    re.ASCII,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
