"""A block that measures: fresh questions from the reserve, sampled as the exam samples its blueprint.

Here nothing is chosen for its yield. A system's number of questions is its share of the exam, and which objectives stand for
it is drawn by lot, or the score would say more about the choosing than about the learner.
"""

import random
from collections.abc import Sequence
from datetime import date

from qbank.core.candidates import Candidate
from qbank.core.drill import Composition, Pick
from qbank.core.evidence import Reported
from qbank.core.exam_model import ExamModel
from qbank.core.mastery import p_know
from qbank.core.seats import apportion
from qbank.core.serving import drawn, interleaved
from qbank.core.worth import Pricer


def assessment(
    rows: Sequence[Candidate],
    model: ExamModel,
    reported: Reported,
    pricer: Pricer,
    *,
    on: date,
    size: int,
    seed: int,
) -> Composition:
    """At most `size` objectives in the exam's proportions, in random order with systems mixed. Same inputs, same block.

    `rows` are fresh objectives of the reserve. Systems too thin to fill their share leave their seats to the others, and
    `short` says when the whole falls short.
    """
    draw = random.Random(seed).random
    of: dict[str, list[Candidate]] = {}
    for row in rows:
        of.setdefault(row.system, []).append(row)
    piles = {system: iter(drawn(pile, len(pile), draw)) for system, pile in sorted(of.items())}
    level = {system: [1.0] * len(pile) for system, pile in of.items()}
    shares = {system: model.system_share(system) for system in model.systems}
    seats = apportion(level, shares, {}, size, draw)
    picks = [measured_pick(next(piles[seat.system]), model, reported, pricer, on) for seat in seats]
    order = tuple(interleaved(picks, lambda pick: pick.place.system, draw))
    short = (
        ""
        if len(order) == size
        else f"The reserve holds {len(order)} fresh questions, so this block is shorter."
    )
    return Composition(order, short, ())


def measured_pick(row: Candidate, model: ExamModel, reported: Reported, pricer: Pricer, on: date) -> Pick:
    """A pick that was drawn and not chosen for its worth; of what was met before, its memory says how likely it is right."""
    believed = p_know(reported.belief, model, row.place)
    worth = pricer.unseen(believed.mean)
    trace = row.trace
    if trace is not None and row.last_day is not None:
        worth = pricer.seen(trace, max(0, (on - row.last_day).days))
    return Pick(
        bank=row.bank,
        objective=row.objective,
        place=row.place,
        worth=worth,
        belief=believed,
        departure=0.0,
        pull=1.0,
        p_correct=worth.p_correct,
        unseen=row.last_day is None,
        floor=False,
        last_day=row.last_day,
    )
