"""The first hour at a prompt: each question has a flag, a default and a full answer for who does not know yet."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from qbank.app import preferences, reports
from qbank.app.workspace import Workspace
from qbank.errors import InputInvalid, NotFound, ReportRefused, UsageError
from qbank.ui.console import Console
from qbank.ui.reporting import confirm_report, past_day, say_attempt_notes, walk_through


class Given(msgspec.Struct, frozen=True):
    """What the command line answered already; None where it did not. `report` is sample, none or a path."""

    exam_date: str | None = None
    minutes: str | None = None
    days: str | None = None
    report: str | None = None
    time_zone: str | None = None
    extra_time: str | None = None
    yes: bool = False


def set_up(workspace: Workspace, given: Given, console: Console) -> None:
    """Ask whatever is not known yet; what was answered on an earlier run is not asked again.

    Raises QbankError for a flag that cannot be meant; a wrong answer at a prompt is asked again.
    """
    _settle(workspace, "time-zone", given.time_zone, console)
    _settle(workspace, "extra-time", given.extra_time, console)
    _ask_exam_date(workspace, given, console)
    _ask(
        workspace,
        "minutes",
        given.minutes,
        "60",
        "How many minutes a day for questions? [60] ",
        given.yes,
        console,
    )
    _ask(
        workspace,
        "days",
        given.days,
        "6",
        "How many days a week? One day off helps. [6] ",
        given.yes,
        console,
    )
    _ask_report(workspace, given, console)


def orientation(workspace: Workspace) -> Sequence[str]:
    """What to know on the first evening, on one screen."""
    current = workspace.exam.format_on(workspace.exam_day)
    return (
        "",
        "Before you begin",
        "",
        "A score report tells where you stood near the people who just passed, area by area. It cannot tell how far you "
        "were from passing, or which single facts were missing: a row rests on few questions. So qbank starts from it "
        "and lets your own answers correct it.",
        "",
        f"Your exam has {current.blocks} blocks of {current.items} questions, {current.minutes} minutes each, "
        f"with {current.break_minutes} minutes of breaks.",
        "",
        "If you are enrolled at a school, it may need to hear about the result, and about your new date. Ask your "
        "student affairs office early; they have seen this before.",
        "",
        "You may stop here and rest. Everything is saved, and `qbank start` goes on from here.",
    )


def _settle(workspace: Workspace, key: str, value: str | None, console: Console) -> None:
    if value is not None:
        console.say(preferences.change(workspace, key, value))


def _ask_exam_date(workspace: Workspace, given: Given, console: Console) -> None:
    if given.exam_date is not None:
        console.say(preferences.change(workspace, "exam-date", given.exam_date))
    elif not preferences.exam_date_to_ask(workspace):
        return
    elif given.yes:
        console.say(preferences.change(workspace, "exam-date", "none"))
    else:
        prompt = "When do you sit? (a date like 2027-01-18, or Enter if nothing is booked) "
        console.say(console.ask(prompt, lambda text: preferences.change(workspace, "exam-date", text)))
    say_attempt_notes(workspace, console)


def _ask(
    workspace: Workspace, key: str, value: str | None, default: str, prompt: str, yes: bool, console: Console
) -> None:
    if value is not None:
        console.say(preferences.change(workspace, key, value))
    elif workspace.values.get(key) is None:
        if yes:
            console.say(preferences.change(workspace, key, default))
        else:
            console.say(console.ask(prompt, lambda text: preferences.change(workspace, key, text or default)))


def _ask_report(workspace: Workspace, given: Given, console: Console) -> None:
    if given.report is not None:
        _take_report(workspace, given.report, console, yes=given.yes)
        return
    latest = reports.latest(workspace)
    if (latest is not None and not latest.sample) or not preferences.report_to_ask(workspace):
        return
    if given.yes:
        _take_report(workspace, "none", console, yes=True)
        return
    console.say()
    console.say("Your score report says where you fell short. Do you have it at hand?")
    console.say("  1  type it in, about two minutes")
    console.say("  2  read it from a file")
    console.say("  3  look at a sample instead, until you have yours")
    console.say("  4  no report yet")
    while not _report_menu(workspace, console):
        pass


def _report_menu(workspace: Workspace, console: Console) -> bool:
    choice = console.ask("1 to 4: ", _one_to_four)
    try:
        if choice == "1":
            return confirm_report(
                workspace, walk_through(workspace.exam, workspace.today, console), (), console, yes=False
            )
        if choice == "2":
            path = Path(console.read("File: ")).expanduser()
            prompt = "The day you sat (as 2026-09-30), or Enter if the file tells it: "
            day = console.ask(prompt, lambda text: past_day(text, workspace.today) if text else None)
            report, notes = reports.read_file(workspace, path, day)
            return confirm_report(workspace, report, notes, console, yes=False)
        return _take_report(workspace, "sample" if choice == "3" else "none", console, yes=True)
    except (ReportRefused, InputInvalid, NotFound) as error:
        console.say(str(error))
        return False


def _take_report(workspace: Workspace, report: str, console: Console, *, yes: bool) -> bool:
    if report == "none":
        preferences.note_report_asked(workspace)
        console.say(
            "No report yet: areas start from the exam's blueprint. You will be asked again in a week."
        )
        return True
    if report == "sample":
        if any(not kept.report.sample for kept in reports.kept(workspace)):
            console.say("Your own report is here, so the sample stays away.")
            return True
        if reports.kept(workspace):
            return True
        sample = reports.sample(workspace)
        preferences.note_report_asked(workspace)
        return confirm_report(workspace, sample, (), console, yes=True)
    parsed, notes = reports.read_file(workspace, Path(report).expanduser())
    return confirm_report(workspace, parsed, notes, console, yes=yes)


def _one_to_four(text: str) -> str:
    if text not in ("1", "2", "3", "4"):
        raise UsageError("Please answer 1, 2, 3 or 4.")
    return text
