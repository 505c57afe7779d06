"""`qbank report`: add, show, list and remove score reports and self-assessments."""

from pathlib import Path

import click

from qbank.app import reports
from qbank.app.overview import other_banks
from qbank.app.results_fold import results
from qbank.cli.context import workspace
from qbank.cli.output import json_option, print_json
from qbank.ui.console import Console
from qbank.ui.other_banks import other_banks_lines
from qbank.ui.reporting import (
    confirm_report,
    missing_lines,
    past_day,
    report_lines,
    walk_self_assessment,
    walk_through,
)


@click.group("report")
def command() -> None:
    """Add, show or remove score reports.

    A report says which areas fell short. It is used as evidence that fades as your own answers speak.
    """


@command.command("add")
@click.option("--file", "path", type=click.Path(path_type=Path), help="Read a TOML, CSV, text or PDF file.")
@click.option(
    "--sample", is_flag=True, help="Use the made-up sample, marked as such, until you add your own."
)
@click.option(
    "--self-assessment", is_flag=True, help="Type in an NBME self-assessment instead of a score report."
)
@click.option("--sat-on", metavar="DATE", help="The day you sat, for a file that does not tell it.")
@click.option("--yes", is_flag=True, help="Keep what was understood without asking.")
@click.pass_context
def add(
    ctx: click.Context, path: Path | None, sample: bool, self_assessment: bool, sat_on: str | None, yes: bool
) -> None:
    """Add a report by typing its rows, or from a file.

    Typing takes about two minutes: l, s or h for each row, Enter to skip one. Whatever was understood is shown to you
    before it is kept. No official PDF was at hand when the PDF reader was written, so look twice.
    """
    console = Console()
    with workspace(ctx) as opened:
        notes: tuple[str, ...] = ()
        if sample:
            report = reports.sample(opened)
        elif path is not None:
            day = None if sat_on is None else past_day(sat_on, opened.today)
            report, notes = reports.read_file(opened, path, day)
        elif self_assessment:
            report = walk_self_assessment(opened.exam, opened.today, console)
        else:
            report = walk_through(opened.exam, opened.today, console)
        confirm_report(opened, report, notes, console, yes=yes)


@command.command("show")
@click.argument("number", type=int, required=False)
@json_option
@click.pass_context
def show(ctx: click.Context, number: int | None, as_json: bool) -> None:
    """Show a report's rows as they are understood; the latest without NUMBER."""
    with workspace(ctx) as opened:
        kept = reports.one(opened, number)
        if as_json:
            print_json({"number": kept.number, "removed": kept.removed, "report": kept.report})
            return
        Console().say_lines(report_lines(opened.exam, kept.report) + missing_lines(opened, kept.report))


@command.command("list")
@json_option
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """List your reports with their numbers."""
    console = Console()
    with workspace(ctx) as opened:
        found = reports.kept(opened, with_removed=True)
        elsewhere = other_banks_lines(other_banks(results(opened)))
    if as_json:
        print_json([{"number": k.number, "removed": k.removed, "report": k.report} for k in found])
        return
    if not found:
        console.say("No report yet. Add one with: qbank report add")
    for kept in found:
        state = " (removed)" if kept.removed else " (sample)" if kept.report.sample else ""
        console.say(
            f"{kept.number:3}  {kept.report.sat_on}  {kept.report.kind.value}, {kept.report.outcome}, "
            f"{len(kept.report.flags) + len(kept.report.rows_percent)} rows{state}"
        )
    console.say_lines(elsewhere)


@command.command("remove")
@click.argument("number", type=int, required=False)
@click.option("--undo", is_flag=True, help="Bring the removed report back.")
@click.pass_context
def remove(ctx: click.Context, number: int | None, undo: bool) -> None:
    """Leave report NUMBER out of account; --undo takes that back."""
    with workspace(ctx) as opened:
        if undo:
            kept = reports.restore(opened, number)
            click.echo(f"Report {kept.number} of {kept.report.sat_on} counts again.")
            return
        if number is None:
            raise click.UsageError("Say which report, by its number in: qbank report list")
        kept = reports.remove(opened, number)
        click.echo(
            f"Report {kept.number} of {kept.report.sat_on} no longer counts. "
            "To take this back: qbank report remove --undo"
        )
