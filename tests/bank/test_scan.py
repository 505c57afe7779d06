"""A folder is read once, and afterwards only where it changed."""

import os
from pathlib import Path

import pytest

from qbank.bank.markdown import SIZE_LIMIT
from qbank.bank.scan import scan
from qbank.errors import NotFound

TEXT = """\
+++
id = "{id}"
objective = "One thing"
+++

# {id}-question

Which?

- [ ] One
- [x] Two
"""


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """A bank of three files, one in a folder of its own."""
    root = tmp_path / "bank"
    for name in ("b.md", "a.md", "heart/c.md"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT.format(id=path.stem))
    (root / "README.md").write_text("not a question")
    (root / ".hidden.md").write_text("not a question")
    (root / "notes.txt").write_text("not a question")
    return root


def test_a_first_scan_reads_every_bank_file(bank: Path) -> None:
    """Markdown files in all folders, but no README, hidden or other file."""
    found = scan(bank, "own", {})
    assert [file.path for file in found.changed] == ["a.md", "b.md", "heart/c.md"]
    assert sorted(found.marks) == ["a.md", "b.md", "heart/c.md"]
    assert (found.unchanged, found.removed, found.faults) == ((), (), ())


def test_an_unchanged_bank_is_not_read_again(bank: Path) -> None:
    """Size and time of change as before: the file is not even opened."""
    marks = scan(bank, "own", {}).marks
    path = bank / "a.md"
    before = path.stat()
    path.write_bytes(b"\xff" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    again = scan(bank, "own", marks)
    assert again.changed == ()
    assert again.unchanged == ("a.md", "b.md", "heart/c.md")
    assert (again.marks, again.faults) == (marks, ())
    assert scan(bank, "own", {}).faults[0].file == "a.md"


def test_a_touched_file_with_the_same_content_is_unchanged(bank: Path) -> None:
    """The content decides when the time of change differs; the new time is kept."""
    marks = scan(bank, "own", {}).marks
    os.utime(bank / "a.md", ns=(1, 1))
    again = scan(bank, "own", marks)
    assert again.changed == ()
    assert again.marks["a.md"] == (marks["a.md"].size, 1, marks["a.md"].hash)


def test_changes_additions_and_removals_are_told_apart(bank: Path) -> None:
    """A changed or new file is read, a file that is gone is named."""
    marks = scan(bank, "own", {}).marks
    (bank / "a.md").write_text(TEXT.format(id="a").replace("One thing", "Another"))
    (bank / "d.md").write_text(TEXT.format(id="d"))
    (bank / "heart" / "c.md").unlink()
    again = scan(bank, "own", marks)
    assert [file.path for file in again.changed] == ["a.md", "d.md"]
    assert (again.unchanged, again.removed) == (("b.md",), ("heart/c.md",))
    assert again.marks["a.md"].hash != marks["a.md"].hash


def test_a_file_with_faults_is_read_again_next_time(bank: Path) -> None:
    """All faults of all files come back at once; a broken file gets no mark and does not count as removed."""
    (bank / "a.md").write_text("+++\n+++\n")
    (bank / "b.md").write_bytes(b"\xff")
    found = scan(bank, "own", {"a.md": (1, 1, "old")})
    assert [file.path for file in found.changed] == ["heart/c.md"]
    assert {fault.file for fault in found.faults} == {"a.md", "b.md"}
    assert len(found.faults) == 3
    assert found.removed == ()
    assert list(found.marks) == ["heart/c.md"]


def test_links_out_of_the_folder_are_refused(bank: Path, tmp_path: Path) -> None:
    """A link may lead to a file of the bank, and nowhere else."""
    (tmp_path / "secret.md").write_text(TEXT.format(id="secret"))
    (bank / "in.md").symlink_to(bank / "a.md")
    (bank / "out.md").symlink_to(tmp_path / "secret.md")
    (bank / "gone.md").symlink_to(tmp_path / "nothing.md")
    (bank / "loop.md").symlink_to(bank / "loop.md")
    (bank / "folder").symlink_to(tmp_path)
    (bank / "inside").symlink_to(bank / "heart")
    found = scan(bank, "own", {})
    assert [file.path for file in found.changed] == ["a.md", "b.md", "in.md", "heart/c.md"]
    assert {fault.file for fault in found.faults} == {"out.md", "gone.md", "loop.md", "folder", "inside"}


def test_what_cannot_be_read_is_a_fault(bank: Path) -> None:
    """A pipe, a folder named like a file, a file too large and a name with an escape do no harm."""
    os.mkfifo(bank / "pipe.md")
    (bank / "deep.md").mkdir()
    (bank / "huge.md").write_bytes(b" " * (SIZE_LIMIT + 1))
    (bank / "e\x1b[31m.md").write_text(TEXT.format(id="e"))
    found = scan(bank, "own", {})
    assert len(found.changed) == 3
    assert sorted(fault.file for fault in found.faults) == ["e<U+001B>[31m.md", "huge.md", "pipe.md"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_file_is_a_fault(bank: Path) -> None:
    """A file without permission is named, and the others are read."""
    (bank / "a.md").chmod(0)
    (bank / "heart").chmod(0)
    found = scan(bank, "own", {})
    (bank / "heart").chmod(0o700)
    assert {fault.file for fault in found.faults} == {"a.md", "heart"}


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A missing folder is the user's to mend, not an empty bank that retires every question."""
    with pytest.raises(NotFound, match="nowhere"):
        scan(tmp_path / "nowhere", "own", {})
