"""How often this learner is right without knowing: partial knowledge eliminates options, and more of it for some.

P(correct) = g + (1 - g - slip) P(know): from answers alone, a learner who knows more and one who guesses better look the
same, so whoever tells no confidence keeps the chance among the options, and what is learned comes from confessed guesses
alone. Among those P(know) is small and enters only as a correction: the surplus of hits over what chance and the belief
expect of a confessed guess, per answer that was not known, is an unbiased estimate of the lift over chance, whatever was
believed of the lift before. It stands or falls with how often one who knows says "guessed" (`mastery.SAID_KNOWING`): were
that .10 and not .05, a rate of .20 would be taken for one of about .25.
"""

import msgspec

GUESS_WITHIN = (0.15, 0.40)
"""Bounds of P(right | not known): partial knowledge eliminates options, and no option set is pure chance."""

PRIOR_WEIGHT = 48.0
"""The weight of no lift at all: 60 answers not known among five options. [judged]"""

RECOGNITION = 0.25
"""The part of what else would have to be known that a text served before gives away by being recognised. [judged]"""

OWN_WORD = 0.05
"""P(a learner says of a prompt without options that they recalled it, when they did not). [judged]"""


class Guessing(msgspec.Struct, frozen=True):
    """Hits of confessed guesses above those by chance, and their weight: the room above chance of what was not known."""

    surplus: float = 0.0
    weight: float = 0.0


def guess_rate(guessing: Guessing, chance: float) -> float:
    """P(right | not known) where blind choice is right with probability `chance`; within GUESS_WITHIN."""
    lift = guessing.surplus / (guessing.weight + PRIOR_WEIGHT)
    return _within(_within(chance) + lift * (1 - _within(chance)))


def after_confessing(
    guessing: Guessing, *, correct: bool, p_know: float, chance: float, slip: float
) -> Guessing:
    """What is learned from an answer called a guess, of an objective known with probability `p_know` once this was said.

    Nothing where chance itself lies out of bounds, as with two options.
    """
    if _within(chance) != chance:
        return guessing
    surplus = correct - p_know * (1 - slip) - (1 - p_know) * chance
    return Guessing(guessing.surplus + surplus, guessing.weight + (1 - p_know) * (1 - chance))


def recognising(guess: float, slip: float) -> float:
    """P(right | not known) of a text that was served before, where a fresh one has `guess`."""
    return guess + RECOGNITION * (1 - guess - slip)


def _within(rate: float) -> float:
    return min(max(rate, GUESS_WITHIN[0]), GUESS_WITHIN[1])
