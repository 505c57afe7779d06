"""The flaws of one question that a program can see, after the NBME Item-Writing Guide (6th ed., 2024)."""

from collections.abc import Iterator

from qbank.bank import craft_numbers, craft_options, craft_wording
from qbank.bank.craft_numbers import Reference
from qbank.bank.flaw import Flaw
from qbank.core.question import Question


def flaws(question: Question, reference: Reference) -> Iterator[Flaw]:
    """Each flaw of the question as it is asked; `reference` holds what results and drugs are compared with."""
    yield from craft_wording.flaws(question)
    yield from craft_options.flaws(question)
    yield from craft_numbers.flaws(question, reference)
