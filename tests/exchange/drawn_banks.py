"""Banks for laws about what goes out and comes back."""

from hypothesis import strategies as st

from qbank.core.option_order import keeps_order
from qbank.core.question import Objective, Option, Question, option_id
from qbank.core.text import hidden_characters
from qbank.exchange.mcq_fields import mended

KNOWN = {
    "system": {"cardiovascular": "Cardiovascular System", "renal": "Renal/Urinary System"},
    "discipline": {"pathology": "Pathology", "physiology": "Physiology"},
    "section": {"heart": "Heart"},
    "task": {"diagnosis": "Diagnosis"},
}
CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]) | st.sampled_from(
    "<>&]\"'*_\\`|\n\t "
)
TEXTS = st.text(CHARACTERS, max_size=40).map(mended).filter(lambda text: not hidden_characters(text))
LINES = TEXTS.map(lambda text: " ".join(text.split())).filter(bool)
BLOCKS = [
    "A man has *chest* **pain**.",
    "- rest\n- sleep",
    "1. one\n2. two",
    "3. three\n4. four",
    "| Na | K |\n| --- | --- |\n| 140 | 4 |",
    "| Na | K |\n|:-:|---|",
    "![A film](films/chest film.png)",
    "![](<a b.png>)",
    "> quoted\n> twice",
    "```\ncode < 1\n```",
    "# Heading",
    "---",
    '[a link](https://example.org "title") & <b>tags</b>',
    "[no](1:30) [web](<#a#b>) ![address](<http://a:b/>)",
    "line\\\nbreak\nand a soft one",
    "Correct.",
]
MARKDOWN = TEXTS | st.lists(st.sampled_from(BLOCKS) | LINES, min_size=1, max_size=4).map("\n\n".join)
MORE_BLOCKS = [
    "Setext *heading*\n====\n\n## two\n\n### three\n\n#### four\n\n##### five `a`\n\n###### six ![p](q.png)",
    "- a\n  - b\n\n    c\n\n    > d\n- ```python\n  e\n  ```",
    "1. a\n\n   | b | c |\n   | - | - |\n   | ![d](e.png) | [f](g) `h` |",
    "> # a\n> - b\n>   1. c\n>\n> ***\n>\n>     d",
    "-\n\n1.\n\n>\n\n#",
    "| a |\n| - |\n|  |",
    "[![a **b**](c.png 'd')](<e f> 'g') <http://h.org/?i=[j]&k=l%20m> ![](data:image/png;base64,AA==)",
    "H<sub>2</sub>O 10<sup>3</sup> <div>raw</div> <!-- no --> &nbsp;&lt;&copy; a``b` ***c***",
]
RICH = st.lists(st.sampled_from([*BLOCKS, *MORE_BLOCKS]) | LINES, min_size=1, max_size=4).map("\n\n".join)
"""Every markup there is, in every other."""
NAMES = st.tuples(
    st.sampled_from(["x", "3: y z", "é"]),
    st.from_regex(r"[a-z0-9]+([._-][A-Za-z0-9]+)*", fullmatch=True) | st.just("9" * 100) | st.just("été:1 a"),
)
"""What a bank and a question may be called."""
SLUGS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True)

Bank = tuple[list[Objective], list[Question]]


@st.composite
def banks(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS, *, any_order: bool = False) -> Bank:
    """Objectives, each with an own text, and questions on them such as a bank can hold.

    The order of options is what they say of it, or fixed by the author; with `any_order` it is any that an author can
    ask for.
    """
    named = draw(st.lists(LINES, min_size=1, max_size=3, unique=True))
    objectives = [
        Objective(
            "x",
            f"objective-{at}",
            text,
            draw(st.sampled_from(["", *KNOWN["system"]])),
            draw(st.sampled_from(["", *KNOWN["section"]])),
            tuple(draw(st.lists(st.sampled_from(sorted(KNOWN["discipline"])), unique=True))),
            draw(st.sampled_from(["", *KNOWN["task"]])),
        )
        for at, text in enumerate(named)
    ]
    names = draw(st.lists(SLUGS, min_size=1, max_size=4, unique=True))
    return objectives, [
        draw(questions(name, st.sampled_from(objectives), texts, any_order=any_order)) for name in names
    ]


@st.composite
def questions(
    draw: st.DrawFn,
    name: str,
    objectives: st.SearchStrategy[Objective],
    texts: st.SearchStrategy[str],
    *,
    any_order: bool,
) -> Question:
    """A question with options of one line."""
    lines = draw(st.lists(LINES, min_size=2, max_size=5, unique_by=option_id))
    key = draw(st.integers(0, len(lines) - 1))
    options = [Option(option_id(text), text, at == key, draw(texts)) for at, text in enumerate(lines)]
    fixed, pinned = keeps_order(lines)
    fixed = fixed or (not pinned and draw(st.booleans()))
    if any_order:
        fixed, pinned = draw(st.booleans()), draw(st.integers(0, len(lines)))
    stem, objective = draw(texts.filter(bool)), draw(objectives).id
    return Question("x", name, objective, stem, tuple(options), draw(texts), fixed, pinned)
