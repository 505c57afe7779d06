"""The block composed from yield: which objectives are worth most on exam day, and why.

One index for new and due. Objectives are priced by the belief that answers (and self-assessments' numbers)
have built; flags pull whole areas by how far they departed from the general level, so that a flag, through
what it says of everything else, can never make its own area look less worth drilling. Then systems share
the seats (`core.seats`).
"""

import math
import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

import msgspec
from msgspec.structs import replace

from qbank.core.candidates import Candidate, Row, read_candidates
from qbank.core.evidence import Reported
from qbank.core.exam_model import AreaKey, ExamModel, Place
from qbank.core.mastery import Estimate, area, p_know
from qbank.core.memory import DEFAULT_MODEL, MemoryModel
from qbank.core.scoring import Desk, Entry
from qbank.core.seats import FLOOR, apportion, turns
from qbank.core.serving import REPEAT_DAYS, Choice, choose_question, interleaved
from qbank.core.shelf import Shelf, counted, fill
from qbank.core.worth import Pricer, Seconds, Worth

UNPLACED_SHARE = 0.1
"""What all questions without an area weigh against the exam's whole blueprint, where they come at all: they are practice
only. [judged]
"""


class Pick(msgspec.Struct, frozen=True):
    """One objective picked, with its reason.

    `worth` says what the yield was made of. `belief` is P(know) of an objective of its place that was never
    tested, `departure` how far flags put its areas from the general level (P(correct) scale), `pull` the
    factor on the yield that this gave. `p_correct` is what to expect of the answer. `floor`: its system was
    owed a seat. `question` is "" until one is chosen.
    """

    bank: str
    objective: str
    place: Place
    worth: Worth
    belief: Estimate
    departure: float
    pull: float
    p_correct: float
    unseen: bool
    floor: bool
    last_day: date | None = None
    question: str = ""

    @property
    def score(self) -> float:
        """The yield that competed, in exam points per minute."""
        return self.worth.points_per_minute * self.pull


class AreaShare(msgspec.Struct, frozen=True):
    """An area's part of a block against the blueprint. Shares are 0-1; only systems have a floor."""

    dimension: str
    area: str
    questions: int
    share: float
    blueprint: float
    floor: float
    belief: Estimate | None
    departure: float


class Composition(msgspec.Struct, frozen=True):
    """A block's picks in serving order.

    `short` is a sentence when there are fewer than asked, else "". `without_questions` are the systems of
    the exam of which there was no objective at all to choose from. Nothing of a yield under
    `least` was taken; `scores` are what the named objectives competed with, without those that may not come
    today.
    """

    picks: tuple[Pick, ...]
    short: str
    without_questions: tuple[str, ...]
    least: float = 0.0
    scores: dict[tuple[str, str], float] = {}


def compose(
    rows: Iterable[Row] | Shelf,
    model: ExamModel,
    reported: Reported,
    *,
    on: date,
    exam_day: date,
    size: int,
    seed: int,
    served: Mapping[str, int],
    lean: float = 1.0,
    guess: float | None = None,
    seconds: Seconds | None = None,
    allow_repeats: bool = False,
    drawn_banks: Collection[str] = (),
    memory: MemoryModel = DEFAULT_MODEL,
    least_part: float = 0.0,
    named: Collection[tuple[str, str]] = (),
) -> Composition:
    """The objectives to drill now. Same inputs, same block, whatever the order of the rows.

    `rows` are tuples like `Candidate`, without the reserve and what a filter leaves out; or a shelf, from which the same
    block is composed without reading all of them, when there are no repeats and no `named`. `served` counts
    the questions drilled by system over the record in which the floor is kept. `lean` above 1 multiplies
    the pull of the flags; below it acts on the evidence alone, in `with_reports`. `drawn_banks` hold
    questions without objectives: each is a draw from its cell, worth the less the more of the cell has been
    drawn. What may not come today: see `read_candidates`. What yields less than
    `least_part` of a new objective of the general level is left out. `named` are seen objectives, by (bank,
    id), whose scores are wanted whether they are picked or not.
    """
    pricer = Pricer(model, (exam_day - on).days, guess=guess, seconds=seconds, memory=memory)
    drawn = frozenset(drawn_banks)
    if isinstance(rows, Shelf):
        pool = counted(rows.counts, drawn, rows.unseen_at)
    else:
        pool = read_candidates(rows, pricer, on, allow_repeats=allow_repeats, drawn_banks=drawn)
    desk = Desk(model, reported, pricer, pool, on, max(1.0, lean))
    draw = random.Random(seed).random
    least = least_part * desk.fresh_per_minute
    if isinstance(rows, Shelf):
        fill(pool, rows, pricer, desk, on, size=size, least=least)
    queues = desk.queues(size, seed, least)
    scores = {system: [entry.score for entry in queue] for system, queue in queues.items()}
    shares = {"": UNPLACED_SHARE, **{system: model.system_share(system) for system in model.systems}}
    heads = {system: iter(queue) for system, queue in queues.items()}
    offsets = turns(scores.keys() | shares.keys(), sum(served.values()))
    seats = apportion(scores, shares, served, size, offsets)
    seated = [next(heads[seat.system]) for seat in seats]
    picks = [
        _pick(model, reported, pricer, desk, entry, row, floor=seat.floor)
        for seat, entry, row in zip(seats, seated, desk.rows(seated), strict=True)
    ]
    order = interleaved(picks, lambda pick: pick.place.system, draw)
    return Composition(
        picks=tuple(order),
        short=_short(len(order), size),
        without_questions=tuple(system for system in model.systems if system not in pool.systems),
        least=least,
        scores=desk.scores(named) if named else {},
    )


def with_questions(
    picks: Iterable[Pick], choices: Iterable[Choice], *, on: date, seed: int, allow_repeats: bool = False
) -> tuple[Pick, ...]:
    """The picks, each with the question to serve; without those that have none to serve today."""
    of: dict[tuple[str, str], list[Choice]] = {}
    for choice in choices:
        of.setdefault((choice.bank, choice.objective), []).append(choice)
    draw = random.Random(seed).random
    chosen = []
    for pick in picks:
        own = of.get((pick.bank, pick.objective), [])
        question = choose_question(own, on, draw, allow_repeats=allow_repeats)
        if question is not None:
            chosen.append(replace(pick, question=question))
    return tuple(chosen)


def area_shares(model: ExamModel, reported: Reported, picks: Sequence[Pick]) -> tuple[AreaShare, ...]:
    """What each system and each discipline got of a block, beside its blueprint share, belief and flags."""
    keys: list[AreaKey] = [("system", system) for system in model.systems]
    keys += [("discipline", discipline) for discipline in model.disciplines]
    return tuple(_area_share(model, reported, picks, key) for key in keys if model.parts(key))


def expected_correct(picks: Iterable[Pick]) -> float:
    """How many of the picks will be answered right, if the belief holds: "about 8.6 expected"."""
    return math.fsum(pick.p_correct for pick in picks)


def reach(model: ExamModel, objectives: Mapping[Place, int]) -> float:
    """The part (0-1) of the exam that a bank reaches.

    In each section the objectives it holds over those the exam can ask, at most all of them. Objectives
    without a section are spread over their system's; those without a system reach nothing.
    """
    held = [0.0] * len(model.sections)
    for place, count in objectives.items():
        for axis, weight in model.loading(place._replace(disciplines=())) or ():
            if 1 <= axis <= len(held):
                held[axis - 1] += count * weight
    return math.fsum(
        min(share, count / model.n_objectives) for share, count in zip(model.section_share, held, strict=True)
    )


def _pick(
    model: ExamModel,
    reported: Reported,
    pricer: Pricer,
    desk: Desk,
    entry: Entry,
    found: Row,
    *,
    floor: bool,
) -> Pick:
    row, kind = Candidate(*found), entry.kind
    belief = p_know(reported.belief, model, kind.place)
    worth = desk.worth(row, kind, entry.weight)
    unseen = row.last_day is None
    return Pick(
        bank=row.bank,
        objective=row.objective,
        place=kind.place,
        worth=worth,
        belief=belief,
        departure=desk.departure(kind.place),
        pull=desk.pull(kind.place),
        p_correct=pricer.p_correct(belief.mean) if unseen else worth.p_correct,
        unseen=unseen,
        floor=floor,
        last_day=row.last_day,
    )


def _area_share(model: ExamModel, reported: Reported, picks: Sequence[Pick], key: AreaKey) -> AreaShare:
    dimension, name = key
    if dimension == "system":
        count = sum(pick.place.system == name for pick in picks)
        blueprint, floor = model.system_share(name), FLOOR * model.system_share(name)
    else:
        count = sum(name in pick.place.disciplines for pick in picks)
        rates = zip(model.item_rates(key), model.section_share, strict=True)
        blueprint, floor = sum(rate * share for rate, share in rates), 0.0
    return AreaShare(
        dimension=dimension,
        area=name,
        questions=count,
        share=count / len(picks) if picks else 0.0,
        blueprint=blueprint,
        floor=floor,
        belief=area(reported.belief, model, key),
        departure=reported.departures.get(key, 0.0),
    )


def _short(found: int, size: int) -> str:
    if found >= size:
        return ""
    return f"{found} of {size} questions: what else there is was answered today or in the last {REPEAT_DAYS} days."
