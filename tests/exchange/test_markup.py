"""HTML becomes the little Markdown that questions use, and whatever is no text stays out."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbank.exchange.markup import plain_to_text, to_line, to_text
from qbank.ui.layout import laid

PIECES = (
    *(
        "<p>",
        "</p>",
        "<br>",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<ul>",
        "</ul>",
        "<ol>",
        "<li>",
        "</li>",
        "<pre>",
        "</pre>",
    ),
    *(
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
        "<td colspan=3>",
        "<th>",
        "<sup>",
        "</sup>",
        "<sub>",
        "<script>",
        "</script>",
    ),
    *(
        "<img src='a.png'>",
        "<!--",
        "-->",
        "<![CDATA[",
        "<!DOCTYPE",
        "<?",
        "</",
        "<",
        ">",
        "&amp;",
        "&#27;",
        "&",
        "\\",
    ),
    *("*", "_", "`", "|", "[", "\n", " ", "\xa0", "word", "3"),
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>two</p>", "One\n\ntwo"),
        ("One<br>two<br/><br />three", "One\\\ntwo\n\nthree"),
        ("a\n  b&nbsp;c", "a b c"),
        ("<p>A <strong>firm</strong>, <em>mobile</em> mass</p>", "A **firm**, *mobile* mass"),
        ("<b>one<p>two</p></b>", "**one**\n\n**two**"),
        ("<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul>e", "- a\n  - b\n- c\\\nd\n\ne"),
        ("<ol><li>a<li>b</ol>", "1. a\n2. b"),
        ("x &lt; 5 &amp; y > 3", "x < 5 & y > 3"),
        ("pH < 7.2 and p<0.05", "pH < 7.2 and p<0.05"),
        ("<h3>Results</h3><blockquote>normal</blockquote>", "Results\n\nnormal"),
        ("<pre>a\n  b</pre>", "a\\\nb"),
        ('<a href="https://example.org">here</a>', "here"),
    ],
)
def test_blocks_and_words(html: str, text: str) -> None:
    """Paragraphs, breaks, lists, emphasis and signs end up as the reader of a question knows them."""
    assert to_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("H<sub>2</sub>O", "H2O"),
        ("10<sup>3</sup>/&micro;L and 10<sup>-3</sup>", "10^3/µL and 10^-3"),
        ("e<sup>-kt</sup>, x<sup>n+1</sup>", "e^-kt, x^(n+1)"),
        ("Na<sup>+</sup>, Ca<sup>2+</sup>, CD4<sup>+</sup>", "Na+, Ca2+, CD4+"),
        ("PO4<sup>3-</sup>", "PO4^3-"),
        ("<sup>131</sup>I, the 5<sup>th</sup>", "131I, the 5th"),
        ("H<b>2</b>O", "H2O"),
    ],
)
def test_raised_and_lowered_signs_keep_their_meaning(html: str, text: str) -> None:
    """A power is not read as a factor, and an ion not as a power."""
    assert to_text(html) == text


def test_a_table_is_a_pipe_table() -> None:
    """Cells hold one line, a spanning cell leaves the others of its row in their columns, and a caption comes before."""
    html = (
        "<table><caption>Serum</caption><tr><th>Test</th><th>Day 1</th><th>Day 2</th></tr><tr><td><p>Na</p>"
        "<p>K</p></td><td colspan='2'>a|b</td></tr><tr><td><table><tr><td>in</td><td>side</td></tr></table></td></tr>"
        "</table>after"
    )
    table = "| Test | Day 1 | Day 2 |\n| --- | --- | --- |\n| Na K | a\\|b |  |\n| in side |"
    assert to_text(html) == f"Serum\n\n{table}\n\nafter"
    assert laid(table, 80)[0].split() == ["Test", "Day", "1", "Day", "2"]


def test_a_table_that_only_lays_out_is_text() -> None:
    """One column is no table."""
    assert to_text("<table><tr><td><p>a</p><p>b</p></td></tr><tr><td>c</td></tr></table>") == "a\n\nb\n\nc"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<img src="@@PLUGINFILE@@/chest%20film.png?x=1">', "![](chest%20film.png?x=1)"),
        ('See<img src="a.png" alt="Chest film">here', "See ![Chest film](a.png) here"),
        ('<img src="data:image/png;base64,AAAA">', "![]()"),
    ],
)
def test_a_picture_keeps_its_alternative_text_and_path(html: str, text: str) -> None:
    """A picture within the text itself has no path."""
    assert to_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<script>alert('x < y')</script>a<style>p {}</style>", "a"),
        ("a<!-- b --><!--[if mso]>c<![endif]-->d", "ad"),
        ("<![if !supportLists]>a<![endif]><?xml:namespace o />b", "ab"),
        ("a<script>b", "a"),
        ("a <!-- b", "a"),
        ("a <b", "a <b"),
        ("a<<!x>!-- b", "a<!-- b"),
        ("soft\xadhyphen", "softhyphen"),
    ],
)
def test_what_is_no_text_is_left_out(html: str, text: str) -> None:
    """Scripts, comments and word processors' sections go, even unended; a lone sign stays."""
    assert to_text(html) == text


@pytest.mark.parametrize("text", ["HLA-B*27", "a*b*c", "5 * 3 * 2", "snake_case", "_____ is missing"])
def test_signs_that_mark_nothing_stay_bare(text: str) -> None:
    """Only what would be understood as a mark is escaped."""
    assert to_text(text) == text


@given(st.text(st.sampled_from("ab1*_`\\.-()[] "), max_size=25))
def test_every_character_is_shown_as_itself(text: str) -> None:
    """Text that is no markup is on the screen as it was in the file, white space folded."""
    words = " ".join(f"x {text} x".split())
    assert laid(to_text(f"x {text} x"), 200) == [words]
    assert laid(plain_to_text(f"x {text} x"), 200) == [words]


def test_plain_text_keeps_lines_and_tags() -> None:
    """In a text without markup a tag is text, and an empty line parts paragraphs."""
    assert plain_to_text("a\n<b>c</b>\n\n*d*") == "a\\\n<b>c</b>\n\n\\*d*"


def test_an_option_is_one_line() -> None:
    """Breaks and paragraphs become spaces."""
    assert to_line("<p>a<br>b</p><p>c</p>") == "a b c"


@settings(max_examples=500)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map("".join))
def test_any_html_is_read(html: str) -> None:
    """Nothing is too broken, and what stands for marks meanwhile never comes out."""
    text = to_text(html)
    assert text == text.strip("\n")
    assert not re.search("[\ue010-\ue013]", text)


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<!--", "<![CDATA[", "</a ", "<a x='", "<ul><li>x", "<table><tr><td>", "<b>"]
)
def test_unended_markup_does_not_grow(piece: str) -> None:
    """Thousands of pieces that end nowhere, each of which html.parser by itself would read on from, give no more text."""
    html = piece * (100_000 // len(piece))
    assert len(to_text(html)) <= len(html)
