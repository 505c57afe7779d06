"""What the practice so far comes to, in tables of at most 80 columns, each with a sentence on what follows from it."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from qbank.app import care
from qbank.app.horizon import days_away
from qbank.app.workspace import Workspace
from qbank.core.insight.progress import WEEKS, AreaProgress, Progress
from qbank.ui.bars import bar, trend
from qbank.ui.overview import percent
from qbank.ui.progress_days import calendar_lines, due_lines, due_text, spent
from qbank.ui.progress_words import areas_texts, confidence_text, retention_text
from qbank.ui.tables import Paper, table, wrapped

OVERVIEW_WEEKS = 4

_BAR = 24
_TITLES = {"system": "System", "discipline": "Discipline"}
_FRESH = (
    "Fresh: of questions never seen before. They are picked because you may not know them, so fewer are right than on an "
    "exam; what is believed of you allows for that."
)
_SECONDS = "Sec: seconds for an answer, its explanation not counted."
_SHARES = (
    "A question is of one system and may be of several disciplines, so the shares of disciplines add up to more than one "
    "whole."
)


class Section(StrEnum):
    """What can be asked for alone."""

    AREAS = "areas"
    CALENDAR = "calendar"
    DUE = "due"
    CONFIDENCE = "confidence"
    RETENTION = "retention"


def progress_lines(
    workspace: Workspace, made: Progress, paper: Paper, sections: Collection[Section] = ()
) -> list[str]:
    """The sections asked for, in their order; without any an overview of about two screens.

    In the last days before the exam what is good for today stands in place of what would follow from the tables.
    """
    booked = "" if workspace.booked else " (assumed: none is booked)"
    away = days_away(care.days_left(workspace))
    head = f"{workspace.exam.name}: {made.exam_day:%a %d %b %Y}{booked}, {away}."
    note = care.last_days_note(workspace)
    sheet = _Sheet(made, paper, advises=note is None)
    parts = [wrapped([head, _done_text(made), *([note] if note else [])], paper)]
    parts += [sheet.section(one) for one in Section if one in sections] if sections else sheet.overview()
    return [
        line for number, part in enumerate(filter(None, parts)) for line in ([""] if number else []) + part
    ]


def empty_lines(step: str, paper: Paper) -> list[str]:
    """What is said before any block is closed; `step` is the command that changes it."""
    return wrapped(
        [
            "There is nothing to look back at yet. Your first block fills these tables as soon as it is closed; a short one "
            "is enough to begin with.",
            f"Next: {step}",
            "What your report says of you until then: qbank status",
        ],
        paper,
    )


class _Sheet:
    """The tables of one progress, and under each what follows from it where it `advises`."""

    def __init__(self, made: Progress, paper: Paper, *, advises: bool) -> None:
        self._made = made
        self._paper = paper
        self._advises = advises

    def overview(self) -> list[list[str]]:
        made, paper = self._made, self._paper
        rows = [
            (
                *_stands(of),
                f"{of.fresh[1]}/{of.fresh[0]}" if of.fresh[0] else "-",
                trend(of.weeks, blocks=paper.blocks),
                f"{of.time_share:.0%}",
                f"{of.share:.0%}",
            )
            for of in made.areas
            if of.dimension == "system"
        ]
        headers = ("System", "Report", "Believed", "Fresh", "Trend", "Time", "Exam")
        options = ", ".join(f"--{section.value}" for section in Section)
        return [
            table(headers, rows, "lllllrr", paper),
            self._follows(*areas_texts(made)) + wrapped([_FRESH, _trend_text(paper)], paper),
            calendar_lines(made, paper, OVERVIEW_WEEKS),
            self._follows(due_text(made)),
            self.section(Section.CONFIDENCE),
            self._follows(retention_text(made)),
            wrapped([f"More of each: qbank progress with {options}."], paper),
        ]

    def section(self, section: Section) -> list[str]:
        made, paper = self._made, self._paper
        if section is Section.AREAS:
            texts = [_FRESH, _SECONDS, _trend_text(paper), _SHARES]
            return _area_lines(made, paper) + self._follows(*areas_texts(made)) + wrapped(texts, paper)
        if section is Section.CALENDAR:
            return calendar_lines(made, paper)
        if section is Section.DUE:
            return due_lines(made, paper) + self._follows(due_text(made))
        if section is Section.CONFIDENCE:
            return _confidence_lines(made, paper) + self._follows(confidence_text(made))
        return _retention_lines(made, paper) + self._follows(retention_text(made))

    def _follows(self, *texts: str) -> list[str]:
        return wrapped(texts, self._paper) if self._advises else []


def _area_lines(made: Progress, paper: Paper) -> list[str]:
    lines: list[str] = []
    for dimension, title in _TITLES.items():
        areas = [of for of in made.areas if of.dimension == dimension]
        lines += _area_tables(title, areas, paper) if areas else []
    return lines


def _area_tables(title: str, areas: Sequence[AreaProgress], paper: Paper) -> list[str]:
    """Where it stands, how time is shared, and the weeks; an empty line after each."""
    stands = [(*_stands(of), _part(*of.fresh), _part(*of.seen), _seconds(of)) for of in areas]
    most = max(max(of.share, of.time_share) for of in areas)
    shares = [
        (
            of.area,
            f"{of.time_share:.0%}",
            f"{of.share:.0%}",
            f"{round(100 * (of.time_share - of.share)):+d}",
            bar(of.time_share / most, _BAR, blocks=paper.blocks, mark=of.share / most),
        )
        for of in areas
    ]
    weeks = [(of.area, trend(of.weeks, blocks=paper.blocks), _weekly(of)) for of in areas]
    return [
        *table((title, "Report", "Believed", "Fresh", "Seen", "Sec"), stands, "lllllr", paper),
        "",
        *table((title, "Time", "Exam", "+/-", ""), shares, "lrrrl", paper),
        "",
        *table((title, "Trend", f"Fresh right in %, last {WEEKS} weeks"), weeks, "lll", paper),
        "",
    ]


def _confidence_lines(made: Progress, paper: Paper) -> list[str]:
    rows = [
        (
            of.said,
            str(of.answers),
            f"{of.right / of.answers:.0%} ({of.low * 100:.0f}-{of.high * 100:.0f})",
            bar(of.right / of.answers, _BAR, blocks=paper.blocks),
        )
        for of in made.said
    ]
    return table(("You said", "Answers", "Right", ""), rows, "lrll", paper) if rows else []


def _retention_lines(made: Progress, paper: Paper) -> list[str]:
    rows = [
        (
            f"{of.low * 100:.0f}-{of.high:.0%}",
            str(of.answers),
            f"{of.expected:.0%}",
            f"{of.observed:.0%} ({of.interval_low * 100:.0f}-{of.interval_high * 100:.0f})",
            bar(of.observed, _BAR, blocks=paper.blocks, mark=of.expected),
        )
        for of in made.forecasts
    ]
    if not rows:
        return []
    headers = ("Expected", "Answers", "Mean", "Right", "")
    marked = "Expected is what was foretold when the block was composed, guessing counted; in a bar it is the mark."
    return table(headers, rows, "lrrll", paper) + wrapped([marked], paper)


def _done_text(made: Progress) -> str:
    answers = "1 answer" if made.answered == 1 else f"{made.answered} answers"
    part = f" ({made.right / made.answered:.0%})" if made.answered else ""
    return f"In closed blocks: {answers}, {made.right} right{part}, {spent(made.ms / 60_000)}."


def _trend_text(paper: Paper) -> str:
    how = (
        "a dot is a week without any"
        if paper.blocks
        else 'a digit stands for tens, as 6 for 60 to 69 %, and "-" for a week without any'
    )
    return f"Trend: fresh right in each of the last {WEEKS} weeks, this one last; {how}. A week of few answers tells little."


def _stands(of: AreaProgress) -> tuple[str, str, str]:
    return of.area, of.flag.value if of.flag else "-", percent(of.belief) if of.belief else "-"


def _part(answers: int, right: int) -> str:
    return f"{right / answers:.0%} of {answers}" if answers else "-"


def _seconds(of: AreaProgress) -> str:
    answers = of.fresh[0] + of.seen[0]
    return f"{of.ms / answers / 1000:.0f}" if answers else "-"


def _weekly(of: AreaProgress) -> str:
    """In columns of their own width, the oldest first."""
    return "".join(f"{'-' if week is None else f'{100 * week:.0f}':<4}" for week in of.weeks).rstrip()
