"""Mutations of XML, JSON and CSV that leave most of the structure whole, so that more than the parser is met."""

import csv
import io
import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

Inner = Callable[[bytes], bytes]

_TOKEN = re.compile(r"<[^<>]*>|[^<>]+")
_ATTRIBUTE = re.compile(r"(\s[\w:.-]+)(=)(\"[^\"]*\"|'[^']*')")
_VALUES = (
    '""',
    '"0"',
    '"-1"',
    '"100"',
    '"multiple"',
    '"single"',
    '"html"',
    '"../a.xml"',
    '"A"',
    '"1e400"',
    '"nan"',
)
_PARSED_LIMIT = 1024**2  # bytes; a larger file is mutated as bytes, which is quicker


def mutate_xml(content: bytes, inner: Inner, dice: Random) -> bytes | None:
    """A tag or a text away, twice, elsewhere or changed. None when there is no tag."""
    text = content[:_PARSED_LIMIT].decode("utf-8", errors="surrogateescape")
    tokens = _TOKEN.findall(text)
    if len(tokens) < 2 or len(content) > _PARSED_LIMIT:
        return None
    at, other = dice.randrange(len(tokens)), dice.randrange(len(tokens))
    match dice.randrange(8):
        case 0:
            del tokens[at]
        case 1:
            tokens.insert(at, tokens[other])
        case 2:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        case 3:
            first, last = sorted((at, other))
            tokens[at:at] = tokens[first : min(last, first + 200)] * dice.choice((1, 1, 3, 50))
        case 4:
            tokens[at] = _with_attribute(tokens[at], dice)
        case 5:
            names = [token for token in tokens if re.match(r"</?\w", token)]
            name = re.findall(r"[\w:.-]+", dice.choice(names))[0] if names else "a"
            tokens[at] = f"<{name}>{tokens[at]}</{name}>"
        case 6:
            tokens[at] = re.sub(r"(?<=</)[\w:.-]+|(?<=<)[\w:.-]+", dice.choice(_NAMES), tokens[at], count=1)
        case _:
            whole = tokens[at].encode("utf-8", errors="surrogateescape")
            tokens[at] = inner(whole).decode("utf-8", errors="surrogateescape")
    return "".join(tokens).encode("utf-8", errors="surrogateescape")


_NAMES = (
    "quiz",
    "question",
    "answer",
    "text",
    "item",
    "assessmentItem",
    "qti-choice-interaction",
    "value",
    "p",
    "img",
)


def _with_attribute(token: str, dice: Random) -> str:
    found = list(_ATTRIBUTE.finditer(token))
    if not found:
        return token
    one = dice.choice(found)
    put = dice.choice(("", one[1] + one[2] + dice.choice(_VALUES), one[0] + one[0]))
    return token[: one.start()] + put + token[one.end() :]


def mutate_json(content: bytes, inner: Inner, dice: Random) -> bytes | None:
    """One value somewhere within changed, in a file of one document or of one on each line. None when it is no JSON."""
    if len(content) > _PARSED_LIMIT:
        return None
    try:
        text = content.decode("utf-8")
        return _dumped(_changed(json.loads(text), inner, dice))
    except (ValueError, RecursionError):
        lines = content.split(b"\n")
    at = dice.randrange(len(lines))
    try:
        lines[at] = _dumped(_changed(json.loads(lines[at]), inner, dice))
    except (ValueError, RecursionError):
        return None
    return b"\n".join(lines)


def _dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", errors="surrogatepass")


def _changed(value: Any, inner: Inner, dice: Random) -> Any:  # noqa: ANN401 - JSON has any of its kinds here
    if isinstance(value, dict) and value and dice.random() < 0.85:
        key = dice.choice(sorted(value))
        if dice.random() < 0.2:
            return {name: kept for name, kept in value.items() if name != key} | _renamed(value, key, dice)
        return value | {key: _changed(value[key], inner, dice)}
    if isinstance(value, list) and value and dice.random() < 0.85:
        at = dice.randrange(len(value))
        if dice.random() < 0.2:
            return value[:at] + [value[at]] * dice.choice((0, 2, 30)) + value[at + 1 :]
        return [*value[:at], _changed(value[at], inner, dice), *value[at + 1 :]]
    if isinstance(value, str) and dice.random() < 0.6:
        return inner(value.encode("utf-8", errors="replace")).decode("utf-8", errors="replace")
    return dice.choice(_ODD)


_ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    3,
    2.5,
    1e308,
    float("nan"),
    float("inf"),
    10**30,
    "",
    " ",
    "A",
    [],
    {},
    [[]],
    {"a": 1},
)


def _renamed(value: dict[str, Any], key: str, dice: Random) -> dict[str, Any]:
    """Nothing, or the value under another name."""
    names = (
        "",
        "question",
        "options",
        "answer",
        "answer_idx",
        "choices",
        "cop",
        "opa",
        "id",
        "correct",
        "text",
        "a",
    )
    name = dice.choice(names)
    return {name: value[key]} if name else {}


def mutate_csv(content: bytes, inner: Inner, dice: Random) -> bytes | None:
    """One cell changed, a row or a column away or twice. None when it is no CSV."""
    if len(content) > _PARSED_LIMIT:
        return None
    delimiter = "\t" if content[:200].count(b"\t") > content[:200].count(b",") else ","
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), delimiter=delimiter))
    except (ValueError, csv.Error):
        return None
    full = [row for row in rows if row]
    if not full:
        return None
    row = dice.choice(full)
    at = dice.randrange(len(row))
    match dice.randrange(5):
        case 0:
            rows.insert(dice.randrange(len(rows)), list(dice.choice(full)))
        case 1:
            del row[at]
        case 2:
            for each in full:
                each[at:at] = each[:1]
        case 3:
            row[at] = dice.choice(dice.choice(full))
        case _:
            row[at] = inner(row[at].encode()).decode("utf-8", errors="replace")
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=dice.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))).writerows(
        rows
    )
    return out.getvalue().encode("utf-8", errors="replace")
