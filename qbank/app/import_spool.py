"""Questions between being read and being written, kept in a file so that memory stays as it is."""

import tempfile
from collections.abc import Collection, Iterator
from typing import IO

import msgspec

from qbank.core.question import Objective, Question
from qbank.store.banks import Batch

AT_A_TIME = 500
"""Questions of a batch."""


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A question with the objective it probes, which may come with several."""

    objective: Objective
    question: Question


_decoder = msgspec.msgpack.Decoder(Kept)


class Spool:
    """The questions of one bank in the order they were read; the file is private and goes away with the spool."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(prefix="qbank-import-")  # noqa: SIM115 closed by `close`
        self._encoder = msgspec.msgpack.Encoder()

    def add(self, objective: Objective, question: Question) -> int:
        """Keep a question; gives where, for `at`."""
        place = self._file.tell()
        record = self._encoder.encode(Kept(objective, question))
        self._file.write(len(record).to_bytes(4, "big") + record)
        return place

    def at(self, place: int) -> Question:
        """The question that was kept there; nothing more can be added afterwards."""
        self._file.seek(place)
        return _decoder.decode(self._next()).question

    def batches(self, without: Collection[int] = ()) -> Iterator[Batch]:
        """All of them but those kept at some places, AT_A_TIME together."""
        objectives: dict[str, Objective] = {}
        questions: list[Question] = []
        self._file.seek(0)
        place = 0
        while record := self._next():
            if place not in without:
                kept = _decoder.decode(record)
                objectives.setdefault(kept.objective.id, kept.objective)
                questions.append(kept.question)
            if len(questions) == AT_A_TIME:
                yield Batch(list(objectives.values()), questions)
                objectives, questions = {}, []
            place = self._file.tell()
        if questions:
            yield Batch(list(objectives.values()), questions)

    def close(self) -> None:
        self._file.close()

    def _next(self) -> bytes:
        return self._file.read(int.from_bytes(self._file.read(4), "big"))
