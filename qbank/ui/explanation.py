"""Why a block is as it is: one line a question, one table of areas."""

from tabulate import tabulate

from qbank.app.explaining import AreaReason, Explanation, Reason


def explanation_lines(explanation: Explanation) -> list[str]:
    """Each question's reason and, area by area, flag, belief, interval and share of the block."""
    if explanation.purpose == "assess":
        opening = "Drawn by lot in the exam's proportions, from what drills never touch; nothing was chosen for its worth."
    elif explanation.purpose == "exam":
        opening = (
            "Drawn by lot in the exam's proportions: from what drills never touch first, then from what you had not seen; "
            "nothing was chosen for its worth."
        )
    else:
        opening = "Picked by what drilling adds to exam-day recall a minute; the order is random on purpose, systems mixed."
    lines = [f"Block {explanation.block}, composed on {explanation.composed_on}.", opening]
    if explanation.lean != 1:
        lines.append(f"You leaned on the report by {explanation.lean:g}.")
    lines.append("")
    for number, reason in enumerate(explanation.reasons, 1):
        lines.append(f"{number:3}  {_reason(reason)}")
    for dimension in dict.fromkeys(area.dimension for area in explanation.areas):
        lines += ["", *_table(dimension, explanation)]
    return [*lines, "Disciplines overlap, so their shares add up to more than 100%."]


def _table(dimension: str, explanation: Explanation) -> list[str]:
    rows = [
        (area.area, area.flag or "-", _belief(area), *_shares(area))
        for area in explanation.areas
        if area.dimension == dimension and (area.questions or area.flag)
    ]
    headers = (dimension.capitalize(), "Report", "Believed", "Here", "Share", "Of exam")
    return tabulate(rows, headers=headers, tablefmt="simple").splitlines() if rows else []


def _reason(reason: Reason) -> str:
    place = f"{reason.system or 'no area'}{', only suggested' if reason.suggested else ''}"
    what = f"{reason.question.partition('/')[2]} ({place})"
    why = f"recall today about {reason.recall_now:.0%}"
    flags = f", flags x{reason.pull:.2f}" if abs(reason.pull - 1) >= 0.005 else ""
    if not reason.met_before:
        why = f"not met yet, known with about {reason.recall_now:.0%}"
        interval = f"{reason.belief:.0%} ({reason.belief_low * 100:.0f}-{reason.belief_high * 100:.0f})"
        # What flags say of an area moves the worth as a factor, not the recalls beside it.
        flags = (
            f"{flags}, which put what is known at {interval}" if flags else f", {interval} with your report"
        )
    floor = "; its system was owed a question" if reason.floor else ""
    return (
        f"{what}: {why}; on exam day {reason.recall_left:.0%}, drilled {reason.recall_drilled:.0%}, "
        f"for {reason.seconds:.0f} s{flags}{floor}"
    )


def _belief(area: AreaReason) -> str:
    if area.belief is None or area.belief_low is None or area.belief_high is None:
        return "-"
    return f"{area.belief:.0%} ({area.belief_low * 100:.0f}-{area.belief_high * 100:.0f})"


def _shares(area: AreaReason) -> tuple[int, str, str]:
    return area.questions, f"{area.share:.0%}", f"{area.exam_share:.0%}"
