"""`qbank outside`: practice done in another bank."""

import click

from qbank.app.outside import OutsidePractice, record_outside
from qbank.cli.context import workspace
from qbank.cli.numbers import FiniteRange
from qbank.ui.console import Console


@click.command("outside")
@click.option("--source", required=True, metavar="NAME", help="Which bank, like uworld.")
@click.option("--system", default="", metavar="ID", help="The system the questions were about.")
@click.option("--discipline", default="", metavar="ID", help="The discipline the questions were about.")
@click.option("--right", type=int, required=True, help="How many you had right.")
@click.option("--of", "total", type=int, required=True, help="How many you answered.")
@click.option("--minutes", type=FiniteRange(0, 1440), help="How long it took.")
@click.pass_context
def command(
    ctx: click.Context,
    source: str,
    system: str,
    discipline: str,
    right: int,
    total: int,
    minutes: float | None,
) -> None:
    """Record practice that you did elsewhere.

    It counts for its system or discipline, or for the whole exam when you name neither. Another bank's difficulty is
    not the exam's, so one entry says little; how you change from one to the next says more.
    """
    with workspace(ctx) as opened:
        practice = OutsidePractice(source, system, discipline, right, total, minutes)
        Console().say(record_outside(opened, practice))
