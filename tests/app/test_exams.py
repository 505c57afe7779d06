"""An exam's tables are kept in a form that is read sooner, and what was kept never outlives its file."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from qbank import settings
from qbank.app.exams import DEFAULT_EXAM, load_exam
from qbank.core.exam import Exam


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own with the exams in it."""
    folder = tmp_path / "data"
    shutil.copytree(settings.data_folder() / "exams", folder / "exams")
    monkeypatch.setattr(settings, "data_folder", lambda: folder)
    return folder


def loaded(kept_in: Path) -> Exam:
    """The exam as another run of the program would load it."""
    load_exam.cache_clear()
    return load_exam(DEFAULT_EXAM, kept_in)


def test_what_was_kept_is_the_same_exam(data: Path, tmp_path: Path) -> None:
    """The second load reads what the first one kept, and neither differs from the file."""
    plain = load_exam(DEFAULT_EXAM)
    assert loaded(tmp_path / "kept") == plain
    assert list((tmp_path / "kept").iterdir())
    assert loaded(tmp_path / "kept") == plain


def test_a_changed_exam_file_is_read_anew(data: Path, tmp_path: Path) -> None:
    """As after an upgrade."""
    old = loaded(tmp_path / "kept")
    file = data / "exams" / f"{DEFAULT_EXAM}.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace(f'"{old.name}"', '"Another name"', 1), encoding="utf-8"
    )
    assert loaded(tmp_path / "kept").name == "Another name"


def test_a_file_of_the_same_size_and_time_is_read_anew(data: Path, tmp_path: Path) -> None:
    """As an unpacked archive may leave it."""
    old = loaded(tmp_path / "kept")
    file = data / "exams" / f"{DEFAULT_EXAM}.toml"
    before = file.stat()
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(f'"{old.name}"', f'"{old.name[::-1]}"', 1), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert loaded(tmp_path / "kept").name == old.name[::-1]


@pytest.mark.parametrize(
    "damaged",
    [lambda _: b"", lambda _: b"\x90", lambda whole: whole[:-1], lambda whole: whole[:-1] + b"\xc1"],
)
def test_damage_to_what_was_kept_changes_nothing(
    data: Path, tmp_path: Path, damaged: Callable[[bytes], bytes]
) -> None:
    """Emptied, of another shape, cut short or changed in one byte: it is read from the file and kept again."""
    before = loaded(tmp_path / "kept")
    (kept,) = (tmp_path / "kept").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damaged(whole))
    assert loaded(tmp_path / "kept") == before
    assert kept.read_bytes() == whole


def test_a_home_that_takes_no_more_files_is_no_trouble(data: Path, tmp_path: Path) -> None:
    """Where the folder should be stands a file."""
    (tmp_path / "kept").write_text("in the way", encoding="utf-8")
    assert loaded(tmp_path / "kept") == load_exam(DEFAULT_EXAM)


def test_what_is_kept_is_private(data: Path, tmp_path: Path) -> None:
    """Only the learner reads it."""
    loaded(tmp_path / "kept")
    (kept,) = (tmp_path / "kept").iterdir()
    assert kept.stat().st_mode & 0o077 == 0
