"""How an exam day went, in lines."""

from collections.abc import Iterable

from tabulate import tabulate

from qbank.app.exam_report import FEWEST, DayReport, SystemReport
from qbank.ui.exam_words import count_minutes
from qbank.ui.overview import percent

_MINUTE_MS = 60_000


def report_lines(report: DayReport) -> tuple[str, ...]:
    """How the day went."""
    lines = ["Your exam day is over.", *_whole(report)]
    if report.blocks:
        lines += ["", *_table(report), ""]
    lines += [*_pace(report), *_breaks(report), *_systems(report.systems)]
    lines.append("Rest now; nothing more is asked of you today.")
    return tuple(lines)


def _whole(report: DayReport) -> list[str]:
    unreached = report.planned - report.shown
    lines = [
        f"{report.right} right of {report.shown} that you saw, about {report.expected:.1f} expected; "
        f"{report.shown - report.answered} of them left blank."
    ]
    if unreached:
        lines.append(f"{unreached} of {report.planned} you did not reach; they are not scored.")
    if report.estimate is None:
        lines.append(f"Under {FEWEST} answers a day says nothing of an exam score.")
    else:
        lines.append(
            f"As a share right on the exam: {percent(report.estimate)}, nine times in ten if these questions are as hard as "
            "the exam's, which nobody knows. It is not a chance of passing."
        )
    return lines


def _table(report: DayReport) -> list[str]:
    rows = [
        (
            each.number,
            f"{each.shown}/{each.questions}",
            each.answered,
            each.right,
            f"{each.expected:.1f}",
            "-" if each.seconds is None else f"{each.seconds:.0f}",
        )
        for each in report.blocks
    ]
    headers = ("Block", "Seen", "Answered", "Right", "Expected", "Seconds each")
    return tabulate(rows, headers=headers, tablefmt="simple", stralign="right").splitlines()


def _pace(report: DayReport) -> list[str]:
    lines = []
    if report.seconds_before is not None and report.seconds_last_quarter is not None:
        lines.append(
            f"In the last quarter of a block you took {report.seconds_last_quarter:.0f} seconds a question, "
            f"before it {report.seconds_before:.0f}."
        )
    if report.to_right or report.to_wrong:
        lines.append(f"Changed answers: {report.to_right} to right, {report.to_wrong} from right to wrong.")
    return lines


def _breaks(report: DayReport) -> list[str]:
    used, left = report.break_used_ms // _MINUTE_MS, report.break_left_ms // _MINUTE_MS
    return [f"Breaks: {count_minutes(used)} used, {left} left over."]


def _systems(systems: Iterable[SystemReport]) -> list[str]:
    systems = tuple(systems)
    lines = [f"{each.name}: {each.right} of {each.of}." for each in systems if each.enough]
    few = [each.name for each in systems if not each.enough]
    if few:
        lines.append(f"Too few questions to say anything of: {'; '.join(few)}.")
    return lines
