"""Each rule finds its flaw and leaves good questions alone."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from qbank.bank.lint import Severity, check, errors
from qbank.bank.markdown import BankFile, read_content, read_file

STARTER = Path(__file__).parents[2] / "data" / "questions"
KNOWN = {
    "system": ["cardiovascular", "respiratory-renal"],
    "section": ["cardiovascular"],
    "discipline": ["physiology", "pathology"],
    "task": ["foundational-science"],
}

VIGNETTE = "A 72-year-old man comes to the clinic because of two episodes of fainting on the stairs. " * 5
QUESTION = """\
# {id}

{vignette}

Which of the following is the most likely cause?

- [ ] Decreased venous return

  The effort rules it out.

- [x] Fixed stroke volume

  The valve lets no more through.

- [ ] Raised arterial tone

  It would fall on the stairs.

- [ ] Slow ventricular rhythm

  The pulse is regular.

> The valve sets the limit.

"""


def bank_file(**changes: str) -> BankFile:
    """A file without findings, with texts replaced in its first question and its front matter."""
    head = (
        '+++\nid = "fixed-obstruction"\nobjective = "Relate a murmur"\nsystem = "cardiovascular"\n'
        'section = "cardiovascular"\ndisciplines = ["physiology"]\ntask = "foundational-science"\n'
        'review = "draft"\n+++\n\n'
    )
    text = head + QUESTION.format(id="first-one", vignette=VIGNETTE)
    for old, new in changes.items():
        text = text.replace(*_meant(old, new))
    return read_file("a.md", text + QUESTION.format(id="second-one", vignette=VIGNETTE), "own")


def _meant(name: str, new: str) -> tuple[str, str]:
    named = {"lead_in": "Which of the following is the most likely cause?", "key": "Fixed stroke volume"}
    named |= {"option": "Raised arterial tone", "system": 'system = "cardiovascular"', "review": '"draft"'}
    named |= {"explanation": "  The effort rules it out.\n\n", "remember": "> The valve sets the limit.\n"}
    named |= {"discipline": '["physiology"]', "vignette": VIGNETTE}
    return named[name], new


def rules(file: BankFile) -> list[str]:
    return [finding.rule for finding in check([file], KNOWN)]


def test_a_good_file_has_no_findings() -> None:
    """The rules leave a question alone that follows the guide."""
    assert rules(bank_file()) == []


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"lead_in": "The most likely cause is:"}, "open-lead-in"),
        ({"lead_in": "Each of these is a cause EXCEPT which?"}, "negative-lead-in"),
        ({"lead_in": "Which of the following findings is not expected?"}, "negative-lead-in"),
        ({"lead_in": "Which of the following is least likely?"}, "negative-lead-in"),
        (
            {"lead_in": "His fainting is caused by a?", "key": "Obstructed valve, which is fixed"},
            "article-cue",
        ),
        ({"option": "None of the above"}, "all-or-none"),
        ({"option": "All of the above"}, "all-or-none"),
        ({"option": "It is always fatal"}, "absolute"),
        ({"option": "It is usually fatal"}, "vague-frequency"),
        ({"key": "Fixed stroke volume because the valve lets no more blood through"}, "key-stands-out"),
        ({"key": "Fixed flow on stairs"}, "clang"),
        ({"option": "Both A and B"}, "cites-place"),
        ({"explanation": ""}, "no-explanation"),
        ({"explanation": "  As said for option A, no.\n\n"}, "cites-a-letter"),
        ({"remember": ""}, "no-remember"),
        ({"vignette": "A man faints."}, "vignette-length"),
        ({"vignette": VIGNETTE * 3}, "vignette-length"),
        ({"review": '"looks fine"'}, "review-state"),
        ({"discipline": "[]"}, "no-area"),
        ({"system": 'system = "cardio-vascular"'}, "unknown-area"),
        ({"discipline": '["phisiology"]'}, "unknown-area"),
    ],
)
def test_a_flaw_is_found(changes: dict[str, str], rule: str) -> None:
    """Each flaw gives one finding of its rule, with a place and a mend."""
    findings = check([bank_file(**changes)], KNOWN)
    assert rule in [finding.rule for finding in findings]
    assert all(finding.fault.file == "a.md" and finding.fault.mend for finding in findings)


@pytest.mark.parametrize(
    "lead_in",
    [
        "Which of the following best explains why this patient is not febrile?",
        "A false-positive result is most likely with which of the following?",
        "Which of the following vitamins is lacking, given that he has had hepatitis A?",
    ],
)
def test_ordinary_lead_ins_are_left_alone(lead_in: str) -> None:
    """Words that a negative lead-in would hold do not make one."""
    assert rules(bank_file(lead_in=lead_in)) == []


@pytest.mark.parametrize(
    ("options", "heading", "expected"),
    [
        (("10%", "20%", "30%"), "", ["numbers-shuffled"]),
        (("10%", "20%", "30%"), 'order = "fixed"\n', []),
        (("30%", "20%", "10%"), 'order = "fixed"\n', []),
        (("20%", "10%", "30%"), 'order = "fixed"\n', ["numbers-unsorted"]),
        (("1 in 4", "1 in 3", "1 in 2"), 'order = "fixed"\n', []),
        (("1-10 days", "5-20 days", "21-30 days"), 'order = "fixed"\n', ["numbers-overlap"]),
        (("5 alpha-reductase", "3 beta-hydroxylase", "Aromatase"), "", []),
    ],
)
def test_numbers_are_sorted_and_fixed(options: tuple[str, ...], heading: str, expected: list[str]) -> None:
    """Numeric options keep their order, ascend or descend, and do not overlap."""
    text = "".join(
        f"- [{'x' if at == 1 else ' '}] {option}\n\n  Why.\n\n" for at, option in enumerate(options)
    )
    body = QUESTION.format(id="first-one", vignette=VIGNETTE)
    start, end = body.index("- [ ]"), body.index("> ")
    source = body[:start] + text + body[end:]
    head = '+++\nid = "numbers"\nobjective = "Numbers"\n+++\n\n'
    made = read_file("b.md", head + source.replace("first-one\n", "first-one\n" + heading, 1), "own")
    found = [rule for rule in rules(made) if rule.startswith("numbers")]
    assert found == expected


def test_one_question_is_not_enough() -> None:
    """An objective wants a sibling, or a review would repeat a text."""
    file = bank_file()
    assert rules(BankFile("a.md", file.objective, file.questions[:1], file.lines)) == ["no-sibling"]


def test_an_unknown_area_is_an_error_that_names_the_nearest() -> None:
    """Errors keep a bank from loading and are the only ones to do so."""
    findings = check([bank_file(system='system = "cardiovasculer"', remember="")], KNOWN)
    assert {finding.severity for finding in findings} == {Severity.ERROR, Severity.WARNING}
    assert [fault.mend for fault in errors(findings)] == ['Did you mean "cardiovascular"?']


def test_an_unchecked_dimension_is_left_alone() -> None:
    """An exam without sections does not refuse a file that names one."""
    assert check([bank_file(system='system = "whatever"')], {}) == []


def test_ids_are_unique_over_the_bank() -> None:
    """Two files, or a file and one that was not read again, may not share an id."""
    file = bank_file()
    other = BankFile("b.md", file.objective, file.questions, file.lines)
    duplicated = [finding.fault for finding in check([file, other], KNOWN) if finding.rule == "duplicate-id"]
    assert [(fault.file, fault.line) for fault in duplicated] == [("b.md", 1), ("b.md", 11), ("b.md", 35)]
    taken = check([file], KNOWN, taken={"first-one": "c.md"})
    assert ["c.md" in finding.fault.message for finding in taken] == [True]
    assert check([file], KNOWN, taken={"first-one": "a.md"}) == []


def test_the_bundled_bank_is_clean() -> None:
    """The questions that come with the program break no rule of the craft."""
    files = [
        read_content(path.as_posix(), path.read_bytes(), "starter") for path in sorted(STARTER.rglob("*.md"))
    ]
    assert [str(finding.fault) for finding in check(files, {})] == []


def test_an_objective_that_nothing_describes_is_refused() -> None:
    """A file may leave its words to the exam's map; where that has none either, it says nothing."""
    file = bank_file()
    silent = BankFile("a.md", replace(file.objective, text=""), file.questions, file.lines)
    assert "no-objective" in rules(silent)
    assert errors(check([silent], KNOWN))
