"""Questions from other programs' files, as banks of their own beside the others.

Everything is read before anything is written, and all of it is written in one transaction.
"""

import contextlib
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import msgspec

from qbank.app.bank_import_reading import FileReport, Options, Reader, checked_options
from qbank.app.banks import others_misses
from qbank.app.files import write_whole
from qbank.app.import_sources import bank_name, check_name, sources
from qbank.app.import_spool import Spool
from qbank.app.memory_import import remember
from qbank.app.opening import Watch, unwatched
from qbank.app.pictures import copy_pictures
from qbank.app.rebuild import rebuild
from qbank.app.workspace import Workspace
from qbank.bank.duplicates import Duplicates, Known
from qbank.core.question import Question
from qbank.errors import Fault, InputInvalid
from qbank.store.banks import Batch
from qbank.store.rows import BankKind, BankRow, LoadCounts
from qbank.store.store import Transaction

if TYPE_CHECKING:
    from qbank.exchange.foreign import PastReview


class Duplicate(msgspec.Struct, frozen=True):
    """A question that was read and one that was there before it; `place` is where the first is kept."""

    bank: str
    id: str
    known: Known
    place: int


class BankReport(msgspec.Struct, frozen=True):
    """What an import does to one bank; `left_out` counts duplicates, `off` says that nothing of it is offered."""

    bank: str
    counts: LoadCounts
    left_out: int
    off: bool


class Import:
    """What was read of some files, ready to be written; close it when it is done with."""

    def __init__(self, workspace: Workspace, options: Options, banks: Mapping[str, str]) -> None:
        self._workspace, self._options = workspace, options
        self._sources = banks
        self._spools = {bank: Spool() for bank in banks}
        self._pictures = tempfile.TemporaryDirectory(prefix="qbank-pictures-")
        self.files: list[FileReport] = []
        self.duplicates: list[Duplicate] = []
        self.notes: list[str] = []
        self.remembered: list[str] = []
        self._reviews: Mapping[str, Mapping[str, Sequence[PastReview]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for spool in self._spools.values():
            spool.close()
        self._pictures.cleanup()

    def pair(self, duplicate: Duplicate) -> tuple[Question, Question | None]:
        """The question that was read and the one that is stored; None for one that was read before it."""
        with self._workspace.store.read() as tx:
            stored = tx.question(duplicate.known.bank, duplicate.known.id)
        return self._spools[duplicate.bank].at(duplicate.place), stored

    def compare(self, without: Collection[Duplicate] = ()) -> list[BankReport]:
        """What `write` would do; nothing is written."""
        with self._workspace.store.read() as tx:
            return [
                self._report(
                    tx, bank, sum((tx.compare_questions(bank, one) for one in parts), LoadCounts()), without
                )
                for bank, parts in self._batches(without)
            ]

    def write(self, without: Collection[Duplicate] = (), watch: Watch = unwatched) -> list[BankReport]:
        """Write everything but the duplicates in `without`, in one transaction."""
        # Before the questions, so that none is ever stored without its pictures.
        copy_pictures(Path(self._pictures.name), self._workspace.settings.pictures)
        total = sum(file.questions for file in self.files) - len(without)
        with self._workspace.store.begin() as tx:
            reports = []
            with watch("Writing", total) as on_progress:
                for bank, parts in self._batches(without):
                    counts = LoadCounts()
                    # A bank all of whose questions were left out is not begun.
                    if first := next(parts, None):
                        tx.put_bank(self._row(tx, bank))
                        counts = tx.upsert_batches(bank, _told(chain([first], parts), on_progress))
                    reports.append(self._report(tx, bank, counts, without))
            if any(self._reviews.values()):
                with watch("Remembering your reviews", sum(map(len, self._reviews.values()))) as on_progress:
                    for bank in self._spools:
                        self._remember(tx, bank, without, on_progress)
            if any(report.counts.needs_replay for report in reports):
                with watch("Replaying your answers", tx.event_count()) as on_progress:
                    for learner in tx.learners():
                        rebuild(tx, self._workspace.exam, learner.id, on_progress)
        return reports

    def read(self, given: Sequence[tuple[Path, str]], watch: Watch) -> None:
        """Read every file. Raises InputInvalid with the faults of all of them."""
        faults: list[Fault] = []
        with self._workspace.store.read() as tx:
            known = self._known(tx)
            stored = {bank: tx.question_ids(bank) for bank in self._sources}
        banks = Counter(bank for _, bank in given)
        shared = {bank for bank, count in banks.items() if count > 1}
        reader = Reader(self._workspace, self._options, stored=stored, shared=shared, keep=self._hold)
        for path, bank in given:
            for source in sources(path, bank):
                try:
                    for objective, question in reader.read(source, watch):
                        place = self._spools[bank].add(objective, question)
                        self._check(known, question, place, again=reader.is_stored(question))
                except InputInvalid as error:
                    faults += error.faults
                self.files += reader.take_report()
        if faults:
            raise InputInvalid(faults)
        self._reviews = reader.reviews if self._options.history else {}

    def _remember(
        self,
        tx: Transaction,
        bank: str,
        without: Collection[Duplicate],
        on_progress: Callable[[int], None] | None,
    ) -> None:
        """Record the reviews that came along with the questions of a bank."""
        reviews = self._reviews.get(bank)
        if not reviews:
            return
        left_out = {one.place for one in without if one.bank == bank}
        batches = self._spools[bank].batches(left_out)
        questions = [one for batch in batches for one in batch.questions if one.id in reviews]
        self.remembered += remember(
            self._workspace, tx, questions, reviews, source="anki", on_progress=on_progress
        ).notes()

    def _hold(self, pictures: Mapping[str, bytes]) -> None:
        """Keep pictures aside until everything is written."""
        for path, content in pictures.items():
            write_whole(Path(self._pictures.name) / Path(path).name, content)

    def _check(self, known: Duplicates, question: Question, place: int, *, again: bool) -> None:
        texts = [option.text for option in question.options]
        found = known.find_and_name(question.bank, question.id, question.stem, texts)
        # What is in its bank already was decided on when it came.
        if found and not again:
            self.duplicates.append(Duplicate(question.bank, question.id, found, place))

    def _known(self, tx: Transaction) -> Duplicates:
        """The questions of other banks that are offered. Where one is off, it could not stand in."""
        hidden = others_misses(tx, self._workspace.learner.id)
        known = Duplicates()
        for bank, name, stem, options in tx.question_texts(without_banks=[*hidden, *self._sources]):
            known.add(bank, name, stem, options)
        return known

    def _batches(self, without: Collection[Duplicate]) -> Iterator[tuple[str, Iterator[Batch]]]:
        for bank, spool in self._spools.items():
            yield bank, spool.batches({one.place for one in without if one.bank == bank})

    def _row(self, tx: Transaction, bank: str) -> BankRow:
        licence, exam = self._options.licence, self._workspace.exam.id
        before = next((row for row in tx.banks() if row.id == bank), None)
        row = BankRow(bank, bank, self._sources[bank], BankKind.IMPORTED, exam, licence or "")
        if before is None:
            return row
        return msgspec.structs.replace(
            row, licence=before.licence if licence is None else licence, off=before.off
        )

    def _report(
        self, tx: Transaction, bank: str, counts: LoadCounts, without: Collection[Duplicate]
    ) -> BankReport:
        off = any(row.off for row in tx.banks() if row.id == bank)
        return BankReport(bank, counts, sum(one.bank == bank for one in without), off)


@contextlib.contextmanager
def import_of(
    workspace: Workspace,
    given: Sequence[Path],
    options: Options,
    *,
    bank: str | None = None,
    watch: Watch = unwatched,
) -> Iterator[Import]:
    """What the files hold, ready to be written; nothing is written yet.

    Without `bank`, what is given goes into banks of their own names; again, each updates its bank. Raises NotFound,
    UsageError, and InputInvalid with every fault.
    """
    checked_options(workspace.exam, options)
    if bank is not None:
        check_name(bank)
    with workspace.store.read() as tx:
        stored = {row.id: row.source for row in tx.banks()}
    named = [(path, bank or _free_name(path, stored)) for path in given]
    origins: dict[str, list[str]] = {}
    for path, name in named:
        origins.setdefault(name, []).append(str(path.absolute()))
    with Import(
        workspace, options, {name: "; ".join(dict.fromkeys(paths)) for name, paths in origins.items()}
    ) as made:
        if bank is None:
            made.notes += [
                f"The bank {bank_name(path)} is of another file, so {path.name} goes into the bank {name}. To update that "
                f"bank instead, add --bank {bank_name(path)}."
                for path, name in named
                if name != bank_name(path)
            ]
        made.read(named, watch)
        yield made


def _free_name(path: Path, taken: dict[str, str]) -> str:
    """The bank of a file by its name; another where that bank is of another file."""
    source, name = str(path.absolute()), bank_name(path)
    names = (name if number == 1 else f"{name}-{number}" for number in range(1, len(taken) + 2))
    found = next(one for one in names if taken.get(one, source) == source)
    taken[found] = source
    return found


def _told(parts: Iterator[Batch], on_progress: Callable[[int], None] | None) -> Iterator[Batch]:
    for part in parts:
        yield part
        if on_progress:
            on_progress(len(part.questions))
