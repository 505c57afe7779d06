"""The banks there are, and switching an imported one off and on as a whole."""

import msgspec

from qbank.app.banks import others_misses
from qbank.app.workspace import Workspace
from qbank.errors import NotFound, UsageError
from qbank.store.rows import BankKind
from qbank.store.store import Transaction


class BankSummary(msgspec.Struct, frozen=True):
    """A bank and how many questions it holds, whether they are offered now or not."""

    id: str
    kind: BankKind
    questions: int
    off: bool
    licence: str
    source: str


def summaries(workspace: Workspace) -> list[BankSummary]:
    """Every bank but what other learners missed, by id."""
    with workspace.store.read() as tx:
        counts = tx.questions_by_bank()
        hidden = others_misses(tx, workspace.learner.id)
        return [
            BankSummary(row.id, row.kind, counts.get(row.id, 0), row.off, row.licence, row.source)
            for row in tx.banks()
            if row.id not in hidden
        ]


def switch(workspace: Workspace, name: str, *, off: bool) -> bool:
    """Switch an imported bank off or on; gives whether it was not so before.

    Answers and memories stay, and open blocks keep what they were composed of. Raises NotFound, and UsageError for a bank
    that was not imported.
    """
    with workspace.store.begin() as tx:
        _check_imported(tx, workspace, name)
        return tx.switch_bank(name, off=off)


def _check_imported(tx: Transaction, workspace: Workspace, name: str) -> None:
    hidden = others_misses(tx, workspace.learner.id)
    banks = {row.id: row.kind for row in tx.banks() if row.id not in hidden}
    imported = ", ".join(bank for bank, kind in banks.items() if kind is BankKind.IMPORTED)
    mend = f"There are: {imported}." if imported else "None was imported yet: qbank bank import FILE"
    if name not in banks:
        raise NotFound("bank", name, mend)
    if banks[name] is not BankKind.IMPORTED:
        raise UsageError(f"Only imported banks can be switched off and on, and {name!r} is none. {mend}")
