"""What was said of the failed attempt: kept by topic, taken back without a trace, and gone on with."""

from datetime import date
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from qbank.core.insight.interview import FIELDS, Cause, Interview, Topic, answered, asked, said

MONDAY = date(2027, 1, 4)
TUESDAY = date(2027, 1, 5)
VALUES: dict[Topic, dict[str, Any]] = {
    Topic.WEEKS: {"weeks": 8.0},
    Topic.HOURS: {"hours_a_day": 0.0},
    Topic.RESOURCES: {"resources": "a book"},
    Topic.TIME: {"ran_out": True, "blocks": (3, 5)},
    Topic.SLEEP: {"sleep_hours": 5.5},
    Topic.ANXIETY: {"anxiety": "shaky"},
    Topic.WENT_WRONG: {"went_wrong": "the clock"},
    Topic.SUSPECTED: {"suspected": (Cause.PACING,)},
}
BLANK = Interview(changed_on=MONDAY)


def test_every_field_of_an_answer_belongs_to_a_topic() -> None:
    """Nothing can be said that could not be shown, changed and taken back."""
    fields = {field.name for field in msgspec.structs.fields(Interview)}
    assert {name for names in FIELDS.values() for name in names} == fields - {
        "changed_on",
        "asked",
        "told_rates",
    }
    assert set(FIELDS) == set(Topic) == set(VALUES)


@given(topics=st.lists(st.sampled_from(Topic)), skipped=st.lists(st.sampled_from(Topic)))
def test_what_was_asked_does_not_wait(topics: list[Topic], skipped: list[Topic]) -> None:
    """Answered or skipped, in any order and any number of times, a topic comes up once; the rest waits in order."""
    account = BLANK
    for topic in topics:
        account = said(account, topic, VALUES[topic], TUESDAY)
    for topic in skipped:
        account = asked(account, topic, TUESDAY)
    came_up = {*topics, *skipped}
    assert account.waiting == tuple(topic for topic in Topic if topic not in came_up)
    assert {topic for topic in Topic if answered(account, topic)} == set(topics)


@given(topic=st.sampled_from(Topic), others=st.sets(st.sampled_from(Topic)))
def test_what_is_taken_back_leaves_no_trace(topic: Topic, others: set[Topic]) -> None:
    """Only that topic is emptied, and it counts as asked."""
    account = BLANK
    for other in others - {topic}:
        account = said(account, other, VALUES[other], MONDAY)
    before = asked(account, topic, MONDAY)
    told = said(account, topic, VALUES[topic], MONDAY)
    assert answered(told, topic)
    assert said(told, topic, {}, MONDAY) == before


def test_nothing_of_an_answer_outlives_the_next_one() -> None:
    """Blocks named earlier are gone once the time is said to have been enough."""
    account = said(BLANK, Topic.TIME, VALUES[Topic.TIME], MONDAY)
    changed = said(account, Topic.TIME, {"ran_out": False}, TUESDAY)
    assert (changed.ran_out, changed.blocks, changed.changed_on) == (False, (), TUESDAY)


def test_none_of_them_is_an_answer_to_what_is_suspected() -> None:
    """Whoever suspects nothing has answered; whoever skipped has not."""
    assert answered(said(BLANK, Topic.SUSPECTED, {"suspected": ()}, MONDAY), Topic.SUSPECTED)
    assert not answered(asked(BLANK, Topic.SUSPECTED, MONDAY), Topic.SUSPECTED)
