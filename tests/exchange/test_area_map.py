"""A map of areas is read with its faults by line, and its rules find the questions that they are for."""

import json
import time
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.core.text import hidden_characters
from qbank.errors import InputInvalid
from qbank.exchange.area_map import (
    AREAS,
    CONDITIONS,
    OBJECTIVE,
    SIZE_LIMIT,
    Found,
    Rule,
    placed,
    read_area_map,
)

KNOWN: Mapping[str, Sequence[str]] = {
    "system": ["cardiovascular", "respiratory-renal"],
    "section": ["cardiovascular", "renal", "respiratory"],
    "discipline": ["pathology", "physiology"],
    "task": ["diagnosis"],
    OBJECTIVE: ["minimal-change-podocyte"],
}
SYSTEMS = {
    "cardiovascular": "cardiovascular",
    "renal": "respiratory-renal",
    "respiratory": "respiratory-renal",
}


def read(text: str) -> list[Rule]:
    """The rules of a text."""
    return read_area_map("map.toml", text.encode(), KNOWN, SYSTEMS)


def faults(text: str) -> list[str]:
    """What is said of a text with faults, each with its line."""
    with pytest.raises(InputInvalid) as refused:
        read(text)
    return [f"{fault.line}: {fault.message} {fault.mend}" for fault in refused.value.faults]


def say(
    rules: Sequence[Rule], *hints: str, path: str = "/banks/week 1/quiz.gift", stem: str = "A case."
) -> Found:
    """Where the rules put a question."""
    return placed(rules, hints=hints, path=path, stem=stem)


def rule(condition: str, system: str = "cardiovascular") -> str:
    """The text of a rule for one system."""
    return f'[[rule]]\n{condition}\nsystem = "{system}"\n'


def test_a_rule_is_read_whole() -> None:
    """Text or lists of it; the section brings its system."""
    found = read(
        '# mine\n\n[[rule]]\ntag = ["heart", "ecg*"]\nfolder = "week 1"\nsection = "renal"\ndiscipline = "pathology"\n'
        'task = "diagnosis"\nobjective = "minimal-change-podocyte"\n'
    )
    assert found == [
        Rule(
            3,
            tag=("heart", "ecg*"),
            folder=("week 1",),
            system="respiratory-renal",
            section="renal",
            discipline=("pathology",),
            task="diagnosis",
            objective="minimal-change-podocyte",
        )
    ]


def test_every_fault_is_told_by_its_line() -> None:
    """What is misspelled comes with what may be meant."""
    assert faults(
        '[[rule]]\ntagg = "x"\nsystem = "cardiovascula"\n\n[[rule]]\ntag = ["a", 3]\nsection = "renal"\n'
        'system = "cardiovascular"\n[[rule]]\npattern = "a*b"\nobjective = "minimal-chang"\ndiscipline = "patology"\n'
        '[[rule]]\ntag = "x"\n'
    ) == [
        "1: This rule does not say which questions it is for. Add tag, category, folder, pattern.",
        '2: A rule has no "tagg". Did you mean "tag"?',
        '3: The exam has no system "cardiovascula". Did you mean "cardiovascular"?',
        '6: "tag" must be text. Write tag = "..." or tag = ["...", "..."].',
        '7: The section "renal" is not of the system "cardiovascular". Write system = "respiratory-renal", or leave it out.',
        '10: In the pattern "a*b" a * stands neither before nor after a word. Write "nephro*" or "*itis".',
        '11: The map has no objective "minimal-chang". Did you mean "minimal-change-podocyte"?',
        '12: The exam has no discipline "patology". Did you mean "pathology"?',
        "13: This rule names no area. Add system, section, discipline, task or objective.",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'[[rule]]\ntag = "a"\ntag = "b"\n', "map.toml:3: This is not TOML"),
        (b"\n[[rule]\n", "map.toml:2: This is not TOML"),
        (b"", "map.toml:1: The file holds no rule."),
        (b"rule = 3\n", "map.toml:1: The file holds no rule."),
        (b'[rules]\ntag = "a"\n', 'map.toml:1: There is no "rules" in a map of areas. Did you mean "rule"?'),
        (b"\xff\xfea", "map.toml:1: The file is not UTF-8 text."),
        (b'[[rule]]\ntag = "\xe2\x80\xae"\nsystem = "cardiovascular"', "map.toml:2: A text holds characters"),
        (b"a = " + b"[" * 5_000, "map.toml:1: This is not TOML"),
        (b"#" * (SIZE_LIMIT + 1), "map.toml:1: The file is larger than 1 MiB."),
    ],
)
def test_what_is_no_map_is_refused_in_a_sentence(content: bytes, message: str) -> None:
    """With the place."""
    with pytest.raises(InputInvalid) as refused:
        read_area_map("map.toml", content, KNOWN, SYSTEMS)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("condition", "fits", "fits_not"),
    [
        ('tag = "heart*"', ("Heart failure",), ("the heart",)),
        ('tag = "*::ecg::*"', ("step1::ECG::axis",), ("ecg",)),
        ('category = "heart/valves"', ("Valves", "Heart", "Pathology"), ("Heart", "Valves")),
        ('category = "heart"', ("Valves", "Heart"), ("Hearts",)),
    ],
)
def test_tags_and_categories(condition: str, fits: Sequence[str], fits_not: Sequence[str]) -> None:
    """A category is a path, of which the question's hints have the innermost part first."""
    rules = read(rule(condition))
    assert say(rules, *fits).system == "cardiovascular"
    assert say(rules, *fits_not) == Found()


@pytest.mark.parametrize(
    ("folder", "fits"),
    [
        ("week 1", True),
        ("BANKS/Week*", True),
        ("week 1/*.gift", True),
        ("week", False),
        ("week 1/banks", False),
    ],
)
def test_a_folder_is_part_of_the_path(folder: str, fits: bool) -> None:
    """Whole names in a row, the file's among them; Windows' slashes are slashes."""
    rules = read(rule(f'folder = "{folder}"'))
    assert (say(rules) != Found()) is fits
    assert (say(rules, path="C:\\banks\\week 1\\quiz.gift") != Found()) is fits


@pytest.mark.parametrize(
    ("pattern", "stem", "fits"),
    [
        ("nephro*", "He has Nephrotic syndrome.", True),
        ("nephro", "He has nephrotic syndrome.", False),
        ("*itis", "It is a pancreatitis.", True),
        ("foot process* efface*", "with foot\nprocesses effaced", True),
        ("foot process", "with foot processes", False),
        ("c++ (x)", "Is c++ (x) in it?", True),
    ],
)
def test_a_pattern_is_whole_words_of_the_stem(pattern: str, stem: str, fits: bool) -> None:
    """But for what a star leaves open; nothing else in it has a meaning of its own."""
    assert (say(read(rule(f'pattern = "{pattern}"')), stem=stem) != Found()) is fits


def test_no_pattern_takes_long() -> None:
    """A text that is one endless word, and a pattern that begins at each of its letters."""
    rules = read(rule('pattern = "*a* b"'))
    began = time.process_time()
    assert say(rules, stem="a" * 20_000) == Found()
    assert time.process_time() - began < 1


def test_all_conditions_of_a_rule_hold() -> None:
    """And of each one of its words."""
    rules = read('[[rule]]\ntag = ["a", "b"]\npattern = "case"\nsystem = "cardiovascular"\n')
    assert say(rules, "b").system == "cardiovascular"
    assert say(rules, "c") == Found()
    assert say(rules, "a", stem="Nothing.") == Found()


def test_the_first_rule_that_says_something_has_the_word() -> None:
    """For each thing by itself; a system and its section are one thing."""
    rules = read(
        '[[rule]]\ntag = "a"\ndiscipline = "pathology"\n'
        '[[rule]]\ntag = "a"\nsystem = "cardiovascular"\n'
        '[[rule]]\ntag = "a"\nsection = "renal"\ndiscipline = "physiology"\ntask = "diagnosis"\n'
    )
    assert say(rules, "a") == Found("cardiovascular", "", ("pathology",), "diagnosis", "")


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(
    lambda text: text.strip() != "" and not list(hidden_characters(text))
)
plain = words.filter(lambda text: "*" not in text)
some = st.lists(words, min_size=1, max_size=3, unique=True)
conditions = st.fixed_dictionaries(
    {},
    optional={
        "tag": some,
        "category": some,
        "folder": some,
        "pattern": st.lists(plain, min_size=1, max_size=3),
    },
).filter(bool)
areas = st.fixed_dictionaries(
    {},
    optional={
        "section": st.sampled_from(["renal", "respiratory"]),
        "discipline": st.lists(st.sampled_from(["pathology", "physiology"]), min_size=1, unique=True),
        "task": st.just("diagnosis"),
        OBJECTIVE: st.just("minimal-change-podocyte"),
    },
).filter(bool)


@given(
    st.lists(
        st.tuples(conditions, areas, st.booleans(), st.integers(0, 2)).map(
            lambda one: ({**one[0], **one[1]}, one[2], one[3])
        ),
        min_size=1,
        max_size=4,
    )
)
def test_what_is_written_is_what_is_read(
    rules: Sequence[tuple[Mapping[str, str | list[str]], bool, int]],
) -> None:
    """Every text that TOML can hold comes back, and each rule knows its line."""
    lines: list[str] = []
    expected = []
    for said, several, gap in rules:
        lines += [""] * gap + ["[[rule]]"]
        one = {
            "system": "respiratory-renal" if "section" in said else "",
            **{key: tuple(value) if isinstance(value, list) else value for key, value in said.items()},
        }
        expected.append(Rule(line=len(lines), **one))  # type: ignore[arg-type]
        for key, value in said.items():
            alone = isinstance(value, list) and len(value) == 1 and not several
            # JSON's strings are TOML's, but for the pairs that stand for characters beyond 16 bits.
            text = json.dumps(value[0] if alone else value, ensure_ascii=False).replace("\x7f", "\\u007f")
            lines.append(f"{key} = {text}")
    assert read("\n".join(lines)) == expected


@given(st.lists(words, max_size=4), words, words)
def test_a_question_that_no_rule_is_for_is_left_alone(hints: list[str], path: str, stem: str) -> None:
    """Whatever it says."""
    rules = read(rule('tag = "no such tag"') + rule('pattern = "no such word at all"'))
    assert placed(rules, hints=hints, path=path, stem=stem) == Found()


def test_the_words_of_rules_are_all_known() -> None:
    """Conditions, areas and the objective are what a rule has besides its line."""
    assert {"line", *CONDITIONS, *AREAS, OBJECTIVE} == set(Rule._fields)
