"""A new bank file: a page to fill in, which becomes a file of the bank once it can be read."""

from pathlib import Path

import msgspec

from qbank.app.bank_reading import read_bank_file
from qbank.app.editors import editor_command, run_editor
from qbank.app.exams import load_map
from qbank.app.files import write_whole
from qbank.bank.faults import nearest
from qbank.bank.front_matter import ID
from qbank.core.exam import Exam
from qbank.errors import BankInvalid, CannotEdit, Fault, NotFound, UsageError

UNFINISHED = ".unfinished"
"""Behind the name of a file that cannot be read yet, so that it keeps no other file from loading."""


class Begun(msgspec.Struct, frozen=True):
    """A new file: `path` where it is now, `done` whether it can be read, `faults` what keeps it from that."""

    path: Path
    done: bool
    faults: tuple[Fault, ...] = ()


def new_file(exam: Exam, folder: Path, objective: str, *, bundled: Path, edit: bool) -> Begun:
    """Begin the file of an objective of the exam's map in a folder, or go on with one that is not finished.

    With `edit` it is opened in the learner's editor. Raises NotFound for an objective that the map does not have,
    UsageError when it has its file already, CannotEdit when there is no editor.
    """
    found = load_map(exam.id)
    if objective not in found:
        mend = nearest(objective, found) if ID.fullmatch(objective) else "See: qbank bank stats --gaps"
        raise NotFound("objective", objective, mend)
    mapped = found[objective]
    system = exam.section(mapped.section).system
    path = folder / system / f"{objective}.md"
    there = next((each for each in (path, bundled / system / path.name) if each.exists()), None)
    if there is not None:
        raise UsageError(f"{there} has its questions already. Add to them with: qbank bank edit QUESTION")
    unfinished = path.with_name(path.name + UNFINISHED)
    if not unfinished.exists():
        write_whole(unfinished, _page(objective, mapped.know, mapped.likelihood, mapped.disciplines).encode())
    if not edit:
        return Begun(unfinished, done=False)
    run_editor(editor_command(), unfinished, 1)
    if not unfinished.is_file():
        raise CannotEdit(f"{unfinished} is gone. Begin again with the same command.")
    try:
        read_bank_file(exam, unfinished.read_bytes(), path.name)
    except BankInvalid as error:
        return Begun(unfinished, done=False, faults=error.faults)
    unfinished.rename(path)
    return Begun(path, done=True)


def _page(objective: str, know: str, likelihood: str, disciplines: tuple[str, ...]) -> str:
    """The page to fill in. It cannot be read as a bank file before its marks are replaced."""
    count = {"high": "three questions"}.get(likelihood, "two questions")
    head = (
        f'+++\nid = "{objective}"\ntask = "foundational-science"\nreview = "draft"\n'
        f"# {know} ({', '.join(disciplines)}). Likelihood {likelihood}: write {count},\n"
        "# each another case from another direction. 60 to 160 words, one best answer, no option that gives itself away.\n"
        "# Remove these lines, and fill in what stands in angle brackets.\n+++\n\n"
    )
    option = "- [{box}] <{text}>\n\n  <{why}>\n\n"
    options = "".join(
        option.format(
            box="x" if at == 2 else " ",
            text="the best answer" if at == 2 else f"what somebody would really pick, {at + 1}",
            why="the chain of mechanism" if at == 2 else "why it is picked, and which finding rules it out",
        )
        for at in range(5)
    )
    asked = (
        "<age, sex, place, complaint, history, examination, results>\n\nWhich of the following is <...>?\n\n"
    )
    return head + "\n".join(
        f"# <question-{number}>\n\n{asked}{options}> <one sentence>\n" for number in ("one", "two")
    )
