"""Rows of lists: which are new, which attempt counts, what a removal takes away, and when right answers are missing."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qbank.core.results import (
    Done,
    Result,
    ResultList,
    Sources,
    add_list,
    changed,
    leaves_out_right,
    misses_in,
    set_removed,
    source_key,
    summed,
)

DAY = date(2026, 11, 26)
rows = st.lists(
    st.builds(
        Result,
        question=st.sampled_from("abcde"),
        attempt=st.sampled_from(["", "1", "2"]),
        right=st.booleans(),
        seconds=st.none() | st.integers(1, 200),
        system=st.sampled_from(["cardiovascular", ""]),
        others=st.none() | st.integers(0, 100),
    ),
    max_size=12,
    unique_by=lambda row: row.key,
)


def given_lists(*lists: ResultList) -> Sources:
    sources: Sources = {}
    for listed in lists:
        add_list(sources, listed, DAY)
    return sources


def taken_in(sources: Sources, found: list[Result], *, misses_only: bool = False) -> int:
    """Import a list as the use case does; gives how many rows were new or changed."""
    fresh, _ = changed(sources.get("bank"), found, misses_only=misses_only)
    add_list(sources, ResultList("Bank", misses_only, tuple(fresh)), DAY)
    return len(fresh)


@given(rows, rows)
def test_a_list_is_taken_in_once(first: list[Result], second: list[Result]) -> None:
    """The same again adds nothing, whatever came between; what is counted is at most one answer a question."""
    sources: Sources = {}
    taken_in(sources, first)
    taken_in(sources, second)
    assert taken_in(sources, second) == 0
    for listed in summed(sources):
        assert listed.answers == len({row.question for row in (*first, *second)})
        assert listed.answers + listed.repeats == len({row.key for row in (*first, *second)})


def test_only_the_first_attempt_counts() -> None:
    """By day, and where days are the same by attempt."""
    again = [
        Result("q", "2026-11-20", True, on=DAY - timedelta(6)),
        Result("q", "2026-11-10", False, on=DAY - timedelta(16)),
        Result("r", "1", True),
        Result("r", "2", False),
    ]
    (listed,) = summed(given_lists(ResultList("Bank", False, tuple(again))))
    assert (listed.right, listed.answers, listed.repeats) == (1, 2, 2)
    assert (listed.first, listed.last) == (DAY - timedelta(16), DAY)


def test_a_changed_row_takes_the_place_of_the_earlier_and_keeps_what_it_does_not_tell() -> None:
    """A new result, a percent that drifted (no change), and an area that is no longer named."""
    before = Result("q", "", True, 70, "cardiovascular", "", "pathology", None, 63)
    sources = given_lists(ResultList("Bank", False, (before,)))
    known = sources["bank"]
    assert changed(known, [replace(before, others=64, seconds=None)], misses_only=False) == ([], 0)
    fresh, new = changed(known, [Result("q", "", False)], misses_only=False)
    assert (fresh, new) == ([replace(before, right=False)], 0)
    far, _ = changed(known, [replace(before, others=80)], misses_only=False)
    assert far == [replace(before, others=80)]


def test_a_full_list_makes_misses_count_and_replaces_totals() -> None:
    """Its rows are no longer misses alone, and what was told by hand for them counts no longer beside them."""
    misses = tuple(Result(name, "", False, system="cardiovascular") for name in "abc")
    sources = given_lists(
        ResultList("Bank", True, misses, (Done("system", "cardiovascular", 10),)),
    )
    assert [(one.right, one.answers) for one in summed(sources)] == [(7, 10)]
    assert taken_in(sources, [*misses, Result("d", "", True, system="cardiovascular")]) == 4
    assert [(one.right, one.answers, one.misses) for one in summed(sources)] == [(1, 4, ())]
    assert misses_in(sources["bank"], ("system", "cardiovascular")) == 0


def test_later_misses_wait_for_new_totals() -> None:
    """Totals told once are about the misses of then."""
    sources = given_lists(
        ResultList("Bank", True, (Result("a", "", False, system="s"),), (Done("system", "s", 4),)),
        ResultList("Bank", True, (Result("b", "", False, system="s"),)),
    )
    (listed,) = summed(sources)
    assert (listed.right, listed.answers, listed.misses) == (3, 4, (("s", 1),))
    add_list(sources, ResultList("Bank", True, (), (Done("total", "", 8),)), DAY)
    (listed,) = summed(sources)
    assert (listed.right, listed.answers, listed.misses) == (6, 8, ())


@given(rows, rows)
def test_a_removal_can_be_taken_back_until_a_newer_list_comes(
    first: list[Result], second: list[Result]
) -> None:
    """Removed and restored is as before; removed and imported again is the new list alone."""
    sources = given_lists(ResultList("Bank", False, tuple(first)))
    before = summed(sources)
    set_removed(sources, " BANK ", removed=True)
    assert summed(sources) == ()
    set_removed(sources, "bank", removed=False)
    assert summed(sources) == before
    set_removed(sources, "bank", removed=True)
    add_list(sources, ResultList("Bank", False, tuple(second)), DAY)
    set_removed(sources, "bank", removed=False)
    assert summed(sources) == summed(given_lists(ResultList("Bank", False, tuple(second))))
    set_removed(sources, "another", removed=True)


def test_a_list_that_guessing_would_beat_has_left_right_answers_out() -> None:
    """None right at all, or far fewer than one in five; not a weak learner's list."""
    assert leaves_out_right(0, 1, 0.2)
    assert leaves_out_right(0, 500, 0.2)
    assert leaves_out_right(8, 100, 0.2)
    assert not leaves_out_right(15, 100, 0.2)
    assert not leaves_out_right(1, 5, 0.2)
    assert not leaves_out_right(25_000, 50_000, 0.2)


def test_a_source_is_one_however_it_is_spelled() -> None:
    """Letter case and spaces."""
    assert source_key("  UWorld  Step 1") == source_key("uworld step 1")
