"""Questions of the bank as a file for another program."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from qbank.app.areas import check_area
from qbank.app.banks import STARTER, others_misses
from qbank.app.files import write_whole
from qbank.app.pictures import read_picture
from qbank.app.workspace import Workspace
from qbank.core.pictures import pictures_in
from qbank.core.question import Kind, Objective, Question
from qbank.errors import NotFound, QbankError, UsageError
from qbank.exchange import aiken, anki_write
from qbank.exchange.aiken import write_aiken
from qbank.exchange.anki_write import write_anki
from qbank.exchange.gift_write import write_gift
from qbank.exchange.moodle_xml_out import write_moodle_xml
from qbank.store.store import Transaction

Write = Callable[[Sequence[Question], Sequence[Objective]], bytes]


def _takes_all(question: Question) -> str:
    return ""


def _utf8(write: Callable[[Sequence[Question], Sequence[Objective]], str]) -> Write:
    """A format's text as the bytes of a file."""
    return lambda questions, objectives: write(questions, objectives).encode()


class Writer(NamedTuple):
    """How a format is written: the file's bytes, why a question cannot be in it ("" if it can), what it loses of each.

    It `recalls` when prompts without options can be in it. What is `missed` goes out unless all is asked for.
    """

    write: Write
    refused: Callable[[Question], str] = _takes_all
    loses: str = ""
    recalls: bool = False
    missed: bool = False


WRITERS: dict[str, Writer] = {
    "gift": Writer(_utf8(write_gift)),
    "aiken": Writer(_utf8(write_aiken), aiken.refused, aiken.LOSES),
    "moodle-xml": Writer(_utf8(write_moodle_xml)),
    "anki": Writer(write_anki, loses=anki_write.LOSES, recalls=True, missed=True),
}
"""Each format that questions go out in, by its name."""


class Exported(msgspec.Struct, frozen=True):
    """What went out: the file's `content`, how many questions it holds, and sentences on what did not go along."""

    content: bytes
    count: int
    notes: tuple[str, ...]


def export_questions(
    workspace: Workspace,
    *,
    format: str,
    bank: str | None = None,
    system: str | None = None,
    missed: bool | None = None,
) -> Exported:
    """The questions that can be served, of one bank and one system or of all, in one of WRITERS.

    With `missed` only those whose last answer was wrong; None leaves it to the format. Variants are left out, since no other
    format has them, and recall prompts where the format has none. Raises UsageError for a system that the exam does not
    have, NotFound for a bank that is not there, QbankError when there is nothing to write.
    """
    check_area(workspace.exam, "system", system or "")
    with workspace.store.read() as tx:
        hidden = others_misses(tx, workspace.learner.id)
        banks = [row.id for row in tx.banks() if row.id not in hidden]
        if bank is not None and bank not in banks:
            raise NotFound("bank", bank, f"There are: {', '.join(banks) or 'none yet'}.")
        writer = WRITERS[format]
        only_missed = writer.missed if missed is None else missed
        questions = _questions(tx, bank, system, hidden)
        if only_missed:
            names = _missed(tx, workspace.learner.id)
            questions = [one for one in questions if (one.bank, one.id) in names]
        reasons = {(one.bank, one.id): _foreign(one, writer) or writer.refused(one) for one in questions}
        fit = [one for one in questions if not reasons[one.bank, one.id]]
        probed = dict.fromkeys((one.bank, one.objective) for one in fit)
        objectives = [found for names in probed if (found := tx.objective(*names))]
        write = _deck_writer(workspace, tx) if format == "anki" else writer.write
    left = Counter(reason for reason in reasons.values() if reason)
    notes = [f"Left out, {reason}: {count}." for reason, count in sorted(left.items())]
    if only_missed and not questions:
        raise QbankError("You have missed nothing here. To write all questions, add --all.")
    if not fit:
        mend = "Choose another bank or system; qbank bank stats shows what there is."
        raise QbankError(" ".join(["There is no question here that could be written.", *notes, mend]))
    notes += [writer.loses] if writer.loses else []
    if any(one.bank == STARTER for one in fit):
        notes.append("The bundled questions are CC BY-SA 4.0: name the qbank authors when you pass them on.")
    return Exported(write(fit, objectives), len(fit), tuple(notes))


def save(exported: Exported, path: Path, *, force: bool) -> None:
    """Write the file, for its owner's eyes. Raises UsageError when it is there and `force` is not set."""
    if path.exists() and not force:
        raise UsageError(f"{path} is there already. Choose another name, or add --force to replace it.")
    write_whole(path, exported.content)


def _questions(
    tx: Transaction, bank: str | None, system: str | None, hidden: Collection[str]
) -> list[Question]:
    listed = tx.list_questions(bank=bank, system=system, without_banks=hidden)
    return [found for one in listed if (found := tx.question(one.bank, one.id))]


def _missed(tx: Transaction, learner: str) -> set[tuple[str, str]]:
    """(bank, id) of the questions whose last answer was wrong."""
    objectives = sorted(tx.objectives_used(learner, missed=True))
    return {
        (one.bank, one.question)
        for one in tx.question_choices(learner, objectives)
        if one.last_correct is False
    }


def _deck_writer(workspace: Workspace, tx: Transaction) -> Write:
    """A deck knows when it was made, under which licences its questions are, and has their pictures with it."""
    licences = {row.id: row.licence for row in tx.banks()}
    licences[STARTER] = licences.get(STARTER) or "CC BY-SA 4.0, the qbank authors"

    def write(questions: Sequence[Question], objectives: Sequence[Objective]) -> bytes:
        paths = {picture.path for one in questions for text in _texts(one) for picture in pictures_in(text)}
        pictures = {path: held for path in sorted(paths) if (held := read_picture(workspace, path))}
        return write_anki(questions, objectives, made=workspace.now(), licences=licences, pictures=pictures)

    return write


def _texts(question: Question) -> Iterator[str]:
    yield from (question.stem, question.remember)
    for option in question.options:
        yield from (option.text, option.explanation)


def _foreign(question: Question, writer: Writer) -> str:
    """Why a question is of a kind that the format does not know; "" when it is not."""
    if question.kind is Kind.RECALL and not writer.recalls:
        return "a recall prompt, which has no options"
    return "a variant, whose numbers are drawn anew each time" if question.draws else ""
