"""What is typed: numbers that are none, text that is none, paths that are none; each ends in one sentence."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from support import Qbank

from qbank.app.workspace import Workspace
from qbank.cli.numbers import FiniteRange

PROGRAM = [sys.executable, "-c", "from qbank.cli.main import main; main()"]


@pytest.mark.parametrize("text", ["nan", "-nan", "NaN", "inf", "-inf", "1e999"])
@pytest.mark.parametrize("bounds", [(0, 10), (None, None), (1, None)])
def test_only_finite_numbers_are_in_a_range(text: str, bounds: tuple[float | None, float | None]) -> None:
    """NaN compares false with every bound, so a range alone would let it in."""
    with pytest.raises(click.BadParameter):
        FiniteRange(*bounds).convert(text, None, None)


def test_a_number_in_the_range_is_kept() -> None:
    """Finite numbers are what they were, bounds included."""
    assert [FiniteRange(0, 10).convert(text, None, None) for text in ("0", "2.5", "1e1")] == [0, 2.5, 10]


@pytest.mark.parametrize("minutes", ["nan", "inf"])
def test_outside_practice_takes_a_time(qbank: Qbank, minutes: str) -> None:
    """Minutes that are no number are a usage error, and nothing is recorded."""
    done = qbank("outside", "--source", "x", "--right", "1", "--of", "2", "--minutes", minutes)
    assert done.code == 2
    assert "--minutes" in done.err


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("\udcff", "is not UTF-8 text"),
        ("a\x1b[31m", "U+001B"),
        ("a\u202eb", "U+202E"),
        ("\ud800", "U+D800"),
        ("a\x9bb", "U+009B"),
    ],
)
@pytest.mark.parametrize(
    "before",
    [
        ("outside", "--right", "1", "--of", "2", "--source"),
        ("--learner",),
        ("bank", "list", "--bank"),
        ("bank", "show"),
        ("bank", "search"),
        ("why",),
        ("miss",),
        (),
    ],
)
def test_no_argument_holds_what_a_person_cannot_see(
    qbank: Qbank, home: Path, before: tuple[str, ...], argument: str, said: str
) -> None:
    """It is refused by its number before anything is opened or written, and is not shown as it is."""
    done = qbank(*before, argument)
    assert done.code == 2
    # --home and its folder come before what is tested.
    assert done.err.startswith(f"qbank: Argument {len(before) + 3} ")
    assert said in done.err
    assert argument not in done.err
    assert not home.exists()


def test_bytes_that_are_no_text_are_refused_by_the_program(home: Path) -> None:
    """As the system hands them over, in a process of its own."""
    environment = {**os.environ, "QBANK_HOME": str(home)}
    done = subprocess.run([*PROGRAM, b"bank", b"search", b"\xff"], env=environment, capture_output=True)
    assert done.returncode == 2
    assert done.stderr == b"qbank: Argument 3 is not UTF-8 text. Type it again.\n"


def test_a_store_of_nobody_is_a_usage_error(qbank: Qbank) -> None:
    """A home folder of a user who does not exist cannot be looked up."""
    done = qbank("--db", "~nosuchuser-at-all/x", "status")
    assert done.code == 2
    assert "~nosuchuser-at-all/x" in done.err


@pytest.mark.parametrize("arguments", [("--home", "here", "status"), ("--db", "here", "status")])
def test_a_folder_that_is_gone_is_said(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """A relative path means nothing in a folder that was deleted."""
    gone = tmp_path / "gone"
    gone.mkdir()
    environment = {**os.environ, "QBANK_HOME": str(tmp_path / "home")}
    code = f"import os; os.rmdir({str(gone)!r}); from qbank.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, *arguments],
        cwd=gone,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (1, 5), done.stderr
    assert "folder that you are in is no longer there" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            PermissionError(errno.EACCES, "Permission denied", "/there"),
            "/there cannot be used: Permission denied.",
        ),
        (OSError(errno.EMFILE, "Too many open files"), "The system refused: Too many open files."),
    ],
)
def test_what_the_system_refuses_is_one_sentence(
    started: Qbank, monkeypatch: pytest.MonkeyPatch, error: OSError, said: str
) -> None:
    """Whatever no use case foresaw still ends without a traceback."""

    def refused(*_: Any, **__: Any) -> Workspace:  # noqa: ANN401
        raise error

    monkeypatch.setattr("qbank.cli.context.open_workspace", refused)
    done = started("status")
    assert done.code == 1
    assert said in done.err
    assert done.err.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_an_output_that_is_full_is_one_sentence() -> None:
    """Python does not complain once more at its end."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*PROGRAM, "--help"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("qbank: ")
    assert done.stderr.count("\n") == 1


def test_a_word_where_a_number_goes_is_told_so_plainly(qbank: Qbank) -> None:
    """No "float range" for somebody who is tired."""
    assert "'abc' is not a valid number." in qbank("review", "--minutes", "abc").err
