"""`qbank export`: the whole record as one file."""

import sys
import tempfile
from pathlib import Path

import click

from qbank.app.pictures import ALONG, send_along
from qbank.app.portable import Exported, export_record
from qbank.cli.context import workspace
from qbank.errors import QbankError, UsageError


@click.command("export")
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@click.option("--with-debrief", is_flag=True, help="Add what you said in `qbank debrief`.")
@click.pass_context
def command(ctx: click.Context, file: str, force: bool, with_debrief: bool) -> None:
    """Write your whole record to one file.

    FILE holds every answer, report and setting, and every question version, one JSON object a line, so that another
    computer can go on from it. Only you can read it. Pictures go into a folder beside it. With - it goes to
    standard output. What you said in `qbank debrief` is in it only with --with-debrief.
    """
    if file == "-":
        _to_standard_output(ctx, with_debrief=with_debrief)
        return
    target = Path(file)
    if target.exists() and not force:
        raise UsageError(f"{target} is there already. Choose another name, or add --force to replace it.")
    with workspace(ctx, create=False) as opened:
        exported = export_record(opened, target, with_debrief=with_debrief)
        pictures = send_along(opened.settings, target.parent)
    click.echo(f"{exported.events} events written to {target}.{_debrief_words(exported, with_debrief)}")
    if pictures:
        click.echo(f"Pictures of questions are in {target.parent / ALONG}: keep that folder beside the file.")


def _debrief_words(exported: Exported, wanted: bool) -> str:
    if not wanted:
        return ""
    return " Your debrief is in it." if exported.debrief else " There was no debrief to add."


def _to_standard_output(ctx: click.Context, *, with_debrief: bool) -> None:
    if sys.stdout is None:
        raise UsageError("There is no standard output to write to. Give a FILE.")
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "record.jsonl"
        with workspace(ctx, create=False) as opened:
            export_record(opened, whole, with_debrief=with_debrief)
        content = whole.read_bytes()
    try:
        click.echo(content, nl=False)
    except BrokenPipeError:
        raise
    except OSError as error:
        # Python would complain of the unwritten rest once more when it ends.
        sys.stdout = None
        raise QbankError(
            f"The output cannot be written: {error.strerror}. Your record is as it was."
        ) from error
