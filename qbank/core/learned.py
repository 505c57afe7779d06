"""All that is learned of one learner over all objectives: what they know by area, how they guess, how fast they are.

It moves with each answer in constant time, and again from the log it comes out the same to the bit.

What the time of an answer says about whether it was known is left out, for one learner cannot earn it: that a quick hit at
first sight comes back right more often at the next review has to show in their own answers, by the lower bound (5 %) of a
slope. Simulated with a lucky hit half an sd of log time slower than a known one (15 % of hits lucky, recall at the review
.55 against .97), it shows for 29 % of learners after 300 such reviews and for 60 % after 1,000, and for 4 % who have none.
Granted for nothing, it would take 4 % off the log loss of "was that luck?", where the confidence key takes 28 %.
"""

import msgspec

from qbank.core import guessing, mastery, pace
from qbank.core.belief import Belief, widened
from qbank.core.exam_model import AreaKey, ExamModel, Place
from qbank.core.guessing import Guessing
from qbank.core.pace import Pace
from qbank.core.response import Confidence
from qbank.core.worth import Seconds

MOST_SOURCES = 8
"""Other banks told apart; from the ninth on they are taken for the last of these. [judged]"""


class Learned(msgspec.Struct, frozen=True):
    """`belief` has an axis more for each of `sources`, the offsets of other banks, behind those of the exam's model."""

    belief: Belief
    guessing: Guessing = Guessing()
    pace: Pace = Pace()
    sources: tuple[str, ...] = ()


def nothing_learned(model: ExamModel) -> Learned:
    """What is believed of a learner before anything is known of them."""
    return Learned(mastery.prior(model))


def learned_to_json(learned: Learned) -> str:
    """Text that gives the same floats back to the bit."""
    return msgspec.json.encode(learned).decode()


def learned_from_json(text: str) -> Learned:
    """Raises msgspec.DecodeError for text that is not a `Learned`'s, ValueError when its sizes do not fit."""
    learned = msgspec.json.decode(text, type=Learned)
    learned.belief.check()
    return learned


def guess_in_practice(learned: Learned, model: ExamModel) -> float:
    """P(right | not known) of this learner at a question with as many options as the exam's."""
    return guessing.guess_rate(learned.guessing, model.guess)


def guess_among(learned: Learned, options: int) -> float:
    """The same at a question with so many options."""
    return guessing.guess_rate(learned.guessing, _chance(options))


def seconds_expected(learned: Learned, model: ExamModel) -> Seconds:
    """What a question takes of this learner's time."""
    return pace.expected_seconds(learned.pace, model)


def after_first_answer(
    learned: Learned,
    model: ExamModel,
    place: Place,
    *,
    correct: bool,
    options: int,
    confidence: Confidence | None,
    fresh: bool,
) -> Learned:
    """What is learned from a first answer to an objective; of a text served before, weaker evidence."""
    belief = mastery.update(
        learned.belief,
        model,
        place,
        correct,
        guess=guess_among(learned, options),
        confidence=confidence,
        weight=1.0 if fresh else 1.0 - guessing.RECOGNITION,
    )
    guesses = learned.guessing
    if confidence is Confidence.GUESSED and fresh:
        known = mastery.mean_known(learned.belief, model, place)
        guesses = guessing.after_confessing(
            guesses,
            correct=correct,
            p_know=mastery.p_know_when_said(known, confidence),
            chance=_chance(options),
            slip=model.slip,
        )
    return msgspec.structs.replace(learned, belief=belief, guessing=guesses)


def after_outside(
    learned: Learned, model: ExamModel, area: AreaKey, source: str, right: int, of: int
) -> Learned:
    """What is learned from `right` of `of` questions of an area in another bank, whose offset is learned with it."""
    if not model.parts(area) or of <= 0:
        return learned
    name = " ".join(source.casefold().split())
    sources, belief = learned.sources, learned.belief
    if name not in sources and len(sources) < MOST_SOURCES:
        sources, belief = (*sources, name), widened(belief, mastery.OFFSET_SD**2)
    number = sources.index(name) if name in sources else MOST_SOURCES - 1
    belief = mastery.update_from_outside(belief, model, area, right, of, offset=model.axes + number)
    return msgspec.structs.replace(learned, belief=belief, sources=sources)


def _chance(options: int) -> float:
    return 1 / max(options, 1)
