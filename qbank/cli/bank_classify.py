"""`qbank bank classify`: areas for imported questions that have none."""

import click

from qbank.app.rebuild import replay_length
from qbank.cli.context import workspace
from qbank.ui.console import Console
from qbank.ui.progress import counting


@click.command("classify")
@click.option("--bank", metavar="NAME", help="Only of this imported bank.")
@click.option("--all", "everything", is_flag=True, help="Also what has an area already.")
@click.pass_context
def classify(ctx: click.Context, bank: str | None, everything: bool) -> None:
    """Go through imported questions whose area is missing or only suggested, one key each.

    Each is shown with the areas that its words suggest: Enter takes the suggestion, a number another one, f WORDS looks for
    areas and objectives of the exam's map. Every decision is saved before the next question shows, and importing the file
    again keeps it. You read the questions by this; their keys stay hidden.
    """
    # Imported here: the map of objectives is long, and the other bank commands do without it.
    from qbank.app.classifying import Classifying
    from qbank.ui.classifying import classify as go_through

    with workspace(ctx) as opened:
        classifying = Classifying(opened, bank, everything=everything)
        try:
            go_through(classifying, Console())
        finally:
            with counting("Replaying your answers", replay_length(opened.store)) as on_progress:
                classifying.close(on_progress)
