"""What can be said of a bank as a whole: stems that repeat each other, and keys that lie too often in one place."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qbank.bank.alike import alike
from qbank.bank.flaw import Flaw, lead_in, vignette
from qbank.bank.markdown import BankFile
from qbank.core.question import Question

SAME_CASE, NEAR_DUPLICATE = 0.2, 0.3
"""Jaccard similarity of vignettes from which siblings are one case, and others duplicates. [judged on a bank of 480]"""
LEAST_QUESTIONS = 20
"""Of one kind, below which their keys say nothing."""
UNLIKELY = 3.0
"""Standard deviations that a count may lie off its mean."""
LONGEST_RUN = 5


class Place(NamedTuple):
    """A file and a question in it, "" for the whole file."""

    file: BankFile
    question: str


def flaws(files: Sequence[BankFile]) -> Iterator[tuple[Place, Flaw]]:
    """Each flaw with its place; files in the order of their paths."""
    ordered = sorted(files, key=lambda file: file.path)
    yield from _repeats(ordered)
    by_system: dict[str, list[tuple[BankFile, Question]]] = defaultdict(list)
    for file in ordered:
        by_system[file.objective.system] += [
            (file, question) for question in file.questions if not question.draws
        ]
    # Where options are shuffled, a place means nothing; where they are not, a learner meets it whatever the system.
    yield from _places([each for some in by_system.values() for each in some if each[1].fixed_order])
    for system, some in by_system.items():
        yield from _lengths(system, some)


def _repeats(files: Sequence[BankFile]) -> Iterator[tuple[Place, Flaw]]:
    asked = [(file, question) for file in files for question in file.questions]
    for pair in alike([vignette(question) for _, question in asked], SAME_CASE):
        (first_file, first), (file, question) = asked[pair.first], asked[pair.second]
        if first_file is file:
            message = f"{pair.similarity:.0%} of its vignette is that of {first.id}."
            yield Place(file, question.id), Flaw("same-case", message, "Write another case.")
        elif pair.similarity >= NEAR_DUPLICATE:
            message = f"{pair.similarity:.0%} of its vignette is that of {first.id} in {first_file.path}."
            yield Place(file, question.id), Flaw("near-duplicate", message, "Write another vignette.")
    for file in files:
        seen: dict[tuple[str, str], str] = {}
        for question in file.questions:
            before = seen.setdefault((lead_in(question), question.key.text), question.id)
            if before != question.id:
                message = f"It asks what {before} asks, and has its key."
                yield Place(file, question.id), Flaw("same-case", message, "Ask from another direction.")


def _places(some: Sequence[tuple[BankFile, Question]]) -> Iterator[tuple[Place, Flaw]]:
    if len(some) < LEAST_QUESTIONS:
        return
    whole = Place(some[0][0], "")
    places = [
        next(at for at, option in enumerate(question.options) if option.correct) for _, question in some
    ]
    counts = Counter(places)
    for at in range(max(len(question.options) for _, question in some)):
        chances = [1 / len(question.options) for _, question in some if len(question.options) > at]
        if abs(counts[at] - sum(chances)) > UNLIKELY * _spread(chances):
            message = (
                f"Of {len(places)} questions in a fixed order, {counts[at]} have their key at {chr(65 + at)}; "
                f"by chance {sum(chances):.0f} would."
            )
            mend = "Choose other distractors, or put the rows of tables into another order."
            yield whole, Flaw("key-balance", message, mend)
    run = 1
    for at in range(1, len(places)):
        run = run + 1 if places[at] == places[at - 1] else 1
        if run == LONGEST_RUN:
            file, question = some[at]
            message = f"The keys of {run} questions in a fixed order, one after another, are at {chr(65 + places[at])}."
            yield Place(file, question.id), Flaw("key-run", message, "Move one of them.")


def _lengths(system: str, some: Sequence[tuple[BankFile, Question]]) -> Iterator[tuple[Place, Flaw]]:
    if len(some) < LEAST_QUESTIONS:
        return
    longest = sum(
        all(len(question.key.text) > len(option.text) for option in question.options if not option.correct)
        for _, question in some
    )
    chances = [1 / len(question.options) for _, question in some]
    if longest - sum(chances) > UNLIKELY * _spread(chances):
        where = f"In {system}" if system else "Where no system is named"
        message = f"{where}, the key is the longest option in {longest} of {len(some)} questions."
        yield Place(some[0][0], ""), Flaw("key-length", message, "Lengthen distractors, or shorten keys.")


def _spread(chances: Sequence[float]) -> float:
    """The standard deviation of how many come true, each with its chance."""
    return math.sqrt(sum(chance * (1 - chance) for chance in chances))
