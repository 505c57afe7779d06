"""Questions of ExamView in its own XML, where each element of a question says what it is."""

import re
from collections.abc import Iterator

from qbank.exchange import qti_draft as parts
from qbank.exchange.mcq_draft import Draft
from qbank.exchange.qti_draft import Answered, Feedback, NotAsked
from qbank.exchange.qti_html import html_of
from qbank.exchange.qti_xml import Node

_WORDS = {"tf": ("True", "False"), "yn": ("Yes", "No")}
"""The answers of questions that list none, which are called by their first letters."""
_KINDS = {
    "mtf": parts.ENTRY,  # a false statement is to be put right
    "nr": parts.ENTRY,
    "co": parts.ENTRY,
    "ma": parts.MATCHING,
    "sa": parts.ESSAY,
    "pr": parts.ESSAY,
    "es": parts.ESSAY,
    "ot": parts.ESSAY,
    "ca": parts.NO_QUESTION,
}
_CHOICE = re.compile("choice-([a-z])")


def draft_of(question: Node) -> Draft:
    """The draft of a `question`. Raises NotAsked with the reason."""
    kind = question.get("type")
    if kind not in ("mc", "bi", *_WORDS):
        raise NotAsked(_KINDS.get(kind, "a kind of question of its own program"))
    options = (
        [(word[0].casefold(), word) for word in _WORDS[kind]] if kind in _WORDS else list(_choices(question))
    )
    parts.check_count(options)
    keys = [node.text().strip().casefold() for node in question.all("answer")]
    if len(keys) != 1 or not keys[0]:
        raise NotAsked(parts.NO_KEY)
    if len(keys[0]) > 1 and set(keys[0]) - {",", " "} <= {ident for ident, _ in options}:
        raise NotAsked(parts.SEVERAL_ANSWERS)
    answers = {ident: Answered(None, frozenset()) for ident, _ in options}
    rationale = [Feedback("general", _text(node)) for node in question.all("rationale")]
    shown, general = parts.feedback_by_answer(rationale, answers, keys[0])
    stem = "\n\n".join(map(_text, question.all("text")))
    draft = parts.draft_of(question.line, question.get("questionId"), stem, options, keys[0], shown, general)
    draft.hints = tuple(_hints(question))
    return draft


def _choices(question: Node) -> Iterator[tuple[str, str]]:
    for choices in question.all("choices"):
        for node in choices.nodes():
            if letter := _CHOICE.fullmatch(node.name):
                yield letter[1], _text(node)


def _hints(question: Node) -> Iterator[str]:
    found = (parts.line_of(node.text()) for node in question.each("topic", "keyword", "keywords"))
    yield from dict.fromkeys(filter(None, found))


def _text(node: Node) -> str:
    return parts.text_of(html_of(node))
