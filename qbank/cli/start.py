"""`qbank start`: the first hour, and every return to it."""

import click

from qbank.app.bank_loading import load_banks
from qbank.app.composing import Request, compose_block, open_block_id
from qbank.app.preferences import keep_exam
from qbank.app.workspace import Workspace
from qbank.cli.context import workspace
from qbank.cli.facing import Face, face_options
from qbank.ui.banks import loaded_line
from qbank.ui.console import Console
from qbank.ui.conversation import Conversation, Say, exam_day_first, practised
from qbank.ui.first_hour import Given, orientation, set_up
from qbank.ui.overview import status_lines


@click.command("start")
@click.option("--exam-date", metavar="DATE", help="The day you sit, like 2027-01-18, or none.")
@click.option("--minutes", metavar="N", help="Minutes of questions a day.")
@click.option("--days", metavar="N", help="Days a week.")
@click.option("--report", metavar="FILE", help="Your score report's file; or sample, or none.")
@click.option(
    "--time-zone", metavar="ZONE", help="Your time zone, like America/Chicago; auto follows this computer."
)
@click.option("--extra-time", metavar="FACTOR", help="1.25, 1.5 or 2, the accommodation you were granted.")
@click.option("--yes", is_flag=True, help="Ask nothing: take the flags, and defaults for the rest.")
@click.option(
    "--block/--no-block", "block", default=None, help="Go into the first block, or not, without asking."
)
@face_options
@click.pass_context
def command(
    ctx: click.Context,
    exam_date: str | None,
    minutes: str | None,
    days: str | None,
    report: str | None,
    time_zone: str | None,
    extra_time: str | None,
    yes: bool,
    block: bool | None,
    plain: bool,
    tui: bool,
    large: bool,
) -> None:
    """Set up, or go on from where you stand.

    Loads the questions, asks for your exam date, your time and your score report, shows what it understood, and offers
    a first block. Every question has a flag, so it can also run unattended.
    """
    console = Console()
    given = Given(exam_date, minutes, days, report, time_zone, extra_time, yes)
    with workspace(ctx) as opened:
        first_time = not opened.values
        keep_exam(opened)
        if first_time:
            console.say(
                "Welcome. This takes about five minutes, and you can stop at any question with Ctrl-C."
            )
        console.say(loaded_line(load_banks(opened)))
        set_up(opened, given, console)
        console.say_lines(orientation(opened) if first_time else ("", *status_lines(opened)))
        console.say()
        wants_block = (
            block if block is not None else not yes and console.confirm("A first block now?", default=False)
        )
        if not wants_block:
            console.say("When you are ready: qbank block")
            return
        face = Face(plain=plain, tui=tui, large=large)
        face.hold(_first_block(opened, face), opened.colours)


def _first_block(opened: Workspace, face: Face) -> Conversation:
    if (yield from exam_day_first(opened, asks=face.asks)):
        return
    block_id = open_block_id(opened)
    if block_id is None:
        composed = compose_block(opened, Request())
        yield Say(composed.sentences)
        block_id = composed.block_id
    yield from practised(opened, block_id, asks=face.asks)
