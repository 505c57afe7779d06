"""`qbank bank flagged`: what was flagged in a block is listed with where it is, and comes back when it is cleared."""

import re
from pathlib import Path

from support import Qbank


def test_flags_are_listed_and_taken_back(started: Qbank) -> None:
    """The note, the day and the file and line of the heading; then the flag is gone, and a second try says so."""
    assert "You have flagged no question." in started("bank", "flagged").out
    started("block", "--size", "1", "--mode", "tutor", stdin="f two keys\nA\n")
    listed = started("bank", "flagged")
    question = re.match(r"starter/(\S+), flagged on ", listed.out)
    assert question is not None
    assert "    two keys\n" in listed.out
    place = re.search(r"^    (/.*\.md):(\d+)$", listed.out, re.MULTILINE)
    assert place is not None
    heading = Path(place[1]).read_text(encoding="utf-8").splitlines()[int(place[2]) - 1]
    assert heading == f"# {question[1]}"
    cleared = started("bank", "flagged", "--clear", question[1][:6])
    assert f"starter/{question[1]} is no longer flagged" in cleared.out
    assert "You have flagged no question." in started("bank", "flagged").out
    again = started("bank", "flagged", "--clear", question[1])
    assert again.code == 4
    assert "qbank bank flagged" in again.err
