"""Questions of the bank as a file for another program."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from qbank.app.banks import STARTER, others_misses
from qbank.app.export_choice import Wanted, check_wanted, chosen, sampled
from qbank.app.files import write_whole
from qbank.app.pictures import read_picture
from qbank.app.workspace import Workspace
from qbank.core.pictures import pictures_in
from qbank.core.question import Kind, Objective, Question
from qbank.errors import QbankError, UsageError
from qbank.exchange import aiken, mcq_csv_out
from qbank.exchange.aiken import write_aiken
from qbank.exchange.booklet import write_booklet
from qbank.exchange.booklet_markdown import write_booklet_markdown
from qbank.exchange.gift_write import write_gift
from qbank.exchange.mcq_csv_out import write_csv, write_tsv
from qbank.exchange.mcq_jsonl_out import write_jsonl
from qbank.exchange.moodle_xml_out import write_moodle_xml

Write = Callable[[Sequence[Question], Sequence[Objective]], bytes]


WritePrinted = Callable[
    [Sequence[Question], Sequence[Objective], Mapping[str, bytes], Mapping[str, str]], bytes
]


def _takes_all(question: Question) -> str:
    return ""


def _utf8(write: Callable[[Sequence[Question], Sequence[Objective]], str]) -> Write:
    """A format's text as the bytes of a file."""
    return lambda questions, objectives: write(questions, objectives).encode()


def _alone(write: WritePrinted) -> Write:
    """Without pictures and licences."""
    return lambda questions, objectives: write(questions, objectives, {}, {})


class Writer(NamedTuple):
    """How a format is written: the file's bytes, why a question cannot be in it ("" if it can), what it loses of each."""

    write: Write
    refused: Callable[[Question], str] = _takes_all
    loses: str = ""
    write_printed: WritePrinted | None = None
    """Writes pictures, by path, and the banks' licences, by name, as well."""


WRITERS: dict[str, Writer] = {
    "gift": Writer(_utf8(write_gift)),
    "aiken": Writer(_utf8(write_aiken), aiken.refused, aiken.LOSES),
    "moodle-xml": Writer(_utf8(write_moodle_xml)),
    "csv": Writer(write_csv, loses=mcq_csv_out.LOSES),
    "tsv": Writer(write_tsv, loses=mcq_csv_out.LOSES),
    "jsonl": Writer(write_jsonl),
    "booklet": Writer(_alone(write_booklet), write_printed=write_booklet),
    "booklet-markdown": Writer(_alone(write_booklet_markdown), write_printed=write_booklet_markdown),
}
"""Each format that questions go out in, by its name."""


class Exported(msgspec.Struct, frozen=True):
    """What went out: the file's `content`, how many questions it holds, and sentences on what did not go along."""

    content: bytes
    count: int
    notes: tuple[str, ...]


STARTER_LICENCE = "CC BY-SA 4.0, the qbank authors."


def export_questions(workspace: Workspace, *, format: str, wanted: Wanted | None = None) -> Exported:
    """The questions that can be served and are `wanted`, in one of WRITERS.

    Variants and recall prompts are left out, since no other format has them. Raises UsageError for an area that the exam
    does not have, NotFound for a bank or objective that is not there, QbankError when there is nothing to write.
    """
    wanted = wanted or Wanted()
    check_wanted(workspace, wanted)
    writer = WRITERS[format]
    with workspace.store.read() as tx:
        questions = chosen(tx, workspace.learner.id, wanted, others_misses(tx, workspace.learner.id))
        reasons = {(one.bank, one.id): _foreign(one) or writer.refused(one) for one in questions}
        fit = sampled([one for one in questions if not reasons[one.bank, one.id]], wanted)
        probed = dict.fromkeys((one.bank, one.objective) for one in fit)
        objectives = [found for names in probed if (found := tx.objective(*names))]
        licences = {row.id: row.licence for row in tx.banks()} | {STARTER: STARTER_LICENCE}
    left = Counter(reason for reason in reasons.values() if reason)
    notes = [f"Left out, {reason}: {count}." for reason, count in sorted(left.items())]
    if not fit:
        mend = "Ask for less; qbank bank stats shows what there is."
        raise QbankError(" ".join(["There is no question here that could be written.", *notes, mend]))
    notes += [writer.loses] if writer.loses else []
    if any(one.bank == STARTER for one in fit):
        notes.append("The bundled questions are CC BY-SA 4.0: name the qbank authors when you pass them on.")
    if writer.write_printed is None:
        return Exported(writer.write(fit, objectives), len(fit), tuple(notes))
    content = writer.write_printed(fit, objectives, _pictures(workspace, fit), licences)
    return Exported(content, len(fit), tuple(notes))


def save(exported: Exported, path: Path, *, force: bool) -> None:
    """Write the file, for its owner's eyes. Raises UsageError when it is there and `force` is not set."""
    if path.exists() and not force:
        raise UsageError(f"{path} is there already. Choose another name, or add --force to replace it.")
    write_whole(path, exported.content)


def _pictures(workspace: Workspace, questions: Sequence[Question]) -> dict[str, bytes]:
    """The pictures that these questions show and that are kept here, by path."""
    paths = {picture.path for one in questions for text in _texts(one) for picture in pictures_in(text)}
    return {path: held for path in sorted(paths) if (held := read_picture(workspace, path))}


def _texts(question: Question) -> Iterator[str]:
    yield from (question.stem, question.remember)
    for option in question.options:
        yield from (option.text, option.explanation)


def _foreign(question: Question) -> str:
    """Why a question is of a kind that only qbank knows; "" when it is not."""
    if question.kind is Kind.RECALL:
        return "a recall prompt, which has no options"
    return "a variant, whose numbers are drawn anew each time" if question.draws else ""
