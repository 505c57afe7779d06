"""The command as its user meets it: arguments and lines in, text and an exit code out."""

import io
from pathlib import Path

import pytest
from support import Qbank, Ran

from qbank.cli.main import run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own; nothing of the developer's settings reaches in."""
    for name in ("QBANK_HOME", "QBANK_DB", "QBANK_LEARNER", "QBANK_EXAM", "QBANK_SERVED"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


@pytest.fixture
def qbank(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Qbank:
    """Calls the command in this process: `qbank("block", "--size", "3", stdin="A\\nB\\nC\\n")`."""

    def call(*arguments: str, stdin: str = "") -> Ran:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        code = run(["--home", str(home), *arguments])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return call


@pytest.fixture
def started(qbank: Qbank) -> Qbank:
    """The command after an unattended first hour with the sample report."""
    done = qbank(
        *("start", "--yes", "--report", "sample", "--exam-date", "none", "--minutes", "60", "--no-block")
    )
    assert done.code == 0, done.err
    return qbank
