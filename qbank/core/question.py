"""Objectives and the questions that probe them.

The objective is the unit of memory; a question is one probe of it, and its siblings probe the same objective through
other cases. A question's version is the hash of what a learner sees, so a changed key or text is a new version of the
same question.
"""

import hashlib
import random
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from qbank.errors import VariantInvalid


class Kind(StrEnum):
    """`CHOICE` has options and one key; `RECALL` is a prompt whose back the learner compares with their own answer."""

    CHOICE = "choice"
    RECALL = "recall"


class Placing(StrEnum):
    """Who said where an objective lies: its file, the rules of a map of areas, a guess by its words, or the learner."""

    GIVEN = ""
    MAPPED = "mapped"
    SUGGESTED = "suggested"
    CHOSEN = "chosen"


class Option(msgspec.Struct, frozen=True):
    """One answer to choose; `id` comes from the text, so it survives a reordering and a corrected key."""

    id: str
    text: str
    correct: bool
    explanation: str = ""


class Objective(msgspec.Struct, frozen=True):
    """One thing to know, and where it lies in the exam's blueprint.

    `system` and `task` are area ids or "" when unknown; `section` is an outline section under the system, or "" when
    the system has several and none was named. `likelihood` is high, medium or low.
    """

    bank: str
    id: str
    text: str
    system: str = ""
    section: str = ""
    disciplines: tuple[str, ...] = ()
    task: str = ""
    likelihood: str = "medium"
    sources: tuple[str, ...] = ()
    review: str = "draft"
    placing: Placing = Placing.GIVEN

    @property
    def payload(self) -> bytes:
        """As it is stored: JSON, in which what is older than `placing` stays as it was."""
        shown = msgspec.to_builtins(self)
        if self.placing is Placing.GIVEN:
            del shown["placing"]
        return msgspec.json.encode(shown)

    @property
    def without_guess(self) -> "Objective":
        """The same without a place that is only suggested, as it goes to others: they could not tell it from a given one."""
        if self.placing is not Placing.SUGGESTED:
            return self
        return msgspec.structs.replace(self, system="", section="", placing=Placing.GIVEN)


class Question(msgspec.Struct, frozen=True):
    """One probe of one objective.

    `stem` ends with the lead-in as its last paragraph. With `fixed_order` the options keep their authored order; otherwise
    they are shuffled, except the last `pinned` ones, which stay last. A `RECALL` question has its back in `remember` and
    the two options RECALLED and NOT_RECALLED. With `draws` it is a variant: its texts hold formulas over numbers that are
    drawn anew each time (see `core.variants`).
    """

    bank: str
    id: str
    objective: str
    stem: str
    options: tuple[Option, ...]
    remember: str = ""
    fixed_order: bool = False
    pinned: int = 0
    kind: Kind = Kind.CHOICE
    draws: str = ""

    @property
    def key(self) -> Option:
        return next(option for option in self.options if option.correct)

    @property
    def version(self) -> str:
        """32 hexadecimal digits over everything a learner sees, the key included."""
        shown = msgspec.structs.asdict(self)
        del shown["bank"], shown["objective"]
        if not self.draws:
            # Versions are older than variants.
            del shown["draws"]
        return hashlib.blake2b(msgspec.json.encode(shown, order="sorted"), digest_size=16).hexdigest()

    def option(self, option_id: str) -> Option:
        return next(option for option in self.options if option.id == option_id)


RECALLED = Option("recalled", "I had it", True)
NOT_RECALLED = Option("not-recalled", "I did not have it", False)


class ServedItem(msgspec.Struct, frozen=True):
    """Enough to show again exactly what was seen. `option_order` holds option ids as they were shown, A first."""

    bank: str
    question: str
    version: str
    objective: str
    seed: int
    option_order: tuple[str, ...]
    generator: int = 0


def texts_of(question: Question) -> Iterator[str]:
    """Every text that a learner reads, stem first."""
    yield question.stem
    for option in question.options:
        yield from (option.text, option.explanation)
    yield question.remember


def option_id(text: str) -> str:
    """Eight hexadecimal digits from an option's text, white space folded."""
    folded = " ".join(text.split())
    return hashlib.blake2b(folded.encode(), digest_size=4).hexdigest()


def serve(question: Question, seed: int) -> ServedItem:
    """The question as it is shown under `seed`: the same seed gives the same order, and a variant's numbers, for ever.

    Draws only from `random.Random(seed).random()`, whose stream Python guarantees. Where a variant's numbers cannot be
    drawn under a seed, a later one is taken. Raises VariantInvalid when none of SEEDS_TRIED can.
    """
    generator = 0
    order = _option_order(question, seed)
    if question.draws:
        from qbank.core.variants import GENERATOR, by_size, drawable  # few questions need its parser

        seed, drawn = drawable(question, seed)
        order, generator = by_size(drawn) or _option_order(question, seed), GENERATOR
    return ServedItem(
        question.bank, question.id, question.version, question.objective, seed, order, generator
    )


def as_served(question: Question, item: ServedItem) -> Question:
    """The question with the numbers that were shown; one that is no variant as it is.

    Raises VariantInvalid when a later qbank drew them in another way.
    """
    if not question.draws:
        return question
    from qbank.core.variants import GENERATOR, with_numbers  # few questions need its parser

    if item.generator != GENERATOR:
        raise VariantInvalid("These numbers were drawn by another version of qbank. Update it to see them.")
    return with_numbers(question, item.seed)


def in_reserve(objective: str) -> bool:
    """Whether an objective is withheld from drills for assessment: a fifth of them, by a hash of the id alone."""
    digest = hashlib.blake2b(objective.encode(), digest_size=4, person=b"qbank-reserve").digest()
    return int.from_bytes(digest, "big") % 5 == 0


def _option_order(question: Question, seed: int) -> tuple[str, ...]:
    ids = [option.id for option in question.options]
    if question.fixed_order or question.kind is Kind.RECALL:
        return tuple(ids)
    movable = len(ids) - question.pinned
    draw = random.Random(seed).random
    for last in range(movable - 1, 0, -1):
        other = int(draw() * (last + 1))
        ids[last], ids[other] = ids[other], ids[last]
    return tuple(ids)
