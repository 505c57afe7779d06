"""`qbank block`: a timed or tutor block, new or continued."""

from collections.abc import Generator
from typing import Any

import click

from qbank.app.candidates import Wanted
from qbank.app.composing import Request, compose_block, open_block_id
from qbank.app.practice import close_block
from qbank.app.workspace import Workspace
from qbank.cli.context import workspace
from qbank.cli.facing import Face, face_options, last_days
from qbank.cli.numbers import FiniteRange
from qbank.core.response import Mode
from qbank.errors import UsageError
from qbank.ui.conversation import (
    Act,
    Confirm,
    Conversation,
    Say,
    exam_day_first,
    fitted_tonight,
    mind_asked,
    practised,
)


@click.command("block")
@click.option(
    "--size", type=click.IntRange(1, 400), help="How many questions. Without it, the exam's own block."
)
@click.option(
    "--minutes", type=FiniteRange(1, 600), help="Time limit. Without it, the exam's pace for the size."
)
@click.option(
    "--exam-format", is_flag=True, help="Size and time as in one block of the exam on your exam day."
)
@click.option(
    "--mode",
    type=click.Choice(["timed", "tutor"]),
    default="timed",
    show_default=True,
    help="timed shows answers at the end; tutor shows each at once and has no limit.",
)
@click.option("--system", "systems", multiple=True, metavar="ID", help="Only this system; repeat for more.")
@click.option(
    "--discipline", "disciplines", multiple=True, metavar="ID", help="Only this discipline; repeat for more."
)
@click.option(
    "--bank",
    "banks",
    multiple=True,
    metavar="NAME",
    help="Only this bank, its questions without an area among them; repeat for more.",
)
@click.option("--unused", is_flag=True, help="Only questions you have not seen.")
@click.option(
    "--missed", is_flag=True, help="Only questions that you missed last time; they may come again at once."
)
@click.option(
    "--siblings", is_flag=True, help="Only questions that you have not seen, on what you missed last time."
)
@click.option("--marked", is_flag=True, help="Only questions that you marked; they may come again at once.")
@click.option(
    "--weak", is_flag=True, help="Only areas that your report flags, or where you are believed to be low."
)
@click.option("--all", "repeat", is_flag=True, help="Allow texts that you saw within the last 14 days.")
@click.option(
    "--assess", is_flag=True, help="Draw from the reserve, sampled like the exam, to measure where you stand."
)
@click.option(
    "--lean",
    type=FiniteRange(0, 10),
    default=1.0,
    show_default=True,
    help="How hard to lean on your report: 0 ignores it, above 1 weighs flagged areas harder.",
)
@click.option("--seed", type=click.IntRange(0), help="Compose and shuffle by this seed, to repeat a block.")
@face_options
@click.pass_context
def command(
    ctx: click.Context,
    size: int | None,
    minutes: float | None,
    exam_format: bool,
    mode: str,
    systems: tuple[str, ...],
    disciplines: tuple[str, ...],
    banks: tuple[str, ...],
    unused: bool,
    missed: bool,
    siblings: bool,
    marked: bool,
    weak: bool,
    repeat: bool,
    assess: bool,
    lean: float,
    seed: int | None,
    plain: bool,
    tui: bool,
    large: bool,
) -> None:
    """Practise a timed or tutor block.

    It holds the questions worth most on exam day, in random order. Filters combine, and what fits is still taken
    in order of worth. A block that was interrupted is offered first, with every answer and the time that was left.
    Answers may come from a pipe, one a line.
    """
    face = Face(plain=plain, tui=tui, large=large)
    if exam_format and (size is not None or minutes is not None):
        raise UsageError("--exam-format decides size and time. Leave --size and --minutes out.")
    wanted = Wanted(
        systems,
        disciplines,
        unused=unused,
        missed=missed,
        marked=marked,
        weak=weak,
        repeat=repeat,
        siblings=siblings,
        banks=banks,
    )
    if assess and (wanted.narrow or mode != "timed"):
        raise UsageError(
            "An assessment is timed and drawn from the whole exam. Leave filters and --mode out."
        )
    request = Request(
        mode=Mode(mode),
        size=size,
        minutes=minutes,
        exam_format=exam_format,
        assess=assess,
        wanted=wanted,
        lean=lean,
        seed=seed,
    )
    with workspace(ctx) as opened:
        face.hold(_practising(opened, request, face), opened.colours)


def _practising(opened: Workspace, request: Request, face: Face) -> Conversation:
    if (yield from exam_day_first(opened, asks=face.asks)):
        return
    block_id = open_block_id(opened)
    if block_id is not None:
        going_on = yield from _interrupted(opened, block_id, face)
        if going_on is None:
            return
        block_id = block_id if going_on else None
    if block_id is None:
        if not (yield from last_days(opened, face)):
            return
        composed = compose_block(opened, request)
        yield Say(composed.sentences)
        block_id = composed.block_id
    if (yield from practised(opened, block_id, asks=face.asks)):
        yield from mind_asked(opened, block_id, asks=face.asks)
        yield from fitted_tonight(opened)


def _interrupted(opened: Workspace, block_id: str, face: Face) -> Generator[Act, Any, bool | None]:
    """What becomes of an open block: True to go on with it, False when it was closed as it stands, None to stop here."""
    if not face.asks:
        yield Say(("A block is still open, so it comes first, as it was composed.",))
        return True
    yield Say(("A block is still open, with every answer you gave and the time you had left.",))
    if (yield Confirm("Go on with it?", default=True)):
        return True
    if not (yield Confirm("Close it as it stands, and score what you answered?", default=True)):
        yield Say(("It waits for you as it is.",))
        return None
    close_block(opened, block_id)
    return False
