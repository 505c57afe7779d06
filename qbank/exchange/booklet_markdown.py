"""The booklet of questions as Markdown, for whoever sets it with a program of their own."""

import re
from collections.abc import Iterator, Mapping, Sequence

from qbank.core.pictures import Picture, with_pictures
from qbank.core.question import Objective, Question
from qbank.core.text import visible
from qbank.exchange.booklet import Leaf, data_url, leaves, source_lines

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_HEADING = re.compile(r"^( {0,3})(#{1,6}(?:\s|$)|={2,}\s*$|-{2,}\s*$)", re.MULTILINE)


def write_booklet_markdown(
    questions: Sequence[Question],
    objectives: Sequence[Objective],
    pictures: Mapping[str, bytes],
    licences: Mapping[str, str],
) -> bytes:
    """The text, with questions first, then the key with the explanations, then where they come from.

    `pictures` are those of the texts by path, and stand in it; `licences` are the lines of the banks by name.
    """
    printed = list(leaves(questions, objectives))
    lines = [f"# {len(printed)} {'question' if len(printed) == 1 else 'questions'}", ""]
    for leaf in printed:
        lines += [f"## {leaf.number}", "", _shown(leaf.question.stem, pictures), ""]
        lines += [f"- **{letter}.** {_shown(option.text, pictures)}" for letter, option in leaf.options]
        lines.append("")
    lines += ["# Key and explanations", ""]
    for leaf in printed:
        lines += _explained(leaf, pictures)
    lines += ["# Where these questions come from", ""]
    lines += [f"- {_shown(line, {})}" for line in source_lines(questions, licences)]
    return ("\n".join(lines) + "\n").encode()


def _explained(leaf: Leaf, pictures: Mapping[str, bytes]) -> Iterator[str]:
    yield from (f"## {leaf.number}: {leaf.key}", "")
    if leaf.objective:
        yield from (f"*{_shown(leaf.objective, {})}*", "")
    for letter, option in leaf.options:
        if option.correct or option.explanation:
            said = f" {_shown(option.explanation, pictures)}" if option.explanation else ""
            yield from (f"**{letter}. {_shown(option.text, pictures)}**{said}", "")
    if leaf.question.remember:
        yield from ("> " + _shown(leaf.question.remember, pictures).replace("\n", "\n> "), "")


def _shown(text: str, pictures: Mapping[str, bytes]) -> str:
    """A text that brings no tags and no headings of its own, and its pictures in it."""

    def written(picture: Picture) -> str:
        address = data_url(pictures.get(picture.path, b""))
        return f"![{picture.alt}]({address})" if address else f"(Picture: {picture.alt or 'not here'})"

    plain = _HEADING.sub(r"\1\\\2", _TAG.sub("&lt;", visible(text)))
    return with_pictures(plain, written)
