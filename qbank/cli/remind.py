"""`qbank remind`: a reminder in the evening that says what it is worth."""

import click

from qbank.app import reminding
from qbank.app.workspace import Workspace
from qbank.cli.context import configured, workspace
from qbank.cli.output import json_option, print_json
from qbank.core.reminder import parse_schedule
from qbank.core.text import visible
from qbank.errors import UsageError
from qbank.ui.console import Console
from qbank.ui.reminding import planned_lines, reminder_sentence, set_line, when


@click.command("remind")
@click.option("--at", metavar="HH:MM", help="Remind me at this time of my computer's day, as in 21:00.")
@click.option("--days", metavar="DAYS", help="Only on these days, as in mon,tue,thu. [default: every day]")
@click.option("--off", is_flag=True, help="Take the reminder away.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--now", is_flag=True, help="Say what tonight is worth, if there is something to say.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, at: str | None, days: str | None, off: bool, yes: bool, now: bool, as_json: bool
) -> None:
    """Set, show or take away a reminder in the evening.

    It says how many minutes are worth it tonight, and keeps quiet when none are, on a day off, after tonight's review, and
    in the last three days before the exam. With --at it is kept by your own systemd, launchd or crontab: what will be
    written is shown first, and nothing of qbank runs in between. Without options the reminder that is set is shown.
    """
    if (
        sum((at is not None, off, now)) > 1
        or (at is None and (days is not None or yes))
        or (as_json and (at or off or now))
    ):
        raise UsageError(
            "Choose one of --at, --off and --now. --days and --yes go with --at, and --json is of what is set."
        )
    console = Console()
    if now:
        with workspace(ctx, create=False) as opened:
            _say_tonight(opened, console)
    elif off:
        _take_away(console)
    elif at is not None:
        _set(ctx, console, at, days or "", yes=yes)
    else:
        _show(console, as_json=as_json)


def _say_tonight(opened: Workspace, console: Console) -> None:
    """On the desktop, or as a line where there is none. At a terminal it is always said, and why it would not be."""
    # Imported here: it comes with the code that prices, which setting a reminder has no use for.
    from qbank.app.night import reminder_tonight

    found = reminder_tonight(opened)
    if found.tonight is None or found.quiet:
        if console.is_terminal:
            console.say(f"No reminder tonight. {found.quiet}")
        return
    sentence = reminder_sentence(found.tonight)
    shown = reminding.notify(reminding.this_computer(), sentence)
    if console.is_terminal or not shown:
        console.say(sentence)


def _set(ctx: click.Context, console: Console, at: str, days: str, *, yes: bool) -> None:
    schedule = parse_schedule(at, days)
    # What would fail every evening, such as a store that is not there, fails now.
    with workspace(ctx, create=False):
        pass
    computer = reminding.this_computer()
    plan = reminding.planned(computer, schedule, reminding.job_command(configured(ctx)))
    for line in planned_lines(plan):
        # Not wrapped: it is what will stand there, to the letter.
        click.echo(visible(line))
    if not yes and not console.confirm("Write it?", default=True):
        console.say("Nothing was written.")
        return
    reminding.install(computer, plan)
    console.say(f"You are reminded {when(schedule)}. Take it away with: qbank remind --off")


def _take_away(console: Console) -> None:
    gone = reminding.remove(reminding.this_computer())
    for one in gone:
        console.say(f"The reminder is gone: {one.way.value}.")
    if not gone:
        console.say("No reminder is set.")


def _show(console: Console, *, as_json: bool) -> None:
    found = reminding.installed(reminding.this_computer())
    if as_json:
        print_json(
            [
                {
                    "at": one.schedule.clock if one.schedule else None,
                    "days": one.schedule.day_names if one.schedule else (),
                    "by": one.way.name.lower(),
                    "where": one.where,
                }
                for one in found
            ]
        )
        return
    for one in found:
        console.say(set_line(one))
    if not found:
        console.say("No reminder is set. Set one with: qbank remind --at 21:00")
