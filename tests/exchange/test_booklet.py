"""The booklet to print: every question once, its key at the end, and nothing that reaches outside of it."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from qbank.core.question import Objective, Option, Question, option_id
from qbank.exchange.booklet import leaves, write_booklet
from qbank.exchange.booklet_markdown import write_booklet_markdown

GIF = b"GIF89a\x01\0\x01\0\0\0\0;"
PATH = "pictures/0123456789abcdef0123456789abcdef.gif"
HOSTILE = (
    "<script>alert(1)</script> ![a <b>](http://evil.example/x.png) [words](javascript:alert(2)) \x1b[31m "
    "<img src=x onerror=y>\n\n# Not a heading\n\n</style>"
)
LICENCES = {"x": "CC BY 4.0, <somebody>.", "y": ""}


def question(number: int, bank: str = "x", stem: str = "") -> Question:
    """A question whose first option is its key."""
    texts = [f"Option {number}{letter}" for letter in "pqrst"]
    options = tuple(
        Option(option_id(text), text, at == 0, f"Because {text}.") for at, text in enumerate(texts)
    )
    return Question(bank, f"q{number}", "o", stem or f"Stem {number}?", options, f"Remember {number}.")


OBJECTIVES = [Objective("x", "o", "Know *it*"), Objective("y", "o", "Know that")]


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def page(asked: list[Question], pictures: Mapping[str, bytes] | None = None) -> Page:
    return Page(write_booklet(asked, OBJECTIVES, pictures or {}, LICENCES).decode())


def test_every_question_is_there_once_and_then_its_key() -> None:
    """By its number; the letter of the key is that of the option on the page."""
    asked = [question(number) for number in range(1, 30)]
    text = page(asked).text
    body, _, key = text.partition("Key")
    for leaf in leaves(asked, OBJECTIVES):
        assert body.count(f"Stem {leaf.number}?") == 1
        assert f"{leaf.key}Option {leaf.number}p" in body
        assert re.search(rf"\b{leaf.number} {leaf.key}\b", key)
        assert f"Because Option {leaf.number}p." in key
        assert f"Remember {leaf.number}." in key


def test_keys_do_not_all_have_the_letter_that_their_author_gave_them() -> None:
    """Options are shuffled where they may be, the same in every booklet, and stay where they may not."""
    asked = [question(number) for number in range(40)]
    letters = [leaf.key for leaf in leaves(asked, [])]
    assert set(letters) == set("ABCDE")
    assert letters == [leaf.key for leaf in leaves(asked, OBJECTIVES)]
    fixed = replace(asked[0], fixed_order=True)
    assert next(leaves([fixed], [])).key == "A"


def test_a_text_brings_no_tags_no_headings_and_no_addresses_of_its_own() -> None:
    """It is shown as it stands; pictures from elsewhere are named."""
    before, after = page([question(1)]), page([question(1, stem=HOSTILE)])
    assert {tag for tag, _ in after.tags} == {tag for tag, _ in before.tags}
    assert not any({"href", "src", "onerror"} & attributes.keys() for _, attributes in after.tags)
    for shown in (
        "<script>alert(1)</script>",
        "[Picture: a <b>]",
        "words",
        "<U+001B>",
        "# Not a heading",
        "</style>",
    ):
        assert shown in after.text
    assert "evil.example" not in write_booklet([question(1, stem=HOSTILE)], [], {}, {}).decode()


def test_pictures_stand_in_the_page() -> None:
    """Those that are handed over; another is named, and what is no picture is none."""
    asked = [question(1, stem=f"Look:\n\n![A film]({PATH})\n\n![Gone](pictures/other.png)")]
    found = page(asked, {PATH: GIF})
    (shown,) = [attributes for tag, attributes in found.tags if tag == "img"]
    assert shown["alt"] == "A film"
    assert (shown["src"] or "").startswith("data:image/gif;base64,R0lG")
    assert "[Picture: Gone]" in found.text
    assert not any(tag == "img" for tag, _ in page(asked, {PATH: b"<svg onload=x>"}).tags)


def test_where_the_questions_come_from_is_said_with_the_licence() -> None:
    """Each bank with its count."""
    text = page([question(1), question(2), question(3, bank="y")]).text
    assert "x: 2 questions. CC BY 4.0, <somebody>." in text
    assert "y: 1 question." in text


def test_tables_and_lists_are_laid_out() -> None:
    """The little Markdown that questions use."""
    stem = "Results:\n\n| Test | Value |\n|---|---|\n| Sodium | 141 |\n\n- one\n- two\n\nWhich?"
    tags = [tag for tag, _ in page([question(1, stem=stem)]).tags]
    assert {"table", "th", "td", "ul", "li"} <= set(tags)


@pytest.mark.parametrize("count", [1, 12])
def test_the_booklet_as_markdown_says_the_same(count: int) -> None:
    """Questions, key, explanations, licence; tags and headings of texts are shown."""
    asked = [question(number) for number in range(1, count + 1)] + [question(99, stem=HOSTILE)]
    text = write_booklet_markdown(asked, OBJECTIVES, {}, LICENCES).decode()
    for leaf in leaves(asked, OBJECTIVES):
        assert text.count(f"\n## {leaf.number}\n") == 1
        assert f"\n## {leaf.number}: {leaf.key}\n" in text
        assert f"- **{leaf.key}.** {leaf.question.key.text}\n" in text
    assert "&lt;script>" in text
    assert "<script>" not in text
    assert "\n\\# Not a heading" in text
    assert "evil.example" not in text
    picture = write_booklet_markdown([question(1, stem=f"![A film]({PATH})")], [], {PATH: GIF}, {}).decode()
    assert "![A film](data:image/gif;base64," in picture
