"""How ready you are, in lines: what a self-assessment printed, the index with its intervals, and what to do next."""

from tabulate import tabulate

from qbank.app.horizon import days_away
from qbank.app.readiness import PrintedForm, Ready
from qbank.core.insight.readiness import LEAST_ANSWERS, Index

HEADERS = ("From", "Index", "80 in 100 times", "95 in 100 times")

_NO_CHANCE = (
    "The index is the percentage of the exam's questions that you would get right today; it is no chance of passing. This "
    "bank's questions are not the exam's, and its intervals come from simulated learners: nothing of it has been shown on "
    "people who sit again."
)


def ready_lines(ready: Ready) -> list[str]:
    """Everything, the makers' own figure first."""
    booked = "" if ready.booked else " (assumed: none is booked)"
    lines = [f"{ready.exam}: {ready.exam_day:%a %d %b %Y}{booked}, {days_away(ready.days_left)}."]
    if ready.withheld:
        return [*lines, ready.withheld, *_next_lines(ready)]
    if ready.printed is not None:
        lines += ["", *printed_lines(ready)]
    lines += ["", *answers_lines(ready)]
    if found := indices(ready):
        rows = [(name, *index_words(index)) for name, index in found]
        lines += ["", *tabulate(rows, headers=HEADERS, tablefmt="simple", disable_numparse=True).splitlines()]
        lines += ["", *caution_lines(ready)]
    return [*lines, *_reserve_lines(ready), "", *_next_lines(ready)]


def printed_lines(ready: Ready) -> list[str]:
    """What a self-assessment printed; nothing without one."""
    return [] if ready.printed is None else [*_printed_lines(ready.printed), *_updated_lines(ready)]


def caution_lines(ready: Ready) -> list[str]:
    """What an index is to be held against, and what it is not."""
    return [*_low_pass_lines(ready), _NO_CHANCE]


def indices(ready: Ready) -> list[tuple[str, Index]]:
    """Each index with what it rests on, in words."""
    forms = "1 self-assessment" if ready.forms == 1 else f"{ready.forms} self-assessments"
    with_forms = f"{ready.answers} answers, {forms}" if ready.answers else forms
    found = [(f"{ready.answers} answers", ready.bank), (with_forms, ready.updated)]
    return [(name, index) for name, index in found if index is not None]


def index_words(index: Index) -> tuple[str, str, str]:
    """An index and its intervals, as under HEADERS."""
    return (
        f"{index.percent:.0f}%",
        _between(index.low_80, index.high_80),
        _between(index.low_95, index.high_95),
    )


def _printed_lines(printed: PrintedForm) -> list[str]:
    form = f", form {printed.form}" if printed.form else ""
    said = []
    if printed.p_pass is not None:
        said.append(f"printed a {printed.p_pass:.0%} chance of passing")
    if printed.percent is not None:
        said.append(f"{printed.percent:g} percent correct")
    lines = [f"{printed.name}{form}, {printed.day:%d %b %Y}: {', '.join(said)}."]
    if printed.p_pass is not None:
        lines.append(
            "That chance is its makers' figure for those days, not ours, and none is worked out here."
        )
    return lines


def _updated_lines(ready: Ready) -> list[str]:
    if ready.updated is None:
        return []
    what = "What you answered here and the days since" if ready.answers else "The days since"
    return [f"{what} make of it what stands below."]


def answers_lines(ready: Ready) -> list[str]:
    """How many answers count, or how many are missing."""
    if not ready.answers:
        return [
            f"Not yet from this bank: {ready.needed} fresh questions. Only what is fresh, timed and drawn like the exam can "
            "tell, because drills ask what you may not know."
        ]
    spread = _days(ready)
    counted = f"{ready.answers} fresh, timed answers count, {ready.right} right, {spread}."
    if not ready.needed:
        return [counted]
    return [
        f"Not yet from this bank: {ready.needed} more fresh questions. {counted}",
        f"An index from 40 answers misses by about 8 points, from {LEAST_ANSWERS} by 5 to 6; before that none is shown from "
        "this bank alone.",
    ]


def _days(ready: Ready) -> str:
    if ready.since == ready.until:
        return f"given on {ready.until:%d %b %Y}"
    return f"given from {ready.since:%d %b} to {ready.until:%d %b %Y}"


def _low_pass_lines(ready: Ready) -> list[str]:
    if ready.low_pass is None:
        return []
    band = ready.low_pass
    best = ready.updated or ready.bank
    assert best is not None, "a range is compared with an index"
    return [
        f"The low-pass range is about {band.low:g}-{band.high:g} ({band.source}); the one printed on your own report goes "
        f"before it. The 80 % interval, {_between(best.low_80, best.high_80)}, lies {band.lies}."
    ]


def _reserve_lines(ready: Ready) -> list[str]:
    if ready.reserve_joins is None:
        return []
    if ready.days_left <= (ready.exam_day - ready.reserve_joins).days:
        return [
            f"The reserve has joined your drills; {ready.reserve} of its questions are fresh yet, and drills take some."
        ]
    return [
        f"The reserve joins your drills on {ready.reserve_joins:%d %b %Y}, two weeks before the exam: measure before that."
    ]


def _next_lines(ready: Ready) -> list[str]:
    return [*([f"Next: {ready.next_step}"] if ready.next_step else []), ready.why]


def _between(low: float, high: float) -> str:
    return f"{low:.0f}-{high:.0f}%"
