"""`qbank plan`: the days to the exam."""

import click

from qbank.app.planning import plan
from qbank.app.what_if import parse_what_if
from qbank.cli.context import workspace
from qbank.cli.output import json_option, print_json
from qbank.ui.console import Console
from qbank.ui.plan import planning
from qbank.ui.talk import talk


@click.command("plan")
@click.option(
    "--what-if",
    "what_ifs",
    multiple=True,
    metavar="KEY=VALUE",
    help="Try another plan beside it: minutes=90, date=2027-02-15, days=5 or off=2026-12-24..2026-12-26. Give it again "
    "for another column.",
)
@json_option
@click.pass_context
def command(ctx: click.Context, what_ifs: tuple[str, ...], as_json: bool) -> None:
    """Plan the days to the exam, and see what they are expected to buy.

    It is made anew from today each time, so nothing that was left out stands against you. At a terminal it asks once for
    what your date has to keep; Enter is a full answer.
    """
    with workspace(ctx) as opened:
        tried = [parse_what_if(text, opened.today) for text in what_ifs]
        if as_json:
            print_json(plan(opened, tried))
            return
        console = Console()
        talk(planning(opened, tried, asks=console.is_terminal), console)
