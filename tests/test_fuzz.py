"""The fuzzing harness finds what it is for, when it is there, and makes the same files of the same seed."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from fuzz.findings import Findings
from fuzz.mutations import mutated
from fuzz.packed import unpacked_size
from fuzz.rounds import rounds
from fuzz.seeds import Seed, seeds
from fuzz.targets import REPORT, TOLD_BY_CONTENT, targets
from fuzz.trial import SECONDS, Input, Outcome, Worker, allowance

from qbank.exchange.foreign import FORMATS
from qbank.exchange.mcq_shapes import SHAPES

ROOT = Path(__file__).parents[1]
SMALL = 64 * 1024**2


def crashes(_name: str, content: bytes) -> str:
    return str(content[1])


def spins(_name: str, content: bytes) -> str:
    while content:
        pass
    return ""


def swells(_name: str, content: bytes) -> str:
    return str(len(content * (4 * SMALL // len(content))))


def dies(_name: str, content: bytes) -> str:
    import os

    os._exit(len(content))


def reads(_name: str, content: bytes) -> str:
    return f"read {len(content)}"


PLANTED = {"crashes": crashes, "spins": spins, "swells": swells, "dies": dies, "reads": reads}


@pytest.mark.parametrize(
    ("target", "kind", "words"),
    [
        ("crashes", "crash", "IndexError in test_fuzz.crashes"),
        ("spins", "hang", "no answer in time"),
        ("swells", "memory", "test_fuzz.swells"),
        ("dies", "crash", "the interpreter died (1)"),
        ("reads", "", "read 1"),
    ],
)
def test_each_kind_of_finding_is_told_and_the_worker_goes_on(target: str, kind: str, words: str) -> None:
    """An exception, no answer in time, too much memory, the end of the process; and nothing where there is nothing."""
    worker = Worker(PLANTED, SMALL)
    try:
        for _ in range(2):
            worker.begin(Input(target, "f", b"x", 0.3))
            outcome = worker.wait()
            assert (outcome.kind, outcome.words) == (kind, words)
        worker.begin(Input("reads", "f", b"xy", 0.3))
        assert worker.wait().words == "read 2"
    finally:
        worker.stop()


def test_rounds_find_what_only_a_damaged_file_meets() -> None:
    """Whole files end well; one that lost its beginning does not."""

    def wants(_name: str, content: bytes) -> str:
        if not content.startswith(b"{"):
            raise LookupError
        return "read"

    files = [Seed("f.json", b'{"a": [1, 2, 3], "b": "cdefgh"}')]
    kinds = {one.outcome.words for one in rounds({"wants": wants}, files, seed=1, seconds=2, processes=1)}
    assert kinds == {"read", "LookupError in test_fuzz.wants"}


def test_the_same_seed_makes_the_same_files() -> None:
    """Of every sample, by every mutation that it is open to."""
    whole = seeds()
    contents = [seed.content for seed in whole]
    for seed in whole:
        made = [mutated(seed.content, contents, Random(at)) for at in range(15)]
        assert made == [mutated(seed.content, contents, Random(at)) for at in range(15)]
        assert len(set(made)) > 8


def test_every_importer_is_a_target_and_has_a_sample_that_it_reads() -> None:
    """Formats that are added later are tried without being named; a sample that nobody reads would try little."""
    known = targets()
    assert set(known) == {TOLD_BY_CONTENT, REPORT, *FORMATS, *SHAPES}
    read = {name for name, target in known.items() for seed in seeds() if target(*seed).startswith("read")}
    assert {TOLD_BY_CONTENT, REPORT, "gift", "aiken", "moodle-xml", "qti", "table", "medqa", "mmlu"} <= read


def test_a_large_file_may_take_longer() -> None:
    """By what it has or unpacks to, but no bomb may by what it claims."""
    assert allowance(b"a" * 1000) == SECONDS
    assert allowance(bytes(3 * 1024**2)) == 3 * SECONDS
    assert unpacked_size(next(seed.content for seed in seeds() if seed.name == "package.zip")) > 3000


def test_of_findings_alike_the_shortest_file_is_kept(tmp_path: Path) -> None:
    """And tried again by its name alone."""
    kept = Findings(tmp_path)
    outcome = Outcome("crash", "LookupError in gift.read", "where")
    first = kept.keep(Input("gift", "a.gift", b"long"), outcome)
    assert first is not None
    assert kept.keep(Input("gift", "b.gift", b"longer"), outcome) is None
    shorter = kept.keep(Input("gift", "a.gift", b"s"), outcome)
    assert shorter == first
    assert first.read_bytes() == b"s"
    assert len(kept) == 1


def test_a_file_is_tried_again_by_the_command(tmp_path: Path) -> None:
    """In one importer or in all; the code tells whether something was found."""
    path = tmp_path / "one.gift"
    path.write_text("Which? {=a ~b}")
    ran = subprocess.run(
        [sys.executable, "-m", "fuzz", "--replay", str(path), "--format", "gift"],
        cwd=ROOT / "scripts",
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("gift: well: read 1")
