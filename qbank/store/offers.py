"""What a block is composed from, without the rows that cannot come into it: for banks too large to be read whole.

What was never met is counted by kind, and found by its rank in it. Of what was met, each objective may hold a ceiling:
what its score cannot exceed. One whose memory or place has changed since has none, and must always be read.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    Update,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    not_,
    or_,
    select,
    update,
)

from qbank.core.serving import REPEAT_DAYS
from qbank.store.connected import ROWS_AT_A_TIME, AnyRow, Connected, batches, by_bank
from qbank.store.learning import CANDIDATE, WITH_PROGRESS
from qbank.store.tables import ceilings, learner, objective, progress

READ_AHEAD = 100
"""Rows that are fetched at once where few may be wanted."""


class Offered(NamedTuple):
    """Whose objectives are meant, on which study day, and what of them is left out: banks, and (bank, id) pairs."""

    learner: str
    on: date
    without_banks: tuple[str, ...] = ()
    without: frozenset[tuple[str, str]] = frozenset()

    @property
    def names(self) -> dict[str, Any]:
        return {
            "learner": self.learner,
            "today": self.on,
            "rested": self.on - timedelta(days=REPEAT_DAYS),
        }


class Offers(Connected):
    """Reading what may come into a block by kind, by rank and by ceiling. The reserve is never part of it."""

    __slots__ = ()

    def holds_objectives(self, count: int) -> bool:
        """Whether there are at least so many objectives, live or not; found without counting all."""
        query: Select[*tuple[Any, ...]] = (
            select(literal_column("1")).select_from(objective).limit(1).offset(count - 1)
        )
        return self._connection.execute(query).first() is not None

    def kind_counts(self, offered: Offered) -> Sequence[AnyRow]:
        """(bank, system, section, disciplines, likelihood, met, fresh) of each kind of live objective in each bank.

        `fresh` of the objectives were never reviewed and may come.
        """
        return self._connection.execute(_left(_counts(), offered), offered.names).all()

    def unmet_at(
        self, offered: Offered, kind: tuple[str, str, str, str], banks: Collection[str], ranks: Sequence[int]
    ) -> list[tuple[Any, ...]]:
        """Candidates by their ranks, by (bank, id), among those of a kind that `kind_counts` calls fresh.

        `kind` is (system, section, disciplines, likelihood).
        """
        numbered = _left(_unmet(), offered).subquery()
        query = select(numbered).where(numbered.c.place.in_(bindparam("ranks", expanding=True)))
        of = dict(zip(("system", "section", "disciplines", "likelihood"), kind, strict=True))
        names = offered.names | of | {"banks": sorted(banks), "ranks": sorted(set(ranks))}
        found = {row[-1]: tuple(row)[:-1] for row in self._connection.execute(query, names)}
        return [found[rank] for rank in ranks]

    def named(self, offered: Offered, names: Collection[tuple[str, str]]) -> list[AnyRow]:
        """The candidates of these (bank, id) that are live."""
        found: list[AnyRow] = []
        for bank_id, some in by_bank(sorted(names)):
            these = and_(objective.c.bank == bank_id, objective.c.id.in_(some))
            query = select(*CANDIDATE).select_from(WITH_PROGRESS).where(_live, these)
            found += self._connection.execute(_left(query, offered), offered.names)
        return found

    def met_without_ceiling(self, offered: Offered) -> Sequence[AnyRow]:
        """Candidates that were reviewed, may come, and have no ceiling."""
        query = _left(_met(), offered).where(progress.c.ceiling_of.is_(None))
        return self._connection.execute(query, offered.names).all()

    def met_by_ceiling(self, offered: Offered, system: str) -> Iterator[tuple[float, tuple[Any, ...]]]:
        """(ceiling, candidate) of those of a system that may come, highest first, fetched as they are asked for."""
        query = _left(_met().add_columns(progress.c.ceiling), offered)
        query = query.where(progress.c.ceiling_of == bindparam("system")).order_by(progress.c.ceiling.desc())
        options = {"yield_per": READ_AHEAD}
        names = offered.names | {"system": system}
        with self._connection.execute(query, names, execution_options=options) as result:
            for row in result:
                yield row[-1], tuple(row)[:-1]

    def met(self, learner_id: str) -> Iterator[AnyRow]:
        """Every candidate that was reviewed, live or not, in the reserve or not."""
        return self._stream(_met_at_all(), {"learner": learner_id})

    def ceilings(self, learner_id: str) -> str | None:
        """What the learner's ceilings were reckoned by; None when there are none."""
        found = self._connection.execute(select(ceilings.c.payload).where(ceilings.c.learner == learner_id))
        return found.scalar()

    def put_ceilings(
        self, learner_id: str, payload: str, found: Iterable[tuple[str, str, str, float]]
    ) -> None:
        """Set all of a learner's ceilings anew, as (bank, objective, system, ceiling), and what they were reckoned by."""
        self._put(ceilings, {"learner": learner_id, "payload": payload})
        self._connection.execute(_unbounded().where(progress.c.learner == learner_id))
        rows = (
            {
                "of_learner": learner_id,
                "of_bank": bank,
                "of_objective": name,
                "ceiling_of": system,
                "ceiling": top,
            }
            for bank, name, system, top in found
        )
        while some := list(islice(rows, ROWS_AT_A_TIME)):
            self._connection.execute(_bounded(), some)

    def forget_ceilings(self, bank_id: str, objectives: Sequence[str]) -> None:
        """Take the ceilings of a bank's objectives away, as when their place in the exam has changed."""
        for learner_id in self._connection.execute(select(learner.c.id)).scalars().all():
            for some in batches(objectives):
                these = and_(
                    progress.c.learner == learner_id,
                    progress.c.bank == bank_id,
                    progress.c.objective.in_(some),
                )
                self._connection.execute(_unbounded().where(these))


_live = and_(objective.c.n_questions > 0, objective.c.reserve.is_(False))
_n_unseen = objective.c.n_questions - func.coalesce(progress.c.n_seen, 0)
_may_come = or_(_n_unseen != 0, progress.c.oldest_day <= bindparam("rested"))


def _left(query: Select[*tuple[Any, ...]], offered: Offered) -> Select[*tuple[Any, ...]]:
    each = (and_(objective.c.bank == bank, objective.c.id == name) for bank, name in sorted(offered.without))
    left_out: list[ColumnElement[bool]] = [not_(one) for one in each]
    if offered.without_banks:
        left_out.append(objective.c.bank.not_in(offered.without_banks))
    return query.where(*left_out)


@cache
def _counts() -> Select[*tuple[Any, ...]]:
    kind = (
        objective.c.system,
        objective.c.section,
        objective.c.disciplines,
        objective.c.likelihood,
        objective.c.bank,
    )
    fresh = case((and_(progress.c.kept.is_(None), _may_come), 1), else_=0)
    return (
        select(
            objective.c.bank,
            *kind[:-1],
            func.count(progress.c.last_day),
            func.sum(fresh),
        )
        .select_from(WITH_PROGRESS)
        .where(_live)
        .group_by(*kind)
    )


@cache
def _unmet() -> Select[*tuple[Any, ...]]:
    place = func.row_number().over(order_by=(objective.c.bank, objective.c.id)) - 1
    return (
        select(*CANDIDATE, place.label("place"))
        .select_from(WITH_PROGRESS)
        .where(
            _live,
            objective.c.system == bindparam("system"),
            objective.c.section == bindparam("section"),
            objective.c.disciplines == bindparam("disciplines"),
            objective.c.likelihood == bindparam("likelihood"),
            objective.c.bank.in_(bindparam("banks", expanding=True)),
            progress.c.kept.is_(None),
            _may_come,
        )
    )


@cache
def _met_at_all() -> Select[*tuple[Any, ...]]:
    of = and_(objective.c.bank == progress.c.bank, objective.c.id == progress.c.objective)
    return (
        select(*CANDIDATE)
        .select_from(progress.join(objective, of))
        .where(progress.c.learner == bindparam("learner"), progress.c.kept.is_not(None))
    )


@cache
def _met() -> Select[*tuple[Any, ...]]:
    return _met_at_all().where(_live, progress.c.last_day < bindparam("today"), _may_come)


@cache
def _bounded() -> Update:
    return (
        update(progress)
        .where(
            progress.c.learner == bindparam("of_learner"),
            progress.c.bank == bindparam("of_bank"),
            progress.c.objective == bindparam("of_objective"),
        )
        .values(ceiling_of=bindparam("ceiling_of"), ceiling=bindparam("ceiling"))
    )


@cache
def _unbounded() -> Update:
    return update(progress).where(progress.c.ceiling_of.is_not(None)).values(ceiling_of=None, ceiling=None)
