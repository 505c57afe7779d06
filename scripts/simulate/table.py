"""Results as tables for a terminal and for Markdown."""

from collections.abc import Sequence

from tabulate import tabulate

from simulate.results import Results
from simulate.summary import Calibration, Interval, Row, WorldSummary, summarised

NAMES = {
    "random": "random pass through the bank",
    "anki": "reviews first, FSRS .9 (Anki's default order)",
    "fsrs": "half new, half due, uniform; FSRS",
    "leitner": "the same; Leitner",
    "sm2": "the same; SM-2",
    "blueprint": "blueprint-weighted new + FSRS",
    "flags": "the same, flagged areas x2",
    "point": "FSRS state + exam-day marginal gain",
    "filter": "a filter over recall + exam-day marginal gain",
    "filter-index": "the same, priced by an index that looks ahead",
    "qbank": "**qbank**",
    "qbank-confidence": "**qbank** with a confidence key",
    "qbank-whole": "qbank's composer, nothing kept in reserve",
    "qbank-told": "the same, told of each answer whether it was recalled",
    "after-asking": "sees the true state of what it has asked",
    "oracle": "greedy oracle (knows the true state)",
}
COMPARED = (
    "blueprint",
    "point",
    "filter",
    "filter-index",
    "qbank-whole",
    "qbank-confidence",
    "qbank-told",
    "after-asking",
)
"""Beside qbank, in the table over worlds."""

NONE = "-"


def printed(results: Results) -> str:
    """Every table: over worlds when there are several, then each world's, then how far forecasts can be trusted."""
    summaries = [summary for summary in summarised(results) if summary.rows]
    parts = [
        f"{results.learners} learners in each world, seed {results.seed}. In brackets: 95 % intervals. {NONE}: not "
        "computed, or under a point to have a part of."
    ]
    if len(summaries) > 1:
        parts.append(over_worlds(summaries))
    parts += [of_world(summary) for summary in summaries]
    calibrations = [(one.world, calibration) for one in summaries for calibration in one.calibrations]
    if calibrations:
        parts.append(trust(calibrations))
        parts += [reliability(world, calibration) for world, calibration in calibrations]
    return "\n\n".join(parts)


def over_worlds(summaries: Sequence[WorldSummary]) -> str:
    """One line a world: what qbank gains there, and what the best of the others do."""
    head = ["world", "random %", "oracle - random", "qbank - random", "qbank's gap", "of the bound"]
    head += [f"{policy}'s gap" for policy in COMPARED]
    lines = []
    for summary in summaries:
        row = {one.policy: one for one in summary.rows}
        own = row.get("qbank")
        lines.append(
            [
                summary.world,
                _percent(row.get("random")),
                _points(row.get("oracle")),
                _points(own),
                _gap(own),
                _of_bound(own),
                *(_gap(row.get(policy)) for policy in COMPARED),
            ]
        )
    return _section("All worlds", head, lines)


def of_world(summary: WorldSummary) -> str:
    """One line a policy, in the order they were asked for."""
    head = ["policy", "exam %", "P(pass)", "answers", "points above random", "gap", "of the bound"]
    lines = [
        [
            NAMES[row.policy],
            f"{row.percent.mean:.2f}",
            _share(row.p_pass),
            f"{row.answered:.0f}",
            _points(row),
            _gap(row),
            _of_bound(row),
        ]
        for row in sorted(summary.rows, key=lambda row: list(NAMES).index(row.policy))
    ]
    if summary.bound is not None:
        lines.append(["relaxed bound", f"{summary.bound:.2f}", *[""] * 5])
    return _section(f"World: {summary.world}", head, lines)


def trust(calibrations: Sequence[tuple[str, Calibration]]) -> str:
    """One line a world: forecasts of answers, and the belief's total at the start, middle and end."""
    head = [
        "world",
        "policy",
        "answers",
        "Brier",
        "base rate's",
        "mean error",
        "total off by",
        "interval held",
    ]
    lines = [
        [
            world,
            one.policy,
            one.answers,
            _share(one.brier),
            _share(one.brier_base),
            _share(one.error),
            " / ".join(f"{off:+.1f}" for _, off, _ in one.totals),
            " / ".join(_share(held, 2) for _, _, held in one.totals),
        ]
        for world, one in calibrations
    ]
    return _section("How far forecasts can be trusted", head, lines)


def reliability(world: str, calibration: Calibration) -> str:
    """One line a tenth of forecasts."""
    lines = [[_share(one.forecast), _share(one.observed), one.n] for one in calibration.bins]
    return _section(f"Forecasts of {calibration.policy}: {world}", ["forecast", "observed", "answers"], lines)


def _section(title: str, head: list[str], lines: Sequence[Sequence[object]]) -> str:
    aligned = ["left" if at == 0 or column == "policy" else "right" for at, column in enumerate(head)]
    table = tabulate(lines, head, tablefmt="pipe", disable_numparse=True, colalign=aligned)
    return f"{title}\n\n{table}"


def _percent(row: Row | None) -> str:
    return NONE if row is None else f"{row.percent.mean:.2f}"


def _points(row: Row | None) -> str:
    return NONE if row is None or row.points is None else _bracketed(row.points, "+.2f")


def _gap(row: Row | None) -> str:
    return NONE if row is None or row.gap is None else _bracketed(row.gap, ".2f")


def _of_bound(row: Row | None) -> str:
    return NONE if row is None or row.of_bound is None else _bracketed(row.of_bound, ".2f")


def _bracketed(interval: Interval, shape: str) -> str:
    return f"{interval.mean:{shape}} [{interval.low:{shape}}, {interval.high:{shape}}]"


def _share(value: float, places: int = 3) -> str:
    return f"{value:.{places}f}"
