"""The bundled bank: checking it against reading it, a variant's draws, and loading it into a new store."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from measure import Ratio, medians, temporary

from qbank import settings
from qbank.app.areas import known_areas
from qbank.app.bank_loading import bundled, craft_reference, load_banks
from qbank.app.bank_reading import bank_files
from qbank.app.exams import DEFAULT_EXAM, load_exam
from qbank.app.workspace import open_workspace
from qbank.bank import drawing
from qbank.bank.lint import check

RUNS = 9
CHECK_BOUND, DRAWS_BOUND_MS, LOAD_BOUND_S = 5.0, 50.0, 1.5


def measure() -> Iterator[Ratio | str]:
    """Variants are left out of the first, and are all of the second."""
    exam = load_exam(DEFAULT_EXAM)
    folder = bundled(exam)
    files = bank_files(exam, folder)
    variants = [question for file in files for question in file.questions if question.draws]
    plain = [replace(file, questions=tuple(q for q in file.questions if not q.draws)) for file in files]
    known, reference = known_areas(exam), craft_reference()

    def parsed() -> float:
        began = time.perf_counter()
        bank_files(exam, folder)
        return (time.perf_counter() - began) * 1000

    def checked() -> float:
        began = time.perf_counter()
        check(plain, known, reference=reference)
        return (time.perf_counter() - began) * 1000

    times = medians(RUNS, parsed, checked)
    count = sum(len(file.questions) for file in plain)
    yield Ratio(
        f"Check {count} questions, reading them included",
        sum(times),
        "reading them",
        times[0],
        CHECK_BOUND,
    )
    if variants:
        began = time.perf_counter()
        for question in variants:
            list(drawing.flaws(question))
        each = (time.perf_counter() - began) * 1000 / len(variants)
        verdict = "within" if each <= DRAWS_BOUND_MS else "OVER"
        yield (
            f"{drawing.DRAWS} draws of a variant, mean of {len(variants)}: {each:.1f} ms; "
            f"{verdict} {DRAWS_BOUND_MS:g} ms"
        )
    seconds = []
    for _ in range(RUNS):
        with temporary() as home:
            workspace = open_workspace(settings.load({"home": str(Path(home))}, {}))
            began = time.perf_counter()
            load_banks(workspace)
            seconds.append(time.perf_counter() - began)
            workspace.close()
    first = statistics.median(seconds)
    verdict = "within" if first <= LOAD_BOUND_S else "OVER"
    yield f"Load the bundled bank into a new store: {first:.2f} s; {verdict} {LOAD_BOUND_S:g} s"
