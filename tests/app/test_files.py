"""What the learner names is read whole or refused in a sentence, whatever it is: no file can fill the memory."""

import os
import threading
import time
from pathlib import Path

import pytest

from qbank.app.files import READ_LIMIT, read_bytes
from qbank.errors import NotFound, QbankError
from qbank.exchange import mcq_rows, plain_text, xml_reading

NOBODY = 65_534


def test_a_file_up_to_the_limit_is_read_and_one_byte_more_is_refused(tmp_path: Path) -> None:
    """The limit itself is allowed."""
    path = tmp_path / "f.csv"
    path.write_bytes(b"12345")
    assert read_bytes(path, limit=5) == b"12345"
    with pytest.raises(QbankError, match="is larger than"):
        read_bytes(path, limit=4)


def test_a_file_of_a_gigabyte_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    """It has no line end and takes no place on the disk; reading it would take a second and a gigabyte."""
    path = tmp_path / "line.gift"
    with path.open("wb") as file:
        file.truncate(1024**3)
    begun = time.monotonic()
    with pytest.raises(QbankError, match=r"line\.gift is larger than 256 MiB\. Split it"):
        read_bytes(path)
    assert time.monotonic() - begun < 0.5


def test_a_device_without_end_is_read_to_the_limit_only() -> None:
    """Its size is given as 0."""
    with pytest.raises(QbankError, match="/dev/zero is larger than 1 MiB"):
        read_bytes(Path("/dev/zero"), limit=1024**2)
    assert read_bytes(Path("/dev/null")) == b""


def test_a_pipe_is_read_to_its_end_or_to_the_limit(tmp_path: Path) -> None:
    """As in `qbank bank import <(unpack questions)`: the writer of one that is too long does not keep us waiting."""
    for written, limit in ((b"abc" * 100_000, 300_000), (b"abc" * 100_000, 299_999)):
        path = tmp_path / f"pipe-{limit}"
        os.mkfifo(path)
        writer = threading.Thread(target=_write, args=(path, written))
        writer.start()
        if limit < len(written):
            with pytest.raises(QbankError, match="is larger than"):
                read_bytes(path, limit)
        else:
            assert read_bytes(path, limit) == written
        writer.join(timeout=10)
        assert not writer.is_alive()


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except BrokenPipeError:
        return


def test_what_is_no_file_is_told_as_what_it_is(tmp_path: Path) -> None:
    """A folder, nothing at all, and a link that goes round in a circle."""
    (tmp_path / "round").symlink_to(tmp_path / "round")
    with pytest.raises(QbankError, match="is a folder"):
        read_bytes(tmp_path)
    with pytest.raises(NotFound, match="Check the path"):
        read_bytes(tmp_path / "none")
    with pytest.raises(QbankError, match="cannot be read"):
        read_bytes(tmp_path / "round")


def test_a_file_without_permission_is_told_so(tmp_path: Path) -> None:
    """With the mend. Root may read everything, so for a moment this process is nobody."""
    path = tmp_path / "f.csv"
    path.touch(mode=0)
    user = os.geteuid()
    try:
        if user == 0:
            os.seteuid(NOBODY)
        with pytest.raises(QbankError, match=r"Permission denied\. Check the path and its permissions"):
            read_bytes(path)
    finally:
        os.seteuid(user)


def test_no_importer_takes_more_than_is_read() -> None:
    """Else its own limit, which names the better mend, could never be met."""
    limits = (mcq_rows.SIZE_LIMIT, plain_text.SIZE_LIMIT, xml_reading.SIZE_LIMIT)
    assert max(limits) <= READ_LIMIT
