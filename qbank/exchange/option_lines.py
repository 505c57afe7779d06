"""Options written as lines under a question, and the letter of the key on the back of a card."""

import re
from collections.abc import Iterator

from qbank.exchange.mcq_draft import label_of

Options = dict[str, str]
"""Texts by label, "a" first."""

_LINE = re.compile(
    r"(?:- )?[(\[]?(?:\*{1,2})?(?P<label>[A-Za-z]|\d{1,2})(?:\*{1,2})?[)\].:](?:\*{1,2})?\s+(?P<text>\S.*)"
)
_INLINE = re.compile(r"(?:(?<=\s)|^)\(?(?P<label>[A-Za-z])[).]\s+(?=\S)")
_FEWEST_INLINE = 3
_SAID = (
    r"(?:(?:the\s+)?(?:correct\s+|right\s+|best\s+)?(?:answer|option|choice|ans|key)(?:\s+is)?\s*[:=-]?\s*)"
)
_LABEL = r"[(\[]?(?P<label>[A-Za-z]|\d{1,2})"
_KEY = (
    re.compile(rf"{_SAID}?{_LABEL}(?:[)\].:]+|\s+[-–—]|\s*$)\s*(?P<rest>.*)", re.IGNORECASE),
    re.compile(rf"{_SAID}{_LABEL}\s+(?P<rest>.*)", re.IGNORECASE),
)


def options_under(text: str, *, bare: bool = False) -> tuple[str, Options]:
    """What stands above the options in a text, and the options; none of them when it has no run of labels from A or 1.

    With `bare`, lines without labels are options, one each.
    """
    lines = [line.removesuffix("\\").strip() for line in text.split("\n")]
    begin, options = _run(lines)
    if options:
        return "\n".join(_unbroken(lines[:begin])).strip(), options
    if bare:
        return "", {label_of(at): line.removeprefix("- ") for at, line in enumerate(filter(None, lines))}
    return _inline(text)


def key_on_back(back: str, options: Options) -> tuple[str, str] | None:
    """The label of the key and what else the back says; None when it names no option, or not clearly."""
    first, _, more = back.lstrip().partition("\n")
    first = first.removesuffix("\\").replace("**", "").strip()
    plain = first.rstrip(".").casefold()
    same = [label for label, text in options.items() if text.rstrip(".").casefold() == plain]
    if len(same) == 1:
        return same[0], more.strip()
    for pattern in _KEY:
        found = pattern.fullmatch(first)
        label = _as_letter(found["label"]) if found else ""
        if found and label in options:
            rest = found["rest"].removeprefix(options[label]).lstrip(" .:-–—")
            return label, "\n\n".join(filter(None, [rest, more.strip()]))
    return None


def _run(lines: list[str]) -> tuple[int, Options]:
    """The place of the last run of labelled lines that has two or more, and its options."""
    found: tuple[int, list[list[str]]] = (0, [])
    begin, texts = 0, list[list[str]]()
    for at, line in enumerate(lines):
        match = _LINE.fullmatch(line)
        label = _as_letter(match["label"]) if match else ""
        if match and texts and label == label_of(len(texts)):
            texts.append([match["text"].strip()])
        elif match and label == "a":
            begin, texts = at, [[match["text"].strip()]]
        elif texts and line:
            # An option goes on in the next line.
            texts[-1].append(line)
        if len(texts) > 1:
            found = begin, texts
    begin, texts = found
    return begin, {label_of(at): " ".join(text) for at, text in enumerate(texts)}


def _inline(text: str) -> tuple[str, Options]:
    """Options within a line, as A) one B) two C) three."""
    marks: list[re.Match[str]] = []
    for match in _INLINE.finditer(text):
        if match["label"].lower() == label_of(len(marks)):
            marks.append(match)
    if len(marks) < _FEWEST_INLINE:
        return text, {}
    ends = [match.start() for match in marks[1:]] + [len(text)]
    texts = (text[match.end() : end] for match, end in zip(marks, ends, strict=True))
    options = {label_of(at): " ".join(each.replace("\\\n", " ").split()) for at, each in enumerate(texts)}
    return text[: marks[0].start()].strip().removesuffix("\\").strip(), options


def _unbroken(lines: list[str]) -> Iterator[str]:
    """The lines with the mark of a line that is broken within a paragraph, which was taken away."""
    for at, line in enumerate(lines):
        goes_on = line and at + 1 < len(lines) and lines[at + 1]
        yield f"{line}\\" if goes_on else line


def _as_letter(label: str) -> str:
    return label_of(int(label) - 1) if label.isdecimal() and 0 < int(label) <= 26 else label.lower()
