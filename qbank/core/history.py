"""The reviews of one objective: which of its answers move memory, in the order of the log."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from qbank.core.rating import forgiven
from qbank.core.response import Rating

Reviews = tuple[tuple[int, date], ...]
"""(rating, study day) of an objective's reviews, each on a later day than the one before."""


class Answered(NamedTuple):
    """A rated answer to an objective that was not taken back. `misread`: a miss that is called so."""

    question: str
    study_day: date
    rating: int
    correct: bool
    misread: bool

    @property
    def credited(self) -> bool:
        """Right, and not by the learner's own word a guess."""
        return self.correct and self.rating != Rating.AGAIN


def reviews_of(answers: Sequence[Answered]) -> Reviews:
    """The reviews that an objective's answers leave."""
    return tuple((answers[position].rating, answers[position].study_day) for position in reviewed(answers))


def reviewed(answers: Sequence[Answered]) -> list[int]:
    """The positions of the answers, oldest first, that are reviews: the first of each study day that is not forgiven."""
    positions: list[int] = []
    last: date | None = None
    for position in standing(answers):
        day = answers[position].study_day
        if last is None or day > last:
            positions.append(position)
            last = day
    return positions


def standing(answers: Sequence[Answered]) -> Sequence[int]:
    """The positions of the answers, oldest first, without misses called misread whose next sibling forgives them."""
    if not any(answer.misread for answer in answers):
        return range(len(answers))
    return [position for position in range(len(answers)) if not _is_forgiven(answers, position)]


def _is_forgiven(answers: Sequence[Answered], position: int) -> bool:
    miss = answers[position]
    if not miss.misread:
        return False
    siblings = (later for later in answers[position + 1 :] if later.question != miss.question)
    sibling = next(siblings, None)
    return sibling is not None and forgiven(miss.study_day, sibling.study_day, sibling.credited)
