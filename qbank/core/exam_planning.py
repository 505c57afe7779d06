"""What planning towards the exam day needs to know of an exam: its self-assessment, and what moving the date costs."""

import msgspec

from qbank.core.exam_parts import Note
from qbank.core.sourced import Source


class PercentRange(msgspec.Struct, frozen=True):
    """From low to high, in percent correct."""

    low: float
    high: float
    source: Source


class SelfAssessmentForm(msgspec.Struct, frozen=True):
    """The self-assessment that the exam's makers sell; `minutes` are those of the whole form."""

    name: str
    items: int
    minutes: int
    source: Source


class FeeBand(msgspec.Struct, frozen=True):
    """What moving the date costs from so many full days before it on."""

    from_days: int
    text: str
    source: Source


class Booking(msgspec.Struct, frozen=True):
    """How long a booking holds, what moving it costs, and how long others advise to prepare."""

    period: str
    fees: tuple[FeeBand, ...]
    guide: Note
    source: Source

    def fee(self, days: int) -> FeeBand | None:
        """The band that a change falls into so many days before the day it was booked for."""
        reached = [band for band in self.fees if band.from_days <= days]
        return max(reached, key=lambda band: band.from_days, default=None)
