"""`qbank bank banks`, `off` and `on`: which banks there are, and whether their questions come."""

import click

from qbank.app.bank_switching import summaries, switch
from qbank.cli.context import workspace
from qbank.cli.output import json_option, print_json
from qbank.ui.banks import banks_lines
from qbank.ui.console import Console


@click.command("banks")
@json_option
@click.pass_context
def banks(ctx: click.Context, as_json: bool) -> None:
    """List the banks: how many questions each holds, whether it is on, its licence and where it came from."""
    with workspace(ctx) as opened:
        found = summaries(opened)
    print_json(found) if as_json else Console().say_lines(banks_lines(found))


@click.command("off")
@click.argument("bank", metavar="NAME")
@click.pass_context
def off(ctx: click.Context, bank: str) -> None:
    """Switch an imported bank off as a whole: none of its questions comes in blocks, reviews or searches.

    Your answers to them and what you remember of them stay, and a block that is open keeps its questions. Switch it on
    again with: qbank bank on NAME
    """
    with workspace(ctx) as opened:
        changed = switch(opened, bank, off=True)
    told = f"The bank {bank} is off." if changed else f"The bank {bank} was off already."
    Console().say(f"{told} Switch it on again with: qbank bank on {bank}")


@click.command("on")
@click.argument("bank", metavar="NAME")
@click.pass_context
def on(ctx: click.Context, bank: str) -> None:
    """Switch an imported bank on again, with everything as it was."""
    with workspace(ctx) as opened:
        changed = switch(opened, bank, off=False)
    Console().say(f"The bank {bank} is on." if changed else f"The bank {bank} was on already.")


COMMANDS = (banks, off, on)
