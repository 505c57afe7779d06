"""Reports in the record: one a sitting, real before sample, and the attempt rules held against the day booked."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from worlds import World

from qbank.app import preferences, reports
from qbank.app.record import record
from qbank.core.event import EventKind
from qbank.core.report import Flag, ReportKind, ScoreReport
from qbank.errors import NothingToDo, ReportRefused

SELF_ASSESSMENT = ScoreReport(
    ReportKind.SELF_ASSESSMENT, "usmle-step1", "cbssa", date(2026, 12, 1), equated_percent_correct=60
)


@pytest.fixture
def world(empty_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    opened = World(tmp_path / "home", template=empty_sqlite)
    opened.settle()
    yield opened
    assert opened.replayed_digest() == opened.digest()
    opened.close()


def fail(
    world: World, day: date = date(2026, 9, 1), attempt: int | None = None, rows: int = 5
) -> ScoreReport:
    sample = reports.sample(world.workspace)
    return replace(sample, sample=False, sat_on=day, attempt=attempt, flags=sample.flags[:rows])


def add(world: World, report: ScoreReport) -> bool:
    """Add a report a minute after the one before it; True when it was recorded."""
    world.pass_time(seconds=60)
    return reports.add(world.workspace, report)


def counting(world: World) -> list[int]:
    return [kept.number for kept in reports.kept(world.workspace)]


def test_the_very_same_report_records_nothing(world: World) -> None:
    """Added three times, it is in the log once."""
    assert add(world, fail(world))
    events = world.events()
    assert not add(world, fail(world))
    assert not add(world, fail(world))
    assert (world.events(), counting(world)) == (events, [1])


@pytest.mark.parametrize("kind", ["same day", "same attempt", "self-assessment"])
def test_a_second_report_of_a_sitting_takes_the_place_of_the_first(world: World, kind: str) -> None:
    """Whether the day or the attempt's number tells that it is the same."""
    first, second = {
        "same day": (fail(world, rows=2), fail(world, rows=3)),
        "same attempt": (fail(world, attempt=2), fail(world, date(2026, 9, 3), attempt=2)),
        "self-assessment": (SELF_ASSESSMENT, replace(SELF_ASSESSMENT, equated_percent_correct=61)),
    }[kind]
    add(world, first)
    assert [kept.number for kept in reports.same_as(world.workspace, second)] == [1]
    assert add(world, second)
    assert counting(world) == [2]


def test_another_sitting_stands_beside_the_first(world: World) -> None:
    """Two sittings and a self-assessment are three reports."""
    for report in (fail(world, attempt=1), fail(world, date(2026, 12, 1), attempt=2), SELF_ASSESSMENT):
        add(world, report)
    assert counting(world) == [1, 2, 3]


def test_bringing_a_replaced_report_back_swaps_the_two(world: World) -> None:
    """Still one a sitting."""
    add(world, fail(world, rows=2))
    add(world, fail(world, rows=3))
    assert reports.restore(world.workspace, 1).number == 1
    assert counting(world) == [1]
    assert reports.restore(world.workspace, None).number == 2
    assert counting(world) == [2]


def test_a_sample_never_stands_beside_a_real_report(world: World) -> None:
    """It gives way to one, is refused after one, and cannot be brought back beside one."""
    sample = reports.sample(world.workspace)
    add(world, sample)
    assert not add(world, sample)
    add(world, fail(world))
    assert counting(world) == [2]
    for refused in (
        lambda: reports.warnings(world.workspace, sample),
        lambda: add(world, sample),
        lambda: reports.restore(world.workspace, 1),
    ):
        with pytest.raises(ReportRefused, match="of your own counts already"):
            refused()
    with pytest.raises(NothingToDo):
        reports.restore(world.workspace, None)
    reports.remove(world.workspace, 2)
    assert add(world, sample)


def test_a_real_report_brought_back_takes_the_samples_place(world: World) -> None:
    """As it would if it were added; a replay agrees."""
    add(world, fail(world))
    reports.remove(world.workspace, 1)
    add(world, reports.sample(world.workspace))
    assert counting(world) == [2]
    reports.restore(world.workspace, 1)
    assert counting(world) == [1]
    assert world.digest() == world.replayed_digest()


def test_the_latest_is_a_real_one_though_a_sample_came_later(world: World) -> None:
    """Records of two devices can hold both; the learner's own goes before."""
    add(world, reports.sample(world.workspace))
    add(world, fail(world))
    sample_row = reports.kept(world.workspace, with_removed=True)[0]
    data = {"report": sample_row.event_id, "removed": False}
    record(world.workspace, EventKind.REPORT_REMOVED, data)
    assert counting(world) == [1, 2]
    latest = reports.latest(world.workspace)
    assert latest == fail(world) == reports.one(world.workspace, None).report


def test_the_booked_day_is_held_against_the_rules(world: World) -> None:
    """The exam day is 15 March 2027: too early for a fourth attempt, and no day for a fifth."""
    third, fourth = fail(world, date(2026, 12, 1), attempt=3), fail(world, date(2026, 12, 1), attempt=4)
    (said,) = reports.warnings(world.workspace, third)
    assert "Attempt 4 may come on 2027-06-01 at the earliest; the exam day 2027-03-15" in said
    assert "2027-03-15 would be number 5" in reports.warnings(world.workspace, fourth)[0]
    assert reports.attempt_notes(world.workspace) == []
    add(world, third)
    assert reports.attempt_notes(world.workspace) == [said]
    preferences.change(world.workspace, "exam-date", "2027-06-01")
    assert reports.attempt_notes(world.workspace) == []


def test_used_up_attempts_are_said_without_a_booking(world: World) -> None:
    """A failed report that prints attempt 4 says that none is left, before and after it is kept."""
    preferences.change(world.workspace, "exam-date", "none")
    last = fail(world, attempt=4)
    (said,) = reports.warnings(world.workspace, last)
    assert "no attempt is left after number 4" in said
    add(world, last)
    assert reports.attempt_notes(world.workspace) == [said]
    unknown = replace(last, outcome="unknown")
    assert reports.warnings(world.workspace, unknown) == []


def test_samples_and_self_assessments_are_no_attempts(world: World) -> None:
    """They never count towards the rules, nor does a sitting that was removed."""
    add(world, replace(reports.sample(world.workspace), attempt=4))
    assert reports.attempt_notes(world.workspace) == []
    add(world, SELF_ASSESSMENT)
    add(world, fail(world, attempt=4))
    assert len(reports.attempt_notes(world.workspace)) == 1
    reports.remove(world.workspace, 3)
    assert reports.attempt_notes(world.workspace) == []


def test_a_report_of_the_booked_day_ends_the_booking(world: World) -> None:
    """Once the sitting that was booked is reported, it is not the next one any more."""
    preferences.change(world.workspace, "exam-date", "2027-01-04")
    add(world, fail(world, date(2026, 9, 1), attempt=2))
    assert reports.warnings(world.workspace, fail(world, date(2027, 1, 4), attempt=3)) == []


def test_many_missing_rows_become_a_number(world: World, tmp_path: Path) -> None:
    """A file with two rows says how many are not there; a file of a sample says nothing."""
    path = tmp_path / "report.toml"
    text = 'sat_on = 2026-09-01\noutcome = "fail"\n[flags]\n"Cardiovascular System" = "lower"\nPathology = "same"\n'
    path.write_text(text)
    report, notes = reports.read_file(world.workspace, path)
    assert notes == ("24 of the 26 rows are not in the file. See: qbank report show",)
    assert len(reports.missing_rows(world.workspace, report)) == 24
    path.write_text("sample = true\n" + text)
    assert reports.read_file(world.workspace, path)[1] == ()


def test_few_missing_rows_are_named(world: World, tmp_path: Path) -> None:
    """One row that is not there is worth its name."""
    whole = reports.sample(world.workspace).flags
    path = tmp_path / "report.toml"
    rows = "\n".join(f'"{row}" = "{Flag(flag).value}"' for row, flag in whole[:-1])
    path.write_text(f'sat_on = 2026-09-14\noutcome = "fail"\n[flags]\n{rows}\n')
    _, (note,) = reports.read_file(world.workspace, path)
    assert note == "Not in the file: Genetics."
