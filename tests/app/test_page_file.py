"""A page's file is private, may be made anew, and takes no other file's place."""

import os
import stat
from pathlib import Path

import pytest
from stories import nothing_yet, story

from qbank.app.page_file import write_page
from qbank.errors import QbankError, UsageError
from qbank.ui.page.page import Next, progress_page

PAGE = progress_page(
    nothing_yet(), "USMLE Step 1", booked=True, next_step=Next("qbank block", "It is worth most now.")
)


def test_page_is_its_owners_alone(tmp_path: Path) -> None:
    """Mode 0600, whole, as UTF-8, in a folder that is made where it is missing."""
    path = tmp_path / "new" / "progress.html"
    write_page(path, PAGE)
    assert path.read_text(encoding="utf-8") == PAGE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_page_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    """Without being asked to, whatever exam's it was."""
    path = tmp_path / "progress.html"
    write_page(
        path,
        progress_page(story(3, 2), "<An exam> & " * 50, booked=False, next_step=Next("", "Rest.")),
    )
    write_page(path, PAGE)
    assert path.read_text(encoding="utf-8") == PAGE


@pytest.mark.parametrize("content", [b"", b"<!DOCTYPE html><html><p>My thesis</p></html>", b"\xff\x00" * 300])
def test_another_file_is_left_as_it_was(tmp_path: Path, content: bytes) -> None:
    """The error says how to go on; with force its place is taken."""
    path = tmp_path / "thesis.html"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"left as it is\. Choose another name, or add --force"):
        write_page(path, PAGE)
    assert path.read_bytes() == content
    write_page(path, PAGE, force=True)
    assert path.read_text(encoding="utf-8") == PAGE


def test_a_page_that_only_speaks_of_qbank_is_not_ours(tmp_path: Path) -> None:
    """The mark counts where qbank puts it, not somewhere in a text."""
    path = tmp_path / "notes.html"
    path.write_text("x" * 500 + PAGE, encoding="utf-8")
    with pytest.raises(UsageError, match="no page of qbank's"):
        write_page(path, PAGE)


@pytest.mark.parametrize("force", [False, True])
def test_folders_and_devices_are_no_place_for_it(tmp_path: Path, force: bool) -> None:
    """Each gets a sentence that names the mend, with force too."""
    with pytest.raises(UsageError, match=r"is a folder. Name a file in it, like .*progress\.html"):
        write_page(tmp_path, PAGE, force=force)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UsageError, match=r"is no ordinary file. Name one that ends in \.html"):
        write_page(pipe, PAGE, force=force)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file stands where the folder would be."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(QbankError, match="cannot be written"):
        write_page(tmp_path / "file" / "progress.html", PAGE)
