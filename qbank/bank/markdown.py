"""A bank file, read and written back: one objective, its sibling questions.

Markdown, so that a physician can write and review it on any git host. Reading names every fault of the
file at once; what was read and printed reads back the same.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from qbank.bank.faults import FaultList
from qbank.bank.front_matter import print_exceptions, print_objective, read_objective
from qbank.bank.sections import DRAWS, is_attribute, read_questions
from qbank.core.question import Objective, Question
from qbank.core.text import hidden_characters
from qbank.errors import BankInvalid, Fault

SIZE_LIMIT = 512 * 1024  # bytes; a file of two questions has about 6,000


@dataclass(frozen=True, slots=True)
class BankFile:
    """One objective with its questions.

    `path` is relative to the bank's folder; `lines` gives the line of each question's heading by its id. `exceptions` gives
    by question id, "" for the whole file, the reason by each rule that may be broken there.
    """

    path: str
    objective: Objective
    questions: tuple[Question, ...]
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    exceptions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_content(path: str, content: bytes, bank: str) -> BankFile:
    """The bank file in these bytes. Raises BankInvalid with every fault; bytes that are not UTF-8 are one."""
    if len(content) > SIZE_LIMIT:
        raise BankInvalid([too_large(path)])
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        mend = "Save the file as UTF-8 in your editor."
        raise BankInvalid([Fault(path, line, "The text is not UTF-8 from here on.", mend)]) from error
    return read_file(path, text, bank)


def read_file(path: str, text: str, bank: str) -> BankFile:
    """The bank file in this text. Raises BankInvalid with every fault in it.

    A byte order mark and line ends of other systems are accepted, tabs become spaces.
    """
    if len(text) > SIZE_LIMIT:
        raise BankInvalid([too_large(path)])
    text = re.sub("\r\n?", "\n", text.removeprefix("\ufeff"))
    faults = FaultList(path)
    for line, name in dict.fromkeys(hidden_characters(text)):
        faults.add(line, f"A character that cannot be seen stands here ({name}).", "Remove it.")
    lines = text.split("\n")
    objective, excepted, body = read_objective(lines, bank, faults)
    source = [line.expandtabs(4).rstrip(" ") for line in lines[body:]]
    questions, places, exceptions = read_questions(source, body, objective, faults)
    faults.raise_any()
    return BankFile(path, objective, questions, places, exceptions | ({"": excepted} if excepted else {}))


def print_file(bank_file: BankFile) -> str:
    """The file's text, in one canonical form: `read_file` of it gives the same file again.

    Raises BankInvalid for content that Markdown reads as something else, such as a stem with an option list.
    """
    excepted = bank_file.exceptions
    parts = [print_objective(bank_file.objective, excepted.get("", {}))]
    parts += (_question(question, excepted.get(question.id, {})) for question in bank_file.questions)
    text = "\n".join(parts)
    try:
        same = read_file(bank_file.path, text, bank_file.objective.bank) == bank_file
    except BankInvalid as error:
        raise BankInvalid([_unprintable(bank_file.path), *error.faults]) from error
    if not same:
        raise BankInvalid([_unprintable(bank_file.path)])
    return text


def too_large(path: str) -> Fault:
    """The fault of a file over SIZE_LIMIT."""
    message = f"The file is larger than {SIZE_LIMIT // 1024} KiB."
    return Fault(path, 1, message, "Put each objective in a file of its own.")


def _unprintable(path: str) -> Fault:
    return Fault(
        path, 1, "The text would not read back the same from Markdown.", "Simplify its lists and headings."
    )


def _question(question: Question, excepted: Mapping[str, str]) -> str:
    parts = ["\n".join([f"# {question.id}", *_attributes(question, excepted)])]
    if question.draws:
        parts.append(f"```{DRAWS}\n{question.draws}\n```")
    parts.append(question.stem)
    for option in question.options:
        parts.append(f"- [{'x' if option.correct else ' '}] {option.text}")
        if option.explanation:
            parts.append(_prefixed("  ", option.explanation))
    if question.remember:
        parts.append(_prefixed("> ", question.remember))
    return "\n\n".join(parts) + "\n"


def _attributes(question: Question, excepted: Mapping[str, str]) -> list[str]:
    lines = [*print_exceptions(excepted), *(['order = "fixed"'] if question.fixed_order else [])]
    if question.pinned:
        lines.append(f"pinned = {question.pinned}")
    if not lines and is_attribute(question.stem.split("\n", 1)[0]):
        # Without a line of its own, a stem that begins like one would be taken for attributes.
        lines = ['order = "shuffled"']
    return lines


def _prefixed(prefix: str, text: str) -> str:
    return "\n".join((prefix + line).rstrip(" ") for line in text.split("\n"))
