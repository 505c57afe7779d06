"""Text files are held to limits, so that no file takes a computer's memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.errors import InputInvalid
from qbank.exchange import plain_text
from qbank.exchange.gift import read
from qbank.exchange.gift_syntax import LENGTH_LIMIT
from qbank.exchange.mcq_rows import FaultLog


def test_a_file_over_the_limit_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the way out."""
    monkeypatch.setattr(plain_text, "SIZE_LIMIT", 1024**2)
    assert plain_text.decoded(b"a" * 1024**2, FaultLog("f")) == "a" * 1024**2
    with pytest.raises(InputInvalid, match=r"f:1: The file is larger than 1 MiB\. Split it\."):
        plain_text.decoded(b"\xff" * (1024**2 + 1), FaultLog("f"))


def test_a_file_of_too_many_items_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when most of them would be left out."""
    monkeypatch.setattr(plain_text, "ITEM_LIMIT", 3)
    assert len(read(b"a\n\n" * 3, FaultLog("f")).skipped) == 3
    with pytest.raises(InputInvalid, match="more than 3 questions"):
        read(b"a\n\n" * 4, FaultLog("f"))


def test_an_item_without_end_is_left_out() -> None:
    """One brace that is not closed in a long file costs that item, not minutes."""
    found = read(b"One? {=a ~b}\n\n" + b"x {" * (LENGTH_LIMIT // 3 + 1) + b"\n\nTwo? {=a ~b}", FaultLog("f"))
    assert [draft.stem for draft in found.drafts] == ["One?", "Two?"]
    assert [skipped.line for skipped in found.skipped] == [3]


@given(st.text(st.sampled_from("ab\n")))
def test_lines_are_those_of_a_list(text: str) -> None:
    """The last one may be empty."""
    assert list(plain_text.lines(text)) == text.split("\n")
