"""Questions as a table, one a row, that a spreadsheet shows and that comes back as the same questions."""

import csv
import io
import re
from collections.abc import Sequence

from qbank.core.question import Objective, Question
from qbank.exchange.mcq_draft import label_of
from qbank.exchange.own_names import Named, named

LOSES = "A table has no columns for an objective's sources, likelihood and review; JSONL keeps them."

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet would take for a formula, behind any marks of ours. Source: OWASP, CSV Injection."""

_AREAS = ("objective", "objective_text", "system", "section", "discipline", "task")


def write_csv(questions: Sequence[Question], objectives: Sequence[Objective], delimiter: str = ",") -> bytes:
    """The rows in UTF-8 with its mark, by which spreadsheets know it.

    A cell that a spreadsheet would calculate begins with an apostrophe, which reading takes away.
    """
    labels = [label_of(at) for at in range(max((len(one.options) for one in questions), default=0))]
    text = io.StringIO(newline="")
    rows = csv.writer(text, delimiter=delimiter)
    told = [f"explanation_{label}" for label in labels]
    letters = [label.upper() for label in labels]
    rows.writerow(["id", "question", *letters, "answer", *told, "remember", *_AREAS, "order"])
    for one in named(questions, objectives):
        rows.writerow(map(_guarded, _row(one, len(labels))))
    return text.getvalue().encode("utf-8-sig")


def write_tsv(questions: Sequence[Question], objectives: Sequence[Objective]) -> bytes:
    """The same with tabs between the cells."""
    return write_csv(questions, objectives, "\t")


def _row(one: Named, width: int) -> list[str]:
    question, objective = one.question, one.objective
    gap = [""] * (width - len(question.options))
    key = next(at for at, option in enumerate(question.options) if option.correct)
    areas = [one.objective_id, "", "", "", "", ""]
    if objective is not None:
        areas[1:] = [
            objective.text,
            objective.system,
            objective.section,
            ";".join(objective.disciplines),
            objective.task,
        ]
    return [
        one.id,
        question.stem,
        *(option.text for option in question.options),
        *gap,
        label_of(key).upper(),
        *(option.explanation for option in question.options),
        *gap,
        question.remember,
        *areas,
        _order(question),
    ]


def _order(question: Question) -> str:
    if question.fixed_order:
        return "fixed"
    return f"last {question.pinned}" if question.pinned else "free"


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
