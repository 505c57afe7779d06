"""The shape in which qbank itself writes questions as JSON, one a line, with nothing left out; docs/json.md has it."""

import msgspec

from qbank.core.question import Objective, Question
from qbank.exchange.mcq_draft import Draft, label_of
from qbank.exchange.mcq_rows import FaultLog, Record

VERSION = 1


class OwnOption(msgspec.Struct, omit_defaults=True):
    """One option."""

    text: str
    correct: bool = False
    explanation: str = ""


class OwnObjective(msgspec.Struct, omit_defaults=True):
    """The objective that a question probes, with its areas by id. Every question of one objective says the same of it."""

    id: str = ""
    text: str = ""
    system: str = ""
    section: str = ""
    disciplines: tuple[str, ...] = ()
    task: str = ""
    likelihood: str = "medium"
    sources: tuple[str, ...] = ()
    review: str = "draft"


class OwnQuestion(msgspec.Struct, omit_defaults=True):
    """A line of the file. `last` counts the options that stay last, `fixed` keeps them all in their order."""

    qbank: int
    question: str
    options: list[OwnOption]
    id: str = ""
    remember: str = ""
    fixed: bool = False
    last: int = 0
    objective: OwnObjective = msgspec.field(default_factory=OwnObjective)


def own(question: Question, objective: Objective | None, *, id: str, named: str) -> OwnQuestion:
    """A question as a line; `id` and `named`, the objective's id, may be "" where another one has them."""
    probed = OwnObjective(id=named)
    if objective is not None:
        probed = OwnObjective(
            named,
            objective.text,
            objective.system,
            objective.section,
            objective.disciplines,
            objective.task,
            objective.likelihood,
            objective.sources,
            objective.review,
        )
    options = [OwnOption(option.text, option.correct, option.explanation) for option in question.options]
    order = (question.remember, question.fixed_order, question.pinned)
    return OwnQuestion(VERSION, question.stem, options, id, *order, probed)


def read_own(record: Record, faults: FaultLog) -> Draft | None:
    """The draft of a line; None, with a fault, where it is not as it was written."""
    try:
        found = msgspec.convert(record.values, OwnQuestion)
    except msgspec.ValidationError as error:
        faults.add(record.line, f"This is not a question as qbank writes it: {error}.", "Export it again.")
        return None
    if found.qbank != VERSION:
        faults.add(record.line, f"The line is of version {found.qbank}.", "Update qbank to read it.")
        return None
    labels = [label_of(at) for at in range(len(found.options))]
    named = list(zip(labels, found.options, strict=True))
    key = [label for label, option in named if option.correct]
    if len(key) != 1:
        faults.add(record.line, f"The question has {len(key)} right options.", "Mark one of them as correct.")
        return None
    objective = found.objective
    areas = {"system": objective.system, "section": objective.section, "task": objective.task}
    areas["discipline"] = ";".join(objective.disciplines)
    return Draft(
        record.line,
        found.question if found.question.strip() else "",
        {label: option.text for label, option in named},
        key[0],
        id=found.id.strip(),
        explanations={label: option.explanation for label, option in named},
        remember=found.remember,
        objective=objective.id.strip(),
        objective_text=objective.text,
        areas={name: area for name, area in areas.items() if area},
        order=(found.fixed, max(0, min(found.last, len(labels)))),
        verbatim=True,
        likelihood=objective.likelihood if objective.likelihood in ("high", "low") else "medium",
        sources=objective.sources,
        review=objective.review,
    )
