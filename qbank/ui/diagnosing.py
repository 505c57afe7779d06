"""What went wrong, in plain lines: what cannot be settled, what matters first and what to do about it, then every cause."""

from collections.abc import Iterator

from tabulate import tabulate

from qbank.app.diagnosing import AREA_ANSWERS, AreaGap, Diagnosis, Step
from qbank.core.insight.causes import Cause
from qbank.core.insight.diagnosis import Finding, Mind, Verdict
from qbank.core.mastery import Estimate
from qbank.core.proportion import wilson
from qbank.core.response import MissReason
from qbank.ui.layout import hung, laid
from qbank.ui.looking_back import REMEDIES

CAUSE_HEADERS = ("Cause", "Effect", "p", "Verdict")
EFFECTS = "An effect is how much worse, with its 95 % interval; p is one-sided and corrected (Holm)."

MANY_BLOCKS = 200
"""From so many more timed blocks on the number says no more than "very many". [judged]"""

RUSHED = 0.9
"""Part of the time of other questions, below which those of the last quarter are called rushed. [judged]"""


def diagnosis_lines(found: Diagnosis, width: int) -> list[str]:
    """Everything that can be told, on about two screens."""
    if found.note:
        return laid(
            f"{found.note} What went wrong is no question for these days: they are for what you know.", width
        )
    if not found.loaded:
        return laid(
            "No questions are loaded yet, so there is nothing to tell from. Begin with: qbank start", width
        )
    lines = laid(basis_text(found), width)
    never = never_texts(found)
    lines += ["", *(line for text in never for line in laid(text, width))] if never else []
    lines += ["", "What matters first", ""]
    for number, step in enumerate(found.first, 1):
        lines += _step_lines(number, step, found, width)
    lines += ["", *_cause_lines(found, width), "", *_area_lines(found, width)]
    lines += _reason_lines(found, width)
    mind = _mind_texts(found.mind)
    lines += ["", *(line for text in mind for line in laid(text, width))] if mind else []
    return lines


def first_texts(found: Diagnosis) -> list[str]:
    """What matters first, each with what to do about it, in a sentence or two."""
    return [f"{_why(step, found)} Next: {_todo(step)} {step.command}" for step in found.first]


def basis_text(found: Diagnosis) -> str:
    """What all of it rests on."""
    if not found.blocks:
        return (
            "No timed, mixed block without interruption yet, so nothing can be told from your own answers. "
            "Such blocks are what counts here: a block of one topic, or one that was interrupted, would mislead."
        )
    blocks = "1 timed, mixed block" if found.blocks == 1 else f"{found.blocks} timed, mixed blocks"
    return (
        f"From {blocks} without interruption, {found.answers} answers, each compared with what was expected of it. "
        "A pattern is called shown when it would come by luck in fewer than 5 of 100 such looks, all causes counted. "
        "This has not been tried on people who sat the exam again: take it as a second opinion."
    )


def never_texts(found: Diagnosis) -> list[str]:
    """What the fresh questions left can never settle."""
    never = [one for one in found.causes if one.verdict is Verdict.OPEN and not one.can_settle]
    texts = []
    if never:
        left = (
            f"The {found.fresh_left} fresh questions left here are"
            if found.fresh_left > 1
            else "What is left fresh here is"
        )
        names = ", ".join(_NAMES[one.cause] for one in never)
        texts.append(f"{left} too few to settle: {names}. Load or import more to find out: qbank bank.")
    areas = [one for one in found.areas if not one.can_settle]
    if areas:
        of = sum(one.fresh_left is not None for one in found.areas)
        texts.append(
            f"A gap of 15 points takes about {AREA_ANSWERS} answers in an area; with what is here, "
            f"{len(areas)} of {of} systems cannot get so far."
        )
    return texts


def _step_lines(number: int, step: Step, found: Diagnosis, width: int) -> Iterator[str]:
    yield from hung(f"{number}. ", _why(step, found), width)
    yield from hung("   ", f"Next: {_todo(step)}", width)
    yield f"     {step.command}"


def _why(step: Step, found: Diagnosis) -> str:
    if step.cause is not None:
        one = next(each for each in found.causes if each.cause is step.cause)
        return f"{_NAMES[step.cause].capitalize()}. {_told(one, found)}{_suspected(one.suspected)}"
    if step.area is not None:
        gap = next(each for each in found.areas if each.name == step.area)
        return (
            f"{gap.name}. Believed {_points(-gap.gap.mean)} below your own whole ({_span(_turned(gap.gap))}), "
            f"in {gap.share:.0%} of the exam.{_suspected(found.suspects_knowledge)}"
        )
    if step.reason is not None:
        most = found.reasons[0]
        return f"The reason you named most often: {most.reason.value}, {most.share:.0%} of {_named(found)}."
    return _soonest(found)


def _soonest(found: Diagnosis) -> str:
    waiting = [one for one in found.causes if one.more_blocks and one.more_blocks <= MANY_BLOCKS]
    if not waiting:
        return "Of what can be told, nothing stands out. That is a finding too: what is left is to know more, in every area."
    first = min(waiting, key=lambda one: one.more_blocks or 0)
    return f"Nothing can be pinned down yet. The first that can is {_NAMES[first.cause]}: {_more(first)}."


def _todo(step: Step) -> str:
    if step.cause is not None:
        return _ADVICE[step.cause]
    if step.reason is not None:
        return REMEDIES[step.reason]
    if step.area is not None:
        return "one short block there with every key explained; then mixed blocks again, which lean on it by themselves."
    return "a timed, mixed block. It is worth most for the exam, and it is what all of this is told from."


def _told(one: Finding, found: Diagnosis) -> str:
    """The sentence of a cause that was shown."""
    assert one.estimate is not None
    assert one.low is not None
    assert one.high is not None
    points = _points(one.estimate)
    span = _span(Estimate(one.estimate, one.low, one.high))
    match one.cause:
        case Cause.PACING:
            last, rest = found.pace.last_quarter_seconds, found.pace.rest_seconds
            hurried = "that is rushing" if last < RUSHED * rest else "so it is not rushing"
            return (
                f"In the last quarter of a block you are {points} below the rest of it ({span}). You take {last:.0f} s "
                f"a question there and {rest:.0f} s before; {hurried}."
            )
        case Cause.UNANSWERED:
            return f"The clock left {found.pace.cut_off} of {found.pace.questions} questions without an answer ({span})."
        case Cause.FATIGUE:
            return f"Over a day of 280 questions you would fall by {points} ({span})."
        case Cause.CARRY_OVER:
            return f"Right after a miss you are {points} below what you are after a hit ({span})."
        case Cause.STUCK:
            return (
                f"In the block after a bad one you are {points} below your other blocks ({span}). "
                "A bad day as a whole looks the same here."
            )
        case Cause.CHANGING:
            return (
                f"Of the changes that mattered, {one.estimate + 0.5:.0%} went from right to wrong. Most people gain "
                "by changing; your own answers say otherwise."
            )
        case Cause.OVERCONFIDENCE:
            return f"What you call sure, unsure or guessed is right {points} less often than such words claim ({span})."
        case Cause.MISREADING:
            known = found.known
            return (
                f"Of what you should know by now you miss {points} more than is expected ({span}). Of {known.missed} such "
                f"misses you called {known.misread} misread; the others may be memory, and `qbank fit` looks at that."
            )


def cause_row(one: Finding) -> tuple[str, str, str, str]:
    """A cause by its name, with its effect, p and verdict, as under CAUSE_HEADERS."""
    mark = " *" if one.suspected else ""
    return _NAMES[one.cause] + mark, _effect(one), _p(one.p_holm), _verdict(one)


def _cause_lines(found: Diagnosis, width: int) -> list[str]:
    rows = [cause_row(one) for one in found.causes]
    lines = tabulate(rows, headers=CAUSE_HEADERS, tablefmt="simple", disable_numparse=True).splitlines()
    notes = [EFFECTS]
    notes += ["* You suspected this."] if any(one.suspected for one in found.causes) else []
    return [*lines, *(line for note in notes for line in laid(note, width))]


def _p(p: float | None) -> str:
    if p is None:
        return "-"
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def _effect(one: Finding) -> str:
    if one.verdict is Verdict.OPEN or one.estimate is None or one.low is None or one.high is None:
        return "-"
    return f"{_points(one.estimate)} ({_span(Estimate(one.estimate, one.low, one.high))})"


def _verdict(one: Finding) -> str:
    if one.verdict is not Verdict.OPEN:
        return one.verdict.value
    return _more(one) if one.more_blocks is not None else _WANTS.get(one.cause, "nothing to compare yet")


def _more(one: Finding) -> str:
    more = one.more_blocks or 0
    if more > MANY_BLOCKS:
        if one.cause is Cause.FATIGUE:
            return _WANTS[one.cause]
        return f"over {MANY_BLOCKS} more blocks"
    return "1 more timed block" if more == 1 else f"{more} more timed blocks"


def _area_lines(found: Diagnosis, width: int) -> list[str]:
    """The areas that are told, or that none is."""
    told = sorted((one for one in found.areas if one.told), key=lambda one: one.gap.mean * one.share)
    if not told:
        return laid(
            "Knowledge: no area is told apart from your own whole by report and answers so far.", width
        )
    rows = [
        (one.area, _below(one), f"{one.share:.0%}", one.flag.value if one.flag else "-", one.answered)
        for one in told
    ]
    headers = ("Knowledge gap", "Points below your whole", "Of exam", "Report", "Answers")
    lines = tabulate(rows, headers=headers, tablefmt="simple", disable_numparse=True).splitlines()
    return [
        *lines,
        *laid("From report and answers together, with the 95 % interval of the difference.", width),
    ]


def _below(one: AreaGap) -> str:
    return f"{round(-100 * one.gap.mean)} ({_span(_turned(one.gap))})"


def _reason_lines(found: Diagnosis, width: int) -> list[str]:
    if not found.reasons:
        return []
    lines = ["", f"Why you missed, in your own words ({_named(found)}):"]
    for one in found.reasons:
        lines += hung(
            "  ", f"{one.reason.value.capitalize()}, {one.share:.0%}: {REMEDIES[one.reason]}", width
        )
    return lines


def _named(found: Diagnosis) -> str:
    count = sum(one.count for one in found.reasons)
    return f"{count} {'reason' if count == 1 else 'reasons'} named"


def _mind_texts(mind: Mind) -> list[str]:
    """What the key after a block has told; nothing before it was pressed."""
    if not mind.asked:
        return []
    texts = [f"Of {mind.asked} blocks you were asked about, your mind was elsewhere in {mind.elsewhere}."]
    if mind.effect is not None:
        texts.append(f"There you were {_points(mind.effect.mean)} lower ({_span(mind.effect)}).")
    (bad, bad_elsewhere), (others, others_elsewhere) = mind.after_bad, mind.after_others
    if bad and others:
        texts.append(
            f"After a bad block it was elsewhere in {bad_elsewhere} of {bad}, "
            f"after another in {others_elsewhere} of {others}."
        )
        apart = wilson(bad_elsewhere, bad).low > wilson(others_elsewhere, others).high
        texts.append(
            "That speaks for a mind that stays behind, more than for what you know."
            if apart
            else "That cannot tell yet a mind that stays behind from a bad day."
        )
    return [" ".join(texts)]


def _suspected(suspected: bool) -> str:
    return " You suspected this." if suspected else ""


def _points(part: float) -> str:
    points = round(100 * part)
    return f"{points} point{'' if abs(points) == 1 else 's'}"


def _span(of: Estimate) -> str:
    return f"{round(100 * of.low)} to {round(100 * of.high)}"


def _turned(of: Estimate) -> Estimate:
    return Estimate(-of.mean, -of.high, -of.low)


_NAMES = {
    Cause.PACING: "pacing",
    Cause.UNANSWERED: "left to the clock",
    Cause.FATIGUE: "tiring over a day",
    Cause.CARRY_OVER: "carry-over after a miss",
    Cause.STUCK: "stuck in a bad block",
    Cause.CHANGING: "changing answers",
    Cause.OVERCONFIDENCE: "over-confidence",
    Cause.MISREADING: "missing what you know",
}
_WANTS = {
    Cause.FATIGUE: "wants longer days",
    Cause.STUCK: "wants two blocks on a day",
    Cause.CHANGING: "you changed no answers",
    Cause.OVERCONFIDENCE: "say how sure you are",
    Cause.MISREADING: "wants questions you know",
}
"""What a cause takes that blocks so far have nothing of."""

_ADVICE = {
    Cause.PACING: "a short block on a slightly faster clock. Be half way when half the time is gone, and leave the long "
    "ones for the end.",
    Cause.UNANSWERED: "a short block on a slightly faster clock. Answer every question once, mark the long ones, and "
    "come back to them.",
    Cause.FATIGUE: "two full blocks on one day with a real break between, food and a walk; a third next week.",
    Cause.CARRY_OVER: "a mixed block with one habit: after each answer look away for a breath, then read what the next "
    "question asks before its case.",
    Cause.STUCK: "after a bad block get up for ten minutes before the next one. What is closed is closed.",
    Cause.CHANGING: "look at what you changed and why. From now on change only when you see something new in the case.",
    Cause.OVERCONFIDENCE: "a block with the key after each question. Say how sure you are first; if sure, name what "
    "rules out the next best answer.",
    Cause.MISREADING: "what you missed, with the key after each. Say what is asked before you look at the options.",
}
"""What to do about each. [judged]"""

assert set(_NAMES) == set(_ADVICE) == set(Cause)
assert set(REMEDIES) == set(MissReason)
