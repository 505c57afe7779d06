"""What came out, learner by learner, so that anything can be computed from it later; and its file."""

import json
from pathlib import Path

import msgspec

BINS = 10


class Bin(msgspec.Struct, frozen=True, array_like=True):
    """Forecasts of P(correct) within a tenth: how many, their sum, how many came true, the sum of squared errors."""

    n: int = 0
    forecast: float = 0.0
    correct: int = 0
    squared: float = 0.0


class Checked(msgspec.Struct, frozen=True, array_like=True):
    """The belief's total on a day, with its interval, and the true one (all in percent)."""

    day: int
    low: float
    mean: float
    high: float
    true: float


class Outcome(msgspec.Struct, frozen=True):
    """A policy in a world; lists are by learner. `seconds` is what it took to compute, on one core.

    `forecasts` has ten bins for each learner, `totals` what was believed at the start, middle and end: both are
    empty for policies that say nothing of the kind.
    """

    percent: list[float]
    answered: list[int]
    seconds: float
    version: str
    forecasts: list[list[Bin]] = []
    totals: list[list[Checked]] = []


class WorldRun(msgspec.Struct):
    """`bound` is None until it was asked for, and empty where there is none."""

    policies: dict[str, Outcome] = {}
    bound: list[float] | None = None


class Results(msgspec.Struct):
    """Learners 0 to `learners` of the row that belongs to `seed`, in each world."""

    seed: int
    learners: int
    worlds: dict[str, WorldRun] = {}


def binned(forecasts: list[tuple[float, bool]]) -> list[Bin]:
    """Ten bins of (P(correct), correct)."""
    bins = [Bin()] * BINS
    for p, correct in forecasts:
        at = min(BINS - 1, int(p * BINS))
        one = bins[at]
        bins[at] = Bin(one.n + 1, one.forecast + p, one.correct + correct, one.squared + (p - correct) ** 2)
    return bins


def added(rows: list[list[Bin]]) -> list[Bin]:
    """The bins of several learners as one's."""
    return [
        Bin(
            sum(one.n for one in column),
            sum(one.forecast for one in column),
            sum(one.correct for one in column),
            sum(one.squared for one in column),
        )
        for column in zip(*rows, strict=True)
    ]


def joined(parts: list[Outcome]) -> Outcome:
    """The outcome of learners who were computed apart, in their order."""
    return Outcome(
        percent=[one for part in parts for one in part.percent],
        answered=[one for part in parts for one in part.answered],
        seconds=sum(part.seconds for part in parts),
        version=parts[0].version,
        forecasts=[one for part in parts for one in part.forecasts],
        totals=[one for part in parts for one in part.totals],
    )


def load(path: Path) -> Results:
    """Raises ValueError when the file holds something else."""
    return msgspec.json.decode(path.read_bytes(), type=Results)


def save(results: Results, summary: object, path: Path) -> None:
    """The results with what was computed of them, for readers without this program. It is written whole or not at all."""
    everything = {**msgspec.to_builtins(results), "summary": msgspec.to_builtins(summary)}
    beside = path.with_name(path.name + ".part")
    beside.write_text(json.dumps(everything) + "\n", encoding="utf-8")
    beside.replace(path)
