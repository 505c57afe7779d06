"""`qbank outside import` and what stands beside it, as their user meets them."""

from pathlib import Path

import pytest
from support import Qbank

LIST = (
    "ID,RESULT,SUBJECTS,SYSTEMS,% CORRECT OTHERS,TIME SPENT,DATE\n"
    "1,Correct,Pathology,Cardiovascular System,63%,75 sec,2026-10-01\n"
    "2,Incorrect,Pathology,Cardiovascular System,80%,95 sec,2026-10-02\n"
    "3,Incorrect,Physiology,Magic,50%,95 sec,2026-10-02\n"
    "4,Omitted,Physiology,Nervous System,50%,,2026-10-02\n"
)


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    return str(path)


def test_a_list_comes_in_shows_and_goes(started: Qbank, table: str) -> None:
    """Tried, taken in, seen wherever evidence is told, removed and brought back."""
    tried = started("outside", "import", table, "--source", "Big Bank", "--dry-run")
    assert tried.code == 0
    assert "Nothing was recorded. It would be: 3 new, 0 changed." in tried.out
    assert "No list yet." in started("outside", "list").out
    done = started("outside", "import", table, "--source", "Big Bank")
    assert "4 rows: 1 right, 2 wrong, 1 not answered" in done.out
    assert "Magic" in done.out
    assert "--area Magic=AREA" in done.out
    assert "Recorded for Big Bank: 3 new, 0 changed." in done.out
    assert "qbank outside remove 'Big Bank'" in done.out
    said = "From Big Bank: 3 answers, 1 right, in 1 system; 2026-10-01 to 2026-10-02."
    for command in (("status",), ("progress",), ("report", "list")):
        assert said in " ".join(started(*command).out.split())
    assert "Big Bank" in started("outside", "list").out
    assert "Nothing in it is new" in started("outside", "import", table, "--source", "big bank").out
    assert "no longer count" in started("outside", "remove", "big bank").out
    assert said not in started("status").out
    assert "count again" in started("outside", "remove", "big bank", "--undo").out
    assert said in started("status").out
    assert started("outside", "remove", "nothing").code == 4
    assert started("outside", "remove", "nothing", "--undo").code == 1


def test_the_page_tells_of_other_banks(started: Qbank, table: str, tmp_path: Path) -> None:
    """Beside its other notes."""
    started("outside", "import", table, "--source", "Big <Bank>")
    page = tmp_path / "page.html"
    assert started("progress", "--html", str(page)).code == 0
    assert "From Big &lt;Bank&gt;: 3 answers" in page.read_text()


def test_a_list_of_misses_says_what_it_needs(started: Qbank, tmp_path: Path) -> None:
    """Why it moves nothing, and what makes it count."""
    misses = tmp_path / "misses.csv"
    misses.write_text("id,system\n" + "".join(f"{number},Heart\n" for number in range(30)))
    done = " ".join(started("outside", "import", str(misses), "--source", "x").out.split())
    assert "taken for a list of misses" in done
    assert "they move nothing" in done
    assert "30 misses that cannot count yet" in started("status").out
    told = started("outside", "import", str(misses), "--source", "x", "--totals", "Heart=90")
    assert "0 new, 0 changed and 1 total" in told.out
    assert "From x: 90 answers, 60 right, in 1 system" in started("status").out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("outside",), 2, "Tell --source, --right, --of too"),
        (("outside", "--source", "x", "--of", "3"), 2, "Tell --right too"),
        (
            ("outside", "--source", "x", "import", "a.csv", "--source", "x"),
            2,
            "Give options after the command",
        ),
        (("outside", "import", "nowhere.csv", "--source", "x"), 4, "No file named"),
        (("outside", "import", "nowhere.csv", "--source", "x", "--column", "id"), 2, "is not FIELD=HEADING"),
    ],
)
def test_mistakes_have_their_mend(started: Qbank, arguments: tuple[str, ...], code: int, said: str) -> None:
    """In a sentence, with the documented code."""
    done = started(*arguments)
    assert done.code == code
    assert said in done.err


def test_a_faulty_table_is_refused_whole(started: Qbank, tmp_path: Path) -> None:
    """With file and line, and nothing of it is recorded."""
    faulty = tmp_path / "faulty.csv"
    faulty.write_text(f"{LIST}5,perhaps,Pathology,Heart,50%,,\n")
    done = started("outside", "import", str(faulty), "--source", "x")
    assert done.code == 1
    assert "faulty.csv:6: Whether it was right cannot be told" in done.err
    assert "No list yet." in started("outside", "list").out
