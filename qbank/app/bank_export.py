"""Questions of the bank as a file for another program."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from qbank.app.banks import STARTER, others_misses
from qbank.app.export_choice import Wanted, check_wanted, chosen, sampled
from qbank.app.files import write_whole
from qbank.app.pictures import Along
from qbank.app.workspace import Workspace
from qbank.core.pictures import Look, pictures_in
from qbank.core.question import Kind, Objective, Question, texts_of
from qbank.errors import QbankError, UsageError
from qbank.exchange import aiken, anki_write, mcq_csv_out
from qbank.exchange.aiken import write_aiken
from qbank.exchange.anki_write import write_anki
from qbank.exchange.booklet import write_booklet
from qbank.exchange.booklet_markdown import write_booklet_markdown
from qbank.exchange.gift_write import write_gift
from qbank.exchange.mcq_csv_out import write_csv, write_tsv
from qbank.exchange.mcq_jsonl_out import write_jsonl
from qbank.exchange.moodle_xml_out import write_moodle_xml
from qbank.exchange.qti_out import write_qti21, write_qti30

Write = Callable[[Sequence[Question], Sequence[Objective], "Around"], bytes]


class Around(NamedTuple):
    """What a format may need beside questions: where pictures are looked up by path, licences by bank, and the time."""

    look: Look
    licences: Mapping[str, str]
    made: datetime


def _takes_all(question: Question) -> str:
    return ""


def _alone(write: Callable[[Sequence[Question], Sequence[Objective]], bytes]) -> Write:
    """A format without a place for pictures."""
    return lambda questions, objectives, around: write(questions, objectives)


def _seen(write: Callable[[Sequence[Question], Sequence[Objective], Look], bytes]) -> Write:
    """A format that takes pictures along."""
    return lambda questions, objectives, around: write(questions, objectives, around.look)


def _seen_text(write: Callable[[Sequence[Question], Sequence[Objective], Look], str]) -> Write:
    """The same of a format that is text."""
    return lambda questions, objectives, around: write(questions, objectives, around.look).encode()


def _printed(
    write: Callable[[Sequence[Question], Sequence[Objective], Mapping[str, bytes], Mapping[str, str]], bytes],
) -> Write:
    """A format for paper, which says what each bank may be used for."""

    def written(questions: Sequence[Question], objectives: Sequence[Objective], around: Around) -> bytes:
        return write(questions, objectives, _shown(questions, around.look), around.licences)

    return written


def _deck(questions: Sequence[Question], objectives: Sequence[Objective], around: Around) -> bytes:
    pictures = _shown(questions, around.look)
    return write_anki(questions, objectives, made=around.made, licences=around.licences, pictures=pictures)


def _shown(questions: Sequence[Question], look: Look) -> dict[str, bytes]:
    """The pictures that texts show and that are here, by path."""
    paths = {picture.path for one in questions for text in texts_of(one) for picture in pictures_in(text)}
    return {path: content for path in sorted(paths) if (content := look(path))}


def _aiken(questions: Sequence[Question], objectives: Sequence[Objective]) -> bytes:
    return write_aiken(questions, objectives).encode()


class Writer(NamedTuple):
    """How a format is written: the file's bytes, why a question cannot be in it ("" if it can), what it loses of each.

    `pictures`: it has a place for them. It `recalls` when prompts without options can be in it. What is `missed` goes out
    unless all is asked for.
    """

    write: Write
    refused: Callable[[Question], str] = _takes_all
    loses: str = ""
    pictures: bool = True
    recalls: bool = False
    missed: bool = False


WRITERS: dict[str, Writer] = {
    "gift": Writer(_seen_text(write_gift)),
    "aiken": Writer(_alone(_aiken), aiken.refused, aiken.LOSES, pictures=False),
    "moodle-xml": Writer(_seen_text(write_moodle_xml)),
    "qti21": Writer(_seen(write_qti21)),
    "qti3": Writer(_seen(write_qti30)),
    "csv": Writer(_alone(write_csv), loses=mcq_csv_out.LOSES, pictures=False),
    "tsv": Writer(_alone(write_tsv), loses=mcq_csv_out.LOSES, pictures=False),
    "jsonl": Writer(_alone(write_jsonl), pictures=False),
    "anki": Writer(_deck, loses=anki_write.LOSES, recalls=True, missed=True),
    "booklet": Writer(_printed(write_booklet)),
    "booklet-markdown": Writer(_printed(write_booklet_markdown)),
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

    Without a word on `missed` the format decides. Variants are left out, since no other format has them, and recall prompts
    where the format has none. Raises UsageError for an area that the exam
    does not have, NotFound for a bank or objective that is not there, QbankError when there is nothing to write.
    """
    wanted = wanted or Wanted()
    check_wanted(workspace, wanted)
    writer = WRITERS[format]
    if wanted.missed is None:
        wanted = msgspec.structs.replace(wanted, missed=writer.missed)
    with workspace.store.read() as tx:
        questions = chosen(tx, workspace.learner.id, wanted, others_misses(tx, workspace.learner.id))
        reasons = {(one.bank, one.id): _foreign(one, writer) or writer.refused(one) for one in questions}
        fit = sampled([one for one in questions if not reasons[one.bank, one.id]], wanted)
        probed = dict.fromkeys((one.bank, one.objective) for one in fit)
        objectives = [found.without_guess for names in probed if (found := tx.objective(*names))]
        licences = {row.id: row.licence for row in tx.banks()} | {STARTER: STARTER_LICENCE}
    left = Counter(reason for reason in reasons.values() if reason)
    notes = [f"Left out, {reason}: {count}." for reason, count in sorted(left.items())]
    if wanted.missed and not questions:
        raise QbankError("You have missed nothing here. To write all questions, add --all.")
    if not fit:
        mend = "Ask for less; qbank bank stats shows what there is."
        raise QbankError(" ".join(["There is no question here that could be written.", *notes, mend]))
    notes += [writer.loses] if writer.loses else []
    if any(one.bank == STARTER for one in fit):
        notes.append("The bundled questions are CC BY-SA 4.0: name the qbank authors when you pass them on.")
    pictures = Along(workspace)
    content = writer.write(fit, objectives, Around(pictures.look, licences, workspace.now()))
    notes += pictures.notes() if writer.pictures else _pictures_left(fit)
    return Exported(content, len(fit), tuple(notes))


def save(exported: Exported, path: Path, *, force: bool) -> None:
    """Write the file, for its owner's eyes. Raises UsageError when it is there and `force` is not set."""
    if path.exists() and not force:
        raise UsageError(f"{path} is there already. Choose another name, or add --force to replace it.")
    write_whole(path, exported.content)


def _pictures_left(questions: Sequence[Question]) -> list[str]:
    showing = sum(any(pictures_in(text) for text in texts_of(one)) for one in questions)
    return [f"Pictures do not go along in this format: {showing} questions show some."] if showing else []


def _foreign(question: Question, writer: Writer) -> str:
    """Why a question is of a kind that the format does not know; "" when it is not."""
    if question.kind is Kind.RECALL and not writer.recalls:
        return "a recall prompt, which has no options"
    return "a variant, whose numbers are drawn anew each time" if question.draws else ""
