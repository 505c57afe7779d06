"""Variants: the same seed gives the same question for ever, and every text carries the drawn numbers."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.core.question import Option, Question, as_served, option_id, serve
from qbank.core.variants import read_recipe, with_numbers
from qbank.errors import VariantInvalid

DRAWS = """\
n = 200..400 step 100
rate = 0.1 | 0.25   # of the exposed
cases = n * rate
require cases != 50"""


def options(*texts: str, key: int = 0) -> tuple[Option, ...]:
    return tuple(
        Option(option_id(text), text, at == key, "Of {n} persons {cases:1}.") for at, text in enumerate(texts)
    )


TEMPLATE = Question(
    "starter",
    "risk",
    "risk",
    "Of {n:,0} persons {cases} fall ill.\n\nWhich of the following is the risk?",
    options("{100 * rate}%", "{n / 10}%", "{cases:0}%"),
    remember="A risk is cases over persons.",
    draws=DRAWS,
)


@given(st.integers(0, 2**40))
def test_numbers_meet_what_is_required(seed: int) -> None:
    """Each is one of its choices, and what is derived follows from them."""
    values = read_recipe(DRAWS).numbers(seed)
    assert values["n"] in (200, 300, 400)
    assert values["cases"] == values["n"] * values["rate"] != 50


def test_a_seed_gives_these_numbers_for_ever() -> None:
    """Whoever changes how numbers are drawn counts the generator up and keeps the old way."""
    item = serve(TEMPLATE, 7)
    shown = as_served(TEMPLATE, item)
    assert item.generator == 1
    assert shown.stem.startswith("Of 200 persons 20 fall ill.")
    assert [shown.option(each).text for each in item.option_order] == ["10%", "20%", "20%"]
    assert shown.key.explanation == "Of 200 persons 20.0."


@given(st.integers(0, 2**40))
def test_options_come_by_size_and_keep_their_ids(seed: int) -> None:
    """An answer means the same formula whatever its number was."""
    item = serve(TEMPLATE, seed)
    shown = as_served(TEMPLATE, item)
    sizes = [Decimal(shown.option(each).text.rstrip("%")) for each in item.option_order]
    assert sizes == sorted(sizes)
    assert {option.id for option in shown.options} == {option.id for option in TEMPLATE.options}
    assert shown.key.id == TEMPLATE.key.id


def test_a_seed_that_cannot_be_drawn_gives_way_to_a_later_one() -> None:
    """A variant that fails under some seeds is asked all the same, and shown again by the seed that it was asked under."""
    failing = replace(TEMPLATE, draws=DRAWS + "\nx = 0 | 0 | 0 | 4", stem="{12 / x} of {n} ill?")
    for seed in range(30):
        item = serve(failing, seed)
        assert as_served(failing, item).stem.startswith("3 of")
    never = replace(failing, draws=DRAWS + "\nx = 0 | 0")
    with pytest.raises(VariantInvalid, match="risk cannot be drawn"):
        serve(never, 1)


def test_options_that_are_words_are_shuffled() -> None:
    """As those of any other question."""
    worded = replace(TEMPLATE, options=options("more than {n}", "the same", "less"))
    orders = {serve(worded, seed).option_order for seed in range(40)}
    assert len(orders) > 3


def test_a_question_without_draws_is_left_alone() -> None:
    """Braces in it are braces, and its version is what it was before there were variants."""
    plain = Question("b", "q", "o", "A set {1, 2}?", options("{", "}"))
    assert with_numbers(plain, 1) is plain
    assert serve(plain, 1).generator == 0
    assert plain.version == "f5c2fc704be33bf016b11bd221815197"


@pytest.mark.parametrize(
    ("draws", "line"),
    [
        ("n = 1..3\nn = 2..4", 2),
        ("n = 3..1", 1),
        ("n = 1..3 step 0", 1),
        ("n = 0..1000000 step 1", 1),
        ("n = 1 | x", 1),
        ("N = 1..2", 1),
        ("n = 1..2\nm = k + 1", 2),
        ("n = 1..2\nrequire k > 1", 2),
        ("n = 1..2\nrequire n", 2),
        ("m = 1 + 1", 1),
        ("n == 1", 1),
        ("n = 1..2\n" * 61, 60),
    ],
)
def test_faulty_draws_are_told_with_their_line(draws: str, line: int) -> None:
    """Before anything is drawn."""
    with pytest.raises(VariantInvalid) as caught:
        read_recipe(draws)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"stem": "Of {m} persons?"}, "not defined"),
        ({"stem": "Of {n persons?"}, "brace"),
        ({"stem": "Of {n:x}?"}, "decimals"),
        ({"stem": "{1 / (n - n)}?"}, "divides by zero"),
        ({"draws": "n = 1..2\nrate = 1\ncases = 1\nrequire n > 3"}, "attempts"),
        ({"remember": "It was {n}."}, "remember"),
    ],
)
def test_faulty_texts_are_told(changed: dict[str, str], message: str) -> None:
    """In a sentence."""
    with pytest.raises(VariantInvalid, match=message):
        with_numbers(replace(TEMPLATE, **changed), 1)


def test_numbers_that_are_never_found_cost_no_time() -> None:
    """Sixty lines of dear functions are given up before a thousand attempts."""
    dear = " + ".join(["exp(n) ** 0.37"] * 10)
    draws = "\n".join(["n = 1..9", *(f"a{at} = {dear}" for at in range(58)), "require n > 9"])
    began = time.process_time()
    with pytest.raises(VariantInvalid, match="attempts"):
        read_recipe(draws).numbers(1)
    assert time.process_time() - began < 3


def test_numbers_drawn_by_a_later_generator_are_not_guessed() -> None:
    """They would be other numbers than those that were answered."""
    item = replace(serve(TEMPLATE, 1), generator=2)
    with pytest.raises(VariantInvalid, match="another version"):
        as_served(TEMPLATE, item)
