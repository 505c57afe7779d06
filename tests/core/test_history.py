"""Which answers to an objective are reviews."""

from datetime import date, timedelta

from qbank.core.history import Answered, reviews_of, standing
from qbank.core.response import Rating

DAY = date(2027, 1, 4)


def answered(question: str, days: int, rating: Rating, *, misread: bool = False) -> Answered:
    return Answered(question, DAY + timedelta(days=days), rating, rating is not Rating.AGAIN, misread)


def test_the_first_answer_of_each_study_day_is_the_review() -> None:
    """Later ones of the day are not, nor one that a traveller's calendar puts before the last."""
    answers = [
        answered("a", 0, Rating.AGAIN),
        answered("b", 0, Rating.GOOD),
        answered("a", 3, Rating.GOOD),
        answered("b", 2, Rating.AGAIN),
        answered("b", 5, Rating.HARD),
    ]
    assert reviews_of(answers) == (
        (Rating.AGAIN, DAY),
        (Rating.GOOD, DAY + timedelta(days=3)),
        (Rating.HARD, DAY + timedelta(days=5)),
    )


def test_a_sibling_that_was_known_forgives_what_was_misread() -> None:
    """Within two days it does, from then on it does not, and the same question again never does."""
    miss = answered("a", 0, Rating.AGAIN, misread=True)
    assert standing([miss, answered("b", 2, Rating.GOOD)]) == [1]
    assert standing([miss, answered("b", 3, Rating.GOOD)]) == [0, 1]
    assert standing([miss, answered("b", 2, Rating.AGAIN)]) == [0, 1]
    assert standing([miss, answered("a", 1, Rating.GOOD)]) == [0, 1]
    assert standing([miss, answered("a", 1, Rating.GOOD), answered("b", 2, Rating.GOOD)]) == [1, 2]


def test_a_lucky_guess_forgives_nothing() -> None:
    """Right by the learner's own word "I guessed" is Again, and no knowledge."""
    guessed = Answered("b", DAY, Rating.AGAIN, correct=True, misread=False)
    assert not guessed.credited
    assert standing([answered("a", 0, Rating.AGAIN, misread=True), guessed]) == [0, 1]


def test_nothing_answered_is_no_review() -> None:
    """Nothing comes of nothing."""
    assert reviews_of([]) == ()
