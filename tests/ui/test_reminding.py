"""The sentence of the evening's reminder."""

import pytest

from qbank.app.night import Tonight
from qbank.ui.overview import tonight_words
from qbank.ui.reminding import reminder_sentence


@pytest.mark.parametrize(
    ("tonight", "said"),
    [
        (
            Tonight(12, 0.3, 9, "Biostatistics & Epidemiology"),
            "About 12 minutes are worth it tonight: 9 objectives, most of them in Biostatistics and Epidemiology. "
            "qbank review --minutes 12",
        ),
        (Tonight(1, 0.1, 1, ""), "About 1 minute is worth it tonight: 1 objective. qbank review --minutes 1"),
    ],
)
def test_a_reminder_says_that_it_is_about_tonight(tonight: Tonight, said: str) -> None:
    """Whatever the minutes and the objectives; nothing in it is markup to a desktop."""
    assert reminder_sentence(tonight) == said


def test_where_tonight_was_named_it_is_not_named_again() -> None:
    """The overview's line begins with it."""
    assert tonight_words(Tonight(12, 0.3, 1, "")) == "about 12 minutes are worth it: 1 objective"
    assert tonight_words(Tonight(0, 0.0, 0, "")) == "nothing is worth more than sleep"
