"""`qbank ready` on a store of 50,000 answers in 2,500 blocks, of which some measure."""

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from compose_bench import _workspace
from measure import Ratio, medians, process_ms, temporary

from qbank.app.sums_fold import put_block_sums
from qbank.app.workspace import Workspace
from qbank.core.question import ServedItem
from qbank.core.response import Mode, Rating, Response
from qbank.store.rows import BlockRow, BlockStatus, Purpose, QuestionUse, ResponseRow

RUNS = 7
BLOCKS, SIZE, MEASURING, OBJECTIVES = 2_500, 20, 20, 5_000
PROGRAM = (sys.executable, "-c", "from qbank.cli.main import main; main()")


def measure() -> Iterator[Ratio]:
    """The whole command against `qbank status` on the same store."""
    with temporary() as home:
        workspace = _workspace(home, OBJECTIVES)
        _practise(workspace)
        workspace.close()
        base = (*PROGRAM, "--home", home)
        times = medians(RUNS, lambda: process_ms((*base, "ready")), lambda: process_ms((*base, "status")))
    name = f"Ready after {BLOCKS * SIZE} answers, {MEASURING * SIZE} of them measuring"
    yield Ratio(name, times[0], "status on the same store", times[1], 2.0)


def _practise(workspace: Workspace) -> None:
    """Blocks of the last eight weeks; those that measure come first, on objectives that no other block asks."""
    draw = random.Random(1)
    systems = [area.id for area in workspace.exam.areas("system", workspace.exam_day)]
    began = datetime.now(UTC) - timedelta(days=56)
    with workspace.store.begin() as tx:
        for number in range(BLOCKS):
            at = began + timedelta(days=56) * (number / BLOCKS)
            purpose = Purpose.ASSESS if number < MEASURING else Purpose.DRILL
            block, learner = f"bench-{number:05}", workspace.learner.id
            plan = {"expected": [0.6] * SIZE, "picks": [{"pad": "x" * 200}] * SIZE}
            tx.put_block(
                BlockRow(block, learner, Mode.TIMED, purpose, BlockStatus.CLOSED, at, at.date(), plan)
            )
            for position in range(SIZE):
                which = number * SIZE + position
                if purpose is Purpose.DRILL:
                    which = MEASURING * SIZE + draw.randrange(OBJECTIVES - MEASURING * SIZE)
                item = ServedItem("bench", f"question-{which}", "v", f"objective-{which}", 0, tuple("abcde"))
                right = draw.random() < 0.65
                given = Response(
                    block, position, item, Mode.TIMED, "b" if right else "a", right, 60_000, at, at.date()
                )
                fresh = purpose is Purpose.ASSESS
                tx.put_response(
                    ResponseRow(
                        learner,
                        given,
                        f"event-{which}",
                        draw.choice(systems),
                        "",
                        (),
                        Rating.GOOD,
                        fresh,
                        fresh,
                    )
                )
                tx.put_question_use(
                    QuestionUse(learner, "bench", item.question, item.objective, 1, at.date(), right)
                )
            put_block_sums(tx, block)
