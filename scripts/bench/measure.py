"""Speed as ratios against a baseline measured in the same run, because only ratios travel between machines."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parent))


@dataclass(frozen=True, slots=True)
class Ratio:
    """A measurement: medians in milliseconds, and the bound that their ratio should keep."""

    name: str
    measured_ms: float
    baseline: str
    baseline_ms: float
    bound: float

    def __str__(self) -> str:
        ratio = self.measured_ms / self.baseline_ms
        verdict = "within" if ratio <= self.bound else "OVER"
        return (
            f"{self.name}: {_ms(self.measured_ms)}, {ratio:.2f}x of {self.baseline} ({_ms(self.baseline_ms)}); "
            f"{verdict} {self.bound:g}x"
        )


def _ms(time_ms: float) -> str:
    return f"{time_ms:.1f} ms" if time_ms >= 1 else f"{time_ms:.3f} ms"


def medians(runs: int, *measured: Callable[[], float]) -> list[float]:
    """The median of each function's milliseconds, taken in turns so that the machine's mood is shared."""
    times: list[list[float]] = [[] for _ in measured]
    for _ in range(runs):
        for kept, function in zip(times, measured, strict=True):
            kept.append(function())
    return [statistics.median(kept) for kept in times]


def process_ms(arguments: Sequence[str], stdin: str = "") -> float:
    """How long a process takes from start to end."""
    began = time.perf_counter()
    subprocess.run(arguments, input=stdin, text=True, capture_output=True, check=False)
    return (time.perf_counter() - began) * 1000


@click.group(invoke_without_command=True)
@click.pass_context
def bench(ctx: click.Context) -> None:
    """Measure everything, or one part."""
    if ctx.invoked_subcommand is None:
        for command in (
            startup,
            compose,
            belief,
            plan,
            record,
            load,
            bank,
            import_,
            undo,
            replay,
            insight,
            screen,
        ):
            ctx.invoke(command)


@bench.command()
def startup() -> None:
    """The help text, and the way to a block's first question."""
    import startup_bench

    for ratio in startup_bench.measure():
        click.echo(ratio)


@bench.command()
def compose() -> None:
    """Composing 20 questions against the log's length and the bank's size."""
    import compose_bench

    for ratio in compose_bench.measure():
        click.echo(ratio)


@bench.command()
def belief() -> None:
    """One update of the belief, and the replay of it from all first answers."""
    import belief_bench

    for line in belief_bench.measure():
        click.echo(line)


@bench.command()
def plan() -> None:
    """The plan to the exam, alone and with three others beside it."""
    import plan_bench

    for ratio in plan_bench.measure():
        click.echo(ratio)


@bench.command()
def ready() -> None:
    """What measures a learner, found among 50,000 answers."""
    import ready_bench

    for ratio in ready_bench.measure():
        click.echo(ratio)


@bench.command()
def record() -> None:
    """Recording one answer."""
    import record_bench

    for ratio in record_bench.measure():
        click.echo(ratio)


@bench.command()
def load() -> None:
    """Loading 5,000 questions, fresh and again unchanged."""
    import load_bench

    for line in load_bench.measure():
        click.echo(line)


@bench.command()
def bank() -> None:
    """Checking and loading the bundled questions."""
    import bank_bench

    for line in bank_bench.measure():
        click.echo(line)


@bench.command("import")
def import_() -> None:
    """Importing 10,000 questions, alone and beside others, and the memory of 50,000."""
    import import_bench

    for line in import_bench.measure():
        click.echo(line)


@bench.command()
def undo() -> None:
    """Taking one answer back, and replaying the log, after 6,000 answers."""
    import undo_bench

    for line in undo_bench.measure():
        click.echo(line)


@bench.command()
@click.option("--answers", default=100_000, show_default=True, help="How many to replay.")
def replay(answers: int) -> None:
    """Working out every memory again from the answers; --answers 1000000 for the claim."""
    import replay_bench

    for line in replay_bench.measure(answers):
        click.echo(line)


@bench.command()
def insight() -> None:
    """What is read from the log of 50,000 answers, against status."""
    import insight_bench

    for ratio in insight_bench.measure():
        click.echo(ratio)


@bench.command()
def screen() -> None:
    """The full screen: its first question, a key's answer, and memory over a long sitting."""
    import screen_bench

    for line in screen_bench.measure():
        click.echo(line)


def temporary() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="qbank-bench-")


if __name__ == "__main__":
    bench()
