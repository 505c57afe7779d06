"""The page: where the retake stands, told from top to bottom, for the learner and whomever they show it to."""

import importlib.resources
from collections.abc import Iterator, Sequence

import msgspec

from qbank.app.horizon import days_away
from qbank.app.page_file import MADE_BY
from qbank.core.care import CARE_DAYS
from qbank.core.insight.progress import Progress
from qbank.ui.page.area_figures import by_dimension, standing_figure, time_figure, trend_figure
from qbank.ui.page.figure import Figure, figure_markup
from qbank.ui.page.follows import follows
from qbank.ui.page.markup import escaped, paragraph, spent
from qbank.ui.page.work_figures import (
    calendar_figure,
    drawn_days,
    due_figure,
    recall_figure,
    said_figure,
    weeks_figure,
)


class Section(msgspec.Struct, frozen=True):
    """More to tell, in plain sentences, a paragraph each, and charts under them."""

    title: str
    sentences: tuple[str, ...]
    figures: tuple[Figure, ...] = ()


class Next(msgspec.Struct, frozen=True):
    """What to do next, a command or "", and why, in a sentence."""

    step: str
    why: str


def progress_page(
    progress: Progress,
    exam: str,
    *,
    booked: bool,
    next_step: Next,
    notes: Sequence[str] = (),
    sections: Sequence[Section] = (),
) -> str:
    """The whole page as HTML that is XML too; `exam` is its name, `booked` whether its day is.

    `notes` are sentences under its head, `sections` stand before what to do next. Before any answer there are no charts of
    work, only what a report tells.
    """
    body = "".join(
        (
            *_head(progress, exam, booked, notes),
            *_standing(progress),
            *(_worked(progress) if progress.answered else ()),
            *(_told(f"more-{number}", section) for number, section in enumerate(sections)),
            _section("next", "What to do next", "".join(_next(progress, next_step))),
        )
    )
    made = f"Made by qbank on {progress.today:%a %d %b %Y} from your own answers. Nothing was sent anywhere."
    style = importlib.resources.files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    return (
        f'<!DOCTYPE html>\n<html lang="en" dir="ltr"><head><meta charset="utf-8"/>{MADE_BY}'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>"
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f"<title>{escaped(exam)}: where your retake stands</title><style>{style}</style></head>\n"
        f"<body><main>{body}</main><footer>{paragraph(made)}</footer></body></html>\n"
    )


def _head(progress: Progress, exam: str, booked: bool, notes: Sequence[str]) -> Iterator[str]:
    left = (progress.exam_day - progress.today).days
    assumed = "" if booked else " (assumed: none is booked)"
    yield "<h1>Where your retake stands</h1>"
    yield paragraph(f"{exam}: {progress.exam_day:%a %d %b %Y}{assumed}, {days_away(left)}.")
    yield paragraph(
        "This page tells what your own answers in qbank show so far: where you stand, what you have put in, how well "
        "you judge yourself, and what comes next. qbank's questions are not the exam's, so they alone give no chance of "
        "passing.",
        "quiet",
    )
    yield from map(paragraph, notes)
    if not progress.answered:
        yield paragraph("No block is closed yet. Each one you close adds to this page.")
        return
    facts = (
        ("answers", f"{progress.answered:,}"),
        ("of them right", f"{progress.right / progress.answered:.0%}"),
        ("on questions", spent(progress.ms)),
        ("days with work", str(len(progress.days))),
    )
    yield "<dl>"
    yield from (f"<div><dt>{escaped(name)}</dt><dd>{escaped(value)}</dd></div>" for name, value in facts)
    yield "</dl>"


def _standing(progress: Progress) -> Iterator[str]:
    if _last_days(progress):
        told = paragraph(
            "In the last three days no estimate is shown: it helps nobody now. Rest is worth more."
        )
    else:
        told = _figures(
            [standing_figure(name, areas) for name, areas in by_dimension(progress.areas).items()],
            "Nothing is known of any area yet. A first block, or your score report, begins it.",
        )
    yield _section("standing", "Where you stand", told)


def _worked(progress: Progress) -> Iterator[str]:
    yield from _areas(progress)
    yield from _work(progress)
    yield from _memory(progress)


def _areas(progress: Progress) -> Iterator[str]:
    """Trend and time, of the first dimension only, systems, or the page never ends."""
    first = list(by_dimension(progress.areas).items())[:1]
    yield _section(
        "trend",
        "Fresh questions over the weeks",
        _figures(
            [trend_figure(name, areas) for name, areas in first],
            "No fresh question was answered in the last eight weeks. Blocks bring them by themselves.",
        ),
    )
    yield _section(
        "time",
        "Where your time went",
        _figures(
            [time_figure(name, areas) for name, areas in first],
            "No time is counted by area yet. It is, question by question, once a block is closed.",
        ),
    )


def _work(progress: Progress) -> Iterator[str]:
    days = drawn_days(progress.days, progress.today)
    none = "No answers yet in the twelve months up to today."
    yield _section(
        "work",
        "What you have put in",
        _figures([calendar_figure(days, progress.today)] if days else [], none),
    )
    yield _section(
        "weekly", "Right over the weeks", _figures([weeks_figure(days, progress.today)] if days else [], none)
    )


def _memory(progress: Progress) -> Iterator[str]:
    """What was said and remembered; in the last days neither a forecast nor what falls due, which would only press."""
    yield _section(
        "confidence",
        "How well you judge yourself",
        _figures(
            [said_figure(progress.said)] if progress.said else [],
            "You have not said yet how sure you were. In a block, u says that you are not sure, and twice that you guessed.",
        ),
    )
    if _last_days(progress):
        return
    yield _section(
        "memory",
        "What you remember",
        _figures(
            [recall_figure(progress.forecasts)] if progress.forecasts else [],
            "No question has come back in a block yet, so there is nothing to compare.",
        ),
    )
    if progress.today < progress.exam_day:
        due = [one for one in progress.due if one.day < progress.exam_day]
        yield _section(
            "ahead",
            "What falls due",
            _figures(
                [due_figure(due)] if any(one.minutes for one in due) else [],
                "Nothing that you have met falls due in the days ahead.",
            ),
        )


def _next(progress: Progress, next_step: Next) -> Iterator[str]:
    if next_step.step:
        yield f"<p><code>{escaped(next_step.step)}</code></p>"
    yield paragraph(next_step.why)
    if not _last_days(progress):
        yield from map(paragraph, follows(progress))


def _told(key: str, section: Section) -> str:
    told = "".join(map(paragraph, section.sentences))
    return _section(key, section.title, told + "".join(map(figure_markup, section.figures)))


def _section(key: str, title: str, content: str) -> str:
    return f'<section aria-labelledby="{key}"><h2 id="{key}">{escaped(title)}</h2>{content}</section>'


def _figures(figures: Sequence[Figure | None], otherwise: str) -> str:
    """Each figure under what it says, with a heading of its own where there are several; `otherwise` where there is none."""
    drawn = [figure for figure in figures if figure is not None]
    if not drawn:
        return paragraph(otherwise)
    return "".join(
        (f"<h3>{escaped(figure.title)}</h3>" if len(drawn) > 1 else "") + figure_markup(figure)
        for figure in drawn
    )


def _last_days(progress: Progress) -> bool:
    """Whether no estimate is shown; an exam that is only assumed is never so near."""
    return 0 <= (progress.exam_day - progress.today).days <= CARE_DAYS
