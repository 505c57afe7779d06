"""`qbank bank import` as its user meets it: what is told, asked and shown."""

import json
from pathlib import Path

import pytest
from support import Qbank

from qbank.ui.console import Console

GIFT = (
    "Which organ makes bile? {=Liver#Hepatocytes do. ~Spleen}\n\nWhich organ stores bile? {=Gall bladder ~Spleen}\n\n"
    "Describe bile. {}\n\nDescribe urine. {}\n"
)
SYSTEM = ("--system", "gastrointestinal")


@pytest.fixture
def quiz(tmp_path: Path) -> Path:
    """Two questions that can be asked and two that cannot."""
    path = tmp_path / "quiz.gift"
    path.write_text(GIFT, encoding="utf-8")
    return path


def test_a_dry_run_says_what_would_be_and_writes_nothing(started: Qbank, quiz: Path) -> None:
    """The import itself then does just that."""
    would = started("bank", "import", str(quiz), "--dry-run")
    assert "Would be: 2 new, 0 changed, 0 unchanged in the bank quiz." in would.out
    assert "Nothing was written." in would.out
    assert "quiz" not in started("bank", "banks").out
    done = started("bank", "import", str(quiz))
    assert "\n2 new, 0 changed, 0 unchanged in the bank quiz." in done.out
    assert started("bank", "import", str(quiz)).out.endswith(
        "0 new, 0 changed, 2 unchanged in the bank quiz.\n"
    )


def test_what_is_left_out_is_counted_and_listed_when_asked_for(started: Qbank, quiz: Path) -> None:
    """With reason and place."""
    short = started("bank", "import", str(quiz), "--dry-run").out
    assert "Left out, an essay: 2, the first at line 5." in short
    assert "--details" in short
    long = started("bank", "import", str(quiz), "--dry-run", "--details").out
    assert "line 5: an essay" in long
    assert "line 7: an essay" in long


def test_json_is_the_whole_report_and_nothing_else(started: Qbank, quiz: Path) -> None:
    """Files, banks and duplicates."""
    started("bank", "import", str(quiz))
    done = started("bank", "import", str(quiz), "--bank", "again", "--json", "--duplicates", "skip")
    told = json.loads(done.out)
    assert told["dry_run"] is False
    assert [one["place"] for one in told["files"][0]["left_out"]] == ["line 5", "line 7"]
    counts = {"bank": "again", "new": 0, "changed": 0, "unchanged": 0, "left_out": 2, "off": False}
    assert told["banks"] == [counts]
    assert {one["of_bank"] for one in told["duplicates"]} == {"quiz"}
    assert all(one["left_out"] for one in told["duplicates"])


def test_without_anybody_to_ask_duplicates_are_kept_and_told(started: Qbank, quiz: Path) -> None:
    """Nothing is lost in a script."""
    started("bank", "import", str(quiz))
    done = started("bank", "import", str(quiz), "--bank", "again")
    assert "There already: 2 the same, in quiz (2)." in done.out
    assert "--duplicates skip" in done.out
    assert "2 new" in done.out


@pytest.mark.parametrize(
    ("answers", "new"), [("l\n", 0), ("x\nk\n", 2), ("e\nl\nk\n", 1), ("e\nK\n", 2), ("e\nL\n", 0)]
)
def test_somebody_is_asked_about_duplicates_once_or_for_each(
    started: Qbank, quiz: Path, monkeypatch: pytest.MonkeyPatch, answers: str, new: int
) -> None:
    """Both questions are shown before each is decided on."""
    started("bank", "import", str(quiz))
    monkeypatch.setattr(Console, "is_terminal", property(lambda _self: True))
    done = started("bank", "import", str(quiz), "--bank", "again", stdin=answers)
    assert f"{new} new, 0 changed, 0 unchanged in the bank again." in done.out
    if answers.startswith("e"):
        assert "There already, quiz/" in done.out
        assert "New, again/" in done.out
        assert "* A  Liver" in done.out


def test_a_licence_is_shown_with_the_questions_once_the_key_is(started: Qbank, quiz: Path) -> None:
    """In a block, in its review, and where a question is looked up; not before."""
    started("bank", "import", str(quiz), "--licence", "CC BY 4.0, Ada Lovelace", *SYSTEM)
    for bank_question in json.loads(started("bank", "list", "--bank", "quiz", "--json").out):
        name = f"quiz/{bank_question['id']}"
        assert "Licence: CC BY 4.0, Ada Lovelace" in started("bank", "show", name).out
        assert "Licence: CC BY 4.0, Ada Lovelace" in started("bank", "show", name, "--answer").out
        assert json.loads(started("bank", "show", name, "--json").out)["licence"] == "CC BY 4.0, Ada Lovelace"
    assert "CC BY 4.0, Ada Lovelace" in started("bank", "banks").out


def test_a_bank_is_switched_off_and_on(started: Qbank, quiz: Path) -> None:
    """Its questions are neither listed nor found meanwhile, and an import into it says so."""
    started("bank", "import", str(quiz))
    assert "qbank bank on quiz" in started("bank", "off", "quiz").out
    assert started("bank", "list", "--bank", "quiz").out == "0 questions.\n"
    assert "quiz" not in started("bank", "search", "bile").out
    assert "It is switched off" in started("bank", "import", str(quiz)).out
    assert json.loads(started("bank", "banks", "--json").out)[0]["off"] is True
    assert started("bank", "on", "quiz").out == "The bank quiz is on.\n"
    assert started("bank", "on", "quiz").out == "The bank quiz was on already.\n"
    assert started("bank", "list", "--bank", "quiz").out.endswith("2 questions.\n")
    assert started("bank", "off", "starter").code == 2
    assert started("bank", "off", "quizz").code == 4


def test_the_earlier_name_of_the_format_still_works(started: Qbank, quiz: Path) -> None:
    """Though help shows only the new one."""
    assert "2 new" in started("bank", "import", str(quiz), "--shape", "gift").out
    assert "--shape" not in started("bank", "import", "--help").out
    assert "no format 'gfit'" in started("bank", "import", str(quiz), "--format", "gfit").err
