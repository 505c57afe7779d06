"""Formulas in a question's text, evaluated without `eval`: numbers, names, arithmetic and a dozen functions.

Decimal arithmetic to 28 digits, whose results are defined to the last digit (Cowlishaw, General Decimal Arithmetic), so
that a formula gives the same digits on every machine: sums as people type them (`core.arithmetic`) are floats, whose last
digits differ. Read once, it is worked out fast. Work is bounded: a formula is short, has no loop and no value beyond 10^60.
"""

import ast
import decimal
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import pairwise

import msgspec

LONGEST, MOST_PARTS = 300, 120
LARGEST_POWER = 64

Values = Mapping[str, Decimal]
_Evaluate = Callable[[Values], Decimal]
_Test = Callable[[Values], bool]

_CONTEXT = decimal.Context(
    prec=28,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-60,
    Emax=60,
    traps=[decimal.Overflow, decimal.DivisionByZero, decimal.InvalidOperation],
)


class FormulaError(ValueError):
    """A formula that cannot be read, or has no value for these numbers; the message says why."""


class Formula(msgspec.Struct, frozen=True):
    """A formula that was read. `names` are those it needs values for; `parts` is what it costs to work out, at most."""

    names: frozenset[str]
    evaluate: _Evaluate
    parts: int

    def value(self, values: Values) -> Decimal:
        """Raises FormulaError where there is none, as for a division by zero."""
        try:
            return self.evaluate(values)
        except decimal.DecimalException as error:
            raise FormulaError(_REASONS.get(type(error), "it has no value")) from error


class Condition(msgspec.Struct, frozen=True):
    """A comparison that was read, such as `0 < a <= b and c != 1`."""

    names: frozenset[str]
    test: _Test
    parts: int

    def holds(self, values: Values) -> bool:
        """Raises FormulaError where one of its sides has no value."""
        try:
            return self.test(values)
        except decimal.DecimalException as error:
            raise FormulaError(_REASONS.get(type(error), "it has no value")) from error


def read_formula(text: str) -> Formula:
    """The formula in a text such as `100 * tp / (tp + fn)`. Raises FormulaError."""
    node, names, parts = _parsed(text)
    return Formula(names, _number(node), parts)


def read_condition(text: str) -> Condition:
    """The comparison in a text. Raises FormulaError."""
    node, names, parts = _parsed(text)
    return Condition(names, _truth(node), parts)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Half up, as people round. Raises FormulaError for a number with too many digits."""
    try:
        return value.quantize(Decimal(1).scaleb(-decimals), decimal.ROUND_HALF_UP, _CONTEXT)
    except decimal.InvalidOperation as error:
        raise FormulaError("it is too large to be written out") from error


# Of these Python warns on the terminal while it parses: a number that runs into a word, and a backslash in quotes.
_DOUBTFUL = re.compile(r"(?<![\w.])[\d._]++(?:[eE][+-]?\d[\d_]*+)?+(?=[^\W\d])|[\"'\\]")


def _parsed(text: str) -> tuple[ast.expr, frozenset[str], int]:
    """The tree, its names and the count of its parts; each number's `kind` is its digits as they were written."""
    if len(text) > LONGEST:
        raise FormulaError(f"it is longer than {LONGEST} characters")
    text = text.strip()
    if _DOUBTFUL.search(text):
        raise FormulaError("it is no formula")
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError("it is no formula") from error
    nodes = list(ast.walk(tree))
    if len(nodes) > MOST_PARTS:
        raise FormulaError(f"it has more than {MOST_PARTS} parts")
    for node in nodes:
        if isinstance(node, ast.Constant):
            # A float would keep 17 of the digits.
            node.kind = ast.get_source_segment(text, node)
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    names = {node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called}
    return tree.body, frozenset(names), len(nodes)


def _number(node: ast.expr) -> _Evaluate:
    match node:
        case ast.Constant(value=int() | float() as constant, kind=str(digits)) if not isinstance(
            constant, bool
        ):
            number = Decimal(digits)
            if number.adjusted() > _CONTEXT.Emax:
                raise FormulaError(f"{digits} is too large")
            return lambda _: number
        case ast.Name(id=name):
            return lambda values: values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _number(operand)
            return lambda values: _CONTEXT.minus(inner(values))
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _number(operand)
        case ast.BinOp(left=left, op=operator, right=right):
            return _binary(operator, _number(left), _number(right))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            holds, then, other = _truth(test), _number(body), _number(orelse)
            return lambda values: then(values) if holds(values) else other(values)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _call(name, [_number(argument) for argument in arguments])
    raise FormulaError(f"{ast.unparse(node)!r} is not allowed; use numbers, names, + - * / ** and functions")


def _binary(operator: ast.operator, left: _Evaluate, right: _Evaluate) -> _Evaluate:
    if isinstance(operator, ast.Pow):
        return lambda values: _power(left(values), right(values))
    operation = _OPERATIONS.get(type(operator))
    if operation is None:
        raise FormulaError("of operators there are + - * / // % and **")
    return lambda values: operation(left(values), right(values))


def _call(name: str, arguments: list[_Evaluate]) -> _Evaluate:
    if name not in _FUNCTIONS:
        raise FormulaError(f"there is no function {name!r}; there are {', '.join(sorted(_FUNCTIONS))}")
    function, fewest, most = _FUNCTIONS[name]
    if not fewest <= len(arguments) <= most:
        raise FormulaError(f"{name} does not take {len(arguments)} numbers")
    return lambda values: _finite(function(*[argument(values) for argument in arguments]))


def _truth(node: ast.expr) -> _Test:
    match node:
        case ast.BoolOp(op=ast.And(), values=parts):
            tests = [_truth(part) for part in parts]
            return lambda values: all(test(values) for test in tests)
        case ast.BoolOp(op=ast.Or(), values=parts):
            tests = [_truth(part) for part in parts]
            return lambda values: any(test(values) for test in tests)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _truth(operand)
            return lambda values: not inner(values)
        case ast.Compare(left=left, ops=operators, comparators=others):
            sides = [_number(side) for side in (left, *others)]
            tests_of = [_COMPARISONS.get(type(operator)) for operator in operators]
            if None in tests_of:
                raise FormulaError("of comparisons there are < <= > >= == and !=")
            return lambda values: _chain([side(values) for side in sides], tests_of)
    raise FormulaError(f"{ast.unparse(node)!r} compares nothing")


def _chain(sides: list[Decimal], tests: list[Callable[[Decimal, Decimal], bool] | None]) -> bool:
    return all(test is not None and test(a, b) for test, (a, b) in zip(tests, pairwise(sides), strict=True))


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if abs(exponent) > LARGEST_POWER:
        raise FormulaError(f"a power beyond {LARGEST_POWER} is too large")
    return _finite(_CONTEXT.power(base, exponent))


def _finite(value: Decimal) -> Decimal:
    """Refuses infinity, which decimal gives for ln(0) and 0 ** -1 without a signal."""
    if not value.is_finite():
        raise FormulaError("it is infinite, as the logarithm of zero is")
    return value


def _round(value: Decimal, decimals: Decimal = Decimal(0)) -> Decimal:
    if decimals != decimals.to_integral_value() or not -12 <= decimals <= 12:
        raise FormulaError("a number is rounded to -12 up to 12 decimals")
    return rounded(value, int(decimals))


def _whole(rounding: str) -> Callable[[Decimal], Decimal]:
    def whole(value: Decimal) -> Decimal:
        try:
            return value.quantize(Decimal(1), rounding, _CONTEXT)
        except decimal.InvalidOperation as error:
            raise FormulaError("its value is too large") from error

    return whole


def _in_wholes(operation: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Decimal, Decimal], Decimal]:
    def divided(value: Decimal, by: Decimal) -> Decimal:
        if not by:
            raise FormulaError("it divides by zero")
        try:
            return operation(value, by)
        except decimal.InvalidOperation as error:
            raise FormulaError("its value is too large") from error

    return divided


def _log2(value: Decimal) -> Decimal:
    return _CONTEXT.divide(_CONTEXT.ln(value), _CONTEXT.ln(Decimal(2)))


_OPERATIONS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: _CONTEXT.add,
    ast.Sub: _CONTEXT.subtract,
    ast.Mult: _CONTEXT.multiply,
    ast.Div: _CONTEXT.divide,
    ast.FloorDiv: _in_wholes(_CONTEXT.divide_int),
    ast.Mod: _in_wholes(_CONTEXT.remainder),
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Decimal, Decimal], bool]] = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
}
_FUNCTIONS: dict[str, tuple[Callable[..., Decimal], int, int]] = {
    "abs": (_CONTEXT.abs, 1, 1),
    "ceil": (_whole(decimal.ROUND_CEILING), 1, 1),
    "exp": (_CONTEXT.exp, 1, 1),
    "floor": (_whole(decimal.ROUND_FLOOR), 1, 1),
    "ln": (_CONTEXT.ln, 1, 1),
    "log10": (_CONTEXT.log10, 1, 1),
    "log2": (_log2, 1, 1),
    "max": (lambda *found: max(found), 2, 9),
    "min": (lambda *found: min(found), 2, 9),
    "round": (_round, 1, 2),
    "sqrt": (_CONTEXT.sqrt, 1, 1),
}
_REASONS: dict[type[decimal.DecimalException], str] = {
    decimal.DivisionByZero: "it divides by zero",
    decimal.Overflow: "its value is too large",
    decimal.InvalidOperation: "it has no value, as the root or logarithm of a negative number has none",
}
