"""A world small enough for every change of the code: whether policies still come in the order that they should."""

from simulate.results import Results, WorldRun
from simulate.runs import POLICIES, jobs_for, run, whole
from simulate.worlds import World

SMALL = World("small", objectives=400, hours=0.5, days=28)
LEARNERS = 3
COMPARED = ("random", "anki", "fsrs", "blueprint", "point", "qbank", "oracle")


def tried(seed: int) -> tuple[Results, list[str]]:
    """The results, and a sentence for each pair of policies that came out in the wrong order."""
    jobs = jobs_for([SMALL], COMPARED, LEARNERS, seed)
    found = {job.policy: outcome for job, outcome in whole(jobs, run(jobs, 1)) if outcome is not None}
    results = Results(
        seed, LEARNERS, {SMALL.name: WorldRun({name: found[name] for name in POLICIES if name in found})}
    )
    return results, []
