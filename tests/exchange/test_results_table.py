"""Tables of results as other banks and hands write them: headings, values, and faults with their line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.errors import InputInvalid
from qbank.exchange.results_fields import day, outcome, percent, role, seconds
from qbank.exchange.results_table import ROW_LIMIT, Row, Table, read_results

TODAY = date(2026, 11, 26)


def read(text: str, *, day_first: bool | None = None, **columns: str) -> Table:
    return read_results("list.csv", text.encode(), columns, TODAY, day_first=day_first)


def refused(text: str, **columns: str) -> str:
    with pytest.raises(InputInvalid) as caught:
        read_results("list.csv", text.encode(), columns, TODAY)
    return str(caught.value)


def test_a_table_as_a_bank_shows_it() -> None:
    """Every column, quoted cells, an unanswered question, and what is no percent."""
    text = (
        "ID,RESULT,SUBJECTS,SYSTEMS,CATEGORIES,% CORRECT OTHERS,TIME SPENT,DATE\n"
        '1021,Correct,Pathology,"Renal, Urinary Systems & Electrolytes",Acid-base,63%,75 sec,2026-10-04\n'
        "1022,Omitted,Anatomy,Nervous System,,--,1:05,10/14/2026\n"
        "1023,Incorrect,Anatomy,Nervous System,,many,later,10/15/2026\n"
    )
    table = read(text)
    assert table.rows[0] == Row(
        2,
        "1021",
        "",
        True,
        75,
        (
            ("system", "Renal, Urinary Systems & Electrolytes"),
            ("subject", "Pathology"),
            ("topic", "Acid-base"),
        ),
        date(2026, 10, 4),
        63,
    )
    assert [(row.right, row.seconds, row.others) for row in table.rows[1:]] == [
        (None, 65, None),
        (False, None, None),
    ]
    assert table.rows[1].on == date(2026, 10, 14)
    assert table.notes == (
        "1 row has a percent of others that is none; it was left out there.",
        "1 row has a time that is none; it was left out there.",
    )


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_kept_by_hand(mark: str) -> None:
    """Any delimiter, a title above the headings, 1 and 0, minutes, and shares of 1 in place of percents."""
    lines = [
        "My list",
        "question,right,minutes,topic,others correct",
        "a,1,1.5,Heart,0.6",
        "b,0,2,Heart,1",
        ",,,,",
    ]
    table = read("\ufeff" + "\r\n".join(lines).replace(",", mark))
    assert [(row.id, row.right, row.seconds, row.others) for row in table.rows] == [
        ("a", True, 90, 60),
        ("b", False, 120, 100),
    ]
    assert table.columns["topic"] == "topic"


def test_headings_can_be_told() -> None:
    """Where they are nobody's usual ones; a told one goes before a usual one."""
    table = read("Nr,How it went,status\n7,yes,wrong\n", id="nr", correct="How it went")
    assert table.rows[0].id == "7"
    assert table.rows[0].right is True


def test_a_list_without_results_is_one_of_misses() -> None:
    """Each of its rows was missed."""
    assert [row.right for row in read("id,system\n1,Heart\n2,Lung\n").rows] == [False, False]


def test_which_comes_first_is_seen_from_dates_that_can_be_read_one_way_only() -> None:
    """Month first unless one cannot be, or it is told; and said where it was only supposed."""
    seen = read("id,date\n1,03/04/2026\n2,25/04/2026\n")
    assert [row.on for row in seen.rows] == [date(2026, 4, 3), date(2026, 4, 25)]
    supposed = read("id,date\n1,03/04/2026\n")
    assert supposed.rows[0].on == date(2026, 3, 4)
    assert "--day-first" in supposed.notes[0]
    told = read("id,date\n1,03/04/2026\n", day_first=True)
    assert (told.rows[0].on, told.notes) == (date(2026, 4, 3), ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,correct\n1,perhaps\n", 'list.csv:2: Whether it was right cannot be told from "perhaps".'),
        ("id,date\n1,soon\n", 'list.csv:2: "soon" is not a date.'),
        ("id,date\n1,2027-01-01\n", "list.csv:2: 2027-01-01 is still to come."),
        ('id,system\n1,"Heart\n', "list.csv:2: The row that begins here is not CSV"),
        ("apples,pears\n1,2\n", "list.csv:1: No heading of a results table is known here."),
        ("", "list.csv:1: No heading"),
        ("id,correct\n1,\x00\n", "not text"),
        (f"id,system\n1,{'x' * 10_001}\n", "list.csv:2: A cell has more than 10,000 characters."),
    ],
)
def test_faults_have_their_line_and_their_mend(text: str, said: str) -> None:
    """Nothing is guessed where a wrong guess would count as an answer."""
    assert said in refused(text)


def test_a_column_that_is_not_there_is_told_with_the_nearest() -> None:
    """Of the table, and of what a table can have."""
    assert 'Did you mean "Outcomes"?' in refused("id,Outcomes\n1,x\n", correct="Outcome")
    assert 'no column "corect"' in refused("id\n1\n", corect="x")


def test_other_encodings_are_refused_with_the_line() -> None:
    """Latin-1 could only be guessed."""
    with pytest.raises(InputInvalid, match=r"list\.csv:2: The text is not UTF-8 from here on"):
        read_results("list.csv", b"id,system\n1,C\xe9r\n", {}, TODAY)
    utf16 = "id,system\n1,Heart\n".encode("utf-16")
    assert read_results("list.csv", utf16, {}, TODAY).rows[0].areas == (("system", "Heart"),)


def test_a_table_has_an_end() -> None:
    """Too many rows are refused, not cut."""
    assert "more than 50,000 rows" in refused("id\n" + "1\n" * (ROW_LIMIT + 1))


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("75", 75), ("75.4", 75), ("75 s", 75), ("75 Seconds", 75), ("1 min 15 sec", 75), ("1m15s", 75), ("1:15", 75),
        ("00:01:15", 75), ("1 h", 3600), ("90:00", 5400), ("", None), ("-", None), ("25:00:00", None), ("fast", None),
        ("99:99:99", None),
    ],
)  # fmt: skip
def test_times(cell: str, found: int | None) -> None:
    """As banks print them."""
    assert seconds(cell) == found


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("2026-10-04", date(2026, 10, 4)), ("2026-10-04T09:30:00Z", date(2026, 10, 4)), ("4.10.2026", date(2026, 10, 4)),
        ("10/04/26", date(2026, 10, 4)), ("Oct 4, 2026", date(2026, 10, 4)), ("4 October 2026", date(2026, 10, 4)),
        ("October 2026", None), ("4 Foo 2026", None), ("2026-13-01", None), ("31/31/2026", None), ("", None),
    ],
)  # fmt: skip
def test_days(cell: str, found: date | None) -> None:
    """And what is none."""
    assert day(cell, day_first=False) == found


def test_outcomes_percents_and_headings() -> None:
    """A few of each, in any letter case."""
    assert [outcome(cell) for cell in ("RIGHT", "✗", " Omitted ", "")] == [True, False, None, None]
    assert [percent(cell) for cell in ("63 %", "0,5", "101", "x")] == [63, 0.5, None, None]
    assert [role(cell) for cell in ("Question_ID", "% Correct Others", "Time (sec)", "Colour")] == [
        "id",
        "others",
        "time",
        "",
    ]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing else happens."""
    said = "list.csv:"
    try:
        read(f"id,result,time,date,others,system\n{text}")
    except InputInvalid as error:
        said = str(error)
    assert "list.csv:" in said
