"""`qbank fit`, as somebody meets it at a prompt and at the end of an evening."""

import contextlib
import json
import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from forgetting import FORGETFUL, remembering
from support import Qbank

from qbank.core.fitting import model_of


@pytest.fixture(scope="module")
def forgetful(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Path:
    """The store of a learner who forgets fast, with 500 reviews."""
    folder = tmp_path_factory.mktemp("forgetful")
    remembering(folder, empty_sqlite, FORGETFUL, objectives=100).close()
    return folder / "qbank.sqlite3"


@pytest.fixture
def learner(qbank: Qbank, home: Path, forgetful: Path, monkeypatch: pytest.MonkeyPatch) -> Qbank:
    """The command for that learner, for whom 500 reviews are enough."""
    monkeypatch.setattr("qbank.core.fitting.LEAST_REVIEWS", 500)
    home.mkdir()
    (home / "qbank.sqlite3").write_bytes(forgetful.read_bytes())
    return qbank


def in_force(qbank: Qbank) -> list[int]:
    listed = json.loads(qbank("fit", "--list", "--json").out)
    return [each["number"] for each in listed if each["in_force"]]


def test_too_few_reviews_are_told_kindly(started: Qbank) -> None:
    """With how many there are and how many it takes, and that is no failure."""
    ran = started("fit")
    assert ran.code == 0
    assert "You have 0 reviews" in ran.out
    assert "need 1,000" in ran.out
    assert "Nothing was changed." in ran.out


def test_a_fit_says_what_it_was_tested_on(learner: Qbank) -> None:
    """Both log losses and of what, which is better, and that it is in force now."""
    ran = learner("fit")
    assert ran.code == 0
    said = re.search(r"earlier (\d+) reviews foretell the latest (\d+) with a log loss of", ran.out)
    assert said is not None
    assert sum(map(int, said.groups())) == 500
    assert "Lower is better." in ran.out
    assert "from now on memory goes by your own weights, fitted to all 500." in ran.out
    assert in_force(learner) == [1]
    again = learner("fit")
    assert "not better by more than chance would have it, so nothing was changed" in again.out
    assert "your weights until now" in again.out


def test_a_fit_that_gives_no_numbers_is_told_kindly(learner: Qbank, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no failure, and nothing was changed."""
    monkeypatch.setattr("qbank.core.fitting.fit_weights", lambda *_, **__: model_of([math.nan] * 21))
    ran = learner("fit")
    assert ran.code == 0, ran.err
    assert "gave no weights that can be used, so nothing was changed" in ran.out
    assert in_force(learner) == [0]


def test_a_dry_run_says_what_would_be(learner: Qbank) -> None:
    """And changes nothing."""
    ran = learner("fit", "--dry-run")
    assert "Nothing was changed; without --dry-run it would be." in ran.out
    assert in_force(learner) == [0]


def test_the_list_shows_versions_and_the_way_back(learner: Qbank) -> None:
    """A table of 80 columns, the version in force marked."""
    learner("fit")
    lines = learner("fit", "--list").out.splitlines()
    assert max(map(len, lines)) < 80
    assert lines[2].split() == ["default"]
    assert lines[3].split()[:2] == ["*", "1"]
    assert "500" in lines[3].split()
    used = learner("fit", "--use", "default")
    assert "Memory goes by FSRS's own weights. Your answers stay as they are" in used.out
    assert "To stay with these: qbank set nightly-fit off" in used.out
    assert in_force(learner) == [0]
    learner("set", "nightly-fit", "off")
    again = learner("fit", "--use", "1").out
    assert "Memory goes by version 1, fitted on 20" in again
    assert "nightly-fit" not in again
    assert in_force(learner) == [1]


def test_a_list_without_fits_says_how_there_will_be_some(started: Qbank) -> None:
    """FSRS's own weights alone give nothing to choose among."""
    ran = started("fit", "--list")
    assert "none of your own yet. To fit some: qbank fit" in ran.out
    assert "--use" not in ran.out


def test_a_version_that_is_not_there_is_not_found(learner: Qbank) -> None:
    """Exit code 4, and where to look."""
    ran = learner("fit", "--use", "3")
    assert ran.code == 4
    assert "See them all with: qbank fit --list" in ran.err


def test_one_thing_at_a_time(learner: Qbank) -> None:
    """Two of its options together are refused."""
    assert learner("fit", "--list", "--dry-run").code == 2
    assert learner("fit", "--list", "--use", "1").code == 2


def test_where_nothing_can_fit_it_is_told(learner: Qbank, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for a fit reads how to have it; an evening passes without a word."""
    monkeypatch.setitem(sys.modules, "fsrs_rs_python", None)
    ran = learner("fit")
    assert ran.code == 1
    assert ran.out == ""
    assert "python -m pip install fsrs-rs-python" in ran.err
    evening = learner("review", "--minutes", "4", stdin="A\n\n" * 9)
    assert evening.code == 0
    assert "fsrs-rs" not in evening.out + evening.err
    assert in_force(learner) == [0]


@pytest.mark.parametrize("verb", [("review", "--minutes", "4"), ("block", "--mode", "tutor", "--size", "1")])
def test_an_evening_ends_with_a_fit(learner: Qbank, verb: tuple[str, ...]) -> None:
    """Once a block has closed, one line says that memory goes by other weights; the next evening block says nothing."""
    ran = learner(*verb, stdin="A\n\n" * 9)
    assert ran.code == 0, ran.err
    assert ran.out.count("show how you forget") == 1
    assert in_force(learner) == [1]
    again = learner(*verb, stdin="A\n\n" * 9)
    assert "how you forget" not in again.out


def test_an_evening_says_why_it_waits(learner: Qbank, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the fit runs it is told where somebody looks; an evening without a fit tells of none."""
    told: list[str] = []

    @contextlib.contextmanager
    def waiting(title: str) -> Iterator[None]:
        told.append(title)
        yield
        told.append("done")

    monkeypatch.setattr("qbank.ui.progress.waiting", waiting)
    for _ in range(2):
        assert learner("review", "--minutes", "4", stdin="A\n\n" * 9).code == 0
    assert told == ["Fitting your memory's weights", "done"]


def test_an_evening_is_left_alone_when_it_should_be(learner: Qbank) -> None:
    """Switched off, nothing is fitted and nothing is said."""
    assert learner("set", "nightly-fit", "off").code == 0
    ran = learner("review", "--minutes", "4", stdin="A\n\n" * 9)
    assert ran.code == 0
    assert "how you forget" not in ran.out
    assert in_force(learner) == [0]


def test_nightly_fit_is_on_or_off(learner: Qbank) -> None:
    """Another word is refused with the two that are meant."""
    ran = learner("set", "nightly-fit", "sometimes")
    assert ran.code == 2
    assert "on or off" in ran.err
