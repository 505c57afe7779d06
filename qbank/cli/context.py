"""What every verb needs from the command line's global options, opened inside the verb that needs it."""

import contextlib
from collections.abc import Iterator

import click

from qbank import settings
from qbank.app.workspace import Workspace, open_workspace
from qbank.ui.progress import counting


def configured(ctx: click.Context) -> settings.Settings:
    """The settings in force for this call."""
    return settings.load(ctx.obj)


@contextlib.contextmanager
def workspace(ctx: click.Context, *, create: bool = True) -> Iterator[Workspace]:
    """The open store with its exam, learner and clock, closed afterwards."""
    opened = open_workspace(configured(ctx), create=create, watch=counting)
    try:
        yield opened
    finally:
        opened.close()
