"""An exam as data: what it asks, in which shares, under which clock, and what its reports say.

No code knows an exam's name; whatever differs between exams or between dates stands in the exam's file.
"""

import math
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, TypeVar

import msgspec

from qbank.core.exam_file import convert_file
from qbank.core.exam_parts import Area as Area
from qbank.core.exam_parts import BlockFormat as BlockFormat
from qbank.core.exam_parts import Dimension as Dimension
from qbank.core.exam_parts import ExpectedSeconds as ExpectedSeconds
from qbank.core.exam_parts import Impossible as Impossible
from qbank.core.exam_parts import Note as Note
from qbank.core.exam_parts import Section as Section
from qbank.core.exam_parts import ShareKind as ShareKind
from qbank.core.exam_planning import Booking as Booking
from qbank.core.exam_planning import PercentRange as PercentRange
from qbank.core.exam_planning import SelfAssessmentForm as SelfAssessmentForm
from qbank.core.objective_map import Places as Places
from qbank.core.report_schema import AttemptRules as AttemptRules
from qbank.core.report_schema import Flag as Flag
from qbank.core.report_schema import Reference as Reference
from qbank.core.report_schema import ReportKind as ReportKind
from qbank.core.report_schema import ReportRow as ReportRow
from qbank.core.report_schema import ReportSchema as ReportSchema
from qbank.core.report_schema import SampleReport as SampleReport
from qbank.core.report_schema import Values as Values
from qbank.core.sourced import Source as Source
from qbank.core.sourced import Sourced as Sourced
from qbank.errors import Fault, InputInvalid, NotFound

T = TypeVar("T")


class Exam(msgspec.Struct, frozen=True):
    """An exam's definition.

    `pass_line` and `low_pass` (the centre of the group that passed narrowly) are P(correct) on the exam.
    `guess` and `slip` are the exam's own. `n_objectives_exam` is how many objectives the exam can ask where no map says so;
    `mapped` is where the map's objectives lie.
    The notes say what is known of leaning on the report and of changing answers.
    `questions` names the folder of the questions that come with it, "" where none do. What planning towards the
    day needs (`low_pass_range` to `bring`) is None or empty where it is not known.
    """

    id: str
    name: str
    dimensions: tuple[Dimension, ...]
    sections: tuple[Section, ...]
    formats: tuple[BlockFormat, ...]
    pass_line: Sourced
    low_pass: Sourced
    guess: Sourced
    slip: Sourced
    seconds: ExpectedSeconds
    n_objectives_exam: Sourced
    attempt_rules: AttemptRules
    impossible: tuple[Impossible, ...] = ()
    report_rows: tuple[ReportRow, ...] = ()
    report_schemas: tuple[ReportSchema, ...] = ()
    lean_note: Note | None = None
    changing_note: Note | None = None
    sample_report: SampleReport | None = None
    questions: str = ""
    low_pass_range: PercentRange | None = None
    self_assessment: SelfAssessmentForm | None = None
    booking: Booking | None = None
    bring: tuple[Note, ...] = ()
    mapped: tuple[Places, ...] = ()

    def dimension(self, dimension: str) -> Dimension:
        """Raises NotFound when the exam has no such dimension."""
        return _named(self.dimensions, dimension, "dimension", "id")

    def areas(self, dimension: str, on: date) -> tuple[Area, ...]:
        """The dimension's areas in the table in force on a day; before the first table, that one.

        May be empty. Raises NotFound.
        """
        tables = sorted(self.dimension(dimension).tables, key=lambda table: table.from_date or date.min)
        if not tables:
            return ()
        table = next((t for t in reversed(tables) if (t.from_date or date.min) <= on), tables[0])
        return tuple(
            Area(dimension, row.id, row.name, low_percent / 100, high_percent / 100)
            for row in table.areas
            for low_percent, high_percent in [row.percent]
        )

    def share(self, dimension: str, area: str, on: date) -> float:
        """The area's part of the exam's items: a partition's normalised midpoint, a membership's raw one.

        Raises NotFound.
        """
        areas = self.areas(dimension, on)
        midpoint = _midpoint(_named(areas, area, f"{dimension} area", "id"))
        if self.dimension(dimension).kind is ShareKind.MEMBERSHIP:
            return midpoint
        return midpoint / math.fsum(map(_midpoint, areas))

    def section(self, section: str) -> Section:
        """Raises NotFound."""
        return _named(self.sections, section, "section", "id")

    def sections_of(self, system: str) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.system == system)

    def section_share(self, section: str, on: date) -> float:
        """The section's part of the exam's items. Raises NotFound."""
        found = self.section(section)
        return self.share("system", found.system, on) * found.weight

    def format_on(self, day: date) -> BlockFormat:
        """The block format in force on a day; before the first one, that one."""
        formats = sorted(self.formats, key=lambda block_format: block_format.from_date)
        return next((f for f in reversed(formats) if f.from_date <= day), formats[0])

    def format(self, format_id: str) -> BlockFormat:
        """Raises NotFound."""
        return _named(self.formats, format_id, "block format", "id")

    def report_schema(self, era: str) -> ReportSchema:
        """Raises NotFound."""
        return _named(self.report_schemas, era, "report era", "era")

    def schema_on(self, day: date) -> ReportSchema:
        """What a sitting of that day is reported in. Raises NotFound when no such report is described."""
        sittings = (schema for schema in self.report_schemas if schema.kind is ReportKind.SCORE_REPORT)
        begun = [schema for schema in sittings if schema.from_date and schema.from_date <= day]
        if not begun:
            name = f"{self.name}, {day}"
            raise NotFound("score report", name, "The exam's file describes no report of that time.")
        return max(begun, key=lambda schema: schema.from_date or date.min)

    def self_assessment_schema(self) -> ReportSchema:
        """What the exam's own self-assessment prints: percentages, compared with nobody. Raises NotFound."""
        for schema in self.report_schemas:
            if schema.kind is ReportKind.SELF_ASSESSMENT and schema.values is Values.PERCENT:
                return schema
        raise NotFound("self-assessment", self.name, "Add it from a file that names its era.")

    def known_areas(self, dimension: str) -> frozenset[str]:
        """The ids of a dimension's areas in any of its tables. Raises NotFound."""
        return frozenset(row.id for table in self.dimension(dimension).tables for row in table.areas)


def parse_exam(data: dict[str, Any], file: str = "exam") -> Exam:
    """The exam that an exam file's tables (as tomllib gives them) define.

    Raises InputInvalid with every fault: keys missing, unknown or ill-typed, sources not described, ids
    used twice, names that lead nowhere, shares and weights that cannot be.
    """
    exam = convert_file(data, Exam, file)
    if complaints := [*_blueprint_faults(exam), *_report_faults(exam)]:
        raise InputInvalid([Fault(file, 1, complaint, "Mend the exam file.") for complaint in complaints])
    return exam


def _named(things: Iterable[T], name: str, kind: str, key: str) -> T:
    things = tuple(things)
    for thing in things:
        if getattr(thing, key) == name:
            return thing
    known = ", ".join(getattr(thing, key) for thing in things)
    raise NotFound(kind, name, f"Known: {known or 'none'}.")


def _midpoint(area: Area) -> float:
    return (area.low + area.high) / 2


def _blueprint_faults(exam: Exam) -> Iterator[str]:
    yield from _repeated("dimension", (dimension.id for dimension in exam.dimensions))
    yield from _repeated("section", (section.id for section in exam.sections))
    yield from _repeated("format", (block_format.id for block_format in exam.formats))
    if not exam.formats:
        yield "There is no block format."
    ids = {dimension.id for dimension in exam.dimensions}
    yield from (f"There is no dimension {name!r}." for name in ("system", "discipline") if name not in ids)
    for dimension in exam.dimensions:
        for table in dimension.tables:
            yield from _repeated(f"{dimension.id} area", (row.id for row in table.areas))
            yield from (
                f"The share of {dimension.id}/{row.id} is not a range within 0-100 %."
                for row in table.areas
                if not 0 <= row.percent[0] <= row.percent[1] <= 100 or row.percent[1] == 0
            )
    if "system" in ids:
        yield from _section_faults(exam)
    if ids >= {"system", "discipline"}:
        yield from _impossible_faults(exam)


def _section_faults(exam: Exam) -> Iterator[str]:
    systems = exam.known_areas("system")
    for section in exam.sections:
        if section.system not in systems:
            yield f"Section {section.id!r} lies in an unknown system."
        if not section.weight > 0:
            yield f"Section {section.id!r} has no positive weight."
    for system in sorted(systems):
        total = math.fsum(section.weight for section in exam.sections_of(system))
        if not math.isclose(total, 1, abs_tol=1e-9):
            yield f"The section weights of system {system!r} add up to {total:g}, not 1."


def _impossible_faults(exam: Exam) -> Iterator[str]:
    sections = {section.id for section in exam.sections}
    disciplines = exam.known_areas("discipline")
    for pair in exam.impossible:
        unknown = [name for name in pair.sections if name not in sections]
        unknown += [name for name in pair.disciplines if name not in disciplines]
        yield from (f"[[impossible]] names an unknown area {name!r}." for name in unknown)


def _report_faults(exam: Exam) -> Iterator[str]:
    yield from _repeated("report row", (row.id for row in exam.report_rows))
    yield from _repeated("report era", (schema.era for schema in exam.report_schemas))
    dimensions = {dimension.id for dimension in exam.dimensions}
    rows = {row.id for row in exam.report_rows}
    for row in exam.report_rows:
        if row.dimension not in dimensions:
            yield f"Report row {row.id!r} lies in an unknown dimension."
            continue
        unknown = row.weights.keys() - exam.known_areas(row.dimension)
        yield from (f"Report row {row.id!r} weighs an unknown area {area!r}." for area in sorted(unknown))
        if row.weights and not math.isclose(math.fsum(row.weights.values()), 1, abs_tol=1e-9):
            yield f"The weights of report row {row.id!r} do not add up to 1."
        if row.same_as and row.same_as not in rows:
            yield f"Report row {row.id!r} is the same as an unknown row."
    yield from _sample_faults(exam)


def _sample_faults(exam: Exam) -> Iterator[str]:
    sample = exam.sample_report
    if sample is None:
        return
    schema = next((schema for schema in exam.report_schemas if schema.era == sample.era), None)
    if schema is None:
        yield "The sample report names an unknown era."
        return
    unknown = sample.flags.keys() - {row.id for row in schema.rows}
    yield from (f"The sample report flags an unknown row {row!r}." for row in sorted(unknown))


def _repeated(kind: str, ids: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            yield f"The {kind} {name!r} stands there twice."
        seen.add(name)
