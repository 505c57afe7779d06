"""HTML becomes text that can be read as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.exchange.markup import to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>A man</p><p>with <b>fever</b>\n and cough.</p>", "A man\n\nwith fever and cough."),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<ul><li>a<li>b</ul>end", "- a\n- b\n\nend"),
        ("Na < 135 &amp; K > 5&nbsp;mmol", "Na < 135 & K > 5 mmol"),
        ("Ca<sup>2+</sup>, CO<sub>2</sub>, x<sup>ab</sup>", "Ca²⁺, CO₂, x^(ab)"),
        ('<img src="a/b.png" alt="A  cast">', "![A cast](a/b.png)"),
        ('<img src="$IMS-CC-FILEBASE$/b.png">', "![](b.png)"),
        ('<img src="data:image/png;base64,AAAA" alt="x">', "![x](inside the text)"),
        ('<img class="equation_image" data-equation-content="\\frac{1}{2}" src="x">', "\\frac{1}{2}"),
        ("a<script>alert(1)</script><style>p {}</style><!-- b -->c", "ac"),
        (
            "<table><tr><th>Ion</th><th>mmol</th></tr><tr><td>Na<td>120</table>",
            "| Ion | mmol |\n|---|---|\n| Na | 120 |",
        ),
        ("<table><tr><td>alone</td></tr></table>", "alone"),
        ("<table><caption>Salts</caption><td>a<td>b|c</table>", "Salts\n\n| a | b\\|c |\n|---|---|"),
        (
            "<m:math><m:mi>E</m:mi><m:mo>=</m:mo><m:msup><m:mi>c</m:mi><m:mn>2</m:mn></m:msup></m:math>",
            "E=c^2",
        ),
        ("", ""),
    ],
)
def test_markup_becomes_text(html: str, text: str) -> None:
    """Paragraphs, lists, tables, pictures, raised and lowered figures, formulas; what is no tag stays."""
    assert to_text(html) == text


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<td>", "<tr", '"', "<table>", "<!--", "<sup>", "a", " ", "&lt;", ">"]
        )
    )
)
def test_any_markup_gives_some_text(pieces: list[str]) -> None:
    """Broken markup is no error, and the text has no white space around it."""
    text = to_text("".join(pieces))
    assert text == text.strip()


@pytest.mark.parametrize(
    ("piece", "kept"),
    [("<table><tr><td>a<td>", "a"), ("<math><msup>é", "é"), ('<a "', "<"), ("<!--", "<"), ("<li>é<ul>", "é")],
)
def test_open_tags_and_deep_nesting_lose_and_double_nothing(piece: str, kept: str) -> None:
    """Each text comes once however deep it lies; reading each level twice would never end."""
    assert to_text(piece * 10_000).count(kept) == 10_000
