"""A question as every shape gives it, before its checks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from qbank.exchange.mcq_fields import mended


@dataclass(slots=True)
class Draft:
    """A question before its checks. Options and explanations are by label, "a" first; `key` is a label or "".

    `areas` maps a dimension to what the file says. Those of a `lenient` draft that the exam does not have are
    left out, not refused, and so is a wrong option that is there twice. `tag` is what the file calls the question's
    kind, to be counted.
    `hints` are words that may name areas, the nearest first: parts of a category's path, tags.
    `objective` names it, and `objective_text` says it where the name does not. With `fixed_order` the options stay as
    they are; `order` decides alone, as (whether they stay as they are, how many stay last).
    With `verbatim` options that begin with their own letters keep them. `likelihood`, `sources` and `review` are the
    objective's, as a bank file has them.
    A draft for `recall` has no options: `remember` is the back that the learner compares.
    """

    line: int
    stem: str
    options: dict[str, str]
    key: str = ""
    id: str = ""
    explanation: str = ""
    explanations: dict[str, str] = field(default_factory=dict)
    remember: str = ""
    objective: str = ""
    areas: dict[str, str] = field(default_factory=dict)
    lenient: bool = False
    tag: str = ""
    hints: Sequence[str] = ()
    objective_text: str = ""
    fixed_order: bool = False
    order: tuple[bool, int] | None = None
    verbatim: bool = False
    likelihood: str = "medium"
    sources: tuple[str, ...] = ()
    review: str = "draft"
    recall: bool = False


def label_of(at: int) -> str:
    """The label of an option by its place from 0: a to z, then numbers."""
    return chr(ord("a") + at) if at < 26 else str(at + 1)


class NotText(ValueError):
    """A value that should be text and is a list, an object or true."""


def as_text(value: object) -> str:
    """The value of a text field, mended; "" for null. Raises NotText for anything but text and numbers."""
    if type(value) is str:
        return mended(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotText
    return str(value)
