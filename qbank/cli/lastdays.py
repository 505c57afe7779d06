"""`qbank lastdays`: one page for the last days."""

import click

from qbank.app.last_page import last_page
from qbank.cli.context import workspace
from qbank.cli.output import json_option, print_json
from qbank.ui.console import Console
from qbank.ui.last_page import last_page_lines


@click.command("lastdays")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Print one page for the last days before the exam.

    It has what you missed in a sentence each, your notes, formulas, when to take breaks and what to bring. Put it on paper
    with: qbank lastdays | lpr
    """
    with workspace(ctx) as opened:
        page = last_page(opened)
        if as_json:
            print_json(page)
        else:
            Console().say_lines(last_page_lines(page))
