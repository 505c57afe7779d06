"""The page for the last days, in lines that fit a sheet of paper and a narrow window."""

from collections.abc import Iterator

from qbank.app.last_page import LastPage
from qbank.core.exam_breaks import Pause
from qbank.ui.layout import hung, laid

WIDTH = 78
"""Room for a hole punch at either side of 80 columns."""

LINES = 64
"""Of a sheet of paper, letter or A4, as a printer sets plain text."""

LEAST_SENTENCES = 5
"""So many stand there however long the rest is: they are the learner's own."""

_NAME_WIDTH = 30


def last_page_lines(page: LastPage) -> list[str]:
    """Everything on it, whatever it is shown on; of the sentences as many as it holds."""
    booked = "" if page.booked else " (assumed: none is booked)"
    head = laid(f"{page.exam}, {page.exam_day:%A %d %B %Y}{booked}. {_when(page)}", WIDTH)
    rest = [
        line
        for title, content in (
            ("Your own notes", [line for note in page.notes for line in hung("- ", note, WIDTH)]),
            ("Formulas", list(_formulas(page))),
            (f"Breaks: {page.break_minutes} minutes in all", list(_breaks(page))),
            ("What to bring", list(_bring(page))),
        )
        if content
        for line in ("", f"{title}:", *content)
    ]
    sentences = list(_sentences(page, LINES - len(head) - len(rest) - 2))
    if sentences:
        head += ["", "To remember, what you missed most often first:", *sentences]
    elif page.days_left:
        head += [
            "",
            *laid("To remember: what you miss here will stand in this place, a sentence each.", WIDTH),
        ]
    return head + rest


def _when(page: LastPage) -> str:
    if page.days_left == 0:
        return "There is nothing to do here today."
    if page.note is not None:
        return page.note
    return f"In {page.days_left} days. This page is for the last three, from {page.begins} on; until then: qbank plan"


def _sentences(page: LastPage, room: int) -> Iterator[str]:
    for number, sentence in enumerate(page.sentences):
        lines = hung("- ", sentence.text, WIDTH)
        room -= len(lines)
        if room < 0 and number >= LEAST_SENTENCES:
            return
        yield from lines


def _formulas(page: LastPage) -> Iterator[str]:
    for group in page.formulas:
        for one in group.formulas:
            yield f"  {one.name:{_NAME_WIDTH}}{one.formula}"


def _breaks(page: LastPage) -> Iterator[str]:
    if page.extra_time > 1:
        yield from laid(
            "With extra time your day has its own schedule, which your permit names. Break after each hour of work, and eat "
            "in the middle.",
            WIDTH,
        )
        return
    meal = max((pause.minutes for pause in page.breaks), default=0)
    for pause in page.breaks:
        yield (
            f"  after block {pause.after_block:2}, {_clock(pause)} into the day: {pause.minutes:2} minutes"
            + (", and eat" if pause.minutes == meal else "")
        )
    yield from laid(
        f"Skip the tutorial and its {page.tutorial_minutes} minutes are added; so is what you leave of a block's "
        f"{page.block_minutes}. Take each break, also when you feel well.",
        WIDTH,
    )


def _clock(pause: Pause) -> str:
    hours, minutes = divmod(pause.at, 60)
    return f"{hours}:{minutes:02}"


def _bring(page: LastPage) -> Iterator[str]:
    for note in page.bring:
        yield from hung("- ", note.text, WIDTH)
    sources = {f"{note.source.confidence} (read {note.source.read})" for note in page.bring}
    if sources:
        yield from laid(f"Sources: {'; '.join(sorted(sources))}. Your permit says what holds.", WIDTH)
