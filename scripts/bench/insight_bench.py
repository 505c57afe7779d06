"""The commands that read the log back, on a store of 50,000 answers, against `qbank status` on the same store."""

import sys
from collections.abc import Iterator

from compose_bench import _answer, _workspace
from measure import Ratio, medians, process_ms, temporary

RUNS = 7
ANSWERS, OBJECTIVES = 50_000, 600
PROGRAM = (sys.executable, "-c", "from qbank.cli.main import main; main()")
BOUND = 2.0
MEASURED = {
    "history": ("history",),
    "history --missed, which nothing is": ("history", "--missed"),
    "history by words": ("history", "right", "17"),
    "history --blocks": ("history", "--blocks"),
}


def measure() -> Iterator[Ratio]:
    """Each command as a whole process; status reads running totals, so what grows with the log shows at once."""
    with temporary() as home:
        workspace = _workspace(home, OBJECTIVES)
        _answer(workspace, OBJECTIVES, ANSWERS)
        workspace.close()
        base = (*PROGRAM, "--home", home)
        runs = [
            lambda words=words: process_ms((*base, *words)) for words in (("status",), *MEASURED.values())
        ]
        status, *times = medians(RUNS, *runs)
    for name, took in zip(MEASURED, times, strict=True):
        yield Ratio(f"{name}, after {ANSWERS} answers", took, "status on the same store", status, BOUND)
