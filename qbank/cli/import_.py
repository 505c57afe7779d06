"""`qbank import`: merge a record, or questions of another bank."""

from pathlib import Path

import click

from qbank.app.portable import import_record
from qbank.cli.context import workspace
from qbank.ui.console import Console
from qbank.ui.progress import counting


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def command(ctx: click.Context, file: Path) -> None:
    """Merge a record written by export.

    What is here already is left alone, so importing twice does nothing more. A backup is made first. To bring in questions
    from a CSV or JSONL file, use `qbank bank import`.
    """
    with workspace(ctx) as opened, counting("Replaying your record") as on_progress:
        merged = import_record(opened, file, on_progress)
    console = Console()
    if merged.backup:
        console.say(f"A backup of the store as it was: {merged.backup}")
    console.say(f"{merged.events} events and {merged.questions} question versions were new.")
    if merged.debriefs:
        console.say("A debrief came with them: qbank debrief --show")
    if merged.left:
        console.say("The debrief that is here was kept; the one in the file was left alone.")
