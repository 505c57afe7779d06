"""`qbank review`: the night."""

from collections.abc import Generator
from typing import Any

import click
from msgspec.structs import replace

from qbank.app.candidates import Wanted
from qbank.app.composing import SEED_BITS, Composed, Request, compose_block, open_block_id
from qbank.app.workspace import Workspace
from qbank.cli.context import workspace
from qbank.cli.facing import Face, face_options, last_days
from qbank.cli.numbers import FiniteRange
from qbank.core.night import NIGHT_MINUTES, TIRED_MINUTES
from qbank.core.response import Mode
from qbank.errors import NotWorthIt, UsageError
from qbank.ui.conversation import (
    Act,
    Ask,
    Confirm,
    Conversation,
    Say,
    exam_day_first,
    fitted_tonight,
    practised,
)


@click.command("review")
@click.option("--minutes", type=FiniteRange(1, 240), help="How long you want to go on; asked for without it.")
@click.option("--no-new", is_flag=True, help="Only what you have met before; nothing new tonight.")
@click.option("--seed", type=click.IntRange(0), help="Compose and shuffle by this seed, to repeat a review.")
@face_options
@click.pass_context
def command(
    ctx: click.Context,
    minutes: float | None,
    no_new: bool,
    seed: int | None,
    plain: bool,
    tui: bool,
    large: bool,
) -> None:
    """Go over what tonight is worth most for.

    Each answer is shown at once. New and slipping objectives and what you missed elsewhere come in one order, as
    many as the minutes hold, with the shorter cases towards the end. What would add too little for a minute of tonight
    is left out, and a sentence says so. Stop whenever you like with q: what was not asked is not owed.
    """
    face = Face(plain=plain, tui=tui, large=large)
    with workspace(ctx) as opened:
        face.hold(_reviewing(opened, minutes, no_new, seed, face), opened.colours)


def _reviewing(
    opened: Workspace, minutes: float | None, no_new: bool, seed: int | None, face: Face
) -> Conversation:
    if (yield from exam_day_first(opened, asks=face.asks)):
        return
    block_id = open_block_id(opened)
    if block_id is not None:
        yield Say(("A block is still open, so it comes first.",))
    else:
        if not (yield from last_days(opened, face)):
            return
        chosen = minutes or ((yield _MENU) if face.asks else NIGHT_MINUTES)
        if chosen is None:
            yield Say((_GOOD_NIGHT,))
            return
        # One seed for both tries, so that what was said would be asked is what is asked.
        seed = opened.random_bits(SEED_BITS) if seed is None else seed
        wanted = Wanted(met=no_new)
        composed = yield from _composed(
            opened, Request(mode=Mode.REVIEW, minutes=chosen, seed=seed, wanted=wanted), face
        )
        if composed is None:
            yield Say((_GOOD_NIGHT,))
            return
        yield Say(composed.sentences)
        block_id = composed.block_id
    if (yield from practised(opened, block_id, asks=face.asks)):
        yield from fitted_tonight(opened)


def _composed(opened: Workspace, request: Request, face: Face) -> Generator[Act, Any, Composed | None]:
    """The review; None when it is worth less than sleep and that was taken. Where nobody can be asked it is insisted on."""
    try:
        return compose_block(opened, request)
    except NotWorthIt as error:
        yield Say((str(error),))
    if face.asks and not (yield Confirm("Ask them all the same?", default=False)):
        return None
    return compose_block(opened, replace(request, insisted=True))


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


_GOOD_NIGHT = "Good night. Nothing is owed."
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
