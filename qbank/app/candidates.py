"""Which objectives and questions may come into a block: the learner's filters over everything that is live."""

from collections.abc import Sequence

import msgspec

from qbank.app.areas import check_area
from qbank.app.banks import misses_bank, others_misses
from qbank.app.care import days_left, nothing_new
from qbank.app.standing import Standing
from qbank.app.workspace import Workspace
from qbank.core.candidates import Candidate
from qbank.core.exam import Flag
from qbank.core.mastery import area
from qbank.core.serving import Choice
from qbank.errors import NotFound
from qbank.store.store import Transaction

RESERVE_DAYS = 14
"""So long before the exam the reserve joins the drills: it has measured what it could by then, and where the bank holds all
that the exam asks, keeping it to the end costs a quarter of what choosing gains. [sim: docs/simulation.md]
"""


class Wanted(msgspec.Struct, frozen=True):
    """The learner's filters; all that are given must hold.

    `met`: only objectives that were reviewed before. `siblings`: only questions never seen, on what was missed last time.
    `banks` are named to practise in them, and so bring questions without an area, which are worth nothing by themselves.
    """

    systems: tuple[str, ...] = ()
    disciplines: tuple[str, ...] = ()
    unused: bool = False
    missed: bool = False
    marked: bool = False
    weak: bool = False
    repeat: bool = False
    met: bool = False
    siblings: bool = False
    banks: tuple[str, ...] = ()

    @property
    def narrow(self) -> bool:
        return bool(self.systems or self.disciplines or self.banks) or self.weak or self.by_use

    @property
    def by_use(self) -> bool:
        """Whether what was answered before decides."""
        return self.unused or self.missed or self.marked or self.siblings

    @property
    def unseen(self) -> bool:
        """Whether only questions never seen are wanted."""
        return self.unused or self.siblings

    @property
    def allows_repeats(self) -> bool:
        """Whether what was answered in the last days may come: asked for, or what the filter is about."""
        return self.repeat or self.missed or self.marked or self.siblings

    @property
    def takes_unplaced(self) -> bool:
        """Whether imported questions without an area come too: named by their bank, or by what the learner did with them."""
        return bool(self.banks) or self.missed or self.marked


def drilled_reserve(workspace: Workspace) -> bool | None:
    """What drills take by the reserve: False without it, None with it once it has measured what it could."""
    return None if days_left(workspace) <= RESERVE_DAYS else False


def free_candidates(
    workspace: Workspace, tx: Transaction, now: Standing, wanted: Wanted, *, timed: bool
) -> Sequence[Candidate]:
    """The objectives that meet the filters, without the reserve while it is kept; recall prompts only where they are not
    timed.

    Imported questions without an area come only where they are asked for. Raises UsageError for an area that the exam does
    not have, NotFound for a bank.
    """
    for dimension, names in (("system", wanted.systems), ("discipline", wanted.disciplines)):
        for name in names:
            check_area(workspace.exam, dimension, name)
    _check_banks(tx, wanted.banks)
    learner = workspace.learner.id
    rows: Sequence[Candidate] = tx.candidates(
        learner, reserve=drilled_reserve(workspace), without_banks=banks_left_out(tx, learner, timed=timed)
    )
    if not wanted.takes_unplaced:
        imported = drawn_banks(tx)
        rows = [row for row in rows if row.system or row.bank not in imported]
    if wanted.met or nothing_new(workspace):
        rows = [row for row in rows if row.stability_days is not None]
    if not wanted.narrow:
        return rows
    if wanted.unseen and (wanted.missed or wanted.marked):
        return []
    used = tx.objectives_used(learner, missed=wanted.missed or wanted.siblings, marked=wanted.marked)
    answered = wanted.missed or wanted.siblings or wanted.marked
    weak = _weak_areas(now) if wanted.weak else set()
    return [
        row
        for row in rows
        if (not wanted.banks or row.bank in wanted.banks)
        and (not wanted.systems or row.system in wanted.systems)
        and (not wanted.disciplines or set(wanted.disciplines) & set(row.disciplines.split()))
        and (not wanted.unseen or row.n_unseen > 0)
        and (not answered or (row.bank, row.objective) in used)
        and (not wanted.weak or _is_weak(row, weak))
    ]


def drawn_banks(tx: Transaction) -> frozenset[str]:
    """Banks whose questions are their own objectives, each a draw from its cell."""
    return frozenset(row.id for row in tx.banks() if row.kind == "imported")


def practice_only(tx: Transaction) -> set[tuple[str, str]]:
    """The (bank, id) of the objectives of imported questions without an area, which nothing but a wish brings up."""
    return tx.unplaced_objectives(drawn_banks(tx))


def banks_left_out(tx: Transaction, learner: str, *, timed: bool) -> tuple[str, ...]:
    """The banks of which nothing is drilled: other learners' misses, and what is not for a clock."""
    # Recall prompts have no options to choose from under a clock.
    own = (misses_bank(learner),) if timed else ()
    return (*others_misses(tx, learner), *own)


def limited(choices: Sequence[Choice], wanted: Wanted) -> list[Choice]:
    """The questions that the filters leave of the picked objectives."""
    return [
        choice
        for choice in choices
        if (not wanted.unseen or choice.served_count == 0)
        and (not wanted.missed or choice.last_correct is False)
        and (not wanted.marked or choice.marked)
    ]


def _check_banks(tx: Transaction, names: Sequence[str]) -> None:
    known = [row.id for row in tx.banks()] if names else []
    for name in names:
        if name not in known:
            raise NotFound("bank", name, f"Loaded are: {', '.join(known) or 'none'}.")


def _weak_areas(now: Standing) -> set[tuple[str, str]]:
    """Areas flagged lower, and those believed to be below the whole."""
    whole = now.total.mean
    keys = {("system", system) for system in now.model.systems}
    keys |= {("discipline", discipline) for discipline in now.model.disciplines}
    weak = set()
    for key in keys:
        believed = area(now.reported.belief, now.model, key)
        if now.flags.get(key) is Flag.LOWER or (believed is not None and believed.mean < whole):
            weak.add(key)
    return weak


def _is_weak(row: Candidate, weak: set[tuple[str, str]]) -> bool:
    if ("system", row.system) in weak:
        return True
    return any(("discipline", name) in weak for name in row.disciplines.split())
