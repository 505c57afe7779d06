"""The syntax of GIFT: a file's items with their parts unescaped, whatever their kind.

Source: Moodle's documentation "GIFT format" and its reader `question/format/gift/format.php`. Where Moodle reads nonsense
and one meaning is certain, that meaning is read: HTML attributes and character references are no separators, a blank
line may stand between braces, and a question may follow another without one.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What an item is, by what stands in its braces. BROKEN has none that match, SEVERAL has several answers' braces."""

    CHOICE = "choice"
    TRUE_FALSE = "true-false"
    SHORT = "short"
    NUMERICAL = "numerical"
    MATCHING = "matching"
    ESSAY = "essay"
    DESCRIPTION = "description"
    BROKEN = "broken"
    SEVERAL = "several"
    TOO_LONG = "too-long"


class Text(NamedTuple):
    """A text and its format: moodle, html, markdown or plain. Lines of moodle and plain texts are joined as Moodle does."""

    format: str = "moodle"
    text: str = ""


class Answer(NamedTuple):
    """One answer; `weight` is the credit it gives in percent. `feedback` is None when there is no `#`."""

    weight: float
    text: Text
    feedback: Text | None = None


class Item(NamedTuple):
    """One item of a file; `line` is where it begins, `path` its category's parts.

    `gap` says that the answer stands inside the stem. A true-false item has its two answers, the right one first, with
    the feedback for whoever gives it. A choice without an answer behind `=` has `boxes` to tick, one or several.
    """

    line: int
    kind: Kind
    path: Sequence[str] = ()
    id: str = ""
    tags: Sequence[str] = ()
    title: str = ""
    stem: Text = Text()
    gap: bool = False
    boxes: bool = False
    answers: Sequence[Answer] = ()
    feedback: Text | None = None


GAP = "_____"
LENGTH_LIMIT = 1_000_000  # characters of an item; more would take seconds [judged]

_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_LITERAL = (
    r"\\[~=#{}:\\n]|&#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});"
    r"""|<[A-Za-z][\w-]*(?:[ \t\n]+[\w:-]+[ \t]*\\?=(?:"[^"\n]*"|'[^'\n]*'))++[ \t]*/?>"""
)
_MARK = re.compile(
    rf"^[ \t]*//(?P<comment>[^\n]*)|^[ \t]*(?P<blank>)$|{_LITERAL}|(?P<brace>[{{}}])", re.MULTILINE
)
_BRACE = re.compile(rf"{_LITERAL}|(?P<brace>[{{}}])")
_SEPARATOR = re.compile(rf"{_LITERAL}|(?P<separator>####(?!#)|[~=#])")
_COMMENT = re.compile(r"^[ \t]*//[^\n]*(?:\n|\Z)", re.MULTILINE)
_COMMENTS = re.compile(r"(?:[ \t]*(?://[^\n]*)?\n)*+")
_CATEGORY = re.compile(r"(?:[ \t]*//[^\n]*\n)*+[ \t]*\$CATEGORY:([^\n]*)")
_TAG = re.compile(r"\[(id|tag):((?:[^\[\]\\\n]|\\.)++)\]")
_TITLE = re.compile(r"::((?:[^\\:]|\\.|:(?!:))*+)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:[.,]\d{0,12})?)%")
_ANSWERS = re.compile(r"\s*(?:[=~#}]|(?:T|F|TRUE|FALSE)\s*[#}])", re.IGNORECASE)
_NEXT_ITEM = re.compile(r"[ \t]*\n(?=[ \t]*(?:::|//|\$CATEGORY:))")
_LINE_END = re.compile(r"[ \t]*\n")
_ONLY_TAGS = re.compile(r"(?:\s|</[A-Za-z][\w-]{0,20}>)*+")
_KEEPS_LINE = re.compile(r"(?:[-*+]|\d{1,3}[.)])[ \t]+\S|\|")


def items(text: str) -> Iterator[Item]:
    """The items of a file, in order. Takes time that grows with its length alone."""
    path: Sequence[str] = ()
    line, counted = 1, 0
    for first, end in _chunks(text):
        chunk = text[first:end]
        begin = first + _comments_end(chunk)
        line, counted = line + text.count("\n", counted, begin), begin
        if category := _CATEGORY.match(chunk):
            path = _path(category[1])
        elif len(chunk) > LENGTH_LIMIT:
            yield Item(line, Kind.TOO_LONG)
        elif body := _COMMENT.sub("", chunk).strip():
            tags = [tag for comment in _COMMENT.findall(chunk) for tag in _TAG.findall(comment)]
            names = tuple(_unescaped(tag).replace("\\]", "]") for what, tag in tags if what == "tag")
            name = next((_unescaped(tag) for what, tag in tags if what == "id"), "")
            yield _item(body)._replace(line=line, path=path, id=name, tags=names)


def opens_answers(text: str) -> bool:
    """Whether the first brace of a text opens an answer that is not empty, which little else does."""
    body = _COMMENT.sub("", text)
    first = next((mark for mark in _BRACE.finditer(body) if mark["brace"]), None)
    if first is None or first["brace"] == "}":
        return False
    answer = _ANSWERS.match(body, first.end())
    return answer is not None and answer[0].strip() != "}"


def begins_as_item(text: str) -> bool:
    """Whether a text begins with a category or a title."""
    body = text[_comments_end(text) :].lstrip()
    return body.startswith("$CATEGORY:") or _TITLE.match(body) is not None


def _comments_end(text: str) -> int:
    """Where the comments and empty lines at the beginning of a text end."""
    comments = _COMMENTS.match(text)
    return comments.end() if comments else 0


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    """Where each item begins and ends, the comments before it included."""
    at = 0
    while at < len(text):
        end = max(_chunk_end(text, at), at + 1)
        if not text[at:end].isspace():
            yield at, end
        at = end


def _chunk_end(text: str, at: int) -> int:
    if category := _CATEGORY.match(text, at):
        return category.end()
    depth, opened, closed = 0, 0, -1
    torn: int | None = None  # the first blank line since the braces opened
    for mark in _MARK.finditer(text, at):
        if mark["comment"] is not None:
            if closed >= 0 and depth == 0:
                return mark.start()
        elif mark["blank"] is not None:
            if depth == 0:
                return mark.end()
            torn = mark.start() if torn is None else torn
        elif mark["brace"] == "{":
            if torn is not None:
                return torn
            if depth == 0 and closed >= 0 and (ended := _LINE_END.match(text, closed)):
                return ended.end()
            opened = opened if depth else mark.end()
            depth += 1
        elif mark["brace"] and depth:
            depth -= 1
            torn = torn if depth else None
            if depth == 0 and _ANSWERS.match(text, opened):
                closed = mark.end()
                if following := _NEXT_ITEM.match(text, closed):
                    return following.end()
    return len(text) if torn is None else torn


def _path(category: str) -> tuple[str, ...]:
    """The parts of a category's path that are names; `//` in a name is a slash."""
    parts = [part.replace("\0", "/").strip() for part in category.replace("//", "\0").split("/")]
    named = (re.sub(r"^Default for ", "", part) for part in parts if not re.fullmatch(r"\$\w+\$|top|", part))
    return tuple(_unescaped(part) for part in named)


def _item(body: str) -> Item:
    title = ""
    if named := _TITLE.match(body):
        title, body = " ".join(_unescaped(named[1]).split()), body[named.end() :].strip()
    blocks = _blocks(body)
    if blocks is None:
        return Item(0, Kind.BROKEN, title=title)
    if not blocks:
        return Item(0, Kind.DESCRIPTION, title=title, stem=_rich(body, "moodle"))
    answers = [block for block in blocks if _ANSWERS.match(body, block[0] + 1)] or blocks
    if len(answers) > 1:
        return Item(0, Kind.SEVERAL, title=title)
    ((first, end),) = answers
    before, inside, after = body[:first], body[first + 1 : end - 1].strip(), body[end:]
    gap = _ONLY_TAGS.fullmatch(after) is None
    stem = _rich(before + (GAP if gap else "") + after, "moodle")
    inside, feedback = _general_feedback(inside, stem.format)
    kind, found = _answers(inside, stem.format)
    boxes = kind is Kind.CHOICE and "=" not in {mark for mark, _ in _by_marks(inside)}
    return Item(0, kind, title=title, stem=stem, gap=gap, boxes=boxes, answers=found, feedback=feedback)


def _blocks(body: str) -> list[tuple[int, int]] | None:
    """Where the outermost braces open and close; None when they do not match."""
    found, depth, opened = [], 0, 0
    for mark in _BRACE.finditer(body):
        if mark["brace"] == "{":
            opened = opened if depth else mark.start()
            depth += 1
        elif mark["brace"]:
            depth -= 1
            if depth < 0:
                return None
            found += [] if depth else [(opened, mark.end())]
    return None if depth else found


def _general_feedback(inside: str, default: str) -> tuple[str, Text | None]:
    at = [mark.start() for mark in _SEPARATOR.finditer(inside) if mark["separator"] == "####"]
    if not at:
        return inside, None
    return inside[: at[-1]].strip(), _rich(inside[at[-1] + 4 :], default)


def _answers(inside: str, default: str) -> tuple[Kind, Sequence[Answer]]:
    if not inside:
        return Kind.ESSAY, ()
    if inside.startswith("#"):
        return Kind.NUMERICAL, ()
    verdict, *feedback = _split(inside, "#")
    if verdict.strip().upper() in ("T", "F", "TRUE", "FALSE"):
        return Kind.TRUE_FALSE, _true_false(verdict.strip().upper(), feedback, default)
    parts = _by_marks(inside)
    marks = {mark for mark, _ in parts}
    if marks == {"="} and all("->" in raw for _, raw in parts):
        return Kind.MATCHING, ()
    found = tuple(_answer(mark, raw, default) for mark, raw in parts)
    return Kind.CHOICE if "~" in marks else Kind.SHORT, found


def _true_false(verdict: str, feedback: Sequence[str], default: str) -> tuple[Answer, Answer]:
    """The first feedback is for a wrong answer and the second for a right one."""
    words = ("True", "False") if verdict.startswith("T") else ("False", "True")
    wrong, right = (*(_rich(raw, default) for raw in feedback[:2]), None, None)[:2]
    return Answer(100, Text("plain", words[0]), right), Answer(0, Text("plain", words[1]), wrong)


def _by_marks(inside: str) -> list[tuple[str, str]]:
    """Each answer with its mark; what stands before the first mark is an answer when it is something."""
    marks = [mark for mark in _SEPARATOR.finditer(inside) if mark["separator"] in ("~", "=")]
    ends = [*(mark.start() for mark in marks), len(inside)]
    parts = [(mark[0], inside[mark.end() : end]) for mark, end in zip(marks, ends[1:], strict=True)]
    # An equals sign right behind a tilde and its weight says that the answer is right, as in `~=answer`.
    joined: list[tuple[str, str]] = []
    for mark, raw in parts:
        if joined and mark == "=" and not joined[-1][1].strip():
            joined.pop()
        joined.append((mark, raw))
    before = inside[: ends[0]].strip()
    return [*([("", before)] if before else []), *joined]


def _answer(mark: str, raw: str, default: str) -> Answer:
    weight = 0.0 if mark == "~" else 100.0
    if stated := _WEIGHT.match(raw):
        weight, raw = float(stated[1].replace(",", ".")), raw[stated.end() :]
    text, *feedback = _split(raw, "#", 1)
    return Answer(weight, _rich(text, default), _rich(feedback[0], default) if feedback else None)


def _split(raw: str, separator: str, times: int = 0) -> list[str]:
    """The text apart at separators that are not escaped, at most so many `times`; 0 is at each."""
    if separator not in raw:
        return [raw]
    at = [mark.start() for mark in _SEPARATOR.finditer(raw) if mark["separator"] == separator]
    at = at[:times] if times else at
    return [raw[begin:end] for begin, end in zip([0, *(one + 1 for one in at)], [*at, len(raw)], strict=True)]


def _rich(raw: str, default: str) -> Text:
    marked = _FORMAT.match(raw)
    name = marked[1].lower() if marked else default
    raw = raw[marked.end() :] if marked else raw
    if name in ("moodle", "plain"):
        return Text(name, _flowed(raw))
    return Text(name, _unescaped(raw).strip())


def _flowed(raw: str) -> str:
    """Lines joined to paragraphs, but for list items and rows of a table; an escaped line end begins a paragraph."""
    pieces: list[str] = []
    before = ""
    for line in (" ".join(line.split()) for line in raw.strip().split("\n")):
        pieces += ["\n" if _KEEPS_LINE.match(line) or before.startswith("|") else " ", line]
        before = line
    text = "".join(pieces[1:])
    text = _ESCAPE.sub(lambda match: "\0" if match[1] == "n" else match[1], text)
    lines = [line.strip() for line in text.split("\0")]
    return "".join(
        ("" if not at else "\n" if _KEEPS_LINE.match(line) else "\n\n") + line
        for at, line in enumerate(lines)
    ).strip()


def _unescaped(raw: str) -> str:
    return _ESCAPE.sub(lambda match: "\n" if match[1] == "n" else match[1], raw)
