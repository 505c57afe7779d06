"""Reviews from other programs are kept once, in the order of the log, and read among the answers."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from qbank.core.response import Rating
from qbank.store.rows import ImportedReview, LearnerRow
from qbank.store.store import Store

Make = Any


def review(make: Make, learner: LearnerRow, days: int, rating: Rating, event: str = "e1") -> ImportedReview:
    """A review so many days before noon, which came in at noon."""
    at = make.noon - timedelta(days=days)
    return ImportedReview(
        learner.id, "starter", "o1", "q1", at, make.day - timedelta(days=days), rating, make.noon, event
    )


def test_reviews_come_back_oldest_first_and_once(store: Store, make: Make, learner: LearnerRow) -> None:
    """What is there already stays as it came first."""
    first, second = review(make, learner, 9, Rating.EASY), review(make, learner, 3, Rating.AGAIN)
    with store.begin() as tx:
        tx.put_imported_reviews([second, first])
        tx.put_imported_reviews([replace(first, rating=Rating.HARD, event="e2"), *[second] * 2])
    with store.read() as tx:
        assert tx.imported_reviews(learner.id, "starter", "o1") == [first, second]
        assert tx.imported_reviews(learner.id, "starter", "o2") == []
        assert tx.latest_imported(learner.id, "starter") == {"q1": (second.reviewed_at, second.study_day)}
        assert tx.latest_imported(learner.id, "other") == {}


def test_they_stand_among_the_answers_where_they_came_in(
    store: Store, make: Make, learner: LearnerRow
) -> None:
    """Of each objective, whether or not it was answered here."""
    with store.begin() as tx:
        tx.put_block(make.block("b1", learner))
        answer = make.response(learner, make.question("q1", "o1"), "b1", 0)
        tx.put_response(replace(answer, rating=Rating.GOOD))
        before = list(tx.rated_answers(learner.id))
        early = replace(review(make, learner, 9, Rating.HARD), at=answer.response.at - timedelta(seconds=1))
        late = replace(review(make, learner, 3, Rating.AGAIN), at=answer.response.at + timedelta(seconds=1))
        alone = replace(late, objective="o0", rating=Rating.EASY)
        tx.put_imported_reviews([late, early, alone])
        after = list(tx.rated_answers(learner.id))
    (_, (answered,)) = before[0]
    assert [name for name, _ in after] == [("starter", "o0"), ("starter", "o1")]
    assert [(one.rating, one.correct, one.misread) for one in after[0][1]] == [(Rating.EASY, True, False)]
    assert [one.rating for one in after[1][1]] == [Rating.HARD, answered.rating, Rating.AGAIN]
    assert after[1][1][1] == answered
