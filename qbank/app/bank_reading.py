"""Bank files as they stand in folders, with what the exam's map says of them, for whoever writes them."""

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import msgspec

from qbank.app.areas import known_areas
from qbank.app.bank_loading import Checked, craft_reference, mapped_files, read_folder
from qbank.app.banks import OWN
from qbank.app.files import read_bytes
from qbank.bank.lint import check, errors
from qbank.bank.markdown import SIZE_LIMIT, BankFile, read_content
from qbank.core.exam import Exam
from qbank.core.question import Question
from qbank.errors import BankInvalid, Fault, NotFound, UsageError


class Sound(msgspec.Struct, frozen=True):
    """The files of a folder that nothing keeps from loading, and how many others there are."""

    files: tuple[BankFile, ...]
    faulty: int


def bank_files(exam: Exam, folder: Path) -> Sequence[BankFile]:
    """The bank files of a folder. Raises NotFound when it is none, BankInvalid with every fault."""
    found = read_folder(exam, folder)
    if found.faults:
        raise BankInvalid(found.faults)
    return found.changed


def sound_files(exam: Exam, folder: Path) -> Sound:
    """The bank files of a folder without those that have faults. Raises NotFound when it is none."""
    found = read_folder(exam, folder)
    faults = [*found.faults, *errors(found.changed, known_areas(exam))]
    faulty = {fault.file for fault in faults}
    return Sound(tuple(file for file in found.changed if file.path not in faulty), len(faulty))


def check_file(exam: Exam, path: Path) -> Checked:
    """Everything that is wrong or doubtful in a single bank file. Raises NotFound."""
    try:
        file = read_bank_file(exam, read_bytes(path), path.name)
    except BankInvalid as error:
        return Checked(0, 0, (), error.faults)
    findings = check([file], known_areas(exam), reference=craft_reference())
    return Checked(1, len(file.questions), tuple(findings), ())


def read_bank_file(exam: Exam, content: bytes, name: str) -> BankFile:
    """A single bank file with what the exam's map says of its objective. Raises BankInvalid with every fault."""
    (file,), faults = mapped_files(exam, [read_content(name, content, OWN)])
    if faults:
        raise BankInvalid(faults)
    return file


def find_question(exam: Exam, folders: Sequence[Path], name: str) -> tuple[BankFile, Question]:
    """A question of bank files by its id or the beginning of it, those of the first folder first; or of the file `name`.

    Files with faults are passed over, unless the question is one of theirs. Raises NotFound, also for a folder that is none,
    UsageError where several begin so, and BankInvalid for a file with faults.
    """
    if name.endswith(".md") or Path(name).is_file():
        if not Path(name).is_file():
            raise NotFound("file", name, "Give the path of a bank file, or a question's id.")
        file = read_bank_file(exam, read_bytes(Path(name)), Path(name).name)
        return file, file.questions[0]
    mend = "Look for it with: qbank bank search WORDS"
    for folder in folders:
        scanned = read_folder(exam, folder)
        found = _called(scanned.changed, folder, scanned.faults, name)
        if len(found) > 1:
            names = ", ".join(question.id for _, question in found[:5])
            raise UsageError(f"{name!r} can mean several: {names}. Give one of them.")
        if found:
            return found[0]
        if scanned.faults:
            mend = (
                f"It may be in a file with faults. See them with: qbank bank check {shlex.quote(str(folder))}"
            )
    raise NotFound("question", name, mend)


def _called(
    files: Sequence[BankFile], folder: Path, faults: Sequence[Fault], name: str
) -> list[tuple[BankFile, Question]]:
    """The question of that id, else those whose id begins so. Raises BankInvalid when a file with faults has it."""
    asked = [(file, question) for file in files for question in file.questions]
    found = [each for each in asked if each[1].id == name]
    heading = re.compile(rf"^# +{re.escape(name)} *\r?$", re.MULTILINE)
    faulty = {fault.file for fault in faults}
    read = {file.path for file in files}
    unread = faulty - read if not found else set()
    theirs = {file.path for file, _ in found} & faulty
    theirs |= {each for each in unread if heading.search(_text(folder / each))}
    if theirs:
        raise BankInvalid([fault for fault in faults if fault.file in theirs])
    return found or [
        (file, question)
        for file, question in asked
        if question.id.startswith(name) and file.path not in faulty
    ]


def _text(path: Path) -> str:
    """What a file that could not be read as a bank file holds; nothing where it cannot be read at all."""
    try:
        with path.open("rb") as file:
            return file.read(SIZE_LIMIT).decode("utf-8", "replace")
    except OSError:
        return ""
