"""Every answer ever given, the latest first, and the blocks that they were given in: read for looking back, row by row."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, bindparam, exists, false, func, literal, or_, select, tuple_

from qbank.core.response import MissReason
from qbank.store.connected import AnyRow, Connected
from qbank.store.questions import begins
from qbank.store.rows import BlockStatus
from qbank.store.search import MATCHES, quoted_for, terms_of
from qbank.store.tables import SUGGESTED, block, block_sums, objective, response

_ANSWERS = (
    select(
        response.c.at,
        response.c.study_day,
        response.c.block,
        response.c.position,
        response.c.bank,
        response.c.question,
        response.c.objective,
        response.c.system,
        response.c.disciplines,
        response.c.mode,
        response.c.choice,
        response.c.correct,
        response.c.elapsed_ms,
        response.c.confidence,
        func.coalesce(response.c.reason_after, response.c.reason),
        response.c.fresh,
        response.c.assess,
        response.c.marked,
        response.c.time_ran_out,
        response.c.retracted,
        exists().where(
            objective.c.bank == response.c.bank, objective.c.id == response.c.objective, SUGGESTED
        ),
    )
    .where(response.c.learner == bindparam("learner"), response.c.shown.is_(True))
    .order_by(response.c.at.desc(), response.c.block.desc(), response.c.position.desc())
)
_BLOCKS = (
    select(
        block.c.id,
        block.c.study_day,
        block.c.composed_at,
        block.c.mode,
        block.c.purpose,
        block.c.state,
        block.c.interrupted,
        block.c.elapsed_ms,
        block_sums.c.payload,
    )
    .select_from(block.outerjoin(block_sums, block_sums.c.block == block.c.id))
    .where(block.c.learner == bindparam("learner"))
    .order_by(block.c.composed_at.desc(), block.c.id.desc())
)


class AnswerFilter(msgspec.Struct, frozen=True):
    """Which answers are wanted; None and "" leave a thing open.

    `words` are looked for in the questions' text as it is today, or the one word at the beginning of a question's id. Days
    are study days, both ends included. `block` is a whole id.
    """

    words: str = ""
    system: str = ""
    discipline: str = ""
    correct: bool | None = None
    reason: MissReason | None = None
    since: date | None = None
    until: date | None = None
    block: str = ""
    fresh: bool | None = None


class PastAnswer(msgspec.Struct, frozen=True):
    """One answer as it stands on record. `reason` is the learner's last word on a miss, `position` counts from 0.

    `suggested` says that the place of its objective is, by now, no more than suggested by its words.
    """

    at: datetime
    study_day: date
    block: str
    position: int
    bank: str
    question: str
    objective: str
    system: str
    disciplines: tuple[str, ...]
    mode: str
    blank: bool
    correct: bool
    elapsed_ms: int
    confidence: str | None
    reason: str | None
    fresh: bool
    assess: bool
    marked: bool
    time_ran_out: bool
    retracted: bool
    suggested: bool


class PastBlock(msgspec.Struct, frozen=True):
    """One block. `asked` and `right` are of questions that were shown and whose score counts; None while it is open."""

    id: str
    study_day: date
    composed_at: datetime
    mode: str
    purpose: str
    closed: bool
    interrupted: bool
    elapsed_ms: int
    asked: int | None
    right: int | None


class _Sums(msgspec.Struct):
    """What is read of a block's sums; the rest is skipped."""

    answers: tuple[int, int, float, float] = (0, 0, 0.0, 0.0)


class Answers(Connected):
    """Looking through what was answered."""

    __slots__ = ()

    def past_answers(
        self, learner_id: str, wanted: AnswerFilter, *, limit: int | None = None, skip: int = 0
    ) -> Iterator[PastAnswer]:
        """The learner's answers to questions that were shown, the latest first, read as they are asked for."""
        names: dict[str, Any] = {"learner": learner_id}
        query = _paged(_ANSWERS.where(*_conditions(wanted)), limit, skip)
        if wanted.words:
            found, words = self._found(wanted.words)
            query = query.where(found)
            names |= words
        return map(_past_answer, self._stream(query, names))

    def past_blocks(
        self,
        learner_id: str,
        *,
        since: date | None = None,
        until: date | None = None,
        limit: int | None = None,
        skip: int = 0,
    ) -> Iterator[PastBlock]:
        """The learner's blocks, the latest first, read as they are asked for."""
        query = _paged(_BLOCKS, limit, skip)
        if since is not None:
            query = query.where(block.c.study_day >= since)
        if until is not None:
            query = query.where(block.c.study_day <= until)
        return map(_past_block, self._stream(query, {"learner": learner_id}))

    def _found(self, words: str) -> tuple[ColumnElement[bool], dict[str, Any]]:
        """The condition that an answer's question has the words, and what it is called with."""
        by_id: list[ColumnElement[bool]] = [] if " " in words else [begins(response.c.question, words)]
        terms = terms_of(words)
        if not terms:
            return or_(false(), *by_id), {}
        match = tuple_(response.c.bank, response.c.question).in_(MATCHES[self._dialect])
        return or_(match, *by_id), {"words": quoted_for(self._dialect, terms)}


def _paged(query: Select[*tuple[Any, ...]], limit: int | None, skip: int) -> Select[*tuple[Any, ...]]:
    # SQLite has no OFFSET without a LIMIT; SQLAlchemy writes LIMIT -1 for it.
    query = query if limit is None else query.limit(limit)
    return query.offset(skip) if skip else query


def _conditions(wanted: AnswerFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.system:
        yield response.c.system == wanted.system
    if wanted.discipline:
        listed = literal(" ").concat(response.c.disciplines).concat(" ")
        yield listed.contains(f" {wanted.discipline} ", autoescape=True)
    if wanted.correct is not None:
        yield response.c.correct.is_(wanted.correct)
    if wanted.reason is not None:
        yield func.coalesce(response.c.reason_after, response.c.reason) == wanted.reason.value
    if wanted.since is not None:
        yield response.c.study_day >= wanted.since
    if wanted.until is not None:
        yield response.c.study_day <= wanted.until
    if wanted.block:
        yield response.c.block == wanted.block
    if wanted.fresh is not None:
        yield response.c.fresh.is_(wanted.fresh)


def _past_answer(row: AnyRow) -> PastAnswer:
    at, day, block_id, position, bank, question, objective, system, disciplines, mode, choice, *rest = row
    return PastAnswer(
        at,
        day,
        block_id,
        position,
        bank,
        question,
        objective,
        system,
        tuple(disciplines.split()),
        mode,
        choice is None,
        *rest,
    )


def _past_block(row: AnyRow) -> PastBlock:
    name, day, composed_at, mode, purpose, state, interrupted, elapsed_ms, payload = row
    asked, right = msgspec.json.decode(payload, type=_Sums).answers[:2] if payload else (None, None)
    closed = state == BlockStatus.CLOSED.value
    return PastBlock(name, day, composed_at, mode, purpose, closed, interrupted, elapsed_ms, asked, right)
