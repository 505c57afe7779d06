"""The blind check of a folder of bank files: a sheet to be filled in, and the filled one against the keys."""

import random
from collections.abc import Sequence
from pathlib import Path

from qbank.app.bank_reading import bank_files
from qbank.app.files import read_bytes, write_whole
from qbank.core import blind
from qbank.core.exam import Exam
from qbank.core.question import Question
from qbank.errors import NotFound, UsageError

LARGEST_SHEET = 8 * 1024 * 1024
"""Bytes; a sheet of a thousand questions has a fifth of it."""


def write_sheet(
    exam: Exam,
    folder: Path,
    file: Path,
    *,
    sample: int,
    part: blind.Part,
    system: str = "",
    seed: int | None = None,
) -> int:
    """Write a sheet of the blind check to a new file; gives how many questions are on it.

    Raises UsageError when the file is there already, NotFound when the folder or the system has no question.
    """
    if file.exists():
        raise UsageError(f"{file} is there already. Name a new file, so that no answers are lost.")
    questions = _questions(exam, folder, system)
    if not questions:
        raise NotFound("question", system or str(folder), "See what there is with: qbank bank stats")
    seed = random.randrange(10**6) if seed is None else seed
    asked = blind.drawn(questions, sample, seed)
    write_whole(file, blind.sheet(asked, part, seed).encode())
    return len(asked)


def mark_sheet(exam: Exam, folder: Path, file: Path) -> blind.Marked:
    """A filled sheet against the keys of a folder's questions. Raises NotFound, InputInvalid."""
    if not file.is_file():
        raise NotFound("file", str(file), "Write a sheet first with: qbank bank blind SHEET")
    content = read_bytes(file)
    if len(content) > LARGEST_SHEET:
        raise UsageError(f"{file} is larger than any sheet. Give the one that `qbank bank blind` wrote.")
    return blind.marked(
        blind.read_sheet(content.decode("utf-8", "replace"), file.name), _questions(exam, folder)
    )


def _questions(exam: Exam, folder: Path, system: str = "") -> Sequence[Question]:
    files = bank_files(exam, folder)
    return [q for file in files if system in ("", file.objective.system) for q in file.questions]
