"""The plan in lines: the days, what they are expected to buy, other plans beside it, and what to decide on."""

import re
from collections.abc import Generator, Sequence
from typing import Any

from tabulate import tabulate

from qbank.app import deadlines, preferences
from qbank.app.horizon import days_away
from qbank.app.plan_shapes import Assessment, Course, Decision, Move, Outlook, Plan, Plateau
from qbank.app.planning import plan
from qbank.app.what_if import WhatIf
from qbank.app.workspace import Workspace
from qbank.core.mastery import Estimate
from qbank.core.plan import FULL_BLOCK_DAYS, DayKind
from qbank.ui.conversation import Act, Ask, Conversation, Report, Say
from qbank.ui.overview import percent
from qbank.ui.plan_days import near_lines, today_line, week_lines

WIDTH = 80
LABEL_WIDTH = 15

_BREAKS = re.compile(r"(=|\.\.)(?=.)")

_NO_CHANCE = (
    "These are shares of the exam's questions answered right, and what the plan buys is in points of them; the brackets "
    "hold nine times in ten, if the model is right. It comes from simulated learners: nothing of it has been shown on "
    "people who sit again, and it is not a chance of passing."
)


def planning(workspace: Workspace, what_ifs: Sequence[WhatIf], *, asks: bool) -> Conversation:
    """Ask once for what the date has to keep, where somebody can be asked, then show the plan."""
    if asks:
        yield from _asked(workspace)
    yield Report(tuple(plan_lines(workspace, plan(workspace, what_ifs))))


def plan_lines(workspace: Workspace, made: Plan) -> list[str]:
    """Everything on it, in the order in which one asks."""
    course = made.course
    booked = "" if made.booked else " (assumed: none is booked)"
    head = f"{made.exam}: {course.exam_day:%a %d %b %Y}{booked}, {days_away(course.days_left)}."
    if made.care:
        lines = [head, made.care]
    else:
        week = f"{course.days_a_week} day{'' if course.days_a_week == 1 else 's'} a week"
        lines = [
            f"{head} {course.minutes_a_day} minutes a day, {week}, reading counted.",
            "This is from today on. What was not done until now is not in it.",
        ]
    if course.days_left:
        lines += ["", *near_lines(workspace.exam, made.days)]
    if weeks := week_lines(made.days):
        lines += ["", *weeks]
    lines += _beside(workspace, made)
    lines += _outlook_lines(made)
    if len(made.courses) > 1:
        lines += ["", *what_if_lines(made.courses, WIDTH)]
    terms = () if made.decision is not None else made.terms
    lines += _moves_lines([move for move in made.moves if move.asked], terms)
    if course.outlook is None and len(made.courses) > 1:
        lines += ["", "What another plan buys is not told in the last three days, when no estimate helps."]
    lines += _plateau_lines(made.plateau)
    lines += _decision_lines(made, made.decision)
    lines += _limit_lines(made)
    if not course.days_left:
        return lines
    nothing = "Nothing is loaded that the plan could drill. Load it with: qbank start"
    return [*lines, "", today_line(workspace.exam, made.days) if made.reach else nothing]


def _asked(workspace: Workspace) -> Generator[Act, Any, None]:
    wanted = preferences.limits_to_ask(workspace) if workspace.booked else ()
    if not wanted:
        return
    yield Say(
        (
            "Your date has to keep some limits. Tell what you know; Enter skips, and `qbank set` changes it.",
            "You are asked this once.",
        )
    )
    for limit in wanted:

        def parse(text: str, key: str = limit.key) -> str:
            return preferences.change(workspace, key, text) if text else ""

        said = yield Ask((), f"{limit.question} (like {limit.example}): ", parse)
        if said:
            yield Say((said,))
    preferences.note_limits_asked(workspace)
    yield Say(("",))


def _beside(workspace: Workspace, made: Plan) -> list[str]:
    """How the words of the table are done, each only where it stands there."""
    kinds = {day.kind for day in made.days}
    own = workspace.exam.format_on(made.course.exam_day).items
    lines = [""]
    short = next((day.questions for day in made.days if day.kind is DayKind.STUDY and day.questions), own)
    if short < own and made.course.days_left > FULL_BLOCK_DAYS:
        lines.append(
            f"A block of {short} is `qbank block --size {short}`. Until {FULL_BLOCK_DAYS // 7} weeks before the exam blocks "
            "are short, so that an answer and its explanation lie close; then they are the exam's own, for the pace."
        )
    if DayKind.SELF_ASSESSMENT in kinds:
        form = workspace.exam.self_assessment
        lines.append(
            f"{form.name if form else 'A self-assessment'}: taken with its makers, not here, and entered with "
            "`qbank report add --self-assessment`. It needs hours of its own, so move it to a day that has them."
        )
    if DayKind.REHEARSAL in kinds:
        lines.append(
            "The rehearsal takes a day of its own too, and spends fresh questions; `qbank exam --half` takes half of it."
        )
    return lines if len(lines) > 1 else []


def _outlook_lines(made: Plan) -> list[str]:
    outlook = made.course.outlook
    if outlook is None:
        return []
    rows = [
        (
            area.area,
            f"{area.share:.0%}",
            percent(area.stopped),
            percent(area.planned),
            points(area.gain),
        )
        for area in (outlook.areas if made.reach else ())
    ]
    rows.append(
        ("the whole exam", "100%", percent(outlook.stopped), percent(outlook.planned), points(outlook.gain))
    )
    headers = ("System", "Exam", "Stop now", "This plan", "It buys")
    return [
        "",
        f"What it is expected to buy. Today it would be {percent(outlook.today)} right, all in all.",
        "",
        *tabulate(rows, headers=headers, tablefmt="simple", disable_numparse=True).splitlines(),
        "",
        _NO_CHANCE,
        *_reach_lines(made, outlook),
    ]


def _reach_lines(made: Plan, outlook: Outlook) -> list[str]:
    course = made.course
    lines = [
        f"This bank can drill {made.reach:.1%} of the exam and fills {_hours(course.minutes_here)} of the plan's "
        f"{_hours(course.minutes)}. What it does not hold counts as left alone."
    ]
    if course.minutes - course.minutes_here >= course.minutes_a_day:
        lines.append(
            "If the rest goes to a large bank that asks at random what this one does not hold, and teaches as well: "
            f"{percent(outlook.with_elsewhere)}, which is {points(outlook.elsewhere)} points in all."
        )
    return lines


def what_if_lines(courses: Sequence[Course], width: int) -> list[str]:
    """The courses side by side, as many in a table as the width holds; the first stands in each."""
    first, *others = courses
    lines: list[str] = []
    while others:
        count = len(others)
        while count > 1 and _too_wide(table := _side_by_side([first, *others[:count]]), width):
            count -= 1
        table = _side_by_side([first, *others[:count]])
        lines += ([""] if lines else []) + table
        others = others[count:]
    return lines


def _too_wide(table: Sequence[str], width: int) -> bool:
    return any(len(line) > width for line in table)


def _side_by_side(courses: Sequence[Course]) -> list[str]:
    rows: list[list[str]] = [
        ["exam day", *(f"{course.exam_day}" for course in courses)],
        ["study days", *(str(course.study_days) for course in courses)],
        ["practice", *(_hours(course.minutes) for course in courses)],
    ]
    outlooks = [course.outlook for course in courses]
    if all(outlooks):
        shown = [outlook for outlook in outlooks if outlook is not None]
        rows += [
            ["if you stop", *(percent(outlook.stopped) for outlook in shown)],
            ["with the plan", *(percent(outlook.planned) for outlook in shown)],
            ["it buys", *(points(outlook.gain) for outlook in shown)],
        ]
        if any(course.minutes_here < course.minutes for course in courses):
            rows.append(["+ a large bank", *(percent(outlook.with_elsewhere) for outlook in shown)])
    headers = ["What if", *(_label(course.label) for course in courses)]
    return tabulate(rows, headers=headers, tablefmt="simple", disable_numparse=True).splitlines()


def _label(text: str) -> str:
    """Set in lines, broken at commas first."""
    parts = text.split(",") if len(text) > LABEL_WIDTH else [text]
    lines = [part if len(part) <= LABEL_WIDTH else _BREAKS.sub(r"\1\n", part) for part in parts]
    return ",\n".join(lines)


def _moves_lines(moves: Sequence[Move], terms: Sequence[str]) -> list[str]:
    lines = [line for move in moves for line in ("", *_move_lines(move))]
    return [*lines, "", *terms] if lines and terms else lines


def _move_lines(move: Move) -> list[str]:
    way, count = "later" if move.days > 0 else "sooner", abs(move.days)
    head = f"Move the date to {move.exam_day:%a %d %b %Y}, {count} day{'' if count == 1 else 's'} {way}?"
    return [head, *_bought(move), *move.against]


def _bought(move: Move) -> list[str]:
    if move.gain is None:
        return []
    weekly = f", {points(move.gain_a_week)} for each week" if move.gain_a_week is not None else ""
    return [
        f"It is expected to change the share right by {points(move.gain)} points{weekly}, with the minutes that this bank "
        "cannot fill spent in a large one."
    ]


def _plateau_lines(found: Plateau | None) -> list[str]:
    if found is None:
        return []
    lines = [
        "",
        f"Your last two self-assessments differ by {found.rise:+.0f} points. Each has an error of its own, so a rise of "
        f"less than {found.told_apart:.1f} cannot be told from standing still.",
        "Look at the reasons for your misses, change the method, and take a day off.",
    ]
    if found.reasons:
        named = ", ".join(reason.value for reason in found.reasons)
        lines.append(f"The reasons that you gave most often: {named}.")
    return lines


def _decision_lines(made: Plan, decision: Decision | None) -> list[str]:
    if decision is None:
        return []
    lines = ["", "Is the date right? This is the time to look at it."]
    lines += _assessment_lines(made.assessments[-2:], decision)
    lines += [*_moves_lines([move for move in made.moves if not move.asked], made.terms), ""]
    if made.attempts_left is not None:
        by = "by the rules as we know them" if made.limits.attempts_left is None else "as you told"
        lines.append(f"You have {_attempts(made.attempts_left)} left, {by}; another fail costs one of them.")
    else:
        lines.append("Another fail costs an attempt. How many are left: qbank set attempts-left NUMBER")
    lines += [decision.guide] if decision.guide else []
    return [*lines, "There is no verdict here. Take this page to your advisor and decide together."]


def _assessment_lines(last: Sequence[Assessment], decision: Decision) -> list[str]:
    if not last:
        return [
            "No self-assessment is on record; without one, nothing here says how near you are to passing."
        ]
    lines = []
    if decision.low_pass is not None:
        low, high = decision.low_pass
        lines.append(
            f"The low-pass range is about {low:g}-{high:g} percent correct ({decision.low_pass_source}); the one printed on "
            "your report goes before it."
        )
    return lines + [_taken(one) for one in last]


def _taken(one: Assessment) -> str:
    form = f", form {one.form}" if one.form else ""
    lies = f", {one.against}" if one.against else ""
    return f"  {one.day}{form}: {one.percent:g} ({one.low:g}-{one.high:g}){lies}."


def _limit_lines(made: Plan) -> list[str]:
    lines = list(made.notes)
    told = made.limits
    known = {
        "eligibility-end": told.eligible_until,
        "reschedule-by": told.free_until,
        "school-deadline": told.school_deadline,
        "attempts-left": made.attempts_left,
    }
    missing = [limit.key for limit in deadlines.LIMITS if known[limit.key] is None]
    if made.booked and missing and made.course.outlook is not None:
        lines.append(f"Not known yet: {', '.join(missing)}. Tell each with `qbank set`, if you like.")
    return ["", *lines] if lines else []


def points(gain: Estimate) -> str:
    """A difference in hundredths with its interval, as "+1.3 (0.9 to 1.7)"."""
    mean, low, high = (100 * value for value in (gain.mean, gain.low, gain.high))
    digits = 0 if abs(mean) >= 10 else 1
    return f"{mean:+.1f} ({low:.{digits}f} to {high:.{digits}f})"


def _hours(minutes: int) -> str:
    hours = minutes / 60
    return f"{hours:.0f} hours" if hours >= 10 else f"{hours:.1f} hours"


def _attempts(left: int) -> str:
    return f"{left} attempt{'' if left == 1 else 's'}"
