"""Laboratory values: both columns agree, every row says where it comes from, and a look-up finds what was meant."""

import copy
import tomllib
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from qbank.core.lab import LabValue, find_labs, parse_labs, si_factor
from qbank.errors import InputInvalid

FILE = Path(__file__).parents[2] / "data" / "labs.toml"
DATA: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"), parse_float=Decimal)
TABLE = parse_labs(copy.deepcopy(DATA))
VALUES = [value for group in TABLE.groups for value in group.values]

# Powers of ten that take one unit of mass concentration to one of amount concentration, for a molar mass of 1 g/mol.
STEPS = {
    ("mg/dL", "mmol/L"): 1,
    ("mg/dL", "µmol/L"): 4,
    ("µg/dL", "µmol/L"): 1,
    ("µg/dL", "nmol/L"): 4,
    ("ng/dL", "nmol/L"): 1,
    ("ng/dL", "pmol/L"): 4,
    ("ng/mL", "nmol/L"): 3,
    ("pg/mL", "pmol/L"): 3,
    ("µg/mL", "µmol/L"): 3,
    ("mg/24 h", "mmol/24 h"): 0,
    ("mg/24 h", "µmol/24 h"): 3,
    ("µg/24 h", "nmol/24 h"): 3,
    ("mg/kg/24 h", "µmol/kg/24 h"): 3,
}


def found(words: str) -> list[str]:
    return [value.name for _, value in find_labs(TABLE, words)]


def named(name: str) -> LabValue:
    return next(value for value in VALUES if value.name == name)


@pytest.mark.parametrize(
    "row", [row for group in DATA["groups"] for row in group["values"]], ids=lambda r: r["name"]
)
def test_si_ranges_are_the_conventional_ones_times_the_factor(row: dict[str, Any]) -> None:
    """Each number in SI units is the typed one times the typed factor, or over the molar mass, rounded once."""
    value, si = named(row["name"]), row.get("si")
    for typed, shown in zip(row["ranges"], value.ranges_in(si=True), strict=True):
        for end in ("low", "high"):
            number = getattr(shown, end)
            if end not in typed:
                assert number is None
                continue
            expected = Decimal(typed[end])
            if si is not None:
                step = Decimal(1).scaleb(STEPS[row["unit"], si["unit"]]) if "molar_mass" in si else Decimal(1)
                expected *= si["factor"] if "factor" in si else step / si["molar_mass"]
                expected = expected.quantize(Decimal(1).scaleb(-si["digits"]), rounding=ROUND_HALF_UP)
            assert str(number) == str(expected)


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("Glucose", 0.0555),
        ("Creatinine", 88.4),
        ("Calcium", 0.25),
        ("Urea nitrogen", 0.357),
        ("Cholesterol, total", 0.0259),
        ("Triglycerides", 0.0113),
        ("Bilirubin, total", 17.1),
        ("Uric acid", 0.0595),
        ("Iron", 0.179),
        ("Thyroxine, total", 12.87),
        ("Triiodothyronine", 0.0154),
        ("Cortisol", 27.59),
        ("Aldosterone, supine, morning", 27.7),
        ("Testosterone, total", 0.0347),
        ("Adrenocorticotropic hormone", 0.22),
        ("Folate", 2.266),
        ("Oxygen pressure", 0.1333),
        ("Magnesium", 0.5),
    ],
)
def test_factors_are_those_that_are_printed_elsewhere(name: str, factor: float) -> None:
    """Molar masses and prefixes give the factors of the usual conversion tables, to their three digits."""
    assert float(si_factor(named(name))) == pytest.approx(factor, rel=5e-3)


def test_every_row_has_a_source_and_a_name_of_its_own() -> None:
    """No number stands without where it comes from, when that was read and how far it can be trusted."""
    assert len({value.name for value in VALUES}) == len(VALUES) > 70
    for value in VALUES:
        for source in (value.source, *((value.si.source,) if value.si else ())):
            assert len(source.text) > 10
            assert source.read.startswith("20")
            assert source.confidence
    used = {row["source"] for group in DATA["groups"] for row in group["values"]}
    used |= {row["si"]["source"] for group in DATA["groups"] for row in group["values"] if "si" in row}
    assert used == DATA["sources"].keys()


def test_the_table_has_what_a_learner_looks_up() -> None:
    """The fluids of the usual sheet, and what is common to every coagulation, thyroid and iron question."""
    assert [group.id for group in TABLE.groups] == [
        "serum",
        "gases",
        "csf",
        "hematologic",
        "sweat",
        "urine",
        "bmi",
    ]
    for words in (
        "TSH",
        "cortisol",
        "FSH",
        "LH",
        "PRL",
        "PTH",
        "GH",
        "IgE",
        "TIBC",
        "PTT",
        "ESR",
        "BMI",
        "sweat",
    ):
        assert found(words), words


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Na", "Sodium"),
        ("na+", "Sodium"),
        ("SODIUM", "Sodium"),
        ("K+", "Potassium"),
        ("hgb", "Hemoglobin"),
        ("BUN", "Urea nitrogen"),
        ("pCO2", "Carbon dioxide pressure"),
        ("ca", "Calcium"),
        ("calcium urine", "Calcium in urine"),
        ("csf glucose", "Glucose in CSF"),
        ("A-a", "Alveolar-arterial gradient"),
        ("PT", "Prothrombin time"),
        ("T4", "Thyroxine, free"),
        ("creat", "Creatinine"),
        ("thyroxin", "Thyroxine, total"),
        ("boplastin", "Partial thromboplastin time"),
    ],
)
def test_a_look_up_finds_what_is_meant(words: str, first: str) -> None:
    """Abbreviations, charges, either case, a fluid's name beside another word, beginnings and parts of words."""
    assert first in found(words)
    if words != "T4":
        assert found(words)[0] == first


def test_short_words_mean_themselves() -> None:
    """Two letters match whole words and beginnings, never the middle of a word; nothing is found for nothing."""
    assert found("Na") == ["Sodium"]
    assert found("PT") == ["Prothrombin time"]
    assert found("zz") == found("") == found("+ -") == []
    assert "Sodium" not in found("di")


def test_a_fluid_gives_all_of_it() -> None:
    """The word of a fluid lists its rows in the order of the table."""
    for group in TABLE.groups:
        assert set(found(group.id)) >= {value.name for value in group.values}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "Potassium"}, "is there twice"),
        ({"ranges": []}, "has no range"),
        ({"ranges": [{"who": "men"}]}, "has no range"),
        ({"ranges": [{"low": 5, "high": 4}]}, "has no range"),
        ({"si": {"unit": "mmol/L", "digits": 0, "source": "units"}}, "needs a factor or a molar mass"),
        (
            {"si": {"unit": "mmol/L", "digits": 0, "molar_mass": 23, "source": "units"}},
            "unit that is not understood",
        ),
        ({"source": "nobody"}, "no source 'nobody'"),
    ],
)
def test_a_faulty_table_is_refused(change: dict[str, Any], said: str) -> None:
    """Names, ranges, conversions and sources that do not fit are faults with the row's name."""
    data = copy.deepcopy(DATA)
    data["groups"][0]["values"][0].update(change)
    with pytest.raises(InputInvalid, match=said):
        parse_labs(data)
