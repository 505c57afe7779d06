"""`qbank bank export`: questions for another program."""

import sys
from pathlib import Path

import click

from qbank.app.bank_export import WRITERS, export_questions, save
from qbank.app.export_choice import Wanted
from qbank.cli.context import workspace
from qbank.errors import UsageError
from qbank.ui.console import Console


@click.command("export")
@click.argument("file", type=click.Path(allow_dash=True))
@click.option(
    "--format", "format_", type=click.Choice(list(WRITERS)), required=True, help="The format of FILE."
)
@click.option("--bank", metavar="NAME", help="Only of this bank.")
@click.option("--system", metavar="ID", help="Only of this system.")
@click.option("--discipline", metavar="ID", help="Only of this discipline.")
@click.option("--objective", metavar="ID", help="Only of this objective.")
@click.option(
    "--missed/--all",
    default=None,
    help="Only what you missed the last time, or all of it. Without either: missed for anki, else all.",
)
@click.option("--flagged", is_flag=True, help="Only what you flagged.")
@click.option(
    "--sample", type=click.IntRange(min=1), metavar="N", help="Draw N of them, in the bank's order."
)
@click.option("--seed", type=int, default=0, metavar="N", help="What the draw begins from; 0 without it.")
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@click.pass_context
def export(
    ctx: click.Context,
    file: str,
    format_: str,
    bank: str | None,
    system: str | None,
    discipline: str | None,
    objective: str | None,
    missed: bool | None,
    flagged: bool,
    sample: int | None,
    seed: int,
    force: bool,
) -> None:
    """Write questions to a file that other programs read, or that you print.

    GIFT, Moodle XML, QTI, CSV and TSV keep explanations and areas and bring the same questions back with `qbank bank
    import`; JSONL keeps all there is; Aiken has room for the question, its options and the key. An Anki deck has a card for
    each question that you missed, and updates the deck that you made before. A booklet is one HTML page to print, with the
    key and the explanations at its end; booklet-markdown is the same as Markdown. With - the file goes to standard output.
    Your answers go out with `qbank export`.
    """
    wanted = Wanted(bank, system, discipline, objective, missed, flagged, sample, seed)
    with workspace(ctx, create=False) as opened:
        exported = export_questions(opened, format=format_, wanted=wanted)
    if file == "-":
        if sys.stdout is None:
            raise UsageError("There is no standard output to write to. Give a FILE.")
        click.echo(exported.content, nl=False)
        click.echo("\n".join(exported.notes), err=True)
        return
    save(exported, Path(file), force=force)
    console = Console()
    console.say(f"{exported.count} questions written to {file}.")
    console.say_lines(exported.notes)
