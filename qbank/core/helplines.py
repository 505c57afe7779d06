"""Who answers when somebody wants to talk, and how many others did not pass: facts with their sources."""

from collections.abc import Iterable
from typing import Any

import msgspec

from qbank.core.exam_file import convert_file
from qbank.core.sourced import Source


class Helpline(msgspec.Struct, frozen=True):
    """One line: how it is reached and when somebody answers. `source.read` is the day on which it was checked."""

    country: str
    name: str
    reach: str
    hours: str
    source: Source


class Helplines(msgspec.Struct, frozen=True):
    """Lines in the order in which they are shown, how to find others, and what to do in danger."""

    lines: tuple[Helpline, ...]
    elsewhere: str
    danger: str


class Sittings(msgspec.Struct, frozen=True):
    """How many of a group sat an exam in a year, and the share of them that passed, published in whole percent."""

    exam: str
    year: int
    group: str
    sat: int
    passed: float
    source: Source


class Fails(msgspec.Struct, frozen=True):
    """Fails of a year over all groups, to the nearest hundred: the shares are rounded to whole percents."""

    year: int
    failed: int
    sat: int
    source: Source

    @property
    def one_in(self) -> float:
        """One of so many sittings was a fail."""
        return self.sat / self.failed


class _PassRates(msgspec.Struct, frozen=True):
    sittings: tuple[Sittings, ...]


def parse_helplines(data: dict[str, Any]) -> Helplines:
    """The lines in a TOML file's tables. Raises InputInvalid with a fault for whatever does not fit."""
    return convert_file(data, Helplines, "helplines.toml")


def parse_pass_rates(data: dict[str, Any]) -> tuple[Sittings, ...]:
    """The sittings in a TOML file's tables. Raises InputInvalid with a fault for whatever does not fit."""
    return convert_file(data, _PassRates, "pass-rates.toml").sittings


def fails(sittings: Iterable[Sittings], exam: str) -> Fails | None:
    """The fails of the latest year known of an exam; None where nothing is known or nobody failed."""
    of_exam = [one for one in sittings if one.exam == exam]
    if not of_exam:
        return None
    year = max(one.year for one in of_exam)
    latest = [one for one in of_exam if one.year == year]
    failed = round(sum(one.sat * (1 - one.passed) for one in latest) / 100) * 100
    if not failed:
        return None
    return Fails(year, failed, round(sum(one.sat for one in latest) / 100) * 100, latest[0].source)
