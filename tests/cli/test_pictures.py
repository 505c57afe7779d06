"""Pictures from an import to a block, a backup and another computer."""

import shutil
from pathlib import Path

import pytest
from rasters import GIF, png
from support import Qbank

from qbank.core.pictures import kept_path

PNG = png()
GIFT = """
::q::[html]<p>Look\\: <img src\\="img/my%20strip.png" alt\\="A strip, lead II"></p><p>Which rhythm?</p>{
=<img src\\="a.gif" alt\\="Sinus">#Right: ![](img/my%20strip.png)
~Flutter <img src\\="../../etc/passwd">
}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A question file with its pictures beside it."""
    folder = tmp_path / "course"
    (folder / "img").mkdir(parents=True)
    (folder / "img" / "my strip.png").write_bytes(PNG)
    (folder / "a.gif").write_bytes(GIF)
    (folder / "q.gift").write_text(GIFT, encoding="utf-8")
    return folder / "q.gift"


def shown(qbank: Qbank, *options: str) -> str:
    """The imported question as `bank show` says it, without white space: a long path is broken at the edge."""
    name = next(
        line for line in qbank("bank", "list", "--bank", "course").out.split() if line.startswith("course/")
    )
    return "".join(qbank("bank", "show", name, *options).out.split())


def test_a_picture_is_told_by_its_words_and_its_file(started: Qbank, home: Path, file: Path) -> None:
    """In stem, options and explanations, by a path that leads to it; its words can be searched, its name need not."""
    done = started("bank", "import", str(file), "--bank", "course")
    assert done.code == 0, done.err
    assert "Pictures kept: 2." in done.out
    assert "the first ../../etc/passwd at line 2" in done.out
    told = shown(started, "--answer")
    strip, sinus = home / kept_path(PNG), home / kept_path(GIF)
    assert f"Look:[picture:Astrip,leadII-{strip}]" in told
    assert f"[picture:Sinus-{sinus}]" in told
    assert f"Right:[picture:{strip}]" in told
    assert "Flutter[picture:../../etc/passwd]" in told
    assert (strip.read_bytes(), sinus.read_bytes()) == (PNG, GIF)
    found = started("bank", "search", "strip")
    assert "picture: A strip" in found.out
    assert kept_path(PNG) not in found.out


def test_an_import_again_changes_nothing(started: Qbank, home: Path, file: Path) -> None:
    """Also when a picture was lost meanwhile: it comes back."""
    started("bank", "import", str(file), "--bank", "course")
    (home / kept_path(PNG)).unlink()
    missing = started("doctor")
    assert missing.code == 1
    assert f"missing from {home / 'pictures'}: 1, the first {Path(kept_path(PNG)).name}." in missing.out
    again = started("bank", "import", str(file), "--bank", "course")
    assert "0 new, 0 changed, 1 unchanged" in again.out
    assert started("doctor").code == 0


def test_another_picture_is_another_question(started: Qbank, file: Path) -> None:
    """What a learner sees has changed, and a question without an id is known by its texts."""
    started("bank", "import", str(file), "--bank", "course")
    (file.parent / "a.gif").write_bytes(GIF + b"\0")
    assert "1 new, 0 changed" in started("bank", "import", str(file), "--bank", "course").out


def test_a_refused_import_stores_no_question(started: Qbank, home: Path, file: Path) -> None:
    """Where pictures cannot be kept, nothing is half-imported."""
    (home / "pictures").write_text("in the way", encoding="utf-8")
    done = started("bank", "import", str(file), "--bank", "course")
    assert done.code != 0
    assert "cannot be written" in done.err
    assert "0 questions" in started("bank", "list", "--bank", "course").out


@pytest.mark.parametrize("inside", [True, False])
def test_a_backup_brings_pictures_back(
    started: Qbank, home: Path, file: Path, tmp_path: Path, inside: bool
) -> None:
    """From the backups folder, and from a copy elsewhere."""
    started("bank", "import", str(file), "--bank", "course")
    target = [] if inside else [str(tmp_path / "usb" / "copy.sqlite3")]
    assert started("backup", *target).code == 0
    shutil.rmtree(home / "pictures")
    assert started("restore", *target, "--yes").code == 0
    assert (home / kept_path(PNG)).read_bytes() == PNG
    assert started("doctor").code == 0


def test_an_export_puts_pictures_beside_it(started: Qbank, home: Path, file: Path, tmp_path: Path) -> None:
    """And says so; without pictures it says nothing of them."""
    record = tmp_path / "out" / "record.jsonl"
    record.parent.mkdir()
    assert "Pictures" not in started("export", str(record)).out
    started("bank", "import", str(file), "--bank", "course")
    assert (
        f"Pictures of questions are in {record.parent / 'qbank-pictures'}"
        in started("export", str(record), "--force").out
    )
    assert (record.parent / "qbank-pictures" / Path(kept_path(PNG)).name).read_bytes() == PNG


@pytest.mark.parametrize("kind", ["gift", "moodle-xml", "qti21", "qti3"])
def test_questions_go_out_with_their_pictures(
    started: Qbank, file: Path, tmp_path: Path, home: Path, kind: str
) -> None:
    """One file has everything, and on another computer gives the same pictures."""
    started("bank", "import", str(file), "--bank", "course")
    out = tmp_path / "elsewhere" / ("out.zip" if kind.startswith("qti") else "out.txt")
    out.parent.mkdir()
    assert started("bank", "export", str(out), "--format", kind, "--bank", "course").code == 0
    shutil.rmtree(home / "pictures")
    back = started("bank", "import", str(out), "--bank", "course")
    assert "0 new, 0 changed, 1 unchanged" in back.out
    assert (home / kept_path(PNG)).read_bytes() == PNG


def test_what_cannot_go_along_is_told(started: Qbank, file: Path, tmp_path: Path, home: Path) -> None:
    """A format without pictures, and a picture that is gone."""
    started("bank", "import", str(file), "--bank", "course")
    aiken = started("bank", "export", str(tmp_path / "a"), "--format", "aiken", "--bank", "course")
    assert "Pictures do not go along in this format: 1 question" in aiken.out
    (home / kept_path(GIF)).unlink()
    moodle = started("bank", "export", str(tmp_path / "m"), "--format", "moodle-xml", "--bank", "course")
    assert f"any more: 1, the first {kept_path(GIF)}" in moodle.out
