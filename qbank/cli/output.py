"""The JSON face of the reporting commands: one object or list on standard output, nothing else with it."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from qbank.core.text import visible

F = TypeVar("F", bound=Callable[..., Any])


def json_option(function: F) -> F:
    """Adds `--json`, passed as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON of a stable shape instead.")(
        function
    )


def print_json(value: object) -> None:
    """Print a value of structs, lists, dicts and dates as indented JSON, hidden characters as `\\u` escapes."""
    import msgspec

    click.echo(_escaped(msgspec.json.format(msgspec.json.encode(value), indent=2).decode()))


def print_json_list(values: Iterable[object]) -> None:
    """Print values as a JSON list, one a line, each as it comes, so that a long list waits nowhere."""
    import msgspec

    click.echo("[", nl=False)
    before = "\n"
    for value in values:
        click.echo(before + _escaped(msgspec.json.encode(value).decode()), nl=False)
        before = ",\n"
    click.echo("\n]")


def _escaped(text: str) -> str:
    if visible(text) == text:
        return text
    return "".join(c if visible(c) == c else f"\\u{ord(c):04x}" for c in text)
