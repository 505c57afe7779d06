"""Which questions go out of the bank."""

import random
from collections.abc import Collection

import msgspec

from qbank.app.areas import check_area
from qbank.app.workspace import Workspace
from qbank.core.question import Question
from qbank.errors import NotFound
from qbank.store.store import Transaction


class Wanted(msgspec.Struct, frozen=True):
    """Questions that are all of this: of a bank, a system, a discipline, an objective by its id.

    `missed` goes by the last answer, None leaves it to the format; `flagged` by the learner's flags. Of more than `sample`
    that many are drawn under `seed`, and stay in the bank's order.
    """

    bank: str | None = None
    system: str | None = None
    discipline: str | None = None
    objective: str | None = None
    missed: bool | None = None
    flagged: bool = False
    sample: int | None = None
    seed: int = 0


def check_wanted(workspace: Workspace, wanted: Wanted) -> None:
    """Raise UsageError for an area that the exam does not have."""
    check_area(workspace.exam, "system", wanted.system or "")
    check_area(workspace.exam, "discipline", wanted.discipline or "")


def chosen(tx: Transaction, learner: str, wanted: Wanted, hidden: Collection[str]) -> list[Question]:
    """Those that can be served, by (bank, id), before a sample is drawn.

    Raises NotFound for a bank or an objective that is not there.
    """
    banks = [row.id for row in tx.banks() if row.id not in hidden]
    if wanted.bank is not None and wanted.bank not in banks:
        raise NotFound("bank", wanted.bank, f"There are: {', '.join(banks) or 'none yet'}.")
    listed = tx.list_questions(
        bank=wanted.bank,
        system=wanted.system,
        discipline=wanted.discipline,
        objective_id=wanted.objective,
        without_banks=hidden,
    )
    if wanted.objective is not None and not listed:
        raise NotFound("objective", wanted.objective, "Look for it with: qbank bank search WORDS")
    names = [(one.bank, one.id) for one in listed]
    if wanted.missed or wanted.flagged:
        used = _used(tx, learner, wanted)
        names = [name for name in names if name in used]
    return [found for bank, name in names if (found := tx.question(bank, name))]


def sampled(questions: list[Question], wanted: Wanted) -> list[Question]:
    """As many as were asked for, drawn under the seed, in the order they came in."""
    if wanted.sample is None or len(questions) <= wanted.sample:
        return questions
    draw = random.Random(wanted.seed).random
    picked = sorted(range(len(questions)), key=lambda _: draw())[: wanted.sample]
    return [questions[at] for at in sorted(picked)]


def _used(tx: Transaction, learner: str, wanted: Wanted) -> set[tuple[str, str]]:
    """(bank, id) of the questions that the learner missed the last time, flagged, or both."""
    objectives = sorted(tx.objectives_used(learner, missed=bool(wanted.missed), flagged=wanted.flagged))
    return {
        (one.bank, one.question)
        for one in tx.question_choices(learner, objectives)
        if (not wanted.missed or one.last_correct is False) and (not wanted.flagged or one.flagged)
    }
