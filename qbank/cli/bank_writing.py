"""`qbank bank new`, `edit`, `preview` and `blind`: for whoever writes questions."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qbank.app import bank_loading
from qbank.app.areas import check_area
from qbank.app.bank_files import named
from qbank.app.blind_check import mark_sheet, write_sheet
from qbank.app.exams import DEFAULT_EXAM, load_exam
from qbank.app.new_files import new_file
from qbank.cli.context import configured, workspace
from qbank.cli.facing import Face, face_options
from qbank.cli.output import json_option, print_json
from qbank.core.blind import Marked, Part
from qbank.core.exam import Exam
from qbank.errors import BankInvalid
from qbank.ui.console import Console
from qbank.ui.conversation import Conversation, Run, Say
from qbank.ui.prompts import NOTHING_KEPT
from qbank.ui.writing import begun_lines, edited_lines, marked_lines

if TYPE_CHECKING:
    from qbank.app.previewing import Rehearsal

FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="In these bank files; without it, your own and the bundled ones.",
)


@click.command("new")
@click.argument("objective")
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Write there; without it, among your own questions."
)
@click.option("--no-edit", is_flag=True, help="Write the page, and do not open an editor.")
@click.pass_context
def new(ctx: click.Context, objective: str, folder: Path | None, no_edit: bool) -> None:
    """Begin the file of an OBJECTIVE of the exam's map, and open it in your editor.

    What to write next: qbank bank stats --gaps. Until its page can be read, the file counts for nothing; the same command
    goes on with it.
    """
    exam = _exam(ctx)
    console = Console()
    edit = console.is_terminal and not no_edit
    begun = new_file(
        exam,
        folder or configured(ctx).own_bank,
        objective,
        bundled=bank_loading.bundled(exam),
        edit=edit,
    )
    console.say_lines(begun_lines(begun, objective))


@click.command("edit")
@click.argument("question")
@click.pass_context
def edit(ctx: click.Context, question: str) -> None:
    """Open the file of a QUESTION in your editor, and load it again when you changed it.

    A bundled file is copied among your own questions first, and the copy takes its place.
    """
    from qbank.app.editing import edit_question

    console = Console()
    with workspace(ctx) as opened:
        with opened.store.read() as tx:
            found = named(opened, tx, question)
        edited = edit_question(opened, found.bank, found.id, allowed=console.is_terminal)
    console.say_lines(edited_lines(edited))
    if edited.faults:
        raise BankInvalid(edited.faults)


@click.command("preview")
@click.argument("question")
@FOLDER
@click.option(
    "--seed", type=click.IntRange(0, 10**9), default=0, show_default=True, help="The draw of a variant."
)
@face_options
@click.pass_context
def preview(
    ctx: click.Context, question: str, folder: Path | None, seed: int, plain: bool, tui: bool, large: bool
) -> None:
    """Answer a QUESTION as in a block, and leave no trace in your record.

    QUESTION is an id, the beginning of one, or the path of a bank file, of which the first question is shown.
    """
    from qbank.app.bank_reading import find_question
    from qbank.app.previewing import preview as previewed

    face = Face(plain=plain, tui=tui, large=large)
    file, found = find_question(_exam(ctx), _folders(ctx, folder), question)
    with previewed(configured(ctx), file, found, seed) as (opened, practice):
        face.hold(_answering(practice), opened.colours)


@click.command("blind")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Of these bank files; without it, the bundled ones."
)
@click.option(
    "--sample", type=click.IntRange(1, 5_000), default=20, show_default=True, help="At most this many."
)
@click.option("--system", default="", metavar="ID", help="Only of this system.")
@click.option(
    "--part",
    type=click.Choice([part.value for part in Part]),
    default=Part.WHOLE.value,
    show_default=True,
    help="The whole question, its options without the stem, or its stem without the options.",
)
@click.option("--seed", type=click.IntRange(0, 10**9), help="Draw the same sample again.")
@click.option("--mark", is_flag=True, help="Compare the filled sheet in FILE with the keys.")
@json_option
@click.pass_context
def blind(
    ctx: click.Context,
    file: Path,
    folder: Path | None,
    sample: int,
    system: str,
    part: str,
    seed: int | None,
    mark: bool,
    as_json: bool,
) -> None:
    """Write questions without their keys to FILE, to be answered by somebody who has not written them.

    Fill in the answers with any editor, then compare them with the keys: qbank bank blind FILE --mark. An answer that is
    not the key's, or a note that says why another option holds, is a reason to look at the question again.
    """
    exam = _exam(ctx)
    check_area(exam, "system", system)
    source = folder or bank_loading.bundled(exam)
    console = Console()
    if mark:
        found = mark_sheet(exam, source, file)
        print_json(_shape(found)) if as_json else console.say_lines(marked_lines(found))
        return
    count = write_sheet(exam, source, file, sample=sample, part=Part(part), system=system, seed=seed)
    if as_json:
        print_json({"file": str(file), "questions": count})
        return
    words = ["qbank", "bank", "blind", str(file), *(["--folder", str(folder)] if folder else []), "--mark"]
    console.say(f"{count} questions are in {file}. When they are answered: {shlex.join(words)}")


def _shape(found: Marked) -> dict[str, Any]:
    return {
        "part": found.part,
        "answered": found.answered,
        "agreed": found.agreed,
        "low": found.interval.low,
        "high": found.interval.high,
        "chance": found.chance,
        "others": [
            {
                "question": one.question.id,
                "said": answer.said,
                "key": one.question.key.text if found.part is Part.STEM else one.letter(one.question.key.id),
                "note": answer.note,
            }
            for one, answer in found.others
        ],
        "notes": [{"question": one.question.id, "note": answer.note} for one, answer in found.noted],
        "unanswered": found.unanswered,
        "missing": found.missing,
    }


def _answering(practice: "Rehearsal") -> Conversation:
    closed = yield Run(practice)
    if closed:
        # Whoever leaves is told so by the face.
        yield Say((NOTHING_KEPT,))


def _exam(ctx: click.Context) -> Exam:
    return load_exam(configured(ctx).exam or DEFAULT_EXAM)


def _folders(ctx: click.Context, folder: Path | None) -> Sequence[Path]:
    """The folder that was named, also where it is none; else those that are there."""
    usual = [configured(ctx).own_bank, bank_loading.bundled(_exam(ctx))]
    return [folder] if folder else [each for each in usual if each.is_dir()]


COMMANDS = (new, edit, preview, blind)
