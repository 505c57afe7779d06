"""Questions of the bank as a file for another program."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from qbank.app.areas import check_area
from qbank.app.banks import STARTER, others_misses
from qbank.app.files import write_whole
from qbank.app.workspace import Workspace
from qbank.core.question import Kind, Objective, Question
from qbank.errors import NotFound, QbankError, UsageError
from qbank.exchange import aiken
from qbank.exchange.aiken import write_aiken
from qbank.exchange.gift_write import write_gift
from qbank.exchange.moodle_xml_out import write_moodle_xml
from qbank.store.store import Transaction


def _takes_all(question: Question) -> str:
    return ""


class Writer(NamedTuple):
    """How a format is written: the file's text, why a question cannot be in it ("" if it can), what it loses of each."""

    write: Callable[[Sequence[Question], Sequence[Objective]], str]
    refused: Callable[[Question], str] = _takes_all
    loses: str = ""


WRITERS: dict[str, Writer] = {
    "gift": Writer(write_gift),
    "aiken": Writer(write_aiken, aiken.refused, aiken.LOSES),
    "moodle-xml": Writer(write_moodle_xml),
}
"""Each format that questions go out in, by its name."""


class Exported(msgspec.Struct, frozen=True):
    """What went out: the file's `text`, how many questions it holds, and sentences on what did not go along."""

    text: str
    count: int
    notes: tuple[str, ...]


def export_questions(
    workspace: Workspace, *, format: str, bank: str | None = None, system: str | None = None
) -> Exported:
    """The questions that can be served, of one bank and one system or of all, in one of WRITERS.

    Variants and recall prompts are left out, since no other format has them. Raises UsageError for a system that the exam
    does not have, NotFound for a bank that is not there, QbankError when there is nothing to write.
    """
    check_area(workspace.exam, "system", system or "")
    with workspace.store.read() as tx:
        hidden = others_misses(tx, workspace.learner.id)
        banks = [row.id for row in tx.banks() if row.id not in hidden]
        if bank is not None and bank not in banks:
            raise NotFound("bank", bank, f"There are: {', '.join(banks) or 'none yet'}.")
        questions = _questions(tx, bank, system, hidden)
        writer = WRITERS[format]
        reasons = {(one.bank, one.id): _foreign(one) or writer.refused(one) for one in questions}
        fit = [one for one in questions if not reasons[one.bank, one.id]]
        probed = dict.fromkeys((one.bank, one.objective) for one in fit)
        objectives = [found.without_guess for names in probed if (found := tx.objective(*names))]
    left = Counter(reason for reason in reasons.values() if reason)
    notes = [f"Left out, {reason}: {count}." for reason, count in sorted(left.items())]
    if not fit:
        mend = "Choose another bank or system; qbank bank stats shows what there is."
        raise QbankError(" ".join(["There is no question here that could be written.", *notes, mend]))
    notes += [writer.loses] if writer.loses else []
    if any(one.bank == STARTER for one in fit):
        notes.append("The bundled questions are CC BY-SA 4.0: name the qbank authors when you pass them on.")
    return Exported(writer.write(fit, objectives), len(fit), tuple(notes))


def save(exported: Exported, path: Path, *, force: bool) -> None:
    """Write the file, for its owner's eyes. Raises UsageError when it is there and `force` is not set."""
    if path.exists() and not force:
        raise UsageError(f"{path} is there already. Choose another name, or add --force to replace it.")
    write_whole(path, exported.text.encode())


def _questions(
    tx: Transaction, bank: str | None, system: str | None, hidden: Collection[str]
) -> list[Question]:
    listed = tx.list_questions(bank=bank, system=system, without_banks=hidden)
    return [found for one in listed if (found := tx.question(one.bank, one.id))]


def _foreign(question: Question) -> str:
    """Why a question is of a kind that only qbank knows; "" when it is not."""
    if question.kind is Kind.RECALL:
        return "a recall prompt, which has no options"
    return "a variant, whose numbers are drawn anew each time" if question.draws else ""
