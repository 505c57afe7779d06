"""`qbank bank items`: statistics of questions over the learners of a store, and what it says where there are too few."""

import csv
import json
import stat
from pathlib import Path

import pytest
from cohort import put_cohort
from support import Qbank

from qbank.store.store import Store


@pytest.fixture
def cohort(home: Path, empty_sqlite: Path) -> Path:
    """A home whose store has thirty learners, and two questions with a wrong key."""
    home.mkdir()
    path = home / "qbank.sqlite3"
    path.write_bytes(empty_sqlite.read_bytes())
    with Store.open(path, backup_dir=None) as store:
        put_cohort(store, learners=30, questions=24, miskeyed=2)
    return path


def test_an_empty_store_says_how_to_bring_several_together(qbank: Qbank) -> None:
    """And so does one with a single learner's answers."""
    empty = qbank("bank", "items")
    assert empty.code == 0
    assert "no answers to count" in empty.out
    assert "import" in empty.out
    assert json.loads(qbank("bank", "items", "--json").out)["items"] == []


def test_one_learner_is_told_that_it_takes_several(started: Qbank) -> None:
    """With how, and that names have to differ."""
    started("block", "--size", "3", stdin="A\nB\nC\n")
    alone = started("bank", "items")
    assert alone.code == 0
    assert "one learner's first answers" in alone.out
    assert "--learner NAME" in alone.out


@pytest.mark.usefixtures("cohort")
def test_wrong_keys_are_pointed_out_with_their_options(qbank: Qbank) -> None:
    """Nobody needs to say who they are, and nobody is named."""
    done = qbank("bank", "items")
    assert done.code == 0, done.err
    assert "shared/q-000 (key?" in done.out
    assert "q-000 b" in done.out
    assert "qbank bank show QUESTION --answer" in done.out
    assert "24 questions with 10 first answers or more, of 30 learners." in done.out
    everything = done.out + qbank("bank", "items", "--json", "--options").out
    assert "learner-0" not in everything
    assert "name of" not in everything


@pytest.mark.usefixtures("cohort")
def test_options_of_every_question_where_asked_for(qbank: Qbank) -> None:
    """Each under its name."""
    doubtful = qbank("bank", "items").out
    assert not all(f"q-{number:03} a" in doubtful for number in range(24))
    done = qbank("bank", "items", "--options").out
    assert all(f"q-{number:03} a" in done for number in range(24))


@pytest.mark.usefixtures("cohort")
def test_more_answers_than_there_are_give_none(qbank: Qbank) -> None:
    """It says what the most is; and so few that one could be guessed are refused."""
    done = qbank("bank", "items", "--min-answers", "31")
    assert done.code == 0
    assert "the most of any is 30" in done.out
    assert qbank("bank", "items", "--min-answers", "4").code == 2


@pytest.mark.usefixtures("cohort")
def test_the_file_is_private_and_replaces_nothing(qbank: Qbank, tmp_path: Path) -> None:
    """A table of the same numbers."""
    target = tmp_path / "items.csv"
    done = qbank("bank", "items", "--csv", str(target), "--sort", "question")
    assert f"Written to {target}" in done.out
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with target.open() as file:
        rows = list(csv.DictReader(file))
    shape = json.loads(qbank("bank", "items", "--json", "--sort", "question").out)
    assert float(rows[0]["facility"]) == shape["items"][0]["facility"]
    assert len(rows) == sum(len(item["options"]) for item in shape["items"])
    before = target.read_bytes()
    again = qbank("bank", "items", "--csv", str(target))
    assert again.code == 2
    assert target.read_bytes() == before
