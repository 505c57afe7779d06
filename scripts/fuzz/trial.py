"""A worker process in which one input after the other is tried, with limits that hold whatever the input does."""

import gc
import multiprocessing
import resource
import signal
import sys
import time
import traceback
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from fuzz.packed import unpacked_size
from fuzz.targets import Target

SECONDS = 2.0
"""Processor seconds that an input may take; see `allowance` for large ones."""
MEMORY = 448 * 1024**2
"""Bytes that an input may take beside what the process has already, some 64 MiB: 512 MiB in all."""
WALL_FACTOR = 15
"""How many times its processor seconds an input may last, on a machine that does other work as well."""


class Input(NamedTuple):
    """A file as a target gets it. `seconds` are what it may take."""

    target: str
    name: str
    content: bytes
    seconds: float = SECONDS


class Outcome(NamedTuple):
    """What became of an input: `kind` is "" if all was well, `words` name the way it took, `detail` is for people."""

    kind: str
    words: str
    detail: str = ""
    seconds: float = 0.0


def allowance(content: bytes) -> float:
    """The processor seconds for a file: SECONDS for each MiB that it has or unpacks to, and no less for a small one."""
    return SECONDS * max(1.0, max(len(content), unpacked_size(content)) / 1024**2)


class Worker:
    """A process with a memory cap that tries inputs; it is replaced when it dies of one."""

    def __init__(self, targets: Mapping[str, Target], memory: int = MEMORY) -> None:
        self._targets, self._memory = targets, memory
        self._code: int | None = None
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("fork")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, self._targets, self._memory), daemon=True
        )
        self._process.start()
        theirs.close()
        self._deadline = float("inf")

    def begin(self, given: Input) -> None:
        self._deadline = time.monotonic() + WALL_FACTOR * given.seconds
        self.connection.send(given)

    @property
    def is_late(self) -> bool:
        return time.monotonic() > self._deadline

    def outcome(self) -> Outcome:
        """What became of the input, once there is an answer or the worker is late or dead."""
        try:
            if self.connection.poll(0):
                found: Outcome = self.connection.recv()
                if found.kind == "memory":
                    self._replace()
                return found
        except EOFError:
            pass
        self._replace()
        if self._code == -signal.SIGPROF or self.is_late:
            return Outcome("hang", "no answer in time")
        return Outcome("crash", f"the interpreter died ({self._code})")

    def wait(self) -> Outcome:
        """The same, waiting for it."""
        self.connection.poll(max(0.0, self._deadline - time.monotonic()))
        return self.outcome()

    def stop(self) -> None:
        self.connection.close()
        self._process.join(timeout=0.5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._code = self._process.exitcode

    def _replace(self) -> None:
        late = self._deadline
        self.stop()
        self._start()
        self._deadline = late


def _serve(connection: Connection, targets: Mapping[str, Target], memory: int) -> None:
    gc.collect()
    gc.disable()  # as the command itself does
    gc.freeze()
    _cap(memory)
    most = _peak() + memory
    while True:
        try:
            given: Input = connection.recv()
        except EOFError:
            return
        connection.send(_tried(targets[given.target], given, most))
        gc.collect()


def _cap(memory: int) -> None:
    """Let the process take so many bytes more. Only Linux tells how many it has."""
    status = Path("/proc/self/statm")
    size = int(status.read_text().split()[0]) if status.exists() else 0
    limit = memory + size * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _tried(target: Target, given: Input, most: int) -> Outcome:
    begun = time.process_time()
    # Its signal ends the process, in C code too.
    signal.setitimer(signal.ITIMER_PROF, given.seconds)
    try:
        kind, words, detail = "", target(given.name, given.content), ""
    except MemoryError:
        kind, words, detail = "memory", _place(), ""
    except Exception as error:  # noqa: BLE001 - whatever an importer lets out is what is looked for
        kind, words, detail = "crash", f"{type(error).__name__} in {_place()}", traceback.format_exc(limit=-8)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    if not kind and _peak() > most:
        kind, words = "memory", "the peak"
    return Outcome(kind, words, detail, time.process_time() - begun)


def _peak() -> int:
    """The most memory that this process ever had, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _place() -> str:
    """Where in qbank the exception at hand came from: module and function."""
    frames = traceback.extract_tb(sys.exc_info()[2])
    own = [frame for frame in frames if "/qbank/" in frame.filename] or list(frames)
    return f"{Path(own[-1].filename).stem}.{own[-1].name}"
