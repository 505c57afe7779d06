"""The pictures in docs/ show the app as it is."""

import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from terminals import plain_environment

ROOT = Path(__file__).parents[1]
PICTURES = sorted((ROOT / "docs").glob("*.svg"))
MOST_BYTES = 60_000


def checked(folder: Path, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The check of the pictures in a folder."""
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "captures" / "captures.py"), "--check", str(folder)],
        env={**plain_environment(home), "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_pictures_are_what_the_app_shows(tmp_path: Path) -> None:
    """Whatever the terminal, the language and the time zone of whoever looks."""
    surroundings = {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "40", "LC_ALL": "C", "TZ": "Pacific/Auckland"}
    done = checked(ROOT / "docs", tmp_path, **surroundings)
    assert done.returncode == 0, done.stderr


def test_a_stale_picture_is_told_with_what_to_do(tmp_path: Path) -> None:
    """One word on the screen has changed since the picture was drawn."""
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    stale = tmp_path / "docs" / "tutor.svg"
    stale.write_text(stale.read_text(encoding="utf-8").replace("Cadherins", "Caterins"), encoding="utf-8")
    done = checked(tmp_path / "docs", tmp_path)
    assert done.returncode == 1
    assert "no longer looks like tutor.svg." in done.stderr
    assert "scripts/captures/run" in done.stderr


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_is_small_and_fetches_nothing(path: Path) -> None:
    """Nobody who reads the README tells a third server of it."""
    text = path.read_text(encoding="utf-8")
    assert len(text.encode()) < MOST_BYTES
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(text).iter()}
    assert tags <= {"svg", "title", "g", "rect", "text"}
    assert text.count("://") == 1
