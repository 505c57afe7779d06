"""The map of what an exam can ask: read whole or not at all, and worth the whole exam."""

import math
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.app.exams import load_exam
from qbank.core.exam_model import exam_model
from qbank.core.objective_map import WEIGHT, Mapped, parse_map, section_totals
from qbank.errors import InputInvalid

ON = date(2026, 11, 23)
GOOD = {
    "section": "cardiovascular",
    "Valves": {"stenosis": {"know": "Relate a murmur", "disciplines": ["physiology"], "likelihood": "high"}},
}
SECTIONS, DISCIPLINES = ("cardiovascular", "blood"), ("physiology", "pathology")


def faults_of(*files: Mapping[str, object]) -> list[str]:
    with pytest.raises(InputInvalid) as caught:
        parse_map([(f"{n}.toml", file) for n, file in enumerate(files)], SECTIONS, DISCIPLINES)
    return [fault.message for fault in caught.value.faults]


def test_a_map_is_read_with_its_headings() -> None:
    """Section and topic are where the line stands."""
    found = parse_map([("a.toml", GOOD)], SECTIONS, DISCIPLINES)
    expected = Mapped("stenosis", "Relate a murmur", "cardiovascular", "Valves", ("physiology",), "high")
    assert found == {"stenosis": expected}
    assert expected.weight == 1.5


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"know": "K", "disciplines": ["physiology"], "likelihood": "often"}, "'often' is no likelihood"),
        ({"know": "K", "disciplines": ["alchemy"], "likelihood": "low"}, "unknown disciplines ['alchemy']"),
        ({"know": "K", "disciplines": [], "likelihood": "low"}, "unknown disciplines []"),
        ({"know": " ", "disciplines": ["physiology"], "likelihood": "low"}, "says nothing"),
        ({"know": "K", "disciplines": ["physiology"]}, "likelihood"),
        ({"know": "K", "disciplines": ["physiology"], "likelihood": "low", "more": 1}, "more"),
        (3, "Expected `object`"),
    ],
)
def test_each_fault_of_a_line_is_named(line: object, said: str) -> None:
    """With the objective it is about."""
    found = faults_of({"section": "blood", "Anemia": {"iron": line}})
    assert any("iron" in message and said in message for message in found), found


def test_faults_of_all_files_come_at_once() -> None:
    """Unknown sections, ids that stand twice, headings that hold no objectives."""
    found = faults_of(GOOD, {"section": "lungs"}, {**GOOD, "Other": "text"})
    assert any("'lungs'" in message for message in found)
    assert any("stands twice" in message for message in found)
    assert any("'Other' is no heading" in message for message in found)


@given(
    st.lists(st.tuples(st.sampled_from(["immune", "blood", "cardiovascular"]), st.sampled_from(list(WEIGHT))))
)
def test_the_objectives_of_a_section_are_worth_its_share(lines: list[tuple[str, str]]) -> None:
    """By the map a section's objectives, weighed by likelihood, come to its share of the exam, however many they are."""
    exam = load_exam("usmle-step1")
    found = [
        Mapped(str(n), "K", section, "T", ("physiology",), each) for n, (section, each) in enumerate(lines)
    ]
    model = exam_model(replace(exam, mapped=section_totals(found)), ON)
    for section in {each.section for each in found}:
        worth = math.fsum(
            each.weight * model.objective_value(section, "physiology")
            for each in found
            if each.section == section
        )
        assert worth / model.n_objectives == pytest.approx(exam.section_share(section, ON))
