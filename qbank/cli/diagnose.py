"""`qbank diagnose`: what went wrong, as far as your own blocks can tell."""

import click

from qbank.app.debriefing import hypotheses
from qbank.app.diagnosing import diagnosis
from qbank.cli.context import workspace
from qbank.cli.output import json_option, print_json
from qbank.ui.console import Console
from qbank.ui.diagnosing import diagnosis_lines


@click.command("diagnose")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Find out what costs you points, and what to do first.

    Pacing, tiring, a miss or a bad block that stays in mind, changed answers, confidence, and gaps by area: each is tested
    on your own timed, mixed blocks, and told only once there are enough answers; else it says how many more blocks that
    takes. First of all it says what the questions left can never settle.
    """
    console = Console()
    with workspace(ctx) as opened:
        found = diagnosis(opened, hypotheses(opened))
        if as_json:
            print_json(found)
        else:
            console.say_lines(diagnosis_lines(found, console.width))
