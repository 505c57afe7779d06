"""Importing 10,000 questions against reading and checking them alone, and the memory that five times as many take."""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from measure import Ratio, medians, temporary

from qbank import settings
from qbank.app.bank_import import import_of
from qbank.app.bank_import_reading import Options
from qbank.app.workspace import open_workspace
from qbank.exchange.mcq import read_mcq

QUESTIONS, MANY = 10_000, 50_000
RUNS = 3
BOUND, BESIDE_BOUND, MEMORY_BOUND = 3.0, 5.0, 1.5
STEM_WORDS, OPTION_WORDS, EXPLANATION_WORDS = 100, 5, 60  # about what a vignette of a public set has


def measure() -> Iterator[Ratio | str]:
    """Into an empty store, and beside another bank with which each question is compared."""
    with temporary() as folder:
        file, many = Path(folder, "some.jsonl"), Path(folder, "many.jsonl")
        write_questions(file, QUESTIONS, seed=1)
        write_questions(many, MANY, seed=1)
        other = Path(folder, "other.jsonl")
        write_questions(other, QUESTIONS // 2, seed=2)
        alone, empty, beside = medians(
            RUNS, lambda: _read_ms(file), lambda: _import_ms(file), lambda: _import_ms(file, other)
        )
        base = "reading and checking them"
        yield Ratio(f"Import {QUESTIONS} questions", empty, base, alone, BOUND)
        yield Ratio(f"The same beside {QUESTIONS // 2} others", beside, base, alone, BESIDE_BOUND)
        some_mib, many_mib = _peak_mib(file), _peak_mib(many)
        verdict = "within" if many_mib / some_mib <= MEMORY_BOUND else "OVER"
        yield (
            f"Peak memory: {many_mib:.0f} MiB for {MANY} questions, {many_mib / some_mib:.2f}x of {some_mib:.0f} MiB for "
            f"{QUESTIONS}; {verdict} {MEMORY_BOUND:g}x"
        )


def write_questions(path: Path, count: int, *, seed: int) -> None:
    """One question a line, of random words, in the shape of a table."""
    draw = random.Random(seed)

    def words(number: int) -> str:
        return " ".join(f"word{draw.randrange(3000)}" for _ in range(number))

    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            question = {
                "question": f"Patient {number} has {words(STEM_WORDS)}. Which?",
                "options": {letter: words(OPTION_WORDS) for letter in "ABCDE"},
                "answer": "B",
                "explanation": words(EXPLANATION_WORDS),
                "system": "cardiovascular",
            }
            file.write(json.dumps(question) + "\n")


def _read_ms(file: Path) -> float:
    began = time.perf_counter()
    read_mcq(file.name, file.read_bytes(), bank="bank")
    return (time.perf_counter() - began) * 1000


def _import_ms(file: Path, other: Path | None = None) -> float:
    with temporary() as home:
        if other is not None:
            _import(home, other)
        return _import(home, file)


def _import(home: str, file: Path) -> float:
    """Milliseconds from an open store on."""
    workspace = open_workspace(settings.load({"home": home}, {}))
    began = time.perf_counter()
    with import_of(workspace, [file], Options()) as read:
        read.write()
    took = (time.perf_counter() - began) * 1000
    workspace.close()
    return took


def _peak_mib(file: Path) -> float:
    done = subprocess.run([sys.executable, __file__, str(file)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _own_peak_mib() -> float:
    """Of this program since it began: what `getrusage` says counts the one that started it, too."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    with temporary() as folder:
        _import(folder, Path(sys.argv[1]))
    print(_own_peak_mib())
