"""`qbank progress`: what your practice comes to."""

import click

from qbank.app.progressing import next_step, progress
from qbank.cli.context import workspace
from qbank.cli.output import json_option, print_json
from qbank.ui.bars import draws_blocks
from qbank.ui.console import Console
from qbank.ui.progressing import Section, empty_lines, progress_lines
from qbank.ui.tables import WIDEST, Paper


@click.command("progress")
@click.option(
    "--areas",
    "chosen",
    flag_value="areas",
    multiple=True,
    help="By system and discipline: belief, right, time, trend.",
)
@click.option(
    "--calendar", "chosen", flag_value="calendar", multiple=True, help="The days of work, week by week."
)
@click.option(
    "--due", "chosen", flag_value="due", multiple=True, help="Minutes of reviews in the next two weeks."
)
@click.option(
    "--confidence",
    "chosen",
    flag_value="confidence",
    multiple=True,
    help="How often you were right when sure, unsure or guessing.",
)
@click.option(
    "--retention",
    "chosen",
    flag_value="retention",
    multiple=True,
    help="Questions seen before: what was expected and what came.",
)
@click.option("--plain", is_flag=True, help="Digits and # in place of block characters, as in a pipe.")
@json_option
@click.pass_context
def command(ctx: click.Context, chosen: tuple[str, ...], plain: bool, as_json: bool) -> None:
    """Show what your practice comes to, and what follows from it.

    By area, by day, by what you said of your answers and by what was expected of them. Only closed blocks count. Without
    an option an overview; several options show several parts.
    """
    with workspace(ctx) as opened:
        made = progress(opened)
        if as_json:
            print_json(made)
            return
        console = Console()
        paper = Paper(min(console.width, WIDEST), not plain and draws_blocks())
        if not made.answered:
            console.say_lines(empty_lines(next_step(opened), paper))
            return
        sections = [Section(name) for name in chosen]
        console.say_lines(progress_lines(opened, made, paper, sections))
