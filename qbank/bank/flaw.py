"""What a rule says of a question, and the words that several rules look at."""

import re
from typing import NamedTuple

from qbank.core.question import Option, Question


class Flaw(NamedTuple):
    """A breach of a rule: what is wrong, and how to mend it."""

    rule: str
    message: str
    mend: str


def paragraphs(question: Question) -> list[str]:
    """The stem's paragraphs, the lead-in last."""
    return re.split(r"\n\s*\n", question.stem)


def lead_in(question: Question) -> str:
    """The last paragraph of the stem, white space folded."""
    return " ".join(paragraphs(question)[-1].split())


def vignette(question: Question) -> str:
    """The stem without its lead-in."""
    return "\n\n".join(paragraphs(question)[:-1])


def shuffled(question: Question) -> tuple[Option, ...]:
    """The options that are not pinned to the end."""
    return question.options[: len(question.options) - question.pinned]


def telling_words(text: str) -> set[str]:
    """The words that may point to an answer, in the singular."""
    words = re.findall(r"[a-z]{5,}", text.lower())
    return {word.removesuffix("s") for word in words} - _GENERAL


# Words that any vignette may hold without pointing to an answer.
_GENERAL = frozenset(
    """
    about above active activity acute after again against area below blood body cause cell change chronic
    decrease decreased disease effect examination finding following function general history increase
    increased later level likely lower measure method month normal other patient people person place point
    pressure process produce rate reduce reduced response result right serum shows similar since small study
    symptom taken their there these those through tissue treatment under upper value which while with within
    without woman years would think feel feeling model table before being breath daily doctor during every
    explain first found great group hospital intake large least makes means might never often physician question
    reason report shown since still takes together total usual value visit weeks whose
    """.split()  # noqa: SIM905  a list of quoted words would be three times as long
)
