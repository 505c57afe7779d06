"""Sums: what people type means what they meant, and what nobody should type is refused in a sentence, at once."""

import math
import time
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.core.arithmetic import LARGEST, LONGEST, calculate, number_text
from qbank.errors import CannotCalculate, UsageError


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("140-(104+24)", 12),
        ("1 + 2 * 3", 7),
        ("(1+2)*3", 9),
        ("2^3^2", 512),
        ("2**-1", 0.5),
        ("-2^2", -4),
        ("--3", 3),
        ("+3", 3),
        ("3 x 4", 12),
        ("3x4", 12),
        ("3X(2)x4", 24),
        ("3 × 4 ÷ 6", 2),
        ("7·2 − 1 – 1", 12),
        ("1,200/4", 300),
        ("1,234,567.5 + 0", 1234567.5),
        ("15% x 200", 30),
        ("100 + 10%", 100.1),
        ("2**50%", math.sqrt(2)),
        ("max(1,200)", 200),
        ("max((1,200), 3)", 1200),
        ("min(3, 2, 5) + abs(-4)", 6),
        ("sqrt(16) x 2", 8),
        ("exp(0) + ln(1) + log10(1000)", 4),
        ("round(2.5)", 3),
        ("round(-2.5)", -3),
        ("round(2.675, 2)", 2.68),
        ("round(1234, -2)", 1200),
        ("6.1 + log10(24/(0.03*40))", 6.1 + math.log10(20)),
        ("007 + .5 + 5.", 12.5),
        ("0x10", 0),
        ("1e3 + 2E-1", 1000.2),
        ("3+4=", 7),
        ("  5  ", 5),
    ],
)
def test_what_is_typed_is_what_is_meant(typed: str, value: float) -> None:
    """Signs of every keyboard, an x for times, thousands with commas, percent, and the functions there are."""
    assert calculate(typed) == pytest.approx(value, rel=1e-12)


def test_names_stand_for_their_values() -> None:
    """What a name stands for is given by the caller, and an x that has a value is no longer a sign."""
    assert calculate("(Na - Cl) / x_2", {"Na": 140, "Cl": 100, "x_2": 8}) == 5
    assert calculate("2*x", {"x": 21}) == 42
    assert calculate("max(a, b) x 2", {"a": 1, "b": 3}) == 6


def test_whole_numbers_stay_whole() -> None:
    """Nothing is lost on the way to a result that floats cannot hold."""
    assert calculate("2**64 + 1") == 2**64 + 1
    assert isinstance(calculate("round(2.4)"), int)


@pytest.mark.parametrize(
    "typed",
    [
        "9**9**9",
        "9^9^9^9",
        "(9**99)**99",
        "(10**200)*(10**200)",
        "10**301",
        "1e400",
        "1e200*1e200",
        "exp(1000)",
        "2**1e9",
        "0.5**-99999999",
        "max(1e308, 1e309)",
        f"1{'0' * 150}**3",
    ],
)
def test_too_large_is_refused_at_once(typed: str) -> None:
    """No power is worked out to be found too large."""
    began_s = time.monotonic()
    with pytest.raises(CannotCalculate, match="too large"):
        calculate(typed)
    assert time.monotonic() - began_s < 0.5


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "no formula"),
        ("   ", "no formula"),
        ("=", "no formula"),
        ("1 +", "no formula"),
        ("(1", "no formula"),
        ("1)", "no formula"),
        ("()", "no formula"),
        ("1/0", "divides by zero"),
        ("0**-1", "divides by zero"),
        ("(-8)**0.5", "real numbers"),
        ("sqrt(-1)", "cannot take these values"),
        ("ln(0)", "cannot take these values"),
        ("max()", "cannot take these values"),
        ("max(3)", "cannot take these values"),
        ("round(2.5, 0.5)", "cannot take these values"),
        ("round(2.5, 99)", "cannot take these values"),
        ("sqrt(1, 2)", "cannot take these values"),
        ("log(10)", "no function 'log'"),
        ("Na - 3", "'Na' has no value"),
        ("3,5 + 1", "a decimal takes a point"),
        ("1,2000", "a decimal takes a point"),
        ("(3+4)%", "right behind a number"),
        ("%", "right behind a number"),
        ("15%%", "right behind a number"),
        ("2(3)", "side by side"),
        ("2 3", "side by side"),
        ("(2)(3)", "side by side"),
        ("1.5.2", "side by side"),
        ("15% 3", "side by side"),
        ("1_000", "side by side"),
        ("0b11", "side by side"),
        ("2j", "side by side"),
        ("max", "no formula"),
        ("max + 1", "no formula"),
        ("True", "no formula"),
        ("None", "no formula"),
        ("True + 1", "no formula"),
        ("1" * (LONGEST + 1), "too long"),
        ("-" * 150 + "1", "nested too deeply"),
        ("(" * 150 + "1", "no formula"),
    ],
)
def test_a_slip_is_answered_with_what_to_type(typed: str, said: str) -> None:
    """Whatever is no formula is told so, by what is wrong with it."""
    with pytest.raises(CannotCalculate, match=said):
        calculate(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "().__class__",
        "(1).real",
        "1 .real",
        "__import__('os')",
        "__import__(1)",
        "open(1)",
        "eval(1)",
        "print(1)",
        "lambda: 1",
        "[1,2]",
        "[x for x in (1,)]",
        "{1: 2}",
        "'a'*9",
        '"a"',
        "f'{1}'",
        "1 if 1 else 2",
        "1 and 2",
        "not(1)",
        "not 1",
        "1 < 2",
        "1 == 1",
        "1 // 2",
        "1 << 2",
        "1 | 2",
        "~1",
        "a = 1",
        "a := 1",
        "1; 2",
        "max(*[1])",
        "max(a=1)",
        "exp(1)(2)",
        "1\n2",
        "٣ + ٤",
        "１+１",
        "²",
        "½",
        "1 + \N{GREEK SMALL LETTER PI}",
        "\x1b[31m1",
        "1\x00",
        "# 1",
        "\\",
    ],
)
def test_nothing_but_sums_is_worked_out(typed: str) -> None:
    """Attributes, calls, comprehensions, texts, comparisons and digits of other scripts never get through."""
    with pytest.raises(CannotCalculate):
        calculate(typed)


@given(st.text(max_size=60) | st.text("0123456789.,+-*/^()%x eEmaxsqrtround", max_size=60))
def test_any_line_is_a_number_or_a_sentence(typed: str) -> None:
    """No line ends in anything but a real number within bounds or a sentence to the learner."""
    try:
        value = calculate(typed)
    except UsageError:
        return
    assert -LARGEST <= value <= LARGEST
    assert number_text(value)


def formulas() -> st.SearchStrategy[tuple[str, Fraction | None]]:
    """Formulas of whole numbers with their exact values, None where they divide by zero."""
    leaf = st.integers(0, 99).map(lambda n: (str(n), Fraction(n)))
    signs: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
    }

    def joined(
        inner: st.SearchStrategy[tuple[str, Fraction | None]],
    ) -> st.SearchStrategy[tuple[str, Fraction | None]]:
        def join(
            left: tuple[str, Fraction | None], sign: str, right: tuple[str, Fraction | None]
        ) -> tuple[str, Fraction | None]:
            a, b = left[1], right[1]
            value = None if a is None or b is None or (sign == "/" and b == 0) else signs[sign](a, b)
            return f"({left[0]}{sign}{right[0]})", value

        return st.builds(join, inner, st.sampled_from("+-*/"), inner)

    return st.recursive(leaf, joined, max_leaves=8)


@given(formulas())
def test_values_are_those_of_exact_fractions(formula: tuple[str, Fraction | None]) -> None:
    """The four operations and brackets give what fractions give, to what a float holds."""
    text, exact = formula
    if len(text) > LONGEST:
        return
    if exact is None:
        with pytest.raises(CannotCalculate, match="zero"):
            calculate(text)
    else:
        # Differences of nearly equal quotients lose digits that the numbers before them had.
        assert calculate(text) == pytest.approx(float(exact), rel=1e-9, abs=1e-9)


@given(st.integers(-(10**6), 10**6), st.integers(0, 6))
def test_rounding_is_that_of_paper(thousandths: int, digits: int) -> None:
    """Halves go away from zero, as a learner rounds."""
    typed = str(Decimal(thousandths).scaleb(-3))
    text = typed if "E" not in typed else "0"
    expected = Decimal(text).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    assert calculate(f"round({text}, {digits})") == float(expected)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12, "12"),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.3333333333"),
        (-0.0, "0"),
        (2**64, "1.844674407e+19"),
        (123456789, "123456789"),
        (1e-12, "1e-12"),
    ],
)
def test_a_result_has_ten_digits_at_most(value: float, text: str) -> None:
    """Neither the noise of floats nor digits beyond any use."""
    assert number_text(value) == text
