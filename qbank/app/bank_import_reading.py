"""Reading the files of an import one after another, with a report on each."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from qbank.app.areas import known_areas
from qbank.app.files import opened
from qbank.app.import_sources import TABLES, Source
from qbank.app.opening import Watch
from qbank.app.pictures import beside
from qbank.app.placing import Placer, area_rules
from qbank.app.workspace import Workspace
from qbank.core.exam import Exam
from qbank.core.question import Objective, Question
from qbank.core.text import visible
from qbank.errors import Fault, InputInvalid, NothingAskable, UsageError

if TYPE_CHECKING:
    from qbank.exchange.foreign import PastReview
    from qbank.exchange.mcq import Reading

IN_PARTS_FROM = 1024**2
"""Bytes of a file from which it is worth not being held as a whole."""

LICENCE_LENGTH = 300
"""Characters of a licence: a line or two on the screen."""


SHOWN = 40
"""Characters of a file's name beside a bar."""


class Options(msgspec.Struct, frozen=True):
    """How files are read: headings of tables by field, the system of what names none, and the format if it is told.

    `licence` is the line kept with the banks; None leaves it as it was. `encoding` is that of a text that is not UTF-8,
    `sheet` the one of a workbook. With `history` reviews that came along become the learner's memory; with `recall` cards
    without options come in too. `area_map` is a file of rules that say where questions lie.
    """

    columns: Mapping[str, str] = {}
    system: str = ""
    shape: str | None = None
    licence: str | None = None
    encoding: str = ""
    sheet: str = ""
    history: bool = True
    recall: bool = False
    area_map: Path | None = None


class LeftOut(msgspec.Struct, frozen=True):
    """One thing in a file that cannot be asked, with the reason in a few words, and where it stands."""

    reason: str
    place: str


class FileReport(msgspec.Struct, frozen=True):
    """What a file brought; `notes` are sentences on how it was understood."""

    file: str
    bank: str
    questions: int
    notes: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


class Reader:
    """Reads files of questions; `stored` are the ids that each bank had before, `shared` the banks of several files.

    `keep` is handed the pictures of each.
    """

    def __init__(
        self,
        workspace: Workspace,
        options: Options,
        *,
        stored: Mapping[str, frozenset[str]],
        shared: Collection[str],
        keep: Callable[[Mapping[str, bytes]], None],
    ) -> None:
        self._keep = keep
        self._options, self._stored, self._shared = options, stored, shared
        self._known = area_names(workspace.exam)
        self._placer = Placer(workspace, area_rules(workspace.exam, options.area_map))
        self._seen: dict[tuple[str, str], tuple[int, str]] = {}
        self._reports: list[FileReport] = []
        self.reviews: dict[str, dict[str, Sequence[PastReview]]] = {}

    def read(self, source: Source, watch: Watch) -> Iterator[tuple[Objective, Question]]:
        """Each question with its objective. Raises InputInvalid with every fault of the file, perhaps only at its end."""
        from qbank.exchange.foreign import place_of

        left_out: list[LeftOut] = []
        notes: list[str] = []
        count = 0
        if source.among and not self._is_readable(source):
            left_out.append(LeftOut("no file of questions that is known here", source.name))
        else:
            try:
                for reading in self._readings(source, watch):
                    found = self._placer.placed(reading, source.bank, source.path)
                    objectives = {objective.id: objective for objective in found.objectives}
                    for question in found.questions:
                        if self._is_new(question, source, left_out):
                            yield objectives[question.objective], question
                            count += 1
                    self._keep(reading.pictures)
                    self.reviews.setdefault(source.bank, {}).update(reading.reviews)
                    notes += reading.notes
                    left_out += [LeftOut(one.reason, place_of(one)) for one in reading.skipped]
            except NothingAskable as error:
                if not source.among:
                    raise
                left_out += [LeftOut(reason, f"{source.name}, {place}") for reason, place in error.left_out]
                if not error.left_out:
                    left_out.append(LeftOut("no question with one best answer", source.name))
        notes += self._placer.take_notes()
        self._reports.append(FileReport(source.name, source.bank, count, tuple(notes), tuple(left_out)))

    def take_report(self) -> list[FileReport]:
        """The report on what was read last, if it could be read."""
        taken, self._reports = self._reports, []
        return taken

    def is_stored(self, question: Question) -> bool:
        """Whether its bank had it before."""
        return question.id in self._stored.get(question.bank, ())

    def _readings(self, source: Source, watch: Watch) -> Iterator["Reading"]:
        from qbank.exchange.mcq import readings
        from qbank.exchange.mcq_stream import AT_A_TIME, read_in_parts, reads_in_parts
        from qbank.exchange.pictures import PICTURE_LIMIT

        options, size = self._options, source.size
        named = {"bank": source.bank, "system": options.system, "prefix": source.prefix}
        # An archive's files have nothing beside them on disk that is theirs.
        pictures = beside(source.path, PICTURE_LIMIT) if source.content is None else None
        with watch(f"Reading {visible(source.name)[-SHOWN:]}", size) as on_progress:
            if source.content is None and not options.columns and size >= IN_PARTS_FROM:
                with opened(source.path) as file:
                    if reads_in_parts(file, options.shape):
                        yield from read_in_parts(
                            source.name,
                            file,
                            shape=options.shape,
                            known=self._known,
                            beside=pictures,
                            on_progress=on_progress,
                            **named,
                        )
                        return
            told = 0
            for part in readings(
                source.name,
                source.read(),
                at_a_time=AT_A_TIME,
                columns=options.columns,
                shape=options.shape,
                known=self._known,
                encoding=options.encoding,
                sheet=options.sheet,
                beside=pictures,
                recall=options.recall,
                **named,
            ):
                yield part
                if on_progress and (now := int(size * part.done)) > told:
                    on_progress(now - told)
                    told = now

    def _is_readable(self, source: Source) -> bool:
        """Whether a file that nobody named holds questions, or should and has faults."""
        from qbank.exchange.foreign import format_of

        if not source.is_known:
            return False
        if self._options.shape or source.name.lower().endswith(TABLES):
            return True
        return format_of(source.name, source.read()) is not None

    def _is_new(self, question: Question, source: Source, left_out: list[LeftOut]) -> bool:
        """Whether no other file of the same bank had it. Raises InputInvalid where one had another under its id."""
        if not source.among and source.bank not in self._shared:
            return True
        key, version = (question.bank, question.id), hash(question.version)
        before, file = self._seen.setdefault(key, (version, source.name))
        if file == source.name:
            return True
        if before != version:
            message = f'The id "{question.id}" was used in {file} for another question.'
            mend = "Import the files one by one, without --bank or with one of their own."
            raise InputInvalid([Fault(source.name, 1, message, mend)])
        left_out.append(LeftOut(f"there already in {file}", question.id))
        return False


def checked_options(exam: Exam, options: Options) -> None:
    """Raise UsageError for a format, field or system that there is not, and a licence that cannot be shown."""
    from qbank.exchange.mcq import check_arguments
    from qbank.exchange.mcq_fields import refused

    check_arguments(options.columns, options.system, options.shape, area_names(exam))
    licence = options.licence or ""
    if refused(licence) or "\n" in licence or len(licence) > LICENCE_LENGTH:
        raise UsageError(f"A licence is one line of at most {LICENCE_LENGTH} characters that can be seen.")


def area_names(exam: Exam) -> dict[str, dict[str, str]]:
    """{dimension: {area id: area name}} for every dimension a file may name, sections among them."""
    names: dict[str, dict[str, str]] = {dimension: {} for dimension in known_areas(exam)}
    for dimension in exam.dimensions:
        for table in dimension.tables:
            names.setdefault(dimension.id, {}).update({area.id: area.name for area in table.areas})
    names["section"] = {section.id: section.name for section in exam.sections}
    return names
