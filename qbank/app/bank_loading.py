"""Question banks from their folders into the store: what changed, all of it or nothing."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import msgspec
from msgspec.structs import replace

from qbank import settings
from qbank.app.areas import known_areas
from qbank.app.banks import OWN, STARTER
from qbank.app.exams import load_map, map_mark
from qbank.app.labs import load_labs
from qbank.app.rebuild import rebuild
from qbank.app.workspace import Workspace
from qbank.bank.craft_numbers import Reference, reference
from qbank.bank.lint import Finding, check, errors
from qbank.bank.mapping import with_map
from qbank.bank.markdown import BankFile
from qbank.bank.rules import Severity
from qbank.bank.scan import FileMark as ScanMark
from qbank.bank.scan import Scan, scan
from qbank.core.exam import Exam
from qbank.errors import BankInvalid, Fault
from qbank.store.rows import BankKind, BankRow, FileMark, LoadCounts
from qbank.store.store import Transaction

MAP = "objectives of the exam"
"""In the place of a path: the mark of the map by which a bank was loaded."""

IN_PLACE = f"{OWN}/"
"""Before the path of a file of the learner's that stands for a bundled one."""

_BANKS = {
    STARTER: ("Starter bank", BankKind.BUNDLED),
    OWN: ("Your own questions", BankKind.OWN),
}


class Loaded(msgspec.Struct, frozen=True):
    """What loading changed, counted in questions; `total` is how many can be served now."""

    new: int
    changed: int
    unchanged: int
    retired: int
    rekeyed: int
    total: int
    objectives: int


class Checked(msgspec.Struct, frozen=True):
    """A folder looked at without loading it."""

    files: int
    questions: int
    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]

    @property
    def warnings(self) -> list[Finding]:
        """Those without a reason to stand."""
        return [f for f in self.findings if f.severity is Severity.WARNING and not f.excepted]

    @property
    def exceptions(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.excepted]

    @property
    def notes(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity is Severity.NOTE]


class _Stored(msgspec.Struct, frozen=True):
    """What the store has of a bank; `ids` gives the file of each live question and objective."""

    marks: Mapping[str, FileMark]
    objectives: frozenset[str]
    ids: Mapping[str, str]

    @classmethod
    def of(cls, tx: Transaction, bank: str) -> Self:
        live = tx.list_questions(bank=bank)
        ids = {one.id: one.path for one in live} | {one.objective: one.path for one in live}
        return cls(tx.file_marks(bank), frozenset(one.objective for one in live), ids)


class _Part(msgspec.Struct, frozen=True):
    """What loading does to one bank: `files` as they are now, for all paths in `touched`; `gone` are paths to forget."""

    bank: str
    files: Sequence[BankFile]
    touched: frozenset[str]
    marks: Mapping[str, tuple[int, int, str]]
    gone: frozenset[str]


def load_banks(workspace: Workspace, on_progress: Callable[[int], None] | None = None) -> Loaded:
    """Load the bundled bank and the learner's own folder, whatever changed in them since the last time.

    A file of the learner's with a bundled objective's id takes the bundled file's place under its identity, so that memory
    and what was seen carry over to it, and back when it is removed. A key corrected among the same options marks old answers
    anew. Raises BankInvalid with every fault of every file; then nothing was loaded.
    """
    with workspace.store.read() as tx:
        stored = {bank: _Stored.of(tx, bank) for bank in (STARTER, OWN)}
    folders = {STARTER: bundled(workspace.exam), OWN: workspace.settings.own_bank}
    found = {
        bank: _scanned(workspace.exam, folder, bank, stored[bank].marks) for bank, folder in folders.items()
    }
    parts = [_part(bank, stored[bank], found[bank]) for bank in folders]
    if any(part.touched for part in parts) and _overrides(stored, found):
        # One file may now stand for another, or no longer, so all must be at hand.
        found = {bank: _scanned(workspace.exam, folder, bank, {}) for bank, folder in folders.items()}
        parts = _in_place(stored, found)
    _refuse_faults(workspace.exam, found, parts, stored)
    with workspace.store.begin() as tx:
        return _write(tx, workspace, folders, parts, on_progress)


def check_folder(exam: Exam, folder: Path) -> Checked:
    """Everything that is wrong or doubtful in a folder of bank files. Raises NotFound when it is none."""
    found = read_folder(exam, folder)
    findings = check(found.changed, known_areas(exam), reference=craft_reference())
    return Checked(
        len(found.changed), sum(len(f.questions) for f in found.changed), tuple(findings), found.faults
    )


def read_folder(exam: Exam, folder: Path) -> Scan:
    """All bank files of a folder, with what the exam's map says of their objectives. Raises NotFound when it is none."""
    return _with_map(exam, scan(folder, OWN, {}))


def mapped_files(exam: Exam, files: Sequence[BankFile]) -> tuple[list[BankFile], list[Fault]]:
    """Bank files with what the exam's map says of their objectives, and a fault for each line that says otherwise."""
    systems = {section.id: section.system for section in exam.sections}
    return with_map(files, load_map(exam.id), systems)


def craft_reference() -> Reference:
    """What the results and drugs in questions are compared with."""
    text = (settings.data_folder() / "drugs.txt").read_text(encoding="utf-8")
    drugs, words = (
        [line for line in part.split("\n") if line and not line.startswith("#")]
        for part in text.split("# Other words", 1)
    )
    return reference(load_labs(), drugs, words[1:])


def bundled(exam: Exam) -> Path:
    """The folder of the questions that come with an exam; one that is not there where none do."""
    return settings.data_folder() / (exam.questions or "no-questions")


def _scanned(exam: Exam, folder: Path, bank: str, known: Mapping[str, tuple[int, int, str]]) -> Scan:
    """What changed; everything, when the exam's map has changed, since it says where each objective lies."""
    files = {path: mark for path, mark in known.items() if path != MAP}
    now = map_mark(exam.id)
    if not folder.is_dir():
        return Scan((), (), tuple(sorted(known)), {}, ())
    found = _with_map(exam, scan(folder, bank, files if known.get(MAP) == now else {}))
    gone = tuple(sorted({*found.removed, *(files.keys() - found.marks.keys() - set(found.unchanged))}))
    return dataclasses.replace(found, removed=gone, marks={**found.marks, MAP: ScanMark(*now)})


def _with_map(exam: Exam, found: Scan) -> Scan:
    """The objectives as the exam's map has them."""
    if not found.changed:
        return found
    files, faults = mapped_files(exam, found.changed)
    return dataclasses.replace(found, changed=tuple(files), faults=tuple(sorted([*found.faults, *faults])))


def _part(bank: str, stored: _Stored, found: Scan) -> _Part:
    """Only what changed since the bank was last loaded."""
    touched = frozenset([*found.removed, *(file.path for file in found.changed)])
    return _Part(bank, found.changed, touched, _new_marks(stored, found), frozenset(found.removed))


def _overrides(stored: Mapping[str, _Stored], found: Mapping[str, Scan]) -> bool:
    """Whether a file of the learner's stands for a bundled one, or did."""
    if any(path.startswith(IN_PLACE) for path in stored[STARTER].ids.values()):
        return True
    read = {bank: {file.objective.id for file in found[bank].changed} for bank in found}
    return not (read[OWN] | stored[OWN].objectives).isdisjoint(read[STARTER] | stored[STARTER].objectives)


def _in_place(stored: Mapping[str, _Stored], found: Mapping[str, Scan]) -> list[_Part]:
    """Everything, with the learner's files under the identity of the bundled ones that they replace."""
    theirs, ours = found[OWN].changed, found[STARTER].changed
    bundled_ids = {file.objective.id for file in ours}
    replaced = {file.objective.id for file in theirs} & bundled_ids
    files = {
        STARTER: [file for file in ours if file.objective.id not in replaced]
        + [_moved(file) for file in theirs if file.objective.id in replaced],
        OWN: [file for file in theirs if file.objective.id not in replaced],
    }
    paths = {bank: found[bank].marks.keys() | stored[bank].marks.keys() for bank in found}
    touched = {STARTER: paths[STARTER] | {IN_PLACE + path for path in paths[OWN]}, OWN: paths[OWN]}
    return [
        _Part(
            bank,
            tuple(files[bank]),
            frozenset(touched[bank]),
            _new_marks(stored[bank], found[bank]),
            frozenset(paths[bank] - found[bank].marks.keys()),
        )
        for bank in found
    ]


def _new_marks(stored: _Stored, found: Scan) -> dict[str, tuple[int, int, str]]:
    return {path: mark for path, mark in found.marks.items() if tuple(stored.marks.get(path, ())) != mark}


def _moved(file: BankFile) -> BankFile:
    return dataclasses.replace(
        file,
        path=IN_PLACE + file.path,
        objective=replace(file.objective, bank=STARTER),
        questions=tuple(replace(question, bank=STARTER) for question in file.questions),
    )


def _refuse_faults(
    exam: Exam, found: Mapping[str, Scan], parts: Sequence[_Part], stored: Mapping[str, _Stored]
) -> None:
    faults = [fault for each in found.values() for fault in each.faults]
    for part in parts:
        taken = {name: path for name, path in stored[part.bank].ids.items() if path not in part.touched}
        faults += errors(part.files, known_areas(exam), taken)
    if faults:
        raise BankInvalid(faults)


def _write(
    tx: Transaction,
    workspace: Workspace,
    folders: Mapping[str, Path],
    parts: Sequence[_Part],
    on_progress: Callable[[int], None] | None,
) -> Loaded:
    retired = 0
    counts: list[LoadCounts] = []
    for part in parts:
        if part.bank == STARTER or part.touched or part.marks:
            name, kind = _BANKS[part.bank]
            tx.put_bank(BankRow(part.bank, name, str(folders[part.bank]), kind, workspace.exam.id))
        counts.append(_put_files(tx, part))
    # Questions may go from one bank to the other, so what is gone is known when all are written.
    for part in parts:
        keep = {question.id for file in part.files for question in file.questions}
        retired += tx.retire_missing(part.bank, keep=keep, paths=part.touched)
    if any(part.touched for part in parts) and tx.event_count():
        for learner in tx.learners():
            rebuild(tx, workspace.exam, learner.id, on_progress)
    total = tx.bank_counts()
    new, changed = sum(count.new for count in counts), sum(count.changed for count in counts)
    rekeyed = sum(len(count.rekeyed) for count in counts)
    unchanged = total.questions - new - changed
    return Loaded(new, changed, unchanged, retired, rekeyed, total.questions, total.objectives)


def _put_files(tx: Transaction, part: _Part) -> LoadCounts:
    questions = [question for file in part.files for question in file.questions]
    places = {name: (file.path, line) for file in part.files for name, line in file.lines.items()}
    counts = tx.upsert_questions(part.bank, [file.objective for file in part.files], questions, places)
    if part.marks or part.gone:
        tx.put_file_marks(part.bank, part.marks, removed=part.gone)
    return counts
