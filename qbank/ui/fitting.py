"""What became of a fit, and the versions that there are, in lines."""

from collections.abc import Iterable

from tabulate import tabulate

from qbank.app.fitting import Fitted, Verdict, Version

FITTING = "Fitting your memory's weights"
"""What is going on while a fit runs."""


def fitted_lines(fitted: Fitted) -> tuple[str, ...]:
    """What a fit that was asked for came to."""
    if fitted.verdict is Verdict.TOO_FEW:
        return (
            f"You have {fitted.reviews:,} reviews of something that you had met on an earlier day, and weights of your own "
            f"need {fitted.needed:,}.",
            "Until then FSRS's weights, made from many learners' reviews, are the better guide. Nothing was changed.",
        )
    if fitted.verdict is Verdict.UNTESTED:
        return (
            f"Your {fitted.reviews:,} reviews fell on too few days to test weights on later ones. Nothing was changed; "
            "try again in a week.",
        )
    if fitted.verdict is Verdict.UNUSABLE:
        return (
            f"The fit to your {fitted.reviews:,} reviews gave no weights that can be used, so nothing was changed. It is "
            "worth another try when you have more.",
        )
    tested = (
        f"Weights fitted to your earlier {fitted.reviews - fitted.held_out:,} reviews foretell the latest "
        f"{fitted.held_out:,} with a log loss of {fitted.log_loss_after:.4f}; {_before(fitted)}. Lower is better."
    )
    return tested, _outcome(fitted)


def tonight_line(fitted: Fitted) -> str | None:
    """What to say of a fit at the end of an evening: something only when it changed something."""
    if fitted.verdict is not Verdict.BETTER:
        return None
    return (
        f"Your {fitted.reviews:,} reviews show how you forget: from now on memory goes by your own weights. "
        "See them, and the way back, with: qbank fit --list"
    )


def version_lines(versions: Iterable[Version]) -> tuple[str, ...]:
    """The versions as a table, the one in force marked."""
    rows = [
        (
            "*" if each.in_force else "",
            each.number or "default",
            "" if each.fitted_on is None else each.fitted_on.isoformat(),
            "" if each.reviews is None else f"{each.reviews:,}",
            "" if each.log_loss_before is None else f"{each.log_loss_before:.4f}",
            "" if each.log_loss_after is None else f"{each.log_loss_after:.4f}",
        )
        for each in versions
    ]
    heads = ("", "Version", "Fitted on", "Reviews", "Loss before", "Loss after")
    table = tabulate(rows, heads, disable_numparse=True, colalign=("left", "left", "left", *["right"] * 3))
    choice = "Another one: qbank fit --use NUMBER, or --use default."
    if len(rows) == 1:
        choice = "There are none of your own yet. To fit some: qbank fit"
    return *(line.rstrip() for line in table.splitlines()), "", f"* in force. {choice}"


def used_lines(version: Version, *, fits_by_itself: bool) -> tuple[str, ...]:
    """What holds once a version was chosen. `fits_by_itself`: an evening may bring another one into force."""
    which = (
        f"version {version.number}, fitted on {version.fitted_on}" if version.number else "FSRS's own weights"
    )
    holds = f"Memory goes by {which}. Your answers stay as they are; every memory follows from them by these weights."
    if not fits_by_itself:
        return (holds,)
    return holds, "A later fit can bring others. To stay with these: qbank set nightly-fit off"


def _before(fitted: Fitted) -> str:
    before, default = fitted.log_loss_before, fitted.log_loss_default
    if before == default:
        return f"FSRS's own, in force until now, have {default:.4f}"
    return f"your weights until now, which may have met them, have {before:.4f}, FSRS's own {default:.4f}"


def _outcome(fitted: Fitted) -> str:
    if fitted.verdict is Verdict.NO_BETTER:
        return "That is not better by more than chance would have it, so nothing was changed."
    if not fitted.kept:
        return "That is better by more than chance would have it. Nothing was changed; without --dry-run it would be."
    return (
        "That is better by more than chance would have it: from now on memory goes by your own weights, fitted to all "
        f"{fitted.reviews:,}."
    )
