"""Hidden characters are found and shown, each at its place, in time that grows with the text alone."""

import time

from hypothesis import given
from hypothesis import strategies as st

from qbank.core.text import hidden_characters, visible

PIECES = st.lists(st.sampled_from(["a", "\n", "\t", "\r", "\x1b", "\u202e", "β"])).map("".join)


@given(PIECES)
def test_each_is_told_with_its_line_and_name(text: str) -> None:
    """What is told is what `visible` would replace."""
    expected = [
        (number, f"U+{ord(character):04X}")
        for number, line in enumerate(text.split("\n"), 1)
        for character in line
        if visible(character) != character
    ]
    assert hidden_characters(text) == expected


def test_a_text_full_of_them_takes_no_longer_than_its_length_says() -> None:
    """Counting the lines anew for each one took a quarter of a minute."""
    text = "\x1b\n" * 300_000
    begun = time.process_time()
    assert hidden_characters(text)[-1] == (300_000, "U+001B")
    assert time.process_time() - begun < 2
