"""A small world, and three questions whose first option is the key."""

import pytest
from msgspec.structs import replace
from screens import begun
from worlds import World, small_question

from qbank.app.practice import Practice
from qbank.core.question import NOT_RECALLED, RECALLED, Kind, Question
from qbank.core.response import Mode

STEM = "A man of sixty has a headache. He takes nothing for it. Which of these helps?"


@pytest.fixture
def three() -> list[Question]:
    """Three questions of three objectives; A is the key of each."""
    return [
        replace(small_question(f"{name}-9", name, stem=STEM), fixed_order=True, remember=f"Know {name} well.")
        for name in ("beta", "delta", "zeta")
    ]


@pytest.fixture
def prompt() -> Question:
    """A recall prompt."""
    return Question(
        "starter", "beta-recall", "beta", "What slows the heart?", (RECALLED, NOT_RECALLED),
        remember="A beta blocker.", fixed_order=True, kind=Kind.RECALL,
    )  # fmt: skip


@pytest.fixture
def timed(world: World, three: list[Question]) -> Practice:
    """A timed block of the three."""
    return begun(world, three, Mode.TIMED)


@pytest.fixture
def tutor(world: World, three: list[Question]) -> Practice:
    """A tutor block of the three."""
    return begun(world, three, Mode.TUTOR)
