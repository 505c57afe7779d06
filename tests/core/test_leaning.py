"""What is said of how far a block leans on the report."""

import pytest

from qbank.core.drill import AreaShare, Pick
from qbank.core.exam_model import AreaKey, Place
from qbank.core.leaning import leaning_sentence
from qbank.core.mastery import Estimate
from qbank.core.report import Flag
from qbank.core.worth import Worth

NOTHING = Worth(0.5, 0.5, 0.5, 0.5, 60.0, 0.0, 0.0)
HALF = Estimate(0.5, 0.4, 0.6)


def pick(system: str, pull: float) -> Pick:
    return Pick(
        "starter", system, Place(system, "", ()), NOTHING, HALF, 0.0, pull, 0.5, unseen=True, floor=False
    )


def share(system: str, blueprint: float) -> AreaShare:
    return AreaShare("system", system, 0, 0.0, blueprint, 0.0, None, 0.0)


PICKS = [pick("heart", 1.07), pick("heart", 1.1), pick("lung", 0.98), pick("gut", 1.0)]
SHARES = [share("heart", 0.25), share("lung", 0.25), share("gut", 0.5)]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (
            {("system", "heart"): Flag.LOWER},
            "puts x1.07 to x1.10 on the worth of their questions: 2 of 4 here",
        ),
        ({("system", "heart"): Flag.LOWER}, "alone would give about 1."),
        ({("system", "lung"): Flag.LOWER}, "puts x0.98 on the worth of their questions: 1 of 4 here"),
    ],
)
def test_it_says_by_how_much(flags: dict[AreaKey, Flag], said: str) -> None:
    """The factor that competed, the questions it brought, and those of the exam's shares."""
    assert said in leaning_sentence(SHARES, PICKS, flags)


@pytest.mark.parametrize(
    "flags", [{}, {("system", "heart"): Flag.SAME}, {("discipline", "pathology"): Flag.LOWER}]
)
def test_it_is_silent_where_no_system_is_marked_lower(flags: dict[AreaKey, Flag]) -> None:
    """A report without such a row draws a block nowhere."""
    assert leaning_sentence(SHARES, PICKS, flags) == ""
