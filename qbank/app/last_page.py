"""One page for the last days: what the learner missed in a sentence each, formulas, breaks, and what to bring."""

import tomllib
from datetime import date, timedelta

import msgspec

from qbank import settings
from qbank.app import care
from qbank.app.banks import not_offered
from qbank.app.workspace import Workspace
from qbank.core.exam import Note
from qbank.core.exam_breaks import Pause, break_plan
from qbank.core.formulas import FormulaGroup, parse_formulas
from qbank.core.text import visible
from qbank.errors import NothingToDo
from qbank.store.store import Transaction

MOST_SENTENCES = 12
"""More sentences to remember never fit on a page beside the rest."""

MOST_NOTES = 5


class Sentence(msgspec.Struct, frozen=True):
    """What to remember of an objective that was missed so many times, last on a day."""

    text: str
    misses: int
    last_day: date


class LastPage(msgspec.Struct, frozen=True):
    """The page. `note` is what is good for today in the last days, None before; `begins` is the first of those.

    On the exam day itself `sentences`, `notes` and `formulas` are empty.
    """

    exam: str
    exam_day: date
    booked: bool
    days_left: int
    begins: date
    note: str | None
    sentences: tuple[Sentence, ...]
    notes: tuple[str, ...]
    formulas: tuple[FormulaGroup, ...]
    block_minutes: int
    break_minutes: int
    tutorial_minutes: int
    breaks: tuple[Pause, ...]
    extra_time: float
    bring: tuple[Note, ...]


def last_page(workspace: Workspace) -> LastPage:
    """Raises NothingToDo once the exam day has passed."""
    left = care.days_left(workspace)
    if left < 0:
        raise NothingToDo("Your exam day has passed. If you sit again, set the day: qbank set exam-date DATE")
    learns = left > 0
    with workspace.store.read() as tx:
        sentences = _sentences(tx, workspace) if learns else ()
        notes = tuple(map(visible, tx.latest_notes(workspace.learner.id, MOST_NOTES))) if learns else ()
    block_format = workspace.exam.format_on(workspace.exam_day)
    return LastPage(
        exam=workspace.exam.name,
        exam_day=workspace.exam_day,
        booked=workspace.booked,
        days_left=left,
        begins=workspace.exam_day - timedelta(care.CARE_DAYS),
        note=care.last_days_note(workspace),
        sentences=sentences,
        notes=notes,
        formulas=load_formulas() if learns else (),
        block_minutes=block_format.minutes,
        break_minutes=block_format.break_minutes,
        tutorial_minutes=block_format.tutorial_minutes,
        breaks=break_plan(block_format),
        extra_time=workspace.extra_time,
        bring=workspace.exam.bring,
    )


def load_formulas() -> tuple[FormulaGroup, ...]:
    """Those that come with qbank. Raises InputInvalid for a file with faults."""
    text = (settings.data_folder() / "formulas.toml").read_text(encoding="utf-8")
    return parse_formulas(tomllib.loads(text), "formulas.toml")


def _sentences(tx: Transaction, workspace: Workspace) -> tuple[Sentence, ...]:
    """One for each objective missed, those missed most often first, then the latest."""
    hidden = set(not_offered(tx, workspace.learner.id))
    found: list[Sentence] = []
    for miss in tx.misses(workspace.learner.id):
        question = None if miss.bank in hidden else tx.question(miss.bank, miss.question)
        if question is not None and question.remember.strip():
            found.append(Sentence(" ".join(visible(question.remember).split()), miss.misses, miss.last_day))
        if len(found) == MOST_SENTENCES:
            break
    return tuple(found)
