"""A new bank file: a page to fill in, which becomes a file of the bank once it can be read."""

import difflib
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from qbank.app.areas import known_areas
from qbank.app.bank_loading import read_folder
from qbank.app.bank_reading import read_bank_file
from qbank.app.editors import editor_command, run_editor
from qbank.app.exams import load_map
from qbank.app.files import read_bytes, write_whole
from qbank.bank.front_matter import line_of
from qbank.bank.lint import errors
from qbank.bank.markdown import BankFile
from qbank.core.exam import Exam
from qbank.core.objective_map import WANTED, Mapped
from qbank.core.text import visible
from qbank.errors import BankInvalid, CannotEdit, Fault, NotFound, UsageError

UNFINISHED = ".unfinished"
"""Behind the name of a file that cannot be read yet, so that it keeps no other file from loading."""

NEAR = 5
"""Objectives that are named for one that the map does not have."""

_MARK = re.compile(r"<[^<>\n]+>")
_NUMBERS = ("one", "two", "three")


class Begun(msgspec.Struct, frozen=True):
    """A new file: `path` where it is now, `done` whether it can be read, `faults` what keeps it from that."""

    path: Path
    done: bool
    faults: tuple[Fault, ...] = ()


def new_file(exam: Exam, folder: Path, objective: str, *, bundled: Path, edit: bool) -> Begun:
    """Begin the file of an objective of the exam's map in a folder, or go on with one that is not finished.

    With `edit` it is opened in the learner's editor; without, one that was there already is read as it is. Raises NotFound
    for an objective that the map does not have, UsageError when it has its file already, CannotEdit when there is no editor.
    """
    found = load_map(exam.id)
    if objective not in found:
        raise NotFound("objective", objective, _near(objective, found))
    mapped = found[objective]
    path = folder / exam.section(mapped.section).system / f"{objective}.md"
    others = _others(exam, folder)
    there = next((each for each in _places(folder, bundled, path, others, objective) if each.exists()), None)
    if there is not None:
        raise UsageError(_taken(there))
    unfinished = path.with_name(path.name + UNFINISHED)
    begun = unfinished.exists()
    if not begun:
        write_whole(unfinished, _page(mapped).encode())
    if edit:
        run_editor(editor_command(), unfinished, 1)
    elif not begun:
        return Begun(unfinished, done=False)
    if not unfinished.is_file():
        raise CannotEdit(f"{unfinished} is gone. Begin again with the same command.")
    faults = _faults(exam, mapped, read_bytes(unfinished), unfinished.relative_to(folder).as_posix(), others)
    if faults:
        return Begun(unfinished, done=False, faults=faults)
    _rename_where_free(unfinished, path)
    return Begun(path, done=True)


def _near(objective: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(objective.lower(), list(known), n=NEAR, cutoff=0.5)
    near = f"Did you mean {', '.join(close)}? " if close else ""
    return f"{near}What there is to write: qbank bank stats --gaps"


def _others(exam: Exam, folder: Path) -> Sequence[BankFile]:
    """The files of the folder that can be read; what is wrong with the others is no matter of this page."""
    return read_folder(exam, folder).changed if folder.is_dir() else ()


def _places(
    folder: Path, bundled: Path, path: Path, others: Sequence[BankFile], objective: str
) -> Iterable[Path]:
    """Where the objective's file can be already: in its place, elsewhere in the folder, or among the bundled ones."""
    yield path
    yield from (folder / each.path for each in others if each.objective.id == objective)
    yield bundled / path.relative_to(folder)


def _taken(there: Path) -> str:
    return f"{there} has its questions already. Add to them with: qbank bank edit QUESTION"


def _faults(
    exam: Exam, mapped: Mapped, content: bytes, name: str, others: Sequence[BankFile]
) -> tuple[Fault, ...]:
    """What keeps a page from becoming the objective's file: what would keep it from loading, and what is left to fill in."""
    lines = content.decode("utf-8", "replace").splitlines()
    left = set(_MARK.findall(_page(mapped).partition("\n+++\n")[2]))
    marks = [(at, mark) for at, line in enumerate(lines, 1) for mark in _MARK.findall(line) if mark in left]
    faults: list[Fault] = []
    if marks:
        # One for all: a page that was hardly begun has dozens.
        line, mark = marks[0]
        more = f", with {len(marks) - 1} more below it" if len(marks) > 1 else ""
        message = f"{mark} is left to fill in{more}."
        faults.append(Fault(name, line, message, "Write what belongs there, or take it out."))
    try:
        file = read_bank_file(exam, content, name)
    except BankInvalid as error:
        return tuple(sorted([*error.faults, *faults]))
    if file.objective.id != mapped.id:
        message = visible(f'The page is of the objective "{file.objective.id}".')
        faults.append(Fault(name, line_of("id", lines), message, f'Write id = "{mapped.id}".'))
    # The page last, so that an id which is there twice is its fault.
    faults += (fault for fault in errors([*others, file], known_areas(exam)) if fault.file == name)
    return tuple(sorted(faults))


def _rename_where_free(unfinished: Path, path: Path) -> None:
    """Give the page its name, unless a file of that name came to be while it was written. Raises UsageError."""
    try:
        os.link(unfinished, path)
    except FileExistsError as error:
        raise UsageError(f"{_taken(path)} Your page is still in {unfinished}.") from error
    except OSError:
        # Not every file system has links; an exclusive new file keeps the promise too.
        try:
            with path.open("xb") as file:
                file.write(unfinished.read_bytes())
        except FileExistsError as error:
            raise UsageError(f"{_taken(path)} Your page is still in {unfinished}.") from error
    unfinished.unlink()


def _page(mapped: Mapped) -> str:
    """The page to fill in. It cannot be read as a bank file before its marks are replaced."""
    count = WANTED[mapped.likelihood]
    head = (
        f'+++\nid = "{mapped.id}"\ntask = "foundational-science"\nreview = "draft"\n'
        f"# {mapped.know} ({', '.join(mapped.disciplines)}). Likelihood {mapped.likelihood}: "
        f"write {_NUMBERS[count - 1]} questions,\n"
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
        f"# <question-{number}>\n\n{asked}{options}> <one sentence>\n" for number in _NUMBERS[:count]
    )
