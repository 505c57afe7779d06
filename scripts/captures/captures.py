"""Draws the pictures of the screens in docs/, or checks that they are still what the app shows."""

import os
import sys
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parent))

ROOT = Path(__file__).parents[2]


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; fail when a picture is not what the app shows.")
@click.argument("folder", default=ROOT / "docs", type=click.Path(path_type=Path, file_okay=False))
def captures(check: bool, folder: Path) -> None:
    """Draw every picture into FOLDER, docs/ without it."""
    _forget_this_terminal()
    from scenes import drawn

    stale = []
    for name, picture in drawn():
        path = folder / f"{name}.svg"
        if path.is_file() and path.read_text(encoding="utf-8") == picture:
            continue
        stale.append(path.name)
        if not check:
            path.write_text(picture, encoding="utf-8", newline="\n")
            click.echo(f"Drawn: {path}")
    if check and stale:
        raise click.ClickException(
            f"The app no longer looks like {', '.join(stale)}. Draw the pictures anew with scripts/captures/run, look at "
            "them, and commit them with the change."
        )


def _forget_this_terminal() -> None:
    """What the developer's own settings and terminal would change in a picture must not reach the app."""
    for name in list(os.environ):
        if name.startswith(("QBANK_", "TEXTUAL", "NO_COLOR", "COLORTERM", "COLUMNS", "LINES", "TZ")):
            del os.environ[name]


if __name__ == "__main__":
    captures()
