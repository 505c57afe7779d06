"""`qbank review`: the night."""

import click

from qbank.app.composing import Request, compose_block, open_block_id
from qbank.app.workspace import Workspace
from qbank.cli.context import workspace
from qbank.cli.facing import Face, face_options, last_days
from qbank.cli.numbers import FiniteRange
from qbank.core.response import Mode
from qbank.errors import UsageError
from qbank.ui.conversation import Ask, Conversation, Say, exam_day_first, fitted_tonight, practised

TIRED_MINUTES = 10.0
NIGHT_MINUTES = 30.0


@click.command("review")
@click.option("--minutes", type=FiniteRange(1, 240), help="How long you want to go on; asked for without it.")
@click.option("--seed", type=click.IntRange(0), help="Compose and shuffle by this seed, to repeat a review.")
@face_options
@click.pass_context
def command(
    ctx: click.Context, minutes: float | None, seed: int | None, plain: bool, tui: bool, large: bool
) -> None:
    """Go over what tonight is worth most for.

    Each answer is shown at once. New and slipping objectives and what you missed elsewhere come in one order, as
    many as the minutes hold. Stop whenever you like with q: what was not asked is not owed.
    """
    face = Face(plain=plain, tui=tui, large=large)
    with workspace(ctx) as opened:
        face.hold(_reviewing(opened, minutes, seed, face), opened.colours)


def _reviewing(opened: Workspace, minutes: float | None, seed: int | None, face: Face) -> Conversation:
    if (yield from exam_day_first(opened, asks=face.asks)):
        return
    block_id = open_block_id(opened)
    if block_id is not None:
        yield Say(("A block is still open, so it comes first.",))
    else:
        chosen = minutes or ((yield _MENU) if face.asks else NIGHT_MINUTES)
        if chosen is None:
            yield Say(("Good night. Nothing is owed.",))
            return
        if not (yield from last_days(opened, face)):
            return
        composed = compose_block(opened, Request(mode=Mode.REVIEW, minutes=chosen, seed=seed))
        yield Say(composed.sentences)
        block_id = composed.block_id
    if (yield from practised(opened, block_id, asks=face.asks)):
        yield from fitted_tonight(opened)


def _parse_minutes(text: str) -> float | None:
    if text in ("", "1"):
        return NIGHT_MINUTES
    if text == "2":
        return TIRED_MINUTES
    if text == "3":
        return None
    if text.isascii() and text.isdigit() and 4 <= int(text) <= 240:
        return float(text)
    raise UsageError("Please answer 1, 2, 3, or a number of minutes from 4 to 240.")


_MENU = Ask(
    (
        "How long tonight?",
        f"  1  {NIGHT_MINUTES:g} minutes",
        "  2  ten minutes, tired",
        "  3  not tonight",
    ),
    "1 to 3, or a number of minutes from 4 on: ",
    _parse_minutes,
)
