"""`qbank plan`, with three other plans beside it, on a store of thousands of answers and objectives."""

import sys
from collections.abc import Iterator
from datetime import timedelta

from compose_bench import _answer, _workspace
from measure import Ratio, medians, process_ms, temporary

RUNS = 7
ANSWERS = OBJECTIVES = 5_000
PROGRAM = (sys.executable, "-c", "from qbank.cli.main import main; main()")


def measure() -> Iterator[Ratio]:
    """The whole command against `qbank status`, which reads the same store and plans nothing; and each what-if's part."""
    with temporary() as home:
        workspace = _workspace(home, OBJECTIVES)
        _answer(workspace, OBJECTIVES, ANSWERS)
        later = workspace.exam_day + timedelta(days=28)
        workspace.close()
        tried = [f"--what-if={one}" for one in ("minutes=90", "days=5", f"date={later}")]
        base = (*PROGRAM, "--home", home)
        times = medians(
            RUNS,
            lambda: process_ms((*base, "plan")),
            lambda: process_ms((*base, "plan", *tried)),
            lambda: process_ms((*base, "status")),
        )
    name = f"Plan after {ANSWERS} answers to {OBJECTIVES} objectives"
    yield Ratio(name, times[0], "status on the same store", times[2], 2.0)
    yield Ratio(f"{name}, with {len(tried)} what-ifs", times[1], "status on the same store", times[2], 3.0)
