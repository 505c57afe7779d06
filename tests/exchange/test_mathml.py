"""Formulas in MathML come as a line that keeps what stands above, below and over what."""

import pytest

from qbank.exchange.markup import to_text


def line(formula: str) -> str:
    return (
        to_text(f"<p>So <math>{formula}</math>.</p>")
        .removeprefix("So ")
        .removesuffix(".")
        .replace("\\_", "_")
    )


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><mn>1</mn>", "x^2 + 1"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>", "(a + b)/2"),
        ("<mfrac><mi>V</mi><mi>t</mi></mfrac><mo>=</mo><mo>-</mo><mn>3</mn>", "V/t = -3"),
        ("<msub><mi>V</mi><mi>max</mi></msub>", "V_max"),
        ("<msubsup><mi>x</mi><mn>0</mn><mn>2</mn></msubsup>", "x_0^2"),
        ("<msup><mi>e</mi><mrow><mo>-</mo><mi>k</mi><mi>t</mi></mrow></msup>", "e^(-kt)"),
        ("<msup><mi>Ca</mi><mrow><mn>2</mn><mo>+</mo></mrow></msup>", "Ca^2+"),
        ("<msqrt><mi>p</mi><mi>q</mi></msqrt>", "√pq"),
        ("<msqrt><mi>p</mi><mo>+</mo><mi>q</mi></msqrt>", "√(p + q)"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "x^(1/3)"),
        ("<mover><mi>x</mi><mo>¯</mo></mover>", "x\u0304"),
        ("<mi>sin</mi><mo>\u2061</mo><mi>x</mi>", "sin x"),
        ("<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover><mi>x</mi>", "∑_i^n x"),
        (
            "<mmultiscripts><mi>C</mi><mprescripts/><mn>6</mn><mn>14</mn></mmultiscripts>",
            "^14_6C",
        ),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a, b)"),
        ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>", "[1, 2]"),
        (
            "<semantics><mi>y</mi><annotation encoding='TeX'>\\frac y1</annotation></semantics>",
            "y",
        ),
        ("<m:msup><m:mi>x</m:mi><m:mn>3</m:mn></m:msup>", "x^3"),
    ],
)
def test_a_formula_keeps_what_stands_where(formula: str, text: str) -> None:
    assert line(formula) == text


def test_a_formula_without_text_says_what_it_says_to_those_who_cannot_see_it() -> None:
    assert to_text('<math alttext="x squared"><mspace/></math>') == "x squared"


def test_a_formula_that_does_not_end_ends_with_its_paragraph() -> None:
    assert to_text("<p>Take <math><mi>x</mi></p><p>Then <b>rest</b>.</p>") == "Take x\n\nThen **rest**."


def test_formulas_within_formulas_without_end_are_read_in_time() -> None:
    """What lies deeper than a formula can is read as if it lay there."""
    assert to_text("<math>" + "<mrow>" * 20_000 + "<mi>x</mi>") == "x"
