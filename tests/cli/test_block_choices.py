"""What may be asked of a block, and what is said when it cannot be given."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from support import Qbank

from qbank.app.exams import exam_names


def picked(qbank: Qbank) -> set[str]:
    """The questions of the latest block."""
    return {pick["question"] for pick in json.loads(qbank("why", "--json").out)["reasons"]}


@pytest.mark.parametrize("exam", exam_names())
def test_start_works_for_every_exam(qbank: Qbank, exam: str) -> None:
    """No code knows an exam's name: one without questions of its own starts too, and its record stays its own."""
    done = qbank("--exam", exam, "start", "--yes", "--report", "none", "--exam-date", "none", "--no-block")
    assert done.code == 0, done.err
    assert json.loads(qbank("status", "--json").out)["reach"] < 1
    other = next(name for name in exam_names() if name != exam)
    refused = qbank("--exam", other, "status")
    assert refused.code == 2
    assert "--home" in refused.err


def test_block_before_start_says_how_to_begin(qbank: Qbank) -> None:
    """Nothing loaded is not "nothing left"."""
    done = qbank("block")
    assert done.code == 1
    assert "Begin with: qbank start" in done.err
    assert json.loads(qbank("status", "--json").out)["next_step"] == "qbank start"


def test_filters_combine_by_and(started: Qbank) -> None:
    """Missed and marked serves what is both; unused and missed cannot be met."""
    started("block", "--size", "4", "--seed", "3", stdin="m\nx\nx\nm\nA\nA\ns\n")
    first = [pick["question"] for pick in json.loads(started("why", "--json").out)["reasons"]]
    assert started("block", "--missed", "--unused").code == 1
    done = started("block", "--missed", "--marked", stdin="A\nA\n")
    assert done.code == 0, done.err
    both = picked(started)
    assert first[0] in both
    assert both <= {first[0], first[2]}


def test_missed_serves_the_missed_questions_themselves(started: Qbank) -> None:
    """--missed is about questions, not about their siblings."""
    started("block", "--size", "10", "--seed", "5", stdin="A\n" * 10)
    first = picked(started)
    done = started("block", "--missed", stdin="")
    assert done.code == 0, done.err
    assert picked(started) <= first


def test_siblings_are_other_questions_on_what_was_missed(started: Qbank) -> None:
    """None before a miss; then only texts not seen, on objectives whose last answer was wrong."""
    assert started("block", "--siblings").code == 1
    started("block", "--size", "20", "--seed", "5", stdin="A\n" * 20)
    answered = {
        (each["question"], each["objective"]): each["outcome"] == "right"
        for each in json.loads(started("look", "--json").out)["questions"]
    }
    missed = {objective for (_, objective), right in answered.items() if not right}
    done = started("block", "--siblings", "--mode", "tutor", stdin="")
    assert done.code == 0, done.err
    picks = json.loads(started("why", "--json").out)["reasons"]
    assert picks
    assert {pick["objective"] for pick in picks} <= missed
    assert not {pick["question"] for pick in picks} & {question for question, _ in answered}


def test_a_filter_that_leaves_few_is_told_as_that(started: Qbank) -> None:
    """A short block names the filter, not answers that nobody gave."""
    done = started("block", "--system", "human-development", "--size", "20", stdin="")
    assert "no more fit these filters" in done.out
    assert "answered today" not in done.out
    assert "flagged lower" not in done.out


def test_assessment_says_how_it_was_drawn(started: Qbank) -> None:
    """Its result does not claim that the questions were chosen for what may not be known."""
    done = started("block", "--assess", "--size", "3", stdin="A\nA\nA\n")
    assert "these were drawn like the exam" in done.out
    assert "because you may not know them" not in done.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("--assess", "--mode", "tutor"),
        ("--assess", "--system", "cardiovascular"),
        ("--exam-format", "--size", "5"),
    ],
)
def test_options_that_contradict_are_refused(started: Qbank, arguments: tuple[str, ...]) -> None:
    """Nothing that was asked for is silently left out."""
    assert started("block", *arguments).code == 2


def test_extra_time_is_in_what_is_announced(started: Qbank) -> None:
    """The minutes that are named are those on the clock."""
    started("set", "extra-time", "1.5")
    done = started("block", stdin="")
    assert "45 minutes" in done.out
    assert "44:59 left" in done.out


@pytest.mark.parametrize("days", [0, 1, 2, 3])
def test_last_days_show_no_estimate(started: Qbank, home: Path, days: int) -> None:
    """From three days before the exam no belief is shown, and a block is introduced by what is good for today."""
    started("block", "--size", "3", stdin="A\nA\nA\n")
    started("set", "time-zone", "UTC")
    day = date.fromisoformat(json.loads(started("status", "--json").out)["exam_day"]) - timedelta(weeks=10)
    started("set", "exam-date", (day + timedelta(days=days)).isoformat())
    status = json.loads(started("status", "--json").out)
    assert status["days_left"] == days
    assert status["expected"] is None
    assert all(area["belief"] is None for area in status["areas"])
    block = started("block", stdin="")
    words = ("Today is the exam", "The exam is", "Two days to go", "Three days to go")[days]
    assert words in block.out
