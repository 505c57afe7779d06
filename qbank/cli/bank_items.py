"""`qbank bank items`: what the answers of several learners say of the questions."""

from pathlib import Path
from typing import Any

import click

from qbank.app.files import write_whole
from qbank.app.item_report import ItemReport, Order, item_report, questions_of, to_csv
from qbank.app.workspace import open_shared
from qbank.cli.context import configured
from qbank.cli.output import json_option, print_json
from qbank.core.insight.item_statistics import ItemStatistics
from qbank.errors import UsageError
from qbank.ui.console import Console
from qbank.ui.item_report import report_lines
from qbank.ui.progress import counting

FEWEST = 5
"""Answers below which a count could tell what one of them chose. [judged; a usual threshold for small cells]"""


@click.command("items")
@click.option(
    "--min-answers",
    "least",
    type=click.IntRange(FEWEST, 100_000),
    default=10,
    show_default=True,
    help="Only questions with so many first answers.",
)
@click.option(
    "--sort",
    type=click.Choice([order.value for order in Order]),
    default=Order.DOUBT.value,
    show_default=True,
    help="What comes first: the doubtful, the hardest, what tells least apart, the most answered, the slowest, or the name.",
)
@click.option("--options", "all_options", is_flag=True, help="Show who chose which option of every question.")
@click.option("--csv", "csv_file", type=click.Path(path_type=Path), help="Write them to this file as well.")
@json_option
@click.pass_context
def items(
    ctx: click.Context, least: int, sort: str, all_options: bool, csv_file: Path | None, as_json: bool
) -> None:
    """Show how questions do with all the learners of this store: how many are right, and whom they tell apart.

    First answers count, of everybody whose record is here; nobody is named. Other people's records come in with
    `qbank import`.
    """
    if csv_file is not None and csv_file.exists():
        raise UsageError(f"{csv_file} is there already. Name a new file.")
    with open_shared(configured(ctx), watch=counting) as store:
        report = item_report(store, least=least, order=Order(sort))
        told = [item for item in report.items if item.doubts or all_options] if not as_json else []
        questions = questions_of(store, told)
    if csv_file is not None:
        write_whole(csv_file, to_csv(report))
    if as_json:
        print_json(_shape(report))
        return
    console = Console()
    width = console.width if console.is_terminal else None
    console.say_lines(report_lines(report, questions, width=width, all_options=all_options))
    if csv_file is not None:
        console.say(f"Written to {csv_file}, a row for each option.")


def _shape(report: ItemReport) -> dict[str, Any]:
    reliability = report.reliability
    return {
        "learners": report.learners,
        "answers": report.answers,
        "min_answers": report.least,
        "fewer": report.fewer,
        "reliability": None if reliability is None else reliability._asdict(),
        "items": [_item_shape(item) for item in report.items],
    }


def _item_shape(item: ItemStatistics) -> dict[str, Any]:
    interval = item.point_biserial_interval
    return {
        "bank": item.bank,
        "question": item.question,
        "answers": item.answers,
        "right": item.right,
        "facility": item.facility,
        "facility_low": item.facility_interval.low,
        "facility_high": item.facility_interval.high,
        "scored": item.scored,
        "point_biserial": item.point_biserial,
        "point_biserial_low": None if interval is None else interval.low,
        "point_biserial_high": None if interval is None else interval.high,
        "median_seconds": item.median_ms / 1000,
        "doubts": item.doubts,
        "upper": item.upper,
        "lower": item.lower,
        "options": [
            {
                "option": one.option,
                "key": one.option == item.key,
                "chosen": one.chosen,
                "upper": one.upper,
                "lower": one.lower,
            }
            for one in item.options
        ],
    }
