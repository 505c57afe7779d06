"""The pictures in docs/ are what the app shows, and a reader's browser fetches nothing for them."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PICTURES = ("block-timed", "block-wide", "tutor", "look")
LARGEST_BYTES = 60_000
SVG_NAMESPACE = "http://www.w3.org/2000/svg"


def checked(folder: Path) -> subprocess.CompletedProcess[str]:
    """What `scripts/captures/run --check` says, without its set-up of an environment."""
    script = ROOT / "scripts" / "captures" / "captures.py"
    arguments = [sys.executable, str(script), "--check", str(folder)]
    return subprocess.run(arguments, capture_output=True, text=True, check=False, cwd=ROOT)


def test_the_pictures_are_what_the_app_shows() -> None:
    """Each committed picture, drawn anew from the real app, is the same."""
    done = checked(DOCS)
    assert done.returncode == 0, done.stderr


def test_a_stale_picture_is_named_with_what_mends_it(tmp_path: Path) -> None:
    """One is not what the app shows and one is gone; the others are not complained of, and none is touched."""
    for name in PICTURES:
        shutil.copy(DOCS / f"{name}.svg", tmp_path)
    old = tmp_path / "tutor.svg"
    old.write_text(old.read_text(encoding="utf-8").replace("Remember", "Recall"), encoding="utf-8")
    (tmp_path / "look.svg").unlink()
    kept = old.read_bytes()
    done = checked(tmp_path)
    assert done.returncode == 1
    assert "tutor.svg, look.svg" in done.stderr
    assert "scripts/captures/run" in done.stderr
    assert "block-timed" not in done.stderr
    assert old.read_bytes() == kept
    assert not (tmp_path / "look.svg").exists()


def test_a_picture_is_light_and_fetches_nothing() -> None:
    """No other host is named, no font is loaded, and a slow line carries it."""
    for name in PICTURES:
        text = (DOCS / f"{name}.svg").read_text(encoding="utf-8")
        assert len(text.encode()) < LARGEST_BYTES
        rest = text.replace(SVG_NAMESPACE, "")
        assert not [word for word in ("//", "@font-face", "href", "url(", "<script") if word in rest]
