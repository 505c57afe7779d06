"""What an exam day's report says of an exam score, and what it does not dare to say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.app.exam_report import FEWEST, SD_BY_ANSWERS, estimate_sd, exam_estimate


@pytest.mark.parametrize(("answers", "sd"), SD_BY_ANSWERS)
def test_the_spread_is_the_simulated_one(answers: int, sd: float) -> None:
    """At the numbers of answers that were simulated, exactly."""
    assert estimate_sd(answers) == pytest.approx(sd)


@given(answers=st.integers(FEWEST, 2_000))
def test_more_answers_never_widen_it(answers: int) -> None:
    """It falls with every answer, and never below what the largest simulation left."""
    assert SD_BY_ANSWERS[-1][1] <= estimate_sd(answers + 1) <= estimate_sd(answers) <= SD_BY_ANSWERS[0][1]


def test_under_forty_answers_nothing_is_said() -> None:
    """There is no estimate to show by mistake."""
    with pytest.raises(ValueError, match="too few"):
        exam_estimate(20, FEWEST - 1)


@given(of=st.integers(FEWEST, 280), part=st.floats(0, 1))
def test_an_interval_holds_its_rate_and_is_a_share(of: int, part: float) -> None:
    """Between none and all, around what was right."""
    right = round(part * of)
    found = exam_estimate(right, of)
    assert 0 <= found.low <= found.mean == right / of <= found.high <= 1
