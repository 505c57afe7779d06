"""Questions of Blackboard before its version 7, in files that begin with POOL; ExamView and others still write them."""

from collections.abc import Iterator

from qbank.exchange import qti_draft as parts
from qbank.exchange.mcq_draft import Draft
from qbank.exchange.qti1 import either_or, piece
from qbank.exchange.qti_draft import Answered, Feedback, NotAsked
from qbank.exchange.qti_xml import Node

_CHOICES = ("QUESTION_MULTIPLECHOICE", "QUESTION_TRUEFALSE", "QUESTION_EITHEROR")
_KINDS = {
    "QUESTION_MULTIPLEANSWER": parts.SEVERAL_ANSWERS,
    "QUESTION_MATCH": parts.MATCHING,
    "QUESTION_ORDER": parts.ORDERING,
    "QUESTION_ESSAY": parts.ESSAY,
    "QUESTION_SHORTRESPONSE": parts.ESSAY,
    "QUESTION_FILLINBLANK": parts.ENTRY,
    "QUESTION_NUMERIC": parts.ENTRY,
}
_FEEDBACK = {"correct": "FEEDBACK_WHEN_CORRECT", "incorrect": "FEEDBACK_WHEN_INCORRECT"}


def draft_of(question: Node) -> Draft:
    """The draft of a `QUESTION_...` element. Raises NotAsked with the reason."""
    if question.name not in _CHOICES:
        raise NotAsked(_KINDS.get(question.name, "a kind of question of its own program"))
    body = question.child("BODY")
    answers_in_order = sorted(question.all("ANSWER"), key=_position)
    options = [(answer.get("id"), either_or(_text(answer))) for answer in answers_in_order]
    parts.check_count(options)
    key = _key(question)
    answers = {ident: Answered(None, frozenset()) for ident, _ in options}
    shown, general = parts.feedback_by_answer(list(_feedback(question)), answers, key)
    stem = _text(body) if body else ""
    return parts.draft_of(question.line, question.get("id"), stem, options, key, shown, general)


def _position(answer: Node) -> int:
    """The place of an answer, which may be another one than in the file; 0 where it has none."""
    found = answer.get("position")
    return int(found) if found.isascii() and found.isdigit() and len(found) < 10 else 0


def _key(question: Node) -> str:
    keys = list(dict.fromkeys(node.get("answer_id") for node in question.each("CORRECTANSWER")))
    if not keys:
        raise NotAsked(parts.NO_KEY)
    if len(keys) > 1:
        raise NotAsked(parts.SEVERAL_ANSWERS)
    return keys[0]


def _feedback(question: Node) -> Iterator[Feedback]:
    for name, element in _FEEDBACK.items():
        for node in question.each(element):
            yield Feedback(name, _text(node))


def _text(node: Node) -> str:
    """The text of an element, directly within it or in a TEXT."""
    return "\n\n".join(filter(None, map(piece, node.all("TEXT") or [node])))
