"""A bar shows only for what takes a while, and only to somebody."""

import io
import sys
import time

import pytest

from qbank.ui.progress import PATIENCE_S, counting


class Screen(io.StringIO):
    """Standard error, on a terminal or not."""

    def __init__(self, *, looked_at: bool = True) -> None:
        super().__init__()
        self._looked_at = looked_at

    def isatty(self) -> bool:
        return self._looked_at


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the clock shows; a test moves it."""
    shown = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: shown[0])
    return shown


def test_what_is_soon_over_shows_nothing(monkeypatch: pytest.MonkeyPatch, seconds: list[float]) -> None:
    """Under a second not a byte is written."""
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    with counting("Replaying", 100) as on_progress:
        assert on_progress is not None
        seconds[0] += PATIENCE_S / 2
        on_progress(50)
    assert screen.getvalue() == ""


def test_from_a_second_on_there_is_a_bar_that_goes_away(
    monkeypatch: pytest.MonkeyPatch, seconds: list[float]
) -> None:
    """Half of it at half of the total, all of it at the end, and then a clean line."""
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    with counting("Replaying", 200) as on_progress:
        assert on_progress is not None
        seconds[0] += PATIENCE_S
        on_progress(100)
        assert screen.getvalue() == f"\rReplaying: [{'#' * 12}{'-' * 12}] 50%"
        on_progress(100)
    assert screen.getvalue().endswith(f"\rReplaying: [{'#' * 24}] 100%\r\x1b[K")


def test_without_a_total_it_counts(monkeypatch: pytest.MonkeyPatch, seconds: list[float]) -> None:
    """How many are done so far."""
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    with counting("Replaying") as on_progress:
        assert on_progress is not None
        seconds[0] += PATIENCE_S
        on_progress(500)
        on_progress(20)
        assert screen.getvalue().endswith("\rReplaying: 520")


def test_where_nobody_looks_nothing_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a pipe there is no function to call."""
    monkeypatch.setattr(sys, "stderr", Screen(looked_at=False))
    with counting("Replaying", 10) as on_progress:
        assert on_progress is None
