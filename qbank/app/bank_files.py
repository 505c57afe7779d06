"""Where a question's text stands on disk."""

from pathlib import Path

import msgspec

from qbank.app import bank_loading
from qbank.app.banks import OWN, STARTER, others_misses
from qbank.app.workspace import Workspace
from qbank.errors import NotFound, UsageError
from qbank.store.rows import Listing
from qbank.store.store import Transaction


class Place(msgspec.Struct, frozen=True):
    """A file, whose `name` is its path in its bank's folder, and the line of the question's heading in it."""

    folder: Path
    name: str
    line: int
    own: bool

    @property
    def path(self) -> Path:
        return self.folder / self.name


def named(workspace: Workspace, tx: Transaction, name: str) -> Listing:
    """The question of that id, or whose id begins so. Raises NotFound, and UsageError where several do."""
    found = tx.find_question(name, without_banks=others_misses(tx, workspace.learner.id))
    if not found:
        raise NotFound("question", name, where_to_look(tx, "Look for it with: qbank bank search WORDS"))
    if len({(one.bank, one.id) for one in found}) > 1:
        names = ", ".join(f"{one.bank}/{one.id}" for one in found[:5])
        raise UsageError(f"{name!r} can mean several: {names}. Give one of them.")
    return found[0]


def where_to_look(tx: Transaction, otherwise: str) -> str:
    """What to do about a question that was not found: in a store without any, load them first."""
    if tx.bank_counts().questions:
        return otherwise
    return "No question is loaded yet. Load them with: qbank bank load (or begin with: qbank start)"


def listed(tx: Transaction, bank: str, question: str) -> Listing | None:
    """The question's entry in the lists, whether it is still served or not."""
    known = tx.question(bank, question)
    if known is None:
        return None
    siblings = tx.list_questions(bank=bank, objective_id=known.objective, retired=None)
    return next((one for one in siblings if one.id == question), None)


def place_of(workspace: Workspace, entry: Listing) -> Place | None:
    """The question's file; None when it came from none, or from one outside of its bank's folder."""
    if not entry.path or entry.bank not in (STARTER, OWN):
        return None
    own = entry.bank == OWN or entry.path.startswith(bank_loading.IN_PLACE)
    folder = workspace.settings.own_bank if own else bank_loading.bundled(workspace.exam)
    name = entry.path if entry.bank == OWN else entry.path.removeprefix(bank_loading.IN_PLACE)
    place = Place(folder, name, entry.line, own)
    return place if place.path.resolve().is_relative_to(folder.resolve()) else None
