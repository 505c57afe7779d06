"""In a world that the index does not know its intervals hold what they say, and its forecasts beat everybody's mean."""

import numpy as np
import pytest
from click.testing import CliRunner
from simulate import readiness
from simulate.__main__ import simulate
from simulate.readiness import FORM_SD, faults, measured
from simulate.sittings import SITTINGS, Plan, Sittings, sittings
from simulate.under_test import published_blueprint


def test_intervals_hold_what_they_say_at_every_number_of_answers_and_age() -> None:
    """The quick form: 40 to 560 answers, up to four weeks old."""
    assert faults(learners=120, seed=3) == []


def test_an_interval_that_boasts_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one would that took the bank for the exam and learners for unchanging."""
    monkeypatch.setattr("qbank.core.insight.readiness.BANK_SD", 1e-6)
    monkeypatch.setattr("qbank.core.insight.readiness.SLOPE_SD", 1e-6)
    assert any("560 answers" in fault for fault in faults(learners=60, seed=3))


def test_forecasts_of_answers_lie_between_everybodys_mean_and_the_truth() -> None:
    """By Brier's score over all answers of everybody's exam."""
    held, forecasts = measured(SITTINGS["usual"], Plan(280), 300, 3)
    assert forecasts.of_truth < forecasts.brier < forecasts.of_mean
    assert held.learners == 300
    assert sum(n for _, _, n in forecasts.bins) == 300 * 280


def test_a_form_narrows_the_interval_and_it_still_holds() -> None:
    """Two weeks old, beside 60 answers."""
    with_form, _ = measured(SITTINGS["usual"], Plan(60, form_days=14), 300, 3)
    without, _ = measured(SITTINGS["usual"], Plan(60), 300, 3)
    assert with_form.reach < without.reach
    assert with_form.missed < without.missed
    assert 0.75 < with_form.held_80 < 0.93


def test_learners_are_the_same_under_every_plan_and_gain_what_their_world_says() -> None:
    """A week's gain about four weeks before the exam, and the same exam however they were measured."""
    blueprint = published_blueprint()
    few, many = (
        sittings(SITTINGS["usual"], blueprint, Plan(answers), 20, 3, FORM_SD) for answers in (40, 280)
    )
    assert [one.exam for one in few] == [one.exam for one in many]
    calm = Sittings("calm", 0, 0, 0, (1.2, 0.0), wander_points=0, day_points=0, tired_points=0)
    before = sittings(calm, blueprint, Plan(0, form_days=31), 60, 3, 0.0)
    after = sittings(calm, blueprint, Plan(0, form_days=24), 60, 3, 0.0)
    gains = [100 * (b.form[1] - a.form[1]) for a, b in zip(before, after, strict=True) if a.form and b.form]
    assert np.mean(gains) == pytest.approx(1.2, abs=0.2)


def test_the_command_prints_every_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """In small."""
    monkeypatch.setattr(readiness, "ANSWERS", (40,))
    monkeypatch.setattr(readiness, "AGES_DAYS", (0,))
    shown = CliRunner().invoke(simulate, ["readiness", "--learners", "4"])
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.count("###") == 5
    assert "bank-off-twice" in shown.stdout
