"""Full-text search behind one method: FTS5 in SQLite, tsvector in PostgreSQL.

Both take words in any form and leave none out, "the" and "of" among them. They cut text into words a little differently:
PostgreSQL keeps a number with its sign and decimal point whole, and tells accented letters from plain ones.
PostgreSQL keeps its index by itself. SQLite's is told of changes in whole statements: a trigger would make it write a
segment for every row.
"""

import re
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, column, func, insert, select, table, text

from qbank.store.connected import Connected, by_bank
from qbank.store.rows import SearchHit
from qbank.store.tables import LIVE, question, question_text

_HIT = select(question.c.bank, question.c.id, question.c.objective, question_text.c.body).select_from(
    question.join(
        question_text,
        and_(question_text.c.bank == question.c.bank, question_text.c.question == question.c.id),
    )
)
_index = table("question_search", column("rowid"), column("rank"))
_WORDS = "plainto_tsquery('qbank_words', :words)"
_SEARCH = {
    "sqlite": _HIT.join(_index, _index.c.rowid == question_text.c.no)
    .where(text("question_search match :words"), LIVE)
    .order_by(_index.c.rank, question.c.bank, question.c.id)
    .limit(bindparam("limit")),
    "postgresql": _HIT.where(text(f"question_text.document @@ {_WORDS}"), LIVE)
    .order_by(text(f"ts_rank(question_text.document, {_WORDS}) desc"), question.c.bank, question.c.id)
    .limit(bindparam("limit")),
}
MATCHES = {
    "sqlite": select(question_text.c.bank, question_text.c.question).where(
        question_text.c.no.in_(select(_index.c.rowid).where(text("question_search match :words")))
    ),
    "postgresql": select(question_text.c.bank, question_text.c.question).where(
        text(f"question_text.document @@ {_WORDS}")
    ),
}
"""(bank, question) of every text, live or not, that has all of `:words`, which `quoted_for` makes."""

_named = "where bank = :bank and question in :questions"
_questions: BindParameter[Any] = bindparam("questions", expanding=True)
_UNLEARN = text(
    "insert into question_search (question_search, rowid, body) "
    f"select 'delete', no, body from question_text {_named}"
).bindparams(_questions)
_FORGET = text(f"delete from question_text {_named}").bindparams(_questions)
_LAST = select(func.coalesce(func.max(question_text.c.no), 0))
_LEARN = text("insert into question_search (rowid, body) select no, body from question_text where no > :last")
EXCERPT_CHARACTERS = 100


class Search(Connected):
    """Finding questions by their words."""

    __slots__ = ()

    def search(self, words: str, limit: int = 20, *, without_banks: Collection[str] = ()) -> list[SearchHit]:
        """Live questions whose text has all the words, the best match first; none of `without_banks`.

        Whatever is typed is looked for as words; nothing in it is an operator.
        """
        terms = terms_of(words)
        if not terms:
            return []
        quoted = quoted_for(self._dialect, terms)
        query = _SEARCH[self._dialect]
        if without_banks:
            query = query.where(question.c.bank.not_in(sorted(without_banks)))
        rows = self._connection.execute(query, {"words": quoted, "limit": limit})
        return [SearchHit(row.bank, row.id, row.objective, _excerpt(row.body, terms)) for row in rows]

    def _put_texts(self, rows: Sequence[dict[str, Any]]) -> None:
        """Set what questions are found by, as `bank`, `question`, `body`."""
        if not rows:
            return
        for bank_id, some in by_bank([(row["bank"], row["question"]) for row in rows]):
            names = {"bank": bank_id, "questions": some}
            if self._dialect == "sqlite":
                self._connection.execute(_UNLEARN, names)
            self._connection.execute(_FORGET, names)
        last = self._connection.execute(_LAST).scalar()
        self._connection.execute(insert(question_text), rows)
        if self._dialect == "sqlite":
            self._connection.execute(_LEARN, {"last": last})


def terms_of(words: str) -> list[str]:
    """What was typed as words to look for; nothing in it is an operator."""
    return re.findall(r"\w+", words)


def quoted_for(dialect: str, terms: Sequence[str]) -> str:
    """The terms as this database's search takes them."""
    return " ".join(f'"{term}"' for term in terms) if dialect == "sqlite" else " ".join(terms)


def _excerpt(body: str, terms: Sequence[str]) -> str:
    line = " ".join(body.split())
    found = re.search("|".join(map(re.escape, terms)), line, re.IGNORECASE)
    middle = found.start() if found else 0
    start = max(0, min(middle - EXCERPT_CHARACTERS // 2, len(line) - EXCERPT_CHARACTERS))
    end = start + EXCERPT_CHARACTERS
    return ("…" if start else "") + line[start:end].strip() + ("…" if end < len(line) else "")
