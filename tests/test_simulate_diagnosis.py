"""Planted faults are found about as often as planned, nobody else is accused, and the simulation says when that fails."""

import math
import random
from itertools import islice

import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from simulate import diagnosis
from simulate.__main__ import simulate
from simulate.diagnosis import Outcome, Power, faults, printed, tried
from simulate.failing import Habits, blocks_of

from qbank.core.insight.causes import Cause
from qbank.core.response import Confidence

FEW = 60
QUICK = (Cause.CHANGING, Cause.OVERCONFIDENCE, Cause.CARRY_OVER)


def test_planted_faults_are_found_and_others_are_not_accused() -> None:
    """In a few learners, and within what so few can show: the whole is `scripts/simulate/run diagnosis`."""
    outcome = tried(FEW, seed=1, causes=QUICK, worlds=("nothing at fault",), lengths=(800,))
    assert faults(outcome) == []
    assert {one.cause for one in outcome.powers} == set(QUICK)
    assert min(one.alone for one in outcome.powers) > 0.6
    assert max(outcome.false.values()) < 0.15


def test_processes_change_nothing() -> None:
    """How rows are divided is no matter of chance."""
    alone, shared = (
        tried(
            4, 1, processes=processes, causes=(Cause.CHANGING,), worlds=("nothing at fault",), lengths=(200,)
        )
        for processes in (1, 2)
    )
    assert alone == shared


def test_what_is_not_as_it_should_be_is_told() -> None:
    """A power too low or too high, and accusations where nothing is at fault; not where something no test knows of is."""
    good = Power(Cause.STUCK, 0.1, 800, 0.8, 1500, 0.81)
    fine = Outcome(
        400, (good,), {("nothing at fault", 800): 0.04, ("days that differ by 3 points", 800): 0.2}
    )
    assert faults(fine) == []
    weak = replace(
        fine, powers=(replace(good, alone=0.6, corrected=0.95),), false={("nothing at fault", 800): 0.09}
    )
    told = faults(weak)
    assert [text.partition(":")[0] for text in told] == [
        "stuck of 0.1",
        "stuck of 0.1",
        "nothing at fault, 800 answers",
    ]
    assert "0.950" in printed(weak)


def test_the_command_prints_and_ends_with_one_when_there_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a change of the statistics that costs power would."""
    bad = Outcome(400, (Power(Cause.STUCK, 0.1, 800, 0.3, 1500, 0.8),), {})
    monkeypatch.setattr(diagnosis, "tried", lambda *_args, **_kwargs: bad)
    ran = CliRunner().invoke(simulate, ["diagnosis", "--replications", "400"])
    assert ran.exit_code == 1
    assert "stuck of 0.1: power 0.30 alone." in ran.stderr
    assert "400 learners a row." in ran.stdout


@pytest.mark.parametrize(("lost", "part"), [("last_quarter", slice(30, 40)), ("over_day", slice(0, 40))])
def test_a_fault_acts_where_it_should(lost: str, part: slice) -> None:
    """Answers fall short of what was expected by its size, in the last quarter or by half of it over a day."""
    habits = replace(Habits(cut_off=0.0, knowing=0.0), **{lost: 0.2})
    blocks = [answers for answers, _ in islice(blocks_of(habits, random.Random(1)), 210)]
    beside = [one.correct - one.expected for answers in blocks for one in answers[part]]
    short = -sum(beside) / len(beside)
    assert short == pytest.approx(
        0.2 if lost == "last_quarter" else 0.1, abs=3 * 0.5 / math.sqrt(len(beside))
    )


def test_words_and_changes_are_as_often_right_as_planted() -> None:
    """Sure answers are right as they claim less what was planted, and of the changes the planted share ends right."""
    habits = Habits(claimed=0.1, bad_changes=0.2, knowing=0.0, cut_off=0.0)
    answers = [one for block, _ in islice(blocks_of(habits, random.Random(1)), 250) for one in block]
    sure = [one.correct for one in answers if one.confidence is Confidence.SURE]
    assert sum(sure) / len(sure) == pytest.approx(0.75, abs=0.06)
    changed = [one.correct for one in answers if one.first_right is not None]
    assert sum(changed) / len(changed) == pytest.approx(0.3, abs=0.06)
