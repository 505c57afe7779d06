"""The page for the last days: what is on it, when, and that its formulas are sound."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from worlds import World, small_question

from qbank.app import preferences
from qbank.app.last_page import MOST_SENTENCES, last_page, load_formulas
from qbank.core import block
from qbank.core.formulas import parse_formulas
from qbank.core.question import Objective
from qbank.errors import InputInvalid, NothingToDo
from qbank.store.rows import BankKind, BankRow


@pytest.fixture
def world(empty_sqlite: Path, tmp_path: Path) -> World:
    """A learner with twenty questions that each have a sentence to remember, two days before the exam."""
    made = World(tmp_path, template=empty_sqlite)
    names = [f"fact{number:02}" for number in range(20)]
    objectives = [Objective("starter", name, f"Know {name}", "cardiovascular") for name in names]
    questions = [
        replace(small_question(f"{name}-1", name), remember=f"Remember\n{name} by its *sign*.")
        for name in names
    ]
    with made.workspace.store.begin() as tx:
        tx.put_bank(BankRow("starter", "Starter", "", BankKind.BUNDLED, "usmle-step1"))
        tx.upsert_questions("starter", objectives, questions)
    made.settle()
    day = made.workspace.today + timedelta(days=2)
    preferences.change(made.workspace, "exam-date", day.isoformat())
    return made


def answer(world: World, name: str, *, right: bool, note: str = "") -> None:
    practice = world.single("starter", f"{name}-1")
    world.choose(practice, right=right)
    if note:
        practice.do(block.Note, text=note)
    practice.do(block.Reveal)
    practice.do(block.Submit)


def test_it_holds_ones_own_misses_and_notes(world: World) -> None:
    """In the order of how often; what was right is not on it."""
    answer(world, "fact01", right=False, note="left before right")
    answer(world, "fact02", right=False)
    answer(world, "fact02", right=False)
    answer(world, "fact03", right=True)
    page = last_page(world.workspace)
    assert [sentence.text for sentence in page.sentences] == [
        "Remember fact02 by its *sign*.",
        "Remember fact01 by its *sign*.",
    ]
    assert page.sentences[0].misses == 2
    assert page.notes == ("left before right",)
    assert page.note is not None
    assert page.begins == page.exam_day - timedelta(days=3)


def test_it_is_one_page_however_much_was_missed(world: World) -> None:
    """Of many misses it takes as many as fit."""
    for number in range(20):
        answer(world, f"fact{number:02}", right=False)
    assert len(last_page(world.workspace).sentences) == MOST_SENTENCES


def test_on_the_day_itself_there_is_nothing_to_learn(world: World) -> None:
    """What to bring and the breaks stay; after the day there is no page."""
    answer(world, "fact01", right=False, note="left before right")
    world.pass_time(days=2)
    page = last_page(world.workspace)
    assert page.days_left == 0
    assert (page.sentences, page.notes, page.formulas) == ((), (), ())
    assert page.bring
    assert page.breaks
    world.pass_time(days=1)
    with pytest.raises(NothingToDo, match="exam-date"):
        last_page(world.workspace)


def test_the_formulas_are_whole() -> None:
    """Each has its name once, and its brackets match."""
    formulas = [one for group in load_formulas() for one in group.formulas]
    assert len({one.name for one in formulas}) == len(formulas) > 15
    for one in formulas:
        assert one.formula.count("(") == one.formula.count(")")


def test_a_formula_file_of_another_shape_is_refused() -> None:
    """With what is wrong in it."""
    with pytest.raises(InputInvalid, match="formula"):
        parse_formulas({"groups": [{"name": "Heart", "formulas": [{"name": "CO"}]}]})
