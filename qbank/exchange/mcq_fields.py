"""What the headings and keys of question files mean, and their text made fit to keep."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from qbank.core.text import hidden_characters
from qbank.exchange.mcq_languages import HEADINGS, OPTION

ROLES: dict[str, tuple[str, ...]] = {
    "id": ("id", "question_id", "qid", "uid", "item_id"),
    "stem": (
        "stem",
        "question",
        "question_text",
        "questiontext",
        "question_stem",
        "item_stem",
        "questions",
        "qtext",
        "question_content",
        "question_title",
        "html_of_the_question",
        "question_html",
        "title_text",
        "lead_in",
        "centerpiece",
        "prompt",
        "problem",
        "sent1",
        "input",
        "q",
        "text",
    ),
    "vignette": ("vignette", "case", "clinical_case", "scenario", "passage", "context"),
    "options": (
        "options",
        "choices",
        "answers",
        "answer_choices",
        "answer_options",
        "question_options",
        "alternatives",
    ),
    "answer": (
        "answer",
        "key",
        "correct",
        "correct_answer",
        "correct_answers",
        "correct_option",
        "correct_options",
        "correct_choice",
        "correct_letter",
        "answer_key",
        "right_answer",
        "right_option",
        "correct_ans",
        "ans",
        "answer_idx",
        "correct_option_index",
        "correct_answer_index",
        "correct_answer_idx",
        "correct_answer_id",
        "correct_answer_number",
        "correct_option_id",
        "correct_choice_index",
        "correct_choice_id",
        "correct_index",
        "question_correct_answer_index",
        "answer_index",
        "correct_option_number",
        "gold",
        "target",
        "ra",
        "cop",
        "label",
    ),
    "explanation": (
        "explanation",
        "exp",
        "rationale",
        "feedback",
        "answer_explanation",
        "explanation_text",
        "explain",
        "html_of_the_explanation_to_the_answer",
        "general_feedback",
        "explanations",
        "explication",
        "solution",
        "justification",
    ),
    "remember": ("remember", "take_home", "educational_objective", "take_home_message", "key_point"),
    "objective": ("objective", "learning_objective"),
    "objective_text": ("objective_text",),
    "system": ("system", "organ_system"),
    "section": ("section",),
    "discipline": ("discipline", "disciplines"),
    "task": ("task", "physician_task"),
    "tags": (
        "tags",
        "tag",
        "keywords",
        "subtopic",
        "topic",
        "topic_name",
        "topics",
        "subcategory",
        "chapter",
        "category",
        "categories",
        "subject",
        "subject_name",
        "specialty",
        "speciality",
        "domain",
        "unit",
        "module",
        "course",
    ),
    "type": ("question_type", "type", "qtype", "item_type", "type_of_question"),
    "order": ("order",),
    "wrong": ("incorrect_answers", "wrong_answers", "distractors", "incorrect_options", "wrong_options"),
}
"""The headings of each field, the one to be believed first where a file has several."""

NAMED_LIMIT = 5  # hidden characters that a sentence names
_CACHED_HEADINGS = 200  # a record with more is no usual one, and not worth the room
Roles = Mapping[str, Sequence[str]]
"""The headings of a record by their role."""

_SPELLINGS = {role: (*spellings, *HEADINGS.get(role, ())) for role, spellings in ROLES.items()}
_MEANING = {spelling: role for role, spellings in _SPELLINGS.items() for spelling in spellings}
_RANK = {spelling: rank for spellings in _SPELLINGS.values() for rank, spelling in enumerate(spellings)}
_SAID = r"explanation|rationale|feedback|exp|reason"
_OPTION = re.compile(
    rf"(?P<said>(?:{_SAID})_(?:for_|of_)?)?(?:option|opt|op(?=_?(?:[a-h]|\d)$)|choices?|answer|answer_option|answer_choice|ans"
    rf"|alternative|response|ending|distractor"
    rf"|{'|'.join(OPTION)})_?"
    rf"(?P<label>[a-z]|\d\d?)(?:_text)?(?P<after>_(?:{_SAID}))?"
    rf"|(?P<said_alone>(?:{_SAID})_?)?(?P<alone>[a-z])(?P<after_alone>_(?:{_SAID}))?"
    rf"|(?P<said_number>(?:{_SAID})_?)(?P<number>\d\d?)"
)
_WRONG = re.compile(r"(?:incorrect|wrong)_?(?:answer|option|choice)?_?(?P<number>\d\d?)|distractor_?\d\d?")
_NO_LABELS = frozenset(
    {"options", "choices", "answers", "endings", "responses", "distractors", "alternatives"}
)


@lru_cache(maxsize=4096)
def role(heading: str) -> str:
    """The role of a heading: a name of ROLES, an option's letter, `explanation_a`, `wrong_1`, or "" for none."""
    if _COUNTS.search(heading):
        return ""
    for text in (heading, _TAIL.sub("", heading)):
        if found := _role(folded(text)):
            return found
    return ""


def by_role(values: Mapping[str, object]) -> Roles:
    """The headings of a record by their role, in each the one first that is to be believed first."""
    headings = tuple(values)
    return _by_role_again(headings) if len(headings) <= _CACHED_HEADINGS else _by_role(headings)


def _by_role(headings: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for heading in sorted(headings, key=_rank):
        found.setdefault(role(heading), []).append(heading)
    if "options" not in found and not _letters(found):
        _take_numbers(found)
    elif "answer" not in found and {"a", "b"} <= {folded(heading) for heading in headings}:
        _take_answers(found)
    return found


def _letters(found: Mapping[str, object]) -> set[str]:
    return {meaning for meaning in found if len(meaning) == 1}


def _take_numbers(found: dict[str, list[str]]) -> None:
    """Take headings that are only numbers for options, where no others are and they begin with 1 and 2."""
    numbers = {
        heading.strip(): heading for heading in found.get("", ()) if _NUMBER.fullmatch(heading.strip())
    }
    if {"1", "2"} <= numbers.keys():
        found |= {chr(ord("a") + int(number) - 1): [heading] for number, heading in numbers.items()}


def _take_answers(found: dict[str, list[str]]) -> None:
    """Take "Answer 1" for the key, where "A" is the first option's heading: Moodle's add-on for CSV writes so."""
    keys = [heading for letter in _letters(found) for heading in found[letter] if is_numbered_answer(heading)]
    if keys:
        for letter in _letters(found):
            rest = [heading for heading in found.pop(letter) if heading not in keys]
            found |= {letter: rest} if rest else {}
        found["answer"] = sorted(keys)


def is_numbered_answer(heading: str) -> bool:
    return _NUMBERED_ANSWER.fullmatch(folded(heading)) is not None


_NUMBER = re.compile(r"[1-9]")
_NUMBERED_ANSWER = re.compile(r"answer_?[1-9]")


def _rank(heading: str) -> int:
    return _RANK.get(folded(heading), len(_RANK))


_by_role_again = lru_cache(maxsize=64)(_by_role)  # the records of a file have the same headings


def folded(heading: str) -> str:
    """A heading in lower case with underscores: `Correct Answer:`, `correctAnswer` and `correct-answer` are one.

    Accents go away.
    """
    parted = _CAMEL.sub(" ", heading.strip())
    if not parted.isascii():
        parted = "".join(
            mark for mark in unicodedata.normalize("NFKD", parted) if not unicodedata.combining(mark)
        )
    return _NO_WORD.sub("_", parted.casefold()).strip("_")


_COUNTS = re.compile(r"#\s*$")  # "Question #" has the number of a question
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = re.compile(r"[\W_]+")
_TAIL = re.compile(r"(?<=\w)\s*(?:\(.*|\s[-–—]\s.*)$", re.DOTALL)  # "(optional)", " - max 75 characters"


def _role(name: str) -> str:
    if name in _MEANING:
        return _MEANING[name]
    if wrong := _WRONG.fullmatch(name):
        return f"wrong_{wrong['number'] or re.sub(r'[^0-9]', '', name)}"
    match = _OPTION.fullmatch(name)
    if match is None or name in _NO_LABELS:
        return ""
    label = match["label"] or match["alone"] or match["number"]
    said = any(match[part] for part in ("said", "after", "said_alone", "after_alone", "said_number"))
    number = int(label) if label.isdigit() else ord(label) - ord("a") + 1
    if number > 26:
        return ""
    letter = chr(ord("a") + number - 1) if number else "0"
    return ("explanation_" if said else "") + letter


def is_heading(cell: str) -> bool:
    """Whether a cell of a first row is a heading for questions, so that the row is a header."""
    return role(cell) in ("stem", "vignette") and folded(cell) not in _ALONE_ANYTHING


_ALONE_ANYTHING = frozenset({"q", "text"})  # a question only beside options


def mended(text: str) -> str:
    """The text with what other programs left in it put right, as far as there is no doubt.

    Control codes of Windows-1252 taken for Latin-1 become the characters that were meant, foreign line ends
    and page breaks become line ends, and marks of writing direction that only nudge a display go away. What
    is still hidden after that is for `refused` to name.
    """
    if text.isprintable():  # most texts; nothing below would change it
        return text.strip()
    lines = re.sub("\r\n?", "\n", text).translate(_MENDS).split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def refused(text: str) -> str:
    """The names of the first characters that must not be kept, or "" when there are none."""
    if text.isprintable():
        return ""
    names = list(dict.fromkeys(name for _, name in hidden_characters(text)))
    return ", ".join([*names[:NAMED_LIMIT], *(["..."] if len(names) > NAMED_LIMIT else [])])


def _windows_1252() -> dict[int, str]:
    codes = {code: bytes([code]).decode("windows-1252", errors="ignore") for code in range(0x80, 0xA0)}
    return {code: character for code, character in codes.items() if character}


_MENDS: dict[int, str] = {
    **_windows_1252(),
    **dict.fromkeys((0x0B, 0x0C, 0x2028, 0x2029), "\n"),
    **dict.fromkeys((0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0xFEFF), ""),
}
