"""Sections of the page on readiness and on what went wrong, told as their own commands tell it."""

from qbank.app.diagnosing import Diagnosis
from qbank.app.readiness import Ready
from qbank.core.insight.diagnosis import Finding, Verdict
from qbank.ui.diagnosing import CAUSE_HEADERS, EFFECTS, basis_text, cause_row, first_texts, never_texts
from qbank.ui.page.charts import Range, ranges, ranges_about_nothing
from qbank.ui.page.figure import Figure
from qbank.ui.page.page import Section
from qbank.ui.readiness import HEADERS, answers_lines, caution_lines, index_words, indices, printed_lines

STEPS = (0.1, 0.2, 0.4, 1.0)
"""Ends of the scale of effects, of which the lowest is taken that holds them all."""


def ready_section(ready: Ready) -> Section | None:
    """Whether the learner is ready, as far as can be told; None in days when nothing of it is."""
    if ready.withheld:
        return None
    figure = _ready_figure(ready)
    sentences = [*printed_lines(ready), *answers_lines(ready), *(caution_lines(ready) if figure else ())]
    return Section("Whether you are ready", tuple(sentences), (figure,) if figure else ())


def causes_section(found: Diagnosis) -> Section | None:
    """What costs points and what to do first; None in the last days and without questions."""
    if found.note or not found.loaded:
        return None
    figure = _causes_figure(found)
    sentences = (basis_text(found), *never_texts(found), *first_texts(found))
    return Section("What costs you points", sentences, (figure,) if figure else ())


def _ready_figure(ready: Ready) -> Figure | None:
    found = indices(ready)
    if not found:
        return None
    words = [(name, *index_words(index)) for name, index in found]
    return Figure(
        key="readiness",
        title="Where you would be today",
        says="; ".join(
            f"From {name}: {percent}, in 80 of 100 times {eighty}" for name, percent, eighty, _ in words
        )
        + ".",
        reads="Dot: the percentage of the exam's questions that you would get right today. Bar: where it lies 80 times in "
        "100.",
        drawing=ranges(
            [
                Range(
                    f"From {name}",
                    f"{index_words(index)[0]}, 80 in 100 times {index_words(index)[1]}",
                    *(part / 100 for part in (index.percent, index.low_80, index.high_80)),
                )
                for name, index in found
            ]
        ),
        columns=HEADERS,
        rows=words,
        leads=False,
    )


def _causes_figure(found: Diagnosis) -> Figure | None:
    """The effects that a verdict was given on; the table under it has every cause."""
    told = [one for one in found.causes if one.verdict is not Verdict.OPEN and one.estimate is not None]
    if not told:
        return None
    most = max(abs(bound) for one in told for bound in (one.low or 0.0, one.high or 0.0))
    rows = [cause_row(one) for one in found.causes]
    return Figure(
        key="causes",
        title="What was tested on your blocks",
        says="; ".join(f"{name}: {verdict}, {effect}" for name, effect, _, verdict in map(cause_row, told))
        + ".",
        reads="Dot: by how many points it makes you worse, to the right of 0, or better. Bar: where the truth lies 95 times "
        f"in 100. {EFFECTS}",
        drawing=ranges_about_nothing(
            [_effect_range(one) for one in told], next((end for end in STEPS if end >= most), STEPS[-1])
        ),
        columns=CAUSE_HEADERS,
        rows=rows,
        leads=False,
    )


def _effect_range(one: Finding) -> Range:
    name, effect, _, verdict = cause_row(one)
    return Range(name, f"{verdict}, {effect}", one.estimate, one.low, one.high)
