"""`qbank exam`: a whole day as the exam has it."""

import click

from qbank.app.composing import open_block_id
from qbank.app.exam_composing import WantedDay, begin_day, propose_day
from qbank.app.exam_day import last_day
from qbank.app.workspace import Workspace
from qbank.cli.context import workspace
from qbank.cli.facing import Face, face_options, last_days
from qbank.core.exam_day import Phase
from qbank.errors import NothingToDo, UsageError
from qbank.ui.conversation import Confirm, Conversation, Report, Say, exam_day_first
from qbank.ui.exam_report import report_lines
from qbank.ui.sitting import sitting


@click.command("exam")
@click.option(
    "--blocks",
    type=click.IntRange(1, 100),
    help="Only so many blocks, with the break in proportion. Without it, as many as the exam has.",
)
@click.option("--half", is_flag=True, help="Half of the blocks, rounded up, with half of the break.")
@click.option(
    "--format",
    "format_id",
    metavar="ID",
    help="Another format of the exam, like 7x60. Without it, the one in force today.",
)
@click.option("--seed", type=click.IntRange(0), help="Compose and shuffle by this seed, to repeat a day.")
@click.option("--report", is_flag=True, help="Show the report of your last exam day again.")
@face_options
@click.pass_context
def command(
    ctx: click.Context,
    blocks: int | None,
    half: bool,
    format_id: str | None,
    seed: int | None,
    report: bool,
    plain: bool,
    tui: bool,
    large: bool,
) -> None:
    """Sit a whole day under the exam's own clock.

    Blocks, breaks and tutorial are as long as on the exam, and the questions are ones that you have never seen, drawn in the
    exam's proportions. The clock does not stop, also when this program is closed; run it again to go on.
    """
    face = Face(plain=plain, tui=tui, large=large)
    wanted = WantedDay(blocks, half, format_id, seed)
    if report and wanted != WantedDay():
        raise UsageError("--report shows a day that was sat. Leave the other options out.")
    with workspace(ctx) as opened:
        face.hold(_reporting(opened) if report else _sitting(opened, wanted, face))


def _sitting(opened: Workspace, wanted: WantedDay, face: Face) -> Conversation:
    if (yield from exam_day_first(opened, asks=face.asks)):
        return
    if open_block_id(opened) is not None:
        raise UsageError("A block is still open. Finish it or close it first, with: qbank block")
    proposed = propose_day(opened, wanted)
    if not (yield from last_days(opened, face)):
        return
    yield Say(proposed.sentences)
    if face.asks and not (yield Confirm("Begin the day now?", default=proposed.full)):
        yield Say(("Nothing was spent.",))
        return
    yield from sitting(opened, begin_day(opened, proposed), asks=face.asks)


def _reporting(opened: Workspace) -> Conversation:
    day = last_day(opened)
    if day is None or day.phase is not Phase.OVER:
        raise NothingToDo("No exam day has been sat to its end yet. Begin or go on with: qbank exam")
    yield Report(report_lines(day.report()))
