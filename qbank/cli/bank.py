"""`qbank bank`: check, load, import, export, list, show, search and unflag questions, and see how they do."""

from pathlib import Path
from typing import Any

import click
from msgspec import structs
from tabulate import tabulate

from qbank.app import bank_loading
from qbank.app.areas import check_area
from qbank.app.bank_files import named, where_to_look
from qbank.app.bank_reading import check_file
from qbank.app.banks import others_misses
from qbank.app.coverage import Coverage, coverage
from qbank.app.exams import DEFAULT_EXAM, load_exam
from qbank.app.flagging import clear_flag, flagged
from qbank.app.rebuild import replay_length
from qbank.bank.rules import RULES
from qbank.cli.bank_classify import classify
from qbank.cli.bank_export import export
from qbank.cli.bank_import import import_
from qbank.cli.bank_items import items
from qbank.cli.bank_switching import COMMANDS as SWITCHING
from qbank.cli.bank_writing import COMMANDS
from qbank.cli.context import configured, workspace
from qbank.cli.output import json_option, print_json
from qbank.cli.stopping import NothingAnswered
from qbank.core.block import ItemState
from qbank.core.gaps import Gap
from qbank.core.question import Placing, as_served, serve
from qbank.core.text import visible
from qbank.errors import BankInvalid, NotFound
from qbank.store.rows import BankCounts
from qbank.ui import show as layout
from qbank.ui.banks import (
    checked_lines,
    coverage_lines,
    flagged_lines,
    loaded_line,
    rule_lines,
    warning_lines,
)
from qbank.ui.console import Console
from qbank.ui.progress import counting
from qbank.ui.writing import cell_lines, faulty_lines, gap_lines

GAPS = 50
"""How many objectives are proposed to be written."""


class _AnswersNothing(click.Group):
    """Commands that keep no answers, also where one of them shows a question."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 as click has it
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, EOFError) as error:
            # As click does: what is said next begins its own line.
            click.echo(err=True)
            raise NothingAnswered from error


@click.group("bank", cls=_AnswersNothing)
def command() -> None:
    """Check, load, list and search questions.

    Questions are Markdown files, one objective a file. Yours go into the `questions` folder of your data folder; a file
    there with a bundled objective's id takes its place.
    """


@command.command("check")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--strict", is_flag=True, help="Count warnings about item writing as faults.")
@click.option("--rules", "list_rules", is_flag=True, help="List the rules instead.")
@json_option
@click.pass_context
def check(ctx: click.Context, folder: Path | None, strict: bool, list_rules: bool, as_json: bool) -> None:
    """Check the bank files in FOLDER, or a single one, without loading them; without FOLDER, the bundled ones.

    Every fault is shown in one run, with its file, its line and how to mend it. A question may break a rule for a reason
    that its file gives, in a line under its heading: except = ["rule: reason"].
    """
    if list_rules:
        print_json(list(RULES.values())) if as_json else Console().say_lines(rule_lines(Console().width))
        return
    exam = load_exam(configured(ctx).exam or DEFAULT_EXAM)
    source = folder or bank_loading.bundled(exam)
    checked = check_file(exam, source) if source.is_file() else bank_loading.check_folder(exam, source)
    console = Console()
    if as_json:
        print_json(checked)
    else:
        console.say_lines(warning_lines(checked))
    faults = [*checked.faults, *(finding.fault for finding in checked.errors)]
    if strict:
        faults += [finding.fault for finding in checked.warnings]
    if faults:
        raise BankInvalid(faults)
    if not as_json:
        console.say_lines(checked_lines(checked))


@command.command("load")
@click.pass_context
def load(ctx: click.Context) -> None:
    """Load what changed in the bundled bank and in your own questions.

    A changed text or key is a new version of the same question; one that left its file is retired, never deleted. If
    any file has a fault, nothing is loaded.
    """
    with (
        workspace(ctx) as opened,
        counting("Replaying your answers", replay_length(opened.store)) as on_progress,
    ):
        Console().say(loaded_line(bank_loading.load_banks(opened, on_progress)))


@command.command("list")
@click.option("--bank", metavar="NAME", help="Only of this bank.")
@click.option("--system", metavar="ID", help="Only of this system.")
@click.option("--discipline", metavar="ID", help="Only of this discipline.")
@json_option
@click.pass_context
def list_(
    ctx: click.Context, bank: str | None, system: str | None, discipline: str | None, as_json: bool
) -> None:
    """List the questions that can be served."""
    with workspace(ctx) as opened:
        check_area(opened.exam, "system", system or "")
        check_area(opened.exam, "discipline", discipline or "")
        with opened.store.read() as tx:
            others = others_misses(tx, opened.learner.id)
            listings = tx.list_questions(
                bank=bank, system=system, discipline=discipline, without_banks=others
            )
            suggested = tx.suggested_objectives()
    if as_json:
        print_json(listings)
        return
    rows = [
        (
            f"{one.bank}/{one.id}",
            one.system + " (suggested)" * ((one.bank, one.objective) in suggested),
            ", ".join(one.disciplines),
        )
        for one in listings
    ]
    if rows:
        Console().say(tabulate(rows, headers=("Question", "System", "Disciplines"), tablefmt="simple"))
    Console().say(f"{len(rows)} questions.")


@command.command("show")
@click.argument("question")
@click.option("--answer", is_flag=True, help="Show the key and every explanation as well.")
@json_option
@click.pass_context
def show(ctx: click.Context, question: str, answer: bool, as_json: bool) -> None:
    """Show a question by its ID, or by the beginning of it."""
    console = Console()
    with workspace(ctx) as opened, opened.store.read() as tx:
        found = named(opened, tx, question)
        whole = tx.question(found.bank, found.id)
        objective = tx.objective(found.bank, found.objective)
        licence = tx.licence(found.bank)
    if whole is None or objective is None:
        raise NotFound("question", question, "Load its bank again with: qbank bank load")
    if as_json:
        print_json({"objective": objective, "question": whole, "version": whole.version, "licence": licence})
        return
    item = serve(whole, seed=0)
    whole = as_served(whole, item)
    console.say(f"{whole.bank}/{whole.id}: {objective.text}")
    folder = opened.settings.pictures
    if not answer or objective.placing is not Placing.SUGGESTED:
        console.say(layout.place_line(objective))
    console.say_lines(layout.question_lines(whole, item, 0, 1, console.width, "", ItemState(), folder))
    if answer:
        console.say()
        console.say_lines(layout.answer_lines(whole, item, None, console.width, objective, licence, folder))
    elif licence:
        console.say_lines(["", f"Licence: {licence}"])


@command.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="At most this many."
)
@json_option
@click.pass_context
def search(ctx: click.Context, words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Search the text of all questions for WORDS, best match first."""
    with workspace(ctx) as opened, opened.store.read() as tx:
        hits = tx.search(" ".join(words), limit, without_banks=others_misses(tx, opened.learner.id))
        mend = "" if hits else where_to_look(tx, "Try fewer words.")
    if as_json:
        print_json(hits)
        return
    console = Console()
    for hit in hits:
        console.say(f"{hit.bank}/{hit.question}")
        console.say(f"    {hit.excerpt}")
    console.say(f"{len(hits)} found." if hits else f"Nothing found. {mend}")


@command.command("flagged")
@click.option(
    "--clear", metavar="QUESTION", help="Take this question's flag back, so that it may come again."
)
@json_option
@click.pass_context
def flagged_(ctx: click.Context, clear: str | None, as_json: bool) -> None:
    """List the questions that you flagged, with your notes, or take a flag back.

    A flagged question stays out of your drills, reviews and assessments until you do.
    """
    console = Console()
    with workspace(ctx) as opened:
        cleared = None if clear is None else clear_flag(opened, clear)
        left = flagged(opened)
    if as_json:
        print_json(left)
    elif cleared is not None:
        console.say(f"{cleared.bank}/{cleared.question} is no longer flagged and may come again.")
    else:
        console.say_lines(flagged_lines(left))


@command.command("stats")
@click.option("--gaps", is_flag=True, help=f"List the next {GAPS} objectives worth writing instead.")
@json_option
@click.pass_context
def stats(ctx: click.Context, gaps: bool, as_json: bool) -> None:
    """Show how much of the blueprint the questions cover, and where the next ones are needed.

    First all questions that are loaded; then the bank files, bundled and your own, by system and main discipline.
    """
    with workspace(ctx) as opened:
        folders = (bank_loading.bundled(opened.exam), opened.settings.own_bank)
        covered = coverage(opened.exam, opened.exam_day, folders)
        with opened.store.read() as tx:
            counts = tx.bank_counts(without_banks=others_misses(tx, opened.learner.id))
            suggested = len(tx.suggested_objectives())
        if as_json:
            for line in faulty_lines(covered):
                click.echo(visible(line), err=True)
            print_json(
                [_gap_shape(gap) for gap in covered.gaps[:GAPS]]
                if gaps
                else _stats_shape(counts, covered, suggested)
            )
            return
        console = Console()
        if gaps:
            console.say_lines(gap_lines(covered, GAPS, console.width))
            return
        if counts.questions:
            console.say_lines([*coverage_lines(opened.exam, opened.exam_day, counts, suggested), ""])
        console.say_lines(cell_lines(opened.exam, opened.exam_day, covered, console.width))


def _stats_shape(counts: BankCounts, covered: Coverage, suggested: int) -> dict[str, Any]:
    files = {
        "questions": covered.questions,
        "variants": covered.variants,
        "objectives": covered.objectives,
        "others": covered.others,
        "mapped": covered.mapped,
        "cells": [
            {"system": system, "discipline": discipline, "questions": count}
            for (system, discipline), count in covered.cells.items()
        ],
        "keys": covered.keys,
        "vignette_words": covered.vignette_words,
        "option_characters": covered.option_characters,
        "reviews": covered.reviews,
        "faulty": sum(covered.faulty.values()),
    }
    return {**structs.asdict(counts), "suggested": suggested, "files": files}


def _gap_shape(gap: Gap) -> dict[str, Any]:
    return {
        "id": gap.objective.id,
        "know": gap.objective.know,
        "system": gap.system,
        "section": gap.objective.section,
    } | {
        "disciplines": gap.objective.disciplines,
        "likelihood": gap.objective.likelihood,
        "have": gap.have,
        "wanted": gap.wanted,
        "share": gap.share,
        "adds": gap.worth,
        "fills": gap.fills,
    }


for each in (*COMMANDS, *SWITCHING, import_, export, items, classify):
    command.add_command(each)
