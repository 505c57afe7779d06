"""`qbank backup`: copy the store to a safe place."""

from pathlib import Path

import click

from qbank.app.safekeeping import backup
from qbank.cli.context import workspace
from qbank.errors import UsageError
from qbank.ui.console import Console


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.pass_context
def command(ctx: click.Context, file: Path | None) -> None:
    """Copy the store to a safe place.

    That is FILE, or without it the backups folder beside the store. Pictures go into a folder beside the copy. It can
    be made while a block is open. Put it back with `qbank restore`.
    """
    with workspace(ctx, create=False) as opened:
        made = backup(opened, target=file)
    if made is None:
        raise UsageError(
            "A PostgreSQL store is saved with `qbank export FILE`, or with your server's own backup."
        )
    Console().say(f"Backed up to {made}.")
