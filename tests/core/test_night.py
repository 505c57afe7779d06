"""The evening: what is worth a tired minute, what is dropped and counted, and how it ends."""

import random
import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from candidates import met, sound, unmet
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.core.candidates import Candidate
from qbank.core.drill import Composition, compose
from qbank.core.evidence import with_reports
from qbank.core.exam import parse_exam
from qbank.core.exam_model import exam_model
from qbank.core.mastery import prior
from qbank.core.night import (
    LEAST_MINUTES,
    WORTH_PART,
    Evening,
    LeftOut,
    evening,
    left_out_sentence,
    most_asked,
    slipping,
    tired_order,
)
from qbank.core.worth import Seconds

EXAMS = Path(__file__).parents[2] / "data" / "exams"
MODEL = exam_model(parse_exam(tomllib.loads((EXAMS / "usmle-step1.toml").read_text())), date(2026, 11, 23))
TODAY = date(2026, 11, 23)
PACE = Seconds()
UNREPORTED = with_reports(prior(MODEL), MODEL, [])

kept_days = st.floats(0.2, 200)
memories = st.none() | st.tuples(kept_days, st.integers(1, 60), st.integers(0, 60))
worlds = st.lists(st.tuples(st.integers(0, len(MODEL.sections) - 1), memories), max_size=40)
minutes_asked = st.floats(1, 60)


def rows_of(world: Sequence[tuple[int, tuple[float, int, int] | None]]) -> list[Candidate]:
    """Candidates of a section, not met, or with a stability, last reviewed some days ago and their text seen some ago."""
    rows = []
    for number, (section, memory) in enumerate(world):
        place = MODEL.sections[section], MODEL.section_system[section]
        row = unmet(f"o-{number}", *place, "pathology", questions=1)
        if memory is not None:
            stability, days, text_days = memory
            row = met(row, TODAY - timedelta(days=days), sound(stability))
            row = row._replace(n_unseen=0, oldest_day=TODAY - timedelta(days=text_days))
        rows.append(row)
    return rows


def night(
    rows: Sequence[Candidate], minutes: float, *, part: float = WORTH_PART, size: int | None = None
) -> tuple[Composition, Evening]:
    slipped = slipping(rows, TODAY)
    composed = compose(
        rows, MODEL, UNREPORTED, on=TODAY, exam_day=TODAY + timedelta(days=56), size=size or most_asked(minutes, PACE),
        seconds=PACE, seed=3, served={}, least_part=part, named=slipped,
    )  # fmt: skip
    return composed, evening(composed, (), slipped, minutes=minutes, seed=3)


@given(worlds, minutes_asked)
def test_no_evening_takes_longer_than_was_asked(
    world: list[tuple[int, tuple[float, int, int] | None]], minutes: float
) -> None:
    """The expected time fits the minutes, but for a single question; and everything in it is worth its minute."""
    composed, found = night(rows_of(world), minutes)
    assert found.minutes <= minutes or len(found.picks) == 1
    assert all(pick.score >= composed.least for pick in found.picks)
    assert found.full == (len(found.picks) < len(composed.picks))
    unpicked = [pick.score for pick in composed.picks if pick not in found.picks]
    assert max(unpicked, default=0.0) <= min((pick.score for pick in found.picks), default=0.0)


@settings(max_examples=200)
@given(worlds, minutes_asked)
def test_what_is_left_out_is_counted_once_and_by_its_reason(
    world: list[tuple[int, tuple[float, int, int] | None]], minutes: float
) -> None:
    """Of all that is under 90 %, what is asked and the three counts are everything; each reason is the true one."""
    rows = rows_of(world)
    _, found = night(rows, minutes)
    due = {
        row.objective
        for row in rows
        if row.stability_days and row.last_day and (TODAY - row.last_day).days >= row.stability_days
    }
    asked = {pick.objective for pick in found.picks}
    left = found.left_out
    assert len(due - asked) == left.below + left.beyond + left.resting
    # Without a price and with time for everything, only what cannot come today is missing.
    _, whole = night(rows, 10_000, part=0.0, size=len(rows) + 1)
    able = {pick.objective for pick in whole.picks}
    assert left.resting == len(due - able)
    # With time for everything, only what is under the price is missing beside that.
    _, worthy = night(rows, 10_000, size=len(rows) + 1)
    worth = {pick.objective for pick in worthy.picks}
    assert left.below == len(due & able - worth)
    assert left.beyond == len(due & worth - asked)
    assert found.full or not left.beyond


def test_what_has_just_slipped_and_is_well_kept_can_wait() -> None:
    """Two months ahead, under 90 %: kept for a week it is worth a tired minute, kept for six weeks it is not."""
    rows = rows_of([(3, (7.0, 7, 20)), (3, (45.0, 45, 20))])
    _, found = night(rows, 30)
    assert [pick.objective for pick in found.picks] == ["o-0"]
    assert found.left_out == LeftOut(below=1)
    assert not found.is_worth_it
    assert found.minutes < LEAST_MINUTES


def test_what_is_owed_comes_first_whatever_it_yields() -> None:
    """A check of a misreading is not dropped for its yield, and where even it has no room that is the minutes' doing."""
    rows = rows_of([(3, (150.0, 151, 20)), (5, None), (7, None)])
    composed, _ = night(rows, 30, part=0.0)
    priced = replace(composed, least=max(pick.score for pick in composed.picks))
    owed = {("starter", "o-0")}
    found = evening(priced, owed, owed, minutes=1, seed=1)
    assert [pick.objective for pick in found.picks] == ["o-0"]
    both = evening(priced, owed | {("starter", "o-1")}, owed, minutes=1, seed=1)
    assert both.left_out == LeftOut(beyond=1)


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 9)), max_size=30),
    st.randoms(use_true_random=False),
)
def test_an_evening_ends_with_the_shorter_ones_first(
    items: list[tuple[str, int]], dice: random.Random
) -> None:
    """The first two thirds stay, the rest is the same questions; no more neighbours of one system than before."""
    dice.shuffle(items)
    order = tired_order(items, lambda item: item[0], lambda item: item[1])
    end = len(items) - round(len(items) / 3)
    assert order[:end] == items[:end]
    assert sorted(order) == sorted(items)
    assert _neighbours(order) <= _neighbours(items)


def test_with_systems_to_spare_the_end_goes_by_length() -> None:
    """Where all systems differ, the last third is in the order of length."""
    items = [(str(number), length) for number, length in enumerate([5, 1, 7, 2, 9, 4, 8, 3, 6])]
    assert [length for _, length in tired_order(items, lambda i: i[0], lambda i: i[1])] == [
        5,
        1,
        7,
        2,
        9,
        4,
        3,
        6,
        8,
    ]


def test_what_is_dropped_is_said_with_its_number_and_without_debt() -> None:
    """One sentence with each reason that there is; none when nothing is dropped."""
    assert left_out_sentence(LeftOut()) == ""
    said = left_out_sentence(LeftOut(below=3, beyond=2, resting=1))
    assert said.startswith("Not asked tonight: 6 objectives under 90 % recall (3 would add too little")
    assert "for 2 the minutes are up, 1 rests" in said
    assert said.endswith("Not owed: the order is made anew tomorrow.")
    assert "minutes" not in left_out_sentence(LeftOut(resting=2))


def _neighbours(order: Sequence[tuple[str, int]]) -> int:
    return sum(a[0] == b[0] for a, b in pairwise(order))
