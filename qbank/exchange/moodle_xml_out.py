"""Questions as Moodle XML, which Moodle and this program read.

Texts go out as Markdown, one of Moodle's own formats, so that they come back as they were.
"""

import base64
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from qbank.core.pictures import KEPT, Look, Picture, as_markdown, with_pictures
from qbank.core.question import Kind, Objective, Option, Question, as_served, serve
from qbank.exchange.moodle_files import PLUGIN_FILE
from qbank.exchange.moodle_xml import AREA_TAGS, CATEGORY_ROOT, OBJECTIVE_TAG, REMEMBER
from qbank.exchange.xml_writing import escaped

DRAW = 0
"""The seed of the numbers with which a variant goes out."""


def write_moodle_xml(
    questions: Iterable[Question], objectives: Iterable[Objective], look: Look = lambda _: None
) -> str:
    """One quiz of the questions in their order, a category for each system and tags for the other areas.

    Pictures that `look` finds stand beside the texts that show them. A variant goes out with one draw of its numbers.
    Prompts for recall, which have nothing to choose from, stay out. An id that another bank's question has already is not
    written, for ids are unique in a file. Raises VariantInvalid for a variant that cannot be drawn.
    """
    known = {(one.bank, one.id): one for one in objectives}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    category, ids = None, set[str]()
    for question in questions:
        if question.kind is Kind.RECALL:
            continue
        place = (question.bank, question.objective)
        objective = known.get(place) or Objective(*place, question.objective)
        if objective.system != category:
            category = objective.system
            lines += _category(category)
        own = "" if question.id in ids else question.id
        ids.add(question.id)
        lines += _question(as_served(question, serve(question, DRAW)), own, objective, look)
    return "\n".join([*lines, "</quiz>"]) + "\n"


def _category(system: str) -> Iterator[str]:
    path = "/".join(["$course$", "top", CATEGORY_ROOT, *([system.replace("/", "//")] if system else [])])
    yield f'<question type="category"><category>{_text(path)}</category></question>'


def _question(question: Question, name: str, objective: Objective, look: Look) -> Iterator[str]:
    keeps_order = question.fixed_order or question.pinned > 0
    yield '<question type="multichoice">'
    yield f"<name>{_text(objective.text)}</name>"
    yield f'<questiontext format="markdown">{_shown(question.stem, look)}</questiontext>'
    if question.remember:
        before, after = REMEMBER
        remember = before + escape(question.remember) + after
        yield f'<generalfeedback format="html">{_shown(remember, look)}</generalfeedback>'
    yield "<defaultgrade>1</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden>"
    yield f"<idnumber>{escaped(name)}</idnumber>"
    yield f"<single>true</single><shuffleanswers>{'false' if keeps_order else 'true'}</shuffleanswers>"
    yield "<answernumbering>ABCD</answernumbering>"
    for option in question.options:
        yield from _answer(option, look)
    yield f"<tags>{''.join(f'<tag>{_text(tag)}</tag>' for tag in _tags(objective))}</tags>"
    yield "</question>"


def _answer(option: Option, look: Look) -> Iterator[str]:
    yield f'<answer fraction="{100 if option.correct else 0}" format="markdown">{_shown(option.text, look)}'
    yield f'<feedback format="markdown">{_shown(option.explanation, look)}</feedback></answer>'


def _tags(objective: Objective) -> Iterator[str]:
    yield f"{OBJECTIVE_TAG}:{objective.id}"
    areas = (objective.section, *objective.disciplines, objective.task)
    dimensions = (AREA_TAGS[0], *[AREA_TAGS[1]] * len(objective.disciplines), AREA_TAGS[2])
    yield from (f"{dimension}:{area}" for dimension, area in zip(dimensions, areas, strict=True) if area)


def _shown(text: str, look: Look) -> str:
    """A text and the pictures that it shows, as files beside it."""
    files: dict[str, bytes] = {}

    def named(picture: Picture) -> str:
        kept = KEPT.fullmatch(picture.path)
        content = look(picture.path) if kept else None
        if kept is None or content is None:
            return as_markdown(picture)
        files[kept["name"]] = content
        return as_markdown(Picture(picture.alt, f"{PLUGIN_FILE}/{kept['name']}"))

    written = _text(with_pictures(text, named))
    return written + "".join(
        f'<file name="{name}" path="/" encoding="base64">{base64.b64encode(content).decode()}</file>'
        for name, content in files.items()
    )


def _text(text: str) -> str:
    return f"<text>{escaped(text)}</text>"
