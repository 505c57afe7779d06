"""The final responses: what each answer was, and what was made of it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Text, bindparam, false, func, literal, select, type_coerce, union_all

from qbank.core.exam_model import Place
from qbank.core.history import Answered
from qbank.core.question import ServedItem
from qbank.core.response import Change, Confidence, MissReason, Mode, Rating, Response
from qbank.store.connected import AnyRow, Connected
from qbank.store.rows import ResponseRow
from qbank.store.tables import block, imported_review, response

_IN_TIME = (response.c.at, response.c.block, response.c.position)
_IN_LOG = (response.c.at, response.c.event, response.c.position)
_ALL = select(response)
_OF_OBJECTIVE = _ALL.where(
    response.c.learner == bindparam("learner"),
    response.c.bank == bindparam("bank"),
    response.c.objective == bindparam("objective"),
).order_by(*_IN_LOG)
_OF_BLOCK = _ALL.where(response.c.block == bindparam("block")).order_by(response.c.position)
_earlier = response.alias()
_MET_BEFORE = select(response.c.position).where(
    response.c.block == bindparam("block"),
    select(literal(1))
    .where(
        _earlier.c.learner == response.c.learner,
        _earlier.c.bank == response.c.bank,
        _earlier.c.objective == response.c.objective,
        _earlier.c.at < response.c.at,
        _earlier.c.shown.is_(True),
    )
    .exists(),
)
_MISREAD = select(response.c.bank, response.c.objective).where(
    response.c.learner == bindparam("learner"),
    response.c.at >= bindparam("since"),
    response.c.study_day >= bindparam("day"),
    func.coalesce(response.c.reason_after, response.c.reason) == MissReason.MISREAD.value,
    response.c.retracted.is_(False),
)
_CALLED_MISREAD = (
    select(literal(1))
    .where(
        response.c.learner == bindparam("learner"),
        response.c.bank == bindparam("bank"),
        response.c.objective == bindparam("objective"),
        func.coalesce(response.c.reason_after, response.c.reason) == MissReason.MISREAD.value,
        response.c.correct.is_(False),
        response.c.retracted.is_(False),
        response.c.rating.is_not(None),
    )
    .limit(1)
)
_COUNTED = (
    select(
        response.c.bank,
        response.c.objective,
        response.c.at,
        response.c.event,
        response.c.study_day,
        response.c.system,
        response.c.section,
        response.c.disciplines,
        response.c.correct,
        response.c.confidence,
        response.c.fresh,
        # Only the first of an objective is worth decoding.
        type_coerce(response.c.detail, Text),
    )
    .where(
        response.c.learner == bindparam("learner"),
        response.c.retracted.is_(False),
        response.c.rating.is_not(None),
    )
    .order_by(*_IN_LOG)
)
_RATED = (
    select(
        response.c.bank,
        response.c.objective,
        response.c.question,
        response.c.study_day,
        response.c.rating,
        response.c.correct,
        func.coalesce(
            func.coalesce(response.c.reason_after, response.c.reason) == MissReason.MISREAD.value, false()
        ),
    )
    .where(
        response.c.learner == bindparam("learner"),
        response.c.retracted.is_(False),
        response.c.rating.is_not(None),
    )
    .order_by(response.c.bank, response.c.objective, *_IN_LOG)
)
_ANY_IMPORTED = select(literal(1)).where(imported_review.c.learner == bindparam("learner")).limit(1)
_rated_here = _RATED.order_by(None).add_columns(
    response.c.at.label("at"),
    response.c.event.label("event"),
    response.c.at.label("reviewed_at"),
    response.c.position.label("position"),
)
_rated_elsewhere = select(
    imported_review.c.bank,
    imported_review.c.objective,
    imported_review.c.question,
    imported_review.c.study_day,
    imported_review.c.rating,
    imported_review.c.rating > Rating.AGAIN.value,
    false(),
    imported_review.c.at,
    imported_review.c.event,
    imported_review.c.reviewed_at,
    literal(0),
).where(imported_review.c.learner == bindparam("learner"))
_anywhere = union_all(_rated_here, _rated_elsewhere).subquery()
_RATED_ANYWHERE = select(_anywhere).order_by(
    _anywhere.c.bank,
    _anywhere.c.objective,
    _anywhere.c.at,
    _anywhere.c.event,
    _anywhere.c.reviewed_at,
    _anywhere.c.position,
)
_LAST_ELAPSED = (
    select(response.c.elapsed_ms)
    .where(
        response.c.learner == bindparam("learner"), response.c.shown.is_(True), response.c.choice.is_not(None)
    )
    .order_by(response.c.at.desc(), response.c.block.desc(), response.c.position.desc())
    .limit(bindparam("limit"))
)
_BEFORE = select(func.count()).where(
    response.c.learner == bindparam("learner"),
    response.c.at < bindparam("before"),
    response.c.at >= bindparam("since"),
    response.c.study_day == bindparam("day"),
    response.c.shown.is_(True),
)
_PACED = (
    select(response.c.elapsed_ms)
    .select_from(response.join(block, response.c.block == block.c.id))
    .where(
        response.c.learner == bindparam("learner"),
        response.c.at < bindparam("before"),
        response.c.shown.is_(True),
        response.c.choice.is_not(None),
        block.c.interrupted.is_(False),
    )
    .order_by(response.c.at.desc(), response.c.block.desc(), response.c.position.desc())
    .limit(bindparam("limit"))
)
_LATEST = (
    _ALL.where(
        response.c.learner == bindparam("learner"),
        response.c.retracted.is_(False),
        response.c.shown.is_(True),
    )
    .order_by(response.c.at.desc(), response.c.block.desc(), response.c.position.desc())
    .limit(1)
)


class FirstAnswer(NamedTuple):
    """The first response to an objective that counts, with what it tells the belief."""

    at: datetime
    event: str
    study_day: date
    place: Place
    correct: bool
    confidence: str | None
    fresh: bool
    option_order: tuple[str, ...]


class _Served(msgspec.Struct):
    option_order: tuple[str, ...]


class Responses(Connected):
    """The responses of learners."""

    __slots__ = ()

    def put_response(self, row: ResponseRow) -> None:
        """Add a response, or replace the one at its place in its block, which must be stored."""
        self._put(response, _values(row))

    def responses(
        self,
        learner_id: str,
        *,
        since: datetime | None = None,
        mode: Mode | None = None,
        assess: bool | None = None,
        fresh: bool | None = None,
        retracted: bool | None = None,
    ) -> Iterator[ResponseRow]:
        """A learner's responses by (time, block, position) that meet every filter, read as asked for."""
        query = _ALL.where(response.c.learner == learner_id)
        if since is not None:
            query = query.where(response.c.at >= since)
        if mode is not None:
            query = query.where(response.c.mode == mode.value)
        for column, wanted in (
            (response.c.assess, assess),
            (response.c.fresh, fresh),
            (response.c.retracted, retracted),
        ):
            if wanted is not None:
                query = query.where(column.is_(wanted))
        return map(_response_row, self._stream(query.order_by(*_IN_TIME)))

    def responses_of_objective(self, learner_id: str, bank_id: str, objective_id: str) -> list[ResponseRow]:
        """A learner's responses to the questions of one objective, in the order of the log."""
        names = {"learner": learner_id, "bank": bank_id, "objective": objective_id}
        return [_response_row(row) for row in self._connection.execute(_OF_OBJECTIVE, names)]

    def first_answers(self, learner_id: str) -> Iterator[FirstAnswer]:
        """The first response of each objective that is rated and not taken back, in the order of the log."""
        met: set[tuple[str, str]] = set()
        for row in self._connection.execute(_COUNTED, {"learner": learner_id}):
            bank, objective, at, event, day, system, section, disciplines, correct, said, fresh, detail = row
            if (bank, objective) not in met:
                met.add((bank, objective))
                place = Place(system, section, tuple(disciplines.split()))
                served = msgspec.json.decode(detail, type=_Served)
                yield FirstAnswer(at, event, day, place, correct, said, fresh, served.option_order)

    def rated_answers(self, learner_id: str) -> Iterator[tuple[tuple[str, str], list[Answered]]]:
        """Of each objective, by (bank, id), the answers that are rated and not taken back, in the order of the log.

        Reviews that came from another program are among them, by the time of their import.
        """
        names = {"learner": learner_id}
        imported = self._connection.execute(_ANY_IMPORTED, names).first() is not None
        rows = self._stream(_RATED_ANYWHERE if imported else _RATED, names)
        for objective, answers in groupby(rows, itemgetter(0, 1)):
            yield (
                objective,
                [
                    Answered(question, day, rating, correct, bool(misread) and not correct)
                    for _, _, question, day, rating, correct, misread, *_ in answers
                ],
            )

    def is_called_misread(self, learner_id: str, bank_id: str, objective_id: str) -> bool:
        """Whether a miss of this objective that counts is called misread."""
        names = {"learner": learner_id, "bank": bank_id, "objective": objective_id}
        return self._connection.execute(_CALLED_MISREAD, names).first() is not None

    def responses_of_block(self, block_id: str) -> list[ResponseRow]:
        """The final responses of one block, by position."""
        return [_response_row(row) for row in self._connection.execute(_OF_BLOCK, {"block": block_id})]

    def met_before(self, block_id: str) -> set[int]:
        """The positions in a block whose objective had been answered before, taken back or not."""
        return set(self._connection.execute(_MET_BEFORE, {"block": block_id}).scalars())

    def latest_response(self, learner_id: str) -> ResponseRow | None:
        """The learner's latest response whose score still counts and that was shown to them."""
        row = self._connection.execute(_LATEST, {"learner": learner_id}).first()
        return None if row is None else _response_row(row)

    def misread_since(self, learner_id: str, since: datetime, day: date) -> set[tuple[str, str]]:
        """(bank, objective) of the misses that the learner calls misread, from that time and that study day on."""
        names = {"learner": learner_id, "since": since, "day": day}
        return {(row.bank, row.objective) for row in self._connection.execute(_MISREAD, names)}

    def last_elapsed(self, learner_id: str, limit: int = 200) -> list[int]:
        """Milliseconds on screen of the latest answers, the latest first; blanks do not count."""
        names = {"learner": learner_id, "limit": limit}
        return list(self._connection.execute(_LAST_ELAPSED, names).scalars().all())

    def answers_before(self, learner_id: str, day: date, before: datetime) -> int:
        """How many questions the learner was shown on a study day before a time."""
        names = {"learner": learner_id, "day": day, "before": before, "since": before - timedelta(days=1)}
        return int(self._connection.execute(_BEFORE, names).scalar_one())

    def elapsed_before(self, learner_id: str, before: datetime, limit: int) -> list[int]:
        """The same of the latest answers before that time, without interrupted blocks, whose clock stood for a while."""
        names = {"learner": learner_id, "before": before, "limit": limit}
        return list(self._connection.execute(_PACED, names).scalars().all())


def _values(row: ResponseRow) -> dict[str, Any]:
    given, item = row.response, row.response.item
    return {
        "block": given.block,
        "position": given.position,
        "learner": row.learner,
        "event": row.event,
        "at": given.at,
        "study_day": given.study_day,
        "bank": item.bank,
        "objective": item.objective,
        "question": item.question,
        "version": item.version,
        "system": row.system,
        "section": row.section,
        "disciplines": " ".join(row.disciplines),
        "mode": given.mode.value,
        "choice": given.choice,
        "correct": given.correct,
        "elapsed_ms": given.elapsed_ms,
        "shown": given.shown,
        "time_ran_out": given.time_ran_out,
        "marked": given.marked,
        "confidence": given.confidence and given.confidence.value,
        "reason": given.reason and given.reason.value,
        "reason_after": given.reason_after and given.reason_after.value,
        "rating": row.rating and row.rating.value,
        "fresh": row.fresh,
        "assess": row.assess,
        "retracted": row.retracted,
        "rapid": row.rapid,
        "detail": {
            "seed": item.seed,
            "option_order": item.option_order,
            "generator": item.generator,
            "changes": [[change.before, change.after, change.at_ms] for change in given.changes],
            "struck": given.struck,
            "note": given.note,
        },
    }


def _response_row(row: AnyRow) -> ResponseRow:
    return ResponseRow(
        learner=row.learner,
        response=_response(row),
        event=row.event,
        system=row.system,
        section=row.section,
        disciplines=tuple(row.disciplines.split()),
        rating=None if row.rating is None else Rating(row.rating),
        fresh=row.fresh,
        assess=row.assess,
        rapid=row.rapid,
        retracted=row.retracted,
    )


def _response(row: AnyRow) -> Response:
    detail = row.detail
    return Response(
        block=row.block,
        position=row.position,
        item=ServedItem(
            row.bank,
            row.question,
            row.version,
            row.objective,
            detail["seed"],
            tuple(detail["option_order"]),
            detail["generator"],
        ),
        mode=Mode(row.mode),
        choice=row.choice,
        correct=row.correct,
        elapsed_ms=row.elapsed_ms,
        at=row.at,
        study_day=row.study_day,
        shown=row.shown,
        time_ran_out=row.time_ran_out,
        changes=tuple(Change(*change) for change in detail["changes"]),
        struck=tuple(detail["struck"]),
        marked=row.marked,
        confidence=row.confidence and Confidence(row.confidence),
        reason=row.reason and MissReason(row.reason),
        reason_after=row.reason_after and MissReason(row.reason_after),
        note=detail["note"],
    )
