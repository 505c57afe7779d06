"""In worlds that the belief does not know, a list from another bank brings it nearer to the truth, and it does not boast."""

import numpy as np
import pytest
from click.testing import CliRunner
from simulate import lists
from simulate.__main__ import simulate
from simulate.lists import explained_by_misses, faults
from simulate.other_banks import OTHER_BANKS, OtherBank, practised
from simulate.under_test import published_blueprint


def test_a_list_of_five_hundred_rows_helps_however_much_it_tells() -> None:
    """Systems, disciplines, the percent of others, or misses with totals: less is missed, and intervals hold."""
    assert faults(learners=24, seed=3) == []


def test_misses_alone_say_next_to_nothing_where_systems_are_done_unevenly() -> None:
    """Which is why they move nothing; they would say something if everybody did the same of each."""
    assert explained_by_misses(OTHER_BANKS["usual"], 40, 3) < 0.1
    assert explained_by_misses(OtherBank("even", uneven=0.0), 40, 3) > 0.1


def test_learners_are_the_same_however_much_they_practised_and_others_see_what_is_easy() -> None:
    """The same truth under every plan; rates lie where the world says; what others know more of, is right more often."""
    blueprint = published_blueprint()
    few, many = (
        practised(OTHER_BANKS["usual"], blueprint, here=0, rows=rows, age_days=0, learners=30, seed=3)
        for rows in (10, 400)
    )
    assert [one.exam for one in few] == [one.exam for one in many]
    assert np.mean([one.exam for one in few]) == pytest.approx(0.62, abs=0.04)
    rows = [row for one in many for row in one.elsewhere]
    easy, hard = ([row.right for row in rows if low <= row.others < low + 20] for low in (70, 40))
    assert np.mean(easy) > np.mean(hard) + 0.1


def test_the_command_prints_every_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """In small."""
    monkeypatch.setattr(lists, "HERE", (0,))
    monkeypatch.setattr(lists, "ROWS", (20,))
    monkeypatch.setattr(lists, "AGES_DAYS", (28,))
    shown = CliRunner().invoke(simulate, ["lists", "--learners", "2"])
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.count("###") == 5
    assert "bank-off-twice" in shown.stdout
