"""`qbank ready`: what fresh answers and self-assessments say about the exam."""

import click

from qbank.app.readiness import readiness
from qbank.cli.context import workspace
from qbank.cli.output import json_option, print_json
from qbank.ui.console import Console
from qbank.ui.readiness import ready_lines


@click.command("ready")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """See what fresh, timed answers and self-assessments say about the exam.

    Only blocks drawn like the exam count (`qbank block --assess`, `qbank exam`), and NBME self-assessments that were timed
    and not seen before. It shows an index with its intervals, never a chance of passing of its own, and nothing in the
    last three days.
    """
    with workspace(ctx) as opened:
        found = readiness(opened)
        if as_json:
            print_json(found)
        else:
            Console().say_lines(ready_lines(found))
