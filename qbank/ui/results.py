"""Lists of results from other banks in words: what was read, what counts, and what is missing before it can count."""

import shlex
from collections.abc import Sequence

from qbank.app.results import AreaCount, Imported
from qbank.core.results import Listed
from qbank.core.text import visible
from qbank.ui.tables import Paper, table

SHOWN_NAMES = 10


def imported_lines(done: Imported, paper: Paper, *, dry_run: bool) -> list[str]:
    """What a file holds, what of it counts, and what to do about the rest."""
    lines = [_read_text(done)]
    lines += done.notes
    if done.without_ids:
        lines.append("It has no column of question ids, so rows are told apart by all that they say.")
    if done.without_areas:
        lines.append("It has no column of systems or subjects, so it counts for the exam as a whole.")
    lines += _kind_lines(done)
    if done.areas:
        lines += ["", *_area_lines(done, paper), ""]
    lines += _unmapped_lines(done)
    if done.repeats:
        lines.append(
            f"{_counted(done.repeats, 'row')} of later attempts: only the first at a question counts."
        )
    if done.by_hand:
        lines.append(
            f"You also entered {_counted(done.by_hand, 'answer')} of {done.source} by hand. Both count; should they be the "
            "same ones, they count twice."
        )
    lines.append(_kept_text(done, dry_run=dry_run))
    return [visible(line) for line in lines]


def list_lines(lists: Sequence[Listed], paper: Paper) -> list[str]:
    """Each source's list: its rows, days and areas."""
    rows = [
        (
            visible(one.name),
            f"{one.answers}",
            f"{one.right / one.answers:.0%}" if one.answers else "-",
            f"{sum(count for _, count in one.misses)}" if one.misses else "-",
            f"{one.seconds / one.timed:.0f} s" if one.timed else "-",
            _days_text(one),
            f"{len(_systems(one))}",
        )
        for one in lists
    ]
    headers = ("Source", "Answers", "Right", "Misses alone", "Each took", "Days", "Systems")
    lines = table(headers, rows, "lrrrrlr", paper) if rows else []
    if any(one.misses for one in lists):
        lines += ["", _MISSES_ALONE]
    return lines


def other_banks_line(lists: Sequence[Listed]) -> str:
    """All of it in one sentence; "" without any."""
    if not lists:
        return ""
    return f"Other banks: {'; '.join(_brief(one) for one in lists)}."


def _brief(one: Listed) -> str:
    alone = sum(count for _, count in one.misses)
    counted = (
        f"{_counted(one.answers, 'answer')} in {_counted(len(_systems(one)), 'system')}"
        if one.answers
        else ""
    )
    misses = f"{alone} misses that do not count yet" if alone else ""
    return visible(f"{one.name}, {', '.join(filter(None, (counted, misses)))}, {_days_text(one)}")


def _read_text(done: Imported) -> str:
    parts = [f"{done.right} right", f"{done.wrong} wrong"]
    if done.unanswered:
        parts.append(f"{done.unanswered} not answered, which do not count")
    return f"{_counted(done.rows, 'row')}: {', '.join(parts)}."


def _kind_lines(done: Imported) -> list[str]:
    if not done.misses_only:
        return []
    if done.doubtful and done.right:
        why = f"Only {done.right} are right, fewer than guessing would give, so right answers seem to be left out."
    elif done.doubtful:
        why = "No answer in it is right, so it is taken for a list of misses."
    else:
        why = "It is taken for a list of misses, as you say."
    if done.totals:
        return [why, "With the totals that you gave, it counts in those areas."]
    return [
        why,
        _MISSES_ALONE,
        "If it does hold all that you answered, add --all-answers.",
    ]


def _area_lines(done: Imported, paper: Paper) -> list[str]:
    if done.misses_only:
        rows = [(_name(one), f"{one.of - one.right}") for one in done.areas]
        return table(("Area", "Missed"), rows, "lr", paper)
    rows_of_all = [
        (_name(one), f"{one.right} of {one.of}", f"{one.right / one.of:.0%}") for one in done.areas
    ]
    return table(("Area", "Right", ""), rows_of_all, "lrr", paper)


def _unmapped_lines(done: Imported) -> list[str]:
    if not done.unmapped:
        return []
    lines = [
        f"{_counted(done.unplaced, 'row')} left out, for no area is known for them. Names without one:"
        if done.unplaced
        else "Names without an area, of rows whose other names have one:"
    ]
    lines += [f"  {count:5}  {name or '(no name)'}" for name, count in done.unmapped[:SHOWN_NAMES]]
    more = done.unmapped[SHOWN_NAMES:]
    if more:
        lines.append(f"  {sum(count for _, count in more):5}  in {_counted(len(more), 'more name')}")
    named = next((name for name, _ in done.unmapped if name), None)
    if named is not None:
        lines.append(
            f"Say where they belong with: --area {shlex.quote(f'{named}=AREA')}, and import it again."
        )
    return lines


def _kept_text(done: Imported, *, dry_run: bool) -> str:
    if dry_run:
        return f"Nothing was recorded. It would be: {done.new} new, {done.changed} changed."
    if not done.new and not done.changed and not done.totals:
        return f"Nothing in it is new: every row of {done.source} is here already."
    totals = f" and {_counted(done.totals, 'total')}" if done.totals else ""
    return (
        f"Recorded for {done.source}: {done.new} new, {done.changed} changed{totals}. No text of a question was kept. "
        f"To take it back: qbank outside remove {shlex.quote(done.source)}"
    )


def _name(one: AreaCount) -> str:
    return one.area or "exam as a whole"


def _systems(one: Listed) -> set[str]:
    return {cell.system for cell in one.cells if cell.system}


def _days_text(one: Listed) -> str:
    if one.first is None or one.first == one.last:
        return f"{one.first or '-'}"
    return f"{one.first} to {one.last}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


_MISSES_ALONE = (
    "Misses alone do not say what share you got right, so they move nothing. Tell how many questions you did, like "
    "--totals cardiovascular=120, and they count."
)
