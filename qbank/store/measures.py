"""What measures a learner: the answers of blocks that were drawn like the exam, and the reserve that is left for more."""

from sqlalchemy import bindparam, func, literal, select

from qbank.core.insight.measured import MeasuredAnswer
from qbank.store.connected import Connected
from qbank.store.learning import WITH_PROGRESS
from qbank.store.rows import Purpose
from qbank.store.tables import block_sums, objective, progress, response

_earlier = response.alias()
_MEASURED = (
    # Few blocks among thousands measure; their answers are found by their block, and no others are read.
    select(
        response.c.block,
        response.c.study_day,
        response.c.system,
        response.c.correct,
        response.c.shown,
        response.c.time_ran_out,
    )
    .select_from(block_sums.join(response, response.c.block == block_sums.c.block))
    .where(
        block_sums.c.learner == bindparam("learner"),
        block_sums.c.purpose.in_([purpose.value for purpose in Purpose if purpose.measures]),
        block_sums.c.timed.is_(True),
        block_sums.c.interrupted.is_(False),
        response.c.fresh.is_(True),
        response.c.retracted.is_(False),
        ~select(literal(1))
        .where(
            _earlier.c.learner == response.c.learner,
            _earlier.c.bank == response.c.bank,
            _earlier.c.objective == response.c.objective,
            _earlier.c.at < response.c.at,
            _earlier.c.shown.is_(True),
        )
        .exists(),
    )
    .order_by(response.c.study_day, response.c.block, response.c.position)
)
_FRESH_RESERVE = (
    select(func.count())
    .select_from(WITH_PROGRESS)
    .where(
        objective.c.reserve.is_(True),
        objective.c.n_questions > 0,
        objective.c.system != "",
        func.coalesce(progress.c.n_seen, 0) == 0,
    )
)


class Measures(Connected):
    """The measuring answers of learners, and what is left to measure with."""

    __slots__ = ()

    def measured_answers(self, learner_id: str) -> list[MeasuredAnswer]:
        """What was answered in closed blocks that measure, by day, block and position; what was not reached is among it."""
        return [MeasuredAnswer(*row) for row in self._connection.execute(_MEASURED, {"learner": learner_id})]

    def fresh_reserve(self, learner_id: str) -> int:
        """How many objectives of the reserve lie in a system and have no question that was ever served."""
        return int(self._connection.execute(_FRESH_RESERVE, {"learner": learner_id}).scalar_one())
