"""How often a question's words tell its area: the bundled bank, whose areas are known, with the areas hidden."""

import time
from collections.abc import Sequence
from typing import NamedTuple

import click
from tabulate import tabulate

from qbank.app.bank_loading import bundled
from qbank.app.bank_reading import bank_files
from qbank.app.classifying import CHOICES
from qbank.app.exams import DEFAULT_EXAM, load_exam, load_map
from qbank.core.area_words import LEAST_SHARE, AreaWords, Near, question_words
from qbank.core.question import Objective

THRESHOLDS = (0.0, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
TIMED = 10_000


class Told(NamedTuple):
    """Where a question lies, and where its words say it does, the likeliest first."""

    objective: Objective
    near: Sequence[Near]


@click.command()
def measure() -> None:
    """Take each bundled question for an imported one, and compare what its words suggest with where it lies.

    First its own objective is left out of the map, as if the exam's map did not have it; then the map is whole, as it is
    where an imported question is about something that the map names.
    """
    exam = load_exam(DEFAULT_EXAM)
    found = load_map(DEFAULT_EXAM)
    asked = [
        (file.objective, question_words(question))
        for file in bank_files(exam, bundled(exam))
        for question in file.questions
        if file.objective.id in found
    ]
    words = AreaWords(exam, found)
    click.echo(f"{len(asked)} questions, {len(found):,} objectives on the map.")
    for hidden in (True, False):
        began = time.process_time()
        told = [Told(o, words.ranked(text, without=o.id if hidden else "")) for o, text in asked]
        seconds = (time.process_time() - began) / len(asked) * TIMED
        click.echo(f"\nTheir own objectives {'left out of' if hidden else 'on'} the map:\n")
        click.echo(tabulate([_row(told, least) for least in THRESHOLDS], _HEADINGS, floatfmt=".3f"))
        offered = sum(any(n.section == o.section for n in near[:CHOICES]) for o, near in told)
        click.echo(
            f"\nThe right section is among the first {CHOICES} of {offered / len(told):.1%}. "
            f"{TIMED:,} questions take {seconds:.1f} s."
        )
    click.echo(f"\nqbank suggests from {LEAST_SHARE:g} of the votes on.")


_HEADINGS = ("votes from", "system suggested", "right", "section suggested", "right")


def _row(told: Sequence[Told], least: float) -> tuple[float, ...]:
    """(threshold, part with a system suggested, part of these right, and the same for the section)."""
    tops = [(one.objective, one.near[0]) for one in told if one.near]
    systems = [(o.system == top.system) for o, top in tops if top.system_share >= least]
    sections = [
        (o.section == top.section) for o, top in tops if top.system_share >= least and top.share >= least
    ]
    return least, len(systems) / len(told), _part(systems), len(sections) / len(told), _part(sections)


def _part(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 0.0


if __name__ == "__main__":
    measure()
