"""A closed block read back in plain lines: its table, what it says about time and changes, and the plan for its misses."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from qbank.core.looking_back import (
    PACE_LEAST,
    SLOW,
    BlockReview,
    LookFilter,
    Outcome,
    Pace,
    QuestionReview,
    ReturnWhy,
    positions,
)
from qbank.core.mending import Mend, Owed
from qbank.core.response import Confidence, MissReason
from qbank.core.text import visible
from qbank.errors import UsageError
from qbank.ui.layout import columns, hung, laid
from qbank.ui.show import result_line

NAMED = 8
"""Objectives that the plan names: with their remedies they fit one screen, and a tired person does no more."""

NAMED_IN_SHORT = 3

_NAMED_FOR_ONE_REASON = 3
_SHORTEST_TITLE = 12
_SURE = {Confidence.SURE: "!", Confidence.UNSURE: "?", Confidence.GUESSED: "??"}
_HEADERS = ("No", "Result", "Yours", "Key", "Sec", "Also", "Due again")
REMEDIES = {
    MissReason.NEVER_LEARNED: "Read the explanation now and say it back in your own words; then something close by.",
    MissReason.COULD_NOT_RETRIEVE: "You have met it. It comes back when it is about to slip; try before you look.",
    MissReason.BETWEEN_TWO: "Put the two side by side, and keep in one line what tells them apart.",
    MissReason.REASONED_WRONGLY: "Go through the chain step by step to where it turned.",
    MissReason.MISREAD: "Another case checks it within two days, if one is left. Say what is asked before you read on.",
    MissReason.CHANGED_AWAY: "Change an answer when you see something new, and only then.",
    MissReason.OUT_OF_TIME: "This is about pace: answer every question once, and come back to the long ones.",
}


def heading_lines(review: BlockReview, width: int) -> list[str]:
    """Which block it is, and its result."""
    lines = [f"Block {review.block}, {review.mode.value}, {_day(review.composed_on)}."]
    lines += result_lines(review)
    return [line for text in lines for line in laid(text, width)]


def result_lines(review: BlockReview, *, kept: bool = True) -> list[str]:
    """The result beside what was expected, and what was left blank or not reached; nothing when nothing was asked.

    Of a block that is not `kept` nothing was expected.
    """
    totals = review.totals
    if not totals.asked:
        return ["No question was answered in it, and nothing is owed."]
    drawn = review.purpose == "assess"
    lines = [result_line(totals.right, totals.asked, totals.expected if kept else None, drawn=drawn)]
    left = [f"{totals.blank} left blank"] if totals.blank else []
    left += [f"{totals.not_reached} not reached"] if totals.not_reached else []
    return [*lines, *([f"{' and '.join(left)}.".capitalize()] if left else [])]


def review_lines(
    review: BlockReview, width: int, kind: LookFilter = LookFilter.ALL, hidden: Collection[int] = ()
) -> list[str]:
    """The table of the questions of that kind; of all, also what the block says about time and changes.

    The keys at the `hidden` positions, and what they are about, are not told.
    """
    lines = table_lines(review, width, kind, hidden)
    if kind is LookFilter.ALL and review.totals.asked:
        lines += ["", *laid(_pace_text(review), width)]
        lines += [line for text in _change_texts(review, hidden) for line in laid(text, width)]
        lines += _quarter_lines(review, width)
    return lines


def table_lines(review: BlockReview, width: int, kind: LookFilter, hidden: Collection[int] = ()) -> list[str]:
    """One line a question, in lists where a table is too wide."""
    found = [review.questions[position] for position in positions(review, kind)]
    if not found:
        return [f"No question here: {_NONE[kind]}."]
    rows = [_HEADERS, *(_row(one, one.position in hidden) for one in found)]
    used = [number for number in range(len(_HEADERS)) if any(row[number] for row in rows[1:])]
    rows = [tuple(row[number] or "-" for number in used) for row in rows]
    lines = _tabulated(rows)
    room = width - max(map(columns, lines)) - 2
    if room < -2:
        return [line for row in rows[1:] for line in hung("", _in_words(rows[0], row), width)]
    if room >= _SHORTEST_TITLE:
        titles = [_cut(_title(one, one.position in hidden), room) for one in found]
        lines = _tabulated([(*row, title) for row, title in zip(rows, ["About", *titles], strict=True)])
    return lines


def plan_lines(
    mends: Sequence[Mend], width: int, named: int = NAMED, hidden: Collection[int] = ()
) -> list[str]:
    """What helps with what was missed, by reason, and the day on which it is due again; at most one screen.

    What the questions at the `hidden` positions are about is not told.
    """
    if not mends:
        return laid("Nothing was missed. What you knew comes back before it slips.", width)
    lines = ["What was missed, and what helps:"]
    for mend in mends:
        told = [
            owed for owed in mend.questions if mend.reason and owed.title and owed.number - 1 not in hidden
        ]
        told = told[: min(named, _NAMED_FOR_ONE_REASON)]
        named -= len(told)
        lines += _mend_lines(mend, told, width)
    return [*lines, *laid("Each comes back by itself, in a block or a review; nothing else is owed.", width)]


def chosen_filter(text: str) -> LookFilter:
    """What `l` is to list: everything without a word behind it. Raises UsageError."""
    try:
        return LookFilter(text.lower() or LookFilter.ALL)
    except ValueError as error:
        known = [f"l {kind.value}" for kind in LookFilter if kind is not LookFilter.ALL]
        raise UsageError(
            f"{', '.join(known[:-1])} or {known[-1]} lists those; l alone lists all questions."
        ) from error


_NONE = {
    LookFilter.ALL: "the block has none",
    LookFilter.MISSED: "none was missed",
    LookFilter.MARKED: "none was marked",
    LookFilter.CHANGED: "no answer was changed",
    LookFilter.SLOW: "none was slow",
    LookFilter.BLANK: "none was left blank",
}


def _row(one: QuestionReview, hidden: bool) -> tuple[str, ...]:
    also = ["slow"] if one.slow else []
    also += ["marked"] if one.marked else []
    also += ["noted"] if one.note else []
    also += ["undone"] if one.taken_back else []
    reached = one.outcome is not Outcome.NOT_REACHED
    return (
        str(one.number),
        one.outcome.value,
        _yours(one),
        "" if hidden else one.key,
        f"{one.seconds:.0f}" if reached else "",
        ", ".join(also),
        _day(one.comes_back_on) if one.comes_back_on else "",
    )


def _yours(one: QuestionReview) -> str:
    """The answers in turn, the last with how sure it was."""
    letters = (
        [one.changes[0].before, *(change.after for change in one.changes)] if one.changes else [one.choice]
    )
    path = ">".join(letter or "blank" for letter in letters) if one.changes else one.choice
    return path + (_SURE[one.confidence] if one.confidence else "")


def _tabulated(rows: Sequence[Sequence[str]]) -> list[str]:
    from tabulate import tabulate  # a block that is still going on has no table

    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    ruled = [rows[0], ["-" * width for width in widths], *rows[1:]]
    # Its own heading would be two columns wider than its words.
    lines = tabulate(ruled, tablefmt="plain", disable_numparse=True).split("\n")
    return [line.rstrip() for line in lines]


def _title(one: QuestionReview, hidden: bool) -> str:
    return one.system if hidden or not one.title else one.title


def _in_words(headers: Sequence[str], row: Sequence[str]) -> str:
    """A row of a table for a window that is too narrow for it."""
    said = [f"{name.lower()} {cell}" for name, cell in zip(headers[1:], row[1:], strict=True) if cell != "-"]
    return f"{row[0]}: {', '.join(said).removeprefix('result ')}."


def _pace_text(review: BlockReview) -> str:
    if review.interrupted:
        return (
            "This block was interrupted, so its clock is left out of pacing and no question is called slow."
        )
    return f"{_whose(review.pace)} Slow is more than {SLOW:g} times that."


def _whose(pace: Pace) -> str:
    if pace.own:
        return (
            f"Your own pace is {pace.seconds:.0f} s a question, "
            f"the median of your last {pace.answers} answers before this block."
        )
    return (
        f"The exam's pace is {pace.seconds:.0f} s a question; "
        f"yours needs {PACE_LEAST} answers before this block, and there were {pace.answers}."
    )


def _change_texts(review: BlockReview, hidden: Collection[int]) -> Iterator[str]:
    totals = review.totals
    changed = totals.changed_to_right + totals.changed_from_right + totals.changed_otherwise
    if not changed:
        return
    began = f"You changed {changed} {'answer' if changed == 1 else 'answers'}"
    if any(review.questions[position].changes for position in hidden):
        yield f"{began}. What that did is told with the keys."
    else:
        yield (
            f"{began}: {totals.changed_to_right} from wrong to right, {totals.changed_from_right} from right to wrong, "
            f"{totals.changed_otherwise} neither."
        )
    yield f"{review.changing_note} One block cannot show how it is with you.".strip()


def _quarter_lines(review: BlockReview, width: int) -> list[str]:
    parts = []
    for quarter in review.quarters:
        time = "" if quarter.seconds is None or review.interrupted else f", {quarter.seconds:.0f} s each"
        asked = f"{quarter.right} of {quarter.asked} right{time}" if quarter.asked else "not reached"
        where = f"{quarter.first}-{quarter.last}" if quarter.first < quarter.last else f"{quarter.first}"
        parts.append(f"{where}: {asked}")
    if not parts:
        return []
    return [*hung("By quarter: ", f"{'; '.join(parts)}. Too few for a verdict.", width)]


def _mend_lines(mend: Mend, told: Sequence[Owed], width: int) -> list[str]:
    """The remedy, the questions that are told, and of the others the numbers."""
    count = len(mend.questions)
    reason = "No reason named yet" if mend.reason is None else mend.reason.value.capitalize()
    remedy = "Naming it decides what helps." if mend.reason is None else REMEDIES[mend.reason]
    lines = hung("  ", f"{reason} ({count}): {remedy}", width)
    lines += [_owed_line(owed, width) for owed in told]
    others = [owed for owed in mend.questions if owed not in told]
    return lines + (hung(" " * 6, _numbers(others, also=bool(told)), width) if others else [])


def _numbers(questions: Sequence[Owed], *, also: bool) -> str:
    numbers = ", ".join(map(str, sorted(owed.number for owed in questions)))
    which = f"question{'' if len(questions) == 1 else 's'} {numbers}"
    days = [owed.comes_back_on for owed in questions if owed.comes_back_on is not None]
    due = "" if not days else f", due {'from ' if len(days) > 1 else ''}{_day(min(days))}"
    return f"{'and ' if also else ''}{which}{due}."


def _owed_line(owed: Owed, width: int) -> str:
    when = f"  {_when(owed)}"
    room = max(_SHORTEST_TITLE, width - 9 - len(when))
    return f"    {owed.number:3}  {_cut(owed.title, room)}{when}".rstrip()


def _when(owed: Owed) -> str:
    if owed.comes_back_on is None:
        return "when it is worth it"
    checked = owed.comes_back_why is ReturnWhy.MISREAD
    return f"{'checked by' if checked else 'due'} {_day(owed.comes_back_on)}"


def _day(day: date) -> str:
    return f"{day:%a %d %b}"


def _cut(text: str, room: int) -> str:
    """The text on one line of `room` columns, with dots where it goes on."""
    text = " ".join(visible(text).split())
    if columns(text) <= room:
        return text
    while columns(text) > room - 3:
        text = text[:-1]
    return f"{text.rstrip()}..."
