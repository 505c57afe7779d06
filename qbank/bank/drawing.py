"""A variant's draws: 200 sets of its numbers, and what is wrong with any of them."""

import re
from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from qbank.bank.flaw import Flaw
from qbank.core.option_order import quantity
from qbank.core.question import Question, as_served, serve
from qbank.core.variants import by_size, with_numbers
from qbank.errors import VariantInvalid

DRAWS = 200
FEWEST = 20
ONE_RANK = 0.95
"""The part of draws from which a key is always at one place by size. [judged]"""

_NEGATIVE = re.compile(r"(?<![\w.)\]–-])[-−]\d")
_FORMULA = re.compile(r"\{[^{}]*\}")
_ODD: dict[re.Pattern[str], tuple[float, float]] = {
    re.compile(r"(?<![\d.,])(\d[\d,]*(?:\.\d+)?)\s*%"): (0, 100),
    re.compile(r"(?<![\d.,])(\d[\d,]*(?:\.\d+)?)-year-old"): (0, 110),
    re.compile(
        r"(?<!urine )(?<!urinary )(?<!gastric )(?<!vaginal )\bpH(?: is| was| of|,| =)? (-?\d+(?:\.\d+)?)"
    ): (6.5, 8),
    re.compile(r"(?<![\d.])(?<!by )(\d+(?:\.\d+)?)\s?°C"): (25, 45),
}
"""What has a number that is possible in no patient, and the range of what is; gastric juice and urine have another pH."""
_LONG = re.compile(r"(?<![\d.])\d[\d,]*\.\d{5,}")


def flaws(question: Question) -> Iterator[Flaw]:
    """Each flaw of the draws, once, with the first seed that shows it; none of a question that is no variant."""
    if not question.draws:
        return
    stems: set[str] = set()
    ranks: Counter[int] = Counter()
    found: dict[str, Flaw] = {}
    written = [_FORMULA.sub("x", text) for text in _texts(question)]
    known = frozenset(each for text in written for each in _odd(text))
    # A minus before a formula is meant; one in a formula may be a slip.
    signed = any(_NEGATIVE.search(_FORMULA.sub("1", text)) for text in _texts(question))
    for seed in range(DRAWS):
        try:
            shown = with_numbers(question, seed)
        except VariantInvalid as error:
            yield Flaw("draws-fail", f"Under seed {seed}: {error}", "Narrow the ranges, or require less.")
            return
        stems.add(shown.stem)
        order = by_size(shown)
        if order is not None:
            ranks[order.index(shown.key.id)] += 1
        for flaw in _of_one(shown, seed, signed=signed, known=known):
            found.setdefault(flaw.rule, flaw)
    yield from found.values()
    if len(stems) < FEWEST:
        message = f"{DRAWS} draws give {len(stems)} different stems."
        yield Flaw("draws-few", message, "Widen the ranges.")
    rank, count = ranks.most_common(1)[0] if ranks else (0, 0)
    if count > ONE_RANK * DRAWS:
        message = f"In {count} of {DRAWS} draws the key is number {rank + 1} by size."
        yield Flaw("draws-rank", message, "Add a mistake that gives a number on its other side.")


def sample(question: Question) -> Question | None:
    """A question as it may be asked, its options in the order in which they come; None when its numbers cannot be drawn."""
    if not question.draws:
        return question
    try:
        item = serve(question, 0)
        shown = as_served(question, item)
    except VariantInvalid:
        return None
    sorted_ = all(quantity(option.text) for option in shown.options)
    return replace(
        shown, options=tuple(map(shown.option, item.option_order)), fixed_order=shown.fixed_order or sorted_
    )


def _texts(question: Question) -> list[str]:
    return [question.stem, *(text for o in question.options for text in (o.text, o.explanation))]


def _odd(text: str) -> Iterator[str]:
    """What is possible in no patient, and numbers that nobody would write out."""
    for pattern, (low, high) in _ODD.items():
        for found in pattern.finditer(text):
            if not low <= float(found[1].replace(",", "")) <= high:
                yield found[0]
    yield from _LONG.findall(text)


def _of_one(shown: Question, seed: int, *, signed: bool, known: frozenset[str]) -> Iterator[Flaw]:
    """`known` is odd in the undrawn text already, and so meant."""
    texts = [option.text for option in shown.options]
    sizes = [quantity(text) for text in texts]
    numbers = [(size.low, size.high, size.unit) for size in sizes if size]
    if len(set(texts)) < len(texts) or len(set(numbers)) < len(numbers):
        message = f"Under seed {seed} two options are alike: {', '.join(texts)}."
        yield Flaw("draws-tie", message, "Add a `require` that keeps them apart.")
    for text in _texts(shown):
        negative = _NEGATIVE.search(text)
        wrong = [f"{negative[0]}..."] if negative and not signed else []
        wrong += [each for each in _odd(text) if each not in known]
        if wrong:
            message = f"Under seed {seed} there is {wrong[0]} in {text[:60]!r}."
            yield Flaw("draws-nonsense", message, "Add a `require` that rules it out.")
            return
