"""Questions as QTI 2.1 and QTI 3.0: a content package with one file for each question.

Sources: IMS QTI 2.1 Information Model and XML Binding (2012), 1EdTech QTI 3.0 (2022), IMS Content Packaging 1.2. One kind of
item is written, in the names of 2.1, which `Dialect` turns into those of 3.0.
"""

import io
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, count
from typing import NamedTuple

from qbank.core.pictures import KEPT, Look, pictures_in
from qbank.core.question import Kind, Objective, Question, as_served, serve, texts_of
from qbank.exchange import qti_own as own
from qbank.exchange.qti_dialect import QTI21, QTI30, Dialect
from qbank.exchange.qti_manifest import Entry, written
from qbank.exchange.qti_pictures import ITEMS
from qbank.exchange.xhtml import paragraph_within, to_blocks, to_inline
from qbank.exchange.xml_writing import escaped, fit, tag

DRAW = 0
"""The seed of the numbers with which a variant goes out."""
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold; the same questions give the same bytes


def write_qti21(
    questions: Sequence[Question], objectives: Sequence[Objective], look: Look = lambda _: None
) -> bytes:
    """A QTI 2.1 package, as `_package` makes it."""
    return _package(questions, objectives, QTI21, look)


def write_qti30(
    questions: Sequence[Question], objectives: Sequence[Objective], look: Look = lambda _: None
) -> bytes:
    """A QTI 3.0 package, as `_package` makes it."""
    return _package(questions, objectives, QTI30, look)


def _package(
    questions: Iterable[Question], objectives: Iterable[Objective], dialect: Dialect, look: Look
) -> bytes:
    """A zip of the questions in their order, with objectives and areas in its manifest; the same bytes each time.

    A variant goes out with one draw of its numbers. Prompts for recall, which have nothing to choose from, stay out.
    Pictures that `look` finds lie below the items, where the texts name them; of others the paths go out. Raises
    VariantInvalid for a variant that cannot be drawn.
    """
    known = {(one.bank, one.id): one for one in objectives}
    items = [one for one in questions if one.kind is not Kind.RECALL]
    width, ids = len(str(len(items))), set[str]()
    entries, files, pictures = list[Entry](), list[tuple[str, str]](), dict[str, bytes]()
    for number, question in enumerate(items, 1):
        identifier = _free(question, ids)
        ids.add(own.identifier_of(identifier))
        place = (question.bank, question.objective)
        path = f"{ITEMS}{number:0{width}}-{re.sub('[^A-Za-z0-9._-]', '-', identifier)[:80]}.xml"
        item = as_served(question, serve(question, DRAW))
        files.append((path, _item(item, identifier, dialect)))
        shown = _pictures(item, look)
        pictures.update(shown)
        objective = known.get(place) or Objective(*place, question.objective)
        entries.append(
            Entry(f"item-{number:0{width}}", path, objective, _has_feedback(question), tuple(shown))
        )
    texts = [("imsmanifest.xml", written(entries, dialect)), *files]
    return _zipped([*((name, text.encode()) for name, text in texts), *pictures.items()])


def _pictures(question: Question, look: Look) -> dict[str, bytes]:
    """The pictures that a question shows, by the names of their members."""
    paths = dict.fromkeys(one.path for text in texts_of(question) for one in pictures_in(text))
    found = ((path, look(path)) for path in paths if KEPT.fullmatch(path))
    return {f"{ITEMS}{path}": content for path, content in found if content is not None}


def _zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o600 << 16
            archive.writestr(info, content)
    return out.getvalue()


def _has_feedback(question: Question) -> bool:
    return any(option.explanation for option in question.options) or bool(question.remember)


class _Text(NamedTuple):
    """A text of an item: its name, its Markdown, and that as XHTML, an element each."""

    name: str
    source: str
    blocks: list[str]

    def comes_back(self) -> bool:
        return own.seen("\n".join(self.blocks)) == fit(self.source)


def _free(question: Question, taken: Collection[str]) -> str:
    """The id of a question, where another bank's has it with its bank, and with a number where that is not enough."""
    names = chain([question.id], (f"{question.bank}.{question.id}{end}" for end in chain([""], count(2))))
    return next(name for name in names if own.identifier_of(name) not in taken)


def _item(question: Question, title: str, dialect: Dialect) -> str:
    """The file of an item. Its title is its name, for the text of an objective would give the answer away."""
    el = dialect.element
    names = [own.name_of(at) for at in range(len(question.options))]
    key = el("correctResponse", el("value", names[question.options.index(question.key)]))
    stem = _Text(own.STEM, question.stem, to_blocks(question.stem))
    options = [
        _Text(name, option.text, [to_inline(option.text)])
        for name, option in zip(names, question.options, strict=True)
    ]
    told = {name: option.explanation for name, option in zip(names, question.options, strict=True)}
    explained = [
        _Text(own.explanation_of(name), text, to_blocks(text)) for name, text in told.items() if text
    ]
    remember = [_Text(own.REMEMBER, text, to_blocks(text)) for text in [question.remember] if text]
    outcomes = [("SCORE", "float", "0")]
    outcomes += [(own.FEEDBACK, "identifier", "")] if explained else []
    outcomes += [(own.REMEMBER, "identifier", own.REMEMBER)] if remember else []
    kept = [text for text in (stem, *options, *explained, *remember) if not text.comes_back()]
    parts = [
        el("responseDeclaration", key, identifier=own.RESPONSE, cardinality="single", baseType="identifier"),
        *(_outcome(*outcome, dialect) for outcome in outcomes),
        el(
            "itemBody",
            "\n".join(["", *_sources(kept, dialect), *_body(question, stem, options, dialect), ""]),
        ),
        _processing(dialect, has_feedback=bool(explained)),
        *(_feedback(text, dialect) for text in (*explained, *remember)),
    ]
    named = {"identifier": own.identifier_of(title), "title": title, "toolName": own.TOOL}
    content = "\n".join(["", *parts, ""])
    return dialect.item_file(content, **named, adaptive="false", timeDependent="false")


def _outcome(name: str, base: str, default: str, dialect: Dialect) -> str:
    el = dialect.element
    content = el("defaultValue", el("value", default)) if default else ""
    return el("outcomeDeclaration", content, identifier=name, cardinality="single", baseType=base)


def _body(question: Question, stem: _Text, options: Sequence[_Text], dialect: Dialect) -> Iterator[str]:
    """The question, with its last paragraph as the prompt of the choice."""
    el = dialect.element
    prompt = paragraph_within(stem.blocks[-1]) if stem.blocks else None
    yield from stem.blocks if prompt is None else stem.blocks[:-1]
    first_fixed = len(options) - question.pinned
    choices = [
        el(
            "simpleChoice",
            *text.blocks,
            identifier=text.name,
            **({"fixed": "true"} if at >= first_fixed else {}),
        )
        for at, text in enumerate(options)
    ]
    yield el(
        "choiceInteraction",
        "\n".join(["", *([] if prompt is None else [el("prompt", prompt)]), *choices, ""]),
        responseIdentifier=own.RESPONSE,
        shuffle="false" if question.fixed_order else "true",
        maxChoices="1",
    )


def _sources(texts: Sequence[_Text], dialect: Dialect) -> Iterator[str]:
    """The Markdown of those texts that their XHTML would not bring back. It begins a body: QTI 2.1 has no other place."""
    if texts:
        content = "".join(tag("pre", escaped(text.source), **{"class": text.name}) for text in texts)
        use = {"use": "instructions"} if dialect.is_kebab else {}
        named = {"class": own.SOURCES, "view": "author", **use}
        yield dialect.element("rubricBlock", dialect.flow(content), **named)


def _processing(dialect: Dialect, *, has_feedback: bool) -> str:
    """One point for the key; with feedback, the answer also chooses what is shown."""
    el = dialect.element
    if not has_feedback:
        return el("responseProcessing", template=dialect.match_correct)
    given = el("variable", identifier=own.RESPONSE)
    one = el("setOutcomeValue", el("baseValue", "1", baseType="float"), identifier="SCORE")
    is_key = el("match", given + el("correct", identifier=own.RESPONSE))
    condition = el("responseCondition", el("responseIf", is_key + one))
    return el("responseProcessing", condition + el("setOutcomeValue", given, identifier=own.FEEDBACK))


def _feedback(text: _Text, dialect: Dialect) -> str:
    outcome, _, option = text.name.partition("-")
    return dialect.element(
        "modalFeedback",
        dialect.flow("\n".join(text.blocks)),
        outcomeIdentifier=outcome,
        identifier=option or outcome,
        showHide="show",
    )
