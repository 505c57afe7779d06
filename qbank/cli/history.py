"""`qbank history`: any answer ever given, any block ever begun."""

import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import click

from qbank.app import history
from qbank.app.workspace import Workspace
from qbank.cli.context import workspace
from qbank.cli.output import json_option, print_json_list
from qbank.core.response import MissReason
from qbank.errors import UsageError
from qbank.store.answers import AnswerFilter
from qbank.ui.console import Console

LIMIT = 50
_REASONS = {reason.name.lower().replace("_", "-"): reason for reason in MissReason}
_DAY = click.DateTime(["%Y-%m-%d"])


def _day(_ctx: click.Context, _option: click.Parameter, value: datetime | None) -> date | None:
    return None if value is None else value.date()


@click.command("history")
@click.argument("words", nargs=-1)
@click.option("--system", default="", metavar="ID", help="Only of this system.")
@click.option("--discipline", default="", metavar="ID", help="Only of this discipline.")
@click.option("--missed", is_flag=True, help="Only what you missed or left blank.")
@click.option("--right", is_flag=True, help="Only what you had right.")
@click.option("--reason", type=click.Choice(list(_REASONS)), help="Only misses for this reason.")
@click.option("--since", type=_DAY, callback=_day, metavar="DATE", help="From this study day on.")
@click.option("--until", type=_DAY, callback=_day, metavar="DATE", help="Up to this study day.")
@click.option("--block", default="", metavar="BLOCK", help="Only of this block.")
@click.option("--fresh", is_flag=True, help="Only questions that you saw for the first time.")
@click.option("--blocks", is_flag=True, help="List blocks instead of answers.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    help=f"At most this many. [default: {LIMIT}; all in files]",
)
@click.option("--skip", type=click.IntRange(0), default=0, metavar="N", help="Leave out the latest N.")
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(allow_dash=True),
    metavar="FILE",
    help="Write them to a CSV file, or to - for standard output.",
)
@click.option("--force", is_flag=True, help="Replace the CSV file if it is there.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    words: tuple[str, ...],
    system: str,
    discipline: str,
    missed: bool,
    right: bool,
    reason: str | None,
    since: date | None,
    until: date | None,
    block: str,
    fresh: bool,
    blocks: bool,
    limit: int | None,
    skip: int,
    csv_file: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Find any answer you ever gave, or any block.

    WORDS are looked for in the text of the questions, or at the beginning of their ids. The latest come first, one line an
    answer. With --csv or --json all that fits is given out, unless --limit says less.
    """
    if missed and right:
        raise UsageError("Choose one of --missed and --right.")
    if as_json and csv_file is not None:
        raise UsageError("Choose one of --csv and --json.")
    wanted = AnswerFilter(
        words=" ".join(words).strip(),
        system=system,
        discipline=discipline,
        correct=True if right else False if missed else None,
        reason=_REASONS[reason] if reason else None,
        since=since,
        until=until,
        block=block,
        fresh=True if fresh else None,
    )
    if blocks and wanted != AnswerFilter(since=since, until=until):
        raise UsageError(
            "With --blocks only --since, --until, --limit and --skip choose. Leave the others out."
        )
    with workspace(ctx) as opened:
        if as_json:
            print_json_list(_cells(opened, wanted, limit, skip, blocks=blocks))
        elif csv_file is not None:
            _write(csv_file, _cells(opened, wanted, limit, skip, blocks=blocks), blocks=blocks, force=force)
        elif blocks:
            _show_blocks(opened, wanted, limit or LIMIT, skip)
        else:
            _show_answers(opened, wanted, limit or LIMIT, skip)


def _cells(
    opened: Workspace, wanted: AnswerFilter, limit: int | None, skip: int, *, blocks: bool
) -> Iterator[history.Cells]:
    if blocks:
        return map(history.block_cells, history.past_blocks(opened, wanted, limit=limit, skip=skip))
    return map(history.answer_cells, history.past_answers(opened, wanted, limit=limit, skip=skip))


def _write(csv_file: str, rows: Iterator[history.Cells], *, blocks: bool, force: bool) -> None:
    columns = history.BLOCK_COLUMNS if blocks else history.ANSWER_COLUMNS
    if csv_file == "-":
        if sys.stdout is None:
            raise UsageError("There is no standard output to write to. Give a FILE.")
        for line in history.csv_lines(columns, rows):
            click.echo(line, nl=False)
        return
    target = Path(csv_file)
    if target.exists() and not force:
        raise UsageError(f"{target} is there already. Choose another name, or add --force to replace it.")
    count = history.write_csv(target, columns, rows)
    click.echo(f"{count} {'blocks' if blocks else 'answers'} written to {target}.")


def _show_answers(opened: Workspace, wanted: AnswerFilter, limit: int, skip: int) -> None:
    from qbank.ui.history import answer_lines, end_line, suggested_line

    console = Console()
    # One more than is shown tells whether there are older ones, without counting them all.
    found = list(history.past_answers(opened, wanted, limit=limit + 1, skip=skip))
    if not found:
        console.say(_NONE[wanted == AnswerFilter() and not skip])
        return
    shown = found[:limit]
    console.say_lines(answer_lines(shown, console.width if console.is_terminal else None))
    console.say()
    console.say(end_line(len(shown), skip, more=len(found) > limit, what="answer"))
    if told := suggested_line(shown):
        console.say(told)


def _show_blocks(opened: Workspace, wanted: AnswerFilter, limit: int, skip: int) -> None:
    from qbank.ui.history import block_lines, end_line

    console = Console()
    found = list(history.past_blocks(opened, wanted, limit=limit + 1, skip=skip))
    if not found:
        console.say(_NONE[wanted == AnswerFilter() and not skip])
        return
    shown = found[:limit]
    console.say_lines(block_lines(shown))
    console.say()
    console.say(end_line(len(shown), skip, more=len(found) > limit, what="block"))
    console.say("Show one again with: qbank look BLOCK")


_NONE = {
    True: "Nothing is answered yet. Begin with: qbank block",
    False: "Nothing fits. Leave a filter out, or try fewer words.",
}
