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
_OVER = re.compile(r"(?<![\d.,])(\d[\d,]*(?:\.\d+)?)\s*%")


def flaws(question: Question) -> Iterator[Flaw]:
    """Each flaw of the draws, once, with the first seed that shows it; none of a question that is no variant."""
    if not question.draws:
        return
    stems: set[str] = set()
    ranks: Counter[int] = Counter()
    found: dict[str, Flaw] = {}
    signed = _NEGATIVE.search(question.stem) or any(
        _NEGATIVE.search(option.text) for option in question.options
    )
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
        for flaw in _of_one(shown, seed, signed=bool(signed)):
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


def _of_one(shown: Question, seed: int, *, signed: bool) -> Iterator[Flaw]:
    texts = [option.text for option in shown.options]
    sizes = [quantity(text) for text in texts]
    numbers = [(size.low, size.high, size.unit) for size in sizes if size]
    if len(set(texts)) < len(texts) or len(set(numbers)) < len(numbers):
        message = f"Under seed {seed} two options are alike: {', '.join(texts)}."
        yield Flaw("draws-tie", message, "Add a `require` that keeps them apart.")
    for text in (shown.stem, *texts):
        negative = _NEGATIVE.search(text)
        wrong = [f"{negative[0]}..."] if negative and not signed else []
        wrong += [f"{each}%" for each in _OVER.findall(text) if float(each.replace(",", "")) > 100]
        if wrong:
            message = f"Under seed {seed} there is {wrong[0]} in {text[:60]!r}."
            yield Flaw("draws-nonsense", message, "Add a `require` that rules it out.")
            return
