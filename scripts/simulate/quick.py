"""A world small enough for every change of the code: whether policies still come in the order that they should."""

from collections.abc import Sequence

import numpy as np

from simulate.results import Results, WorldRun
from simulate.runs import POLICIES, jobs_for, run, whole
from simulate.worlds import World

SMALL = World("small", objectives=400, hours=0.5, days=28)
LEARNERS = 8

ORDER = (
    ("oracle", "qbank"),
    ("oracle", "point"),
    ("qbank", "point"),
    ("point", "blueprint"),
    ("blueprint", "random"),
    ("random", "anki"),
)
"""(better, worse) that so few learners in so small a world tell apart whatever the seed."""


def tried(seed: int, order: Sequence[tuple[str, str]] = ORDER) -> tuple[Results, list[str]]:
    """The results, and a sentence for each pair of policies that came out the other way round."""
    asked = [name for name in POLICIES if any(name in pair for pair in order)]
    jobs = jobs_for([SMALL], asked, LEARNERS, seed)
    found = {job.policy: outcome for job, outcome in whole(jobs, run(jobs, 1)) if outcome is not None}
    percent = {name: float(np.mean(outcome.percent)) for name, outcome in found.items()}
    faults = [
        f"{better} should end above {worse}, and did not: {percent[better]:.2f} % and {percent[worse]:.2f} %."
        for better, worse in order
        if percent[better] <= percent[worse]
    ]
    return Results(seed, LEARNERS, {SMALL.name: WorldRun(found)}), faults
