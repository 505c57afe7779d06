"""The command of scripts/fuzz/run."""

import os
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

import click

from fuzz.findings import Findings
from fuzz.rounds import Round, rounds
from fuzz.seeds import Seed, seeds
from fuzz.targets import targets
from fuzz.trial import Input, Worker, allowance

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "conformance"
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
SAID_EVERY = 30.0  # seconds


@click.command()
@click.option(
    "--seconds", default=60.0, show_default=True, type=click.FloatRange(1), help="How long to go on."
)
@click.option("--format", "wanted", metavar="NAME", help="Only this importer; without it, every one.")
@click.option(
    "--seed", default=None, type=click.IntRange(0), help="Make the same files again.  [default: a new one]"
)
@click.option(
    "--corpus", type=FOLDER, help="Real files to begin from too.  [default: ../shared/conformance, if there]"
)
@click.option("--processes", default=os.cpu_count() or 1, show_default="one a core", type=click.IntRange(1))
@click.option(
    "--findings", default=ROOT / "build" / "fuzz", show_default=True, type=click.Path(path_type=Path)
)
@click.option(
    "--replay", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Try this one file."
)
def fuzz(
    seconds: float,
    wanted: str | None,
    seed: int | None,
    corpus: Path | None,
    processes: int,
    findings: Path,
    replay: Path | None,
) -> None:
    """Give every importer damaged files, and keep each one that ends in anything but questions or a plain refusal.

    A finding is an exception that is no QbankError, a bank that may not be, more than 2 seconds of the processor (for
    each MiB, if the file has or unpacks to more than one), or more than 512 MiB of memory. Each is kept as a file
    under --findings and told with the command that tries it again. Ends with 1 when there is one.
    """
    known = targets()
    if wanted is not None and wanted not in known:
        raise click.BadParameter(f"There is no importer {wanted!r}. There are: {', '.join(known)}.")
    chosen = {name: known[name] for name in known if wanted in (None, name)}
    if replay is not None:
        sys.exit(_replayed(replay, Worker(chosen), list(chosen)))
    seed = Random().randrange(10**6) if seed is None else seed
    corpus = corpus or (CORPUS if CORPUS.is_dir() else None)
    begun = time.monotonic()
    kept = Findings(findings)
    counts: Counter[str] = Counter()
    said = begun
    files = seeds(corpus)
    click.echo(
        f"Seed {seed}, {len(files)} files to begin from, {len(chosen)} importers, {processes} processes."
    )
    for one in rounds(chosen, files, seed, seconds, processes):
        counts[_what(one)] += 1
        if one.outcome.kind and (path := kept.keep(one.given, one.outcome)):
            click.echo(f"{one.outcome.kind}: {one.outcome.words}\n  scripts/fuzz/run --replay {path}")
        if time.monotonic() - said > SAID_EVERY:
            said = time.monotonic()
            click.echo(_line(counts, said - begun))
    click.echo(_line(counts, time.monotonic() - begun))
    click.echo(f"{len(kept)} findings." if len(kept) else "Nothing was found.")
    sys.exit(1 if len(kept) else 0)


def _what(one: Round) -> str:
    return one.outcome.kind or one.outcome.words.partition(" ")[0].rstrip(":")


def _line(counts: Counter[str], seconds: float) -> str:
    parts = ", ".join(f"{count:,} {what}" for what, count in counts.most_common())
    return f"{counts.total():,} files in {seconds:.0f} s: {parts}."


def _replayed(path: Path, worker: Worker, names: list[str]) -> int:
    """Each importer's outcome of one file. 1 when one of them is a finding."""
    seed = Seed(path.name, path.read_bytes())
    found = 0
    for name in names:
        worker.begin(Input(name, seed.name, seed.content, allowance(seed.content)))
        outcome = worker.wait()
        found |= bool(outcome.kind)
        click.echo(f"{name}: {outcome.kind or 'well'}: {outcome.words} ({outcome.seconds:.2f} s)")
        if outcome.detail:
            click.echo(outcome.detail)
    worker.stop()
    return found


if __name__ == "__main__":
    fuzz()
