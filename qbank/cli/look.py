"""`qbank look`: a closed block once more."""

from typing import Any

import click

from qbank.app.looking_back import ClosedBlock, closed_block_id
from qbank.cli.context import workspace
from qbank.cli.facing import Face, face_options
from qbank.cli.output import json_option, print_json
from qbank.core.looking_back import BlockReview, LookFilter, positions
from qbank.core.mending import mending
from qbank.errors import UsageError
from qbank.ui.conversation import Conversation, Look
from qbank.ui.look import look_lines


@click.command("look")
@click.argument("block", required=False)
@click.option("--missed", "kinds", flag_value="missed", multiple=True, help="Only what you missed.")
@click.option("--marked", "kinds", flag_value="marked", multiple=True, help="Only what you marked.")
@click.option("--changed", "kinds", flag_value="changed", multiple=True, help="Only changed answers.")
@click.option("--slow", "kinds", flag_value="slow", multiple=True, help="Only what took long for your pace.")
@click.option("--blank", "kinds", flag_value="blank", multiple=True, help="Only what you left blank.")
@face_options
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    block: str | None,
    kinds: tuple[str, ...],
    as_json: bool,
    plain: bool,
    tui: bool,
    large: bool,
) -> None:
    """Look again at a closed block.

    Without BLOCK it is your latest one; BLOCK is a block's id or the beginning of one. What became of each question, what
    was missed and what helps with it, and at a terminal each question again with its answer.
    """
    if len(set(kinds)) > 1:
        raise UsageError("Choose one of --missed, --marked, --changed, --slow and --blank.")
    kind = LookFilter(kinds[0]) if kinds else LookFilter.ALL
    with workspace(ctx) as opened:
        closed = ClosedBlock(opened, closed_block_id(opened, block))
        if as_json:
            print_json(_shape(closed.review, kind))
            return
        face = Face(plain=plain, tui=tui, large=large)
        if face.asks:
            face.hold(_looking(closed, kind), opened.colours)
        else:
            face.console.say_lines(look_lines(closed.review, face.console.width, kind))


def _looking(closed: ClosedBlock, kind: LookFilter) -> Conversation:
    yield Look(closed, kind)


def _shape(review: BlockReview, kind: LookFilter) -> dict[str, Any]:
    """The review with its plan, and only the questions of that kind."""
    import msgspec

    shape: dict[str, Any] = msgspec.to_builtins(review)
    shape["questions"] = [shape["questions"][position] for position in positions(review, kind)]
    return {**shape, "plan": msgspec.to_builtins(mending(review))}
