"""What the page tells of readiness and of what went wrong is what their own commands tell."""

from xml.etree import ElementTree

import pytest
from insights import FOUND, READY, finding
from msgspec.structs import replace

from qbank.app.diagnosing import Step
from qbank.core.insight.causes import Cause
from qbank.core.insight.diagnosis import Verdict
from qbank.ui.diagnosing import diagnosis_lines
from qbank.ui.page.figure import figure_markup
from qbank.ui.page.insight_sections import causes_section, ready_section


def test_an_index_is_drawn_with_its_interval_and_no_chance_of_passing() -> None:
    section = ready_section(READY)
    assert section is not None
    (figure,) = section.figures
    assert figure.rows == [("160 answers", "61%", "55-66%", "52-70%")]
    assert "it is no chance of passing" in " ".join(section.sentences)


def test_without_an_index_there_is_a_count_and_no_chart() -> None:
    section = ready_section(replace(READY, bank=None, answers=0, right=0, needed=120))
    assert section is not None
    assert section.figures == ()
    assert "Not yet from this bank: 120 fresh questions" in section.sentences[0]


def test_in_the_last_days_neither_is_told() -> None:
    """Nothing could be done about it any more."""
    assert ready_section(replace(READY, withheld="No estimate is shown in these days.")) is None
    assert causes_section(replace(FOUND, note="Rest.")) is None


def test_every_cause_is_in_the_table_and_those_told_are_drawn() -> None:
    section = causes_section(FOUND)
    assert section is not None
    (figure,) = section.figures
    svg = ElementTree.fromstring(figure_markup(figure)).find("svg")
    assert svg is not None
    drawn = [text.text for text in svg.iter("text") if text.attrib["class"] == "b"]
    assert drawn == ["pacing", "carry-over after a miss"]
    assert [row[0] for row in figure.rows] == [*drawn, "tiring over a day"]
    commands = "\n".join(diagnosis_lines(FOUND, 200))
    assert all(figure.rows[0][column] in commands for column in (1, 2, 3))


@pytest.mark.parametrize(("estimate", "side"), [(0.12, "right"), (-0.12, "left"), (0.0, "middle")])
def test_harm_lies_to_the_right_of_nothing(estimate: float, side: str) -> None:
    cause = finding(Cause.PACING, Verdict.NOT_SEEN, estimate, estimate - 0.01, estimate + 0.01)
    section = causes_section(replace(FOUND, causes=(cause,), first=(Step("qbank block"),)))
    assert section is not None
    svg = ElementTree.fromstring(figure_markup(section.figures[0])).find("svg")
    assert svg is not None
    (dot,) = (mark for mark in svg.iter("circle") if mark.attrib["class"] == "p")
    across = float(dot.attrib["cx"].rstrip("%"))
    assert ("left" if across < 49.9 else "right" if across > 50.1 else "middle") == side
