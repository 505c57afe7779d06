"""Sums as people type them: numbers, + - * / ** and brackets, a few functions, and names with given values.

What is typed is read here token by token, so nothing but numbers, names and operators ever reaches the evaluator; and every
step is held under limits, so no formula takes long.

    x X * × ·      times, where an x stands alone and is not a name with a value
    / ÷            divided by
    ^ **           to the power of
    15%            0.15: a number with % is a hundredth of it, whatever stands before it
    1,200.5        commas group thousands; inside a function's brackets they part its arguments
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from qbank.errors import CannotCalculate

Number = int | float

LONGEST = 200
"""Characters that a formula may have."""

DEEPEST = 100
"""How many operations may lie inside one another, as each sum does in the next of a long one."""

LARGEST = 1e300
"""No step may give more than this, which is far from where floats end and integers get slow."""

DIGITS = 10
"""Significant digits of a shown result."""


def calculate(text: str, names: Mapping[str, Number] | None = None) -> Number:
    """The value of a formula, an int where it is made of whole numbers and needs no division.

    `names` are the values that words in it stand for. Raises CannotCalculate, with what is wrong in a sentence.
    """
    known = dict(names or {})
    tree = _parsed(_python(text.strip().rstrip("= "), known))
    _refuse_deep(tree)
    return _evaluated(tree, known)


def number_text(value: Number) -> str:
    """A result with at most 10 significant digits, without zeros that say nothing."""
    text = f"{value:.{DIGITS}g}"
    return "0" if text == "-0" else text


_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+(?![0-9.]))?"
    r"|\.[0-9]+(?:[eE][+-]?[0-9]+(?![0-9.]))?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)|(?P<sign>\*\*|[-+*/^()%,×·∙⋅÷−–]))"
)
_PLAIN_NUMBER = re.compile(r"\s*(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
_TIMES = re.compile(r"\s*[xX](?![A-Za-z_])")
_SIGNS = {"×": "*", "·": "*", "∙": "*", "⋅": "*", "÷": "/", "−": "-", "–": "-", "^": "**"}
_ENDS = frozenset({"number", "name", ")", "%"})
_BEGINS = frozenset({"number", "name", "("})
_X = frozenset("xX")
_COMMA = "A comma groups thousands, as in 1,200; a decimal takes a point, as in 3.5."
_TOO_LARGE = "This is too large to work out. Try smaller numbers."
_NO_FORMULA = "This is no formula. Type one such as 140-(104+24) or 0.7*70/1.2"


def _python(text: str, known: Mapping[str, Number]) -> str:
    """The formula in Python's own signs, from which anything else has been refused."""
    if not text:
        raise CannotCalculate(_NO_FORMULA)
    if len(text) > LONGEST:
        raise CannotCalculate(f"This is too long. A formula has at most {LONGEST} characters.")
    written: list[str] = []
    before = ""
    for kind, token in _tokens(text, known):
        if kind == "%":
            if before != "number":
                raise CannotCalculate("A % belongs right behind a number, as in 15%. Or write / 100.")
            written[-1] = f"({written[-1]}/100)"
        elif before in _ENDS and kind in _BEGINS and not (before == "name" and kind == "("):
            raise CannotCalculate("Two values stand side by side. Write * or x between them.")
        else:
            written.append(token)
        before = kind
    return " ".join(written)


def _tokens(text: str, known: Mapping[str, Number]) -> Iterator[tuple[str, str]]:
    """Each token as Python writes it, after its kind: number, name, sign, or the bracket or % that it is."""
    calls: list[bool] = []
    """Whether each open bracket is a function's."""
    at, before, last = 0, "", ""
    while at < len(text):
        in_call = bool(calls and calls[-1])
        kind, token, at = _next(
            text, at, in_call=in_call, may_multiply=before in _ENDS and not _X & known.keys()
        )
        if token == "(":
            calls.append(before == "name" and last not in known)
        elif token == ")" and calls:
            calls.pop()
        elif token == "," and not in_call:
            raise CannotCalculate(_COMMA)
        before, last = kind, token
        yield kind, token


def _next(text: str, at: int, *, in_call: bool, may_multiply: bool) -> tuple[str, str, int]:
    """The token at a place: its kind, its Python text, and the place behind it."""
    times = _TIMES.match(text, at) if may_multiply else None
    if times:
        return "sign", "*", times.end()
    found = (_PLAIN_NUMBER.match(text, at) if in_call else None) or _TOKEN.match(text, at)
    if not found:
        raise CannotCalculate(f"{text[at:].strip()[:1]!r} has no meaning here. {_NO_FORMULA}")
    kind = found.lastgroup or "sign"
    token = found[kind]
    if kind == "number":
        return kind, _plain(token), found.end()
    return token if token in "()%" else kind, _SIGNS.get(token, token), found.end()


def _plain(number: str) -> str:
    """A number as Python writes it: without thousands' commas and leading zeros."""
    digits = number.replace(",", "")
    return digits.lstrip("0") if digits.lstrip("0")[:1].isdigit() else "0" + digits.lstrip("0")


def _parsed(text: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, MemoryError, RecursionError) as error:
        raise CannotCalculate(_NO_FORMULA) from error


def _refuse_deep(tree: ast.expr) -> None:
    """Whatever is nested too far, before anything is worked out."""
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST):
        level = [
            child for node in level for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)
        ]
        if not level:
            return
    raise CannotCalculate("This is nested too deeply. Work it out in two steps.")


def _evaluated(tree: ast.expr, known: Mapping[str, Number]) -> Number:
    # Imported here: few formulas are ever typed, and a block should start fast.
    from simpleeval import FunctionNotDefined, InvalidExpression, NameNotDefined, SimpleEval

    machine = SimpleEval(operators=_OPERATORS, functions=_FUNCTIONS, names=dict(known))
    machine.nodes = {kind: handle for kind, handle in machine.nodes.items() if kind in _NODES}
    try:
        return _held(machine.eval("", previously_parsed=tree))
    except FunctionNotDefined as error:
        raise CannotCalculate(f"There is no function {error.func_name!r}. {_KNOWN_FUNCTIONS}") from error
    except NameNotDefined as error:
        raise CannotCalculate(f"{error.name!r} has no value here. {_KNOWN_FUNCTIONS}") from error
    except ZeroDivisionError as error:
        raise CannotCalculate("This divides by zero.") from error
    except OverflowError as error:
        raise CannotCalculate(_TOO_LARGE) from error
    except InvalidExpression as error:
        raise CannotCalculate(_NO_FORMULA) from error
    except (ValueError, TypeError) as error:
        raise CannotCalculate("A function here cannot take these values. " + _KNOWN_FUNCTIONS) from error


def _held(value: Any) -> Number:  # noqa: ANN401 - what an operator gives has no narrower type
    """The value of a step. Raises CannotCalculate for what is no real number, or too large to go on with."""
    if isinstance(value, complex):
        raise CannotCalculate("This has no value among the real numbers.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CannotCalculate(_NO_FORMULA)
    if not -LARGEST <= value <= LARGEST:
        raise CannotCalculate(_TOO_LARGE)
    return value


def _stepped(step: Callable[..., Any]) -> Callable[..., Number]:
    return lambda *values: _held(step(*map(_held, values)))


def _power(base: Number, exponent: Number) -> object:
    """The power, once it is known to be small enough to be worked out at once."""
    if base and abs(base) != 1 and exponent * math.log10(abs(base)) > math.log10(LARGEST):
        raise CannotCalculate(_TOO_LARGE)
    result: object = base**exponent
    return result


def _round(value: Number, digits: Number = 0) -> Number:
    """Half away from zero, as on paper; to whole numbers without `digits`."""
    if not isinstance(digits, int) or not -DIGITS <= digits <= DIGITS:
        raise ValueError(digits)
    exact = Decimal(repr(value))
    rounded = (
        exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _WIDE) if _is_long(exact, digits) else exact
    )
    return float(rounded) if digits > 0 else int(rounded)


def _is_long(exact: Decimal, digits: int) -> bool:
    """Whether a number has digits behind the last that is kept."""
    exponent = exact.as_tuple().exponent
    return isinstance(exponent, int) and exponent < -digits


_WIDE = Context(prec=400)
"""Room for every digit of the largest number."""

_OPERATORS: dict[type[ast.AST], Callable[..., Number]] = {
    ast.Add: _stepped(operator.add),
    ast.Sub: _stepped(operator.sub),
    ast.Mult: _stepped(operator.mul),
    ast.Div: _stepped(operator.truediv),
    ast.Pow: _stepped(_power),
    ast.USub: _stepped(operator.neg),
    ast.UAdd: _stepped(operator.pos),
}
_FUNCTIONS: dict[str, Callable[..., Number]] = {
    "abs": _stepped(abs),
    "exp": _stepped(math.exp),
    "ln": _stepped(math.log),
    "log10": _stepped(math.log10),
    "max": _stepped(max),
    "min": _stepped(min),
    "round": _stepped(_round),
    "sqrt": _stepped(math.sqrt),
}
_NODES = frozenset({ast.BinOp, ast.UnaryOp, ast.Constant, ast.Name, ast.Call})
_KNOWN_FUNCTIONS = f"There are {', '.join(_FUNCTIONS)}."
