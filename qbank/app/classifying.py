"""Going through imported questions that have no area, or only a suggested one, each decision on record before the next."""

from collections.abc import Callable, Sequence

import msgspec
from msgspec.structs import replace

from qbank.app.exams import load_map
from qbank.app.placing import area_words, joined
from qbank.app.rebuild import rebuild
from qbank.app.workspace import Workspace
from qbank.core.area_words import question_words
from qbank.core.question import Objective, Placing, Question
from qbank.errors import NotFound
from qbank.exchange.mcq_build import shortened
from qbank.store.rows import BankKind
from qbank.store.store import Transaction

CHOICES = 5
"""Areas that are offered by number: the right one is among them nine times in ten. [measured: scripts/measure/run areas]"""

FOUND = 9
"""What a search lists at most, so that one digit chooses."""


class Choice(msgspec.Struct, frozen=True):
    """Somewhere that a question may be said to lie; `share` (0-1) is the part of the votes of its words.

    `objective` is one of the map, "" for an area alone.
    """

    system: str = ""
    section: str = ""
    objective: str = ""
    know: str = ""
    share: float | None = None


class Case(msgspec.Struct, frozen=True):
    """A question to be placed with its objective; `others` are how many more go with it."""

    objective: Objective
    question: Question
    others: int
    choices: tuple[Choice, ...]


class _Before(msgspec.Struct, frozen=True):
    """An objective and its questions as they were, so that a decision can be taken back."""

    objective: Objective
    questions: tuple[Question, ...]


class Classifying:
    """The questions of imported banks that wait for a decision, one of each objective, by bank and id.

    What follows from old answers is worked out again by `close`; a process that is killed before leaves that to
    `qbank doctor`, and every decision stays.
    """

    def __init__(self, workspace: Workspace, bank: str | None = None, *, everything: bool = False) -> None:
        """`everything`: also what has an area that nobody doubts. Raises NotFound for a bank that was not imported."""
        self._workspace = workspace
        self._map = load_map(workspace.exam.id)
        self._words = area_words(workspace.exam.id)
        self._before: dict[tuple[str, str], _Before] = {}
        self._stale = False
        with workspace.store.read() as tx:
            self.waiting = self._found(tx, bank, everything=everything)

    def case(self, name: tuple[str, str]) -> Case:
        """The (bank, question) with what is offered for it, the likeliest first."""
        with self._workspace.store.read() as tx:
            question, objective, together = self._read(tx, name)
        choices = [
            Choice(one.system, one.section, share=one.share)
            for one in self._words.ranked("\n".join(map(question_words, together)))
        ]
        if objective.system:
            now = Choice(objective.system, objective.section)
            same = [one for one in choices if (one.system, one.section) == (now.system, now.section)]
            choices = [*(same or [now]), *(one for one in choices if one not in same)]
        return Case(objective, question, len(together) - 1, tuple(choices[:CHOICES]))

    def find(self, text: str) -> list[Choice]:
        """Areas whose name has all the words, then objectives of the map: those whose id has them, then the nearest."""
        asked = text.casefold().split()
        if not asked:
            return []
        near = [name for name, _ in self._words.nearest(text, FOUND)]
        called = [name for name in self._map if all(f"-{word}" in f"-{name}" for word in asked)]
        names = dict.fromkeys([*called[: FOUND // 2], *near, *called])
        return [*self._areas(asked), *map(self._mapped, names)][:FOUND]

    def decide(self, name: tuple[str, str], choice: Choice) -> None:
        """Put a decision about a (bank, question) on record; a choice without a system says that it has no area."""
        with self._workspace.store.begin() as tx:
            question, before, together = self._read(tx, name)
            answered = before.id in tx.objectives_answered(before.bank)
            self._before[name] = _Before(before, together)
            self._stale |= answered
            if choice.objective:
                after = joined(self._workspace.exam, before, choice.objective, answered=answered)
            else:
                after = self._own(tx, before, question, answered=answered)
                after = replace(after, system=choice.system, section=choice.section)
            self._write(tx, replace(after, placing=Placing.CHOSEN), together)

    def undo(self, name: tuple[str, str]) -> None:
        """Take the decision about a (bank, question) back; nothing where none was made here."""
        before = self._before.pop(name, None)
        if before is None:
            return
        with self._workspace.store.begin() as tx:
            self._write(tx, before.objective, before.questions)
            self._stale |= before.objective.id in tx.objectives_answered(before.objective.bank)

    def close(self, on_progress: Callable[[int], None] | None = None) -> None:
        """Work out again what follows from the answers, where a question that was answered has got another place."""
        if not self._stale:
            return
        with self._workspace.store.begin() as tx:
            for learner in tx.learners():
                rebuild(tx, self._workspace.exam, learner.id, on_progress)
        self._stale = False

    def _areas(self, asked: Sequence[str]) -> list[Choice]:
        """Systems of several sections, and sections, whose id or name has all the words."""
        exam = self._workspace.exam
        places: list[tuple[Choice, str]] = []
        for area in exam.areas("system", self._workspace.exam_day):
            sections = exam.sections_of(area.id)
            if len(sections) > 1:
                places.append((Choice(area.id), f"{area.id} {area.name}"))
            places += [(Choice(area.id, each.id), f"{each.id} {each.name}") for each in sections]
        return [place for place, names in places if all(word in names.casefold() for word in asked)]

    def _mapped(self, name: str) -> Choice:
        one = self._map[name]
        return Choice(self._workspace.exam.section(one.section).system, one.section, name, one.know)

    def _found(self, tx: Transaction, bank: str | None, *, everything: bool) -> list[tuple[str, str]]:
        imported = [row.id for row in tx.banks() if row.kind is BankKind.IMPORTED]
        if bank is not None and bank not in imported:
            known = f"Imported are: {', '.join(imported)}." if imported else "None was imported yet."
            raise NotFound("imported bank", bank, known)
        found: dict[tuple[str, str], tuple[str, str]] = {}
        for each in imported if bank is None else [bank]:
            wanted = {one.id for one in tx.objectives(bank=each) if everything or _is_open(one)}
            for listing in tx.list_questions(bank=each):
                if listing.objective in wanted:
                    of = listing.id if listing.objective in self._map else f" {listing.objective}"
                    found.setdefault((each, of), (each, listing.id))
        return list(found.values())

    def _read(
        self, tx: Transaction, name: tuple[str, str]
    ) -> tuple[Question, Objective, tuple[Question, ...]]:
        """The question, its objective, and the questions that go with it: of one on the map, each goes by itself."""
        question = tx.question(*name)
        objective = tx.objective(name[0], question.objective) if question else None
        if question is None or objective is None:
            raise NotFound("question", "/".join(name), "Begin again with: qbank bank classify")
        if objective.id in self._map:
            return question, objective, (question,)
        listed = tx.list_questions(bank=name[0], objective_id=objective.id)
        others = [tx.question(one.bank, one.id) for one in listed if one.id != question.id]
        return question, objective, (question, *(other for other in others if other is not None))

    def _own(self, tx: Transaction, before: Objective, question: Question, *, answered: bool) -> Objective:
        """The objective that a question has by itself, when it leaves one of the map."""
        if answered or before.id not in self._map:
            return before
        own = tx.objective(before.bank, question.id)
        return own or Objective(before.bank, question.id, shortened(question.stem), task=before.task)

    def _write(self, tx: Transaction, objective: Objective, questions: Sequence[Question]) -> None:
        moved = [replace(question, objective=objective.id) for question in questions]
        tx.upsert_questions(objective.bank, [objective], moved)


def _is_open(objective: Objective) -> bool:
    """Whether nobody has said where it lies."""
    if objective.placing is Placing.CHOSEN:
        return False
    return not objective.system or objective.placing is Placing.SUGGESTED
