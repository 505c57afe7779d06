"""`qbank outside`: practice done in another bank, as totals by hand or as a list of its results."""

from pathlib import Path

import click

from qbank.app.outside import OutsidePractice, record_outside
from qbank.cli.context import workspace
from qbank.cli.numbers import FiniteRange
from qbank.cli.output import json_option, print_json
from qbank.errors import UsageError
from qbank.ui.console import Console


@click.group("outside", invoke_without_command=True)
@click.option("--source", metavar="NAME", help="Which bank, like uworld.")
@click.option("--system", default="", metavar="ID", help="The system the questions were about.")
@click.option("--discipline", default="", metavar="ID", help="The discipline the questions were about.")
@click.option("--right", type=int, help="How many you had right.")
@click.option("--of", "total", type=int, help="How many you answered.")
@click.option("--minutes", type=FiniteRange(0, 1440), help="How long it took.")
@click.pass_context
def command(
    ctx: click.Context,
    source: str | None,
    system: str,
    discipline: str,
    right: int | None,
    total: int | None,
    minutes: float | None,
) -> None:
    """Record practice that you did elsewhere.

    It counts for its system or discipline, or for the whole exam when you name neither. Another bank's difficulty is
    not the exam's, so one entry says little; how you change from one to the next says more. A list of single results, as
    other banks show it, goes in with `qbank outside import`.
    """
    given = any((source, system, discipline)) or any(one is not None for one in (right, total, minutes))
    if ctx.invoked_subcommand is not None:
        if given:
            raise UsageError(f"Give options after the command: qbank outside {ctx.invoked_subcommand} ...")
        return
    if source is None or right is None or total is None:
        missing = [
            name
            for name, value in (("--source", source), ("--right", right), ("--of", total))
            if value is None
        ]
        raise UsageError(f"Tell {', '.join(missing)} too, or give a file with: qbank outside import")
    with workspace(ctx) as opened:
        practice = OutsidePractice(source, system, discipline, right, total, minutes)
        Console().say(record_outside(opened, practice))


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", required=True, metavar="NAME", help="Which bank it is from, like uworld.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=HEADING",
    help="Which heading means id, correct, time, system, subject, topic, date, attempt or others; repeat for more.",
)
@click.option(
    "--area",
    "areas",
    multiple=True,
    metavar="NAME=ID",
    help="Where a system or subject of the list belongs, like Cardio=cardiovascular; repeat for more.",
)
@click.option(
    "--map",
    "map_file",
    type=click.Path(path_type=Path),
    help='A TOML file of such lines: "Cardio" = "cardiovascular".',
)
@click.option(
    "--totals",
    multiple=True,
    metavar="AREA=NUMBER",
    help="How many questions of an area the misses come from; repeat for more.",
)
@click.option(
    "--misses-only/--all-answers", default=None, help="Whether right answers are left out of the list."
)
@click.option("--day-first", is_flag=True, default=None, help="Read 03/04/2026 as the 3rd of April.")
@click.option("--dry-run", is_flag=True, help="Show what is understood, and record nothing.")
@click.pass_context
def import_(
    ctx: click.Context,
    file: Path,
    source: str,
    columns: tuple[str, ...],
    areas: tuple[str, ...],
    map_file: Path | None,
    totals: tuple[str, ...],
    misses_only: bool | None,
    day_first: bool | None,
    dry_run: bool,
) -> None:
    """Take in a CSV list of another bank's results, a row a question.

    Whether it was right, its system or subject, and if you like its id, time, date and the percent of others who were
    right. Headings and names of areas as other banks have them are understood. No text is kept, and ids only as hashes.
    Import a newer list of the same source whenever you like: what is known is not taken in twice.
    """
    from qbank.app.results import Wanted, import_results
    from qbank.ui.results import imported_lines
    from qbank.ui.tables import WIDEST, Paper

    wanted = Wanted(
        source, dict(_pair(text) for text in columns), areas, map_file, totals, misses_only, day_first
    )
    console = Console()
    with workspace(ctx) as opened:
        done = import_results(opened, file, wanted, dry_run=dry_run)
    console.say_lines(imported_lines(done, Paper(min(console.width, WIDEST)), dry_run=dry_run))


@command.command("list")
@json_option
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """Show what came from other banks' lists: answers, days and systems."""
    from qbank.app.results_fold import results
    from qbank.ui.results import list_lines
    from qbank.ui.tables import WIDEST, Paper

    with workspace(ctx) as opened:
        found = results(opened)
    if as_json:
        print_json(found)
        return
    console = Console()
    console.say_lines(list_lines(found, Paper(min(console.width, WIDEST))))
    if not found:
        console.say("No list yet. Add one with: qbank outside import FILE --source NAME")


@command.command("remove")
@click.argument("source")
@click.option("--undo", is_flag=True, help="Bring the removed lists back.")
@click.pass_context
def remove(ctx: click.Context, source: str, undo: bool) -> None:
    """Leave all lists of SOURCE out of account; --undo takes that back."""
    from qbank.app import results

    with workspace(ctx) as opened:
        if undo:
            click.echo(f"The lists of {results.restore(opened, source)} count again.")
            return
        name = results.remove(opened, source)
    click.echo(
        f"The lists of {name} no longer count. To take this back: qbank outside remove --undo {name!r}"
    )


def _pair(text: str) -> tuple[str, str]:
    field, equals, heading = text.partition("=")
    if not equals or not field.strip() or not heading.strip():
        raise UsageError(f"{text!r} is not FIELD=HEADING, like correct=Result.")
    return field.strip(), heading.strip()
