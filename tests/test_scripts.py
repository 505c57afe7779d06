"""A stranger's first command says in one sentence what is missing."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the set-up needs, without an environment."""
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "LICENSE-QUESTIONS"):
        shutil.copy(ROOT / name, folder)
    return folder


def tried(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`scripts/run --version` under this environment."""
    return subprocess.run(
        [str(checkout / "scripts" / "run"), "--version"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def stand_in(folder: Path, refused: str) -> str:
    """A folder with Pythons under every name that is looked for, which fail where their code has `refused` in it."""
    folder.mkdir()
    for name in ("python3", *(f"python3.{minor}" for minor in range(11, 15))):
        program = folder / name
        program.write_text(
            f'#!/bin/sh\ncase "$2" in *"{refused}"*) exit 1;; esac\nexec "{sys.executable}" "$@"\n',
            encoding="utf-8",
        )
        program.chmod(0o755)
    return f"{folder}:/usr/bin:/bin"


def test_an_old_python_is_told_in_a_sentence(checkout: Path, tmp_path: Path) -> None:
    """No Python that is new enough."""
    done = tried(checkout, PATH=stand_in(tmp_path / "old", "version_info"), PYTHON="")
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr


def test_a_missing_venv_module_is_told_in_a_sentence(checkout: Path, tmp_path: Path) -> None:
    """As on a bare Debian."""
    done = tried(checkout, PATH=stand_in(tmp_path / "bare", "ensurepip"), PYTHON="")
    assert done.returncode == 1
    assert "no venv module" in done.stderr
    assert "python3-venv" in done.stderr


def test_no_network_is_told_in_a_sentence(checkout: Path) -> None:
    """Nothing answers where the packages should come from; the next try begins where this one ended."""
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_EXTRA_INDEX_URL": ""}
    for _ in range(2):
        done = tried(checkout, PYTHON=sys.executable, PIP_NO_CACHE_DIR="1", PIP_FIND_LINKS="", **nowhere)
        assert done.returncode == 1
        assert "Check your network" in done.stderr
        assert "Traceback" not in done.stderr


def test_the_bench_names_its_parts() -> None:
    """All of them, in the order in which they are measured, and no other."""
    folder = ROOT / "scripts" / "bench"
    measured = re.findall(
        r"^@bench\.command\(.*\)\n(?:@.*\n)*def (\w+?)_?\(", (folder / "measure.py").read_text(), re.MULTILINE
    )
    usage = re.search(r"^# .*scripts/bench/run \[(.*)\]", (folder / "run").read_text(), re.MULTILINE)
    assert usage is not None
    assert usage[1].split("|") == measured
