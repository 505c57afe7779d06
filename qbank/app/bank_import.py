"""Questions from another program's file, as a bank of their own beside the others."""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from qbank.app.areas import known_areas
from qbank.app.banks import OWN, STARTER, is_misses
from qbank.app.files import read_bytes
from qbank.app.rebuild import rebuild
from qbank.app.workspace import Workspace
from qbank.core.exam import Exam
from qbank.errors import UsageError
from qbank.store.rows import BankKind, BankRow, LoadCounts

_TAKEN = {STARTER, OWN}


class Imported(msgspec.Struct, frozen=True):
    """What an import brought; `notes` are sentences on how the file was understood."""

    counts: LoadCounts
    notes: tuple[str, ...]


def import_questions(
    workspace: Workspace,
    path: Path,
    *,
    bank: str,
    columns: Mapping[str, str],
    system: str,
    shape: str | None,
    area_map: Path | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Imported:
    """Read a CSV or JSONL file into the bank of that name; again, it updates what changed and leaves the rest.

    `area_map` is a file of rules that say where its questions lie. Raises NotFound, UsageError, and InputInvalid with every
    fault; then nothing was written.
    """
    from qbank.app.placing import area_rules, with_areas
    from qbank.exchange.mcq import read_mcq

    if bank in _TAKEN or is_misses(bank):
        raise UsageError(f"The name {bank!r} is taken by qbank itself. Choose another with --bank.")
    rules = area_rules(workspace.exam, area_map)
    reading = read_mcq(
        path.name,
        read_bytes(path),
        bank=bank,
        columns=columns,
        system=system,
        shape=shape,
        known=area_names(workspace.exam),
    )
    found = with_areas(workspace, reading, rules, bank=bank, path=path)
    with workspace.store.begin() as tx:
        tx.put_bank(BankRow(bank, bank, str(path.absolute()), BankKind.IMPORTED, workspace.exam.id))
        counts = tx.upsert_questions(bank, found.objectives, found.questions)
        if counts.needs_replay:
            for learner in tx.learners():
                rebuild(tx, workspace.exam, learner.id, on_progress)
    return Imported(counts, (*reading.notes, *found.notes))


def area_names(exam: Exam) -> dict[str, dict[str, str]]:
    """{dimension: {area id: area name}} for every dimension a file may name, sections among them."""
    names: dict[str, dict[str, str]] = {dimension: {} for dimension in known_areas(exam)}
    for dimension in exam.dimensions:
        for table in dimension.tables:
            names.setdefault(dimension.id, {}).update({area.id: area.name for area in table.areas})
    names["section"] = {section.id: section.name for section in exam.sections}
    return names
