"""`qbank progress`: what your practice comes to."""

from pathlib import Path

import click

from qbank.app.overview import other_banks
from qbank.app.progressing import next_step, progress
from qbank.app.results_fold import results
from qbank.app.workspace import Workspace
from qbank.cli.context import workspace
from qbank.cli.output import json_option, print_json
from qbank.core.insight.progress import Progress
from qbank.ui.bars import draws_blocks
from qbank.ui.console import Console
from qbank.ui.other_banks import other_banks_lines
from qbank.ui.progressing import Section, empty_lines, progress_lines
from qbank.ui.tables import WIDEST, Paper, wrapped


@click.command("progress")
@click.option(
    "--areas",
    "chosen",
    flag_value="areas",
    multiple=True,
    help="By system and discipline: belief, right, time, trend.",
)
@click.option(
    "--calendar", "chosen", flag_value="calendar", multiple=True, help="The days of work, week by week."
)
@click.option(
    "--due", "chosen", flag_value="due", multiple=True, help="Minutes of reviews in the next two weeks."
)
@click.option(
    "--confidence",
    "chosen",
    flag_value="confidence",
    multiple=True,
    help="How often you were right when sure, unsure or guessing.",
)
@click.option(
    "--retention",
    "chosen",
    flag_value="retention",
    multiple=True,
    help="Questions seen before: what was expected and what came.",
)
@click.option("--plain", is_flag=True, help="Digits and # in place of block characters, as in a pipe.")
@click.option(
    "--html",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it all as one page, for a browser or for paper.",
)
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    chosen: tuple[str, ...],
    plain: bool,
    html: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Show what your practice comes to, and what follows from it.

    By area, by day, by what you said of your answers and by what was expected of them. Only closed blocks count. Without
    an option an overview; several options show several parts.
    """
    with workspace(ctx) as opened:
        made = progress(opened)
        if as_json:
            print_json(made)
            return
        console = Console()
        if html is not None:
            _write_page(opened, made, html, force=force)
            console.say(f"Written to {html}. Only you can read it; nothing was sent.")
            return
        paper = Paper(min(console.width, WIDEST), not plain and draws_blocks())
        if not made.answered:
            console.say_lines(empty_lines(next_step(opened), paper))
        else:
            sections = [Section(name) for name in chosen]
            console.say_lines(progress_lines(opened, made, paper, sections))
        elsewhere = other_banks_lines(other_banks(results(opened)))
    if elsewhere:
        console.say_lines(
            wrapped(["", "Not in these tables, but in what is believed of you:", *elsewhere], paper)
        )


def _write_page(opened: Workspace, made: Progress, path: Path, *, force: bool) -> None:
    # Imported here: the tables have no use for any of it.
    from qbank.app.debriefing import hypotheses
    from qbank.app.diagnosing import diagnosis
    from qbank.app.overview import overview
    from qbank.app.page_file import write_page
    from qbank.app.readiness import readiness
    from qbank.ui.page.insight_sections import causes_section, ready_section
    from qbank.ui.page.page import Next, progress_page

    now = overview(opened)
    notes = ["The report is the sample; add yours: qbank report add"] if now.sample_report else []
    notes += other_banks_lines(now.other_banks)
    told = (ready_section(readiness(opened)), causes_section(diagnosis(opened, hypotheses(opened))))
    page = progress_page(
        made,
        now.exam,
        booked=now.booked,
        next_step=Next(now.next_step, now.why),
        notes=tuple(notes),
        sections=[section for section in told if section is not None],
    )
    write_page(path, page, force=force)
