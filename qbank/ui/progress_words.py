"""What follows from each table of the progress, in a sentence or two; where too little is known yet, how much is missing."""

from qbank.core.exam import Flag
from qbank.core.insight.progress import LEAST_PLACED, Progress, SaidRow, furthest_below, pooled
from qbank.core.response import Confidence

LEAST_SAID = 30
"""Answers of one word before it is told what the word is worth: the interval is then about 30 points wide. [judged]"""

LEAST_FORETOLD = 40
"""Answers to seen questions before forecasts are judged. [judged, likewise]"""

SURE_SHOULD_BE = 0.8
GUESS_SHOULD_BE = 0.4
"""Part right under which "sure" says too much, and over which "guessed" says too little. [judged]"""


def areas_texts(made: Progress) -> tuple[str, ...]:
    """Where time lies furthest below the exam, and the command that mends it on a line of its own."""
    placed = sum(of.fresh[0] + of.seen[0] for of in made.areas if of.dimension == "system")
    if placed < LEAST_PLACED:
        return (f"Where your time goes can be told after {LEAST_PLACED - placed} more answers.",)
    area = furthest_below(made.areas)
    if area is None:
        return ("No system is far below its share of the exam in your time, so nothing needs to be moved.",)
    why = "Your report has it as lower" if area.flag is Flag.LOWER else "If you do not feel strong there"
    return (
        f"Furthest below its share of the exam: {area.name}, {area.time_share:.0%} of your time for {area.share:.0%} of the "
        f"exam. {why}: give it a block, here or in your large bank.",
        f"Next: qbank block --system {area.area}",
    )


def confidence_text(made: Progress) -> str:
    """What "sure" and "guessed" are worth."""
    said = {row.said: row for row in made.said}
    sure, guessed = said.get(Confidence.SURE), said.get(Confidence.GUESSED)
    texts = [_sure_text(sure)]
    if guessed and guessed.answers >= LEAST_SAID and guessed.low > GUESS_SHOULD_BE:
        texts.append(
            f"Of what you called a guess {guessed.right / guessed.answers:.0%} was right: you know more than you trust, so "
            "keep your first reasoned answer."
        )
    return " ".join(texts)


def retention_text(made: Progress) -> str:
    """Whether what was met before is kept as well as was foretold."""
    whole = pooled(made.forecasts)
    known = whole.answers if whole else 0
    if whole is None or known < LEAST_FORETOLD:
        more = LEAST_FORETOLD - known
        return f"Whether you keep what was expected can be told after {more} more answers to seen questions."
    interval = f"{whole.interval_low * 100:.0f}-{whole.interval_high * 100:.0f}"
    told = (
        f"Questions seen before: {whole.observed:.0%} right ({interval}) of {whole.answers}, where {whole.expected:.0%} was "
        "expected."
    )
    if whole.expected > whole.interval_high:
        return (
            f"{told} You keep less than was expected, so short reviews are worth more: qbank review. Whether you forget "
            "faster than most: qbank fit"
        )
    if whole.expected < whole.interval_low:
        return f"{told} You keep more than was expected, so new questions are worth more: qbank block"
    return f"{told} The forecast holds, so you can rely on the days on which things come back."


def _sure_text(sure: SaidRow | None) -> str:
    known = sure.answers if sure else 0
    if sure is None or known < LEAST_SAID:
        return (
            f"What your being sure is worth can be told after {LEAST_SAID - known} more answers that you mark as sure (u "
            "three times, or A! in plain lines)."
        )
    part = f"Of what you were sure of {sure.right / sure.answers:.0%} was right ({sure.low * 100:.0f}-{sure.high * 100:.0f})"
    if sure.high < SURE_SHOULD_BE:
        return f"{part}. Before you leave a sure answer, name the one finding in the case that speaks against it."
    if sure.low >= SURE_SHOULD_BE:
        return f"{part}: you can trust it, so move on when you are sure and keep the time for the others."
    return f"{part}. Whether that is enough to rely on cannot be told yet."
