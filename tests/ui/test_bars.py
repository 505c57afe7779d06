"""Drawn numbers are as long and as high as the numbers they stand beside."""

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.ui.bars import bar, draws_blocks, trend

parts = st.floats(0, 1)


@given(parts, parts, st.integers(1, 60), st.booleans())
def test_a_longer_bar_is_of_more_and_none_leaves_its_width(
    one: float, other: float, width: int, blocks: bool
) -> None:
    """With and without blocks; a mark lies in the bar's width."""
    shorter, longer = (len(bar(part, width, blocks=blocks)) for part in sorted((one, other)))
    assert shorter <= longer <= width
    assert len(bar(one, width, blocks=blocks, mark=other)) <= width
    assert bar(one, width, blocks=blocks, mark=other).count("│" if blocks else "|") == 1


def test_bars_as_they_look() -> None:
    """A quarter, an eighth of a sign, and a mark before and behind the end."""
    assert bar(0.25, 8, blocks=False) == "##"
    assert bar(0.0, 8, blocks=True) == ""
    assert bar(17 / 64, 8, blocks=True) == "██▏"
    assert bar(0.25, 8, blocks=False, mark=0.5) == "##  |"
    assert bar(0.5, 8, blocks=False, mark=0.25) == "##|#"
    assert bar(1.0, 8, blocks=False, mark=1.0) == "#######|"
    assert bar(2.0, 4, blocks=False) == "####"


def test_a_trend_has_one_sign_for_each_week() -> None:
    """Digits stand for tens, and a week without answers is told from one without a right one."""
    assert trend([None, 0.0, 0.29, 0.6, 1.0], blocks=False) == "-0269"
    assert trend([None, 0.0, 0.5, 1.0], blocks=True) == "·▁▅█"


class Out(io.StringIO):
    """A standard output of some encoding."""

    def __init__(self, encoding: str, *, terminal: bool) -> None:
        super().__init__()
        self._name, self._terminal = encoding, terminal

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._name

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("out", "term", "drawn"),
    [
        (lambda: Out("utf-8", terminal=True), "xterm", True),
        (lambda: Out("ascii", terminal=True), "xterm", False),
        (lambda: Out("latin-1", terminal=True), "xterm", False),
        (lambda: Out("utf-8", terminal=False), "xterm", False),
        (lambda: Out("utf-8", terminal=True), "dumb", False),
        (lambda: None, "xterm", False),
    ],
)
def test_blocks_are_drawn_only_where_they_can_be_shown(
    out: Callable[[], Out | None], term: str, drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal that knows the characters; a pipe, a dumb terminal and a closed output get plain signs."""
    monkeypatch.setattr("sys.stdout", out())
    monkeypatch.setenv("TERM", term)
    assert draws_blocks() is drawn
