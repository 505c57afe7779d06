"""Each rule finds its flaw and leaves good questions alone."""

import dataclasses
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import combinations

import pytest
from msgspec.structs import replace

from qbank.bank.craft_numbers import reference
from qbank.bank.lint import check, errors
from qbank.bank.markdown import BankFile, read_file
from qbank.bank.rules import RULES, Severity
from qbank.core.lab import LabGroup, LabTable, LabValue, Range, SIUnit
from qbank.core.sourced import Source
from qbank.errors import BankInvalid

KNOWN = {
    "system": ["cardiovascular", "respiratory-renal"],
    "section": ["cardiovascular"],
    "discipline": ["physiology", "pathology"],
    "task": ["foundational-science"],
}

VIGNETTE = "A 72-year-old man comes to the clinic because of two episodes of fainting on the stairs. " * 5
OTHER = "A girl of nine is seen at school after she fell while running across the yard with her friends. " * 5
QUESTION = """\
# {id}

{vignette}

{lead_in}

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
HEAD = """\
+++
id = "fixed-obstruction"
objective = "Relate a murmur"
system = "cardiovascular"
section = "cardiovascular"
disciplines = ["physiology"]
task = "foundational-science"
sources = ["A text, chapter 3"]
review = "draft"
+++

"""
FIRST = QUESTION.format(
    id="first-one", vignette=VIGNETTE, lead_in="Which of the following is the most likely cause?"
)
SECOND = QUESTION.format(
    id="second-one", vignette=OTHER, lead_in="Which of the following best explains her fall?"
)
LABS = LabTable(
    "2026",
    "",
    (
        LabGroup(
            "serum",
            "",
            (
                LabValue(
                    "Sodium",
                    ("Na",),
                    "mEq/L",
                    (Range(low=Decimal(136), high=Decimal(146)),),
                    Source("", "", ""),
                    SIUnit("mmol/L", 0, Source("", "", ""), factor=Decimal(1)),
                ),
                LabValue(
                    "Thyroxine, free",
                    ("FT4",),
                    "ng/dL",
                    (Range(low=Decimal("0.9"), high=Decimal("1.7")),),
                    Source("", "", ""),
                ),
            ),
        ),
    ),
)
REFERENCE = reference(LABS, ["metoprolol", "aspirin"])


def bank_file(**changes: str) -> BankFile:
    """A file without findings, with texts replaced in its first question and its front matter."""
    text = HEAD + FIRST
    for old, new in changes.items():
        text = text.replace(*_meant(old, new))
    return read_file("a.md", text + SECOND, "own")


def _meant(name: str, new: str) -> tuple[str, str]:
    named = {"lead_in": "Which of the following is the most likely cause?", "key": "Fixed stroke volume"}
    named |= {"option": "Raised arterial tone", "system": 'system = "cardiovascular"', "review": '"draft"'}
    named |= {"explanation": "  The effort rules it out.\n\n", "remember": "> The valve sets the limit.\n"}
    named |= {"discipline": '["physiology"]', "vignette": VIGNETTE, "source": '"A text, chapter 3"'}
    named |= {"words": "two episodes", "heading": "# first-one\n", "task": "task ="}
    named |= {"what": 'objective = "Relate a murmur"'}
    return named[name], new


def with_options(
    *texts: str, heading: str = "", lead_in: str = "Which of the following is the cause?"
) -> BankFile:
    """The same with other options, the first of them the key."""
    options = "".join(
        f"- [{' ' if at else 'x'}] {text}\n\n  It is said why.\n\n" for at, text in enumerate(texts)
    )
    question = f"# first-one\n{heading}\n{VIGNETTE}\n\n{lead_in}\n\n{options}> Remember.\n\n"
    return read_file("a.md", HEAD + question + SECOND, "own")


def variant(draws: str, *options: str, stem: str = "Of {n} persons {k} are ill. ") -> BankFile:
    """The same with a variant for its first question."""
    texts = "".join(
        f"- [{' ' if at else 'x'}] {text}\n\n  It is said why.\n\n" for at, text in enumerate(options)
    )
    question = (
        f"# first-one\n\n```vars\n{draws}\n```\n\n{VIGNETTE}{stem}\n\n"
        f"Which of the following is the risk?\n\n{texts}> Remember.\n\n"
    )
    return read_file("a.md", HEAD + question + SECOND, "own")


def many(
    place: Callable[[int], int],
    texts: Sequence[str] = ("One cause", "Two cause", "Six cause", "Ten cause"),
    heading: str = 'order = "fixed"\n',
) -> list[BankFile]:
    """Thirty questions of one system, the key of each at its place, the other texts around it."""
    files = []
    for number in range(30):
        options = list(texts[1:])
        options.insert(place(number), texts[0])
        boxes = "".join(f"- [{'x' if t == texts[0] else ' '}] {t}\n\n  Why.\n\n" for t in options)
        words = " ".join(f"word{number}x{at}" for at in range(70))
        head = HEAD.replace("fixed-obstruction", f"objective-{number:02}")
        text = f"{head}# q-{number}\n{heading}\n{words}.\n\nWhich of the following is the cause?\n\n{boxes}> R.\n"
        files.append(read_file(f"{number:02}.md", text, "own"))
    return files


def rules(*files: BankFile) -> list[str]:
    return [finding.rule for finding in check(files, KNOWN, reference=REFERENCE) if not finding.excepted]


def test_a_good_file_has_no_findings() -> None:
    """The rules leave a question alone that follows the guide."""
    assert rules(bank_file()) == []


GOOD_DRAWS = "n = 200..900 step 20\nk = 20..90 step 7\nrequire n % k > 0 and abs(200 * k / n - k) > 1"

BAD: dict[str, list[BankFile]] = {
    "duplicate-id": [bank_file(), dataclasses.replace(bank_file(), path="b.md")],
    "unknown-area": [bank_file(discipline='["phisiology"]')],
    "no-objective": [bank_file(what="")],
    "placeholder": [bank_file(option="<what somebody would really pick, 1>")],
    "no-area": [bank_file(discipline="[]")],
    "no-sibling": [dataclasses.replace(bank_file(), questions=bank_file().questions[:1])],
    "few-siblings": [bank_file(task='likelihood = "high"\ntask =')],
    "review-state": [bank_file(review='"physician"')],
    "source-shape": [bank_file(source='"A text"')],
    "option-count": [with_options("Fixed flow", "Low flow", "Slow rate")],
    "vignette-length": [bank_file(vignette="A man faints.")],
    "long-sentence": [bank_file(words=" ".join(["two"] * 40) + " episodes")],
    "open-lead-in": [bank_file(lead_in="The most likely cause is:")],
    "negative-lead-in": [bank_file(lead_in="Which of the following is least likely?")],
    "soft-lead-in": [bank_file(lead_in="Which of the following could be the cause?")],
    "article-cue": [
        bank_file(lead_in="His fainting is caused by a?", key="Obstructed valve, which is fixed")
    ],
    "number-cue": [bank_file(lead_in="Which of the following are the cause?", key="Fixed stroke volumes")],
    "all-or-none": [bank_file(option="None of the above")],
    "absolute": [bank_file(option="It is always fatal")],
    "vague-frequency": [bank_file(option="It is usually fatal")],
    "soft-wording": [bank_file(option="It may be fatal")],
    "unkind-word": [bank_file(words="what he claims to be two episodes")],
    "long-options": [bank_file(option="tone " * 26)],
    "repeated-words": [
        with_options(*(f"Loss of the {what}" for what in ("valve", "artery", "rhythm", "volume")))
    ],
    "mixed-kinds": [with_options("10%", "20%", "30%", "Forty", heading='order = "fixed"\n')],
    "exhaustive-set": [with_options("Increased", "Decreased", "Unchanged", "No change")],
    "opposite-pair": [with_options("Increased tone", "Decreased tone", "Slow rhythm", "Fixed flow")],
    "key-stands-out": [bank_file(key="Fixed stroke volume because the valve lets no more blood through")],
    "clang": [bank_file(key="Fixed flow on stairs")],
    "convergence": [
        with_options("Fixed valve, rigid aorta, narrow outlet", "Fixed valve", "Rigid aorta", "Narrow outlet")
    ],
    "no-explanation": [bank_file(explanation="")],
    "cites-a-letter": [bank_file(explanation="  As said for option A, no.\n\n")],
    "cites-place": [bank_file(option="Both A and B")],
    "no-remember": [bank_file(remember="")],
    "long-remember": [bank_file(remember="> The valve sets it. It is fixed. So he faints.\n")],
    "unsorted-options": [bank_file(option="Arterial tone")],
    "mixed-numbers": [with_options("1 day", "2 days", "2-4 days", "6 days", heading='order = "fixed"\n')],
    "numbers-shuffled": [with_options("10%", "20%", "30%", "40%")],
    "numbers-unsorted": [with_options("20%", "10%", "30%", "40%", heading='order = "fixed"\n')],
    "numbers-overlap": [
        with_options("1-10 days", "5-20 days", "21-30 days", "31-40 days", heading='order = "fixed"\n')
    ],
    "no-unit": [bank_file(words="a serum sodium of 128 and two episodes")],
    "unknown-unit": [bank_file(words="a serum sodium of 128 mg/dL and two episodes")],
    "reference-differs": [
        bank_file(words="a serum sodium of 128 mEq/L (reference 120-150) and two episodes")
    ],
    "drug-spelling": [bank_file(words="two tablets of metoprolool and two episodes")],
    "broken-table": [
        bank_file(vignette=VIGNETTE + "\n\n| Test | Result |\n| Sodium | 128 mEq/L |\n\nHe rests.")
    ],
    "same-case": [
        read_file("a.md", HEAD + FIRST + SECOND.replace(OTHER, VIGNETTE.replace("72", "71")), "own")
    ],
    "near-duplicate": [bank_file(), dataclasses.replace(bank_file(), path="b.md")],
    "key-balance": many(lambda _: 2),
    "key-run": many(lambda number: number // 8),
    "key-length": many(lambda number: number % 4, ("The longest", "Two cause", "Six cause", "Ten cause")),
    "draws-tie": [
        variant("n = 200..900 step 20\nk = 20 | 40 | 60", "{k}%", "{n / 10:0}%", "{n / 20:0}%", "{k + 1}%")
    ],
    "draws-nonsense": [variant(GOOD_DRAWS, "{100 * k / n:1}%", "{n}%", "{k - 1}%", "{k}%")],
    "draws-few": [
        variant("n = 200 | 300\nk = 10 | 20", "{100 * k / n:1}%", "{k + 70}%", "{k + 50}%", "{k + 60}%")
    ],
    "draws-rank": [variant(GOOD_DRAWS, "{k / n:3}", "{k}", "{k + 100}", "{k + 200}")],
    "draws-fail": [variant("n = 0..9\nk = 20..90", "{k}", "{k + 1}", "{k + 2}", "{k / n:1}")],
    "unknown-rule": [bank_file(heading='# first-one\nexcept = ["clan: why"]\n')],
    "idle-exception": [bank_file(heading='# first-one\nexcept = ["clang: both words are needed"]\n')],
    "no-source": [bank_file(source="")],
}
"""A bank for each rule that breaks it."""


@pytest.mark.parametrize("rule", RULES)
def test_a_flaw_is_found(rule: str) -> None:
    """Each flaw gives a finding of its rule, with a place and a mend."""
    findings = check(BAD[rule], KNOWN, reference=REFERENCE)
    assert rule in [finding.rule for finding in findings]
    assert all(finding.fault.file.endswith(".md") and finding.fault.mend for finding in findings)


def test_a_good_variant_has_no_findings() -> None:
    """Its key lies now before and now behind the number of a mistake."""
    apart = "\nrisk = 100 * k / n\nrequire " + " and ".join(
        f"abs({a} - {b}) > 1" for a, b in combinations(("risk", "(k - 19)", "n / 31", "n / 61"), 2)
    )
    good = variant(GOOD_DRAWS + apart, "{100 * k / n:1}%", "{k - 19}%", "{n / 31:1}%", "{n / 61:1}%")
    assert [rule for rule in rules(good) if rule.startswith("draws")] == []


@pytest.mark.parametrize(
    ("stem", "flawed"),
    [
        ("Of {n} persons {k} are ill. ", False),
        ("Of {n} persons {k / 7} are ill. ", True),
        ("A {n}-year-old man is one of {k}. ", True),
        ("Of {n} persons {k} have a pH of {k / 10:1}. ", True),
        ("Of {n} persons {k} have a urine pH of {5 + k / 100:1}. ", False),
        ("Of {n} persons {k} have {n / 10:1}°C. ", True),
        ("Of {n} persons {k} have 37.{k}°C. ", False),
        ("Of {n} persons {k} eat 120% of what they need. ", False),
        ("Of {n} persons {k} have an excess of -{k}. ", False),
        ("Of {n} persons {k} have an excess of {k - n}. ", True),
    ],
)
def test_what_no_patient_has_is_found_in_a_draw(stem: str, flawed: bool) -> None:
    """What the page itself says is meant."""
    file = variant(GOOD_DRAWS, "{100 * k / n:1}%", "{k - 19}%", "{n / 31:1}%", "{n / 61:1}%", stem=stem)
    assert ("draws-nonsense" in rules(file)) is flawed


def test_what_no_patient_has_is_found_in_an_explanation() -> None:
    """It is read as well."""
    file = variant(GOOD_DRAWS, "{100 * k / n:1}%", "{k - 19}%", "{n / 31:1}%", "{n / 61:1}%")
    question = file.questions[0]
    options = (replace(question.options[0], explanation="{n}% of them."), *question.options[1:])
    told = (replace(question, options=options), *file.questions[1:])
    assert "draws-nonsense" in rules(dataclasses.replace(file, questions=told))


@pytest.mark.parametrize("turned", [False, True])
def test_opposites_are_found_in_either_order(turned: bool) -> None:
    """Also where every one of several words is turned."""
    pair = ("Decreased, decreased, increased", "Decreased, decreased, decreased")
    rows = (*(pair[::-1] if turned else pair), "Normal, normal, low", "Normal, low, normal")
    assert "opposite-pair" in rules(with_options(*rows, heading='order = "fixed"\n'))


def test_keys_in_all_places_are_left_alone() -> None:
    """As good an order as chance gives."""
    found = rules(*many(lambda number: (number * 7 + number // 4) % 4))
    assert not {"key-balance", "key-run", "key-length"} & set(found)


@pytest.mark.parametrize("at", range(4))
def test_shuffled_keys_have_no_place(at: int) -> None:
    """Wherever they are written."""
    found = rules(*many(lambda _: at, heading=""))
    assert not {"key-balance", "key-run"} & set(found)


def test_a_place_without_keys_is_found() -> None:
    """Whoever notices leaves it out, and guesses among fewer."""
    assert "key-balance" in rules(*many(lambda number: number % 3))


def test_places_are_counted_over_systems() -> None:
    """A learner meets them mixed."""
    files = many(lambda _: 2)
    mixed = [
        dataclasses.replace(file, objective=replace(file.objective, system=system))
        for file, system in zip(files, ["cardiovascular", "respiratory-renal", ""] * 10, strict=True)
    ]
    assert "key-balance" in rules(*mixed)


def test_questions_without_a_system_are_told_as_such() -> None:
    """No sentence has a hole in it."""
    files = many(lambda number: number % 4, ("The longest", "Two cause", "Six cause", "Ten cause"))
    bare = [dataclasses.replace(each, objective=replace(each.objective, system="")) for each in files]
    messages = [finding.fault.message for finding in check(bare, KNOWN) if finding.rule == "key-length"]
    assert [message.split(",")[0] for message in messages] == ["Where no system is named"]


def test_a_rule_may_be_broken_for_a_reason() -> None:
    """The finding stays, with its reason, and warns no more."""
    file = bank_file(
        heading='# first-one\nexcept = ["clang: both need the word"]\n', key="Fixed flow on stairs"
    )
    assert rules(file) == []
    (finding,) = check([file], KNOWN)
    assert (finding.rule, finding.excepted) == ("clang", "both need the word")


def test_nothing_excuses_an_error() -> None:
    """An area that is not there keeps the bank from loading whatever the file says."""
    text = HEAD.replace('["physiology"]', '["phisiology"]').replace(
        "review =", 'except = ["unknown-area: I like it"]\nreview ='
    )
    assert errors([read_file("a.md", text + FIRST + SECOND, "own")], KNOWN)


@pytest.mark.parametrize(
    "words",
    [
        "a serum sodium of 128 mEq/L and two episodes",
        "a serum sodium of 128 mmol/L and two episodes",
        "a serum sodium of 128 mEq/L (reference 136-146) and two episodes",
        "a serum sodium of 128 mEq/L (reference for his laboratory 120-150) and two episodes",
        "two tablets of metoprolol, an aspirin and two episodes",
        "diabetic neuropathy and two episodes",
    ],
)
def test_ordinary_vignettes_are_left_alone(words: str) -> None:
    """Right units, ranges and spellings."""
    assert rules(bank_file(words=words)) == []


@pytest.mark.parametrize(
    "lead_in",
    [
        "Which of the following best explains why this patient is not febrile?",
        "A false-positive result is most likely with which of the following?",
        "Which of the following vitamins is lacking, given that he has had hepatitis A?",
        "Which of the following best explains why he cannot rise?",
        "Which of the following is the most likely reason that he should not rise?",
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
    start, end = FIRST.index("- [ ]"), FIRST.index("> ")
    source = FIRST[:start] + text + FIRST[end:]
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
    file = bank_file(system='system = "cardiovasculer"', remember="")
    assert {finding.severity for finding in check([file], KNOWN)} == {Severity.ERROR, Severity.WARNING}
    assert [fault.mend for fault in errors([file], KNOWN)] == ['Did you mean "cardiovascular"?']


@pytest.mark.parametrize(
    "result",
    [
        "a serum sodium of 128 mEq/L (N=120-150)",
        "a serum sodium of 128 mEq/L (N = 120-150 mEq/L)",
        "a free T4 of 2.1 ng/dL (N=0.8-1.8)",
        "a free thyroxine fallen from 4.8 to 2.1 ng/dL (reference 0.8-1.8)",
    ],
)
def test_a_reference_range_is_read_as_the_bank_writes_it(result: str) -> None:
    """With N or in words, and under the names that stems use."""
    assert set(rules(bank_file(words=result + " and two episodes"))) == {"reference-differs"}


@pytest.mark.parametrize("written", ["13..5-145", "1,-2", "136-146 and then 1-2"])
def test_a_mistyped_reference_range_hinders_nothing(written: str) -> None:
    """It is no range, and no crash."""
    words = f"a serum sodium of 140 mEq/L (reference {written}) and two episodes"
    assert set(rules(bank_file(words=words))) <= {"reference-differs"}


@pytest.mark.parametrize("words", ["a" * 60_000, "sodium of 5" + "a" * 60_000, "(N=" + "9" * 60_000])
def test_a_word_without_end_costs_no_time(words: str) -> None:
    """Its square would be minutes."""
    began = time.process_time()
    rules(bank_file(words=words + " two episodes"))
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "words",
    [
        "<age, sex, place, complaint, history, examination, results>",
        "<...>",
        "<one sentence>",
        "<2 findings> and <why>",
    ],
)
def test_a_page_that_is_not_filled_in_does_not_load(words: str) -> None:
    """Whichever of its marks is left."""
    assert [fault.message for fault in errors([bank_file(words=words + " two episodes")], KNOWN)]


@pytest.mark.parametrize(
    "words",
    [
        "a PO2 <40 and a p <.05 and a pH >7.3, with",
        "PCO2<PO2 and PO2>PCO2, and <a text at https://example.org or <b> in bold</b>, with",
        "CO<sub>2</sub><br/> and <https://example.org/a> and <me@example.org>, with",
        "`<name>` in a <span class='x'>text</span>, with",
    ],
)
def test_angles_that_are_no_mark_of_the_page_load(words: str) -> None:
    """Comparisons, links and HTML."""
    assert errors([bank_file(words=words + " two episodes")], KNOWN) == []


@pytest.mark.parametrize(
    ("options", "flawed"),
    [
        (("10%", "20%", "1/3", "1/2"), True),
        (("1 hour", "2 hours", "1 day", "2 days"), True),
        (("1 mg/dL", "2 mg/dL", "1 g/dL", "2 g/dL"), True),
        (("1-2 days", "3-4 days", "5-6 days", "7-8 days"), False),
        (("1 in 4", "1 in 3", "1 in 2", "2 in 3"), False),
        (("10 mL/min", "20 mL/min", "30 mL/min", "40 mL/min"), False),
    ],
)
def test_numbers_are_of_one_kind(options: tuple[str, ...], flawed: bool) -> None:
    """Nobody has to convert one to compare it."""
    found = rules(with_options(*options, heading='order = "fixed"\n'))
    assert ("mixed-numbers" in found) is flawed


@pytest.mark.parametrize(
    "options",
    [
        ("bone", "The cap", "Dura", "a web"),
        ('"After that?"', "“Before that?”", '"So?"', "'Then?'"),
        ("A clot", "An infarct", "Bone", "The cap"),
    ],
)
def test_the_alphabet_passes_over_case_quotes_and_articles(options: tuple[str, ...]) -> None:
    """With the articles or without them."""
    assert "unsorted-options" not in rules(with_options(*options))


@pytest.mark.parametrize(
    "lead_in",
    [
        "Which of the following drugs should not be given?",
        "Which of the following cannot explain his fainting?",
        "Which drug should never be combined with this one?",
    ],
)
def test_a_lead_in_that_asks_for_what_is_not_is_found(lead_in: str) -> None:
    """In whichever words."""
    assert "negative-lead-in" in rules(bank_file(lead_in=lead_in))


@pytest.mark.parametrize(
    ("review", "flawed"),
    [("physician (A. Writer, 2026-11-02)", False), ("cross-checked", False), ("physician, me", True)],
)
def test_a_physician_is_named_with_a_date(review: str, flawed: bool) -> None:
    """Or nobody knows who stands for it."""
    assert ("review-state" in rules(bank_file(review=f'"{review}"'))) is flawed


def test_an_error_cannot_be_excepted() -> None:
    """Whoever tries is told."""
    file = bank_file(heading='# first-one\nexcept = ["placeholder: I like it"]\n')
    (finding,) = check([file], KNOWN)
    assert finding.rule == "unknown-rule"
    assert "errors cannot be excepted" in finding.fault.message


@pytest.mark.parametrize(
    ("excepted", "message"),
    [
        ('"clang: one reason", "clang: another"', "there 2 times"),
        ('"clang: a \\u202ereason"', "cannot be seen"),
    ],
)
def test_an_exception_is_named_once_in_plain_text(excepted: str, message: str) -> None:
    """The second reason would hide the first, and a hidden character either."""
    with pytest.raises(BankInvalid) as caught:
        bank_file(heading=f"# first-one\nexcept = [{excepted}]\n")
    assert [message in fault.message for fault in caught.value.faults] == [True]


def test_an_unchecked_dimension_is_left_alone() -> None:
    """An exam without sections does not refuse a file that names one."""
    assert check([bank_file(system='system = "whatever"')], {}) == []


def test_ids_are_unique_over_the_bank() -> None:
    """Two files, or a file and one that was not read again, may not share an id."""
    file = bank_file()
    other = BankFile("b.md", file.objective, file.questions, file.lines)
    duplicated = errors([file, other], KNOWN)
    assert [(fault.file, fault.line) for fault in duplicated] == [("b.md", 1), ("b.md", 12), ("b.md", 36)]
    taken = errors([file], KNOWN, {"first-one": "c.md"})
    assert ["c.md" in fault.message for fault in taken] == [True]
    assert errors([file], KNOWN, {"first-one": "a.md"}) == []


def test_an_objective_that_nothing_describes_is_refused() -> None:
    """A file may leave its words to the exam's map; where that has none either, it says nothing."""
    file = bank_file()
    silent = BankFile("a.md", replace(file.objective, text=""), file.questions, file.lines)
    assert "no-objective" in rules(silent)
    assert errors([silent], KNOWN)
