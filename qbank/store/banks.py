"""Loading banks: what the files say now becomes rows, and no version that was ever served is lost.

A question that leaves its file is retired, never deleted. A bank of the learner's own overrides others by id:
while it has a live question of that id, or any of that objective, theirs are not served. What is in a bank that is
switched off counts as overridden, so that nothing which offers questions has to ask about banks.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Insert, and_, bindparam, delete, select, update

from qbank.core.question import Objective, Question
from qbank.store.connected import batches, insert_for
from qbank.store.loading import StoredQuestion, Writes, objective_values, searchable
from qbank.store.offers import Offers
from qbank.store.rows import BankKind, BankRow, FileMark, LoadCounts
from qbank.store.search import Search
from qbank.store.tables import (
    bank,
    bank_file,
    objective,
    progress,
    question,
    question_version,
)

_BANKS = select(bank).order_by(bank.c.id)
_LICENCE = select(bank.c.licence).where(bank.c.id == bindparam("bank"))
_MARKS = select(bank_file.c.path, bank_file.c.size, bank_file.c.mtime_ns, bank_file.c.hash)


class Batch(NamedTuple):
    """Objectives and questions of one bank that are written together; `places` are files and lines by question id."""

    objectives: Sequence[Objective]
    questions: Sequence[Question]
    places: Mapping[str, tuple[str, int]] = {}


class Banks(Search, Offers):
    """Writing question banks."""

    __slots__ = ()

    def banks(self) -> list[BankRow]:
        """All banks, by id."""
        rows = self._connection.execute(_BANKS)
        return [
            BankRow(row.id, row.name, row.source, BankKind(row.kind), row.exam, row.licence, row.off)
            for row in rows
        ]

    def licence(self, bank_id: str) -> str:
        """The line that is shown with a bank's questions; "" for none."""
        found = self._connection.execute(_LICENCE, {"bank": bank_id}).scalar()
        return found or ""

    def put_bank(self, row: BankRow) -> None:
        """Add a bank or change what is said about it."""
        self._put(bank, msgspec.structs.asdict(row) | {"kind": row.kind.value})

    def switch_bank(self, bank_id: str, *, off: bool) -> bool:
        """Switch a bank off, so that nothing of it is offered, or on again; gives whether that changed anything.

        Answers and memories stay as they are, and open blocks keep the questions they were composed of.
        """
        these = and_(bank.c.id == bank_id, bank.c.off != off)
        changed = self._connection.execute(update(bank).where(these).values(off=off)).rowcount > 0
        if changed:
            self._recount(bank_id)
        return changed

    def file_marks(self, bank_id: str) -> dict[str, FileMark]:
        """By path, what each of the bank's files looked like when it was last loaded."""
        rows = self._connection.execute(_MARKS.where(bank_file.c.bank == bank_id))
        return {path: FileMark(size, mtime_ns, digest) for path, size, mtime_ns, digest in rows}

    def put_file_marks(
        self, bank_id: str, marks: Mapping[str, tuple[int, int, str]], *, removed: Iterable[str] = ()
    ) -> None:
        """Note how files look now, by path, as (size, mtime_ns, hash); forget the `removed` ones."""
        rows = [
            {"bank": bank_id, "path": path, "size": size, "mtime_ns": mtime_ns, "hash": digest}
            for path, (size, mtime_ns, digest) in marks.items()
        ]
        self._put(bank_file, rows)
        for some in batches(list(removed)):
            gone = and_(bank_file.c.bank == bank_id, bank_file.c.path.in_(some))
            self._connection.execute(delete(bank_file).where(gone))

    def upsert_questions(
        self,
        bank_id: str,
        objectives: Sequence[Objective],
        questions: Sequence[Question],
        places: Mapping[str, tuple[str, int]] | None = None,
    ) -> LoadCounts:
        """Bring objectives and questions of one bank to what is given; others are left as they are.

        `places` gives each question's file and line by its id. Everything given must be of this bank, and
        each question's objective given or stored, or ValueError is raised.
        """
        return self.upsert_batches(bank_id, [Batch(objectives, questions, places or {})])

    def upsert_batches(self, bank_id: str, parts: Iterable[Batch]) -> LoadCounts:
        """The same for more than should be held at once: each batch is written before the next is asked for.

        A question's objective must be in its batch or an earlier one, or stored.
        """
        total, moved, restructured = LoadCounts(), set[str](), False
        for batch in parts:
            _check_bank(bank_id, batch)
            if not batch.objectives and not batch.questions:
                continue
            written, changed = self._put_objectives(bank_id, batch.objectives)
            moved |= changed
            writes = self._compared(bank_id, batch, written | moved)
            self._write(writes)
            restructured |= writes.restructured
            total += writes.counts(objectives_changed=bool(changed))
        if restructured:
            self._recount(bank_id)
        return total

    def compare_questions(self, bank_id: str, batch: Batch) -> LoadCounts:
        """What loading a batch would change; nothing is written."""
        _check_bank(bank_id, batch)
        _, written, changed = self._different(bank_id, batch.objectives)
        return self._compared(bank_id, batch, written).counts(objectives_changed=bool(changed))

    def retire_missing(
        self, bank_id: str, *, keep: Collection[str] = (), paths: Collection[str] | None = None
    ) -> int:
        """Retire the bank's questions that are not in `keep`; only those of the files `paths` if given.

        Gives how many were retired. They stay readable by version, and come back when they are loaded again.
        """
        live = select(question.c.id).where(question.c.bank == bank_id, question.c.retired.is_(False))
        found: list[str] = []
        if paths is None:
            found.extend(self._connection.execute(live).scalars())
        else:
            for some in batches(list(paths)):
                found.extend(self._connection.execute(live.where(question.c.path.in_(some))).scalars())
        kept = set(keep)
        gone = [question_id for question_id in found if question_id not in kept]
        for some in batches(gone):
            these = and_(question.c.bank == bank_id, question.c.id.in_(some))
            self._connection.execute(update(question).where(these).values(retired=True))
        if gone:
            self._recount(bank_id)
        return len(gone)

    def recount_banks(self) -> None:
        """Work out anew what each store works out for itself, after rows were merged in."""
        self._put_texts(
            [
                {"bank": item.bank, "question": item.id, "body": searchable(item, text)}
                for item, text in self._without_text()
            ]
        )
        for bank_id in [row.id for row in self.banks()]:
            self._recount(bank_id)

    def _without_text(self) -> Iterator[tuple[Question, str]]:
        from qbank.store import bank_statements as statements

        for payload, objective_payload in self._connection.execute(statements.WITHOUT_TEXT):
            text = msgspec.json.decode(objective_payload, type=Objective).text
            yield msgspec.json.decode(payload, type=Question), text

    def _compared(self, bank_id: str, batch: Batch, written: Collection[str]) -> Writes:
        """What is to be written of a batch; `written` are objectives that are new or changed."""
        texts = self._objective_texts(bank_id, batch.objectives, batch.questions)
        stored = self._stored(bank_id, batch.questions)
        writes = Writes()
        for item in batch.questions:
            writes.add(
                item,
                stored.get(item.id),
                place=batch.places.get(item.id, ("", 0)),
                objective_text=texts.get(item.objective, ""),
                objective_changed=item.objective in written,
            )
        return writes

    def _put_objectives(self, bank_id: str, objectives: Sequence[Objective]) -> tuple[set[str], set[str]]:
        """Write the objectives that are new or different; gives their ids, and which of them were there before."""
        rows, written, changed = self._different(bank_id, objectives)
        self._put(objective, rows)
        # One that is new has none.
        self.forget_ceilings(bank_id, sorted(changed))
        return written, changed

    def _different(
        self, bank_id: str, objectives: Sequence[Objective]
    ) -> tuple[list[dict[str, Any]], set[str], set[str]]:
        """The rows and ids of objectives that are new or different, and the ids of those among them that are stored."""
        from qbank.store import bank_statements as statements

        stored: dict[str, tuple[str, bool]] = {}
        for some in batches([item.id for item in objectives]):
            for row in self._connection.execute(statements.STORED_OBJECTIVES, {"bank": bank_id, "ids": some}):
                stored[row.id] = (row.payload, row.reserve)
        own = bank_id in self._own()
        rows = [objective_values(item, own=own) for item in objectives]
        rows = [row for row in rows if stored.get(row["id"]) != (row["payload"], row["reserve"])]
        ids = {row["id"] for row in rows}
        return rows, ids, ids & stored.keys()

    def _objective_texts(
        self, bank_id: str, objectives: Sequence[Objective], questions: Sequence[Question]
    ) -> dict[str, str]:
        """The text of each objective that the questions probe, given or stored."""
        from qbank.store import bank_statements as statements

        texts = {item.id: item.text for item in objectives}
        missing = sorted({item.objective for item in questions} - texts.keys())
        for some in batches(missing):
            for row in self._connection.execute(statements.STORED_OBJECTIVES, {"bank": bank_id, "ids": some}):
                texts[row.id] = msgspec.json.decode(row.payload, type=Objective).text
        return texts

    def _stored(self, bank_id: str, questions: Sequence[Question]) -> dict[str, StoredQuestion]:
        from qbank.store import bank_statements as statements

        stored = {}
        for some in batches([item.id for item in questions]):
            for row in self._connection.execute(statements.STORED, {"bank": bank_id, "ids": some}):
                question_id, objective_id, version, path, line, retired, key, option_ids = row
                stored[question_id] = StoredQuestion(
                    objective_id, version, path, line, retired, key, tuple(option_ids)
                )
        return stored

    def _write(self, writes: Writes) -> None:
        self._put(question, writes.questions)
        if writes.versions:
            self._connection.execute(_add_versions(self._dialect), writes.versions)
        self._put_texts(writes.texts)

    def _recount(self, bank_id: str) -> None:
        """Bring to date what depends on which questions are live: overrides and counts."""
        from qbank.store import bank_statements as statements

        banks = self.banks()
        own = {row.id for row in banks if row.kind is BankKind.OWN}
        # What a learner's own questions override lies in every bank.
        override = statements.OVERRIDE if own else statements.OVERRIDE.where(question.c.bank == bank_id)
        self._connection.execute(override)
        counts, refresh = statements.COUNT_QUESTIONS, statements.REFRESH_PROGRESS
        if bank_id not in own:
            counts = counts.where(objective.c.bank == bank_id)
            refresh = refresh.where(progress.c.bank == bank_id)
        self._connection.execute(counts)
        self._connection.execute(refresh)

    def _own(self) -> set[str]:
        return {row.id for row in self.banks() if row.kind is BankKind.OWN}


def _check_bank(bank_id: str, batch: Batch) -> None:
    banks = {item.bank for item in batch.objectives} | {item.bank for item in batch.questions}
    if banks - {bank_id}:
        raise ValueError(f"Every objective and question must be of the bank {bank_id!r}.")


@cache
def _add_versions(dialect: str) -> Insert:
    statement: Insert = insert_for(dialect)(question_version).on_conflict_do_nothing()
    return statement
