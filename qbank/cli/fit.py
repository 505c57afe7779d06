"""`qbank fit`: how you yourself forget."""

import click

from qbank.app.fitting import fit_memory, use_version, versions
from qbank.cli.context import workspace
from qbank.cli.output import json_option, print_json
from qbank.errors import UsageError
from qbank.ui.console import Console
from qbank.ui.fitting import FITTING, fitted_lines, used_lines, version_lines
from qbank.ui.progress import waiting


@click.command("fit")
@click.option("--list", "listed", is_flag=True, help="Show the weights there are, and which are in force.")
@click.option("--use", metavar="NUMBER", help="Go back to these weights: a version's number, or default.")
@click.option("--dry-run", is_flag=True, help="Fit and test, and change nothing.")
@json_option
@click.pass_context
def command(ctx: click.Context, listed: bool, use: str | None, dry_run: bool, as_json: bool) -> None:
    """Fit memory to how you yourself forget.

    FSRS foretells memory by weights made from many learners' reviews. From 1,000 of your own on, weights of your own
    are fitted to the earlier ones and tested on the latest quarter. They come into force only when they foretell that
    better by more than chance. The same is done by itself at the end of an evening, unless you switch it off with:
    qbank set nightly-fit off
    """
    if sum((listed, use is not None, dry_run)) > 1:
        raise UsageError("Choose one of --list, --use and --dry-run.")
    console = Console()
    with workspace(ctx) as opened:
        if listed:
            known = versions(opened)
            print_json(known) if as_json else console.say_lines(version_lines(known))
        elif use is not None:
            with waiting("Working out every memory anew"):
                used = use_version(opened, use)
            fits_by_itself = opened.values.get("nightly-fit") != "off"
            print_json(used) if as_json else console.say_lines(
                used_lines(used, fits_by_itself=fits_by_itself)
            )
        else:
            with waiting(FITTING):
                fitted = fit_memory(opened, keep=not dry_run)
            print_json(fitted) if as_json else console.say_lines(fitted_lines(fitted))
