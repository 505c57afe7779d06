"""The questions of a whole exam day: fresh ones alone, in the exam's proportions, mixed alike into every block.

Like a block that measures, nothing here is chosen for its yield. The reserve goes first because nothing was drilled of it;
what it cannot fill is filled from objectives never met, and last from unseen siblings of those that were.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import chain

from qbank.core.assessment import measured_pick
from qbank.core.candidates import Candidate
from qbank.core.drill import Pick
from qbank.core.evidence import Reported
from qbank.core.exam_model import ExamModel
from qbank.core.seats import apportion
from qbank.core.serving import drawn, interleaved
from qbank.core.worth import Pricer


def exam_paper(
    reserve: Sequence[Candidate],
    others: Sequence[Candidate],
    model: ExamModel,
    reported: Reported,
    pricer: Pricer,
    *,
    on: date,
    size: int,
    seed: int,
) -> tuple[Pick, ...]:
    """At most `size` objectives that have a question never served. Same inputs, same paper.

    Systems too thin to fill their share leave their seats to the others; an objective without a system stands for none.
    """
    draw = random.Random(seed).random
    piles = {
        system: _by_freshness(reserve, others, system, draw) for system in sorted(_systems(reserve, others))
    }
    level = {system: [1.0] * len(pile) for system, pile in piles.items()}
    shares = {system: model.system_share(system) for system in model.systems}
    seats = apportion(level, shares, {}, size, draw)
    left = {system: iter(pile) for system, pile in piles.items()}
    return tuple(measured_pick(next(left[seat.system]), model, reported, pricer, on) for seat in seats)


def dealt(picks: Sequence[Pick], sizes: Sequence[int], *, seed: int) -> tuple[tuple[Pick, ...], ...]:
    """The picks dealt into blocks of these sizes, which add up to their number.

    Each system is spread over the blocks as evenly as it goes, and inside a block neighbours differ in system.
    """
    if sum(sizes) != len(picks):
        raise ValueError(f"{len(picks)} picks do not fill blocks of {sum(sizes)}")
    draw = random.Random(seed).random
    systems = drawn(sorted({pick.place.system for pick in picks}), len(picks), draw)
    blocks: list[list[Pick]] = [[] for _ in sizes]
    for pick in chain.from_iterable(
        (each for each in picks if each.place.system == system) for system in systems
    ):
        emptiest = min(range(len(sizes)), key=lambda i: ((len(blocks[i]) + 1) / sizes[i], i))
        blocks[emptiest].append(pick)
    return tuple(tuple(interleaved(each, lambda pick: pick.place.system, draw)) for each in blocks)


def _systems(*rows: Iterable[Candidate]) -> set[str]:
    return {row.system for row in chain(*rows) if row.system}


def _by_freshness(
    reserve: Sequence[Candidate], others: Sequence[Candidate], system: str, draw: Callable[[], float]
) -> list[Candidate]:
    """One system's objectives with a question left: of the reserve, never met, met; each kind by lot."""
    kinds: tuple[list[Candidate], list[Candidate], list[Candidate]] = ([], [], [])
    for held, rows in ((True, reserve), (False, others)):
        for row in rows:
            if row.system == system and row.n_unseen > 0:
                kinds[2 if _was_met(row) else 0 if held else 1].append(row)
    return [row for kind in kinds for row in drawn(kind, len(kind), draw)]


def _was_met(row: Candidate) -> bool:
    return row.stability_days is not None or row.oldest_day is not None
