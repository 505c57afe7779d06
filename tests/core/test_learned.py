"""What is learned of one learner over all objectives: their guessing is found where they confess it, and nowhere else."""

import math
import random
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.app.exams import load_exam
from qbank.core import mastery
from qbank.core.exam_model import Place, exam_model
from qbank.core.guessing import GUESS_WITHIN, Guessing, after_confessing, guess_rate
from qbank.core.learned import (
    MOST_SOURCES,
    Learned,
    after_first_answer,
    after_outside,
    guess_among,
    guess_in_practice,
    learned_from_json,
    learned_to_json,
    nothing_learned,
)
from qbank.core.response import Confidence

MODEL = exam_model(load_exam("usmle-step1"), date(2026, 11, 23))
LEVEL = 0.3
PLACES = [
    Place(system, section, (discipline,))
    for section, system in zip(MODEL.sections, MODEL.section_system, strict=True)
    for discipline in ("pathology", "physiology", "pharmacology")
]


class Answer(NamedTuple):
    place: Place
    correct: bool
    said: Confidence | None


def drawn(guess: float, count: int, *, tells: bool, seed: int) -> Iterator[Answer]:
    """First answers of a learner drawn from the model itself, who is right by guessing at a rate of `guess`."""
    dice = random.Random(seed)
    for _ in range(count):
        place = dice.choice(PLACES)
        knows = dice.random() < mastery.logistic(LEVEL + dice.gauss(0, mastery.OBJECTIVE_SD))
        correct = dice.random() < (1 - MODEL.slip if knows else guess)
        says = mastery.SAID_KNOWING if knows else mastery.SAID_NOT_KNOWING
        yield Answer(place, correct, dice.choices(list(says), list(says.values()))[0] if tells else None)


def life(guess: float, answers: int, *, tells: bool, seed: int) -> Learned:
    learned = nothing_learned(MODEL)
    for place, correct, said in drawn(guess, answers, tells=tells, seed=seed):
        learned = after_first_answer(
            learned, MODEL, place, correct=correct, options=5, confidence=said, fresh=True
        )
    return learned


@pytest.mark.parametrize("guess", [0.18, 0.25, 0.35])
def test_guessing_is_found_by_whoever_confesses_it(guess: float) -> None:
    """Over four learners of 4,000 first answers, what is learned lies within .03 of the truth on the mean."""
    found = [guess_in_practice(life(guess, 4_000, tells=True, seed=seed), MODEL) for seed in range(4)]
    assert sum(found) / len(found) == pytest.approx(guess, abs=0.03)


@pytest.mark.parametrize("guess", [0.18, 0.25, 0.35])
def test_without_confidence_it_stays_at_chance(guess: float) -> None:
    """Knowing more and guessing better look the same in the answers alone, so nothing is concluded."""
    assert guess_in_practice(life(guess, 300, tells=False, seed=1), MODEL) == MODEL.guess


def test_first_confessions_hardly_move_it() -> None:
    """Five lucky hits in a row lift one in five by less than .06."""
    guessing = Guessing()
    for _ in range(5):
        guessing = after_confessing(guessing, correct=True, p_know=0.1, chance=0.2, slip=0.05)
    assert 0.2 < guess_rate(guessing, 0.2) < 0.26


@given(
    st.lists(st.tuples(st.booleans(), st.floats(0, 1), st.integers(1, 12)), max_size=300), st.integers(1, 12)
)
def test_guessing_stays_within_its_bounds_and_follows_hits(
    confessed: list[tuple[bool, float, int]], options: int
) -> None:
    """Whatever happens it lies in [.15, .40], and one more hit never lowers it."""
    guessing = Guessing()
    for correct, p_know, count in confessed:
        guessing = after_confessing(guessing, correct=correct, p_know=p_know, chance=1 / count, slip=0.05)
    hit, miss = (
        after_confessing(guessing, correct=correct, p_know=0.1, chance=0.2, slip=0.05)
        for correct in (True, False)
    )
    rates = [guess_rate(each, 1 / options) for each in (miss, hit)]
    assert GUESS_WITHIN[0] <= rates[0] <= rates[1] <= GUESS_WITHIN[1]


def test_fewer_options_are_easier_to_guess() -> None:
    """One over the options, within bounds, for somebody of whom nothing is known."""
    learned = nothing_learned(MODEL)
    assert [guess_among(learned, options) for options in (0, 2, 4, 5, 10)] == [0.40, 0.40, 0.25, 0.20, 0.15]


def test_a_confessed_guess_on_a_text_seen_before_teaches_nothing_about_guessing() -> None:
    """It may have been recognised."""
    before = nothing_learned(MODEL)
    for fresh, moves in ((True, True), (False, False)):
        after = after_first_answer(
            before, MODEL, PLACES[0], correct=True, options=5, confidence=Confidence.GUESSED, fresh=fresh
        )
        assert (after.guessing != before.guessing) is moves


def test_other_banks_are_told_apart_by_name() -> None:
    """Letter case and spaces make no other bank; from the ninth on, names share the last one's offset."""
    learned, heart = nothing_learned(MODEL), ("system", "cardiovascular")
    for name in ("Big  Bank", "big bank", *(f"bank {number}" for number in range(20))):
        learned = after_outside(learned, MODEL, heart, name, 30, 40)
    assert learned.sources == ("big bank", *(f"bank {number}" for number in range(MOST_SOURCES - 1)))
    assert len(learned.belief.mean) == MODEL.axes + MOST_SOURCES
    assert after_outside(learned, MODEL, ("task", "diagnosis"), "another", 1, 2) is learned


def test_a_new_bank_says_more_about_a_level_than_the_same_again() -> None:
    """80 % in two banks is more than 80 % twice in one."""
    heart, start = ("system", "cardiovascular"), life(0.2, 100, tells=False, seed=4)

    def level(*sources: str) -> float:
        learned = start
        for source in sources:
            learned = after_outside(learned, MODEL, heart, source, 80, 100)
        found = mastery.area(learned.belief, MODEL, heart)
        assert found is not None
        return found.mean

    assert level("one", "two") > level("one", "one") > level("one") > level()


@given(st.integers(0, 1_000), st.integers(0, 12))
def test_what_is_learned_survives_json_to_the_bit(seed: int, answers: int) -> None:
    """What is written is read back exactly."""
    learned = life(0.25, answers, tells=True, seed=seed)
    learned = after_outside(learned, MODEL, ("discipline", "pathology"), "bank", 7, 10)
    assert learned_from_json(learned_to_json(learned)) == learned


def test_a_belief_with_the_wrong_number_of_covariances_is_refused() -> None:
    """Sizes that do not fit are an error that names them."""
    with pytest.raises(ValueError, match="2 axes cannot have 2 covariances"):
        learned_from_json('{"belief":{"mean":[0.0,0.0],"cov":[1.0,1.0],"answers":0}}')


def test_a_lucky_guesser_is_believed_to_know_less() -> None:
    """Who is right by guessing more often than one in five is taken for what they know, and not for more."""
    learned, taken_in = life(0.35, 1_500, tells=True, seed=6), mastery.prior(MODEL)
    for place, correct, said in drawn(0.35, 1_500, tells=True, seed=6):
        taken_in = mastery.update(taken_in, MODEL, place, correct, guess=MODEL.guess, confidence=said)
    knows = mastery.logistic(LEVEL / math.sqrt(1 + mastery.PROBIT * mastery.OBJECTIVE_SD**2))
    truth = MODEL.guess + (1 - MODEL.guess - MODEL.slip) * knows
    found, blind = (mastery.total(belief, MODEL).mean for belief in (learned.belief, taken_in))
    assert abs(found - truth) < abs(blind - truth)
    assert found == pytest.approx(truth, abs=0.03)
