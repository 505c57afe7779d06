"""What is said on an exam day outside of its blocks, for either face."""

from collections.abc import Iterable

from qbank.app.exam_day import ExamDay
from qbank.core.exam_day import Phase
from qbank.ui.show import clock

SHORT_MINUTES = 5
LUNCH_MINUTES = 30
"""Of a lunch for which no budget is left to suggest a length."""

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


def break_standing(day: ExamDay) -> list[str]:
    """What is left, what is next, and what fits."""
    left = f"{clock(day.break_left_ms)} of break left, {clock(day.day_left_ms)} of the day."
    return [f"A break before block {day.number} of {day.blocks}. {left}", day.suggestion]


def break_lines(day: ExamDay) -> list[str]:
    """The plain break: how it stands, and what can be typed."""
    return [
        *break_standing(day),
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


def rest_minutes(day: ExamDay, *, lunch: bool) -> int:
    """How long a short break or a lunch is; it is a reminder, and the budget is one and the same."""
    if not lunch:
        return SHORT_MINUTES
    return day.suggested.lunch_ms // _MINUTE_MS or LUNCH_MINUTES


def break_minutes(left_ms: int) -> int:
    """The break's clock in minutes, begun ones in full; below 0 what is overdrawn, in full ones."""
    return -(-left_ms // _MINUTE_MS)


def break_left(minutes: int) -> str:
    """That clock in a sentence; an overdrawn one says what it has cost."""
    if minutes < 0:
        return f"Your break is used up, and {count_minutes(-minutes)} of the last blocks with it."
    if minutes == 0:
        return "Your break is used up. Every minute from here on is taken from the last blocks."
    return f"{count_minutes(minutes)} of break left."


def _blocks(count: int) -> str:
    return f"{count} block{'' if count == 1 else 's'}"


def count_minutes(minutes: int) -> str:
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
