"""`qbank bank export`: questions for another program."""

import sys
from pathlib import Path

import click

from qbank.app.bank_export import WRITERS, export_questions, save
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
@click.option(
    "--missed/--all",
    default=None,
    help="Only what you missed the last time, or all of it. Without either: missed for anki, else all.",
)
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@click.pass_context
def export(
    ctx: click.Context,
    file: str,
    format_: str,
    bank: str | None,
    system: str | None,
    missed: bool | None,
    force: bool,
) -> None:
    """Write questions to a file that other programs read.

    GIFT keeps explanations and areas, and brings the same questions back with `qbank bank import`; Aiken has room for the
    question, its options and the key. An Anki deck has a card for each question that you missed, and updates the deck that
    you made before. With - the file goes to standard output. Your answers go out with `qbank export`.
    """
    with workspace(ctx, create=False) as opened:
        exported = export_questions(opened, format=format_, bank=bank, system=system, missed=missed)
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
