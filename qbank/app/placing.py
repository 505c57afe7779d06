"""Where imported questions lie in the exam: by a map of areas, by what was decided before, or by a guess at their words.

What was decided is kept with the objective itself, so that it travels with the record and a later import cannot lose it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from qbank.app.areas import known_areas
from qbank.app.exams import load_exam, load_map
from qbank.app.files import read_bytes
from qbank.app.workspace import Workspace
from qbank.core.area_words import AreaWords, question_words
from qbank.core.exam import Exam
from qbank.core.question import Objective, Placing, Question
from qbank.exchange.area_map import OBJECTIVE, Found, Rule, placed, read_area_map

if TYPE_CHECKING:
    from qbank.exchange.mcq import Reading


WITHOUT = "without"
"""Counts questions without an area, beside who said so."""


class Placed(msgspec.Struct, frozen=True):
    """What is to be stored of a part of a file."""

    objectives: list[Objective]
    questions: list[Question]


class _Here(msgspec.Struct, frozen=True):
    """What the store has of a bank: its objectives by id, that of each question, and those that somebody has answered."""

    objectives: Mapping[str, Objective]
    of: Mapping[str, str]
    answered: frozenset[str]


def area_rules(exam: Exam, path: Path | None) -> list[Rule]:
    """The rules of a map of areas; none without one. Raises NotFound, and InputInvalid with every fault."""
    if path is None:
        return []
    known = {**known_areas(exam), OBJECTIVE: load_map(exam.id).keys()}
    systems = {section.id: section.system for section in exam.sections}
    return read_area_map(path.name, read_bytes(path), known, systems)


class Placer:
    """Says where the questions of files lie, part by part."""

    def __init__(self, workspace: Workspace, rules: Sequence[Rule]) -> None:
        self._workspace, self._rules = workspace, rules
        self._heres: dict[str, _Here] = {}
        self._told: Counter[str] = Counter()

    def placed(self, reading: "Reading", bank: str, path: Path) -> Placed:
        """The objectives and questions of a part of a file with their areas.

        What the learner chose stays, and what a map said stays until another one is given. Then come the rules, what the
        file itself says, and where there is no system, a suggestion by the words.
        """
        if bank not in self._heres:
            self._heres[bank] = _here(self._workspace, bank)
        here, exam = self._heres[bank], self._workspace.exam
        probes: dict[str, list[Question]] = {}
        for question in reading.questions:
            probes.setdefault(question.objective, []).append(question)
        objectives: dict[str, Objective] = {}
        of: dict[str, str] = {}
        for objective in reading.objectives:
            own = probes.get(objective.id, [])
            found = _decided(here, objective, own, keep_mapped=not self._rules)
            if found is None:
                found = _by_rules(exam, self._rules, reading, objective, own, path, here)
                found = found if found.system else _by_words(exam, found, own)
            of[objective.id] = objectives.setdefault(found.id, found).id
        moved = [replace(one, objective=of.get(one.objective, one.objective)) for one in reading.questions]
        for question in moved:
            if (placed := objectives.get(question.objective)) is not None:
                self._told.update(
                    [placed.placing.value] if placed.system else [placed.placing.value, WITHOUT]
                )
        return Placed(list(objectives.values()), moved)

    def take_notes(self) -> list[str]:
        """How many questions since the last time have their areas from where, one sentence each."""
        told, self._told = self._told, Counter()
        return _notes(told)


@lru_cache(maxsize=2)
def area_words(exam: str) -> AreaWords:
    """The words of an exam's map, made once."""
    return AreaWords(load_exam(exam), load_map(exam))


def joined(exam: Exam, objective: Objective, name: str, *, answered: bool) -> Objective:
    """An imported objective as the one of that name on the exam's map, which says what it is and where it lies.

    One that was answered keeps its id and text, under which its answers are remembered.
    """
    mapped = load_map(exam.id)[name]
    identity = {} if answered else {"id": name, "text": mapped.know}
    return replace(
        objective,
        **identity,
        system=exam.section(mapped.section).system,
        section=mapped.section,
        disciplines=mapped.disciplines,
        likelihood=mapped.likelihood,
    )


def _here(workspace: Workspace, bank: str) -> _Here:
    with workspace.store.read() as tx:
        of = {one.id: one.objective for one in tx.list_questions(bank=bank, retired=None)}
        objectives = {one.id: one for one in tx.objectives(bank=bank)}
        return _Here(objectives, of, frozenset(tx.objectives_answered(bank)))


def _decided(
    here: _Here, objective: Objective, own: Sequence[Question], *, keep_mapped: bool
) -> Objective | None:
    """The objective as it was placed before, if the learner or a map did it; None where it is to be placed now."""
    stays = (Placing.CHOSEN, Placing.MAPPED) if keep_mapped else (Placing.CHOSEN,)
    for name in dict.fromkeys(here.of[question.id] for question in own if question.id in here.of):
        before = here.objectives.get(name)
        if before is None or before.placing not in stays:
            continue
        if before.id != objective.id:
            return before
        return replace(
            objective,
            system=before.system,
            section=before.section,
            disciplines=before.disciplines,
            task=before.task,
            likelihood=before.likelihood,
            placing=before.placing,
        )
    return None


def _by_rules(
    exam: Exam,
    rules: Sequence[Rule],
    reading: "Reading",
    objective: Objective,
    own: Sequence[Question],
    path: Path,
    here: _Here,
) -> Objective:
    """What the rules say of the first of its questions of which they say anything."""
    for question in own if rules else ():
        hints = reading.hints.get(question.id, ())
        found = placed(rules, hints=hints, path=str(path.absolute()), stem=question.stem)
        if found != Found():
            break
    else:
        return objective
    task = found.task or objective.task
    objective = replace(objective, task=task, placing=Placing.MAPPED)
    if found.objective:
        return joined(exam, objective, found.objective, answered=objective.id in here.answered)
    place = (found.system, found.section) if found.system else (objective.system, objective.section)
    return replace(
        objective, system=place[0], section=place[1], disciplines=found.discipline or objective.disciplines
    )


def _by_words(exam: Exam, objective: Objective, own: Sequence[Question]) -> Objective:
    text = "\n".join(map(question_words, own))
    system, section = area_words(exam.id).suggested(text)
    if not system:
        return objective
    return replace(objective, system=system, section=section, placing=Placing.SUGGESTED)


def _notes(by: Counter[str]) -> list[str]:
    """Nothing where the file says it of all; under WITHOUT are those without an area."""
    told = (
        (by[Placing.MAPPED.value], "by the map of areas"),
        (by[Placing.CHOSEN.value], "as you chose"),
        (by[Placing.SUGGESTED.value], "as suggested by their words"),
    )
    sentences = [f"{_questions(count)} placed {how}." for count, how in told if count]
    if by[WITHOUT]:
        sentences.append(f"{_questions(by[WITHOUT])} without an area: for practice only.")
    if by[Placing.SUGGESTED.value] or by[WITHOUT]:
        sentences.append("Go through them with: qbank bank classify")
    return sentences


def _questions(count: int) -> str:
    return f"{count} question{'s' if count != 1 else ''}"
