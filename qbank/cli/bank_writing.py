"""`qbank bank blind`, and the other verbs of whoever writes questions."""

from pathlib import Path

import click

from qbank.app import authoring, bank_loading
from qbank.app.areas import check_area
from qbank.app.exams import DEFAULT_EXAM, load_exam
from qbank.cli.context import configured
from qbank.cli.output import json_option, print_json
from qbank.core.blind import Part
from qbank.ui.console import Console
from qbank.ui.writing import marked_lines


@click.command("blind")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Of these bank files; without it, the bundled ones."
)
@click.option(
    "--sample", type=click.IntRange(1, 5_000), default=20, show_default=True, help="At most this many."
)
@click.option("--system", default="", metavar="ID", help="Only of this system.")
@click.option(
    "--part",
    type=click.Choice([part.value for part in Part]),
    default=Part.WHOLE.value,
    show_default=True,
    help="The whole question, its options without the stem, or its stem without the options.",
)
@click.option("--seed", type=click.IntRange(0, 10**9), help="Draw the same sample again.")
@click.option("--mark", is_flag=True, help="Compare the filled sheet in FILE with the keys.")
@json_option
@click.pass_context
def blind(
    ctx: click.Context,
    file: Path,
    folder: Path | None,
    sample: int,
    system: str,
    part: str,
    seed: int | None,
    mark: bool,
    as_json: bool,
) -> None:
    """Write questions without their keys to FILE, to be answered by somebody who has not written them.

    Fill in the answers with any editor, then compare them with the keys: qbank bank blind FILE --mark. Differing from a key,
    or a note that says why another option holds, is a reason to look at the question again.
    """
    exam = load_exam(configured(ctx).exam or DEFAULT_EXAM)
    if system:
        check_area(exam, "system", system)
    source = folder or bank_loading.bundled(exam)
    console = Console()
    if mark:
        found = authoring.mark_sheet(exam, source, file)
        print_json(found) if as_json else console.say_lines(marked_lines(found))
        return
    count = authoring.write_sheet(
        exam, source, file, sample=sample, part=Part(part), system=system, seed=seed
    )
    if as_json:
        print_json({"file": str(file), "questions": count})
        return
    console.say(f"{count} questions are in {file}. When they are answered: qbank bank blind {file} --mark")
