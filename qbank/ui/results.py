"""Lists of results from other banks in words: what was read, what counts, and what is missing before it can count."""

import shlex
from collections.abc import Sequence

from qbank.app.results import AreaCount, Imported
from qbank.core.results import Listed
from qbank.core.text import visible
from qbank.ui.other_banks import counted
from qbank.ui.tables import Paper, table, wrapped

SHOWN_NAMES = 10


def imported_lines(done: Imported, paper: Paper, *, dry_run: bool) -> list[str]:
    """What a file holds, what of it counts, and what to do about the rest."""
    said = [_read_text(done), *done.notes]
    if done.without_ids:
        said.append("It has no column of question ids, so rows are told apart by all that they say.")
    if done.without_areas:
        said.append("It has no column of systems or subjects, so it counts for the exam as a whole.")
    said += _kind_texts(done)
    lines = wrapped(said, paper)
    if done.areas:
        lines += ["", *_area_lines(done, paper), ""]
    lines += _unmapped_lines(done, paper)
    after = []
    if done.repeats:
        after.append(
            f"{counted(done.repeats, 'row')} of later attempts: only the first at a question counts."
        )
    if done.by_hand:
        after.append(
            f"You also entered {counted(done.by_hand, 'answer')} of {done.source} by hand. Both count; should they be the "
            "same ones, they count twice."
        )
    return lines + wrapped([visible(text) for text in (*after, *_kept_texts(done, dry_run=dry_run))], paper)


def list_lines(lists: Sequence[Listed], paper: Paper) -> list[str]:
    """Each source's list: its rows, days and areas."""
    rows = [
        (
            visible(one.name),
            f"{one.answers}",
            f"{one.right / one.answers:.0%}" if one.answers else "-",
            f"{sum(count for _, count in one.misses)}" if one.misses else "-",
            f"{one.seconds / one.timed:.0f}" if one.timed else "-",
            f"{one.first or '-'}",
            f"{one.last or '-'}",
            f"{len(_systems(one))}",
        )
        for one in lists
    ]
    headers = ("Source", "Answers", "Right", "Misses alone", "Sec", "From", "To", "Systems")
    lines = table(headers, rows, "lrrrrllr", paper) if rows else []
    if any(one.misses for one in lists):
        lines += ["", *wrapped([_MISSES_ALONE], paper)]
    return lines


def _read_text(done: Imported) -> str:
    parts = [f"{done.right} right", f"{done.wrong} wrong"]
    if done.unanswered:
        parts.append(f"{done.unanswered} not answered, which do not count")
    return f"{counted(done.rows, 'row')}: {', '.join(parts)}."


def _kind_texts(done: Imported) -> list[str]:
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


def _unmapped_lines(done: Imported, paper: Paper) -> list[str]:
    if not done.unmapped:
        return []
    head = "Names without an area, of rows whose other names have one:"
    if done.unplaced:
        head = f"{counted(done.unplaced, 'row')} left out, for no area is known for them. Names without one:"
    shown = [(f"{count:,}", visible(name) or "(no name)") for name, count in done.unmapped[:SHOWN_NAMES]]
    more = done.unmapped[SHOWN_NAMES:]
    if more:
        shown.append((f"{sum(count for _, count in more):,}", f"in {counted(len(more), 'more name')}"))
    lines = [*wrapped([head], paper), *table(("Rows", "Name"), shown, "rl", paper), ""]
    named = next((name for name, _ in done.unmapped if name), None)
    if named is not None:
        lines += wrapped(
            [
                f"Say where they belong with --area {shlex.quote(f'{visible(named)}=AREA')} and import it again."
            ],
            paper,
        )
    return lines


def _kept_texts(done: Imported, *, dry_run: bool) -> list[str]:
    if dry_run:
        return [f"Nothing was recorded. It would be: {done.new} new, {done.changed} changed."]
    if not done.new and not done.changed and not done.totals:
        return [f"Nothing in it is new: what counts of it is here already for {done.source}."]
    totals = f" and {counted(done.totals, 'total')}" if done.totals else ""
    return [
        f"Recorded for {done.source}: {done.new} new, {done.changed} changed{totals}. No text of a question was kept.",
        f"To take it back: qbank outside remove {shlex.quote(done.source)}",
    ]


def _name(one: AreaCount) -> str:
    if one.dimension == "discipline":
        return f"{one.area}, system unknown"
    return one.area or "exam as a whole"


def _systems(one: Listed) -> set[str]:
    return {cell.system for cell in one.cells if cell.system}


_MISSES_ALONE = (
    "Misses alone do not say what share you got right, so they move nothing. Tell how many questions you did, like "
    "--totals cardiovascular=120, and they count."
)
