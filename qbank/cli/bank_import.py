"""`qbank bank import`: questions of other programs."""

from pathlib import Path

import click

from qbank.app.bank_import import import_questions
from qbank.app.rebuild import replay_length
from qbank.cli.context import workspace
from qbank.errors import UsageError
from qbank.ui.console import Console
from qbank.ui.progress import counting


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--bank", required=True, metavar="NAME", help="The bank to put the questions in.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=HEADING",
    help="Which heading of the file means stem, answer, a, b, explanation, system ...; repeat for more.",
)
@click.option("--system", default="", metavar="ID", help="The system of every question that names none.")
@click.option(
    "--shape",
    metavar="NAME",
    help="table, medqa, mmlu, medmcqa, medmcqa-from-0 or medmcqa-from-1 (what its keys count from), gift, aiken, "
    "moodle-xml or qti; without it, told by the content.",
)
@click.option(
    "--map",
    "area_map",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A TOML file of rules that say where the questions lie.",
)
@click.pass_context
def import_(
    ctx: click.Context,
    file: Path,
    bank: str,
    columns: tuple[str, ...],
    system: str,
    shape: str | None,
    area_map: Path | None,
) -> None:
    """Import multiple-choice questions from a CSV, JSONL, GIFT, Aiken, Moodle XML or QTI file.

    Each becomes its own objective until somebody joins it to another. Import the file again to update them. If any row
    of a table has a fault, nothing is imported; of another program's file, what has no single best answer is left out and
    counted.
    """
    pairs = dict(_column(text) for text in columns)
    with (
        workspace(ctx) as opened,
        counting("Replaying your answers", replay_length(opened.store)) as on_progress,
    ):
        done = import_questions(
            opened,
            file,
            bank=bank,
            columns=pairs,
            system=system,
            shape=shape,
            area_map=area_map,
            on_progress=on_progress,
        )
    console = Console()
    console.say_lines(done.notes)
    counts = done.counts
    console.say(
        f"{counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged in the bank {bank}."
    )


def _column(text: str) -> tuple[str, str]:
    field, equals, heading = text.partition("=")
    if not equals or not field.strip() or not heading.strip():
        raise UsageError(f"{text!r} is not FIELD=HEADING, like stem=Question.")
    return field.strip(), heading.strip()
