"""Bank files as they stand in folders, with what the exam's map says of them, for whoever writes them."""

from collections.abc import Sequence
from pathlib import Path

from qbank.app.bank_loading import mapped_files, read_folder
from qbank.app.banks import OWN
from qbank.app.files import read_bytes
from qbank.bank.markdown import BankFile, read_content
from qbank.core.exam import Exam
from qbank.core.question import Question
from qbank.errors import BankInvalid, InputInvalid, NotFound, UsageError


def bank_files(exam: Exam, folder: Path) -> Sequence[BankFile]:
    """The bank files of a folder. Raises NotFound when it is none, InputInvalid with every fault."""
    found = read_folder(exam, folder)
    if found.faults:
        raise InputInvalid(found.faults)
    return found.changed


def read_bank_file(exam: Exam, content: bytes, name: str) -> BankFile:
    """A single bank file with what the exam's map says of its objective. Raises BankInvalid with every fault."""
    (file,), faults = mapped_files(exam, [read_content(name, content, OWN)])
    if faults:
        raise BankInvalid(faults)
    return file


def find_question(exam: Exam, folders: Sequence[Path], name: str) -> tuple[BankFile, Question]:
    """A question of bank files by its id or the beginning of it, those of the first folder first; or of the file `name`.

    Raises NotFound, UsageError where several begin so, and BankInvalid for a file with faults.
    """
    if name.endswith(".md") or Path(name).is_file():
        if not Path(name).is_file():
            raise NotFound("file", name, "Give the path of a bank file, or a question's id.")
        file = read_bank_file(exam, read_bytes(Path(name)), Path(name).name)
        return file, file.questions[0]
    for folder in folders:
        files = bank_files(exam, folder) if folder.is_dir() else []
        asked = [(file, question) for file in files for question in file.questions]
        found = [each for each in asked if each[1].id == name] or [
            e for e in asked if e[1].id.startswith(name)
        ]
        if len(found) > 1:
            names = ", ".join(question.id for _, question in found[:5])
            raise UsageError(f"{name!r} can mean several: {names}. Give one of them.")
        if found:
            return found[0]
    raise NotFound("question", name, "Look for it with: qbank bank search WORDS")
