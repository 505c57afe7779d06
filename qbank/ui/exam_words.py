"""What is said around an exam day: before it, in its tutorial and breaks, and of how it went. For either face."""

from collections.abc import Iterable

from tabulate import tabulate

from qbank.app.exam_day import ExamDay
from qbank.app.exam_report import FEWEST, DayReport, SystemReport
from qbank.core.exam_day import Phase
from qbank.ui.overview import percent
from qbank.ui.show import clock

SHORT_MINUTES = 5
LUNCH_MINUTES = 30
"""Of a lunch for which no budget is left to suggest a length."""

LEFT = "Saved. The clock of your exam day runs on; `qbank exam` takes it up."

_MINUTE_MS = 60_000


def tutorial_lines(day: ExamDay, keys: Iterable[str]) -> list[str]:
    """How the day goes and which keys do what; `keys` are the lines on them of the face that shows this."""
    return [
        f"The tutorial has {clock(day.phase_left_ms)}; what you do not use of it is break time.",
        f"Then come {_blocks(day.blocks)}. A block cannot be paused, and closes itself when its time is up. You can change "
        "an answer until then; afterwards the block cannot be opened again.",
        "Unused time of a block is added to your break. What a break takes beyond that, it takes from the last blocks.",
        "The clocks run on when this program is closed. `qbank exam` takes the day up where they stand.",
        "These keys are ours; the test centre's software has its own.",
        *keys,
        "Right and wrong are shown when the day is over.",
    ]


def standing_line(day: ExamDay) -> str:
    """Where the day is, in a sentence."""
    left = f"{clock(day.day_left_ms)} left in the day"
    match day.phase:
        case Phase.TUTORIAL:
            return f"An exam day has begun; it is in its tutorial, with {left}."
        case Phase.BLOCK:
            in_block = f"block {day.number} of {day.blocks}, {clock(day.phase_left_ms)} left in it"
            return f"An exam day is under way: {in_block} and {left}."
        case Phase.BREAK:
            return f"An exam day is under way: a break before block {day.number} of {day.blocks}, {left}."
        case Phase.OVER:
            return "Your exam day is over."


def block_line(day: ExamDay) -> str:
    """What is said as the next block begins."""
    planned = day.next_block
    count = len(planned.items)
    line = f"Block {day.number} of {day.blocks}: {count} question{'' if count == 1 else 's'}, {clock(day.limit_ms)}."
    if day.limit_ms < planned.limit_ms:
        line += f" It would have had {clock(planned.limit_ms)}; the breaks took the rest."
    return line


def break_lines(day: ExamDay) -> list[str]:
    """The break's screen: what is left, what is next, what fits, and what can be typed."""
    left = f"{clock(day.break_left_ms)} of break left, {clock(day.day_left_ms)} of the day."
    return [
        f"A break before block {day.number} of {day.blocks}. {left}",
        day.suggestion,
        f"  Enter, go  begin block {day.number}",
        f"  s          a short break: be told after {SHORT_MINUTES} minutes",
        "  l          lunch: be told when its time is over",
        "  t, ?       show this again",
        "  end        end the day here",
        "  q          leave; the clock runs on",
    ]


def break_prompt(day: ExamDay) -> str:
    """Waits in a break."""
    return f"Enter begins block {day.number} (? for help): "


def break_minutes(left_ms: int) -> int:
    """The break's clock in minutes, begun ones in full; below 0 what is overdrawn, in full ones."""
    return -(-left_ms // _MINUTE_MS)


def break_left(minutes: int) -> str:
    """That clock in a sentence; an overdrawn one says what it has cost."""
    if minutes < 0:
        return f"Your break is used up, and {_count(-minutes)} of the last blocks with it."
    if minutes == 0:
        return "Your break is used up. Every minute from here on is taken from the last blocks."
    return f"{_count(minutes)} of break left."


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
    return tabulate(rows, headers=headers, tablefmt="simple").splitlines()


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
    return [f"Breaks: {_count(used)} used, {left} left over."]


def _systems(systems: Iterable[SystemReport]) -> list[str]:
    systems = tuple(systems)
    lines = [f"{each.name}: {each.right} of {each.of}." for each in systems if each.enough]
    few = [each.name for each in systems if not each.enough]
    if few:
        lines.append(f"Too few questions to say anything of: {'; '.join(few)}.")
    return lines


def _blocks(count: int) -> str:
    return f"{count} block{'' if count == 1 else 's'}"


def _count(minutes: int) -> str:
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
