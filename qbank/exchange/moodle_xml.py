"""Questions of Moodle XML, the format in which Moodle gives out its question bank.

Source: docs.moodle.org, "Moodle XML format", and what Moodle's own exports hold. The text of a question is HTML unless its
`format` says otherwise.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from qbank.core.text import visible
from qbank.exchange.foreign import Read, Skipped
from qbank.exchange.markup import HTML_LIMIT, plain_to_text, to_line, to_text, without_data
from qbank.exchange.mcq_draft import Draft, as_text, label_of
from qbank.exchange.mcq_rows import FaultLog
from qbank.exchange.moodle_files import FILES, name_pictures
from qbank.exchange.moodle_gaps import Gap, cloze, select
from qbank.exchange.pictures import holder
from qbank.exchange.qti_html import html_of
from qbank.exchange.xml_reading import Element, Refused, pieces

QUESTION_LIMIT = 100_000  # questions of one file [judged]
CATEGORY_ROOT = "qbank"
"""The category under which questions go out."""
REMEMBER = ('<blockquote class="qbank-remember">', "</blockquote>")
"""What the sentence to remember goes out in, as general feedback."""
AREA_TAGS = ("section", "discipline", "task")
"""The dimensions that go out as tags, `discipline:pathology`. The system is the category."""
OBJECTIVE_TAG = "objective"

_HEAD = 64 * 1024  # bytes in which the root element has to begin
_ROOT = re.compile(r"<quiz[\s/>]")
_NO_CATEGORY = ("top", CATEGORY_ROOT)
_CHOICES = ("multichoice", "truefalse")
_CLOZE = ("cloze", "multianswer")
_GAPS = {"gapselect": "selectoption", "ddwtos": "dragbox"}
"""What has the options of a text with gaps."""
_TEXTS = ("questiontext", "generalfeedback")

_KINDS = {
    "calculated": "calculated",
    "calculatedmulti": "calculated",
    "calculatedsimple": "calculated",
    "cloze": "cloze, several gaps in one text",
    "ddimageortext": "drag and drop",
    "ddmarker": "drag and drop",
    "ddwtos": "drag and drop",
    "description": "a description that asks nothing",
    "essay": "essay",
    "gapselect": "several gaps in one text",
    "matching": "matching",
    "multianswer": "cloze, several gaps in one text",
    "multichoiceset": "several answers can be chosen",
    "numerical": "numerical",
    "random": "drawn at random from others",
    "randomsamatch": "matching",
    "shortanswer": "short answer",
}


def recognises(_name: str, content: bytes) -> bool:
    """Whether the file is XML with the root `quiz`, in UTF-8, UTF-16 or an encoding that has ASCII in it."""
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    head = content[:_HEAD].decode("utf-16" if utf16 else "utf-8-sig", errors="replace").lstrip()
    return head.startswith("<") and _ROOT.search(head) is not None


def read(content: bytes, faults: FaultLog) -> Read:
    """The single-choice and true/false questions of a file; what else it has is listed as skipped."""
    drafts: list[Draft] = []
    skipped: list[Skipped] = []
    category: tuple[str, ...] = ()
    pictures: dict[str, bytes] = {}
    for element in _elements(content, faults):
        if element.attributes.get("type") == "category":
            category = _category(_own(element.child("category")))
            continue
        if element.attributes.get("type") in (*_CHOICES, *_CLOZE, *_GAPS):
            name_pictures(element, holder(pictures))
        found = _question(element, category)
        if isinstance(found, Skipped):
            skipped.append(found)
        else:
            drafts.append(found)
        if len(drafts) + len(skipped) > QUESTION_LIMIT:
            faults.add(element.line, f"The file has more than {QUESTION_LIMIT:,} questions.", "Split it.")
            break
    ids = Counter(draft.id for draft in drafts)
    # Moodle's id numbers are unique within a category only.
    return Read([replace(one, id="") if ids[one.id] > 1 else one for one in drafts], skipped, pictures)


def _elements(content: bytes, faults: FaultLog) -> Iterator[Element]:
    """The questions and categories of a file, those that come before the first fault."""
    try:
        yield from pieces(content, {"quiz": "question"}, files=FILES)
    except Refused as refused:
        faults.add(refused.line, refused.message, refused.mend)


def _question(element: Element, category: tuple[str, ...]) -> Draft | Skipped:
    kind = element.attributes.get("type", "")
    if kind in (*_CLOZE, *_GAPS) and (gap := _gap(element, kind)):
        return _filled(element, gap, category)
    if kind not in _CHOICES:
        return Skipped(element.line, _KINDS.get(kind, f'the type "{visible(kind[:40])}"'))
    if kind == "multichoice" and _flag(element, "single") is False:
        return Skipped(element.line, "several answers can be chosen")
    answers = element.all("answer")
    texts = [*map(element.child, _TEXTS), *answers, *(answer.child("feedback") for answer in answers)]
    if any(len(_raw(text)) > HTML_LIMIT for text in texts):
        return Skipped(element.line, f"a text of more than {HTML_LIMIT:,} characters")
    full = [at for at, answer in enumerate(answers) if _is_full(answer)]
    if len(full) != 1:
        return Skipped(element.line, "several answers are right" if full else "no answer is wholly right")
    draft = Draft(
        element.line,
        _stem(element),
        {label_of(at): _option(answer, kind) for at, answer in enumerate(answers)},
        label_of(full[0]),
        _own(element.child("idnumber")),
        explanations={label_of(at): _text(answer.child("feedback")) for at, answer in enumerate(answers)},
        lenient=True,
        fixed_order=kind == "truefalse" or _flag(element, "shuffleanswers") is False,
    )
    _add_general_feedback(draft, element.child("generalfeedback"))
    _add_places(draft, element, category)
    return draft


def _gap(element: Element, kind: str) -> Gap | None:
    """The only gap of a text, if it has one alone."""
    text = _raw(element.child("questiontext"))
    if len(text) > HTML_LIMIT:
        return None
    if kind in _CLOZE:
        return cloze(text)
    options = [(_raw(one), _own(one.child("group"))) for one in element.all(_GAPS[kind])]
    return select(text, options)


def _filled(element: Element, gap: Gap, category: tuple[str, ...]) -> Draft | Skipped:
    if len(gap.right) != 1:
        return Skipped(
            element.line, "several answers are right" if gap.right else "no answer is wholly right"
        )
    draft = Draft(
        element.line,
        as_text(to_text(gap.stem)),
        {label_of(at): to_line(option) for at, option in enumerate(gap.options)},
        label_of(gap.right[0]),
        _own(element.child("idnumber")),
        explanations={label_of(at): to_text(said) for at, said in enumerate(gap.explanations)},
        lenient=True,
    )
    _add_general_feedback(draft, element.child("generalfeedback"))
    _add_places(draft, element, category)
    return draft


def _stem(element: Element) -> str:
    """The text of a question, else its name; with the image that Moodle 1.9 kept beside the text."""
    image = _own(element.child("image"))
    stem = _text(element.child("questiontext")) or _own(element.child("name"))
    return f"{stem}\n\n![]({image})" if image else stem


def _option(answer: Element, kind: str) -> str:
    text = _text(answer)
    if kind == "truefalse":
        return text.capitalize() if text in ("true", "false") else text
    return text if _format(answer) == "markdown" else text.replace("\\\n", " ")


def _add_general_feedback(draft: Draft, feedback: Element | None) -> None:
    """General feedback goes to the key's own: both say why it is right."""
    before, after = REMEMBER
    raw = _raw(feedback)
    if raw.startswith(before) and raw.endswith(after):
        draft.remember = as_text(html.unescape(raw.removeprefix(before).removesuffix(after)))
        return
    parts = (draft.explanations[draft.key], _text(feedback))
    draft.explanations[draft.key] = "\n\n".join(part for part in parts if part)


def _add_places(draft: Draft, element: Element, category: tuple[str, ...]) -> None:
    tags = [_own(tag) for one in element.all("tags") for tag in one.all("tag")]
    others = []
    for tag in filter(None, tags):
        dimension, _, area = tag.partition(":")
        if area and dimension in AREA_TAGS:
            draft.areas[dimension] = ";".join(filter(None, [draft.areas.get(dimension, ""), area]))
        elif area and dimension == OBJECTIVE_TAG:
            draft.objective, draft.objective_text = area, _own(element.child("name"))
        else:
            others.append(tag)
    draft.tag = ", ".join(others)
    draft.hints = (*category, *others)


def _category(path: str) -> tuple[str, ...]:
    """The names of a category's path, the innermost first; // stands for a slash in a name.

    Those that Moodle gives to every bank say nothing.
    """
    parts = [part.replace("//", "/").strip() for part in re.split(r"(?<!/)/(?!/)", path)]
    names = (part.removeprefix("Default for ") for part in reversed(parts))
    return tuple(name for name in names if name and not name.startswith("$") and name not in _NO_CATEGORY)


def _is_full(answer: Element) -> bool:
    """Whether an answer has the fraction 100, in percent."""
    return re.fullmatch(r"\s*\+?100([.,]0*)?\s*", answer.attributes.get("fraction", "")) is not None


def _flag(element: Element, tag: str) -> bool | None:
    """The truth of a setting, None when the question does not have it. Some have it twice; the last one holds."""
    found = element.all(tag)
    return found[-1].text().strip().lower() in ("true", "1", "yes") if found else None


def _text(element: Element | None) -> str:
    """The text of an element as Markdown, by its format."""
    raw = _raw(element)
    match _format(element):
        case "markdown":
            return as_text(raw)
        case "plain_text":
            return as_text(plain_to_text(raw))
        case "moodle_auto_format":
            return as_text(to_text(re.sub(r"\r\n?|\n", "<br>", raw)))
        case _:
            return as_text(to_text(raw))


def _format(element: Element | None) -> str:
    return element.attributes.get("format", "") if element else ""


def _own(element: Element | None) -> str:
    """The text of a name, which is never HTML, on one line."""
    return as_text(" ".join(_raw(element).split()))


def _raw(element: Element | None) -> str:
    """What stands in an element's `text`; old files have it in the element itself.

    HTML should be escaped there. Where its tags stand as they are, what is between them is escaped once.
    """
    if element is None:
        return ""
    inner = element.child("text")
    has_tags = inner is not None and any(inner.nodes())
    text = (html_of(inner) if inner and has_tags else (inner or element).own_text()).strip()
    return text if _format(element) in ("markdown", "plain_text") else without_data(text)
