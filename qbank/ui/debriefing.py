"""The interview about the attempt that failed, as a conversation: every question optional, and help at its end."""

import math
import re
from collections.abc import Callable, Generator, Mapping
from functools import partial
from typing import Any

import msgspec

from qbank.app import debriefing
from qbank.app.workspace import Workspace
from qbank.core.helplines import Fails, Helplines
from qbank.core.insight.interview import LONGEST, Cause, Interview, Topic, answered, asked, said
from qbank.errors import UsageError
from qbank.ui.conversation import Act, Ask, Confirm, Conversation, Report, Say

Values = Mapping[str, object]

NOT_BEGUN = "You have not told anything yet. When you like, and only then: qbank debrief"
TITLE = "You are not alone with this"
_STOP = "stop"
_TAKE_BACK = "-"
_INTRO = (
    "This is about the attempt that did not go well: how you prepared, how the day was, and what you think went wrong. It "
    "takes about five minutes. You need not do it to practise here.",
    "What you suspect is later held against your own answers, so that you change what was really in the way.",
    "What you say stays in one private file on this computer, outside your record, exports and backups. Nothing reads your "
    "words but you. `qbank debrief --delete` deletes them.",
)
_HOW = "Enter skips a question, stop ends here. Both are fine, and you can go on or change anything later."

_CAUSES: Mapping[Cause, str] = {
    Cause.PACING: "pacing: I rushed at the end of blocks, or left questions unanswered",
    Cause.FATIGUE: "fatigue: it got worse as the day went on",
    Cause.CARRY_OVER: "carry-over: after a question I found bad, the next one suffered",
    Cause.STUCK: "stuck: my mind was still in an earlier block",
    Cause.CHANGING: "changing: I changed right answers to wrong ones",
    Cause.OVERCONFIDENCE: "over-confidence: I was sure of answers that were wrong",
    Cause.MISREADING: "misreading: I knew it, and read the question wrongly",
    Cause.KNOWLEDGE: "knowledge: in some areas I had not learned it, or could not recall it",
}
_LABELS: Mapping[Topic, str] = {
    Topic.WEEKS: "Weeks of preparation",
    Topic.HOURS: "Hours on a usual day",
    Topic.RESOURCES: "Main resources",
    Topic.TIME: "Time on the day",
    Topic.SLEEP: "Sleep the night before",
    Topic.ANXIETY: "Nerves, in your words",
    Topic.WENT_WRONG: "What went wrong, in your words",
    Topic.SUSPECTED: "You suspect",
}


def interviewed(workspace: Workspace) -> Conversation:
    """Ask what was not asked yet, or offer to change what was said; what helps tonight is always shown at the end.

    Each answer is kept before the next question. Raises QbankError for a file that cannot be read or written.
    """
    known = debriefing.interview(workspace)
    if known is None:
        yield Say(_INTRO)
        if not (yield Confirm("Begin now?", default=True)):
            yield Report((NOT_BEGUN, *help_lines(debriefing.helplines())), title=TITLE)
            return
    if known is not None and not known.waiting:
        yield from _changed(workspace, known)
    else:
        yield from _asked(workspace, known or Interview(changed_on=workspace.today))
    account = debriefing.interview(workspace)
    yield Report((*_end_lines(workspace, account), *help_lines(debriefing.helplines())), title=TITLE)
    if account is not None and not account.told_rates:
        debriefing.keep(workspace, msgspec.structs.replace(account, told_rates=True))
    yield Say(("The numbers once more, at any time: qbank debrief --show",))


def interview_lines(account: Interview) -> list[str]:
    """What was said, a line a topic; what was not said is told as that."""
    return [f"{_LABELS[topic]}: {_shown(account, topic)}" for topic in Topic]


def help_lines(known: Helplines) -> list[str]:
    """Who answers tonight. Everybody gets the same lines, whatever they said."""
    lines = [
        "",
        "Whatever it was: talking to someone tonight helps. A friend, family, someone of your school, or one of these, who "
        "answer also when it is no emergency:",
        "",
        *(f"- {one.country}: {one.reach}, {one.hours} ({one.name})" for one in known.lines),
        "",
        f"{known.elsewhere} {known.danger}",
    ]
    checked = sorted({one.source.read for one in known.lines})
    between = checked[0] if len(checked) == 1 else f"{checked[0]} to {checked[-1]}"
    return [*lines, f"These numbers were checked on {between}; their sources: qbank debrief --json"]


def rates_line(known: Fails, exam: str) -> str:
    """How common failing is, with its source."""
    return (
        f"You are far from the only one: in {known.year} about {known.failed:,} of {known.sat:,} sittings of {exam} ended "
        f"in a fail, about one in {known.one_in:.0f}. Source: {known.source.text}, read {known.source.read}; "
        f"{known.source.confidence}."
    )


def gone_lines(account: Interview | None) -> list[str]:
    """What a deletion takes away; None for a file that cannot be read."""
    if account is None:
        return ["The file of your debrief is damaged and cannot be shown."]
    count = sum(answered(account, topic) for topic in Topic)
    kept = "1 answer" if count == 1 else f"{count} answers"
    return [
        f"This deletes what you said, last changed on {account.changed_on}: {kept}, your own words and what you ticked as "
        "suspected. Your record of practice stays as it is. No backup of qbank has it; a file that you exported "
        "with --with-debrief still does."
    ]


def _asked(workspace: Workspace, account: Interview) -> Generator[Act, Any, None]:
    """Each topic that waits, one after another, until they say stop."""
    how: tuple[str, ...] = (_HOW, "")
    for topic in account.waiting:
        values = yield _question(workspace, account, topic, how)
        if values == _STOP:
            return
        on = workspace.today
        account = said(account, topic, values, on) if values is not None else asked(account, topic, on)
        debriefing.keep(workspace, account)
        how = ()


def _changed(workspace: Workspace, account: Interview) -> Generator[Act, Any, None]:
    """What was said, and any of it said anew, until they have enough."""
    while True:
        listed = tuple(f"  {number}  {line}" for number, line in enumerate(interview_lines(account), 1))
        told = (f"You told this, last on {account.changed_on}:", "", *listed, "")
        topic = yield Ask(told, "Which one do you want to change? Its number, or Enter for none: ", _topic)
        if topic is None:
            return
        now = (f"Now: {_shown(account, topic)}. Enter keeps it, {_TAKE_BACK} takes it back.", "")
        values = yield _question(workspace, account, topic, now)
        if values == _STOP:
            return
        if values is not None:
            account = said(account, topic, values, workspace.today)
            debriefing.keep(workspace, account)


def _question(workspace: Workspace, account: Interview, topic: Topic, above: tuple[str, ...]) -> Ask:
    blocks = max(one.blocks for one in workspace.exam.formats)
    lines, prompt, parse = _QUESTIONS[topic]
    read = partial(parse, blocks) if topic is Topic.TIME else parse
    return Ask((*above, *lines), prompt, partial(_parsed, read))


def _parsed(parse: Callable[[str], Values], line: str) -> Values | str | None:
    """None for a question passed over, _STOP, {} for what is taken back, or the values. Raises UsageError."""
    if not line:
        return None
    if line.lower() == _STOP:
        return _STOP
    return {} if line == _TAKE_BACK else parse(line)


def _number(field: str, most: int, line: str) -> Values:
    try:
        number = float(line.replace(",", "."))
    except ValueError:
        number = math.nan
    if not 0 <= number <= most:
        raise UsageError(f"Please give a number from 0 to {most}, or Enter to skip.")
    return {field: number}


def _words(field: str, line: str) -> Values:
    # What no text can hold is dropped and not argued about: this is no moment for it.
    text = line.replace("\x00", "").encode(errors="replace").decode()
    if len(text) > LONGEST:
        raise UsageError(f"That is longer than {LONGEST:,} characters. Could you say it in fewer?")
    return {field: text}


def _time(most: int, line: str) -> Values:
    if line.lower() in ("none", "no", "n", "0"):
        return {"ran_out": False}
    if line.lower() in ("yes", "y"):
        return {"ran_out": True}
    return {"ran_out": True, "blocks": _numbers(line, most)}


def _suspected(line: str) -> Values:
    if line.lower() in ("none", "no", "0"):
        return {"suspected": ()}
    causes = tuple(Cause)
    return {"suspected": tuple(causes[number - 1] for number in _numbers(line, len(causes)))}


def _numbers(line: str, most: int) -> tuple[int, ...]:
    found = [part for part in re.split(r"[\s,;]+", line) if part]
    if not found or not all(part.isascii() and part.isdigit() and 1 <= int(part) <= most for part in found):
        raise UsageError(f"Please give numbers from 1 to {most}, as in: 1 3. Or none, or Enter to skip.")
    return tuple(sorted({int(part) for part in found}))


def _topic(line: str) -> Topic | None:
    if not line:
        return None
    (number, *_) = _numbers(line, len(Topic))
    return tuple(Topic)[number - 1]


_QUESTIONS: Mapping[Topic, tuple[tuple[str, ...], str, Callable[..., Values]]] = {
    Topic.WEEKS: ((), "About how many weeks did you prepare? ", partial(_number, "weeks", 300)),
    Topic.HOURS: ((), "How many hours on a usual day of them? ", partial(_number, "hours_a_day", 24)),
    Topic.RESOURCES: ((), "What did you mainly learn with? ", partial(_words, "resources")),
    Topic.TIME: (
        ("Did the time run out on the day?",),
        "Numbers of the blocks, as in 3 5; or yes, or none: ",
        _time,
    ),
    Topic.SLEEP: (
        (),
        "How many hours did you sleep the night before? ",
        partial(_number, "sleep_hours", 24),
    ),
    Topic.ANXIETY: (
        ("How were your nerves before and during the exam? In your own words; only you read them.",),
        "In your words: ",
        partial(_words, "anxiety"),
    ),
    Topic.WENT_WRONG: (
        ("What do you think went wrong? It need not be right or complete.",),
        "In your words: ",
        partial(_words, "went_wrong"),
    ),
    Topic.SUSPECTED: (
        (
            "Which of these do you suspect? Your practice is asked about them first.",
            "",
            *(f"  {number}  {_CAUSES[cause]}" for number, cause in enumerate(Cause, 1)),
            "",
        ),
        "Numbers, as in 1 4; or none: ",
        _suspected,
    ),
}


def _shown(account: Interview, topic: Topic) -> str:
    if not answered(account, topic):
        return "nothing said"
    match topic:
        case Topic.WEEKS:
            return f"{account.weeks:g}"
        case Topic.HOURS:
            return f"{account.hours_a_day:g}"
        case Topic.SLEEP:
            return f"{account.sleep_hours:g} hours"
        case Topic.TIME:
            return _shown_time(account)
        case Topic.SUSPECTED:
            return ", ".join(account.suspected or ()) or "none of the eight"
        case Topic.RESOURCES:
            return account.resources
        case Topic.ANXIETY:
            return account.anxiety
        case Topic.WENT_WRONG:
            return account.went_wrong


def _shown_time(account: Interview) -> str:
    if not account.ran_out:
        return "it was enough"
    if not account.blocks:
        return "it ran out"
    one = len(account.blocks) == 1
    return f"it ran out in block{'' if one else 's'} {', '.join(map(str, account.blocks))}"


def _end_lines(workspace: Workspace, account: Interview | None) -> list[str]:
    """What becomes of what was said, what to do next, and once how common failing is."""
    if account is None:
        return [NOT_BEGUN]
    lines = [
        "Thank you for telling it. It is kept; `qbank debrief` goes on or changes it, --delete deletes it."
    ]
    if account.suspected:
        lines.append(
            f"You suspect: {', '.join(account.suspected)}. That is where to look first, and memory of a bad day can "
            "mislead: `qbank diagnose` holds it against your own timed, mixed blocks."
        )
    lines.append("Next, when you are ready: qbank block. A timed, mixed block shows what memory cannot.")
    found = None if account.told_rates else debriefing.failing(workspace)
    if found is not None:
        lines += ["", rates_line(found, workspace.exam.name)]
    return lines
