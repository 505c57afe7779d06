"""`qbank bank import`: questions of other programs."""

from pathlib import Path

import click

from qbank.app.bank_import import Duplicate, Import, import_of
from qbank.app.bank_import_reading import Options
from qbank.cli.context import workspace
from qbank.cli.output import json_option, print_json
from qbank.errors import UsageError
from qbank.ui.console import Console
from qbank.ui.importing import asked_duplicates, bank_line, duplicate_lines, file_lines, import_shape
from qbank.ui.progress import counting


@click.command("import")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="FILE...")
@click.option("--bank", metavar="NAME", help="The bank to put the questions in; without it, the file's name.")
@click.option(
    "--format",
    "shape",
    metavar="NAME",
    help="table, medqa, mmlu, medmcqa, qbank; table-from-0, table-from-1, medmcqa-from-0 or medmcqa-from-1 (what the keys "
    "count from); gift, aiken, moodle-xml, qti or anki. Without it, told by the content.",
)
@click.option("--shape", "earlier", metavar="NAME", hidden=True, help="What --format was called before.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=HEADING",
    help="Which heading of the file means stem, answer, a, b, explanation, system ...; repeat for more.",
)
@click.option("--system", default="", metavar="ID", help="The system of every question that names none.")
@click.option(
    "--map",
    "area_map",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A TOML file of rules that say where the questions lie.",
)
@click.option("--licence", metavar="TEXT", help="A line on whose the questions are, shown with each of them.")
@click.option("--dry-run", is_flag=True, help="Read everything and say what would happen; write nothing.")
@click.option(
    "--duplicates",
    type=click.Choice(["ask", "keep", "skip"]),
    help="What to do with questions that another bank has. Without it you are asked; in a script they are kept.",
)
@click.option(
    "--history/--no-history",
    default=True,
    show_default=True,
    help="Take the reviews in an Anki file as your own memory of its questions.",
)
@click.option(
    "--recall", is_flag=True, help="Take Anki's other cards too, as prompts whose back you compare."
)
@click.option(
    "--encoding",
    default="",
    metavar="NAME",
    help="What a text is written in that is not UTF-8, such as cp1252.",
)
@click.option(
    "--sheet", default="", metavar="NAME", help="The sheet of a workbook; else the first with questions."
)
@click.option("--details", is_flag=True, help="List each thing that was left out, with its place.")
@json_option
@click.pass_context
def import_(
    ctx: click.Context,
    files: tuple[Path, ...],
    bank: str | None,
    shape: str | None,
    earlier: str | None,
    columns: tuple[str, ...],
    system: str,
    area_map: Path | None,
    licence: str | None,
    dry_run: bool,
    duplicates: str | None,
    history: bool,
    recall: bool,
    encoding: str,
    sheet: str,
    details: bool,
    as_json: bool,
) -> None:
    """Import questions with one best answer: CSV, XLSX, JSONL, GIFT, Aiken, Moodle XML, QTI and Anki, files or folders.

    Each becomes its own objective until somebody joins it to another. Import a file again to update its questions. If
    any row of a table has a fault, nothing is imported; of another program's file, what has no single best answer is left
    out and counted.
    """
    pairs = dict(_column(text) for text in columns)
    options = Options(pairs, system, shape or earlier, licence, encoding, sheet, history, recall, area_map)
    console = Console()
    with (
        workspace(ctx) as opened,
        import_of(opened, files, options, bank=bank, watch=counting) as read,
    ):
        if not as_json:
            console.say_lines([*read.notes, *file_lines(read.files, details=details)])
            console.say_lines(duplicate_lines(read.duplicates))
        if duplicates in (None, "ask") and (as_json or dry_run or not console.is_terminal):
            duplicates = "keep"
        without = _left_out(console, read, duplicates or "ask", silent=as_json)
        reports = read.compare(without) if dry_run else read.write(without, counting)
        if as_json:
            print_json(import_shape(read, reports, without, dry_run=dry_run))
            return
    console.say_lines(read.remembered)
    console.say_lines(bank_line(report, dry_run=dry_run) for report in reports)
    if dry_run:
        console.say("Nothing was written. Without --dry-run it is.")


def _left_out(console: Console, read: Import, duplicates: str, *, silent: bool) -> set[Duplicate]:
    """The duplicates that are not to be written."""
    if not read.duplicates or duplicates == "skip":
        return set(read.duplicates)
    if duplicates == "ask":
        return asked_duplicates(console, read.duplicates, read.pair)
    if not silent:
        console.say("They are kept. To leave them out, add --duplicates skip.")
    return set()


def _column(text: str) -> tuple[str, str]:
    field, equals, heading = text.partition("=")
    if not equals or not field.strip() or not heading.strip():
        raise UsageError(f"{text!r} is not FIELD=HEADING, like stem=Question.")
    return field.strip(), heading.strip()
