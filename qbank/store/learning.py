"""What the log made of each objective and question for a learner, and what a block is composed from.

Counts and the oldest day are kept with each objective as questions are served, so composing never reads
responses.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Insert, and_, bindparam, func, or_, select, update

from qbank.core.serving import Choice
from qbank.store.connected import ROWS_AT_A_TIME, AnyRow, Connected, by_bank, insert_for
from qbank.store.questions import OF_OBJECTIVES, in_areas
from qbank.store.rows import MemoryRow, QuestionUse
from qbank.store.tables import LIVE, SUGGESTED, objective, progress, question, question_use

if TYPE_CHECKING:
    from qbank.core.candidates import Candidate
    from qbank.core.memory import Memory

_MEMORY = select(
    progress.c.learner,
    progress.c.bank,
    progress.c.objective,
    progress.c.stability_days,
    progress.c.difficulty,
    progress.c.last_day,
    progress.c.reps,
    progress.c.lapses,
    progress.c.kept,
    progress.c.kept_days,
    progress.c.taught,
    progress.c.taught_days,
    progress.c.model,
).where(progress.c.learner == bindparam("learner"), progress.c.stability_days.is_not(None))
_ONE_MEMORY = _MEMORY.where(
    progress.c.bank == bindparam("bank"), progress.c.objective == bindparam("objective")
)
_MOVE = update(progress).where(
    progress.c.learner == bindparam("of_learner"),
    progress.c.bank == bindparam("of_bank"),
    progress.c.objective == bindparam("of_objective"),
    progress.c.stability_days.is_not(None),
)
_USE = select(
    question_use.c.learner,
    question_use.c.bank,
    question_use.c.question,
    question_use.c.objective,
    question_use.c.served_count,
    question_use.c.last_day,
    question_use.c.last_correct,
    question_use.c.marked,
    question_use.c.flagged,
).where(
    question_use.c.learner == bindparam("learner"),
    question_use.c.bank == bindparam("bank"),
    question_use.c.question == bindparam("question"),
)
_used = and_(
    question_use.c.learner == bindparam("learner"),
    question_use.c.bank == question.c.bank,
    question_use.c.question == question.c.id,
)
_CHOICES = (
    select(
        question.c.bank,
        question.c.id,
        question.c.objective,
        func.coalesce(question_use.c.served_count, 0),
        question_use.c.last_day,
        question_use.c.last_correct,
        func.coalesce(question_use.c.marked, False),
        func.coalesce(question_use.c.flagged, False),
    )
    .select_from(question.outerjoin(question_use, _used))
    .where(
        OF_OBJECTIVES,
        LIVE,
    )
    .order_by(question.c.bank, question.c.objective, question.c.id)
)
_UNKNOWN_CEILING: dict[str, Any] = {"ceiling_of": None, "ceiling": None}
CANDIDATE = (
    objective.c.bank,
    objective.c.id,
    objective.c.section,
    objective.c.system,
    objective.c.disciplines,
    objective.c.task,
    objective.c.likelihood,
    objective.c.n_questions,
    (objective.c.n_questions - func.coalesce(progress.c.n_seen, 0)).label("n_unseen"),
    progress.c.stability_days,
    progress.c.last_day,
    progress.c.kept,
    progress.c.kept_days,
    progress.c.taught,
    progress.c.taught_days,
    progress.c.oldest_day,
)
"""The columns of a Candidate."""

WITH_PROGRESS = objective.outerjoin(
    progress,
    and_(
        progress.c.learner == bindparam("learner"),
        progress.c.bank == objective.c.bank,
        progress.c.objective == objective.c.id,
    ),
)
_CANDIDATES = (
    select(*CANDIDATE)
    .select_from(WITH_PROGRESS)
    .where(objective.c.n_questions > 0)
    .order_by(objective.c.bank, objective.c.id)
)
_FRESH = (
    select(objective.c.system, func.sum(objective.c.n_questions - func.coalesce(progress.c.n_seen, 0)))
    .select_from(WITH_PROGRESS)
    .where(objective.c.n_questions > 0)
    .group_by(objective.c.system)
)


class Learning(Connected):
    """Memory, the use of questions, and candidates."""

    __slots__ = ()

    def memory(self, learner_id: str, bank_id: str, objective_id: str) -> MemoryRow | None:
        """The memory of one objective; None before its first review."""
        names = {"learner": learner_id, "bank": bank_id, "objective": objective_id}
        row = self._connection.execute(_ONE_MEMORY, names).first()
        return None if row is None else _memory_row(row)

    def memories(self, learner_id: str) -> list[MemoryRow]:
        """Every memory of a learner, by (bank, objective)."""
        query = _MEMORY.order_by(progress.c.bank, progress.c.objective)
        return [_memory_row(row) for row in self._connection.execute(query, {"learner": learner_id})]

    def put_memory(self, row: MemoryRow) -> None:
        """Set the memory of one objective."""
        self._put(
            progress,
            {
                "learner": row.learner,
                "bank": row.bank,
                "objective": row.objective,
                "stability_days": row.stability_days,
                "difficulty": row.difficulty,
                "last_day": row.last_day,
                "reps": row.reps,
                "lapses": row.lapses,
                "kept": row.kept,
                "kept_days": row.kept_days,
                "taught": row.taught,
                "taught_days": row.taught_days,
                "model": row.model,
                **_UNKNOWN_CEILING,
            },
        )

    def put_memories(self, learner_id: str, memories: "Iterable[tuple[str, str, Memory]]") -> None:
        """Set many memories by (bank, objective) that are there already; their traces stay as they were."""
        moved = (
            {
                "of_learner": learner_id,
                "of_bank": bank,
                "of_objective": objective,
                "stability_days": memory.stability_days,
                "difficulty": memory.difficulty,
                "last_day": memory.last_day,
                "reps": memory.reps,
                "lapses": memory.lapses,
                "model": memory.model,
                **_UNKNOWN_CEILING,
            }
            for bank, objective, memory in memories
        )
        while some := list(islice(moved, ROWS_AT_A_TIME)):
            self._connection.execute(_MOVE, some)

    def forget(self, learner_id: str, bank_id: str, objective_id: str) -> None:
        """Take the memory of one objective away, as when its only review is retracted."""
        memory = ("stability_days", "difficulty", "last_day", "reps", "lapses", "model")
        trace = ("kept", "kept_days", "taught", "taught_days")
        nothing: dict[str, Any] = dict.fromkeys((*memory, *trace, *_UNKNOWN_CEILING))
        self._put(progress, {"learner": learner_id, "bank": bank_id, "objective": objective_id} | nothing)

    def question_use(self, learner_id: str, bank_id: str, question_id: str) -> QuestionUse | None:
        names = {"learner": learner_id, "bank": bank_id, "question": question_id}
        row = self._connection.execute(_USE, names).first()
        return None if row is None else QuestionUse(*row)

    def put_question_use(self, row: QuestionUse) -> None:
        """Set what became of one question, and what follows from it for its objective."""
        self._put(
            question_use,
            {
                "learner": row.learner,
                "bank": row.bank,
                "question": row.question,
                "objective": row.objective,
                "served_count": row.served_count,
                "last_day": row.last_day,
                "last_correct": row.last_correct,
                "marked": row.marked,
                "flagged": row.flagged,
            },
        )
        names = {"of_learner": row.learner, "of_bank": row.bank, "of_objective": row.objective}
        self._connection.execute(_put_seen(self._dialect), names)

    def candidates(
        self,
        learner_id: str,
        *,
        reserve: bool | None = False,
        system: str | None = None,
        discipline: str | None = None,
        task: str | None = None,
        banks: Collection[str] | None = None,
        without_banks: Collection[str] = (),
    ) -> "list[Candidate]":
        """Every live objective that meets the filters, by (bank, id). `reserve` None gives both kinds.

        The rows are tuples in the order of Candidate's fields.
        """
        query = _CANDIDATES.where(*in_areas(system=system, discipline=discipline, task=task))
        if reserve is not None:
            query = query.where(objective.c.reserve.is_(reserve))
        if banks is not None:
            query = query.where(objective.c.bank.in_(sorted(banks)))
        if without_banks:
            query = query.where(objective.c.bank.not_in(sorted(without_banks)))
        # Candidates come with the code that prices them, and that with fsrs, which other verbs need not load.
        from qbank.core.candidates import Candidate

        rows = self._connection.execute(query, {"learner": learner_id}).all()
        return list(map(Candidate._make, rows))

    def fresh_left(self, learner_id: str, *, without_banks: Collection[str] = ()) -> dict[str, int]:
        """By system, how many live questions were never served and are not flagged, the reserve's among them."""
        query = _FRESH
        if without_banks:
            query = query.where(objective.c.bank.not_in(sorted(without_banks)))
        return {
            system: int(count) for system, count in self._connection.execute(query, {"learner": learner_id})
        }

    def question_choices(self, learner_id: str, objectives: Sequence[tuple[str, str]]) -> list[Choice]:
        """The live questions of these objectives, named by (bank, id), with what became of each."""
        found = []
        for bank_id, some in by_bank(objectives):
            names = {"learner": learner_id, "bank": bank_id, "objectives": some}
            for row in self._connection.execute(_CHOICES, names):
                found.append(Choice(*row[:6], bool(row[6]), bool(row[7])))
        return found

    def objectives_used(
        self, learner_id: str, *, missed: bool = False, marked: bool = False, flagged: bool = False
    ) -> set[tuple[str, str]]:
        """(bank, id) of objectives with a question that is all of these; `missed` goes by its last answer."""
        wanted: list[ColumnElement[bool]] = []
        if missed:
            wanted.append(question_use.c.last_correct.is_(False))
        if marked:
            wanted.append(question_use.c.marked.is_(True))
        if flagged:
            wanted.append(question_use.c.flagged.is_(True))
        if not wanted:
            return set()
        query = select(question_use.c.bank, question_use.c.objective).where(
            question_use.c.learner == learner_id, *wanted
        )
        return {(bank_id, objective_id) for bank_id, objective_id in self._connection.execute(query)}

    def objectives_answered(self, bank_id: str) -> set[str]:
        """The bank's objectives of which some learner was shown a question, as the log names them."""
        query = select(question_use.c.objective).where(question_use.c.bank == bank_id).distinct()
        return set(self._connection.execute(query).scalars())

    def unplaced_objectives(self, banks: Collection[str]) -> set[tuple[str, str]]:
        """(bank, id) of the objectives of some banks that name no system."""
        query = select(objective.c.bank, objective.c.id).where(
            objective.c.system == "", objective.c.bank.in_(sorted(banks))
        )
        return {(bank_id, objective_id) for bank_id, objective_id in self._connection.execute(query)}

    def suggested_objectives(self) -> set[tuple[str, str]]:
        """(bank, id) of the objectives whose place is no more than suggested by their words."""
        query = select(objective.c.bank, objective.c.id).where(SUGGESTED, objective.c.n_questions > 0)
        return {(bank_id, objective_id) for bank_id, objective_id in self._connection.execute(query)}


def _memory_row(row: AnyRow) -> MemoryRow:
    return MemoryRow(*row)


@cache
def _put_seen(dialect: str) -> Insert:
    """Sets an objective's `n_seen` and `oldest_day` from the use of its live questions."""
    used = (
        select(question_use.c.last_day)
        .join(
            question, and_(question.c.bank == question_use.c.bank, question.c.id == question_use.c.question)
        )
        .where(
            question_use.c.learner == bindparam("of_learner"),
            question_use.c.bank == bindparam("of_bank"),
            question_use.c.objective == bindparam("of_objective"),
            LIVE,
            or_(question_use.c.served_count > 0, question_use.c.flagged),
        )
    )
    oldest = used.where(question_use.c.flagged.is_(False))
    statement = insert_for(dialect)(progress).values(
        learner=bindparam("of_learner"),
        bank=bindparam("of_bank"),
        objective=bindparam("of_objective"),
        n_seen=used.with_only_columns(func.count()).scalar_subquery(),
        oldest_day=oldest.with_only_columns(func.min(question_use.c.last_day)).scalar_subquery(),
    )
    result: Insert = statement.on_conflict_do_update(
        index_elements=["learner", "bank", "objective"],
        set_={"n_seen": statement.excluded.n_seen, "oldest_day": statement.excluded.oldest_day},
    )
    return result
