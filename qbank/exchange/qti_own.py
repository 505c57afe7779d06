"""How the items that go out from here are marked, and reading them back.

QTI has no Markdown. A text whose Markdown the XHTML does not carry goes along in a block for authors, which learners never
see; on the way back it counts only while it still says what the item says, so that another program's edits are kept.
"""

import re
from collections.abc import Iterator, Sequence

from qbank.exchange.markup import to_text
from qbank.exchange.mcq_draft import Draft, label_of
from qbank.exchange.mcq_fields import mended
from qbank.exchange.qti_html import html_of
from qbank.exchange.qti_xml import Node

TOOL = "qbank"
"""The `toolName` of an item that was written here."""
RESPONSE = "RESPONSE"
FEEDBACK = "FEEDBACK"
"""The outcome that is the chosen option, after which its explanation is shown."""
REMEMBER = "REMEMBER"
"""The outcome that is always set, so that the sentence to remember is shown after every answer."""
STEM = "stem"
SOURCES = "qbank-markdown"
"""The class of the block with the Markdown of texts that XHTML does not carry: a `pre` each, its class the text's name."""


def identifier_of(name: str) -> str:
    """The identifier of an item, by the name of its question.

    QTI 3 wants an NCName (XML Namespaces 1.0, section 3), which begins with a letter or `_` and has no space or colon.
    """
    identifier = re.sub("[^A-Za-z0-9._-]+", "-", name)
    return identifier if identifier[:1].isalpha() else f"_{identifier}"


def question_of(item: Node) -> str:
    """The name of an item's question; an identifier that another program gave stays as it is."""
    identifier = item.get("identifier")
    return identifier.removeprefix("_") if is_own(item) else identifier


def name_of(option: int) -> str:
    """The identifier of an option, by its place from 0."""
    return chr(ord("A") + option)


def explanation_of(option: str) -> str:
    """The name of an option's explanation among the texts of an item."""
    return f"{FEEDBACK}-{option}"


def is_own(item: Node) -> bool:
    return item.get("toolName") == TOOL


def draft_of(item: Node) -> Draft | None:
    """The draft of an item that was written here; None when it is no longer the kind of item that is."""
    choices = list(item.each("simpleChoice"))
    correct = [node.text().strip() for one in item.each("correctResponse") for node in one.each("value")]
    labels = {choice.get("identifier"): label_of(at) for at, choice in enumerate(choices)}
    interactions = [node for node in item.each("choiceInteraction") if node.get("maxChoices") == "1"]
    if len(correct) != 1 or correct[0] not in labels or len(labels) < len(choices) or len(interactions) != 1:
        return None
    texts = dict(_texts(item))
    for name, source in _sources(item):
        if texts.get(name) == seen(_rendered(name, source)):
            texts[name] = source
    return Draft(
        line=item.line,
        stem=texts.get(STEM, ""),
        options={label: texts.get(name, "") for name, label in labels.items()},
        key=labels[correct[0]],
        id=question_of(item),
        explanations={
            label: text for name, label in labels.items() if (text := texts.get(explanation_of(name), ""))
        },
        remember=texts.get(REMEMBER, ""),
        lenient=True,
        order=(interactions[0].get("shuffle") != "true", pinned(choices)),
    )


def seen(html: str) -> str:
    """What comes back of a text by way of its XHTML."""
    return mended(to_text(html))


def _rendered(name: str, source: str) -> str:
    """The XHTML of the Markdown of a text. Options are of one line."""
    from qbank.exchange.xhtml import to_blocks, to_inline  # only files from here need it

    return to_inline(source) if len(name) == 1 else "\n".join(to_blocks(source))


def _texts(item: Node) -> Iterator[tuple[str, str]]:
    hidden = {"simpleChoice": "", "rubricBlock": ""}
    for body in item.each("itemBody"):
        yield STEM, seen(html_of(body, hidden))
    for choice in item.each("simpleChoice"):
        yield choice.get("identifier"), seen(html_of(choice))
    for node in item.each("modalFeedback"):
        outcome = node.get("outcomeIdentifier")
        name = explanation_of(node.get("identifier")) if outcome == FEEDBACK else outcome
        yield name, seen(html_of(node))


def _sources(item: Node) -> Iterator[tuple[str, str]]:
    for block in item.each("rubricBlock"):
        if block.get("class") == SOURCES:
            yield from ((node.get("class"), node.text()) for node in block.each("pre"))


def pinned(choices: Sequence[Node]) -> int:
    """How many options at the end are fixed."""
    free = [at for at, choice in enumerate(choices) if choice.get("fixed") != "true"]
    return len(choices) - 1 - free[-1] if free else len(choices)
