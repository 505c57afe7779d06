"""Loading banks: what the files say now becomes rows, and no version that was ever served is lost.

A question that leaves its file is retired, never deleted. A bank of the learner's own overrides others by id:
while it has a live question of that id, or any of that objective, theirs are not served.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache

import msgspec
from sqlalchemy import Insert, and_, delete, select, update

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
_MARKS = select(bank_file.c.path, bank_file.c.size, bank_file.c.mtime_ns, bank_file.c.hash)


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

    def put_bank(self, row: BankRow) -> None:
        """Add a bank or change what is said about it."""
        self._put(bank, msgspec.structs.asdict(row) | {"kind": row.kind.value})

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
        banks = {item.bank for item in objectives} | {item.bank for item in questions}
        if banks - {bank_id}:
            raise ValueError(f"Every objective and question must be of the bank {bank_id!r}.")
        if not objectives and not questions:
            return LoadCounts()
        written, changed = self._put_objectives(bank_id, objectives)
        texts = self._objective_texts(bank_id, objectives, questions)
        stored = self._stored(bank_id, questions)
        writes = Writes()
        for item in questions:
            writes.add(
                item,
                stored.get(item.id),
                place=(places or {}).get(item.id, ("", 0)),
                objective_text=texts.get(item.objective, ""),
                objective_changed=item.objective in written,
            )
        self._write(bank_id, writes)
        return writes.counts(objectives_changed=changed)

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

    def _put_objectives(self, bank_id: str, objectives: Sequence[Objective]) -> tuple[set[str], bool]:
        """Write the objectives that are new or different; gives their ids, and whether any was there before."""
        from qbank.store import bank_statements as statements

        stored: dict[str, tuple[str, bool]] = {}
        for some in batches([item.id for item in objectives]):
            for row in self._connection.execute(statements.STORED_OBJECTIVES, {"bank": bank_id, "ids": some}):
                stored[row.id] = (row.payload, row.reserve)
        own = bank_id in self._own()
        rows = [objective_values(item, own=own) for item in objectives]
        written = [row for row in rows if stored.get(row["id"]) != (row["payload"], row["reserve"])]
        self._put(objective, written)
        ids = {row["id"] for row in written}
        self.forget_ceilings(bank_id, sorted(ids))
        return ids, not ids.isdisjoint(stored)

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

    def _write(self, bank_id: str, writes: Writes) -> None:
        self._put(question, writes.questions)
        if writes.versions:
            self._connection.execute(_add_versions(self._dialect), writes.versions)
        self._put_texts(writes.texts)
        if writes.restructured:
            self._recount(bank_id)

    def _recount(self, bank_id: str) -> None:
        """Bring to date what depends on which questions are live: overrides and counts."""
        from qbank.store import bank_statements as statements

        own = self._own()
        if own:
            self._connection.execute(statements.OVERRIDE)
        counts, refresh = statements.COUNT_QUESTIONS, statements.REFRESH_PROGRESS
        if bank_id not in own:
            counts = counts.where(objective.c.bank == bank_id)
            refresh = refresh.where(progress.c.bank == bank_id)
        self._connection.execute(counts)
        self._connection.execute(refresh)

    def _own(self) -> set[str]:
        return {row.id for row in self.banks() if row.kind is BankKind.OWN}


@cache
def _add_versions(dialect: str) -> Insert:
    statement: Insert = insert_for(dialect)(question_version).on_conflict_do_nothing()
    return statement
