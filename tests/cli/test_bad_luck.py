"""Bad luck, for real: kills, full disks, folders that cannot be written, locks and clocks. Nothing is lost by any of it."""

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from terminals import PROGRAM, Terminal, plain_environment, ran, started_home

from qbank.app.composing import Request, compose_block
from qbank.app.doctor import examine
from qbank.app.practice import Practice
from qbank.app.workspace import Workspace, open_workspace
from qbank.core import block
from qbank.core.response import Mode
from qbank.errors import StoreUnreachable
from qbank.settings import load
from qbank.store.store import Transaction

KILLS = 200
SEED = 20_270_118


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Homes with an open block of four questions, one for each mode, to copy."""
    folder = tmp_path_factory.mktemp("template")
    for mode in Mode.TIMED, Mode.TUTOR:
        home = started_home(folder / mode)
        opened = open_workspace(load({"home": str(home)}, {}))
        compose_block(opened, Request(mode=mode, size=4, seed=3))
        opened.close()
    return folder


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """A home of the test's own with an open timed block."""
    return Path(shutil.copytree(template / "timed", tmp_path / "home"))


@pytest.fixture
def workspace(home: Path) -> Iterator[Workspace]:
    """That home, opened."""
    opened = open_workspace(load({"home": str(home)}, {}))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def killed(template: Path) -> Any:  # noqa: ANN401
    """What was found after each of many kills, and after going on behind it."""
    # A kill is no power cut: what was written stays, so memory serves as well as a disk and is quicker.
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as scratch:
        rounds = Path(__file__).parents[1] / "kill_rounds.py"
        done = subprocess.run(
            [sys.executable, rounds, template, scratch, str(KILLS), str(SEED)],
            capture_output=True,
            check=False,
            env=plain_environment(Path(scratch)),
        )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_kills_hit_every_part_of_a_block(killed: list[dict[str, Any]]) -> None:
    """The moments were spread: most kills found the block between its first step and its last."""
    assert len(killed) == KILLS
    within = [found for found in killed if found["was_open"] and found["acknowledged"]]
    assert len(within) > KILLS / 2
    assert len({len(found["acknowledged"]) for found in within}) > 6


def test_nothing_acknowledged_is_lost_by_a_kill(killed: list[dict[str, Any]]) -> None:
    """Every step that had returned is in the log, in its order, and at most one more that had not."""
    for found in killed:
        kept = [{name: value for name, value in step.items() if name != "at_ms"} for step in found["kept"]]
        told = found["acknowledged"]
        assert kept[: len(told)] == told
        assert len(kept) <= len(told) + 1
        assert found["steps"][: len(kept)] == found["kept"]


def test_a_killed_block_is_finished_with_every_answer(killed: list[dict[str, Any]]) -> None:
    """Going on asks for what is missing only: one block, closed, all answered, the old answers as they were."""
    for found in killed:
        assert (found["code"], found["blocks"], found["state"]) == (0, 1, "closed")
        assert None not in found["choices"]
        for position, option in _answered(found).items():
            assert found["choices"][position] == option


def test_log_and_store_agree_after_every_kill(killed: list[dict[str, Any]]) -> None:
    """A replay of the log gives exactly the stored rows, and the file is sound."""
    for found in killed:
        assert found["same"] is True
        assert found["troubles"] == []


def test_no_time_is_lost_between_steps(killed: list[dict[str, Any]]) -> None:
    """The block's clock never goes back over a kill, nor leaps ahead while nothing runs."""
    for found in killed:
        times = [step["at_ms"] for step in found["steps"]]
        assert times == sorted(times)
        assert times[-1] < 5000


def _answered(found: dict[str, Any]) -> dict[int, str]:
    """Acknowledged answers by position."""
    position, answers = 0, {}
    for step in found["acknowledged"]:
        if step["kind"] == "show":
            position = step["position"]
        elif step["kind"] == "answer":
            answers[position] = step["option"]
    return answers


def doctored(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ran(home, "doctor", "--rebuild", "--json").stdout)
    return found


def sentence(stderr: str) -> str:
    """The one sentence of an error, without its mend."""
    assert stderr.startswith("qbank: ")
    assert stderr.count("\n") == 1
    assert "Traceback" not in stderr
    return stderr


def shown_last(stdout: str) -> int:
    """The number of the last question shown."""
    return int(stdout.rpartition("Question ")[2].partition(" of ")[0])


def test_a_file_that_may_not_grow_ends_with_5_and_loses_nothing(home: Path) -> None:
    """When writing fails in the middle of a block there is one sentence; with room again it goes on from there."""
    limit_bytes = 60_000
    cut = ran(
        home,
        *("block",),
        stdin="A\n-B\nm\nm\nm\nm\nm\nB\nC\n",
        code=5,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes)),
    )
    assert "disk is full" in sentence(cut.stderr)
    reached = shown_last(cut.stdout)
    on = ran(home, "block", stdin="A\nB\nC\nD\n")
    assert f"Question {reached} of 4" in on.stdout
    assert "of 4; about" in on.stdout
    assert doctored(home)["same"] is True


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB of the test's own."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def test_a_full_disk_ends_with_5_and_loses_nothing(template: Path, small_disk: Path) -> None:
    """On a disk without a free byte no step is half written, and once there is room the block goes on."""
    home = Path(shutil.copytree(template / "timed", small_disk / "home"))
    ran(home, "block", stdin="A\n")
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    cut = ran(home, "block", stdin="B\nC\nD\n", code=5)
    assert "full" in sentence(cut.stderr)
    filler.unlink()
    on = ran(home, "block", stdin="B\nC\nD\n")
    assert "of 4; about" in on.stdout
    assert doctored(home)["same"] is True


def test_a_full_disk_under_the_output_keeps_the_answers(home: Path) -> None:
    """Standard output that cannot be written ends in a sentence, not a traceback, and the block is left properly."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, "block"],
            input="A\n",
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=plain_environment(home),
            check=False,
        )
    assert done.returncode == 1
    assert "The output cannot be written" in sentence(done.stderr)
    assert "of 4; about" in ran(home, "block", stdin="A\nB\nC\nD\n").stdout


def test_a_reader_that_stops_listening_loses_nothing(home: Path) -> None:
    """`qbank block | head -1` ends quietly, and the next start goes on at once."""
    with subprocess.Popen(
        [*PROGRAM, "block"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=plain_environment(home),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b"A\nB\nC\n")
        process.stdin.close()
        said = process.stderr.read()
    assert said == b""
    assert "of 4; about" in ran(home, "block", stdin="A\nB\nC\nD\n").stdout
    assert doctored(home)["same"] is True


@pytest.mark.parametrize("what", ["folder", "file", "both"])
def test_what_may_not_be_written_ends_with_5(home: Path, what: str) -> None:
    """Without the right to write there is one sentence, and the store is as it was."""
    store = home / "qbank.sqlite3"
    before = store.read_bytes()
    store.chmod(0o600 if what == "folder" else 0o400)
    home.chmod(0o700 if what == "file" else 0o500)
    done = subprocess.run(
        [*_without_root_powers(), *PROGRAM, "block"],
        input="A\n",
        capture_output=True,
        encoding="utf-8",
        env=plain_environment(home),
        check=False,
    )
    home.chmod(0o700)
    assert done.returncode == 5, done.stderr
    assert "cannot be" in sentence(done.stderr)
    assert store.read_bytes() == before


def _without_root_powers() -> list[str]:
    """What to put before a command so that permissions hold for root too."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("permissions do not hold for root, and there is no setpriv")
    return [setpriv, "--inh-caps=-all", "--bounding-set=-all"]


def test_a_locked_store_ends_a_pipe_with_5(home: Path) -> None:
    """While another program holds the store a pipe is refused with one sentence, and nothing is written."""
    with _locked(home):
        done = ran(home, "block", stdin="A\n", code=5)
    assert "Another program is writing" in sentence(done.stderr)
    assert "of 4; about" in ran(home, "block", stdin="A\nB\nC\nD\n").stdout


def test_a_locked_store_keeps_a_terminal_at_its_question(home: Path) -> None:
    """At a terminal the answer is refused with the sentence, the question stays, and typed again the answer is taken."""
    with Terminal(home, ["block"]) as terminal:
        terminal.expect("[Y/n] ")
        terminal.expect("(? for help): ", after=terminal.type(""))
        with _locked(home):
            terminal.expect("Another program is writing", after=terminal.type("A"))
        terminal.expect("Question 2 of 4", after=terminal.type("A"))


class _locked:
    """Another program in the middle of writing to the store."""

    def __init__(self, home: Path) -> None:
        self._connection = sqlite3.connect(home / "qbank.sqlite3", isolation_level=None)

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def test_a_step_that_was_not_saved_did_not_happen(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A strike-out that failed to be written and is tried again strikes once, on screen, in the log and in the rows."""
    practice = Practice(workspace, _open_block(workspace))
    practice.do(block.Show, position=0)
    option = practice.item(0).option_order[0]
    append = Transaction.append

    def failing(tx: Transaction, event: Any) -> None:  # noqa: ANN401
        append(tx, event)
        monkeypatch.undo()
        practice._recorder._projector.apply(tx, event)
        raise StoreUnreachable("The disk is full.")

    monkeypatch.setattr(Transaction, "append", failing)
    with pytest.raises(StoreUnreachable):
        practice.do(block.Strike, option=option)
    assert practice.state.items[0].struck == frozenset()
    practice.do(block.Strike, option=option)
    practice.do(block.Submit)
    with workspace.store.read() as tx:
        assert tx.responses_of_block(practice.plan.id)[0].response.struck == (option,)
    assert examine(workspace, repair=True).same is True


def test_a_clock_set_back_loses_nothing(workspace: Workspace) -> None:
    """The log keeps the order in which things happened, a replay agrees, and doctor says what is wrong."""
    now = workspace.now()
    workspace.now = lambda: now + timedelta(days=2)
    first = Practice(workspace, _open_block(workspace))
    first.do(block.Show, position=0)
    first.do(block.Answer, option=first.item(0).option_order[0])
    workspace.now = lambda: now
    first.do(block.Show, position=1)
    first.do(block.Answer, option=first.item(1).option_order[1])
    first.do(block.Submit)
    with workspace.store.read() as tx:
        events = list(tx.events(workspace.learner.id))
        steps = [event.data["step"]["kind"] for event in tx.block_steps(first.plan.id)]
    assert [event.at for event in events] == sorted({event.at for event in events})
    assert steps[-5:] == ["show", "answer", "show", "answer", "submit"]
    examined = examine(workspace, repair=True)
    assert examined.same is True
    assert any(trouble.startswith("Your clock says") for trouble in examined.troubles)


def _open_block(workspace: Workspace) -> str:
    with workspace.store.read() as tx:
        row = tx.open_block(workspace.learner.id)
    assert row is not None
    return row.id
