"""Round after round: a file is damaged and tried, and one that takes a way not seen before is damaged further."""

import time
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing.connection import Connection, wait
from random import Random
from typing import NamedTuple

from fuzz.mutations import mutated
from fuzz.seeds import Seed
from fuzz.targets import Target
from fuzz.trial import Input, Outcome, Worker, allowance

POOL_LIMIT = 256 * 1024  # bytes; larger files are not damaged further, since each costs too much time
GROWN_SHARE = 0.4  # of the rounds begin from a file that was found on the way
WHOLE_SHARE = 0.7  # of the rounds at first try a file as it is
FIT_SHARE = 0.8  # of the others give a file to an importer that could read it whole


class Round(NamedTuple):
    given: Input
    outcome: Outcome


def rounds(
    targets: Mapping[str, Target], files: Sequence[Seed], seed: int, seconds: float, processes: int
) -> Iterator[Round]:
    """What was tried, as it ends: first each file as it is in every target, then damaged ones until the time is over."""
    dice = Random(seed)
    pool = _Pool(targets, files, dice)
    whole = [(target, file) for file in files for target in targets]
    dice.shuffle(whole)
    workers: dict[Connection, tuple[Worker, Input, bool]] = {}
    idle = [Worker(targets) for _ in range(processes)]
    end = time.monotonic() + seconds
    try:
        while workers or time.monotonic() < end:
            while idle and time.monotonic() < end:
                worker = idle.pop()
                is_whole = bool(whole) and dice.random() < WHOLE_SHARE
                target, file = whole.pop() if is_whole else pool.next()
                given = Input(target, file.name, file.content, allowance(file.content))
                worker.begin(given)
                workers[worker.connection] = worker, given, is_whole
            ready = [one for one in wait(list(workers), timeout=0.5) if isinstance(one, Connection)]
            late = [one for one, (worker, *_) in workers.items() if worker.is_late and one not in ready]
            for connection in (*ready, *late):
                worker, given, is_whole = workers.pop(connection)
                done = Round(given, _confirmed(worker, given, worker.outcome()))
                idle.append(worker)
                pool.learn(done, whole=is_whole)
                yield done
    finally:
        for worker in (*idle, *(worker for worker, *_ in workers.values())):
            worker.stop()


def _confirmed(worker: Worker, given: Input, outcome: Outcome) -> Outcome:
    """A hang only if it is one again in twice the time: a busy machine makes everything slow."""
    if outcome.kind != "hang":
        return outcome
    worker.begin(given._replace(seconds=2 * given.seconds))
    return worker.wait()


class _Pool:
    """The files to begin from, and those that took a new way."""

    def __init__(self, targets: Mapping[str, Target], files: Sequence[Seed], dice: Random) -> None:
        self._targets = list(targets)
        self._files = list(files)
        self._contents = [file.content for file in files]
        self._fit: list[tuple[str, Seed]] = []
        self._grown: list[tuple[str, Seed]] = []
        self._seen: set[tuple[str, str]] = set()
        self._dice = dice

    def next(self) -> tuple[str, Seed]:
        dice = self._dice
        if self._grown and dice.random() < GROWN_SHARE:
            # What was found last is tried more: its neighbourhood is the least known.
            target, file = self._grown[-1 - int(len(self._grown) * dice.random() ** 2)]
        elif self._fit and dice.random() < FIT_SHARE:
            target, file = dice.choice(self._fit)
        else:
            target, file = dice.choice(self._targets), dice.choice(self._files)
        return target, Seed(file.name, mutated(file.content, self._contents, dice))

    def learn(self, done: Round, *, whole: bool) -> None:
        """Remember a file that took a new way, and which importer can read a `whole` one."""
        if whole and done.outcome.words.startswith("read"):
            self._fit.append((done.given.target, Seed(done.given.name, done.given.content)))
        way = (done.given.target, done.outcome.words)
        if way in self._seen or done.outcome.kind or len(done.given.content) > POOL_LIMIT:
            return
        self._seen.add(way)
        self._grown.append((done.given.target, Seed(done.given.name, done.given.content)))
