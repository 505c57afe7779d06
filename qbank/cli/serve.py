"""`qbank serve`: the full-screen face in a browser."""

import gc

import click

from qbank.cli.context import configured, workspace
from qbank.errors import NothingToDo
from qbank.ui.console import Console


@click.command("serve")
@click.argument("face", type=click.Choice(["block", "review", "exam"]), default="block")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to use. Without it, any that is free.")
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    help="Serve at this address of yours, so that other devices can reach it. Without it, nobody else can.",
)
@click.option("--open", "open_browser", is_flag=True, help="Open the link in your browser at once.")
@click.pass_context
def command(ctx: click.Context, face: str, port: int | None, host: str, open_browser: bool) -> None:
    """Practise in a browser on this computer.

    Shows a link that works once, for one browser; a new one follows it. One window practises at a time. Closing it leaves
    the block as a closed terminal does: the page, loaded again, goes on with it. Ctrl-C here ends it all.
    """
    # These serve a browser and nothing else: a block in a terminal must not wait for them.
    from qbank.ui.web.address import parse_host
    from qbank.ui.web.child import served_command, served_environment
    from qbank.ui.web.server import serve

    address = parse_host(host)
    with workspace(ctx, create=False) as opened:
        if not opened.values:
            raise NothingToDo("Nothing is set up here yet. Begin with: qbank start")
    settings = configured(ctx)
    gc.freeze()
    gc.enable()
    serve(
        served_command(face),
        served_environment(settings),
        address=address,
        port=port or 0,
        pictures=settings.pictures,
        say=Console().say,
        open_browser=open_browser,
    )
    Console().say("Ended. Everything you answered is saved.")
