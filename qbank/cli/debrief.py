"""`qbank debrief`: a short interview about the attempt that failed."""

from typing import Any

import click

from qbank.app import debriefing
from qbank.app.workspace import Workspace
from qbank.cli.context import workspace
from qbank.cli.facing import Face, face_options
from qbank.cli.output import json_option, print_json
from qbank.core.insight.interview import Interview, Topic
from qbank.errors import QbankError, UsageError
from qbank.ui.console import Console
from qbank.ui.debriefing import NOT_BEGUN, gone_lines, help_lines, interview_lines, interviewed


@click.command("debrief")
@click.option("--show", is_flag=True, help="Show what you said, and who answers tonight.")
@click.option("--delete", is_flag=True, help="Delete what you said, after asking.")
@click.option("--yes", is_flag=True, help="Do not ask. Goes with --delete.")
@face_options
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    show: bool,
    delete: bool,
    yes: bool,
    as_json: bool,
    plain: bool,
    tui: bool,
    large: bool,
) -> None:
    """Tell how the failed attempt went, as far as you like.

    A few questions on how you prepared, how the day was and what you suspect. Each can be skipped; stop, go on and change it
    whenever you like. It stays in a private file outside your record. What you suspect is held against your practice.
    """
    if delete and (show or as_json):
        raise UsageError("Choose one of --show, --json and --delete.")
    if yes and not delete:
        raise UsageError("--yes goes with --delete.")
    with workspace(ctx) as opened:
        if as_json:
            print_json(_shape(debriefing.interview(opened)))
        elif delete:
            _delete(opened, Console(), yes=yes)
        elif show:
            _show(opened, Console())
        else:
            _hold(opened, Face(plain=plain, tui=tui, large=large))


def _hold(opened: Workspace, face: Face) -> None:
    try:
        face.hold(interviewed(opened), opened.colours)
    except (EOFError, KeyboardInterrupt):
        # Whoever breaks it off may need the numbers most.
        face.console.say_lines(help_lines(debriefing.helplines()))
        raise


def _show(opened: Workspace, console: Console) -> None:
    account = debriefing.interview(opened)
    console.say_lines([NOT_BEGUN] if account is None else interview_lines(account))
    console.say_lines(help_lines(debriefing.helplines()))


def _delete(opened: Workspace, console: Console, *, yes: bool) -> None:
    if not debriefing.interview_path(opened, opened.learner.id).exists():
        console.say("There is nothing to delete: no debrief is kept here.")
        return
    try:
        account = debriefing.interview(opened)
    except QbankError:
        account = None
    console.say_lines(gone_lines(account))
    if not yes and not console.confirm("Delete it?", default=False):
        console.say("Nothing was deleted.")
        return
    debriefing.forget(opened)
    console.say("It is deleted.")


def _shape(account: Interview | None) -> dict[str, Any]:
    import msgspec

    told = {} if account is None else msgspec.structs.asdict(account)
    empty = {
        field.name: None if field.required else field.default for field in msgspec.structs.fields(Interview)
    }
    waiting = tuple(Topic) if account is None else account.waiting
    shape = {**empty, **told, "waiting": waiting}
    shape["suspected"] = shape["suspected"] or ()
    for hidden in ("asked", "told_rates"):
        del shape[hidden]
    lines = [
        {
            **msgspec.structs.asdict(one),
            "source": f"{one.source.text}; {one.source.confidence}",
            "checked_on": one.source.read,
        }
        for one in debriefing.helplines().lines
    ]
    return {**shape, "helplines": lines}
