"""GIFT, Moodle's text format: its questions with one best answer, as drafts.

A tag or a part of a category that names an area places its question there. The title of a question is read where it has
no other text; ids are taken from `[id:...]`, because titles repeat. Part of the credit counts as none.
"""

import re
from collections.abc import Sequence

from qbank.exchange.foreign import Read, Skipped
from qbank.exchange.gift_syntax import (
    LENGTH_LIMIT,
    Answer,
    Item,
    Kind,
    Text,
    begins_as_item,
    items,
    opens_answers,
)
from qbank.exchange.markup import to_text
from qbank.exchange.mcq_draft import Draft, label_of
from qbank.exchange.mcq_fields import is_heading, mended
from qbank.exchange.mcq_rows import FaultLog
from qbank.exchange.pictures import data_out, holder
from qbank.exchange.plain_text import decoded, head, limited

TAGGED = ("system", "section", "discipline", "task", "objective")
"""What a tag may name outright, as in `[tag:system:cardiovascular]`."""

_HTML = re.compile(
    r"</?(?:p|br|hr|div|span|b|i|u|em|strong|su[bp]|[uo]l|li|table|t[rdh]|img|a|h[1-6]|pre|code|font|center)"
    r"(?:\s+[\w:-]+\s*=[^<>]*)?\s*/?>|&(?:[a-z]{2,8}|#\d{2,7}|#x[0-9a-f]{2,6});",
    re.IGNORECASE,
)
"""What shows that a text in Moodle's own format holds HTML, as it may."""

_SKIPPED = {
    Kind.SHORT: "a short answer",
    Kind.NUMERICAL: "a numerical answer",
    Kind.MATCHING: "matching",
    Kind.ESSAY: "an essay",
    Kind.DESCRIPTION: "a text without a question",
    Kind.BROKEN: "braces that do not match",
    Kind.SEVERAL: "several gaps",
    Kind.TOO_LONG: f"an item of more than {LENGTH_LIMIT:,} characters",
}


def recognises(name: str, content: bytes) -> bool:
    """Whether a file is GIFT by its name, or a title or a category comes first, or the first brace opens an answer.

    It may begin with a tag of HTML, but not as XML does.
    """
    text = head(content).lstrip()
    if text and name.casefold().endswith(".gift"):
        return True
    if (
        not text
        or text.startswith(("<?", "<!", "[{", '{"'))
        or is_heading(text.split("\n", 1)[0].split(",")[0])
    ):
        return False
    return opens_answers(text) or begins_as_item(text)


def read(content: bytes, faults: FaultLog) -> Read:
    """The drafts of a file, and what was left out. Raises InputInvalid for what is no text."""
    drafts, skipped = [], []
    pictures: dict[str, bytes] = {}
    text = data_out(decoded(content, faults), holder(pictures))
    for item in limited(items(text), faults):
        reason = _SKIPPED.get(item.kind) or _doubt(item)
        if reason:
            skipped.append(Skipped(item.line, reason))
        else:
            drafts.append(_draft(item))
    return Read(drafts, skipped, pictures)


def _doubt(item: Item) -> str:
    """Why a choice has no single best answer, in a few words; "" when it has one.

    Beside the one right answer another may give part of the credit. With boxes to tick such a one is to be ticked too.
    """
    right = [answer for answer in item.answers if answer.weight == 100]
    partial = [answer for answer in item.answers if 0 < answer.weight != 100]
    if len(right) > 1 or (partial and not right):
        return "several right answers"
    if partial and item.boxes:
        return "several right answers"
    return "" if right else "no right answer"


def _draft(item: Item) -> Draft:
    options = {label_of(at): _line(answer.text) for at, answer in enumerate(item.answers)}
    key, best = next((label_of(at), one) for at, one in enumerate(item.answers) if one.weight == 100)
    general = _block(item.feedback) if item.feedback is not None else ""
    names, places = _named(item.tags)
    return Draft(
        item.line,
        _block(item.stem) or item.title,
        options,
        key,
        id=item.id,
        explanation=general if best.feedback is None else "",
        explanations=_explanations(item.answers),
        remember="" if best.feedback is None else general,
        objective=places.pop("objective", ""),
        areas=places,
        lenient=True,
        tag=item.path[-1] if item.path else ", ".join(names),
        hints=(*reversed(item.path), *names),
    )


def _explanations(answers: Sequence[Answer]) -> dict[str, str]:
    return {
        label_of(at): _block(answer.feedback)
        for at, answer in enumerate(answers)
        if answer.feedback is not None
    }


def _named(tags: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The tags that name nothing outright, and {dimension: area} of those that do."""
    names: list[str] = []
    places: dict[str, str] = {}
    for tag in tags:
        dimension, colon, area = tag.partition(":")
        if colon and dimension in TAGGED:
            places[dimension] = f"{places[dimension]};{area}" if dimension in places else area
        else:
            names.append(tag)
    return names, places


def _block(text: Text) -> str:
    """The text in the little Markdown that questions use."""
    if text.format == "html" or (text.format == "moodle" and _HTML.search(text.text)):
        return mended(to_text(text.text))
    return mended(text.text)


def _line(text: Text) -> str:
    return " ".join(_block(text).replace("\\\n", " ").split())
