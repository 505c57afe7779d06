"""Questions as a GIFT file, Moodle's text format, such that reading it gives the same questions again."""

import re
from collections.abc import Iterator, Sequence
from functools import partial

from qbank.core.pictures import Look
from qbank.core.question import Objective, Option, Question
from qbank.exchange.pictures import data_in, rewritten

_RESERVED = re.compile(r"[\\~=#{}:\n]")
_MARKS = ("%", "[")
"""What would be read as a weight or a format at the beginning of a text."""


def write_gift(
    questions: Sequence[Question], objectives: Sequence[Objective], look: Look = lambda _: None
) -> str:
    """The questions as a GIFT file, in Markdown, by system; areas and objectives stand in tags.

    Pictures that `look` finds are written into the texts as `data:` addresses, for the format has no place beside them.
    An id that another bank's question has already is not written, for a file can have it once.
    """
    known = {(one.bank, one.id): one for one in objectives}
    placed = [(question, known.get((question.bank, question.objective))) for question in questions]
    parts: list[str] = []
    category, ids = "", set[str]()
    for question, objective in sorted(placed, key=lambda each: each[1].system if each[1] else ""):
        system = f"/{objective.system}" if objective and objective.system else ""
        if category != f"$CATEGORY: $course$/top/qbank{system}":
            category = f"$CATEGORY: $course$/top/qbank{system}"
            parts.append(f"{category}\n")
        tags = [*([] if question.id in ids else [f"[id:{question.id}]"]), *_tags(question, objective)]
        ids.add(question.id)
        parts.append(
            (f"// {' '.join(tags)}\n" if tags else "")
            + _written(rewritten(question, partial(data_in, look=look)))
        )
    return "\n".join(parts)


def _tags(question: Question, objective: Objective | None) -> Iterator[str]:
    """Tags for what `gift.TAGGED` names. An objective that is only its question's stand-in is not worth one."""
    if objective is None:
        return
    named = [("system", objective.system), ("section", objective.section), ("task", objective.task)]
    named += [("discipline", discipline) for discipline in objective.disciplines]
    named += [("objective", objective.text)] if objective.id != question.id else []
    yield from (f"[tag:{what}:{name}]" for what, name in named if name and not re.search(r"[\[\]\\\n]", name))


def _written(question: Question) -> str:
    """A key without an explanation has an empty one, so that the sentence to remember is not taken for it."""
    lines = [f"::{_escaped(question.id)}::[markdown]{_escaped(question.stem)}{{"]
    lines += [_option(option, bool(question.remember)) for option in question.options]
    lines += [f"\t####{_text(question.remember)}"] if question.remember else []
    return "\n".join([*lines, "}\n"])


def _option(option: Option, remembered: bool) -> str:
    feedback = option.explanation or (option.correct and remembered)
    return f"\t{'=' if option.correct else '~'}{_text(option.text)}" + (
        f"#{_text(option.explanation)}" if feedback else ""
    )


def _text(text: str) -> str:
    return ("[markdown]" if text.startswith(_MARKS) else "") + _escaped(text)


def _escaped(text: str) -> str:
    return _RESERVED.sub(lambda match: "\\n" if match[0] == "\n" else f"\\{match[0]}", text)
