"""A question from a row whose headings or keys say what is in it, in any of their usual spellings."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from qbank.core.text import visible
from qbank.exchange.foreign import Skipped
from qbank.exchange.markup import plain_where_marked
from qbank.exchange.mcq_draft import Draft, NotText, as_text
from qbank.exchange.mcq_fields import Roles, by_role, folded, is_numbered_answer, refused
from qbank.exchange.mcq_keys import SEVERAL, Numbering, as_number, means_several, meant
from qbank.exchange.mcq_options import Options, of_right_and_wrong, options_of, starred
from qbank.exchange.mcq_rows import FaultLog, Record
from qbank.exchange.option_lines import options_under

HINT_LIMITS = (20, 100)  # how many words may name areas, and characters of each

_KIND_SHOWN = 40
_ONE_BEST = re.compile(r"multi|single|choice|best|mcq?\b|true|t/?f\b|sba\b", re.IGNORECASE)
_AREAS = ("system", "section", "discipline", "task")
_TEXTS = ("stem", "vignette", "id", "remember", "objective", "objective_text", "order", *_AREAS)


def read_row(record: Record, numbering: Numbering, faults: FaultLog) -> Draft | Skipped | None:
    """The draft of a record, or why it cannot be asked; None, with a fault, where that is not clear."""
    values, roles = record.values, by_role(record.values)
    try:
        options = options_of(values, roles)
        texts = {name: as_text(_value(values, roles[name])) for name in _TEXTS if name in roles}
        explanation = _value(values, roles.get("explanation", ()))
        told = "" if isinstance(explanation, list | dict) else as_text(explanation)
        answers = _answers(values, roles)
    except NotText:
        faults.add(
            record.line, "A field that should be text is not.", 'Write texts in quotes: {"question": "..."}.'
        )
        return None
    if not (answers or told or any(options.texts.values()) or any(map(texts.get, ("stem", "vignette")))):
        return Skipped(record.line, "a row without a question")
    if not answers and not options.marked and _solved(values, roles, options, numbering):
        answers, told = [told], ""
    kind = _value(values, roles.get("type", ()))
    if not (answers or options.marked) and isinstance(kind, str) and not _ONE_BEST.search(kind):
        return Skipped(record.line, f"a question of the type {visible(kind[:_KIND_SHOWN])}")
    if not answers and not options.marked:
        options = starred(options)
    if not any(options.texts.values()):
        texts["stem"], options = _elsewhere(values, roles, texts.get("stem", ""), answers, options)
        if answers and not options.texts:
            return Skipped(record.line, "no options to choose from")
    elif len(options.marked) > 1 or (len(answers) > 1 and _listed(values, roles["answer"])):
        return Skipped(record.line, SEVERAL)
    order = texts.get("order", "")
    letter = (
        answers[0].lower() if order and answers else ""
    )  # in a table of our own a letter is never an option's text
    own = letter if letter in options.texts else None
    picked = own or _key(answers, options, numbering, record.line, faults)
    if picked is None or isinstance(picked, Skipped):
        return picked
    # A table of our own has no HTML: what looks like it is meant as it stands.
    shown = plain_where_marked if not order else str
    return Draft(
        record.line,
        "\n\n".join(shown(text) for name in ("vignette", "stem") if (text := texts.get(name))),
        {label: shown(text) for label, text in options.texts.items()},
        picked,
        id=texts.get("id", ""),
        explanation=shown(told),
        explanations={label: shown(text) for label, text in options.explanations.items()},
        remember=shown(texts.get("remember", "")),
        objective=texts.get("objective", ""),
        objective_text=texts.get("objective_text", ""),
        areas={name: text for name in _AREAS if (text := texts.get(name))},
        hints=tuple(hints(values)) if "tags" in roles else (),
        order=as_order(order),
        verbatim=bool(order),
    )


def _solved(values: Mapping[str, Any], roles: Roles, options: Options, numbering: Numbering) -> bool:
    """Whether what a file calls its solution is the key and no explanation."""
    headings = [heading for heading in roles.get("explanation", ()) if values[heading] not in (None, "")]
    told = values[headings[0]] if headings and folded(headings[0]) == "solution" else None
    return isinstance(told, str | int | float) and len(meant(as_text(told), options, numbering)) == 1


def _listed(values: Mapping[str, Any], headings: Sequence[str]) -> bool:
    """Whether several answers are as many right ones, and not one that is said twice."""
    return isinstance(_value(values, headings), list) or all(map(is_numbered_answer, headings))


def _elsewhere(
    values: Mapping[str, Any], roles: Roles, stem: str, answers: Sequence[str], options: Options
) -> tuple[str, Options]:
    """Stem and options where these have no column: under the question, beside the right answer, or true and false."""
    above, under = options_under(stem)
    if under:
        return above, options._replace(texts=under)
    right = answers[0] if answers else ""
    found, key = of_right_and_wrong(values, roles, right)
    if found:
        # Trivia programs, whose shape this is, write the marks of HTML.
        texts = {label: html.unescape(text) for label, text in found.items()}
        return html.unescape(stem), options._replace(texts=texts, marked=(key,))
    if right.casefold() in _TRUTHS:
        texts = dict(zip("ab", ("True", "False"), strict=True))
        return stem, options._replace(texts=texts, marked=("ab"[right.casefold() == "false"],))
    return stem, options._replace(texts={})


_TRUTHS = ("true", "false")


def answers_of(records: Iterable[Record], limit: int) -> Iterator[tuple[str, Options]]:
    """Answer and options of each record whose answer is a number, and that has no more options than `limit`."""
    for record in records:
        try:
            roles = by_role(record.values)
            answers = _answers(record.values, roles)
            if answers and as_number(answers[0]) is not None:
                options = options_of(record.values, roles)
                if len(options.texts) <= limit:
                    yield answers[0], options
        except NotText:
            continue


def hints(values: Mapping[str, Any]) -> Iterator[str]:
    """Words of a record that may name areas, the nearest first: its tags, its topic, its subject."""
    count, length = HINT_LIMITS
    found: dict[str, None] = {}
    for heading in by_role(values).get("tags", ()):
        given = values[heading]
        for one in given if isinstance(given, list) else [given]:
            if isinstance(one, str):
                found |= dict.fromkeys(" ".join(part.replace("_", " ").split()) for part in _parts(one))
    yield from [word for word in found if word and len(word) <= length and not refused(word)][:count]


def _parts(text: str) -> Iterator[str]:
    """The words of a cell, or the places of a path, the last first."""
    for part in re.split(r"[;,|\n]", text):
        yield from reversed(re.split(r"::|>| / ", part))


def as_order(text: str) -> tuple[bool, int] | None:
    """What a table written by `bank export` says of the order of options: fixed, free, or how many stay last."""
    found = re.fullmatch(r"(fixed)|free|last (\d{1,2})", text.strip().casefold())
    return (bool(found[1]), int(found[2] or 0)) if found else None


def _value(values: Mapping[str, Any], headings: Sequence[str]) -> Any:  # noqa: ANN401 as the file has it
    """The value of a field by the heading that is to be believed first among those that have one."""
    for heading in headings:
        value = values[heading]
        if value is not None and value != "":
            return value
    return None


def _answers(values: Mapping[str, Any], roles: Roles) -> list[str]:
    """What the file gives as the answer, under each of its headings or in one list."""
    found: list[str] = []
    for heading in roles.get("answer", ()):
        given = values[heading]
        if isinstance(given, dict):
            found += _pointed(given)
        elif isinstance(given, bool):
            found.append(str(given))
        else:
            found += [as_text(one) for one in given] if isinstance(given, list) else [as_text(given)]
    return list(dict.fromkeys(text for text in found if text))


def _pointed(given: Mapping[str, Any]) -> Iterator[str]:
    """What an object for an answer points to: one option by its id or text, or those that it says are true."""
    for name in _POINTERS:
        if name in given:
            value = given[name]
            yield str(value) if isinstance(value, bool) else as_text(value)
            return
    if not given or not all(str(value).casefold() in _TRUTHS for value in given.values()):
        raise NotText
    yield from (
        name.removesuffix("_correct") for name, value in given.items() if str(value).casefold() == "true"
    )


_POINTERS = ("id", "key", "label", "letter", "value", "text")


def _key(
    answers: list[str], options: Options, numbering: Numbering, line: int, faults: FaultLog
) -> str | Skipped | None:
    """The label that the answers mean; where there are several, each that is clear must mean the same."""
    read = [meant(answer, options, numbering) for answer in answers]
    read += [{label} for label in options.marked]
    clear = [labels for labels in read if len(labels) == 1]
    if len(read) > 1 and clear and set.intersection(*(labels for labels in read if labels)):
        return min(set.intersection(*(labels for labels in read if labels)))
    if len(read) == 1 and clear:
        return clear[0].pop()
    if not read:
        faults.add(line, "The question has no answer.", "Write the letter of its key in the answer column.")
        return None
    answer = answers[0] if answers else ""
    if len(clear) > 1:
        faults.add(line, "The answer's letter and its text are different options.", "Mend one of them.")
    elif any(means_several(text, options, numbering) for text in answers):
        return Skipped(line, SEVERAL)
    elif any(read):
        message = f'The answer "{answer[:80]}" means more than one option, by its letter or its text.'
        faults.add(line, message, "Write the text of the key in full, and each option once.")
    elif as_number(answer) is not None and numbering.base(options) is None:
        message = "The file does not tell whether the numbers of its answers count from 0 or from 1."
        faults.add(line, message, "Say so: add --format table-from-0 or --format table-from-1.")
    else:
        message = f'The answer "{answer[:80]}" is none of the options.'
        faults.add(line, message, "Write one letter, such as B.")
    return None
