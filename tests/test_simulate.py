"""The simulator treats policies alike, its bound bounds, and qbank keeps its place among them."""

import ast
import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from simulate import quick
from simulate.__main__ import simulate
from simulate.bound import relaxed_bound
from simulate.memories import TrueMemory
from simulate.results import Bin, binned
from simulate.runs import BOUND, POLICIES, jobs_for, run, whole
from simulate.study import Answers, Policy, study
from simulate.summary import calibration, mean_interval, p_pass, ratio_interval
from simulate.under_test import published_blueprint
from simulate.worlds import GUESS, PASS_LINE, SECONDS_NOT, SLIP, Learners, World, draw_learners

SIMULATOR = Path(__file__).parents[1] / "scripts" / "simulate"
TINY = World("tiny", objectives=120, hours=0.3, days=8)
KINDS = ("fsrs", "act-r", "half-life")


def learners_of(world: World, count: int = 3) -> Learners:
    """The first of seed 5."""
    return draw_learners(world, published_blueprint(), count, 5)


class Watched:
    """A policy with a record of what was asked."""

    def __init__(self, policy: Policy) -> None:
        self.name, self.policy = policy.name, policy
        self.seconds: Counter[tuple[int, int]] = Counter()
        self.asked: Counter[tuple[int, int, int]] = Counter()

    def begin(self, learners: Learners) -> None:
        self.policy.begin(learners)

    def block(self, day: int, who: Any, size: int) -> Any:  # noqa: ANN401
        return self.policy.block(day, who, size)

    def saw(self, day: int, answers: Answers) -> None:
        for learner, objective, seconds in zip(
            answers.learners, answers.objectives, answers.seconds, strict=True
        ):
            self.seconds[int(learner), day] += int(seconds)
            self.asked[int(learner), int(objective), day] += 1
        self.policy.saw(day, answers)


def test_policies_come_in_their_order() -> None:
    """The oracle above qbank, qbank above what others do, and those above and below chance as they should be."""
    assert quick.tried(seed=1)[1] == []


def test_a_wrong_order_is_told_and_ends_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a change of the code that costs points would."""
    monkeypatch.setattr(quick.tried, "__defaults__", ((("random", "oracle"),),))
    result = CliRunner().invoke(simulate, ["quick"])
    assert result.exit_code == 1
    assert "random should end above oracle" in result.stderr


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_gets_the_same_dice_every_time(policy: str) -> None:
    """A second run over the same learners ends as the first, and leaves their memory as it was."""
    learners = learners_of(TINY)
    before = learners.memory.recall(3.0)
    first, second = (study(learners, POLICIES[policy]()) for _ in range(2))
    assert first.percent.tolist() == second.percent.tolist()
    assert first.answered.tolist() == second.answered.tolist()
    assert learners.memory.recall(3.0).tolist() == before.tolist()


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("bank", [None, 15])
def test_no_policy_gets_more_time_than_another(policy: str, bank: int | None) -> None:
    """A day ends with the question on which its time runs out, and no objective is asked twice a day."""
    world = World("tiny", objectives=120, bank=bank, hours=0.3, days=8, skipped=0.3)
    learners = learners_of(world)
    watched = Watched(POLICIES[policy]())
    study(learners, watched)
    budget = world.hours * 3600
    assert max(watched.asked.values()) == 1
    for learner, day in itertools.product(range(learners.count), range(world.days)):
        spent = watched.seconds[learner, day]
        assert spent == 0 or not learners.off[learner, day]
        assert spent < budget + SECONDS_NOT
        if bank is None and not learners.off[learner, day]:
            assert spent >= budget - SECONDS_NOT


@pytest.mark.parametrize("policy", ["random", "qbank", "oracle", BOUND])
def test_a_learner_comes_out_alike_alone_and_among_others(policy: str) -> None:
    """How learners are divided over processes changes nothing."""
    apart, together = (jobs_for([TINY], [policy], 3, 5, chunk) for chunk in (1, 3))
    outcomes = [next(whole(jobs, run(jobs, 1)))[1] for jobs in (apart, together)]
    first, second = (outcome.percent for outcome in outcomes if outcome is not None)
    assert first == pytest.approx(second, abs=1e-6)


def test_processes_change_nothing() -> None:
    """To the bit, since chunks are the same."""
    jobs = jobs_for([TINY], ["random"], 4, 5, chunk=2)
    alone, shared = (next(whole(jobs, run(jobs, processes)))[1] for processes in (1, 2))
    assert alone is not None
    assert shared is not None
    assert alone.percent == shared.percent


def test_every_answer_was_forecast_and_the_level_checked_three_times() -> None:
    """At the start, in the middle and on the last day, however learners are divided."""
    jobs = jobs_for([TINY], ["qbank"], 3, 5, chunk=2)
    outcome = next(whole(jobs, run(jobs, 1)))[1]
    assert outcome is not None
    assert [sum(one.n for one in bins) for bins in outcome.forecasts] == outcome.answered
    assert [[one.day for one in checked] for checked in outcome.totals] == [[0, 4, 7]] * 3
    assert all(one.low <= one.mean <= one.high for checked in outcome.totals for one in checked)


@pytest.mark.parametrize("memory", KINDS)
def test_learners_begin_below_the_line(memory: str) -> None:
    """They failed, by a little or by a lot, and forget when they do nothing."""
    learners = learners_of(World("tiny", objectives=600, memory=memory), 8)
    start = learners.exam_percent(0.0)
    assert (start < 100 * PASS_LINE + 3).all()
    assert (start > 45).all()
    assert (learners.exam_percent(56.0) < start).all()
    assert learners.weight.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("memory", ["fsrs", "half-life"])
def test_the_bound_lies_above_the_oracle_and_rises_with_time(memory: str) -> None:
    """On the mean of learners, since a single one may be luckier than any plan expects."""
    bounds = []
    for hours in (0.1, 0.3, 1.0):
        learners = learners_of(World("tiny", objectives=120, hours=hours, days=8, memory=memory), 12)
        bound = relaxed_bound(learners)
        assert bound is not None
        if hours < 1.0:  # with an hour all that pays is done, and chance decides which lies higher
            assert bound.mean() > study(learners, POLICIES["oracle"]()).percent.mean()
        bounds.append(bound)
    assert (np.diff(bounds, axis=0) >= 0).all()


@pytest.mark.parametrize("memory", ["fsrs", "half-life"])
def test_the_bound_of_one_objective_is_its_best_plan(memory: str) -> None:
    """With time to spare nothing is relaxed: every plan tried out on the true memory gives no more and no less."""
    learners = learners_of(World("one", objectives=1, hours=1.0, days=5, memory=memory), 6)
    bound = relaxed_bound(learners, fineness=2)
    assert bound is not None
    for learner in range(learners.count):
        best = best_recall(learners.memory, learner, float(learners.encoding[learner]), 0, 5)
        assert bound[learner] == pytest.approx(100 * (GUESS + (1 - GUESS - SLIP) * best), abs=0.15)


def best_recall(memory: TrueMemory, learner: int, encoding: float, day: int, exam: int) -> float:
    """On the exam day, of a single objective, drilled or not on every day, whichever is better."""
    who, what = np.array([learner]), np.array([0])
    if day == exam:
        return float(memory.recall_of(who, what, float(day))[0])
    waited = best_recall(memory, learner, encoding, day + 1, exam)
    recall = float(memory.recall_of(who, what, float(day))[0])
    drilled, state = 0.0, memory.snapshot()
    for chance, recalled, encoded in (
        (recall, True, False),
        ((1 - recall) * encoding, False, True),
        ((1 - recall) * (1 - encoding), False, False),
    ):
        memory.drill(who, what, float(day), np.array([recalled]), np.array([encoded]))
        drilled += chance * best_recall(memory, learner, encoding, day + 1, exam)
        memory.restore(state)
    return max(waited, drilled)


def test_there_is_no_bound_where_it_would_not_be_one() -> None:
    """Objectives that teach each other, or a memory of many traces."""
    assert relaxed_bound(learners_of(World("tiny", objectives=120, days=8, spill=0.1))) is None
    assert relaxed_bound(learners_of(World("tiny", objectives=120, days=8, memory="act-r"))) is None


UNDER_TEST = ("under_test.py", "lists_under_test.py", "diagnosis.py", "failing.py")
"""Where qbank's own functions are called: the last two plant faults by arithmetic of their own and ask its tests."""


@pytest.mark.parametrize("path", sorted(SIMULATOR.glob("*.py")), ids=lambda path: path.name)
def test_worlds_share_no_code_with_qbank(path: Path) -> None:
    """Only what is under test is imported, in a few places; the worlds and other policies do not even import that."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    if path.name not in UNDER_TEST:
        assert not {name for name in names if name.partition(".")[0] == "qbank"}
    if path.stem in ("worlds", "memories", "study", "policies", "lookahead", "laws", "bound", "other_banks"):
        assert names & {"simulate.under_test", "simulate.lists_under_test", "simulate.runs"} == set()


def test_intervals_hold_the_true_mean_as_often_as_they_say() -> None:
    """Nineteen times in twenty, a little less with forty learners."""
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        interval = mean_interval(rng.normal(2.0, 1.0, 40))
        held += interval.low <= 2.0 <= interval.high
    assert 0.89 <= held / 200 <= 0.99


def test_a_ratio_is_over_the_same_learners() -> None:
    """What is always half has no spread, however far learners lie apart."""
    headroom = np.random.default_rng(3).normal(8.0, 3.0, 40)
    interval = ratio_interval(headroom / 2, headroom)
    assert (interval.mean, interval.low, interval.high) == pytest.approx((0.5, 0.5, 0.5))


def test_passing_is_even_at_the_line() -> None:
    """And all but certain ten points off."""
    low, line, high = p_pass(100 * np.array([PASS_LINE - 0.1, PASS_LINE, PASS_LINE + 0.1]))
    assert low < 0.01
    assert line == pytest.approx(0.5, abs=0.03)
    assert high > 0.99


def test_honest_forecasts_are_found_honest_and_boasts_are_not() -> None:
    """By the distance between forecast and outcome, and by Brier's score against the mean rate's."""
    rng = np.random.default_rng(3)
    p = rng.random(20_000)
    correct = rng.random(20_000) < p
    honest = calibration("x", [[*bins] for bins in halves(p, correct)], [])
    boasting = calibration("x", [[*bins] for bins in halves(np.sqrt(p), correct)], [])
    assert honest.answers == 20_000
    assert honest.error < 0.02 < 0.1 < boasting.error
    assert honest.brier < boasting.brier < honest.brier_base
    assert [one.observed for one in honest.bins] == pytest.approx(
        [one.forecast for one in honest.bins], abs=0.05
    )


def halves(p: Any, correct: Any) -> list[list[Bin]]:  # noqa: ANN401
    """Forecasts as of two learners."""
    pairs = [(float(one), bool(right)) for one, right in zip(p, correct, strict=True)]
    return [binned(pairs[::2]), binned(pairs[1::2])]


def told(*arguments: str) -> Result:
    """What the command does."""
    return CliRunner().invoke(simulate, list(arguments))


def test_results_are_kept_added_to_and_shown_again(tmp_path: Path) -> None:
    """One policy at a time into one file; what is shown of it is what was printed."""
    file = str(tmp_path / "kept.json")
    asked = ("--world", "bank-33", "--learners", "2", "--processes", "1", "--json", file)
    first = told(*asked, "--policy", "random")
    assert first.exit_code == 0, first.output
    both = told("table", *asked, "--policy", "oracle", "--policy", "bound")
    assert "random pass" in both.stdout
    assert "relaxed bound" in both.stdout
    assert told("show", file).stdout == both.stdout


def test_other_learners_are_not_mixed_in(tmp_path: Path) -> None:
    """A pair of learners is compared with itself alone; and a file of something else is not written over."""
    file = tmp_path / "kept.json"
    asked = ("--world", "bank-33", "--processes", "1", "--policy", "random", "--json", str(file))
    told(*asked, "--learners", "2")
    kept = file.read_bytes()
    refused = told(*asked, "--learners", "3")
    assert refused.exit_code == 1
    assert "name another file" in refused.stderr
    assert file.read_bytes() == kept
    file.write_text("[]", encoding="utf-8")
    assert "holds no results" in told("show", str(file)).stderr
