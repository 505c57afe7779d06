"""The commands of scripts/simulate/run."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import click

from simulate import diagnosis as planted_faults
from simulate import lists as lists_form
from simulate import quick as quick_form
from simulate import readiness as readiness_form
from simulate.results import Outcome, Results, WorldRun, load, save
from simulate.runs import BOUND, EXTRA, POLICIES, Job, jobs_for, run, whole
from simulate.summary import summarised
from simulate.table import printed
from simulate.worlds import WORLDS, World

SILENT_SECONDS = 1.0
FILE = click.Path(dir_okay=False, path_type=Path)


class _TableUnlessNamed(click.Group):
    """Options without a command are those of `table`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["table", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_TableUnlessNamed)
def simulate() -> None:
    """Let learners whose memory is known practise under qbank and under what others do, in equal time."""


@simulate.command()
@click.option("--world", "worlds", multiple=True, type=click.Choice(list(WORLDS)), help="Default: all.")
@click.option(
    "--policy",
    "wanted",
    multiple=True,
    type=click.Choice([*POLICIES, BOUND]),
    help=f"Default: all and the bound; {' and '.join(EXTRA)} in the first world only.",
)
@click.option("--learners", default=40, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option("--processes", default=os.cpu_count() or 1, show_default="one a core", type=click.IntRange(1))
@click.option(
    "--json", "file", type=FILE, help="Keep the results here; what it already holds stays or is renewed."
)
def table(
    worlds: tuple[str, ...],
    wanted: tuple[str, ...],
    learners: int,
    seed: int,
    processes: int,
    file: Path | None,
) -> None:
    """Run policies in worlds and print what came out."""
    results = Results(seed, learners)
    if file is not None and file.exists():
        results = _loaded(file)
        if (results.seed, results.learners) != (seed, learners):
            raise click.ClickException(
                f"{file} holds {results.learners} learners of seed {results.seed}, which cannot be compared with "
                f"{learners} of seed {seed}. Ask for the same, or name another file."
            )
    jobs = _jobs([WORLDS[name] for name in worlds or WORLDS], wanted, learners, seed)
    for job, outcome in whole(jobs, _shown(jobs, run(jobs, processes))):
        _put(results, job, outcome)
        if file is not None:
            save(results, summarised(results), file)
    click.echo(printed(results))


@simulate.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--world", "worlds", multiple=True, help="Default: all in the file.")
def show(file: Path, worlds: tuple[str, ...]) -> None:
    """Print kept results again."""
    results = _loaded(file)
    missing = [name for name in worlds if name not in results.worlds]
    if missing:
        raise click.ClickException(
            f"{file} has no world {', '.join(missing)}. It has: {', '.join(results.worlds)}."
        )
    if worlds:
        results.worlds = {name: results.worlds[name] for name in worlds}
    click.echo(printed(results))


@simulate.command()
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
def quick(seed: int) -> None:
    """In under a minute: whether policies still come in the order that they should. Ends with 1 when they do not."""
    results, faults = quick_form.tried(seed)
    click.echo(printed(results))
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(1)


@simulate.command()
@click.option("--learners", default=1000, show_default=True, type=click.IntRange(2))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
def readiness(learners: int, seed: int) -> None:
    """Whether the intervals of `qbank ready` hold what they say, in worlds that it does not know."""
    for part in readiness_form.report(learners, seed):
        click.echo(f"{part}\n")


@simulate.command()
@click.option("--learners", default=150, show_default=True, type=click.IntRange(2))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
def lists(learners: int, seed: int) -> None:
    """Whether lists from another bank bring the belief about areas nearer to the truth."""
    for part in lists_form.report(learners, seed):
        click.echo(f"{part}\n")


@simulate.command()
@click.option(
    "--replications", default=400, show_default=True, type=click.IntRange(1), help="Learners a row."
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option("--processes", default=os.cpu_count() or 1, show_default="one a core", type=click.IntRange(1))
def diagnosis(replications: int, seed: int, processes: int) -> None:
    """Whether `qbank diagnose` accuses nobody wrongly, and finds faults that were planted. Ends with 1 when it does not."""
    outcome = planted_faults.tried(replications, seed, processes=processes)
    click.echo(planted_faults.printed(outcome))
    found = planted_faults.faults(outcome)
    for fault in found:
        click.echo(fault, err=True)
    if found:
        sys.exit(1)


def _jobs(worlds: list[World], wanted: tuple[str, ...], learners: int, seed: int) -> list[Job]:
    if wanted:
        return jobs_for(worlds, wanted, learners, seed)
    usual = [name for name in (*POLICIES, BOUND) if name not in EXTRA]
    return [
        job
        for at, world in enumerate(worlds)
        for job in jobs_for([world], usual if at else [*usual, *EXTRA], learners, seed)
    ]


def _loaded(file: Path) -> Results:
    try:
        return load(file)
    except ValueError as error:
        raise click.ClickException(f"{file} holds no results of a simulation: {error}") from error


def _put(results: Results, job: Job, outcome: Outcome | None) -> None:
    world = results.worlds.setdefault(job.world.name, WorldRun())
    results.worlds = {name: results.worlds[name] for name in WORLDS if name in results.worlds}
    if job.policy == BOUND:
        world.bound = outcome.percent if outcome else []
    elif outcome is not None:
        world.policies[job.policy] = outcome


def _shown(
    jobs: list[Job], outcomes: Iterator[tuple[Job, Outcome | None]]
) -> Iterator[tuple[Job, Outcome | None]]:
    """The same, with a bar on the terminal from a second on."""
    began, shown = time.monotonic(), 0
    with ExitStack() as stack:
        bar = None
        for count, outcome in enumerate(outcomes, 1):
            if bar is None and sys.stderr.isatty() and time.monotonic() - began > SILENT_SECONDS:
                bar = stack.enter_context(
                    click.progressbar(length=len(jobs), label="Practising", file=sys.stderr)
                )
            if bar is not None:
                bar.update(count - shown)
                shown = count
            yield outcome


if __name__ == "__main__":
    simulate(prog_name="scripts/simulate/run")
