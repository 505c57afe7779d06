"""What is read from the log, on a store of 50,000 answers, against `qbank status` on the same store."""

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from compose_bench import _answer, _workspace
from measure import Ratio, medians, process_ms, temporary

from qbank.app.workspace import Workspace
from qbank.core.insight.block_sums import Answered, Closed, block_sums
from qbank.core.response import Confidence, Mode
from qbank.store.rows import BlockRow, BlockStatus, Purpose

RUNS = 7
ANSWERS, OBJECTIVES, BLOCK = 50_000, 5_000, 40
DAYS = 200
BOUND = 2.0
MEASURED = {
    "progress": ("progress",),
    "diagnose": ("diagnose",),
    "bank items": ("bank", "items"),
    "history": ("history",),
    "history --missed, which nothing is": ("history", "--missed"),
    "history by words": ("history", "right", "17"),
    "history --blocks": ("history", "--blocks"),
}
PROGRAM = (sys.executable, "-c", "from qbank.cli.main import main; main()")


def measure() -> Iterator[Ratio]:
    """Each command as a whole process; status reads running totals, so what grows with the log shows at once."""
    with temporary() as home:
        workspace = _workspace(home, OBJECTIVES)
        _answer(workspace, OBJECTIVES, ANSWERS)
        _close_blocks(workspace)
        workspace.close()
        base = (*PROGRAM, "--home", home)
        runs = [
            lambda words=words: process_ms((*base, *words)) for words in (("status",), *MEASURED.values())
        ]
        status, *times = medians(RUNS, *runs)
    for name, took in zip(MEASURED, times, strict=True):
        yield Ratio(f"{name}, after {ANSWERS} answers", took, "status on the same store", status, BOUND)


def _close_blocks(workspace: Workspace) -> None:
    """The answers once more as the sums of closed blocks, which is what insight reads."""
    draw = random.Random(3)
    systems = [area.id for area in workspace.exam.areas("system", workspace.exam_day)]
    disciplines = sorted(workspace.exam.known_areas("discipline"))
    learner, began = workspace.learner.id, datetime.now(UTC) - timedelta(days=DAYS)
    count = ANSWERS // BLOCK
    with workspace.store.begin() as tx:
        for number in range(count):
            at = began + timedelta(days=DAYS) * (number / count)
            name = f"bench-block-{number}"
            tx.put_block(
                BlockRow(
                    name, learner, Mode.TIMED, Purpose.DRILL, BlockStatus.CLOSED, at, at.date(), {"picks": []}
                )
            )
            answers = [_answered(draw, systems, disciplines, number / count) for _ in range(BLOCK)]
            sums = block_sums(answers, 0)
            closed = Closed(name, at.date(), True, Purpose.DRILL.value, False, True, None, sums)
            tx.put_block_sums(learner, closed)


def _answered(draw: random.Random, systems: list[str], disciplines: list[str], learned: float) -> Answered:
    at = min(int(draw.random() ** 1.3 * len(systems)), len(systems) - 1)
    expected = 0.4 + 0.2 * learned + 0.3 * draw.random()
    correct = draw.random() < expected
    return Answered(
        system=systems[at],
        disciplines=tuple(draw.sample(disciplines, 2)),
        correct=correct,
        expected=expected,
        fresh=draw.random() < 0.3,
        shown=True,
        blank=False,
        ms=int(1000 * draw.uniform(20, 120)),
        rapid=False,
        confidence=draw.choice([None, *Confidence]),
        reason=None,
        first_right=None,
    )
