"""Variants: one question whose numbers are drawn anew each time, with distractors that follow from the same numbers.

A question's `draws` says what is drawn and what follows from it, a line each:

    n = 100..400 step 20        drawn, each step alike likely
    dose = 2 | 5 | 10           drawn, each of these alike likely
    tp = n * 0.8                derived from what stands above
    require tp > 50             drawn again until it holds

Its texts hold formulas in braces: `{tp}` as it is, `{tp / n:2}` with two decimals, `{n:,0}` with thousands marked.
"""

import random
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from qbank.core.formula import Condition, Formula, FormulaError, read_condition, read_formula, rounded
from qbank.core.option_order import quantity
from qbank.core.question import Question
from qbank.errors import VariantInvalid

MOST_LINES, MOST_STEPS, MOST_ATTEMPTS = 60, 10_000, 1_000
MOST_WORK = 100_000
"""Parts of formulas that are worked out for one seed; the bundled bank needs a quarter. Dear functions take a second."""

SEEDS_TRIED, SEED_STEP = 64, 1_000_003
"""A step that the seeds of a block, which are neighbours, do not meet."""

GENERATOR = 1
"""How numbers are drawn and written. Whoever changes it keeps the old way for what was served by it."""

Values = dict[str, Decimal]


def with_numbers(question: Question, seed: int) -> Question:
    """A variant as it is asked under a seed, its options with their ids; any other question as it is.

    Raises VariantInvalid.
    """
    if not question.draws:
        return question
    recipe = read_recipe(question.draws)
    names, values = names_of(recipe), recipe.numbers(seed)
    if "{" in question.remember:
        raise VariantInvalid("The sentence to remember holds for all numbers: leave formulas out of it.")

    def filled(text: str) -> str:
        try:
            return read_text(text, names).with_numbers(values)
        except FormulaError as error:
            raise VariantInvalid(f"A formula in {text[:60]!r} has no value: {error}.") from error

    return replace(
        question,
        draws="",
        stem=filled(question.stem),
        options=tuple(
            replace(option, text=filled(option.text), explanation=filled(option.explanation))
            for option in question.options
        ),
    )


def drawable(question: Question, seed: int) -> tuple[int, Question]:
    """The first seed from this one on that can be drawn, in steps of SEED_STEP, and the question under it.

    Raises VariantInvalid, with the question's name, when none of SEEDS_TRIED can.
    """
    reason = ""
    for number in range(SEEDS_TRIED):
        try:
            return seed + number * SEED_STEP, with_numbers(question, seed + number * SEED_STEP)
        except VariantInvalid as error:
            reason = str(error)
    raise VariantInvalid(
        f"The numbers of {question.id} cannot be drawn. {reason} See: qbank bank preview {question.id}"
    )


def by_size(drawn: Question) -> tuple[str, ...] | None:
    """The ids of a drawn variant's options by the size of their numbers; None unless all are numbers."""
    sizes = [(quantity(option.text), option.id) for option in drawn.options]
    numbers = [(size.low, size.high, name) for size, name in sizes if size]
    return tuple(name for _, _, name in sorted(numbers)) if len(numbers) == len(sizes) else None


class Draw(NamedTuple):
    """One number that is drawn from these."""

    name: str
    choices: Sequence[Decimal]


class Derived(NamedTuple):
    name: str
    formula: Formula


class Recipe(msgspec.Struct, frozen=True):
    """What a variant's numbers are made by, in order; `conditions` are tried after each attempt."""

    steps: tuple[Draw | Derived, ...]
    conditions: tuple[Condition, ...]

    def numbers(self, seed: int) -> Values:
        """The numbers of this seed, the same for ever. Raises VariantInvalid when none are found that meet all conditions.

        Draws only from `random.Random(seed).random()`, whose stream Python guarantees.
        """
        draw = random.Random(seed).random
        reason = "no draw meets what is required"
        attempts = min(MOST_ATTEMPTS, max(1, MOST_WORK // self._work))
        for _ in range(attempts):
            try:
                values = self._drawn(draw)
                if all(condition.holds(values) for condition in self.conditions):
                    return values
            except FormulaError as error:
                reason = str(error)
        raise VariantInvalid(f"In {attempts} attempts {reason}.")

    @property
    def _work(self) -> int:
        """The parts of one attempt."""
        derived = sum(step.formula.parts if isinstance(step, Derived) else 1 for step in self.steps)
        return derived + sum(condition.parts for condition in self.conditions)

    def _drawn(self, draw: Callable[[], float]) -> Values:
        values: Values = {}
        # All is drawn first, so that a formula without a value does not change what the next attempt draws.
        for step in self.steps:
            if isinstance(step, Draw):
                values[step.name] = step.choices[int(draw() * len(step.choices))]
        for step in self.steps:
            if isinstance(step, Derived):
                values[step.name] = step.formula.value(values)
        return values


@lru_cache(maxsize=256)
def read_recipe(draws: str) -> Recipe:
    """The recipe in these lines. Raises VariantInvalid with the line."""
    lines = draws.split("\n")
    if len(lines) > MOST_LINES:
        raise VariantInvalid(f"There are more than {MOST_LINES} lines.", MOST_LINES)
    steps: list[Draw | Derived] = []
    conditions: list[Condition] = []
    known: set[str] = set()
    for number, line in enumerate(lines, 1):
        text = line.split("#", 1)[0].strip()
        try:
            if not text:
                continue
            if text.startswith("require "):
                conditions.append(_condition(text.removeprefix("require "), known))
                continue
            step = _step(text, known)
        except FormulaError as error:
            raise VariantInvalid(f"{text!r} cannot be used: {error}.", number) from error
        known.add(step.name)
        steps.append(step)
    if not any(isinstance(step, Draw) for step in steps):
        raise VariantInvalid("Nothing is drawn.", 1)
    return Recipe(tuple(steps), tuple(conditions))


class Text(msgspec.Struct, frozen=True):
    """A text with formulas in braces, taken apart: plain pieces and (formula, decimals, thousands marked)."""

    parts: tuple[str | tuple[Formula, int | None, bool], ...]

    def with_numbers(self, values: Values) -> str:
        """Raises FormulaError for a formula without a value."""
        return "".join(part if isinstance(part, str) else _written(part, values) for part in self.parts)


@lru_cache(maxsize=2_048)
def read_text(text: str, names: frozenset[str]) -> Text:
    """The text taken apart; `names` are what its formulas may use. Raises VariantInvalid."""
    parts: list[str | tuple[Formula, int | None, bool]] = []
    for at, piece in enumerate(re.split(r"\{([^{}\n]*)\}", text)):
        if at % 2 == 0:
            if "{" in piece or "}" in piece:
                raise VariantInvalid("A brace stands alone in the text.")
            parts.append(piece)
            continue
        match = _PLACE.fullmatch(piece)
        if match is None:
            raise VariantInvalid(f"{{{piece}}} is no formula with decimals, such as {{a / b:2}}.")
        try:
            formula = read_formula(match["formula"])
            _refuse_unknown(formula.names, names)
        except FormulaError as error:
            raise VariantInvalid(f"{{{piece}}} cannot be used: {error}.") from error
        parts.append((formula, int(match["decimals"]) if match["decimals"] else None, bool(match["comma"])))
    return Text(tuple(parts))


def names_of(recipe: Recipe) -> frozenset[str]:
    """What a variant's texts may use."""
    return frozenset(step.name for step in recipe.steps)


_PLACE = re.compile(r"\s*(?P<formula>[^:]+?)\s*(?::(?P<comma>,)?(?P<decimals>\d)?)?\s*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_RANGE = re.compile(r"(?P<low>-?[\d.]+)\s*\.\.\s*(?P<high>-?[\d.]+)(?:\s+step\s+(?P<step>[\d.]+))?")


def _step(text: str, known: set[str]) -> Draw | Derived:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not _NAME.fullmatch(name):
        raise FormulaError("a line is `name = ...` or `require ...`, a name in small letters")
    if name in known:
        raise FormulaError(f"{name} is there twice")
    match = _RANGE.fullmatch(value)
    if match:
        return Draw(name, _steps(_plain(match["low"]), _plain(match["high"]), _plain(match["step"] or "1")))
    if "|" in value:
        return Draw(name, tuple(_plain(each) for each in value.split("|")))
    formula = read_formula(value)
    _refuse_unknown(formula.names, known)
    return Derived(name, formula)


def _steps(low: Decimal, high: Decimal, step: Decimal) -> tuple[Decimal, ...]:
    if step <= 0 or high < low or (high - low) / step > MOST_STEPS:
        raise FormulaError(f"a range goes up, by at most {MOST_STEPS} steps")
    return tuple(low + step * number for number in range(int((high - low) / step) + 1))


def _plain(text: str) -> Decimal:
    if not re.fullmatch(r"\s*-?\d{1,12}(\.\d{1,12})?\s*", text):
        raise FormulaError(f"{text.strip()!r} is no plain number")
    return Decimal(text.strip())


def _condition(text: str, known: set[str]) -> Condition:
    condition = read_condition(text)
    _refuse_unknown(condition.names, known)
    return condition


def _refuse_unknown(used: frozenset[str], known: set[str] | frozenset[str]) -> None:
    if unknown := sorted(used - known):
        raise FormulaError(f"{', '.join(unknown)} is not defined above")


def _written(part: tuple[Formula, int | None, bool], values: Values) -> str:
    formula, decimals, thousands = part
    value = formula.value(values)
    if decimals is not None:
        value = rounded(value, decimals)
    elif value == value.to_integral_value():
        value = rounded(value, 0)
    else:
        value = value.normalize()
    if not value:
        value = abs(value)
    return f"{value:,f}" if thousands else f"{value:f}"
