"""Bank files are read completely, written back the same, and refused with every fault named."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.bank.markdown import SIZE_LIMIT, BankFile, print_file, read_content, read_file
from qbank.core.question import option_id
from qbank.errors import BankInvalid

STARTER = Path(__file__).parents[2] / "data" / "questions"

GOOD = """\
+++
id = "fixed-obstruction"
objective = "Relate a murmur to a fixed obstruction"
system = "cardiovascular"
section = "cardiovascular"
disciplines = ["physiology", "pathology"]
task = "foundational-science"
likelihood = "high"
sources = ["A text, chapter 3"]
review = "draft"
+++

# syncope-on-stairs

A man faints on the stairs.

| Test | Result |
|------|--------|
| Na   | 140    |

Which of the following is the cause?

- [ ] Decreased venous return

  It would not depend on effort.

  A second paragraph.

- [x] Fixed stroke volume

  The valve lets no more through.

> The valve sets the limit.

# gradient-at-rest
order = "fixed"
pinned = 1

Which of the following is the gradient?

- [ ] 10 mm Hg
- [x] 60 mm Hg
- [ ] None of the above
"""


def faults_of(text: str) -> list[tuple[int, str]]:
    with pytest.raises(BankInvalid) as caught:
        read_file("a.md", text, "own")
    assert all(fault.file == "a.md" and fault.mend for fault in caught.value.faults)
    return [(fault.line, fault.message) for fault in caught.value.faults]


def test_every_part_of_a_file_is_read() -> None:
    """Front matter, stem with table, options, explanations, attributes and the sentence to remember."""
    file = read_file("a.md", GOOD, "own")
    assert (file.objective.bank, file.objective.id) == ("own", "fixed-obstruction")
    assert file.objective.disciplines == ("physiology", "pathology")
    assert (file.objective.likelihood, file.objective.sources) == ("high", ("A text, chapter 3",))
    first, second = file.questions
    assert first.stem.startswith("A man faints")
    assert first.stem.endswith("is the cause?")
    assert "| Na   | 140    |" in first.stem
    assert first.key.text == "Fixed stroke volume"
    assert first.options[0].explanation == "It would not depend on effort.\n\nA second paragraph."
    assert first.options[0].id == option_id("Decreased venous return")
    assert first.remember == "The valve sets the limit."
    assert (second.fixed_order, second.pinned, second.remember) == (True, 1, "")
    assert second.stem == "Which of the following is the gradient?"
    assert file.lines == {"syncope-on-stairs": 13, "gradient-at-rest": 35}
    assert {question.objective for question in file.questions} == {"fixed-obstruction"}


def test_printing_is_canonical() -> None:
    """What is read prints and reads back the same, and printing twice changes nothing."""
    file = read_file("a.md", GOOD, "own")
    assert read_file("a.md", print_file(file), "own") == file
    assert print_file(read_file("a.md", print_file(file), "own")) == print_file(file)


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("\n", "\r"), ("+++\nid", "\ufeff+++\nid")])
def test_line_ends_and_byte_order_mark_do_not_matter(change: tuple[str, str]) -> None:
    """Files from other systems read the same."""
    text = GOOD.replace(*change, -1 if change[0] == "\n" else 1)
    assert text != GOOD
    assert read_content("a.md", text.encode(), "own") == read_file("a.md", GOOD, "own")


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('+++\nid = "fixed', 'id = "fixed', 1, "does not begin with +++"),
        ("+++\n\n# sync", "\n\n# sync", 1, "never ends"),
        ('system = "c', 'sistem = "c', 4, 'no key "sistem"'),
        ('disciplines = ["physiology", "pathology"]', 'disciplines = "physiology"', 6, '"disciplines"'),
        ('likelihood = "high"', 'likelihood = "huge"', 8, '"likelihood"'),
        ('task = "f', "task = f", 7, "not TOML"),
        ('objective = "Relate', 'objective = "\\u202eRelate', 3, "cannot be seen"),
        ('id = "fixed-obstruction"', 'id = "Fixed obstruction"', 2, "not kebab-case"),
        ("# syncope-on-stairs", "# Syncope on stairs", 13, "not kebab-case"),
        ("# gradient-at-rest", "# syncope-on-stairs", 35, "used twice"),
        ("# syncope-on-stairs\n", "Hello\n\n# syncope-on-stairs\n", 13, "before the first question"),
        ("- [x] Fixed", "- [ ] Fixed", 23, "has 0 keys"),
        ("- [ ] Decreased", "- [x] Decreased", 23, "has 2 keys"),
        ("- [ ] 10 mm Hg\n- [x] 60", "- [x] 60", 0, ""),
        ("- [ ] 10 mm Hg", "- [ ] 60  mm Hg", 42, "there twice"),
        ("- [ ] 10 mm Hg", "- 10 mm Hg", 41, "not an option"),
        ("- [ ] 10 mm Hg", "- [ ]", 41, "no text"),
        ("- [ ] 10 mm Hg", "* [ ] 10 mm Hg", 41, "not an option"),
        ("pinned = 1", "pinned = 9", 35, "pinned"),
        ("pinned = 1", "pined = 1", 36, 'no attribute "pined"'),
        ('order = "fixed"', 'order = "random"', 36, "order"),
        ("pinned = 1\n\n", "pinned = 1\n", 38, "directly"),
        ("  It would not depend", "It would not depend", 25, "belongs to no option"),
        ("A man faints on the stairs", "A man \x1b]52;c;eA==\x07faints", 15, "(U+001B)"),
        ("Which of the following is the gradient?\n\n", "", 35, "has no text"),
    ],
)  # fmt: skip
def test_a_fault_names_its_line(old: str, new: str, line: int, said: str) -> None:
    """Each way to break a file is found where it is."""
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    if not said:
        assert len(read_file("a.md", text, "own").questions[1].options) == 2
        return
    assert any(at == line and said in message for at, message in faults_of(text)), faults_of(text)


def test_all_faults_come_in_one_run() -> None:
    """Faults of the front matter and of every question are named together, with the nearest key."""
    text = GOOD.replace("system", "sytem", 1).replace("- [x]", "- [ ]")
    text = text.replace("disciplines = [", "disciplines = [1, ")
    with pytest.raises(BankInvalid) as caught:
        read_file("a.md", text, "own")
    assert len(caught.value.faults) == 4
    assert 'Did you mean "system"?' in str(caught.value)


def test_bytes_that_are_not_utf8_are_a_fault_with_a_line() -> None:
    """An encoding error is named where it stands, a file too large and a NUL as such."""
    with pytest.raises(BankInvalid, match=r"a\.md:15: The text is not UTF-8"):
        read_content("a.md", GOOD.encode().replace(b"A man", b"\xff man"), "own")
    with pytest.raises(BankInvalid, match="larger than"):
        read_content("a.md", b"+" * (SIZE_LIMIT + 1), "own")
    with pytest.raises(BankInvalid, match=r"U\+0000"):
        read_content("a.md", GOOD.encode().replace(b"A man", b"\0man"), "own")


def test_a_stem_that_looks_like_attributes_survives() -> None:
    """Attributes with default values keep a stem that begins like one apart from them."""
    text = GOOD.replace('order = "fixed"\npinned = 1\n', 'order = "shuffled"\n\nx = 5 in the\n')
    file = read_file("a.md", text, "own")
    assert file.questions[1].stem.startswith("x = 5")
    assert read_file("a.md", print_file(file), "own") == file


def test_a_file_that_would_not_read_back_is_not_printed() -> None:
    """Content that Markdown would take apart is refused, not changed."""
    file = read_file("a.md", GOOD, "own")
    first = file.questions[0]
    changed = replace(first, stem="A list:\n\n- [ ] of options")
    with pytest.raises(BankInvalid, match="read back"):
        print_file(BankFile(file.path, file.objective, (changed,), {}))


def test_the_bundled_bank_round_trips() -> None:
    """Every bundled file reads and is written back the same."""
    for path in sorted(STARTER.rglob("*.md")):
        file = read_content(path.name, path.read_bytes(), "starter")
        assert read_file(path.name, print_file(file), "starter") == file


PIECES = [
    *("\n", "\n\n", "- [ ] a\n", "- [x] b\n", "> c\n", "# d\n", "+++\n", "```\n", "    f\n", "* g\n"),
    *('order = "fixed"\n', "pinned = 1\n", "| a | b |\n|---|---|\n", "<div>\n", "<!-- ", "---\n", "===\n"),
    *("- [ ] ", "\\", "&#27;", '"', "'''", "[", "]", "{", "\0", "\x1b", "\u202e", "\x85", "\ufeff", "é"),
    *("  - [x] i\n", "[x]: y\n", "1. h\n", "- ", "\t", "  e\n"),
]  # fmt: skip


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """A good file with pieces put in, cut out or doubled."""
    text = GOOD
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        text = (
            text[:start]
            + draw(st.sampled_from(PIECES) | st.just(text[start:end] * 2) | st.text(max_size=5))
            + text[end:]
        )
    return text


@settings(max_examples=700, deadline=None)
@given(mangled())
def test_a_mangled_file_is_refused_or_round_trips(text: str) -> None:
    """Reading gives a file or BankInvalid; what was read prints, and reads back the same."""
    try:
        file = read_file("a.md", text, "own")
    except BankInvalid:
        return
    printed = print_file(file)
    again = read_file("a.md", printed, "own")
    assert again == file
    assert print_file(again) == printed


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.integers(0, len(GOOD)), st.booleans())
def test_mangled_bytes_are_read_or_refused(junk: bytes, at: int, alone: bool) -> None:
    """Any bytes give a file or BankInvalid."""
    content = junk if alone else GOOD.encode()[:at] + junk[:8] + GOOD.encode()[at:]
    with contextlib.suppress(BankInvalid):
        assert read_content("a.md", content, "own").questions


VARIANT = """\
+++
id = "screening"
objective = "Predict a predictive value"
except = ["no-sibling: its numbers are new each time"]
review = "draft"
+++

# town-screening
except = ["clang: both words are needed"]

```vars
n = 200..800 step 100
sick = n / 10   # a tenth
require sick > 20
```

Of {n} adults {sick:0} are sick.

Which of the following is the prevalence?

- [x] {100 * sick / n:0}%

  Of {n} adults {sick:0}.

- [ ] {sick:0}%

> A prevalence is a part of all.
"""


def test_a_variant_and_its_exceptions_read_back_the_same() -> None:
    """Its draws are no part of its text; exceptions belong to the question or to the file."""
    file = read_file("a.md", VARIANT, "own")
    (question,) = file.questions
    assert question.draws == "n = 200..800 step 100\nsick = n / 10   # a tenth\nrequire sick > 20"
    assert question.stem.startswith("Of {n} adults")
    assert file.exceptions == {
        "": {"no-sibling": "its numbers are new each time"},
        "town-screening": {"clang": "both words are needed"},
    }
    assert read_file("a.md", print_file(file), "own") == file


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("require sick > 20", "require ill > 20", 14, "ill is not defined"),
        ("Of {n} adults {sick:0} are", "Of {m} adults {sick:0} are", 11, "m is not defined"),
        ("n = 200..800 step 100", "n = 800..200", 12, "a range goes up"),
        ('except = ["clang', 'except = "clang', 9, "not TOML"),
    ],
)
def test_a_fault_of_a_variant_has_its_line(old: str, new: str, line: int, message: str) -> None:
    """Of the draws their own; of a text the block's."""
    faults = faults_of(VARIANT.replace(old, new))
    assert [(at, message in said) for at, said in faults] == [(line, True)]
