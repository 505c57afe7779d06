"""`qbank set`: change what you decided about your preparation."""

import click

from qbank.app import preferences
from qbank.cli.context import workspace
from qbank.ui.console import Console
from qbank.ui.reporting import say_attempt_notes


@click.command("set")
@click.argument("key", type=click.Choice(preferences.KEYS), metavar="KEY")
@click.argument("value")
@click.pass_context
def command(ctx: click.Context, key: str, value: str) -> None:
    """Change the exam date, minutes, time zone, extra time or colours.

    KEY is exam-date (a date like 2027-01-18, or none), minutes (a day), days (a week), time-zone (like America/Chicago,
    or auto), extra-time (1, 1.25, 1.5 or 2, the accommodation you were granted), colours (of the full screen: auto,
    dark, light, or terminal for your terminal's own), off (days off, like 2026-12-24..2026-12-26), what your date has to
    keep: eligibility-end, reschedule-by, school-deadline (dates, or none) and attempts-left, nightly-fit (on or off:
    whether memory is fitted to your answers at the end of an evening, once there are enough), or ask-mind (yes or no:
    whether a timed block ends with the question whether your mind was elsewhere).
    """
    with workspace(ctx) as opened:
        console = Console()
        console.say(preferences.change(opened, key, value))
        if key == "exam-date":
            say_attempt_notes(opened, console)
