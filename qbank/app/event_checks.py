"""What any part of an event must be: times, names and values that can be, questions that can be asked."""

import math
from datetime import date, datetime
from typing import Annotated

import msgspec

from qbank.core.question import Question, serve
from qbank.core.text import hidden_characters
from qbank.errors import VariantInvalid

FIRST_YEAR, LAST_YEAR = 2000, 2200

Key = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]


def check_time(at: datetime, study_day: date) -> None:
    """Raise ValueError for a moment that no computer's clock should show."""
    if not all(FIRST_YEAR <= year <= LAST_YEAR for year in (at.year, study_day.year)):
        raise ValueError(f"An event's time cannot be in {at.year}")


def check_plain(value: object) -> None:
    """Raise ValueError for what JSON or a database cannot hold: a null character, or a number that is not finite."""
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("It holds a character that no text has: U+0000")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"It holds a number that is none: {value}")
    elif isinstance(value, dict):
        for name, inside in value.items():
            check_plain(name)
            check_plain(inside)
    elif isinstance(value, list | tuple):
        for inside in value:
            check_plain(inside)


def check_name(name: str) -> None:
    """Raise ValueError for an id or a name that shows other than it is."""
    if hidden := hidden_characters(name):
        raise ValueError(f"A name holds the control character {hidden[0][1]}")


def check_question(question: Question) -> None:
    """Raise ValueError unless the question can be asked: two options or more, of different ids, and one key."""
    ids = {option.id for option in question.options}
    if len(ids) < 2 or len(ids) != len(question.options):
        raise ValueError(f"The question {question.id} has no two different options")
    if sum(option.correct for option in question.options) != 1:
        raise ValueError(f"The question {question.id} has no single key")
    try:
        if question.draws:
            serve(question, 0)
    except VariantInvalid as error:
        raise ValueError(f"The question {question.id} cannot be asked: {error}") from error
