"""The map of what an exam can ask: read whole or not at all, and worth the whole exam."""

import math
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.app.exams import load_exam, load_map
from qbank.core.exam_model import exam_model
from qbank.core.objective_map import WEIGHT, Mapped, parse_map, places
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


lines = st.tuples(
    st.sampled_from(["immune", "blood", "cardiovascular"]),
    st.sampled_from([("physiology",), ("pathology", "physiology"), ("genetics", "nutrition", "anatomy")]),
    st.sampled_from(list(WEIGHT)),
)


@given(st.lists(lines))
def test_the_objectives_of_a_section_are_worth_its_share(
    made: list[tuple[str, tuple[str, ...], str]],
) -> None:
    """Weighed by likelihood they come to their section's share of the exam, however many there are and of what."""
    exam = load_exam("usmle-step1")
    found = [Mapped(str(n), "K", section, "T", names, how) for n, (section, names, how) in enumerate(made)]
    model = exam_model(replace(exam, mapped=tuple(places(found))), ON)
    for section in {each.section for each in found}:
        worth = math.fsum(
            each.weight * model.objective_value(section, " ".join(sorted(each.disciplines)))
            for each in found
            if each.section == section
        )
        assert worth / model.n_objectives == pytest.approx(exam.section_share(section, ON))


def test_what_is_crowded_is_worth_less_each() -> None:
    """A cell's share is divided among what lies in it."""
    exam = load_exam("usmle-step1")
    crowd = [Mapped(f"c{n}", "K", "blood", "T", ("physiology",), "medium") for n in range(9)]
    alone = Mapped("alone", "K", "blood", "T", ("pathology",), "medium")
    model = exam_model(replace(exam, mapped=tuple(places([*crowd, alone]))), ON)
    rate = [
        model.cell_share[model.sections.index("blood")][model.disciplines.index(d)]
        for d in ("pathology", "physiology")
    ]
    each, other = (model.objective_value("blood", name) for name in ("physiology", "pathology"))
    assert other / each == pytest.approx(9 * rate[0] / rate[1])


def test_the_bundled_map_covers_the_exam() -> None:
    """Every section, about 1,200 objectives worth 1 on the mean, and every bundled question's objective in it."""
    exam, found = load_exam("usmle-step1"), load_map("usmle-step1")
    assert {each.section for each in found.values()} == {section.id for section in exam.sections}
    assert 1_150 <= len(found) <= 1_300
    model = exam_model(replace(exam, mapped=tuple(places(found.values()))), ON)
    worth = [
        each.weight * model.objective_value(each.section, " ".join(sorted(each.disciplines)))
        for each in found.values()
    ]
    assert math.fsum(worth) / len(worth) == pytest.approx(1)
    assert min(worth) > 0
