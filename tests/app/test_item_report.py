"""What is reported of items: in which order, of whom, and what stays out of it."""

import csv
import io
from pathlib import Path

import pytest
from cohort import put_cohort
from worlds import World

from qbank.app.item_report import Order, item_report, questions_of, to_csv
from qbank.app.portable import export_record, import_record
from qbank.app.practice import Practice
from qbank.app.preferences import change
from qbank.core import block
from qbank.core.insight.item_statistics import Doubt
from qbank.store.rows import LearnerRow
from qbank.store.store import Store


@pytest.fixture
def cohort(sqlite_store: Store) -> Store:
    """Thirty learners and forty questions, three of which have a wrong key."""
    put_cohort(sqlite_store, learners=30, questions=40, miskeyed=3)
    return sqlite_store


def test_planted_keys_come_first(cohort: Store) -> None:
    """Every wrong key is doubted, before what is only hard; the best told apart comes last."""
    report = item_report(cohort, least=10)
    doubts = [item.doubts for item in report.items]
    doubted = {item.question for item in report.items if Doubt.KEY in item.doubts}
    assert {"q-000", "q-001", "q-002"} <= doubted
    assert all(Doubt.KEY in found for found in doubts[: len(doubted)])
    sound = [item.point_biserial or 0 for item in report.items if not item.doubts]
    assert sound == sorted(sound)
    assert (report.learners, report.answers, report.most, report.fewer) == (30, 1_200, 30, 0)


@pytest.mark.parametrize("order", Order)
def test_any_order_has_the_same_items(cohort: Store, order: Order) -> None:
    """Sorted by what it says, the name last."""
    found = item_report(cohort, least=10, order=order).items
    assert {item.question for item in found} == {f"q-{number:03}" for number in range(40)}
    keys: dict[Order, list[float]] = {
        Order.FACILITY: [item.facility for item in found],
        Order.DISCRIMINATION: [1 if item.point_biserial is None else item.point_biserial for item in found],
        Order.ANSWERS: [-item.answers for item in found],
        Order.TIME: [-item.median_ms for item in found],
        Order.QUESTION: [int(item.question[2:]) for item in found],
        Order.DOUBT: [not item.doubts for item in found],
    }
    assert keys[order] == sorted(keys[order])


def test_too_few_answers_are_counted_and_left_out(sqlite_store: Store) -> None:
    """They still tell how good the learners are who gave them."""
    put_cohort(sqlite_store, learners=12, questions=30, met=0.6)
    report = item_report(sqlite_store, least=8)
    assert report.fewer == 30 - len(report.items) > 0
    assert min(item.answers for item in report.items) >= 8
    assert item_report(sqlite_store, least=report.most + 1).items == ()
    assert report.reliability is None


def test_reliability_is_of_what_all_have_answered(cohort: Store) -> None:
    """It rises with the number of questions, and is told of enough of them only."""
    report = item_report(cohort, least=10)
    assert report.reliability is not None
    assert (report.reliability.questions, report.reliability.learners) == (40, 30)
    assert 0.3 < report.reliability.alpha < 0.95


def test_a_table_has_a_row_for_each_option_and_names_nobody(cohort: Store) -> None:
    """Its sums are those of the items."""
    report = item_report(cohort, least=10)
    content = to_csv(report).decode()
    rows = list(csv.DictReader(io.StringIO(content)))
    assert len(rows) == 40 * 4
    first = [row for row in rows if row["question"] == "q-007"]
    assert sum(int(row["option_chosen"]) for row in first) == int(first[0]["answers"]) == 30
    assert [row["option_chosen"] for row in first if row["key"] == "yes"] == [first[0]["right"]]
    assert "learner" not in content


def test_words_are_those_of_the_questions(cohort: Store) -> None:
    """For as many as are asked for."""
    some = item_report(cohort, least=10).items[:2]
    found = questions_of(cohort, some)
    assert set(found) == {(item.bank, item.question) for item in some}


def test_a_record_that_was_merged_counts(tmp_path: Path, empty_sqlite: Path) -> None:
    """Two people practise on their own computers; after the import both answers to a question are there."""
    worlds = []
    for name in ("Ada", "Bo"):
        world = World(tmp_path / name, template=empty_sqlite, device=name)
        world.workspace.learner = LearnerRow(f"learner-{name}", name)
        world.load_bank()
        world.settle()
        if name == "Bo":
            change(world.workspace, "minutes", "45")
        _answer(world, "beta-1", right=name == "Ada")
        worlds.append(world)
    record = tmp_path / "record.jsonl"
    export_record(worlds[1].workspace, record)
    import_record(worlds[0].workspace, record)
    report = item_report(worlds[0].workspace.store, least=2)
    assert [(item.question, item.answers, item.right) for item in report.items] == [("beta-1", 2, 1)]
    assert report.learners == 2
    for world in worlds:
        world.close()


def _answer(world: World, question: str, *, right: bool) -> Practice:
    practice = world.single("starter", question)
    world.choose(practice, right=right)
    practice.do(block.Reveal)
    return practice
