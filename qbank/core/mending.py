"""What to do about the misses of a block: by the reason given for each, since each reason has its own remedy."""

from collections.abc import Sequence
from datetime import date

import msgspec

from qbank.core.looking_back import BlockReview, Outcome, QuestionReview, ReturnWhy
from qbank.core.response import MissReason


class Owed(msgspec.Struct, frozen=True):
    """A question whose objective wants something done, and when that comes back by itself."""

    number: int
    bank: str
    objective: str
    title: str
    comes_back_on: date | None
    comes_back_why: ReturnWhy


class Mend(msgspec.Struct, frozen=True):
    """The questions that were missed for one reason; None where none was named yet."""

    reason: MissReason | None
    questions: tuple[Owed, ...]


def mending(review: BlockReview) -> tuple[Mend, ...]:
    """The misses and blanks by reason: what is most first, what has no reason yet last, each soonest due first.

    What the clock did not let the learner reach belongs to being out of time. What was not reached otherwise is owed
    nothing, and neither is what was taken back.
    """
    groups: dict[MissReason | None, list[QuestionReview]] = {}
    for one in review.questions:
        if _is_owed(one):
            groups.setdefault(_reason(one), []).append(one)
    ordered = sorted(groups.items(), key=lambda group: (group[0] is None, -len(group[1])))
    return tuple(Mend(reason, _soonest_first(questions)) for reason, questions in ordered)


def _is_owed(one: QuestionReview) -> bool:
    if one.taken_back or one.outcome is Outcome.RIGHT:
        return False
    return one.outcome is not Outcome.NOT_REACHED or one.time_ran_out


def _reason(one: QuestionReview) -> MissReason | None:
    if one.reason is not None:
        return one.reason
    if one.outcome in (Outcome.NOT_REACHED, Outcome.BLANK) and one.time_ran_out:
        return MissReason.OUT_OF_TIME
    # Nobody is asked why a prompt was not recalled: that is what it means.
    return MissReason.COULD_NOT_RETRIEVE if one.recall else None


def _soonest_first(questions: Sequence[QuestionReview]) -> tuple[Owed, ...]:
    ordered = sorted(questions, key=lambda one: (one.comes_back_on or date.max, one.number))
    return tuple(
        Owed(one.number, one.bank, one.objective, one.title, one.comes_back_on, one.comes_back_why)
        for one in ordered
    )
