"""What the versions of QTI have in common: an item's parts as a draft, or the reason why it cannot be asked here."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from qbank.exchange.markup import HTML_LIMIT, to_text, without_data
from qbank.exchange.mcq_build import LENGTH_LIMITS, OPTION_LIMITS
from qbank.exchange.mcq_draft import Draft, label_of
from qbank.exchange.mcq_fields import mended, refused

SEVERAL_ANSWERS = "several right answers"
NO_KEY = "no key"
OTHER_FILE = "it rests on a sound, a film or another file"
PARTS = "several parts"
MATCHING, ORDERING, ESSAY, ENTRY = "matching", "ordering", "essay", "a text or number to write"
PLACE, UPLOAD, NO_QUESTION = "a place to mark", "a file to upload", "text without a question"


class NotAsked(Exception):
    """An item that is no question with one best answer; its text is the reason in a few words."""


class Feedback(NamedTuple):
    """A text shown after an answer, by the name that the scoring shows it by."""

    name: str
    text: str


class Answered(NamedTuple):
    """What one answer scores, None where the file does not tell, and the names of the feedback it is shown."""

    score: float | None
    shown: frozenset[str]


def draft_of(
    line: int,
    name: str,
    stem: str,
    options: Sequence[tuple[str, str]],
    key: str,
    shown: Mapping[str, Sequence[str]],
    general: Sequence[str],
) -> Draft:
    """The draft of an item from texts without markup; options and what is `shown` after them by the item's own ids.

    Raises NotAsked for what the checks of a bank would refuse, so that one item does not cost the whole file.
    """
    if key not in dict(options):
        raise NotAsked(NO_KEY)
    _check_options(options, key)
    options = [(ident, text) for ident, text in options if text.strip()]
    labels = {ident: label_of(at) for at, (ident, _) in enumerate(options)}
    explanations = {labels[ident]: _joined(shown.get(ident, ())) for ident in labels}
    if explanations[labels[key]] and general:  # a draft's explanation stands in only where the key has none
        explanations[labels[key]] = _joined([*shown[key], *general])
        general = []
    draft = Draft(
        line=line,
        stem=mended(stem),
        options={labels[ident]: mended(text) for ident, text in options},
        key=labels[key],
        id=name,
        explanation=_joined(general),
        explanations={label: text for label, text in explanations.items() if text},
    )
    _check_texts(draft)
    return draft


def check_count(options: Sequence[object]) -> None:
    """Raises NotAsked for too few options, or more than have a letter."""
    low, high = OPTION_LIMITS
    if not low <= len(options) <= high:
        raise NotAsked(f"fewer than {low} or more than {high} options")


def best(answers: Mapping[str, Answered]) -> str:
    """The one answer that scores most. Raises NotAsked if there is none, or more than one."""
    known = {ident: answered.score for ident, answered in answers.items() if answered.score is not None}
    scores = {ident: score for ident, score in known.items() if math.isfinite(score)}
    if not scores or max(scores.values()) == min(scores.values()):
        raise NotAsked(NO_KEY)
    top = [ident for ident, score in scores.items() if score == max(scores.values())]
    if len(top) > 1:
        raise NotAsked(SEVERAL_ANSWERS)
    return top[0]


def feedback_by_answer(
    feedback: Sequence[Feedback], answers: Mapping[str, Answered], key: str
) -> tuple[dict[str, list[str]], list[str]]:
    """The texts shown after each answer, and those that are shown whatever the answer.

    Where the scoring shows a text nowhere, its name decides as Canvas, Blackboard and Moodle name them: an answer's id
    (`5706_fb`), `correct...`, `incorrect...`, `general...`. One of any other name is for all if the scoring shows
    nothing at all, and else belongs to no first answer, like a hint. A bare verdict ("Correct.") is left out.

    Raises NotAsked when the key is none of the answers.
    """
    if key not in answers:
        raise NotAsked(NO_KEY)
    shown: dict[str, list[str]] = {ident: [] for ident in answers}
    general = []
    for name, text in dict.fromkeys(feedback):
        if _VERDICT.fullmatch(text):
            continue
        after = [ident for ident, answered in answers.items() if name in answered.shown]
        after = after or _after_by_name(name.rpartition(" ")[2], answers, key)
        if len(after) == len(answers):
            general.append(text)
        else:
            for ident in after:
                shown[ident].append(text)
    return shown, general


def text_of(html: str) -> str:
    """The text of a piece of HTML. Raises NotAsked for one so long that no bank would keep it."""
    short = without_data(html)
    if len(short) > HTML_LIMIT:
        raise NotAsked(f"a text of more than {HTML_LIMIT:,} characters")
    return to_text(short)


def is_general(name: str) -> bool:
    """Whether feedback of this name is for every answer."""
    return bool(re.search("general|neutral|solution|explanation|rationale", name, re.IGNORECASE))


def line_of(text: str) -> str:
    """A word or title of a file on one line, "" for one that cannot be shown or is longer than a name may be."""
    line = mended(" ".join(text.split()))
    return "" if refused(line) or len(line) > LENGTH_LIMITS["option"] else line


_VERDICT = re.compile(
    r"(?:|(?:yes|no|that.?s|your answer is|not quite)?[\s,]*(?:not )?"
    r"(?:correct|incorrect|right|wrong|true|false)?(?: answer)?)[.!]*",
    re.IGNORECASE,
)


def _after_by_name(name: str, answers: Mapping[str, Answered], key: str) -> list[str]:
    idents = list(answers)
    folded = name.casefold()
    own = [ident for ident in idents if name in (ident, f"{ident}_fb", f"fb_{ident}", f"feedback_{ident}")]
    if own:
        return own
    if "unanswered" in folded:  # Inspera's, for whoever gave no answer
        return []
    if "incorrect" in folded or "wrong" in folded:
        return [ident for ident in idents if ident != key]
    if "correct" in folded:
        return [key]
    return idents if is_general(name) or not any(answered.shown for answered in answers.values()) else []


def _joined(texts: Iterable[str]) -> str:
    return mended("\n\n".join(dict.fromkeys(text for text in texts if text)))


def _check_options(options: Sequence[tuple[str, str]], key: str) -> None:
    texts = [" ".join(text.split()) for _, text in options if text.strip()]
    if len(dict(options)) < len(options):
        raise NotAsked("two options of the same id")
    if len(texts) < OPTION_LIMITS[0] or not dict(options)[key].strip():
        raise NotAsked("an option without text")
    if len(set(texts)) < len(texts):
        raise NotAsked("two options of the same text")


def _check_texts(draft: Draft) -> None:
    if not draft.stem:
        raise NotAsked("no text of the question")
    long_texts = [draft.explanation, *draft.explanations.values()]
    named = [("question", draft.stem), *(("explanation", text) for text in long_texts)]
    named += [("option", text) for text in (draft.id, *draft.options.values())]
    if any(refused(text) for _, text in named):
        raise NotAsked("characters that cannot be seen")
    if any(len(text) > LENGTH_LIMITS[what] for what, text in named):
        raise NotAsked("a text longer than a bank keeps")
