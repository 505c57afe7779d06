"""Where you stand, on one screen."""

from tabulate import tabulate

from qbank.app.horizon import days_away
from qbank.app.night import Tonight
from qbank.app.overview import Overview, overview
from qbank.app.workspace import Workspace
from qbank.core.mastery import Estimate
from qbank.ui.other_banks import other_banks_lines


def status_lines(workspace: Workspace) -> list[str]:
    """The overview in words and one table."""
    return overview_lines(overview(workspace))


def overview_lines(now: Overview) -> list[str]:
    booked = "" if now.booked else " (assumed: none is booked)"
    sample = " The sample; add yours: qbank report add" if now.sample_report else ""
    lines = [
        f"{now.exam}: {now.exam_day:%a %d %b %Y}{booked}, {days_away(now.days_left)}. {now.minutes_a_day} minutes a day.",
        f"Report: {now.report}.{sample}",
        f"Answered: {now.answered} {'question' if now.answered == 1 else 'questions'}, {now.correct} right.",
    ]
    lines += other_banks_lines(now.other_banks)
    if now.expected is not None:
        lines.append(
            f"Believed right on the exam: {percent(now.expected)}. An estimate, not a chance of passing."
        )
    rows = [
        (
            area.area,
            area.flag.value if area.flag else "-",
            percent(area.belief) if area.belief else "-",
            f"{area.share:.0%}",
            f"{area.correct}/{area.answered}" if area.answered else "-",
        )
        for area in now.areas
    ]
    headers = ("System", "Report", "Believed right", "Of exam", "Here")
    lines += ["", *tabulate(rows, headers=headers, tablefmt="simple").splitlines()]
    lines += ["", f"The loaded questions reach {now.reach:.1%} of the exam. Work beside a large bank too."]
    lines += list(now.notes)
    if now.tonight is not None:
        lines.append(f"Tonight: {tonight_words(now.tonight)}.")
    if now.next_step:
        lines.append(f"Next: {now.next_step}")
    lines.append(now.why)
    if now.days_left > 0:
        lines.append(_AHEAD[now.expected is None])
    return lines


_AHEAD = {False: "The days to the exam: qbank plan", True: "One page for these days: qbank lastdays"}


def tonight_words(tonight: Tonight, when: str = "") -> str:
    """How many minutes of a review are worth it, and for what; `when` is said where nothing before it says so."""
    if not tonight.minutes:
        return "nothing is worth more than sleep"
    what = "1 objective" if tonight.objectives == 1 else f"{tonight.objectives} objectives"
    mostly = f", most of them in {tonight.mostly}" if tonight.mostly else ""
    minutes = "1 minute is" if tonight.minutes == 1 else f"{tonight.minutes} minutes are"
    worth = f"worth it {when}" if when else "worth it"
    return f"about {minutes} {worth}: {what}{mostly}"


def percent(estimate: Estimate) -> str:
    """The mean and the interval in percent, as "58% (51-66)"."""
    return f"{estimate.mean:.0%} ({estimate.low * 100:.0f}-{estimate.high * 100:.0f})"
