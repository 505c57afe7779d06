"""A large bank as a shelf to compose from, and the ceilings that make one: a cache that may be missing or too old.

Where the ceilings do not hold, all objectives are read and priced, and the ceilings are reckoned anew after the block.
"""

import contextlib
from collections.abc import Collection, Iterator, Sequence

import msgspec

from qbank.app.candidates import Wanted, banks_left_out, drawn_banks, drilled_reserve
from qbank.app.care import nothing_new
from qbank.app.standing import Standing, pricer, standing
from qbank.app.workspace import Workspace
from qbank.core.candidates import Candidate, Kind, Kinds, Row, RowsAt
from qbank.core.scoring import Desk
from qbank.core.shelf import Basis, Count, Shelf, basis, ceilings, counted
from qbank.core.worth import Pricer
from qbank.errors import StoreBusy
from qbank.store.offers import Offered
from qbank.store.store import Transaction

LARGE = 5_000
"""Objectives from which on a bank is put on a shelf; a smaller one is read in no time. [judged]"""

MOST_LOOSE = 1_000
"""Seen objectives without a ceiling beyond which all ceilings are reckoned anew. [judged]"""

PART_READ = 0.2
"""Of all seen objectives: when more are read for one block, ceilings of an earlier day are reckoned anew. [judged]"""

Key = tuple[str, str]

_basis_from = msgspec.json.Decoder(Basis)


class LargeBank:
    """What a block is composed from where the bank is large."""

    def __init__(
        self, workspace: Workspace, tx: Transaction, now: Standing, without_banks: Sequence[str]
    ) -> None:
        self._tx, self._today = tx, workspace.today
        self._drawn_banks = drawn_banks(tx)
        self._offered = Offered(workspace.learner.id, workspace.today, tuple(sorted(without_banks)))
        self._loose = self._read = self._met = 0
        found = _stored_basis(tx, workspace.learner.id)
        holds = found is not None and found.holds(
            workspace.today, workspace.exam_day, self._drawn_banks, now.memory
        )
        self._basis = found if holds else None

    @property
    def can_be_shelved(self) -> bool:
        """Whether there are ceilings that hold."""
        return self._basis is not None

    @property
    def is_old(self) -> bool:
        """Whether the ceilings do not hold, or have not spared enough."""
        if self._basis is None or self._loose > MOST_LOOSE:
            return True
        too_many = self._read > max(MOST_LOOSE, PART_READ * self._met)
        return too_many and self._basis.first < self._today

    def named(self, keys: Collection[Key]) -> list[Candidate]:
        """Some of its objectives, by (bank, id)."""
        return [Candidate(*row) for row in self._tx.named(self._offered, keys)]

    def shelf(self, without: Collection[Key]) -> Shelf:
        """The bank without some objectives; only where it can be shelved."""
        assert self._basis is not None, "asked for where ceilings hold"
        offered = self._offered._replace(without=frozenset(without))
        # What was imported without an area comes only where it is asked for.
        counts = [
            count
            for count in (Count(*row) for row in self._tx.kind_counts(offered))
            if count.system or count.bank not in self._drawn_banks
        ]
        loose = [
            tuple(row)
            for row in self._tx.met_without_ceiling(offered)
            if row.system or row.bank not in self._drawn_banks
        ]
        self._loose = self._read = len(loose)
        self._met = sum(count.met for count in counts)

        def by_ceiling(system: str) -> Iterator[tuple[float, Row]]:
            for ceiling, row in self._tx.met_by_ceiling(offered, system):
                self._read += 1
                yield ceiling, row

        return Shelf(counts, self._basis, loose, by_ceiling, self._unseen_at(offered, counts))

    def _unseen_at(self, offered: Offered, counts: Sequence[Count]) -> RowsAt:
        banks: dict[bool, list[str]] = {True: [], False: []}
        for bank in sorted({count.bank for count in counts}):
            banks[bank in self._drawn_banks].append(bank)

        def at(kind: Kind, ranks: Sequence[int]) -> list[Row]:
            names = (kind.system, kind.section, kind.disciplines, kind.likelihood)
            return self._tx.unmet_at(offered, names, banks[kind.drawn], ranks)

        return at


def large_bank(
    workspace: Workspace, tx: Transaction, now: Standing, wanted: Wanted, *, timed: bool
) -> LargeBank | None:
    """The bank as one to be shelved; None where it is small, or few of it are wanted, or what was served may come again."""
    if wanted.narrow or wanted.met or wanted.allows_repeats or nothing_new(workspace):
        return None
    if drilled_reserve(workspace) is not False:
        return None
    if not tx.holds_objectives(LARGE):
        return None
    return LargeBank(workspace, tx, now, banks_left_out(tx, workspace.learner.id, timed=timed))


def of_names(rows: Sequence[Candidate] | LargeBank, keys: Collection[Key]) -> list[Candidate]:
    """Those of some names, by (bank, id)."""
    if isinstance(rows, LargeBank):
        return rows.named(keys)
    return [row for row in rows if (row[0], row[1]) in keys]


def without(rows: Sequence[Candidate] | LargeBank, keys: Collection[Key]) -> Sequence[Candidate] | Shelf:
    """What a block is composed from, without those of some names."""
    if isinstance(rows, LargeBank):
        return rows.shelf(keys)
    return [row for row in rows if (row[0], row[1]) not in keys] if keys else rows


def reckon(workspace: Workspace) -> None:
    """Reckon the learner's ceilings anew, from today on. While another process writes, they stay as they are."""
    with contextlib.suppress(StoreBusy), workspace.store.begin() as tx:
        learner, now = workspace.learner.id, standing(workspace, tx)
        rows = [tuple(row) for row in tx.met(learner)]
        by = _basis(workspace, tx, now, rows)
        days_left = (workspace.exam_day - by.first).days

        def pricer_in(days: int) -> Pricer:
            return Pricer(
                now.model, days_left - days, guess=now.guess, seconds=now.seconds, memory=now.memory
            )

        tx.put_ceilings(learner, msgspec.json.encode(by).decode(), ceilings(rows, by, pricer_in))


def _stored_basis(tx: Transaction, learner: str) -> Basis | None:
    payload = tx.ceilings(learner)
    if payload is None:
        return None
    try:
        return _basis_from.decode(payload)
    except msgspec.DecodeError:  # another version of this program reckoned them
        return None


def _basis(workspace: Workspace, tx: Transaction, now: Standing, rows: Sequence[Row]) -> Basis:
    drawn, priced = drawn_banks(tx), pricer(workspace, now)
    of_rows = Kinds(drawn)
    kinds = {of_rows[row[0], row[2], row[3], row[4], row[6]] for row in rows}
    counts = [Count(*row) for row in tx.kind_counts(Offered(workspace.learner.id, workspace.today))]
    desk = Desk(now.model, now.reported, priced, counted(counts, drawn), workspace.today, 1.0)
    return basis(
        priced,
        ((kind, desk.factor(kind)) for kind in sorted(kinds)),
        on=workspace.today,
        exam_day=workspace.exam_day,
        drawn_banks=drawn,
        memory=now.memory,
    )
