"""What a learner said about the attempt that failed: their own account, kept apart from the record of answers.

It is no event: an event stays for good, and this must be deletable. Nothing is read out of its texts; the only thing that
other parts use is what was ticked in `suspected`.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

LONGEST = 4_000
"""Characters of one answer in words. [judged]"""

_Words = Annotated[str, msgspec.Meta(max_length=LONGEST)]
_Number = Annotated[float, msgspec.Meta(ge=0, le=1_000)]


class Cause(StrEnum):
    """What can have gone wrong on the day, as far as a log of answers can speak to it."""

    PACING = "pacing"
    FATIGUE = "fatigue"
    CARRY_OVER = "carry-over"
    STUCK = "stuck"
    CHANGING = "changing"
    OVERCONFIDENCE = "overconfidence"
    MISREADING = "misreading"
    KNOWLEDGE = "knowledge"


class Topic(StrEnum):
    """What is asked about, in this order."""

    WEEKS = "weeks"
    HOURS = "hours"
    RESOURCES = "resources"
    TIME = "time"
    SLEEP = "sleep"
    ANXIETY = "anxiety"
    WENT_WRONG = "went-wrong"
    SUSPECTED = "suspected"


class Interview(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The account so far; None and "" where nothing was said.

    `hours_a_day` of preparation over `weeks`. `ran_out` says whether time ran out on the day, `blocks` where, by number.
    `sleep_hours` are those of the night before. `asked` are the topics that came up, answered or skipped, and `told_rates`
    says whether it was already shown how common failing is.
    """

    changed_on: date
    weeks: _Number | None = None
    hours_a_day: _Number | None = None
    resources: _Words = ""
    ran_out: bool | None = None
    blocks: tuple[Annotated[int, msgspec.Meta(ge=1, le=100)], ...] = ()
    sleep_hours: _Number | None = None
    anxiety: _Words = ""
    went_wrong: _Words = ""
    suspected: tuple[Cause, ...] | None = None
    asked: tuple[Topic, ...] = ()
    told_rates: bool = False

    @property
    def waiting(self) -> tuple[Topic, ...]:
        """The topics that have not come up yet."""
        return tuple(topic for topic in Topic if topic not in self.asked)


FIELDS: Mapping[Topic, tuple[str, ...]] = {
    Topic.WEEKS: ("weeks",),
    Topic.HOURS: ("hours_a_day",),
    Topic.RESOURCES: ("resources",),
    Topic.TIME: ("ran_out", "blocks"),
    Topic.SLEEP: ("sleep_hours",),
    Topic.ANXIETY: ("anxiety",),
    Topic.WENT_WRONG: ("went_wrong",),
    Topic.SUSPECTED: ("suspected",),
}
"""Where the answer to each is kept."""


def answered(interview: Interview, topic: Topic) -> bool:
    """Whether something was said about it."""
    return getattr(interview, FIELDS[topic][0]) not in (None, "")


def asked(interview: Interview, topic: Topic, on: date) -> Interview:
    """The account once a topic came up and was passed over."""
    if topic in interview.asked:
        return interview
    known = (*interview.asked, topic)
    return msgspec.structs.replace(
        interview, asked=tuple(one for one in Topic if one in known), changed_on=on
    )


def said(interview: Interview, topic: Topic, values: Mapping[str, object], on: date) -> Interview:
    """The account with the values of a topic's fields in place of what was said of it before; {} takes that back."""
    empty = {field.name: field.default for field in msgspec.structs.fields(Interview)}
    named = FIELDS[topic]
    changed = {name: values.get(name, empty[name]) for name in named}
    return asked(msgspec.structs.replace(interview, changed_on=on, **changed), topic, on)
