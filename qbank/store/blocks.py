"""Blocks and who drives them.

A lease is the one thing here that is neither logged nor derived: it holds for seconds, and only its clock
outlives a crash.
"""

from datetime import date, datetime

import msgspec
from sqlalchemy import bindparam, delete, func, select, update

from qbank.core.insight.block_sums import BlockSums, Closed
from qbank.core.response import Mode
from qbank.store.connected import AnyRow, Connected
from qbank.store.questions import begins
from qbank.store.rows import BlockRow, BlockStatus, LeaseRow, Purpose
from qbank.store.tables import block, block_sums, lease

_ALL = select(block)
_BLOCK = _ALL.where(block.c.id == bindparam("block"))
_LATEST = (
    _ALL.where(block.c.learner == bindparam("learner"))
    .order_by(block.c.composed_at.desc(), block.c.id.desc())
    .limit(bindparam("limit"))
)
_OPEN = _LATEST.where(block.c.state == BlockStatus.OPEN.value)
_CLOSED = _LATEST.where(block.c.state == BlockStatus.CLOSED.value)
_LEASE = select(lease.c.block, lease.c.owner, lease.c.beat_at, lease.c.elapsed_ms).where(
    lease.c.block == bindparam("block")
)
_SUMMED = select(
    block_sums.c.block,
    block_sums.c.study_day,
    block_sums.c.timed,
    block_sums.c.purpose,
    block_sums.c.interrupted,
    block_sums.c.mixed,
    block_sums.c.mind,
    block_sums.c.payload,
)
_SUMS = _SUMMED.where(
    block_sums.c.learner == bindparam("learner"), block_sums.c.study_day >= bindparam("since")
).order_by(block_sums.c.study_day, block_sums.c.block)
_SUMS_OF = _SUMMED.where(block_sums.c.block == bindparam("block"))
_TIMED = select(func.count()).where(block_sums.c.learner == bindparam("learner"), block_sums.c.timed)
_held = (lease.c.block == bindparam("of_block")) & (lease.c.owner == bindparam("by_owner"))
_BEAT = update(lease).where(_held)
_RELEASE = delete(lease).where(_held)


class Blocks(Connected):
    """The blocks of learners."""

    __slots__ = ()

    def block(self, block_id: str) -> BlockRow | None:
        row = self._connection.execute(_BLOCK, {"block": block_id}).first()
        return None if row is None else _block_row(row)

    def put_block(self, row: BlockRow) -> None:
        """Add a block, or replace the one of that id."""
        self._put(
            block,
            {
                "id": row.id,
                "learner": row.learner,
                "mode": row.mode.value,
                "purpose": row.purpose.value,
                "state": row.state.value,
                "composed_at": row.composed_at,
                "study_day": row.study_day,
                "plan": row.plan,
                "interrupted": row.interrupted,
                "elapsed_ms": row.elapsed_ms,
                "closed_at": row.closed_at,
            },
        )

    def put_block_sums(self, learner_id: str, closed: Closed) -> None:
        """Add a closed block's sums, or replace them."""
        self._put(
            block_sums,
            {
                "block": closed.block,
                "learner": learner_id,
                "study_day": closed.study_day,
                "timed": closed.timed,
                "purpose": closed.purpose,
                "interrupted": closed.interrupted,
                "mixed": closed.mixed,
                "mind": closed.mind,
                "payload": msgspec.json.encode(closed.sums).decode(),
            },
        )

    def block_sums(self, learner_id: str, *, since: date | None = None) -> list[Closed]:
        """The sums of a learner's closed blocks, from a study day on, in the order of days."""
        names = {"learner": learner_id, "since": since or date.min}
        return [
            Closed(*row[:7], msgspec.json.decode(row[7], type=BlockSums))
            for row in self._connection.execute(_SUMS, names)
        ]

    def block_sums_of(self, block_id: str) -> Closed | None:
        row = self._connection.execute(_SUMS_OF, {"block": block_id}).first()
        return None if row is None else Closed(*row[:7], msgspec.json.decode(row[7], type=BlockSums))

    def timed_blocks(self, learner_id: str) -> int:
        """How many timed blocks the learner has closed."""
        return int(self._connection.execute(_TIMED, {"learner": learner_id}).scalar_one())

    def open_block(self, learner_id: str) -> BlockRow | None:
        """The learner's open block; of several, the one composed last."""
        row = self._connection.execute(_OPEN, {"learner": learner_id, "limit": 1}).first()
        return None if row is None else _block_row(row)

    def closed_block(self, learner_id: str) -> BlockRow | None:
        """Of the learner's closed blocks the one composed last."""
        row = self._connection.execute(_CLOSED, {"learner": learner_id, "limit": 1}).first()
        return None if row is None else _block_row(row)

    def blocks(self, learner_id: str, limit: int = 20) -> list[BlockRow]:
        """A learner's latest blocks, the latest first."""
        rows = self._connection.execute(_LATEST, {"learner": learner_id, "limit": limit})
        return [_block_row(row) for row in rows]

    def find_blocks(self, learner_id: str, beginning: str, limit: int = 20) -> list[BlockRow]:
        """The learner's blocks whose id begins so, the latest first; A-Z and a-z are the same."""
        query = _LATEST.where(begins(block.c.id, beginning))
        rows = self._connection.execute(query, {"learner": learner_id, "limit": limit})
        return [_block_row(row) for row in rows]

    def lease(self, block_id: str) -> LeaseRow | None:
        """Who drives the block, or drove it last without giving it back."""
        row = self._connection.execute(_LEASE, {"block": block_id}).first()
        return None if row is None else LeaseRow(*row)

    def take_lease(self, block_id: str, owner: str, now: datetime, elapsed_ms: int) -> None:
        """Drive the block from now on, whoever drove it before."""
        self._put(lease, {"block": block_id, "owner": owner, "beat_at": now, "elapsed_ms": elapsed_ms})

    def beat(self, block_id: str, owner: str, now: datetime, elapsed_ms: int) -> bool:
        """Note that `owner` still drives the block; False, and nothing noted, when they do not."""
        values = {"of_block": block_id, "by_owner": owner, "beat_at": now, "elapsed_ms": elapsed_ms}
        return self._connection.execute(_BEAT, values).rowcount == 1

    def release(self, block_id: str, owner: str) -> None:
        """Give the block back, if `owner` drives it."""
        self._connection.execute(_RELEASE, {"of_block": block_id, "by_owner": owner})


def _block_row(row: AnyRow) -> BlockRow:
    return BlockRow(
        row.id,
        row.learner,
        Mode(row.mode),
        Purpose(row.purpose),
        BlockStatus(row.state),
        row.composed_at,
        row.study_day,
        row.plan,
        row.interrupted,
        row.elapsed_ms,
        row.closed_at,
    )
