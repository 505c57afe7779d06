"""Runs policies in worlds, learners in chunks over processes; every learner comes out alike however it is divided."""

import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing import get_context

from simulate import lookahead, policies
from simulate.bound import relaxed_bound
from simulate.results import Bin, Checked, Outcome, binned, joined
from simulate.study import Policy, study
from simulate.summary import ORACLE, RANDOM
from simulate.under_test import Qbank, published_blueprint
from simulate.worlds import World, draw_learners

CHUNK = 10
"""Learners who are computed together, whatever the number of processes."""

BOUND = "bound"

POLICIES: dict[str, Callable[[], Policy]] = {
    RANDOM: policies.RandomPass,
    "anki": policies.AnkiOrder,
    "fsrs": policies.FsrsDue,
    "leitner": policies.Leitner,
    "sm2": policies.Sm2,
    "blueprint": policies.Blueprint,
    "flags": policies.Flagged,
    "point": policies.PointGain,
    "filter": lookahead.RecallFilter,
    "filter-index": lookahead.IndexedFilter,
    "qbank": Qbank,
    "qbank-confidence": lambda: Qbank(confidence=True),
    "qbank-whole": lambda: Qbank(whole=True),
    "qbank-told": lambda: Qbank(whole=True, told=True),
    "after-asking": policies.AfterAsking,
    ORACLE: policies.Oracle,
}
"""By the name they are asked for with, in the order of the tables."""

EXTRA = ("qbank-confidence", "qbank-told")
"""Are run in the first world only, unless asked for."""


@dataclass(frozen=True)
class Job:
    """One policy, or the bound, for a chunk of learners in a world."""

    world: World
    policy: str
    first: int
    count: int
    seed: int


def jobs_for(
    worlds: Sequence[World], wanted: Sequence[str], learners: int, seed: int, chunk: int = CHUNK
) -> list[Job]:
    """In the order of the worlds; within one, policies as wanted."""
    return [
        Job(world, policy, first, min(chunk, learners - first), seed)
        for world in worlds
        for policy in wanted
        for first in range(0, learners, chunk)
    ]


def run(jobs: Sequence[Job], processes: int) -> Iterator[tuple[Job, Outcome | None]]:
    """Each job with its outcome (of the bound only the percent; None where there is none), as they come."""
    if processes <= 1:
        for job in jobs:
            yield job, done(job)
        return
    # A chunk takes minutes: an interrupt ends it at once, and not when it is done.
    with ProcessPoolExecutor(
        processes,
        get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_DFL),
    ) as pool:
        futures = {pool.submit(done, job): job for job in jobs}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def whole(
    jobs: Sequence[Job], outcomes: Iterator[tuple[Job, Outcome | None]]
) -> Iterator[tuple[Job, Outcome | None]]:
    """The same with chunks put together: one of a world's jobs with the outcome of all its learners."""
    due: dict[tuple[str, str], int] = defaultdict(int)
    for job in jobs:
        due[job.world.name, job.policy] += 1
    parts: dict[tuple[str, str], list[tuple[int, Outcome | None]]] = defaultdict(list)
    for job, outcome in outcomes:
        key = (job.world.name, job.policy)
        parts[key].append((job.first, outcome))
        if len(parts[key]) == due[key]:
            found = [part for _, part in sorted(parts.pop(key), key=lambda one: one[0]) if part is not None]
            yield job, joined(found) if found else None


def done(job: Job) -> Outcome | None:
    """The work itself."""
    began = time.process_time()
    learners = draw_learners(job.world, published_blueprint(), job.count, job.seed, job.first)
    if job.policy == BOUND:
        bound = relaxed_bound(learners)
        spent = time.process_time() - began
        return None if bound is None else Outcome(bound.tolist(), [], spent, version("qbank"))
    policy = POLICIES[job.policy]()
    course = study(learners, policy)
    forecasts: list[list[Bin]] = []
    totals: list[list[Checked]] = []
    if isinstance(policy, Qbank):
        forecasts = [binned(record.forecasts) for record in policy.records]
        totals = [
            [
                Checked(day, 100 * told.low, 100 * told.mean, 100 * told.high, true)
                for day, told, true in checked
            ]
            for checked in policy.checked
        ]
    return Outcome(
        percent=course.percent.tolist(),
        answered=course.answered.tolist(),
        seconds=time.process_time() - began,
        version=version("qbank"),
        forecasts=forecasts,
        totals=totals,
    )
