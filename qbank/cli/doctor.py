"""`qbank doctor`: look for trouble."""

import click

from qbank.app.doctor import examine
from qbank.app.rebuild import replay_length
from qbank.cli.context import workspace
from qbank.cli.output import json_option, print_json
from qbank.ui.console import Console
from qbank.ui.progress import counting


@click.command("doctor")
@click.option("--rebuild", is_flag=True, help="Rebuild everything derived from your answers, and compare.")
@json_option
@click.pass_context
def command(ctx: click.Context, rebuild: bool, as_json: bool) -> int:
    """Look for trouble, and rebuild what can be rebuilt.

    Looks at the store and where it lies. With --rebuild, memory, belief and totals are thrown away and made again
    from the log of your answers, which is never changed. The exit code is 1 when something wants your attention.
    """
    console = Console()
    with workspace(ctx, create=False) as opened:
        length = replay_length(opened.store) if rebuild else 0
        with counting("Replaying your answers", length) as on_progress:
            found = examine(opened, repair=rebuild, on_progress=on_progress)
    if as_json:
        print_json(found)
    else:
        console.say(f"Store: {found.place} (schema {found.version}), {found.events} events in the log.")
        console.say(f"Your own questions go into: {found.questions}")
        for trouble in found.troubles:
            console.say(f"- {trouble}")
        if found.same is not None:
            same = (
                "equals what was stored" if found.same else "differed from what was stored, and replaced it"
            )
            console.say(f"Rebuilt from the log: it {same}.")
        if not found.troubles:
            console.say("No trouble found.")
    return 1 if found.troubles or found.same is False else 0
