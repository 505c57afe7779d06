"""The breaks of an exam day add up to what the day gives."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.app.exams import load_exam
from qbank.core.exam_breaks import break_plan
from qbank.core.exam_parts import BlockFormat
from qbank.core.sourced import Source

SOURCE = Source("made up", "2026-11", "invented")


@given(st.integers(1, 20), st.integers(20, 90), st.integers(0, 120), st.integers(0, 20))
def test_breaks_use_up_their_time_and_lie_between_blocks(
    blocks: int, minutes: int, breaks: int, tutorial: int
) -> None:
    """Every minute is given out, none before a block or after the last, and no break overlaps a block."""
    block_format = BlockFormat("f", date(2026, 1, 1), blocks, minutes, 20, breaks, tutorial, SOURCE)
    pauses = break_plan(block_format)
    if pauses:
        assert sum(pause.minutes for pause in pauses) == breaks
    spent = tutorial
    for pause in pauses:
        assert 0 < pause.after_block < blocks
        assert pause.at == spent + pause.after_block * minutes
        assert pause.minutes >= 0
        spent += pause.minutes


@pytest.mark.parametrize(
    ("format_id", "gaps"), [("14x30", [2, 4, 6, 8, 10, 12]), ("7x60", [1, 2, 3, 4, 5, 6])]
)
def test_the_exams_own_day_has_a_break_each_hour_and_the_longest_in_the_middle(
    format_id: str, gaps: list[int]
) -> None:
    """Both formats of Step 1 come to the same rhythm."""
    pauses = break_plan(load_exam("usmle-step1").format(format_id))
    assert [pause.after_block for pause in pauses] == gaps
    longest = max(pauses, key=lambda pause: pause.minutes)
    assert longest.after_block == gaps[3]
    assert longest.minutes > 2 * pauses[0].minutes
