"""Questions that are there already are found: the same ones always, near ones as the plain comparison finds them."""

import random

from hypothesis import given
from hypothesis import strategies as st

from qbank.bank.alike import alike
from qbank.bank.duplicates import NEAR, Duplicates, Known

STEM = "A 45-year-old man has had chest pain for 2 hours. Which of the following is the cause?"
OPTIONS = ("Aortic dissection", "Pulmonary embolism", "Pneumonia")
SAME = "a 45 year old man has had  chest pain for 2 hours - which of the following is the cause"


def filled() -> Duplicates:
    known = Duplicates()
    known.add("starter", "one", STEM, OPTIONS)
    return known


def test_case_space_and_punctuation_make_no_other_question() -> None:
    """Nor does the order of the options."""
    folded = ("PNEUMONIA.", "aortic  dissection", "pulmonary-embolism")
    assert filled().find_and_name("b", "x", SAME, folded) == Known("starter", "one", 1.0)


def test_other_options_or_another_sign_make_another_question() -> None:
    """Though the stem is the same."""
    known = Duplicates()
    known.add("starter", "one", "What is the base excess?", ("-2", "+2"))
    assert known.find_and_name("b", "x", "What is the base excess?", ("2", "+2")) is None
    assert filled().find_and_name("b", "x", STEM, ("Gout", "Lupus", "Sarcoidosis")) is None


def test_a_question_of_the_same_import_is_found_as_the_same() -> None:
    """Near ones among the new are not looked for."""
    known = Duplicates()
    assert known.find_and_name("b", "x", STEM, OPTIONS) is None
    assert known.find_and_name("c", "x", SAME, OPTIONS) == Known("b", "x", 1.0)


def test_the_nearest_of_several_is_told() -> None:
    """By its similarity."""
    words = [f"word{number}" for number in range(60)]
    known = Duplicates()
    known.add("starter", "far", " ".join([*words[:-4], "other", "ends", "here", "now"]), ("a", "b"))
    known.add("starter", "near", " ".join([*words[:-1], "end"]), ("a", "b"))
    found = known.find_and_name("b", "x", " ".join(words), ("a", "b"))
    assert found is not None
    assert found.id == "near"
    assert NEAR <= found.similarity < 1


@given(st.integers(0, 2**32))
def test_near_ones_are_those_that_a_comparison_of_all_finds(seed: int) -> None:
    """Texts of random words, some of them changed in a few places."""
    draw = random.Random(seed)
    first = [f"w{draw.randrange(500)}" for _ in range(draw.randrange(20, 60))]
    second = [word if draw.random() > 0.02 else "changed" for word in first]
    known = Duplicates()
    known.add("starter", "one", " ".join(first), ("yes", "no"))
    found = known.find_and_name("b", "x", " ".join(second), ("yes", "no"))
    pairs = list(alike([" ".join([*words, "no", "yes"]) for words in (first, second)], NEAR))
    if first == second:
        assert found == Known("starter", "one", 1.0)
    else:
        assert (found is not None) == bool(pairs)
        assert found is None or abs(found.similarity - pairs[0].similarity) < 1e-9


@given(
    st.text(max_size=30), st.text(max_size=30), st.sampled_from(["Naïve – 5 µg", "−3 °C", "≥ 7.5", "-", "2."])
)
def test_a_text_ends_where_it_ends(stem: str, option: str, other: str) -> None:
    """What stands at the end of one is no part of the next, whatever its characters are."""
    stem, option = stem.replace("\x00", ""), option.replace("\x00", "")
    known = Duplicates()
    known.add("old", "q", stem, [option, other])
    found = known.find_and_name("new", "q", stem, [other, option])
    assert found is not None
    assert found.similarity == 1
