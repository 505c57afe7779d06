"""Names of areas as other banks have them."""

import tomllib
from pathlib import Path

import pytest

from qbank.app.exams import exam_names, load_exam
from qbank.app.subjects import Area, Subjects
from qbank.settings import data_folder

STEP_1 = Subjects(load_exam("usmle-step1"))


def test_every_bundled_name_leads_to_an_area_of_its_exam() -> None:
    """No line is dead, and each exam with names is one that can be prepared for."""
    tables = tomllib.loads(Path(data_folder() / "subjects.toml").read_text(encoding="utf-8"))
    assert tables
    assert set(tables) <= set(exam_names())
    for exam, names in tables.items():
        subjects = Subjects(load_exam(exam))
        assert [name for name in names if subjects.find(name) is None] == []


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("Cardiovascular System", Area(system="cardiovascular")),
        ("cardiovascular", Area(system="cardiovascular")),
        ("CARDIOLOGY", Area(system="cardiovascular")),
        ("Renal, Urinary Systems & Electrolytes", Area("respiratory-renal", "renal")),
        ("Renal & Urinary System", Area("respiratory-renal", "renal")),
        ("respiratory-renal", Area(system="respiratory-renal")),
        ("Pathophysiology", Area(discipline="pathology")),
        ("Gross Anatomy & Embryology", Area(discipline="anatomy")),
        ("Pathology; Dermatology", Area("musculoskeletal-skin", "skin", "pathology")),
        ("General Principles", None),
        ("exam", None),
        ("", None),
    ],
)
def test_names_are_found_however_they_are_written(name: str, area: Area | None) -> None:
    """Ids, the exam's names, other banks' names, and several in one cell; what is no area is none."""
    assert STEP_1.find(name) == area


def test_the_whole_exam_has_to_be_asked_for() -> None:
    """By a name of one's own."""
    assert Subjects(load_exam("usmle-step1"), ("Mixed blocks=exam",)).find("mixed  BLOCKS") == Area()


@pytest.mark.parametrize("exam", exam_names())
def test_every_exam_knows_its_own_systems(exam: str) -> None:
    """By id and by name, without any bundled line."""
    of = load_exam(exam)
    subjects = Subjects(of)
    for system in of.known_areas("system"):
        found = subjects.find(system)
        assert found is not None
        assert found.system == system
