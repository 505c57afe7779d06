"""`qbank bank classify`: questions get their areas by key, and each decision is saved at once."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from support import Qbank

KIDNEY = "A boy has nephrotic edema with albumin in the urine; microscopy of the glomerulus shows effaced podocytes. Why?"
HEART = "Crushing chest pain with ST elevation: which coronary artery is occluded in a posterior myocardial infarction?"
RIDDLE = "Which of these is the best?"


@pytest.fixture
def school(started: Qbank, tmp_path: Path) -> Path:
    """A file of three questions, imported: two with a suggestion and one without."""
    rows = [
        f'{name},"{stem}",a,This,That\n' for name, stem in (("q1", HEART), ("q2", KIDNEY), ("q3", RIDDLE))
    ]
    file = tmp_path / "school.csv"
    file.write_text("id,question,answer,a,b\n" + "".join(rows))
    assert started("bank", "import", str(file), "--bank", "school").code == 0
    return file


def placed(qbank: Qbank) -> Mapping[str, tuple[str, str]]:
    """The section of each question and who said so."""
    found = {}
    for name in ("q1", "q2", "q3"):
        objective = json.loads(qbank("bank", "show", name, "--json").out)["objective"]
        found[name] = (objective["section"], objective["placing"])
    return found


def test_enter_a_number_and_none(started: Qbank, school: Path) -> None:
    """Three keys for three questions; then nothing waits, and a new import of the file changes nothing."""
    ran = started("bank", "classify", stdin="\n2\nn\n")
    assert ran.code == 0
    assert "  1  cardiovascular," in ran.out
    assert "(suggested)\n" in ran.out
    assert "Enter takes 1; 1-5, f WORDS, n none" in ran.out
    assert "3 decided, none left." in ran.out
    decided = placed(started)
    assert decided["q1"] == ("cardiovascular", "chosen")
    assert decided["q2"][0] != "renal"
    assert decided["q2"][1] == "chosen"
    assert decided["q3"] == ("", "chosen")
    assert "Every imported question has an area" in started("bank", "classify").out
    assert started("bank", "import", str(school), "--bank", "school").code == 0
    assert placed(started) == decided


def test_finding_and_taking_back(started: Qbank, school: Path) -> None:
    """An objective is found by its words and joined; u goes one back; s leaves it for another time."""
    ran = started("bank", "classify", stdin="s\nf podocyte selective\n1\nu\nf Renal\n2\nq\n")
    assert "Saved: minimal-change-podocyte." in ran.out
    assert "Taken back." in ran.out
    assert "Saved: respiratory-renal / renal." in ran.out
    assert "1 decided, 2 left. Go on with: qbank bank classify" in ran.out
    assert placed(started)["q2"] == ("renal", "chosen")
    assert placed(started)["q1"] == ("cardiovascular", "suggested")
    again = started("bank", "classify")
    assert "school/q1" in again.out
    assert "Question 1 of 2." in again.out


def test_after_a_search_enter_goes_back(started: Qbank, school: Path) -> None:
    """It takes nothing of what was found; a second one takes the suggestion."""
    ran = started("bank", "classify", stdin="f renal\n\n\nq\n")
    assert "Enter goes back; 1-9, f WORDS" in ran.out
    assert ran.out.count("(suggested)\n") == 3
    assert placed(started)["q1"] == ("cardiovascular", "chosen")


def test_the_last_decision_can_be_taken_back_too(started: Qbank, school: Path) -> None:
    """Before it leaves, it asks."""
    ran = started("bank", "classify", stdin="\n\nn\nu\nf renal\n2\n\n")
    assert ran.out.count("That was the last. Enter leaves, u takes your last decision back:") == 2
    assert placed(started)["q3"] == ("renal", "chosen")


def test_the_key_stays_hidden_until_it_is_asked_for(started: Qbank, school: Path) -> None:
    """So that the question can still be met in a block."""
    assert "the answer:" not in started("bank", "classify", stdin="?\nq\n").out
    assert "the answer: This" in started("bank", "classify", stdin="k\nq\n").out


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("9", "There is no 9 here."),
        ("0", "There is no 0 here."),
        ("x", "'x' is nothing that can be typed here."),
        ("f", "Put what to look for behind it"),
        ("f xyzzy", "Nothing found."),
        ("u", "There is nothing to take back yet."),
        ("n now", "n stands alone."),
        ("take", "'take' is nothing that can be typed here."),
        ("back", "'back' is nothing that can be typed here."),
        ("s\ns\n", "Nothing is suggested here. Choose by number, or s skips it."),
    ],
)
def test_what_cannot_be_meant_is_asked_again(started: Qbank, school: Path, typed: str, said: str) -> None:
    """In a sentence, and nothing is decided."""
    ran = started("bank", "classify", stdin=f"{typed}\n\x04")
    assert said in ran.out
    assert "Nothing decided, 3 left." in ran.out
    assert {who for _, who in placed(started).values()} == {"suggested", ""}


def test_a_bank_that_was_not_imported(started: Qbank, school: Path) -> None:
    """Is named with those that were."""
    ran = started("bank", "classify", "--bank", "starter")
    assert ran.code == 4
    assert "Imported are: school." in ran.err
    assert started("bank", "classify", "--bank", "school", stdin="q\n").code == 0


def test_suggestions_are_marked_wherever_areas_are_shown(started: Qbank, school: Path) -> None:
    """In the list, on the question, beside its answer, and in the statistics."""
    assert "cardiovascular (suggested)" in started("bank", "list", "--bank", "school").out
    assert "Area: cardiovascular, suggested by its words" in started("bank", "show", "q1").out
    assert "Area: cardiovascular, suggested by its words" in started("bank", "show", "q1", "--answer").out
    assert "Area: none; for practice only." in started("bank", "show", "q3").out
    assert "The place of 2 objectives is only suggested by their words." in started("bank", "stats").out
    assert json.loads(started("bank", "stats", "--json").out)["suggested"] == 2
    started("bank", "classify", stdin="\n\nn\n\n")
    assert "(suggested)" not in started("bank", "list").out
    assert "Area: cardiovascular, as you chose." in started("bank", "show", "q1").out
    assert "Area: none, as you chose; for practice only." in started("bank", "show", "q3").out


def test_a_suggestion_does_not_go_out_as_if_it_were_known(
    started: Qbank, school: Path, tmp_path: Path
) -> None:
    """What was chosen does."""
    started("bank", "classify", stdin="\nq\n")
    assert (
        started("bank", "export", "--format", "gift", str(tmp_path / "out.gift"), "--bank", "school").code
        == 0
    )
    written = (tmp_path / "out.gift").read_text()
    assert "cardiovascular" in written
    assert "renal" not in written


def test_a_map_given_to_the_import(started: Qbank, school: Path, tmp_path: Path) -> None:
    """Its rules place what they are for; its faults are told by line and nothing is imported."""
    rules = tmp_path / "map.toml"
    rules.write_text('[[rule]]\npattern = "best"\nsystem = "comunication"\n')
    ran = started("bank", "import", str(school), "--bank", "other", "--map", str(rules))
    assert ran.code == 1
    assert 'map.toml:3: The exam has no system "comunication". Did you mean "communication"?' in ran.err
    assert "0 questions." in started("bank", "list", "--bank", "other").out
    rules.write_text('[[rule]]\npattern = "best"\nsystem = "communication"\n')
    ran = started("bank", "import", str(school), "--bank", "school", "--map", str(rules))
    assert "1 question placed by the map of areas." in ran.out
    assert "Area: communication, by your map of areas." in started("bank", "show", "q3").out


def test_a_question_without_an_area_comes_when_its_bank_is_named(qbank: Qbank, tmp_path: Path) -> None:
    """And never by its worth; where there is nothing else, it is said what to do."""
    qbank("set", "exam-date", "none")
    file = tmp_path / "riddles.csv"
    rows = "".join(f'r{n},"{RIDDLE} Number {n}.",a,This,That\n' for n in range(20))
    file.write_text("id,question,answer,a,b\n" + rows)
    assert qbank("bank", "import", str(file), "--bank", "riddles").code == 0
    ran = qbank("block", "--size", "5", "--mode", "tutor", stdin="q\n")
    assert ran.code == 1
    assert "qbank bank classify" in ran.err
    assert "qbank block --bank NAME" in ran.err
    assert qbank("block", "--size", "5", "--bank", "riddle").code == 4
    ran = qbank("block", "--size", "5", "--bank", "riddles", "--mode", "tutor", stdin="q\n")
    assert "Question 1 of 5." in ran.out


def test_what_was_answered_tells_a_suggestion_from_a_given_area(started: Qbank, school: Path) -> None:
    """In a block's reasons and in the history, until it is decided."""
    started("block", "--bank", "school", "--size", "3", "--seed", "1", stdin="A\nA\nA\n")
    found = json.loads(started("history", "--json").out)
    told = {one["question"]: (one["system"], one["suggested"]) for one in found}
    assert told == {"q1": ("cardiovascular", True), "q3": ("", False)}  # q2 is held in reserve
    shown = started("history").out
    assert "~cardiovascular" in shown
    assert shown.endswith("Settle it with: qbank bank classify\n")
    why = started("why").out
    assert "q1 (cardiovascular, only suggested)" in why
    assert "q3 (no area)" in why
    reasons = json.loads(started("why", "--json").out)["reasons"]
    assert {one["question"]: one["suggested"] for one in reasons} == {"school/q1": True, "school/q3": False}
    started("bank", "classify", stdin="\n\nn\n")
    assert "~" not in started("history").out
    assert "only suggested" not in started("why").out
